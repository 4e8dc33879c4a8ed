/* SPDX-License-Identifier: Apache-2.0 */
#include "case/place_text.h"

#include <inttypes.h>

#include "core/buffer.h"

/* ", " where something stands before. */
static void
separate(struct tscope_buffer *text)
{
    if (text->len > 0)
        tscope_buffer_append(text, ", ", 2);
}

static void
write_record(struct tscope_buffer *text, const struct tscope_context *context)
{
    if (context->record > 0)
        tscope_buffer_append_format(text, "%s %" PRIu64, context->format == TSCOPE_EVIDENCE_HAR ? "entry" : "record", context->record);
    else if (context->line > 0)
        tscope_buffer_append_format(text, "line %" PRIu64, context->line);
}

static void
write_where(struct tscope_buffer *text, const struct tscope_context *context)
{
    if (context->where) {
        separate(text);
        tscope_buffer_append_text(text, context->where);
        if (context->where_name) {
            tscope_buffer_append_byte(text, ' ');
            tscope_buffer_append_text(text, context->where_name);
        }
    } else if (context->field && *context->field) { /* "": the record itself */
        separate(text);
        tscope_buffer_append_text(text, context->field);
    }
}

static void
write_request(struct tscope_buffer *text, const struct tscope_context *context)
{
    if (!context->url)
        return;
    separate(text);
    if (context->method) {
        tscope_buffer_append_text(text, context->method);
        tscope_buffer_append_byte(text, ' ');
    }
    tscope_buffer_append_text(text, context->url);
}

static void
write_address(struct tscope_buffer *text, const struct tscope_context *context)
{
    if (context->space == TSCOPE_ADDRESS_NONE)
        return;
    separate(text);
    tscope_buffer_append_format(text, "%s address 0x%" PRIx64, context->space == TSCOPE_ADDRESS_VIRTUAL ? "virtual" : "physical",
                                context->address);
    if (context->module) {
        tscope_buffer_append_text(text, " (");
        tscope_buffer_append_text(text, context->module);
        tscope_buffer_append_format(text, "+0x%" PRIx64 ")", context->module_offset);
    }
}

struct tscope_span
tscope_place_text(const struct tscope_context *context, struct tscope_arena *arena)
{
    struct tscope_buffer text = {0};
    struct tscope_span kept = {0};

    write_record(&text, context);
    write_where(&text, context);
    write_request(&text, context);
    write_address(&text, context);
    if (!text.failed)
        kept = tscope_arena_copy(arena, tscope_span_of(text.data ? (const char *)text.data : "", text.len));
    tscope_buffer_clear(&text);
    return kept;
}
