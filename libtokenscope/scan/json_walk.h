/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_SCAN_JSON_WALK_H
#define TSCOPE_SCAN_JSON_WALK_H

#include "core/span.h"

/**
 * @file Past JSON byte by byte, as far as it is JSON: what is none is left at the first byte that shows it, and what is nested
 * deeper than anything that is looked for too, so that no byte is read more often than that depth.
 */

enum {
    TSCOPE_JSON_WALK_END = -1,
    TSCOPE_JSON_WALK_MORE = -2, /* bytes may follow that are not at hand */
};

#define TSCOPE_JSON_WALK_DEPTH_MAX 8
#define TSCOPE_JSON_WALK_TEXT_MAX 63

/** Begins a structure that says where bytes come from. */
struct tscope_json_walk {
    int next; /* looked at, not yet taken: a byte or TSCOPE_JSON_WALK_… */
    int (*pull)(struct tscope_json_walk *walk);
};

/** A short string as it is written between its quotes, cut when it is longer. */
struct tscope_json_walk_text {
    char text[TSCOPE_JSON_WALK_TEXT_MAX + 1];
    size_t len; /* of the whole */
};

void tscope_json_walk_begin(struct tscope_json_walk *walk, int (*pull)(struct tscope_json_walk *walk));
int tscope_json_walk_take(struct tscope_json_walk *walk);
void tscope_json_walk_skip_space(struct tscope_json_walk *walk);
/** Past a string; ret_text may be NULL. False, here and below: it is none, and next is left behind the byte that shows it. */
bool tscope_json_walk_string(struct tscope_json_walk *walk, struct tscope_json_walk_text *ret_text);
bool tscope_json_walk_value(struct tscope_json_walk *walk, unsigned depth);

/** Asked of every member for a dozen names: the first letter tells most apart. */
static inline bool
tscope_json_walk_text_is(const struct tscope_json_walk_text *text, const char *other)
{
    return text->text[0] == other[0] && text->len <= TSCOPE_JSON_WALK_TEXT_MAX && strcmp(text->text, other) == 0;
}

#endif
