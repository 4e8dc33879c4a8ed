/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include <tokenscope/corpus.h>

#include "core/error.h"
#include "inspect/corpus_shape.h"
#include "inspect/corpus_signers.h"

#define FINDINGS_MAX 100 /* kept of a row */
#define TOKENS_MAX 16    /* kept of a finding */

#define DIGEST_KEPT 16    /* bytes of a group, a member, an essence: nobody finds two alike */
#define CAPACITY_FIRST 64 /* a power of two */
#define NO_PLACE UINT32_MAX
#define PLACES_MAX (NO_PLACE - 65536u) /* with room for those of signers */

/* What facts of many tokens have in common. */
struct wording {
    enum tscope_corpus_row row;
    struct tscope_corpus_weight weight, alike;
    enum tscope_part_id part;
    const char *pointer;
};

/* A token at a place. Some hundred bytes a token is what a million of them costs: hence numbers in place of pointers. */
struct place {
    uint8_t sha256[TSCOPE_SHA256_LEN];
    uint64_t offset : 62, standing : 2; /* the latter the best of its reports so far: tscope_corpus_standing() */
    uint32_t path;                      /* in paths */
    uint32_t token;                     /* of all places of one token the same */
};

/* A fact, as it is kept. */
struct fact {
    uint8_t group[DIGEST_KEPT], member[DIGEST_KEPT], essence[DIGEST_KEPT];
    uint64_t line, byte_offset;
    uint32_t lines, column, end_column, byte_len; /* lines: to the end of the region */
    uint32_t raw_offset, raw_len;
    uint32_t place;
    uint16_t wording;
    uint8_t row;
};

struct finding {
    const struct tscope_corpus_fact *odd; /* how tokens are written: facts that are kept whole; NULL: */
    size_t first;                         /* among the facts; the others stand behind it */
    size_t facts, tokens;                 /* tokens: those too of which no fact is kept */
    struct tscope_corpus_weight weight;
};

struct tscope_corpus {
    struct tscope_arena arena; /* paths, shapes, traces of signers */
    size_t tokens_max, tokens, left_out, findings_left_out;
    struct place *places;
    size_t places_len, places_capacity, different;
    uint32_t *table; /* by digest, with gaps: the first place of each token, or NO_PLACE */
    size_t table_capacity;
    const char **paths; /* the first is NULL */
    size_t paths_len, paths_capacity;
    struct wording *wordings;
    size_t wordings_len, wordings_capacity;
    struct fact *facts;
    size_t facts_len, facts_capacity;
    struct tscope_corpus_shapes shapes;
    struct tscope_corpus_signers signers;
    bool has_signers; /* they are among the facts */
    struct finding *findings;
    size_t findings_len;
    bool finished;
};

TSCOPE_DEFINE_AUTO(tscope_corpus)

enum tscope_status
tscope_corpus_new(size_t tokens_max, tscope_corpus **ret_corpus, struct tscope_error *err)
{
    TSCOPE_AUTO(tscope_corpus) *corpus = tscope_alloc_zeroed(1, sizeof(*corpus));

    if (!corpus)
        return tscope_error_no_memory(err);
    corpus->tokens_max = tokens_max ? tokens_max : TSCOPE_CORPUS_TOKENS_DEFAULT;
    if (corpus->tokens_max > TSCOPE_CORPUS_TOKENS_MAX)
        corpus->tokens_max = TSCOPE_CORPUS_TOKENS_MAX;
    *ret_corpus = TSCOPE_STEAL(corpus);
    return TSCOPE_OK;
}

void
tscope_corpus_free(tscope_corpus *corpus)
{
    if (!corpus)
        return;
    tscope_corpus_shapes_clear(&corpus->shapes);
    tscope_corpus_signers_clear(&corpus->signers);
    tscope_arena_clear(&corpus->arena);
    tscope_free(corpus->places);
    tscope_free(corpus->table);
    tscope_free((void *)corpus->paths); /* of pointers to const */
    tscope_free(corpus->wordings);
    tscope_free(corpus->facts);
    tscope_free(corpus->findings);
    tscope_free(corpus);
}

