/* SPDX-License-Identifier: Apache-2.0 */
#include "scan_progress.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define TICK_US 250000

/* A signal writes it: nothing here but what is allowed in a handler (signal-safety(7)). */
static const tscope_sweep *shown;
static uint64_t total;
static struct timespec since;
static volatile sig_atomic_t is_there;

struct line {
    char text[160];
    size_t len;
};

static void
add_text(struct line *line, const char *text)
{
    for (; *text && line->len < sizeof(line->text); text++)
        line->text[line->len++] = *text;
}

static void
add_number(struct line *line, uint64_t number)
{
    char digits[21];
    size_t at = sizeof(digits) - 1;

    digits[at] = '\0';
    do
        digits[--at] = (char)('0' + number % 10);
    while ((number /= 10) > 0);
    add_text(line, digits + at);
}

/* With one digit behind the point. */
static void
add_bytes(struct line *line, uint64_t bytes)
{
    static const char *const units[] = {" KiB", " MiB", " GiB", " TiB"};
    size_t unit = 0;

    for (; bytes >= UINT64_C(1024) * 1024 && unit + 1 < sizeof(units) / sizeof(units[0]); unit++)
        bytes /= 1024;
    add_number(line, bytes / 1024);
    add_text(line, ".");
    add_number(line, bytes % 1024 * 10 / 1024);
    add_text(line, units[unit]);
}

static void
add_duration(struct line *line, uint64_t seconds)
{
    if (seconds >= 3600) {
        add_number(line, seconds / 3600);
        add_text(line, " h ");
    }
    if (seconds >= 60) {
        add_number(line, seconds % 3600 / 60);
        add_text(line, " min ");
    }
    if (seconds < 3600) {
        add_number(line, seconds % 60);
        add_text(line, " s");
    }
}

static void
write_line(void)
{
    struct tscope_sweep_counts counts;
    struct line line = {.len = 0};
    struct timespec now;
    uint64_t ms;

    tscope_sweep_count(shown, &counts);
    clock_gettime(CLOCK_MONOTONIC, &now);
    ms = (uint64_t)(now.tv_sec - since.tv_sec) * 1000 + (uint64_t)((now.tv_nsec - since.tv_nsec) / 1000000);
    add_text(&line, "\r");
    add_bytes(&line, counts.bytes_read);
    if (total > 0) {
        add_text(&line, " of ");
        add_bytes(&line, total);
    }
    add_text(&line, ", ");
    add_number(&line, counts.tokens);
    add_text(&line, " tokens, ");
    add_number(&line, counts.keys);
    add_text(&line, " keys");
    if (ms > 0 && counts.bytes_read > 0) {
        uint64_t rate = counts.bytes_read / ms * 1000;

        add_text(&line, ", ");
        add_bytes(&line, rate);
        add_text(&line, "/s");
        if (total > counts.bytes_read && rate > 0) {
            add_text(&line, ", ");
            add_duration(&line, (total - counts.bytes_read) / rate);
            add_text(&line, " left");
        }
    }
    add_text(&line, "\033[K");
    if (write(STDERR_FILENO, line.text, line.len) >= 0)
        is_there = 1;
}

static void
tick(int signal_number)
{
    int kept = errno;

    (void)signal_number;
    write_line();
    errno = kept;
}

static void
set_timer(long us)
{
    const struct itimerval interval = {{0, us}, {0, us}};

    setitimer(ITIMER_REAL, &interval, NULL);
}

bool
scan_progress_is_shown(void)
{
    return isatty(STDERR_FILENO);
}

void
scan_progress_begin(const tscope_sweep *sweep, uint64_t bytes)
{
    const struct sigaction action = {.sa_handler = tick, .sa_flags = SA_RESTART};

    if (!scan_progress_is_shown())
        return;
    shown = sweep;
    total = bytes;
    clock_gettime(CLOCK_MONOTONIC, &since);
    sigaction(SIGALRM, &action, NULL);
    set_timer(TICK_US);
}

void
scan_progress_pause(void)
{
    if (!is_there)
        return;
    is_there = 0;
    if (write(STDERR_FILENO, "\r\033[K", 4) < 0)
        return; /* a terminal that is gone: nobody to tell */
}

void
scan_progress_end(void)
{
    if (!shown)
        return;
    set_timer(0);
    scan_progress_pause();
    shown = NULL;
}
