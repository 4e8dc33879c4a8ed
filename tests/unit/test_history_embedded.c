/* SPDX-License-Identifier: Apache-2.0 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/alloc.h"
#include "keys/history_packed.h"

/* The table made at build time, against what the reader of history files makes of the same file; and behind it the published samples. */

#define HISTORY TSCOPE_SOURCE_ROOT "/libtokenscope/data/key-history.json"
#define embedded (*unpacked)

static struct tscope_arena arena;
static tscope_crypto *crypto;
static uint8_t *text;
static const struct tscope_history *read_back, *unpacked;

static void
read_file(void)
{
    struct tscope_error err = {0};
    FILE *file = fopen(HISTORY, "rb");
    long len;

    ck_assert_ptr_nonnull(file);
    ck_assert_int_eq(fseek(file, 0, SEEK_END), 0);
    len = ftell(file);
    ck_assert_int_gt(len, 0);
    rewind(file);
    text = malloc((size_t)len);
    ck_assert_ptr_nonnull(text);
    ck_assert_uint_eq(fread(text, 1, (size_t)len, file), (size_t)len);
    fclose(file);
    ck_assert_int_eq(tscope_crypto_new(&crypto, NULL), TSCOPE_OK);
    ck_assert_msg(tscope_history_parse(text, (size_t)len, TSCOPE_SPAN("file"), crypto, &arena, &read_back, &err) == TSCOPE_OK, "%s",
                  err.message);
    ck_assert_int_eq(tscope_history_unpack(&tscope_history_embedded, &arena, &unpacked, NULL), TSCOPE_OK);
}

static void
release(void)
{
    tscope_arena_clear(&arena);
    tscope_crypto_free(crypto);
    free(text);
}

static void
assert_same_text(struct tscope_span a, struct tscope_span b)
{
    ck_assert_int_eq(a.data == NULL, b.data == NULL);
    ck_assert_msg(tscope_span_equal(a, b), "'%.*s' is not '%.*s'", (int)a.len, (const char *)a.data, (int)b.len, (const char *)b.data);
}

static void
assert_same_numbers(const struct tscope_key_numbers *a, const struct tscope_key_numbers *b)
{
    ck_assert_int_eq(a->type, b->type);
    ck_assert_int_eq(a->curve, b->curve);
    ck_assert(tscope_span_equal(a->n, b->n));
    ck_assert(tscope_span_equal(a->e, b->e));
    ck_assert(tscope_span_equal(a->x, b->x));
    ck_assert(tscope_span_equal(a->y, b->y));
    ck_assert_ptr_null(a->k.data);
}

static void
assert_same_certificate(const struct tscope_certificate *a, const struct tscope_certificate *b)
{
    ck_assert_int_eq(a->der.data == NULL, b->der.data == NULL);
    ck_assert(tscope_span_equal(a->der, b->der));
    ck_assert_int_eq(a->not_before, b->not_before);
    ck_assert_int_eq(a->not_after, b->not_after);
    assert_same_text(a->subject, b->subject);
    ck_assert_mem_eq(a->sha1, b->sha1, sizeof(a->sha1));
    ck_assert_mem_eq(a->sha256, b->sha256, sizeof(a->sha256));
}

START_TEST(keys_are_the_same)
{
    ck_assert_uint_gt(embedded.keys_len, read_back->keys_len);
    for (uint32_t i = 0; i < read_back->keys_len; i++) {
        const struct tscope_history_key *a = &embedded.keys[i], *b = &read_back->keys[i];

        assert_same_text(a->id, b->id);
        assert_same_text(a->kid, b->kid);
        assert_same_text(a->x5t, b->x5t);
        assert_same_text(a->issuer, b->issuer);
        assert_same_text(a->cloud_instance_name, b->cloud_instance_name);
        assert_same_text(a->family, b->family);
        assert_same_numbers(&a->numbers, &b->numbers);
        assert_same_certificate(&a->certificate, &b->certificate);
        ck_assert_mem_eq(a->thumbprint, b->thumbprint, sizeof(a->thumbprint));
        ck_assert_int_eq(a->cloud, b->cloud);
        ck_assert_int_eq(a->family_from, b->family_from);
        ck_assert_uint_eq(a->sightings, b->sightings);
        ck_assert_uint_eq(a->sightings_len, b->sightings_len);
        ck_assert_uint_eq(a->absences, b->absences);
        ck_assert_uint_eq(a->absences_len, b->absences_len);
        ck_assert_uint_eq(a->notice, b->notice);
        ck_assert_int_eq(tscope_key_numbers_check(&a->numbers), TSCOPE_KEY_FLAW_NONE);
    }
}
END_TEST

