/* SPDX-License-Identifier: Apache-2.0 */
#include "token/segments.h"

#include "core/error.h"
#include "token/shape.h"

#define LOOSE_HEADER_MIN 8   /* characters of a header that encodes no object */
#define LOOSE_SEGMENT_MIN 32 /* and of one segment beside it: labels of host names are shorter, and so are most words */

static void
add_segment(struct tscope_segments *segments, const uint8_t *start, const uint8_t *end)
{
    if (segments->len < TSCOPE_SEGMENTS_MAX)
        segments->at[segments->len++].form = tscope_span_of(start, (size_t)(end - start));
    segments->total++;
}

static void
split_at_dots(struct tscope_segments *segments, struct tscope_span form)
{
    const uint8_t *start = form.data, *dot;

    segments->end = form.data + form.len;
    while ((dot = memchr(start, '.', (size_t)(segments->end - start)))) {
        add_segment(segments, start, dot);
        segments->last = dot;
        start = dot + 1;
    }
    add_segment(segments, start, segments->end);
}

enum tscope_status
tscope_segments_split(struct tscope_segments *segments, struct tscope_arena *arena, struct tscope_span form, struct tscope_error *err)
{
    uint8_t *decoded = tscope_arena_alloc(arena, tscope_base64url_bound(form.len) + 3 * TSCOPE_SEGMENTS_MAX);

    if (!decoded)
        return tscope_error_no_memory(err);
    *segments = (struct tscope_segments){.strict = true};
    split_at_dots(segments, form);
    segments->strict = segments->total == segments->len;
    for (uint32_t i = 0; i < segments->len; i++) {
        struct tscope_segment *segment = &segments->at[i];
        size_t len;

        if (!tscope_base64url_decode(segment->form.data, segment->form.len, decoded, &len)) {
            segments->strict = false;
            continue;
        }
        segment->decoded = tscope_span_of(decoded, len);
        decoded += len;
    }
    return TSCOPE_OK;
}

/* A changed letter or two leave a header what it was; a page, a sentence or an address is none. */
static bool
is_mostly_base64url(struct tscope_span text)
{
    size_t foreign = 0;

    for (size_t i = 0; i < text.len; i++)
        foreign += !tscope_shape_is_character(text.data[i]);
    return foreign <= text.len / 8;
}

/* A host name has such parts too, and a sentence without its spaces: so one must be long, and all be base64url. */
bool
tscope_segments_are_token(const struct tscope_segments *segments)
{
    bool has_long = false;

    if (tscope_shape_begins_header(segments->at[0].form))
        return true;
    if (segments->total < 2)
        return false;
    if (tscope_shape_begins_header(segments->at[1].form)) /* claims begin as headers do */
        return is_mostly_base64url(segments->at[0].form);
    for (uint32_t i = 0; i < segments->len; i++)
        has_long |= segments->at[i].form.len >= LOOSE_SEGMENT_MIN;
    return (segments->total == 3 || segments->total == 5) && segments->strict && has_long && segments->at[0].form.len >= LOOSE_HEADER_MIN;
}
