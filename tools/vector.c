/* SPDX-License-Identifier: Apache-2.0 */
#include "vector.h"

#include <inttypes.h>
#include <limits.h>
#include <string.h>

#include <tokenscope/tokenscope.h>

#include "input.h"
#include "memory.h"
#include "message.h"

#define VECTOR_FILE_MAX (64u << 20)

/* What is read, for messages that name a byte. */
struct source {
    const char *path, *bytes;
    size_t bytes_len;
};

/* jansson keeps no places: where the name first stands in quotes is where a reader looks. NULL: nowhere. */
static const char *
find_name(const struct source *source, const char *name)
{
    AUTO(heap_text) *quoted = memory_print("\"%s\"", name);

    return memmem(source->bytes, source->bytes_len, quoted, strlen(quoted));
}

static struct vector_place
place_of_expect(const struct source *source)
{
    const char *found = find_name(source, "expect");
    struct vector_place place = {.len = strlen("\"expect\""), .line = 1, .column = 1};

    for (const char *at = source->bytes; found && at < found; at++) {
        bool begins = ((unsigned char)*at & 0xc0) != 0x80;

        place.line += *at == '\n';
        place.column = *at == '\n' ? 1 : place.column + begins;
    }
    place.offset = found ? (size_t)(found - source->bytes) : 0;
    place.end_column = place.column + place.len;
    return place;
}

static enum vector_kind
refuse(const struct source *source, const char *name, const char *what)
{
    const char *place = find_name(source, name);

    message_print("%s: '%s' %s (at byte %zu)", source->path, name, what, place ? (size_t)(place - source->bytes) : 0);
    return VECTOR_REFUSED;
}

static enum vector_kind
check_members(const struct source *source, const json_t *object, const char *const *known)
{
    json_t *members = (json_t *)(uintptr_t)object; /* jansson iterates over what is not const only, though it changes nothing */

    for (void *at = json_object_iter(members); at; at = json_object_iter_next(members, at)) {
        const char *name = json_object_iter_key(at);
        const char *const *each = known;

        while (*each && strcmp(*each, name) != 0)
            each++;
        if (!*each)
            return refuse(source, name, "is no member of a vector");
    }
    return VECTOR_READ;
}

static enum vector_kind
take_text(const struct source *source, const json_t *object, const char *name, const char **ret_text)
{
    const json_t *value = json_object_get(object, name);

    *ret_text = NULL;
    if (!value || json_is_null(value))
        return VECTOR_READ;
    *ret_text = json_string_value(value);
    return *ret_text ? VECTOR_READ : refuse(source, name, "is not a string");
}

static enum vector_kind
take_time(const struct source *source, const json_t *object, const char *name, int64_t *ret_time)
{
    const json_t *value = json_object_get(object, name);

    *ret_time = TSCOPE_TIME_UNKNOWN;
    if (!value || json_is_null(value))
        return VECTOR_READ;
    if (json_is_integer(value))
        *ret_time = json_integer_value(value);
    else if (!json_is_string(value) || !tscope_time_from_text(json_string_value(value), ret_time))
        return refuse(source, name, "is not a time");
    return VECTOR_READ;
}

static enum vector_kind
take_strings(const struct source *source, const json_t *object, const char *name, const json_t **ret_array)
{
    const json_t *array = json_object_get(object, name);

    *ret_array = NULL;
    if (!array || json_is_null(array))
        return VECTOR_READ;
    if (!json_is_array(array))
        return refuse(source, name, "is not an array of strings");
    for (size_t i = 0; i < json_array_size(array); i++) {
        if (!json_is_string(json_array_get(array, i)))
            return refuse(source, name, "is not an array of strings");
    }
    *ret_array = array;
    return VECTOR_READ;
}

/* Ids that are in no table would be absent for ever, and a test of their absence would test nothing. */
static enum vector_kind
take_ids(const struct source *source, const json_t *object, const char *name, const json_t **ret_array)
{
    enum vector_kind kind = take_strings(source, object, name, ret_array);
    struct tscope_check_view check;

    for (size_t i = 0; i < json_array_size(*ret_array); i++) {
        const char *id = json_string_value(json_array_get(*ret_array, i));

        if (!tscope_checks_find(id, &check))
            return refuse(source, id, "is no id of a check");
    }
    return kind;
}

