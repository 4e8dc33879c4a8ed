/* SPDX-License-Identifier: Apache-2.0 */
#include "inspect/defects.h"

#include "checks/holder.h"

#define SLACK 300

const struct tscope_defect_row tscope_defect_rows[] = {
    {"MS-STORM0558", TSCOPE_SEVERITY_INFO, TSCOPE_PROVES_INVALID, 0},
    {"MS-MSA-ON-ENT", TSCOPE_SEVERITY_INFO, TSCOPE_PROVES_INVALID, 0},
    {"KEY-WRONG-ISS", TSCOPE_SEVERITY_INFO, TSCOPE_PROVES_INVALID, 0},
    {"KEY-TEST", TSCOPE_SEVERITY_INFO, TSCOPE_PROVES_INVALID, 0},
    {"KEY-SAMPLE", TSCOPE_SEVERITY_INFO, TSCOPE_PROVES_FORGERY, TSCOPE_DEFECT_KEY_PUBLIC},
    {"KEY-COMPROMISED", TSCOPE_SEVERITY_INFO, TSCOPE_PROVES_INVALID, 0},
    {"KEY-RETIRED", TSCOPE_SEVERITY_HIGH, TSCOPE_PROVES_ANOMALY, TSCOPE_DEFECT_KEY_GONE},
    {"KEY-STALE-USE", TSCOPE_SEVERITY_HIGH, TSCOPE_PROVES_ANOMALY, TSCOPE_DEFECT_KEY_GONE},
    {"KEY-UNKNOWN", TSCOPE_SEVERITY_HIGH, TSCOPE_PROVES_ANOMALY, TSCOPE_DEFECT_ALG_OTHER},
    {"KEY-RSA-EXP", TSCOPE_SEVERITY_INFO, TSCOPE_PROVES_INVALID, TSCOPE_DEFECT_ALG_OTHER},
    {"KEY-EC-POINT", TSCOPE_SEVERITY_INFO, TSCOPE_PROVES_INVALID, TSCOPE_DEFECT_ALG_OTHER},
    {"ALG-NONE", TSCOPE_SEVERITY_INFO, TSCOPE_PROVES_INVALID, TSCOPE_DEFECT_NONE},
    {"ALG-NONE-CASE", TSCOPE_SEVERITY_INFO, TSCOPE_PROVES_INVALID, TSCOPE_DEFECT_NONE_CASE},
    {"ALG-EMPTY-SIG", TSCOPE_SEVERITY_INFO, TSCOPE_PROVES_INVALID, TSCOPE_DEFECT_NO_SIGNATURE},
    {"ALG-FAMILY", TSCOPE_SEVERITY_INFO, TSCOPE_PROVES_INVALID, TSCOPE_DEFECT_ALG_FAMILY},
    {"ALG-KEYALG", TSCOPE_SEVERITY_INFO, TSCOPE_PROVES_INVALID, TSCOPE_DEFECT_KEY_USE},
    {"ALG-CURVE", TSCOPE_SEVERITY_INFO, TSCOPE_PROVES_INVALID, TSCOPE_DEFECT_ALG_OTHER},
    {"ALG-UNREG", TSCOPE_SEVERITY_INFO, TSCOPE_PROVES_INVALID, TSCOPE_DEFECT_ALG_OTHER},
    {"ALG-UNPROT", TSCOPE_SEVERITY_INFO, TSCOPE_PROVES_INVALID, TSCOPE_DEFECT_ALG_UNPROTECTED},
    {"ALG-HS-PUBKEY", TSCOPE_SEVERITY_INFO, TSCOPE_PROVES_INVALID, TSCOPE_DEFECT_PUBLIC_SECRET},
    {"ALG-HS-EMPTY", TSCOPE_SEVERITY_HIGH, TSCOPE_PROVES_ANOMALY, TSCOPE_DEFECT_EMPTY_SECRET},
    {"ALG-HS-KNOWN", TSCOPE_SEVERITY_HIGH, TSCOPE_PROVES_ANOMALY, TSCOPE_DEFECT_KNOWN_SECRET},
    {"SIG-BAD", TSCOPE_SEVERITY_INFO, TSCOPE_PROVES_INVALID, 0},
    {"SIG-LEN", TSCOPE_SEVERITY_INFO, TSCOPE_PROVES_INVALID, TSCOPE_DEFECT_FAILED},
    {"SIG-OTHERKEY", TSCOPE_SEVERITY_HIGH, TSCOPE_PROVES_ANOMALY, TSCOPE_DEFECT_KEY_NAME},
    {"SIG-PSYCHIC", TSCOPE_SEVERITY_INFO, TSCOPE_PROVES_INVALID, TSCOPE_DEFECT_PSYCHIC},
    {"SIG-DER", TSCOPE_SEVERITY_INFO, TSCOPE_PROVES_INVALID, TSCOPE_DEFECT_DER},
    {"SIG-RSA-E3PAD", TSCOPE_SEVERITY_INFO, TSCOPE_PROVES_INVALID, TSCOPE_DEFECT_RSA_PADDING},
    {"SIG-PSS-SALT", TSCOPE_SEVERITY_INFO, TSCOPE_PROVES_INVALID, TSCOPE_DEFECT_SALT},
    {"FMT-MULTISIG", TSCOPE_SEVERITY_INFO, TSCOPE_PROVES_INVALID, TSCOPE_DEFECT_SEVERAL},
    {"HDR-CRIT", TSCOPE_SEVERITY_INFO, TSCOPE_PROVES_INVALID, TSCOPE_DEFECT_CRIT},
    {"HDR-DUP", TSCOPE_SEVERITY_INFO, TSCOPE_PROVES_INVALID, TSCOPE_DEFECT_REPEATED},
    {"HDR-ZIP-JWS", TSCOPE_SEVERITY_INFO, TSCOPE_PROVES_INVALID, TSCOPE_DEFECT_ZIP},
    {"HDR-JWK", TSCOPE_SEVERITY_INFO, TSCOPE_PROVES_FORGERY, TSCOPE_DEFECT_EMBEDDED},
    {"HDR-X5C", TSCOPE_SEVERITY_INFO, TSCOPE_PROVES_FORGERY, TSCOPE_DEFECT_EMBEDDED},
    {"FMT-SEG", TSCOPE_SEVERITY_INFO, TSCOPE_PROVES_INVALID, TSCOPE_DEFECT_PARTS},
    {"FMT-JSON-EXT", TSCOPE_SEVERITY_INFO, TSCOPE_PROVES_INVALID, TSCOPE_DEFECT_JSON},
    {"FMT-UTF8", TSCOPE_SEVERITY_INFO, TSCOPE_PROVES_INVALID, TSCOPE_DEFECT_JSON},
    {"FMT-POLY", TSCOPE_SEVERITY_INFO, TSCOPE_PROVES_INVALID, TSCOPE_DEFECT_TWO_READINGS},
    {"JWE-AS-JWS", TSCOPE_SEVERITY_INFO, TSCOPE_PROVES_INVALID, TSCOPE_DEFECT_SEALED_CLAIMS},
    {"JWE-ZEROCEK", TSCOPE_SEVERITY_INFO, TSCOPE_PROVES_FORGERY, TSCOPE_DEFECT_ZERO_KEY},
    {"CLM-EXP", TSCOPE_SEVERITY_MEDIUM, TSCOPE_PROVES_NOTE, TSCOPE_DEFECT_EXPIRED},
    {"CLM-NBF", TSCOPE_SEVERITY_MEDIUM, TSCOPE_PROVES_ANOMALY, TSCOPE_DEFECT_EARLY},
    {"CLM-AUD", TSCOPE_SEVERITY_INFO, TSCOPE_PROVES_INVALID, TSCOPE_DEFECT_AUDIENCE},
    {"CLM-ISS-PART", TSCOPE_SEVERITY_HIGH, TSCOPE_PROVES_ANOMALY, TSCOPE_DEFECT_ISSUER},
    {"MS-TID-ISS", TSCOPE_SEVERITY_INFO, TSCOPE_PROVES_INVALID, TSCOPE_DEFECT_TID},
    {"MS-ACTOR", TSCOPE_SEVERITY_HIGH, TSCOPE_PROVES_ANOMALY, TSCOPE_DEFECT_ACTOR_TENANT},
};
const size_t tscope_defect_rows_len = TSCOPE_COUNT(tscope_defect_rows);

