/* SPDX-License-Identifier: Apache-2.0 */
#include <tokenscope/tokenscope.h>

#include <check.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/alloc.h"
#include "core/json.h"

/*
 * All tokens of vectors/together at once, with their keys, and in any order: what they show together is the same, and each has the
 * report that it has alone.
 */

#define FOLDER TSCOPE_SOURCE_ROOT "/vectors/together"
#define TOKENS_MAX 4096
#define VECTORS_MAX 256

struct found {
    struct tscope_span token;
    const char *path;
    uint64_t offset;
};

static struct tscope_arena arena;
static tscope_keyring *keyring;
static tscope_profile *profile;
static struct found all[TOKENS_MAX];
static size_t all_len;

static struct tscope_span
read_file(const char *name)
{
    char path[1024];
    FILE *file;
    long len;
    uint8_t *bytes;

    ck_assert_int_lt(snprintf(path, sizeof(path), FOLDER "/%s", name), (int)sizeof(path));
    file = fopen(path, "rb");
    ck_assert_msg(file != NULL, "cannot open %s", path);
    fseek(file, 0, SEEK_END);
    len = ftell(file);
    rewind(file);
    ck_assert_int_gt(len, 0);
    bytes = tscope_arena_alloc(&arena, (size_t)len);
    ck_assert_ptr_nonnull(bytes);
    ck_assert_uint_eq(fread(bytes, 1, (size_t)len, file), (size_t)len);
    fclose(file);
    return tscope_span_of(bytes, (size_t)len);
}

static void
take_vector(const char *name, bool with_keys)
{
    const char *path = (const char *)tscope_arena_copy(&arena, tscope_span_text(name)).data;
    struct tscope_span file = read_file(name);
    const struct tscope_value *root, *keys;
    struct tscope_json json;

    ck_assert_int_eq(tscope_json_read(&json, &arena, file.data, file.len, TSCOPE_JSON_LIMITS_FILE, NULL), TSCOPE_OK);
    root = tscope_json_root(&json);
    keys = tscope_json_member(&json, root, "keys");
    if (with_keys && keys) {
        struct tscope_span raw = tscope_json_raw(&json, keys);

        ck_assert_int_eq(tscope_keyring_add(keyring, raw.data, raw.len, name, NULL, NULL, NULL), TSCOPE_OK);
    }
    for (const struct tscope_value *token = tscope_json_first(&json, tscope_json_member(&json, root, "tokens")); token;
         token = tscope_json_next(&json, token)) {
        ck_assert_uint_lt(all_len, TOKENS_MAX);
        all[all_len] = (struct found){tscope_json_string(&json, token, &arena), path, token->start};
        ck_assert_ptr_nonnull(all[all_len++].token.data);
    }
}

static int
order_of_names(const void *left, const void *right)
{
    return strcmp(*(char *const *)left, *(char *const *)right);
}

static void
take_vectors(bool with_keys)
{
    DIR *folder = opendir(FOLDER);
    char *names[VECTORS_MAX];
    size_t names_len = 0;
    struct dirent *entry;

    ck_assert_int_eq(tscope_keyring_new(&keyring, NULL), TSCOPE_OK);
    ck_assert_int_eq(tscope_profile_new(NULL, &profile, NULL), TSCOPE_OK);
    ck_assert_ptr_nonnull(folder);
    while ((entry = readdir(folder))) {
        if (!strstr(entry->d_name, ".json"))
            continue;
        ck_assert_uint_lt(names_len, VECTORS_MAX);
        names[names_len++] = strdup(entry->d_name);
    }
    closedir(folder);
    qsort(names, names_len, sizeof(names[0]), order_of_names);
    for (size_t i = 0; i < names_len; i++) {
        take_vector(names[i], with_keys);
        free(names[i]);
    }
    ck_assert_int_eq(tscope_keyring_freeze(keyring, NULL), TSCOPE_OK);
    ck_assert_uint_gt(all_len, 100);
}

static void
drop_vectors(void)
{
    tscope_profile_free(profile);
    tscope_keyring_free(keyring);
    tscope_arena_clear(&arena);
    all_len = 0;
}

static tscope_inspector *
make_inspector(void)
{
    tscope_inspector *inspector = NULL;

    ck_assert_int_eq(tscope_inspector_new(keyring, profile, NULL, NULL, &inspector, NULL), TSCOPE_OK);
    return inspector;
}

static void
inspect(tscope_inspector *inspector, const struct found *found, tscope_report **report)
{
    const struct tscope_moment moment = {.seen = TSCOPE_TIME_UNKNOWN, .now = TSCOPE_TIME_UNKNOWN};

    ck_assert_int_eq(tscope_inspector_set_source(inspector, found->path, found->offset, NULL), TSCOPE_OK);
    ck_assert_int_eq(tscope_inspect(inspector, found->token.data, found->token.len, &moment, report, NULL), TSCOPE_OK);
}

