/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_AUDIT_ABSENCE_H
#define TSCOPE_AUDIT_ABSENCE_H

#include "audit/correlate.h"

/**
 * @file Whether it means anything that no sign-in has a token's id: only where every sign-in would be there (all four categories of the
 * token's tenant, well within the time that they cover, without a gap or a cut export), and when others of the same kind of application
 * join.
 */

#define TSCOPE_ISSUE_MARGIN 600         /* seconds between iat and the time of the sign-in */
#define TSCOPE_LONGEST_LIFE (28 * 3600) /* seconds that a token with continuous access evaluation lives */

/** One used token id for the base rate. */
struct tscope_rated {
    uint32_t app; /* a word; in the second table what tscope_absence_kind_of() says */
    bool joined;
    int64_t at;
};

/** Applications are compared among themselves; kinds of them where one alone has too few tokens. */
struct tscope_rates {
    struct tscope_rated *rows; /* by app and time */
    uint32_t *joined;          /* how many of the rows before are */
    size_t len;
};

/** Why a missing sign-in says nothing; NONE: the logs cover it. *ret_missing gets bits 1 << category. */
enum tscope_join_reason tscope_absence_ask_coverage(const tscope_correlation *correlation, const struct tscope_join *join,
                                                    const struct tscope_join_result *result, uint8_t *ret_missing);
enum tscope_join_reason tscope_absence_ask_gaps(const tscope_correlation *correlation, uint32_t tenant, int64_t from, int64_t until,
                                                uint8_t *ret_missing);

/** Sorts the rows and counts them. TSCOPE_OK or TSCOPE_ERR_NO_MEMORY. */
TSCOPE_MUST_USE enum tscope_status tscope_absence_sort_rates(struct tscope_rates *rates, struct tscope_error *err);
uint32_t tscope_absence_kind_of(const tscope_correlation *correlation, uint32_t app);
/** Why the others say nothing; NONE: they join. Writes how many there are into the join. */
enum tscope_join_reason tscope_absence_ask_rate(const tscope_correlation *correlation, const struct tscope_rates rates[2],
                                                struct tscope_join *join);
/** True when a sign-in of that user and time has an id that cannot be read: it may be the one that is missing. */
bool tscope_absence_has_unread(const tscope_correlation *correlation, const struct tscope_event *use, int64_t from, int64_t until);

#endif
