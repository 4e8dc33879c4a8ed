/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_INSPECT_REPORT_WRITE_H
#define TSCOPE_INSPECT_REPORT_WRITE_H

#include "core/buffer.h"
#include "inspect/inspection.h"

/** @file A report as JSON, and the same report again for another place where its token stood. */

/** Where a report's JSON says what is not the token's own: all of it is in its beginning. */
struct tscope_report_marks {
    uint32_t id_at, id_end;          /* the value of "id" */
    uint32_t source_at, source_rest; /* the members of "source" that say of which file; what follows them. source_at 0: no such */
};

/** id: a JSON value; data NULL: null. marks may be NULL, and mean nothing with TSCOPE_REPORT_PRETTY. Failure shows in the buffer. */
void tscope_report_write(const tscope_report *report, unsigned flags, struct tscope_span id, struct tscope_buffer *buffer,
                         struct tscope_report_marks *marks);

/** The row of tscope_report_row_json(). */
void tscope_report_write_row(const tscope_report *report, struct tscope_span id, struct tscope_buffer *buffer,
                             struct tscope_report_marks *marks);

/** Where a token stood. */
struct tscope_report_place {
    struct tscope_span id, path; /* data NULL: null; not said */
    uint64_t offset;
};

/** The same text for another place. */
void tscope_report_write_again(struct tscope_span json, const struct tscope_report_marks *marks, const struct tscope_report_place *place,
                               struct tscope_buffer *buffer);

#endif
