/* SPDX-License-Identifier: Apache-2.0 */
#include "profile/profile.h"

#include "keys_testing.h"

/* A profile out of a file, with one place that each case changes. */
#define HEAD "{\"format\":\"tokenscope-profile/1\",\"name\":\"corp\",\"version\":3,\"sources\":{\"book\":\"a handbook\"},"
#define FAMILIES "\"families\":[{\"name\":\"corp\",\"words\":\"our sign-in\"}],"
#define POOLS "\"pools\":{\"corp\":[{\"family\":\"corp\"}]},"
#define ISSUER(more) "\"issuers\":[{\"pattern\":\"https://sso.corp.example/{tenantid}\",\"family\":\"corp\",\"pools\":\"corp\"" more "}]}"
#define WHOLE HEAD FAMILIES POOLS ISSUER("")
#define FAMILY(more) HEAD "\"families\":[{\"name\":\"corp\",\"words\":\"our sign-in\"" more "}]," POOLS ISSUER("")

static enum tscope_status
try_read(const char *text, size_t len, tscope_profile **ret_profile, struct tscope_error *err)
{
    uint8_t *copy = exact_copy(text, len);
    enum tscope_status status = tscope_profile_read(copy, len, "corp.json", ret_profile, err);

    free(copy);
    return status;
}

static tscope_profile *
read_whole(const char *text)
{
    struct tscope_error err = {0};
    tscope_profile *profile = NULL;

    ck_assert_msg(try_read(text, strlen(text), &profile, &err) == TSCOPE_OK, "%s", err.message);
    return profile;
}

static const struct tscope_profile_issuer *
row_of(const tscope_profile *profile, const char *iss)
{
    struct tscope_profile_match match;

    return tscope_profile_find_row(profile, tscope_span_text(iss), &match);
}

START_TEST(file_counts_ahead_of_what_is_shipped)
{
    tscope_profile *profile =
        read_whole(HEAD "\"families\":[{\"name\":\"corp\",\"words\":\"our sign-in\"}]," POOLS
                        "\"issuers\":[{\"pattern\":\"https://accounts.google.com\",\"family\":\"corp\",\"pools\":\"corp\"}]}");

    ck_assert(strncmp(tscope_profile_id(profile), "corp@3+shipped@", 15) == 0);
    ck_assert(tscope_span_is(row_of(profile, "https://accounts.google.com")->family, "corp"));
    ck_assert(tscope_span_is(row_of(profile, "accounts.google.com")->family, "google"));
    ck_assert(tscope_span_is(tscope_profile_family_words(profile, TSCOPE_SPAN("corp")), "our sign-in"));
    tscope_profile_free(profile);
}
END_TEST

START_TEST(every_member_is_read)
{
    tscope_profile *profile = read_whole(
        HEAD
        "\"about\":\"x\",\"families\":[{\"name\":\"corp\",\"words\":\"w\",\"algorithms\":{\"values\":[\"RS256\",\"HS256\"],\"source\":"
        "\"book\"},"
        "\"claims\":{\"values\":[\"iss\"]},\"kinds\":{\"values\":[\"jwt\"]},\"lifetime\":{\"min\":60,\"max\":3600,\"source\":[\"book\"]},"
        "\"kid\":{\"alphabet\":\"hex\",\"min\":8,\"max\":16},\"know\":[{\"text\":\"t\",\"source\":\"book\"}]}]," POOLS
        "\"subjects\":[{\"subject\":\"CN=corp\",\"family\":\"corp\",\"cloud\":\"china\"}],"
        "\"cloud_instances\":[{\"name\":\"corp.cloud\",\"cloud\":\"us-gov\"}],"
        "\"issuers\":[{\"pattern\":\"https://{host}/sso/{tenantid}\",\"family\":\"corp\",\"pools\":\"corp\",\"keys\":\"aliased\","
        "\"cloud\":\"us-gov\",\"cloud_shared\":true,\"production\":false,\"version\":0,\"tenant\":\"t1\","
        "\"jwks\":\"https://{host}/sso/{tenantid}/keys\",\"discovery\":\"https://{host}/d\",\"source\":\"book\"}]}");
    const struct tscope_profile_issuer *row = row_of(profile, "https://a.example/sso/b");

    ck_assert_ptr_nonnull(row);
    ck_assert_int_eq(row->keys, TSCOPE_PROFILE_KEYS_ALIASED);
    ck_assert_int_eq(row->cloud, TSCOPE_CLOUD_US_GOV);
    ck_assert(row->cloud_shared && !row->production && row->secrets);
    ck_assert(row->life_min == 60 && row->life_max == 3600);
    ck_assert(row->kid.alphabet == TSCOPE_KID_HEX && row->kid.len_min == 8 && row->kid.len_max == 16);
    ck_assert(tscope_span_is(row->tenant, "t1"));
    ck_assert(tscope_profile_publishes_at(row, TSCOPE_SPAN("https://a.example/sso/b/keys")));
    ck_assert(!tscope_profile_publishes_at(row, TSCOPE_SPAN("https://a.example/sso/b/keys/")));
    ck_assert_uint_eq(profile->tables[0]->subjects_len, 1);
    ck_assert_uint_eq(profile->tables[0]->instances_len, 1);
    tscope_profile_free(profile);
}
END_TEST

