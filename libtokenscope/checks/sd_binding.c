/* SPDX-License-Identifier: Apache-2.0 */
#include "checks/sd_runs.h"

#include "crypto/verifier.h"
#include "keys/jwk.h"
#include "keys/keyring.h"
#include "token/nested.h"

/* What stands behind the last tilde; len 0: nothing, or no token. */
static size_t
proof_len(const struct tscope_token *token)
{
    const uint8_t *tilde = memrchr(token->form.data, '~', token->form.len);
    size_t len = tilde ? (size_t)(token->form.data + token->form.len - tilde - 1) : 0;

    return len > 0 && memchr(tilde + 1, '.', len) ? len : 0;
}

/* RIGHT and the key: cnf holds one that only its holder can sign with. */
static enum tscope_status
read_holder(const tscope_subject *subject, struct tscope_key *key, struct tscope_sd_binding *binding)
{
    struct tscope_member cnf = tscope_subject_claim(subject, TSCOPE_CLAIM_CNF);
    const struct tscope_value *value = tscope_json_member(cnf.json, cnf.value, "jwk");
    struct tscope_jwk jwk;

    binding->proof = TSCOPE_SD_PROOF_UNKNOWN;
    binding->reason = TSCOPE_REASON_NO_KEY;
    binding->words = "the token names no key of its holder (\"cnf\" with \"jwk\") that could verify the proof behind it";
    if (!value || value->type != TSCOPE_JSON_OBJECT)
        return TSCOPE_OK;
    if (!tscope_jwk_read(cnf.json, value, subject->arena, &jwk) || !tscope_jwk_key(&jwk, subject->arena, key))
        return TSCOPE_ERR_NO_MEMORY;
    if (key->flaw == TSCOPE_KEY_FLAW_NONE && key->numbers.type != TSCOPE_KEY_OCT) {
        binding->proof = TSCOPE_SD_PROOF_RIGHT;
        return TSCOPE_OK;
    }
    binding->reason = TSCOPE_REASON_KEY_UNUSABLE;
    binding->words = "the key in \"cnf\" cannot be used, or is a secret that everyone reads: it verifies no proof";
    return TSCOPE_OK;
}

static enum tscope_status
check_signature(const tscope_subject *subject, const struct tscope_token *proof, const struct tscope_alg *alg,
                const struct tscope_key_numbers *numbers, enum tscope_verify_result *ret_result)
{
    const struct tscope_token_signature *signature = &proof->signatures[0];
    const struct tscope_span parts[] = {signature->protected_part.form, TSCOPE_SPAN("."), proof->payload.form};
    tscope_crypto *crypto = tscope_keyring_crypto(subject->keyring);
    TSCOPE_AUTO(tscope_pkey) *pkey = NULL;
    TSCOPE_AUTO(tscope_verifier) *verifier = NULL;
    enum tscope_key_flaw flaw;
    enum tscope_status status = tscope_pkey_new(crypto, numbers, &pkey, &flaw, NULL);

    *ret_result = TSCOPE_VERIFY_UNFIT;
    if (status == TSCOPE_OK && pkey)
        status = tscope_verifier_new(crypto, &verifier, NULL);
    if (status != TSCOPE_OK || !pkey)
        return status;
    return tscope_verifier_check(verifier, pkey, alg, parts, TSCOPE_COUNT(parts), signature->signature.decoded, ret_result, NULL);
}

static enum tscope_status
judge_signature(const tscope_subject *subject, const struct tscope_token *proof, const struct tscope_key *key,
                struct tscope_sd_binding *binding)
{
    const struct tscope_token_signature *signature = &proof->signatures[0];
    struct tscope_span name = tscope_json_string(&signature->header, signature->slots[TSCOPE_HEADER_ALG], subject->arena);
    const struct tscope_alg *alg = name.data ? tscope_alg_find(name) : NULL;
    enum tscope_verify_result result;
    enum tscope_status status;

    binding->proof = TSCOPE_SD_PROOF_WRONG;
    binding->words = "the proof behind the token is unsecured: whoever had the token could write it";
    if (alg && alg->family == TSCOPE_ALG_NONE)
        return TSCOPE_OK;
    binding->proof = TSCOPE_SD_PROOF_UNKNOWN;
    binding->reason = TSCOPE_REASON_SIGNATURE_MISSING;
    binding->words = "the proof behind the token is not whole";
    if (signature->presence != TSCOPE_SIGNATURE_PRESENT || !signature->signature.clean || !proof->payload.clean)
        return TSCOPE_OK;
    binding->words = "the proof behind the token is signed with an algorithm that the key in \"cnf\" is not made for";
    binding->reason = TSCOPE_REASON_KEY_UNUSABLE;
    if (!alg)
        return TSCOPE_OK;
    if (!tscope_key_numbers_fit(&key->numbers, alg)) {
        binding->proof = TSCOPE_SD_PROOF_WRONG;
        return TSCOPE_OK;
    }
    status = check_signature(subject, proof, alg, &key->numbers, &result);
    if (status != TSCOPE_OK || result == TSCOPE_VERIFY_UNFIT)
        return status;
    binding->proof = result == TSCOPE_VERIFY_OK ? TSCOPE_SD_PROOF_RIGHT : TSCOPE_SD_PROOF_WRONG;
    binding->words = "the key in \"cnf\" does not verify the proof behind the token: somebody else made it";
    if (result == TSCOPE_VERIFY_LENGTH && key->numbers.type == TSCOPE_KEY_RSA && signature->signature.decoded.len < key->numbers.n.len) {
        binding->proof = TSCOPE_SD_PROOF_UNKNOWN;
        binding->reason = TSCOPE_REASON_SIGNATURE_MISSING;
        binding->words = "the proof behind the token may have been cut";
    }
    return TSCOPE_OK;
}

