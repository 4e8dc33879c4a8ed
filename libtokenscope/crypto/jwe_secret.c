/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/jwe_unwrap.h"

/* Key management under a shared secret: A*KW, A*GCMKW, dir (RFC 7518 sections 4.4, 4.7, 4.5). */

enum tscope_status
tscope_jwe_unwrap_secret(tscope_private *key, const struct tscope_jwe_recipient *recipient, uint8_t *cek,
                         enum tscope_jwe_result *ret_result, struct tscope_error *err)
{
    struct tscope_span secret = tscope_span_of(key->secret, key->secret_len);
    enum tscope_status status = TSCOPE_OK;
    bool right = true;

    if (recipient->alg->family == TSCOPE_JWE_DIR)
        memcpy(cek, secret.data, secret.len);
    else if (recipient->alg->family == TSCOPE_JWE_AESKW)
        status = tscope_aes_unwrap(key->crypto, secret, recipient->encrypted_key, cek, &right, err);
    else
        status = tscope_gcm_open(key->crypto, secret, recipient->iv, NULL, 0, recipient->encrypted_key, recipient->tag, cek, &right, err);
    *ret_result = right ? TSCOPE_JWE_DECRYPTED : TSCOPE_JWE_WRONG;
    return status;
}
