/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/history_read.h"

#include "core/alloc.h"
#include "core/error.h"
#include "core/text.h"

/* The shape of the file; docs/key-history.md describes it. Members of other names are left for later versions. */

#define FORMAT "tokenscope-key-history/1"
#define ROWS_MAX 4000000u

enum tscope_status
tscope_history_refuse(struct tscope_history_reader *reader, const char *what, size_t number, const char *problem)
{
    return tscope_error_set(reader->err, TSCOPE_ERR_DATA, TSCOPE_OFFSET_NONE, "%s: %s[%zu]: %s", tscope_ring_name(reader->name).text, what,
                            number, problem);
}

static int
compare_ids(struct tscope_span a, struct tscope_span b)
{
    size_t len = a.len < b.len ? a.len : b.len;
    int order = len ? memcmp(a.data, b.data, len) : 0;

    return order ? order : (a.len > b.len) - (a.len < b.len);
}

static int
compare_names(const void *a, const void *b)
{
    const struct tscope_history_name *left = a, *right = b;

    return compare_ids(left->id, right->id);
}

enum tscope_status
tscope_history_names_sort(struct tscope_history_reader *reader, struct tscope_history_names *names, const char *what)
{
    if (names->len)
        qsort(names->rows, names->len, sizeof(*names->rows), compare_names);
    for (uint32_t i = 1; i < names->len; i++) {
        if (tscope_span_equal(names->rows[i - 1].id, names->rows[i].id))
            return tscope_history_refuse(reader, what, names->rows[i].number, "an id that stands twice");
    }
    return TSCOPE_OK;
}

