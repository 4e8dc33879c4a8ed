/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_CRYPTO_CJOSE_GATE_H
#define TSCOPE_CRYPTO_CJOSE_GATE_H

#include "crypto/cjose.h"

/** True when cjose reads this token, key and algorithm rightly. False also when memory ran out: then *ret_no_memory is set. */
bool tscope_cjose_gate_jws(const struct tscope_key_numbers *numbers, const struct tscope_alg *alg, struct tscope_span token,
                           bool *ret_no_memory);
bool tscope_cjose_gate_jwe(const struct tscope_private_numbers *numbers, const struct tscope_jwe_alg *alg, const struct tscope_jwe_enc *enc,
                           struct tscope_span token, bool *ret_no_memory);

#endif
