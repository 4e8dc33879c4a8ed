/* SPDX-License-Identifier: Apache-2.0 */
#include "core/digest_text.h"

#include <check.h>
#include <stdlib.h>

#include "core/alloc.h"

/* The bytes from 0 to 19, and what is none of 20 bytes. */
static const struct {
    const char *text;
    bool read;
} texts[] = {
    {"AAECAwQFBgcICQoLDA0ODxAREhM", true},
    {"AAECAwQFBgcICQoLDA0ODxAREhM=", true},
    {"000102030405060708090a0b0c0d0e0f10111213", true},
    {"000102030405060708090A0B0C0D0E0F10111213", true},
    {"MDAwMTAyMDMwNDA1MDYwNzA4MDkwYTBiMGMwZDBlMGYxMDExMTIxMw", true},
    {"MDAwMTAyMDMwNDA1MDYwNzA4MDkwQTBCMEMwRDBFMEYxMDExMTIxMw==", true},
    {"", false},
    {"=", false},
    {"AAECAwQFBgcICQoLDA0ODxAREg", false},
    {"AAECAwQFBgcICQoLDA0ODxAREhMU", false},
    {"000102030405060708090a0b0c0d0e0f1011121", false},
    {"000102030405060708090a0b0c0d0e0f101112", false},
    {"000102030405060708090a0b0c0d0e0f101112130", false},
    {"MDAwMTAyMDMwNDA1MDYwNzA4MDkwYTBiMGMwZDBlMGYxMDExMTIx", false},
    {"MDAwMTAyMDMwNDA1MDYwNzA4MDkwYTBiMGMwZDBlMGYxMDExMTIxMzA", false},
    {"AAECAwQFBgcICQoLDA0ODxAREh!", false},
    {"000102030405060708090a0b0c0d0e0f1011121g", false},
    {"00:01:02:03:04:05:06:07:08:09:0a:0b:0c:0d:0e:0f:10:11:12:13", false},
    {"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
     "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
     false},
};

START_TEST(digest_is_read_in_each_spelling)
{
    uint8_t digest[20];

    ck_assert_msg(tscope_digest_text_read(tscope_span_text(texts[_i].text), digest, sizeof(digest)) == texts[_i].read, "'%s'",
                  texts[_i].text);
    for (size_t i = 0; texts[_i].read && i < sizeof(digest); i++)
        ck_assert_uint_eq(digest[i], i);
}
END_TEST

START_TEST(longest_digest_is_read)
{
    uint8_t digest[32];
    static const char hex[] = "4040404040404040404040404040404040404040404040404040404040404040";
    static const char encoded[] = "NDA0MDQwNDA0MDQwNDA0MDQwNDA0MDQwNDA0MDQwNDA0MDQwNDA0MDQwNDA0MDQwNDA0MDQwNDA0MDQwNDA0MA==";

    ck_assert(tscope_digest_text_read(tscope_span_text(hex), digest, sizeof(digest)));
    ck_assert(tscope_digest_text_read(tscope_span_text(encoded), digest, sizeof(digest)));
    ck_assert_uint_eq(digest[31], 0x40);
    ck_assert(!tscope_digest_text_read(tscope_span_text(hex), digest, 20));
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("digest_text");
    TCase *tests = tcase_create("digest_text");
    SRunner *runner;
    int failed;

    tcase_add_loop_test(tests, digest_is_read_in_each_spelling, 0, (int)TSCOPE_COUNT(texts));
    tcase_add_test(tests, longest_digest_is_read);
    suite_add_tcase(suite, tests);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
