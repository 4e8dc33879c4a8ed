/* SPDX-License-Identifier: Apache-2.0 */
#include <stdatomic.h>

#include <tokenscope/batch.h>
#include <tokenscope/hash.h>

#include "case/case.h"
#include "core/error.h"

#define CHUNK 256 /* tokens a transaction */
#define JSON_MAX (1u << 20)

enum statement { FIND_JUDGEMENT, ADD_JUDGEMENT, FORGET_TOKENS, COUNT_TOKENS, COUNT_OTHERS, NEXT_TOKENS, FIND_SEEN, KEEP, STATEMENTS };

static const char *const texts[STATEMENTS] = {
    [FIND_JUDGEMENT] = "SELECT id, now FROM judgement WHERE digest = ?",
    [ADD_JUDGEMENT] = "INSERT INTO judgement (digest, settings, now) VALUES (?, ?, ?)",
    /* of files that have changed since */
    [FORGET_TOKENS] = "DELETE FROM token WHERE NOT EXISTS (SELECT 1 FROM place WHERE place.token = token.id)",
    [COUNT_TOKENS] = "SELECT count(*) FROM token",
    [COUNT_OTHERS] = "SELECT count(*) FROM token WHERE judgement IS NOT NULL AND judgement <> ?",
    [NEXT_TOKENS] = "SELECT id, text, judgement, seen, sha256 FROM token WHERE id > ? ORDER BY id LIMIT 256",
    [FIND_SEEN] = "SELECT seen, seen_from FROM place WHERE token = ? AND seen IS NOT NULL ORDER BY seen DESC, seen_from LIMIT 1",
    [KEEP] = "UPDATE token SET judgement = ?, seen = ?, verdict = ?, kind = ?, is_uncertain = ?, report = ? WHERE id = ?",
};

struct judge {
    tscope_store *store;
    tscope_statement *statements[STATEMENTS];
    tscope_batch *batch;
    const struct tscope_case_judging *judging;
    struct tscope_case_judged *judged;
    int64_t judgement, now;
    int64_t ids[CHUNK], seen[CHUNK]; /* of the tokens on their way: the tag is their number */
    enum tscope_status status;       /* of an answer that could not be kept */
    struct tscope_error *err;
};

static struct tscope_store_value
time_of(int64_t time)
{
    return time == TSCOPE_TIME_UNKNOWN ? tscope_store_null() : tscope_store_integer(time);
}

/* ---- which judgement */

static enum tscope_status
look_up(struct judge *judge, enum statement which, const struct tscope_store_value *value, int64_t *ret_first, int64_t *ret_second)
{
    tscope_statement *statement = judge->statements[which];
    bool has_row = false;
    enum tscope_status status = tscope_statement_bind(statement, value, value ? 1 : 0, judge->err);

    if (status == TSCOPE_OK)
        status = tscope_statement_step(statement, &has_row, judge->err);
    if (status == TSCOPE_OK) {
        *ret_first = has_row ? tscope_statement_integer(statement, 0) : -1;
        if (ret_second && has_row)
            *ret_second = tscope_statement_integer(statement, 1);
    }
    tscope_statement_reset(statement);
    return status;
}

/* The clock of a judgement is the one that it was begun with: one that goes on gives the answers that it would have given then. */
static enum tscope_status
find_judgement(struct judge *judge)
{
    const struct tscope_span settings = tscope_span_text(judge->judging->settings);
    tscope_hasher *hasher = NULL;
    uint8_t digest[TSCOPE_HASH_LEN];
    enum tscope_status status = tscope_hasher_new(NULL, &hasher, judge->err);

    if (status == TSCOPE_OK)
        status = tscope_hasher_add(hasher, settings.data, settings.len, judge->err);
    if (status == TSCOPE_OK)
        status = tscope_hasher_finish(hasher, digest, judge->err);
    tscope_hasher_free(hasher);
    if (status == TSCOPE_OK) {
        const struct tscope_store_value values[] = {
            tscope_store_blob(tscope_span_of(digest, sizeof(digest))),
            tscope_store_text(settings),
            tscope_store_integer(judge->judging->moment.now),
        };

        judge->now = judge->judging->moment.now;
        status = look_up(judge, FIND_JUDGEMENT, &values[0], &judge->judgement, &judge->now);
        if (status == TSCOPE_OK && judge->judgement < 0) {
            status = tscope_statement_run(judge->statements[ADD_JUDGEMENT], values, TSCOPE_COUNT(values), judge->err);
            judge->judgement = tscope_store_last_id(judge->store);
        }
    }
    return status;
}

