/* SPDX-License-Identifier: Apache-2.0 */
#include "render/token_lines.h"

#include "checks/ms_blob.h"
#include "core/text.h"
#include "render/words.h"
#include "token/secrets.h"

#define PART_SHOWN_MAX 256 /* bytes of a part that is no JSON */

bool
tscope_token_lines_is_jwe(const struct tscope_token *token)
{
    return token->serialization == TSCOPE_SERIALIZATION_JWE_COMPACT || token->serialization == TSCOPE_SERIALIZATION_JWE_FLATTENED ||
           token->serialization == TSCOPE_SERIALIZATION_JWE_GENERAL;
}

/* The usual forms go without saying. */
static const char *
serialization_words(enum tscope_serialization serialization)
{
    switch (serialization) {
    case TSCOPE_SERIALIZATION_OPAQUE:
    case TSCOPE_SERIALIZATION_JWS_COMPACT:
        break;
    case TSCOPE_SERIALIZATION_JWS_FLATTENED:
        return "JWS in flattened JSON";
    case TSCOPE_SERIALIZATION_JWS_GENERAL:
        return "JWS in general JSON";
    case TSCOPE_SERIALIZATION_JWE_COMPACT:
        return "compact JWE";
    case TSCOPE_SERIALIZATION_JWE_FLATTENED:
        return "JWE in flattened JSON";
    case TSCOPE_SERIALIZATION_JWE_GENERAL:
        return "JWE in general JSON";
    case TSCOPE_SERIALIZATION_SD_JWT:
        return "SD-JWT";
    }
    return NULL;
}

void
tscope_token_lines_put_what(struct tscope_layout *layout, const struct tscope_token *token)
{
    const char *form = serialization_words(token->serialization);

    tscope_layout_text(layout, TSCOPE_STYLE_STRONG, tscope_token_kind_text(token->kind));
    if (form)
        tscope_layout_format(layout, TSCOPE_STYLE_PLAIN, ", %s", form);
    tscope_layout_format(layout, TSCOPE_STYLE_PLAIN, ", %zu bytes", token->text.len);
    if (token->signatures_total > 1)
        tscope_layout_format(layout, TSCOPE_STYLE_PLAIN, ", %u %s", token->signatures_total,
                             tscope_token_lines_is_jwe(token) ? "recipients" : "signatures");
    if (tscope_token_is_sd_jwt(token))
        tscope_layout_format(layout, TSCOPE_STYLE_PLAIN, ", %u disclosure%s", token->disclosures_total,
                             tscope_words_plural(token->disclosures_total));
    if (token->encoding != TSCOPE_ENCODING_ASCII)
        tscope_layout_text(layout, TSCOPE_STYLE_PLAIN, ", found as UTF-16");
}

static const char *
transport_words(enum tscope_transport transport)
{
    switch (transport) {
    case TSCOPE_TRANSPORT_WHITESPACE:
        return "white space";
    case TSCOPE_TRANSPORT_BOM:
        return "a byte order mark";
    case TSCOPE_TRANSPORT_QUOTES:
        return "quotes";
    case TSCOPE_TRANSPORT_HEADER:
        return "a header field";
    case TSCOPE_TRANSPORT_BEARER:
        return "Bearer";
    case TSCOPE_TRANSPORT_COOKIE:
        return "a cookie";
    case TSCOPE_TRANSPORT_PARAMETER:
        return "a parameter";
    case TSCOPE_TRANSPORT_RESPONSE:
        return "a token response";
    case TSCOPE_TRANSPORT_COUNT:
        break;
    }
    return "?";
}

