/* SPDX-License-Identifier: Apache-2.0 */
#include "profile/profile.h"

#include <jansson.h>

#include "core/alloc.h"
#include "core/error.h"
#include "core/text.h"
#include "keys/ring.h"

/* The shape of the file; docs/profiles.md describes it, and scripts/generate-profile-table reads the same. */

#define FORMAT "tokenscope-profile/1"
#define ROWS_MAX 4096
#define TEXT_MAX 512
#define NAME_MAX_LEN 32
#define LIFE_LIMIT (INT64_C(100) * 366 * 86400)

/* What a family says of the tokens of its issuers. */
struct family {
    struct tscope_span name;
    int64_t life_min, life_max;
    struct tscope_profile_kid kid;
    bool secrets;
};

struct pool {
    const char *name;
    const struct tscope_profile_pool *rows;
    size_t rows_len;
};

struct reader {
    const char *name;
    json_t *root;
    struct tscope_arena *arena;
    struct tscope_error *err;
    struct tscope_profile_table *table;
    struct family *families;
    struct pool *pools;
    size_t pools_len;
};

/* Where in the file: "issuers[3]", or "families[0].kid" with a part. */
struct place {
    const char *what;
    size_t number;
    const char *part; /* NULL: the row itself */
};

static enum tscope_status
refuse(const struct reader *reader, struct place place, const char *member, const char *problem)
{
    return tscope_error_set(reader->err, TSCOPE_ERR_DATA, TSCOPE_OFFSET_NONE, "%s: %s[%zu]%s%s%s%s: %s", reader->name, place.what,
                            place.number, place.part ? "." : "", place.part ? place.part : "", member ? "." : "", member ? member : "",
                            problem);
}

static enum tscope_status
refuse_root(const struct reader *reader, const char *member, const char *problem)
{
    return tscope_error_set(reader->err, TSCOPE_ERR_DATA, TSCOPE_OFFSET_NONE, "%s: %s: %s", reader->name, member, problem);
}

static bool
is_one_of(const char *word, const char *const *words)
{
    while (*words && strcmp(*words, word) != 0)
        words++;
    return *words;
}

/* A name that nobody knows is a slip that would change what is found. */
static enum tscope_status
check_members(const struct reader *reader, struct place place, json_t *row, const char *const *known)
{
    const char *name;
    json_t *value;

    if (!json_is_object(row))
        return refuse(reader, place, NULL, "not an object");
    json_object_foreach((json_t *)row, name, value)
    { /* the macro takes no const, and writes nothing */
        if (!is_one_of(name, known))
            return refuse(reader, place, tscope_ring_name(tscope_span_text(name)).text, "a member that is not known");
    }
    return TSCOPE_OK;
}

static bool
is_plain(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (text[i] < ' ' || text[i] > '~')
            return false;
    }
    return len > 0 && len <= TEXT_MAX;
}

/* A member that may be missing: then *ret_text has no data. */
static enum tscope_status
take_text(const struct reader *reader, struct place place, const json_t *row, const char *member, struct tscope_span *ret_text)
{
    const json_t *value = json_object_get(row, member);

    *ret_text = (struct tscope_span){NULL, 0};
    if (!value)
        return TSCOPE_OK;
    if (!json_is_string(value) || !is_plain(json_string_value(value), json_string_length(value)))
        return refuse(reader, place, member, "no text of 1 to 512 plain letters");
    *ret_text = tscope_arena_copy(reader->arena, tscope_span_of(json_string_value(value), json_string_length(value)));
    return ret_text->data ? TSCOPE_OK : tscope_error_no_memory(reader->err);
}

static enum tscope_status
need_text(const struct reader *reader, struct place place, const json_t *row, const char *member, struct tscope_span *ret_text)
{
    enum tscope_status status = take_text(reader, place, row, member, ret_text);

    return status == TSCOPE_OK && !ret_text->data ? refuse(reader, place, member, "is missing") : status;
}

