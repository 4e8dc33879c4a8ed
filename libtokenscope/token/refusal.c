/* SPDX-License-Identifier: Apache-2.0 */
#include "token/refusal.h"

#include "core/error.h"
#include "core/text.h"

#define LOOKED_AT_MAX 4096

static bool
is_binary(struct tscope_span text)
{
    for (size_t i = 0; i < text.len && i < LOOKED_AT_MAX; i++) {
        uint8_t byte = text.data[i];

        if (byte < ' ' && byte != '\n' && byte != '\r' && byte != '\t' && byte != '\f' && byte != 27)
            return true;
    }
    return text.len > 0 && !tscope_text_is_utf8(tscope_span_of(text.data, text.len < LOOKED_AT_MAX ? text.len : LOOKED_AT_MAX), NULL);
}

static const char *
words_for(struct tscope_span text)
{
    if (text.len == 0)
        return "there is no token in it: it is empty";
    if (tscope_text_trim(text).len == 0)
        return "there is no token in it: it is nothing but white space";
    if (is_binary(text))
        return "there is no token in it: it is binary data";
    if (tscope_text_starts_with(text, TSCOPE_SPAN("-----BEGIN ")))
        return "there is no token in it: it is a PEM file";
    if (text.data[0] == '<')
        return "there is no token in it: it is a page of HTML or XML";
    if (text.data[0] == '{' || text.data[0] == '[')
        return "there is no token in it: it is JSON, and neither a JWS, a JWE nor a token response";
    if (!memchr(text.data, '.', text.len))
        return "there is no token in it: nothing separates header and claims, and no opaque token begins so";
    return "there is no token in it: nothing in front of a dot is a header";
}

enum tscope_status
tscope_refusal_set(struct tscope_span text, struct tscope_error *err)
{
    return tscope_error_set(err, TSCOPE_ERR_DATA, TSCOPE_OFFSET_NONE, "%s", words_for(text));
}
