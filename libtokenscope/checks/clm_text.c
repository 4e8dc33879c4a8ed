/* SPDX-License-Identifier: Apache-2.0 */
#include "checks/clm_runs.h"

#include "checks/kid_text.h"
#include "core/text.h"

/* Claims as text: what a program that looks something up by them would act on, and what should not stand in a token. */

#define TEXT_LOOKED_AT 4096
#define ITEMS_LOOKED_AT 64 /* of an array */

/* ---- injection */

static const char *
harmful_shape(struct tscope_span text)
{
    bool placeholder = false;
    const char *shape;

    text.len = text.len < TEXT_LOOKED_AT ? text.len : TEXT_LOOKED_AT;
    if (tscope_kid_is_harmless(text))
        return NULL;
    shape = tscope_kid_sql_shape(text, true);
    if (!shape && tscope_text_find(text, TSCOPE_SPAN("../")) != SIZE_MAX)
        shape = tscope_kid_path_shape(text);
    if (!shape && tscope_kid_begins_with_any(text, (const char *const[]){"ldap:", "data:", "urn:", "https:", "http:", NULL}))
        return NULL; /* names of people in directories, and of things on the web */
    if (!shape)
        shape = tscope_kid_command_shape(text, &placeholder);
    return placeholder ? NULL : shape;
}

/* The shape of a string, or of the first string of an array that has one. */
static const char *
shape_of(const tscope_subject *subject, struct tscope_member member, bool *ret_no_memory)
{
    const struct tscope_value *value = member.value;
    bool is_array = value->type == TSCOPE_JSON_ARRAY;
    const char *shape = NULL;

    if (is_array)
        value = tscope_json_first(member.json, value);
    for (int items = 0; value && !shape && items < ITEMS_LOOKED_AT; items++) {
        if (value->type == TSCOPE_JSON_STRING) {
            struct tscope_span text = tscope_json_string(member.json, value, subject->arena);

            *ret_no_memory |= !text.data;
            shape = text.data ? harmful_shape(text) : NULL;
        }
        value = is_array ? tscope_json_next(member.json, value) : NULL;
    }
    return shape;
}

/* As nearly all are: a GUID, a name, an address. */
static bool
is_harmless(const struct tscope_json *json, const struct tscope_value *value)
{
    return value->type == TSCOPE_JSON_STRING && !(value->flags & (TSCOPE_VALUE_ESCAPED | TSCOPE_VALUE_OPEN)) &&
           value->len - 2 <= TEXT_LOOKED_AT && tscope_kid_is_harmless(tscope_span_of(json->text + value->start + 1, value->len - 2));
}

enum tscope_status
tscope_clm_run_injection(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings)
{
    static const enum tscope_claim looked_up[] = {
        TSCOPE_CLAIM_SUB,         TSCOPE_CLAIM_OID,       TSCOPE_CLAIM_TID,   TSCOPE_CLAIM_EMAIL, TSCOPE_CLAIM_UPN,
        TSCOPE_CLAIM_UNIQUE_NAME, TSCOPE_CLAIM_APPID,     TSCOPE_CLAIM_AZP,   TSCOPE_CLAIM_JTI,   TSCOPE_CLAIM_PREFERRED_USERNAME,
        TSCOPE_CLAIM_SID,         TSCOPE_CLAIM_CLIENT_ID, TSCOPE_CLAIM_ROLES, TSCOPE_CLAIM_SCP,   TSCOPE_CLAIM_SCOPE,
    };
    bool no_memory = false;

    for (size_t i = 0; subject->token->claims_root && i < TSCOPE_COUNT(looked_up); i++) {
        const struct tscope_value *value = subject->token->slots[looked_up[i]];
        struct tscope_member member;
        const char *shape;

        if (!value || is_harmless(&subject->token->claims, value))
            continue;
        member = tscope_subject_claim(subject, looked_up[i]);
        shape = shape_of(subject, member, &no_memory);
        if (no_memory)
            return TSCOPE_ERR_NO_MEMORY;
        if (shape)
            return tscope_findings_add(findings, check, tscope_evidence_member(subject, member),
                                       "'%s', by which users and rights are looked up, holds %s", tscope_claim_name(looked_up[i]), shape);
    }
    return TSCOPE_OK;
}

/* ---- secrets and personal data */

static bool
holds_word(struct tscope_span name, const char *const *words)
{
    for (; *words; words++) {
        struct tscope_span word = tscope_span_text(*words);

        for (size_t at = 0; at + word.len <= name.len; at++) {
            if ((name.data[at] | 32) == word.data[0] && tscope_text_starts_with_fold(tscope_span_of(name.data + at, name.len - at), word))
                return true; /* all of them begin with a letter */
        }
    }
    return false;
}

static size_t
run_of_letters(struct tscope_span text, size_t at)
{
    size_t len = 0;

    while (at + len < text.len && (tscope_kid_is_word_letter(text.data[at + len]) || text.data[at + len] == '-') &&
           text.data[at + len] < 0x80)
        len++;
    return len;
}