static enum tscope_status
take_flag(const struct reader *reader, struct place place, const json_t *row, const char *member, bool otherwise, bool *ret_flag)
{
    const json_t *value = json_object_get(row, member);

    *ret_flag = value ? json_is_true(value) : otherwise;
    return value && !json_is_boolean(value) ? refuse(reader, place, member, "neither true nor false") : TSCOPE_OK;
}

static enum tscope_status
take_number(const struct reader *reader, struct place place, const json_t *row, const char *member, int64_t low, int64_t high,
            int64_t *ret_number)
{
    const json_t *value = json_object_get(row, member);

    if (!json_is_integer(value) || json_integer_value(value) < low || json_integer_value(value) > high)
        return refuse(reader, place, member, "no whole number within its bounds");
    *ret_number = json_integer_value(value);
    return TSCOPE_OK;
}

/* The index of a member's word in a list; otherwise when it is missing. */
static enum tscope_status
take_choice(const struct reader *reader, struct place place, const json_t *row, const char *member, const char *const *words,
            unsigned otherwise, unsigned *ret_choice)
{
    const json_t *value = json_object_get(row, member);

    *ret_choice = otherwise;
    if (!value)
        return TSCOPE_OK;
    for (unsigned i = 0; words[i] && json_is_string(value); i++) {
        if (strcmp(words[i], json_string_value(value)) == 0) {
            *ret_choice = i;
            return TSCOPE_OK;
        }
    }
    return refuse(reader, place, member, "a word that is not known");
}

/* "source" names what the fact rests on, or several; where it is said, "sources" must list it. */
static enum tscope_status
check_source(const struct reader *reader, struct place place, const json_t *row)
{
    const json_t *source = json_object_get(row, "source"), *sources = json_object_get(reader->root, "sources");
    size_t count = json_is_array(source) ? json_array_size(source) : source ? 1 : 0;

    for (size_t i = 0; i < count; i++) {
        const json_t *one = json_is_array(source) ? json_array_get(source, i) : source;

        if (!json_is_string(one) || !json_object_get(sources, json_string_value(one)))
            return refuse(reader, place, "source", "not one of \"sources\"");
    }
    return TSCOPE_OK;
}

/* ---- tables */

/* An array of the root; a missing one is empty. */
static enum tscope_status
find_rows(const struct reader *reader, const json_t *of, const char *what, const json_t **ret_rows, size_t *ret_len)
{
    *ret_rows = json_object_get(of, what);
    *ret_len = json_array_size(*ret_rows);
    if (*ret_rows && (!json_is_array(*ret_rows) || *ret_len > ROWS_MAX))
        return refuse_root(reader, what, json_is_array(*ret_rows) ? "more than 4096 rows" : "no array");
    return TSCOPE_OK;
}

static const char *const clouds[] = {"unknown", "public", "us-gov", "china", "pre-production", NULL}; /* enum tscope_cloud */

static enum tscope_status
take_cloud(const struct reader *reader, struct place place, const json_t *row, enum tscope_cloud *ret_cloud)
{
    unsigned choice;
    enum tscope_status status = take_choice(reader, place, row, "cloud", clouds + 1, TSCOPE_CLOUD_PUBLIC - 1, &choice);

    *ret_cloud = (enum tscope_cloud)(choice + 1);
    return status;
}

static const struct family *
find_family(const struct reader *reader, struct tscope_span name)
{
    for (size_t i = 0; i < reader->table->families_len; i++) {
        if (tscope_span_equal(reader->families[i].name, name))
            return &reader->families[i];
    }
    return NULL;
}

/* A row's family must be among those of the file. */
static enum tscope_status
need_family(const struct reader *reader, struct place place, const json_t *row, const struct family **ret_family)
{
    struct tscope_span name;
    enum tscope_status status = need_text(reader, place, row, "family", &name);

    if (status != TSCOPE_OK)
        return status;
    *ret_family = find_family(reader, name);
    return *ret_family ? TSCOPE_OK : refuse(reader, place, "family", "not one of \"families\"");
}

