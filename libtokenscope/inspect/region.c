/* SPDX-License-Identifier: Apache-2.0 */
#include "inspect/region.h"

/* A line and column from 1, columns in code points. */
struct place {
    uint64_t line, column;
};

static void
move_on(struct place *place, struct tscope_span input, size_t from, size_t to)
{
    for (size_t i = from; i < to && i < input.len; i++) {
        if (input.data[i] == '\n')
            *place = (struct place){place->line + 1, 1};
        else
            place->column += ((uint8_t)input.data[i] & 0xc0) != 0x80;
    }
}

struct tscope_region
tscope_region_of(const tscope_report *report, uint64_t first_line, const struct tscope_evidence *evidence)
{
    const struct tscope_token *token = report->root.token;
    const struct tscope_capture *capture = token->capture;
    size_t offset = token->source_offset, len = token->source_len, before = capture ? capture->offset : 0;
    struct place place = {first_line + (capture ? capture->line : 0), 1 + (capture ? capture->column : 0)};
    struct tscope_region region = {0};

    if (token->encoding == TSCOPE_ENCODING_ASCII) {
        if (evidence && len == token->text.len && evidence->raw_offset <= len && evidence->raw_len <= len - evidence->raw_offset) {
            offset += evidence->raw_offset;
            len = evidence->raw_len;
        }
        move_on(&place, token->input, 0, offset - before);
        region.line = place.line;
        region.column = place.column;
        move_on(&place, token->input, offset - before, offset - before + len);
        region.end_line = place.line;
        region.end_column = place.column;
    }
    region.byte_offset = report->source_offset + offset;
    region.byte_len = len;
    return region;
}
