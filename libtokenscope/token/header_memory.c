/* SPDX-License-Identifier: Apache-2.0 */
#include "token/header_memory.h"

/* By the length and a letter near the end, where the kid mostly stands. */
static size_t
place_of(struct tscope_span text)
{
    return (text.len + text.data[text.len - 3]) % TSCOPE_HEADERS_REMEMBERED;
}

static bool
may_be_kept(struct tscope_span text)
{
    return text.len >= 3 && text.len <= TSCOPE_HEADER_REMEMBERED_MAX;
}

bool
tscope_header_recall(const struct tscope_header_memory *memory, struct tscope_span text, struct tscope_arena *arena,
                     struct tscope_token_signature *signature)
{
    const struct tscope_remembered_header *kept;
    struct tscope_value *values;

    if (!may_be_kept(text))
        return false;
    kept = &memory->headers[place_of(text)];
    if (kept->len != text.len || memcmp(kept->text, text.data, text.len) != 0)
        return false;
    values = tscope_arena_alloc(arena, kept->values_len * sizeof(*values));
    if (!values)
        return false;
    memcpy(values, kept->values, kept->values_len * sizeof(*values));
    signature->header = (struct tscope_json){
        .text = text.data,
        .text_len = text.len,
        .values = values,
        .values_len = kept->values_len,
        .readable = true,
        .strict = true,
        .lower_case = kept->lower_case,
        .compact = kept->compact,
    };
    memset(signature->slots, 0, sizeof(signature->slots));
    for (uint32_t i = 0; i < kept->values_len; i++) {
        if (kept->slots[i])
            signature->slots[kept->slots[i] - 1] = &values[i];
    }
    return true;
}

void
tscope_header_remember(struct tscope_header_memory *memory, const struct tscope_token_signature *signature)
{
    const struct tscope_json *header = &signature->header;
    const struct tscope_span text = tscope_span_of(header->text, header->text_len);
    struct tscope_remembered_header *kept;

    if (!may_be_kept(text) || header->values_len > TSCOPE_HEADER_VALUES_MAX || !header->readable || header->flaws_total > 0 ||
        signature->slots[TSCOPE_HEADER_JWK])
        return;
    kept = &memory->headers[place_of(text)];
    kept->len = (uint32_t)text.len;
    kept->values_len = header->values_len;
    kept->lower_case = header->lower_case;
    kept->compact = header->compact;
    memcpy(kept->text, text.data, text.len);
    memcpy(kept->values, header->values, header->values_len * sizeof(*kept->values));
    memset(kept->slots, 0, sizeof(kept->slots));
    for (size_t name = 0; name < TSCOPE_HEADER_COUNT; name++) {
        if (signature->slots[name])
            kept->slots[signature->slots[name] - header->values] = (uint8_t)(name + 1);
    }
}
