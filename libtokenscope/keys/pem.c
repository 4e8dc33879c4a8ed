/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/pem.h"

#include "core/base64url.h"
#include "core/text.h"

#define BEGIN "-----BEGIN "
#define END "-----END "
#define DASHES "-----"
#define LABEL_MAX 64

static size_t
find_from(struct tscope_span text, size_t from, const char *needle)
{
    size_t at = tscope_text_find(tscope_span_of(text.data + from, text.len - from), tscope_span_text(needle));

    return at == SIZE_MAX ? SIZE_MAX : from + at;
}

/* A label of printable characters, closed by dashes within its line (RFC 7468 section 3). */
static bool
read_label(struct tscope_span text, size_t at, struct tscope_span *ret_label)
{
    size_t end;

    for (end = at; end < text.len && end - at < LABEL_MAX && text.data[end] >= ' ' && text.data[end] < 0x7f && text.data[end] != '-'; end++)
        continue;
    if (end == at || text.len - end < sizeof(DASHES) - 1 || memcmp(text.data + end, DASHES, sizeof(DASHES) - 1) != 0)
        return false;
    *ret_label = tscope_span_of(text.data + at, end - at);
    return true;
}

bool
tscope_pem_is(struct tscope_span text)
{
    return tscope_text_find(text, TSCOPE_SPAN(BEGIN)) != SIZE_MAX;
}

/*
 * The body ends at the next line of dashes, whatever it says: "-----" is no base64, and so a block that was cut off
 * never swallows the one behind it.
 */
static void
read_body(struct tscope_span text, size_t start, struct tscope_pem_block *block, size_t *ret_end)
{
    size_t stop = find_from(text, start, DASHES);
    struct tscope_span label;

    *ret_end = stop == SIZE_MAX ? text.len : stop;
    block->body = tscope_span_of(text.data + start, *ret_end - start);
    block->encrypted = tscope_text_find(block->body, TSCOPE_SPAN("ENCRYPTED")) != SIZE_MAX &&
                       tscope_text_find(block->body, TSCOPE_SPAN("Proc-Type:")) != SIZE_MAX;
    block->complete = false;
    if (stop == SIZE_MAX || text.len - stop < sizeof(END) - 1 || memcmp(text.data + stop, END, sizeof(END) - 1) != 0)
        return;
    if (read_label(text, stop + sizeof(END) - 1, &label) && tscope_span_equal(label, block->label)) {
        block->complete = true;
        *ret_end = stop + sizeof(END) - 1 + label.len + sizeof(DASHES) - 1;
    }
}

bool
tscope_pem_next(struct tscope_span text, size_t *offset, struct tscope_pem_block *ret_block)
{
    while (*offset < text.len) {
        size_t begin = find_from(text, *offset, BEGIN);
        struct tscope_pem_block block = {0};

        if (begin == SIZE_MAX)
            break;
        *offset = begin + sizeof(BEGIN) - 1;
        if (!read_label(text, *offset, &block.label))
            continue;
        block.offset = begin;
        read_body(text, *offset + block.label.len + sizeof(DASHES) - 1, &block, offset);
        *ret_block = block;
        return true;
    }
    *offset = text.len;
    return false;
}

bool
tscope_pem_decode(const struct tscope_pem_block *block, uint8_t *out, size_t *ret_len)
{
    return block->complete && !block->encrypted && tscope_base64_decode(block->body.data, block->body.len, out, ret_len) && *ret_len > 0;
}