START_TEST(endpoints_and_coverage_are_the_same)
{
    ck_assert_uint_eq(embedded.endpoints_len, read_back->endpoints_len);
    for (uint32_t i = 0; i < embedded.endpoints_len; i++) {
        const struct tscope_history_endpoint *a = &embedded.endpoints[i], *b = &read_back->endpoints[i];

        assert_same_text(a->id, b->id);
        assert_same_text(a->url, b->url);
        assert_same_text(a->issuer, b->issuer);
        ck_assert_uint_eq(a->families_len, b->families_len);
        for (uint32_t f = 0; f < a->families_len; f++)
            assert_same_text(a->families[f], b->families[f]);
    }
    ck_assert_uint_eq(embedded.coverage_len, read_back->coverage_len);
    for (uint32_t i = 0; i < embedded.coverage_len; i++) {
        const struct tscope_history_coverage *a = &embedded.coverage[i], *b = &read_back->coverage[i];

        ck_assert_uint_eq(a->endpoint, b->endpoint);
        ck_assert_int_eq(a->from, b->from);
        ck_assert_int_eq(a->to, b->to);
        ck_assert_int_eq(a->largest_step, b->largest_step);
    }
    ck_assert_uint_eq(embedded.snapshots_len, read_back->snapshots_len);
}
END_TEST

/* Rows of one key, endpoint and time may stand in either order. */
START_TEST(sightings_and_absences_are_the_same)
{
    ck_assert_uint_eq(embedded.sightings_len - read_back->sightings_len, embedded.keys_len - read_back->keys_len);
    for (uint32_t i = 0; i < read_back->sightings_len; i++) {
        const struct tscope_history_sighting *a = &embedded.sightings[i], *b = &read_back->sightings[i];

        ck_assert_uint_eq(a->key, b->key);
        ck_assert_uint_eq(a->endpoint, b->endpoint);
        ck_assert_int_eq(a->at, b->at);
        ck_assert_ptr_nonnull(a->source.data);
    }
    ck_assert_uint_eq(embedded.absences_len, read_back->absences_len);
    for (uint32_t i = 0; i < embedded.absences_len; i++) {
        const struct tscope_history_absence *a = &embedded.absences[i], *b = &read_back->absences[i];

        ck_assert_uint_eq(a->key, b->key);
        ck_assert_uint_eq(a->endpoint, b->endpoint);
        ck_assert_int_eq(a->at, b->at);
        assert_same_text(a->source, b->source);
    }
}
END_TEST

START_TEST(notices_are_the_same)
{
    ck_assert_uint_eq(embedded.notices_len - read_back->notices_len, embedded.keys_len - read_back->keys_len);
    for (uint32_t i = 0; i < read_back->notices_len; i++) {
        const struct tscope_history_notice *a = &embedded.notices[i], *b = &read_back->notices[i];

        ck_assert_uint_eq(a->key, b->key);
        ck_assert_int_eq(a->status, b->status);
        ck_assert_int_eq(a->exposed_from, b->exposed_from);
        ck_assert_int_eq(a->abuse_first_known, b->abuse_first_known);
        ck_assert_int_eq(a->withdrawn_at, b->withdrawn_at);
        assert_same_text(a->reference, b->reference);
    }
}
END_TEST

/* Without the samples the order is that of the file. */
static void
assert_same_index(const uint32_t *index, uint32_t len, const uint32_t *expected)
{
    uint32_t at = 0;

    for (uint32_t i = 0; i < len; i++) {
        if (index[i] < read_back->keys_len)
            ck_assert_uint_eq(index[i], expected[at++]);
    }
}

START_TEST(indexes_are_the_same)
{
    assert_same_text(embedded.sha256, read_back->sha256);
    ck_assert_uint_eq(strlen((const char *)embedded.sha256.data), 64);
    ck_assert_int_eq(embedded.until, read_back->until);
    ck_assert_uint_ge(embedded.by_kid_len, read_back->by_kid_len);
    assert_same_index(embedded.by_kid, embedded.by_kid_len, read_back->by_kid);
    assert_same_index(embedded.by_thumbprint, embedded.keys_len, read_back->by_thumbprint);
    ck_assert_uint_eq(embedded.by_sha1_len, read_back->by_sha1_len);
    for (uint32_t i = 0; i < embedded.by_sha1_len; i++)
        ck_assert_uint_eq(embedded.by_sha1[i], read_back->by_sha1[i]);
}
END_TEST

