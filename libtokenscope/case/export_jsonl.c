/* SPDX-License-Identifier: Apache-2.0 */
#include "case/export.h"
#include "case/row_json.h"

/* What is written of a row depends on the row alone: never on its number, nor on when it came into the case. */

static bool
is_redacted(const struct tscope_export *export)
{
    return export->flags & TSCOPE_CASE_REDACTED;
}

static enum tscope_status
write_json(struct tscope_export *export, tscope_statement *row, size_t column, const char *name)
{
    return tscope_row_write_json(&export->writer, row, column, &export->arena, name, export->err);
}

static void
write_member(struct tscope_export *export, const struct tscope_json *json, const struct tscope_value *object, const char *name)
{
    const struct tscope_value *value = tscope_json_member(json, object, name);

    if (!value)
        return;
    tscope_json_write_name(&export->writer, name);
    tscope_json_write_value(&export->writer, json, value);
}

static void
begin_line(struct tscope_export *export, const char *type)
{
    tscope_json_writer_init(&export->writer, &export->line, false);
    tscope_json_write_object(&export->writer);
    tscope_json_write_named_text(&export->writer, "type", type);
}

static enum tscope_status
end_line(struct tscope_export *export)
{
    tscope_json_write_object_end(&export->writer);
    tscope_buffer_append_byte(&export->line, '\n');
    return tscope_export_line(export);
}

/* ---- the case */

static enum tscope_status
write_judgement(struct tscope_export *export, tscope_statement *row)
{
    enum tscope_status status;

    begin_line(export, "judgement");
    tscope_row_write_digest(&export->writer, row, 0, "sha256");
    tscope_row_write_time(&export->writer, row, 1, "now");
    status = write_json(export, row, 2, "settings");
    return status == TSCOPE_OK ? end_line(export) : status;
}

static enum tscope_status
write_case(struct tscope_export *export)
{
    enum tscope_status status;

    begin_line(export, "case");
    tscope_json_write_named_text(&export->writer, "schema", "tokenscope.case/1");
    tscope_json_write_named_bool(&export->writer, "redacted", is_redacted(export));
    status = end_line(export);
    if (status != TSCOPE_OK)
        return status;
    return tscope_export_rows(export,
                              "SELECT digest, now, settings FROM judgement"
                              " WHERE EXISTS (SELECT 1 FROM token WHERE token.judgement = judgement.id) ORDER BY digest",
                              NULL, write_judgement);
}

/* ---- evidence, and what was found in it */

static enum tscope_status
write_warning(struct tscope_export *export, tscope_statement *row)
{
    tscope_json_write_object(&export->writer);
    if (!is_redacted(export))
        tscope_row_write_text(&export->writer, row, 0, "member");
    tscope_row_write_text(&export->writer, row, 1, "id");
    if (!is_redacted(export))
        tscope_row_write_text(&export->writer, row, 2, "text");
    tscope_json_write_object_end(&export->writer);
    return TSCOPE_OK;
}

static enum tscope_status
write_place_of(struct tscope_export *export, tscope_statement *row, size_t column)
{
    if (is_redacted(export)) {
        tscope_row_write_digest(&export->writer, row, column, "evidence_sha256");
        tscope_row_write_integer(&export->writer, row, column + 2, "stream");
    } else {
        tscope_row_write_text(&export->writer, row, column + 1, "path");
        tscope_row_write_integer(&export->writer, row, column + 2, "stream");
        tscope_row_write_text(&export->writer, row, column + 3, "member");
    }
    tscope_row_write_integer(&export->writer, row, column + 4, "offset");
    tscope_row_write_integer(&export->writer, row, column + 5, "length");
    tscope_row_write_text(&export->writer, row, column + 6, "encoding");
    tscope_row_write_time(&export->writer, row, column + 7, "seen");
    return is_redacted(export) ? TSCOPE_OK : write_json(export, row, column + 8, "context");
}

static enum tscope_status
write_token_place(struct tscope_export *export, tscope_statement *row)
{
    enum tscope_status status;

    begin_line(export, "place");
    tscope_row_write_digest(&export->writer, row, 0, "sha256");
    status = write_place_of(export, row, 1);
    return status == TSCOPE_OK ? end_line(export) : status;
}

static enum tscope_status
write_key_place(struct tscope_export *export, tscope_statement *row)
{
    enum tscope_status status;

    begin_line(export, "key");
    tscope_row_write_text(&export->writer, row, 0, "thumbprint");
    tscope_json_write_named_bool(&export->writer, "is_published", tscope_statement_integer(row, 1) == 1);
    status = write_place_of(export, row, 3);
    if (status == TSCOPE_OK && !is_redacted(export))
        status = write_json(export, row, 2, "key");
    return status == TSCOPE_OK ? end_line(export) : status;
}