/* "sd_hash", and as it was called before; over all that stands in front of the proof. */
static enum tscope_status
judge_digest(const tscope_subject *subject, const struct tscope_token *proof, bool typed, struct tscope_sd_binding *binding)
{
    struct tscope_span shown = tscope_span_of(subject->token->form.data, subject->token->form.len - proof_len(subject->token));
    const struct tscope_value *said = tscope_json_member(&proof->claims, proof->claims_root, "sd_hash");
    enum tscope_digest digest = tscope_sd_digest_of(subject);
    struct tscope_span text, made;

    if (!said)
        said = tscope_json_member(&proof->claims, proof->claims_root, "_sd_hash");
    if (!said) {
        binding->proof = typed ? TSCOPE_SD_PROOF_WRONG : TSCOPE_SD_PROOF_LOOSE;
        binding->words = "the holder's proof has no \"sd_hash\": it can be put behind any presentation";
        return TSCOPE_OK;
    }
    binding->proof = TSCOPE_SD_PROOF_UNKNOWN;
    binding->reason = TSCOPE_REASON_NOT_COVERED;
    binding->words = "_sd_alg names a digest that is not known here, so that \"sd_hash\" of the proof cannot be compared";
    if (digest == TSCOPE_DIGEST_NONE)
        return TSCOPE_OK;
    text = tscope_json_string(&proof->claims, said, subject->arena);
    made = tscope_sd_digest_text(subject, digest, shown);
    if (!made.data || (said->type == TSCOPE_JSON_STRING && !text.data))
        return TSCOPE_ERR_NO_MEMORY;
    binding->proof = text.data && tscope_span_equal(text, made) ? TSCOPE_SD_PROOF_RIGHT : TSCOPE_SD_PROOF_WRONG;
    binding->words = "\"sd_hash\" of the holder's proof is not the digest of what is shown here: it was made for another presentation";
    return TSCOPE_OK;
}

static enum tscope_status
judge_proof(const tscope_subject *subject, const struct tscope_token *proof, struct tscope_sd_binding *binding)
{
    const struct tscope_token_signature *signature = &proof->signatures[0];
    bool typed = tscope_json_string_is(&signature->header, signature->slots[TSCOPE_HEADER_TYP], "kb+jwt");
    struct tscope_key key = {.kid = {NULL, 0}};
    enum tscope_status status = read_holder(subject, &key, binding);

    if (status == TSCOPE_OK && binding->proof == TSCOPE_SD_PROOF_RIGHT)
        status = judge_signature(subject, proof, &key, binding);
    if (status == TSCOPE_OK && binding->proof == TSCOPE_SD_PROOF_RIGHT)
        status = judge_digest(subject, proof, typed, binding);
    if (status == TSCOPE_OK && binding->proof == TSCOPE_SD_PROOF_RIGHT && !typed) {
        binding->proof = TSCOPE_SD_PROOF_LOOSE;
        binding->words = "the holder's proof is not of the type \"kb+jwt\": a signature that was made for something else may stand here";
    }
    return status;
}

enum tscope_status
tscope_sd_judge(const tscope_subject *subject, tscope_findings *findings, const struct tscope_sd_binding **ret_binding)
{
    const struct tscope_token *token = subject->token;
    struct tscope_sd_binding *binding = findings->binding;
    uint32_t proof;
    enum tscope_status status = TSCOPE_OK;

    if (!binding) {
        binding = tscope_arena_zeroed(findings->arena, 1, sizeof(*binding));
        if (!binding)
            return TSCOPE_ERR_NO_MEMORY;
        if (token->serialization == TSCOPE_SERIALIZATION_SD_JWT && proof_len(token) > 0) {
            proof = tscope_nested_proof(token);
            *binding =
                (struct tscope_sd_binding){TSCOPE_SD_PROOF_UNKNOWN, TSCOPE_REASON_NOT_COVERED, "the proof behind the token cannot be read"};
            if (proof != UINT32_MAX && token->nested[proof].token->signatures_len == 1)
                status = judge_proof(subject, token->nested[proof].token, binding);
        }
        if (status != TSCOPE_OK)
            return status;
        findings->binding = binding;
    }
    *ret_binding = binding;
    return TSCOPE_OK;
}

enum tscope_status
tscope_sd_run_binding(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings)
{
    const struct tscope_sd_binding *binding = NULL;
    enum tscope_status status = tscope_sd_judge(subject, findings, &binding);
    struct tscope_evidence evidence;

    if (status != TSCOPE_OK)
        return status;
    evidence = tscope_evidence_claim(subject, TSCOPE_CLAIM_CNF);
    switch (binding->proof) {
    case TSCOPE_SD_PROOF_NONE:
    case TSCOPE_SD_PROOF_RIGHT:
        break;
    case TSCOPE_SD_PROOF_UNKNOWN:
        return tscope_findings_unknown_words(findings, check, binding->reason, TSCOPE_CHANGES_VERDICT, binding->words);
    case TSCOPE_SD_PROOF_WRONG:
        return tscope_findings_add(findings, check, evidence, "%s", binding->words);
    case TSCOPE_SD_PROOF_LOOSE:
        return tscope_findings_add_graded(findings, check, TSCOPE_SEVERITY_MEDIUM, TSCOPE_PROVES_ANOMALY, &evidence, 1, "%s",
                                          binding->words);
    }
    return TSCOPE_OK;
}
