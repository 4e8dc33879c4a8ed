/* SPDX-License-Identifier: Apache-2.0 */
#include "case/coverage_view.h"
#include "core/text.h"
#include "core/time.h"

#define BINS_MAX 200
#define NAME_WIDTH 28
#define LINES_MAX 20 /* of gaps and throttled mailboxes each */

static void
append_time(struct tscope_buffer *buffer, int64_t time)
{
    char text[TSCOPE_TIME_TEXT_MAX];

    tscope_time_format(time, text);
    tscope_buffer_append_format(buffer, "%-20s", text);
}

static void
append_word(struct tscope_buffer *buffer, const struct tscope_coverage_view *view, uint32_t word)
{
    if (word)
        tscope_text_escape(buffer, tscope_ledger_word(view->ledger, word), 64);
    else
        tscope_buffer_append_text(buffer, "(not said)");
}

static void
append_signs(struct tscope_buffer *buffer, const struct tscope_source *source)
{
    if (source->cut & TSCOPE_CUT_ROUND)
        tscope_buffer_append_text(buffer, "    may be cut: exactly as many rows as an export may have\n");
    if (source->cut & TSCOPE_CUT_COUNT)
        tscope_buffer_append_format(buffer, "    may be cut: the search found %lld rows (ResultCount)\n", (long long)source->result_count);
    if (source->cut & TSCOPE_CUT_BROKEN)
        tscope_buffer_append_text(buffer, "    cut: the file ends before its end\n");
    if (source->cut & TSCOPE_CUT_NEXT)
        tscope_buffer_append_text(buffer, "    cut: there is a next page, and no file is the last one\n");
    if (source->cut & TSCOPE_CUT_BAD)
        tscope_buffer_append_format(buffer, "    incomplete: %lld row%s could not be read\n", (long long)source->bad,
                                    source->bad == 1 ? "" : "s");
}

static void
append_source(struct tscope_buffer *buffer, const struct tscope_coverage_view *view, size_t index)
{
    const struct tscope_source *source = &view->sources[index];

    tscope_buffer_append_text(buffer, "  ");
    tscope_text_escape(buffer, source->path, 200);
    tscope_buffer_append_format(buffer, ": %lld rows, %lld duplicates", (long long)source->rows, (long long)source->duplicates);
    if (source->bad)
        tscope_buffer_append_format(buffer, ", %lld that cannot be read", (long long)source->bad);
    if (source->differing)
        tscope_buffer_append_format(buffer, ", %lld with another's id", (long long)source->differing);
    tscope_buffer_append_byte(buffer, '\n');
    append_signs(buffer, source);
    for (size_t i = 0; i < view->parts_len; i++) {
        const struct tscope_source_part *part = &view->parts[i];

        if (part->source != index)
            continue;
        tscope_buffer_append_format(buffer, "    %-*s ", NAME_WIDTH, tscope_log_category_text(part->category));
        append_time(buffer, part->first);
        tscope_buffer_append_text(buffer, "  ");
        append_time(buffer, part->last);
        tscope_buffer_append_format(buffer, " %9llu\n", (unsigned long long)part->rows);
    }
}

/* Eight heights of the row's own largest; an empty column is a point. */
static void
append_bar(struct tscope_buffer *buffer, const struct tscope_covered_log *log, int64_t from, int64_t until, size_t width)
{
    static const char *const heights[] = {"\u2581", "\u2582", "\u2583", "\u2584", "\u2585", "\u2586", "\u2587", "\u2588"};
    uint64_t bins[BINS_MAX], most = 1;

    tscope_coverage_view_bins(log, from, until, bins, width);
    for (size_t i = 0; i < width; i++)
        most = bins[i] > most ? bins[i] : most;
    for (size_t i = 0; i < width; i++)
        tscope_buffer_append_text(buffer, bins[i] ? heights[(bins[i] * 8 - 1) / most > 7 ? 7 : (bins[i] * 8 - 1) / most] : "\u00b7");
}

static void
append_chart(struct tscope_buffer *buffer, const struct tscope_coverage_view *view)
{
    size_t width = view->columns > NAME_WIDTH + 24 ? view->columns - NAME_WIDTH - 4 : 24;
    int64_t from, until;
    uint32_t tenant = 0;

    if (!tscope_coverage_view_span(view, &from, &until))
        return;
    width = width < BINS_MAX ? width : BINS_MAX;
    tscope_buffer_append_text(buffer, "\nRows over time, ");
    append_time(buffer, from);
    tscope_buffer_append_text(buffer, " to ");
    append_time(buffer, until);
    tscope_buffer_append_byte(buffer, '\n');
    for (size_t i = 0; i < view->coverage->logs_len; i++) {
        const struct tscope_covered_log *log = &view->coverage->logs[i];

        if (i == 0 || log->tenant != tenant) {
            tscope_buffer_append_text(buffer, "  tenant ");
            append_word(buffer, view, log->tenant);
            tscope_buffer_append_byte(buffer, '\n');
        }
        tenant = log->tenant;
        tscope_buffer_append_format(buffer, "  %-*s ", NAME_WIDTH, tscope_log_category_text(log->category));
        append_bar(buffer, log, from, until, width);
        tscope_buffer_append_byte(buffer, '\n');
    }
}