/* The policy that CLM-ISS speaks of may ask for an issuer, for a tenant, or both. */
static uint64_t
defect_of_policy(const tscope_subject *subject)
{
    struct tscope_span issuer = subject->policy.issuer, tenant;
    uint64_t defect = subject->policy.tenant.data ? TSCOPE_DEFECT_TENANT : 0;

    if (issuer.data && !(subject->iss.data && tscope_profile_pattern_matches(issuer, subject->iss, &tenant)))
        defect |= TSCOPE_DEFECT_ISSUER;
    return defect;
}

/* Mail folds, chats let long words break, and addresses are percent-encoded on the way: what else stands inside was put there by whoever
 * wrote the token. */
static uint64_t
defect_of_damage(const struct tscope_token *token)
{
    for (uint32_t i = 0; i < token->damage_len; i++) {
        enum tscope_damage_kind kind = token->damage[i].kind;

        if (kind != TSCOPE_DAMAGE_FOLDING && kind != TSCOPE_DAMAGE_PERCENT && kind != TSCOPE_DAMAGE_INVISIBLE)
            return TSCOPE_DEFECT_STRAY;
    }
    return 0;
}

static uint64_t
defect_of_finding(const tscope_subject *subject, const struct tscope_finding *finding)
{
    for (size_t i = 0; i < tscope_defect_rows_len; i++) {
        const struct tscope_defect_row *row = &tscope_defect_rows[i];

        if (strcmp(row->id, finding->check->id) == 0)
            return finding->severity >= row->severity && finding->proves >= row->proves ? row->defect : 0;
    }
    if (strcmp(finding->check->id, "CLM-ISS") == 0)
        return defect_of_policy(subject);
    if (strcmp(finding->check->id, "FMT-B64") == 0 || strcmp(finding->check->id, "SIG-MALL") == 0)
        return finding->severity >= TSCOPE_SEVERITY_LOW ? defect_of_damage(subject->token) : 0;
    return finding->proves >= TSCOPE_PROVES_INVALID ? TSCOPE_DEFECT_OTHER : 0;
}

