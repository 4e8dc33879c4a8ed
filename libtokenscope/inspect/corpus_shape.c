/* SPDX-License-Identifier: Apache-2.0 */
#include "inspect/corpus_shape.h"

#include <stdlib.h>

#include "core/alloc.h"

#define CAPACITY_FIRST 64 /* a power of two */

/* Whether a token may stand for how its issuer writes. */
enum standing { STANDING_NONE, STANDING_HONEST, STANDING_VALID };

struct tscope_corpus_writing {
    struct tscope_corpus_variant *variant;
    uint32_t token;
    uint8_t standing;
};

/* What is to be noted of one part, once there is memory for all of it. */
struct noting {
    struct tscope_corpus_variants *variants;
    struct tscope_corpus_variant *variant; /* NULL: nothing */
    struct tscope_corpus_sample *sample;   /* memory for a new one; NULL: none is needed */
    bool is_new, is_too_many;
    enum tscope_part_id id;
    const struct tscope_part *part;
    struct tscope_shape_reading reading;
};

static size_t
slot_of(const struct tscope_corpus_shapes *shapes, const uint8_t digest[TSCOPE_SHA256_LEN])
{
    uint64_t hash;
    size_t at;

    memcpy(&hash, digest, sizeof(hash));
    at = (size_t)hash & (shapes->authors_capacity - 1);
    while (shapes->authors[at].is_used && memcmp(shapes->authors[at].digest, digest, TSCOPE_SHA256_LEN) != 0)
        at = (at + 1) & (shapes->authors_capacity - 1);
    return at;
}

static bool
grow_authors(struct tscope_corpus_shapes *shapes)
{
    struct tscope_corpus_shapes grown = *shapes;

    grown.authors_capacity = shapes->authors_capacity ? shapes->authors_capacity * 2 : CAPACITY_FIRST;
    grown.authors = tscope_alloc_zeroed(grown.authors_capacity, sizeof(*grown.authors));
    if (!grown.authors)
        return false;
    for (size_t i = 0; i < shapes->authors_capacity; i++) {
        if (shapes->authors[i].is_used)
            grown.authors[slot_of(&grown, shapes->authors[i].digest)] = shapes->authors[i];
    }
    tscope_free(shapes->authors);
    *shapes = grown;
    return true;
}

/* NULL: out of memory. */
static struct tscope_corpus_author *
author_of(struct tscope_corpus_shapes *shapes, const uint8_t digest[TSCOPE_SHA256_LEN])
{
    struct tscope_corpus_author *author;

    if (2 * (shapes->authors_len + 1) > shapes->authors_capacity && !grow_authors(shapes))
        return NULL;
    author = &shapes->authors[slot_of(shapes, digest)];
    if (!author->is_used) {
        author->is_used = true;
        memcpy(author->digest, digest, TSCOPE_SHA256_LEN);
        shapes->authors_len++;
    }
    return author;
}

static bool
make_room(struct tscope_corpus_shapes *shapes, size_t more)
{
    size_t capacity = shapes->writings_capacity ? shapes->writings_capacity * 2 : CAPACITY_FIRST;
    struct tscope_corpus_writing *grown;

    if (shapes->writings_capacity - shapes->writings_len >= more)
        return true;
    grown = capacity < SIZE_MAX / sizeof(*grown) ? tscope_realloc(shapes->writings, capacity * sizeof(*grown)) : NULL;
    if (!grown)
        return false;
    shapes->writings = grown;
    shapes->writings_capacity = capacity;
    return true;
}

static struct tscope_corpus_variant *
find_variant(const struct tscope_corpus_variants *variants, const struct tscope_shape *shape)
{
    struct tscope_corpus_variant *variant = variants->first;

    while (variant && tscope_shape_compare(&variant->shape, shape) != 0)
        variant = variant->next;
    return variant;
}

static struct tscope_corpus_variant *
make_variant(struct tscope_arena *arena, const struct tscope_shape *shape)
{
    struct tscope_corpus_variant *variant = tscope_arena_zeroed(arena, 1, sizeof(*variant));

    return variant && tscope_shape_copy(shape, arena, &variant->shape) ? variant : NULL;
}