/* Room for more rows behind len. False: out of memory, and nothing has changed. */
static bool
make_room(void *rows, size_t row_size, size_t len, size_t more, size_t *capacity)
{
    size_t grown_capacity = *capacity ? *capacity : CAPACITY_FIRST;
    void *old, *grown;

    if (*capacity - len >= more)
        return true;
    while (grown_capacity - len < more)
        grown_capacity *= 2;
    memcpy(&old, rows, sizeof(old));
    grown = grown_capacity < SIZE_MAX / 2 / row_size ? tscope_realloc(old, grown_capacity * row_size) : NULL;
    if (!grown)
        return false;
    memcpy(rows, &grown, sizeof(grown));
    *capacity = grown_capacity;
    return true;
}

/* ---- places */

static struct tscope_corpus_place
view_place(const tscope_corpus *corpus, uint32_t number)
{
    const struct place *place = &corpus->places[number];
    struct tscope_corpus_place view = {.path = corpus->paths[place->path], .offset = place->offset};

    memcpy(view.sha256, place->sha256, sizeof(view.sha256));
    return view;
}

/* The path in the arena, which is mostly that of the token before. False: out of memory. */
static bool
find_path(tscope_corpus *corpus, const char *path, uint32_t *ret_number)
{
    size_t last = corpus->paths_len ? corpus->paths_len - 1 : 0;
    struct tscope_span copy;

    *ret_number = 0;
    if (!make_room(&corpus->paths, sizeof(*corpus->paths), corpus->paths_len, 2, &corpus->paths_capacity))
        return false;
    if (corpus->paths_len == 0)
        corpus->paths[corpus->paths_len++] = NULL;
    if (!path)
        return true;
    if (last == 0 || strcmp(corpus->paths[last], path) != 0) {
        copy = tscope_arena_copy(&corpus->arena, tscope_span_text(path));
        if (!copy.data)
            return false;
        last = corpus->paths_len;
        corpus->paths[corpus->paths_len++] = (const char *)copy.data;
    }
    *ret_number = (uint32_t)last;
    return true;
}

static size_t
slot_of(const tscope_corpus *corpus, const uint8_t sha256[TSCOPE_SHA256_LEN])
{
    uint64_t hash;
    size_t at;

    memcpy(&hash, sha256, sizeof(hash));
    at = (size_t)hash & (corpus->table_capacity - 1);
    while (corpus->table[at] != NO_PLACE && memcmp(corpus->places[corpus->table[at]].sha256, sha256, TSCOPE_SHA256_LEN) != 0)
        at = (at + 1) & (corpus->table_capacity - 1);
    return at;
}

/* Three quarters are in use at most. False: out of memory. */
static bool
grow_table(tscope_corpus *corpus)
{
    size_t old_capacity = corpus->table_capacity, capacity = old_capacity ? 2 * old_capacity : CAPACITY_FIRST;
    uint32_t *old = corpus->table, *table;

    if (4 * (corpus->different + 1) <= 3 * old_capacity)
        return true;
    table = tscope_realloc(NULL, capacity * sizeof(*table));
    if (!table)
        return false;
    memset(table, 0xff, capacity * sizeof(*table));
    corpus->table = table;
    corpus->table_capacity = capacity;
    for (size_t i = 0; i < old_capacity; i++) {
        if (old[i] != NO_PLACE)
            corpus->table[slot_of(corpus, corpus->places[old[i]].sha256)] = old[i];
    }
    tscope_free(old);
    return true;
}

/* ---- facts */

static bool
is_same_weight(const struct tscope_corpus_weight *one, const struct tscope_corpus_weight *other)
{
    return one->severity == other->severity && one->detail == other->detail;
}

