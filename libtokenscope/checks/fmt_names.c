/* SPDX-License-Identifier: Apache-2.0 */
#include "checks/fmt_runs.h"

#include "core/text.h"

/* The checks that ask whether two readers may see two names where one is written: NULs, case, letters that look alike. */

#define NUL_EVIDENCE_MAX 8
#define COMPARED_MAX 128 /* members that are compared with one another; of more only those with a known name are */

/* The claims by which somebody is let in. */
static const enum tscope_claim deciding_claims[] = {
    TSCOPE_CLAIM_ISS,   TSCOPE_CLAIM_SUB, TSCOPE_CLAIM_AUD,   TSCOPE_CLAIM_EXP,  TSCOPE_CLAIM_NBF,         TSCOPE_CLAIM_IAT,
    TSCOPE_CLAIM_TID,   TSCOPE_CLAIM_OID, TSCOPE_CLAIM_APPID, TSCOPE_CLAIM_AZP,  TSCOPE_CLAIM_CLIENT_ID,   TSCOPE_CLAIM_SCP,
    TSCOPE_CLAIM_SCOPE, TSCOPE_CLAIM_UPN, TSCOPE_CLAIM_ROLES, TSCOPE_CLAIM_WIDS, TSCOPE_CLAIM_UNIQUE_NAME, TSCOPE_CLAIM_PREFERRED_USERNAME,
    TSCOPE_CLAIM_EMAIL, TSCOPE_CLAIM_IDP, TSCOPE_CLAIM_NONCE, TSCOPE_CLAIM_CNF,
};

static bool
is_deciding(const tscope_subject *subject, const struct tscope_value *value)
{
    for (size_t i = 0; i < TSCOPE_COUNT(deciding_claims); i++) {
        if (subject->token->slots[deciding_claims[i]] == value)
            return true;
    }
    return false;
}

/* The member of the root that a value is, or is inside of. */
static const struct tscope_value *
member_around(const struct tscope_json *json, const struct tscope_value *value)
{
    while (value > json->values && value->depth > 1)
        value--;
    return value;
}

struct nul_search {
    struct tscope_evidence evidence[NUL_EVIDENCE_MAX];
    size_t evidence_len, total;
    bool grave; /* one stands where it can decide something */
};

static void
find_nuls(const tscope_subject *subject, const struct tscope_json *json, enum tscope_part_id part, struct nul_search *search)
{
    for (uint32_t i = 0; i < json->flaws_len; i++) {
        const struct tscope_json_flaw *flaw = &json->flaws[i];
        const struct tscope_value *value;
        bool in_name;

        if (flaw->kind != TSCOPE_JSON_FLAW_NUL || flaw->value >= json->values_len)
            continue;
        value = &json->values[flaw->value];
        in_name = flaw->offset < value->start;
        search->total++;
        search->grave |= in_name || part == TSCOPE_PART_HEADER || is_deciding(subject, member_around(json, value));
        if (search->evidence_len < NUL_EVIDENCE_MAX)
            search->evidence[search->evidence_len++] = tscope_evidence_member(subject, (struct tscope_member){json, value, part});
    }
}

enum tscope_status
tscope_fmt_run_nul(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings)
{
    struct nul_search search = {.total = 0};

    if (!subject->signature)
        return TSCOPE_OK;
    find_nuls(subject, &subject->signature->header, TSCOPE_PART_HEADER, &search);
    if (tscope_subject_carries_claims(subject))
        find_nuls(subject, &subject->token->claims, TSCOPE_PART_PAYLOAD, &search);
    if (search.total == 0)
        return TSCOPE_OK;
    return tscope_findings_add_graded(findings, check, search.grave ? check->severity : TSCOPE_SEVERITY_MEDIUM, check->proves,
                                      search.evidence, search.evidence_len,
                                      search.grave ? "a name, or a value that decides, holds a NUL, at which some readers end"
                                                   : "a value holds a NUL, at which some readers end");
}

