/* SPDX-License-Identifier: Apache-2.0 */
#include "progress.h"

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define TICK_US 250000

/* A signal writes it while a library computes: nothing here but what is allowed in a handler (signal-safety(7)). */
static char line[160];
static size_t line_len;
static time_t since;
static bool is_shown;

static void
write_line(void)
{
    char text[sizeof(line) + 32], digits[20];
    size_t len = 0, digits_len = 0;
    time_t seconds = time(NULL) - since;

    text[len++] = '\r';
    memcpy(text + len, line, line_len);
    len += line_len;
    do
        digits[digits_len++] = (char)('0' + seconds % 10);
    while ((seconds /= 10) > 0 && digits_len < sizeof(digits));
    while (digits_len > 0)
        text[len++] = digits[--digits_len];
    memcpy(text + len, " s\033[K", 5);
    if (write(STDERR_FILENO, text, len + 5) < 0)
        return; /* a terminal that is gone: nobody to tell */
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

void
progress_show(const char *format, ...)
{
    struct sigaction action = {.sa_handler = tick, .sa_flags = SA_RESTART};
    va_list arguments;
    int len;

    if (!isatty(STDERR_FILENO))
        return;
    set_timer(0);
    va_start(arguments, format);
    len = vsnprintf(line, sizeof(line), format, arguments);
    va_end(arguments);
    line_len = len < 0 ? 0 : (size_t)len < sizeof(line) ? (size_t)len : sizeof(line) - 1;
    if (!is_shown)
        since = time(NULL);
    is_shown = true;
    write_line();
    sigaction(SIGALRM, &action, NULL);
    set_timer(TICK_US);
}

bool
progress_recovery(void *user, const struct tscope_recovery_progress *progress)
{
    static const char *const steps[] = {"first power", "second power", "common divisor"};

    (void)user;
    progress_show("attempt %zu of %zu at most, RSA %zu, exponent %u: %s, ", progress->attempt, progress->attempts, progress->bits,
                  progress->exponent, progress->step < 3 ? steps[progress->step] : "");
    return true;
}

void
progress_end(void)
{
    if (!is_shown)
        return;
    set_timer(0);
    is_shown = false;
    fputs("\r\033[K", stderr);
}
