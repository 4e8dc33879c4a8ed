/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TOOLS_PAGE_H
#define TOOLS_PAGE_H

#include <stdbool.h>
#include <stdint.h>

#include <tokenscope/tokenscope.h>

#include "examiner.h"
#include "status.h"

/** @file Standard output as one HTML page, whatever the number of reports. Any status but EXIT_STATUS_OK comes after a message. */

/** Once, before the first report. The page is the caller's to tscope_page_free(). */
enum exit_status page_begin(const struct examiner *examiner, bool reveal, tscope_page **ret_page);

/** A report; name and line (0: none) say where it came from. */
enum exit_status page_report(tscope_page *page, const tscope_report *report, const char *name, uint64_t line);

/** What several tokens show together. */
enum exit_status page_together(tscope_page *page, const tscope_corpus *corpus);

/** NULL: it was never begun, and nothing is to be ended. */
enum exit_status page_end(tscope_page *page);

#endif
