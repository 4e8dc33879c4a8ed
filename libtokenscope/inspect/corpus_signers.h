/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_INSPECT_CORPUS_SIGNERS_H
#define TSCOPE_INSPECT_CORPUS_SIGNERS_H

#include "inspect/corpus_facts.h"
#include "inspect/recovery.h"

/** @file Which of the tokens that no key verifies share a signer, and that signer's key. */

/** Starts as {0}. */
struct tscope_corpus_signers {
    tscope_recovery *recovery; /* NULL: no such token yet */
    size_t attempts;
    tscope_recovery_watch watch;
    void *user;
};

void tscope_corpus_signers_clear(struct tscope_corpus_signers *signers);

/** Takes the token's signature when nobody's key verifies it and it may give one away. False: out of memory, and nothing is kept. */
TSCOPE_MUST_USE bool tscope_corpus_signers_add(struct tscope_corpus_signers *signers, struct tscope_arena *arena,
                                               const struct tscope_corpus_gathering *gathering, const struct tscope_corpus_place *place);

/** Forgets the signatures that were taken last, all but the first len. */
void tscope_corpus_signers_cut(struct tscope_corpus_signers *signers, size_t len);

/** Looks for the keys; it may be called again when it failed. */
TSCOPE_MUST_USE enum tscope_status tscope_corpus_signers_find(struct tscope_corpus_signers *signers, struct tscope_error *err);
/** How many tokens have a signer at most, and the fact that each states. */
size_t tscope_corpus_signers_len(const struct tscope_corpus_signers *signers);
/** ret_has: false for a token without one. Details live in the arena. False: out of memory. */
TSCOPE_MUST_USE bool tscope_corpus_signers_fact(const struct tscope_corpus_signers *signers, size_t number, struct tscope_arena *arena,
                                                struct tscope_corpus_fact *ret_fact, bool *ret_has);

#endif
