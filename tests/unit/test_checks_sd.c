/* SPDX-License-Identifier: Apache-2.0 */
#include "core/base64url.h"
#include "subject_building.h"

/* The limits of what is looked at behind an SD-JWT; what the rows say is shown by vectors/sd. */

/* base64url of ["salt","claim NUMBER",0]. */
static void
append_disclosure(struct tscope_buffer *text, unsigned number)
{
    struct tscope_buffer json = {0};

    tscope_buffer_append_format(&json, "[\"salt\",\"claim %u\",0]", number);
    tscope_base64url_encode(text, json.data, json.len);
    tscope_buffer_clear(&json);
}

static void
append_digest(struct bench *bench, struct tscope_buffer *payload, unsigned number)
{
    struct tscope_buffer text = {0};
    struct tscope_span span;
    uint8_t digest[32];

    append_disclosure(&text, number);
    span = tscope_span_of(text.data, text.len);
    ck_assert_int_eq(tscope_crypto_digest(tscope_keyring_crypto(bench->keyring), TSCOPE_DIGEST_SHA256, &span, 1, digest, NULL), TSCOPE_OK);
    tscope_base64url_encode(payload, digest, sizeof(digest));
    tscope_buffer_clear(&text);
}

/* A token that signs so many disclosures and shows so many, with the given text behind. */
static void
bench_shown(struct bench *bench, unsigned signed_ones, unsigned shown, const char *behind)
{
    struct tscope_buffer payload = {0}, text = {0};

    tscope_buffer_append_text(&payload, "{\"_sd\":[");
    for (unsigned i = 0; i < signed_ones; i++) {
        tscope_buffer_append_text(&payload, i ? ",\"" : "\"");
        append_digest(bench, &payload, i);
        tscope_buffer_append_text(&payload, "\"");
    }
    tscope_buffer_append_text(&payload, "]}");
    tscope_buffer_append_text(&text, "eyJhbGciOiJFZERTQSJ9.");
    tscope_base64url_encode(&text, payload.data, payload.len);
    tscope_buffer_append_text(&text, ".c2lnbmF0dXJl~");
    for (unsigned i = 0; i < shown; i++) {
        append_disclosure(&text, i);
        tscope_buffer_append_text(&text, "~");
    }
    tscope_buffer_append_text(&text, behind);
    tear_down(&bench->token);
    bench->token = (struct tscope_token){.depth = 0};
    ck_assert_int_eq(tscope_token_read(&bench->token, &bench->token.own_arena, tscope_span_of(text.data, text.len), TSCOPE_INPUT_MAX, NULL),
                     TSCOPE_OK);
    ck_assert_int_eq(bench->token.serialization, TSCOPE_SERIALIZATION_SD_JWT);
    tscope_subject_prepare(&bench->subject, &bench->inspector, &bench->moment, &bench->token, bench->token.signatures, bench->token.arena);
    bench->subject.resolution = &bench->resolution;
    tscope_buffer_clear(&payload);
    tscope_buffer_clear(&text);
}

START_TEST(all_disclosures_within_the_limit_are_judged)
{
    struct bench bench;

    bench_init(&bench);
    for (unsigned count = TSCOPE_DISCLOSURES_MAX - 1; count <= TSCOPE_DISCLOSURES_MAX + 1; count++) {
        bench_shown(&bench, count, count, "");
        ck_assert_ptr_null(bench_run(&bench, "SD-DISCLOSURE"));
        ck_assert_uint_eq(bench.findings.unknown_len, count > TSCOPE_DISCLOSURES_MAX);
    }
    for (unsigned count = TSCOPE_DISCLOSURES_MAX - 1; count <= TSCOPE_DISCLOSURES_MAX; count++) { /* the last one is invented */
        bench_shown(&bench, count - 1, count, "");
        ck_assert_ptr_nonnull(bench_run(&bench, "SD-DISCLOSURE"));
    }
    bench_clear(&bench);
}
END_TEST

START_TEST(digests_may_outnumber_what_is_shown)
{
    struct bench bench;

    bench_init(&bench);
    bench_shown(&bench, 1000, 1, "");
    ck_assert_ptr_null(bench_run(&bench, "SD-DISCLOSURE"));
    ck_assert_uint_eq(bench.findings.unknown_len, 0);
    bench_shown(&bench, 0, 0, "");
    ck_assert_ptr_null(bench_run(&bench, "SD-DISCLOSURE"));
    ck_assert_uint_eq(bench.findings.unknown_len, 0);
    bench_clear(&bench);
}
END_TEST

static const struct {
    const char *behind;
    size_t unknown;
} proofs[] = {
    {"", 0},
    {"a.b", 1}, /* no token */
    {"eyJhbGciOiJFZERTQSIsInR5cCI6ImtiK2p3dCJ9.e30.c2lnbmF0dXJl", 1},
    {"eyJhbGciOiJub25lIn0.e30.", 1}, /* there is no key that it had to be made with */
};

START_TEST(proof_without_a_holder_is_not_judged)
{
    struct bench bench;

    bench_init(&bench);
    bench_shown(&bench, 1, 1, proofs[_i].behind);
    ck_assert_ptr_null(bench_run(&bench, "SD-BINDING"));
    ck_assert_uint_eq(bench.findings.unknown_len, proofs[_i].unknown);
    bench_clear(&bench);
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("checks_sd");
    TCase *tests = tcase_create("checks_sd");

    tcase_add_test(tests, all_disclosures_within_the_limit_are_judged);
    tcase_add_test(tests, digests_may_outnumber_what_is_shown);
    tcase_add_loop_test(tests, proof_without_a_holder_is_not_judged, 0, (int)TSCOPE_COUNT(proofs));
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