static enum tscope_status
read_life(const struct reader *reader, struct place place, const json_t *row, struct family *family)
{
    static const char *const known[] = {"min", "max", "source", NULL};
    json_t *life = json_object_get(row, "lifetime");
    enum tscope_status status;

    if (!life)
        return TSCOPE_OK;
    place.part = "lifetime";
    status = check_members(reader, place, life, known);
    if (status == TSCOPE_OK)
        status = check_source(reader, place, life);
    if (status == TSCOPE_OK)
        status = take_number(reader, place, life, "max", 1, LIFE_LIMIT, &family->life_max);
    if (status == TSCOPE_OK)
        status = take_number(reader, place, life, "min", 1, family->life_max, &family->life_min);
    return status;
}

static enum tscope_status
read_kid(const struct reader *reader, struct place place, const json_t *row, struct family *family)
{
    static const char *const known[] = {"alphabet", "min", "max", "source", NULL};
    static const char *const alphabets[] = {"decimal", "hex", "hex-upper", "guid", "alphanumeric", "base64url", "base64", NULL};
    json_t *kid = json_object_get(row, "kid");
    unsigned alphabet;
    int64_t min = 0, max = 0;
    enum tscope_status status;

    if (!kid)
        return TSCOPE_OK;
    place.part = "kid";
    status = check_members(reader, place, kid, known);
    if (status == TSCOPE_OK)
        status = check_source(reader, place, kid);
    if (status == TSCOPE_OK)
        status = take_choice(reader, place, kid, "alphabet", alphabets, TSCOPE_KID_ANY, &alphabet);
    if (status == TSCOPE_OK)
        status = take_number(reader, place, kid, "max", 1, UINT8_MAX, &max);
    if (status == TSCOPE_OK)
        status = take_number(reader, place, kid, "min", 1, max, &min);
    if (status == TSCOPE_OK)
        family->kid = (struct tscope_profile_kid){(uint8_t)alphabet, (uint8_t)min, (uint8_t)max};
    return status;
}

/* A fact that is a list of words: {"values": […], "source": …}. */
static enum tscope_status
read_values(const struct reader *reader, struct place place, const json_t *row, const char *name, bool *ret_secrets)
{
    static const char *const known[] = {"values", "source", NULL};
    json_t *fact = json_object_get(row, name);
    const json_t *values = json_object_get(fact, "values");
    enum tscope_status status;

    if (!fact)
        return TSCOPE_OK;
    place.part = name;
    status = check_members(reader, place, fact, known);
    if (status == TSCOPE_OK)
        status = check_source(reader, place, fact);
    if (status != TSCOPE_OK)
        return status;
    if (!json_is_array(values) || json_array_size(values) > ROWS_MAX)
        return refuse(reader, place, "values", "no array of at most 4096 words");
    for (size_t i = 0; i < json_array_size(values); i++) {
        const json_t *value = json_array_get(values, i);

        if (!json_is_string(value) || !is_plain(json_string_value(value), json_string_length(value)))
            return refuse(reader, place, "values", "a value is no text of 1 to 512 plain letters");
        if (ret_secrets && strncmp(json_string_value(value), "HS", 2) == 0)
            *ret_secrets = true;
    }
    return TSCOPE_OK;
}

/* What an examiner should know: for the documentation, and checked all the same. */
static enum tscope_status
check_know(const struct reader *reader, struct place place, const json_t *row)
{
    static const char *const known[] = {"text", "source", NULL};
    const json_t *facts = json_object_get(row, "know");
    enum tscope_status status = TSCOPE_OK;

    place.part = "know";
    if (facts && (!json_is_array(facts) || json_array_size(facts) > ROWS_MAX))
        return refuse(reader, place, NULL, "no array of at most 4096 rows");
    for (size_t i = 0; i < json_array_size(facts) && status == TSCOPE_OK; i++) {
        json_t *fact = json_array_get(facts, i);

        status = check_members(reader, place, fact, known);
        if (status == TSCOPE_OK && !json_is_string(json_object_get(fact, "text")))
            status = refuse(reader, place, "text", "is missing");
        if (status == TSCOPE_OK)
            status = check_source(reader, place, fact);
    }
    return status;
}

