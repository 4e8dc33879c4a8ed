/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>

#include "audit/log_reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct told {
    uint64_t records, bad, text;
};

static enum tscope_status
take_record(void *user, const struct tscope_record *record, const struct tscope_split_row *row, struct tscope_error *err)
{
    struct told *told = user;

    (void)err;
    assert(record->format > TSCOPE_LOG_NONE && record->format < TSCOPE_LOG_FORMATS);
    assert(record->category > TSCOPE_CATEGORY_NONE && record->category < TSCOPE_CATEGORIES && row->line > 0);
    told->records++;
    told->text += row->text.len;
    return TSCOPE_OK;
}

static enum tscope_status
take_bad(void *user, const struct tscope_split_row *row, const char *why, struct tscope_error *err)
{
    struct told *told = user;

    (void)err;
    assert(why && row->line > 0);
    told->bad++;
    return TSCOPE_OK;
}

static struct told
read_pieces(const uint8_t *data, size_t size, size_t piece)
{
    struct told told = {0};
    const struct tscope_log_reader_sinks sinks = {take_record, take_bad, &told};
    TSCOPE_AUTO(tscope_log_reader) *reader = NULL;

    if (tscope_log_reader_new(&sinks, TSCOPE_CATEGORY_NONE, &reader, NULL) != TSCOPE_OK)
        return told;
    for (size_t at = 0; at < size; at += piece)
        assert(tscope_log_reader_feed(reader, data + at, size - at < piece ? size - at : piece, NULL) == TSCOPE_OK);
    assert(tscope_log_reader_end(reader, NULL) == TSCOPE_OK);
    assert(tscope_log_reader_facts(reader)->records == told.records && tscope_log_reader_facts(reader)->bad == told.bad);
    return told;
}

/* A log is the same however it is cut into pieces; the first byte says how. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct told whole, pieces;

    if (size < 2 || size > 65536)
        return 0;
    whole = read_pieces(data + 1, size - 1, size);
    pieces = read_pieces(data + 1, size - 1, (data[0] & 63) + 1u);
    assert(whole.records == pieces.records && whole.bad == pieces.bad && whole.text == pieces.text);
    return 0;
}
