/* SPDX-License-Identifier: Apache-2.0 */
#include "checks/sd_runs.h"

#include "crypto/verifier.h"
#include "keys/jwk.h"
#include "keys/keyring.h"
#include "token/nested.h"

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

/* What the proof is made for, compact: all that stands in front of it, or what JSON forms are put together to (RFC 9901 section 8.1). */
static struct tscope_span
shown_text(const tscope_subject *subject, const struct tscope_token_signature *signature)
{
    const struct tscope_token *token = subject->token;
    const struct tscope_part *parts[] = {&signature->protected_part, &token->payload, &signature->signature};
    struct tscope_buffer text = {.arena = subject->arena};

    if (token->serialization == TSCOPE_SERIALIZATION_SD_JWT)
        return tscope_span_of(token->form.data, token->form.len - token->holder_proof.len);
    for (size_t i = 0; i < TSCOPE_COUNT(parts); i++) {
        tscope_buffer_append(&text, parts[i]->form.data, parts[i]->form.len);
        tscope_buffer_append_text(&text, i + 1 < TSCOPE_COUNT(parts) ? "." : "~");
    }
    for (uint32_t i = 0; i < token->disclosures_len; i++) {
        tscope_buffer_append(&text, token->disclosures[i].form.data, token->disclosures[i].form.len);
        tscope_buffer_append_text(&text, "~");
    }
    return tscope_buffer_keep(&text);
}

/* Of several signatures the RFC does not say whose is meant: any will do. */
static enum tscope_status
compare_digest(const tscope_subject *subject, struct tscope_span said, enum tscope_digest digest, bool *ret_equal)
{
    const struct tscope_token *token = subject->token;
    uint32_t count = token->serialization == TSCOPE_SERIALIZATION_SD_JWT ? 1 : token->signatures_len;

    *ret_equal = false;
    for (uint32_t i = 0; i < count && !*ret_equal; i++) {
        struct tscope_span shown = shown_text(subject, &token->signatures[i]), made;

        made = shown.data ? tscope_sd_digest_text(subject, digest, shown) : shown;
        if (!made.data)
            return TSCOPE_ERR_NO_MEMORY;
        *ret_equal = tscope_span_equal(said, made);
    }
    return TSCOPE_OK;
}

/* Why "sd_hash" cannot be compared; NULL: it can. */
static const char *
why_incomparable(const struct tscope_token *token, enum tscope_digest digest)
{
    if (digest == TSCOPE_DIGEST_NONE)
        return "_sd_alg names a digest that is not known here, so that \"sd_hash\" of the proof cannot be compared";
    if (token->serialization != TSCOPE_SERIALIZATION_SD_JWT && token->disclosures_len < token->disclosures_total)
        return "there are more disclosures than are looked at, so that \"sd_hash\" of the proof cannot be compared";
    return NULL;
}

/* "sd_hash", and as it was called before. */
static enum tscope_status
judge_digest(const tscope_subject *subject, const struct tscope_token *proof, bool typed, struct tscope_sd_binding *binding)
{
    const struct tscope_value *said = tscope_json_member(&proof->claims, proof->claims_root, "sd_hash");
    enum tscope_digest digest = tscope_sd_digest_of(subject);
    struct tscope_span text;
    enum tscope_status status;
    bool equal = false;

    if (!said)
        said = tscope_json_member(&proof->claims, proof->claims_root, "_sd_hash");
    if (!said) {
        binding->proof = typed ? TSCOPE_SD_PROOF_WRONG : TSCOPE_SD_PROOF_LOOSE;
        binding->words = "the holder's proof has no \"sd_hash\": it can be put behind any presentation";
        return TSCOPE_OK;
    }
    binding->proof = TSCOPE_SD_PROOF_UNKNOWN;
    binding->reason = TSCOPE_REASON_NOT_COVERED;
    binding->words = why_incomparable(subject->token, digest);
    if (binding->words)
        return TSCOPE_OK;
    text = tscope_json_string(&proof->claims, said, subject->arena);
    if (said->type == TSCOPE_JSON_STRING && !text.data)
        return TSCOPE_ERR_NO_MEMORY;
    status = text.data ? compare_digest(subject, text, digest, &equal) : TSCOPE_OK;
    binding->proof = equal ? TSCOPE_SD_PROOF_RIGHT : TSCOPE_SD_PROOF_WRONG;
    binding->words = "\"sd_hash\" of the holder's proof is not the digest of what is shown here: it was made for another presentation";
    return status;
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
        if (token->holder_proof.data) {
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