static bool
is_opinion(const char *id)
{
    struct tscope_opinion_view opinion;

    for (size_t i = 0; tscope_opinions_at(i, &opinion); i++) {
        if (strcmp(opinion.id, id) == 0)
            return true;
    }
    return false;
}

static enum vector_kind
take_opinions(const struct source *source, const json_t *object, const json_t **ret_array)
{
    enum vector_kind kind = take_strings(source, object, "second_opinion", ret_array);

    for (size_t i = 0; i < json_array_size(*ret_array); i++) {
        const char *id = json_string_value(json_array_get(*ret_array, i));

        if (!is_opinion(id))
            return refuse(source, id, "is no id of a second opinion");
    }
    return kind;
}

/* What no single token can show. */
static enum vector_kind
take_together(const struct source *source, const json_t *object, const json_t **ret_array)
{
    enum vector_kind kind = take_ids(source, object, "corpus", ret_array);
    struct tscope_check_view check;

    for (size_t i = 0; kind == VECTOR_READ && i < json_array_size(*ret_array); i++) {
        const char *id = json_string_value(json_array_get(*ret_array, i));

        if (!tscope_checks_find(id, &check) || strcmp(check.subject, "corpus") != 0)
            return refuse(source, id, "is no check of several tokens together");
    }
    return kind;
}

static enum vector_kind
check_word(const struct source *source, const char *name, const char *word, const char *const *known)
{
    for (; word && *known; known++) {
        if (strcmp(*known, word) == 0)
            return VECTOR_READ;
    }
    return word ? refuse(source, name, "has a value that is none of its words") : VECTOR_READ;
}

static enum vector_kind
take_expect(const struct source *source, const json_t *expect, struct vector *vector)
{
    static const char *const members[] = {"verdict", "signature", "findings", "absent", "inconclusive", "second_opinion", "corpus", NULL};
#define VERDICT_WORD(name, id, words) id,
#define STATUS_WORD(name, id) id,
    static const char *const verdicts[] = {TSCOPE_FOREACH_VERDICT(VERDICT_WORD) NULL};
    static const char *const signatures[] = {TSCOPE_FOREACH_SIGNATURE_STATUS(STATUS_WORD) NULL};
#undef VERDICT_WORD
#undef STATUS_WORD

    if (!json_is_object(expect))
        return refuse(source, "expect", "is not an object");
    if (json_object_size(expect) == 0)
        return refuse(source, "expect", "is empty");
    if (check_members(source, expect, members) != VECTOR_READ || take_text(source, expect, "verdict", &vector->verdict) != VECTOR_READ ||
        take_text(source, expect, "signature", &vector->signature) != VECTOR_READ ||
        check_word(source, "verdict", vector->verdict, verdicts) != VECTOR_READ ||
        check_word(source, "signature", vector->signature, signatures) != VECTOR_READ ||
        take_ids(source, expect, "findings", &vector->findings) != VECTOR_READ ||
        take_ids(source, expect, "absent", &vector->absent) != VECTOR_READ ||
        take_ids(source, expect, "inconclusive", &vector->inconclusive) != VECTOR_READ ||
        take_together(source, expect, &vector->together) != VECTOR_READ)
        return VECTOR_REFUSED;
    return take_opinions(source, expect, &vector->opinions);
}

static enum vector_kind
take_tokens(const struct source *source, struct vector *vector)
{
    const char *token;

    if (take_text(source, vector->json, "token", &token) != VECTOR_READ ||
        take_strings(source, vector->json, "tokens", &vector->tokens) != VECTOR_READ)
        return VECTOR_REFUSED;
    if (token && vector->tokens)
        return refuse(source, "tokens", "is there, and 'token' too");
    if (token) {
        vector->own_tokens = json_array();
        json_array_append(vector->own_tokens, json_object_get(vector->json, "token"));
        vector->tokens = vector->own_tokens;
    }
    if (json_array_size(vector->tokens) == 0) {
        message_print("%s: the vector holds no token (at byte 0)", source->path);
        return VECTOR_REFUSED;
    }
    return VECTOR_READ;
}