/* False: out of memory. */
static bool
find_wording(tscope_corpus *corpus, const struct tscope_corpus_fact *fact, uint16_t *ret_number)
{
    size_t at = corpus->wordings_len;

    while (at > 0) {
        const struct wording *wording = &corpus->wordings[--at];

        *ret_number = (uint16_t)at;
        if (wording->row == fact->row && is_same_weight(&wording->weight, &fact->weight) && is_same_weight(&wording->alike, &fact->alike) &&
            wording->part == fact->proof.part && wording->pointer == fact->proof.pointer)
            return true;
    }
    if (corpus->wordings_len == UINT16_MAX ||
        !make_room(&corpus->wordings, sizeof(*corpus->wordings), corpus->wordings_len, 1, &corpus->wordings_capacity))
        return false;
    *ret_number = (uint16_t)corpus->wordings_len;
    corpus->wordings[corpus->wordings_len++] =
        (struct wording){fact->row, fact->weight, fact->alike, fact->proof.part, fact->proof.pointer};
    return true;
}

/* Lengths and columns lie within an input, which is smaller than 4 GiB. False: out of memory. */
static bool
pack(tscope_corpus *corpus, const struct tscope_corpus_fact *fact, uint32_t place, struct fact *ret_packed)
{
    const struct tscope_region *region = &fact->proof.region;

    *ret_packed = (struct fact){
        .line = region->line,
        .byte_offset = region->byte_offset,
        .lines = (uint32_t)(region->end_line - region->line),
        .column = (uint32_t)region->column,
        .end_column = (uint32_t)region->end_column,
        .byte_len = (uint32_t)region->byte_len,
        .raw_offset = (uint32_t)fact->proof.raw_offset,
        .raw_len = (uint32_t)fact->proof.raw_len,
        .place = place,
        .row = (uint8_t)fact->row,
    };
    memcpy(ret_packed->group, fact->group, DIGEST_KEPT);
    memcpy(ret_packed->member, fact->member, DIGEST_KEPT);
    memcpy(ret_packed->essence, fact->essence, DIGEST_KEPT);
    return find_wording(corpus, fact, &ret_packed->wording);
}

static struct tscope_corpus_proof
view_proof(const tscope_corpus *corpus, const struct fact *fact)
{
    return (struct tscope_corpus_proof){
        .part = corpus->wordings[fact->wording].part,
        .pointer = corpus->wordings[fact->wording].pointer,
        .raw_offset = fact->raw_offset,
        .raw_len = fact->raw_len,
        .region = {.line = fact->line,
                   .column = fact->column,
                   .end_line = fact->line + fact->lines,
                   .end_column = fact->end_column,
                   .byte_offset = fact->byte_offset,
                   .byte_len = fact->byte_len},
    };
}

/* ---- what is taken in */

/* What is compared otherwise than by facts: all of it, or nothing. */
static bool
keep_company(tscope_corpus *corpus, const struct tscope_corpus_gathering *gathering, const struct tscope_corpus_place *place)
{
    size_t before = tscope_corpus_signers_len(&corpus->signers);

    if (!tscope_corpus_signers_add(&corpus->signers, &corpus->arena, gathering, place))
        return false;
    if (tscope_corpus_shapes_add(&corpus->shapes, &corpus->arena, gathering, place))
        return true;
    tscope_corpus_signers_cut(&corpus->signers, before);
    return false;
}

/* A token that is known at this or a former place, and of which a report as good was seen, says nothing new. */
static bool
says_nothing_new(const tscope_corpus *corpus, uint32_t known, const struct place *place)
{
    const struct tscope_corpus_place before = view_place(corpus, known), now = view_place(corpus, (uint32_t)corpus->places_len);

    return place->standing <= corpus->places[known].standing && tscope_corpus_place_compare(&before, &now) <= 0;
}

