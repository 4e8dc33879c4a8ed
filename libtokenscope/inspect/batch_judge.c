/* SPDX-License-Identifier: Apache-2.0 */
#include "inspect/batch_judge.h"

#include "core/error.h"
#include "inspect/report_write.h"

#define JSON_KEEP (64u << 10) /* of a job's buffer: enough for almost all */

enum tscope_status
tscope_batch_judge_open(struct tscope_batch_judge *judge, const tscope_inspector *like, unsigned flags, struct tscope_batch_memory *memory,
                        struct tscope_error *err)
{
    *judge = (struct tscope_batch_judge){.flags = flags, .memory = memory};
    return tscope_inspector_copy(like, &judge->inspector, err);
}

void
tscope_batch_judge_close(struct tscope_batch_judge *judge)
{
    tscope_inspector_free(judge->inspector);
    tscope_report_free(judge->report);
    tscope_buffer_clear(&judge->kept);
    *judge = (struct tscope_batch_judge){0};
}

static struct tscope_span
text_of(const uint8_t *text, size_t at)
{
    return at == SIZE_MAX ? (struct tscope_span){NULL, 0} : tscope_span_text((const char *)text + at);
}

static struct tscope_report_place
place_of(const uint8_t *text, const struct tscope_batch_job *job)
{
    return (struct tscope_report_place){
        .id = job->id_at == SIZE_MAX ? (struct tscope_span){NULL, 0} : tscope_span_of(text + job->id_at, job->id_len),
        .path = text_of(text, job->path_at),
        .offset = job->offset,
    };
}

/* All that an answer depends on, beside the judge and where the token stood. */
static bool
digest_job(const struct tscope_batch_judge *judge, const uint8_t *text, const struct tscope_batch_job *job,
           uint8_t digest[TSCOPE_BATCH_DIGEST_LEN])
{
    struct {
        int64_t seen, now;
        uint64_t offset, len, with_offset, with_len, member, flags;
    } fixed = {.seen = job->moment.seen, .now = job->moment.now};
    struct tscope_span seen_from = text_of(text, job->seen_from_at);
    struct tscope_span parts[3];

    if (job->is_capture) {
        fixed.offset = job->capture.offset;
        fixed.len = job->capture.len;
        fixed.with_offset = job->capture.with_offset;
        fixed.with_len = job->capture.with_len;
        fixed.member = job->capture.member;
        fixed.flags = 1u | (job->capture.is_cookie ? 2u : 0);
    }
    fixed.flags |= (uint64_t)seen_from.len << 8 | (seen_from.data ? 4u : 0);
    parts[0] = tscope_span_of((const uint8_t *)&fixed, sizeof(fixed));
    parts[1] = seen_from.data ? seen_from : tscope_span_of(text, 0);
    parts[2] = tscope_span_of(text + job->bytes_at, job->bytes_len);
    return tscope_crypto_digest(tscope_keyring_crypto(judge->inspector->keyring), TSCOPE_DIGEST_SHA256, parts, TSCOPE_COUNT(parts), digest,
                                NULL) == TSCOPE_OK;
}

/* What is kept with a token: where its place stands in the report, and the report. */
static bool
answer_from_memory(struct tscope_batch_judge *judge, const uint8_t *text, const uint8_t *digest, struct tscope_batch_job *job)
{
    const struct tscope_report_place place = place_of(text, job);
    bool with_json = judge->flags & (TSCOPE_BATCH_JSON | TSCOPE_BATCH_ROWS);
    struct tscope_batch_verdict verdict;
    struct tscope_report_marks marks;

    if (!tscope_batch_memory_find(judge->memory, digest, &verdict, with_json ? &judge->kept : NULL))
        return false;
    job->verdict = (enum tscope_verdict)verdict.verdict;
    job->is_uncertain = verdict.is_uncertain;
    if (!with_json)
        return true;
    memcpy(&marks, judge->kept.data, sizeof(marks));
    tscope_report_write_again(tscope_span_of(judge->kept.data + sizeof(marks), judge->kept.len - sizeof(marks)), &marks, &place,
                              &job->json);
    return true;
}

