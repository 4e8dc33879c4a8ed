/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TOOLS_MEMORY_H
#define TOOLS_MEMORY_H

#include <stddef.h>
#include <stdlib.h>

#include <jansson.h>

#include <tokenscope/tokenscope.h>

/** @file Memory of the program: without it there is nothing to go on with, so that these end it (exit status 70). */

void *memory_grow(void *memory, size_t count, size_t size);
char *memory_copy(const char *text);

/** Printed text in new memory. */
char *memory_print(const char *format, ...) __attribute__((format(printf, 1, 2)));

/** Declares a variable that is released when its scope ends: AUTO(tscope_report) *report = NULL. */
#define AUTO(type) __attribute__((cleanup(release_##type))) type
#define DEFINE_AUTO(type, release)              \
    static inline void release_##type(type **p) \
    {                                           \
        release(*p);                            \
    }

typedef char heap_text;   /* from memory_…() */
typedef char handed_text; /* handed out by the library */

DEFINE_AUTO(heap_text, free)
DEFINE_AUTO(handed_text, tscope_string_free)
DEFINE_AUTO(json_t, json_decref)
DEFINE_AUTO(tscope_token, tscope_token_free)
DEFINE_AUTO(tscope_captures, tscope_captures_free)
DEFINE_AUTO(tscope_keyring, tscope_keyring_free)
DEFINE_AUTO(tscope_profile, tscope_profile_free)
DEFINE_AUTO(tscope_inspector, tscope_inspector_free)
DEFINE_AUTO(tscope_report, tscope_report_free)
DEFINE_AUTO(tscope_corpus, tscope_corpus_free)
DEFINE_AUTO(tscope_key_diff, tscope_key_diff_free)
DEFINE_AUTO(tscope_history_lint, tscope_history_lint_free)
DEFINE_AUTO(tscope_key_timeline, tscope_key_timeline_free)

#endif
