/* SPDX-License-Identifier: Apache-2.0 */
#include <tokenscope/report.h>

#include <stdio.h>

#include "core/time.h"
#include "render/token_lines.h"
#include "render/words.h"
#include "token/nested.h"

#define VALUE_MAX 1024 /* bytes of one claim */
#define NESTED_MARGIN 2

static void
write_lengths(struct tscope_layout *layout, const struct tscope_token *token)
{
    const struct tscope_part none = {0}, key = token->signatures_len ? token->signatures[0].signature : none;
    const struct {
        enum tscope_part_id id;
        const struct tscope_part *part;
    } parts[] = {{TSCOPE_PART_KEY, &key},
                 {TSCOPE_PART_IV, &token->iv},
                 {TSCOPE_PART_CIPHERTEXT, &token->ciphertext},
                 {TSCOPE_PART_TAG, &token->tag},
                 {TSCOPE_PART_AAD, &token->aad}};
    bool any = false;

    tscope_layout_heading(layout, "Encrypted");
    tscope_layout_begin(layout, TSCOPE_LAYOUT_LABEL, TSCOPE_LAYOUT_LABEL);
    for (size_t i = 0; i < TSCOPE_COUNT(parts); i++) {
        if (parts[i].part->decoded.len == 0)
            continue;
        tscope_layout_format(layout, TSCOPE_STYLE_PLAIN, "%s%s %zu bytes", any ? ", " : "", tscope_part_id_name(parts[i].id),
                             parts[i].part->decoded.len);
        any = true;
    }
    tscope_layout_end(layout);
}

/* [salt, name, value], or [salt, value] of an element of a list (SD-JWT section 4.2). */
static bool
put_disclosed(struct tscope_layout *layout, const struct tscope_json *json, const struct tscope_members_view *view)
{
    const struct tscope_value *root = tscope_json_root(json), *salt, *name, *value;

    if (!json->readable || root->type != TSCOPE_JSON_ARRAY || root->count < 2 || root->count > 3)
        return false;
    salt = tscope_json_first(json, root);
    name = root->count == 3 ? tscope_json_next(json, salt) : NULL;
    value = tscope_json_next(json, name ? name : salt);
    if (name)
        tscope_members_put_value(layout, json, name, view);
    else
        tscope_layout_text(layout, TSCOPE_STYLE_QUIET, "in a list");
    tscope_layout_text(layout, TSCOPE_STYLE_QUIET, ": ");
    tscope_members_put_value(layout, json, value, view);
    tscope_layout_text(layout, TSCOPE_STYLE_QUIET, ", salt ");
    tscope_members_put_value(layout, json, salt, view);
    return true;
}

static void
write_disclosure(struct tscope_layout *layout, const struct tscope_part *part, const struct tscope_members_view *view)
{
    struct tscope_arena arena = {0};
    struct tscope_json json;

    tscope_layout_begin(layout, TSCOPE_LAYOUT_LABEL, TSCOPE_LAYOUT_LABEL + 2);
    if (tscope_json_read(&json, &arena, part->decoded.data, part->decoded.len, TSCOPE_JSON_LIMITS_TOKEN, NULL) != TSCOPE_OK)
        layout->out.failed = true;
    else if (!put_disclosed(layout, &json, view))
        tscope_layout_value(layout, TSCOPE_STYLE_PLAIN, part->decoded, view->max);
    tscope_layout_end(layout);
    tscope_arena_clear(&arena);
}

static void
write_disclosures(struct tscope_layout *layout, const struct tscope_token *token, const struct tscope_members_view *view)
{
    if (token->disclosures_len == 0)
        return;
    tscope_layout_heading(layout, "Disclosures");
    for (size_t i = 0; i < token->disclosures_len; i++)
        write_disclosure(layout, &token->disclosures[i], view);
    if (token->disclosures_total > token->disclosures_len) {
        tscope_layout_begin(layout, TSCOPE_LAYOUT_LABEL, TSCOPE_LAYOUT_LABEL);
        tscope_layout_format(layout, TSCOPE_STYLE_QUIET, "and %u more", token->disclosures_total - token->disclosures_len);
        tscope_layout_end(layout);
    }
}

static void
write_signature_line(struct tscope_layout *layout, const struct tscope_token_signature *signature, const struct tscope_members_view *view)
{
    tscope_layout_begin(layout, TSCOPE_LAYOUT_LABEL, TSCOPE_LAYOUT_LABEL);
    tscope_token_lines_put_signature(layout, signature, view);
    tscope_layout_end(layout);
}

