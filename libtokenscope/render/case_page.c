/* SPDX-License-Identifier: Apache-2.0 */
#include <tokenscope/page.h>

#include "case/case.h"
#include "case/row_json.h"
#include "core/error.h"

/* Of libtokenscope-case: rows of a case as data of a page, which the first library writes. */

#define PLACES_SHOWN 200 /* of a token; their number is said */
#define ARENA_KEEP (256u << 10)

struct case_page {
    tscope_store *store;
    tscope_page *page;
    const tscope_keyring *keyring;
    tscope_statement *places; /* of a token */
    int64_t unjudged;
    struct tscope_arena arena; /* of the row at hand */
    struct tscope_buffer json;
    struct tscope_error *err;
};

typedef enum tscope_status write_row(struct case_page *page, tscope_statement *row);

static enum tscope_status
each_row(struct case_page *page, tscope_statement *statement, write_row *write)
{
    enum tscope_status status = TSCOPE_OK;
    bool has_row = true;

    while (status == TSCOPE_OK) {
        status = tscope_statement_step(statement, &has_row, page->err);
        if (status != TSCOPE_OK || !has_row)
            break;
        status = write(page, statement);
    }
    return status;
}

static enum tscope_status
each_row_of(struct case_page *page, const char *sql, write_row *write)
{
    TSCOPE_AUTO(tscope_statement) *statement = NULL;
    enum tscope_status status = tscope_store_prepare(page->store, sql, &statement, page->err);

    return status == TSCOPE_OK ? each_row(page, statement, write) : status;
}

static void
begin_object(struct case_page *page, struct tscope_json_writer *writer)
{
    tscope_buffer_reset(&page->json);
    tscope_arena_reset(&page->arena, ARENA_KEEP);
    tscope_json_writer_init(writer, &page->json, false);
    tscope_json_write_object(writer);
}

static enum tscope_status
end_section(struct case_page *page, struct tscope_json_writer *writer, const char *name)
{
    tscope_json_write_object_end(writer);
    if (page->json.failed)
        return tscope_error_no_memory(page->err);
    return tscope_page_add_section(page->page, name, (const char *)page->json.data, page->json.len, page->err);
}

/* ---- evidence */

static enum tscope_status
write_warnings(struct case_page *page, struct tscope_json_writer *writer, int64_t evidence)
{
    TSCOPE_AUTO(tscope_statement) *statement = NULL;
    const struct tscope_store_value value = tscope_store_integer(evidence);
    enum tscope_status status = tscope_store_prepare(
        page->store, "SELECT member, id, text FROM warning WHERE evidence = ? ORDER BY member, id", &statement, page->err);
    bool has_row = true;

    if (status == TSCOPE_OK)
        status = tscope_statement_bind(statement, &value, 1, page->err);
    tscope_json_write_name(writer, "warnings");
    tscope_json_write_array(writer);
    while (status == TSCOPE_OK) {
        status = tscope_statement_step(statement, &has_row, page->err);
        if (status != TSCOPE_OK || !has_row)
            break;
        tscope_json_write_object(writer);
        tscope_row_write_text(writer, statement, 0, "member");
        tscope_row_write_text(writer, statement, 1, "id");
        tscope_row_write_text(writer, statement, 2, "text");
        tscope_json_write_object_end(writer);
    }
    tscope_json_write_array_end(writer);
    return status;
}

static enum tscope_status
write_evidence(struct case_page *page, tscope_statement *row)
{
    struct tscope_json_writer writer;
    enum tscope_status status;

    begin_object(page, &writer);
    tscope_row_write_text(&writer, row, 1, "path");
    tscope_row_write_text(&writer, row, 2, "state");
    tscope_row_write_integer(&writer, row, 3, "size");
    tscope_row_write_digest(&writer, row, 4, "sha256");
    tscope_row_write_text(&writer, row, 5, "format");
    tscope_row_write_text(&writer, row, 6, "problem");
    status = write_warnings(page, &writer, tscope_statement_integer(row, 0));
    return status == TSCOPE_OK ? end_section(page, &writer, "evidence") : status;
}

/* ---- keys */

static enum tscope_status
write_found_key(struct case_page *page, tscope_statement *row)
{
    struct tscope_json_writer writer;
    enum tscope_status status;

    begin_object(page, &writer);
    tscope_row_write_text(&writer, row, 0, "thumbprint");
    tscope_json_write_named_bool(&writer, "is_published", tscope_statement_integer(row, 1) == 1);
    status = tscope_row_write_json(&writer, row, 2, &page->arena, "key", page->err);
    tscope_row_write_text(&writer, row, 3, "path");
    tscope_row_write_text(&writer, row, 4, "member");
    tscope_row_write_integer(&writer, row, 5, "offset");
    return status == TSCOPE_OK ? end_section(page, &writer, "found-key") : status;
}

/* ---- tokens */

static enum tscope_status
write_places(struct case_page *page, struct tscope_json_writer *writer, int64_t token)
{
    const struct tscope_store_value values[] = {tscope_store_integer(token), tscope_store_integer(PLACES_SHOWN)};
    enum tscope_status status = tscope_statement_bind(page->places, values, TSCOPE_COUNT(values), page->err);
    bool has_row = true;

    tscope_json_write_array(writer);
    while (status == TSCOPE_OK) {
        status = tscope_statement_step(page->places, &has_row, page->err);
        if (status != TSCOPE_OK || !has_row)
            break;
        tscope_json_write_object(writer);
        tscope_row_write_text(writer, page->places, 0, "path");
        tscope_row_write_text(writer, page->places, 1, "member");
        tscope_row_write_integer(writer, page->places, 2, "offset");
        tscope_row_write_text(writer, page->places, 3, "encoding");
        tscope_row_write_time(writer, page->places, 4, "seen");
        status = tscope_row_write_json(writer, page->places, 5, &page->arena, "context", page->err);
        tscope_json_write_object_end(writer);
    }
    tscope_json_write_array_end(writer);
    return status;
}

