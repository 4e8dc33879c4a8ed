/* SPDX-License-Identifier: Apache-2.0 */
#include "checks/jwe_runs.h"

#include "checks/holder.h"
#include "keys/keyring.h"
#include "token/nested.h"

/* The checks of an encrypted token's content: how it was packed and sealed, and what it says once it is open. */

#define PLAIN_MAX 250000           /* bytes of a plaintext that is packed: RFC 8725bis gives this bound */
#define RATIO_MAX 100              /* text packs to a tenth, hardly to less */
#define RATIO_PLAIN_MIN (16 << 10) /* bytes below which no ratio does harm */

const struct tscope_jwe_enc *
tscope_jwe_enc_of(const tscope_subject *subject)
{
    struct tscope_span enc = tscope_subject_text(subject, tscope_subject_header(subject, TSCOPE_HEADER_ENC));

    return enc.data && tscope_subject_is_jwe(subject) ? tscope_jwe_enc_find(enc) : NULL;
}

/* What all recipients share is judged with the first. */
static bool
is_first(const tscope_subject *subject)
{
    return tscope_subject_is_jwe(subject) && subject->signature == subject->token->signatures;
}

enum tscope_status
tscope_jwe_run_zip(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings)
{
    const struct tscope_opened *opened = &subject->opened;
    struct tscope_member zip;
    struct tscope_evidence evidence;

    if (!is_first(subject))
        return TSCOPE_OK;
    zip = tscope_subject_header(subject, TSCOPE_HEADER_ZIP);
    if (!zip.value || (zip.value->flags & TSCOPE_VALUE_OPEN))
        return TSCOPE_OK;
    evidence = tscope_evidence_member(subject, zip);
    if (opened->inflates_too_far)
        return tscope_findings_add(findings, check, evidence,
                                   "%zu packed bytes unpack to more than %d: a bomb for whoever unpacks all of it", opened->packed_len,
                                   PLAIN_MAX);
    if (opened->is_open && opened->plain_len > PLAIN_MAX)
        return tscope_findings_add(findings, check, evidence, "%zu packed bytes unpack to %zu, over the %d that a reader should allow",
                                   opened->packed_len, opened->plain_len, PLAIN_MAX);
    if (opened->is_open && opened->plain_len >= RATIO_PLAIN_MIN && opened->plain_len / RATIO_MAX >= opened->packed_len)
        return tscope_findings_add(findings, check, evidence, "%zu packed bytes unpack to %zu: no text packs so well", opened->packed_len,
                                   opened->plain_len);
    return tscope_findings_add_graded(
        findings, check, TSCOPE_SEVERITY_MEDIUM, TSCOPE_PROVES_ANOMALY, &evidence, 1,
        "the content is packed before it is encrypted: its length tells of what is in it, and what it unpacks "
        "to %s",
        opened->is_open ? "is within bounds" : "is known to nobody who cannot open it");
}

/* Of a compact token the tag is the last part: where nothing is left of it, or the field ended in it, evidence is missing. */
static bool
may_be_cut(const tscope_subject *subject)
{
    const struct tscope_token *token = subject->token;

    return token->tag.decoded.len == 0 || !token->tag.clean ||
           (subject->captured && token->serialization == TSCOPE_SERIALIZATION_JWE_COMPACT);
}

enum tscope_status
tscope_jwe_run_lengths(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings)
{
    const struct tscope_token *token = subject->token;
    const struct tscope_jwe_enc *enc;

    if (!is_first(subject))
        return TSCOPE_OK;
    enc = tscope_jwe_enc_of(subject);
    if (!enc)
        return TSCOPE_OK;
    if (token->iv.clean && token->iv.decoded.len > 0 && token->iv.decoded.len != enc->iv_len)
        return tscope_findings_add(findings, check, tscope_evidence_part(subject, TSCOPE_PART_IV),
                                   "the initialization vector has %zu bytes, and that of %s has %zu", token->iv.decoded.len, enc->name,
                                   enc->iv_len);
    if (!token->tag.form.data || token->tag.decoded.len == enc->tag_len)
        return TSCOPE_OK;
    if (token->tag.decoded.len < enc->tag_len && may_be_cut(subject))
        return tscope_findings_unknown(findings, check, TSCOPE_REASON_SIGNATURE_MISSING, TSCOPE_CHANGES_VERDICT,
                                       "the authentication tag is not whole, and may have been cut off in the capture");
    return tscope_findings_add(findings, check, tscope_evidence_part(subject, TSCOPE_PART_TAG),
                               "the authentication tag has %zu bytes, and that of %s has %zu%s", token->tag.decoded.len, enc->name,
                               enc->tag_len, token->tag.decoded.len < enc->tag_len ? ": a short one can be guessed" : "");
}

/* Opens it with the key that is no key; nothing of the plaintext is kept. */
static enum tscope_status
try_zero_key(const tscope_subject *subject, const struct tscope_jwe_enc *enc, bool *ret_opens)
{
    static const uint8_t zeros[TSCOPE_JWE_KEY_MAX];
    const struct tscope_token *token = subject->token;
    const struct tscope_span aad[] = {token->signatures[0].protected_part.form, TSCOPE_SPAN("."), token->aad.form};
    const struct tscope_jwe_content content = {
        .enc = enc,
        .iv = token->iv.decoded,
        .ciphertext = token->ciphertext.decoded,
        .tag = token->tag.decoded,
        .aad = aad,
        .aad_len = token->aad.form.data ? 3 : 1,
    };
    uint8_t *out = tscope_arena_alloc(subject->arena, TSCOPE_JWE_OUT(content.ciphertext.len));
    enum tscope_jwe_result result = TSCOPE_JWE_WRONG;
    size_t len;
    enum tscope_status status;

    if (!out)
        return TSCOPE_ERR_NO_MEMORY;
    status =
        tscope_jwe_open(tscope_keyring_crypto(subject->keyring), tscope_span_of(zeros, enc->key_len), &content, out, &len, &result, NULL);
    *ret_opens = status == TSCOPE_OK && result == TSCOPE_JWE_DECRYPTED;
    return status;
}