/* The place goes behind the others, and into the table if the token is new or stands before the one known. */
static void
enter(tscope_corpus *corpus, size_t slot)
{
    uint32_t number = (uint32_t)corpus->places_len++, known = corpus->table[slot];
    struct place *place = &corpus->places[number];
    struct tscope_corpus_place before, now;

    if (known == NO_PLACE) {
        corpus->different++;
        corpus->table[slot] = number;
        return;
    }
    before = view_place(corpus, known);
    now = view_place(corpus, number);
    if (place->standing > corpus->places[known].standing)
        corpus->places[known].standing = place->standing;
    if (tscope_corpus_place_compare(&now, &before) < 0) {
        place->standing = corpus->places[known].standing;
        corpus->table[slot] = number;
    }
}

/* All of it, or nothing: the place that is not counted yet stands behind the others. False: out of memory. */
static bool
keep(tscope_corpus *corpus, struct tscope_corpus_gathering *gathering, size_t slot)
{
    const struct tscope_corpus_place place = view_place(corpus, (uint32_t)corpus->places_len);
    struct fact packed[TSCOPE_CORPUS_FACTS_MAX];

    if (!make_room(&corpus->facts, sizeof(*corpus->facts), corpus->facts_len, gathering->facts_len, &corpus->facts_capacity))
        return false;
    for (size_t i = 0; i < gathering->facts_len; i++) {
        if (!pack(corpus, &gathering->facts[i], (uint32_t)corpus->places_len, &packed[i]))
            return false;
    }
    gathering->token = corpus->places[corpus->places_len].token;
    if (!tscope_is_sealed(gathering->report->root.token) && !keep_company(corpus, gathering, &place))
        return false;
    if (gathering->facts_len)
        memcpy(&corpus->facts[corpus->facts_len], packed, gathering->facts_len * sizeof(*packed));
    corpus->facts_len += gathering->facts_len;
    enter(corpus, slot);
    return true;
}

/* Writes the place of a report behind those that are kept. False: out of memory, or no digest. */
static bool
note_place(tscope_corpus *corpus, const tscope_report *report, size_t *ret_slot)
{
    struct place place = {.offset = tscope_report_offset(report), .standing = tscope_corpus_standing(&report->root)};

    if (!find_path(corpus, report->source_path, &place.path) || !tscope_inspection_digest(&report->root, place.sha256) ||
        !make_room(&corpus->places, sizeof(*corpus->places), corpus->places_len, 1, &corpus->places_capacity) || !grow_table(corpus))
        return false;
    *ret_slot = slot_of(corpus, place.sha256);
    place.token = corpus->table[*ret_slot] == NO_PLACE ? (uint32_t)corpus->different : corpus->places[corpus->table[*ret_slot]].token;
    corpus->places[corpus->places_len] = place;
    return true;
}

enum tscope_status
tscope_corpus_add(tscope_corpus *corpus, const tscope_report *report, uint64_t first_line, struct tscope_error *err)
{
    const struct tscope_inspection *inspection = &report->root;
    struct tscope_corpus_gathering gathering = {
        .crypto = tscope_keyring_crypto(report->keyring), .report = report, .first_line = first_line ? first_line : 1};
    uint32_t known;
    size_t slot;

    if (corpus->finished)
        return tscope_error_set(err, TSCOPE_ERR_STATE, TSCOPE_OFFSET_NONE, "the corpus is finished");
    if (!note_place(corpus, report, &slot))
        return tscope_error_no_memory(err);
    known = corpus->table[slot];
    if ((known == NO_PLACE && corpus->different >= corpus->tokens_max) || corpus->places_len >= PLACES_MAX) {
        corpus->tokens++;
        corpus->left_out++;
        return TSCOPE_OK;
    }
    if (known != NO_PLACE && says_nothing_new(corpus, known, &corpus->places[corpus->places_len])) {
        corpus->tokens++;
        return TSCOPE_OK;
    }
    if (tscope_is_sealed(inspection->token)) {
        tscope_corpus_state_iv(&gathering);
    } else {
        tscope_corpus_state_signature(&gathering);
        tscope_corpus_state_ids(&gathering);
    }
    if (gathering.failed || !keep(corpus, &gathering, slot))
        return tscope_error_no_memory(err);
    corpus->tokens++;
    return TSCOPE_OK;
}

