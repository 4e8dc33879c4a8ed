/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "core/alloc.h"
#include "core/text.h"
#include "inspect/corpus_shape.h"

/*
 * How an issuer writes is what most of its tokens agree in. A few that differ are odd; many are another version of its program, and
 * many that differ in many ways are a program that keeps no order.
 */

#define OTHERS_MIN 5     /* tokens that an odd one differs from, as few of them as count */
#define OTHERS_FEW 10    /* the same where so few members are common that another order may come about by chance */
#define COMMON_FEW 4     /* members; below, that is so */
#define OTHERS_PER_ODD 5 /* tokens that are written as the issuer does, for each that is not */
#define WAYS_MAX 32      /* to write */
#define NAME_SHOWN 64    /* bytes */

/* The variants of one part, as they are judged. */
struct panel {
    struct tscope_corpus_variant *all[TSCOPE_CORPUS_VARIANTS_MAX];
    size_t len;
    enum tscope_part_id part;
};

/* What an odd variant is compared with. */
struct comparison {
    struct tscope_shape_difference shown;
    bool is_order;
    size_t others;
};

struct search {
    struct tscope_arena *arena;
    size_t odd_max, left_out;
    struct tscope_corpus_odd *odd;
    size_t odd_len;
    bool failed;
};

static bool
differ(const struct tscope_corpus_variant *one, const struct tscope_corpus_variant *other)
{
    struct tscope_shape_difference difference;

    return tscope_shape_differ(&one->shape, &other->shape, &difference);
}

/* Nothing in it depends on which token came first. */
static int
compare_variants(const void *left, const void *right)
{
    const struct tscope_corpus_variant *a = *(struct tscope_corpus_variant *const *)left,
                                       *b = *(struct tscope_corpus_variant *const *)right;

    if (a->support != b->support)
        return a->support > b->support ? -1 : 1;
    if (a->honest != b->honest)
        return a->honest > b->honest ? -1 : 1;
    return tscope_shape_compare(&a->shape, &b->shape);
}

static void
rank(struct panel *panel)
{
    for (size_t i = 0; i < panel->len; i++) {
        struct tscope_corpus_variant *variant = panel->all[i];

        variant->support = 0;
        for (size_t j = 0; j < panel->len; j++)
            variant->support += differ(variant, panel->all[j]) ? 0 : panel->all[j]->honest;
    }
    qsort(panel->all, panel->len, sizeof(panel->all[0]), compare_variants);
}

/* How many of those before it, odd or not, it agrees with, or differs from. */
static size_t
count_earlier(const struct panel *panel, size_t number, bool are_odd, bool are_different)
{
    size_t count = 0;

    for (size_t i = 0; i < number; i++)
        count += panel->all[i]->is_odd == are_odd && differ(panel->all[number], panel->all[i]) == are_different;
    return count;
}

/* Those that agree with all regular ones before them are regular too. False: the issuer has no way to write that is clear enough. */
static bool
tell_odd_ones(struct panel *panel)
{
    size_t odd = 0, regular = 0, ways = 1;

    for (size_t i = 0; i < panel->len; i++) {
        struct tscope_corpus_variant *variant = panel->all[i];

        variant->is_odd = count_earlier(panel, i, false, true) > 0;
        if (variant->is_odd) {
            odd += variant->tokens;
            ways += count_earlier(panel, i, true, false) == 0;
        } else {
            regular += variant->honest;
        }
    }
    return odd > 0 && ways <= WAYS_MAX && odd * OTHERS_PER_ODD <= regular;
}

/* Tokens that no key verified say nothing against one that a key did. */
static size_t
weight_against(const struct tscope_corpus_variant *odd, const struct tscope_corpus_variant *other)
{
    return odd->valid > 0 ? other->valid : other->honest;
}

/* False: too few differ from it, or they have too little in common with it. */
static bool
compare_with_others(const struct panel *panel, const struct tscope_corpus_variant *odd, struct comparison *ret_comparison)
{
    struct comparison comparison = {.others = 0};
    struct tscope_shape_difference difference;
    size_t by_order = 0, by_order_of_many = 0, by_gap = 0;

    for (size_t i = 0; i < panel->len; i++) {
        size_t weight = weight_against(odd, panel->all[i]);

        if (panel->all[i]->is_odd || !tscope_shape_differ(&odd->shape, &panel->all[i]->shape, &difference))
            continue;
        by_order += difference.has_order ? weight : 0;
        by_order_of_many += difference.has_order && difference.common >= COMMON_FEW ? weight : 0;
        by_gap += difference.has_gap ? weight : 0;
    }
    comparison.is_order = by_order_of_many >= OTHERS_MIN || by_order >= OTHERS_FEW;
    comparison.others = comparison.is_order ? by_order : by_gap;
    for (size_t i = 0; i < panel->len; i++) {
        if (!panel->all[i]->is_odd && weight_against(odd, panel->all[i]) > 0 &&
            tscope_shape_differ(&odd->shape, &panel->all[i]->shape, &comparison.shown) &&
            (comparison.is_order ? comparison.shown.has_order : comparison.shown.has_gap))
            break;
    }
    *ret_comparison = comparison;
    return comparison.others >= OTHERS_MIN && comparison.others >= odd->tokens * OTHERS_PER_ODD;
}

