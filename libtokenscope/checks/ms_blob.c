/* SPDX-License-Identifier: Apache-2.0 */
#include "checks/ms_blob.h"

#include "core/base64url.h"
#include "core/text.h"

#define HEAD_CHARS 48 /* that encode 36 bytes */
#define HEAD_BYTES 36
#define BLOCK_MAX 128 /* the longest ones seen have 51 characters */
#define TENANT_AT 3
#define APP_AT 19

void
tscope_ms_guid_text(const uint8_t bytes[16], char text[TSCOPE_MS_GUID_TEXT])
{
    static const uint8_t order[16] = {3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15};
    static const char digits[] = "0123456789abcdef";
    size_t at = 0;

    for (size_t i = 0; i < TSCOPE_COUNT(order); i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            text[at++] = '-';
        text[at++] = digits[bytes[order[i]] >> 4];
        text[at++] = digits[bytes[order[i]] & 15];
    }
    text[at] = '\0';
}

bool
tscope_ms_guid_is_random(const uint8_t bytes[16])
{
    return bytes[7] >> 4 == 4 && bytes[8] >> 6 == 2;
}

bool
tscope_ms_blob_read(struct tscope_span text, struct tscope_ms_blob *ret_blob)
{
    uint8_t head[HEAD_BYTES + 3]; /* the decoder asks for that much */
    struct tscope_span block;
    size_t len, end;

    if (text.len < 2 + HEAD_CHARS || (text.data[0] != '0' && text.data[0] != '1') || text.data[1] != '.')
        return false;
    block = tscope_span_of(text.data + 2, text.len - 2);
    end = tscope_text_find(tscope_span_of(block.data, block.len < BLOCK_MAX ? block.len : BLOCK_MAX), TSCOPE_SPAN("."));
    if (end == SIZE_MAX || end < HEAD_CHARS)
        return false;
    if (!tscope_base64url_decode(block.data, HEAD_CHARS, head, &len) || len != HEAD_BYTES)
        return false;
    ret_blob->format = head[0];
    tscope_ms_guid_text(head + TENANT_AT, ret_blob->tenant);
    tscope_ms_guid_text(head + APP_AT, ret_blob->app);
    return true;
}

bool
tscope_ms_blob_of(const struct tscope_token *token, struct tscope_arena *arena, struct tscope_ms_blob *ret_blob)
{
    if (token->kind == TSCOPE_KIND_ENTRA_REFRESH)
        return tscope_ms_blob_read(token->form, ret_blob);
    return token->kind == TSCOPE_KIND_PRT_COOKIE && token->slots[TSCOPE_CLAIM_REFRESH_TOKEN] &&
           tscope_ms_blob_read(tscope_json_string(&token->claims, token->slots[TSCOPE_CLAIM_REFRESH_TOKEN], arena), ret_blob);
}
