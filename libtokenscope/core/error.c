/* SPDX-License-Identifier: Apache-2.0 */
#include "core/error.h"

#include <stdarg.h>
#include <stdio.h>

enum tscope_status
tscope_error_set(struct tscope_error *err, enum tscope_status status, uint64_t offset, const char *format, ...)
{
    va_list arguments;

    if (!err || err->status != TSCOPE_OK)
        return status;
    err->status = status;
    err->offset = offset;
    va_start(arguments, format);
    vsnprintf(err->message, sizeof(err->message), format, arguments);
    va_end(arguments);
    return status;
}

enum tscope_status
tscope_error_no_memory(struct tscope_error *err)
{
    return tscope_error_set(err, TSCOPE_ERR_NO_MEMORY, TSCOPE_OFFSET_NONE, "out of memory");
}

const char *
tscope_status_name(enum tscope_status status)
{
    switch (status) {
#define STATUS_NAME(name, number, words) \
    case TSCOPE_##name:                  \
        return "TSCOPE_" #name;
        TSCOPE_FOREACH_STATUS(STATUS_NAME)
#undef STATUS_NAME
    }
    return "TSCOPE_?";
}

const char *
tscope_status_text(enum tscope_status status)
{
    switch (status) {
#define STATUS_TEXT(name, number, words) \
    case TSCOPE_##name:                  \
        return words;
        TSCOPE_FOREACH_STATUS(STATUS_TEXT)
#undef STATUS_TEXT
    }
    return "unknown status";
}
