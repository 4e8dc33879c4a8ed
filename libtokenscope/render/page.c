/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>

#include <tokenscope/history.h>
#include <tokenscope/page.h>
#include <tokenscope/time.h>
#include <tokenscope/version.h>

#include "core/error.h"
#include "core/text.h"
#include "inspect/inspection.h"
#include "render/entitlement_words.h"
#include "render/page_assets.h"
#include "render/page_parts.h"
#include "render/token_lines.h"
#include "render/verdict_words.h"

#define KEYS_MAX 1000 /* that are dated on one page; more are said */
#define SENTENCE_WIDTH TSCOPE_LAYOUT_WIDTH_MAX

struct tscope_page {
    unsigned flags;
    const tscope_keyring *keyring;
    tscope_page_write *write;
    void *user;
    const tscope_key **keys; /* that signed, in the order they were met */
    size_t keys_len, keys_capacity;
    bool keys_left_out;
    uint64_t tokens;
};

TSCOPE_DEFINE_AUTO(tscope_page)

static void
put(tscope_page *page, const char *text)
{
    page->write(page->user, text, strlen(text));
}

static void
put_span(tscope_page *page, struct tscope_span text)
{
    page->write(page->user, (const char *)text.data, text.len);
}

/* Between tags. Text of ours or the caller's: the page's script writes all that comes from a token. */
static void
put_escaped(tscope_page *page, const char *text)
{
    for (; *text; text++) {
        if (*text == '<')
            put(page, "&lt;");
        else if (*text == '&')
            put(page, "&amp;");
        else
            page->write(page->user, text, 1);
    }
}

/*
 * JSON inside a script element ends at "</script", and "<!--" changes how it is read (HTML section 4.12.1.3). In JSON '<' stands in
 * strings alone, where an escape means the same.
 */
static void
put_json(tscope_page *page, const char *json, size_t json_len)
{
    while (json_len > 0) {
        const char *angle = memchr(json, '<', json_len);
        size_t plain = angle ? (size_t)(angle - json) : json_len;

        page->write(page->user, json, plain);
        json += plain;
        json_len -= plain;
        if (angle) {
            put(page, "\\u003c");
            json++;
            json_len--;
        }
    }
}

static void
put_data(tscope_page *page, const char *name, const char *json, size_t json_len)
{
    put(page, "<script type=\"application/json\" data-name=\"");
    put(page, name);
    put(page, "\">");
    put_json(page, json, json_len);
    put(page, "</script>\n");
}

static void
put_head(tscope_page *page, const char *title)
{
    put(page, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
              "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; script-src '");
    put(page, tscope_page_script_digest);
    put(page, "'; style-src '");
    put(page, tscope_page_style_digest);
    put(page, "'; img-src data:; base-uri 'none'; form-action 'none'\">\n"
              "<meta name=\"referrer\" content=\"no-referrer\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
              "<meta name=\"color-scheme\" content=\"light dark\">\n<link rel=\"icon\" href=\"data:,\">\n<title>");
    put_escaped(page, title);
    put(page, "</title>\n<style>");
    put_span(page, tscope_page_style);
    put(page, "</style>\n</head>\n<body>\n<a class=\"skip\" href=\"#main\">Skip to the report</a>\n<header>\n<p "
              "class=\"product\">tokenscope</p>\n<h1>");
    put_escaped(page, title);
    put(page, "</h1>\n</header>\n<nav id=\"nav\" aria-label=\"Parts of the report\"></nav>\n<main id=\"main\" tabindex=\"-1\">\n"
              "<p id=\"wait\">The report is being read. If this stays, the file was cut off, or scripts are turned off: the data stand at "
              "the end of the file, as JSON.</p>\n</main>\n");
}

/* The words of verdicts and checks have one source, which is this library. */
static void
write_about(tscope_page *page, struct tscope_buffer *buffer)
{
    struct tscope_json_writer writer;
    const char *clause, *id = NULL;

    tscope_json_writer_init(&writer, buffer, false);
    tscope_json_write_object(&writer);
    tscope_json_write_named_text(&writer, "schema", "tokenscope.page/1");
    tscope_json_write_named_text(&writer, "version", tscope_version());
    tscope_json_write_named_bool(&writer, "revealed", page->flags & TSCOPE_PAGE_REVEAL);
    tscope_json_write_name(&writer, "verdicts");
    tscope_json_write_object(&writer);
    for (int verdict = TSCOPE_VERDICT_FORGED; verdict <= TSCOPE_VERDICT_VALID; verdict++)
        tscope_json_write_named_text(&writer, tscope_verdict_id((enum tscope_verdict)verdict),
                                     tscope_verdict_text((enum tscope_verdict)verdict));
    tscope_json_write_object_end(&writer);
    tscope_json_write_name(&writer, "clauses");
    tscope_json_write_object(&writer);
    for (size_t i = 0; (clause = tscope_verdict_clause(i, &id)); i++)
        tscope_json_write_named_text(&writer, id, clause);
    tscope_json_write_object_end(&writer);
    tscope_json_write_object_end(&writer);
}