enum tscope_status
tscope_jwe_run_zero_key(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings)
{
    const struct tscope_jwe_enc *enc;
    const struct tscope_jwe_alg *alg;
    struct tscope_evidence evidence;
    bool opens = false;
    enum tscope_status status;

    if (!is_first(subject))
        return TSCOPE_OK;
    enc = tscope_jwe_enc_of(subject);
    if (!enc || subject->token->tag.decoded.len != enc->tag_len)
        return TSCOPE_OK;
    status = try_zero_key(subject, enc, &opens);
    if (status != TSCOPE_OK || !opens)
        return status;
    evidence = tscope_evidence_part(subject, TSCOPE_PART_CIPHERTEXT);
    alg = tscope_jwe_alg_of(subject);
    if (subject->opened.is_open && alg && alg->family == TSCOPE_JWE_DIR)
        return tscope_findings_add_graded(findings, check, TSCOPE_SEVERITY_HIGH, TSCOPE_PROVES_ANOMALY, &evidence, 1,
                                          "it opens with a key of %zu zeros, and such a key was given for it: that is no secret",
                                          enc->key_len);
    return tscope_findings_add(findings, check, evidence,
                               "it opens with a content key of %zu zeros: whoever made it knew no key, and counts on a reader that goes on "
                               "when it could not decrypt one",
                               enc->key_len);
}

static const struct tscope_token *
inner_of(const struct tscope_token *token)
{
    uint32_t content = tscope_nested_content(token);

    return content != UINT32_MAX ? token->nested[content].token : NULL;
}

/* Everyone has the public key that it was encrypted with, so that anyone can have made it. */
static bool
is_for_public_key(const struct tscope_jwe_alg *alg)
{
    return alg && (alg->family == TSCOPE_JWE_RSA15 || alg->family == TSCOPE_JWE_RSA_OAEP || alg->family == TSCOPE_JWE_ECDH);
}

enum tscope_status
tscope_jwe_run_unsigned(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings)
{
    struct tscope_evidence evidence;

    if (!is_first(subject) || !subject->opened.is_open || inner_of(subject->token) || !subject->token->claims_root)
        return TSCOPE_OK;
    evidence = tscope_evidence_header(subject, TSCOPE_HEADER_ALG);
    if (subject->issuer.family.data && subject->issuer.row)
        return tscope_findings_add(
            findings, check, evidence,
            "inside are claims that nobody signed, in the name of %s, whose tokens are signed: encryption shows who may "
            "read a token, not who made it",
            tscope_words_of_iss(subject));
    if (is_for_public_key(tscope_jwe_alg_of(subject)))
        return tscope_findings_add_graded(findings, check, TSCOPE_SEVERITY_MEDIUM, TSCOPE_PROVES_ANOMALY, &evidence, 1,
                                          "inside are claims that nobody signed, encrypted with a public key: anyone can have made it");
    return TSCOPE_OK;
}

/* RFC 7519 section 5.3: claims that the header repeats must say what is inside. */
static const char *
differing_claim(const tscope_subject *subject, const struct tscope_token *inner, struct tscope_member *ret_member)
{
    static const struct {
        const char *name;
        enum tscope_claim claim;
    } repeated[] = {{"iss", TSCOPE_CLAIM_ISS}, {"sub", TSCOPE_CLAIM_SUB}, {"aud", TSCOPE_CLAIM_AUD}};
    const struct tscope_json *header = &subject->signature->header;

    for (size_t i = 0; i < TSCOPE_COUNT(repeated); i++) {
        const struct tscope_value *outside = tscope_json_member(header, tscope_json_root(header), repeated[i].name);
        struct tscope_span said, meant;

        if (!outside || outside->type != TSCOPE_JSON_STRING)
            continue;
        said = tscope_json_string(header, outside, subject->arena);
        meant = tscope_json_string(&inner->claims, inner->slots[repeated[i].claim], subject->arena);
        *ret_member = (struct tscope_member){header, outside, TSCOPE_PART_HEADER};
        if (said.data && (!inner->slots[repeated[i].claim] || (meant.data && !tscope_span_equal(said, meant))))
            return repeated[i].name;
    }
    return NULL;
}

enum tscope_status
tscope_jwe_run_nested(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings)
{
    const struct tscope_token *inner;
    struct tscope_member member = {0};
    const char *name;

    if (!is_first(subject) || !subject->opened.is_open)
        return TSCOPE_OK;
    inner = inner_of(subject->token);
    if (inner && tscope_nested_is_unsecured(inner))
        return tscope_findings_add(findings, check, tscope_evidence_part(subject, TSCOPE_PART_CIPHERTEXT),
                                   "the token inside is unsecured: nobody signed what is encrypted here");
    if (!inner)
        inner = subject->token;
    if (!inner->claims_root || !subject->signature->header.readable)
        return TSCOPE_OK;
    name = differing_claim(subject, inner, &member);
    if (!name)
        return TSCOPE_OK;
    return tscope_findings_add(
        findings, check, tscope_evidence_member(subject, member),
        "the header repeats the claim '%s', and the content says something else: who reads the one is deceived of the "
        "other",
        name);
}