/* ---- tokens */

static void
take_answer(void *user, const struct tscope_batch_answer *answer)
{
    struct judge *judge = user;
    size_t number = (size_t)(uintptr_t)answer->tag;
    bool is_judged = answer->status == TSCOPE_OK && answer->report;
    const struct tscope_store_value values[] = {
        tscope_store_integer(judge->judgement),
        time_of(judge->seen[number]),
        is_judged ? tscope_store_text(tscope_span_text(tscope_verdict_id(answer->verdict))) : tscope_store_null(),
        is_judged ? tscope_store_text(tscope_span_text(tscope_token_kind_id(tscope_token_kind(tscope_report_token(answer->report)))))
                  : tscope_store_null(),
        is_judged ? tscope_store_integer(answer->is_uncertain) : tscope_store_null(),
        is_judged ? tscope_store_text(tscope_span_of(answer->json, answer->json_len)) : tscope_store_null(),
        tscope_store_integer(judge->ids[number]),
    };

    if (judge->status != TSCOPE_OK)
        return;
    if (answer->status == TSCOPE_ERR_NO_MEMORY || answer->status == TSCOPE_ERR_CRYPTO) { /* not the token's fault: it is asked again */
        judge->status = answer->status;
        if (judge->err)
            *judge->err = answer->err;
        return;
    }
    judge->status = tscope_statement_run(judge->statements[KEEP], values, TSCOPE_COUNT(values), judge->err);
    judge->judged->judged++;
}

static enum tscope_status
find_seen(struct judge *judge, int64_t token, struct tscope_moment *moment)
{
    const struct tscope_store_value values[] = {tscope_store_integer(token)};
    tscope_statement *statement = judge->statements[FIND_SEEN];
    bool has_row = false;
    enum tscope_status status = tscope_statement_bind(statement, values, 1, judge->err);

    if (status == TSCOPE_OK)
        status = tscope_statement_step(statement, &has_row, judge->err);
    *moment = judge->judging->moment;
    moment->now = judge->now;
    if (status == TSCOPE_OK && has_row && moment->seen == TSCOPE_TIME_UNKNOWN) {
        moment->seen = tscope_statement_integer(statement, 0);
        moment->seen_from = tscope_span_is(tscope_statement_bytes(statement, 1), "har") ? "har" : "log";
    }
    tscope_statement_reset(statement);
    return status;
}

/* Whether the text at hand is the one that the case says: a case may come from strangers. */
static enum tscope_status
hold_digest(struct tscope_span text, struct tscope_span said, bool *ret_is_same, struct tscope_error *err)
{
    uint8_t digest[TSCOPE_HASH_LEN];
    tscope_hasher *hasher = NULL;
    enum tscope_status status = tscope_hasher_new(NULL, &hasher, err);

    if (status == TSCOPE_OK)
        status = tscope_hasher_add(hasher, text.data, text.len, err);
    if (status == TSCOPE_OK)
        status = tscope_hasher_finish(hasher, digest, err);
    tscope_hasher_free(hasher);
    *ret_is_same = status == TSCOPE_OK && tscope_span_equal(tscope_span_of(digest, sizeof(digest)), said);
    return status;
}

static enum tscope_status
pass_over_altered(struct judge *judge, int64_t id)
{
    const struct tscope_store_value values[] = {
        tscope_store_integer(judge->judgement),
        tscope_store_null(),
        tscope_store_null(),
        tscope_store_null(),
        tscope_store_null(),
        tscope_store_null(),
        tscope_store_integer(id),
    };

    judge->judged->altered++;
    return tscope_statement_run(judge->statements[KEEP], values, TSCOPE_COUNT(values), judge->err);
}

/* The token of the row at hand, unless it was judged like this already. */
static enum tscope_status
judge_row(struct judge *judge, tscope_statement *row, size_t *number)
{
    struct tscope_span text = tscope_statement_bytes(row, 1);
    struct tscope_batch_item item = {.bytes = text.data, .bytes_len = text.len, .tag = (void *)(uintptr_t)*number};
    int64_t id = tscope_statement_integer(row, 0), seen;
    bool is_same = tscope_statement_type(row, 2) == TSCOPE_STORE_INTEGER && tscope_statement_integer(row, 2) == judge->judgement;
    bool is_as_said;
    enum tscope_status status = hold_digest(text, tscope_statement_bytes(row, 4), &is_as_said, judge->err);

    if (status == TSCOPE_OK && is_as_said)
        status = find_seen(judge, id, &item.moment);
    if (status != TSCOPE_OK)
        return status;
    if (!is_as_said) {
        judge->judged->done++;
        return pass_over_altered(judge, id);
    }
    seen = tscope_statement_type(row, 3) == TSCOPE_STORE_INTEGER ? tscope_statement_integer(row, 3) : TSCOPE_TIME_UNKNOWN;
    judge->judged->done++;
    if (is_same && seen == item.moment.seen)
        return TSCOPE_OK;
    judge->ids[*number] = id;
    judge->seen[*number] = item.moment.seen;
    ++*number;
    status = tscope_batch_add(judge->batch, &item, judge->err);
    return status == TSCOPE_OK ? judge->status : status;
}

