/* SPDX-License-Identifier: Apache-2.0 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/cjose.h"
#include "crypto/optional.h"
#include "crypto/recover.h"

/* Libraries that are opened, not linked: what is not there, what lacks a function, and what is there. */

#define LIBRARY "libjansson.so.4" /* one that every build has */

struct functions {
    const char *(*version)(void);
};

START_TEST(library_that_is_not_there_is_none)
{
    static const char *const names[] = {"jansson_version_str"};
    struct functions functions = {0};

    ck_assert_ptr_null(tscope_optional_open("libnosuchlibrary.so.7", names, 1, &functions));
    ck_assert(!functions.version);
    tscope_optional_close(NULL);
}
END_TEST

START_TEST(library_without_a_function_is_none)
{
    static const char *const names[] = {"json_delete", "json_no_such_function"};
    void *functions[2] = {0};

    ck_assert_ptr_null(tscope_optional_open(LIBRARY, names, 2, functions));
    ck_assert_ptr_null(functions[0]);
    ck_assert_ptr_null(functions[1]);
}
END_TEST

START_TEST(functions_are_found_again_and_again)
{
    static const char *const names[] = {"jansson_version_str"};

    for (int i = 0; i < 3; i++) {
        struct functions functions = {0};
        void *library = tscope_optional_open(LIBRARY, names, 1, &functions);

        ck_assert_ptr_nonnull(library);
        ck_assert_int_eq(functions.version()[0], '2');
        tscope_optional_close(library);
        ck_assert_int_eq(functions.version()[0], '2'); /* it stays */
    }
}
END_TEST

/* What the headers of this build promise is what is installed: a library that goes by another name would never be found. */
START_TEST(libraries_of_this_build_are_found)
{
    ck_assert_int_eq(tscope_cjose_is_built(), WITH_CJOSE);
    ck_assert_int_eq(tscope_recover_rsa_is_built(), WITH_GMP);
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("optional");
    TCase *tcase = tcase_create("optional");
    SRunner *runner = srunner_create(suite);
    int failed;

    tcase_add_test(tcase, library_that_is_not_there_is_none);
    tcase_add_test(tcase, library_without_a_function_is_none);
    tcase_add_test(tcase, functions_are_found_again_and_again);
    tcase_add_test(tcase, libraries_of_this_build_are_found);
    suite_add_tcase(suite, tcase);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
