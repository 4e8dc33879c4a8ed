/* SPDX-License-Identifier: Apache-2.0 */
#include "profile/profile.h"

#include <stdio.h>

#include <tokenscope/version.h>

#include "keys_testing.h"

/* The histories of the vectors play the real ones: keys by id, so that a case reads like the rule it proves. */
static tscope_keyring *ring;
static tscope_profile *profile;

static char *
read_file(const char *name, size_t *ret_len)
{
    char path[512];
    FILE *file;
    long len;
    char *bytes;

    snprintf(path, sizeof(path), "%s/%s", TSCOPE_SOURCE_ROOT, name);
    file = fopen(path, "rb");
    ck_assert_msg(file != NULL, "%s", path);
    ck_assert_int_eq(fseek(file, 0, SEEK_END), 0);
    len = ftell(file);
    ck_assert_int_gt(len, 0);
    rewind(file);
    bytes = malloc((size_t)len);
    ck_assert_ptr_nonnull(bytes);
    ck_assert_uint_eq(fread(bytes, 1, (size_t)len, file), (size_t)len);
    fclose(file);
    *ret_len = (size_t)len;
    return bytes;
}

static void
set_up(void)
{
    size_t len;
    char *history = read_file("vectors/history/microsoft.json", &len);
    struct tscope_error err = {0};

    ring = new_keyring();
    ck_assert_msg(tscope_keyring_add_history(ring, (const uint8_t *)history, len, "microsoft", &err) == TSCOPE_OK, "%s", err.message);
    free(history);
    freeze(ring);
    ck_assert_int_eq(tscope_profile_new(NULL, &profile, NULL), TSCOPE_OK);
}

static void
tear_down(void)
{
    tscope_keyring_free(ring);
    tscope_profile_free(profile);
}

static const tscope_key *
key_of(const char *id)
{
    for (size_t i = 0; i < tscope_keyring_count(ring); i++) {
        const tscope_key *key = tscope_keyring_key(ring, i);

        if (key->history && tscope_span_is(key->history->keys[key->history_key].id, id))
            return key;
    }
    ck_abort_msg("no key of that id: %s", id);
    return NULL;
}

#define TENANT "7d0c1f6a-93b5-4e02-8c4b-5a1e0d9b6f21"

/* Issuers */