static void
keep_in_memory(struct tscope_batch_judge *judge, const uint8_t *digest, const struct tscope_batch_job *job,
               const struct tscope_report_marks *marks)
{
    const struct tscope_batch_verdict verdict = {.verdict = (uint8_t)job->verdict, .is_uncertain = job->is_uncertain};
    struct tscope_span text = {NULL, 0};

    if (judge->flags & (TSCOPE_BATCH_JSON | TSCOPE_BATCH_ROWS)) {
        tscope_buffer_reset(&judge->kept);
        tscope_buffer_append(&judge->kept, marks, sizeof(*marks));
        tscope_buffer_append(&judge->kept, job->json.data, job->json.len);
        if (!judge->kept.failed)
            text = tscope_span_of(judge->kept.data, judge->kept.len);
    }
    tscope_batch_memory_keep(judge->memory, digest, verdict, text);
}

static enum tscope_status
inspect_job(struct tscope_batch_judge *judge, const uint8_t *text, struct tscope_batch_job *job, tscope_report **report)
{
    const struct tscope_span path = text_of(text, job->path_at);
    enum tscope_status status;

    job->moment.seen_from = job->seen_from_at == SIZE_MAX ? NULL : (const char *)text + job->seen_from_at;
    status = tscope_inspector_set_source(judge->inspector, (const char *)path.data, job->offset, &job->err);
    if (status != TSCOPE_OK)
        return status;
    return tscope_inspect_capture(judge->inspector, text + job->bytes_at, job->bytes_len, job->is_capture ? &job->capture : NULL,
                                  &job->moment, report, &job->err);
}

static enum tscope_status
judge_anew(struct tscope_batch_judge *judge, const uint8_t *text, struct tscope_batch_job *job, struct tscope_report_marks *marks)
{
    tscope_report **report = judge->flags & TSCOPE_BATCH_REPORTS ? &job->report : &judge->report;
    unsigned flags = judge->flags & TSCOPE_BATCH_REVEAL ? TSCOPE_REPORT_REVEAL : 0;
    enum tscope_status status = inspect_job(judge, text, job, report);

    if (status != TSCOPE_OK)
        return status;
    job->has_report = judge->flags & TSCOPE_BATCH_REPORTS;
    job->verdict = tscope_report_verdict(*report);
    job->is_uncertain = tscope_report_is_uncertain(*report);
    if (!(judge->flags & (TSCOPE_BATCH_JSON | TSCOPE_BATCH_ROWS)))
        return TSCOPE_OK;
    if (judge->flags & TSCOPE_BATCH_ROWS)
        tscope_report_write_row(*report, place_of(text, job).id, &job->json, marks);
    else
        tscope_report_write(*report, flags, place_of(text, job).id, &job->json, marks);
    return job->json.failed ? tscope_error_no_memory(&job->err) : TSCOPE_OK;
}

void
tscope_batch_judge_job(struct tscope_batch_judge *judge, const uint8_t *text, struct tscope_batch_job *job)
{
    uint8_t digest[TSCOPE_BATCH_DIGEST_LEN];
    struct tscope_report_marks marks = {0};
    bool has_memory;

    job->has_report = false;
    if (job->is_refused)
        return;
    has_memory = judge->memory && digest_job(judge, text, job, digest);
    if (job->json.capacity > JSON_KEEP)
        tscope_buffer_clear(&job->json);
    tscope_buffer_reset(&job->json);
    job->err = (struct tscope_error){0};
    job->status = TSCOPE_OK;
    if (has_memory && answer_from_memory(judge, text, digest, job)) {
        if (job->json.failed)
            job->status = tscope_error_no_memory(&job->err);
        return;
    }
    job->status = judge_anew(judge, text, job, &marks);
    if (job->status == TSCOPE_OK && has_memory)
        keep_in_memory(judge, digest, job, &marks);
}