static enum tscope_status
read_family(struct reader *reader, struct place place, json_t *row, struct tscope_profile_family *of_table, struct family *family)
{
    static const char *const known[] = {"name", "words", "algorithms", "claims", "kinds", "lifetime", "kid", "know", NULL};
    enum tscope_status status = check_members(reader, place, row, known);

    if (status == TSCOPE_OK)
        status = need_text(reader, place, row, "name", &of_table->name);
    if (status == TSCOPE_OK)
        status = need_text(reader, place, row, "words", &of_table->words);
    if (status == TSCOPE_OK && find_family(reader, of_table->name))
        status = refuse(reader, place, "name", "a family that stands twice");
    family->name = of_table->name;
    if (status == TSCOPE_OK)
        status = read_life(reader, place, row, family);
    if (status == TSCOPE_OK)
        status = read_kid(reader, place, row, family);
    if (status == TSCOPE_OK)
        status = read_values(reader, place, row, "algorithms", &family->secrets);
    if (status == TSCOPE_OK)
        status = read_values(reader, place, row, "claims", NULL);
    if (status == TSCOPE_OK)
        status = read_values(reader, place, row, "kinds", NULL);
    return status == TSCOPE_OK ? check_know(reader, place, row) : status;
}

static enum tscope_status
read_families(struct reader *reader)
{
    const json_t *rows;
    struct tscope_profile_family *of_table;
    size_t len;
    enum tscope_status status = find_rows(reader, reader->root, "families", &rows, &len);

    if (status != TSCOPE_OK)
        return status;
    of_table = tscope_arena_zeroed(reader->arena, len, sizeof(*of_table));
    reader->families = tscope_arena_zeroed(reader->arena, len, sizeof(*reader->families));
    if (!of_table || !reader->families)
        return tscope_error_no_memory(reader->err);
    reader->table->families = of_table;
    for (size_t i = 0; i < len && status == TSCOPE_OK; i++) {
        struct place place = {"families", i, NULL};

        status = read_family(reader, place, json_array_get(rows, i), &of_table[i], &reader->families[i]);
        reader->table->families_len = i + 1;
    }
    return status;
}

static enum tscope_status
read_pool(struct reader *reader, const char *name, const json_t *rows, struct pool *pool)
{
    static const char *const known[] = {"family", "cloud", NULL};
    struct tscope_profile_pool *read = tscope_arena_zeroed(reader->arena, json_array_size(rows), sizeof(*read));
    enum tscope_status status = TSCOPE_OK;

    if (!json_is_array(rows) || json_array_size(rows) == 0 || json_array_size(rows) > ROWS_MAX)
        return refuse_root(reader, "pools", "a pool that is no array of 1 to 4096 rows");
    if (!read)
        return tscope_error_no_memory(reader->err);
    for (size_t i = 0; i < json_array_size(rows) && status == TSCOPE_OK; i++) {
        json_t *row = json_array_get(rows, i);
        struct place place = {"pools", i, NULL};
        const struct family *family = NULL;

        status = check_members(reader, place, row, known);
        if (status == TSCOPE_OK)
            status = need_family(reader, place, row, &family);
        if (status == TSCOPE_OK)
            status = take_cloud(reader, place, row, &read[i].cloud);
        if (status == TSCOPE_OK)
            read[i].family = family->name;
    }
    *pool = (struct pool){name, read, json_array_size(rows)};
    return status;
}