static bool
is_withdrawn(const tscope_subject *subject)
{
    const struct tscope_history_notice *notice = subject->resolution->standing.notice;

    return notice && notice->withdrawn_at != TSCOPE_TIME_NONE && subject->then != TSCOPE_TIME_NONE &&
           subject->then > notice->withdrawn_at + SLACK;
}

/* A key of the token's issuer, or one that the caller gave for it, is what a correct validator would have taken too. */
static uint64_t
defect_of_holder(const tscope_subject *subject)
{
    const struct tscope_resolution *resolution = subject->resolution;
    uint64_t gone = is_withdrawn(subject) ? TSCOPE_DEFECT_KEY_GONE : 0;

    if (resolution->key && tscope_holder_is_foreign(subject)) {
        if (!tscope_holder_is_proven(subject))
            return TSCOPE_DEFECT_UNTRIED;
        if (!tscope_holder_is_of_other_tenant(subject) &&
            tscope_profile_serves(subject->profile, &subject->issuer, &resolution->standing, resolution->key))
            return gone | TSCOPE_DEFECT_KEY_OF_SET;
        return gone | TSCOPE_DEFECT_KEY_ELSEWHERE;
    }
    switch (resolution->right) {
    case TSCOPE_RIGHT_YES:
    case TSCOPE_RIGHT_ASKED:
        return gone;
    case TSCOPE_RIGHT_FAMILY:
    case TSCOPE_RIGHT_CLOUD:
    case TSCOPE_RIGHT_TEST:
    case TSCOPE_RIGHT_TENANT:
    case TSCOPE_RIGHT_DOUBTED:
    case TSCOPE_RIGHT_UNKNOWN:
        break;
    }
    return TSCOPE_DEFECT_UNTRIED;
}

