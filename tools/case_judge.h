/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TOOLS_CASE_JUDGE_H
#define TOOLS_CASE_JUDGE_H

#include <tokenscope/case.h>

#include "examiner.h"

/** @file The tokens of a case judged, and the case summed up. */

struct case_judge {
    const struct examiner *examiner;
    bool has_now; /* asked for, and not the clock's */
    unsigned threads;
    bool (*is_cancelled)(void *user);
    void *user;
};

/** Any status but EXIT_STATUS_OK comes after a message. */
enum exit_status case_judge(tscope_case *opened, const struct case_judge *judge);

/** Two lines on standard error, and the exit status that the case deserves. */
enum exit_status case_sum_up(tscope_case *opened, int fail_on, bool fails_never);

#endif
