/* SPDX-License-Identifier: Apache-2.0 */
#include "render/claims.h"

#include <stdio.h>

#include "core/text.h"
#include "profile/applications.h"
#include "render/words.h"

#define SHOWN_MAX 32
#define OTHERS_MAX 16
#define NAME_MAX 32 /* bytes */

/* The lines of one token, in the order an examiner asks: who says so, who, with what, for what. */
struct lines {
    struct tscope_layout *layout;
    const struct tscope_token *token;
    const struct tscope_members_view *view;
    const struct tscope_value *shown[SHOWN_MAX]; /* the claims that have their line */
    size_t shown_len;
};

static void
note_shown(struct lines *lines, const struct tscope_value *value)
{
    if (value && lines->shown_len < SHOWN_MAX)
        lines->shown[lines->shown_len++] = value;
}

static const struct tscope_value *
first_of(const struct tscope_token *token, const enum tscope_claim *claims, size_t claims_len)
{
    for (size_t i = 0; i < claims_len; i++) {
        if (token->slots[claims[i]])
            return token->slots[claims[i]];
    }
    return NULL;
}

static void
put_value(struct lines *lines, const struct tscope_value *value)
{
    tscope_members_put_value(lines->layout, &lines->token->claims, value, lines->view);
    tscope_members_put_known_name(lines->layout, &lines->token->claims, value);
    note_shown(lines, value);
}

static void
write_value(struct lines *lines, const char *label, const struct tscope_value *value)
{
    if (!value)
        return;
    tscope_layout_label(lines->layout, label);
    put_value(lines, value);
    tscope_layout_end(lines->layout);
}

/* A tenant that stands in the issuer is not said again; its name, if it has one, is. */
static void
write_issuer(struct lines *lines, const tscope_subject *subject)
{
    const struct tscope_value *iss = lines->token->slots[TSCOPE_CLAIM_ISS], *tid = lines->token->slots[TSCOPE_CLAIM_TID];
    struct tscope_span tenant = subject->tid.data ? subject->tid : subject->issuer.tenant;
    bool is_said = tenant.len > 0 && subject->iss.data && tscope_text_find(subject->iss, tenant) != SIZE_MAX;
    const struct tscope_application *known = is_said ? tscope_application_find(tenant) : NULL;

    if (iss) {
        tscope_layout_label(lines->layout, "issuer");
        put_value(lines, iss);
        if (known) {
            tscope_layout_text(lines->layout, TSCOPE_STYLE_NAME, " (");
            tscope_layout_text(lines->layout, TSCOPE_STYLE_NAME, known->name);
            tscope_layout_text(lines->layout, TSCOPE_STYLE_NAME, ")");
        }
        tscope_layout_end(lines->layout);
    }
    if (is_said)
        note_shown(lines, tid);
    else
        write_value(lines, "tenant", tid);
}

static void
write_user(struct lines *lines)
{
    static const enum tscope_claim names[] = {TSCOPE_CLAIM_UPN, TSCOPE_CLAIM_UNIQUE_NAME, TSCOPE_CLAIM_PREFERRED_USERNAME,
                                              TSCOPE_CLAIM_EMAIL, TSCOPE_CLAIM_NAME};
    const struct tscope_value *name = first_of(lines->token, names, TSCOPE_COUNT(names));
    const struct tscope_value *oid = lines->token->slots[TSCOPE_CLAIM_OID], *idtyp = lines->token->slots[TSCOPE_CLAIM_IDTYP];

    if (idtyp && tscope_json_string_is(&lines->token->claims, idtyp, "app")) {
        tscope_layout_label(lines->layout, "user");
        tscope_layout_text(lines->layout, TSCOPE_STYLE_PLAIN, "none: the application acts for itself");
        tscope_layout_end(lines->layout);
        note_shown(lines, idtyp);
        return;
    }
    if (!name && !oid) {
        write_value(lines, "subject", lines->token->slots[TSCOPE_CLAIM_SUB]);
        return;
    }
    tscope_layout_label(lines->layout, "user");
    if (name)
        put_value(lines, name);
    if (oid) {
        tscope_layout_text(lines->layout, TSCOPE_STYLE_QUIET, name ? ", object " : "object ");
        put_value(lines, oid);
    }
    tscope_layout_end(lines->layout);
}

