/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_SCAN_TOKEN_FINDER_H
#define TSCOPE_SCAN_TOKEN_FINDER_H

#include "core/arena.h"
#include "scan/anchors.h"
#include "scan/run.h"

/** @file What finders of tokens share: how they answer, and what one of them remembers of a stream. */

/** A token that stands somewhere. */
struct tscope_token_place {
    size_t begin, end; /* bytes of the window */
    enum tscope_find_encoding encoding;
    struct tscope_span text; /* decoded; lives until the finder is asked again */
};

/** What may stand at an anchor. */
enum tscope_token_anchor {
    TSCOPE_TOKEN_ANCHOR_HEADER, /* its brace, as the first byte of a group of base64 */
    TSCOPE_TOKEN_ANCHOR_HEADER_WIDE,
    TSCOPE_TOKEN_ANCHOR_ALG, /* the name of the algorithm in it, for those whose brace is another byte of the group */
    TSCOPE_TOKEN_ANCHOR_ALG_WIDE,
    TSCOPE_TOKEN_ANCHOR_ESCAPED,
    TSCOPE_TOKEN_ANCHOR_OPAQUE,
    TSCOPE_TOKEN_ANCHOR_OPAQUE_WIDE,
    TSCOPE_TOKEN_ANCHOR_WRAPPED_0, /* by which of the three bytes of a group of base64 a header begins in */
    TSCOPE_TOKEN_ANCHOR_WRAPPED_1,
    TSCOPE_TOKEN_ANCHOR_WRAPPED_2,
    TSCOPE_TOKEN_ANCHOR_MEMBER, /* inside the name of a member that serialisations have */
    TSCOPE_TOKEN_ANCHOR_MEMBER_WIDE,
    TSCOPE_TOKEN_ANCHORS_LEN,
};

extern const struct tscope_anchor_row tscope_token_anchors[];
extern const size_t tscope_token_anchors_len;

/** Where the latest header stood and its token ended, as offsets of the stream: what begins behind it without a gap is a part of it. */
struct tscope_header_place {
    uint64_t begin, end;
};

struct tscope_wrapped_room;
struct tscope_serialized_memory;

struct tscope_token_finder {
    struct tscope_run_room room;
    struct tscope_header_place latest[3];        /* bytes, UTF-16 of either order */
    uint64_t algs[2];                            /* 1 + the offset of the latest name of an algorithm, in bytes and in UTF-16 */
    struct tscope_wrapped_room *wrapped;         /* made when it is first needed */
    struct tscope_serialized_memory *serialized; /* the same */
    struct tscope_arena arena;
};

/** Looks whether a token stands at an anchor, or around it. */
enum tscope_probe tscope_token_finder_probe(struct tscope_token_finder *finder, const struct tscope_window *window,
                                            const struct tscope_anchor *anchor, struct tscope_token_place *ret_place);
/** Forgets the stream. */
void tscope_token_finder_begin(struct tscope_token_finder *finder);
void tscope_token_finder_clear(struct tscope_token_finder *finder);

#endif
