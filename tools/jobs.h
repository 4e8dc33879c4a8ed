/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TOOLS_JOBS_H
#define TOOLS_JOBS_H

#include "status.h"

/** @file "--jobs N": how many threads judge. */

/** As many as there are processors at hand, where nobody says (wanted 0). EXIT_STATUS_USAGE after a message when it is too many. */
enum exit_status jobs_count(const char *verb, long wanted, unsigned *ret_count);

#endif