bool
tscope_history_names_find(const struct tscope_history_names *names, struct tscope_span id, uint32_t *ret_number)
{
    uint32_t low = 0, high = names->len;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;

        if (compare_ids(names->rows[middle].id, id) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    if (!id.data || low == names->len || !tscope_span_equal(names->rows[low].id, id))
        return false;
    *ret_number = names->rows[low].number;
    return true;
}

bool
tscope_history_text(struct tscope_history_reader *reader, const json_t *value, struct tscope_span *ret_text)
{
    *ret_text = (struct tscope_span){NULL, 0};
    if (!json_is_string(value))
        return true;
    *ret_text = tscope_arena_copy(reader->arena, tscope_span_of(json_string_value(value), json_string_length(value)));
    return ret_text->data != NULL;
}

struct tscope_span
tscope_history_view_text(const json_t *value)
{
    if (!json_is_string(value))
        return (struct tscope_span){NULL, 0};
    return tscope_span_of(json_string_value(value), json_string_length(value));
}

/* Years 0000 to 9999, so that no difference of two times overflows. */
bool
tscope_history_time(const json_t *value, int64_t *ret_time)
{
    const int64_t first = -62167219200, last = 253402300799;
    int64_t time;

    *ret_time = TSCOPE_TIME_NONE;
    if (!value || json_is_null(value))
        return true;
    if (json_is_integer(value))
        time = json_integer_value(value);
    else if (!json_is_string(value) || !tscope_time_parse(tscope_history_view_text(value), &time))
        return false;
    if (time < first || time > last)
        return false;
    *ret_time = time;
    return true;
}

/* A member that is an array of objects; a missing one is empty. */
static enum tscope_status
find_rows(struct tscope_history_reader *reader, const char *what, const json_t **ret_rows, uint32_t *ret_len)
{
    const json_t *rows = json_object_get(reader->root, what);

    *ret_rows = rows;
    *ret_len = 0;
    if (!rows)
        return TSCOPE_OK;
    if (!json_is_array(rows) || json_array_size(rows) > ROWS_MAX)
        return tscope_error_set(reader->err, TSCOPE_ERR_DATA, TSCOPE_OFFSET_NONE, "%s: \"%s\" is %s", tscope_ring_name(reader->name).text,
                                what, json_is_array(rows) ? "too long" : "no array");
    *ret_len = (uint32_t)json_array_size(rows);
    for (uint32_t i = 0; i < *ret_len; i++) {
        if (!json_is_object(json_array_get(rows, i)))
            return tscope_history_refuse(reader, what, i, "not an object");
    }
    return TSCOPE_OK;
}

/* Reads all rows of one member into an array of the arena. */
static enum tscope_status
read_table(struct tscope_history_reader *reader, const struct tscope_history_table *table)
{
    const json_t *rows;
    uint32_t len;
    uint8_t *memory;
    enum tscope_status status = find_rows(reader, table->name, &rows, &len);

    if (status != TSCOPE_OK)
        return status;
    memory = tscope_arena_zeroed(reader->arena, len, table->row_size);
    if (!memory)
        return tscope_error_no_memory(reader->err);
    for (uint32_t i = 0; i < len; i++) {
        status = table->read(reader, json_array_get(rows, i), i, memory + i * table->row_size);
        if (status != TSCOPE_OK)
            return status;
    }
    if (table->compare && len)
        qsort(memory, len, table->row_size, table->compare);
    return table->store(reader, memory, len);
}

/* Behind "near" jansson repeats what it read, which may be a secret: somebody may give the wrong file. */
static void
cut_input(char *words)
{
    char *near = strstr(words, " near ");

    if (near)
        *near = '\0';
}

static enum tscope_status
load(struct tscope_history_reader *reader, const uint8_t *text, size_t text_len, json_t **ret_root)
{
    json_error_t problem;
    /* jansson makes no difference between an empty name and none: duplicates are refused, NUL in strings is not allowed. */
    json_t *root = json_loadb(text_len ? (const char *)text : "", text_len, JSON_REJECT_DUPLICATES, &problem);

    if (root) {
        *ret_root = root;
        return TSCOPE_OK;
    }
    if (json_error_code(&problem) == json_error_out_of_memory)
        return tscope_error_no_memory(reader->err);
    cut_input(problem.text);
    return tscope_error_set(reader->err, TSCOPE_ERR_DATA, problem.position < 0 ? 0 : (uint64_t)problem.position, "%s: %s (byte %d)",
                            tscope_ring_name(reader->name).text, tscope_ring_name(tscope_span_text(problem.text)).text, problem.position);
}

static enum tscope_status
hash_text(struct tscope_history_reader *reader, struct tscope_span text)
{
    uint8_t digest[32];
    char *hex = tscope_arena_alloc(reader->arena, sizeof(digest) * 2 + 1);
    enum tscope_status status;

    if (!hex)
        return tscope_error_no_memory(reader->err);
    status = tscope_crypto_digest(reader->crypto, TSCOPE_DIGEST_SHA256, &text, 1, digest, reader->err);
    if (status != TSCOPE_OK)
        return status;
    tscope_text_to_hex(digest, sizeof(digest), hex);
    reader->history->sha256 = tscope_span_of(hex, sizeof(digest) * 2);
    return TSCOPE_OK;
}

static enum tscope_status
read_root(struct tscope_history_reader *reader)
{
    enum tscope_status status = TSCOPE_OK;

    if (!json_is_object(reader->root) || !tscope_span_is(tscope_history_view_text(json_object_get(reader->root, "format")), FORMAT))
        return tscope_error_set(reader->err, TSCOPE_ERR_DATA, 0, "%s: no key history (\"format\" is not \"" FORMAT "\")",
                                tscope_ring_name(reader->name).text);
    for (size_t i = 0; i < tscope_history_tables_len && status == TSCOPE_OK; i++)
        status = read_table(reader, &tscope_history_tables[i]);
    return status == TSCOPE_OK ? tscope_history_finish(reader) : status;
}

enum tscope_status
tscope_history_parse(const uint8_t *text, size_t text_len, struct tscope_span name, tscope_crypto *crypto, struct tscope_arena *arena,
                     const struct tscope_history **ret_history, struct tscope_error *err)
{
    struct tscope_history_reader reader = {.name = name, .crypto = crypto, .arena = arena, .err = err};
    enum tscope_status status;
    json_t *root = NULL;

    reader.history = tscope_arena_zeroed(arena, 1, sizeof(*reader.history));
    if (!reader.history)
        return tscope_error_no_memory(err);
    reader.history->name = name;
    status = load(&reader, text, text_len, &root);
    reader.root = root;
    if (status == TSCOPE_OK)
        status = hash_text(&reader, tscope_span_of(text, text_len));
    if (status == TSCOPE_OK)
        status = read_root(&reader);
    json_decref(root);
    tscope_verifier_free(reader.verifier);
    tscope_buffer_clear(&reader.canonical);
    if (status == TSCOPE_OK)
        *ret_history = reader.history;
    return status;
}