static const struct {
    const char *iss;
    const char *family; /* NULL: unknown */
    enum tscope_cloud cloud;
    const char *tenant; /* NULL: none */
} issuers[] = {
    {"https://login.microsoftonline.com/" TENANT "/v2.0", "entra-enterprise", TSCOPE_CLOUD_PUBLIC, TENANT},
    {"https://sts.windows.net/" TENANT "/", "entra-enterprise", TSCOPE_CLOUD_PUBLIC, TENANT},
    {"https://login.microsoftonline.com/" TENANT "/v1.1", "entra-enterprise", TSCOPE_CLOUD_PUBLIC, TENANT},
    {"https://login.microsoftonline.com/" TSCOPE_CONSUMER_TENANT "/v2.0", "msa-consumer", TSCOPE_CLOUD_PUBLIC, TSCOPE_CONSUMER_TENANT},
    {"https://sts.windows.net/" TSCOPE_CONSUMER_TENANT "/", "msa-consumer", TSCOPE_CLOUD_PUBLIC, TSCOPE_CONSUMER_TENANT},
    {"https://login.microsoftonline.us/" TENANT "/v2.0", "entra-enterprise", TSCOPE_CLOUD_US_GOV, TENANT},
    {"https://login.partner.microsoftonline.cn/" TENANT "/v2.0", "entra-enterprise", TSCOPE_CLOUD_CHINA, TENANT},
    {"https://sts.windows-ppe.net/" TENANT "/", "entra-enterprise", TSCOPE_CLOUD_PRE_PRODUCTION, TENANT},
    {"https://api.botframework.com", "botframework", TSCOPE_CLOUD_PUBLIC, NULL},
    {"https://id.example.net", "example-idp", TSCOPE_CLOUD_PUBLIC, NULL}, /* from the history's endpoint */
    {"https://accounts.google.com", "google", TSCOPE_CLOUD_PUBLIC, NULL},
    {"accounts.google.com", "google", TSCOPE_CLOUD_PUBLIC, NULL},
    {"https://accounts.google.com/", "google", TSCOPE_CLOUD_PUBLIC, NULL}, /* of security events */
    {"https://securetoken.google.com/app", "google-securetoken", TSCOPE_CLOUD_PUBLIC, NULL},
    {"https://corp.auth0.com/", "auth0-tenant", TSCOPE_CLOUD_PUBLIC, "corp"},
    {"https://corp.eu.auth0.com/", "auth0-tenant", TSCOPE_CLOUD_PUBLIC, "corp"},
    {"https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_A", "aws-cognito", TSCOPE_CLOUD_PUBLIC, "eu-west-1_A"},
    {"https://cognito-identity.amazonaws.com", "aws-cognito-identity", TSCOPE_CLOUD_PUBLIC, NULL},
    {"https://sso.example:8443/realms/staff", "keycloak", TSCOPE_CLOUD_PUBLIC, "staff"},
    {"https://fs.example/adfs", "adfs", TSCOPE_CLOUD_PUBLIC, NULL},
    {"https://github.example/_services/token", "github-actions-server", TSCOPE_CLOUD_PUBLIC, NULL},
    {"https://corp.okta.com", "okta", TSCOPE_CLOUD_PUBLIC, "corp"},
    {"https://corp.okta.com/oauth2/default", "okta", TSCOPE_CLOUD_PUBLIC, "corp"},
    /* near misses: none of these is anybody's issuer */
    {"https://login.microsoftonline.com/" TENANT "/v2.0/", NULL, TSCOPE_CLOUD_UNKNOWN, NULL},
    {"https://sts.windows.net/" TENANT, NULL, TSCOPE_CLOUD_UNKNOWN, NULL},
    {"https://login.microsoftonline.com//v2.0", NULL, TSCOPE_CLOUD_UNKNOWN, NULL},
    {"https://login.microsoftonline.com/a/b/v2.0", NULL, TSCOPE_CLOUD_UNKNOWN, NULL},
    {"https://login.microsoftonline.com/a?b/v2.0", NULL, TSCOPE_CLOUD_UNKNOWN, NULL},
    {"https://login.microsoftonline.com.evil.example/" TENANT "/v2.0", NULL, TSCOPE_CLOUD_UNKNOWN, NULL},
    {"http://sts.windows.net/" TENANT "/", NULL, TSCOPE_CLOUD_UNKNOWN, NULL},
    {"https://STS.windows.net/" TENANT "/", NULL, TSCOPE_CLOUD_UNKNOWN, NULL},
    {"https://id.example.net/", NULL, TSCOPE_CLOUD_UNKNOWN, NULL},
    {"https://accounts.google.com//", NULL, TSCOPE_CLOUD_UNKNOWN, NULL},
    {"https://a.b.c.auth0.com/", NULL, TSCOPE_CLOUD_UNKNOWN, NULL},
    {"https://.auth0.com/", NULL, TSCOPE_CLOUD_UNKNOWN, NULL},
    {"https://auth0.com/", NULL, TSCOPE_CLOUD_UNKNOWN, NULL},
    {"https://corp.auth0.com.evil.example/", NULL, TSCOPE_CLOUD_UNKNOWN, NULL},
    {"https://evil.example/.auth0.com/", NULL, TSCOPE_CLOUD_UNKNOWN, NULL},
    {"https://joe@corp.auth0.com/", NULL, TSCOPE_CLOUD_UNKNOWN, NULL},
    {"https://cognito-idp.eu-west-1.amazonaws.com/", NULL, TSCOPE_CLOUD_UNKNOWN, NULL},
    {"https://cognito-idp.a.b.amazonaws.com/x", NULL, TSCOPE_CLOUD_UNKNOWN, NULL},
    {"https://sso.example/realms/staff/x", NULL, TSCOPE_CLOUD_UNKNOWN, NULL},
    {"https://sso.example@evil.example/realms/staff", NULL, TSCOPE_CLOUD_UNKNOWN, NULL},
    {"https:///realms/staff", NULL, TSCOPE_CLOUD_UNKNOWN, NULL},
    {"https://kubernetes.default.svc.cluster.local", NULL, TSCOPE_CLOUD_PUBLIC, NULL}, /* known, but whose keys sign is not */
    {"", NULL, TSCOPE_CLOUD_UNKNOWN, NULL},
};