/* The key that verified it, by the thumbprint in its report. */
static const tscope_key *
key_of(struct case_page *page, const struct tscope_json *json, const struct tscope_value *report)
{
    const struct tscope_value *key = tscope_json_member(json, tscope_json_member(json, report, "signature"), "key");
    struct tscope_span thumbprint = tscope_json_string(json, tscope_json_member(json, key, "thumbprint"), &page->arena);
    const tscope_key *found = NULL;
    char text[64];

    if (!page->keyring || !thumbprint.data || thumbprint.len >= sizeof(text))
        return NULL;
    memcpy(text, thumbprint.data, thumbprint.len);
    text[thumbprint.len] = '\0';
    return tscope_keyring_find(page->keyring, text, &found, 1) > 0 ? found : NULL;
}

/* A text that cannot be parsed has no decoded parts, and is on the page all the same. */
static enum tscope_status
parse_text(struct tscope_span text, tscope_token **ret_token, struct tscope_error *err)
{
    struct tscope_error unused = {0};
    enum tscope_status status = text.data ? tscope_token_parse(text.data, text.len, ret_token, &unused) : TSCOPE_ERR_DATA;

    return status == TSCOPE_ERR_NO_MEMORY ? tscope_error_no_memory(err) : TSCOPE_OK;
}

static enum tscope_status
add_token(struct case_page *page, struct tscope_page_token *token, int64_t id, struct tscope_span text)
{
    struct tscope_buffer places = {0};
    struct tscope_json_writer writer;
    tscope_token *parsed = NULL;
    enum tscope_status status = parse_text(text, &parsed, page->err);

    tscope_json_writer_init(&writer, &places, false);
    if (status == TSCOPE_OK)
        status = write_places(page, &writer, id);
    if (status == TSCOPE_OK && places.failed)
        status = tscope_error_no_memory(page->err);
    token->token = parsed;
    token->places = (const char *)places.data;
    token->places_len = places.len;
    if (status == TSCOPE_OK)
        status = tscope_page_add(page->page, token, page->err);
    tscope_token_free(parsed);
    tscope_buffer_clear(&places);
    return status;
}

static enum tscope_status
write_token(struct case_page *page, tscope_statement *row)
{
    struct tscope_page_token token = {0};
    const struct tscope_value *report;
    struct tscope_json_writer writer;
    struct tscope_json json = {0};
    enum tscope_status status;

    tscope_buffer_reset(&page->json);
    tscope_arena_reset(&page->arena, ARENA_KEEP);
    status = tscope_row_read_json(row, 2, &page->arena, &json, &report, page->err);
    if (status != TSCOPE_OK || !report || report->type != TSCOPE_JSON_OBJECT) {
        page->unjudged++;
        return status;
    }
    tscope_json_writer_init(&writer, &page->json, false);
    tscope_json_write_value(&writer, &json, report);
    if (page->json.failed)
        return tscope_error_no_memory(page->err);
    token.report = (const char *)page->json.data;
    token.report_len = page->json.len;
    token.key = key_of(page, &json, report);
    return add_token(page, &token, tscope_statement_integer(row, 0), tscope_statement_bytes(row, 1));
}

static enum tscope_status
write_unjudged(struct case_page *page)
{
    struct tscope_json_writer writer;

    if (page->unjudged == 0)
        return TSCOPE_OK;
    begin_object(page, &writer);
    tscope_json_write_named_integer(&writer, "tokens", page->unjudged);
    return end_section(page, &writer, "unjudged");
}

static enum tscope_status
write_all(struct case_page *page)
{
    static const char evidence[] = "SELECT id, path, state, size, sha256, format, problem FROM evidence ORDER BY path",
                      keys[] = "SELECT k.thumbprint, k.is_published, k.key, e.path, s.member, k.offset FROM key_place k"
                               " JOIN stream s ON s.id = k.stream JOIN evidence e ON e.id = s.evidence"
                               " ORDER BY k.is_published DESC, k.thumbprint, e.path, s.number, k.offset, k.number",
                      places[] =
                          "SELECT e.path, s.member, p.offset, p.encoding, p.seen, p.context FROM place p JOIN stream s ON s.id = p.stream"
                          " JOIN evidence e ON e.id = s.evidence WHERE p.token = ? ORDER BY e.path, s.number, p.offset LIMIT ?",
                      tokens[] = "SELECT t.id, t.text, t.report FROM token t"
                                 " WHERE EXISTS (SELECT 1 FROM place p WHERE p.token = t.id) ORDER BY t.sha256";
    enum tscope_status status = each_row_of(page, evidence, write_evidence);

    if (status == TSCOPE_OK)
        status = each_row_of(page, keys, write_found_key);
    if (status == TSCOPE_OK)
        status = tscope_store_prepare(page->store, places, &page->places, page->err);
    if (status == TSCOPE_OK)
        status = each_row_of(page, tokens, write_token);
    return status == TSCOPE_OK ? write_unjudged(page) : status;
}

enum tscope_status
tscope_case_page(tscope_case *opened, tscope_page *page, const tscope_keyring *keyring, struct tscope_error *err)
{
    struct case_page work = {.store = opened->store, .page = page, .keyring = keyring, .err = err};
    enum tscope_status status = write_all(&work);

    tscope_statement_free(work.places);
    tscope_buffer_clear(&work.json);
    tscope_arena_clear(&work.arena);
    return status;
}