/* False: out of memory. */
static bool
prepare(struct noting *noting, struct tscope_arena *arena, const struct tscope_json *json, const struct tscope_value *object)
{
    size_t size;

    if (noting->variants->is_lost || !tscope_shape_read(json, object, &noting->reading))
        return true;
    noting->variant = find_variant(noting->variants, &noting->reading.shape);
    if (!noting->variant && noting->variants->len == TSCOPE_CORPUS_VARIANTS_MAX) {
        noting->is_too_many = true;
        return true;
    }
    if (!noting->variant) {
        noting->is_new = true;
        noting->variant = make_variant(arena, &noting->reading.shape);
    }
    if (!noting->variant)
        return false;
    if (noting->variant->samples_len == TSCOPE_CORPUS_SAMPLES_MAX)
        return true;
    if (noting->variant->spare) {
        noting->sample = TSCOPE_STEAL(noting->variant->spare);
        return true;
    }
    size = sizeof(*noting->sample) + noting->reading.shape.names_len * sizeof(noting->sample->members[0]);
    noting->sample = tscope_arena_alloc(arena, size);
    return noting->sample != NULL;
}

static struct tscope_shape_run
place_in_text(const struct tscope_token *token, const struct tscope_part *part, struct tscope_shape_run decoded)
{
    size_t offset, len;

    tscope_part_place(token, part, decoded.offset, decoded.len, &offset, &len);
    return (struct tscope_shape_run){(uint32_t)offset, (uint32_t)len};
}

static void
fill_sample(struct tscope_corpus_sample *sample, const struct noting *noting, const struct tscope_corpus_gathering *gathering,
            const struct tscope_corpus_place *place)
{
    const struct tscope_token *token = gathering->report->root.token;

    sample->place = *place;
    sample->part = tscope_corpus_proof_by_part(gathering, noting->id);
    sample->is_even = noting->part->clean && noting->part->decoded.data != noting->part->form.data &&
                      sample->part.region.byte_len == sample->part.raw_len && sample->part.region.line == sample->part.region.end_line;
    for (int gap = 0; gap < TSCOPE_SHAPE_GAPS; gap++)
        sample->gaps[gap] = place_in_text(token, noting->part, noting->reading.gaps[gap]);
    for (size_t i = 0; i < noting->reading.shape.names_len; i++)
        sample->members[i] = place_in_text(token, noting->part, noting->reading.members[i]);
}

static bool
is_same_token(const struct tscope_corpus_place *one, const struct tscope_corpus_place *other)
{
    return memcmp(one->sha256, other->sha256, sizeof(one->sha256)) == 0;
}

/* Keeps the first ones by their places, of a token that was found twice one. Memory of one that goes is taken for the new one. */
static void
keep_sample(struct noting *noting, const struct tscope_corpus_gathering *gathering, const struct tscope_corpus_place *place)
{
    struct tscope_corpus_variant *variant = noting->variant;
    struct tscope_corpus_sample *sample = noting->sample;
    size_t at = 0, end = variant->samples_len;

    while (at < end && tscope_corpus_place_compare(&variant->samples[at]->place, place) < 0) {
        if (is_same_token(&variant->samples[at++]->place, place)) {
            variant->spare = sample;
            return;
        }
    }
    if (at < end && is_same_token(&variant->samples[at]->place, place)) {
        variant->spare = sample;
        fill_sample(variant->samples[at], noting, gathering, place);
        return;
    }
    if (at == TSCOPE_CORPUS_SAMPLES_MAX)
        return;
    if (end == TSCOPE_CORPUS_SAMPLES_MAX)
        sample = variant->samples[--end];
    memmove(&variant->samples[at + 1], &variant->samples[at], (end - at) * sizeof(variant->samples[0]));
    variant->samples[at] = sample;
    variant->samples_len = end + 1;
    fill_sample(sample, noting, gathering, place);
}