/* White space around a token is in every file, and nobody asks about it. */
static void
write_transport(struct tscope_layout *layout, const struct tscope_token *token)
{
    bool any = false;

    for (int i = 0; i < TSCOPE_TRANSPORT_COUNT; i++) {
        if (!token->transport[i] || i == TSCOPE_TRANSPORT_WHITESPACE)
            continue;
        if (!any)
            tscope_layout_label(layout, "");
        tscope_layout_text(layout, TSCOPE_STYLE_QUIET, any ? ", " : "taken off: ");
        tscope_layout_text(layout, TSCOPE_STYLE_QUIET, transport_words((enum tscope_transport)i));
        any = true;
    }
    if (any)
        tscope_layout_format(layout, TSCOPE_STYLE_QUIET, "; it begins at byte %zu", token->source_offset);
    tscope_layout_end(layout);
}

static void
put_damage(struct tscope_layout *layout, const struct tscope_token *token, size_t number)
{
    const struct tscope_damage *damage = &token->damage[number];
    size_t more = 0;

    for (size_t i = number + 1; i < token->damage_len; i++)
        more += token->damage[i].kind == damage->kind;
    tscope_layout_format(layout, TSCOPE_STYLE_PLAIN, "%s (%s, byte %zu", tscope_damage_text(damage->kind),
                         tscope_part_id_name((enum tscope_part_id)damage->part), damage->offset);
    if (more > 0)
        tscope_layout_format(layout, TSCOPE_STYLE_PLAIN, ", and %zu more time%s", more, tscope_words_plural(more));
    tscope_layout_text(layout, TSCOPE_STYLE_PLAIN, ")");
}

static bool
is_first_of_its_kind(const struct tscope_token *token, size_t number)
{
    for (size_t i = 0; i < number; i++) {
        if (token->damage[i].kind == token->damage[number].kind)
            return false;
    }
    return true;
}

/* All that can be read of a refresh token. */
static void
write_head(struct tscope_layout *layout, const struct tscope_token *token)
{
    struct tscope_arena scratch = {0};
    struct tscope_ms_blob blob;

    if (tscope_ms_blob_of(token, &scratch, &blob)) {
        tscope_layout_label(layout, "");
        tscope_layout_format(layout, TSCOPE_STYLE_PLAIN, "its head names tenant %s,", blob.tenant);
        tscope_layout_end(layout);
        tscope_layout_label(layout, "");
        tscope_layout_format(layout, TSCOPE_STYLE_PLAIN, "client %s", blob.app);
        tscope_layout_end(layout);
    }
    tscope_arena_clear(&scratch);
}

void
tscope_token_lines_state(struct tscope_layout *layout, const struct tscope_token *token)
{
    write_head(layout, token);
    write_transport(layout, token);
    if (token->damage_total == 0)
        return;
    tscope_layout_label(layout, "");
    tscope_layout_text(layout, TSCOPE_STYLE_WARN, "damaged: ");
    for (size_t i = 0; i < token->damage_len; i++) {
        if (!is_first_of_its_kind(token, i))
            continue;
        tscope_layout_text(layout, TSCOPE_STYLE_PLAIN, i ? ", " : "");
        put_damage(layout, token, i);
    }
    if (token->damage_total > token->damage_len)
        tscope_layout_format(layout, TSCOPE_STYLE_PLAIN, ", and %u more places", token->damage_total - token->damage_len);
    tscope_layout_end(layout);
}

/* Bytes where JSON should be: the text when it is text, else how many there are. */
static void
write_bytes(struct tscope_layout *layout, struct tscope_span bytes, const struct tscope_members_view *view)
{
    struct tscope_buffer shown = {0};
    struct tscope_span text = bytes;

    tscope_layout_begin(layout, TSCOPE_LAYOUT_LABEL, TSCOPE_LAYOUT_LABEL);
    if (!bytes.data) {
        tscope_layout_text(layout, TSCOPE_STYLE_QUIET, "there is none");
    } else {
        if (!view->reveal && tscope_secret_veil_token(bytes, &shown))
            text = tscope_span_of(shown.data, shown.len);
        tscope_layout_format(layout, TSCOPE_STYLE_PLAIN, "%zu byte%s, no JSON object: ", bytes.len, tscope_words_plural(bytes.len));
        tscope_layout_value(layout, TSCOPE_STYLE_PLAIN, text, view->max < PART_SHOWN_MAX ? view->max : PART_SHOWN_MAX);
    }
    tscope_layout_end(layout);
    if (shown.failed)
        layout->out.failed = true;
    tscope_buffer_clear(&shown);
}

