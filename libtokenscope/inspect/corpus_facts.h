/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_INSPECT_CORPUS_FACTS_H
#define TSCOPE_INSPECT_CORPUS_FACTS_H

#include "checks/corpus.h"
#include "inspect/region.h"

/**
 * @file What one token has to say when many are compared: "of this group I am that member", both as digests. Two different members of
 * one group are a finding. What group and member are is each row's own affair: a key with half a signature, and the other half, for
 * instance.
 */

#define TSCOPE_CORPUS_FACTS_MAX 4 /* of one token */

/** Where a token was found. */
struct tscope_corpus_place {
    uint8_t sha256[TSCOPE_SHA256_LEN];
    const char *path; /* NULL: not said */
    uint64_t offset;
};

/** By digest, path and offset, so that the order in which tokens were added makes no difference. */
int tscope_corpus_place_compare(const struct tscope_corpus_place *one, const struct tscope_corpus_place *other);

/** What of the token says it. */
struct tscope_corpus_proof {
    enum tscope_part_id part;
    const char *pointer; /* NULL: all of the part */
    size_t raw_offset, raw_len;
    struct tscope_region region;
};

/** How grave two different members of a group are, and what that means. */
struct tscope_corpus_weight {
    enum tscope_severity severity;
    const char *detail; /* lives as long as the corpus; NULL: no finding */
};

struct tscope_corpus_fact {
    enum tscope_corpus_row row;
    struct tscope_corpus_weight weight, alike; /* the latter when members differ and their essence does not */
    uint8_t group[TSCOPE_SHA256_LEN], member[TSCOPE_SHA256_LEN], essence[TSCOPE_SHA256_LEN];
    const struct tscope_corpus_place *place;
    struct tscope_corpus_proof proof;
};

/** What is put into words of a fact: texts, of which the digests are made. */
struct tscope_corpus_statement {
    enum tscope_corpus_row row;
    struct tscope_corpus_weight weight, alike;
    const struct tscope_span *group;
    size_t group_len;
    struct tscope_span member;
    const struct tscope_span *essence; /* what must differ beside the member for the full weight */
    size_t essence_len;
    struct tscope_corpus_proof proof;
};

/** The facts of one token, before any of them is kept. */
struct tscope_corpus_gathering {
    tscope_crypto *crypto;
    const tscope_report *report;
    uint64_t first_line;
    uint32_t token; /* its number: the same wherever it is found */
    struct tscope_corpus_fact facts[TSCOPE_CORPUS_FACTS_MAX];
    size_t facts_len;
    bool failed;
};

/** Over the parts with their lengths, so that no two lists of parts are alike; eight parts at most. */
TSCOPE_MUST_USE bool tscope_corpus_digest(tscope_crypto *crypto, const struct tscope_span *parts, size_t parts_len,
                                          uint8_t out[TSCOPE_SHA256_LEN]);

void tscope_corpus_state(struct tscope_corpus_gathering *gathering, const struct tscope_corpus_statement *statement);

struct tscope_corpus_proof tscope_corpus_proof_of(const tscope_report *report, uint64_t first_line, const struct tscope_evidence *evidence,
                                                  const char *pointer);
/** All of a part. */
struct tscope_corpus_proof tscope_corpus_proof_by_part(const struct tscope_corpus_gathering *gathering, enum tscope_part_id part);

/** True for one character in place of all of a text, as sanitizers put it. */
bool tscope_corpus_is_one_byte(struct tscope_span bytes);

/** Secret numbers that are used twice, and signatures in both of their forms. */
void tscope_corpus_state_signature(struct tscope_corpus_gathering *gathering);
/** Ids that are given twice. */
void tscope_corpus_state_ids(struct tscope_corpus_gathering *gathering);
/** Initialization vectors that are used twice. */
void tscope_corpus_state_iv(struct tscope_corpus_gathering *gathering);

#endif
