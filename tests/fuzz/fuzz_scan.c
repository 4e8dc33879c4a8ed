/* SPDX-License-Identifier: Apache-2.0 */
#include <tokenscope/scan.h>

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "core/alloc.h"
#include "core/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What came, summed up so that two scans can be compared. */
struct sum {
    uint64_t value, last;
    size_t len;
};

static void
take(void *user, const struct tscope_find *find)
{
    struct sum *sum = user;
    const uint64_t parts[] = {find->kind, find->encoding, find->offset, find->length,
                              find->bytes_len ? tscope_hash32(find->bytes, find->bytes_len) : 0};

    assert(find->offset >= sum->last);
    assert(find->kind == TSCOPE_FIND_KEY || (find->bytes_len > 0 && find->bytes_len <= TSCOPE_SCAN_TOKEN_MAX));
    sum->last = find->offset;
    sum->value = sum->value * 31 + tscope_hash32(parts, sizeof(parts));
    sum->len++;
}

static struct sum
scan(const uint8_t *data, size_t size, size_t step)
{
    static struct sum sum;
    static tscope_scanner *scanner; /* one for all inputs: what it remembers of a stream must not show in the next */
    struct tscope_scanner_options options = {.size = sizeof(options), .deliver = take, .user = &sum};
    size_t begin = 0, end = 0, used;

    if (!scanner && tscope_scanner_new(&options, &scanner, NULL) != TSCOPE_OK)
        abort();
    tscope_scanner_begin(scanner, 0);
    sum = (struct sum){0, 0, 0};
    do {
        uint8_t *window;

        end = size - end < step ? size : end + step;
        window = tscope_alloc(end - begin);
        if (end > begin)
            memcpy(window, data + begin, end - begin);
        if (tscope_scanner_scan(scanner, window, end - begin, end == size, &used, NULL) != TSCOPE_OK)
            abort();
        tscope_free(window);
        assert(used <= end - begin && end - begin - used <= TSCOPE_SCAN_TAIL_MAX);
        begin += used;
    } while (end < size);
    assert(begin == size);
    return sum;
}

/* Finds come in order, and are the same whatever the windows are. The first byte says how large these are. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct sum whole, cut;

    if (size < 2 || size > 1 << 16)
        return 0;
    whole = scan(data + 1, size - 1, size);
    cut = scan(data + 1, size - 1, size / 16 + 1 + data[0]);
    assert(whole.len == cut.len && whole.value == cut.value);
    return 0;
}
