/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include <tokenscope/history.h>

#include "core/alloc.h"
#include "core/error.h"
#include "core/json_writer.h"
#include "keys/ring.h"

/*
 * Two collections of keys, compared by what a verifier goes by: the kid, and the numbers behind it. What must not be
 * missed is a kid that names other numbers than before, because a verifier notices nothing.
 */

#define MEMBERS_MAX 64

struct difference {
    enum tscope_key_difference kind;
    const tscope_key *from, *to;
    char members[MEMBERS_MAX];
};

struct tscope_key_diff {
    struct difference *differences;
    size_t len, capacity;
    size_t same;
    const tscope_keyring *from, *to;
};

TSCOPE_DEFINE_AUTO(tscope_key_diff)

/* The keys of one side in order of kid and material, each pair once. */
struct side {
    const tscope_keyring *keyring;
    const tscope_key **keys;
    bool *is_single; /* no other form of it was left out */
    bool *is_paired;
    size_t len;
};

static void
clear_side(struct side *side)
{
    tscope_free(side->keys);
    tscope_free(side->is_single);
    tscope_free(side->is_paired);
}

void
tscope_key_diff_free(tscope_key_diff *diff)
{
    if (!diff)
        return;
    tscope_free(diff->differences);
    tscope_free(diff);
}

const char *
tscope_key_difference_id(enum tscope_key_difference kind)
{
    switch (kind) {
#define KIND_ID(name, number, id, words) \
    case TSCOPE_KEY_DIFFERENCE_##name:   \
        return id;
        TSCOPE_FOREACH_KEY_DIFFERENCE(KIND_ID)
#undef KIND_ID
    }
    return "?";
}

static int
compare_spans(struct tscope_span a, struct tscope_span b)
{
    size_t len = a.len < b.len ? a.len : b.len;
    int order = len ? memcmp(a.data, b.data, len) : 0;

    if (!order)
        order = (a.len > b.len) - (a.len < b.len);
    return order ? order : (a.data != NULL) - (b.data != NULL);
}

/* A key without thumbprint lacks numbers of its type, or has none we know: then what there is of them counts. */
static int
compare_material(const tscope_key *a, const tscope_key *b)
{
    const struct tscope_key_numbers *left = &a->numbers, *right = &b->numbers;
    const struct tscope_span pairs[][2] = {{left->n, right->n}, {left->e, right->e}, {left->x, right->x}, {left->y, right->y}};
    bool has_left = a->thumbprint_text[0], has_right = b->thumbprint_text[0];

    if (has_left || has_right)
        return has_left != has_right ? (has_left ? 1 : -1) : memcmp(a->thumbprint, b->thumbprint, sizeof(a->thumbprint));
    if (left->type != right->type)
        return left->type < right->type ? -1 : 1;
    if (left->curve != right->curve)
        return left->curve < right->curve ? -1 : 1;
    for (size_t i = 0; i < TSCOPE_COUNT(pairs); i++) {
        int order = compare_spans(pairs[i][0], pairs[i][1]);

        if (order)
            return order;
    }
    return 0;
}

static int
compare_keys(const tscope_key *a, const tscope_key *b)
{
    int order = compare_spans(a->kid, b->kid);

    return order ? order : compare_material(a, b);
}

static int
compare_pointers(const void *a, const void *b)
{
    const tscope_key *left = *(const tscope_key *const *)a, *right = *(const tscope_key *const *)b;
    int order = compare_keys(left, right);

    return order ? order : (left > right) - (left < right);
}

static enum tscope_status
read_side(const tscope_keyring *keyring, struct side *side, struct tscope_error *err)
{
    size_t count = tscope_keyring_count(keyring);

    *side = (struct side){.keyring = keyring};
    side->keys = tscope_alloc_zeroed(count, sizeof(*side->keys));
    side->is_single = tscope_alloc_zeroed(count, sizeof(*side->is_single));
    side->is_paired = tscope_alloc_zeroed(count, sizeof(*side->is_paired));
    if (!side->keys || !side->is_single || !side->is_paired)
        return tscope_error_no_memory(err);
    for (size_t i = 0; i < count; i++)
        side->keys[i] = tscope_keyring_key(keyring, i);
    if (count > 0)
        qsort(side->keys, count, sizeof(const tscope_key *), compare_pointers);
    for (size_t i = 0; i < count; i++) {
        bool repeats = side->len > 0 && compare_keys(side->keys[side->len - 1], side->keys[i]) == 0;

        if (repeats) {
            side->is_single[side->len - 1] = false;
            continue;
        }
        side->is_single[side->len] = true;
        side->keys[side->len++] = side->keys[i];
    }
    return TSCOPE_OK;
}

