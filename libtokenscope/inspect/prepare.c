/* SPDX-License-Identifier: Apache-2.0 */
#include "inspect/prepare.h"

/*
 * A NumericDate in whole seconds: cut, but exp is carried to the next, since a token is good until then. TSCOPE_TIME_NONE when
 * absent, no number, or no count of seconds.
 */
static int64_t
numeric_date(const tscope_subject *subject, enum tscope_claim claim)
{
    struct tscope_member member = tscope_subject_claim(subject, claim);
    int64_t seconds;
    double number;

    if (!member.value)
        return TSCOPE_TIME_NONE;
    if (tscope_json_integer(member.json, member.value, &seconds))
        return seconds > -TSCOPE_SECONDS_END && seconds < TSCOPE_SECONDS_END ? seconds : TSCOPE_TIME_NONE;
    if (tscope_json_number(member.json, member.value, &number) && number > -(double)TSCOPE_SECONDS_END &&
        number < (double)TSCOPE_SECONDS_END)
        return claim == TSCOPE_CLAIM_EXP && (double)(int64_t)number < number ? (int64_t)number + 1 : (int64_t)number;
    return TSCOPE_TIME_NONE;
}

static int64_t
longest_life(const struct tscope_profile_issuer *row)
{
    return row && row->life_max ? row->life_max : TSCOPE_PROFILE_LIFE_MAX;
}

/* The token's own time: iat, else nbf, else exp minus the longest usual life. A forger chooses it. */
static void
set_then(tscope_subject *subject)
{
    if (subject->iat != TSCOPE_TIME_NONE) {
        subject->then = subject->iat;
        subject->then_from = TSCOPE_THEN_IAT;
    } else if (subject->nbf != TSCOPE_TIME_NONE) {
        subject->then = subject->nbf;
        subject->then_from = TSCOPE_THEN_NBF;
    } else if (subject->exp != TSCOPE_TIME_NONE) {
        subject->then = subject->exp - longest_life(subject->issuer.row);
        subject->then_from = TSCOPE_THEN_EXP;
    } else {
        subject->then = TSCOPE_TIME_NONE;
        subject->then_from = TSCOPE_THEN_UNKNOWN;
    }
}

void
tscope_subject_prepare(tscope_subject *subject, tscope_inspector *inspector, const struct tscope_moment *moment,
                       const struct tscope_token *token, const struct tscope_token_signature *signature, struct tscope_arena *arena)
{
    *subject = (tscope_subject){
        .token = token,
        .signature = signature,
        .keyring = inspector->keyring,
        .profile = inspector->profile,
        .policy = inspector->policy,
        .exposed_kid = tscope_span_text(inspector->exposed_kid),
        .exposed_from = inspector->exposed_from,
        .now = moment->now,
        .seen = moment->seen,
        .leeway = inspector->leeway,
        .captured = moment->seen_from && strcmp(moment->seen_from, "given") != 0,
        .arena = arena,
    };
    if (signature && signature->unprotected)
        tscope_header_slots(&token->container, signature->unprotected, subject->unprotected);
    subject->iss = tscope_subject_text(subject, tscope_subject_claim(subject, TSCOPE_CLAIM_ISS));
    subject->tid = tscope_subject_text(subject, tscope_subject_claim(subject, TSCOPE_CLAIM_TID));
    subject->issuer = tscope_profile_issuer_again(&inspector->issuer, inspector->profile, inspector->keyring, subject->iss);
    subject->issuer_shape = tscope_issuer_shape_of(subject->iss, &subject->issuer_is_consumer);
    subject->iat = numeric_date(subject, TSCOPE_CLAIM_IAT);
    subject->nbf = numeric_date(subject, TSCOPE_CLAIM_NBF);
    subject->exp = numeric_date(subject, TSCOPE_CLAIM_EXP);
    set_then(subject);
}