static enum tscope_status
write_evidence(struct tscope_export *export, tscope_statement *row)
{
    static const char warnings[] = "SELECT member, id, text FROM warning WHERE evidence = ? ORDER BY member, id",
                      places[] = "SELECT t.sha256, e.sha256, e.path, s.number, s.member, p.offset, p.length, p.encoding, p.seen, p.context"
                                 " FROM evidence e JOIN stream s ON s.evidence = e.id JOIN place p ON p.stream = s.id"
                                 " JOIN token t ON t.id = p.token WHERE e.id = ? ORDER BY s.number, p.offset, t.sha256",
                      keys[] = "SELECT k.thumbprint, k.is_published, k.key, e.sha256, e.path, s.number, s.member, k.offset, k.length,"
                               " k.encoding, k.seen, k.context FROM evidence e JOIN stream s ON s.evidence = e.id"
                               " JOIN key_place k ON k.stream = s.id WHERE e.id = ? ORDER BY s.number, k.offset, k.number";
    int64_t id = tscope_statement_integer(row, 0);
    enum tscope_status status;

    begin_line(export, "evidence");
    if (!is_redacted(export))
        tscope_row_write_text(&export->writer, row, 1, "path");
    tscope_row_write_text(&export->writer, row, 2, "state");
    tscope_row_write_integer(&export->writer, row, 3, "size");
    if (!is_redacted(export))
        tscope_row_write_integer(&export->writer, row, 4, "mtime_ns");
    tscope_row_write_digest(&export->writer, row, 5, "sha256");
    tscope_row_write_text(&export->writer, row, 6, "format");
    if (!is_redacted(export))
        tscope_row_write_text(&export->writer, row, 7, "problem");
    tscope_json_write_name(&export->writer, "warnings");
    tscope_json_write_array(&export->writer);
    status = tscope_export_rows(export, warnings, &id, write_warning);
    tscope_json_write_array_end(&export->writer);
    if (status == TSCOPE_OK)
        status = end_line(export);
    if (status == TSCOPE_OK)
        status = tscope_export_rows(export, places, &id, write_token_place);
    return status == TSCOPE_OK ? tscope_export_rows(export, keys, &id, write_key_place) : status;
}

/* ---- tokens */

/* Which findings, and by which key: nothing of what the token says. */
static void
write_redacted_report(struct tscope_export *export, const struct tscope_json *json, const struct tscope_value *report)
{
    static const char *const key_members[] = {"kid", "thumbprint", "family", "cloud", "entitlement"};
    const struct tscope_value *signature = tscope_json_member(json, report, "signature"), *key = tscope_json_member(json, signature, "key"),
                              *findings = tscope_json_member(json, report, "findings");

    tscope_json_write_name(&export->writer, "signature");
    tscope_json_write_object(&export->writer);
    write_member(export, json, signature, "status");
    write_member(export, json, signature, "alg");
    if (key) {
        tscope_json_write_name(&export->writer, "key");
        tscope_json_write_object(&export->writer);
        for (size_t i = 0; i < TSCOPE_COUNT(key_members); i++)
            write_member(export, json, key, key_members[i]);
        tscope_json_write_object_end(&export->writer);
    }
    tscope_json_write_object_end(&export->writer);
    write_member(export, json, report, "reasons");
    write_member(export, json, report, "also");
    tscope_json_write_name(&export->writer, "findings");
    tscope_json_write_array(&export->writer);
    for (const struct tscope_value *finding = findings && findings->type == TSCOPE_JSON_ARRAY ? tscope_json_first(json, findings) : NULL;
         finding; finding = tscope_json_next(json, finding)) {
        tscope_json_write_object(&export->writer);
        write_member(export, json, finding, "id");
        write_member(export, json, finding, "severity");
        write_member(export, json, finding, "proves");
        tscope_json_write_object_end(&export->writer);
    }
    tscope_json_write_array_end(&export->writer);
}

static enum tscope_status
write_report(struct tscope_export *export, tscope_statement *row, size_t column)
{
    struct tscope_json json = {0};
    const struct tscope_value *root;
    enum tscope_status status;

    if (!is_redacted(export))
        return write_json(export, row, column, "report");
    status = tscope_row_read_json(row, column, &export->arena, &json, &root, export->err);
    if (status == TSCOPE_OK && root && root->type == TSCOPE_JSON_OBJECT)
        write_redacted_report(export, &json, root);
    return status;
}

static enum tscope_status
write_token(struct tscope_export *export, tscope_statement *row)
{
    enum tscope_status status;

    begin_line(export, "token");
    tscope_row_write_digest(&export->writer, row, 0, "sha256");
    tscope_row_write_text(&export->writer, row, 1, "verdict");
    tscope_row_write_text(&export->writer, row, 2, "kind");
    tscope_row_write_time(&export->writer, row, 3, "seen");
    tscope_row_write_integer(&export->writer, row, 4, "places");
    tscope_row_write_digest(&export->writer, row, 5, "judgement");
    if (export->flags & TSCOPE_CASE_REVEAL && !is_redacted(export))
        tscope_row_write_text(&export->writer, row, 6, "text");
    status = write_report(export, row, 7);
    return status == TSCOPE_OK ? end_line(export) : status;
}

enum tscope_status
tscope_export_jsonl(struct tscope_export *export)
{
    static const char evidence[] = "SELECT id, path, state, size, mtime_ns, sha256, format, problem FROM evidence ORDER BY path",
                      tokens[] =
                          "SELECT t.sha256, t.verdict, t.kind, t.seen, (SELECT count(*) FROM place p WHERE p.token = t.id) AS places,"
                          " j.digest, t.text, t.report FROM token t LEFT JOIN judgement j ON j.id = t.judgement"
                          " WHERE EXISTS (SELECT 1 FROM place p WHERE p.token = t.id) ORDER BY t.sha256";
    enum tscope_status status = write_case(export);

    if (status == TSCOPE_OK)
        status = tscope_export_rows(export, evidence, NULL, write_evidence);
    return status == TSCOPE_OK ? tscope_export_rows(export, tokens, NULL, write_token) : status;
}
