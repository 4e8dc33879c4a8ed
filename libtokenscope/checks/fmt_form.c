/* SPDX-License-Identifier: Apache-2.0 */
#include "checks/fmt_runs.h"

/* The checks that ask which of the forms a token has, and whether it has two. */

#define HEAD_LETTERS 16 /* of what a lenient reader takes for the header: enough to tell an object from anything else */

static bool
is_json_form(enum tscope_serialization serialization)
{
    return serialization == TSCOPE_SERIALIZATION_JWS_FLATTENED || serialization == TSCOPE_SERIALIZATION_JWS_GENERAL ||
           serialization == TSCOPE_SERIALIZATION_JWE_FLATTENED || serialization == TSCOPE_SERIALIZATION_JWE_GENERAL;
}

static bool
is_base64_letter(uint8_t letter)
{
    return (letter >= '0' && letter <= '9') || ((letter | 32) >= 'a' && (letter | 32) <= 'z') || letter == '-' || letter == '_' ||
           letter == '+' || letter == '/';
}

/* What stands in front of the first dot, read as the lenient decoders do that pass over foreign bytes: an object's beginning? */
static bool
begins_as_header(struct tscope_span text)
{
    uint8_t letters[HEAD_LETTERS], decoded[HEAD_LETTERS];
    size_t len = 0, decoded_len = 0, at = 1;

    for (size_t i = 0; i < text.len && text.data[i] != '.' && len < HEAD_LETTERS; i++) {
        if (is_base64_letter(text.data[i]))
            letters[len++] = text.data[i];
    }
    len -= len % 4;
    for (size_t i = 0; i < len; i++)
        letters[i] = letters[i] == '+' ? '-' : letters[i] == '/' ? '_' : letters[i];
    if (!tscope_base64url_decode(letters, len, decoded, &decoded_len) || decoded_len < 3 || decoded[0] != '{')
        return false;
    while (at < decoded_len && (decoded[at] == ' ' || decoded[at] == '\t' || decoded[at] == '\n' || decoded[at] == '\r'))
        at++;
    return at < decoded_len && decoded[at] == '"';
}

/* A compact token with a piece of JSON in its header or claims, which decoders that pass over foreign letters do not see. */
static bool
holds_json(const tscope_subject *subject)
{
    const struct tscope_token *token = subject->token;
    const uint8_t *last = token->damage_len > 0 ? memrchr(token->text.data, '.', token->text.len) : NULL;
    size_t len = last ? (size_t)(last - token->text.data) : 0;

    if (!subject->signature || subject->signature->b64_false || is_json_form(token->serialization))
        return false;
    return len > 0 && memchr(token->text.data, '"', len) && (memchr(token->text.data, '{', len) || memchr(token->text.data, '}', len));
}

/*
 * Members of which two forms have one each: "signatures" must not be there in the flattened form of a JWS, "recipients" not in that
 * of a JWE (RFC 7515 section 7.2.2, RFC 7516 section 7.2.2), and which of both it is a payload or a ciphertext shows (RFC 7516
 * section 9). Each reader takes those that it knows, and other headers with them.
 */
static const struct {
    const char *one, *other;
} rival_members[] = {{"signature", "signatures"}, {"encrypted_key", "recipients"}, {"payload", "ciphertext"}};

/* null is how some programs write that there is none. */
static bool
has_value(const struct tscope_json *json, const char *name)
{
    const struct tscope_value *value = tscope_json_member(json, tscope_json_root(json), name);

    return value && value->type != TSCOPE_JSON_NULL;
}

static enum tscope_status
find_rivals(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings)
{
    const struct tscope_json *json = &subject->token->container;
    bool is_jose = !subject->signature || subject->signature->header.readable; /* else some other object that has a payload */

    for (size_t i = 0; i < TSCOPE_COUNT(rival_members) && is_jose; i++) {
        const char *one = rival_members[i].one, *other = rival_members[i].other;

        if (has_value(json, one) && has_value(json, other))
            return tscope_findings_add(findings, check, tscope_evidence_part(subject, TSCOPE_PART_TOKEN),
                                       "\"%s\" and \"%s\" stand in one object: readers of one JSON form see another token in it than "
                                       "readers of the other",
                                       one, other);
    }
    return TSCOPE_OK;
}

enum tscope_status
tscope_fmt_run_polyglot(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings)
{
    struct tscope_span text = subject->token->text;
    const uint8_t *dot;

    if (holds_json(subject))
        return tscope_findings_add(
            findings, check, tscope_evidence_part(subject, TSCOPE_PART_TOKEN),
            "braces and quotes stand inside a compact token: readers that pass over them and readers that end there see "
            "two different headers or claims");
    if (!is_json_form(subject->token->serialization))
        return TSCOPE_OK;
    dot = memchr(text.data, '.', text.len);
    if (!dot || !memchr(dot + 1, '.', text.len - (size_t)(dot + 1 - text.data)) || !begins_as_header(text))
        return find_rivals(check, subject, findings);
    return tscope_findings_add(
        findings, check, tscope_evidence_part(subject, TSCOPE_PART_TOKEN),
        "the text is a token in the JSON form, and split at its dots it begins like a compact one with another header");
}

/* RFC 7515 section 7.2: which of several must hold is for the application to say. One that fails beside one that holds was changed. */
enum tscope_status
tscope_fmt_run_several(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings)
{
    const struct tscope_company *company = &subject->company;

    if (company->signatures < 2 || company->verified == 0 || !tscope_subject_is_jws(subject))
        return TSCOPE_OK;
    if (subject->resolution->status == TSCOPE_STATUS_FAILED)
        return tscope_findings_add(
            findings, check, tscope_evidence_part(subject, TSCOPE_PART_SIGNATURE),
            "of %u signatures over one payload %u verify and %u fail, this one among them: readers who are content with "
            "one accept it, others refuse it",
            company->signatures, company->verified, company->failed);
    if (subject->resolution->status == TSCOPE_STATUS_UNVERIFIED)
        return tscope_findings_unknown(findings, check, TSCOPE_REASON_NO_KEY, TSCOPE_CHANGES_VERDICT,
                                       "of %u signatures %u verify; this one nobody here can judge", company->signatures,
                                       company->verified);
    return TSCOPE_OK;
}

enum tscope_status
tscope_fmt_run_trail(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings)
{
    const struct tscope_token *token = subject->token;

    if (token->words_before + token->words_behind == 0 || !subject->signature)
        return TSCOPE_OK;
    return tscope_findings_add(findings, check, tscope_evidence_part(subject, TSCOPE_PART_TOKEN),
                               "%zu bytes of other text stand before the token and %zu behind it", token->words_before,
                               token->words_behind);
}

enum tscope_status
tscope_fmt_run_json_form(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings)
{
    if (!is_json_form(subject->token->serialization) || !tscope_subject_is_jws(subject) || !tscope_subject_is_jwt(subject) ||
        tscope_token_is_sd_jwt(subject->token)) /* which has such forms of its own, RFC 9901 section 8 */
        return TSCOPE_OK;
    return tscope_findings_add(findings, check, tscope_evidence_part(subject, TSCOPE_PART_TOKEN),
                               "the claims of a JWT stand in a JSON form, and a JWT is always compact");
}
