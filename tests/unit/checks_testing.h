/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_TESTS_CHECKS_TESTING_H
#define TSCOPE_TESTS_CHECKS_TESTING_H

#include <tokenscope/inspect.h>

#include "core/base64url.h"
#include "keys_testing.h"

/** @file What the tests of checks share: a token of any header, payload and signature, and what is found in it. */

/** An inspector over the keys of a JWK Set (NULL: none), and its latest report. */
struct judge {
    tscope_keyring *keyring;
    tscope_profile *profile;
    tscope_inspector *inspector;
    tscope_report *report;
};

static inline void
judge_init(struct judge *judge, const char *keys)
{
    *judge = (struct judge){.keyring = new_keyring()};
    if (keys)
        ck_assert_int_eq(try_add(judge->keyring, keys, strlen(keys), NULL, NULL), TSCOPE_OK);
    freeze(judge->keyring);
    ck_assert_int_eq(tscope_profile_new(NULL, &judge->profile, NULL), TSCOPE_OK);
    ck_assert_int_eq(tscope_inspector_new(judge->keyring, judge->profile, NULL, NULL, &judge->inspector, NULL), TSCOPE_OK);
}

static inline void
judge_clear(struct judge *judge)
{
    tscope_report_free(judge->report);
    tscope_inspector_free(judge->inspector);
    tscope_profile_free(judge->profile);
    tscope_keyring_free(judge->keyring);
}

static inline void
judge_bytes(struct judge *judge, const void *bytes, size_t len, const char *seen_from)
{
    struct tscope_moment moment = {
        .seen = seen_from ? 1700000000 : TSCOPE_TIME_UNKNOWN, .now = TSCOPE_TIME_UNKNOWN, .seen_from = seen_from};
    struct tscope_error err = {0};
    uint8_t *copy = exact_copy(bytes, len);

    ck_assert_msg(tscope_inspect(judge->inspector, copy, len, &moment, &judge->report, &err) == TSCOPE_OK, "%s", err.message);
    free(copy);
}

/** header and payload become base64url; the rest is put behind them as it is, with its dot. */
static inline void
judge_parts(struct judge *judge, struct tscope_span header, struct tscope_span payload, const char *rest, const char *seen_from)
{
    struct tscope_buffer token = {0};

    tscope_base64url_encode(&token, header.data, header.len);
    tscope_buffer_append(&token, ".", 1);
    tscope_base64url_encode(&token, payload.data, payload.len);
    tscope_buffer_append(&token, rest, strlen(rest));
    ck_assert(!token.failed);
    judge_bytes(judge, token.data, token.len, seen_from);
    tscope_buffer_clear(&token);
}

static inline void
judge_texts(struct judge *judge, const char *header, const char *payload, const char *rest)
{
    judge_parts(judge, tscope_span_text(header), tscope_span_text(payload), rest, NULL);
}

/** False when there is no such finding. */
static inline bool
find(const struct judge *judge, const char *id, struct tscope_finding_view *ret_finding)
{
    for (size_t i = 0; tscope_report_finding(judge->report, i, ret_finding); i++) {
        if (strcmp(ret_finding->id, id) == 0)
            return true;
    }
    return false;
}

static inline void
check_found(const struct judge *judge, const char *id, enum tscope_severity severity, enum tscope_proves proves)
{
    struct tscope_finding_view finding;

    ck_assert_msg(find(judge, id, &finding), "%s is not found", id);
    ck_assert_msg(finding.severity == severity && finding.proves == proves, "%s is %s, %s: %s", id, tscope_severity_id(finding.severity),
                  tscope_proves_id(finding.proves), finding.detail);
    ck_assert_msg(finding.evidence > 0, "%s has no evidence", id);
}

static inline void
check_absent(const struct judge *judge, const char *id)
{
    struct tscope_finding_view finding;

    if (find(judge, id, &finding))
        ck_abort_msg("%s is found: %s", id, finding.detail);
}

#endif
