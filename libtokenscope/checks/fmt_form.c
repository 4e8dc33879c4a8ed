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

enum tscope_status
tscope_fmt_run_polyglot(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings)
{
    struct tscope_span text = subject->token->text;
    const uint8_t *dot;

    if (!is_json_form(subject->token->serialization))
        return TSCOPE_OK;
    dot = memchr(text.data, '.', text.len);
    if (!dot || !memchr(dot + 1, '.', text.len - (size_t)(dot + 1 - text.data)) || !begins_as_header(text))
        return TSCOPE_OK;
    return tscope_findings_add(
        findings, check, tscope_evidence_part(subject, TSCOPE_PART_TOKEN),
        "the text is a token in the JSON form, and split at its dots it begins like a compact one with another header");
}

enum tscope_status
tscope_fmt_run_json_form(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings)
{
    if (!is_json_form(subject->token->serialization) || !tscope_subject_is_jws(subject) || !tscope_subject_is_jwt(subject))
        return TSCOPE_OK;
    return tscope_findings_add(findings, check, tscope_evidence_part(subject, TSCOPE_PART_TOKEN),
                               "the claims of a JWT stand in a JSON form, and a JWT is always compact");
}
