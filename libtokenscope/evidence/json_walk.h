/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_EVIDENCE_JSON_WALK_H
#define TSCOPE_EVIDENCE_JSON_WALK_H

#include <stdbool.h>

#include "core/buffer.h"
#include "evidence/text_reader.h"

/**
 * @file Walks through JSON of any length in memory that does not grow: where it is, and the beginnings of values. core/json.h wants all of
 * a text at once, and captures are gigabytes. What is not JSON is walked through as well as can be: captures are cut off and mended.
 */

#define TSCOPE_WALK_DEPTH_MAX 512         /* containers; what is deeper is not walked through */
#define TSCOPE_WALK_LEVELS_MAX 32         /* of which names are kept */
#define TSCOPE_WALK_NAME_MAX 128          /* bytes of a name that are kept, as written */
#define TSCOPE_WALK_VALUE_MAX (16u << 10) /* bytes of a string or number that are kept, as written */

/** A container, and the member of it that the walk is in. */
struct tscope_walk_level {
    bool is_array;
    bool has_member; /* name or index tell one */
    uint64_t index;
    size_t name_len;
    uint8_t name[TSCOPE_WALK_NAME_MAX];
};

struct tscope_json_walk;

/** What a walk tells. Depth is that of the walk: containers that are open. */
struct tscope_walk_listener {
    void (*open)(void *user, const struct tscope_json_walk *walk);
    void (*close)(void *user, const struct tscope_json_walk *walk); /* before its level goes */
    /** A string (is_string: value is what is between the quotes) or a scalar ended. The value is cut to what is kept. */
    void (*value)(void *user, const struct tscope_json_walk *walk, struct tscope_span value, bool is_string);
    /** The mark was reached; the listener sets the next one. chars + at is it, of which TSCOPE_TEXT_BEHIND before may be read as far as
     * behind says. is_inside: of a string or scalar, or of a name, whose value() or name() comes. */
    void (*mark)(void *user, struct tscope_json_walk *walk, const uint8_t *chars, size_t at, size_t behind, bool is_inside);
    void (*name)(void *user, const struct tscope_json_walk *walk); /* a member's name ended */
};

struct tscope_json_walk {
    const struct tscope_walk_listener *listener;
    void *user;
    uint64_t mark;        /* offset in the piece; UINT64_MAX: none */
    uint64_t line;        /* of the mark, while mark() runs; from 1 on */
    uint64_t value_start; /* offset of the latest value's first byte, with its quote */
    size_t depth;
    uint64_t roots; /* values that ended at depth 0 */
    bool is_too_deep;
    /* below: the walk's own */
    enum { TSCOPE_WALK_BETWEEN, TSCOPE_WALK_STRING, TSCOPE_WALK_ESCAPE, TSCOPE_WALK_SCALAR } state;
    bool is_name; /* the string that is being read */
    bool after_colon;
    size_t value_len;
    const struct tscope_text_reader *text; /* while it is fed */
    size_t at;                             /* the character of its chunk */
    uint64_t newlines;                     /* before counted_to of the chunk */
    size_t counted_to;
    struct tscope_walk_level levels[TSCOPE_WALK_LEVELS_MAX];
    uint8_t arrays[TSCOPE_WALK_DEPTH_MAX / 8]; /* a bit a level */
    uint8_t value[TSCOPE_WALK_VALUE_MAX];
};

#define TSCOPE_WALK_POINT_MAX 8 /* levels of a point */

/** Where a walk can be taken up again. */
struct tscope_walk_point {
    uint64_t offset, newlines, roots;
    size_t depth;
    uint8_t arrays;
    struct tscope_walk_level levels[TSCOPE_WALK_POINT_MAX];
};

void tscope_json_walk_init(struct tscope_json_walk *walk, const struct tscope_walk_listener *listener, void *user);
/** Begins anew with another text: levels and state are forgotten, mark and line stay. */
void tscope_json_walk_restart(struct tscope_json_walk *walk);
/** Walks through len characters of the reader's chunk, from the character at on. */
void tscope_json_walk_feed(struct tscope_json_walk *walk, const struct tscope_text_reader *text, size_t at, size_t len);
/** The point before the container that open() tells of. False: it is nested too deep for one. */
bool tscope_json_walk_point(struct tscope_json_walk *walk, struct tscope_walk_point *ret_point);
/** Takes a walk up at a point; the next characters are those from its offset on. */
void tscope_json_walk_resume(struct tscope_json_walk *walk, const struct tscope_walk_point *point);
/** The text is at its end: a value that is open ends here. */
void tscope_json_walk_end(struct tscope_json_walk *walk);
/** True while the walk is in an array at this depth (1: the outermost container). */
bool tscope_json_walk_is_array(const struct tscope_json_walk *walk, size_t depth);

#endif
