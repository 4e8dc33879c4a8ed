/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TOOLS_VECTOR_KEYS_H
#define TOOLS_VECTOR_KEYS_H

#include <tokenscope/tokenscope.h>

#include "status.h"
#include "vector.h"

/** @file Keyrings of vectors. Vectors of one family mostly share their keys, and a keyring costs more than a judgement. */

#define VECTOR_KEYS_KEPT 16

/** Keyrings by what they were made of, the last ones only. Starts as {0}. */
struct vector_keys {
    struct {
        char *made_of;
        tscope_keyring *keyring;
    } kept[VECTOR_KEYS_KEPT];
    size_t next; /* the place that is given away next */
};

/** The keyring of a vector, borrowed until the next call. Any status but EXIT_STATUS_OK comes after a message. */
enum exit_status vector_keys_get(struct vector_keys *keys, const struct vector *vector, tscope_keyring **ret_keyring);

void vector_keys_clear(struct vector_keys *keys);

#endif