static enum tscope_status
read_pools(struct reader *reader)
{
    json_t *pools = json_object_get(reader->root, "pools");
    enum tscope_status status = TSCOPE_OK;
    const char *name;
    json_t *rows;

    if ((pools && !json_is_object(pools)) || json_object_size(pools) > ROWS_MAX)
        return refuse_root(reader, "pools", "no object of at most 4096 pools");
    reader->pools = tscope_arena_zeroed(reader->arena, json_object_size(pools), sizeof(*reader->pools));
    if (!reader->pools)
        return tscope_error_no_memory(reader->err);
    json_object_foreach((json_t *)pools, name, rows)
    { /* the macro takes no const, and writes nothing */
        status = read_pool(reader, name, rows, &reader->pools[reader->pools_len]);
        if (status != TSCOPE_OK)
            return status;
        reader->pools_len++;
    }
    return TSCOPE_OK;
}

static enum tscope_status
take_pool(const struct reader *reader, struct place place, const json_t *row, struct tscope_profile_issuer *issuer)
{
    const json_t *name = json_object_get(row, "pools");

    for (size_t i = 0; i < reader->pools_len && json_is_string(name); i++) {
        if (strcmp(reader->pools[i].name, json_string_value(name)) == 0) {
            issuer->pools = reader->pools[i].rows;
            issuer->pools_len = reader->pools[i].rows_len;
            return TSCOPE_OK;
        }
    }
    return refuse(reader, place, "pools", "not one of \"pools\"");
}

static enum tscope_status
take_pattern(const struct reader *reader, struct place place, const json_t *row, const char *member, bool needed,
             struct tscope_span *ret_pattern)
{
    enum tscope_status status =
        needed ? need_text(reader, place, row, member, ret_pattern) : take_text(reader, place, row, member, ret_pattern);

    if (status == TSCOPE_OK && ret_pattern->data && !tscope_profile_pattern_is_sound(*ret_pattern))
        return refuse(reader, place, member,
                      "no pattern: at most four of {tenantid}, {host}, {region}, {policy} and {any}, with text between");
    return status;
}

static enum tscope_status
read_issuer_facts(const struct reader *reader, struct place place, const json_t *row, struct tscope_profile_issuer *issuer)
{
    static const char *const keys[] = {"shared", "own", "aliased", "unknown", NULL}; /* enum tscope_profile_keys */
    unsigned choice = 0;
    int64_t version = 0;
    enum tscope_status status = take_choice(reader, place, row, "keys", keys, TSCOPE_PROFILE_KEYS_SHARED, &choice);

    issuer->keys = (enum tscope_profile_keys)choice;
    if (status == TSCOPE_OK && json_object_get(row, "version"))
        status = take_number(reader, place, row, "version", 0, 2, &version);
    issuer->version = (unsigned)version;
    if (status == TSCOPE_OK)
        status = take_flag(reader, place, row, "production", true, &issuer->production);
    if (status == TSCOPE_OK)
        status = take_flag(reader, place, row, "cloud_shared", false, &issuer->cloud_shared);
    if (status == TSCOPE_OK)
        status = take_text(reader, place, row, "tenant", &issuer->tenant);
    if (status == TSCOPE_OK)
        status = take_pattern(reader, place, row, "jwks", false, &issuer->jwks);
    return status == TSCOPE_OK ? take_pattern(reader, place, row, "discovery", false, &issuer->discovery) : status;
}

static enum tscope_status
read_issuer(const struct reader *reader, struct place place, json_t *row, struct tscope_profile_issuer *issuer)
{
    static const char *const known[] = {"pattern", "family", "cloud", "cloud_shared", "version", "production", "pools",
                                        "keys",    "tenant", "jwks",  "discovery",    "source",  NULL};
    const struct family *family = NULL;
    enum tscope_status status = check_members(reader, place, row, known);

    if (status == TSCOPE_OK)
        status = check_source(reader, place, row);
    if (status == TSCOPE_OK)
        status = take_pattern(reader, place, row, "pattern", true, &issuer->pattern);
    if (status == TSCOPE_OK)
        status = need_family(reader, place, row, &family);
    if (status == TSCOPE_OK)
        status = take_cloud(reader, place, row, &issuer->cloud);
    if (status == TSCOPE_OK)
        status = take_pool(reader, place, row, issuer);
    if (status != TSCOPE_OK)
        return status;
    issuer->family = family->name;
    issuer->secrets = family->secrets;
    issuer->life_min = family->life_min;
    issuer->life_max = family->life_max;
    issuer->kid = family->kid;
    return read_issuer_facts(reader, place, row, issuer);
}

