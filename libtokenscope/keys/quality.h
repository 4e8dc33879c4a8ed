/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_KEYS_QUALITY_H
#define TSCOPE_KEYS_QUALITY_H

#include "crypto/quality.h"
#include "keys/keyring.h"

/** @file What is wrong with the keys of a ring: each by itself, in its set, and beside all others. */

enum tscope_key_fault_kind {
    TSCOPE_FAULT_KID_REUSE,
    TSCOPE_FAULT_KID_DUP,
    TSCOPE_FAULT_MAT_REUSE,
    TSCOPE_FAULT_PRIVATE,
    TSCOPE_FAULT_SYM,
    TSCOPE_FAULT_SAMPLE, /* its private half is published */
    TSCOPE_FAULT_RSA_SMALL,
    TSCOPE_FAULT_RSA_EXP,
    TSCOPE_FAULT_RSA_WEAK,
    TSCOPE_FAULT_EC_POINT,
    TSCOPE_FAULT_B64,
    TSCOPE_FAULT_MIXUP,    /* of metadata, not of a key */
    TSCOPE_FAULT_UNUSABLE, /* the gate refuses the key: what else was found says why, or detail does */
    TSCOPE_FAULT_COUNT,
};

/** How much of its row's grade a fault deserves. */
enum tscope_key_fault_weight { TSCOPE_FAULT_FULL, TSCOPE_FAULT_LESS, TSCOPE_FAULT_NOTE };

#define TSCOPE_FAULT_NO_KEY UINT32_MAX

struct tscope_key_fault {
    enum tscope_key_fault_kind kind;
    enum tscope_key_fault_weight weight;
    uint32_t key; /* number of the key, the first of several; or TSCOPE_FAULT_NO_KEY */
    const char *detail;
    const char *source; /* of metadata: its file; NULL: of a key */
};

/** True when issuers use such a kid again for another key without anybody's doing: a number, or up to four letters. */
bool tscope_key_kid_is_plain(struct tscope_span kid);

/** Of a kind no more are kept; all are counted. */
#define TSCOPE_FAULTS_KEPT 100

struct tscope_key_faults {
    const tscope_keyring *keyring;
    bool is_published; /* all sets are, whatever files say */
    struct tscope_arena arena;
    struct tscope_key_fault *faults; /* in the arena; in order of kinds and keys once all is done */
    size_t faults_len;
    bool *is_first; /* by number: a key of the caller's that no earlier one equals. In the arena */
    size_t counts[TSCOPE_FAULT_COUNT][TSCOPE_FAULT_NOTE + 1]; /* of all, kept or not */
    size_t moduli, moduli_judged, moduli_compared;            /* different RSA moduli; of them looked into deeply, and for shared primes */
};

/**
 * Looks for all of them among the keys of a frozen ring that the caller gave; a history's are asked for private parts alone. Time is
 * bounded: of very many keys the first are looked into deeply, and the counts say how many.
 *
 * @param faults  starts as {0} but for keyring and is_published; cleared by the caller, after a failure too
 * @return TSCOPE_OK, TSCOPE_ERR_NO_MEMORY, TSCOPE_ERR_CRYPTO
 */
TSCOPE_MUST_USE enum tscope_status tscope_key_faults_find(struct tscope_key_faults *faults, struct tscope_error *err);
void tscope_key_faults_clear(struct tscope_key_faults *faults);

/* What the files of quality*.c share, and key_judge.c with them. */

/** Without zeros in front. */
struct tscope_span tscope_key_number_strip(struct tscope_span number);
bool tscope_key_flaw_is_of_point(enum tscope_key_flaw flaw);
enum tscope_key_fault_weight tscope_key_fault_weight_of(enum tscope_rsa_weakness weakness);

enum tscope_status tscope_key_faults_add(struct tscope_key_faults *faults, enum tscope_key_fault_kind kind,
                                         enum tscope_key_fault_weight weight, uint32_t key, const char *format, ...)
    __attribute__((format(printf, 5, 6)));
enum tscope_status tscope_key_faults_find_in_metadata(struct tscope_key_faults *faults);
enum tscope_status tscope_key_faults_find_in_sets(struct tscope_key_faults *faults);
enum tscope_status tscope_key_faults_find_in_numbers(struct tscope_key_faults *faults, struct tscope_error *err);

#endif
