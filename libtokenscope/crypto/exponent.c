/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/exponent.h"

#include <openssl/bn.h>

#include "crypto/internal.h"
#include "crypto/rsa_parts.h"

#define EXPONENT_BYTES_MAX 4

static uint64_t
word_of(const uint8_t *bytes)
{
    uint64_t word = 0;

    for (int i = 0; i < 8; i++)
        word = word << 8 | bytes[i];
    return word;
}

bool
tscope_exponent_prepare(struct tscope_span n, struct tscope_span e, struct tscope_exponent *ret_exponent)
{
    BN_CTX *context = BN_CTX_new();
    BIGNUM *top = NULL, *factor = NULL;
    uint8_t bytes[16];
    uint64_t scaled = 0;
    bool done = false;

    n = tscope_number_strip(n);
    e = tscope_number_strip(e);
    for (size_t i = 0; i < e.len && e.len <= EXPONENT_BYTES_MAX; i++)
        scaled = scaled << 8 | e.data[i];
    scaled *= TSCOPE_RSA_COFACTOR;
    if (context && n.len >= sizeof(bytes) && scaled) {
        top = BN_bin2bn(n.data, sizeof(bytes), NULL);
        factor = BN_bin2bn(e.data, (int)e.len, NULL);
        done = top && factor && BN_mul_word(factor, TSCOPE_RSA_COFACTOR) && BN_lshift(factor, factor, 192) &&
               BN_div(factor, NULL, factor, top, context) && BN_bn2binpad(factor, bytes, sizeof(bytes)) == (int)sizeof(bytes);
    }
    if (done)
        *ret_exponent = (struct tscope_exponent){word_of(bytes), word_of(bytes + 8), 4 * scaled + 8}; /* the top word of n is over 2^62 */
    BN_free(top);
    BN_free(factor);
    BN_CTX_free(context);
    return done;
}
