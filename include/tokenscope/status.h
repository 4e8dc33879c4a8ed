/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TOKENSCOPE_STATUS_H
#define TOKENSCOPE_STATUS_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** @file What every call answers, and where an error was seen. */

#if defined(__GNUC__)
#define TSCOPE_MUST_USE __attribute__((warn_unused_result))
#else
#define TSCOPE_MUST_USE
#endif

/** One list for the numbers, the names and the words: X(NAME, number, "words"). Numbers never change. */
#define TSCOPE_FOREACH_STATUS(X)                                    \
    X(OK, 0, "success")                                             \
    X(ERR_NO_MEMORY, 1, "out of memory")                            \
    X(ERR_TOO_LARGE, 2, "input is over a limit")                    \
    X(ERR_ARGUMENT, 3, "an argument is not usable")                 \
    X(ERR_STATE, 4, "the object is not in the state for this call") \
    X(ERR_DATA, 5, "input data cannot be used")                     \
    X(ERR_NOT_FOUND, 6, "not found")                                \
    X(ERR_IO, 7, "a file could not be read")                        \
    X(ERR_CRYPTO, 8, "the cryptographic library failed")            \
    X(ERR_UNSUPPORTED, 9, "not supported by this build")

enum tscope_status {
#define TSCOPE_STATUS_ENUM(name, number, words) TSCOPE_##name = number,
    TSCOPE_FOREACH_STATUS(TSCOPE_STATUS_ENUM)
#undef TSCOPE_STATUS_ENUM
};

/** Says where in the input an error has no single place. */
#define TSCOPE_OFFSET_NONE UINT64_MAX

/** Starts as {0}; set on failure only, and by the first only: the innermost one knows best. Fixed for the soname. */
struct tscope_error {
    enum tscope_status status;
    uint64_t offset;   /**< byte of the input where it was seen, or TSCOPE_OFFSET_NONE */
    char message[256]; /**< "cannot decode 'n'": lower case, one clause, no full stop; never key or token material */
    void *reserved[4];
};

/** The name of a status, such as "TSCOPE_ERR_DATA". Static; "TSCOPE_?" for a number that is none. */
const char *tscope_status_name(enum tscope_status status);

/** A status in words. Static. */
const char *tscope_status_text(enum tscope_status status);

#ifdef __cplusplus
}
#endif

#endif
