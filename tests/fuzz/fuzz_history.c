/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>

#include <tokenscope/history.h>

#include "keys/intervals.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Rows lie in the order that the header promises, and every index in them leads somewhere. */
static void
check_order(const struct tscope_history *history)
{
    for (uint32_t i = 0; i < history->sightings_len; i++) {
        const struct tscope_history_sighting *row = &history->sightings[i];

        assert(row->key < history->keys_len);
        assert(row->endpoint < history->endpoints_len || row->endpoint == TSCOPE_HISTORY_NONE);
        assert(i == 0 || row[-1].key <= row->key);
        assert(i == 0 || row[-1].key < row->key || row[-1].endpoint <= row->endpoint);
    }
    for (uint32_t i = 0; i < history->snapshots_len; i++) {
        const struct tscope_history_snapshot *row = &history->snapshots[i];

        assert(row->endpoint < history->endpoints_len);
        assert(i == 0 || row[-1].endpoint <= row->endpoint);
        for (uint32_t k = 0; k < row->keys_len; k++)
            assert(row->keys[k] < history->keys_len && (k == 0 || row->keys[k - 1] < row->keys[k]));
    }
}

static void
check_answer(const struct tscope_history *history, uint32_t key, int64_t at)
{
    struct tscope_presence_answer answer = tscope_history_presence(history, key, at);

    switch (answer.presence) {
    case TSCOPE_PRESENCE_PUBLISHED:
        assert(answer.before <= at && at <= answer.after);
        break;
    case TSCOPE_PRESENCE_RETIRED:
        assert(answer.before < answer.after && answer.after <= at);
        break;
    case TSCOPE_PRESENCE_EARLY:
        assert(at < answer.before && answer.before < answer.after);
        break;
    case TSCOPE_PRESENCE_UNKNOWN:
        assert(answer.endpoint == TSCOPE_HISTORY_NONE);
        return;
    }
    assert(answer.endpoint < history->endpoints_len);
}

static void
ask(const struct tscope_history *history, uint32_t key)
{
    const struct tscope_history_key *row = &history->keys[key];
    const uint32_t *found;
    int64_t before, after;

    assert(tscope_history_find_thumbprint(history, row->thumbprint, &found) > 0);
    if (row->kid.data)
        assert(tscope_history_find_kid(history, row->kid, &found) > 0);
    for (uint32_t i = 0; i < row->sightings_len && i < 32; i++) {
        int64_t at = history->sightings[row->sightings + i].at;

        for (int64_t shift = -8; at != TSCOPE_TIME_NONE && shift <= 8; shift += 4)
            check_answer(history, key, at + shift * 86400);
    }
    check_answer(history, key, INT64_MIN);
    check_answer(history, key, INT64_MAX);
    check_answer(history, key, 0);
    for (uint32_t endpoint = 0; endpoint < history->endpoints_len && endpoint < 8; endpoint++) {
        if (tscope_history_covers(history, endpoint, 1700000000, &before, &after))
            assert(before <= 1700000000 && 1700000000 <= after);
        (void)tscope_history_lists_kid(history, endpoint, row->kid, INT64_MAX);
    }
}

/* From end to end of a proven stretch the key is published there, and the stretches stand in order. */
static void
check_intervals(const struct tscope_history *history, uint32_t key)
{
    struct tscope_interval intervals[8];

    for (uint32_t endpoint = 0; endpoint < history->endpoints_len && endpoint < 8; endpoint++) {
        size_t count = tscope_history_intervals(history, key, endpoint, intervals, 8);

        for (size_t i = 0; i < count && i < 8; i++) {
            int64_t middle = intervals[i].from + (intervals[i].to - intervals[i].from) / 2;

            assert(intervals[i].from <= intervals[i].to);
            assert(i == 0 || intervals[i - 1].to < intervals[i].from);
            assert(tscope_history_presence_by(history, key, endpoint, intervals[i].from).presence == TSCOPE_PRESENCE_PUBLISHED);
            assert(tscope_history_presence_by(history, key, endpoint, middle).presence == TSCOPE_PRESENCE_PUBLISHED);
        }
    }
}

/* What has no error is accepted, and every fault lies in the file. */
static void
check_lint(const uint8_t *data, size_t size, bool accepted)
{
    struct tscope_history_fault_view fault;
    tscope_history_lint *lint = NULL;
    enum tscope_status status = tscope_history_lint_new(data, size, 1700000000, &lint, NULL);

    assert(status == TSCOPE_OK || status == TSCOPE_ERR_DATA);
    if (status != TSCOPE_OK)
        return;
    assert(accepted || tscope_history_lint_errors(lint) > 0);
    for (size_t i = 0; tscope_history_lint_at(lint, i, &fault); i++)
        assert(fault.offset <= size && fault.line >= 1);
    tscope_history_lint_free(lint);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static tscope_crypto *crypto; /* made once: the same for every input */
    struct tscope_arena arena = {0};
    const struct tscope_history *history;
    struct tscope_error err = {0};
    enum tscope_status status;

    if (!crypto)
        assert(tscope_crypto_new(&crypto, NULL) == TSCOPE_OK);
    status = tscope_history_parse(data, size, TSCOPE_SPAN("fuzz"), crypto, &arena, &history, &err);
    assert(status == TSCOPE_OK || (status == TSCOPE_ERR_DATA && err.message[0]));
    if (status == TSCOPE_OK) {
        check_order(history);
        for (uint32_t i = 0; i < history->keys_len && i < 16; i++)
            ask(history, i);
        for (uint32_t i = 0; i < history->keys_len && i < 16; i++)
            check_intervals(history, i);
    }
    check_lint(data, size, status == TSCOPE_OK);
    tscope_arena_clear(&arena);
    return 0;
}
