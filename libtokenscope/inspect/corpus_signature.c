/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/ecdsa.h"
#include "inspect/corpus_facts.h"

/* A signature as what it is made of: its first half, what comes behind, and what it was made over. */
struct halves {
    struct tscope_span first, rest, message[2];
};

static const struct tscope_corpus_weight same_number = {
    TSCOPE_SEVERITY_CRITICAL, "signatures over different messages verify under one key and were made with the same secret number: whoever "
                              "has these tokens can compute the private key"};
static const struct tscope_corpus_weight perhaps_same_number = {
    TSCOPE_SEVERITY_MEDIUM, "signatures over different messages begin alike, and name one issuer and one kid; the key is not at hand, so "
                            "nobody can say that they were made with it"};
static const struct tscope_corpus_weight both_forms = {
    TSCOPE_SEVERITY_LOW, "the same message with the same signature in both of its forms, s and n - s: one is an altered copy of the other"};

/*
 * r is half the signature, and so is R of EdDSA (RFC 8032 section 5.1.6): with the same one the secret number was the same. Of one
 * message with two rests, which nobody verified, one was damaged on its way.
 */
static void
state_first_half(struct tscope_corpus_gathering *gathering, const struct halves *halves)
{
    const struct tscope_judged_signature *judged = gathering->report->root.deciding;
    const struct tscope_resolution *resolution = &judged->resolution;
    const tscope_subject *subject = &judged->subject;
    struct tscope_span kid = tscope_subject_text(subject, tscope_subject_header(subject, TSCOPE_HEADER_KID));
    bool is_verified = resolution->status == TSCOPE_STATUS_VERIFIED && resolution->key;
    const struct tscope_span by_key[] = {TSCOPE_SPAN("key"), tscope_span_text(is_verified ? tscope_key_thumbprint(resolution->key) : NULL),
                                         halves->first};
    const struct tscope_span by_kid[] = {TSCOPE_SPAN("kid"), subject->iss, kid, halves->first};

    if (tscope_corpus_is_one_byte(halves->first) || (!is_verified && (kid.len == 0 || subject->iss.len == 0)))
        return;
    tscope_corpus_state(gathering, &(struct tscope_corpus_statement){
                                       .row = TSCOPE_CORPUS_NONCE_REUSE,
                                       .weight = is_verified ? same_number : perhaps_same_number,
                                       .group = is_verified ? by_key : by_kid,
                                       .group_len = is_verified ? TSCOPE_COUNT(by_key) : TSCOPE_COUNT(by_kid),
                                       .member = halves->rest,
                                       .essence = halves->message,
                                       .essence_len = TSCOPE_COUNT(halves->message),
                                       .proof = tscope_corpus_proof_by_part(gathering, TSCOPE_PART_SIGNATURE),
                                   });
}

static void
state_ecdsa(struct tscope_corpus_gathering *gathering, enum tscope_curve curve, const struct halves *halves)
{
    uint8_t low[66];
    struct tscope_span rest = tscope_span_of(low, halves->first.len);
    const struct halves lowered = {halves->first, rest, {halves->message[0], halves->message[1]}};
    const struct tscope_span twins[] = {halves->message[0], halves->message[1], halves->first, rest};
    bool was_high;
    struct tscope_span form;

    if (halves->first.len != tscope_curve_width(curve) || !tscope_ecdsa_low_s(curve, halves->rest.data, low, &was_high))
        return;
    state_first_half(gathering, &lowered);
    form = was_high ? TSCOPE_SPAN("high") : TSCOPE_SPAN("low");
    tscope_corpus_state(gathering, &(struct tscope_corpus_statement){
                                       .row = TSCOPE_CORPUS_HIGH_S,
                                       .weight = both_forms,
                                       .group = twins,
                                       .group_len = TSCOPE_COUNT(twins),
                                       .member = form,
                                       .essence = &form,
                                       .essence_len = 1,
                                       .proof = tscope_corpus_proof_by_part(gathering, TSCOPE_PART_SIGNATURE),
                                   });
}

void
tscope_corpus_state_signature(struct tscope_corpus_gathering *gathering)
{
    const struct tscope_judged_signature *judged = gathering->report->root.deciding;
    const struct tscope_alg *alg = judged->resolution.alg;
    struct tscope_span signature;

    if (!alg || !judged->signature || !tscope_subject_is_jws(&judged->subject) || judged->resolution.is_der ||
        (judged->resolution.status != TSCOPE_STATUS_VERIFIED && judged->resolution.status != TSCOPE_STATUS_UNVERIFIED))
        return;
    signature = judged->signature->signature.decoded;
    if (!signature.data || signature.len < 64 || signature.len % 2 || (alg->signature_len && signature.len != alg->signature_len))
        return;

    const struct halves halves = {tscope_span_of(signature.data, signature.len / 2),
                                  tscope_span_of(signature.data + signature.len / 2, signature.len / 2),
                                  {judged->signature->protected_part.form, gathering->report->root.token->payload.form}};

    if (alg->family == TSCOPE_ALG_ECDSA)
        state_ecdsa(gathering, alg->curve, &halves);
    else if (alg->family == TSCOPE_ALG_EDDSA)
        state_first_half(gathering, &halves);
}