static char *
report_of(tscope_inspector *inspector, const struct found *found)
{
    tscope_report *report = NULL;
    char *json = NULL;

    inspect(inspector, found, &report);
    ck_assert_int_eq(tscope_report_json(report, 0, &json, NULL, NULL), TSCOPE_OK);
    tscope_report_free(report);
    return json;
}

/* JSON and SARIF one behind the other. */
static char *
shown_by(const size_t *order)
{
    tscope_inspector *inspector = make_inspector();
    tscope_corpus *corpus = NULL;
    tscope_report *report = NULL;
    char *json = NULL, *sarif = NULL, *both;
    size_t json_len, sarif_len;

    ck_assert_int_eq(tscope_corpus_new(0, &corpus, NULL), TSCOPE_OK);
    for (size_t i = 0; i < all_len; i++) {
        inspect(inspector, &all[order[i]], &report);
        ck_assert_int_eq(tscope_corpus_add(corpus, report, 0, NULL), TSCOPE_OK);
    }
    ck_assert_int_eq(tscope_corpus_finish(corpus, NULL), TSCOPE_OK);
    ck_assert_int_eq(tscope_corpus_json(corpus, false, &json, &json_len, NULL), TSCOPE_OK);
    ck_assert_int_eq(tscope_corpus_sarif(corpus, &sarif, &sarif_len, NULL), TSCOPE_OK);
    both = malloc(json_len + sarif_len + 1);
    ck_assert_ptr_nonnull(both);
    strcat(strcpy(both, json), sarif);
    tscope_string_free(json);
    tscope_string_free(sarif);
    tscope_report_free(report);
    tscope_corpus_free(corpus);
    tscope_inspector_free(inspector);
    return both;
}

/* Fisher and Yates, with a generator whose numbers are the same everywhere. */
static void
shuffle(size_t *order, uint32_t seed)
{
    for (size_t i = all_len - 1; i > 0; i--) {
        size_t other, kept = order[i];

        seed = seed * 1664525u + 1013904223u;
        other = (seed >> 8) % (i + 1);
        order[i] = order[other];
        order[other] = kept;
    }
}

static const char *
first_difference(const char *text, const char *other)
{
    while (*text && *text == *other++)
        text++;
    return text;
}

START_TEST(order_changes_nothing_that_is_shown)
{
    static const char *const ids[] = {"SIG-NONCE-REUSE", "SIG-HIGHS", "CLM-JTI-DUP", "JWE-IVREUSE", "COR-SHAPE", "KEY-RECOVERED"};
    size_t order[TOKENS_MAX];
    char *first, *other;

    take_vectors(_i % 2);
    for (size_t i = 0; i < all_len; i++)
        order[i] = i;
    first = shown_by(order);
    for (size_t i = 0; i < TSCOPE_COUNT(ids); i++)
        ck_assert_msg(strstr(first, ids[i]) || (strcmp(ids[i], "CLM-JTI-DUP") == 0 && _i % 2 == 0), "no %s", ids[i]);
    for (uint32_t round = 0; round < 5; round++) {
        if (round == 0) {
            for (size_t i = 0; i < all_len; i++)
                order[i] = all_len - 1 - i;
        } else {
            shuffle(order, 5 * (uint32_t)_i + round);
        }
        other = shown_by(order);
        if (strcmp(first, other) != 0)
            ck_abort_msg("other findings in round %u, from '%.100s' on", round, first_difference(first, other));
        free(other);
    }
    free(first);
    drop_vectors();
}
END_TEST

START_TEST(company_changes_no_report)
{
    tscope_inspector *used;

    take_vectors(true);
    used = make_inspector();
    for (size_t i = all_len; i-- > 0;) {
        tscope_inspector *fresh = make_inspector();
        char *alone = report_of(fresh, &all[i]), *among_others = report_of(used, &all[i]);

        if (strcmp(alone, among_others) != 0)
            ck_abort_msg("%s: other report", all[i].path);
        tscope_string_free(alone);
        tscope_string_free(among_others);
        tscope_inspector_free(fresh);
    }
    tscope_inspector_free(used);
    drop_vectors();
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("corpus_order");
    TCase *tcase = tcase_create("corpus_order");
    SRunner *runner = srunner_create(suite);
    int failed;

    tcase_set_timeout(tcase, 100);
    tcase_add_loop_test(tcase, order_changes_nothing_that_is_shown, 0, 4);
    tcase_add_test(tcase, company_changes_no_report);
    suite_add_tcase(suite, tcase);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
