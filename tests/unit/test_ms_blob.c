/* SPDX-License-Identifier: Apache-2.0 */
#include "checks/ms_blob.h"

#include <check.h>
#include <stdlib.h>

#define BLOCK "ASoAah8MfbWTAk6MS1oeDZtvIZAqfltBPI9NprIY8Jw9flUAAAA"

static bool
reads(const char *text)
{
    struct tscope_ms_blob blob;

    return tscope_ms_blob_read(tscope_span_of((const uint8_t *)text, strlen(text)), &blob);
}

START_TEST(guids_are_written_in_mixed_order)
{
    static const uint8_t bytes[16] = {0xde, 0x45, 0x59, 0x44, 0x4f, 0x2d, 0x16, 0x48, 0xa7, 0x1e, 0xd3, 0xc0, 0xef, 0xf1, 0x05, 0x00};
    char text[TSCOPE_MS_GUID_TEXT];

    tscope_ms_guid_text(bytes, text);
    ck_assert_str_eq(text, "445945de-2d4f-4816-a71e-d3c0eff10500");
    ck_assert(tscope_ms_guid_is_random(bytes));
}
END_TEST

START_TEST(heads_name_tenant_and_application)
{
    struct tscope_ms_blob blob;

    ck_assert(tscope_ms_blob_read(TSCOPE_SPAN("0." BLOCK "."), &blob));
    ck_assert_uint_eq(blob.format, 1);
    ck_assert_str_eq(blob.tenant, "7d0c1f6a-93b5-4e02-8c4b-5a1e0d9b6f21");
    ck_assert_str_eq(blob.app, "5b7e2a90-3c41-4d8f-a6b2-18f09c3d7e55");
    ck_assert(reads("1." BLOCK ".rest"));
}
END_TEST

START_TEST(other_texts_are_no_heads)
{
    ck_assert(!reads(""));
    ck_assert(!reads("I"));
    ck_assert(!reads("0."));
    ck_assert(!reads("0." BLOCK));
    ck_assert(!reads("2." BLOCK "."));
    ck_assert(!reads("0:" BLOCK "."));
    ck_assert(!reads("0.AAAA." BLOCK "."));
    ck_assert(!reads("0.*" BLOCK "."));
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("ms_blob");
    TCase *tests = tcase_create("ms_blob");
    SRunner *runner = srunner_create(suite);
    int failed;

    tcase_add_test(tests, guids_are_written_in_mixed_order);
    tcase_add_test(tests, heads_name_tenant_and_application);
    tcase_add_test(tests, other_texts_are_no_heads);
    suite_add_tcase(suite, tests);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