void
tscope_corpus_repeat(tscope_corpus *corpus)
{
    corpus->tokens++;
}

void
tscope_corpus_set_recovery(tscope_corpus *corpus, size_t attempts, tscope_recovery_watch watch, void *user)
{
    corpus->signers.attempts = attempts;
    corpus->signers.watch = watch;
    corpus->signers.user = user;
}

/* A place of its own, of a token that is known. False: out of memory. */
static bool
state_signer(tscope_corpus *corpus, const struct tscope_corpus_fact *fact)
{
    struct place place = {.offset = fact->place->offset};

    if (!find_path(corpus, fact->place->path, &place.path) ||
        !make_room(&corpus->places, sizeof(*corpus->places), corpus->places_len, 1, &corpus->places_capacity) ||
        !make_room(&corpus->facts, sizeof(*corpus->facts), corpus->facts_len, 1, &corpus->facts_capacity) ||
        !pack(corpus, fact, (uint32_t)corpus->places_len, &corpus->facts[corpus->facts_len]))
        return false;
    memcpy(place.sha256, fact->place->sha256, sizeof(place.sha256));
    corpus->places[corpus->places_len++] = place;
    corpus->facts_len++;
    return true;
}

/* All of them, or none. */
static enum tscope_status
state_signers(tscope_corpus *corpus, struct tscope_error *err)
{
    size_t facts_before = corpus->facts_len, places_before = corpus->places_len;
    enum tscope_status status = corpus->has_signers ? TSCOPE_OK : tscope_corpus_signers_find(&corpus->signers, err);

    for (size_t i = 0; status == TSCOPE_OK && !corpus->has_signers && i < tscope_corpus_signers_len(&corpus->signers); i++) {
        struct tscope_corpus_fact fact;
        bool has;

        if (!tscope_corpus_signers_fact(&corpus->signers, i, &corpus->arena, &fact, &has) || (has && !state_signer(corpus, &fact)))
            status = tscope_error_no_memory(err);
    }
    if (status != TSCOPE_OK) {
        corpus->facts_len = facts_before;
        corpus->places_len = places_before;
    } else {
        corpus->has_signers = true;
    }
    return status;
}

/* ---- what is compared */

static int
compare_groups(const struct fact *a, const struct fact *b)
{
    return a->row != b->row ? (a->row < b->row ? -1 : 1) : memcmp(a->group, b->group, sizeof(a->group));
}

static int
compare_facts(const void *left, const void *right, void *user)
{
    const struct fact *a = left, *b = right;
    const tscope_corpus *corpus = user;
    struct tscope_corpus_place one, other;
    int order = compare_groups(a, b);

    if (order == 0)
        order = memcmp(corpus->places[a->place].sha256, corpus->places[b->place].sha256, TSCOPE_SHA256_LEN);
    if (order)
        return order;
    one = view_place(corpus, a->place);
    other = view_place(corpus, b->place);
    return tscope_corpus_place_compare(&one, &other);
}

static bool
has_other_member(const struct fact *fact, const struct fact *other)
{
    return memcmp(fact->member, other->member, sizeof(fact->member)) != 0;
}

static bool
is_other_in_all(const struct fact *fact, const struct fact *other)
{
    return has_other_member(fact, other) && memcmp(fact->essence, other->essence, sizeof(fact->essence)) != 0;
}

