/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_CHECKS_JWE_RUNS_H
#define TSCOPE_CHECKS_JWE_RUNS_H

#include "checks/findings.h"
#include "crypto/jwe.h"

/** @file What the rows of jwe.c run: jwe_key.c how the content key is sent, jwe_content.c the content and what is inside it. */

tscope_check_run tscope_jwe_run_rounds, tscope_jwe_run_rsa15, tscope_jwe_run_epk, tscope_jwe_run_wrapped_len;
tscope_check_run tscope_jwe_run_zip, tscope_jwe_run_lengths, tscope_jwe_run_zero_key, tscope_jwe_run_unsigned, tscope_jwe_run_nested;

/** The key management that the header names; NULL: none that is known, or no encrypted token. */
const struct tscope_jwe_alg *tscope_jwe_alg_of(const tscope_subject *subject);
/** The content encryption that it names; NULL as above. */
const struct tscope_jwe_enc *tscope_jwe_enc_of(const tscope_subject *subject);

#endif
