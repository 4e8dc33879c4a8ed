/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_KEYS_KEY_H
#define TSCOPE_KEYS_KEY_H

#include <stdatomic.h>

#include <tokenscope/keys.h>

#include "core/json.h"
#include "keys/history.h"
#include "keys/secret.h"

/** @file A key as data, from wherever it came. Its tscope_pkey is made on first use. */

/** What key_ops (RFC 7517 section 4.3) allows, as bits; 0 with has_key_ops false: anything. */
enum { TSCOPE_KEY_OP_VERIFY = 1, TSCOPE_KEY_OP_SIGN = 2, TSCOPE_KEY_OP_ENCRYPT = 4, TSCOPE_KEY_OP_OTHER = 8 };

/** How a JWK's numbers are written, where that is not as RFC 7518 section 6 says. */
enum { TSCOPE_KEY_FORM_PADDED = 1, TSCOPE_KEY_FORM_ENCODING = 2, TSCOPE_KEY_FORM_ZEROS = 4, TSCOPE_KEY_FORM_WIDTH = 8 };

struct tscope_form_secrets;

struct tscope_key {
    /* as published */
    struct tscope_span kid, x5t, x5t_s256, use, alg; /* text; data NULL: absent. NUL-terminated in memory */
    struct tscope_span issuer;                       /* the JWK's own issuer member */
    struct tscope_span cloud_instance_name;
    bool has_key_ops;
    unsigned key_ops;
    unsigned form;    /* TSCOPE_KEY_FORM_ bits of a given JWK */
    bool has_private; /* private or secret members were there */
    struct tscope_key_numbers numbers;
    struct tscope_key_secret *secret; /* private numbers of a given key; NULL: none, or a secret whose k stands in numbers */
    uint8_t thumbprint[32];
    char thumbprint_text[44];
    enum tscope_key_flaw flaw;                    /* of the cheap gate; the rest of the gate shows on first use */
    struct tscope_span certificate_der;           /* first of x5c; data NULL: none */
    const struct tscope_certificate *certificate; /* a history's; a given key's is read by tscope_key_certificate() */
    /* where from */
    struct tscope_span source;            /* name of file, or "embedded" */
    size_t source_offset;                 /* byte in that file where the key begins */
    struct tscope_span set_issuer;        /* issuer of the metadata beside it, or as the caller said; data NULL: none */
    const struct tscope_history *history; /* NULL: given by the caller */
    uint32_t history_key;                 /* its index there */
    uint32_t next_same;                   /* number of the next key with this thumbprint, round and round */
    uint32_t first_same;                  /* of them, the first that a history holds when one does */
    /* made on first use */
    _Atomic(tscope_pkey *) pkey;
    _Atomic(int) gate; /* 0 not asked yet, else 1 + enum tscope_key_flaw */
    _Atomic(struct tscope_certificate *) read_certificate;
    _Atomic(tscope_private *) private;
    _Atomic(int) private_gate;                             /* as gate */
    _Atomic(struct tscope_form_secrets *) form_secrets[3]; /* by digest, from SHA-256 (keys/form_secrets.h) */
    _Atomic(uint64_t) judged;                              /* struct tscope_key_judgement, packed; 0 not asked yet (keys/key_judge.c) */
};

/**
 * A certificate's fields out of DER (RFC 5280); views into der. False when it cannot be read, or the arena is out of memory.
 * The digests are left to the caller. Without an arena (NULL) the subject is left out and nothing is allocated.
 */
bool tscope_certificate_read(struct tscope_span der, struct tscope_certificate *ret_certificate, struct tscope_key_numbers *ret_numbers,
                             struct tscope_arena *arena);

#endif
