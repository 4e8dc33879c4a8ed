/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TOOLS_LAYOUT_H
#define TOOLS_LAYOUT_H

/** @file Text laid out on standard output, with what is not safe on a terminal escaped. */

/** A paragraph of at most width columns, each line indented. */
void layout_paragraph(const char *text, unsigned indent, unsigned width);

/** Exactly columns columns: cut with an ellipsis, or filled up with spaces. */
void layout_cell(const char *text, unsigned columns);

#endif
