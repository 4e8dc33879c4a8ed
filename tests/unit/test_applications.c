/* SPDX-License-Identifier: Apache-2.0 */
#include "profile/applications.h"

#include <check.h>
#include <stdlib.h>

#include "core/alloc.h"

/* Looks for a copy of exactly these bytes, so that a read past the end shows. */
static const struct tscope_application *
find(const char *text, size_t len)
{
    uint8_t *copy = malloc(len ? len : 1);
    const struct tscope_application *found;

    ck_assert_ptr_nonnull(copy);
    memcpy(copy, text, len);
    found = tscope_application_find(tscope_span_of(copy, len));
    free(copy);
    return found;
}

static const struct {
    const char *id;
    const char *name;
    enum tscope_application_kind kind;
    bool first_party;
} known[] = {
    {"00000003-0000-0000-c000-000000000000", "Microsoft Graph", TSCOPE_APPLICATION_RESOURCE, true},
    {"00000003-0000-0000-C000-000000000000", "Microsoft Graph", TSCOPE_APPLICATION_RESOURCE, true},
    {"00000002-0000-0ff1-ce00-000000000000", "Office 365 Exchange Online", TSCOPE_APPLICATION_RESOURCE, true},
    {"https://graph.microsoft.com", "Microsoft Graph", TSCOPE_APPLICATION_RESOURCE, true},
    {"https://graph.microsoft.com/", "Microsoft Graph", TSCOPE_APPLICATION_RESOURCE, true},
    {"HTTPS://Graph.Microsoft.com/", "Microsoft Graph", TSCOPE_APPLICATION_RESOURCE, true},
    {"https://outlook.office365.com/", "Exchange Online", TSCOPE_APPLICATION_RESOURCE, true},
    {"89bee1f7-5e6e-4d8a-9f3d-ecd601259da7", "Office365 Shell WCSS-Client", TSCOPE_APPLICATION_APPLICATION, true},
    {"de8bc8b5-d9f9-48b1-a8ad-b748da725064", "Graph Explorer", TSCOPE_APPLICATION_APPLICATION, false},
    {"9188040d-6c67-4c5b-b112-36a304b66dad", "Microsoft accounts (consumer)", TSCOPE_APPLICATION_TENANT, true},
    {"72f988bf-86f1-41af-91ab-2d7cd011db47", "Microsoft Corporation", TSCOPE_APPLICATION_TENANT, true},
    {"f8cdef31-a31e-4b4a-93e4-5f571e91255a", "Microsoft Services", TSCOPE_APPLICATION_TENANT, true},
};

START_TEST(known_id_is_found)
{
    const struct tscope_application *found = find(known[_i].id, strlen(known[_i].id));

    ck_assert_ptr_nonnull(found);
    ck_assert_str_eq(found->name, known[_i].name);
    ck_assert_int_eq(found->kind, known[_i].kind);
    ck_assert_int_eq(found->first_party, known[_i].first_party);
}
END_TEST

static const char *const unknown[] = {
    "",
    "/",
    "//",
    "0",
    "~",
    "00000003-0000-0000-c000-00000000000",
    "00000003-0000-0000-c000-0000000000000",
    " 00000003-0000-0000-c000-000000000000",
    "{00000003-0000-0000-c000-000000000000}",
    "00000003-0000-0000-c000-000000000001",
    "https://graph.microsoft.com//",
    "https://graph.microsoft.com/v1.0",
    "http://graph.microsoft.com",
    "https://graph.microsoft.com.example.com",
    "graph.microsoft.com",
};

START_TEST(unknown_id_is_not_found)
{
    ck_assert_ptr_null(find(unknown[_i], strlen(unknown[_i])));
}
END_TEST

START_TEST(id_with_zero_byte_is_not_found)
{
    static const char id[] = "00000003-0000-0000-c000-000000000000\0x";

    ck_assert_ptr_null(find(id, sizeof(id) - 1));
    ck_assert_ptr_null(find(id, 37));
    ck_assert_ptr_nonnull(find(id, 36));
    ck_assert_ptr_null(find("\xff\xff", 2));
}
END_TEST

START_TEST(nothing_is_not_found)
{
    ck_assert_ptr_null(tscope_application_find((struct tscope_span){NULL, 0}));
}
END_TEST

START_TEST(table_is_in_order_and_finds_itself)
{
    ck_assert_uint_ge(tscope_applications_len, 100);
    for (size_t i = 0; i < tscope_applications_len; i++) {
        const struct tscope_application *row = &tscope_applications[i];

        ck_assert_ptr_eq(find(row->id, strlen(row->id)), row);
        if (i > 0)
            ck_assert_uint_lt(tscope_applications[i - 1].hash, row->hash);
    }
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("applications");
    TCase *tcase = tcase_create("find");
    SRunner *runner = srunner_create(suite);
    int failed;

    tcase_add_loop_test(tcase, known_id_is_found, 0, TSCOPE_COUNT(known));
    tcase_add_loop_test(tcase, unknown_id_is_not_found, 0, TSCOPE_COUNT(unknown));
    tcase_add_test(tcase, id_with_zero_byte_is_not_found);
    tcase_add_test(tcase, nothing_is_not_found);
    tcase_add_test(tcase, table_is_in_order_and_finds_itself);
    suite_add_tcase(suite, tcase);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
