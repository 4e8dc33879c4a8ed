/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_INSPECT_OPINION_H
#define TSCOPE_INSPECT_OPINION_H

#include "inspect/inspection.h"

/**
 * @file The second opinion: which faults that validators are known to have would have let a token pass that a correct one refuses.
 * No check, and no verdict rests on it: a row is named when everything that speaks against the token is what that fault overlooks.
 */

/** What a row is asked of. */
struct tscope_lax_case {
    const tscope_subject *subject; /* of the deciding signature */
    bool failed;                   /* memory ran out */
};

/** One fault. It counts alone: what only two of them together would let pass is not said. */
struct tscope_lax {
    const char *id, *sentence;                       /* "any application that … would accept it" */
    const char *references;                          /* "; " between */
    uint64_t overlooks;                              /* defects (inspect/defects.h), one of which must be there */
    uint64_t bears;                                  /* others that do not matter to it */
    bool (*holds)(struct tscope_lax_case *lax_case); /* what must be true besides; NULL: nothing */
};

extern const struct tscope_lax tscope_lax_rows[];
extern const size_t tscope_lax_rows_len; /* at most 64 */

/** Fills inspection->defects and inspection->opinion, once the verdict is decided. TSCOPE_OK or TSCOPE_ERR_NO_MEMORY. */
TSCOPE_MUST_USE enum tscope_status tscope_opinion_form(struct tscope_inspection *inspection);

#endif