/* "0", "1", "2" of appidacr and azpacr: how the application proved who it is. */
static void
put_app_proof(struct lines *lines)
{
    static const enum tscope_claim claims[] = {TSCOPE_CLAIM_APPIDACR, TSCOPE_CLAIM_AZPACR};
    static const struct {
        const char *value, *words;
    } proofs[] = {{"0", ", a public client"}, {"1", ", with a secret"}, {"2", ", with a certificate"}};
    const struct tscope_value *acr = first_of(lines->token, claims, TSCOPE_COUNT(claims));

    for (size_t i = 0; acr && i < TSCOPE_COUNT(proofs); i++) {
        if (!tscope_json_string_is(&lines->token->claims, acr, proofs[i].value))
            continue;
        tscope_layout_text(lines->layout, TSCOPE_STYLE_QUIET, proofs[i].words);
        note_shown(lines, acr);
    }
}

static void
write_app(struct lines *lines)
{
    static const enum tscope_claim ids[] = {TSCOPE_CLAIM_APPID, TSCOPE_CLAIM_AZP, TSCOPE_CLAIM_CLIENT_ID};
    const struct tscope_value *id = first_of(lines->token, ids, TSCOPE_COUNT(ids));
    const struct tscope_value *name = lines->token->slots[TSCOPE_CLAIM_APP_DISPLAYNAME];

    if (!id)
        return;
    tscope_layout_label(lines->layout, "app");
    put_value(lines, id);
    if (name) {
        tscope_layout_text(lines->layout, TSCOPE_STYLE_QUIET, ", named ");
        put_value(lines, name);
    }
    put_app_proof(lines);
    tscope_layout_end(lines->layout);
}

static void
write_sign_in(struct lines *lines)
{
    const struct tscope_value *amr = lines->token->slots[TSCOPE_CLAIM_AMR], *address = lines->token->slots[TSCOPE_CLAIM_IPADDR];

    if (!amr && !address)
        return;
    tscope_layout_label(lines->layout, "sign-in");
    if (amr)
        put_value(lines, amr);
    if (address) {
        tscope_layout_text(lines->layout, TSCOPE_STYLE_QUIET, amr ? " from " : "from ");
        put_value(lines, address);
    }
    tscope_layout_end(lines->layout);
}

static void
write_claims(struct lines *lines, const tscope_subject *subject)
{
    static const enum tscope_claim scopes[] = {TSCOPE_CLAIM_SCP, TSCOPE_CLAIM_SCOPE}, ids[] = {TSCOPE_CLAIM_UTI, TSCOPE_CLAIM_JTI};
    const struct tscope_token *token = lines->token;

    write_issuer(lines, subject);
    write_user(lines);
    write_app(lines);
    write_value(lines, "audience", token->slots[TSCOPE_CLAIM_AUD]);
    write_value(lines, "scopes", first_of(token, scopes, TSCOPE_COUNT(scopes)));
    write_value(lines, "roles", token->slots[TSCOPE_CLAIM_ROLES]);
    write_sign_in(lines);
    write_value(lines, "token id", first_of(token, ids, TSCOPE_COUNT(ids)));
}

static void
write_time(struct tscope_layout *layout, const char *label, int64_t time, int64_t now, const char *note)
{
    if (time == TSCOPE_TIME_NONE)
        return;
    tscope_layout_label(layout, label);
    tscope_words_put_time(layout, time, now);
    if (note)
        tscope_layout_text(layout, TSCOPE_STYLE_QUIET, note);
    tscope_layout_end(layout);
}