START_TEST(issuer_is_known_by_its_exact_form)
{
    size_t len = strlen(issuers[_i].iss);
    uint8_t *iss = exact_copy(issuers[_i].iss, len);
    struct tscope_issuer issuer;

    set_up();
    issuer = tscope_profile_issuer_of(profile, ring, tscope_span_of(iss, len));
    ck_assert_int_eq(issuer.family.data != NULL, issuers[_i].family != NULL);
    if (issuers[_i].family)
        ck_assert(tscope_span_is(issuer.family, issuers[_i].family));
    ck_assert_int_eq(issuer.cloud, issuers[_i].cloud);
    ck_assert_int_eq(issuer.tenant.data != NULL, issuers[_i].tenant != NULL);
    if (issuers[_i].tenant)
        ck_assert(tscope_span_is(issuer.tenant, issuers[_i].tenant));
    free(iss);
    tear_down();
}
END_TEST

static bool
is_same_view(struct tscope_span a, struct tscope_span b)
{
    return a.data == b.data && a.len == b.len;
}

/* Whatever was asked before, the answer is that of a look-up, and its views are into the text that was asked about. */
START_TEST(remembered_issuer_is_the_one_looked_up)
{
    struct tscope_issuer_memory *memory = calloc(1, sizeof(*memory));

    ck_assert_ptr_nonnull(memory);
    set_up();
    for (size_t i = 0; i < 3 * TSCOPE_COUNT(issuers); i++) {
        size_t len = strlen(issuers[i % TSCOPE_COUNT(issuers)].iss);
        uint8_t *iss = exact_copy(issuers[i % TSCOPE_COUNT(issuers)].iss, len);
        struct tscope_issuer looked_up = tscope_profile_issuer_of(profile, ring, tscope_span_of(iss, len));

        for (int again = 0; again < 2; again++) {
            struct tscope_issuer issuer = tscope_profile_issuer_again(memory, profile, ring, tscope_span_of(iss, len));

            ck_assert_ptr_eq(issuer.row, looked_up.row);
            ck_assert_int_eq(issuer.cloud, looked_up.cloud);
            ck_assert_int_eq(issuer.archived, looked_up.archived);
            ck_assert(is_same_view(issuer.family, looked_up.family) && is_same_view(issuer.tenant, looked_up.tenant) &&
                      is_same_view(issuer.host, looked_up.host) && is_same_view(issuer.text, looked_up.text));
        }
        free(iss);
    }
    free(memory);
    tear_down();
}
END_TEST

START_TEST(issuer_of_any_length_is_looked_up)
{
    static const char front[] = "https://sso.example/realms/";
    size_t len = TSCOPE_ISSUER_REMEMBERED_MAX - 1 + (size_t)_i;
    struct tscope_issuer_memory *memory = calloc(1, sizeof(*memory));
    char *text = malloc(len);

    ck_assert(memory && text);
    memset(text, 'r', len);
    memcpy(text, front, sizeof(front) - 1);
    set_up();
    for (int again = 0; again < 2; again++) {
        struct tscope_issuer issuer = tscope_profile_issuer_again(memory, profile, ring, tscope_span_of(text, len));

        ck_assert(issuer.row && issuer.text.data == (const uint8_t *)text && issuer.text.len == len);
    }
    free(text);
    free(memory);
    tear_down();
}
END_TEST

START_TEST(absent_issuer_is_unknown)
{
    struct tscope_issuer issuer;

    set_up();
    issuer = tscope_profile_issuer_of(profile, ring, (struct tscope_span){NULL, 0});
    ck_assert_ptr_null(issuer.family.data);
    ck_assert_ptr_null(issuer.row);
    tear_down();
}
END_TEST

