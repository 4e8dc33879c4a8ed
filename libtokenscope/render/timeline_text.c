/* SPDX-License-Identifier: Apache-2.0 */
#include "core/alloc.h"
#include "core/error.h"
#include "core/text.h"
#include "render/columns.h"
#include "render/layout.h"
#include "render/timeline_axis.h"
#include "render/words.h"

/* A row a key in the columns of a terminal: a column is a stretch of time, and shows the gravest that happened in it. */

#define LABEL_NARROW 13 /* columns for a kid, with its ellipsis */
#define LABEL_WIDE 27   /* all of a kid that is a SHA-1 */
#define WIDE_FROM 100
#define COLUMNS_MAX TSCOPE_LAYOUT_WIDTH_MAX

/* In order of what hides what. */
enum glyph { GLYPH_NONE, GLYPH_CERTIFICATE, GLYPH_COVERED, GLYPH_SEEN, GLYPH_ABSENT, GLYPH_PUBLISHED, GLYPH_NOTICE };

static const struct {
    const char *text;
    enum tscope_style style;
} glyphs[] = {
    [GLYPH_NONE] = {" ", TSCOPE_STYLE_PLAIN},    [GLYPH_CERTIFICATE] = {"─", TSCOPE_STYLE_QUIET},
    [GLYPH_COVERED] = {"░", TSCOPE_STYLE_QUIET}, [GLYPH_SEEN] = {"○", TSCOPE_STYLE_PLAIN},
    [GLYPH_ABSENT] = {"×", TSCOPE_STYLE_PLAIN},  [GLYPH_PUBLISHED] = {"█", TSCOPE_STYLE_CALM},
    [GLYPH_NOTICE] = {"!", TSCOPE_STYLE_ALARM},
};

struct chart {
    const tscope_key_timeline *timeline;
    struct tscope_layout *layout;
    unsigned label, left, columns; /* of the kid; where time begins; how many columns it has */
    uint8_t cells[COLUMNS_MAX];
};

static unsigned
column_of(const struct chart *chart, int64_t time)
{
    unsigned column = (unsigned)tscope_timeline_place(chart->timeline, time, chart->columns);

    return column < chart->columns ? column : chart->columns - 1;
}

static void
paint(struct chart *chart, int64_t from, int64_t to, enum glyph glyph)
{
    if (from == TSCOPE_TIME_NONE || !tscope_timeline_shows(chart->timeline, from, to))
        return;
    for (unsigned i = column_of(chart, from); i <= column_of(chart, to); i++) {
        if (chart->cells[i] < glyph)
            chart->cells[i] = (uint8_t)glyph;
    }
}

/* Spaces between words stay as they are. */
static void
fill(struct chart *chart, unsigned columns)
{
    for (unsigned i = 0; i < columns; i++)
        tscope_layout_text(chart->layout, TSCOPE_STYLE_PLAIN, " ");
}

/* What was painted, behind a label that ends at a column. */
static void
write_cells(struct chart *chart, unsigned column)
{
    fill(chart, chart->left - column);
    for (unsigned i = 0; i < chart->columns; i++)
        tscope_layout_text(chart->layout, glyphs[chart->cells[i]].style, glyphs[chart->cells[i]].text);
    tscope_layout_end(chart->layout);
    memset(chart->cells, GLYPH_NONE, sizeof(chart->cells));
}

/* Escaped first and cut then, so that it never takes more columns than it has. Returns how many it takes. */
static unsigned
write_label(struct chart *chart, struct tscope_span text, enum tscope_style style)
{
    struct tscope_buffer safe = {0};
    struct tscope_span shown;
    unsigned columns = 0;
    bool fits;

    tscope_text_escape(&safe, text.data ? text : TSCOPE_SPAN("(no kid)"), 64);
    shown = tscope_span_of(safe.data, safe.failed ? 0 : safe.len);
    fits = tscope_columns_of_text(shown) <= chart->label;
    for (size_t at = 0, next = 0; at < shown.len; at = next) {
        unsigned width = tscope_columns_of(tscope_text_code_point(shown, &next));

        if (!fits && columns + width >= chart->label)
            break;
        columns += width;
        tscope_layout_span(chart->layout, style, tscope_span_of(shown.data + at, next - at));
    }
    if (!fits)
        tscope_layout_text(chart->layout, style, "…");
    chart->layout->out.failed |= safe.failed;
    tscope_buffer_clear(&safe);
    return columns + !fits;
}

