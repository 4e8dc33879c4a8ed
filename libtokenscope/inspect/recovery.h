/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_INSPECT_RECOVERY_H
#define TSCOPE_INSPECT_RECOVERY_H

#include <tokenscope/recover.h>

#include "crypto/recover.h"
#include "inspect/inspection.h"

/** @file The inside of a recovery, for its files and for what compares tokens. */

#define TSCOPE_RECOVERY_FORMS_MAX 4

struct tscope_recovered_key {
    struct tscope_key_numbers numbers; /* in the recovery's arena */
    char thumbprint[44];
    const char *jwk;
    const char *how; /* static */
    const tscope_key *known;
};

struct tscope_recovery_item {
    const struct tscope_alg *alg;
    struct tscope_span signature;                          /* raw; in the arena, as all below */
    struct tscope_span digests[TSCOPE_RECOVERY_FORMS_MAX]; /* of what may have been signed; the likeliest last */
    size_t digests_len;
    uint8_t group[TSCOPE_SHA256_LEN]; /* of issuer, kid and algorithm */
    uint8_t sha256[TSCOPE_SHA256_LEN];
    const char *path, *kid, *issuer;
    uint64_t offset;
    size_t number; /* of the signature in its token */
    const void *tag;
    enum tscope_recovery_state state;
    size_t signer;
    struct tscope_recovered_key *candidates;
    size_t candidates_len;
};

struct tscope_recovery_signer {
    struct tscope_recovered_key key;
    size_t tokens;
};

struct tscope_recovery {
    struct tscope_arena arena;
    tscope_crypto *crypto; /* a reference; NULL until something was added */
    struct tscope_recovery_item *items;
    size_t items_len, items_capacity;
    struct tscope_recovery_signer *signers;
    size_t signers_len, signers_capacity;
    size_t untried;
    bool was_run;
    const char *path; /* the last one */
};

TSCOPE_DEFINE_AUTO(tscope_recovery)

/** Takes one signature; tag is kept with it. */
TSCOPE_MUST_USE enum tscope_status tscope_recovery_take(tscope_recovery *recovery, const tscope_report *report,
                                                        const struct tscope_judged_signature *judged, size_t number, const void *tag,
                                                        struct tscope_error *err);

/** What a signature is before anything was looked for. */
enum tscope_recovery_state tscope_recovery_state_of(const struct tscope_alg *alg);

/** What tscope_recovery_run() looks for. */
struct tscope_recovery_job {
    tscope_recovery *recovery;
    const tscope_keyring *keyring; /* NULL: none */
    size_t attempts;
    size_t pairs_max;      /* RSA tokens tried with small exponents, and with the usual one; TSCOPE_RECOVERY_PAIRS_MAX at most */
    unsigned exponent_max; /* of the small ones */
    bool keeps_candidates;
    tscope_recovery_watch watch;
    void *user;
    struct tscope_error *err;
};

#define TSCOPE_RECOVERY_PAIRS_MAX 256

/** tscope_recovery_run() with its bounds. */
TSCOPE_MUST_USE enum tscope_status tscope_recovery_do(const struct tscope_recovery_job *job);

/**
 * Forgets all signatures but the first of each group, and of those again all but the first, whatever order they were added in. Of equal
 * tokens one stays.
 */
void tscope_recovery_thin(tscope_recovery *recovery, size_t group_max, size_t max);

/** A signature with one of its digests. */
struct tscope_signed tscope_recovery_signed(const struct tscope_recovery_item *item, size_t form);
/** True while it has no signer, and may yet get one. */
bool tscope_recovery_is_open(const struct tscope_recovery_item *item);
/** By group, digest and place: an order that does not depend on that in which they were added. */
int tscope_recovery_compare(const struct tscope_recovery_item *one, const struct tscope_recovery_item *other);

/** Makes a key of numbers, which are copied; with its thumbprint and JWK. how is static. */
TSCOPE_MUST_USE enum tscope_status tscope_recovery_key(const struct tscope_recovery_job *job, const struct tscope_key_numbers *numbers,
                                                       const char *how, struct tscope_recovered_key *ret_key);

/**
 * Gives the open signatures that hold under a key to it: one at least, or two that are not the same one in another form.
 *
 * @param ret_taken  whether it is a signer: if not, they stay open
 */
TSCOPE_MUST_USE enum tscope_status tscope_recovery_settle(const struct tscope_recovery_job *job, const struct tscope_recovered_key *key,
                                                          bool needs_two, bool *ret_taken);

TSCOPE_MUST_USE enum tscope_status tscope_recovery_find_ecdsa(const struct tscope_recovery_job *job);
TSCOPE_MUST_USE enum tscope_status tscope_recovery_find_rsa(const struct tscope_recovery_job *job);

#endif
