/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_CHECKS_CORPUS_H
#define TSCOPE_CHECKS_CORPUS_H

#include "checks/registry.h"

/** @file The rows about several tokens, by number. What finds them is inspect/corpus.c. */

enum tscope_corpus_row {
    TSCOPE_CORPUS_NONCE_REUSE,
    TSCOPE_CORPUS_HIGH_S,
    TSCOPE_CORPUS_ID_TWICE,
    TSCOPE_CORPUS_IV_REUSE,
    TSCOPE_CORPUS_SHAPE,
    TSCOPE_CORPUS_RECOVERED,
};

#endif
