/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TOKENSCOPE_INSPECT_H
#define TOKENSCOPE_INSPECT_H

#include <stdbool.h>

#include <tokenscope/keys.h>
#include <tokenscope/profile.h>
#include <tokenscope/report.h>
#include <tokenscope/status.h>
#include <tokenscope/token.h>

#ifdef __cplusplus
extern "C" {
#endif

/** @file Judging a token: who signed it, whether that key was entitled to then, and what is wrong with it. */

/** Decodes, verifies and checks tokens. One per thread; borrows its keyring and profile, which must outlive it. */
typedef struct tscope_inspector tscope_inspector;

/** A time that nobody knows. */
#define TSCOPE_TIME_UNKNOWN INT64_MIN

/** When a token was seen, and by whose clock the question is asked. Times are seconds since the epoch, UTC. Fixed for the soname. */
struct tscope_moment {
    int64_t seen;          /**< when evidence shows it in use; TSCOPE_TIME_UNKNOWN when it does not */
    int64_t now;           /**< the caller's clock: nothing was captured later; TSCOPE_TIME_UNKNOWN: not asked */
    const char *seen_from; /**< "given", "har", "log"; NULL means "given" */
    void *reserved[4];     /**< NULL */
};

/** Bounds of one inspection. size is sizeof(struct tscope_limits), so that later versions can grow it; 0 in a field means its default. */
struct tscope_limits {
    size_t size;
    size_t input_max;        /**< bytes of one token with its transport; default TSCOPE_INPUT_MAX, at most 32 MiB */
    size_t signature_trials; /**< keys tried for one signature, and as many published samples; default 512 */
    size_t leeway;           /**< seconds of clock difference; default 300. TSCOPE_LEEWAY_NONE for none */
};
#define TSCOPE_LEEWAY_NONE SIZE_MAX

/** A policy that the caller asks for. Fields that are NULL are not asked. Strings are copied. Fixed for the soname. */
struct tscope_policy {
    const char *issuer;   /**< "iss" must be exactly this (RFC 7519 section 4.1.1) */
    const char *audience; /**< "aud" must hold this (section 4.1.3) */
    const char *tenant;   /**< "tid", or the tenant in "iss", must be this */
    unsigned long flags;  /**< TSCOPE_POLICY_REQUIRE_MFA, or 0 */
    void *reserved[4];    /**< NULL */
};
enum {
    TSCOPE_POLICY_REQUIRE_MFA = 1, /**< "amr" must tell of more than one factor (RFC 8176) */
};

TSCOPE_MUST_USE enum tscope_status tscope_inspector_new(tscope_keyring *keyring, tscope_profile *profile,
                                                        const struct tscope_limits *limits, const struct tscope_policy *policy,
                                                        tscope_inspector **ret_inspector, struct tscope_error *err);
void tscope_inspector_free(tscope_inspector *inspector); /**< NULL is allowed */

/**
 * The payload of detached signatures (RFC 7515 appendix F) of the tokens to come; borrowed until it is changed. NULL for none.
 */
void tscope_inspector_set_payload(tscope_inspector *inspector, const uint8_t *payload, size_t payload_len);

/**
 * The password of tokens to come that were encrypted with one (RFC 7518 section 4.8), tried before the secrets of the keyring;
 * borrowed until it is changed. NULL for none. It never stands in a report.
 */
void tscope_inspector_set_password(tscope_inspector *inspector, const uint8_t *password, size_t password_len);

/**
 * Where the tokens to come were found, for the report's "source": a file's name (copied; NULL for none) and the byte in it
 * where the input begins.
 */
TSCOPE_MUST_USE enum tscope_status tscope_inspector_set_source(tscope_inspector *inspector, const char *path, uint64_t offset,
                                                               struct tscope_error *err);

/** The examiner's word on when a compromised key was first exposed, in place of its notice's; recorded in every report. */
TSCOPE_MUST_USE enum tscope_status tscope_inspector_set_exposed(tscope_inspector *inspector, const char *kid, int64_t exposed_from,
                                                                struct tscope_error *err);

/**
 * Inspects one token. A malformed or forged token is no failure: the report says so.
 *
 * @param bytes    the token as found, with transport around it
 * @param moment   the clocks; not NULL
 * @param report   in: NULL, or an earlier report whose memory is used again; out: the report, the caller's to release with
 *                 tscope_report_free(); unchanged on failure
 * @return TSCOPE_OK, TSCOPE_ERR_DATA (nothing in it could be a token), TSCOPE_ERR_TOO_LARGE, TSCOPE_ERR_NO_MEMORY, TSCOPE_ERR_CRYPTO
 */
TSCOPE_MUST_USE enum tscope_status tscope_inspect(tscope_inspector *inspector, const uint8_t *bytes, size_t bytes_len,
                                                  const struct tscope_moment *moment, tscope_report **report, struct tscope_error *err);

/**
 * The same for one of the tokens of a text (tscope_captures_find()).
 *
 * @param bytes    the whole text that the capture was found in
 * @param capture  NULL: the text holds one token
 * @return as tscope_inspect(), or TSCOPE_ERR_ARGUMENT when the capture lies outside the text
 */
TSCOPE_MUST_USE enum tscope_status tscope_inspect_capture(tscope_inspector *inspector, const uint8_t *bytes, size_t bytes_len,
                                                          const struct tscope_capture *capture, const struct tscope_moment *moment,
                                                          tscope_report **report, struct tscope_error *err);

enum {
    TSCOPE_GATE_SIGNATURE_ONLY = 1, /**< no clock, no policy, no issuer rule: signatures, crit and form alone */
    TSCOPE_GATE_ALL_SIGNATURES = 2, /**< a signature without a key refuses too */
    TSCOPE_GATE_ANY_KEY = 4,        /**< another key than the named one may verify */
};

enum tscope_gate { TSCOPE_GATE_ACCEPT, TSCOPE_GATE_REFUSE, TSCOPE_GATE_NO_KEY };

/**
 * Decides like a strict validator over a report whose inspector held only the keys to trust: every signature that has a key
 * verifies, at least one does, every policy holds, "exp" and "nbf" hold at moment.seen, else moment.now. Nothing is repaired.
 *
 * @param ret_reason  gets one clause that says why; lives as long as the report; may be NULL
 */
enum tscope_gate tscope_report_gate(const tscope_report *report, unsigned flags, const char **ret_reason);

/** What a second implementation of signatures (cjose) says, worst last. */
enum tscope_cross_check {
    TSCOPE_CROSS_CHECK_SILENT,    /**< not asked: no key was tried, it knows not the algorithm or the form, or is not built in */
    TSCOPE_CROSS_CHECK_AGREES,    /**< verified by both, or by neither */
    TSCOPE_CROSS_CHECK_DISAGREES, /**< verified by one alone: one of the two is wrong */
};

/**
 * Has the second implementation verify the token's signatures too, each under the key that verified it here, or that it names and
 * that did not.
 *
 * @return TSCOPE_OK with the gravest answer, or TSCOPE_ERR_NO_MEMORY
 */
TSCOPE_MUST_USE enum tscope_status tscope_report_cross_check(const tscope_report *report, enum tscope_cross_check *ret_answer,
                                                             struct tscope_error *err);

#ifdef __cplusplus
}
#endif

#endif