/* Each is of no endpoint and has its notice, a source and a thumbprint of its own; none has a private member. */
START_TEST(samples_follow)
{
    for (uint32_t i = read_back->keys_len; i < embedded.keys_len; i++) {
        const struct tscope_history_key *key = &embedded.keys[i];
        const struct tscope_history_notice *notice = &embedded.notices[key->notice];
        const uint32_t *found;
        uint32_t samples = 0, count = tscope_history_find_thumbprint(&embedded, key->thumbprint, &found);

        ck_assert_uint_lt(key->notice, embedded.notices_len);
        ck_assert_uint_eq(notice->key, i);
        ck_assert_int_eq(notice->status, TSCOPE_NOTICE_SAMPLE);
        ck_assert_uint_gt(notice->reference.len, 0);
        ck_assert_uint_eq(key->sightings_len, 1);
        ck_assert_uint_eq(embedded.sightings[key->sightings].endpoint, TSCOPE_HISTORY_NONE);
        ck_assert_uint_eq(key->absences_len, 0);
        ck_assert_int_eq(key->family_from, TSCOPE_FAMILY_FROM_NOTICE);
        ck_assert(tscope_span_is(key->family, "published-sample"));
        ck_assert(!key->has_private);
        ck_assert_int_eq(tscope_key_numbers_check(&key->numbers), TSCOPE_KEY_FLAW_NONE);
        for (uint32_t f = 0; f < count; f++)
            samples += found[f] >= read_back->keys_len;
        ck_assert_uint_eq(samples, 1);
        assert_same_text(tscope_history_sample_reference(&tscope_history_embedded, key->thumbprint), notice->reference);
    }
}
END_TEST

/* Asked of the tables as they are. A key may be published as a sample and by its issuer. */
START_TEST(others_are_no_samples)
{
    uint8_t thumbprint[32];
    uint32_t others = 0;

    for (uint32_t i = 0; i < read_back->keys_len; i++) {
        const uint32_t *found;
        uint32_t samples = 0, count = tscope_history_find_thumbprint(&embedded, embedded.keys[i].thumbprint, &found);

        for (uint32_t f = 0; f < count; f++)
            samples += embedded.keys[found[f]].notice != TSCOPE_HISTORY_NONE &&
                       embedded.notices[embedded.keys[found[f]].notice].status == TSCOPE_NOTICE_SAMPLE;
        ck_assert_int_eq(!tscope_history_sample_reference(&tscope_history_embedded, embedded.keys[i].thumbprint).data, !samples);
        others += !samples;
    }
    ck_assert_uint_gt(others, 0);
    memset(thumbprint, 0, sizeof(thumbprint)); /* before all of them, and behind */
    ck_assert_ptr_null(tscope_history_sample_reference(&tscope_history_embedded, thumbprint).data);
    memset(thumbprint, 0xff, sizeof(thumbprint));
    ck_assert_ptr_null(tscope_history_sample_reference(&tscope_history_embedded, thumbprint).data);
}
END_TEST

START_TEST(unpacking_survives_no_memory)
{
    for (unsigned n = 1;; n++) {
        struct tscope_arena memory = {0};
        const struct tscope_history *history = NULL;
        enum tscope_status status;

        tscope_alloc_fail_from(n);
        status = tscope_history_unpack(&tscope_history_embedded, &memory, &history, NULL);
        tscope_alloc_fail_from(0);
        if (status == TSCOPE_OK)
            ck_assert_uint_eq(history->keys_len, embedded.keys_len);
        else
            ck_assert_int_eq(status, TSCOPE_ERR_NO_MEMORY);
        tscope_arena_clear(&memory);
        if (status == TSCOPE_OK) {
            ck_assert_uint_gt(n, 1);
            break;
        }
    }
}
END_TEST

static uint32_t
find_key(const char *kid)
{
    const uint32_t *found;

    ck_assert_uint_eq(tscope_history_find_kid(&embedded, tscope_span_text(kid), &found), 1);
    return found[0];
}

