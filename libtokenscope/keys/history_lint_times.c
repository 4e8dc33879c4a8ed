/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "core/alloc.h"
#include "keys/history_lint.h"
#include "keys/history_walk.h"

/* Rows of a history against each other: what two of them say that cannot both be so, or that makes little sense together. */

#define NOTHING ((struct tscope_span){NULL, 0})

static const struct tscope_value *
value_of(const tscope_history_lint *lint, uint32_t value)
{
    return &lint->json.values[value];
}

static int
compare_uint(uint32_t a, uint32_t b)
{
    return (a > b) - (a < b);
}

static int
compare_time(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

/* ---- what an archive saw of one key */

static int
compare_events(const void *a, const void *b)
{
    const struct tscope_lint_event *left = a, *right = b;
    int order = compare_uint(left->endpoint, right->endpoint);

    if (!order)
        order = compare_uint(left->key, right->key);
    if (!order)
        order = compare_time(left->at, right->at);
    return order ? order : compare_uint(left->value, right->value);
}

/* A period of coverage holds both, or they are so near that no set is missing between them. */
static bool
are_joined(const tscope_history_lint *lint, const struct tscope_lint_event *a, const struct tscope_lint_event *b)
{
    uint32_t low = 0, high = lint->periods_len;

    if (b->at - a->at <= TSCOPE_HISTORY_STEP)
        return true;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        const struct tscope_lint_period *period = &lint->periods[middle];

        if (period->endpoint < a->endpoint || (period->endpoint == a->endpoint && period->from <= a->at))
            low = middle + 1;
        else
            high = middle;
    }
    return low > 0 && lint->periods[low - 1].endpoint == a->endpoint && lint->periods[low - 1].reach >= b->at;
}

/* The events of one key at one endpoint. */
static void
judge_run(tscope_history_lint *lint, const struct tscope_lint_event *run, uint32_t len)
{
    const struct tscope_lint_event *before = NULL, *missing = NULL;

    for (uint32_t i = 0; i < len; i++) {
        bool same_moment = i > 0 && run[i - 1].at == run[i].at;

        if (same_moment && run[i - 1].listed != run[i].listed)
            tscope_history_lint_note(lint, TSCOPE_HISTORY_FAULT_CONTRADICTION, value_of(lint, run[i].value), NULL, NOTHING);
        if (!run[i].listed) {
            missing = missing ? missing : &run[i];
            continue;
        }
        if (before && missing && missing->at > before->at && missing->at < run[i].at && are_joined(lint, before, &run[i]))
            tscope_history_lint_note(lint, TSCOPE_HISTORY_FAULT_ABSENT_BETWEEN, value_of(lint, missing->value), NULL, NOTHING);
        before = &run[i];
        missing = NULL;
    }
}

static void
judge_events(tscope_history_lint *lint)
{
    uint32_t end;

    if (lint->events_len)
        qsort(lint->events, lint->events_len, sizeof(*lint->events), compare_events);
    for (uint32_t start = 0; start < lint->events_len; start = end) {
        const struct tscope_lint_event *run = &lint->events[start];

        for (end = start + 1; end < lint->events_len && lint->events[end].endpoint == run->endpoint && lint->events[end].key == run->key;)
            end++;
        judge_run(lint, run, end - start);
    }
}

/* ---- complete sets */

static int
compare_sets(const void *a, const void *b)
{
    const struct tscope_lint_set *left = a, *right = b;
    int order = compare_uint(left->endpoint, right->endpoint);

    if (!order)
        order = compare_time(left->at, right->at);
    return order ? order : compare_uint(left->value, right->value);
}

static bool
are_same(const struct tscope_lint_set *a, const struct tscope_lint_set *b)
{
    return a->keys_len == b->keys_len && (a->keys_len == 0 || memcmp(a->keys, b->keys, a->keys_len * sizeof(*a->keys)) == 0);
}

static void
judge_sets(tscope_history_lint *lint)
{
    if (lint->sets_len)
        qsort(lint->sets, lint->sets_len, sizeof(*lint->sets), compare_sets);
    for (uint32_t i = 1; i < lint->sets_len; i++) {
        const struct tscope_lint_set *before = &lint->sets[i - 1], *set = &lint->sets[i];

        if (before->endpoint != set->endpoint || before->at != set->at)
            continue;
        tscope_history_lint_note(lint, are_same(before, set) ? TSCOPE_HISTORY_FAULT_SET_TWICE : TSCOPE_HISTORY_FAULT_TWO_SETS,
                                 value_of(lint, set->value), NULL, NOTHING);
    }
}

