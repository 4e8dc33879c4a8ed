/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence/json_walk.h"

void
tscope_json_walk_init(struct tscope_json_walk *walk, const struct tscope_walk_listener *listener, void *user)
{
    walk->listener = listener;
    walk->user = user;
    walk->mark = UINT64_MAX;
    walk->line = 1;
    walk->newlines = 0;
    walk->counted_to = 0;
    tscope_json_walk_restart(walk);
}

void
tscope_json_walk_restart(struct tscope_json_walk *walk)
{
    walk->depth = 0;
    walk->roots = 0;
    walk->state = TSCOPE_WALK_BETWEEN;
    walk->is_name = walk->after_colon = walk->is_too_deep = false;
    walk->value_len = 0;
    walk->value_start = 0;
}

bool
tscope_json_walk_is_array(const struct tscope_json_walk *walk, size_t depth)
{
    return depth > 0 && depth <= walk->depth && (walk->arrays[(depth - 1) / 8] >> ((depth - 1) % 8) & 1);
}

/* The innermost container, when its names are kept. */
static struct tscope_walk_level *
innermost(struct tscope_json_walk *walk)
{
    return walk->depth > 0 && walk->depth <= TSCOPE_WALK_LEVELS_MAX ? &walk->levels[walk->depth - 1] : NULL;
}

/* An array's element begins: the first, when none was there. */
static void
begin_value(struct tscope_json_walk *walk, uint64_t offset)
{
    struct tscope_walk_level *level = innermost(walk);

    walk->value_start = offset;
    if (level && level->is_array && !level->has_member)
        level->has_member = true;
}

static void
open_container(struct tscope_json_walk *walk, bool is_array, uint64_t offset)
{
    struct tscope_walk_level *level;
    uint8_t bit;

    if (walk->depth == TSCOPE_WALK_DEPTH_MAX) {
        walk->is_too_deep = true;
        return;
    }
    begin_value(walk, offset);
    bit = (uint8_t)(1u << (walk->depth % 8));
    if (is_array)
        walk->arrays[walk->depth / 8] |= bit;
    else
        walk->arrays[walk->depth / 8] &= (uint8_t)~bit;
    walk->depth++;
    walk->after_colon = false;
    level = innermost(walk);
    if (level) {
        level->is_array = is_array;
        level->has_member = false;
        level->index = 0;
        level->name_len = 0;
    }
    walk->listener->open(walk->user, walk);
}

static void
close_container(struct tscope_json_walk *walk)
{
    if (walk->depth == 0) /* one too many */
        return;
    walk->listener->close(walk->user, walk);
    walk->depth--;
    walk->after_colon = true; /* what is open now is in a value, or has read one */
    if (walk->depth == 0)
        walk->roots++;
}

static void
next_member(struct tscope_json_walk *walk)
{
    struct tscope_walk_level *level = innermost(walk);

    walk->after_colon = false;
    if (!level)
        return;
    if (level->is_array)
        level->index++;
    else
        level->has_member = false;
}

static void
keep(struct tscope_json_walk *walk, const uint8_t *chars, size_t len)
{
    size_t room = TSCOPE_WALK_VALUE_MAX - walk->value_len;

    memcpy(walk->value + walk->value_len, chars, len < room ? len : room);
    walk->value_len += len < room ? len : room;
}

static void
end_value(struct tscope_json_walk *walk, bool is_string)
{
    walk->state = TSCOPE_WALK_BETWEEN;
    walk->listener->value(walk->user, walk, tscope_span_of(walk->value, walk->value_len), is_string);
    if (walk->depth == 0)
        walk->roots++;
}

static void
end_string(struct tscope_json_walk *walk)
{
    struct tscope_walk_level *level = innermost(walk);

    if (!walk->is_name) {
        end_value(walk, true);
        return;
    }
    walk->state = TSCOPE_WALK_BETWEEN;
    if (level) {
        level->has_member = true;
        level->name_len = walk->value_len < TSCOPE_WALK_NAME_MAX ? walk->value_len : TSCOPE_WALK_NAME_MAX;
        memcpy(level->name, walk->value, level->name_len);
    }
    walk->listener->name(walk->user, walk);
}

static bool
is_delimiter(uint8_t byte)
{
    return byte == ',' || byte == ':' || byte == '}' || byte == ']' || byte == '{' || byte == '[' || byte == '"' || byte == ' ' ||
           byte == '\t' || byte == '\n' || byte == '\r';
}

