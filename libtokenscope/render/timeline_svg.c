/* SPDX-License-Identifier: Apache-2.0 */
#include "core/alloc.h"
#include "core/error.h"
#include "core/text.h"
#include "render/timeline_axis.h"
#include "render/words.h"

/*
 * One picture on light ground: no script, no style sheet, no font of its own, nothing fetched, so that it stays what it is in a
 * report. Names come from whoever made the keys: escaped for people first, and for XML then.
 */

#define WIDTH 1200
#define LEFT 270 /* where time begins */
#define RIGHT 1170
#define TOP 112 /* below title and axis */
#define ROW 20
#define GROUP 30
#define FOOT 18 /* a line below the chart */
#define NAME_MAX_BYTES 34

#define INK "#1f2328"
#define QUIET "#59636e"
#define PUBLISHED "#2f6fd0"
#define COVERED "#e9eff8"
#define ALARM "#c8232c"

struct picture {
    const tscope_key_timeline *timeline;
    struct tscope_buffer out, scratch;
    double y;
};

static void
put(struct picture *picture, const char *text)
{
    tscope_buffer_append_text(&picture->out, text);
}

/* Text between tags or in an attribute. */
static void
put_safe(struct picture *picture, struct tscope_span text, size_t max)
{
    struct tscope_buffer *scratch = &picture->scratch;

    tscope_buffer_reset(scratch);
    tscope_text_escape(scratch, text, max);
    for (size_t i = 0; i < scratch->len; i++) {
        switch (scratch->data[i]) {
        case '&':
            put(picture, "&amp;");
            break;
        case '<':
            put(picture, "&lt;");
            break;
        case '>':
            put(picture, "&gt;");
            break;
        case '"':
            put(picture, "&quot;");
            break;
        case '\'':
            put(picture, "&#39;");
            break;
        default:
            tscope_buffer_append_byte(&picture->out, scratch->data[i]);
            break;
        }
    }
    picture->out.failed |= scratch->failed;
}

static double
place(const struct picture *picture, int64_t time)
{
    return LEFT + tscope_timeline_place(picture->timeline, time, RIGHT - LEFT);
}

/* Tenths of a unit: printf writes a comma for the point in some locales. */
static void
put_number(struct picture *picture, const char *name, double value)
{
    long tenths = (long)(value * 10 + 0.5);

    tscope_buffer_append_format(&picture->out, " %s=\"%ld.%ld\"", name, tenths / 10, tenths % 10);
}

static void
put_text(struct picture *picture, double x, double y, const char *more, const char *text)
{
    put(picture, "<text");
    put_number(picture, "x", x);
    put_number(picture, "y", y);
    tscope_buffer_append_format(&picture->out, "%s>", more);
    put_safe(picture, tscope_span_text(text), 400);
    put(picture, "</text>\n");
}

static void
put_bar(struct picture *picture, double from, double to, double y, double height, const char *more)
{
    put(picture, "<rect");
    put_number(picture, "x", from);
    put_number(picture, "y", y);
    put_number(picture, "width", to > from ? to - from : 0);
    put_number(picture, "height", height);
    tscope_buffer_append_format(&picture->out, "%s/>\n", more);
}

static void
put_line(struct picture *picture, double x1, double y1, double x2, double y2, const char *more)
{
    put(picture, "<line");
    put_number(picture, "x1", x1);
    put_number(picture, "y1", y1);
    put_number(picture, "x2", x2);
    put_number(picture, "y2", y2);
    tscope_buffer_append_format(&picture->out, "%s/>\n", more);
}

static void
put_cross(struct picture *picture, double x, double y)
{
    put_line(picture, x - 3, y - 3, x + 3, y + 3, " stroke=\"" INK "\" stroke-width=\"1.4\"");
    put_line(picture, x - 3, y + 3, x + 3, y - 3, " stroke=\"" INK "\" stroke-width=\"1.4\"");
}

static void
put_ring(struct picture *picture, double x, double y)
{
    put(picture, "<circle r=\"3\"");
    put_number(picture, "cx", x);
    put_number(picture, "cy", y);
    put(picture, " fill=\"#ffffff\" stroke=\"" QUIET "\" stroke-width=\"1.4\"/>\n");
}

/* ---- one key */

