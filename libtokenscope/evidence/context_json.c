/* SPDX-License-Identifier: Apache-2.0 */
#include <tokenscope/evidence.h>

#include <stdio.h>

#include "core/error.h"
#include "core/json_writer.h"
#include "core/time.h"

static void
write_text(struct tscope_json_writer *writer, const char *name, const char *text)
{
    if (text)
        tscope_json_write_named_text(writer, name, text);
}

static void
write_number(struct tscope_json_writer *writer, const char *name, uint64_t number)
{
    if (number && number <= INT64_MAX)
        tscope_json_write_named_integer(writer, name, (int64_t)number);
}

/* As text: JSON numbers of 64 bits are rounded by many readers. */
static void
write_address(struct tscope_json_writer *writer, const char *name, uint64_t address)
{
    char text[2 + 16 + 1];

    snprintf(text, sizeof(text), "0x%llx", (unsigned long long)address);
    tscope_json_write_named_text(writer, name, text);
}

enum tscope_status
tscope_context_json(const struct tscope_context *context, char **ret_json, size_t *ret_len, struct tscope_error *err)
{
    static const char *const spaces[] = {NULL, "virtual", "physical"};
    struct tscope_buffer buffer = {0};
    struct tscope_json_writer writer;
    char *json;

    tscope_json_writer_init(&writer, &buffer, false);
    tscope_json_write_object(&writer);
    tscope_json_write_named_text(&writer, "format", tscope_evidence_format_id(context->format));
    write_number(&writer, "line", context->line);
    write_number(&writer, "record", context->record);
    write_text(&writer, "field", context->field);
    if (context->time != TSCOPE_CONTEXT_NO_TIME)
        tscope_json_write_named_time(&writer, "time", context->time);
    write_text(&writer, "time_text", context->time_text);
    write_text(&writer, "time_field", context->time_field);
    write_text(&writer, "time_unsure", context->time_unsure);
    write_text(&writer, "url", context->url);
    write_text(&writer, "method", context->method);
    write_number(&writer, "status", context->http_status);
    write_text(&writer, "where", context->where);
    write_text(&writer, "where_name", context->where_name);
    if (context->space == TSCOPE_ADDRESS_VIRTUAL || context->space == TSCOPE_ADDRESS_PHYSICAL) {
        tscope_json_write_named_text(&writer, "space", spaces[context->space]);
        write_address(&writer, "address", context->address);
    }
    write_text(&writer, "module", context->module);
    if (context->module)
        write_address(&writer, "module_offset", context->module_offset);
    tscope_json_write_object_end(&writer);
    json = tscope_buffer_steal(&buffer, ret_len);
    if (!json)
        return tscope_error_no_memory(err);
    *ret_json = json;
    return TSCOPE_OK;
}
