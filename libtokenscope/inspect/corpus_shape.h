/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_INSPECT_CORPUS_SHAPE_H
#define TSCOPE_INSPECT_CORPUS_SHAPE_H

#include "inspect/corpus_facts.h"
#include "inspect/shape.h"

/**
 * @file Tokens that are written unlike the others of their issuer and kind. One program writes members in one order and white space
 * in one way; which members are there differs from token to token, and says nothing.
 */

#define TSCOPE_CORPUS_VARIANTS_MAX 128 /* of a part: each pair of them is compared */
#define TSCOPE_CORPUS_SAMPLES_MAX 8    /* tokens of a way to write that are kept, to show */

/** A token that is written in one way, with the places of its members. */
struct tscope_corpus_sample {
    struct tscope_corpus_place place;
    struct tscope_corpus_proof part; /* all of it */
    bool is_even;                    /* places inside the part are so many bytes and columns from its beginning */
    struct tscope_shape_run gaps[TSCOPE_SHAPE_GAPS];
    struct tscope_shape_run members[]; /* both in the token's text */
};

/** Tokens with the same members in the same order and with the same white space, in one part. */
struct tscope_corpus_variant {
    struct tscope_corpus_variant *next;
    uint32_t number;
    struct tscope_shape shape;
    struct tscope_corpus_sample *samples[TSCOPE_CORPUS_SAMPLES_MAX]; /* the first by their places */
    size_t samples_len;
    struct tscope_corpus_sample *spare; /* memory for one more */
    size_t tokens, honest, valid;       /* different ones; those of them that nothing speaks against; those of these that a key verifies */
    size_t support;                     /* honest tokens of all variants that agree with it, its own too */
    bool is_odd;
};

/** The variants of one part. */
struct tscope_corpus_variants {
    struct tscope_corpus_variant *first;
    size_t len;
    bool is_lost; /* there were too many: it has no way of its own to write */
};

/** What an issuer writes of one kind. */
struct tscope_corpus_author {
    bool is_used;
    uint8_t digest[TSCOPE_SHA256_LEN];
    struct tscope_corpus_variants header, payload;
};

/** One token of a variant; found twice, it stands there twice. */
struct tscope_corpus_writing;

/** Starts as {0}. Variants and samples live in an arena of the owner's. */
struct tscope_corpus_shapes {
    struct tscope_corpus_author *authors; /* by digest, with gaps */
    size_t authors_len, authors_capacity;
    struct tscope_corpus_writing *writings;
    size_t writings_len, writings_capacity;
    uint32_t variants_len;
};

/** Tokens that are written alike and unlike the others. */
struct tscope_corpus_odd {
    const struct tscope_corpus_fact *facts; /* in the arena */
    size_t facts_len, tokens;               /* tokens: those too that are not kept */
};

/** How well a token may stand for how its issuer writes: 0 not at all, 1 nothing speaks against it, 2 a key verifies it. */
unsigned tscope_corpus_standing(const struct tscope_inspection *inspection);

/** Notes how a token is written, if its issuer is known. false: out of memory, and nothing of it is kept. */
TSCOPE_MUST_USE bool tscope_corpus_shapes_add(struct tscope_corpus_shapes *shapes, struct tscope_arena *arena,
                                              const struct tscope_corpus_gathering *gathering, const struct tscope_corpus_place *place);

/**
 * Finds what is odd: at most odd_max, the others are counted. Nothing may be added behind it.
 *
 * @return false: out of memory; it may be tried again
 */
TSCOPE_MUST_USE bool tscope_corpus_shapes_find(struct tscope_corpus_shapes *shapes, struct tscope_arena *arena, size_t odd_max,
                                               struct tscope_corpus_odd *ret_odd, size_t *ret_len, size_t *ret_left_out);

/** Counts the tokens of each variant; a step of tscope_corpus_shapes_find(). */
void tscope_corpus_shapes_count(struct tscope_corpus_shapes *shapes);

void tscope_corpus_shapes_clear(struct tscope_corpus_shapes *shapes);

#endif
