/* SPDX-License-Identifier: Apache-2.0 */
#include "case/coverage_view.h"
#include "core/json_writer.h"
#include "core/time.h"

static void
write_signs(struct tscope_json_writer *writer, unsigned cut)
{
    tscope_json_write_name(writer, "signs_of_cut");
    tscope_json_write_array(writer);
    if (cut & TSCOPE_CUT_ROUND)
        tscope_json_write_text(writer, "as-many-rows-as-an-export-may-have");
    if (cut & TSCOPE_CUT_COUNT)
        tscope_json_write_text(writer, "result-count-above-rows");
    if (cut & TSCOPE_CUT_BROKEN)
        tscope_json_write_text(writer, "file-ends-inside");
    if (cut & TSCOPE_CUT_NEXT)
        tscope_json_write_text(writer, "next-page-missing");
    if (cut & TSCOPE_CUT_BAD)
        tscope_json_write_text(writer, "rows-left-out");
    tscope_json_write_array_end(writer);
}

static void
write_parts(struct tscope_json_writer *writer, const struct tscope_coverage_view *view, size_t source)
{
    tscope_json_write_name(writer, "categories");
    tscope_json_write_array(writer);
    for (size_t i = 0; i < view->parts_len; i++) {
        const struct tscope_source_part *part = &view->parts[i];

        if (part->source != source)
            continue;
        tscope_json_write_object(writer);
        tscope_json_write_named_text(writer, "category", tscope_log_category_id(part->category));
        tscope_json_write_named_time(writer, "first", part->first);
        tscope_json_write_named_time(writer, "last", part->last);
        tscope_json_write_named_integer(writer, "rows", (int64_t)part->rows);
        tscope_json_write_named_integer(writer, "duplicates", (int64_t)part->duplicates);
        tscope_json_write_object_end(writer);
    }
    tscope_json_write_array_end(writer);
}

static void
write_source(struct tscope_json_writer *writer, const struct tscope_coverage_view *view, size_t index)
{
    const struct tscope_source *source = &view->sources[index];

    tscope_json_write_object(writer);
    tscope_json_write_named_string(writer, "file", source->path);
    tscope_json_write_name(writer, "sha256");
    tscope_json_write_hex(writer, source->sha256, sizeof(source->sha256));
    tscope_json_write_named_integer(writer, "size", source->size);
    tscope_json_write_name(writer, "formats");
    tscope_json_write_array(writer);
    for (unsigned format = 1; format < TSCOPE_LOG_FORMATS; format++) {
        if (source->formats & UINT64_C(1) << format)
            tscope_json_write_text(writer, tscope_log_format_id((enum tscope_log_format)format));
    }
    tscope_json_write_array_end(writer);
    tscope_json_write_named_integer(writer, "rows", source->rows);
    tscope_json_write_named_integer(writer, "bad", source->bad);
    tscope_json_write_named_integer(writer, "duplicates", source->duplicates);
    tscope_json_write_named_integer(writer, "differing", source->differing);
    write_signs(writer, source->cut);
    write_parts(writer, view, index);
    tscope_json_write_object_end(writer);
}

static void
write_word(struct tscope_json_writer *writer, const struct tscope_coverage_view *view, const char *name, uint32_t word)
{
    tscope_json_write_name(writer, name);
    if (word)
        tscope_json_write_string(writer, tscope_ledger_word(view->ledger, word));
    else
        tscope_json_write_null(writer);
}

static void
write_log(struct tscope_json_writer *writer, const struct tscope_coverage_view *view, const struct tscope_covered_log *log)
{
    tscope_json_write_object(writer);
    write_word(writer, view, "tenant", log->tenant);
    tscope_json_write_named_text(writer, "category", tscope_log_category_id(log->category));
    tscope_json_write_named_time(writer, "first", log->times_len ? log->times[0] : TSCOPE_TIME_NONE);
    tscope_json_write_named_time(writer, "last", log->times_len ? log->times[log->times_len - 1] : TSCOPE_TIME_NONE);
    tscope_json_write_named_integer(writer, "rows", (int64_t)log->rows);
    tscope_json_write_named_integer(writer, "timeless", (int64_t)log->timeless);
    tscope_json_write_named_bool(writer, "may_be_cut", log->is_cut);
    tscope_json_write_name(writer, "gaps");
    tscope_json_write_array(writer);
    for (size_t i = 0; i < log->gaps_len; i++) {
        tscope_json_write_object(writer);
        tscope_json_write_named_time(writer, "from", log->gaps[i].from);
        tscope_json_write_named_time(writer, "until", log->gaps[i].until);
        tscope_json_write_named_integer(writer, "usual_rows", (int64_t)log->gaps[i].usual);
        tscope_json_write_object_end(writer);
    }
    tscope_json_write_array_end(writer);
    tscope_json_write_object_end(writer);
}

