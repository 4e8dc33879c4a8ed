/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_RENDER_FINDINGS_LINES_H
#define TSCOPE_RENDER_FINDINGS_LINES_H

#include "checks/findings.h"
#include "render/layout.h"

/** @file What was found, with its evidence, and what could not be told. */

/** Gravest first, as they stand; those below medium in one line each unless verbose. */
void tscope_findings_lines(struct tscope_layout *layout, const struct tscope_findings *findings, bool verbose);
/** What could not be told, gathered by its reason; a few lines unless verbose. */
void tscope_findings_unknown_lines(struct tscope_layout *layout, const struct tscope_findings *findings, bool verbose);

#endif
