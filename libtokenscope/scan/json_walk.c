/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/json_walk.h"

void
tscope_json_walk_begin(struct tscope_json_walk *walk, int (*pull)(struct tscope_json_walk *walk))
{
    walk->pull = pull;
    walk->next = pull(walk);
}

int
tscope_json_walk_take(struct tscope_json_walk *walk)
{
    int byte = walk->next;

    if (byte >= 0)
        walk->next = walk->pull(walk);
    return byte;
}

void
tscope_json_walk_skip_space(struct tscope_json_walk *walk)
{
    while (walk->next == ' ' || walk->next == '\t' || walk->next == '\r' || walk->next == '\n')
        tscope_json_walk_take(walk);
}

bool
tscope_json_walk_string(struct tscope_json_walk *walk, struct tscope_json_walk_text *ret_text)
{
    size_t len = 0;

    if (tscope_json_walk_take(walk) != '"')
        return false;
    for (;;) {
        int byte = tscope_json_walk_take(walk);

        if (byte < ' ')
            return false;
        if (byte == '"')
            break;
        if (ret_text && len < TSCOPE_JSON_WALK_TEXT_MAX)
            ret_text->text[len] = (char)byte;
        len++;
        if (byte == '\\' && tscope_json_walk_take(walk) < ' ')
            return false;
    }
    if (ret_text) {
        ret_text->len = len;
        ret_text->text[len < TSCOPE_JSON_WALK_TEXT_MAX ? len : TSCOPE_JSON_WALK_TEXT_MAX] = '\0';
    }
    return true;
}

/* A number, true, false, null. */
static bool
walk_bare(struct tscope_json_walk *walk)
{
    static const char characters[] = "+-.0123456789Eaeflnrstu";
    size_t len = 0;

    while (walk->next > 0 && strchr(characters, walk->next) && len < TSCOPE_JSON_WALK_TEXT_MAX) {
        tscope_json_walk_take(walk);
        len++;
    }
    return len > 0;
}

/* Members or elements, up to the bracket that ends them. */
static bool
walk_container(struct tscope_json_walk *walk, unsigned depth)
{
    int end = tscope_json_walk_take(walk) == '{' ? '}' : ']';

    if (depth >= TSCOPE_JSON_WALK_DEPTH_MAX)
        return false;
    tscope_json_walk_skip_space(walk);
    if (walk->next == end)
        return tscope_json_walk_take(walk) == end;
    for (;;) {
        tscope_json_walk_skip_space(walk);
        if (end == '}') {
            if (!tscope_json_walk_string(walk, NULL))
                return false;
            tscope_json_walk_skip_space(walk);
            if (tscope_json_walk_take(walk) != ':')
                return false;
            tscope_json_walk_skip_space(walk);
        }
        if (!tscope_json_walk_value(walk, depth + 1))
            return false;
        tscope_json_walk_skip_space(walk);
        if (walk->next == end)
            return tscope_json_walk_take(walk) == end;
        if (tscope_json_walk_take(walk) != ',')
            return false;
    }
}

bool
tscope_json_walk_value(struct tscope_json_walk *walk, unsigned depth)
{
    if (walk->next == '"')
        return tscope_json_walk_string(walk, NULL);
    if (walk->next == '{' || walk->next == '[')
        return walk_container(walk, depth);
    return walk_bare(walk);
}