/* Of each tenant that any log is of. */
static void
write_missing(struct tscope_json_writer *writer, const struct tscope_coverage_view *view)
{
    tscope_json_write_name(writer, "missing");
    tscope_json_write_array(writer);
    for (size_t i = 0; i < view->coverage->logs_len; i++) {
        uint32_t tenant = view->coverage->logs[i].tenant;
        unsigned missing = tscope_coverage_view_missing(view, tenant);
        bool is_first = true;

        for (size_t k = 0; k < i && is_first; k++)
            is_first = view->coverage->logs[k].tenant != tenant;
        if (!is_first || !missing || view->coverage->logs[i].category >= TSCOPE_CATEGORY_AWS)
            continue;
        tscope_json_write_object(writer);
        write_word(writer, view, "tenant", tenant);
        tscope_json_write_name(writer, "categories");
        tscope_json_write_array(writer);
        for (unsigned category = 1; category < TSCOPE_CATEGORIES; category++) {
            if (missing & 1u << category)
                tscope_json_write_text(writer, tscope_log_category_id((enum tscope_log_category)category));
        }
        tscope_json_write_array_end(writer);
        tscope_json_write_object_end(writer);
    }
    tscope_json_write_array_end(writer);
}

static void
write_throttled(struct tscope_json_writer *writer, const struct tscope_coverage_view *view)
{
    tscope_json_write_name(writer, "throttled");
    tscope_json_write_array(writer);
    for (size_t i = 0; i < view->coverage->throttled_len; i++) {
        tscope_json_write_object(writer);
        write_word(writer, view, "mailbox", view->coverage->throttled[i].mailbox);
        tscope_json_write_named_time(writer, "blind_from", view->coverage->throttled[i].from);
        tscope_json_write_named_time(writer, "blind_until", view->coverage->throttled[i].until);
        tscope_json_write_object_end(writer);
    }
    tscope_json_write_array_end(writer);
}

static void
write_retention(struct tscope_json_writer *writer, int64_t now)
{
    static const struct {
        const char *log;
        int days;
    } rows[] = {{"audit", 180}, {"audit-before-2023-10", 90}, {"sign-ins", 30}, {"sign-ins-free", 7}};

    tscope_json_write_name(writer, "retention");
    tscope_json_write_array(writer);
    for (size_t i = 0; i < TSCOPE_COUNT(rows) && now; i++) {
        tscope_json_write_object(writer);
        tscope_json_write_named_text(writer, "log", rows[i].log);
        tscope_json_write_named_integer(writer, "days", rows[i].days);
        tscope_json_write_named_time(writer, "since", now - rows[i].days * INT64_C(86400));
        tscope_json_write_object_end(writer);
    }
    tscope_json_write_array_end(writer);
}

void
tscope_coverage_json(const struct tscope_coverage_view *view, struct tscope_buffer *buffer)
{
    struct tscope_json_writer writer;

    tscope_json_writer_init(&writer, buffer, true);
    tscope_json_write_object(&writer);
    tscope_json_write_named_text(&writer, "schema", "tokenscope.coverage/1");
    tscope_json_write_named_time(&writer, "now", view->now ? view->now : TSCOPE_TIME_NONE);
    tscope_json_write_name(&writer, "files");
    tscope_json_write_array(&writer);
    for (size_t i = 0; i < view->sources_len; i++)
        write_source(&writer, view, i);
    tscope_json_write_array_end(&writer);
    tscope_json_write_name(&writer, "logs");
    tscope_json_write_array(&writer);
    for (size_t i = 0; i < view->coverage->logs_len; i++)
        write_log(&writer, view, &view->coverage->logs[i]);
    tscope_json_write_array_end(&writer);
    write_missing(&writer, view);
    write_throttled(&writer, view);
    write_retention(&writer, view->now);
    tscope_json_write_object_end(&writer);
    tscope_buffer_append_byte(buffer, '\n');
}