/* A token that was found several times, and says the same each time, stands at the first of its places. */
static void
drop_repeated(tscope_corpus *corpus)
{
    size_t kept = 0;

    for (size_t i = 0; i < corpus->facts_len; i++) {
        const struct fact *fact = &corpus->facts[i], *before = kept ? &corpus->facts[kept - 1] : NULL;

        if (!before || compare_groups(before, fact) != 0 || has_other_member(before, fact) ||
            memcmp(corpus->places[before->place].sha256, corpus->places[fact->place].sha256, TSCOPE_SHA256_LEN) != 0)
            corpus->facts[kept++] = *fact;
    }
    corpus->facts_len = kept;
}

/* The group that begins with a fact; the weight of what differs in it. */
static struct finding
group_at(const tscope_corpus *corpus, size_t at)
{
    const struct fact *first = &corpus->facts[at];
    struct finding finding = {.first = at, .facts = 1};
    bool differs = false, is_other = false;

    for (; at + finding.facts < corpus->facts_len && compare_groups(first, &first[finding.facts]) == 0; finding.facts++) {
        differs |= has_other_member(first, &first[finding.facts]);
        is_other |= is_other_in_all(first, &first[finding.facts]);
    }
    finding.tokens = finding.facts;
    if (differs)
        finding.weight = is_other ? corpus->wordings[first->wording].weight : corpus->wordings[first->wording].alike;
    return finding;
}

/* The findings of one severity among the facts of one row, which begin at a place; how many facts there are. */
static size_t
find_in_row(tscope_corpus *corpus, size_t at, enum tscope_severity severity, size_t *of_row)
{
    size_t end = at;

    while (end < corpus->facts_len && corpus->facts[end].row == corpus->facts[at].row) {
        struct finding finding = group_at(corpus, end);
        bool counts = finding.weight.detail && finding.weight.severity == severity;

        end += finding.facts;
        if (counts && (*of_row)++ < FINDINGS_MAX)
            corpus->findings[corpus->findings_len++] = finding;
        else
            corpus->findings_left_out += counts;
    }
    return end - at;
}

static void
compare_members(tscope_corpus *corpus)
{
    if (corpus->facts_len > 1)
        qsort_r(corpus->facts, corpus->facts_len, sizeof(*corpus->facts), compare_facts, corpus);
    drop_repeated(corpus);
    for (size_t at = 0, len = 0, of_row = 0; at < corpus->facts_len; at += len, of_row = 0) {
        for (int severity = TSCOPE_SEVERITY_CRITICAL; severity >= TSCOPE_SEVERITY_INFO; severity--)
            len = find_in_row(corpus, at, (enum tscope_severity)severity, &of_row);
    }
}

/* False: out of memory, and nothing has changed. */
static bool
compare_shapes(tscope_corpus *corpus)
{
    struct tscope_corpus_odd odd[FINDINGS_MAX];
    size_t odd_len, left_out;

    if (!tscope_corpus_shapes_find(&corpus->shapes, &corpus->arena, FINDINGS_MAX, odd, &odd_len, &left_out))
        return false;
    for (size_t i = 0; i < odd_len; i++)
        corpus->findings[corpus->findings_len++] =
            (struct finding){.odd = odd[i].facts, .facts = odd[i].facts_len, .tokens = odd[i].tokens, .weight = odd[i].facts[0].weight};
    corpus->findings_left_out += left_out;
    return true;
}

enum tscope_status
tscope_corpus_finish(tscope_corpus *corpus, struct tscope_error *err)
{
    enum tscope_status status;

    if (corpus->finished)
        return tscope_error_set(err, TSCOPE_ERR_STATE, TSCOPE_OFFSET_NONE, "the corpus is finished");
    tscope_free(corpus->findings);
    corpus->findings = tscope_alloc_zeroed(FINDINGS_MAX * tscope_checks_corpus.checks_len, sizeof(*corpus->findings));
    corpus->findings_len = corpus->findings_left_out = 0;
    if (!corpus->findings)
        return tscope_error_no_memory(err);
    status = state_signers(corpus, err);
    if (status != TSCOPE_OK)
        return status;
    compare_members(corpus);
    if (!compare_shapes(corpus)) {
        corpus->findings_len = 0;
        return tscope_error_no_memory(err);
    }
    corpus->finished = true;
    return TSCOPE_OK;
}