static void
write_row(struct chart *chart, const struct tscope_timeline_row *row)
{
    unsigned column;

    if (row->certificate)
        paint(chart, row->certificate->not_before, row->certificate->not_after, GLYPH_CERTIFICATE);
    for (size_t i = 0; i < row->sightings_len; i++)
        paint(chart, row->sightings[i]->at, row->sightings[i]->at, GLYPH_SEEN);
    for (size_t i = 0; i < row->absences_len; i++)
        paint(chart, row->absences[i].at, row->absences[i].at, GLYPH_ABSENT);
    for (size_t i = 0; i < row->publications_len; i++)
        paint(chart, row->publications[i].interval.from, row->publications[i].interval.to, GLYPH_PUBLISHED);
    for (size_t i = 0; i < row->notices_len; i++) {
        const struct tscope_history_notice *notice = row->notices[i];

        paint(chart, notice->exposed_from, notice->exposed_from, GLYPH_NOTICE);
        paint(chart, notice->abuse_first_known, notice->abuse_first_known, GLYPH_NOTICE);
        paint(chart, notice->withdrawn_at, notice->withdrawn_at, GLYPH_NOTICE);
    }
    tscope_layout_begin(chart->layout, 0, 0);
    tscope_layout_text(chart->layout, TSCOPE_STYLE_ALARM, row->notices_len ? "!" : " ");
    fill(chart, 1);
    column = 2 + write_label(chart, row->key->kid, TSCOPE_STYLE_PLAIN);
    write_cells(chart, column);
}

/* Labels that begin where their time is; one that would touch the one before it is left out. */
static void
write_axis(struct chart *chart)
{
    struct tscope_timeline_tick ticks[TSCOPE_TIMELINE_TICKS_MAX];
    size_t count = tscope_timeline_ticks(chart->timeline, chart->columns / 9, ticks);
    unsigned written = 0;

    tscope_layout_begin(chart->layout, chart->left, chart->left);
    for (size_t i = 0; i < count; i++) {
        unsigned column = column_of(chart, ticks[i].time), length = (unsigned)strlen(ticks[i].label);

        if ((written > 0 && column <= written) || column + length > chart->columns)
            continue;
        fill(chart, column - written);
        tscope_layout_text(chart->layout, TSCOPE_STYLE_QUIET, ticks[i].label);
        written = column + length;
    }
    tscope_layout_end(chart->layout);
}

static struct tscope_span
family_of(const struct tscope_timeline_row *row)
{
    return tscope_span_text(tscope_key_family(row->key));
}

/* The keys of one family stand together. */
static size_t
count_family(const tscope_key_timeline *timeline, size_t start)
{
    size_t end = start + 1;

    while (end < timeline->rows_len && tscope_span_equal(family_of(&timeline->rows[end]), family_of(&timeline->rows[start])))
        end++;
    return end - start;
}

static void
write_rows(struct chart *chart)
{
    const tscope_key_timeline *timeline = chart->timeline;
    size_t left = 0;

    for (size_t i = 0; i < timeline->rows_len; i++) {
        if (left == 0) {
            left = count_family(timeline, i);
            tscope_layout_begin(chart->layout, 0, 2);
            if (family_of(&timeline->rows[i]).data)
                tscope_layout_value(chart->layout, TSCOPE_STYLE_STRONG, family_of(&timeline->rows[i]), 64);
            else
                tscope_layout_text(chart->layout, TSCOPE_STYLE_STRONG, "of unknown family");
            tscope_layout_format(chart->layout, TSCOPE_STYLE_QUIET, ", %zu key%s", left, tscope_words_plural(left));
            tscope_layout_end(chart->layout);
        }
        write_row(chart, &timeline->rows[i]);
        left--;
    }
}

static void
write_coverage(struct chart *chart)
{
    const tscope_key_timeline *timeline = chart->timeline;

    if (timeline->endpoints_len == 0)
        return;
    tscope_layout_begin(chart->layout, 0, 2);
    tscope_layout_text(chart->layout, TSCOPE_STYLE_STRONG, "Complete sets archived");
    tscope_layout_end(chart->layout);
    for (size_t i = 0; i < timeline->endpoints_len; i++) {
        const struct tscope_timeline_endpoint *endpoint = &timeline->endpoints[i];
        unsigned column;

        for (size_t k = 0; k < endpoint->covered_len; k++)
            paint(chart, endpoint->covered[k].from, endpoint->covered[k].to, GLYPH_COVERED);
        tscope_layout_begin(chart->layout, 2, 2);
        column = 2 + write_label(chart, endpoint->history->endpoints[endpoint->number].id, TSCOPE_STYLE_QUIET);
        write_cells(chart, column);
    }
}

