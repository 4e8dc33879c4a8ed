/* SPDX-License-Identifier: Apache-2.0 */
#include "checks/sd_runs.h"

#include <stdlib.h>

#include "core/base64url.h"
#include "keys/keyring.h"

#define DIGEST_BYTES_MAX 64

/*
 * RFC 9901 section 7.1: each disclosure that is shown has its digest in one place of the payload or of another disclosure. Which one
 * does not matter here: a disclosure whose own digest stands nowhere is found by that, so that nothing hangs on it unseen. Digests
 * without a disclosure are what the holder withholds, or decoys.
 */

enum tscope_digest
tscope_sd_digest_of(const tscope_subject *subject)
{
    const struct tscope_token *token = subject->token;
    const struct tscope_value *alg = tscope_json_member(&token->claims, token->claims_root, "_sd_alg");

    if (!alg || tscope_json_string_is(&token->claims, alg, "sha-256"))
        return TSCOPE_DIGEST_SHA256;
    if (tscope_json_string_is(&token->claims, alg, "sha-384"))
        return TSCOPE_DIGEST_SHA384;
    return tscope_json_string_is(&token->claims, alg, "sha-512") ? TSCOPE_DIGEST_SHA512 : TSCOPE_DIGEST_NONE;
}

struct tscope_span
tscope_sd_digest_text(const tscope_subject *subject, enum tscope_digest digest, struct tscope_span text)
{
    struct tscope_buffer encoded = {.arena = subject->arena};
    uint8_t bytes[DIGEST_BYTES_MAX];

    if (tscope_crypto_digest(tscope_keyring_crypto(subject->keyring), digest, &text, 1, bytes, NULL) != TSCOPE_OK)
        return tscope_span_of(NULL, 0);
    tscope_base64url_encode(&encoded, bytes, tscope_digest_len(digest));
    return tscope_buffer_keep(&encoded);
}

/* Texts of digests, those that are signed or those that are shown. */
struct digests {
    struct tscope_span *texts; /* NULL: counted only */
    size_t len;
    bool failed;
};

static void
add_digest(const tscope_subject *subject, const struct tscope_json *json, const struct tscope_value *value, struct digests *digests)
{
    struct tscope_span text;

    if (value->type != TSCOPE_JSON_STRING)
        return;
    if (digests->texts) {
        text = tscope_json_string(json, value, subject->arena);
        digests->failed |= !text.data;
        digests->texts[digests->len] = text;
    }
    digests->len++;
}

/* "_sd": ["digest", …] of an object, {"...": "digest"} in an array (RFC 9901 section 4.2.4). However deep, all values are in one row. */
static void
collect(const tscope_subject *subject, const struct tscope_json *json, struct digests *digests)
{
    for (uint32_t i = 0; i < json->values_len; i++) {
        const struct tscope_value *value = &json->values[i], *inner = tscope_json_first(json, value);

        if (value->type == TSCOPE_JSON_ARRAY && tscope_json_name_is(json, value, "_sd")) {
            for (; inner; inner = tscope_json_next(json, inner))
                add_digest(subject, json, inner, digests);
        } else if (value->type == TSCOPE_JSON_OBJECT && value->name_len == 0 && value->count == 1 &&
                   tscope_json_name_is(json, inner, "...")) {
            add_digest(subject, json, inner, digests);
        }
    }
}

static int
compare_texts(const void *left, const void *right)
{
    const struct tscope_span *a = left, *b = right;

    if (a->len != b->len)
        return a->len < b->len ? -1 : 1;
    return a->len ? memcmp(a->data, b->data, a->len) : 0;
}

static void
sort_digests(struct digests *digests)
{
    if (digests->len > 1)
        qsort(digests->texts, digests->len, sizeof(*digests->texts), compare_texts);
}

static bool
holds_twice(const struct digests *sorted)
{
    for (size_t i = 1; i < sorted->len; i++) {
        if (compare_texts(&sorted->texts[i - 1], &sorted->texts[i]) == 0)
            return true;
    }
    return false;
}

/* Its end may be lost: behind the last disclosure no tilde stands. */
static bool
is_cut(const struct tscope_token *token, const struct tscope_part *disclosure)
{
    return disclosure->form.data + disclosure->form.len == token->form.data + token->form.len;
}

/* What is no JSON holds no digests, and is found by its own if that is not signed. */
static enum tscope_status
read_disclosures(const tscope_subject *subject, struct tscope_json *jsons)
{
    const struct tscope_token *token = subject->token;

    for (uint32_t i = 0; i < token->disclosures_len; i++) {
        struct tscope_span decoded = token->disclosures[i].decoded;
        enum tscope_status status = tscope_json_read(&jsons[i], subject->arena, decoded.data, decoded.len, TSCOPE_JSON_LIMITS_TOKEN, NULL);

        if (status == TSCOPE_ERR_NO_MEMORY)
            return status;
    }
    return TSCOPE_OK;
}

