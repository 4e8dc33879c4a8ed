/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include <tokenscope/corpus.h>

#include "core/error.h"
#include "inspect/corpus_shape.h"
#include "inspect/corpus_signers.h"

#define FINDINGS_MAX 100 /* kept of a row */
#define TOKENS_MAX 16    /* kept of a finding */

struct finding {
    const struct tscope_corpus_fact *first; /* the others stand behind it */
    size_t facts, tokens;                   /* tokens: those too of which no fact is kept */
    struct tscope_corpus_weight weight;
};

struct tscope_corpus {
    struct tscope_arena arena; /* places, paths, shapes */
    size_t tokens_max, tokens, left_out, findings_left_out;
    const char *path; /* the last one, in the arena */
    struct tscope_corpus_fact *facts;
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
    tscope_free(corpus->facts);
    tscope_free(corpus->findings);
    tscope_free(corpus);
}

/* The path in the arena, which is mostly that of the token before. */
static bool
find_place(tscope_corpus *corpus, const tscope_report *report, struct tscope_corpus_place *ret_place)
{
    if (report->source_path && (!corpus->path || strcmp(corpus->path, report->source_path) != 0)) {
        struct tscope_span path = tscope_arena_copy(&corpus->arena, tscope_span_text(report->source_path));

        if (!path.data)
            return false;
        corpus->path = (const char *)path.data;
    }
    ret_place->path = report->source_path ? corpus->path : NULL;
    ret_place->offset = tscope_report_offset(report);
    return tscope_inspection_digest(&report->root, ret_place->sha256);
}

static bool
make_room(tscope_corpus *corpus, size_t more)
{
    size_t capacity = corpus->facts_capacity ? corpus->facts_capacity * 2 : 64;
    struct tscope_corpus_fact *grown;

    if (corpus->facts_capacity - corpus->facts_len >= more)
        return true;
    grown = capacity < SIZE_MAX / sizeof(*grown) ? tscope_realloc(corpus->facts, capacity * sizeof(*grown)) : NULL;
    if (!grown)
        return false;
    corpus->facts = grown;
    corpus->facts_capacity = capacity;
    return true;
}

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

/* All of it, or nothing. */
static bool
keep(tscope_corpus *corpus, const struct tscope_corpus_gathering *gathering)
{
    struct tscope_corpus_place place, *kept = NULL;

    if (!find_place(corpus, gathering->report, &place) || !make_room(corpus, gathering->facts_len))
        return false;
    if (gathering->facts_len > 0) {
        kept = tscope_arena_alloc(&corpus->arena, sizeof(*kept));
        if (!kept)
            return false;
        *kept = place;
    }
    if (!tscope_is_sealed(gathering->report->root.token) && !keep_company(corpus, gathering, &place))
        return false;
    for (size_t i = 0; i < gathering->facts_len; i++) {
        corpus->facts[corpus->facts_len] = gathering->facts[i];
        corpus->facts[corpus->facts_len++].place = kept;
    }
    return true;
}

enum tscope_status
tscope_corpus_add(tscope_corpus *corpus, const tscope_report *report, uint64_t first_line, struct tscope_error *err)
{
    const struct tscope_inspection *inspection = &report->root;
    struct tscope_corpus_gathering gathering = {
        .crypto = tscope_keyring_crypto(report->keyring), .report = report, .first_line = first_line ? first_line : 1};

    if (corpus->finished)
        return tscope_error_set(err, TSCOPE_ERR_STATE, TSCOPE_OFFSET_NONE, "the corpus is finished");
    if (corpus->tokens - corpus->left_out >= corpus->tokens_max) {
        corpus->tokens++;
        corpus->left_out++;
        return TSCOPE_OK;
    }
    if (tscope_is_sealed(inspection->token)) {
        tscope_corpus_state_iv(&gathering);
    } else {
        tscope_corpus_state_signature(&gathering);
        tscope_corpus_state_ids(&gathering);
    }
    if (gathering.failed || !keep(corpus, &gathering))
        return tscope_error_no_memory(err);
    corpus->tokens++;
    return TSCOPE_OK;
}

void
tscope_corpus_set_recovery(tscope_corpus *corpus, size_t attempts, tscope_recovery_watch watch, void *user)
{
    corpus->signers.attempts = attempts;
    corpus->signers.watch = watch;
    corpus->signers.user = user;
}

