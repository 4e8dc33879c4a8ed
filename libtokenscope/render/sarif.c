/* SPDX-License-Identifier: Apache-2.0 */
#include <tokenscope/corpus.h>
#include <tokenscope/version.h>

#include "inspect/inspection.h"

#include "core/error.h"
#include "core/json_writer.h"
#include "inspect/region.h"

/*
 * SARIF 2.1.0 (OASIS, 27 March 2020). Section numbers below are its. Of a token there is no text in it, only where it stands
 * and its digest: such files go to services that show them to many.
 */

static const char *
level_of(enum tscope_severity severity) /* section 3.27.10 */
{
    static const char *const levels[] = {"note", "note", "warning", "error", "error"};

    return levels[severity];
}

/* A number as text, by which code hosts sort: their custom, on the scale of CVSS. */
static const char *
score_of(enum tscope_severity severity)
{
    static const char *const scores[] = {"0.0", "3.0", "5.5", "8.0", "9.5"};

    return scores[severity];
}

static void
write_message(struct tscope_json_writer *writer, const char *name, const char *text)
{
    tscope_json_write_name(writer, name);
    tscope_json_write_object(writer);
    tscope_json_write_named_text(writer, "text", text);
    tscope_json_write_object_end(writer);
}

/* The heading "ID: title" as the anchor that renderers make of it. */
static void
append_anchor(struct tscope_buffer *buffer, const char *text)
{
    for (; *text; text++) {
        bool letter = (*text >= 'a' && *text <= 'z') || (*text >= '0' && *text <= '9') || *text == '-' || *text == '_';

        if (letter)
            tscope_buffer_append_byte(buffer, (uint8_t)*text);
        else if (*text >= 'A' && *text <= 'Z')
            tscope_buffer_append_byte(buffer, (uint8_t)(*text | 0x20));
        else if (*text == ' ')
            tscope_buffer_append_byte(buffer, '-');
    }
}

static bool
write_page(struct tscope_json_writer *writer, const struct tscope_check_view *check)
{
    struct tscope_buffer page = {0};

    tscope_buffer_append_text(&page, "docs/checks.md#");
    append_anchor(&page, check->id);
    tscope_buffer_append_byte(&page, '-');
    append_anchor(&page, check->title);
    if (!page.failed)
        tscope_json_write_named_string(writer, "page", tscope_span_of((const char *)page.data, page.len));
    tscope_buffer_clear(&page);
    return !page.failed;
}

static bool
write_help(struct tscope_json_writer *writer, const struct tscope_check_view *check)
{
    struct tscope_buffer help = {0};

    tscope_buffer_append_text(&help, check->meaning);
    tscope_buffer_append_text(&help, "\n\nFalse alarm: ");
    tscope_buffer_append_text(&help, check->false_alarm);
    if (check->references && *check->references) {
        tscope_buffer_append_text(&help, "\n\nReferences: ");
        tscope_buffer_append_text(&help, check->references);
    }
    if (!help.failed) {
        tscope_json_write_name(writer, "help");
        tscope_json_write_object(writer);
        tscope_json_write_named_string(writer, "text", tscope_span_of((const char *)help.data, help.len));
        tscope_json_write_object_end(writer);
    }
    tscope_buffer_clear(&help);
    return !help.failed;
}