static enum vector_kind
take_encoding(const struct source *source, struct vector *vector)
{
    static const char *const encodings[] = {"utf-8", "utf-16le", "utf-16be", NULL};
    const char *encoding;

    if (take_text(source, vector->json, "encoding", &encoding) != VECTOR_READ ||
        check_word(source, "encoding", encoding, encodings) != VECTOR_READ)
        return VECTOR_REFUSED;
    vector->utf16 = encoding && strncmp(encoding, "utf-16", 6) == 0;
    vector->high_first = vector->utf16 && strcmp(encoding, "utf-16be") == 0;
    return VECTOR_READ;
}

/* Keys and histories are written out (an object or array) or named (a string). */
static enum vector_kind
take_source(const struct source *source, const struct vector *vector, const char *name, const json_t **ret_value)
{
    const json_t *value = json_object_get(vector->json, name);

    if (!value || json_is_null(value))
        return VECTOR_READ;
    if (!json_is_object(value) && !json_is_array(value) && !json_is_string(value))
        return refuse(source, name, "is neither written out nor the name of a file");
    *ret_value = value;
    return VECTOR_READ;
}

static enum vector_kind
take_numbers(const struct source *source, struct vector *vector)
{
    const json_t *leeway = json_object_get(vector->json, "leeway"), *embedded = json_object_get(vector->json, "embedded");
    const json_t *require_mfa = json_object_get(vector->json, "require_mfa");

    vector->leeway = -1;
    if (leeway && (!json_is_integer(leeway) || json_integer_value(leeway) < 0 || json_integer_value(leeway) > INT_MAX))
        return refuse(source, "leeway", "is not a number of seconds");
    if (leeway)
        vector->leeway = (long)json_integer_value(leeway);
    vector->embedded = !vector->history;
    if (embedded && !json_is_boolean(embedded))
        return refuse(source, "embedded", "is neither true nor false");
    if (embedded)
        vector->embedded = json_is_true(embedded);
    if (require_mfa && !json_is_boolean(require_mfa))
        return refuse(source, "require_mfa", "is neither true nor false");
    vector->require_mfa = json_is_true(require_mfa);
    return VECTOR_READ;
}

static enum vector_kind
take_vector(const struct source *source, struct vector *vector)
{
    static const char *const members[] = {"about",     "source",  "token",   "tokens",   "encoding",    "payload", "keys",
                                          "keys_file", "history", "profile", "seen",     "now",         "leeway",  "issuer",
                                          "audience",  "tenant",  "secrets", "embedded", "require_mfa", "expect",  NULL};
    const char *unused;

    if (check_members(source, vector->json, members) != VECTOR_READ || take_text(source, vector->json, "about", &unused) != VECTOR_READ ||
        take_text(source, vector->json, "source", &unused) != VECTOR_READ || take_tokens(source, vector) != VECTOR_READ ||
        take_encoding(source, vector) != VECTOR_READ || take_text(source, vector->json, "payload", &vector->payload) != VECTOR_READ ||
        take_source(source, vector, "keys", &vector->keys) != VECTOR_READ ||
        take_source(source, vector, "keys_file", &vector->keys) != VECTOR_READ ||
        take_source(source, vector, "history", &vector->history) != VECTOR_READ ||
        take_strings(source, vector->json, "secrets", &vector->secrets) != VECTOR_READ ||
        take_text(source, vector->json, "profile", &vector->profile) != VECTOR_READ ||
        take_text(source, vector->json, "issuer", &vector->issuer) != VECTOR_READ ||
        take_text(source, vector->json, "audience", &vector->audience) != VECTOR_READ ||
        take_text(source, vector->json, "tenant", &vector->tenant) != VECTOR_READ ||
        take_time(source, vector->json, "seen", &vector->seen) != VECTOR_READ ||
        take_time(source, vector->json, "now", &vector->now) != VECTOR_READ || take_numbers(source, vector) != VECTOR_READ)
        return VECTOR_REFUSED;
    if (json_object_get(vector->json, "keys") && json_object_get(vector->json, "keys_file"))
        return refuse(source, "keys_file", "is there, and 'keys' too");
    vector->payload_len = json_string_length(json_object_get(vector->json, "payload"));
    return take_expect(source, json_object_get(vector->json, "expect"), vector);
}

