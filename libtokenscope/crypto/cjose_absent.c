/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/cjose.h"

/* A build without cjose: there is nobody to ask. */

bool
tscope_cjose_is_built(void)
{
    return false;
}

enum tscope_status
tscope_cjose_verify(const struct tscope_key_numbers *numbers, const struct tscope_alg *alg, struct tscope_span token,
                    enum tscope_cjose_result *ret_result, struct tscope_error *err)
{
    (void)numbers, (void)alg, (void)token, (void)err;
    *ret_result = TSCOPE_CJOSE_SILENT;
    return TSCOPE_OK;
}

enum tscope_status
tscope_cjose_decrypt(const struct tscope_private_numbers *numbers, const struct tscope_jwe_alg *alg, const struct tscope_jwe_enc *enc,
                     struct tscope_span token, struct tscope_buffer *plaintext, enum tscope_cjose_result *ret_result,
                     struct tscope_error *err)
{
    (void)numbers, (void)alg, (void)enc, (void)token, (void)plaintext, (void)err;
    *ret_result = TSCOPE_CJOSE_SILENT;
    return TSCOPE_OK;
}
