/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_KEYS_JWK_H
#define TSCOPE_KEYS_JWK_H

#include "core/arena.h"
#include "core/json.h"
#include "keys/key.h"

/** @file One JSON Web Key (RFC 7517 section 4), whoever parsed its JSON. */

/** The members as text, borrowed; data NULL: absent or no string. Of equal names the first counts. */
struct tscope_jwk {
    struct tscope_span kty, crv, n, e, x, y, k;
    struct tscope_span d, p, q, dp, dq, qi; /* private */
    struct tscope_span kid, x5t, x5t_s256, use, alg, issuer, cloud_instance_name;
    struct tscope_span x5c; /* the first certificate, standard base64 */
    bool has_key_ops, has_private;
    bool has_more_primes; /* "oth" (RFC 7518 section 6.3.2.7): p and q are not all there is */
    unsigned key_ops;
};

/** Reads the members of a JSON object; escaped text is unescaped into the arena. False: out of memory. */
bool tscope_jwk_read(const struct tscope_json *json, const struct tscope_value *object, struct tscope_arena *arena,
                     struct tscope_jwk *ret_jwk);

/** True when a JSON object looks like a key at all: it has "kty", "x5c", or "n" and "e". */
bool tscope_jwk_is(const struct tscope_json *json, const struct tscope_value *object);

/**
 * Makes a key of the members. Everything kept is copied into the arena, private members of asymmetric keys are left to
 * tscope_jwk_secret(). What
 * cannot be decoded stays missing, and key->flaw says why the key is unusable.
 *
 * @return false: out of memory
 */
bool tscope_jwk_key(const struct tscope_jwk *jwk, struct tscope_arena *arena, struct tscope_key *ret_key);

/**
 * Keeps the private members of an asymmetric key in the arena: key->secret, NULL when there are none. What cannot be decoded stays
 * missing. For keys that were given to us: a history's are public, whatever its file holds.
 *
 * @return false: out of memory
 */
bool tscope_jwk_secret(const struct tscope_jwk *jwk, struct tscope_arena *arena, struct tscope_key *key);
/** The same, also of an RSA key that has a prime and no "d": which RFC 7518 section 6.3.2 does not allow, and which is as private. */
bool tscope_jwk_secret_or_prime(const struct tscope_jwk *jwk, struct tscope_arena *arena, struct tscope_key *key);

/** How the public numbers of a key are written: TSCOPE_KEY_FORM_ bits. numbers: what was decoded of them. */
unsigned tscope_jwk_form(const struct tscope_jwk *jwk, const struct tscope_key_numbers *numbers);

/** Reads base64, either alphabet, with or without padding, as certificates in JSON have it; data NULL on damage. False: out of memory. */
bool tscope_jwk_certificate(struct tscope_span text, struct tscope_arena *arena, struct tscope_span *ret_der);

/** What one entry of key_ops allows (RFC 7517 section 4.3): one operation, and where sets write "sign, verify" as one, each of them. */
unsigned tscope_jwk_operations(struct tscope_span entry);

/**
 * The RFC 7638 members of a key, in order and without white space; leading zeros are taken off numbers and EC coordinates get
 * their field's width (RFC 7518 section 6). False when a needed number is missing: such a key has no thumbprint.
 */
bool tscope_jwk_canonical(const struct tscope_key_numbers *numbers, struct tscope_buffer *buffer);

#endif
