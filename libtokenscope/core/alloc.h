/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_CORE_ALLOC_H
#define TSCOPE_CORE_ALLOC_H

#include <stddef.h>

/** @file The one seam through which the library allocates, and the cleanup idiom. */

/** Like malloc, but a size of 0 gives a pointer too. NULL when out of memory. */
void *tscope_alloc(size_t size);
/** Zeroed memory for count elements; NULL on overflow or when out of memory. */
void *tscope_alloc_zeroed(size_t count, size_t size);
void *tscope_realloc(void *memory, size_t size);
void tscope_free(void *memory);

/** Overwrites memory that held a secret in a way the compiler keeps. */
void tscope_wipe(void *memory, size_t size);

/** For tests: the n-th allocation from now (1 is the next) fails, and all behind it; 0 turns it off. Not thread-safe. */
void tscope_alloc_fail_from(unsigned long n);

#define TSCOPE_COUNT(array) (sizeof(array) / sizeof((array)[0]))

/** Declares a pointer that is released with <type>_free when it goes out of scope: start it at NULL. */
#define TSCOPE_AUTO(type) __attribute__((cleanup(type##_freep))) type

/** Gives a type its TSCOPE_AUTO; stands beside the declaration of <type>_free. */
#define TSCOPE_DEFINE_AUTO(type)                    \
    static inline void type##_freep(type **pointer) \
    {                                               \
        type##_free(*pointer);                      \
    }

/** Takes a pointer out of a variable, so that its cleanup finds NULL. */
#define TSCOPE_STEAL(pointer)                    \
    __extension__({                              \
        __typeof__(pointer) stolen_ = (pointer); \
        (pointer) = NULL;                        \
        stolen_;                                 \
    })

#endif
