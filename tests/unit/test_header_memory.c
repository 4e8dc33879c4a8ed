/* SPDX-License-Identifier: Apache-2.0 */
#include "token/header_memory.h"

#include <stdlib.h>

#include "token_building.h"

static char *
build(const char *header)
{
    struct tscope_buffer text = {0};

    tscope_base64url_encode(&text, (const uint8_t *)header, strlen(header));
    tscope_buffer_append_text(&text, ".e30.c2lnbmF0dXJl");
    return tscope_buffer_steal(&text, NULL);
}

static void
read_with(struct tscope_token *token, struct tscope_arena *arena, const char *text, struct tscope_header_memory *headers)
{
    ck_assert_int_eq(tscope_token_read_member(token, arena, tscope_span_text(text), 0, TSCOPE_INPUT_MAX, headers, NULL), TSCOPE_OK);
    ck_assert_uint_eq(token->signatures_len, 1);
}

static bool
is_known(const struct tscope_header_memory *memory, struct tscope_span text)
{
    struct tscope_token_signature signature = {0};
    struct tscope_arena arena = {0};
    bool known = tscope_header_recall(memory, text, &arena, &signature);

    tscope_arena_clear(&arena);
    return known;
}

static void
check_same(const struct tscope_token_signature *one, const struct tscope_token_signature *other)
{
    const struct tscope_json *a = &one->header, *b = &other->header;

    ck_assert_uint_eq(a->values_len, b->values_len);
    ck_assert_uint_eq(a->text_len, b->text_len);
    ck_assert_uint_eq(a->flaws_total, b->flaws_total);
    ck_assert(a->readable == b->readable && a->strict == b->strict && a->lower_case == b->lower_case && a->compact == b->compact);
    ck_assert_mem_eq(a->values, b->values, a->values_len * sizeof(*a->values));
    for (size_t i = 0; i < TSCOPE_HEADER_COUNT; i++)
        ck_assert_int_eq(one->slots[i] ? one->slots[i] - a->values : -1, other->slots[i] ? other->slots[i] - b->values : -1);
    ck_assert(one->b64_false == other->b64_false);
}

#define LONG_50 "01234567890123456789012345678901234567890123456789"
#define LONG_350 LONG_50 LONG_50 LONG_50 LONG_50 LONG_50 LONG_50 LONG_50
#define MEMBERS_10 "\"a\":1,\"b\":2,\"c\":3,\"d\":4,\"e\":5,\"f\":6,\"g\":7,\"h\":8,\"i\":9,\"alg\":\"none\""

static const struct {
    const char *header;
    bool kept;
} headers[] = {
    {"{\"typ\":\"JWT\",\"alg\":\"RS256\",\"kid\":\"a\"}", true},
    {"{\"typ\":\"JWT\", \"alg\":\"RS256\",\"kid\":\"a\"}", true},
    {"{\"alg\":\"RS256\",\"Kid\":\"a\",\"x\\u0035t\":\"b\"}", true},
    {"{\"alg\":\"RS256\",\"crit\":[\"b64\"],\"b64\":false}", true},
    {"{\"alg\":\"RS256\",\"x5c\":[\"a\"],\"other\":{\"b\":null}}", true},
    {"{\"alg\":\"RS256\",\"jwk\":{\"kty\":\"RSA\"},\"other\":null}", false},
    {"{\"alg\":\"RS256\",\"kid\":\"" LONG_350 "1234567890\"}", true},   /* 384 bytes */
    {"{\"alg\":\"RS256\",\"kid\":\"" LONG_350 "12345678901\"}", false}, /* 385 */
    {"{" MEMBERS_10 "}", true},                                         /* 11 values */
    {"{" MEMBERS_10 ",\"kid\":\"k\"}", true},                           /* 12 */
    {"{" MEMBERS_10 ",\"kid\":\"k\",\"typ\":\"t\"}", false},            /* 13 */
    {"{\"alg\":\"RS256\",\"alg\":\"none\"}", false},                    /* twice */
    {"{\"alg\":\"RS256\",}", false},
    {"{\"alg\":\"RS256\"", false},
};

START_TEST(header_is_the_same_from_memory)
{
    struct tscope_header_memory *memory = tscope_alloc_zeroed(1, sizeof(*memory));
    struct tscope_arena arena = {0};
    struct tscope_token tokens[3];
    char *text = build(headers[_i].header);

    ck_assert_ptr_nonnull(memory);
    ck_assert(!is_known(memory, tscope_span_text(headers[_i].header)));
    read_with(&tokens[0], &arena, text, NULL);
    read_with(&tokens[1], &arena, text, memory);
    ck_assert(is_known(memory, tscope_span_text(headers[_i].header)) == headers[_i].kept);
    read_with(&tokens[2], &arena, text, memory);
    for (size_t i = 1; i < TSCOPE_COUNT(tokens); i++)
        check_same(&tokens[0].signatures[0], &tokens[i].signatures[0]);
    tscope_free(text);
    tscope_free(memory);
    tscope_arena_clear(&arena);
}
END_TEST

START_TEST(headers_of_one_place_take_turns)
{
    struct tscope_header_memory *memory = tscope_alloc_zeroed(1, sizeof(*memory));
    struct tscope_arena arena = {0};

    for (size_t round = 0; round < 2; round++) {
        for (size_t i = 0; i < TSCOPE_COUNT(headers); i++) {
            struct tscope_token plain, remembered;
            char *text = build(headers[i].header);

            read_with(&plain, &arena, text, NULL);
            read_with(&remembered, &arena, text, memory);
            check_same(&plain.signatures[0], &remembered.signatures[0]);
            tscope_free(text);
        }
    }
    tscope_free(memory);
    tscope_arena_clear(&arena);
}
END_TEST

START_TEST(want_of_memory_is_reported)
{
    struct tscope_header_memory *memory = tscope_alloc_zeroed(1, sizeof(*memory));
    char *text = build(headers[0].header);
    enum tscope_status status = TSCOPE_ERR_NO_MEMORY;

    for (unsigned long n = 1; status != TSCOPE_OK; n++) {
        struct tscope_arena arena = {0};
        struct tscope_token token;

        tscope_alloc_fail_from(n);
        status = tscope_token_read_member(&token, &arena, tscope_span_text(text), 0, TSCOPE_INPUT_MAX, memory, NULL);
        tscope_alloc_fail_from(0);
        ck_assert(status == TSCOPE_OK || status == TSCOPE_ERR_NO_MEMORY);
        tscope_arena_clear(&arena);
    }
    tscope_free(text);
    tscope_free(memory);
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("header_memory");
    TCase *tests = tcase_create("header_memory");
    SRunner *runner = srunner_create(suite);
    int failed;

    tcase_add_loop_test(tests, header_is_the_same_from_memory, 0, (int)TSCOPE_COUNT(headers));
    tcase_add_test(tests, headers_of_one_place_take_turns);
    tcase_add_test(tests, want_of_memory_is_reported);
    suite_add_tcase(suite, tests);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
