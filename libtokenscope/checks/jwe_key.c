/* SPDX-License-Identifier: Apache-2.0 */
#include "checks/jwe_runs.h"

#include "checks/holder.h"
#include "core/base64url.h"
#include "keys/jwk.h"
#include "keys/keyring.h"

/* The checks of how the content encryption key is sent to a recipient (RFC 7518 section 4). */

#define ROUNDS_MIN 1000    /* RFC 7518 section 4.8.1.2 */
#define SALT_LEN_MIN 8     /* section 4.8.1.1 */
#define SALT_TEXT_MAX 1024 /* characters of a salt that are decoded: what is longer is not too short */
#define WRAP_OVERHEAD 8    /* of AES key wrap (RFC 3394 section 2.2.3.1) */

const struct tscope_jwe_alg *
tscope_jwe_alg_of(const tscope_subject *subject)
{
    struct tscope_span alg = tscope_subject_text(subject, tscope_subject_header(subject, TSCOPE_HEADER_ALG));

    return alg.data && tscope_subject_is_jwe(subject) ? tscope_jwe_alg_find(alg) : NULL;
}

static bool
is_password_based(const tscope_subject *subject)
{
    const struct tscope_jwe_alg *alg = tscope_jwe_alg_of(subject);

    return alg && alg->family == TSCOPE_JWE_PBES2;
}

/* Bytes of a base64url member; SIZE_MAX where they cannot be counted. */
static size_t
bytes_of(struct tscope_span text)
{
    uint8_t bytes[SALT_TEXT_MAX];
    size_t len;

    if (!text.data || tscope_base64url_bound(text.len) > sizeof(bytes) || !tscope_base64url_decode(text.data, text.len, bytes, &len))
        return SIZE_MAX;
    return len;
}

enum tscope_status
tscope_jwe_run_rounds(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings)
{
    struct tscope_member rounds, salt;
    int64_t count;
    size_t salt_len;

    if (!is_password_based(subject))
        return TSCOPE_OK;
    rounds = tscope_subject_header(subject, TSCOPE_HEADER_P2C);
    salt = tscope_subject_header(subject, TSCOPE_HEADER_P2S);
    if (rounds.value && (rounds.value->flags & TSCOPE_VALUE_OPEN))
        return TSCOPE_OK;
    if (!rounds.value || !tscope_json_integer(rounds.json, rounds.value, &count) || count < 1)
        return tscope_findings_add(findings, check, tscope_evidence_header(subject, TSCOPE_HEADER_P2C),
                                   "the key is made from a password, and p2c is no count of rounds");
    if (count > TSCOPE_JWE_P2C_MAX)
        return tscope_findings_add(findings, check, tscope_evidence_member(subject, rounds),
                                   "p2c asks whoever opens the token for %lld rounds: more than %u keep a processor busy for seconds",
                                   (long long)count, TSCOPE_JWE_P2C_MAX);
    if (count < ROUNDS_MIN)
        return tscope_findings_add(findings, check, tscope_evidence_member(subject, rounds),
                                   "p2c is %lld: fewer than %d rounds make guessing the password cheap", (long long)count, ROUNDS_MIN);
    salt_len = bytes_of(tscope_subject_text(subject, salt));
    if (salt.value && salt_len < SALT_LEN_MIN)
        return tscope_findings_add(findings, check, tscope_evidence_member(subject, salt),
                                   "the salt p2s has %zu bytes, of at least %d that are required", salt_len, SALT_LEN_MIN);
    return TSCOPE_OK;
}

enum tscope_status
tscope_jwe_run_rsa15(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings)
{
    const struct tscope_jwe_alg *alg = tscope_jwe_alg_of(subject);

    if (!alg || alg->family != TSCOPE_JWE_RSA15)
        return TSCOPE_OK;
    return tscope_findings_add(findings, check, tscope_evidence_header(subject, TSCOPE_HEADER_ALG),
                               "the content key is encrypted with the padding of PKCS #1 v1.5");
}

/* Whether the point is one that a key agreement may use: libcrypto has to look at it. */
static enum tscope_status
judge_point(const tscope_subject *subject, const struct tscope_key_numbers *numbers, enum tscope_key_flaw *ret_flaw)
{
    TSCOPE_AUTO(tscope_pkey) *pkey = NULL;

    return tscope_pkey_new(tscope_keyring_crypto(subject->keyring), numbers, &pkey, ret_flaw, NULL);
}

