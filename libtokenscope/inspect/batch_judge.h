/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_INSPECT_BATCH_JUDGE_H
#define TSCOPE_INSPECT_BATCH_JUDGE_H

#include <tokenscope/batch.h>

#include "inspect/batch_memory.h"
#include "inspect/inspection.h"

/** @file One token of a batch, from item to answer, on one thread. */

/** A token on its way. Its bytes stand in the text of its chunk, since that may move while it grows. */
struct tscope_batch_job {
    size_t bytes_at, bytes_len;
    size_t path_at, id_at, seen_from_at; /* with a NUL behind them; SIZE_MAX: none */
    size_t id_len;
    uint64_t offset;
    struct tscope_moment moment;
    struct tscope_capture capture;
    bool is_capture, is_refused; /* is_refused: status and err are its answer */
    void *tag;
    uint64_t line;

    enum tscope_status status;
    struct tscope_error err;
    enum tscope_verdict verdict;
    bool is_uncertain;
    bool has_report;       /* of this token, not of an earlier one */
    tscope_report *report; /* its memory is used again by the job that stands here next */
    struct tscope_buffer json;
};

/** What a thread judges with. */
struct tscope_batch_judge {
    tscope_inspector *inspector;
    tscope_report *report; /* of the latest token, where nobody asked for reports */
    struct tscope_buffer kept;
    unsigned flags;
    struct tscope_batch_memory *memory; /* shared; NULL: none */
};

TSCOPE_MUST_USE enum tscope_status tscope_batch_judge_open(struct tscope_batch_judge *judge, const tscope_inspector *like, unsigned flags,
                                                           struct tscope_batch_memory *memory, struct tscope_error *err);
void tscope_batch_judge_close(struct tscope_batch_judge *judge);

/** Fills the job's answer. text: of the chunk. */
void tscope_batch_judge_job(struct tscope_batch_judge *judge, const uint8_t *text, struct tscope_batch_job *job);

#endif
