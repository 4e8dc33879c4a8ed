/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SCAN_TESTING_H
#define SCAN_TESTING_H

#include <tokenscope/scan.h>

#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/alloc.h"
#include "core/buffer.h"
#include "core/json.h"

TSCOPE_DEFINE_AUTO(tscope_scanner)

/* Finds as lines, "token ascii 12+345 sum", where the sum is of the decoded text. */
struct finds {
    struct tscope_buffer lines;
    uint64_t from, to; /* of those offsets alone; both 0: of all */
    uint64_t last;
    unsigned len;
};

static inline void
note_find(void *user, const struct tscope_find *find)
{
    struct finds *finds = user;

    ck_assert_uint_ge(find->offset, finds->last);
    finds->last = find->offset;
    if (finds->to && (find->offset < finds->from || find->offset >= finds->to))
        return;
    finds->len++;
    tscope_buffer_append_format(&finds->lines, "%s %s %llu+%llu %08x\n", find->kind == TSCOPE_FIND_TOKEN ? "token" : "key",
                                tscope_find_encoding_name(find->encoding), (unsigned long long)find->offset,
                                (unsigned long long)find->length, tscope_hash32(find->bytes, find->bytes_len));
}

static inline tscope_scanner *
new_scanner(unsigned flags, tscope_scanner_deliver *deliver, void *user)
{
    struct tscope_scanner_options options = {.size = sizeof(options), .flags = flags, .deliver = deliver, .user = user};
    tscope_scanner *scanner = NULL;

    ck_assert_int_eq(tscope_scanner_new(&options, &scanner, NULL), TSCOPE_OK);
    return scanner;
}

/* Presents bytes in windows that grow by step at a time, as a reader of a pipe does. */
static inline void
scan_in_steps(tscope_scanner *scanner, const uint8_t *bytes, size_t len, size_t step)
{
    size_t begin = 0, end = 0;

    for (;;) {
        size_t used = SIZE_MAX;
        bool is_last;
        uint8_t *window;

        end = len - end < step ? len : end + step;
        is_last = end == len;
        window = malloc(end - begin); /* so that sanitizers see its ends */
        if (end > begin)
            memcpy(window, bytes + begin, end - begin);
        ck_assert_int_eq(tscope_scanner_scan(scanner, window, end - begin, is_last, &used, NULL), TSCOPE_OK);
        free(window);
        ck_assert_uint_le(used, end - begin);
        ck_assert_uint_le(end - begin - used, TSCOPE_SCAN_TAIL_MAX);
        begin += used;
        if (is_last)
            break;
    }
    ck_assert_uint_eq(begin, len);
}

#endif
