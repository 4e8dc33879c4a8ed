/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_KEYS_DER_KEY_H
#define TSCOPE_KEYS_DER_KEY_H

#include "crypto/private.h"

/** @file Keys out of DER; nothing is copied. */

struct tscope_der_key {
    struct tscope_key_numbers numbers; /* type UNKNOWN: an algorithm that we do not know, or encrypted; views into the DER */
    bool has_private;
    struct tscope_private_numbers secret; /* of a private key; open is numbers again */
    struct tscope_span certificate;       /* all of it; data NULL: it was no certificate */
};

/**
 * Reads a certificate (RFC 5280), SubjectPublicKeyInfo (RFC 5280 section 4.1.2.7), RSAPublicKey or RSAPrivateKey (RFC 8017
 * appendix A.1), PrivateKeyInfo or OneAsymmetricKey (RFC 5958), EncryptedPrivateKeyInfo (RFC 5958 section 3) or
 * ECPrivateKey (RFC 5915). Bytes behind the element are refused, except behind a certificate.
 *
 * @return false when it is none of these
 */
bool tscope_der_key_read(struct tscope_span der, struct tscope_der_key *ret_key);

/**
 * Takes one SubjectPublicKeyInfo (RFC 3279, RFC 4055, RFC 5480, RFC 8410). An unknown algorithm gives type UNKNOWN, an
 * unknown or explicit curve curve NONE, a compressed point no y.
 */
struct tscope_der;
bool tscope_der_key_take_spki(struct tscope_der *reader, struct tscope_key_numbers *ret_numbers);

#endif