static bool
may_be_secret(uint8_t first)
{
    static const bool firsts[256] = {['-'] = true, ['A'] = true, ['g'] = true, ['x'] = true, ['s'] = true};

    return firsts[first];
}

/* Keys that services give out begin with letters of their own. */
static const char *
secret_in(struct tscope_span text)
{
    static const struct {
        const char *prefix, *words;
        size_t len_min; /* of the whole word */
    } kinds[] = {
        {"AKIA", "an access key of AWS", 20},       {"ghp_", "a token of GitHub", 40},    {"github_pat_", "a token of GitHub", 60},
        {"glpat-", "a token of GitLab", 26},        {"xoxb-", "a token of Slack", 24},    {"xoxp-", "a token of Slack", 24},
        {"sk_live_", "a secret key of Stripe", 24}, {"AIza", "an API key of Google", 39},
    };

    if (text.len < 20 || !may_be_secret(text.data[0]))
        return NULL;
    if (text.data[0] == '-' && tscope_text_starts_with(text, TSCOPE_SPAN("-----BEGIN")) &&
        tscope_text_find(text, TSCOPE_SPAN("PRIVATE KEY")) != SIZE_MAX)
        return "a private key";
    for (size_t i = 0; i < TSCOPE_COUNT(kinds); i++) {
        if (tscope_text_starts_with(text, tscope_span_text(kinds[i].prefix)) && run_of_letters(text, 0) >= kinds[i].len_min)
            return kinds[i].words;
    }
    return NULL;
}

/* ISO/IEC 7812-1 annex B: the check digit of card numbers. Spaces and dashes may part groups. */
static bool
is_card_number(struct tscope_span text)
{
    unsigned sum = 0, digits = 0;

    for (size_t i = text.len; i-- > 0;) {
        unsigned digit = (unsigned)text.data[i] - '0';

        if (text.data[i] == ' ' || text.data[i] == '-')
            continue;
        if (digit > 9)
            return false;
        if (digits++ % 2)
            digit = digit < 5 ? 2 * digit : 2 * digit - 9;
        sum += digit;
    }
    return digits >= 13 && digits <= 19 && sum % 10 == 0;
}

/* By its name: a value that hardly anyone means to show. "email" and "name" are what ID tokens are for. */
static const char *
private_by_name(struct tscope_span name, struct tscope_span text)
{
    static const char *const secrets[] = {"passw", "client_secret", "clientsecret", "api_key", "apikey", "secret_key", "private_key", NULL};
    static const char *const cards[] = {"card", "pan", "ccnum", NULL};
    static const char *const numbers[] = {"ssn", "social_security", "socialsecurity", "national_id", "passport", NULL};

    if (text.len == 0)
        return NULL;
    if (holds_word(name, secrets))
        return "a password or secret, by its name";
    if (is_card_number(text) && holds_word(name, cards))
        return "a payment card's number";
    return text.len >= 6 && memchr("0123456789", text.data[text.len - 1], 10) && holds_word(name, numbers) ? "a person's official number"
                                                                                                           : NULL;
}

static const char *
private_shape(const tscope_subject *subject, const struct tscope_json *json, const struct tscope_value *value, bool *ret_no_memory)
{
    struct tscope_span text = tscope_json_string(json, value, subject->arena);
    const char *shape;

    if (!text.data) {
        *ret_no_memory = true;
        return NULL;
    }
    shape = secret_in(text);
    return shape || value->flags & TSCOPE_VALUE_KNOWN ? shape : private_by_name(tscope_json_name(json, value), text);
}

enum tscope_status
tscope_clm_run_private(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings)
{
    const struct tscope_json *json = &subject->token->claims;
    bool no_memory = false;

    for (const struct tscope_value *value = tscope_json_first(json, subject->token->claims_root); value;
         value = tscope_json_next(json, value)) {
        const char *shape;
        struct tscope_evidence evidence;

        if (value->flags == TSCOPE_VALUE_KNOWN && !may_be_secret(json->text[value->start + 1]))
            continue; /* as nearly all are; what is no string is passed over in any case */
        if (value->type != TSCOPE_JSON_STRING || value->name_len < 3 || value->len < 8)
            continue;
        if (value->flags & TSCOPE_VALUE_KNOWN && !(value->flags & TSCOPE_VALUE_ESCAPED) && !may_be_secret(json->text[value->start + 1]))
            continue;
        shape = private_shape(subject, json, value, &no_memory);
        if (no_memory)
            return TSCOPE_ERR_NO_MEMORY;
        if (!shape)
            continue;
        evidence = tscope_evidence_member(subject, (struct tscope_member){json, value, TSCOPE_PART_PAYLOAD});
        evidence.excerpt = tscope_span_of(NULL, 0); /* it is not shown again */
        return tscope_findings_add_graded(findings, check, check->severity, check->proves, &evidence, 1,
                                          "a claim holds %s, and whoever handles the token can read it", shape);
    }
    return TSCOPE_OK;
}
