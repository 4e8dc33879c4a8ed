/* SPDX-License-Identifier: Apache-2.0 */
#include "jobs.h"

#include <sched.h>

#include <tokenscope/batch.h>

#include "message.h"

#define JOBS_DEFAULT_MAX 16 /* more do not pay where one thread reads and writes */

enum exit_status
jobs_count(const char *verb, long wanted, unsigned *ret_count)
{
    cpu_set_t processors;
    int count = 1;

    if (wanted > TSCOPE_BATCH_THREADS_MAX)
        return message_usage(verb, "--jobs takes a number from 1 to %d", TSCOPE_BATCH_THREADS_MAX);
    if (wanted == 0 && sched_getaffinity(0, sizeof(processors), &processors) == 0)
        count = CPU_COUNT(&processors);
    if (count > JOBS_DEFAULT_MAX)
        count = JOBS_DEFAULT_MAX;
    *ret_count = wanted > 0 ? (unsigned)wanted : (unsigned)count;
    return EXIT_STATUS_OK;
}
