/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "core/alloc.h"
#include "core/text.h"
#include "keys/history_lint.h"

/* Each row of a history by itself: is all there, does it name what there is? */

#define NOTHING ((struct tscope_span){NULL, 0})

static const char *const members[TSCOPE_HISTORY_MEMBERS] = {"keys",      "endpoints", "coverage", "snapshots",
                                                            "sightings", "absences",  "notices"};

typedef void read_row(tscope_history_lint *lint, const struct tscope_value *row, uint32_t number);

size_t
tscope_history_lint_rows(const tscope_history_lint *lint, const char *member)
{
    for (size_t i = 0; i < TSCOPE_HISTORY_MEMBERS; i++) {
        if (strcmp(members[i], member) == 0)
            return lint->rows[i];
    }
    return 0;
}

static const struct tscope_value *
member_of(const tscope_history_lint *lint, const struct tscope_value *row, const char *name)
{
    return tscope_json_member(&lint->json, row, name);
}

static bool
is_nothing(const struct tscope_value *value)
{
    return !value || value->type == TSCOPE_JSON_NULL;
}

static struct tscope_span
text_of(tscope_history_lint *lint, const struct tscope_value *value)
{
    struct tscope_span text = tscope_json_string(&lint->json, value, &lint->scratch);

    if (value && value->type == TSCOPE_JSON_STRING && !text.data)
        lint->failed = true;
    return text;
}

/* A member that has to be a string, or may be absent. */
static struct tscope_span
read_text(tscope_history_lint *lint, const struct tscope_value *row, const char *name, bool needed)
{
    const struct tscope_value *value = member_of(lint, row, name);

    if (is_nothing(value) ? needed : value->type != TSCOPE_JSON_STRING)
        tscope_history_lint_note(lint, TSCOPE_HISTORY_FAULT_SHAPE, value ? value : row, "a text is needed in", tscope_span_text(name));
    return text_of(lint, value);
}

/* TSCOPE_TIME_NONE: none, or none that can be read, which is noted. */
static int64_t
read_time(tscope_history_lint *lint, const struct tscope_value *row, const char *name, bool needed)
{
    const int64_t first = -62167219200, last = 253402300799; /* as the reader: years 0000 to 9999 */
    const struct tscope_value *value = member_of(lint, row, name);
    int64_t time = TSCOPE_TIME_NONE;
    bool is_time;

    if (is_nothing(value)) {
        if (needed)
            tscope_history_lint_note(lint, TSCOPE_HISTORY_FAULT_TIME, row, "a time is needed in", tscope_span_text(name));
        return TSCOPE_TIME_NONE;
    }
    is_time =
        value->type == TSCOPE_JSON_STRING ? tscope_time_parse(text_of(lint, value), &time) : tscope_json_integer(&lint->json, value, &time);
    if (!is_time || time < first || time > last) {
        tscope_history_lint_note(lint, TSCOPE_HISTORY_FAULT_TIME, value, "no time", tscope_json_raw(&lint->json, value));
        return TSCOPE_TIME_NONE;
    }
    return time;
}

/* Something that was seen: nobody sees what is yet to come. */
static int64_t
read_seen(tscope_history_lint *lint, const struct tscope_value *row, const char *name, bool needed)
{
    int64_t time = read_time(lint, row, name, needed);

    if (time != TSCOPE_TIME_NONE && lint->now != TSCOPE_TIME_NONE && time > lint->now) {
        const struct tscope_value *value = member_of(lint, row, name);

        tscope_history_lint_note(lint, TSCOPE_HISTORY_FAULT_FUTURE, value, NULL, tscope_json_raw(&lint->json, value));
    }
    return time;
}

static int
compare_texts(struct tscope_span a, struct tscope_span b)
{
    size_t len = a.len < b.len ? a.len : b.len;
    int order = len ? memcmp(a.data, b.data, len) : 0;

    return order ? order : (a.len > b.len) - (a.len < b.len);
}

static int
compare_ids(const void *a, const void *b)
{
    const struct tscope_lint_id *left = a, *right = b;
    int order = compare_texts(left->text, right->text);

    return order ? order : (left->number > right->number) - (left->number < right->number);
}