START_TEST(stolen_consumer_key_is_known)
{
    static const uint8_t sha1[20] = {0xd4, 0xb4, 0xcc, 0xcd, 0xa9, 0x22, 0x86, 0x24, 0x65, 0x6b,
                                     0xff, 0x33, 0xd8, 0x11, 0x09, 0x55, 0x77, 0x96, 0x32, 0xaa};
    const struct tscope_history_key *key = &embedded.keys[find_key("1LTMzakihiRla_8z2BEJVXeWMqo")];
    const struct tscope_history_notice *notice;
    const uint32_t *found;

    ck_assert(tscope_span_is(key->family, "msa-consumer"));
    ck_assert_int_eq(key->family_from, TSCOPE_FAMILY_FROM_ISSUER);
    ck_assert_int_eq(key->certificate.not_after, 1617547415); /* 2021-04-04T14:43:35Z */
    ck_assert(tscope_span_is(key->certificate.subject, "CN=Live ID STS Signing Public Key"));
    ck_assert_uint_eq(tscope_history_find_sha1(&embedded, sha1, &found), 1);
    ck_assert_ptr_eq(&embedded.keys[found[0]], key);
    ck_assert_uint_ne(key->notice, TSCOPE_HISTORY_NONE);
    notice = &embedded.notices[key->notice];
    ck_assert_int_eq(notice->status, TSCOPE_NOTICE_COMPROMISED);
    ck_assert_int_eq(notice->exposed_from, TSCOPE_TIME_NONE);
    ck_assert_int_eq(notice->abuse_first_known, 1684108800); /* 2023-05-15 */
    ck_assert_int_eq(notice->withdrawn_at, 1688515200);      /* 2023-07-05 */
}
END_TEST

/* What the archives prove of keys they saw come and go, and where they must stay silent. */
static const struct {
    const char *kid;
    int64_t at;
    enum tscope_presence presence;
} times[] = {
    {"1LTMzakihiRla_8z2BEJVXeWMqo", 1704067200, TSCOPE_PRESENCE_UNKNOWN},   /* no archive listed it */
    {"-W5_niSEilsm9NdDgwRniruCGz0", 1759276800, TSCOPE_PRESENCE_EARLY},     /* 2025-10-01T00:00 */
    {"-W5_niSEilsm9NdDgwRniruCGz0", 1759795200, TSCOPE_PRESENCE_UNKNOWN},   /* 2025-10-07T00:00: not a day ahead of a set without it */
    {"-W5_niSEilsm9NdDgwRniruCGz0", 1761350400, TSCOPE_PRESENCE_PUBLISHED}, /* 2025-10-25T00:00 */
    {"-W5_niSEilsm9NdDgwRniruCGz0", 1767225600, TSCOPE_PRESENCE_RETIRED},   /* 2026-01-01T00:00 */
    {"23ntaxfH9Gk-8D_USzoAJgwjyt8", 1714521600, TSCOPE_PRESENCE_UNKNOWN},   /* 2024-05-01T00:00: listed already in the first set */
    {"23ntaxfH9Gk-8D_USzoAJgwjyt8", 1719792000, TSCOPE_PRESENCE_PUBLISHED}, /* 2024-07-01T00:00 */
    {"8PXQDb4mOmolu_BtG3jDX4qR2xU", 1729639200, TSCOPE_PRESENCE_UNKNOWN},   /* 2024-10-22T23:20: gone from one of two endpoints */
    {"8PXQDb4mOmolu_BtG3jDX4qR2xU", 1733011200, TSCOPE_PRESENCE_RETIRED},   /* 2024-12-01T00:00 */
    {"3C1TUFEfeRhWz1M0_xN3OFCrLSk", 1783641600, TSCOPE_PRESENCE_UNKNOWN},   /* 2026-07-10T00:00: missing in a single set */
};

START_TEST(archives_prove_presence)
{
    struct tscope_presence_answer answer = tscope_history_presence(&embedded, find_key(times[_i].kid), times[_i].at);

    ck_assert_msg(answer.presence == times[_i].presence, "%s at %lld: %d", times[_i].kid, (long long)times[_i].at, (int)answer.presence);
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("history_embedded");
    TCase *tcase = tcase_create("embedded");
    SRunner *runner = srunner_create(suite);
    int failed;

    tcase_add_checked_fixture(tcase, read_file, release);
    tcase_add_test(tcase, keys_are_the_same);
    tcase_add_test(tcase, endpoints_and_coverage_are_the_same);
    tcase_add_test(tcase, sightings_and_absences_are_the_same);
    tcase_add_test(tcase, notices_are_the_same);
    tcase_add_test(tcase, indexes_are_the_same);
    tcase_add_test(tcase, samples_follow);
    tcase_add_test(tcase, others_are_no_samples);
    tcase_add_test(tcase, unpacking_survives_no_memory);
    tcase_add_test(tcase, stolen_consumer_key_is_known);
    tcase_add_loop_test(tcase, archives_prove_presence, 0, TSCOPE_COUNT(times));
    suite_add_tcase(suite, tcase);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
