/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_TOKEN_SEGMENTS_H
#define TSCOPE_TOKEN_SEGMENTS_H

#include "token/token.h"

/** @file A compact form split at its dots. */

#define TSCOPE_SEGMENTS_MAX 5 /* looked at; further ones are counted */

struct tscope_segment {
    struct tscope_span form;
    struct tscope_span decoded; /* data NULL unless it is strict base64url */
};

struct tscope_segments {
    struct tscope_segment at[TSCOPE_SEGMENTS_MAX];
    uint32_t len;        /* stored */
    uint32_t total;      /* all there are */
    const uint8_t *end;  /* of all of them */
    const uint8_t *last; /* the last dot; NULL: none */
    bool strict;         /* none but those stored, and each strict base64url */
};

/**
 * Splits form and decodes what is strict.
 *
 * @return TSCOPE_OK or TSCOPE_ERR_NO_MEMORY
 */
TSCOPE_MUST_USE enum tscope_status tscope_segments_split(struct tscope_segments *segments, struct tscope_arena *arena,
                                                         struct tscope_span form, struct tscope_error *err);

/** True when they can be those of a token: a header, claims, or at the least what is too long and too strict for a name. */
bool tscope_segments_are_token(const struct tscope_segments *segments);

#endif