static void
write_broken_off(struct tscope_layout *layout, const struct tscope_json *json)
{
    if (json->readable)
        return;
    tscope_layout_begin(layout, TSCOPE_LAYOUT_LABEL, TSCOPE_LAYOUT_LABEL);
    tscope_layout_text(layout, TSCOPE_STYLE_WARN, "… what follows cannot be read");
    tscope_layout_end(layout);
}

void
tscope_token_lines_header(struct tscope_layout *layout, const struct tscope_token *token, const struct tscope_token_signature *signature,
                          const struct tscope_members_view *view)
{
    const struct tscope_value *root = tscope_json_root(&signature->header);

    if (root && root->type == TSCOPE_JSON_OBJECT) {
        tscope_members_list(layout, &signature->header, root, view);
        write_broken_off(layout, &signature->header);
    } else if (!signature->unprotected || signature->protected_part.form.data) {
        write_bytes(layout, signature->protected_part.decoded, view);
    }
    if (!signature->unprotected)
        return;
    tscope_layout_begin(layout, TSCOPE_LAYOUT_LABEL, TSCOPE_LAYOUT_LABEL);
    tscope_layout_text(layout, TSCOPE_STYLE_QUIET, "not protected by the signature:");
    tscope_layout_end(layout);
    tscope_members_list(layout, &token->container, signature->unprotected, view);
}

void
tscope_token_lines_claims(struct tscope_layout *layout, const struct tscope_token *token, const struct tscope_members_view *view)
{
    if (token->claims_root) {
        tscope_members_list(layout, &token->claims, token->claims_root, view);
        write_broken_off(layout, &token->claims);
        return;
    }
    if (!token->detached) {
        write_bytes(layout, token->payload.decoded, view);
        return;
    }
    tscope_layout_begin(layout, TSCOPE_LAYOUT_LABEL, TSCOPE_LAYOUT_LABEL);
    tscope_layout_text(layout, TSCOPE_STYLE_PLAIN, "detached: what is signed is not in the token");
    tscope_layout_end(layout);
}

void
tscope_token_lines_put_signature(struct tscope_layout *layout, const struct tscope_token_signature *signature,
                                 const struct tscope_members_view *view)
{
    size_t len = signature->signature.decoded.len;

    switch (signature->presence) {
    case TSCOPE_SIGNATURE_PRESENT:
        tscope_layout_format(layout, TSCOPE_STYLE_PLAIN, "%zu byte%s", len, tscope_words_plural(len));
        break;
    case TSCOPE_SIGNATURE_EMPTY:
        tscope_layout_text(layout, TSCOPE_STYLE_WARN, "empty");
        break;
    case TSCOPE_SIGNATURE_ABSENT:
        tscope_layout_text(layout, TSCOPE_STYLE_WARN, "not there: the token ends before it");
        break;
    case TSCOPE_SIGNATURE_MASKED:
        tscope_layout_text(layout, TSCOPE_STYLE_WARN, "masked");
        break;
    case TSCOPE_SIGNATURE_CUT:
        tscope_layout_format(layout, TSCOPE_STYLE_WARN, "cut: %zu byte%s are left", len, tscope_words_plural(len));
        break;
    }
    if (view->reveal && signature->signature.form.len > 0) {
        tscope_layout_text(layout, TSCOPE_STYLE_PLAIN, ": ");
        tscope_layout_span(layout, TSCOPE_STYLE_PLAIN, signature->signature.form);
    }
}