static void
put_covered(struct picture *picture, const struct tscope_timeline_row *row, const struct tscope_timeline_endpoint *endpoint, double y)
{
    bool listed = false;
    size_t index = (size_t)(endpoint - picture->timeline->endpoints);

    for (size_t i = 0; i < row->publications_len && !listed; i++)
        listed = row->publications[i].endpoint == index;
    for (size_t i = 0; listed && i < endpoint->covered_len; i++) {
        const struct tscope_interval *covered = &endpoint->covered[i];

        if (tscope_timeline_shows(picture->timeline, covered->from, covered->to))
            put_bar(picture, place(picture, covered->from), place(picture, covered->to), y, ROW - 2, " fill=\"" COVERED "\"");
    }
}

static void
put_certificate(struct picture *picture, const struct tscope_certificate *certificate, double y)
{
    const char *ink = " stroke=\"" QUIET "\" stroke-width=\"1.4\"";

    if (!certificate || !tscope_timeline_shows(picture->timeline, certificate->not_before, certificate->not_after))
        return;
    put_line(picture, place(picture, certificate->not_before), y, place(picture, certificate->not_after), y, ink);
    if (certificate->not_before >= picture->timeline->from)
        put_line(picture, place(picture, certificate->not_before), y - 4, place(picture, certificate->not_before), y + 4, ink);
    if (certificate->not_after <= picture->timeline->to)
        put_line(picture, place(picture, certificate->not_after), y - 4, place(picture, certificate->not_after), y + 4, ink);
}

/* A day is less than a unit of the picture: what is known must not vanish. */
static void
put_published(struct picture *picture, const struct tscope_interval *interval, double y)
{
    double from = place(picture, interval->from), to = place(picture, interval->to);

    if (!tscope_timeline_shows(picture->timeline, interval->from, interval->to))
        return;
    if (to - from < 2) {
        from = from + 2 > RIGHT ? RIGHT - 2 : from;
        to = from + 2;
    }
    put_bar(picture, from, to, y - 5, 10, " rx=\"1.5\" fill=\"" PUBLISHED "\"");
}

static void
put_notice(struct picture *picture, const struct tscope_history_notice *notice, double y)
{
    const int64_t times[] = {notice->exposed_from, notice->abuse_first_known, notice->withdrawn_at};
    double last = 0;

    for (size_t i = 0; i < TSCOPE_COUNT(times); i++) {
        if (times[i] == TSCOPE_TIME_NONE || !tscope_timeline_shows(picture->timeline, times[i], times[i]))
            continue;
        last = place(picture, times[i]);
        put_line(picture, last, y - 8, last, y + 8, " stroke=\"" ALARM "\" stroke-width=\"2\"");
    }
    if (last > 0)
        put_text(picture, last > RIGHT - 90 ? last - 6 : last + 6, y + 4,
                 last > RIGHT - 90 ? " text-anchor=\"end\" font-size=\"11\" fill=\"" ALARM "\" font-weight=\"bold\""
                                   : " font-size=\"11\" fill=\"" ALARM "\" font-weight=\"bold\"",
                 tscope_notice_status_name(notice->status));
}

static void
put_period(struct picture *picture, const char *before, int64_t from, int64_t to)
{
    char words[TSCOPE_WORDS_MAX];

    tscope_words_date(from, words);
    tscope_buffer_append_format(&picture->out, "%s%s", before, words);
    tscope_words_date(to, words);
    tscope_buffer_append_format(&picture->out, " to %s", words);
}

/* What a pointer that rests on the row shows, and a screen reader reads. */
static void
put_story(struct picture *picture, const struct tscope_timeline_row *row)
{
    const tscope_key_timeline *timeline = picture->timeline;

    put(picture, "<title>");
    put_safe(picture, row->key->kid.data ? row->key->kid : TSCOPE_SPAN("key without kid"), 200);
    tscope_buffer_append_format(&picture->out, ", %s %zu", tscope_key_type(row->key), tscope_key_bits(row->key));
    if (row->certificate)
        put_period(picture, "\ncertificate ", row->certificate->not_before, row->certificate->not_after);
    for (size_t i = 0; i < row->publications_len; i++) {
        const struct tscope_timeline_endpoint *endpoint = &timeline->endpoints[row->publications[i].endpoint];

        put_period(picture, "\npublished ", row->publications[i].interval.from, row->publications[i].interval.to);
        put(picture, " by ");
        put_safe(picture, endpoint->history->endpoints[endpoint->number].id, 100);
    }
    for (size_t i = 0; i < row->notices_len; i++) {
        tscope_buffer_append_format(&picture->out, "\n%s: ", tscope_notice_status_name(row->notices[i]->status));
        put_safe(picture, row->notices[i]->reference, 200);
    }
    put(picture, "</title>\n");
}