static bool
differ_in_case(const struct tscope_json *json, const struct tscope_value *a, const struct tscope_value *b)
{
    return a->name_len == b->name_len && a->name_hash != b->name_hash &&
           tscope_text_equal_fold(tscope_json_name(json, a), tscope_json_name(json, b));
}

struct case_pair {
    const struct tscope_value *first, *second;
};

/* Of two names that differ in case alone one has a capital, and no known one has, but for x5t#S256: almost all tokens end here. */
static bool
has_capital(const struct tscope_json *json, const struct tscope_value *root)
{
    if (json->lower_case)
        return false;
    for (const struct tscope_value *value = tscope_json_first(json, root); value; value = tscope_json_next(json, value)) {
        struct tscope_span name = tscope_json_name(json, value);

        if (value->flags & TSCOPE_VALUE_KNOWN && name.len != sizeof("x5t#S256") - 1)
            continue;
        for (size_t i = 0; i < name.len; i++) {
            if (name.data[i] >= 'A' && name.data[i] <= 'Z')
                return true;
        }
    }
    return false;
}

/* A pair of which one has a name that is known is preferred: it can decide something. */
static bool
find_known_pair(const struct tscope_json *json, const struct tscope_value *root, const struct tscope_value *const *slots, size_t slots_len,
                struct case_pair *pair)
{
    for (const struct tscope_value *value = tscope_json_first(json, root); value; value = tscope_json_next(json, value)) {
        for (size_t i = 0; i < slots_len; i++) {
            if (slots[i] && slots[i] != value && differ_in_case(json, slots[i], value)) {
                *pair = (struct case_pair){slots[i], value};
                return true;
            }
        }
    }
    return false;
}

static bool
find_any_pair(const struct tscope_json *json, const struct tscope_value *root, struct case_pair *pair)
{
    if (root->count > COMPARED_MAX)
        return false;
    for (const struct tscope_value *a = tscope_json_first(json, root); a; a = tscope_json_next(json, a)) {
        for (const struct tscope_value *b = tscope_json_next(json, a); b; b = tscope_json_next(json, b)) {
            if (differ_in_case(json, a, b)) {
                *pair = (struct case_pair){a, b};
                return true;
            }
        }
    }
    return false;
}

/* The issuer's key, or one that was given, is behind both names: nobody else added one of them. */
static bool
is_signed_so(const tscope_subject *subject)
{
    const struct tscope_resolution *resolution = subject->resolution;

    return resolution->status == TSCOPE_STATUS_VERIFIED && !resolution->standing.notice &&
           (resolution->right == TSCOPE_RIGHT_YES || resolution->right == TSCOPE_RIGHT_ASKED);
}

static enum tscope_status
add_pair(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings, const struct tscope_json *json,
         enum tscope_part_id part, struct case_pair pair)
{
    struct tscope_evidence evidence[2] = {tscope_evidence_member(subject, (struct tscope_member){json, pair.first, part}),
                                          tscope_evidence_member(subject, (struct tscope_member){json, pair.second, part})};
    bool decides = part == TSCOPE_PART_HEADER || is_deciding(subject, pair.first) || is_deciding(subject, pair.second);
    enum tscope_severity severity = decides && !is_signed_so(subject) ? check->severity : TSCOPE_SEVERITY_MEDIUM;

    if (tscope_span_equal(tscope_json_raw(json, pair.first), tscope_json_raw(json, pair.second)))
        severity = TSCOPE_SEVERITY_LOW;
    return tscope_findings_add_graded(findings, check, severity, check->proves, evidence, 2, "%s and %s differ in case alone%s",
                                      tscope_subject_quote(subject, tscope_json_name(json, pair.first)),
                                      tscope_subject_quote(subject, tscope_json_name(json, pair.second)),
                                      severity == TSCOPE_SEVERITY_LOW ? ", and have one value" : "");
}

