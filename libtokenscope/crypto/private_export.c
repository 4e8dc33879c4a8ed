/* SPDX-License-Identifier: Apache-2.0 */
#include <openssl/crypto.h>
#include <openssl/encoder.h>
#include <openssl/err.h>

#include "core/error.h"
#include "crypto/internal.h"

enum tscope_status
tscope_private_export(const tscope_private *key, struct tscope_buffer *buffer, struct tscope_error *err)
{
    OSSL_ENCODER_CTX *encoder;
    unsigned char *text = NULL;
    size_t text_len = 0;
    bool done;

    if (!key->evp)
        return tscope_error_set(err, TSCOPE_ERR_ARGUMENT, TSCOPE_OFFSET_NONE, "a secret has no PEM form");
    ERR_set_mark();
    encoder = OSSL_ENCODER_CTX_new_for_pkey(key->evp, EVP_PKEY_KEYPAIR, "PEM", "PrivateKeyInfo", NULL);
    done = encoder && OSSL_ENCODER_to_data(encoder, &text, &text_len) == 1;
    OSSL_ENCODER_CTX_free(encoder);
    ERR_pop_to_mark();
    if (!done)
        return tscope_crypto_failed(err, "PEM");
    tscope_buffer_append(buffer, text, text_len);
    OPENSSL_clear_free(text, text_len);
    return buffer->failed ? tscope_error_no_memory(err) : TSCOPE_OK;
}
