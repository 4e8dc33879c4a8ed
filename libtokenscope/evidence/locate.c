/* SPDX-License-Identifier: Apache-2.0 */
#include <tokenscope/evidence.h>

#include "core/error.h"
#include "evidence/stream.h"

/* Where nothing is known of the form, the place alone. */
static void
locate_bare(enum tscope_evidence_format format, const uint64_t offsets[], size_t count, tscope_evidence_deliver *deliver, void *user)
{
    for (size_t i = 0; i < count; i++) {
        struct tscope_context context = {.format = format, .offset = offsets[i], .time = TSCOPE_CONTEXT_NO_TIME};

        deliver(user, i, &context);
    }
}

enum tscope_status
tscope_evidence_locate(tscope_evidence *evidence, const tscope_evidence_stream *stream, const uint64_t offsets[], size_t count,
                       tscope_evidence_deliver *deliver, void *user, struct tscope_error *err)
{
    (void)evidence;
    for (size_t i = 1; i < count; i++) {
        if (offsets[i] < offsets[i - 1])
            return tscope_error_set(err, TSCOPE_ERR_ARGUMENT, TSCOPE_OFFSET_NONE, "the offsets are not in order");
    }
    locate_bare(stream->piece->format, offsets, count, deliver, user);
    return TSCOPE_OK;
}