enum tscope_status
tscope_page_new(const struct tscope_page_options *options, tscope_page **ret_page, struct tscope_error *err)
{
    TSCOPE_AUTO(tscope_page) *page = NULL;
    struct tscope_buffer about = {0};

    if (!options->write)
        return tscope_error_set(err, TSCOPE_ERR_ARGUMENT, TSCOPE_OFFSET_NONE, "nobody takes the page");
    page = tscope_alloc_zeroed(1, sizeof(*page));
    if (!page)
        return tscope_error_no_memory(err);
    page->flags = options->flags;
    page->keyring = options->keyring;
    page->write = options->write;
    page->user = options->user;
    write_about(page, &about);
    if (!about.failed) {
        put_head(page, options->title ? options->title : "Report on bearer tokens");
        put_data(page, "about", (const char *)about.data, about.len);
        *ret_page = TSCOPE_STEAL(page);
    }
    tscope_buffer_clear(&about);
    return page ? tscope_error_no_memory(err) : TSCOPE_OK;
}

void
tscope_page_free(tscope_page *page)
{
    if (!page)
        return;
    tscope_free(page->keys);
    tscope_free(page);
}

static enum tscope_status
note_key(tscope_page *page, const tscope_key *key, struct tscope_error *err)
{
    for (size_t i = 0; i < page->keys_len; i++) {
        if (page->keys[i] == key)
            return TSCOPE_OK;
    }
    if (page->keys_len == KEYS_MAX) {
        page->keys_left_out = true;
        return TSCOPE_OK;
    }
    if (page->keys_len == page->keys_capacity) {
        size_t capacity = page->keys_capacity ? 2 * page->keys_capacity : 16;
        const tscope_key **keys = tscope_realloc(page->keys, capacity * sizeof(const tscope_key *));

        if (!keys)
            return tscope_error_no_memory(err);
        page->keys = keys;
        page->keys_capacity = capacity;
    }
    page->keys[page->keys_len++] = key;
    return TSCOPE_OK;
}

/* What a layout says in one paragraph, as a member. */
static void
write_paragraph(struct tscope_json_writer *writer, const char *name, struct tscope_layout *layout)
{
    struct tscope_span text;

    tscope_layout_end(layout);
    text = tscope_text_trim(tscope_span_of(layout->out.data, layout->out.len));
    if (layout->out.failed)
        writer->buffer->failed = true;
    else
        tscope_json_write_named_string(writer, name, text.data ? text : TSCOPE_SPAN(""));
    tscope_layout_clear(layout);
}

/* The sentences that a terminal shows, made where they are made for it. */
static void
write_sentences(struct tscope_json_writer *writer, const struct tscope_inspection *inspection)
{
    struct tscope_layout layout;

    tscope_layout_init(&layout, SENTENCE_WIDTH, false);
    tscope_layout_begin(&layout, 0, 0);
    tscope_verdict_put_sentences(&layout, inspection);
    write_paragraph(writer, "sentence", &layout);
    tscope_layout_init(&layout, SENTENCE_WIDTH, false);
    tscope_layout_begin(&layout, 0, 0);
    tscope_token_lines_put_what(&layout, inspection->token);
    write_paragraph(writer, "what", &layout);
    if (inspection->deciding->resolution.status != TSCOPE_STATUS_VERIFIED)
        return;
    tscope_layout_init(&layout, SENTENCE_WIDTH, false);
    tscope_layout_begin(&layout, 0, 0);
    tscope_entitlement_put(&layout, inspection->deciding);
    write_paragraph(writer, "entitled", &layout);
}

