/* SPDX-License-Identifier: Apache-2.0 */
#include "token/carrier.h"

#include "core/text.h"
#include "token/shape.h"

static const struct {
    const char *name;
    enum tscope_carrier carrier;
} names[] = {
    {"access_token", TSCOPE_CARRIER_ACCESS},     {"id_token", TSCOPE_CARRIER_ID}, {"id_token_hint", TSCOPE_CARRIER_ID},
    {"logout_token", TSCOPE_CARRIER_LOGOUT},     {"dpop", TSCOPE_CARRIER_PROOF},  {"accessToken", TSCOPE_CARRIER_ACCESS},
    {"client_assertion", TSCOPE_CARRIER_CLIENT}, {"idToken", TSCOPE_CARRIER_ID},
};

/* Takes the white space and the quotes off that may stand between a name and its value. */
static struct tscope_span
without_end(struct tscope_span text, const char *bytes)
{
    while (text.len > 0 && text.data[text.len - 1] != '\0' && strchr(bytes, text.data[text.len - 1]))
        text.len--;
    return text;
}

/* The last word; it ends where text does. */
static struct tscope_span
last_word(struct tscope_span text)
{
    size_t start = text.len;

    while (start > 0 && tscope_shape_is_character(text.data[start - 1]))
        start--;
    return tscope_span_of(text.data + start, text.len - start);
}

/* "Bearer" and "DPoP" before a token are schemes of the Authorization field, with white space behind them. */
static bool
is_scheme(struct tscope_span before)
{
    struct tscope_span trimmed = without_end(before, " \t+"), word;

    if (trimmed.len >= 3 && trimmed.len == before.len &&
        tscope_text_equal_fold(tscope_span_of(trimmed.data + trimmed.len - 3, 3), TSCOPE_SPAN("%20")))
        trimmed.len -= 3;
    word = last_word(trimmed);
    return trimmed.len < before.len &&
           (tscope_text_equal_fold(word, TSCOPE_SPAN("bearer")) || tscope_text_equal_fold(word, TSCOPE_SPAN("dpop")));
}

enum tscope_carrier
tscope_token_carrier(const struct tscope_token *token)
{
    size_t input_offset = token->capture ? token->capture->offset : 0;
    struct tscope_span before, word;

    if (token->source_offset <= input_offset || token->source_offset - input_offset > token->input.len ||
        token->encoding != TSCOPE_ENCODING_ASCII)
        return TSCOPE_CARRIER_UNKNOWN;
    before = tscope_span_of(token->input.data, token->source_offset - input_offset);
    if (is_scheme(before))
        return TSCOPE_CARRIER_ACCESS;
    before = without_end(before, " \t\"'\\");
    if (before.len == 0 || (before.data[before.len - 1] != ':' && before.data[before.len - 1] != '='))
        return TSCOPE_CARRIER_UNKNOWN;
    word = last_word(without_end(tscope_span_of(before.data, before.len - 1), " \t\"'\\"));
    for (size_t i = 0; i < TSCOPE_COUNT(names); i++) {
        if (tscope_text_equal_fold(word, tscope_span_text(names[i].name)))
            return names[i].carrier;
    }
    return TSCOPE_CARRIER_UNKNOWN;
}

const char *
tscope_carrier_words(enum tscope_carrier carrier)
{
    switch (carrier) {
    case TSCOPE_CARRIER_UNKNOWN:
        break;
    case TSCOPE_CARRIER_ACCESS:
        return "an access token";
    case TSCOPE_CARRIER_ID:
        return "an ID token";
    case TSCOPE_CARRIER_LOGOUT:
        return "a logout token";
    case TSCOPE_CARRIER_CLIENT:
        return "a client's assertion";
    case TSCOPE_CARRIER_PROOF:
        return "a proof of possession";
    }
    return "";
}