/* Section 3.49. No helpUri: it has to be absolute, and the page of checks has no address of its own. */
static bool
write_rule(struct tscope_json_writer *writer, const struct tscope_check_view *check)
{
    bool whole;

    tscope_json_write_object(writer);
    tscope_json_write_named_text(writer, "id", check->id);
    write_message(writer, "shortDescription", check->title);
    write_message(writer, "fullDescription", check->meaning);
    whole = write_help(writer, check);
    tscope_json_write_name(writer, "defaultConfiguration");
    tscope_json_write_object(writer);
    tscope_json_write_named_text(writer, "level", level_of(check->severity));
    tscope_json_write_object_end(writer);
    tscope_json_write_name(writer, "properties");
    tscope_json_write_object(writer);
    whole = write_page(writer, check) && whole;
    tscope_json_write_named_text(writer, "proves", tscope_proves_id(check->proves));
    tscope_json_write_named_text(writer, "security-severity", score_of(check->severity));
    tscope_json_write_name(writer, "tags");
    tscope_json_write_array(writer);
    tscope_json_write_text(writer, "security");
    tscope_json_write_text(writer, check->family);
    tscope_json_write_array_end(writer);
    tscope_json_write_object_end(writer);
    tscope_json_write_object_end(writer);
    return whole;
}

static enum tscope_status
hand_out(struct tscope_buffer *buffer, char **ret_json, size_t *ret_len, struct tscope_error *err)
{
    size_t len;
    char *json = tscope_buffer_steal(buffer, &len);

    if (!json)
        return tscope_error_no_memory(err);
    *ret_json = json;
    if (ret_len)
        *ret_len = len;
    return TSCOPE_OK;
}

enum tscope_status
tscope_sarif_tool(char **ret_json, size_t *ret_len, struct tscope_error *err)
{
    struct tscope_buffer buffer = {0};
    struct tscope_json_writer writer;
    struct tscope_check_view check;

    tscope_json_writer_init(&writer, &buffer, false);
    tscope_json_write_object(&writer);
    tscope_json_write_name(&writer, "driver");
    tscope_json_write_object(&writer);
    tscope_json_write_named_text(&writer, "name", "tokenscope");
    tscope_json_write_named_text(&writer, "version", tscope_version());
    tscope_json_write_name(&writer, "rules");
    tscope_json_write_array(&writer);
    for (size_t i = 0; tscope_checks_at(i, &check); i++)
        buffer.failed = !write_rule(&writer, &check) || buffer.failed;
    tscope_json_write_array_end(&writer);
    tscope_json_write_object_end(&writer);
    tscope_json_write_object_end(&writer);
    return hand_out(&buffer, ret_json, ret_len, err);
}

static size_t
rule_index(const char *id)
{
    struct tscope_check_view check;
    size_t number = 0;

    while (tscope_checks_at(number, &check) && strcmp(check.id, id) != 0)
        number++;
    return number;
}

/* A path as a URI reference (RFC 3986): relative as it stands, absolute with the scheme file. */
static bool
write_uri(struct tscope_json_writer *writer, const char *path)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/";
    struct tscope_buffer uri = {0};

    tscope_buffer_append_text(&uri, path[0] == '/' ? "file://" : "");
    for (; *path; path++) {
        if (strchr(plain, *path))
            tscope_buffer_append_byte(&uri, (uint8_t)*path);
        else
            tscope_buffer_append_format(&uri, "%%%02X", (unsigned)(uint8_t)*path);
    }
    if (!uri.failed)
        tscope_json_write_named_string(writer, "uri", tscope_span_of((const char *)uri.data, uri.len));
    tscope_buffer_clear(&uri);
    return !uri.failed;
}

/* Section 3.30. In UTF-16 and inside other tokens evidence is not led back: there the region is the whole token. */
static void
write_region(struct tscope_json_writer *writer, const struct tscope_region *region)
{
    tscope_json_write_name(writer, "region");
    tscope_json_write_object(writer);
    if (region->line) {
        tscope_json_write_named_integer(writer, "startLine", (int64_t)region->line);
        tscope_json_write_named_integer(writer, "startColumn", (int64_t)region->column);
        tscope_json_write_named_integer(writer, "endLine", (int64_t)region->end_line);
        tscope_json_write_named_integer(writer, "endColumn", (int64_t)region->end_column);
    }
    tscope_json_write_named_integer(writer, "byteOffset", (int64_t)region->byte_offset);
    tscope_json_write_named_integer(writer, "byteLength", (int64_t)region->byte_len);
    tscope_json_write_object_end(writer);
}