static void
write_token(tscope_page *page, const struct tscope_page_token *token, const char *report, size_t report_len, struct tscope_buffer *buffer)
{
    const struct tscope_token *read = token->token ? token->token : token->of ? token->of->root.token : NULL;
    struct tscope_json_writer writer;

    tscope_json_writer_init(&writer, buffer, false);
    tscope_json_write_object(&writer);
    tscope_json_write_name(&writer, "report");
    tscope_json_write_raw(&writer, tscope_span_of(report, report_len));
    if (token->of)
        write_sentences(&writer, &token->of->root);
    if (token->source)
        tscope_json_write_named_text(&writer, "source", token->source);
    if (token->line)
        tscope_json_write_named_integer(&writer, "line", (int64_t)token->line);
    if (read) {
        tscope_json_write_name(&writer, "parts");
        tscope_page_write_parts(&writer, read, page->flags & TSCOPE_PAGE_REVEAL);
    }
    if (token->places) {
        tscope_json_write_name(&writer, "places");
        tscope_json_write_raw(&writer, tscope_span_of(token->places, token->places_len));
    }
    tscope_json_write_object_end(&writer);
}

enum tscope_status
tscope_page_add(tscope_page *page, const struct tscope_page_token *token, struct tscope_error *err)
{
    const unsigned flags = page->flags & TSCOPE_PAGE_REVEAL ? TSCOPE_REPORT_REVEAL : 0;
    struct tscope_buffer buffer = {0};
    enum tscope_status status = TSCOPE_OK;
    const tscope_key *key = token->of ? tscope_report_key(token->of) : token->key;
    size_t made_len = token->report_len;
    char *made = NULL;

    if (!token->report && !token->of)
        return tscope_error_set(err, TSCOPE_ERR_ARGUMENT, TSCOPE_OFFSET_NONE, "there is no report");
    if (!token->report)
        status = tscope_report_json(token->of, flags, &made, &made_len, err);
    if (status == TSCOPE_OK && key)
        status = note_key(page, key, err);
    if (status == TSCOPE_OK) {
        write_token(page, token, made ? made : token->report, made_len, &buffer);
        if (buffer.failed)
            status = tscope_error_no_memory(err);
    }
    if (status == TSCOPE_OK) {
        put_data(page, "token", (const char *)buffer.data, buffer.len);
        page->tokens++;
    }
    tscope_string_free(made);
    tscope_buffer_clear(&buffer);
    return status;
}

enum tscope_status
tscope_page_add_section(tscope_page *page, const char *name, const char *json, size_t json_len, struct tscope_error *err)
{
    if (name[0] == '\0' || name[strspn(name, "abcdefghijklmnopqrstuvwxyz-")] != '\0')
        return tscope_error_set(err, TSCOPE_ERR_ARGUMENT, TSCOPE_OFFSET_NONE, "a section's name is made of letters and '-'");
    put_data(page, name, json, json_len);
    return TSCOPE_OK;
}

static enum tscope_status
put_keys(tscope_page *page, struct tscope_error *err)
{
    tscope_key_timeline *timeline = NULL;
    enum tscope_status status;
    size_t json_len = 0;
    char *json = NULL;

    if (!page->keyring || page->keys_len == 0)
        return TSCOPE_OK;
    status = tscope_key_timeline_new(page->keyring, page->keys, page->keys_len, TSCOPE_TIME_UNKNOWN, TSCOPE_TIME_UNKNOWN, &timeline, err);
    if (status == TSCOPE_OK)
        status = tscope_key_timeline_json(timeline, false, &json, &json_len, err);
    if (status == TSCOPE_OK)
        put_data(page, "timeline", json, json_len);
    tscope_string_free(json);
    tscope_key_timeline_free(timeline);
    return status;
}

enum tscope_status
tscope_page_end(tscope_page *page, struct tscope_error *err)
{
    enum tscope_status status = put_keys(page, err);
    struct tscope_buffer end = {0};

    tscope_buffer_append_format(&end, "{\"tokens\":%" PRIu64 ",\"keys_left_out\":%s}", page->tokens,
                                page->keys_left_out ? "true" : "false");
    if (end.failed && status == TSCOPE_OK)
        status = tscope_error_no_memory(err);
    if (!end.failed)
        put_data(page, "end", (const char *)end.data, end.len);
    tscope_buffer_clear(&end);
    put(page, "<footer><p>Made by tokenscope ");
    put(page, tscope_version());
    put(page, ". The page loads nothing and sends nothing.</p></footer>\n<script>");
    put_span(page, tscope_page_script);
    put(page, "</script>\n</body>\n</html>\n");
    return status;
}
