/* SPDX-License-Identifier: Apache-2.0 */
#include "core/der.h"

#define DEPTH_MAX 16

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool
is_within(struct tscope_span inner, struct tscope_span outer)
{
    return inner.data >= outer.data && inner.data + inner.len <= outer.data + outer.len;
}

/* Elements lie one behind the other inside what holds them, and what is refused is not passed. */
static void
walk(struct tscope_der reader, unsigned depth)
{
    while (!tscope_der_at_end(&reader)) {
        struct tscope_der before = reader, typed = reader;
        struct tscope_der_item item;
        struct tscope_span bytes;
        int64_t time;

        if (tscope_der_unsigned(&typed, &bytes) && !is_within(bytes, before.rest))
            __builtin_trap();
        if (tscope_der_bits(&typed, &bytes) && !is_within(bytes, before.rest))
            __builtin_trap();
        (void)tscope_der_time(&typed, &time);
        if (!tscope_der_next(&reader, &item)) {
            if (reader.rest.data != before.rest.data || reader.rest.len != before.rest.len)
                __builtin_trap();
            return;
        }
        if (item.whole.data != before.rest.data || !is_within(item.content, item.whole) ||
            item.whole.len + reader.rest.len != before.rest.len)
            __builtin_trap();
        if (item.tag & 0x20 && depth < DEPTH_MAX)
            walk((struct tscope_der){item.content}, depth + 1);
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    walk((struct tscope_der){tscope_span_of(data, size)}, 0);
    return 0;
}
