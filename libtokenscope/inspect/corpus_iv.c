/* SPDX-License-Identifier: Apache-2.0 */
#include "inspect/corpus_facts.h"
#include "inspect/jwe_header.h"

/* What names the key that content was encrypted with. */
struct named_key {
    struct tscope_span names[2];
    bool is_certain; /* two that are named alike are one */
};

/*
 * The content encryption key is named by what it was wrapped to, by what it was agreed over with apu and apv (RFC 7518 section 4.6.2),
 * or is the recipient's own (dir).
 */
static struct named_key
name_key(const struct tscope_inspection *inspection, const struct tscope_jwe_alg *alg)
{
    const tscope_subject *subject = &inspection->deciding->subject;
    const tscope_key *key = inspection->decryption ? inspection->decryption->key : NULL;
    struct tscope_span wrapped = inspection->token->signatures[0].signature.decoded;
    struct tscope_member epk = tscope_subject_header(subject, TSCOPE_HEADER_EPK);
    struct tscope_span own = key ? tscope_span_text(tscope_key_thumbprint(key))
                                 : tscope_subject_text(subject, tscope_subject_header(subject, TSCOPE_HEADER_KID));

    if (alg->family == TSCOPE_JWE_DIR)
        return (struct named_key){{own, TSCOPE_SPAN("")}, key != NULL};
    if (alg->family == TSCOPE_JWE_ECDH && wrapped.len == 0)
        return (struct named_key){{own, epk.value ? tscope_json_raw(epk.json, epk.value) : TSCOPE_SPAN("")}, key != NULL};
    return (struct named_key){{wrapped, TSCOPE_SPAN("")}, true};
}

static struct tscope_corpus_weight
weigh(bool is_gcm, bool is_certain)
{
    if (!is_certain)
        return (struct tscope_corpus_weight){TSCOPE_SEVERITY_MEDIUM, "different content with the same initialization vector under one kid; "
                                                                     "the key is not at hand, so nobody can say that it was one"};
    if (is_gcm)
        return (struct tscope_corpus_weight){
            TSCOPE_SEVERITY_HIGH,
            "different content was encrypted with the same key and the same initialization vector, which GCM does not survive"};
    return (struct tscope_corpus_weight){
        TSCOPE_SEVERITY_MEDIUM,
        "different content was encrypted with the same key and the same initialization vector: equal beginnings show"};
}

/* Of two ciphertexts with one tag, one is the other damaged on its way: a tag of another content is another one. */
void
tscope_corpus_state_iv(struct tscope_corpus_gathering *gathering)
{
    const struct tscope_inspection *inspection = &gathering->report->root;
    const struct tscope_token *token = inspection->token;
    const tscope_subject *subject = &inspection->deciding->subject;
    const struct tscope_jwe_alg *alg = tscope_jwe_alg_find(tscope_subject_text(subject, tscope_subject_header(subject, TSCOPE_HEADER_ALG)));
    const struct tscope_jwe_enc *enc = tscope_jwe_enc_find(tscope_subject_text(subject, tscope_subject_header(subject, TSCOPE_HEADER_ENC)));
    struct named_key key;

    if (!alg || !enc || token->signatures_len != 1 || token->iv.decoded.len != enc->iv_len || !token->ciphertext.decoded.data ||
        !token->tag.decoded.data)
        return;
    key = name_key(inspection, alg);
    if (key.names[0].len == 0)
        return;

    const struct tscope_span group[] = {tscope_span_text(key.is_certain ? "key" : "kid"),
                                        tscope_span_text(alg->name),
                                        tscope_span_text(enc->name),
                                        key.names[0],
                                        key.names[1],
                                        tscope_subject_text(subject, tscope_subject_header(subject, TSCOPE_HEADER_APU)),
                                        tscope_subject_text(subject, tscope_subject_header(subject, TSCOPE_HEADER_APV)),
                                        token->iv.decoded};

    tscope_corpus_state(gathering, &(struct tscope_corpus_statement){
                                       .row = TSCOPE_CORPUS_IV_REUSE,
                                       .weight = weigh(enc->digest == TSCOPE_DIGEST_NONE, key.is_certain),
                                       .group = group,
                                       .group_len = TSCOPE_COUNT(group),
                                       .member = token->ciphertext.decoded,
                                       .essence = &token->tag.decoded,
                                       .essence_len = 1,
                                       .proof = tscope_corpus_proof_by_part(gathering, TSCOPE_PART_IV),
                                   });
}