static enum tscope_status
add(tscope_key_diff *diff, enum tscope_key_difference kind, const tscope_key *from, const tscope_key *to, struct tscope_error *err)
{
    if (diff->len == diff->capacity) {
        size_t capacity = diff->capacity ? diff->capacity * 2 : 16;
        void *memory = tscope_realloc(diff->differences, capacity * sizeof(*diff->differences));

        if (!memory)
            return tscope_error_no_memory(err);
        diff->differences = memory;
        diff->capacity = capacity;
    }
    diff->differences[diff->len] = (struct difference){.kind = kind, .from = from, .to = to};
    diff->len++;
    return TSCOPE_OK;
}

static void
name_member(char members[MEMBERS_MAX], const char *name)
{
    size_t len = strlen(members), name_len = strlen(name), comma = len > 0 ? 2 : 0;

    if (len + comma + name_len >= MEMBERS_MAX)
        return;
    memcpy(members + len, ", ", comma);
    memcpy(members + len + comma, name, name_len + 1);
}

static struct tscope_span
certificate_of(const tscope_key *key)
{
    return key->certificate ? key->certificate->der : key->certificate_der;
}

/* What else a key says of itself. A history keeps less than a set, so what one side never keeps does not count. */
static void
compare_members(const tscope_key *from, const tscope_key *to, char members[MEMBERS_MAX])
{
    bool both_given = !from->history && !to->history;
    const struct {
        const char *name;
        struct tscope_span from, to;
        bool is_kept;
    } rows[] = {
        {"use", from->use, to->use, both_given},
        {"alg", from->alg, to->alg, both_given},
        {"issuer", from->issuer, to->issuer, true},
        {"x5t", from->x5t, to->x5t, true},
        {"certificate", certificate_of(from), certificate_of(to), true},
    };

    members[0] = '\0';
    for (size_t i = 0; i < TSCOPE_COUNT(rows); i++) {
        if (rows[i].is_kept && compare_spans(rows[i].from, rows[i].to) != 0)
            name_member(members, rows[i].name);
    }
    if (both_given && (from->has_key_ops != to->has_key_ops || from->key_ops != to->key_ops))
        name_member(members, "key_ops");
    if (from->has_private != to->has_private)
        name_member(members, "private part");
}

/* Pairs what is the same on both sides. */
static enum tscope_status
pair_same(tscope_key_diff *diff, struct side *from, struct side *to, struct tscope_error *err)
{
    char members[MEMBERS_MAX];

    for (size_t i = 0, k = 0; i < from->len && k < to->len;) {
        int order = compare_keys(from->keys[i], to->keys[k]);

        if (order == 0) {
            from->is_paired[i] = to->is_paired[k] = true;
            members[0] = '\0';
            if (from->is_single[i] && to->is_single[k])
                compare_members(from->keys[i], to->keys[k], members);
            diff->same += members[0] == '\0';
            if (members[0] && add(diff, TSCOPE_KEY_DIFFERENCE_ALTERED, from->keys[i], to->keys[k], err) != TSCOPE_OK)
                return TSCOPE_ERR_NO_MEMORY;
            if (members[0])
                memcpy(diff->differences[diff->len - 1].members, members, sizeof(members));
        }
        i += order <= 0;
        k += order >= 0;
    }
    return TSCOPE_OK;
}

/* The run of one kid in a side. Keys without one share nothing: each is a run of its own. */
static size_t
end_of_run(const struct side *side, size_t start)
{
    size_t end = start + 1;

    while (end < side->len && side->keys[start]->kid.data && compare_spans(side->keys[end]->kid, side->keys[start]->kid) == 0)
        end++;
    return end;
}

/*
 * Within one kid: what is new beside something that is gone, or beside a key that stays, has changed what the kid names.
 * Each of the new ones stands against one of the old.
 */
static enum tscope_status
pair_changed(tscope_key_diff *diff, struct side *from, size_t i, size_t i_end, struct side *to, size_t k, size_t k_end,
             struct tscope_error *err)
{
    const tscope_key *stays = from->keys[i];