static const struct {
    const char *iss;
    bool near;
} lookalikes[] = {
    {"https://login.microsoftonline.com.evil.example/" TENANT "/v2.0", true},
    {"https://login.microsoftonline.company/" TENANT "/v2.0", true},
    {"http://sts.windows.net/" TENANT "/", true},
    {"https://STS.windows.net/" TENANT "/", true},
    {"https://login.microsoftonline.com@evil.example/" TENANT "/v2.0", true},
    {"https://evil.example/?https://sts.windows.net/" TENANT "/", true},
    {"https://fakelogin.microsoftonline.com/" TENANT "/v2.0", true},
    {"https://login.microsoftonline.com/" TENANT "/v2.0/", false}, /* the host itself */
    {"https://eu.login.microsoftonline.com/" TENANT "/v2.0", false},
    {"https://login.corp.example/" TENANT "/v2.0", false},
    {"https://accounts.google.com", false},
    {"https://gitlab.com.evil.example", true},
    {"https://gitlab.com@evil.example", true},
    {"https://evil.example/https://gitlab.com", true},
    {"http://gitlab.com", true},
    {"https://gitlab.company.example", false}, /* two labels are not much of a name */
    {"https://ourgitlab.com", false},
    {"https://kubernetes.default.svc.corp.internal", false}, /* a name that every cluster has */
    {"joe", false},
    {"", false},
};

START_TEST(lookalike_of_a_known_issuer_is_told)
{
    size_t len = strlen(lookalikes[_i].iss);
    uint8_t *iss = exact_copy(lookalikes[_i].iss, len);
    const struct tscope_profile_issuer *row;
    const char *why;

    set_up();
    why = tscope_profile_near_miss(profile, tscope_span_of(iss, len), &row);
    ck_assert_int_eq(why != NULL, lookalikes[_i].near);
    ck_assert_int_eq(row != NULL, lookalikes[_i].near);
    free(iss);
    tear_down();
}
END_TEST

/* Patterns */

static const struct {
    const char *pattern, *text;
    bool matches;
    const char *tenant;
} patterns[] = {
    {"https://a/{tenantid}/b", "https://a/x/b", true, "x"},
    {"https://a/{tenantid}/b", "https://a/{tenantid}/b", true, NULL},
    {"https://a/{tenantid}/b", "https://a//b", false, NULL},
    {"https://a/{tenantid}/b", "https://a/b", false, NULL},
    {"https://a/{tenantid}/b", "https://a/x/y/b", false, NULL},
    {"https://a/{tenantid}/b", "https://a/x#y/b", false, NULL},
    {"https://a/{tenantid}/b", "https://a/x/b/", false, NULL},
    {"https://a/{tenantid}/b", "Https://a/x/b", false, NULL},
    {"https://a/", "https://a/", true, NULL},
    {"https://a/", "https://a", false, NULL},
    {"https://a/", "https://a/b", false, NULL},
    {"{tenantid}", "x", true, "x"},
    {"{tenantid}", "", false, NULL},
    {"{TenantId}", "x", false, NULL},
};

START_TEST(pattern_stands_for_one_segment)
{
    size_t len = strlen(patterns[_i].text);
    uint8_t *text = exact_copy(patterns[_i].text, len);
    struct tscope_span tenant;

    ck_assert_int_eq(tscope_profile_pattern_matches(tscope_span_text(patterns[_i].pattern), tscope_span_of(text, len), &tenant),
                     patterns[_i].matches);
    ck_assert_int_eq(tenant.data != NULL, patterns[_i].tenant != NULL);
    if (patterns[_i].tenant)
        ck_assert(tscope_span_is(tenant, patterns[_i].tenant));
    free(text);
}
END_TEST

/* Who may sign for whom */

