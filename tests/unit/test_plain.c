/* SPDX-License-Identifier: Apache-2.0 */
#include "core/plain.h"

#include <check.h>
#include <stdlib.h>

#include "core/alloc.h"

/* Byte by byte, and from what JSON says of a string (RFC 8259 section 7) rather than from tscope_plain_is(). */
static size_t
run_byte_by_byte(const uint8_t *bytes, size_t len)
{
    size_t at = 0;

    while (at < len && bytes[at] > 0x1f && bytes[at] <= 0x7e && bytes[at] != 0x22 && bytes[at] != 0x5c)
        at++;
    return at;
}

#define LEN_MAX 100

/* Bytes of exact size at each alignment, so that a sanitizer sees the first byte too far. */
static void
check_run(const uint8_t *bytes, size_t len)
{
    for (size_t shift = 0; shift < 16; shift++) {
        uint8_t *memory = tscope_alloc(shift + len);

        memset(memory, '"', shift);
        if (len)
            memcpy(memory + shift, bytes, len);
        ck_assert_uint_eq(tscope_plain_run(memory + shift, len), run_byte_by_byte(bytes, len));
        tscope_free(memory);
    }
}

START_TEST(run_ends_at_the_first_byte_that_is_not_plain)
{
    uint8_t bytes[LEN_MAX];

    for (size_t len = 0; len <= LEN_MAX; len++) {
        memset(bytes, 'm', sizeof(bytes));
        check_run(bytes, len);
        for (size_t at = 0; at < len; at++) {
            memset(bytes, 'm', sizeof(bytes));
            bytes[at] = "\x1f\x7f\"\\\x80\xff"[(at + len) % 6];
            bytes[len - 1 - at / 2] = '"'; /* and another one behind or in front of it */
            check_run(bytes, len);
        }
    }
}
END_TEST

START_TEST(every_byte_is_told_at_every_place)
{
    for (int byte = 0; byte < 256; byte++) {
        uint8_t bytes[41];

        ck_assert(tscope_plain_is((uint8_t)byte) == (run_byte_by_byte(&(uint8_t){(uint8_t)byte}, 1) == 1));
        for (size_t at = 0; at < sizeof(bytes); at++) {
            memset(bytes, '~', sizeof(bytes));
            bytes[at] = (uint8_t)byte;
            ck_assert_uint_eq(tscope_plain_run(bytes, sizeof(bytes)), run_byte_by_byte(bytes, sizeof(bytes)));
        }
    }
}
END_TEST

/* Both widths, whichever the machine takes. */
START_TEST(blocks_agree_with_bytes)
{
    for (int byte = 0; byte < 256; byte++) {
        for (size_t at = 0; at < TSCOPE_PLAIN_BLOCK; at++) {
            uint8_t bytes[TSCOPE_PLAIN_BLOCK];

            memset(bytes, ' ', sizeof(bytes));
            bytes[at] = (uint8_t)byte;
            ck_assert_uint_eq(tscope_plain_of_block(bytes), run_byte_by_byte(bytes, sizeof(bytes)));
            ck_assert_uint_eq(tscope_plain_of_8(bytes), run_byte_by_byte(bytes, 8));
        }
    }
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("plain");
    TCase *tcase = tcase_create("plain");
    SRunner *runner = srunner_create(suite);
    int failed;

    tcase_add_test(tcase, run_ends_at_the_first_byte_that_is_not_plain);
    tcase_add_test(tcase, every_byte_is_told_at_every_place);
    tcase_add_test(tcase, blocks_agree_with_bytes);
    suite_add_tcase(suite, tcase);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