/* "/name" (RFC 6901) of a name that is its own text, else NULL. */
static const char *
pointer_to(struct search *search, struct tscope_span name)
{
    struct tscope_buffer pointer = {.arena = search->arena};
    const char *text;

    if (memchr(name.data, '\\', name.len))
        return NULL;
    tscope_buffer_append_byte(&pointer, '/');
    for (size_t i = 0; i < name.len; i++) {
        if (name.data[i] == '~' || name.data[i] == '/')
            tscope_buffer_append_text(&pointer, name.data[i] == '~' ? "~0" : "~1");
        else
            tscope_buffer_append_byte(&pointer, name.data[i]);
    }
    text = tscope_buffer_steal(&pointer, NULL);
    search->failed |= !text;
    return text;
}

static const char *
detail_of(struct search *search, enum tscope_part_id part, const struct tscope_shape *shape, const struct comparison *comparison)
{
    struct tscope_buffer detail = {.arena = search->arena};
    const char *text;

    tscope_buffer_append_format(&detail, "in the %s ", tscope_part_id_name(part));
    if (comparison->is_order) {
        tscope_text_quote(&detail, shape->names[comparison->shown.first].text, NAME_SHOWN);
        tscope_buffer_append_text(&detail, " stands before ");
        tscope_text_quote(&detail, shape->names[comparison->shown.second].text, NAME_SHOWN);
        tscope_buffer_append_format(&detail, ", and behind it in %zu others of this issuer and kind", comparison->others);
    } else {
        tscope_buffer_append_format(&detail, "the white space %s is not what it is in %zu others of this issuer and kind",
                                    tscope_shape_gap_words(comparison->shown.gap), comparison->others);
    }
    tscope_buffer_append_text(&detail, ", as if another program had written it");
    text = tscope_buffer_steal(&detail, NULL);
    search->failed |= !text;
    return text;
}

static struct tscope_corpus_proof
proof_at(const struct tscope_corpus_sample *sample, struct tscope_shape_run run, const char *pointer)
{
    struct tscope_corpus_proof proof = sample->part;
    size_t from = run.offset - sample->part.raw_offset;

    proof.pointer = pointer;
    proof.raw_offset = run.offset;
    proof.raw_len = run.len;
    if (!sample->is_even)
        return proof;
    proof.region.byte_offset += from;
    proof.region.byte_len = run.len;
    proof.region.column += from;
    proof.region.end_column = proof.region.column + run.len;
    return proof;
}

static void
report(struct search *search, const struct panel *panel, const struct tscope_corpus_variant *odd, const struct comparison *comparison)
{
    struct tscope_corpus_fact *facts = tscope_arena_zeroed(search->arena, odd->samples_len, sizeof(*facts));
    const char *detail = detail_of(search, panel->part, &odd->shape, comparison), *pointer = NULL;

    if (comparison->is_order)
        pointer = pointer_to(search, odd->shape.names[comparison->shown.first].text);
    if (!facts || search->failed) {
        search->failed = true;
        return;
    }
    for (size_t i = 0; i < odd->samples_len; i++) {
        const struct tscope_corpus_sample *sample = odd->samples[i];

        facts[i] = (struct tscope_corpus_fact){
            .row = TSCOPE_CORPUS_SHAPE,
            .weight = {TSCOPE_SEVERITY_LOW, detail},
            .place = &sample->place,
            .proof = proof_at(sample, comparison->is_order ? sample->members[comparison->shown.first] : sample->gaps[comparison->shown.gap],
                              pointer),
        };
    }
    search->odd[search->odd_len++] = (struct tscope_corpus_odd){facts, odd->samples_len, odd->tokens};
}

static void
search_part(struct search *search, const struct tscope_corpus_variants *variants, enum tscope_part_id part)
{
    struct panel panel = {.part = part};

    if (variants->is_lost || variants->len < 2)
        return;
    for (struct tscope_corpus_variant *variant = variants->first; variant; variant = variant->next)
        panel.all[panel.len++] = variant;
    rank(&panel);
    if (!tell_odd_ones(&panel))
        return;
    for (size_t i = 0; i < panel.len && !search->failed; i++) {
        struct comparison comparison;

        if (!panel.all[i]->is_odd || !compare_with_others(&panel, panel.all[i], &comparison))
            continue;
        if (search->odd_len < search->odd_max)
            report(search, &panel, panel.all[i], &comparison);
        else
            search->left_out++;
    }
}

static int
compare_authors(const void *left, const void *right)
{
    const struct tscope_corpus_author *const *a = left, *const *b = right;

    return memcmp((*a)->digest, (*b)->digest, TSCOPE_SHA256_LEN);
}

bool
tscope_corpus_shapes_find(struct tscope_corpus_shapes *shapes, struct tscope_arena *arena, size_t odd_max,
                          struct tscope_corpus_odd *ret_odd, size_t *ret_len, size_t *ret_left_out)
{
    struct search search = {.arena = arena, .odd_max = odd_max, .odd = ret_odd};
    const struct tscope_corpus_author **authors = tscope_arena_zeroed(arena, shapes->authors_len, sizeof(*authors));
    size_t len = 0;

    if (!authors)
        return false;
    tscope_corpus_shapes_count(shapes);
    for (size_t i = 0; i < shapes->authors_capacity; i++) {
        if (shapes->authors[i].is_used)
            authors[len++] = &shapes->authors[i];
    }
    if (len > 1)
        qsort(authors, len, sizeof(*authors), compare_authors);
    for (size_t i = 0; i < len && !search.failed; i++) {
        search_part(&search, &authors[i]->header, TSCOPE_PART_HEADER);
        search_part(&search, &authors[i]->payload, TSCOPE_PART_PAYLOAD);
    }
    *ret_len = search.odd_len;
    *ret_left_out = search.left_out;
    return !search.failed;
}
