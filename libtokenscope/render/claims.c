/* SPDX-License-Identifier: Apache-2.0 */
#include "render/claims.h"

#include <stdio.h>

#include "render/words.h"

#define CHOICES_MAX 5

/* What one line says, out of the first claim of these that is there. */
struct row {
    const char *label;
    enum tscope_claim choices[CHOICES_MAX];
    size_t choices_len;
};

static const struct row rows[] = {
    {"issuer", {TSCOPE_CLAIM_ISS}, 1},
    {"tenant", {TSCOPE_CLAIM_TID}, 1},
    {"audience", {TSCOPE_CLAIM_AUD}, 1},
    {"app", {TSCOPE_CLAIM_APPID, TSCOPE_CLAIM_AZP, TSCOPE_CLAIM_CLIENT_ID}, 3},
    {"user", {TSCOPE_CLAIM_UPN, TSCOPE_CLAIM_UNIQUE_NAME, TSCOPE_CLAIM_PREFERRED_USERNAME, TSCOPE_CLAIM_EMAIL, TSCOPE_CLAIM_NAME}, 5},
    {"object", {TSCOPE_CLAIM_OID}, 1},
    {"subject", {TSCOPE_CLAIM_SUB}, 1},
    {"scopes", {TSCOPE_CLAIM_SCP, TSCOPE_CLAIM_SCOPE}, 2},
    {"roles", {TSCOPE_CLAIM_ROLES}, 1},
    {"address", {TSCOPE_CLAIM_IPADDR}, 1},
    {"signed in", {TSCOPE_CLAIM_AMR}, 1},
    {"token id", {TSCOPE_CLAIM_UTI, TSCOPE_CLAIM_JTI}, 2},
};

static const struct tscope_value *
choose(const struct tscope_token *token, const struct row *row)
{
    for (size_t i = 0; i < row->choices_len; i++) {
        if (token->slots[row->choices[i]])
            return token->slots[row->choices[i]];
    }
    return NULL;
}

/* "0", "1", "2" of appidacr and azpacr: how the application proved who it is. */
static void
put_app_proof(struct tscope_layout *layout, const struct tscope_token *token)
{
    static const char *const words[] = {", a public client", ", with a secret", ", with a certificate"};
    const struct tscope_value *acr = token->slots[TSCOPE_CLAIM_APPIDACR];

    if (!acr)
        acr = token->slots[TSCOPE_CLAIM_AZPACR];
    for (size_t i = 0; acr && i < TSCOPE_COUNT(words); i++) {
        char digit[2] = {(char)('0' + i), '\0'};

        if (tscope_json_string_is(&token->claims, acr, digit))
            tscope_layout_text(layout, TSCOPE_STYLE_QUIET, words[i]);
    }
}

static void
put_app(struct tscope_layout *layout, const struct tscope_token *token, const struct tscope_members_view *view)
{
    const struct tscope_value *name = token->slots[TSCOPE_CLAIM_APP_DISPLAYNAME];

    if (name) {
        tscope_layout_text(layout, TSCOPE_STYLE_QUIET, ", which calls itself ");
        tscope_members_put_value(layout, &token->claims, name, view);
    }
    put_app_proof(layout, token);
}

static void
write_row(struct tscope_layout *layout, const struct tscope_token *token, const struct row *row, const struct tscope_members_view *view)
{
    const struct tscope_value *value = choose(token, row);

    if (!value)
        return;
    tscope_layout_label(layout, row->label);
    tscope_members_put_value(layout, &token->claims, value, view);
    tscope_members_put_known_name(layout, &token->claims, value);
    if (row->choices[0] == TSCOPE_CLAIM_APPID)
        put_app(layout, token, view);
    tscope_layout_end(layout);
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
    char life[TSCOPE_WORDS_MAX + 16] = "";

    write_time(layout, "issued", subject->iat, subject->now, NULL);
    if (subject->nbf != subject->iat)
        write_time(layout, "valid from", subject->nbf, subject->now, NULL);
    if (subject->iat != TSCOPE_TIME_NONE && subject->exp != TSCOPE_TIME_NONE && subject->exp > subject->iat) {
        char span[TSCOPE_WORDS_MAX];

        tscope_words_span((uint64_t)subject->exp - (uint64_t)subject->iat, span);
        snprintf(life, sizeof(life), "; lives %s", span);
    }
    write_time(layout, "expires", subject->exp, subject->now, life[0] ? life : NULL);
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

void
tscope_claims_lines(struct tscope_layout *layout, const tscope_subject *subject, const char *seen_from,
                    const struct tscope_members_view *view)
{
    const struct tscope_token *token = subject->token;

    for (size_t i = 0; i < TSCOPE_COUNT(rows); i++)
        write_row(layout, token, &rows[i], view);
    write_times(layout, subject, seen_from);
}
