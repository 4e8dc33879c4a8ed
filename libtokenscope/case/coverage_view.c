/* SPDX-License-Identifier: Apache-2.0 */
#include "case/coverage_view.h"

#include "core/error.h"
#include "core/time.h"

void
tscope_coverage_view_clear(struct tscope_coverage_view *view)
{
    tscope_arena_clear(&view->arena);
    tscope_free(view->sources);
    tscope_free(view->parts);
}

/*
 * As many rows as an export may have are rarely all there are. Search-UnifiedAuditLog gives 5000 rows a call and 50000 a search, the portal
 * 50000 or 1000000 an export. Of sign-ins Graph gives 1000 a page, the portal 250000, formerly 5000, Log Analytics 30000 in the portal and
 * 500000 by its interface.
 */
static bool
is_round(uint64_t formats, int64_t rows)
{
    static const struct {
        uint64_t formats;
        int64_t rows[4];
    } limits[] = {
        {1u << TSCOPE_LOG_SEARCH_CSV | 1u << TSCOPE_LOG_PURVIEW_CSV | 1u << TSCOPE_LOG_GRAPH_QUERY, {5000, 50000, 1000000}},
        {1u << TSCOPE_LOG_SIGN_IN_GRAPH, {1000, 5000, 250000}},
        {1u << TSCOPE_LOG_SIGN_IN_ANALYTICS, {30000, 500000}},
    };

    for (size_t i = 0; i < TSCOPE_COUNT(limits); i++) {
        for (size_t j = 0; j < TSCOPE_COUNT(limits[i].rows) && limits[i].rows[j]; j++) {
            if (formats & limits[i].formats && rows == limits[i].rows[j])
                return true;
        }
    }
    return false;
}

static unsigned
signs_of(const struct tscope_source *source, int64_t is_broken)
{
    unsigned cut = is_broken & TSCOPE_SOURCE_BROKEN ? TSCOPE_CUT_BROKEN : 0;

    if (is_broken & TSCOPE_SOURCE_HAS_NEXT)
        cut |= TSCOPE_CUT_NEXT;
    if (is_round(source->formats, source->rows))
        cut |= TSCOPE_CUT_ROUND;
    if (source->bad > 0)
        cut |= TSCOPE_CUT_BAD;
    return source->result_count > source->rows ? cut | TSCOPE_CUT_COUNT : cut;
}

static enum tscope_status
add_source(struct tscope_coverage_view *view, tscope_statement *row, struct tscope_error *err)
{
    struct tscope_source source = {.id = (uint32_t)tscope_statement_integer(row, 0)};
    struct tscope_span sha256 = tscope_statement_bytes(row, 2);

    source.path = tscope_arena_copy(&view->arena, tscope_statement_bytes(row, 1));
    if (!source.path.data)
        return tscope_error_no_memory(err);
    if (sha256.data && sha256.len == sizeof(source.sha256))
        memcpy(source.sha256, sha256.data, sha256.len);
    source.size = tscope_statement_integer(row, 3);
    source.imported = tscope_statement_integer(row, 4);
    source.rows = tscope_statement_integer(row, 5);
    source.bad = tscope_statement_integer(row, 6);
    source.duplicates = tscope_statement_integer(row, 7);
    source.differing = tscope_statement_integer(row, 8);
    source.result_count = tscope_statement_integer(row, 9);
    source.formats = (uint64_t)tscope_statement_integer(row, 10);
    source.cut = signs_of(&source, tscope_statement_integer(row, 11));
    if (view->sources_len == view->sources_max) {
        size_t max = view->sources_max ? view->sources_max * 2 : 16;
        struct tscope_source *sources = tscope_realloc(view->sources, max * sizeof(*sources));

        if (!sources)
            return tscope_error_no_memory(err);
        view->sources = sources;
        view->sources_max = max;
    }
    view->sources[view->sources_len++] = source;
    return TSCOPE_OK;
}

static size_t
source_index(const struct tscope_coverage_view *view, uint32_t id)
{
    size_t low = 0, high = view->sources_len;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (view->sources[middle].id < id)
            low = middle + 1;
        else
            high = middle;
    }
    return low < view->sources_len && view->sources[low].id == id ? low : SIZE_MAX;
}

bool
tscope_coverage_view_is_cut(void *user, uint32_t source)
{
    const struct tscope_coverage_view *view = user;
    size_t index = source_index(view, source);

    return index != SIZE_MAX && view->sources[index].cut;
}