static enum tscope_status
read_issuers(struct reader *reader)
{
    const json_t *rows;
    struct tscope_profile_issuer *issuers;
    size_t len;
    enum tscope_status status = find_rows(reader, reader->root, "issuers", &rows, &len);

    if (status != TSCOPE_OK)
        return status;
    issuers = tscope_arena_zeroed(reader->arena, len, sizeof(*issuers));
    if (!issuers)
        return tscope_error_no_memory(reader->err);
    for (size_t i = 0; i < len && status == TSCOPE_OK; i++)
        status = read_issuer(reader, (struct place){"issuers", i, NULL}, json_array_get(rows, i), &issuers[i]);
    reader->table->issuers = issuers;
    reader->table->issuers_len = len;
    return status;
}

static enum tscope_status
read_subjects(struct reader *reader)
{
    static const char *const known[] = {"subject", "family", "cloud", "source", NULL};
    struct tscope_profile_subject *subjects;
    const json_t *rows;
    size_t len;
    enum tscope_status status = find_rows(reader, reader->root, "subjects", &rows, &len);

    if (status != TSCOPE_OK)
        return status;
    subjects = tscope_arena_zeroed(reader->arena, len, sizeof(*subjects));
    if (!subjects)
        return tscope_error_no_memory(reader->err);
    for (size_t i = 0; i < len && status == TSCOPE_OK; i++) {
        struct place place = {"subjects", i, NULL};
        json_t *row = json_array_get(rows, i);
        const struct family *family = NULL;

        status = check_members(reader, place, row, known);
        if (status == TSCOPE_OK)
            status = check_source(reader, place, row);
        if (status == TSCOPE_OK)
            status = need_text(reader, place, row, "subject", &subjects[i].subject);
        if (status == TSCOPE_OK)
            status = need_family(reader, place, row, &family);
        if (status == TSCOPE_OK)
            status = take_cloud(reader, place, row, &subjects[i].cloud);
        if (status == TSCOPE_OK)
            subjects[i].family = family->name;
    }
    reader->table->subjects = subjects;
    reader->table->subjects_len = len;
    return status;
}

static enum tscope_status
read_instances(struct reader *reader)
{
    static const char *const known[] = {"name", "cloud", "source", NULL};
    struct tscope_profile_instance *instances;
    const json_t *rows;
    size_t len;
    enum tscope_status status = find_rows(reader, reader->root, "cloud_instances", &rows, &len);

    if (status != TSCOPE_OK)
        return status;
    instances = tscope_arena_zeroed(reader->arena, len, sizeof(*instances));
    if (!instances)
        return tscope_error_no_memory(reader->err);
    for (size_t i = 0; i < len && status == TSCOPE_OK; i++) {
        struct place place = {"cloud_instances", i, NULL};
        json_t *row = json_array_get(rows, i);

        status = check_members(reader, place, row, known);
        if (status == TSCOPE_OK)
            status = check_source(reader, place, row);
        if (status == TSCOPE_OK)
            status = need_text(reader, place, row, "name", &instances[i].name);
        if (status == TSCOPE_OK)
            status = take_cloud(reader, place, row, &instances[i].cloud);
    }
    reader->table->instances = instances;
    reader->table->instances_len = len;
    return status;
}

/* ---- the file */

static bool
is_name(struct tscope_span name)
{
    for (size_t i = 0; i < name.len; i++) {
        if (!strchr("abcdefghijklmnopqrstuvwxyz0123456789-", name.data[i]))
            return false;
    }
    return name.len > 0 && name.len <= NAME_MAX_LEN;
}

