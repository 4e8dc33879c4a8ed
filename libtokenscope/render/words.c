/* SPDX-License-Identifier: Apache-2.0 */
#include "render/words.h"

#include <stdio.h>

#include "core/alloc.h"
#include "core/time.h"

#define NO_TIME "at no known time"

void
tscope_words_time(int64_t time, char words[TSCOPE_WORDS_MAX])
{
    char text[TSCOPE_TIME_TEXT_MAX];

    tscope_time_format(time, text);
    if (time == TSCOPE_TIME_NONE)
        snprintf(words, TSCOPE_WORDS_MAX, NO_TIME);
    else if (strlen(text) == strlen("2023-06-15T10:00:00Z") && text[10] == 'T')
        snprintf(words, TSCOPE_WORDS_MAX, "%.10s %.8s UTC", text, text + 11);
    else
        snprintf(words, TSCOPE_WORDS_MAX, "%s s since 1970", text);
}

void
tscope_words_date(int64_t time, char words[TSCOPE_WORDS_MAX])
{
    tscope_words_time(time, words);
    if (time != TSCOPE_TIME_NONE && words[4] == '-' && words[10] == ' ')
        words[10] = '\0';
}

void
tscope_words_span(uint64_t seconds, char words[TSCOPE_WORDS_MAX])
{
    /* a mean year and a twelfth of it: what is said of years needs no calendar */
    static const struct {
        const char *unit;
        uint32_t seconds;
    } units[] = {{"y", 31557600}, {"mo", 2629800}, {"d", 86400}, {"h", 3600}, {"min", 60}, {"s", 1}};
    size_t i = 0;
    uint64_t rest;

    while (i + 1 < TSCOPE_COUNT(units) && seconds < units[i].seconds)
        i++;
    rest = i + 1 < TSCOPE_COUNT(units) ? seconds % units[i].seconds / units[i + 1].seconds : 0;
    if (rest)
        snprintf(words, TSCOPE_WORDS_MAX, "%llu %s %llu %s", (unsigned long long)(seconds / units[i].seconds), units[i].unit,
                 (unsigned long long)rest, units[i + 1].unit);
    else
        snprintf(words, TSCOPE_WORDS_MAX, "%llu %s", (unsigned long long)(seconds / units[i].seconds), units[i].unit);
}

void
tscope_words_ago(int64_t time, int64_t now, char words[TSCOPE_WORDS_MAX])
{
    char span[TSCOPE_WORDS_MAX];

    words[0] = '\0';
    if (time == TSCOPE_TIME_NONE || now == TSCOPE_TIME_NONE)
        return;
    if (time == now) {
        snprintf(words, TSCOPE_WORDS_MAX, "just now");
        return;
    }
    /* the difference of two int64 may only be told unsigned */
    tscope_words_span(time < now ? (uint64_t)now - (uint64_t)time : (uint64_t)time - (uint64_t)now, span);
    snprintf(words, TSCOPE_WORDS_MAX, time < now ? "%.40s ago" : "in %.40s", span);
}

const char *
tscope_words_plural(size_t count)
{
    return count == 1 ? "" : "s";
}

void
tscope_words_put_time(struct tscope_layout *layout, int64_t time, int64_t now)
{
    char words[TSCOPE_WORDS_MAX];

    tscope_words_time(time, words);
    tscope_layout_text(layout, TSCOPE_STYLE_PLAIN, words);
    tscope_words_ago(time, now, words);
    if (words[0] == '\0')
        return;
    tscope_layout_text(layout, TSCOPE_STYLE_QUIET, ", ");
    tscope_layout_text(layout, TSCOPE_STYLE_QUIET, words);
}