static const struct {
    const char *key, *iss;
    enum tscope_right right;
    bool serves;
} rights[] = {
    {"ent-current", "https://login.microsoftonline.com/" TENANT "/v2.0", TSCOPE_RIGHT_YES, true},
    {"ent-current", "https://sts.windows.net/" TENANT "/", TSCOPE_RIGHT_YES, true},
    {"ent-current", "https://login.microsoftonline.com/" TSCOPE_CONSUMER_TENANT "/v2.0", TSCOPE_RIGHT_FAMILY, true},
    {"msa-2024", "https://login.microsoftonline.com/" TSCOPE_CONSUMER_TENANT "/v2.0", TSCOPE_RIGHT_YES, true},
    {"msa-2024", "https://login.microsoftonline.com/" TENANT "/v2.0", TSCOPE_RIGHT_FAMILY, true}, /* the Storm-0558 case */
    {"msa-2024", "https://sts.windows.net/" TENANT "/", TSCOPE_RIGHT_FAMILY, true},
    {"msa-by-subject", "https://sts.windows.net/" TENANT "/", TSCOPE_RIGHT_FAMILY, true},
    {"gov", "https://login.microsoftonline.us/" TENANT "/v2.0", TSCOPE_RIGHT_YES, true},
    {"gov", "https://sts.windows.net/" TENANT "/", TSCOPE_RIGHT_YES, true}, /* the version 1 issuer of all clouds */
    {"gov", "https://login.microsoftonline.com/" TENANT "/v2.0", TSCOPE_RIGHT_CLOUD, true},
    {"ent-current", "https://login.microsoftonline.us/" TENANT "/v2.0", TSCOPE_RIGHT_CLOUD, true},
    {"china", "https://login.partner.microsoftonline.cn/" TENANT "/v2.0", TSCOPE_RIGHT_YES, true},
    {"china", "https://login.microsoftonline.com/" TENANT "/v2.0", TSCOPE_RIGHT_CLOUD, false},
    {"ppe", "https://login.windows-ppe.net/" TENANT "/v2.0", TSCOPE_RIGHT_YES, true},
    {"ppe", "https://login.microsoftonline.com/" TENANT "/v2.0", TSCOPE_RIGHT_TEST, false},
    {"ppe", "https://sts.windows.net/" TENANT "/", TSCOPE_RIGHT_TEST, false},
    {"bot", "https://api.botframework.com", TSCOPE_RIGHT_YES, true},
    {"bot", "https://sts.windows.net/" TENANT "/", TSCOPE_RIGHT_FAMILY, false},
    {"idp", "https://id.example.net", TSCOPE_RIGHT_YES, true},
    {"idp", "https://sts.windows.net/" TENANT "/", TSCOPE_RIGHT_FAMILY, false},
    {"ent-current", "https://id.example.net", TSCOPE_RIGHT_FAMILY, false},
    {"ent-current", "https://login.corp.example/" TENANT "/v2.0", TSCOPE_RIGHT_UNKNOWN, false}, /* a tenant's own domain */
    {"idp", "https://nobody.example", TSCOPE_RIGHT_UNKNOWN, false},
};

START_TEST(right_to_sign_follows_family_and_cloud)
{
    struct tscope_span iss = tscope_span_text(rights[_i].iss);
    struct tscope_issuer issuer;
    struct tscope_standing standing;
    const tscope_key *key;

    set_up();
    key = key_of(rights[_i].key);
    issuer = tscope_profile_issuer_of(profile, ring, iss);
    standing = tscope_profile_standing(profile, ring, key);
    ck_assert_int_eq(tscope_profile_right(profile, &issuer, iss, &standing), rights[_i].right);
    ck_assert_int_eq(tscope_profile_serves(profile, &issuer, &standing, key), rights[_i].serves);
    tear_down();
}
END_TEST

/* How strongly a family is known decides between forgery and anomaly. */
static const struct {
    const char *key;
    const char *family;
    enum tscope_family_from from;
} standings[] = {
    {"ent-current", "entra-enterprise", TSCOPE_FAMILY_FROM_ISSUER}, {"msa-2024", "msa-consumer", TSCOPE_FAMILY_FROM_ISSUER},
    {"msa-by-subject", "msa-consumer", TSCOPE_FAMILY_FROM_SUBJECT}, {"idp", "example-idp", TSCOPE_FAMILY_FROM_ENDPOINT},
    {"bot", "botframework", TSCOPE_FAMILY_FROM_ENDPOINT},
};

