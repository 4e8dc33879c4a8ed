/* SPDX-License-Identifier: Apache-2.0 */
#include "inspect/corpus_signers.h"

/* An inspection is not to wait for what few ask: these bounds keep it to a second or two, whatever the tokens are. */
#define TAKEN_MAX 65536 /* signatures kept until the end */
#define GROUP_MAX 16    /* of one issuer, kid and algorithm that are compared */
#define TOKENS_MAX 256  /* of all groups */
#define PAIRS_MAX 8     /* of RSA */
#define EXPONENT_MAX 35 /* the same: larger ones take many times as long, and next to nobody has them */
#define SIGNATURE_MAX 512

/* Where a token was found, and what of it shows its signer. */
struct trace {
    struct tscope_corpus_place place;
    struct tscope_corpus_proof proof;
};

void
tscope_corpus_signers_clear(struct tscope_corpus_signers *signers)
{
    tscope_recovery_free(signers->recovery);
    *signers = (struct tscope_corpus_signers){0};
}

/* A key that is known and cannot be used, that stands in the token, or that failed, is none that is wanting. */
static bool
is_unknown(const struct tscope_judged_signature *judged)
{
    const struct tscope_resolution *resolution = &judged->resolution;

    return resolution->status == TSCOPE_STATUS_UNVERIFIED && resolution->alg && judged->signature &&
           tscope_subject_is_jws(&judged->subject) && !resolution->no_input && resolution->named_unusable == 0 &&
           !resolution->embedded.verifies &&
           (resolution->alg->family == TSCOPE_ALG_ECDSA || resolution->alg->family == TSCOPE_ALG_RSA_PKCS1 ||
            resolution->alg->family == TSCOPE_ALG_RSA_PSS) &&
           judged->signature->signature.decoded.len <= SIGNATURE_MAX;
}

bool
tscope_corpus_signers_add(struct tscope_corpus_signers *signers, struct tscope_arena *arena,
                          const struct tscope_corpus_gathering *gathering, const struct tscope_corpus_place *place)
{
    const struct tscope_judged_signature *judged = gathering->report->root.deciding;
    struct trace *trace;

    if (!is_unknown(judged) || (signers->recovery && signers->recovery->items_len >= TAKEN_MAX))
        return true;
    if (!signers->recovery && tscope_recovery_new(&signers->recovery, NULL) != TSCOPE_OK)
        return false;
    trace = tscope_arena_alloc(arena, sizeof(*trace));
    if (!trace)
        return false;
    *trace = (struct trace){*place, tscope_corpus_proof_by_part(gathering, TSCOPE_PART_SIGNATURE)};
    return tscope_recovery_take(signers->recovery, gathering->report, judged, 0, trace, NULL) == TSCOPE_OK;
}

void
tscope_corpus_signers_cut(struct tscope_corpus_signers *signers, size_t len)
{
    if (signers->recovery)
        signers->recovery->items_len = len;
}

enum tscope_status
tscope_corpus_signers_find(struct tscope_corpus_signers *signers, struct tscope_error *err)
{
    const struct tscope_recovery_job job = {
        .recovery = signers->recovery,
        .attempts = signers->attempts,
        .pairs_max = signers->attempts ? TSCOPE_RECOVERY_PAIRS_MAX : PAIRS_MAX,
        .exponent_max = EXPONENT_MAX,
        .watch = signers->watch,
        .user = signers->user,
        .err = err,
    };

    if (!signers->recovery || signers->recovery->was_run)
        return TSCOPE_OK;
    tscope_recovery_thin(signers->recovery, GROUP_MAX, TOKENS_MAX);
    return tscope_recovery_do(&job);
}

size_t
tscope_corpus_signers_len(const struct tscope_corpus_signers *signers)
{
    return signers->recovery ? signers->recovery->items_len : 0;
}

static const char *
describe(const struct tscope_recovered_key *key, struct tscope_arena *arena)
{
    struct tscope_buffer text = {.arena = arena};
    const char *curve = tscope_curve_name(key->numbers.curve);

    tscope_buffer_append_format(&text, "no key at hand verifies these tokens, and they have one signer, whose public key is recovered: ");
    if (curve)
        tscope_buffer_append_format(&text, "%s", curve);
    else
        tscope_buffer_append_format(&text, "RSA of %zu bytes", key->numbers.n.len);
    tscope_buffer_append_format(&text, ", RFC 7638 thumbprint %s", key->thumbprint);
    return tscope_buffer_steal(&text, NULL);
}

bool
tscope_corpus_signers_fact(const struct tscope_corpus_signers *signers, size_t number, struct tscope_arena *arena,
                           struct tscope_corpus_fact *ret_fact, bool *ret_has)
{
    const struct tscope_recovery_item *item = &signers->recovery->items[number];
    const struct tscope_recovered_key *key;
    const struct trace *trace = item->tag;
    struct tscope_span thumbprint;

    *ret_has = item->state == TSCOPE_RECOVERY_FOUND;
    if (!*ret_has)
        return true;
    key = &signers->recovery->signers[item->signer].key;
    thumbprint = tscope_span_of(key->thumbprint, strlen(key->thumbprint));
    *ret_fact = (struct tscope_corpus_fact){
        .row = TSCOPE_CORPUS_RECOVERED,
        .weight = {TSCOPE_SEVERITY_INFO, describe(key, arena)},
        .place = &trace->place,
        .proof = trace->proof,
    };
    memcpy(ret_fact->member, item->sha256, sizeof(ret_fact->member));
    memcpy(ret_fact->essence, item->sha256, sizeof(ret_fact->essence));
    return ret_fact->weight.detail && tscope_corpus_digest(signers->recovery->crypto, &thumbprint, 1, ret_fact->group);
}