enum tscope_status
tscope_fmt_run_case(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings)
{
    const struct tscope_json *header, *claims = &subject->token->claims;
    const struct tscope_value *root;
    struct case_pair pair;

    if (!subject->signature)
        return TSCOPE_OK;
    header = &subject->signature->header;
    root = tscope_json_root(header);
    if (root && root->type == TSCOPE_JSON_OBJECT && has_capital(header, root) &&
        find_known_pair(header, root, subject->signature->slots, TSCOPE_HEADER_COUNT, &pair))
        return add_pair(check, subject, findings, header, TSCOPE_PART_HEADER, pair);
    root = subject->token->claims_root;
    if (!root || !tscope_subject_carries_claims(subject) || !has_capital(claims, root))
        return TSCOPE_OK;
    if (find_known_pair(claims, root, subject->token->slots, TSCOPE_CLAIM_COUNT, &pair) || find_any_pair(claims, root, &pair))
        return add_pair(check, subject, findings, claims, TSCOPE_PART_PAYLOAD, pair);
    return TSCOPE_OK;
}

/* Letters in shapes of their own that stand for Latin ones, and characters that nobody sees. */
static bool
is_disguise(uint32_t point)
{
    return (point >= 0xff01 && point <= 0xff5e) || (point >= 0x1d400 && point <= 0x1d7ff) || (point >= 0x200b && point <= 0x200f) ||
           (point >= 0x202a && point <= 0x202e) || (point >= 0x2060 && point <= 0x2069) || point == 0xfeff || point == 0xad;
}

static bool
is_latin(uint32_t point)
{
    return ((point | 32) >= 'a' && (point | 32) <= 'z' && point < 0x80);
}

/* Greek and Cyrillic; the micro sign and other letters of Latin-1 are not. */
static bool
is_look_alike_script(uint32_t point)
{
    return (point >= 0x370 && point <= 0x3ff) || (point >= 0x400 && point <= 0x52f);
}

/* What is wrong with a text; a word is a run of letters and digits, and is written in one script. */
static const char *
confusable_shape(struct tscope_span text)
{
    bool latin = false, other = false;

    if (tscope_text_is_ascii(text))
        return NULL; /* as almost all are */
    for (size_t at = 0; at < text.len;) {
        uint32_t point = tscope_text_code_point(text, &at);

        if (is_disguise(point))
            return "holds characters that are invisible or stand for others";
        latin |= is_latin(point);
        other |= is_look_alike_script(point);
        if (latin && other)
            return "mixes Latin letters with Greek or Cyrillic ones in one word";
        if (point < 0x80 && !is_latin(point) && !(point >= '0' && point <= '9'))
            latin = other = false;
    }
    return NULL;
}

static const enum tscope_claim names_shown[] = {
    TSCOPE_CLAIM_ISS,         TSCOPE_CLAIM_AUD,   TSCOPE_CLAIM_UPN, TSCOPE_CLAIM_PREFERRED_USERNAME,
    TSCOPE_CLAIM_UNIQUE_NAME, TSCOPE_CLAIM_EMAIL, TSCOPE_CLAIM_SUB};

enum tscope_status
tscope_fmt_run_confusable(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings)
{
    if (subject->token->claims.compact || !tscope_subject_carries_claims(subject))
        return TSCOPE_OK; /* compact: all of it is ASCII */
    for (size_t i = 0; i < TSCOPE_COUNT(names_shown); i++) {
        struct tscope_member member = tscope_subject_claim(subject, names_shown[i]);
        struct tscope_span text = tscope_subject_text(subject, member);
        const char *shape = text.data ? confusable_shape(text) : NULL;

        if (shape)
            return tscope_findings_add(findings, check, tscope_evidence_member(subject, member), "the claim %s %s: %s",
                                       tscope_claim_name(names_shown[i]), shape, tscope_subject_quote(subject, text));
    }
    return TSCOPE_OK;
}