struct legend {
    enum glyph glyph;
    const char *words;
};

static void
write_legend_line(struct chart *chart, const struct legend *legend, size_t len)
{
    tscope_layout_begin(chart->layout, 0, 0);
    for (size_t i = 0; i < len; i++) {
        tscope_layout_text(chart->layout, glyphs[legend[i].glyph].style, glyphs[legend[i].glyph].text);
        tscope_layout_format(chart->layout, TSCOPE_STYLE_QUIET, " %s%s", legend[i].words, i + 1 < len ? ", " : "");
    }
    tscope_layout_end(chart->layout);
}

/* Two lines, so that no glyph ends one and its words begin the next. */
static void
write_legend(struct chart *chart)
{
    static const struct legend upper[] = {
        {GLYPH_PUBLISHED, "published"}, {GLYPH_ABSENT, "first set without it"}, {GLYPH_CERTIFICATE, "certificate valid"}};
    static const struct legend lower[] = {
        {GLYPH_SEEN, "seen elsewhere"}, {GLYPH_NOTICE, "exposed, misused, withdrawn"}, {GLYPH_COVERED, "archived"}};

    tscope_layout_blank(chart->layout);
    write_legend_line(chart, upper, TSCOPE_COUNT(upper));
    write_legend_line(chart, lower, TSCOPE_COUNT(lower));
}

static void
write_sources(struct chart *chart)
{
    const struct tscope_history *const *histories;
    size_t count = tscope_keyring_histories(chart->timeline->keyring, &histories);

    for (size_t i = 0; i < count; i++) {
        char until[TSCOPE_WORDS_MAX];

        tscope_words_date(histories[i]->until, until);
        tscope_layout_begin(chart->layout, 0, 2);
        tscope_layout_text(chart->layout, TSCOPE_STYLE_QUIET, "history ");
        tscope_layout_value(chart->layout, TSCOPE_STYLE_QUIET, histories[i]->name, 200);
        tscope_layout_format(chart->layout, TSCOPE_STYLE_QUIET, " until %s, SHA-256 %.16s", until, (const char *)histories[i]->sha256.data);
        tscope_layout_text(chart->layout, TSCOPE_STYLE_QUIET, "…");
        tscope_layout_end(chart->layout);
    }
}

static void
write_head(struct chart *chart)
{
    const tscope_key_timeline *timeline = chart->timeline;
    char from[TSCOPE_WORDS_MAX], to[TSCOPE_WORDS_MAX], step[TSCOPE_WORDS_MAX];

    tscope_words_date(timeline->from, from);
    tscope_words_date(timeline->to, to);
    tscope_words_span((uint64_t)(timeline->to - timeline->from) / chart->columns, step);
    tscope_layout_begin(chart->layout, 0, 2);
    tscope_layout_format(chart->layout, TSCOPE_STYLE_PLAIN, "%zu key%s, %s to %s; a column is %s", timeline->rows_len,
                         tscope_words_plural(timeline->rows_len), from, to, step);
    tscope_layout_end(chart->layout);
    tscope_layout_blank(chart->layout);
}

enum tscope_status
tscope_key_timeline_text(const tscope_key_timeline *timeline, unsigned width, bool colour, char **ret_text, size_t *ret_len,
                         struct tscope_error *err)
{
    struct tscope_layout layout;
    struct chart *chart = tscope_alloc_zeroed(1, sizeof(*chart));
    enum tscope_status status;

    if (!chart)
        return tscope_error_no_memory(err);
    tscope_layout_init(&layout, width, colour);
    *chart = (struct chart){.timeline = timeline, .layout = &layout};
    chart->label = layout.width >= WIDE_FROM ? LABEL_WIDE : LABEL_NARROW;
    chart->left = 2 + chart->label + 1;
    chart->columns = layout.width - chart->left;
    write_head(chart);
    write_axis(chart);
    write_rows(chart);
    write_coverage(chart);
    write_legend(chart);
    write_sources(chart);
    status = tscope_layout_finish(&layout, ret_text, ret_len, err);
    tscope_free(chart);
    return status;
}