    for (; k < k_end; k++) {
        if (to->is_paired[k])
            continue;
        while (i < i_end && from->is_paired[i])
            i++;
        if (add(diff, TSCOPE_KEY_DIFFERENCE_CHANGED, i < i_end ? from->keys[i] : stays, to->keys[k], err) != TSCOPE_OK)
            return TSCOPE_ERR_NO_MEMORY;
        to->is_paired[k] = true;
        if (i < i_end)
            from->is_paired[i] = true;
    }
    return TSCOPE_OK;
}

static enum tscope_status
pair_kids(tscope_key_diff *diff, struct side *from, struct side *to, struct tscope_error *err)
{
    enum tscope_status status = TSCOPE_OK;

    for (size_t i = 0, k = 0; i < from->len && k < to->len && status == TSCOPE_OK;) {
        int order = compare_spans(from->keys[i]->kid, to->keys[k]->kid);
        size_t i_end = end_of_run(from, i), k_end = end_of_run(to, k);

        if (order == 0 && from->keys[i]->kid.data)
            status = pair_changed(diff, from, i, i_end, to, k, k_end, err);
        i = order <= 0 ? i_end : i;
        k = order >= 0 ? k_end : k;
    }
    return status;
}

/* Where a key, or the form that stands for it, is among a side's. */
static size_t
place_of(const struct side *side, const tscope_key *key)
{
    size_t low = 0, high = side->len;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (compare_keys(side->keys[middle], key) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The key whose material this is: one that is gone from its kid, which it then explains, else one that stays. */
static const tscope_key *
take_material(struct side *side, const tscope_key *key)
{
    const tscope_key *form, *stays = NULL;
    uint32_t cursor = 0;

    while (key->thumbprint_text[0] && (form = tscope_keyring_next_by_thumbprint(side->keyring, key->thumbprint, &cursor))) {
        size_t place = place_of(side, form);

        if (!side->is_paired[place]) {
            side->is_paired[place] = true;
            return side->keys[place];
        }
        stays = stays ? stays : form;
    }
    return stays;
}

static enum tscope_status
add_rest(tscope_key_diff *diff, struct side *from, struct side *to, struct tscope_error *err)
{
    enum tscope_status status = TSCOPE_OK;

    for (size_t k = 0; k < to->len && status == TSCOPE_OK; k++) {
        const tscope_key *other = to->is_paired[k] ? NULL : take_material(from, to->keys[k]);
        enum tscope_key_difference kind = other ? TSCOPE_KEY_DIFFERENCE_RENAMED : TSCOPE_KEY_DIFFERENCE_ADDED;

        if (!to->is_paired[k])
            status = add(diff, kind, other, to->keys[k], err);
    }
    for (size_t i = 0; i < from->len && status == TSCOPE_OK; i++) {
        if (!from->is_paired[i])
            status = add(diff, TSCOPE_KEY_DIFFERENCE_REMOVED, from->keys[i], NULL, err);
    }
    return status;
}

static int
compare_differences(const void *a, const void *b)
{
    const struct difference *left = a, *right = b;
    const tscope_key *left_key = left->to ? left->to : left->from, *right_key = right->to ? right->to : right->from;

    if (left->kind != right->kind)
        return left->kind < right->kind ? -1 : 1;
    return compare_keys(left_key, right_key);
}

static enum tscope_status
compare_sides(tscope_key_diff *diff, struct side *from, struct side *to, struct tscope_error *err)
{
    enum tscope_status status = pair_same(diff, from, to, err);

    if (status == TSCOPE_OK)
        status = pair_kids(diff, from, to, err);
    if (status == TSCOPE_OK)
        status = add_rest(diff, from, to, err);
    if (status == TSCOPE_OK && diff->len > 0)
        qsort(diff->differences, diff->len, sizeof(*diff->differences), compare_differences);
    return status;
}

enum tscope_status
tscope_key_diff_new(const tscope_keyring *from, const tscope_keyring *to, tscope_key_diff **ret_diff, struct tscope_error *err)
{
    TSCOPE_AUTO(tscope_key_diff) *diff = NULL;
    struct side from_side = {0}, to_side = {0};
    enum tscope_status status;

    if (!from->frozen || !to->frozen)
        return tscope_error_set(err, TSCOPE_ERR_STATE, TSCOPE_OFFSET_NONE, "the keyring is not frozen");
    diff = tscope_alloc_zeroed(1, sizeof(*diff));
    if (!diff)
        return tscope_error_no_memory(err);
    diff->from = from;
    diff->to = to;
    status = read_side(from, &from_side, err);
    if (status == TSCOPE_OK)
        status = read_side(to, &to_side, err);
    if (status == TSCOPE_OK)
        status = compare_sides(diff, &from_side, &to_side, err);
    clear_side(&from_side);
    clear_side(&to_side);
    if (status != TSCOPE_OK)
        return status;
    *ret_diff = TSCOPE_STEAL(diff);
    return TSCOPE_OK;
}

size_t
tscope_key_diff_count(const tscope_key_diff *diff)
{
    return diff->len;
}

size_t
tscope_key_diff_same(const tscope_key_diff *diff)
{
    return diff->same;
}

bool
tscope_key_diff_at(const tscope_key_diff *diff, size_t number, struct tscope_key_difference_view *ret_difference)
{
    const struct difference *difference;

    if (number >= diff->len)
        return false;
    difference = &diff->differences[number];
    *ret_difference = (struct tscope_key_difference_view){
        .kind = difference->kind,
        .from = difference->from,
        .to = difference->to,
        .members = difference->members[0] ? difference->members : NULL,
    };
    return true;
}

static void
write_key(struct tscope_json_writer *writer, const char *name, const tscope_key *key)
{
    if (!key)
        return;
    tscope_json_write_name(writer, name);
    tscope_json_write_object(writer);
    if (key->kid.data)
        tscope_json_write_named_string(writer, "kid", key->kid);
    tscope_json_write_named_text(writer, "kty", tscope_key_type(key));
    if (tscope_key_bits(key))
        tscope_json_write_named_integer(writer, "bits", (int64_t)tscope_key_bits(key));
    if (tscope_key_thumbprint(key))
        tscope_json_write_named_text(writer, "thumbprint", tscope_key_thumbprint(key));
    if (tscope_key_family(key))
        tscope_json_write_named_text(writer, "family", tscope_key_family(key));
    if (tscope_key_unusable(key))
        tscope_json_write_named_text(writer, "unusable", tscope_key_unusable(key));
    tscope_json_write_named_string(writer, "source", key->source);
    tscope_json_write_object_end(writer);
}

static void
write_kind(struct tscope_json_writer *writer, const tscope_key_diff *diff, enum tscope_key_difference kind)
{
    tscope_json_write_name(writer, tscope_key_difference_id(kind));
    tscope_json_write_array(writer);
    for (size_t i = 0; i < diff->len; i++) {
        const struct difference *difference = &diff->differences[i];

        if (difference->kind != kind)
            continue;
        tscope_json_write_object(writer);
        write_key(writer, "from", difference->from);
        write_key(writer, "to", difference->to);
        if (difference->members[0])
            tscope_json_write_named_text(writer, "members", difference->members);
        tscope_json_write_object_end(writer);
    }
    tscope_json_write_array_end(writer);
}

enum tscope_status
tscope_key_diff_json(const tscope_key_diff *diff, bool pretty, char **ret_json, size_t *ret_len, struct tscope_error *err)
{
    struct tscope_buffer buffer = {0};
    struct tscope_json_writer writer;
    char *json;

    tscope_json_writer_init(&writer, &buffer, pretty);
    tscope_json_write_object(&writer);
    tscope_json_write_named_text(&writer, "schema", "tokenscope.key-diff/1");
    tscope_json_write_named_integer(&writer, "from_keys", (int64_t)tscope_keyring_count(diff->from));
    tscope_json_write_named_integer(&writer, "to_keys", (int64_t)tscope_keyring_count(diff->to));
    tscope_json_write_named_integer(&writer, "same", (int64_t)diff->same);
#define WRITE_KIND(name, number, id, words) write_kind(&writer, diff, TSCOPE_KEY_DIFFERENCE_##name);
    TSCOPE_FOREACH_KEY_DIFFERENCE(WRITE_KIND)
#undef WRITE_KIND
    tscope_json_write_object_end(&writer);
    json = tscope_buffer_steal(&buffer, ret_len);
    tscope_buffer_clear(&buffer);
    if (!json)
        return tscope_error_no_memory(err);
    *ret_json = json;
    return TSCOPE_OK;
}
