/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TOKENSCOPE_LINT_H
#define TOKENSCOPE_LINT_H

#include <stdbool.h>

#include <tokenscope/keys.h>
#include <tokenscope/report.h>
#include <tokenscope/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/** @file The quality of keys: what of the catalogue with subject "keyset" is found among those given. */

/** What was found. Immutable; views taken from it live as long as it and its keyring do. */
typedef struct tscope_lint tscope_lint;

enum {
    TSCOPE_LINT_PUBLISHED = 1, /**< the keys were taken from where anybody can read them: a secret among them is one no more */
};

/** One finding, or one key that is not usable. Fixed for the soname. */
struct tscope_lint_view {
    const char *id; /**< of the catalogue; NULL for a key that is not usable */
    enum tscope_severity severity;
    enum tscope_proves proves;
    const char *title;
    const char *detail;
    const tscope_key *key; /**< that it is about, the first of several; NULL for metadata (OIDC-MIXUP) */
    uint64_t offset;       /**< byte of its file at which the key begins */
    const char *source;    /**< the file: the name it was added under */
    void *reserved[3];
};

/**
 * Judges the keys of a frozen keyring that were given to it; those of histories are asked for private parts alone. Of a kind of finding at
 * most 100 are kept. Time is bounded: of very many keys only the first are looked into deeply.
 *
 * @param keyring  borrowed, must outlive the answer
 * @param flags    TSCOPE_LINT_PUBLISHED, or 0
 * @return TSCOPE_OK, TSCOPE_ERR_STATE (not frozen), TSCOPE_ERR_NO_MEMORY, TSCOPE_ERR_CRYPTO
 */
TSCOPE_MUST_USE enum tscope_status tscope_lint_new(const tscope_keyring *keyring, unsigned flags, tscope_lint **ret_lint,
                                                   struct tscope_error *err);
void tscope_lint_free(tscope_lint *lint); /**< NULL is allowed */

size_t tscope_lint_keys(const tscope_lint *lint);     /**< how many keys were judged */
size_t tscope_lint_unusable(const tscope_lint *lint); /**< of them, not usable */
/** Findings that are kept, and each by its number: gravest first, keys that are not usable behind them. False when there is no such one. */
size_t tscope_lint_findings(const tscope_lint *lint);
bool tscope_lint_finding(const tscope_lint *lint, size_t number, struct tscope_lint_view *ret_finding);
/** How many findings there are that were not kept. */
size_t tscope_lint_left_out(const tscope_lint *lint);
/** How many different RSA moduli there are, how many of them were looked into deeply, and how many were compared for shared primes. */
size_t tscope_lint_moduli(const tscope_lint *lint, size_t *ret_judged, size_t *ret_compared);
/** True when a key is not usable, or a finding, kept or not, is high or critical. */
bool tscope_lint_is_bad(const tscope_lint *lint);

/** All of it as JSON ("schema": "tokenscope.lint/1"). The caller's to release with tscope_string_free(). */
TSCOPE_MUST_USE enum tscope_status tscope_lint_json(const tscope_lint *lint, bool pretty, char **ret_json, size_t *ret_len,
                                                    struct tscope_error *err);

#ifdef __cplusplus
}
#endif

#endif
