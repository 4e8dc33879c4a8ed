/* SPDX-License-Identifier: Apache-2.0 */
#include "case/coverage_view.h"
#include "core/time.h"

/* A bar chart by itself: no script, no font or style from elsewhere, and of the evidence nothing but tenants' ids, escaped. */

#define LEFT 200
#define WIDTH 720
#define ROW 28
#define BINS 180

static void
append_escaped(struct tscope_buffer *buffer, struct tscope_span text)
{
    for (size_t i = 0; i < text.len && i < 64; i++) {
        uint8_t byte = text.data[i];

        if (byte == '<' || byte == '>' || byte == '&' || byte == '"' || byte == '\'' || byte < ' ' || byte > '~')
            tscope_buffer_append_format(buffer, "&#%u;", byte < ' ' || byte > '~' ? 0xfffdu : byte);
        else
            tscope_buffer_append_byte(buffer, byte);
    }
}

static void
append_label(struct tscope_buffer *buffer, int x, size_t y, const char *anchor, const char *text)
{
    tscope_buffer_append_format(buffer, "<text x=\"%d\" y=\"%zu\" text-anchor=\"%s\">%s</text>\n", x, y, anchor, text);
}

static void
append_row(struct tscope_buffer *buffer, const struct tscope_covered_log *log, int64_t from, int64_t until, size_t y)
{
    uint64_t bins[BINS], most = 1;
    double scale = (double)WIDTH / (double)(until - from + 1);

    tscope_coverage_view_bins(log, from, until, bins, BINS);
    for (size_t i = 0; i < BINS; i++)
        most = bins[i] > most ? bins[i] : most;
    append_label(buffer, LEFT - 8, y + ROW - 10, "end", tscope_log_category_text(log->category));
    for (size_t i = 0; i < BINS; i++) {
        double height = (double)bins[i] * (ROW - 8) / (double)most;

        if (bins[i])
            tscope_buffer_append_format(buffer, "<rect x=\"%zu\" y=\"%.1f\" width=\"4\" height=\"%.1f\" fill=\"#2b6cb0\"/>\n", LEFT + i * 4,
                                        (double)y + ROW - 6 - (height < 1 ? 1 : height), height < 1 ? 1 : height);
    }
    for (size_t i = 0; i < log->gaps_len; i++)
        tscope_buffer_append_format(buffer,
                                    "<rect x=\"%.1f\" y=\"%zu\" width=\"%.1f\" height=\"%d\" fill=\"#c53030\" fill-opacity=\"0.3\"/>\n",
                                    LEFT + (double)(log->gaps[i].from - from) * scale, y + 2,
                                    (double)(log->gaps[i].until - log->gaps[i].from) * scale + 1, ROW - 6);
}

void
tscope_coverage_svg(const struct tscope_coverage_view *view, struct tscope_buffer *buffer)
{
    int64_t from = 0, until = 0;
    char text[TSCOPE_TIME_TEXT_MAX];
    size_t y = 30, rows = view->coverage->logs_len;
    bool has_span = tscope_coverage_view_span(view, &from, &until);

    tscope_buffer_append_format(
        buffer,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%zu\" font-family=\"sans-serif\" "
        "font-size=\"12\">\n<title>What the logs cover</title>\n<rect width=\"100%%\" height=\"100%%\" fill=\"#fff\"/>\n",
        LEFT + WIDTH + 20, y + rows * (ROW + 18) + 40);
    for (size_t i = 0; i < rows && has_span; i++) {
        const struct tscope_covered_log *log = &view->coverage->logs[i];

        if (i == 0 || log->tenant != view->coverage->logs[i - 1].tenant) {
            tscope_buffer_append_format(buffer, "<text x=\"8\" y=\"%zu\" font-weight=\"bold\">", y);
            append_escaped(buffer, log->tenant ? tscope_ledger_word(view->ledger, log->tenant) : TSCOPE_SPAN("no tenant said"));
            tscope_buffer_append_text(buffer, "</text>\n");
            y += 14;
        }
        append_row(buffer, log, from, until, y);
        y += ROW;
    }
    if (has_span) {
        tscope_time_format(from, text);
        append_label(buffer, LEFT, y + 16, "start", text);
        tscope_time_format(until, text);
        append_label(buffer, LEFT + WIDTH, y + 16, "end", text);
    }
    tscope_buffer_append_text(buffer, "</svg>\n");
}