/* Every digest of the payload and of the disclosures, sorted. */
static enum tscope_status
collect_signed(const tscope_subject *subject, struct digests *digests)
{
    const struct tscope_token *token = subject->token;
    struct tscope_json *jsons = tscope_arena_zeroed(subject->arena, token->disclosures_len, sizeof(*jsons));
    enum tscope_status status = jsons ? read_disclosures(subject, jsons) : TSCOPE_ERR_NO_MEMORY;

    for (int pass = 0; pass < 2 && status == TSCOPE_OK; pass++) {
        if (pass == 1) {
            digests->texts = tscope_arena_zeroed(subject->arena, digests->len + 1, sizeof(*digests->texts));
            if (!digests->texts)
                return TSCOPE_ERR_NO_MEMORY;
        }
        digests->len = 0;
        collect(subject, &token->claims, digests);
        for (uint32_t i = 0; i < token->disclosures_len; i++)
            collect(subject, &jsons[i], digests);
    }
    if (status != TSCOPE_OK || digests->failed)
        return TSCOPE_ERR_NO_MEMORY;
    sort_digests(digests);
    return TSCOPE_OK;
}

/* What was damaged or cut has another digest by that alone. */
static bool
is_whole(const struct tscope_token *token, const struct tscope_part *disclosure)
{
    return disclosure->clean && disclosure->form.len > 0 && !is_cut(token, disclosure);
}

static enum tscope_status
judge_disclosures(const struct tscope_check *check, const tscope_subject *subject, enum tscope_digest digest, tscope_findings *findings)
{
    const struct tscope_token *token = subject->token;
    struct digests signed_ones = {.len = 0}, shown = {.len = 0};
    uint32_t left_out = token->disclosures_total - token->disclosures_len;
    enum tscope_status status = collect_signed(subject, &signed_ones);

    shown.texts = tscope_arena_zeroed(subject->arena, token->disclosures_len, sizeof(*shown.texts));
    if (status != TSCOPE_OK || !shown.texts)
        return TSCOPE_ERR_NO_MEMORY;
    for (uint32_t i = 0; i < token->disclosures_len; i++) {
        const struct tscope_part *disclosure = &token->disclosures[i];
        struct tscope_span text;

        if (!is_whole(token, disclosure)) {
            left_out++;
            continue;
        }
        text = tscope_sd_digest_text(subject, digest, disclosure->form);
        if (!text.data)
            return TSCOPE_ERR_NO_MEMORY;
        if (!bsearch(&text, signed_ones.texts, signed_ones.len, sizeof(text), compare_texts))
            return tscope_findings_add(
                findings, check, tscope_evidence_text(subject, TSCOPE_PART_DISCLOSURE, disclosure->offset, disclosure->len),
                "the digest of disclosure %u stands nowhere in what the issuer signed: nobody vouches for what it says", i + 1);
        shown.texts[shown.len++] = text;
    }
    sort_digests(&shown);
    if (holds_twice(&shown))
        return tscope_findings_add(findings, check, tscope_evidence_part(subject, TSCOPE_PART_TOKEN), "one disclosure is shown twice");
    if (holds_twice(&signed_ones))
        return tscope_findings_add(findings, check, tscope_evidence_part(subject, TSCOPE_PART_PAYLOAD),
                                   "one digest stands in two places, so that a disclosure could be put into either");
    if (left_out > 0)
        return tscope_findings_unknown(findings, check, TSCOPE_REASON_NOT_COVERED, TSCOPE_CHANGES_VERDICT,
                                       "%u of the disclosures are cut or damaged, or more than are looked at", left_out);
    return TSCOPE_OK;
}

enum tscope_status
tscope_sd_run_disclosure(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings)
{
    const struct tscope_token *token = subject->token;
    enum tscope_digest digest;

    if (token->disclosures_len == 0)
        return TSCOPE_OK;
    if (!token->payload.clean || !token->claims_root || !token->claims.readable || subject->resolution->payload_masked)
        return tscope_findings_unknown(findings, check, TSCOPE_REASON_MASKED, TSCOPE_CHANGES_VERDICT,
                                       "the payload, with the digests of what may be disclosed, is not whole or was masked");
    digest = tscope_sd_digest_of(subject);
    if (digest == TSCOPE_DIGEST_NONE)
        return tscope_findings_unknown(findings, check, TSCOPE_REASON_NOT_COVERED, TSCOPE_CHANGES_VERDICT,
                                       "_sd_alg names a digest that is not known here");
    return judge_disclosures(check, subject, digest, findings);
}