size_t
tscope_corpus_tokens(const tscope_corpus *corpus)
{
    return corpus->tokens;
}

size_t
tscope_corpus_left_out(const tscope_corpus *corpus, size_t *ret_findings)
{
    if (ret_findings)
        *ret_findings = corpus->findings_left_out;
    return corpus->left_out;
}

size_t
tscope_corpus_findings(const tscope_corpus *corpus)
{
    return corpus->findings_len;
}

/* Of the tokens shown two at least differ: where the first sixteen are alike, the last stands for those that are not. */
static const struct fact *
fact_of(const tscope_corpus *corpus, const struct finding *finding, size_t number)
{
    const struct fact *first = &corpus->facts[finding->first];
    bool (*differs)(const struct fact *, const struct fact *) =
        finding->weight.detail == corpus->wordings[first->wording].weight.detail ? is_other_in_all : has_other_member;

    if (number + 1 < TOKENS_MAX || finding->facts <= TOKENS_MAX)
        return &first[number];
    for (size_t shown = 1; shown + 1 < TOKENS_MAX; shown++) {
        if (differs(first, &first[shown]))
            return &first[number];
    }
    for (number = TOKENS_MAX - 1; number + 1 < finding->facts && !differs(first, &first[number]);)
        number++;
    return &first[number];
}

bool
tscope_corpus_finding(const tscope_corpus *corpus, size_t number, struct tscope_corpus_view *ret_finding)
{
    const struct finding *finding;
    const struct tscope_check *check;

    if (number >= corpus->findings_len)
        return false;
    finding = &corpus->findings[number];
    check = &tscope_checks_corpus.checks[finding->odd ? finding->odd->row : corpus->facts[finding->first].row];
    *ret_finding = (struct tscope_corpus_view){
        .id = check->id,
        .severity = finding->weight.severity,
        .proves = check->proves,
        .title = check->title,
        .detail = finding->weight.detail,
        .tokens = finding->facts < TOKENS_MAX ? finding->facts : TOKENS_MAX,
    };
    ret_finding->left_out = finding->tokens - ret_finding->tokens;
    return true;
}

bool
tscope_corpus_token(const tscope_corpus *corpus, size_t finding, size_t number, struct tscope_corpus_token_view *ret_token)
{
    static const char digits[] = "0123456789abcdef";
    struct tscope_corpus_proof proof;
    struct tscope_corpus_place place;
    const struct finding *shown;

    if (finding >= corpus->findings_len || number >= corpus->findings[finding].facts || number >= TOKENS_MAX)
        return false;
    shown = &corpus->findings[finding];
    if (shown->odd) {
        place = *shown->odd[number].place;
        proof = shown->odd[number].proof;
    } else {
        const struct fact *fact = fact_of(corpus, shown, number);

        place = view_place(corpus, fact->place);
        proof = view_proof(corpus, fact);
    }
    *ret_token = (struct tscope_corpus_token_view){
        .path = place.path,
        .offset = place.offset,
        .part = tscope_part_id_name(proof.part),
        .pointer = proof.pointer,
        .raw_offset = proof.raw_offset,
        .raw_len = proof.raw_len,
        .byte_offset = proof.region.byte_offset,
        .byte_len = proof.region.byte_len,
        .line = proof.region.line,
        .column = proof.region.column,
        .end_line = proof.region.end_line,
        .end_column = proof.region.end_column,
    };
    for (size_t i = 0; i < sizeof(place.sha256); i++) {
        ret_token->sha256[2 * i] = digits[place.sha256[i] >> 4];
        ret_token->sha256[2 * i + 1] = digits[place.sha256[i] & 15];
    }
    return true;
}
