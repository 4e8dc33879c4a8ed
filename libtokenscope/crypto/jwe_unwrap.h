/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_CRYPTO_JWE_UNWRAP_H
#define TSCOPE_CRYPTO_JWE_UNWRAP_H

#include "crypto/internal.h"
#include "crypto/jwe.h"

/** @file What the files of JWE share. No other room includes it. */

#define TSCOPE_GCM_IV 12
#define TSCOPE_GCM_TAG 16

/*
 * One a family: the content encryption key of recipient->enc->key_len bytes into cek. Key and algorithm fit and lengths are exact
 * by now; *ret_result is DECRYPTED when cek was written. The caller wipes cek whatever the answer, and keeps the error queue clean.
 */
TSCOPE_MUST_USE enum tscope_status tscope_jwe_unwrap_rsa(tscope_private *key, const struct tscope_jwe_recipient *recipient, uint8_t *cek,
                                                         enum tscope_jwe_result *ret_result, struct tscope_error *err);
TSCOPE_MUST_USE enum tscope_status tscope_jwe_unwrap_secret(tscope_private *key, const struct tscope_jwe_recipient *recipient, uint8_t *cek,
                                                            enum tscope_jwe_result *ret_result, struct tscope_error *err);
TSCOPE_MUST_USE enum tscope_status tscope_jwe_unwrap_ecdh(tscope_private *key, const struct tscope_jwe_recipient *recipient, uint8_t *cek,
                                                          enum tscope_jwe_result *ret_result, struct tscope_error *err);
TSCOPE_MUST_USE enum tscope_status tscope_jwe_unwrap_pbes2(tscope_private *key, const struct tscope_jwe_recipient *recipient, uint8_t *cek,
                                                           enum tscope_jwe_result *ret_result, struct tscope_error *err);

/** True when iv, tag and ciphertext have lengths that the content encryption can give. */
bool tscope_jwe_content_is_possible(const struct tscope_jwe_content *content);

/** AES key wrap backwards (RFC 3394): wrapped.len - 8 bytes into out. *ret_right false: wrapped under another key, or altered. */
TSCOPE_MUST_USE enum tscope_status tscope_aes_unwrap(tscope_crypto *crypto, struct tscope_span key, struct tscope_span wrapped,
                                                     uint8_t *out, bool *ret_right, struct tscope_error *err);

/** AES-GCM backwards, 96-bit iv and 128-bit tag: sealed.len bytes into out, which is wiped when the tag is wrong. */
TSCOPE_MUST_USE enum tscope_status tscope_gcm_open(tscope_crypto *crypto, struct tscope_span key, struct tscope_span iv,
                                                   const struct tscope_span *aad, size_t aad_len, struct tscope_span sealed,
                                                   struct tscope_span tag, uint8_t *out, bool *ret_right, struct tscope_error *err);

#endif
