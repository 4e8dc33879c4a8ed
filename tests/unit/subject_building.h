/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_TESTS_SUBJECT_BUILDING_H
#define TSCOPE_TESTS_SUBJECT_BUILDING_H

#include "checks/registry.h"
#include "inspect/inspection.h"
#include "inspect/prepare.h"
#include "keys_testing.h"
#include "token/kind.h"
#include "token_building.h"

/** @file What one check says of a token, whatever verified it: for edges that no token of the corpus can reach. */

struct bench {
    tscope_keyring *keyring;
    tscope_profile *profile;
    tscope_inspector inspector;
    struct tscope_moment moment;
    struct tscope_token token;
    struct tscope_resolution resolution;
    tscope_subject subject;
    struct tscope_findings findings;
};

static inline void
bench_init(struct bench *bench)
{
    memset(bench, 0, sizeof(*bench));
    bench->keyring = new_keyring();
    freeze(bench->keyring);
    ck_assert_int_eq(tscope_profile_new(NULL, &bench->profile, NULL), TSCOPE_OK);
    bench->inspector.keyring = bench->keyring;
    bench->inspector.profile = bench->profile;
    bench->inspector.leeway = 300;
    bench->inspector.exposed_from = TSCOPE_TIME_NONE;
    bench->moment.seen = bench->moment.now = TSCOPE_TIME_UNKNOWN;
    bench->resolution.status = TSCOPE_STATUS_UNVERIFIED;
}

/** Puts a token on the bench; what was set before (moment, policy, resolution) stays. */
static inline void
bench_token(struct bench *bench, const char *header, const char *payload)
{
    tear_down(&bench->token);
    build_jws(&bench->token, header, payload);
    bench->token.kind = tscope_token_kind_of(&bench->token, bench->token.arena);
    tscope_subject_prepare(&bench->subject, &bench->inspector, &bench->moment, &bench->token, bench->token.signatures, bench->token.arena);
    bench->subject.resolution = &bench->resolution;
}

/** Runs one row; the finding, or NULL. What it could not tell is in bench->findings. */
static inline const struct tscope_finding *
bench_run(struct bench *bench, const char *id)
{
    const struct tscope_check *check = tscope_check_find(id);

    ck_assert_msg(check != NULL, "%s is no check", id);
    memset(&bench->findings, 0, sizeof(bench->findings));
    bench->findings.arena = bench->token.arena;
    ck_assert_int_eq(check->run(check, &bench->subject, &bench->findings), TSCOPE_OK);
    ck_assert_uint_le(bench->findings.found_len + bench->findings.unknown_len, 1);
    /* a row that has something to say must not be passed over */
    if (check->only && bench->findings.found_len + bench->findings.unknown_len > 0)
        ck_assert_msg((check->only & tscope_checks_rarities(&bench->subject)) != 0, "%s would not be asked", id);
    if (bench->findings.found_len == 0)
        return NULL;
    ck_assert_int_le(bench->findings.found[0].severity, check->severity);
    ck_assert_int_le(bench->findings.found[0].proves, check->proves);
    ck_assert(strlen(bench->findings.found[0].detail) > 10);
    return &bench->findings.found[0];
}

static inline void
bench_clear(struct bench *bench)
{
    tear_down(&bench->token);
    tscope_profile_free(bench->profile);
    tscope_keyring_free(bench->keyring);
}

#endif