START_TEST(standing_says_how_the_family_is_known)
{
    struct tscope_standing standing;

    set_up();
    standing = tscope_profile_standing(profile, ring, key_of(standings[_i].key));
    ck_assert(tscope_span_is(standing.family, standings[_i].family));
    ck_assert_int_eq(standing.from, standings[_i].from);
    ck_assert(!standing.given);
    ck_assert_ptr_nonnull(standing.recorded);
    tear_down();
}
END_TEST

/* Keys that the caller gives */

#define GIVEN_MODULUS "p2-13-_3mlwcMg_KdLyIHlShxVoYy7ANWpk0rjiAqH37xZFd66-bisFomHitARMXzlGeyW_RsxIqT6pjixi2VQ"

static const struct {
    const char *member; /* of the JWK */
    const char *iss;
    const char *family; /* NULL: unknown */
    enum tscope_right right;
} given[] = {
    {"", "https://nobody.example", NULL, TSCOPE_RIGHT_ASKED},
    {"", NULL, NULL, TSCOPE_RIGHT_ASKED},
    {"\"issuer\":\"https://nobody.example\",", "https://nobody.example", NULL, TSCOPE_RIGHT_ASKED},
    {"\"issuer\":\"https://somebody.example\",", "https://nobody.example", NULL, TSCOPE_RIGHT_UNKNOWN},
    {"\"issuer\":\"https://login.microsoftonline.com/{tenantid}/v2.0\",", "https://sts.windows.net/" TENANT "/", "entra-enterprise",
     TSCOPE_RIGHT_YES},
    {"\"issuer\":\"https://login.microsoftonline.com/" TSCOPE_CONSUMER_TENANT "/v2.0\",", "https://sts.windows.net/" TENANT "/",
     "msa-consumer", TSCOPE_RIGHT_FAMILY},
    {"\"cloud_instance_name\":\"microsoftonline.us\",\"issuer\":\"https://login.microsoftonline.com/{tenantid}/v2.0\",",
     "https://login.microsoftonline.com/" TENANT "/v2.0", "entra-enterprise", TSCOPE_RIGHT_CLOUD},
};

START_TEST(given_key_counts_as_asked_unless_it_names_another)
{
    char jwk[512];
    tscope_keyring *keyring;
    tscope_profile *entra = NULL;
    struct tscope_span iss = tscope_span_text(given[_i].iss);
    struct tscope_issuer issuer;
    struct tscope_standing standing;

    snprintf(jwk, sizeof(jwk), "{\"kty\":\"RSA\",%s\"e\":\"AQAB\",\"n\":\"" GIVEN_MODULUS "\"}", given[_i].member);
    keyring = keyring_of(jwk, 1);
    ck_assert_int_eq(tscope_profile_new("entra", &entra, NULL), TSCOPE_OK);
    issuer = tscope_profile_issuer_of(entra, keyring, iss);
    standing = tscope_profile_standing(entra, keyring, tscope_keyring_key(keyring, 0));
    ck_assert(standing.given);
    ck_assert_int_eq(standing.family.data != NULL, given[_i].family != NULL);
    if (given[_i].family)
        ck_assert(tscope_span_is(standing.family, given[_i].family));
    ck_assert_int_eq(tscope_profile_right(entra, &issuer, iss, &standing), given[_i].right);
    tscope_profile_free(entra);
    tscope_keyring_free(keyring);
}
END_TEST

/* Profiles themselves */

