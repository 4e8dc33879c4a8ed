/* SPDX-License-Identifier: Apache-2.0 */
#include "checks/repeated_names.h"

#include <stdlib.h>

#include "core/json_escape.h"

bool
tscope_names_equal(const struct tscope_json *json, const struct tscope_value *member, struct tscope_span text)
{
    return tscope_json_inside_is(tscope_json_name(json, member), member->flags & TSCOPE_VALUE_NAME_ESCAPED, text);
}

static const char *
words_for(enum tscope_part_id part)
{
    if (part == TSCOPE_PART_HEADER)
        return "the header";
    return part == TSCOPE_PART_PAYLOAD ? "the claims" : "the JSON form";
}

/* Both places of one name. */
static void
note(const tscope_subject *subject, struct tscope_member first, struct tscope_member second, const char *where,
     struct tscope_repeated_names *repeated)
{
    if (repeated->total++ == 0) {
        repeated->name = tscope_json_name(second.json, second.value);
        repeated->where = where;
    }
    if (repeated->evidence_len + 2 > TSCOPE_REPEATED_EVIDENCE_MAX)
        return;
    repeated->evidence[repeated->evidence_len++] = tscope_evidence_member(subject, first);
    repeated->evidence[repeated->evidence_len++] = tscope_evidence_member(subject, second);
}

/* The object a value is a member of: the nearest one in front of it that lies one level higher. */
static const struct tscope_value *
object_of(const struct tscope_json *json, const struct tscope_value *value)
{
    const struct tscope_value *object = value;

    while (object > json->values && object->depth >= value->depth)
        object--;
    return object;
}

/* data NULL: out of memory. */
static struct tscope_span
unescaped(const tscope_subject *subject, struct tscope_span name)
{
    struct tscope_buffer text = {.arena = subject->arena};

    tscope_json_unescape(name, &text);
    return tscope_buffer_keep(&text);
}

/* The first member of the object that has the name of this one. Names are compared as text; both may be escaped. */
static const struct tscope_value *
first_of_name(const tscope_subject *subject, const struct tscope_json *json, const struct tscope_value *member)
{
    struct tscope_span name = tscope_json_name(json, member);
    const struct tscope_value *value = tscope_json_first(json, object_of(json, member));

    if (member->flags & TSCOPE_VALUE_NAME_ESCAPED)
        name = unescaped(subject, name);
    while (value && value != member && (value->name_hash != member->name_hash || !name.data || !tscope_names_equal(json, value, name)))
        value = tscope_json_next(json, value);
    return value ? value : member;
}

void
tscope_repeated_names_find(const tscope_subject *subject, const struct tscope_json *json, enum tscope_part_id part,
                           struct tscope_repeated_names *repeated)
{
    if (json->flaws_total == 0)
        return; /* a repeated name is listed as a flaw, so almost every token ends here */
    for (uint32_t i = 0; i < json->values_len; i++) {
        const struct tscope_value *value = &json->values[i], *first = value;

        if (!(value->flags & TSCOPE_VALUE_DUPLICATE))
            continue;
        if (repeated->evidence_len + 2 <= TSCOPE_REPEATED_EVIDENCE_MAX)
            first = first_of_name(subject, json, value);
        note(subject, (struct tscope_member){json, first, part}, (struct tscope_member){json, value, part}, words_for(part), repeated);
    }
}

struct header_name {
    const struct tscope_json *json;
    const struct tscope_value *value;
    struct tscope_span text; /* unescaped */
    bool is_protected;
};

static int
compare_texts(struct tscope_span a, struct tscope_span b)
{
    size_t shorter = a.len < b.len ? a.len : b.len;
    int order = shorter ? memcmp(a.data, b.data, shorter) : 0;

    return order ? order : (a.len > b.len) - (a.len < b.len);
}

/* By name; of equal ones the protected first. */
static int
compare_names(const void *left, const void *right)
{
    const struct header_name *a = left, *b = right;
    int order = compare_texts(a->text, b->text);

    return order ? order : (int)b->is_protected - (int)a->is_protected;
}

static bool
collect(const tscope_subject *subject, const struct tscope_json *json, const struct tscope_value *object, bool is_protected,
        struct header_name *names, size_t *len)
{
    for (const struct tscope_value *value = tscope_json_first(json, object); value; value = tscope_json_next(json, value)) {
        struct header_name *name = &names[(*len)++];

        *name = (struct header_name){json, value, tscope_json_name(json, value), is_protected};
        if (value->flags & TSCOPE_VALUE_NAME_ESCAPED) {
            name->text = unescaped(subject, name->text);
            if (!name->text.data)
                return false;
        }
    }
    return true;
}

bool
tscope_repeated_names_compare(const tscope_subject *subject, struct tscope_repeated_names *repeated)
{
    const struct tscope_json *header = &subject->signature->header, *container = &subject->token->container;
    const struct tscope_value *root = tscope_json_root(header), *unprotected = subject->signature->unprotected;
    struct header_name *names;
    size_t len = 0;

    if (!root || !unprotected || root->type != TSCOPE_JSON_OBJECT || unprotected->type != TSCOPE_JSON_OBJECT)
        return true;
    names = tscope_arena_zeroed(subject->arena, (size_t)root->count + unprotected->count, sizeof(*names));
    if (!names || !collect(subject, header, root, true, names, &len) || !collect(subject, container, unprotected, false, names, &len))
        return false;
    /* sorted, because names are the token's and their number is only bounded by its size */
    qsort(names, len, sizeof(*names), compare_names);
    for (size_t i = 1; i < len; i++) {
        const struct header_name *first = &names[i - 1], *second = &names[i];

        if (first->is_protected && !second->is_protected && compare_texts(first->text, second->text) == 0)
            note(subject, (struct tscope_member){first->json, first->value, TSCOPE_PART_HEADER},
                 (struct tscope_member){second->json, second->value, TSCOPE_PART_UNPROTECTED}, "protected and unprotected header",
                 repeated);
    }
    return true;
}