/* Section 3.28. */
static bool
write_location(struct tscope_json_writer *writer, const char *path, const struct tscope_region *region)
{
    bool whole;

    tscope_json_write_object(writer);
    tscope_json_write_name(writer, "physicalLocation");
    tscope_json_write_object(writer);
    tscope_json_write_name(writer, "artifactLocation");
    tscope_json_write_object(writer);
    whole = write_uri(writer, path);
    tscope_json_write_object_end(writer);
    write_region(writer, region);
    tscope_json_write_object_end(writer);
    tscope_json_write_object_end(writer);
    return whole;
}

static bool
write_locations(struct tscope_json_writer *writer, const tscope_report *report, uint64_t first_line, const struct tscope_evidence *evidence)
{
    struct tscope_region region = tscope_region_of(report, first_line, evidence);
    bool whole = true;

    tscope_json_write_name(writer, "locations");
    tscope_json_write_array(writer);
    if (report->source_path)
        whole = write_location(writer, report->source_path, &region);
    tscope_json_write_array_end(writer);
    return whole;
}

/* What one inspection of the report found, and for which token. */
struct origin {
    const tscope_report *report;
    const struct tscope_inspection *inspection;
    uint64_t first_line;
    uint8_t sha256[TSCOPE_SHA256_LEN];
};

static bool
write_result(struct tscope_json_writer *writer, const struct origin *origin, const struct tscope_finding *finding)
{
    bool inside = origin->inspection != &origin->report->root, whole;

    tscope_json_write_object(writer);
    tscope_json_write_named_text(writer, "ruleId", finding->check->id);
    tscope_json_write_named_integer(writer, "ruleIndex", (int64_t)rule_index(finding->check->id));
    tscope_json_write_named_text(writer, "level", level_of(finding->severity));
    write_message(writer, "message", finding->detail);
    whole = write_locations(writer, origin->report, origin->first_line, inside || finding->evidence_len == 0 ? NULL : finding->evidence);
    tscope_json_write_name(writer, "partialFingerprints");
    tscope_json_write_object(writer);
    tscope_json_write_name(writer, "tokenSha256/v1");
    tscope_json_write_hex(writer, origin->sha256, sizeof(origin->sha256));
    tscope_json_write_object_end(writer);
    tscope_json_write_name(writer, "properties");
    tscope_json_write_object(writer);
    tscope_json_write_named_text(writer, "severity", tscope_severity_id(finding->severity));
    tscope_json_write_named_text(writer, "proves", tscope_proves_id(finding->proves));
    tscope_json_write_named_text(writer, "verdict", tscope_verdict_id(origin->inspection->verdict));
    tscope_json_write_object_end(writer);
    tscope_json_write_object_end(writer);
    return whole;
}

/* Tokens inside others too; how deep these can lie is bounded where they are read. */
static bool
write_results(struct tscope_json_writer *writer, struct origin origin)
{
    const struct tscope_inspection *inspection = origin.inspection;
    const struct tscope_findings *findings = &inspection->deciding->findings;
    bool whole = tscope_inspection_digest(inspection, origin.sha256);

    for (size_t i = 0; i < findings->found_len; i++)
        whole = write_result(writer, &origin, &findings->found[i]) && whole;
    for (size_t i = 0; i < inspection->token->nested_len; i++) {
        origin.inspection = &inspection->nested[i];
        whole = write_results(writer, origin) && whole;
    }
    return whole;
}

enum tscope_status
tscope_report_sarif(const tscope_report *report, uint64_t first_line, char **ret_json, size_t *ret_len, struct tscope_error *err)
{
    const struct origin origin = {.report = report, .inspection = &report->root, .first_line = first_line ? first_line : 1};
    struct tscope_buffer buffer = {0};
    struct tscope_json_writer writer;
    bool whole;

    tscope_json_writer_init(&writer, &buffer, false);
    tscope_json_write_array(&writer);
    whole = write_results(&writer, origin);
    tscope_json_write_array_end(&writer);
    buffer.failed = !whole || buffer.failed;
    return hand_out(&buffer, ret_json, ret_len, err);
}

