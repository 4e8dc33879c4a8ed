/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/secret.h"

#include "core/alloc.h"

#define NUMBERS 6

bool
tscope_key_secret_keep(struct tscope_arena *arena, const struct tscope_private_numbers *numbers, struct tscope_key_secret **ret_secret)
{
    const struct tscope_span from[NUMBERS] = {numbers->d, numbers->p, numbers->q, numbers->dp, numbers->dq, numbers->qi};
    struct tscope_key_secret *secret;
    struct tscope_span *to[NUMBERS];
    size_t size = sizeof(*secret);
    uint8_t *bytes;

    *ret_secret = NULL;
    if (!numbers->d.data && !numbers->p.data && !numbers->q.data)
        return true;
    for (size_t i = 0; i < NUMBERS; i++)
        size += from[i].len;
    secret = tscope_arena_zeroed(arena, 1, size);
    if (!secret)
        return false;
    secret->size = size;
    bytes = (uint8_t *)(secret + 1);
    to[0] = &secret->d;
    to[1] = &secret->p;
    to[2] = &secret->q;
    to[3] = &secret->dp;
    to[4] = &secret->dq;
    to[5] = &secret->qi;
    for (size_t i = 0; i < NUMBERS; i++) {
        if (from[i].len)
            memcpy(bytes, from[i].data, from[i].len);
        *to[i] = tscope_span_of(from[i].data ? bytes : NULL, from[i].len);
        bytes += from[i].len;
    }
    *ret_secret = secret;
    return true;
}

void
tscope_key_secret_wipe(struct tscope_key_secret *secret)
{
    if (secret)
        tscope_wipe(secret, secret->size);
}

struct tscope_private_numbers
tscope_key_secret_join(const struct tscope_key_numbers *open, const struct tscope_key_secret *secret)
{
    struct tscope_private_numbers numbers = {.open = *open};

    if (!secret)
        return numbers;
    numbers.d = secret->d;
    numbers.p = secret->p;
    numbers.q = secret->q;
    numbers.dp = secret->dp;
    numbers.dq = secret->dq;
    numbers.qi = secret->qi;
    return numbers;
}
