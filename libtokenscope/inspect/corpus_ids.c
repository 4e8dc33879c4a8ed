/* SPDX-License-Identifier: Apache-2.0 */
#include "inspect/corpus_facts.h"

#include "token/mask.h"

#define SHORT_ID 8 /* bytes; below, ids repeat without anybody's doing */

static const enum tscope_claim times[] = {TSCOPE_CLAIM_IAT, TSCOPE_CLAIM_NBF, TSCOPE_CLAIM_EXP, TSCOPE_CLAIM_AUTH_TIME};

#define PIECES_MAX (TSCOPE_COUNT(times) + 1)

/* Sanitizers keep the dashes of a GUID. */
static bool
is_masked_id(struct tscope_span id)
{
    int only = -1;
    bool is_one = true;

    for (size_t i = 0; i < id.len && is_one; i++) {
        if (id.data[i] == '-')
            continue;
        is_one = only < 0 || only == id.data[i];
        only = id.data[i];
    }
    return is_one || tscope_mask_is(id);
}

/* A credential keeps the id that its claims have when it is issued anew (VC-JWT section 6.3.1). */
static bool
is_credential(const struct tscope_token *token)
{
    return tscope_json_member(&token->claims, token->claims_root, "vc") || tscope_json_member(&token->claims, token->claims_root, "vp");
}

/* The payload but for the values of its times, in pieces; how many. */
static size_t
leave_times_out(const struct tscope_token *token, struct tscope_span pieces[PIECES_MAX])
{
    const uint8_t *text = token->claims.text;
    size_t from = 0, len = 0;

    while (len < TSCOPE_COUNT(times)) {
        const struct tscope_value *next = NULL;

        for (size_t i = 0; i < TSCOPE_COUNT(times); i++) {
            const struct tscope_value *time = token->slots[times[i]];

            if (time && time->start >= from && (!next || time->start < next->start))
                next = time;
        }
        if (!next)
            break;
        pieces[len++] = tscope_span_of(text + from, next->start - from);
        from = (size_t)next->start + next->len;
    }
    pieces[len] = tscope_span_of(text + from, token->claims.text_len - from);
    return len + 1;
}

/* Some issuers keep the id of a session through all its tokens: these differ in their times alone, which says less. */
static void
state_id(struct tscope_corpus_gathering *gathering, enum tscope_claim claim)
{
    const struct tscope_token *token = gathering->report->root.token;
    const tscope_subject *subject = &gathering->report->root.deciding->subject;
    struct tscope_member audience = tscope_subject_claim(subject, TSCOPE_CLAIM_AUD);
    struct tscope_span id = tscope_subject_text(subject, tscope_subject_claim(subject, claim));
    struct tscope_span aud = audience.value ? tscope_json_raw(audience.json, audience.value) : TSCOPE_SPAN("");
    const struct tscope_span group[] = {tscope_span_text(tscope_claim_name(claim)), id, subject->iss,
                                        tscope_span_text(tscope_token_kind_id(token->kind)), aud};
    const bool is_jti = claim == TSCOPE_CLAIM_JTI;
    struct tscope_span pieces[PIECES_MAX];
    struct tscope_evidence evidence;

    if (id.len == 0 || is_masked_id(id))
        return;
    evidence = tscope_evidence_claim(subject, claim);
    tscope_corpus_state(
        gathering,
        &(struct tscope_corpus_statement){
            .row = TSCOPE_CORPUS_ID_TWICE,
            .weight = {is_jti && id.len >= SHORT_ID ? TSCOPE_SEVERITY_HIGH : TSCOPE_SEVERITY_MEDIUM,
                       is_jti ? "verified tokens of one issuer, kind and audience have the same jti and different claims"
                              : "verified tokens of one issuer, kind and audience have the same uti and different claims"},
            .alike = {TSCOPE_SEVERITY_MEDIUM,
                      is_jti ? "verified tokens of one issuer, kind and audience have the same jti and differ in their times alone"
                             : "verified tokens of one issuer, kind and audience have the same uti and differ in their times alone"},
            .group = group,
            .group_len = TSCOPE_COUNT(group),
            .member = token->payload.decoded,
            .essence = pieces,
            .essence_len = leave_times_out(token, pieces),
            .proof = tscope_corpus_proof_of(gathering->report, gathering->first_line, &evidence, is_jti ? "/jti" : "/uti"),
        });
}

void
tscope_corpus_state_ids(struct tscope_corpus_gathering *gathering)
{
    const struct tscope_token *token = gathering->report->root.token;
    const struct tscope_judged_signature *judged = gathering->report->root.deciding;

    if (judged->resolution.status != TSCOPE_STATUS_VERIFIED || judged->subject.iss.len == 0 || !token->claims_root ||
        !token->payload.decoded.data || !tscope_subject_is_jwt(&judged->subject) || is_credential(token))
        return;
    state_id(gathering, TSCOPE_CLAIM_JTI);
    state_id(gathering, TSCOPE_CLAIM_UTI);
}
