/* SPDX-License-Identifier: Apache-2.0 */
#include "examiner.h"

#include "bench.h"

static void
require(enum tscope_status status, const struct tscope_error *err)
{
    if (status != TSCOPE_OK)
        bench_fail(err->message[0] ? err->message : tscope_status_text(status));
}

void
bench_examiner_open(const struct bench_tokens *tokens, struct bench_examiner *ret_examiner)
{
    struct bench_examiner examiner = {.tokens = tokens};
    struct tscope_error err = {0};

    require(tscope_keyring_new(&examiner.keyring, &err), &err);
    require(tscope_keyring_add_embedded(examiner.keyring, &err), &err);
    require(tscope_keyring_add(examiner.keyring, (const uint8_t *)tokens->jwks, tokens->jwks_len, "bench", NULL, NULL, &err), &err);
    require(tscope_keyring_freeze(examiner.keyring, &err), &err);
    require(tscope_profile_new(NULL, &examiner.profile, &err), &err);
    require(tscope_inspector_new(examiner.keyring, examiner.profile, NULL, NULL, &examiner.inspector, &err), &err);
    *ret_examiner = examiner;
}

void
bench_examiner_close(struct bench_examiner *examiner)
{
    tscope_report_free(examiner->report);
    tscope_inspector_free(examiner->inspector);
    tscope_profile_free(examiner->profile);
    tscope_keyring_free(examiner->keyring);
    *examiner = (struct bench_examiner){0};
}

bool
bench_examiner_verdict(void *state, size_t number)
{
    static const struct tscope_moment moment = {.seen = TSCOPE_TIME_UNKNOWN, .now = BENCH_NOW};
    struct bench_examiner *examiner = state;
    const struct bench_token *token = &examiner->tokens->tokens[number % examiner->tokens->len];

    return tscope_inspect(examiner->inspector, (const uint8_t *)token->text, token->len, &moment, &examiner->report, NULL) == TSCOPE_OK &&
           tscope_report_verdict(examiner->report) == TSCOPE_VERDICT_VALID;
}

bool
bench_examiner_json(void *state, size_t number)
{
    struct bench_examiner *examiner = state;
    char *json = NULL;

    if (!bench_examiner_verdict(state, number) || tscope_report_json(examiner->report, 0, &json, NULL, NULL) != TSCOPE_OK)
        return false;
    tscope_string_free(json);
    return true;
}