static void
put_name(struct picture *picture, struct tscope_span name, double y, const char *more)
{
    put(picture, "<text x=\"24.0\"");
    put_number(picture, "y", y);
    tscope_buffer_append_format(&picture->out, " font-family=\"ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace\"%s>", more);
    put_safe(picture, name.data ? name : TSCOPE_SPAN("(no kid)"), NAME_MAX_BYTES);
    put(picture, "</text>\n");
}

static void
put_row(struct picture *picture, const struct tscope_timeline_row *row)
{
    const tscope_key_timeline *timeline = picture->timeline;
    double y = picture->y + ROW / 2.0;
    bool has_notice = row->notices_len > 0;

    put(picture, "<g>\n");
    put_story(picture, row);
    for (size_t i = 0; i < timeline->endpoints_len; i++)
        put_covered(picture, row, &timeline->endpoints[i], picture->y + 1);
    put_name(picture, row->key->kid, y + 4,
             has_notice ? " font-size=\"11\" fill=\"" ALARM "\" font-weight=\"bold\"" : " font-size=\"11\" fill=\"" INK "\"");
    put_certificate(picture, row->certificate, y);
    for (size_t i = 0; i < row->publications_len; i++)
        put_published(picture, &row->publications[i].interval, y);
    for (size_t i = 0; i < row->absences_len; i++) {
        if (tscope_timeline_shows(timeline, row->absences[i].at, row->absences[i].at))
            put_cross(picture, place(picture, row->absences[i].at), y);
    }
    for (size_t i = 0; i < row->sightings_len; i++) {
        if (tscope_timeline_shows(timeline, row->sightings[i]->at, row->sightings[i]->at))
            put_ring(picture, place(picture, row->sightings[i]->at), y);
    }
    for (size_t i = 0; i < row->notices_len; i++)
        put_notice(picture, row->notices[i], y);
    put(picture, "</g>\n");
    picture->y += ROW;
}

/* ---- what stands around them */

static struct tscope_span
family_of(const struct tscope_timeline_row *row)
{
    return tscope_span_text(tscope_key_family(row->key));
}

static bool
begins_group(const tscope_key_timeline *timeline, size_t number)
{
    return number == 0 || !tscope_span_equal(family_of(&timeline->rows[number]), family_of(&timeline->rows[number - 1]));
}

static void
put_rows(struct picture *picture)
{
    const tscope_key_timeline *timeline = picture->timeline;

    for (size_t i = 0; i < timeline->rows_len; i++) {
        if (begins_group(timeline, i)) {
            struct tscope_span family = family_of(&timeline->rows[i]);

            put(picture, "<text x=\"24.0\"");
            put_number(picture, "y", picture->y + GROUP - 9);
            put(picture, " font-size=\"13\" font-weight=\"bold\" fill=\"" INK "\">");
            put_safe(picture, family.data ? family : TSCOPE_SPAN("of unknown family"), 80);
            put(picture, "</text>\n");
            picture->y += GROUP;
        }
        put_row(picture, &timeline->rows[i]);
    }
}

static double
height_of_rows(const tscope_key_timeline *timeline)
{
    double height = 0;

    for (size_t i = 0; i < timeline->rows_len; i++)
        height += begins_group(timeline, i) ? ROW + GROUP : ROW;
    return height;
}

static void
put_axis(struct picture *picture, double bottom)
{
    struct tscope_timeline_tick ticks[TSCOPE_TIMELINE_TICKS_MAX];
    size_t count = tscope_timeline_ticks(picture->timeline, 12, ticks);

    for (size_t i = 0; i < count; i++) {
        double x = place(picture, ticks[i].time);

        put_line(picture, x, TOP - 10, x, bottom, " stroke=\"#d5dae0\" stroke-width=\"1\"");
        put_text(picture, x, TOP - 16, " text-anchor=\"middle\" font-size=\"12\" fill=\"" QUIET "\"", ticks[i].label);
    }
    put_line(picture, LEFT, TOP - 10, RIGHT, TOP - 10, " stroke=\"" QUIET "\" stroke-width=\"1\"");
}