/* One character between values. */
static void
step_between(struct tscope_json_walk *walk, uint8_t byte, uint64_t offset)
{
    switch (byte) {
    case ' ':
    case '\t':
    case '\n':
    case '\r':
        return;
    case '{':
    case '[':
        open_container(walk, byte == '[', offset);
        return;
    case '}':
    case ']':
        close_container(walk);
        return;
    case ',':
        next_member(walk);
        return;
    case ':':
        walk->after_colon = true;
        return;
    case '"':
        walk->is_name = walk->depth > 0 && !tscope_json_walk_is_array(walk, walk->depth) && !walk->after_colon;
        walk->state = TSCOPE_WALK_STRING;
        walk->value_len = 0;
        if (!walk->is_name)
            begin_value(walk, offset);
        return;
    default:
        walk->state = TSCOPE_WALK_SCALAR;
        walk->value_len = 0;
        begin_value(walk, offset);
        keep(walk, &byte, 1);
        return;
    }
}

/* From at on, as far as one state goes: how many characters that was, at least one. */
static size_t
step(struct tscope_json_walk *walk, const uint8_t *chars, size_t at, size_t len, uint64_t offset)
{
    size_t end = at;

    switch (walk->state) {
    case TSCOPE_WALK_BETWEEN:
        step_between(walk, chars[at], offset);
        return 1;
    case TSCOPE_WALK_ESCAPE:
        keep(walk, chars + at, 1);
        walk->state = TSCOPE_WALK_STRING;
        return 1;
    case TSCOPE_WALK_SCALAR:
        while (end < len && !is_delimiter(chars[end]))
            end++;
        keep(walk, chars + at, end - at);
        return end - at;
    case TSCOPE_WALK_STRING:
        while (end < len && chars[end] != '"' && chars[end] != '\\')
            end++;
        if (end < len && chars[end] == '\\') {
            walk->state = TSCOPE_WALK_ESCAPE;
            end++;
        }
        keep(walk, chars + at, end - at);
        return end - at;
    }
    return 1;
}

static void
count_lines(struct tscope_json_walk *walk, const uint8_t *chars, size_t to)
{
    uint64_t count = 0;

    for (size_t i = walk->counted_to; i < to; i++)
        count += chars[i] == '\n';
    walk->newlines += count;
    walk->counted_to = to;
}

/* The marks of what was just walked through. */
static void
tell_marks(struct tscope_json_walk *walk, const struct tscope_text_reader *text, size_t at, size_t next, bool is_inside)
{
    while (walk->mark < tscope_text_reader_offset(text, next)) {
        uint64_t first = tscope_text_reader_offset(text, at);
        size_t place = walk->mark > first ? at + (size_t)(walk->mark - first) / text->unit : at;

        count_lines(walk, text->chars, place);
        walk->line = walk->newlines + 1;
        walk->mark = UINT64_MAX;
        walk->listener->mark(walk->user, walk, text->chars, place, place + text->behind, is_inside);
    }
}

void
tscope_json_walk_feed(struct tscope_json_walk *walk, const struct tscope_text_reader *text, size_t at, size_t len)
{
    size_t end = at + len;

    walk->counted_to = at;
    walk->text = text;
    while (at < end && !walk->is_too_deep) {
        bool is_closing = walk->state == TSCOPE_WALK_STRING && text->chars[at] == '"';
        bool was_inside = walk->state != TSCOPE_WALK_BETWEEN;
        size_t next = at + 1;

        walk->at = at;
        if (walk->state == TSCOPE_WALK_SCALAR && is_delimiter(text->chars[at])) {
            end_value(walk, false);
            continue;
        }
        if (!is_closing)
            next = at + step(walk, text->chars, at, end, tscope_text_reader_offset(text, at));
        tell_marks(walk, text, at, next, was_inside || walk->state != TSCOPE_WALK_BETWEEN);
        if (is_closing)
            end_string(walk);
        at = next;
    }
    count_lines(walk, text->chars, end);
}

bool
tscope_json_walk_point(struct tscope_json_walk *walk, struct tscope_walk_point *ret_point)
{
    size_t depth = walk->depth - 1;

    if (walk->depth == 0 || depth > TSCOPE_WALK_POINT_MAX)
        return false;
    count_lines(walk, walk->text->chars, walk->at);
    ret_point->offset = walk->value_start;
    ret_point->newlines = walk->newlines;
    ret_point->roots = walk->roots;
    ret_point->depth = depth;
    ret_point->arrays = walk->arrays[0];
    memcpy(ret_point->levels, walk->levels, depth * sizeof(*walk->levels));
    return true;
}

void
tscope_json_walk_resume(struct tscope_json_walk *walk, const struct tscope_walk_point *point)
{
    tscope_json_walk_restart(walk);
    walk->newlines = point->newlines;
    walk->roots = point->roots;
    walk->depth = point->depth;
    walk->arrays[0] = point->arrays;
    walk->after_colon = true; /* a value is to come, and no name */
    memcpy(walk->levels, point->levels, point->depth * sizeof(*walk->levels));
}

void
tscope_json_walk_end(struct tscope_json_walk *walk)
{
    if (walk->state == TSCOPE_WALK_SCALAR)
        end_value(walk, false);
    else if (walk->state != TSCOPE_WALK_BETWEEN)
        end_string(walk);
    while (walk->depth)
        close_container(walk);
}
