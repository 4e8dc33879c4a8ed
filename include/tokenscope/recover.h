/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TOKENSCOPE_RECOVER_H
#define TOKENSCOPE_RECOVER_H

#include <stdbool.h>

#include <tokenscope/keys.h>
#include <tokenscope/report.h>
#include <tokenscope/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @file Who signed tokens of which nobody has the key: which of them share a signer, and that signer's public key, out of the signatures
 * alone. Two tokens of RS256, RS384 or RS512 give an RSA key, two of ECDSA an EC key, and one of ECDSA two candidates. What is found are
 * keys under which the tokens hold: that is no word on whose they are.
 */

/** Signatures of many tokens, and the keys that are found for them. Belongs to one thread. */
typedef struct tscope_recovery tscope_recovery;

/** What became of a signature: X(NAME, number, "id", "words"). Numbers never change. */
#define TSCOPE_FOREACH_RECOVERY_STATE(X)                                                                   \
    X(FOUND, 0, "found", "its signer's key is found")                                                      \
    X(ALONE, 1, "alone", "no other token here is of its signer, and one is not enough")                    \
    X(NOT_TRIED, 2, "not-tried", "not compared with every other token: the number of attempts is bounded") \
    X(PSS, 3, "pss", "RSASSA-PSS signs a random salt too, so that no key can be recovered from it")        \
    X(EDDSA, 4, "eddsa", "EdDSA hashes the public key with the message, so that none can be recovered")    \
    X(HMAC, 5, "hmac", "an HMAC is made with a secret, which no number of tokens gives away")              \
    X(NO_SIGNATURE, 6, "no-signature", "there is no signature here to work on")                            \
    X(NO_GMP, 7, "no-gmp", "this build has no GMP, without which no RSA key can be recovered")             \
    X(TOO_LARGE, 8, "too-large", "an RSA key of this size is recovered only with an exponent smaller than the usual")

enum tscope_recovery_state {
#define TSCOPE_RECOVERY_ENUM(name, number, id, words) TSCOPE_RECOVERY_##name = number,
    TSCOPE_FOREACH_RECOVERY_STATE(TSCOPE_RECOVERY_ENUM)
#undef TSCOPE_RECOVERY_ENUM
};

/** One signature. Fixed for the soname. */
struct tscope_recovery_token_view {
    char sha256[65];    /**< of the token's text, as in its report */
    const char *path;   /**< NULL: not said */
    uint64_t offset;    /**< byte of that file at which the inspected bytes begin */
    const char *alg;    /**< NULL: none that is known */
    const char *kid;    /**< as the token says, unescaped; NULL: it says none */
    const char *issuer; /**< the same, "iss" */
    size_t signature;   /**< number of the signature in its token, from 0 */
    enum tscope_recovery_state state;
    size_t signer;     /**< its number when state is FOUND */
    size_t candidates; /**< keys that may have signed it when it is an ECDSA signature that is ALONE */
    void *reserved[4];
};

/** One key that was found. Strings live as long as the recovery. Fixed for the soname. */
struct tscope_recovery_signer_view {
    const char *how;  /**< "known", "common divisor" (RSA) or "intersection" (ECDSA) */
    const char *type; /**< "RSA" or "EC" */
    size_t bits;
    const char *jwk;         /**< the public key as JSON Web Key (RFC 7517), in the form that the thumbprint is made over */
    const char *thumbprint;  /**< RFC 7638, SHA-256, base64url */
    const tscope_key *known; /**< a key at hand of the same numbers; NULL: none. tscope_keyring_find() has all of them */
    size_t tokens;           /**< signatures that hold under it */
    void *reserved[4];
};

/** A step that may take long. Fixed for the soname. */
struct tscope_recovery_progress {
    size_t attempt, attempts; /**< which common divisor of large numbers it is, from 1, and how many there will be at most */
    size_t step, steps;       /**< within it, from 0; the last one takes most of the time */
    size_t bits;              /**< of the modulus */
    unsigned exponent;
    void *reserved[4];
};

/** Asked before each such step. False ends the work: what was found until then stays, the rest is NOT_TRIED. */
typedef bool (*tscope_recovery_watch)(void *user, const struct tscope_recovery_progress *progress);

/** Common divisors of large numbers that are looked for by default: for 2048 bits and the exponent 65537 half a minute each. */
#define TSCOPE_RECOVERY_ATTEMPTS_DEFAULT 8

TSCOPE_MUST_USE enum tscope_status tscope_recovery_new(tscope_recovery **ret_recovery, struct tscope_error *err);
void tscope_recovery_free(tscope_recovery *recovery); /**< NULL is allowed */

/**
 * Takes the signatures of one token out of its report, which may be changed or freed after that. Tokens inside a token are left aside.
 *
 * @return TSCOPE_OK, TSCOPE_ERR_STATE (it was run), TSCOPE_ERR_NO_MEMORY, TSCOPE_ERR_CRYPTO: nothing of it is kept
 */
TSCOPE_MUST_USE enum tscope_status tscope_recovery_add(tscope_recovery *recovery, const tscope_report *report, struct tscope_error *err);

/**
 * Looks for the signers, once: first among the keys at hand, of any family and date; then by comparing the tokens, those of one issuer,
 * kid and algorithm first. The same tokens in another order give the same signers.
 *
 * @param keyring   the keys at hand, frozen; borrowed as long as the recovery lives; NULL: none
 * @param attempts  common divisors of large numbers at most. 0: none, and only small RSA exponents are found
 * @param watch     may be NULL
 * @return TSCOPE_OK, also when nothing is found; TSCOPE_ERR_STATE (it was run), TSCOPE_ERR_NO_MEMORY, TSCOPE_ERR_CRYPTO
 */
TSCOPE_MUST_USE enum tscope_status tscope_recovery_run(tscope_recovery *recovery, const tscope_keyring *keyring, size_t attempts,
                                                       tscope_recovery_watch watch, void *user, struct tscope_error *err);

/** Keys found, those of most signatures first; 0 before tscope_recovery_run(). */
size_t tscope_recovery_signers(const tscope_recovery *recovery);
/** False when there is no such signer. */
bool tscope_recovery_signer(const tscope_recovery *recovery, size_t number, struct tscope_recovery_signer_view *ret_signer);
/** Signatures that were added, in their order. */
size_t tscope_recovery_tokens(const tscope_recovery *recovery);
bool tscope_recovery_token(const tscope_recovery *recovery, size_t number, struct tscope_recovery_token_view *ret_token);
/** A key that may have signed a token which is ALONE: as a signer's view, with no tokens. False when there is no such one. */
bool tscope_recovery_candidate(const tscope_recovery *recovery, size_t token, size_t number,
                               struct tscope_recovery_signer_view *ret_signer);
/** Pairs of RSA tokens without a signer that were not compared with every exponent. */
size_t tscope_recovery_untried(const tscope_recovery *recovery);

const char *tscope_recovery_state_id(enum tscope_recovery_state state);   /**< "not-tried"; static, "?" for a number that is none */
const char *tscope_recovery_state_text(enum tscope_recovery_state state); /**< in words; static */

#ifdef __cplusplus
}
#endif

#endif
