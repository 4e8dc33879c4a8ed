/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_KEYS_KEY_FORMS_H
#define TSCOPE_KEYS_KEY_FORMS_H

#include "keys/key.h"

/** @file The bytes that software has for a public key: what a verifier that confuses algorithms takes for an HMAC's secret. */

/** Gets one form; what ("SubjectPublicKeyInfo") and how ("PEM") are static. False: enough. */
typedef bool tscope_key_form_visit(void *context, struct tscope_span bytes, const char *what, const char *how);

/**
 * Shows every form of an asymmetric key, the likely ones first, about 110 for an RSA key with certificate. usual: the likely alone.
 *
 * @return false: out of memory
 */
bool tscope_key_forms_walk(const tscope_key *key, bool usual, tscope_key_form_visit *visit, void *context);

#endif
