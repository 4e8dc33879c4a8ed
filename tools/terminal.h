/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TOOLS_TERMINAL_H
#define TOOLS_TERMINAL_H

#include <stdbool.h>

/** @file What standard output is, and what it may be sent. */

enum terminal_colour { TERMINAL_COLOUR_AUTO, TERMINAL_COLOUR_ALWAYS, TERMINAL_COLOUR_NEVER };

/** Columns to lay text out for: the terminal's, else $COLUMNS, else 80; never fewer than 40 nor more than 120. */
unsigned terminal_width(void);

/** Whether colours are sent. On "auto": to a terminal that is not dumb, unless $NO_COLOR is set (no-color.org). */
bool terminal_has_colour(enum terminal_colour wish);

/** Whether a person would have to type the input. */
bool terminal_is_stdin(void);

#endif
