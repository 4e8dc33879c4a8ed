/* SPDX-License-Identifier: Apache-2.0 */
#include "profile/applications.h"

#include <endian.h>

static uint8_t
fold(uint8_t byte)
{
    return byte >= 'A' && byte <= 'Z' ? (uint8_t)(byte - 'A' + 'a') : byte;
}

/* The order of the table: bytes, the shorter first. id may hold a NUL, a row's does not. */
static int
compare(struct tscope_span id, const char *listed)
{
    size_t at = 0;

    for (; at < id.len && listed[at] != '\0'; at++) {
        uint8_t a = fold(id.data[at]), b = (uint8_t)listed[at];

        if (a != b)
            return a < b ? -1 : 1;
    }
    if (at < id.len)
        return 1;
    return listed[at] == '\0' ? 0 : -1;
}

/* Of any two that differ the order is that of the bytes; it is what most rows are told apart by. */
static uint64_t
head_of(struct tscope_span id)
{
    uint8_t bytes[sizeof(uint64_t)] = {0};
    uint64_t head;

    memcpy(bytes, id.data, id.len < sizeof(bytes) ? id.len : sizeof(bytes));
    for (size_t i = 0; i < sizeof(bytes); i++)
        bytes[i] = fold(bytes[i]);
    memcpy(&head, bytes, sizeof(head));
    return be64toh(head);
}

const struct tscope_application *
tscope_application_find(struct tscope_span id)
{
    size_t low = 0, high = tscope_applications_len;
    uint64_t head;

    if (id.len > 0 && id.data[id.len - 1] == '/')
        id.len--;
    head = head_of(id);
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct tscope_application *row = &tscope_applications[middle];
        int order = head == row->head ? compare(id, row->id) : head < row->head ? -1 : 1;

        if (order == 0)
            return row;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}
