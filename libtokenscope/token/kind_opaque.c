/* SPDX-License-Identifier: Apache-2.0 */
#include "token/kind.h"

#include "core/text.h"

#define TICKET_LEN_MIN 32 /* shorter ones have no room for a key of their own */
#define BLOCK_LEN_MIN 48  /* characters of 36 bytes: format, two of number, two GUIDs and one more */

static bool
is_letter_or_digit(uint8_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* Length of the run of letters, digits and the other bytes named at the beginning. */
static size_t
run_of(struct tscope_span text, const char *others)
{
    size_t len = 0;

    while (len < text.len && (is_letter_or_digit(text.data[len]) || (text.data[len] && strchr(others, text.data[len]))))
        len++;
    return len;
}

/* Standard base64 whose first byte is 0x13 and whose second is 0: "EwA", "EwB". */
static bool
is_ticket(struct tscope_span text)
{
    size_t len;

    if (text.len < TICKET_LEN_MIN ||
        (!tscope_text_starts_with(text, TSCOPE_SPAN("EwA")) && !tscope_text_starts_with(text, TSCOPE_SPAN("EwB"))))
        return false;
    len = run_of(text, "+/-_");
    while (len < text.len && text.data[len] == '=')
        len++;
    return len == text.len;
}

/* "M.C507_BL2.0.U.-…", "M.R3_BAY.-…": a version, a data centre, and what is none of base64's. */
static bool
is_consumer_refresh(struct tscope_span text)
{
    size_t at;

    if (text.len < TICKET_LEN_MIN ||
        (!tscope_text_starts_with(text, TSCOPE_SPAN("M.C")) && !tscope_text_starts_with(text, TSCOPE_SPAN("M.R"))))
        return false;
    for (at = 3; at < text.len && text.data[at] >= '0' && text.data[at] <= '9'; at++)
        ;
    return at > 3 && at < text.len && text.data[at] == '_' && run_of(text, "._-*!$") == text.len;
}

/* "0.A…" or "1.A…": a version, a block that names tenant and client, and the encrypted rest. */
static bool
is_entra_refresh(struct tscope_span text)
{
    struct tscope_span block, rest;

    if (!tscope_text_starts_with(text, TSCOPE_SPAN("0.A")) && !tscope_text_starts_with(text, TSCOPE_SPAN("1.A")))
        return false;
    block = tscope_span_of(text.data + 2, text.len - 2);
    block.len = run_of(block, "-_");
    rest = tscope_span_of(block.data + block.len, text.len - 2 - block.len);
    return block.len >= BLOCK_LEN_MIN && rest.len > TICKET_LEN_MIN && rest.data[0] == '.' && run_of(rest, "._-") == rest.len;
}

enum tscope_token_kind
tscope_token_kind_of_opaque(struct tscope_span text)
{
    if (text.len < TICKET_LEN_MIN)
        return TSCOPE_KIND_OPAQUE;
    if (is_ticket(text))
        return TSCOPE_KIND_MSA_TICKET;
    if (is_consumer_refresh(text))
        return TSCOPE_KIND_MSA_REFRESH;
    if (is_entra_refresh(text))
        return TSCOPE_KIND_ENTRA_REFRESH;
    return TSCOPE_KIND_OPAQUE;
}