static enum tscope_status
add_part(struct tscope_coverage_view *view, tscope_statement *row, struct tscope_error *err)
{
    size_t index = source_index(view, (uint32_t)tscope_statement_integer(row, 0));
    struct tscope_source_part part = {
        .source = (uint32_t)index,
        .category = (enum tscope_log_category)tscope_statement_integer(row, 1),
        .rows = (uint64_t)tscope_statement_integer(row, 2),
        .duplicates = (uint64_t)tscope_statement_integer(row, 5),
        .first = tscope_statement_type(row, 3) == TSCOPE_STORE_NULL ? TSCOPE_TIME_NONE : tscope_statement_integer(row, 3),
        .last = tscope_statement_type(row, 4) == TSCOPE_STORE_NULL ? TSCOPE_TIME_NONE : tscope_statement_integer(row, 4),
    };

    if (index == SIZE_MAX) /* of a file that was not read to its end */
        return TSCOPE_OK;
    if (view->parts_len == view->parts_max) {
        size_t max = view->parts_max ? view->parts_max * 2 : 16;
        struct tscope_source_part *parts = tscope_realloc(view->parts, max * sizeof(*parts));

        if (!parts)
            return tscope_error_no_memory(err);
        view->parts = parts;
        view->parts_max = max;
    }
    view->parts[view->parts_len++] = part;
    return TSCOPE_OK;
}

static enum tscope_status
read_rows(struct tscope_coverage_view *view, tscope_store *store, const char *sql,
          enum tscope_status (*add)(struct tscope_coverage_view *, tscope_statement *, struct tscope_error *), struct tscope_error *err)
{
    TSCOPE_AUTO(tscope_statement) *statement = NULL;
    enum tscope_status status = tscope_store_prepare(store, sql, &statement, err);
    bool has_row = true;

    while (status == TSCOPE_OK) {
        status = tscope_statement_step(statement, &has_row, err);
        if (status != TSCOPE_OK || !has_row)
            break;
        status = add(view, statement, err);
    }
    return status;
}

/* Of a log's pages all but the last name a next one: that is missing only where no file of the same kind is the last. */
static void
forgive_pages(struct tscope_coverage_view *view)
{
    unsigned last = 0;

    for (size_t i = 0; i < view->parts_len; i++)
        last |= view->sources[view->parts[i].source].cut & TSCOPE_CUT_NEXT ? 0 : 1u << view->parts[i].category;
    for (size_t i = 0; i < view->sources_len; i++) {
        unsigned categories = 0;

        for (size_t j = 0; j < view->parts_len; j++)
            categories |= view->parts[j].source == i ? 1u << view->parts[j].category : 0;
        if (!(categories & ~last))
            view->sources[i].cut &= ~(unsigned)TSCOPE_CUT_NEXT;
    }
}

enum tscope_status
tscope_coverage_view_read(struct tscope_coverage_view *view, tscope_store *store, struct tscope_error *err)
{
    enum tscope_status status =
        read_rows(view, store,
                  "SELECT id, path, sha256, size, imported, rows, bad, duplicates, differing, result_count, formats, is_broken"
                  " FROM log_source WHERE state = 'done' ORDER BY id",
                  add_source, err);

    if (status != TSCOPE_OK)
        return status;
    status = read_rows(view, store,
                       "SELECT source, category, count(*), min(time), max(time), sum(id IN (SELECT record FROM log_duplicate))"
                       " FROM log_record GROUP BY source, category ORDER BY source, category",
                       add_part, err);
    if (status == TSCOPE_OK)
        forgive_pages(view);
    return status;
}

unsigned
tscope_coverage_view_missing(const struct tscope_coverage_view *view, uint32_t tenant)
{
    unsigned missing = 0;

    for (int category = TSCOPE_CATEGORY_INTERACTIVE; category <= TSCOPE_CATEGORY_MANAGED_IDENTITY; category++) {
        if (!tscope_coverage_log(view->coverage, tenant, (enum tscope_log_category)category))
            missing |= 1u << category;
    }
    return missing;
}

void
tscope_coverage_view_bins(const struct tscope_covered_log *log, int64_t from, int64_t until, uint64_t *bins, size_t bins_len)
{
    double width = (double)(until - from + 1) / (double)bins_len;

    memset(bins, 0, bins_len * sizeof(*bins));
    for (size_t i = 0; i < log->times_len; i++) {
        double at = (double)(log->times[i] - from) / width;

        if (at >= 0 && at < (double)bins_len)
            bins[(size_t)at]++;
    }
}

bool
tscope_coverage_view_span(const struct tscope_coverage_view *view, int64_t *ret_from, int64_t *ret_until)
{
    int64_t from = INT64_MAX, until = INT64_MIN;

    for (size_t i = 0; i < view->coverage->logs_len; i++) {
        const struct tscope_covered_log *log = &view->coverage->logs[i];

        if (log->times_len == 0)
            continue;
        from = log->times[0] < from ? log->times[0] : from;
        until = log->times[log->times_len - 1] > until ? log->times[log->times_len - 1] : until;
    }
    if (from > until)
        return false;
    *ret_from = from;
    *ret_until = until;
    return true;
}
