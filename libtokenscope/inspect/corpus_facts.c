/* SPDX-License-Identifier: Apache-2.0 */
#include "inspect/corpus_facts.h"

#define DIGEST_PARTS_MAX 8

int
tscope_corpus_place_compare(const struct tscope_corpus_place *one, const struct tscope_corpus_place *other)
{
    int order = memcmp(one->sha256, other->sha256, sizeof(one->sha256));

    if (order == 0)
        order = strcmp(one->path ? one->path : "", other->path ? other->path : "");
    if (order == 0)
        order = (one->offset > other->offset) - (one->offset < other->offset);
    return order;
}

bool
tscope_corpus_digest(tscope_crypto *crypto, const struct tscope_span *parts, size_t parts_len, uint8_t out[TSCOPE_SHA256_LEN])
{
    struct tscope_span spans[2 * DIGEST_PARTS_MAX];
    uint64_t lengths[DIGEST_PARTS_MAX];

    if (parts_len > DIGEST_PARTS_MAX)
        return false;
    for (size_t i = 0; i < parts_len; i++) {
        lengths[i] = parts[i].len;
        spans[2 * i] = tscope_span_of(&lengths[i], sizeof(lengths[i]));
        spans[2 * i + 1] = parts[i];
    }
    return tscope_crypto_digest(crypto, TSCOPE_DIGEST_SHA256, spans, 2 * parts_len, out, NULL) == TSCOPE_OK;
}

void
tscope_corpus_state(struct tscope_corpus_gathering *gathering, const struct tscope_corpus_statement *statement)
{
    struct tscope_corpus_fact *fact = &gathering->facts[gathering->facts_len];

    if (gathering->facts_len == TSCOPE_CORPUS_FACTS_MAX)
        return;
    *fact = (struct tscope_corpus_fact){
        .row = statement->row, .weight = statement->weight, .alike = statement->alike, .proof = statement->proof};
    if (tscope_corpus_digest(gathering->crypto, statement->group, statement->group_len, fact->group) &&
        tscope_corpus_digest(gathering->crypto, &statement->member, 1, fact->member) &&
        tscope_corpus_digest(gathering->crypto, statement->essence, statement->essence_len, fact->essence))
        gathering->facts_len++;
    else
        gathering->failed = true;
}

struct tscope_corpus_proof
tscope_corpus_proof_of(const tscope_report *report, uint64_t first_line, const struct tscope_evidence *evidence, const char *pointer)
{
    return (struct tscope_corpus_proof){
        .part = evidence->part,
        .pointer = pointer,
        .raw_offset = evidence->raw_offset,
        .raw_len = evidence->raw_len,
        .region = tscope_region_of(report, first_line, evidence),
    };
}

struct tscope_corpus_proof
tscope_corpus_proof_by_part(const struct tscope_corpus_gathering *gathering, enum tscope_part_id part)
{
    const struct tscope_evidence evidence = tscope_evidence_part(&gathering->report->root.deciding->subject, part);

    return tscope_corpus_proof_of(gathering->report, gathering->first_line, &evidence, NULL);
}

bool
tscope_corpus_is_one_byte(struct tscope_span bytes)
{
    return bytes.len < 2 || memcmp(bytes.data, bytes.data + 1, bytes.len - 1) == 0;
}
