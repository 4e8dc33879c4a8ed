/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_CRYPTO_OPTIONAL_H
#define TSCOPE_CRYPTO_OPTIONAL_H

#include <stdbool.h>
#include <stddef.h>

/**
 * @file Libraries that are not linked but opened when something asks for what they alone can, as few processes do: a library that is
 * linked costs every one. One that is not installed is the same as one that was not built in.
 */

/**
 * Opens a library by the name that its interface goes by, and finds functions in it. Nothing is kept between calls: opening again what
 * is open is cheap. A library once opened stays, whatever it left behind in others.
 *
 * @param functions  as many pointers to functions as names; written on success alone
 * @return the library, to be given back with tscope_optional_close(); NULL when it is not there or lacks one of them
 */
void *tscope_optional_open(const char *library, const char *const *names, size_t names_len, void *functions);
void tscope_optional_close(void *library); /* NULL is allowed */

/* Of a list X(function): members of that type and name, and the names. A macro of a library that renames its functions is followed. */
#define TSCOPE_OPTIONAL_MEMBER(function) __typeof__(function) *function;
#define TSCOPE_OPTIONAL_NAME(function) TSCOPE_OPTIONAL_TEXT(function),
#define TSCOPE_OPTIONAL_TEXT(function) #function

#endif
