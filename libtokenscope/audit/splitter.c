/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/splitter.h"

#include "audit/csv_rows.h"
#include "audit/json_rows.h"
#include "core/error.h"

struct tscope_splitter {
    struct tscope_json_rows *json;
    struct tscope_csv_rows *csv;
    tscope_splitter_sink sink;
    void *user;
    uint64_t line, offset; /* of white space in front of everything */
};

enum tscope_status
tscope_splitter_new(tscope_splitter_sink sink, void *user, tscope_splitter **ret_splitter, struct tscope_error *err)
{
    tscope_splitter *splitter = tscope_alloc_zeroed(1, sizeof(*splitter));

    if (!splitter)
        return tscope_error_no_memory(err);
    splitter->sink = sink;
    splitter->user = user;
    splitter->line = 1;
    *ret_splitter = splitter;
    return TSCOPE_OK;
}

void
tscope_splitter_free(tscope_splitter *splitter)
{
    if (!splitter)
        return;
    tscope_json_rows_free(splitter->json);
    tscope_csv_rows_free(splitter->csv);
    tscope_free(splitter);
}

/* A table's heading begins with neither bracket. */
static enum tscope_status
choose(tscope_splitter *splitter, uint8_t first, struct tscope_error *err)
{
    if (first == '{' || first == '[')
        return tscope_json_rows_new(splitter->sink, splitter->user, splitter->line, splitter->offset, &splitter->json, err);
    return tscope_csv_rows_new(splitter->sink, splitter->user, splitter->line, splitter->offset, &splitter->csv, err);
}

enum tscope_status
tscope_splitter_feed(tscope_splitter *splitter, const uint8_t *text, size_t len, struct tscope_error *err)
{
    while (len > 0 && !splitter->json && !splitter->csv) {
        if (*text == ' ' || *text == '\t' || *text == '\r' || *text == '\n') {
            splitter->line += *text == '\n';
            splitter->offset++;
            text++;
            len--;
        } else {
            enum tscope_status status = choose(splitter, *text, err);

            if (status != TSCOPE_OK)
                return status;
        }
    }
    if (len == 0)
        return TSCOPE_OK;
    return splitter->json ? tscope_json_rows_feed(splitter->json, text, len, err) : tscope_csv_rows_feed(splitter->csv, text, len, err);
}

enum tscope_status
tscope_splitter_end(tscope_splitter *splitter, struct tscope_error *err)
{
    if (splitter->json)
        return tscope_json_rows_end(splitter->json, err);
    return splitter->csv ? tscope_csv_rows_end(splitter->csv, err) : TSCOPE_OK;
}