/* What is wrong, and what the message says of the place. */
static const struct {
    const char *text, *says;
} wrong[] = {
    {"", "corp.json: no JSON"},
    {"{", "no JSON"},
    {"[]", "no profile"},
    {"{}", "no profile"},
    {"{\"format\":\"tokenscope-profile/2\"}", "no profile"},
    {"{\"format\":\"tokenscope-profile/1\",\"format\":\"tokenscope-profile/1\"}", "no JSON"},
    {"{\"format\":\"tokenscope-profile/1\"}", "name"},
    {"{\"format\":\"tokenscope-profile/1\",\"name\":\"Corp\"}", "name"},
    {"{\"format\":\"tokenscope-profile/1\",\"name\":\"\"}", "name"},
    {"{\"format\":\"tokenscope-profile/1\",\"name\":\"corp\"}", "version"},
    {"{\"format\":\"tokenscope-profile/1\",\"name\":\"corp\",\"version\":0}", "version"},
    {"{\"format\":\"tokenscope-profile/1\",\"name\":\"corp\",\"version\":1,\"sources\":[]}", "sources"},
    {"{\"format\":\"tokenscope-profile/1\",\"name\":\"corp\",\"version\":1,\"isuers\":[]}", "isuers: a member that is not known"},
    {HEAD "\"families\":{}}", "families: no array"},
    {HEAD "\"families\":[7]}", "families[0]: not an object"},
    {HEAD "\"families\":[{\"words\":\"w\"}]}", "families[0].name: is missing"},
    {HEAD "\"families\":[{\"name\":\"a\",\"words\":\"w\"},{\"name\":\"a\",\"words\":\"w\"}]}",
     "families[1].name: a family that stands twice"},
    {FAMILY(",\"lifetime\":{\"max\":1}"), "families[0].lifetime.min"},
    {FAMILY(",\"lifetime\":{\"min\":2,\"max\":1}"), "families[0].lifetime.min"},
    {FAMILY(",\"lifetime\":{\"min\":1,\"max\":1e3}"), "families[0].lifetime.max"},
    {FAMILY(",\"lifetime\":7"), "families[0].lifetime: not an object"},
    {FAMILY(",\"kid\":{\"alphabet\":\"klingon\",\"min\":1,\"max\":2}"), "families[0].kid.alphabet"},
    {FAMILY(",\"kid\":{\"min\":1,\"max\":256}"), "families[0].kid.max"},
    {FAMILY(",\"kid\":{\"min\":0,\"max\":2}"), "families[0].kid.min"},
    {FAMILY(",\"algorithms\":[\"RS256\"]"), "families[0].algorithms: not an object"},
    {FAMILY(",\"algorithms\":{\"values\":[7]}"), "families[0].algorithms.values"},
    {FAMILY(",\"algorithms\":{\"values\":[],\"source\":\"nobody\"}"), "families[0].algorithms.source"},
    {FAMILY(",\"claims\":{\"values\":[],\"source\":[7]}"), "families[0].claims.source"},
    {FAMILY(",\"know\":[{}]"), "families[0].know.text"},
    {FAMILY(",\"know\":{}"), "families[0].know"},
    {FAMILY(",\"knows\":[]"), "families[0].knows: a member that is not known"},
    {HEAD FAMILIES "\"pools\":[]}", "pools: no object"},
    {HEAD FAMILIES "\"pools\":{\"a\":[]}}", "pools: a pool"},
    {HEAD FAMILIES "\"pools\":{\"a\":[{\"family\":\"b\"}]}}", "pools[0].family: not one of"},
    {HEAD FAMILIES POOLS ISSUER(",\"keys\":\"mine\""), "issuers[0].keys: a word that is not known"},
    {HEAD FAMILIES POOLS ISSUER(",\"cloud\":\"unknown\""), "issuers[0].cloud"},
    {HEAD FAMILIES POOLS ISSUER(",\"version\":3"), "issuers[0].version"},
    {HEAD FAMILIES POOLS ISSUER(",\"production\":1"), "issuers[0].production"},
    {HEAD FAMILIES POOLS ISSUER(",\"tenant\":\"\""), "issuers[0].tenant"},
    {HEAD FAMILIES POOLS ISSUER(",\"jwks\":\"https://{x}/\""), "issuers[0].jwks: no pattern"},
    {HEAD FAMILIES POOLS ISSUER(",\"source\":\"nobody\""), "issuers[0].source"},
    {HEAD FAMILIES POOLS "\"issuers\":[{\"family\":\"corp\",\"pools\":\"corp\"}]}", "issuers[0].pattern: is missing"},
    {HEAD FAMILIES POOLS "\"issuers\":[{\"pattern\":\"x\",\"family\":\"a\",\"pools\":\"corp\"}]}", "issuers[0].family: not one of"},
    {HEAD FAMILIES POOLS "\"issuers\":[{\"pattern\":\"x\",\"family\":\"corp\",\"pools\":\"a\"}]}", "issuers[0].pools: not one of"},
    {HEAD FAMILIES POOLS "\"issuers\":[{\"pattern\":\"a\\u000ab\",\"family\":\"corp\",\"pools\":\"corp\"}]}",
     "issuers[0].pattern: no text"},
    {HEAD FAMILIES POOLS "\"subjects\":[{\"family\":\"corp\"}]}", "subjects[0].subject: is missing"},
    {HEAD FAMILIES POOLS "\"cloud_instances\":[{}]}", "cloud_instances[0].name: is missing"},
};