/* False when there is no such one, which is noted. */
static bool
find_id(tscope_history_lint *lint, enum tscope_history_member of, const struct tscope_value *value, const struct tscope_value *row,
        uint32_t *ret_number)
{
    const struct tscope_lint_ids *ids = &lint->ids[of];
    struct tscope_span text = text_of(lint, value);
    uint32_t low = 0, high = ids->len;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;

        if (compare_texts(ids->rows[middle].text, text) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    if (text.data && low < ids->len && tscope_span_equal(ids->rows[low].text, text)) {
        *ret_number = ids->rows[low].number;
        return true;
    }
    tscope_history_lint_note(lint, of == TSCOPE_HISTORY_KEYS ? TSCOPE_HISTORY_FAULT_UNKNOWN_KEY : TSCOPE_HISTORY_FAULT_UNKNOWN_ENDPOINT,
                             value ? value : row, NULL, text);
    return false;
}

static bool
find_endpoint(tscope_history_lint *lint, const struct tscope_value *row, uint32_t *ret_endpoint)
{
    return find_id(lint, TSCOPE_HISTORY_ENDPOINTS, member_of(lint, row, "endpoint"), row, ret_endpoint);
}

static bool
find_key(tscope_history_lint *lint, const struct tscope_value *row, uint32_t *ret_key)
{
    return find_id(lint, TSCOPE_HISTORY_KEYS, member_of(lint, row, "key"), row, ret_key);
}

static void
add_event(tscope_history_lint *lint, uint32_t endpoint, uint32_t key, int64_t at, bool listed, const struct tscope_value *value)
{
    struct tscope_lint_event *events =
        tscope_history_lint_grow(lint, lint->events, lint->events_len, &lint->events_capacity, sizeof(*events));

    if (!events)
        return;
    lint->events = events;
    events[lint->events_len] = (struct tscope_lint_event){endpoint, key, at, listed, (uint32_t)(value - lint->json.values)};
    lint->events_len++;
}

/* ---- rows */

static void
read_id(tscope_history_lint *lint, const struct tscope_value *row, uint32_t number, enum tscope_history_member of)
{
    struct tscope_span id = read_text(lint, row, "id", true);
    struct tscope_lint_ids *ids = &lint->ids[of];

    if (!id.data)
        return;
    ids->rows[ids->len] = (struct tscope_lint_id){id, number, (uint32_t)(member_of(lint, row, "id") - lint->json.values)};
    ids->len++;
}

static void
read_key(tscope_history_lint *lint, const struct tscope_value *row, uint32_t number)
{
    const struct tscope_value *jwk = member_of(lint, row, "jwk");

    read_id(lint, row, number, TSCOPE_HISTORY_KEYS);
    if (!jwk || jwk->type != TSCOPE_JSON_OBJECT)
        tscope_history_lint_note(lint, TSCOPE_HISTORY_FAULT_SHAPE, jwk ? jwk : row, "a JWK is needed in 'jwk'", NOTHING);
    read_text(lint, row, "certificate", false);
}

static void
read_endpoint(tscope_history_lint *lint, const struct tscope_value *row, uint32_t number)
{
    const struct tscope_value *families = member_of(lint, row, "families");

    read_id(lint, row, number, TSCOPE_HISTORY_ENDPOINTS);
    read_text(lint, row, "url", false);
    read_text(lint, row, "issuer", false);
    if (families && families->type != TSCOPE_JSON_ARRAY)
        tscope_history_lint_note(lint, TSCOPE_HISTORY_FAULT_SHAPE, families, "a list is needed in 'families'", NOTHING);
}

static void
read_coverage(tscope_history_lint *lint, const struct tscope_value *row, uint32_t number)
{
    struct tscope_lint_period *periods =
        tscope_history_lint_grow(lint, lint->periods, lint->periods_len, &lint->periods_capacity, sizeof(*periods));
    const struct tscope_value *step = member_of(lint, row, "largest_step");
    int64_t from = read_seen(lint, row, "from", true), to = read_seen(lint, row, "to", true), seconds = 0;
    uint32_t endpoint;
    bool found = find_endpoint(lint, row, &endpoint);

    (void)number;
    if (!step || !tscope_json_integer(&lint->json, step, &seconds) || seconds < 0)
        tscope_history_lint_note(lint, TSCOPE_HISTORY_FAULT_SHAPE, step ? step : row, "a number of seconds is needed in 'largest_step'",
                                 NOTHING);
    if (from == TSCOPE_TIME_NONE || to == TSCOPE_TIME_NONE)
        return;
    if (from > to)
        tscope_history_lint_note(lint, TSCOPE_HISTORY_FAULT_TIME, row, "a period that ends before it begins", NOTHING);
    else if (seconds > to - from)
        tscope_history_lint_note(lint, TSCOPE_HISTORY_FAULT_STEP, step, NULL, NOTHING);
    if (!found || !periods || from > to)
        return;
    lint->periods = periods;
    periods[lint->periods_len] = (struct tscope_lint_period){endpoint, from, to, to, (uint32_t)(row - lint->json.values)};
    lint->periods_len++;
}

static int
compare_numbers(const void *a, const void *b)
{
    uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;

    return (left > right) - (left < right);
}

static void
note_repeats(tscope_history_lint *lint, const struct tscope_value *list, struct tscope_lint_set *set, uint32_t *keys, uint32_t len)
{
    uint32_t kept = 0;

    if (len)
        qsort(keys, len, sizeof(*keys), compare_numbers);
    for (uint32_t i = 0; i < len; i++) {
        if (kept == 0 || keys[kept - 1] != keys[i])
            keys[kept++] = keys[i];
    }
    if (kept < len)
        tscope_history_lint_note(lint, TSCOPE_HISTORY_FAULT_SET_TWICE, list, "a key stands twice in the set", NOTHING);
    set->keys = keys;
    set->keys_len = kept;
}

static void
read_set(tscope_history_lint *lint, const struct tscope_value *list, struct tscope_lint_set *set, bool can_count)
{
    uint32_t *keys = tscope_arena_zeroed(&lint->scratch, list->count, sizeof(*keys)), len = 0;

    if (!keys) {
        lint->failed = true;
        return;
    }
    for (const struct tscope_value *item = tscope_json_first(&lint->json, list); item; item = tscope_json_next(&lint->json, item)) {
        if (!find_id(lint, TSCOPE_HISTORY_KEYS, item, item, &keys[len]))
            continue;
        if (can_count)
            add_event(lint, set->endpoint, keys[len], set->at, true, item);
        len++;
    }
    if (list->count == 0)
        tscope_history_lint_note(lint, TSCOPE_HISTORY_FAULT_EMPTY_SET, list, NULL, NOTHING);
    note_repeats(lint, list, set, keys, len);
}

static void
read_snapshot(tscope_history_lint *lint, const struct tscope_value *row, uint32_t number)
{
    struct tscope_lint_set *sets = tscope_history_lint_grow(lint, lint->sets, lint->sets_len, &lint->sets_capacity, sizeof(*sets));
    const struct tscope_value *list = member_of(lint, row, "keys");
    struct tscope_lint_set set = {.at = read_seen(lint, row, "observed_at", true), .value = (uint32_t)(row - lint->json.values)};
    bool can_count = find_endpoint(lint, row, &set.endpoint) && set.at != TSCOPE_TIME_NONE;

    (void)number;
    read_text(lint, row, "source", false);
    if (!list || list->type != TSCOPE_JSON_ARRAY) {
        tscope_history_lint_note(lint, TSCOPE_HISTORY_FAULT_SHAPE, list ? list : row, "a list is needed in 'keys'", NOTHING);
        return;
    }
    read_set(lint, list, &set, can_count);
    if (!sets || !can_count)
        return;
    lint->sets = sets;
    sets[lint->sets_len] = set;
    lint->sets_len++;
}

static void
read_sighting(tscope_history_lint *lint, const struct tscope_value *row, uint32_t number)
{
    const struct tscope_value *kind = member_of(lint, row, "kind"), *endpoint = member_of(lint, row, "endpoint");
    bool is_archive = tscope_json_string_is(&lint->json, kind, "archive");
    int64_t at = read_seen(lint, row, "at", false);
    uint32_t key, where = 0;
    bool found = find_key(lint, row, &key), has_endpoint = !is_nothing(endpoint) && find_endpoint(lint, row, &where);

    (void)number;
    read_text(lint, row, "source", false);
    if (!is_archive && !tscope_json_string_is(&lint->json, kind, "sample") && !tscope_json_string_is(&lint->json, kind, "cited"))
        tscope_history_lint_note(lint, TSCOPE_HISTORY_FAULT_SHAPE, kind ? kind : row, "'kind' is archive, sample or cited", NOTHING);
    if (found && is_archive && has_endpoint && at != TSCOPE_TIME_NONE)
        add_event(lint, where, key, at, true, row);
}

static void
read_absence(tscope_history_lint *lint, const struct tscope_value *row, uint32_t number)
{
    int64_t at = read_seen(lint, row, "at", true);
    uint32_t key, endpoint;
    bool found = find_key(lint, row, &key), has_endpoint = find_endpoint(lint, row, &endpoint);

    (void)number;
    read_text(lint, row, "source", false);
    if (found && has_endpoint && at != TSCOPE_TIME_NONE)
        add_event(lint, endpoint, key, at, false, row);
}

/* First exposed, then misused, then withdrawn, as far as it is known. */
static void
read_notice(tscope_history_lint *lint, const struct tscope_value *row, uint32_t number)
{
    static const char *const statuses[] = {"compromised", "sample", "test", "withdrawn"};
    const struct tscope_value *status = member_of(lint, row, "status");
    int64_t exposed = read_time(lint, row, "exposed_from", false), abused = read_time(lint, row, "abuse_first_known", false);
    int64_t withdrawn = read_time(lint, row, "withdrawn_at", false);
    bool known = false;
    uint32_t key;

    (void)number;
    find_key(lint, row, &key);
    for (size_t i = 0; i < TSCOPE_COUNT(statuses); i++)
        known = known || tscope_json_string_is(&lint->json, status, statuses[i]);
    if (!known)
        tscope_history_lint_note(lint, TSCOPE_HISTORY_FAULT_SHAPE, status ? status : row,
                                 "'status' is compromised, sample, test or withdrawn", NOTHING);
    if ((exposed != TSCOPE_TIME_NONE && abused != TSCOPE_TIME_NONE && abused < exposed) ||
        (exposed != TSCOPE_TIME_NONE && withdrawn != TSCOPE_TIME_NONE && withdrawn < exposed))
        tscope_history_lint_note(lint, TSCOPE_HISTORY_FAULT_NOTICE_ORDER, row, "misused or withdrawn before it was exposed", NOTHING);
}

/* ---- the file */

static void
sort_ids(tscope_history_lint *lint, enum tscope_history_member of)
{
    struct tscope_lint_ids *ids = &lint->ids[of];

    if (ids->len)
        qsort(ids->rows, ids->len, sizeof(*ids->rows), compare_ids);
    for (uint32_t i = 1; i < ids->len; i++) {
        if (tscope_span_equal(ids->rows[i - 1].text, ids->rows[i].text))
            tscope_history_lint_note(lint, TSCOPE_HISTORY_FAULT_DUPLICATE_ID, &lint->json.values[ids->rows[i].value], NULL,
                                     ids->rows[i].text);
    }
}

static void
read_member(tscope_history_lint *lint, enum tscope_history_member of, read_row *read)
{
    const struct tscope_value *list = member_of(lint, tscope_json_root(&lint->json), members[of]);
    uint32_t number = 0;

    if (!list)
        return;
    if (list->type != TSCOPE_JSON_ARRAY) {
        tscope_history_lint_note(lint, TSCOPE_HISTORY_FAULT_SHAPE, list, "no list", tscope_span_text(members[of]));
        return;
    }
    lint->rows[of] = list->count;
    if (of <= TSCOPE_HISTORY_ENDPOINTS) {
        lint->ids[of].rows = tscope_arena_zeroed(&lint->scratch, list->count, sizeof(struct tscope_lint_id));
        lint->failed |= !lint->ids[of].rows;
    }
    for (const struct tscope_value *row = tscope_json_first(&lint->json, list); row && !lint->failed;
         row = tscope_json_next(&lint->json, row)) {
        if (row->type == TSCOPE_JSON_OBJECT)
            read(lint, row, number);
        else
            tscope_history_lint_note(lint, TSCOPE_HISTORY_FAULT_SHAPE, row, "a row that is no object", NOTHING);
        number++;
    }
}

void
tscope_history_lint_members(tscope_history_lint *lint)
{
    const struct tscope_value *root = tscope_json_root(&lint->json);

    if (!tscope_json_string_is(&lint->json, member_of(lint, root, "format"), "tokenscope-key-history/1"))
        tscope_history_lint_note(lint, TSCOPE_HISTORY_FAULT_SHAPE, root, "'format' is not tokenscope-key-history/1", NOTHING);
    read_member(lint, TSCOPE_HISTORY_KEYS, read_key);
    sort_ids(lint, TSCOPE_HISTORY_KEYS);
    read_member(lint, TSCOPE_HISTORY_ENDPOINTS, read_endpoint);
    sort_ids(lint, TSCOPE_HISTORY_ENDPOINTS);
    read_member(lint, TSCOPE_HISTORY_COVERAGE, read_coverage);
    read_member(lint, TSCOPE_HISTORY_SNAPSHOTS, read_snapshot);
    read_member(lint, TSCOPE_HISTORY_SIGHTINGS, read_sighting);
    read_member(lint, TSCOPE_HISTORY_ABSENCES, read_absence);
    read_member(lint, TSCOPE_HISTORY_NOTICES, read_notice);
}