unsigned
tscope_corpus_standing(const struct tscope_inspection *inspection)
{
    if (inspection->verdict == TSCOPE_VERDICT_VALID)
        return STANDING_VALID;
    return inspection->verdict == TSCOPE_VERDICT_UNVERIFIED ? STANDING_HONEST : STANDING_NONE;
}

static void
commit(struct tscope_corpus_shapes *shapes, struct noting *noting, const struct tscope_corpus_gathering *gathering,
       const struct tscope_corpus_place *place)
{
    struct tscope_corpus_writing *writing = &shapes->writings[shapes->writings_len];

    noting->variants->is_lost |= noting->is_too_many;
    if (!noting->variant)
        return;
    if (noting->is_new) {
        noting->variant->number = shapes->variants_len++;
        noting->variant->next = noting->variants->first;
        noting->variants->first = noting->variant;
        noting->variants->len++;
    }
    keep_sample(noting, gathering, place);
    *writing = (struct tscope_corpus_writing){
        .variant = noting->variant, .token = gathering->token, .standing = (uint8_t)tscope_corpus_standing(&gathering->report->root)};
    shapes->writings_len++;
}

bool
tscope_corpus_shapes_add(struct tscope_corpus_shapes *shapes, struct tscope_arena *arena, const struct tscope_corpus_gathering *gathering,
                         const struct tscope_corpus_place *place)
{
    const struct tscope_token *token = gathering->report->root.token;
    const struct tscope_judged_signature *judged = gathering->report->root.deciding;
    const struct tscope_span names[] = {judged->subject.iss, tscope_span_text(tscope_token_kind_id(token->kind))};
    uint8_t digest[TSCOPE_SHA256_LEN];
    struct tscope_corpus_author *author;
    struct noting header, payload;

    if (!judged->signature || judged->subject.iss.len == 0 || !token->claims_root || !tscope_subject_is_jwt(&judged->subject))
        return true;
    if (!make_room(shapes, 2) || !tscope_corpus_digest(gathering->crypto, names, TSCOPE_COUNT(names), digest))
        return false;
    author = author_of(shapes, digest);
    if (!author)
        return false;
    header = (struct noting){.variants = &author->header, .id = TSCOPE_PART_HEADER, .part = &judged->signature->protected_part};
    payload = (struct noting){.variants = &author->payload, .id = TSCOPE_PART_PAYLOAD, .part = &token->payload};
    if (!prepare(&header, arena, &judged->signature->header, tscope_json_root(&judged->signature->header)) ||
        !prepare(&payload, arena, &token->claims, token->claims_root))
        return false;
    commit(shapes, &header, gathering, place);
    commit(shapes, &payload, gathering, place);
    return true;
}

static int
compare_writings(const void *left, const void *right)
{
    const struct tscope_corpus_writing *a = left, *b = right;

    if (a->variant->number != b->variant->number)
        return a->variant->number < b->variant->number ? -1 : 1;
    return (a->token > b->token) - (a->token < b->token);
}

/* A token that was found twice counts once, and for what the better of its reports says. */
void
tscope_corpus_shapes_count(struct tscope_corpus_shapes *shapes)
{
    struct tscope_corpus_writing *writings = shapes->writings;

    if (shapes->writings_len > 1)
        qsort(writings, shapes->writings_len, sizeof(*writings), compare_writings);
    for (size_t i = 0, end; i < shapes->writings_len; i = end) {
        struct tscope_corpus_variant *variant = writings[i].variant;
        uint8_t standing = writings[i].standing;

        if (i == 0 || writings[i - 1].variant != variant)
            variant->tokens = variant->honest = variant->valid = 0;
        for (end = i + 1; end < shapes->writings_len && compare_writings(&writings[i], &writings[end]) == 0; end++)
            standing = writings[end].standing > standing ? writings[end].standing : standing;
        variant->tokens++;
        variant->honest += standing >= STANDING_HONEST;
        variant->valid += standing == STANDING_VALID;
    }
}

void
tscope_corpus_shapes_clear(struct tscope_corpus_shapes *shapes)
{
    tscope_free(shapes->authors);
    tscope_free(shapes->writings);
    *shapes = (struct tscope_corpus_shapes){0};
}
