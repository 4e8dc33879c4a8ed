/* SPDX-License-Identifier: Apache-2.0 */
#include "terminal.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define WIDTH_DEFAULT 80
#define WIDTH_MIN 40
#define WIDTH_MAX 120 /* longer lines are hard to read */

unsigned
terminal_width(void)
{
    const char *columns = getenv("COLUMNS");
    struct winsize size = {0};
    unsigned long width = 0;

    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0)
        width = size.ws_col;
    if (width == 0 && columns && columns[0] >= '0' && columns[0] <= '9')
        width = strtoul(columns, NULL, 10);
    if (width == 0)
        width = WIDTH_DEFAULT;
    return (unsigned)(width < WIDTH_MIN ? WIDTH_MIN : width > WIDTH_MAX ? WIDTH_MAX : width);
}

bool
terminal_has_colour(enum terminal_colour wish)
{
    const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");

    if (wish != TERMINAL_COLOUR_AUTO)
        return wish == TERMINAL_COLOUR_ALWAYS;
    return isatty(STDOUT_FILENO) && !(no_color && no_color[0]) && term && strcmp(term, "dumb") != 0;
}

bool
terminal_is_stdin(void)
{
    return isatty(STDIN_FILENO);
}