START_TEST(what_is_wrong_is_said_with_its_place)
{
    struct tscope_error err = {0};
    tscope_profile *profile = NULL;

    ck_assert_int_eq(try_read(wrong[_i].text, strlen(wrong[_i].text), &profile, &err), TSCOPE_ERR_DATA);
    ck_assert_ptr_null(profile);
    ck_assert_msg(strstr(err.message, wrong[_i].says) != NULL, "%s", err.message);
    ck_assert_msg(strncmp(err.message, "corp.json: ", 11) == 0, "%s", err.message);
}
END_TEST

START_TEST(broken_json_is_said_with_its_byte)
{
    const char *text = "{\"format\":\"tokenscope-profile/1\",}";
    struct tscope_error err = {0};
    tscope_profile *profile = NULL;

    ck_assert_int_eq(try_read(text, strlen(text), &profile, &err), TSCOPE_ERR_DATA);
    ck_assert_uint_eq(err.offset, 34);
}
END_TEST

START_TEST(no_prefix_of_a_profile_is_one)
{
    size_t len = strlen(WHOLE);

    for (size_t i = 0; i < len; i++) {
        struct tscope_error err = {0};
        tscope_profile *profile = NULL;

        ck_assert_int_eq(try_read(WHOLE, i, &profile, &err), TSCOPE_ERR_DATA);
        ck_assert_ptr_null(profile);
    }
}
END_TEST

/* A profile whose issuer has a pattern of so many letters, or that has so many issuers; padded to so many bytes. */
static char *
grown(size_t letters, size_t rows, size_t bytes)
{
    char *text = malloc(bytes + 4096 + (letters + 64) * (rows + 1));
    size_t len;

    ck_assert_ptr_nonnull(text);
    len = (size_t)sprintf(text, "%s", HEAD FAMILIES POOLS "\"issuers\":[");
    for (size_t i = 0; i < rows; i++) {
        len += (size_t)sprintf(text + len, "%s{\"pattern\":\"", i ? "," : "");
        memset(text + len, 'x', letters);
        len += letters;
        len += (size_t)sprintf(text + len, "\",\"family\":\"corp\",\"pools\":\"corp\"}");
    }
    len += (size_t)sprintf(text + len, "]}");
    while (len < bytes)
        text[len++] = ' ';
    text[len] = '\0';
    return text;
}

