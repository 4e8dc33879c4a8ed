/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TOKENSCOPE_SCORE_H
#define TOKENSCOPE_SCORE_H

#include <tokenscope/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @file A token with the log rows that an engine has joined to it, scored as "audit correlate" does: for engines that join tables of any
 * size themselves. The line's members are in docs/stream.md.
 */

/** Scores lines one after the other. Belongs to one thread. */
typedef struct tscope_scorer tscope_scorer;

TSCOPE_MUST_USE enum tscope_status tscope_scorer_new(tscope_scorer **ret_scorer, struct tscope_error *err);
void tscope_scorer_free(tscope_scorer *scorer); /**< NULL is allowed */

/**
 * Scores one line. The same line gives the same answer.
 *
 * @param ret_json  one line of JSON without its end; lives until the next call on this scorer
 * @return TSCOPE_OK, TSCOPE_ERR_DATA (no JSON object, or a member of the wrong type), TSCOPE_ERR_TOO_LARGE, TSCOPE_ERR_NO_MEMORY; on
 *         failure ret_id is the line's "id" as written, NULL when it has none
 */
TSCOPE_MUST_USE enum tscope_status tscope_score_line(tscope_scorer *scorer, const uint8_t *line, size_t line_len, const char **ret_json,
                                                     size_t *ret_len, const char **ret_id, size_t *ret_id_len, struct tscope_error *err);

#ifdef __cplusplus
}
#endif

#endif