START_TEST(all_profiles_together_are_the_default)
{
    tscope_profile *all = NULL;
    const char *name;
    size_t count = 0;

    ck_assert_int_eq(tscope_profile_new(NULL, &all, NULL), TSCOPE_OK);
    ck_assert_str_eq(tscope_profile_id(all), "shipped@" TSCOPE_VERSION);
    tscope_profile_free(all);
    for (; (name = tscope_profile_name(count)); count++) {
        ck_assert_int_eq(tscope_profile_new(name, &all, NULL), TSCOPE_OK);
        ck_assert_int_eq(strncmp(tscope_profile_id(all), name, strlen(name)), 0);
        ck_assert_uint_eq(all->tables_len, 1);
        tscope_profile_free(all);
    }
    ck_assert_uint_eq(count, tscope_profile_tables_len);
}
END_TEST

START_TEST(shipped_profile_is_found_by_name)
{
    tscope_profile *entra = NULL, *again;

    ck_assert_int_eq(tscope_profile_new("entra", &entra, NULL), TSCOPE_OK);
    ck_assert_str_eq(tscope_profile_id(entra), "entra@1");
    again = tscope_profile_ref(entra);
    tscope_profile_free(entra);
    ck_assert_str_eq(tscope_profile_id(again), "entra@1");
    tscope_profile_free(again);
    tscope_profile_free(NULL);
}
END_TEST

START_TEST(unknown_profile_is_not_found)
{
    static const char *const names[] = {"", "Entra", "entra@1", "entra ", "nobody"};
    tscope_profile *none = NULL;
    struct tscope_error err = {0};

    ck_assert_int_eq(tscope_profile_new(names[_i], &none, &err), TSCOPE_ERR_NOT_FOUND);
    ck_assert_ptr_null(none);
    ck_assert_int_eq(err.status, TSCOPE_ERR_NOT_FOUND);
}
END_TEST

START_TEST(profile_without_memory_says_so)
{
    enum tscope_status status = TSCOPE_ERR_NO_MEMORY;
    tscope_profile *none = NULL;
    unsigned long failed = 0;

    while (status == TSCOPE_ERR_NO_MEMORY) {
        ck_assert_ptr_null(none);
        tscope_alloc_fail_from(++failed);
        status = tscope_profile_new(NULL, &none, NULL);
        tscope_alloc_fail_from(0);
    }
    ck_assert_int_eq(status, TSCOPE_OK);
    ck_assert_uint_gt(failed, 1);
    tscope_profile_free(none);
}
END_TEST

static const struct {
    const char *audience;
    bool first_party;
} audiences[] = {
    {"00000003-0000-0000-c000-000000000000", true},
    {"https://graph.microsoft.com", true},
    {"https://graph.microsoft.com/", true},
    {TSCOPE_CONSUMER_TENANT, false}, /* a tenant is no audience */
    {"api://mine", false},
    {"", false},
    {NULL, false},
};

START_TEST(first_party_audience_is_listed)
{
    ck_assert_int_eq(tscope_profile_is_first_party(tscope_span_text(audiences[_i].audience)), audiences[_i].first_party);
}
END_TEST

START_TEST(family_has_words_or_its_name)
{
    set_up();
    ck_assert(tscope_span_is(tscope_profile_family_words(profile, TSCOPE_SPAN("msa-consumer")), "Microsoft account (consumer)"));
    ck_assert(tscope_span_is(tscope_profile_family_words(profile, TSCOPE_SPAN("example-idp")), "example-idp"));
    tear_down();
}
END_TEST