static const struct {
    size_t letters, rows, bytes;
    enum tscope_status status;
} limits[] = {
    {511, 1, 0, TSCOPE_OK},
    {512, 1, 0, TSCOPE_OK},
    {513, 1, 0, TSCOPE_ERR_DATA},
    {4, 4095, 0, TSCOPE_OK},
    {4, 4096, 0, TSCOPE_OK},
    {4, 4097, 0, TSCOPE_ERR_DATA},
    {4, 1, TSCOPE_PROFILE_INPUT_MAX - 1, TSCOPE_OK},
    {4, 1, TSCOPE_PROFILE_INPUT_MAX, TSCOPE_OK},
    {4, 1, TSCOPE_PROFILE_INPUT_MAX + 1, TSCOPE_ERR_TOO_LARGE},
};

START_TEST(limits_hold_to_the_letter)
{
    char *text = grown(limits[_i].letters, limits[_i].rows, limits[_i].bytes);
    struct tscope_error err = {0};
    tscope_profile *profile = NULL;

    ck_assert_int_eq(try_read(text, strlen(text), &profile, &err), limits[_i].status);
    if (limits[_i].status == TSCOPE_OK)
        ck_assert_uint_eq(profile->tables[0]->issuers_len, limits[_i].rows);
    tscope_profile_free(profile);
    free(text);
}
END_TEST

START_TEST(every_allocation_may_fail)
{
    enum tscope_status status = TSCOPE_ERR_NO_MEMORY;
    tscope_profile *profile = NULL;

    for (unsigned long failed = 1; status == TSCOPE_ERR_NO_MEMORY; failed++) {
        ck_assert_ptr_null(profile);
        tscope_alloc_fail_from(failed);
        status = tscope_profile_read((const uint8_t *)WHOLE, strlen(WHOLE), NULL, &profile, NULL);
        tscope_alloc_fail_from(0);
    }
    ck_assert_int_eq(status, TSCOPE_OK);
    tscope_profile_free(profile);
}
END_TEST

/* Patterns of profiles */

static const struct {
    const char *pattern;
    bool sound;
} soundness[] = {
    {"https://a/", true},
    {"{tenantid}", true},
    {"https://{host}/realms/{tenantid}", true},
    {"https://{any}.{region}.x/{policy}/{tenantid}", true},
    {"https://{any}.{region}.x/{policy}/{tenantid}/{any}", false}, /* five */
    {"https://{tenantid}{region}.x/", false},
    {"https://{tenantid}x/", false},
    {"https://{TenantId}/", false},
    {"https://{tenantid/", false},
    {"https://tenantid}/", false},
    {"https://a/{}", false},
    {"", false},
};

START_TEST(pattern_is_sound_when_its_ends_show)
{
    ck_assert_int_eq(tscope_profile_pattern_is_sound(tscope_span_text(soundness[_i].pattern)), soundness[_i].sound);
}
END_TEST

static const struct {
    const char *pattern, *text;
    bool matches;
    const char *tenant, *host;
} matches[] = {
    {"https://{tenantid}.x.com", "https://a.x.com", true, "a", NULL},
    {"https://{tenantid}.x.com", "https://a.b.x.com", false, NULL, NULL}, /* of a host one label */
    {"https://{tenantid}.x.com", "https://.x.com", false, NULL, NULL},
    {"https://{tenantid}.x.com", "https://a_b.x.com", false, NULL, NULL},
    {"https://{tenantid}.x.com", "https://a.x.com:443", false, NULL, NULL},
    {"https://{host}/r/{tenantid}", "https://a.b:8443/r/c", true, "c", "a.b:8443"},
    {"https://{host}/r/{tenantid}", "https://a@b/r/c", false, NULL, NULL},
    {"https://{host}/r/{tenantid}", "https://a/x/r/c", false, NULL, NULL},
    {"https://{host}/r/{tenantid}", "https://a/r/c?d", false, NULL, NULL},
    {"https://{host}/r/{tenantid}", "https://{host}/r/{tenantid}", true, NULL, NULL},
    {"https://a/{any}/{tenantid}", "https://a/b.c/d.e", true, "d.e", NULL},
    {"x@{tenantid}", "x@y", true, "y", NULL},
    {"{any}@{tenantid}", "x@y", true, "y", NULL},
    {"{any}@{tenantid}", "x", false, NULL, NULL},
    {"{any}@{tenantid}", "x@", false, NULL, NULL},
};