/* ---- coverage */

static int
compare_periods(const void *a, const void *b)
{
    const struct tscope_lint_period *left = a, *right = b;
    int order = compare_uint(left->endpoint, right->endpoint);

    if (!order)
        order = compare_time(left->from, right->from);
    return order ? order : compare_uint(left->value, right->value);
}

/* The moments of complete sets, in order of endpoint and time. */
struct moment {
    uint32_t endpoint;
    int64_t at;
};

static int
compare_moments(const void *a, const void *b)
{
    const struct moment *left = a, *right = b;
    int order = compare_uint(left->endpoint, right->endpoint);

    return order ? order : compare_time(left->at, right->at);
}

static bool
is_known(const struct moment *moments, size_t len, uint32_t endpoint, int64_t at)
{
    const struct moment sought = {endpoint, at};

    return len && bsearch(&sought, moments, len, sizeof(*moments), compare_moments);
}

static void
judge_ends(tscope_history_lint *lint)
{
    size_t len = 0;
    struct moment *moments = tscope_arena_zeroed(&lint->scratch, (size_t)lint->events_len + lint->sets_len, sizeof(*moments));

    if (!moments) {
        lint->failed = true;
        return;
    }
    for (uint32_t i = 0; i < lint->events_len; i++)
        moments[len++] = (struct moment){lint->events[i].endpoint, lint->events[i].at};
    for (uint32_t i = 0; i < lint->sets_len; i++)
        moments[len++] = (struct moment){lint->sets[i].endpoint, lint->sets[i].at};
    if (len)
        qsort(moments, len, sizeof(*moments), compare_moments);
    for (uint32_t i = 0; i < lint->periods_len; i++) {
        const struct tscope_lint_period *period = &lint->periods[i];

        if (!is_known(moments, len, period->endpoint, period->from) || !is_known(moments, len, period->endpoint, period->to))
            tscope_history_lint_note(lint, TSCOPE_HISTORY_FAULT_COVERAGE_END, value_of(lint, period->value), NULL, NOTHING);
    }
}

static void
judge_periods(tscope_history_lint *lint)
{
    int64_t reached = TSCOPE_TIME_NONE;

    if (lint->periods_len)
        qsort(lint->periods, lint->periods_len, sizeof(*lint->periods), compare_periods);
    for (uint32_t i = 0; i < lint->periods_len; i++) {
        struct tscope_lint_period *period = &lint->periods[i];

        if (i == 0 || lint->periods[i - 1].endpoint != period->endpoint)
            reached = TSCOPE_TIME_NONE;
        if (reached != TSCOPE_TIME_NONE && period->from < reached)
            tscope_history_lint_note(lint, TSCOPE_HISTORY_FAULT_OVERLAP, value_of(lint, period->value), NULL, NOTHING);
        reached = period->to > reached ? period->to : reached;
        period->reach = reached;
    }
    judge_ends(lint);
}

/* ---- keys */

/* A key by what it is compared with: texts as they are published. */
struct form {
    struct tscope_span kid, numbers[4], certificate;
    uint32_t value;
};

static int
compare_texts(struct tscope_span a, struct tscope_span b)
{
    size_t len = a.len < b.len ? a.len : b.len;
    int order = len ? memcmp(a.data, b.data, len) : 0;

    return order ? order : (a.len > b.len) - (a.len < b.len);
}

static int
compare_material(const struct form *a, const struct form *b)
{
    int order = 0;

    for (size_t i = 0; i < TSCOPE_COUNT(a->numbers) && !order; i++)
        order = compare_texts(a->numbers[i], b->numbers[i]);
    return order;
}

static int
compare_forms(const void *a, const void *b)
{
    const struct form *left = a, *right = b;
    int order = compare_texts(left->kid, right->kid);

    if (!order)
        order = compare_material(left, right);
    if (!order)
        order = compare_texts(left->certificate, right->certificate);
    return order ? order : compare_uint(left->value, right->value);
}