static void
append_gaps(struct tscope_buffer *buffer, const struct tscope_coverage_view *view)
{
    size_t shown = 0;

    for (size_t i = 0; i < view->coverage->logs_len; i++) {
        const struct tscope_covered_log *log = &view->coverage->logs[i];

        for (size_t k = 0; k < log->gaps_len && shown < LINES_MAX; k++, shown++) {
            if (shown == 0)
                tscope_buffer_append_text(buffer, "\nGaps: nothing where there are rows at the same time of other weeks\n");
            tscope_buffer_append_format(buffer, "  %-*s ", NAME_WIDTH, tscope_log_category_text(log->category));
            append_time(buffer, log->gaps[k].from);
            tscope_buffer_append_text(buffer, "  ");
            append_time(buffer, log->gaps[k].until);
            tscope_buffer_append_format(buffer, "  usually %llu\n", (unsigned long long)log->gaps[k].usual);
        }
    }
}

static void
append_missing(struct tscope_buffer *buffer, const struct tscope_coverage_view *view)
{
    bool any = false;

    for (size_t i = 0; i < view->coverage->logs_len; i++) {
        const struct tscope_covered_log *log = &view->coverage->logs[i];
        unsigned missing = tscope_coverage_view_missing(view, log->tenant);
        bool is_first = log->category < TSCOPE_CATEGORY_AWS;
        const char *between = ":";

        for (size_t k = 0; k < i && is_first; k++)
            is_first = view->coverage->logs[k].tenant != log->tenant;
        if (!is_first || !missing)
            continue;
        if (!any)
            tscope_buffer_append_text(buffer, "\nMissing: without these nobody can say that a token was never issued\n");
        any = true;
        tscope_buffer_append_text(buffer, "  tenant ");
        append_word(buffer, view, log->tenant);
        for (unsigned category = 1; category < TSCOPE_CATEGORIES; category++) {
            if (!(missing & 1u << category))
                continue;
            tscope_buffer_append_format(buffer, "%s %s", between, tscope_log_category_text((enum tscope_log_category)category));
            between = ",";
        }
        tscope_buffer_append_byte(buffer, '\n');
    }
}

static void
append_throttled(struct tscope_buffer *buffer, const struct tscope_coverage_view *view)
{
    size_t len = view->coverage->throttled_len;

    if (len)
        tscope_buffer_append_text(buffer, "\nThrottled mailboxes: no record in this time proves nothing\n");
    for (size_t i = 0; i < len && i < LINES_MAX; i++) {
        tscope_buffer_append_text(buffer, "  ");
        append_time(buffer, view->coverage->throttled[i].from);
        tscope_buffer_append_text(buffer, "  ");
        append_time(buffer, view->coverage->throttled[i].until);
        tscope_buffer_append_text(buffer, "  ");
        append_word(buffer, view, view->coverage->throttled[i].mailbox);
        tscope_buffer_append_byte(buffer, '\n');
    }
    if (len > LINES_MAX)
        tscope_buffer_append_format(buffer, "  and %zu more\n", len - LINES_MAX);
}

static void
append_retention(struct tscope_buffer *buffer, int64_t now)
{
    const int64_t day = 86400;

    if (!now)
        return;
    tscope_buffer_append_text(buffer, "\nWhat the services still have on ");
    append_time(buffer, now);
    tscope_buffer_append_text(buffer, "\n  unified audit since ");
    append_time(buffer, now - 180 * day);
    tscope_buffer_append_text(buffer, " (180 days; 90 for records of before October 2023)\n  sign-ins since      ");
    append_time(buffer, now - 30 * day);
    tscope_buffer_append_text(buffer, " (30 days; 7 without a licence, since ");
    append_time(buffer, now - 7 * day);
    tscope_buffer_append_text(buffer, ")\n");
}

void
tscope_coverage_text(const struct tscope_coverage_view *view, struct tscope_buffer *buffer)
{
    tscope_buffer_append_text(buffer, view->sources_len ? "Files\n" : "There are no logs in this case.\n");
    for (size_t i = 0; i < view->sources_len; i++)
        append_source(buffer, view, i);
    append_chart(buffer, view);
    append_gaps(buffer, view);
    append_missing(buffer, view);
    append_throttled(buffer, view);
    append_retention(buffer, view->now);
}
