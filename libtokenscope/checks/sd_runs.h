/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_CHECKS_SD_RUNS_H
#define TSCOPE_CHECKS_SD_RUNS_H

#include "checks/findings.h"

/** @file What the rows of sd.c run, and whether an SD-JWT is shown by its holder (RFC 9901 section 7.3). */

enum tscope_sd_proof {
    TSCOPE_SD_PROOF_NONE,    /* nothing stands behind the last tilde */
    TSCOPE_SD_PROOF_UNKNOWN, /* whether it is the holder's cannot be told: words say why */
    TSCOPE_SD_PROOF_WRONG,   /* it is not, or not of what is shown here */
    TSCOPE_SD_PROOF_LOOSE,   /* the holder made it, and not as the RFC asks for */
    TSCOPE_SD_PROOF_RIGHT,
};

/** What became of a holder's proof, asked for by two rows. */
struct tscope_sd_binding {
    enum tscope_sd_proof proof;
    enum tscope_reason reason; /* UNKNOWN */
    const char *words;         /* UNKNOWN, WRONG, LOOSE; static */
};

/** Judges the proof behind a token, once for all rows. */
TSCOPE_MUST_USE enum tscope_status tscope_sd_judge(const tscope_subject *subject, tscope_findings *findings,
                                                   const struct tscope_sd_binding **ret_binding);

/** The digest that an SD-JWT's payload names in "_sd_alg" (RFC 9901 section 4.1.1); NONE: one that is not known here. */
enum tscope_digest tscope_sd_digest_of(const tscope_subject *subject);

/** The digest of a text in base64url, in the arena; data NULL: out of memory, or libcrypto failed. */
struct tscope_span tscope_sd_digest_text(const tscope_subject *subject, enum tscope_digest digest, struct tscope_span text);

tscope_check_run tscope_sd_run_disclosure, tscope_sd_run_binding;

#endif