static struct form
read_form(tscope_history_lint *lint, const struct tscope_value *row)
{
    static const char *const names[] = {"n", "e", "x", "y"};
    const struct tscope_value *jwk = tscope_json_member(&lint->json, row, "jwk");
    struct form form = {.value = (uint32_t)(row - lint->json.values)};

    form.kid = tscope_json_string(&lint->json, tscope_json_member(&lint->json, jwk, "kid"), &lint->scratch);
    for (size_t i = 0; i < TSCOPE_COUNT(names); i++)
        form.numbers[i] = tscope_json_string(&lint->json, tscope_json_member(&lint->json, jwk, names[i]), &lint->scratch);
    form.certificate = tscope_json_string(&lint->json, tscope_json_member(&lint->json, row, "certificate"), &lint->scratch);
    return form;
}

static void
judge_keys(tscope_history_lint *lint)
{
    const struct tscope_value *list = tscope_json_member(&lint->json, tscope_json_root(&lint->json), "keys");
    struct form *forms = tscope_arena_zeroed(&lint->scratch, list ? list->count : 0, sizeof(*forms));
    size_t len = 0;

    if (!forms) {
        lint->failed = true;
        return;
    }
    for (const struct tscope_value *row = list ? tscope_json_first(&lint->json, list) : NULL; row; row = tscope_json_next(&lint->json, row))
        forms[len++] = read_form(lint, row);
    if (len)
        qsort(forms, len, sizeof(*forms), compare_forms);
    for (size_t i = 1; i < len; i++) {
        bool same_kid = forms[i].kid.data && forms[i - 1].kid.data && tscope_span_equal(forms[i].kid, forms[i - 1].kid);
        bool same_material = compare_material(&forms[i], &forms[i - 1]) == 0;
        uint32_t later = forms[i].value > forms[i - 1].value ? forms[i].value : forms[i - 1].value;

        if (same_kid && !same_material)
            tscope_history_lint_note(lint, TSCOPE_HISTORY_FAULT_KID_TWICE, value_of(lint, later), NULL, forms[i].kid);
        if (same_kid && same_material && compare_texts(forms[i].certificate, forms[i - 1].certificate) == 0)
            tscope_history_lint_note(lint, TSCOPE_HISTORY_FAULT_SAME_KEY, value_of(lint, later), NULL, forms[i].kid);
    }
}

/* ---- notices */

static uint32_t
number_of(const tscope_history_lint *lint, struct tscope_span id)
{
    for (uint32_t i = 0; i < lint->ids[TSCOPE_HISTORY_KEYS].len; i++) {
        if (tscope_span_equal(lint->ids[TSCOPE_HISTORY_KEYS].rows[i].text, id))
            return lint->ids[TSCOPE_HISTORY_KEYS].rows[i].number;
    }
    return TSCOPE_HISTORY_NONE;
}

static void
judge_notice(tscope_history_lint *lint, const struct tscope_value *row)
{
    const struct tscope_value *value = tscope_json_member(&lint->json, row, "withdrawn_at");
    struct tscope_span id = tscope_json_string(&lint->json, tscope_json_member(&lint->json, row, "key"), &lint->scratch);
    struct tscope_span text = tscope_json_string(&lint->json, value, &lint->scratch);
    uint32_t key = id.data ? number_of(lint, id) : TSCOPE_HISTORY_NONE;
    int64_t withdrawn;

    if (key == TSCOPE_HISTORY_NONE ||
        (!(text.data && tscope_time_parse(text, &withdrawn)) && !(value && tscope_json_integer(&lint->json, value, &withdrawn))))
        return;
    for (uint32_t i = 0; i < lint->events_len; i++) {
        if (lint->events[i].key == key && lint->events[i].listed && lint->events[i].at > withdrawn) {
            tscope_history_lint_note(lint, TSCOPE_HISTORY_FAULT_AFTER_WITHDRAWN, value_of(lint, lint->events[i].value), NULL, id);
            return;
        }
    }
}

/* There are few notices: each may look through all there is. */
#define NOTICES_MAX 1000

static void
judge_notices(tscope_history_lint *lint)
{
    const struct tscope_value *list = tscope_json_member(&lint->json, tscope_json_root(&lint->json), "notices");
    const struct tscope_value *row = list ? tscope_json_first(&lint->json, list) : NULL;

    for (size_t i = 0; row && i < NOTICES_MAX; i++, row = tscope_json_next(&lint->json, row))
        judge_notice(lint, row);
}

void
tscope_history_lint_times(tscope_history_lint *lint)
{
    judge_periods(lint); /* which puts them in order */
    judge_events(lint);
    judge_sets(lint);
    judge_keys(lint);
    judge_notices(lint);
}