static enum tscope_status
add_epk(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings, const char *what)
{
    struct tscope_evidence evidence = tscope_evidence_header(subject, TSCOPE_HEADER_EPK);

    evidence.excerpt = tscope_span_of(NULL, 0); /* there may be a private part in it */
    return tscope_findings_add_graded(findings, check, check->severity, check->proves, &evidence, 1, "the ephemeral key epk %s", what);
}

enum tscope_status
tscope_jwe_run_epk(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings)
{
    const struct tscope_jwe_alg *alg = tscope_jwe_alg_of(subject);
    struct tscope_member epk;
    struct tscope_jwk jwk;
    tscope_key key;
    enum tscope_key_flaw flaw;
    enum tscope_status status;

    if (!alg || alg->family != TSCOPE_JWE_ECDH)
        return TSCOPE_OK;
    epk = tscope_subject_header(subject, TSCOPE_HEADER_EPK);
    if (!epk.value)
        return subject->signature->header.readable ? add_epk(check, subject, findings, "is missing") : TSCOPE_OK;
    if (epk.value->flags & TSCOPE_VALUE_OPEN)
        return TSCOPE_OK;
    if (epk.value->type != TSCOPE_JSON_OBJECT)
        return add_epk(check, subject, findings, "is no object");
    if (!tscope_jwk_read(epk.json, epk.value, subject->arena, &jwk) || !tscope_jwk_key(&jwk, subject->arena, &key))
        return TSCOPE_ERR_NO_MEMORY;
    if (jwk.d.data || jwk.has_private)
        return add_epk(check, subject, findings, "has its private part in it: whoever reads the token can open it");
    if (key.numbers.type != TSCOPE_KEY_EC && key.numbers.type != TSCOPE_KEY_OKP)
        return add_epk(check, subject, findings, "is of a type that no key is agreed with");
    flaw = key.flaw;
    if (flaw == TSCOPE_KEY_FLAW_NONE) {
        status = judge_point(subject, &key.numbers, &flaw);
        if (status != TSCOPE_OK)
            return status;
    }
    if (flaw == TSCOPE_KEY_FLAW_CURVE)
        return add_epk(check, subject, findings, "lies on a curve that is not defined for the algorithm");
    if (flaw != TSCOPE_KEY_FLAW_NONE && flaw != TSCOPE_KEY_FLAW_LIBRARY)
        return add_epk(check, subject, findings, tscope_words(subject, "cannot be used: %s", tscope_key_flaw_text(flaw)));
    return TSCOPE_OK;
}

/* Bytes that the encrypted key must have; SIZE_MAX: that depends on the recipient's key. */
static size_t
wrapped_len(const struct tscope_jwe_alg *alg, const struct tscope_jwe_enc *enc)
{
    switch (alg->family) {
    case TSCOPE_JWE_DIR:
        return 0;
    case TSCOPE_JWE_ECDH:
        return alg->wrap_len ? enc->key_len + WRAP_OVERHEAD : 0;
    case TSCOPE_JWE_AESKW:
    case TSCOPE_JWE_PBES2:
        return enc->key_len + WRAP_OVERHEAD;
    case TSCOPE_JWE_GCMKW:
        return enc->key_len;
    case TSCOPE_JWE_RSA15:
    case TSCOPE_JWE_RSA_OAEP:
        break;
    }
    return SIZE_MAX;
}

enum tscope_status
tscope_jwe_run_wrapped_len(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings)
{
    const struct tscope_jwe_alg *alg = tscope_jwe_alg_of(subject);
    const struct tscope_jwe_enc *enc = tscope_jwe_enc_of(subject);
    struct tscope_evidence evidence;
    size_t due, len;

    if (!alg || !enc || !subject->signature->signature.clean)
        return TSCOPE_OK;
    due = wrapped_len(alg, enc);
    len = subject->signature->signature.decoded.len;
    /* less may have been cut away; that nothing opens such a token says its decryption */
    if (due == SIZE_MAX || len <= due)
        return TSCOPE_OK;
    evidence = tscope_evidence_part(subject, TSCOPE_PART_KEY);
    return tscope_findings_add(findings, check, evidence,
                               "the encrypted key has %zu bytes, and %s with %s has %zu: the rest runs past what a "
                               "careless reader makes room for",
                               len, alg->name, enc->name, due);
}