static enum tscope_status
judge_chunk(struct judge *judge, int64_t *after, bool *ret_has_more)
{
    const struct tscope_store_value values[] = {tscope_store_integer(*after)};
    tscope_statement *rows = judge->statements[NEXT_TOKENS];
    enum tscope_status status = tscope_store_begin(judge->store, judge->err);
    size_t number = 0;
    bool has_row = false;

    *ret_has_more = false;
    if (status == TSCOPE_OK)
        status = tscope_statement_bind(rows, values, 1, judge->err);
    while (status == TSCOPE_OK) {
        status = tscope_statement_step(rows, &has_row, judge->err);
        if (status != TSCOPE_OK || !has_row)
            break;
        *ret_has_more = true;
        *after = tscope_statement_integer(rows, 0);
        status = judge_row(judge, rows, &number);
    }
    tscope_statement_reset(rows);
    if (status == TSCOPE_OK)
        status = tscope_batch_flush(judge->batch, judge->err);
    if (status == TSCOPE_OK)
        status = judge->status;
    if (status == TSCOPE_OK)
        return tscope_store_commit(judge->store, judge->err);
    tscope_store_rollback(judge->store);
    return status;
}

static bool
is_cancelled(const struct judge *judge)
{
    return judge->judging->is_cancelled && judge->judging->is_cancelled(judge->judging->user);
}

static enum tscope_status
prepare(struct judge *judge, const tscope_inspector *like)
{
    const struct tscope_batch_options batch = {
        .size = sizeof(batch),
        .flags = TSCOPE_BATCH_JSON | TSCOPE_BATCH_REPORTS,
        .threads = judge->judging->threads,
        .json_max = JSON_MAX,
        .deliver = take_answer,
        .user = judge,
    };
    enum tscope_status status = TSCOPE_OK;
    int64_t tokens = 0, others = 0;
    struct tscope_store_value value;

    for (size_t i = 0; i < STATEMENTS && status == TSCOPE_OK; i++)
        status = tscope_store_prepare(judge->store, texts[i], &judge->statements[i], judge->err);
    if (status == TSCOPE_OK)
        status = tscope_batch_new(like, &batch, &judge->batch, judge->err);
    if (status == TSCOPE_OK)
        status = tscope_statement_run(judge->statements[FORGET_TOKENS], NULL, 0, judge->err);
    if (status == TSCOPE_OK)
        status = find_judgement(judge);
    value = tscope_store_integer(judge->judgement);
    if (status == TSCOPE_OK)
        status = look_up(judge, COUNT_TOKENS, NULL, &tokens, NULL);
    if (status == TSCOPE_OK)
        status = look_up(judge, COUNT_OTHERS, &value, &others, NULL);
    judge->judged->tokens = (uint64_t)tokens;
    judge->judged->others = (uint64_t)others;
    return status;
}

enum tscope_status
tscope_case_judge(tscope_case *opened, const tscope_inspector *like, const struct tscope_case_judging *judging,
                  struct tscope_case_judged *judged, struct tscope_error *err)
{
    struct tscope_case_judged unasked = {0};
    struct judge judge = {.store = opened->store, .judging = judging, .judged = judged ? judged : &unasked, .err = err};
    enum tscope_status status;
    int64_t after = INT64_MIN;
    bool has_more = true;

    if (!tscope_store_is_writable(opened->store))
        return tscope_error_set(err, TSCOPE_ERR_STATE, TSCOPE_OFFSET_NONE, "the case is not open for writing");
    *judge.judged = (struct tscope_case_judged){0};
    status = prepare(&judge, like);
    while (status == TSCOPE_OK && has_more && !is_cancelled(&judge))
        status = judge_chunk(&judge, &after, &has_more);
    tscope_batch_free(judge.batch);
    for (size_t i = 0; i < STATEMENTS; i++)
        tscope_statement_free(judge.statements[i]);
    return status;
}
