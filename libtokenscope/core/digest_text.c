/* SPDX-License-Identifier: Apache-2.0 */
#include "core/digest_text.h"

#include "core/base64url.h"
#include "core/text.h"

bool
tscope_digest_text_read(struct tscope_span text, uint8_t *digest, size_t digest_len)
{
    uint8_t decoded[96];
    size_t decoded_len;

    while (text.len > 0 && text.data[text.len - 1] == '=')
        text.len--;
    if (tscope_text_from_hex(text, digest, digest_len))
        return true;
    if (tscope_base64url_bound(text.len) > sizeof(decoded) || !tscope_base64url_decode(text.data, text.len, decoded, &decoded_len))
        return false;
    if (decoded_len == digest_len) {
        memcpy(digest, decoded, digest_len);
        return true;
    }
    return tscope_text_from_hex(tscope_span_of(decoded, decoded_len), digest, digest_len);
}
