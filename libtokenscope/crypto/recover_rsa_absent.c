/* SPDX-License-Identifier: Apache-2.0 */
#include "core/error.h"
#include "crypto/recover.h"

/* A build without GMP: libcrypto would take hours over the numbers that usual exponents make. */

bool
tscope_recover_rsa_is_built(void)
{
    return false;
}

enum tscope_status
tscope_recover_rsa(const struct tscope_signed *signatures, size_t signatures_len, unsigned exponent,
                   const struct tscope_recover_watch *watch, struct tscope_recover_modulus *ret_modulus, struct tscope_error *err)
{
    (void)signatures, (void)signatures_len, (void)exponent, (void)watch;
    ret_modulus->n_len = 0;
    return tscope_error_set(err, TSCOPE_ERR_UNSUPPORTED, TSCOPE_OFFSET_NONE, "built without GMP: no RSA key can be recovered");
}
