/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_INSPECT_SHAPE_H
#define TSCOPE_INSPECT_SHAPE_H

#include "core/arena.h"
#include "core/json.h"

/** @file How a JSON object was written: the order of its members and the white space between them, which tell one program from another. */

#define TSCOPE_SHAPE_MEMBERS_MAX 48
#define TSCOPE_SHAPE_NAMES_MAX 2048 /* bytes of all names */

/* X(NAME, "words"): where white space may stand in an object that is the whole of its text */
#define TSCOPE_FOREACH_SHAPE_GAP(X)           \
    X(BEFORE, "before the object")            \
    X(OPENED, "behind the opening brace")     \
    X(BEFORE_COLON, "before colons")          \
    X(BEHIND_COLON, "behind colons")          \
    X(BEFORE_COMMA, "before commas")          \
    X(BEHIND_COMMA, "behind commas")          \
    X(BEFORE_END, "before the closing brace") \
    X(BEHIND, "behind the object")

enum tscope_shape_gap {
#define TSCOPE_SHAPE_GAP_ENUM(name, words) TSCOPE_SHAPE_GAP_##name,
    TSCOPE_FOREACH_SHAPE_GAP(TSCOPE_SHAPE_GAP_ENUM)
#undef TSCOPE_SHAPE_GAP_ENUM
        TSCOPE_SHAPE_GAPS
};

struct tscope_shape_name {
    struct tscope_span text; /* as written */
    uint32_t hash;
};

struct tscope_shape {
    size_t names_len;
    const struct tscope_shape_name *names; /* in order */
    uint32_t gaps[TSCOPE_SHAPE_GAPS];      /* what stands there; 0: there is no such place */
};

/** Bytes of the object's text. */
struct tscope_shape_run {
    uint32_t offset, len;
};

/** A shape as it is read: with the memory that it points into, and where everything stands. */
struct tscope_shape_reading {
    struct tscope_shape shape;
    struct tscope_shape_name names[TSCOPE_SHAPE_MEMBERS_MAX];
    struct tscope_shape_run members[TSCOPE_SHAPE_MEMBERS_MAX]; /* name and value */
    struct tscope_shape_run gaps[TSCOPE_SHAPE_GAPS];           /* the first place that tells, with the mark beside it */
};

/** How one shape differs from another. */
struct tscope_shape_difference {
    size_t common;           /* members that both have */
    bool has_order, has_gap; /* order, white space differ */
    size_t first, second;    /* has_order: members of the one shape, neighbours but for what the other lacks; there the second is first */
    enum tscope_shape_gap gap;
};

/** False when it tells nothing: no object, members of one name, more of them than are looked at, or text that is no strict JSON. */
bool tscope_shape_read(const struct tscope_json *json, const struct tscope_value *object, struct tscope_shape_reading *ret_reading);

/**
 * True when they differ: in the order of members that both have, or in the white space of places that both have. A member that one of
 * them lacks is no difference.
 */
bool tscope_shape_differ(const struct tscope_shape *one, const struct tscope_shape *other, struct tscope_shape_difference *ret_difference);

/** An order of all shapes; 0: the same members in the same order, and the same white space. */
int tscope_shape_compare(const struct tscope_shape *one, const struct tscope_shape *other);

/** "behind colons" */
const char *tscope_shape_gap_words(enum tscope_shape_gap gap);

/** Copies names and all into the arena; false: out of memory. */
TSCOPE_MUST_USE bool tscope_shape_copy(const struct tscope_shape *shape, struct tscope_arena *arena, struct tscope_shape *ret_copy);

#endif
