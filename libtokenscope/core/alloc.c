/* SPDX-License-Identifier: Apache-2.0 */
#include "core/alloc.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Counts down to the first failure; 0 is off, so that the product's path is one comparison. */
static unsigned long fail_from;

static int
must_fail(void)
{
    if (fail_from == 0)
        return 0;
    if (fail_from > 1) {
        fail_from--;
        return 0;
    }
    return 1;
}

void *
tscope_alloc(size_t size)
{
    return must_fail() ? NULL : malloc(size ? size : 1);
}

void *
tscope_alloc_zeroed(size_t count, size_t size)
{
    if (size && count > SIZE_MAX / size)
        return NULL;
    return must_fail() ? NULL : calloc(count ? count : 1, size ? size : 1);
}

void *
tscope_realloc(void *memory, size_t size)
{
    return must_fail() ? NULL : realloc(memory, size ? size : 1);
}

void
tscope_free(void *memory)
{
    free(memory);
}

void
tscope_wipe(void *memory, size_t size)
{
    if (memory && size)
        explicit_bzero(memory, size);
}

void
tscope_alloc_fail_from(unsigned long n)
{
    fail_from = n;
}