/* A file that is named twice: places must not repeat (section 3.27.22), and those that are alike stand side by side. */
static bool
is_shown(const tscope_corpus *corpus, size_t finding, size_t number)
{
    struct tscope_corpus_token_view token, before;

    return number > 0 && tscope_corpus_token(corpus, finding, number, &token) &&
           tscope_corpus_token(corpus, finding, number - 1, &before) && token.path && before.path && strcmp(token.path, before.path) == 0 &&
           token.byte_offset == before.byte_offset && token.byte_len == before.byte_len;
}

static bool
write_token_locations(struct tscope_json_writer *writer, const tscope_corpus *corpus, size_t finding, size_t from, size_t to)
{
    struct tscope_corpus_token_view token;
    bool whole = true;

    tscope_json_write_array(writer);
    for (size_t i = from; i < to && tscope_corpus_token(corpus, finding, i, &token); i++) {
        const struct tscope_region region = {token.line, token.column, token.end_line, token.end_column, token.byte_offset, token.byte_len};

        if (token.path && !is_shown(corpus, finding, i))
            whole = write_location(writer, token.path, &region) && whole;
    }
    tscope_json_write_array_end(writer);
    return whole;
}

/* The first token is where the result is shown; the others are what it is compared with (section 3.27.22). */
static bool
write_corpus_result(struct tscope_json_writer *writer, const tscope_corpus *corpus, size_t number, const struct tscope_corpus_view *finding)
{
    struct tscope_corpus_token_view first;
    bool whole;

    tscope_json_write_object(writer);
    tscope_json_write_named_text(writer, "ruleId", finding->id);
    tscope_json_write_named_integer(writer, "ruleIndex", (int64_t)rule_index(finding->id));
    tscope_json_write_named_text(writer, "level", level_of(finding->severity));
    write_message(writer, "message", finding->detail);
    tscope_json_write_name(writer, "locations");
    whole = write_token_locations(writer, corpus, number, 0, 1);
    tscope_json_write_name(writer, "relatedLocations");
    whole = write_token_locations(writer, corpus, number, 1, finding->tokens) && whole;
    if (tscope_corpus_token(corpus, number, 0, &first)) {
        tscope_json_write_name(writer, "partialFingerprints");
        tscope_json_write_object(writer);
        tscope_json_write_named_text(writer, "tokenSha256/v1", first.sha256);
        tscope_json_write_object_end(writer);
    }
    tscope_json_write_name(writer, "properties");
    tscope_json_write_object(writer);
    tscope_json_write_named_text(writer, "severity", tscope_severity_id(finding->severity));
    tscope_json_write_named_text(writer, "proves", tscope_proves_id(finding->proves));
    tscope_json_write_named_integer(writer, "tokens", (int64_t)(finding->tokens + finding->left_out));
    tscope_json_write_object_end(writer);
    tscope_json_write_object_end(writer);
    return whole;
}

enum tscope_status
tscope_corpus_sarif(const tscope_corpus *corpus, char **ret_json, size_t *ret_len, struct tscope_error *err)
{
    struct tscope_buffer buffer = {0};
    struct tscope_json_writer writer;
    struct tscope_corpus_view finding;
    bool whole = true;

    tscope_json_writer_init(&writer, &buffer, false);
    tscope_json_write_array(&writer);
    for (size_t i = 0; tscope_corpus_finding(corpus, i, &finding); i++)
        whole = write_corpus_result(&writer, corpus, i, &finding) && whole;
    tscope_json_write_array_end(&writer);
    buffer.failed = !whole || buffer.failed;
    return hand_out(&buffer, ret_json, ret_len, err);
}
