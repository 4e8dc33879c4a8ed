/* SPDX-License-Identifier: Apache-2.0 */
#include "libcrypto.h"

#include <stdlib.h>

#include <openssl/crypto.h>

void
libcrypto_start(void)
{
    /*
     * libcrypto reads a configuration file when something first uses its default context. The library has a context of its
     * own; this keeps the program from the cost of that file, and from whatever somebody put into it.
     */
    setenv("OPENSSL_CONF", "", 1);
    /* Its providers know their algorithms by all their names, and messages are ours. When this fails, all of it is done as usual. */
    OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG | OPENSSL_INIT_NO_LOAD_CRYPTO_STRINGS | OPENSSL_INIT_NO_ADD_ALL_CIPHERS |
                            OPENSSL_INIT_NO_ADD_ALL_DIGESTS,
                        NULL);
}