/* A set's address says whose it is when all that tells issuers apart stands in both, and is the same. */
static const struct {
    const char *pattern, *jwks, *iss, *url;
    bool is_of;
} set_addresses[] = {
    {"https://{tenantid}.a.example", "https://{tenantid}.a.example/keys", "https://x.a.example", "https://x.a.example/keys", true},
    {"https://{tenantid}.a.example", "https://{tenantid}.a.example/keys", "https://x.a.example", "https://y.a.example/keys", false},
    {"https://{tenantid}.a.example", "https://{tenantid}.a.example/keys", "https://x.a.example", "https://x.a.example/keys/", false},
    {"https://{tenantid}.a.example", "https://{tenantid}.a.example/keys", "https://x.b.example", "https://x.a.example/keys", false},
    {"https://{tenantid}.a.example", "https://a.example/keys", "https://x.a.example", "https://a.example/keys", false},
    {"https://x.a.example", "https://x.a.example/keys", "https://x.a.example", "https://x.a.example/keys", true},
    {"https://x.a.example/{any}", "https://x.a.example/keys", "https://x.a.example/1", "https://x.a.example/keys", true},
    {"https://{tenantid}.a.example/{any}", "https://{tenantid}.a.example/{any}/keys", "https://x.a.example/1", "https://x.a.example/1/keys",
     true},
    {"https://{tenantid}.a.example/{any}", "https://{tenantid}.a.example/{any}/keys", "https://x.a.example/1", "https://x.a.example/2/keys",
     false},
    {"https://{any}.a.example/{any}", "https://{any}.a.example/{any}/keys", "https://1.a.example/2", "https://1.a.example/2/keys", true},
    {"https://{any}.a.example/{any}", "https://{any}.a.example/{any}/keys", "https://1.a.example/2", "https://2.a.example/1/keys", false},
    {"https://{any}.a.example", "https://{any}.a.example/{any}/keys", "https://1.a.example", "https://1.a.example/1/keys", false},
    {"https://{host}/r/{tenantid}", "https://{host}/r/{tenantid}/certs", "https://h:1/r/t", "https://h:1/r/t/certs", true},
    {"https://{host}/r/{tenantid}", "https://{host}/r/{tenantid}/certs", "https://h:1/r/t", "https://h:2/r/t/certs", false},
    {"https://{host}/r/{tenantid}", "https://{host}/r/certs", "https://h:1/r/t", "https://h:1/r/certs", false},
    {"https://{host}/r/{tenantid}", NULL, "https://h:1/r/t", "https://h:1/r/t", false},
};

START_TEST(address_of_a_set_says_whose_it_is)
{
    struct tscope_profile_issuer row = {.pattern = tscope_span_text(set_addresses[_i].pattern)};

    if (set_addresses[_i].jwks)
        row.jwks = tscope_span_text(set_addresses[_i].jwks);
    ck_assert_int_eq(tscope_profile_set_is_of(&row, tscope_span_text(set_addresses[_i].iss), tscope_span_text(set_addresses[_i].url)),
                     set_addresses[_i].is_of);
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("profile");
    TCase *tcase = tcase_create("profile");

    suite_add_tcase(suite, tcase);
    tcase_add_loop_test(tcase, issuer_is_known_by_its_exact_form, 0, TSCOPE_COUNT(issuers));
    tcase_add_test(tcase, remembered_issuer_is_the_one_looked_up);
    tcase_add_loop_test(tcase, issuer_of_any_length_is_looked_up, 0, 3);
    tcase_add_test(tcase, absent_issuer_is_unknown);
    tcase_add_loop_test(tcase, lookalike_of_a_known_issuer_is_told, 0, TSCOPE_COUNT(lookalikes));
    tcase_add_loop_test(tcase, pattern_stands_for_one_segment, 0, TSCOPE_COUNT(patterns));
    tcase_add_loop_test(tcase, right_to_sign_follows_family_and_cloud, 0, TSCOPE_COUNT(rights));
    tcase_add_loop_test(tcase, standing_says_how_the_family_is_known, 0, TSCOPE_COUNT(standings));
    tcase_add_loop_test(tcase, given_key_counts_as_asked_unless_it_names_another, 0, TSCOPE_COUNT(given));
    tcase_add_test(tcase, all_profiles_together_are_the_default);
    tcase_add_test(tcase, shipped_profile_is_found_by_name);
    tcase_add_loop_test(tcase, unknown_profile_is_not_found, 0, 5);
    tcase_add_test(tcase, profile_without_memory_says_so);
    tcase_add_loop_test(tcase, first_party_audience_is_listed, 0, TSCOPE_COUNT(audiences));
    tcase_add_loop_test(tcase, address_of_a_set_says_whose_it_is, 0, TSCOPE_COUNT(set_addresses));
    tcase_add_test(tcase, family_has_words_or_its_name);
    return run_suite(suite);
}
