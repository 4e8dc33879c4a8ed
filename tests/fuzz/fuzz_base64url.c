/* SPDX-License-Identifier: Apache-2.0 */
#include "core/alloc.h"
#include "core/base64url.h"

#define FLAWS_MAX 8

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What is strictly right means the same to the tolerant reader, is flawless, and has one encoding only. */
static void
check_strict(const uint8_t *data, size_t size, struct tscope_span tolerant, size_t flaws)
{
    uint8_t *out = tscope_alloc(tscope_base64url_bound(size));
    struct tscope_buffer again = {0};
    size_t len = 0;
    bool strict = tscope_base64url_decode(data, size, out, &len);

    if (strict != (flaws == 0))
        __builtin_trap();
    if (strict) {
        tscope_base64url_encode(&again, out, len);
        if (!tscope_span_equal(tscope_span_of(out, len), tolerant) ||
            !tscope_span_equal(tscope_span_of(again.data, again.len), tscope_span_of(data, size)))
            __builtin_trap();
    }
    tscope_buffer_clear(&again);
    tscope_free(out);
}

static void
check_standard(const uint8_t *data, size_t size)
{
    uint8_t *out = tscope_alloc(tscope_base64url_bound(size));
    size_t len = 0;

    if (tscope_base64_decode(data, size, out, &len) && len > tscope_base64url_bound(size))
        __builtin_trap();
    tscope_free(out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct tscope_base64_flaw *flaws = tscope_alloc(FLAWS_MAX * sizeof(*flaws));
    uint8_t *out = tscope_alloc(tscope_base64url_bound(size));
    size_t found = 0, len = tscope_base64url_decode_tolerant(data, size, out, flaws, FLAWS_MAX, &found);

    for (size_t i = 0; i < found && i < FLAWS_MAX; i++) {
        if (flaws[i].len == 0 || flaws[i].offset + flaws[i].len > size || (i && flaws[i].offset < flaws[i - 1].offset))
            __builtin_trap();
    }
    check_strict(data, size, tscope_span_of(out, len), found);
    check_standard(data, size);
    tscope_free(out);
    tscope_free(flaws);
    return 0;
}