static void
write_headers(struct tscope_layout *layout, const struct tscope_token *token, const struct tscope_members_view *view)
{
    bool encrypted = tscope_token_lines_is_jwe(token);

    for (size_t i = 0; i < token->signatures_len; i++) {
        char heading[48] = "Header";

        if (token->signatures_total > 1)
            snprintf(heading, sizeof(heading), "Header of %s %zu", encrypted ? "recipient" : "signature", i + 1);
        tscope_layout_heading(layout, heading);
        tscope_token_lines_header(layout, token, &token->signatures[i], view);
    }
}

static void
write_signatures(struct tscope_layout *layout, const struct tscope_token *token, const struct tscope_members_view *view)
{
    if (token->signatures_len == 0)
        return;
    tscope_layout_heading(layout, token->signatures_total > 1 ? "Signatures" : "Signature");
    for (size_t i = 0; i < token->signatures_len; i++)
        write_signature_line(layout, &token->signatures[i], view);
}

static void
write_opaque(struct tscope_layout *layout, const struct tscope_token *token, const struct tscope_members_view *view)
{
    tscope_layout_begin(layout, TSCOPE_LAYOUT_LABEL, TSCOPE_LAYOUT_LABEL);
    if (view->reveal)
        tscope_layout_span(layout, TSCOPE_STYLE_PLAIN, token->text);
    else
        tscope_layout_text(layout, TSCOPE_STYLE_PLAIN, "Only who issued it can read it. It is a secret as a whole, and not shown.");
    tscope_layout_end(layout);
}

static void write_token(struct tscope_layout *layout, const struct tscope_token *token, const struct tscope_members_view *view);

/* As deep as tokens are read, TSCOPE_NESTING_MAX. */
static void
write_nested(struct tscope_layout *layout, const struct tscope_token *token, const struct tscope_members_view *view)
{
    for (uint32_t i = 0; i < token->nested_len; i++) {
        const struct tscope_token_nested *nested = &token->nested[i];
        const char *words = tscope_nested_words(token, i);

        tscope_layout_blank(layout);
        tscope_layout_begin(layout, 0, TSCOPE_LAYOUT_VALUE);
        tscope_layout_text(layout, TSCOPE_STYLE_STRONG, "Inside, ");
        if (words)
            tscope_layout_text(layout, TSCOPE_STYLE_STRONG, words);
        else
            tscope_layout_value(layout, TSCOPE_STYLE_STRONG, tscope_json_name(&token->claims, nested->value), 64);
        tscope_layout_text(layout, TSCOPE_STYLE_STRONG, ":");
        tscope_layout_end(layout);
        layout->margin += NESTED_MARGIN;
        write_token(layout, nested->token, view);
        layout->margin -= NESTED_MARGIN;
    }
}

static void
write_token(struct tscope_layout *layout, const struct tscope_token *token, const struct tscope_members_view *outer)
{
    struct tscope_members_view own = *outer;
    const struct tscope_members_view *view = &own;

    own.token = token;
    tscope_layout_begin(layout, 0, TSCOPE_LAYOUT_LABEL);
    tscope_token_lines_put_what(layout, token);
    tscope_layout_end(layout);
    tscope_token_lines_state(layout, token);
    if (token->serialization == TSCOPE_SERIALIZATION_OPAQUE) {
        write_opaque(layout, token, view);
        return;
    }
    write_headers(layout, token, view);
    if (tscope_token_lines_is_jwe(token)) {
        write_lengths(layout, token);
    } else {
        tscope_layout_heading(layout, token->claims_root ? "Claims" : "Payload");
        tscope_token_lines_claims(layout, token, view);
        write_disclosures(layout, token, view);
        write_signatures(layout, token, view);
    }
    write_nested(layout, token, view);
}

enum tscope_status
tscope_token_text(const tscope_token *token, const struct tscope_text_options *options, int64_t now, char **ret_text, size_t *ret_len,
                  struct tscope_error *err)
{
    struct tscope_layout layout;
    struct tscope_members_view view = {.reveal = options && options->reveal, .now = now, .max = VALUE_MAX};

    tscope_layout_init(&layout, options ? options->width : 0, options && options->colour);
    write_token(&layout, token, &view);
    return tscope_layout_finish(&layout, ret_text, ret_len, err);
}