static void
put_legend(struct picture *picture)
{
    double y = picture->y + 26, x = 24;
    const char *words = " font-size=\"12\" fill=\"" INK "\"";

    put_bar(picture, x, x + 26, y - 5, 10, " rx=\"1.5\" fill=\"" PUBLISHED "\"");
    put_text(picture, x + 34, y + 4, words, "published: complete sets list it");
    x += 250;
    put_cross(picture, x + 4, y);
    put_text(picture, x + 16, y + 4, words, "first set without it");
    x += 160;
    put_line(picture, x, y, x + 26, y, " stroke=\"" QUIET "\" stroke-width=\"1.4\"");
    put_text(picture, x + 34, y + 4, words, "certificate valid");
    x += 160;
    put_ring(picture, x + 4, y);
    put_text(picture, x + 16, y + 4, words, "seen elsewhere");
    x += 135;
    put_line(picture, x + 3, y - 8, x + 3, y + 8, " stroke=\"" ALARM "\" stroke-width=\"2\"");
    put_text(picture, x + 14, y + 4, words, "exposed, misused, withdrawn");
    x += 205;
    put_bar(picture, x, x + 26, y - 8, 16, " fill=\"" COVERED "\"");
    put_text(picture, x + 34, y + 4, words, "complete sets archived");
    picture->y += 44;
}

static void
put_sources(struct picture *picture)
{
    const struct tscope_history *const *histories;
    size_t count = tscope_keyring_histories(picture->timeline->keyring, &histories);

    for (size_t i = 0; i < count; i++) {
        char until[TSCOPE_WORDS_MAX];

        tscope_words_date(histories[i]->until, until);
        put(picture, "<text x=\"24.0\"");
        put_number(picture, "y", picture->y + 14);
        put(picture, " font-size=\"11\" fill=\"" QUIET "\">Source: key history ");
        put_safe(picture, histories[i]->name, 80);
        tscope_buffer_append_format(&picture->out, ", complete sets until %s, SHA-256 %.*s</text>\n", until, (int)histories[i]->sha256.len,
                                    (const char *)histories[i]->sha256.data);
        picture->y += FOOT;
    }
}

static void
put_head(struct picture *picture, double height)
{
    const tscope_key_timeline *timeline = picture->timeline;
    const char *const label = "Signing keys and when they were published";

    tscope_buffer_append_format(
        &picture->out, "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %ld\" width=\"%d\" height=\"%ld\" role=\"img\">\n",
        WIDTH, (long)height, WIDTH, (long)height);
    tscope_buffer_append_format(&picture->out, "<title>%s</title>\n<rect width=\"100%%\" height=\"100%%\" fill=\"#ffffff\"/>\n", label);
    put(picture, "<g font-family=\"system-ui, 'Segoe UI', Helvetica, Arial, 'DejaVu Sans', sans-serif\">\n");
    put_text(picture, 24, 38, " font-size=\"20\" font-weight=\"bold\" fill=\"" INK "\"", label);
    tscope_buffer_append_format(&picture->out, "<text x=\"24.0\" y=\"60.0\" font-size=\"13\" fill=\"" QUIET "\">%zu key%s",
                                timeline->rows_len, tscope_words_plural(timeline->rows_len));
    put_period(picture, ", ", timeline->from, timeline->to);
    put(picture, " (UTC)</text>\n");
}

enum tscope_status
tscope_key_timeline_svg(const tscope_key_timeline *timeline, char **ret_svg, size_t *ret_len, struct tscope_error *err)
{
    const struct tscope_history *const *histories;
    size_t histories_len = tscope_keyring_histories(timeline->keyring, &histories);
    double bottom = TOP + height_of_rows(timeline) + 6;
    struct picture picture = {.timeline = timeline, .y = TOP};
    char *svg;

    put_head(&picture, bottom + 44 + (double)histories_len * FOOT + 16);
    put_axis(&picture, bottom);
    put_rows(&picture);
    picture.y = bottom;
    put_legend(&picture);
    put_sources(&picture);
    put(&picture, "</g>\n</svg>\n");
    tscope_buffer_clear(&picture.scratch);
    svg = tscope_buffer_steal(&picture.out, ret_len);
    tscope_buffer_clear(&picture.out);
    if (!svg)
        return tscope_error_no_memory(err);
    *ret_svg = svg;
    return TSCOPE_OK;
}
