/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_INSPECT_INSPECTION_H
#define TSCOPE_INSPECT_INSPECTION_H

#include <tokenscope/inspect.h>

#include "checks/registry.h"
#include "crypto/sha256.h"
#include "crypto/verifier.h"
#include "inspect/unseal.h"
#include "token/header_memory.h"

/** @file What one inspection works with and leaves behind. A report is an inspection with its memory. */

#define TSCOPE_REASONS_MAX TSCOPE_FINDINGS_MAX

/** One signature judged by itself. */
struct tscope_judged_signature {
    const struct tscope_token_signature *signature;
    struct tscope_resolution resolution;
    tscope_subject subject;
    struct tscope_findings findings;
};

struct tscope_inspection {
    struct tscope_token *token;
    struct tscope_judged_signature *signatures; /* one at least: an opaque token has one without signature */
    size_t signatures_len;
    struct tscope_judged_signature *deciding;
    enum tscope_verdict verdict;
    size_t reasons_len, also_len;
    size_t counts[TSCOPE_SEVERITY_CRITICAL + 1];
    uint64_t defects, opinion;                  /* bits of inspect/defects.h, and of rows of inspect/opinion.h */
    const struct tscope_decryption *decryption; /* NULL: not encrypted, or too deep inside others to be opened */
    struct tscope_inspection *nested;           /* as many as token->nested_len */
    struct tscope_sha256 digest_begun;          /* over the first digest_at bytes of the token's text */
    size_t digest_at;                           /* 0: it is not begun */
    const char *reasons[TSCOPE_REASONS_MAX];    /* ids; last, and never cleared as a whole */
    const char *also[TSCOPE_REASONS_MAX];
};

struct tscope_report {
    struct tscope_arena arena;
    tscope_keyring *keyring; /* references */
    tscope_profile *profile;
    struct tscope_inspection root;
    const char *source_path; /* NULL: not said */
    uint64_t source_offset;
    const char *seen_from;
};

struct tscope_inspector {
    tscope_keyring *keyring;
    tscope_profile *profile;
    struct tscope_check_plan plan;
    struct tscope_issuer_memory issuer;
    struct tscope_header_memory headers;
    tscope_verifier *verifier; /* NULL until the first signature that can be tried */
    struct tscope_checks_policy policy;
    char *policy_text; /* holds the policy's strings and the exposed kid */
    size_t input_max;
    uint32_t trials_max;
    int64_t leeway;
    struct tscope_span payload;  /* of detached signatures; data NULL: none */
    struct tscope_span password; /* of encrypted tokens; data NULL: none */
    char *source_path;
    uint64_t source_offset;
    char *exposed_kid;
    int64_t exposed_from;
};

/** An inspector of its own for another thread, with the same keyring, profile, limits, policy, payload, password and exposed key. */
TSCOPE_MUST_USE enum tscope_status tscope_inspector_copy(const tscope_inspector *inspector, tscope_inspector **ret_copy,
                                                         struct tscope_error *err);

TSCOPE_DEFINE_AUTO(tscope_inspector)
TSCOPE_DEFINE_AUTO(tscope_report)

/** Finds which key verifies a signature, and fills its resolution. The subject has the token, the issuer and the clocks. */
TSCOPE_MUST_USE enum tscope_status tscope_resolve(tscope_inspector *inspector, const tscope_subject *subject,
                                                  struct tscope_resolution *resolution, struct tscope_error *err);

/** What the histories say of the key's use at then and at seen, and whether it was entitled to it. */
void tscope_entitle(const tscope_subject *subject, struct tscope_resolution *resolution);

/** SHA-256 of the token's text, made each time: most verdicts are never written out. false: libcrypto cannot, or out of memory. */
TSCOPE_MUST_USE bool tscope_inspection_digest(const struct tscope_inspection *inspection, uint8_t out[TSCOPE_SHA256_LEN]);

/** What a signed token has as its payload, or an encrypted one that was opened as its content, when that is a token; else NULL. */
const struct tscope_inspection *tscope_inspection_content(const struct tscope_inspection *inspection);

/** Chooses the signature that decides, and the verdict over its findings with the reasons. */
void tscope_verdict_decide(struct tscope_inspection *inspection);

#endif
