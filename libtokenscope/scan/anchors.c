/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/anchors.h"

#include "core/alloc.h"

void
tscope_anchors_add(struct tscope_anchors *anchors, const struct tscope_anchor_row *rows, size_t rows_len)
{
    for (size_t i = 0; i < rows_len && anchors->rows_len < TSCOPE_ANCHOR_ROWS_MAX; i++) {
        uint8_t *link = &anchors->begins[(uint8_t)rows[i].bytes[0]];

        while (*link)
            link = &anchors->next[*link - 1];
        anchors->rows[anchors->rows_len++] = rows[i];
        *link = (uint8_t)anchors->rows_len;
    }
}

static bool
fits(const struct tscope_anchor_row *row, const uint8_t *bytes)
{
    return (row->bytes[1] == TSCOPE_ANCHOR_ANY || row->bytes[1] == bytes[1]) &&
           (row->bytes[2] == TSCOPE_ANCHOR_ANY || row->bytes[2] == bytes[2]);
}

size_t
tscope_anchors_find(const struct tscope_anchors *anchors, const uint8_t *bytes, size_t from, size_t to, struct tscope_anchor *list,
                    size_t list_max, size_t *ret_to)
{
    size_t len = 0;

    for (size_t at = from; at < to; at++) {
        size_t before = len;

        for (uint8_t row = anchors->begins[bytes[at]]; row; row = anchors->next[row - 1]) {
            if (!fits(&anchors->rows[row - 1], bytes + at))
                continue;
            if (len == list_max) {
                *ret_to = at;
                return before;
            }
            list[len++] = (struct tscope_anchor){.at = (uint32_t)at, .id = anchors->rows[row - 1].id};
        }
    }
    *ret_to = to;
    return len;
}