START_TEST(row_matches_label_by_label)
{
    size_t len = strlen(matches[_i].text);
    uint8_t *text = exact_copy(matches[_i].text, len);
    struct tscope_profile_match match;

    ck_assert_int_eq(tscope_profile_row_matches(tscope_span_text(matches[_i].pattern), tscope_span_of(text, len), &match),
                     matches[_i].matches);
    if (matches[_i].matches) {
        ck_assert_int_eq(match.tenant.data != NULL, matches[_i].tenant != NULL);
        ck_assert_int_eq(match.host.data != NULL, matches[_i].host != NULL);
        ck_assert(!matches[_i].tenant || tscope_span_is(match.tenant, matches[_i].tenant));
        ck_assert(!matches[_i].host || tscope_span_is(match.host, matches[_i].host));
    }
    free(text);
}
END_TEST

static const struct {
    const char *kid;
    enum tscope_kid_alphabet alphabet;
} shapes[] = {
    {"0123", TSCOPE_KID_DECIMAL}, {"01ab", TSCOPE_KID_HEX},         {"01AB", TSCOPE_KID_HEX_UPPER}, {"01ab-2", TSCOPE_KID_GUID},
    {"01xZ", TSCOPE_KID_ALNUM},   {"01xZ_-", TSCOPE_KID_BASE64URL}, {"01xZ+=", TSCOPE_KID_BASE64},  {"a b", TSCOPE_KID_ANY},
};

START_TEST(kid_has_the_narrowest_shape)
{
    struct tscope_span kid = tscope_span_text(shapes[_i].kid);
    struct tscope_profile_kid shape = tscope_profile_kid_shape(kid);

    ck_assert_int_eq(shape.alphabet, shapes[_i].alphabet);
    ck_assert(tscope_profile_kid_fits(shape, kid));
    ck_assert(!tscope_profile_kid_fits(shape, tscope_span_of(kid.data, kid.len - 1)));
    ck_assert(tscope_profile_kid_fits((struct tscope_profile_kid){0}, kid));
}
END_TEST

START_TEST(kid_of_no_length_or_of_too_much_has_no_shape)
{
    char longest[256];

    memset(longest, 'a', sizeof(longest));
    ck_assert_uint_eq(tscope_profile_kid_shape(tscope_span_of(longest, 0)).len_max, 0);
    ck_assert_uint_eq(tscope_profile_kid_shape(tscope_span_of(longest, 254)).len_max, 254);
    ck_assert_uint_eq(tscope_profile_kid_shape(tscope_span_of(longest, 255)).len_max, 255);
    ck_assert_uint_eq(tscope_profile_kid_shape(tscope_span_of(longest, 256)).len_max, 0);
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("profile_read");
    TCase *tcase = tcase_create("profile_read");

    suite_add_tcase(suite, tcase);
    tcase_add_test(tcase, file_counts_ahead_of_what_is_shipped);
    tcase_add_test(tcase, every_member_is_read);
    tcase_add_loop_test(tcase, what_is_wrong_is_said_with_its_place, 0, TSCOPE_COUNT(wrong));
    tcase_add_test(tcase, broken_json_is_said_with_its_byte);
    tcase_add_test(tcase, no_prefix_of_a_profile_is_one);
    tcase_add_loop_test(tcase, limits_hold_to_the_letter, 0, TSCOPE_COUNT(limits));
    tcase_add_test(tcase, every_allocation_may_fail);
    tcase_add_loop_test(tcase, pattern_is_sound_when_its_ends_show, 0, TSCOPE_COUNT(soundness));
    tcase_add_loop_test(tcase, row_matches_label_by_label, 0, TSCOPE_COUNT(matches));
    tcase_add_loop_test(tcase, kid_has_the_narrowest_shape, 0, TSCOPE_COUNT(shapes));
    tcase_add_test(tcase, kid_of_no_length_or_of_too_much_has_no_shape);
    return run_suite(suite);
}