static char *
folder_of(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? memory_print("%.*s", (int)(slash - path + 1), path) : memory_copy("");
}

enum vector_kind
vector_read(const char *path, struct vector *ret_vector, enum exit_status *ret_status)
{
    AUTO(heap_text) *bytes = NULL;
    struct vector vector = {.path = path};
    struct source source = {.path = path};
    enum vector_kind kind;
    json_error_t error;

    *ret_status = input_load(path, VECTOR_FILE_MAX, &bytes, &source.bytes_len);
    if (*ret_status != EXIT_STATUS_OK)
        return VECTOR_REFUSED;
    *ret_status = EXIT_STATUS_DATA;
    source.bytes = bytes;
    vector.json = json_loadb(bytes, source.bytes_len, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &error);
    if (!vector.json) {
        /* behind "near" jansson repeats what it read, which may be a token */
        char *near = strstr(error.text, " near ");

        message_print("%s: %.*s (at byte %d)", path, near ? (int)(near - error.text) : JSON_ERROR_TEXT_LENGTH, error.text, error.position);
        return VECTOR_REFUSED;
    }
    if (!json_object_get(vector.json, "expect")) {
        json_decref(vector.json);
        return VECTOR_NONE;
    }
    vector.expect = place_of_expect(&source);
    kind = take_vector(&source, &vector);
    vector.folder = folder_of(path);
    if (kind == VECTOR_READ)
        *ret_vector = vector;
    else
        vector_clear(&vector);
    return kind;
}

void
vector_clear(struct vector *vector)
{
    json_decref(vector->own_tokens);
    json_decref(vector->json);
    free(vector->folder);
    *vector = (struct vector){0};
}

/* One code point of what jansson has proven to be UTF-8; read is moved past it. */
static uint32_t
next_letter(const unsigned char **read)
{
    uint32_t letter = *(*read)++;
    int more = letter < 0x80 ? 0 : letter < 0xe0 ? 1 : letter < 0xf0 ? 2 : 3;

    if (more > 0)
        letter &= 0x3fu >> more;
    for (; more > 0; more--)
        letter = letter << 6 | (*(*read)++ & 0x3f);
    return letter;
}

static char *
put_unit(char *write, uint32_t unit, bool high_first)
{
    *write++ = (char)(high_first ? unit >> 8 : unit & 0xff);
    *write++ = (char)(high_first ? unit & 0xff : unit >> 8);
    return write;
}

char *
vector_token(const struct vector *vector, size_t number, size_t *ret_len)
{
    const json_t *token = json_array_get(vector->tokens, number);
    const unsigned char *read = (const unsigned char *)json_string_value(token);
    size_t len = json_string_length(token);
    const unsigned char *end = read + len;
    char *bytes = memory_grow(NULL, len + 2, 2), *write = bytes;

    if (!vector->utf16) {
        memcpy(bytes, read, len);
        *ret_len = len;
        return bytes;
    }
    write = put_unit(write, 0xfeff, vector->high_first);
    while (read < end) {
        uint32_t letter = next_letter(&read);

        if (letter >= 0x10000) {
            letter -= 0x10000;
            write = put_unit(write, 0xd800 + (letter >> 10), vector->high_first);
            letter = 0xdc00 + (letter & 0x3ff);
        }
        write = put_unit(write, letter, vector->high_first);
    }
    *ret_len = (size_t)(write - bytes);
    return bytes;
}

char *
vector_path(const struct vector *vector, const char *name)
{
    return name[0] == '/' ? memory_copy(name) : memory_print("%s%s", vector->folder, name);
}