/* All of them, or none. */
static enum tscope_status
state_signers(tscope_corpus *corpus, struct tscope_error *err)
{
    size_t before = corpus->facts_len;
    enum tscope_status status = corpus->has_signers ? TSCOPE_OK : tscope_corpus_signers_find(&corpus->signers, err);

    for (size_t i = 0; status == TSCOPE_OK && !corpus->has_signers && i < tscope_corpus_signers_len(&corpus->signers); i++) {
        struct tscope_corpus_fact fact;
        bool has;

        if (!tscope_corpus_signers_fact(&corpus->signers, i, &corpus->arena, &fact, &has) || !make_room(corpus, 1))
            status = tscope_error_no_memory(err);
        else if (has)
            corpus->facts[corpus->facts_len++] = fact;
    }
    if (status != TSCOPE_OK)
        corpus->facts_len = before;
    else
        corpus->has_signers = true;
    return status;
}

static int
compare_groups(const struct tscope_corpus_fact *a, const struct tscope_corpus_fact *b)
{
    return a->row != b->row ? (a->row < b->row ? -1 : 1) : memcmp(a->group, b->group, sizeof(a->group));
}

static int
compare_facts(const void *left, const void *right)
{
    const struct tscope_corpus_fact *a = left, *b = right;
    int order = compare_groups(a, b);

    return order ? order : tscope_corpus_place_compare(a->place, b->place);
}

static bool
has_other_member(const struct tscope_corpus_fact *fact, const struct tscope_corpus_fact *other)
{
    return memcmp(fact->member, other->member, sizeof(fact->member)) != 0;
}

static bool
is_other_in_all(const struct tscope_corpus_fact *fact, const struct tscope_corpus_fact *other)
{
    return has_other_member(fact, other) && memcmp(fact->essence, other->essence, sizeof(fact->essence)) != 0;
}

/* The group that begins with a fact; the weight of what differs in it. */
static struct finding
group_at(const tscope_corpus *corpus, size_t at)
{
    const struct tscope_corpus_fact *first = &corpus->facts[at];
    struct finding finding = {.first = first, .facts = 1};
    bool differs = false, is_other = false;

    for (; at + finding.facts < corpus->facts_len && compare_groups(first, &first[finding.facts]) == 0; finding.facts++) {
        differs |= has_other_member(first, &first[finding.facts]);
        is_other |= is_other_in_all(first, &first[finding.facts]);
    }
    finding.tokens = finding.facts;
    if (differs)
        finding.weight = is_other ? first->weight : first->alike;
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
        qsort(corpus->facts, corpus->facts_len, sizeof(*corpus->facts), compare_facts);
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
        corpus->findings[corpus->findings_len++] = (struct finding){odd[i].facts, odd[i].facts_len, odd[i].tokens, odd[i].facts[0].weight};
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
static const struct tscope_corpus_fact *
fact_of(const struct finding *finding, size_t number)
{
    bool (*differs)(const struct tscope_corpus_fact *, const struct tscope_corpus_fact *) =
        finding->weight.detail == finding->first->weight.detail ? is_other_in_all : has_other_member;

    if (number + 1 < TOKENS_MAX || finding->facts <= TOKENS_MAX)
        return &finding->first[number];
    for (size_t shown = 1; shown + 1 < TOKENS_MAX; shown++) {
        if (differs(finding->first, &finding->first[shown]))
            return &finding->first[number];
    }
    for (number = TOKENS_MAX - 1; number + 1 < finding->facts && !differs(finding->first, &finding->first[number]);)
        number++;
    return &finding->first[number];
}

bool
tscope_corpus_finding(const tscope_corpus *corpus, size_t number, struct tscope_corpus_view *ret_finding)
{
    const struct finding *finding;
    const struct tscope_check *check;

    if (number >= corpus->findings_len)
        return false;
    finding = &corpus->findings[number];
    check = &tscope_checks_corpus.checks[finding->first->row];
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
    const struct tscope_corpus_fact *fact;
    const struct tscope_corpus_place *place;

    if (finding >= corpus->findings_len || number >= corpus->findings[finding].facts || number >= TOKENS_MAX)
        return false;
    fact = fact_of(&corpus->findings[finding], number);
    place = fact->place;
    *ret_token = (struct tscope_corpus_token_view){
        .path = place->path,
        .offset = place->offset,
        .part = tscope_part_id_name(fact->proof.part),
        .pointer = fact->proof.pointer,
        .raw_offset = fact->proof.raw_offset,
        .raw_len = fact->proof.raw_len,
        .byte_offset = fact->proof.region.byte_offset,
        .byte_len = fact->proof.region.byte_len,
        .line = fact->proof.region.line,
        .column = fact->proof.region.column,
        .end_line = fact->proof.region.end_line,
        .end_column = fact->proof.region.end_column,
    };
    for (size_t i = 0; i < sizeof(place->sha256); i++) {
        ret_token->sha256[2 * i] = digits[place->sha256[i] >> 4];
        ret_token->sha256[2 * i + 1] = digits[place->sha256[i] & 15];
    }
    return true;
}