static void
write_times(struct tscope_layout *layout, const tscope_subject *subject, const char *seen_from)
{
    bool expired = subject->exp != TSCOPE_TIME_NONE && subject->seen != TSCOPE_TIME_NONE && subject->seen >= subject->exp;
    bool is_past = subject->now != TSCOPE_TIME_NONE && subject->now >= subject->exp;
    char life[TSCOPE_WORDS_MAX + 16] = "";

    write_time(layout, "issued", subject->iat, subject->now, NULL);
    if (subject->then_from == TSCOPE_THEN_EXP)
        write_time(layout, "dated", subject->then, subject->now, "; it says only when it ends");
    if (subject->nbf != subject->iat)
        write_time(layout, "valid from", subject->nbf, subject->now, NULL);
    if (subject->iat != TSCOPE_TIME_NONE && subject->exp != TSCOPE_TIME_NONE && subject->exp > subject->iat) {
        char span[TSCOPE_WORDS_MAX];

        tscope_words_span((uint64_t)subject->exp - (uint64_t)subject->iat, span);
        snprintf(life, sizeof(life), "; lifetime %s", span);
    }
    write_time(layout, is_past ? "expired" : "expires", subject->exp, subject->now, life[0] ? life : NULL);
    if (subject->seen == TSCOPE_TIME_NONE)
        return;
    tscope_layout_label(layout, "seen");
    tscope_words_put_time(layout, subject->seen, subject->now);
    if (seen_from)
        tscope_layout_format(layout, TSCOPE_STYLE_QUIET, " (%s)", seen_from);
    if (expired)
        tscope_layout_text(layout, TSCOPE_STYLE_WARN, ", after it had expired");
    tscope_layout_end(layout);
}

static bool
is_shown(const struct lines *lines, const struct tscope_value *value)
{
    for (size_t i = 0; i < lines->shown_len; i++) {
        if (lines->shown[i] == value)
            return true;
    }
    return false;
}

static void
put_other(struct lines *lines, const struct tscope_value *value)
{
    struct tscope_buffer name = {0};

    tscope_json_unescape(tscope_json_name(&lines->token->claims, value), &name);
    if (name.failed)
        lines->layout->out.failed = true;
    tscope_layout_value(lines->layout, TSCOPE_STYLE_QUIET, tscope_span_of(name.data, name.len), NAME_MAX);
    tscope_buffer_clear(&name);
}

/* The names of the rest, so that nobody takes this for all. */
static void
write_others(struct lines *lines)
{
    const struct tscope_json *json = &lines->token->claims;
    size_t others = 0;

    for (const struct tscope_value *each = tscope_json_first(json, lines->token->claims_root); each; each = tscope_json_next(json, each)) {
        if (is_shown(lines, each) || others++ >= OTHERS_MAX)
            continue;
        if (others == 1)
            tscope_layout_label(lines->layout, "others");
        else
            tscope_layout_text(lines->layout, TSCOPE_STYLE_QUIET, ", ");
        put_other(lines, each);
    }
    if (others > OTHERS_MAX)
        tscope_layout_format(lines->layout, TSCOPE_STYLE_QUIET, " and %zu more", others - OTHERS_MAX);
    tscope_layout_end(lines->layout);
}

void
tscope_claims_lines(struct tscope_layout *layout, const tscope_subject *subject, const char *seen_from,
                    const struct tscope_members_view *view)
{
    static const enum tscope_claim times[] = {TSCOPE_CLAIM_IAT, TSCOPE_CLAIM_NBF, TSCOPE_CLAIM_EXP};
    const int64_t read[] = {subject->iat, subject->nbf, subject->exp};
    struct lines lines = {.layout = layout, .token = subject->token, .view = view};

    for (size_t i = 0; i < TSCOPE_COUNT(times); i++) {
        if (read[i] != TSCOPE_TIME_NONE) /* a time that cannot be read has no line */
            note_shown(&lines, subject->token->slots[times[i]]);
    }
    write_claims(&lines, subject);
    write_times(layout, subject, seen_from);
    write_others(&lines);
}