static enum tscope_status
read_head(struct reader *reader)
{
    static const char *const known[] = {"format", "name",    "version",  "about",           "sources", "families",
                                        "pools",  "issuers", "subjects", "cloud_instances", NULL};
    const json_t *format = json_object_get(reader->root, "format"), *version = json_object_get(reader->root, "version");
    const json_t *name = json_object_get(reader->root, "name"), *sources = json_object_get(reader->root, "sources");
    const char *member;
    json_t *value;

    if (!json_is_string(format) || strcmp(json_string_value(format), FORMAT) != 0)
        return tscope_error_set(reader->err, TSCOPE_ERR_DATA, 0, "%s: no profile (\"format\" is not \"" FORMAT "\")", reader->name);
    json_object_foreach((json_t *)reader->root, member, value)
    { /* the macro takes no const, and writes nothing */
        if (!is_one_of(member, known))
            return refuse_root(reader, tscope_ring_name(tscope_span_text(member)).text, "a member that is not known");
    }
    if (!json_is_string(name) || !is_name(tscope_span_of(json_string_value(name), json_string_length(name))))
        return refuse_root(reader, "name", "not 1 to 32 small letters, digits and '-'");
    if (!json_is_integer(version) || json_integer_value(version) < 1 || json_integer_value(version) > INT32_MAX)
        return refuse_root(reader, "version", "no whole number from 1 on");
    if (sources && !json_is_object(sources))
        return refuse_root(reader, "sources", "no object");
    reader->table->version = (unsigned)json_integer_value(version);
    reader->table->name = tscope_arena_copy(reader->arena, tscope_span_of(json_string_value(name), json_string_length(name)));
    return reader->table->name.data ? TSCOPE_OK : tscope_error_no_memory(reader->err);
}

static enum tscope_status
read_root(struct reader *reader)
{
    static enum tscope_status (*const parts[])(struct reader *) = {
        read_head, read_families, read_pools, read_issuers, read_subjects, read_instances,
    };
    enum tscope_status status = TSCOPE_OK;

    for (size_t i = 0; i < TSCOPE_COUNT(parts) && status == TSCOPE_OK; i++)
        status = parts[i](reader);
    return status;
}

static enum tscope_status
load(const struct reader *reader, const uint8_t *bytes, size_t bytes_len, json_t **ret_root)
{
    json_error_t problem;

    *ret_root = json_loadb(bytes_len ? (const char *)bytes : "", bytes_len, JSON_REJECT_DUPLICATES, &problem);
    if (*ret_root)
        return TSCOPE_OK;
    if (json_error_code(&problem) == json_error_out_of_memory)
        return tscope_error_no_memory(reader->err);
    return tscope_error_set(reader->err, TSCOPE_ERR_DATA, problem.position < 0 ? 0 : (uint64_t)problem.position,
                            "%s: no JSON that can be read", reader->name);
}

enum tscope_status
tscope_profile_read(const uint8_t *bytes, size_t bytes_len, const char *name, tscope_profile **ret_profile, struct tscope_error *err)
{
    struct tscope_arena arena = {0};
    struct tscope_ring_name shown = tscope_ring_name(tscope_span_text(name ? name : "profile"));
    struct reader reader = {.name = shown.text, .arena = &arena, .err = err};
    json_t *root = NULL;
    enum tscope_status status;

    if (bytes_len > TSCOPE_PROFILE_INPUT_MAX)
        return tscope_error_set(err, TSCOPE_ERR_TOO_LARGE, TSCOPE_OFFSET_NONE, "%s: a profile of more than %u bytes", reader.name,
                                TSCOPE_PROFILE_INPUT_MAX);
    reader.table = tscope_arena_zeroed(&arena, 1, sizeof(*reader.table));
    status = reader.table ? load(&reader, bytes, bytes_len, &root) : tscope_error_no_memory(err);
    reader.root = root;
    if (status == TSCOPE_OK)
        status = read_root(&reader);
    json_decref(root);
    if (status == TSCOPE_OK)
        status = tscope_profile_build(&arena, reader.table, tscope_profile_tables, tscope_profile_tables_len, ret_profile, err);
    tscope_arena_clear(&arena);
    return status;
}