/* Where a finding says how the signature comes to hold for somebody, that it holds for nobody else adds nothing. */
#define EXPLAINED                                                                                                                         \
    (TSCOPE_DEFECT_KEY_PUBLIC | TSCOPE_DEFECT_NONE | TSCOPE_DEFECT_NONE_CASE | TSCOPE_DEFECT_NO_SIGNATURE | TSCOPE_DEFECT_PUBLIC_SECRET | \
     TSCOPE_DEFECT_EMPTY_SECRET | TSCOPE_DEFECT_KNOWN_SECRET | TSCOPE_DEFECT_EMBEDDED | TSCOPE_DEFECT_PSYCHIC |                           \
     TSCOPE_DEFECT_RSA_PADDING | TSCOPE_DEFECT_SALT | TSCOPE_DEFECT_SEVERAL)

static uint64_t
defect_of_signature(const tscope_subject *subject, uint64_t found)
{
    if (found & EXPLAINED)
        return 0;
    switch (subject->resolution->status) {
    case TSCOPE_STATUS_VERIFIED:
        return defect_of_holder(subject);
    case TSCOPE_STATUS_FAILED:
        return TSCOPE_DEFECT_FAILED;
    case TSCOPE_STATUS_NONE: /* the wrapper of an actor token: unsigned by design */
        return 0;
    case TSCOPE_STATUS_UNVERIFIED:
    case TSCOPE_STATUS_MISSING:
        break;
    }
    return TSCOPE_DEFECT_UNTRIED;
}

/* No check holds the wrapper of an actor token to its end, as nobody signed that; a validator does. */
static uint64_t
defect_of_wrapper(const tscope_subject *subject)
{
    bool expired = subject->token->kind == TSCOPE_KIND_S2S_ACTOR && subject->seen != TSCOPE_TIME_NONE && subject->exp != TSCOPE_TIME_NONE &&
                   subject->seen - subject->leeway > subject->exp;

    return expired ? TSCOPE_DEFECT_EXPIRED : 0;
}

/* Who reads a wrapper correctly verifies the token inside. */
static uint64_t
defect_of_actor(const struct tscope_inspection *inspection)
{
    const struct tscope_token *token = inspection->token;

    for (size_t i = 0; token->kind == TSCOPE_KIND_S2S_ACTOR && i < token->nested_len; i++) {
        const struct tscope_inspection *actor = &inspection->nested[i];

        if (token->nested[i].value != token->slots[TSCOPE_CLAIM_ACTORTOKEN])
            continue;
        if (actor->defects & ~TSCOPE_DEFECT_UNTRIED)
            return TSCOPE_DEFECT_ACTOR;
        return actor->verdict == TSCOPE_VERDICT_VALID ? 0 : TSCOPE_DEFECT_UNTRIED;
    }
    return 0;
}

uint64_t
tscope_defects_of(const struct tscope_inspection *inspection)
{
    const struct tscope_judged_signature *judged = inspection->deciding;
    uint64_t defects = defect_of_actor(inspection);
    bool is_refused = defects & TSCOPE_DEFECT_ACTOR;

    for (size_t i = 0; i < judged->findings.found_len; i++) {
        const struct tscope_finding *finding = &judged->findings.found[i];

        defects |= defect_of_finding(&judged->subject, finding);
        is_refused |= finding->proves >= TSCOPE_PROVES_INVALID || finding->severity >= TSCOPE_SEVERITY_HIGH;
    }
    /* an honest token leaves here: whose key it is costs more to ask */
    if (!is_refused && !(defects & ~TSCOPE_DEFECT_UNTRIED))
        return 0;
    defects |= defect_of_signature(&judged->subject, defects) | (defects ? defect_of_wrapper(&judged->subject) : 0);
    return defects & ~TSCOPE_DEFECT_UNTRIED ? defects : 0;
}
