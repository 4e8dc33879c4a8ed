/* SPDX-License-Identifier: Apache-2.0 */
#include "memory.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "message.h"
#include "status.h"

static void *
or_end(void *memory)
{
    if (!memory) {
        message_hold(NULL);
        message_print("out of memory");
        exit(EXIT_STATUS_INTERNAL);
    }
    return memory;
}

void *
memory_grow(void *memory, size_t count, size_t size)
{
    return or_end(reallocarray(memory, count ? count : 1, size));
}

char *
memory_copy(const char *text)
{
    return or_end(strdup(text));
}

char *
memory_print(const char *format, ...)
{
    char *text = NULL;
    va_list arguments;
    int len;

    va_start(arguments, format);
    len = vasprintf(&text, format, arguments);
    va_end(arguments);
    return or_end(len < 0 ? NULL : text);
}
