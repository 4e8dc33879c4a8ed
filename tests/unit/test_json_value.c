/* SPDX-License-Identifier: Apache-2.0 */
#include <locale.h>
#include <math.h>

#include "json_testing.h"

START_TEST(members_are_found_by_what_their_names_say)
{
    struct indexed indexed;
    const struct tscope_json *json = &indexed.json;
    const struct tscope_value *root;

    read_text(&indexed, "{\"k\\u0069d\":1,\"kid\":2,\"\":3,\"a longer name than eight\":4,\"\\ud834\\udd1e\":5}");
    root = tscope_json_root(json);
    ck_assert_ptr_eq(tscope_json_member(json, root, "kid"), &json->values[1]);
    ck_assert(json->values[1].flags & TSCOPE_VALUE_NAME_ESCAPED);
    ck_assert_uint_eq(json->values[1].name_hash, json->values[2].name_hash);
    ck_assert_uint_eq(json->values[1].name_hash, tscope_hash32("kid", 3));
    ck_assert_ptr_eq(tscope_json_member(json, root, ""), &json->values[3]);
    ck_assert_ptr_eq(tscope_json_member(json, root, "a longer name than eight"), &json->values[4]);
    ck_assert_ptr_eq(tscope_json_member(json, root, "\xf0\x9d\x84\x9e"), &json->values[5]);
    ck_assert_ptr_null(tscope_json_member(json, root, "ki"));
    ck_assert_ptr_null(tscope_json_member(json, root, "kidd"));
    ck_assert_ptr_null(tscope_json_member(json, root, "k\\u0069d"));
    ck_assert_ptr_null(tscope_json_member(json, &json->values[1], "kid"));
    ck_assert_ptr_null(tscope_json_member(json, NULL, "kid"));
    ck_assert(!tscope_json_name_is(json, root, ""));
    clear(&indexed);
}
END_TEST

static const struct {
    const char *text, *means;
} strings[] = {
    {"\"\"", ""},
    {"\"plain\"", "plain"},
    {"\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\/\b\f\n\r\t"},
    {"\"\\u0041\\u00e4\\u20AC\\uD834\\uDD1E\"", "A\xc3\xa4\xe2\x82\xac\xf0\x9d\x84\x9e"},
    {"\"\\ud800\"", "\xef\xbf\xbd"},
    {"\"\\udc00x\"", "\xef\xbf\xbdx"},
    {"\"\\ud800\\u0041\"", "\xef\xbf\xbd"
                           "A"},
    {"\"\\ud800\\ud834\\udd1e\"", "\xef\xbf\xbd\xf0\x9d\x84\x9e"},
    {"\"a\tb\"", "a\tb"},
    {"\"cut", "cut"},
    {"\"cut\\n", "cut\n"},
    {"\"cut\\u00", "cut"},
    {"\"", ""},
    {"\"a\\xb\"", "a"}, /* up to the fault */
};

START_TEST(string_says_what_it_means)
{
    struct indexed indexed;
    struct tscope_span text;

    read_text(&indexed, strings[_i].text);
    text = tscope_json_string(&indexed.json, tscope_json_root(&indexed.json), &indexed.arena);
    ck_assert(tscope_span_is(text, strings[_i].means));
    ck_assert(tscope_json_string_is(&indexed.json, tscope_json_root(&indexed.json), strings[_i].means));
    ck_assert(!tscope_json_string_is(&indexed.json, tscope_json_root(&indexed.json), "something else"));
    clear(&indexed);
}
END_TEST

START_TEST(what_is_no_string_has_no_text)
{
    struct indexed indexed;

    read_text(&indexed, "[1]");
    ck_assert_ptr_null(tscope_json_string(&indexed.json, indexed.json.values, &indexed.arena).data);
    ck_assert_ptr_null(tscope_json_string(&indexed.json, NULL, &indexed.arena).data);
    ck_assert(!tscope_json_string_is(&indexed.json, NULL, ""));
    ck_assert(!tscope_json_string_is(&indexed.json, &indexed.json.values[1], "1"));
    clear(&indexed);
}
END_TEST

START_TEST(broken_escape_is_unescaped_to_a_replacement)
{
    static const char *const broken[] = {"\\", "\\x", "\\u", "\\u1", "\\u12g4", "\\ud834\\"};

    for (size_t i = 0; i < TSCOPE_COUNT(broken); i++) {
        struct tscope_buffer buffer = {0};
        size_t len = strlen(broken[i]);
        uint8_t *copy = tscope_alloc(len);

        memcpy(copy, broken[i], len);
        tscope_json_unescape(tscope_span_of(copy, len), &buffer);
        ck_assert_uint_ge(buffer.len, 3);
        ck_assert_mem_eq(buffer.data, "\xef\xbf\xbd", 3);
        tscope_buffer_clear(&buffer);
        tscope_free(copy);
    }
}
END_TEST

static const struct {
    const char *text;
    bool whole;
    int64_t value;
} integers[] = {
    {"0", true, 0},
    {"-0", true, 0},
    {"1", true, 1},
    {"-5", true, -5},
    {"1.0", true, 1},
    {"1.000000000000000000000000000000", true, 1},
    {"1e3", true, 1000},
    {"1E+3", true, 1000},
    {"1000e-3", true, 1},
    {"1.5e1", true, 15},
    {"1.50000000000000000000000e1", true, 15},
    {"0.00000000000000000000001e23", true, 1},
    {"100000000000000000000e-2", true, INT64_C(1000000000000000000)},
    {"0e999999999999", true, 0},
    {"0.0e-999999999999", true, 0},
    {"10.0", true, 10},
    {"1686829200", true, 1686829200},
    {"9223372036854775807", true, INT64_MAX},
    {"-9223372036854775808", true, INT64_MIN},
    {"9223372036854775808", false, 0},
    {"-9223372036854775809", false, 0},
    {"18446744073709551617", false, 0},
    {"92233720368547758070", false, 0},
    {"1e19", false, 0},
    {"9.3e18", false, 0},
    {"1e999999999999999999999", false, 0},
    {"1.5", false, 0},
    {"1e-1", false, 0},
    {"10.01", false, 0},
    {"1e-999999999999", false, 0},
    {"NaN", false, 0},
    {"Infinity", false, 0},
    {"-Infinity", false, 0},
    {"\"1\"", false, 0},
    {"true", false, 0},
    {"null", false, 0},
    {"[1]", false, 0},
    {"-", false, 0},
    {"1.", false, 0},
    {"1e", false, 0},
    {"01", false, 0},
};

START_TEST(only_whole_numbers_are_integers)
{
    struct indexed indexed;
    int64_t value = 77;

    read_text(&indexed, integers[_i].text);
    ck_assert_int_eq(tscope_json_integer(&indexed.json, tscope_json_root(&indexed.json), &value), integers[_i].whole);
    ck_assert_int_eq(value, integers[_i].whole ? integers[_i].value : 77);
    ck_assert(!tscope_json_integer(&indexed.json, NULL, &value));
    clear(&indexed);
}
END_TEST

static const char *const numbers[] = {
    "0",
    "-0",
    "1",
    "-1.5",
    "0.1",
    "1686829200.123456",
    "1e22",
    "1e23",
    "1.7976931348623157e308",
    "2.2250738585072014e-308",
    "5e-324",
    "1e-400",
    "1e400",
    "-1e400",
    "123456789012345678901234567890",
    "0.000001",
    "9007199254740993",
    "1.00000000000000000000000000000000000000000001",
    "8.41e21",
    "9.0608011534336e15",
    "1e99999999999999999999",
    "1e-99999999999999999999",
};

START_TEST(number_is_rounded_once_in_any_locale)
{
    struct indexed indexed;
    double number = 0;
    double expected = strtod(numbers[_i], NULL);

    read_text(&indexed, numbers[_i]);
    setlocale(LC_ALL, "de_DE.UTF-8"); /* a decimal comma, where the machine has it */
    ck_assert(tscope_json_number(&indexed.json, tscope_json_root(&indexed.json), &number));
    setlocale(LC_ALL, "C");
    ck_assert(number == expected && signbit(number) == signbit(expected));
    clear(&indexed);
}
END_TEST

START_TEST(endless_digits_round_right)
{
    struct tscope_buffer text = {0};
    struct indexed indexed;
    double number = 0;

    tscope_buffer_append_text(&text, "9007199254740993."); /* between two doubles, and a little over */
    for (int i = 0; i < 5000; i++)
        tscope_buffer_append_byte(&text, '0');
    tscope_buffer_append_byte(&text, '1');
    ck_assert_int_eq(read_bytes(&indexed, tscope_span_of(text.data, text.len), TSCOPE_JSON_LIMITS_TOKEN), TSCOPE_OK);
    ck_assert(tscope_json_number(&indexed.json, indexed.json.values, &number));
    ck_assert(number == 9007199254740994.0);
    clear(&indexed);
    tscope_buffer_clear(&text);
}
END_TEST

static const char *const numbers_of_unknown_value[] = {"{\"exp\":16", "[16", "[1,2,-", "{\"exp\":1.", "{\"exp\":1e", "[01]", "[NaN]"};

START_TEST(number_that_may_be_cut_has_no_value)
{
    struct indexed indexed;
    int64_t integer;
    double number;
    const struct tscope_value *last;

    read_text(&indexed, numbers_of_unknown_value[_i]);
    last = &indexed.json.values[indexed.json.values_len - 1];
    ck_assert_int_eq(last->type, TSCOPE_JSON_NUMBER);
    ck_assert(!tscope_json_integer(&indexed.json, last, &integer));
    ck_assert(!tscope_json_number(&indexed.json, last, &number));
    clear(&indexed);
}
END_TEST

START_TEST(every_value_is_found_by_its_pointer)
{
    static const char text[] =
        "{\"a\":[0,{\"b\":1},[]],\"\":{\"\":2},\"m~n\":3,\"x/y\":{\"~1\":[4]},\"e\\u0073c\":5,\"\\u002f\":6,\"0\":7}";
    struct indexed indexed;

    read_text(&indexed, text);
    ck_assert(indexed.json.strict);
    for (uint32_t i = 0; i < indexed.json.values_len; i++) {
        struct tscope_buffer buffer = {0};
        char *pointer;

        tscope_json_pointer(&indexed.json, &indexed.json.values[i], &buffer);
        pointer = tscope_buffer_steal(&buffer, NULL);
        ck_assert_ptr_eq(tscope_json_at(&indexed.json, pointer), &indexed.json.values[i]);
        tscope_free(pointer);
    }
    ck_assert_ptr_eq(tscope_json_at(&indexed.json, "/x~1y/~01/0"),
                     tscope_json_first(&indexed.json, tscope_json_at(&indexed.json, "/x~1y/~01")));
    clear(&indexed);
}
END_TEST

static const char *const wrong_pointers[] = {
    "a",      "/b",   "/a/3", "/a/-",     "/a/00", "/a/01", "/a/", "/a/+1", "/a/ 1", "/a/4294967296", "/a/18446744073709551616",
    "/a/0/x", "/a/b", "/A",   "/a/1/b/c",
};

START_TEST(pointer_to_nothing_finds_nothing)
{
    struct indexed indexed;

    read_text(&indexed, "{\"a\":[0,{\"b\":1},[]]}");
    ck_assert_ptr_null(tscope_json_at(&indexed.json, wrong_pointers[_i]));
    clear(&indexed);
}
END_TEST

START_TEST(first_of_equal_names_is_pointed_at)
{
    struct indexed indexed;
    struct tscope_buffer buffer = {0};

    read_text(&indexed, "{\"a\":1,\"a\":2}");
    ck_assert_ptr_eq(tscope_json_at(&indexed.json, "/a"), &indexed.json.values[1]);
    tscope_json_pointer(&indexed.json, &indexed.json.values[2], &buffer);
    ck_assert(tscope_span_is(tscope_span_of(buffer.data, buffer.len), "/a"));
    tscope_buffer_clear(&buffer);
    clear(&indexed);
}
END_TEST

START_TEST(name_of_any_length_is_pointed_at)
{
    struct tscope_buffer text = {0}, pointer = {0};
    struct indexed indexed;

    tscope_buffer_append_text(&text, "{\"");
    for (int i = 0; i < 1000; i++)
        tscope_buffer_append_byte(&text, 'n');
    tscope_buffer_append_text(&text, "\":1}");
    ck_assert_int_eq(read_bytes(&indexed, tscope_span_of(text.data, text.len), TSCOPE_JSON_LIMITS_TOKEN), TSCOPE_OK);
    tscope_json_pointer(&indexed.json, &indexed.json.values[1], &pointer);
    tscope_buffer_append_byte(&pointer, '\0');
    ck_assert_ptr_eq(tscope_json_at(&indexed.json, (const char *)pointer.data), &indexed.json.values[1]);
    clear(&indexed);
    tscope_buffer_clear(&text);
    tscope_buffer_clear(&pointer);
}
END_TEST

START_TEST(nothing_is_known_of_text_without_a_value)
{
    struct indexed indexed;

    read_text(&indexed, "");
    ck_assert_ptr_null(tscope_json_root(&indexed.json));
    ck_assert_ptr_null(tscope_json_at(&indexed.json, ""));
    ck_assert_ptr_null(tscope_json_member(&indexed.json, tscope_json_root(&indexed.json), "a"));
    clear(&indexed);
}
END_TEST

START_TEST(comparing_needs_no_memory)
{
    struct indexed indexed;
    const struct tscope_json *json = &indexed.json;
    struct tscope_arena empty = {0};

    read_text(&indexed, "{\"k\\u0069d\":\"\\u0041b\"}");
    tscope_alloc_fail_from(1);
    ck_assert(tscope_json_string_is(json, tscope_json_member(json, json->values, "kid"), "Ab"));
    ck_assert_ptr_nonnull(tscope_json_at(json, "/kid"));
    ck_assert_ptr_null(tscope_json_string(json, &json->values[1], &empty).data);
    tscope_alloc_fail_from(0);
    clear(&indexed);
}
END_TEST

START_TEST(flaw_kinds_have_ids_words_and_grades)
{
    ck_assert_str_eq(tscope_json_flaw_id(TSCOPE_JSON_FLAW_TOO_DEEP), "too-deep");
    ck_assert_str_eq(tscope_json_flaw_text(TSCOPE_JSON_FLAW_BOM), "a byte order mark");
    ck_assert_int_eq(tscope_json_flaw_grade(TSCOPE_JSON_FLAW_SYNTAX), TSCOPE_JSON_FATAL);
    ck_assert_int_eq(tscope_json_flaw_grade(TSCOPE_JSON_FLAW_NAN), TSCOPE_JSON_EXTENSION);
    ck_assert_int_eq(tscope_json_flaw_grade(TSCOPE_JSON_FLAW_SURROGATE), TSCOPE_JSON_TEXT);
    ck_assert_int_eq(tscope_json_flaw_grade(TSCOPE_JSON_FLAW_DUPLICATE), TSCOPE_JSON_NOTE);
}
END_TEST

START_TEST(hash_tells_every_byte_and_length)
{
    char name[24] = {0};

    for (size_t len = 0; len < sizeof(name); len++) {
        ck_assert_uint_ne(tscope_hash32(name, len), tscope_hash32(name, len + 1 < sizeof(name) ? len + 1 : 0));
        for (size_t at = 0; at < len; at++) {
            uint32_t before = tscope_hash32(name, len);

            name[at] ^= 1;
            ck_assert_uint_ne(tscope_hash32(name, len), before);
            name[at] ^= 1;
        }
    }
}
END_TEST

static void
add_tests(Suite *suite)
{
    TCase *tcase = tcase_create("value");

    tcase_add_test(tcase, members_are_found_by_what_their_names_say);
    tcase_add_loop_test(tcase, string_says_what_it_means, 0, TSCOPE_COUNT(strings));
    tcase_add_test(tcase, what_is_no_string_has_no_text);
    tcase_add_test(tcase, broken_escape_is_unescaped_to_a_replacement);
    tcase_add_loop_test(tcase, only_whole_numbers_are_integers, 0, TSCOPE_COUNT(integers));
    tcase_add_loop_test(tcase, number_is_rounded_once_in_any_locale, 0, TSCOPE_COUNT(numbers));
    tcase_add_test(tcase, endless_digits_round_right);
    tcase_add_loop_test(tcase, number_that_may_be_cut_has_no_value, 0, TSCOPE_COUNT(numbers_of_unknown_value));
    tcase_add_test(tcase, every_value_is_found_by_its_pointer);
    tcase_add_loop_test(tcase, pointer_to_nothing_finds_nothing, 0, TSCOPE_COUNT(wrong_pointers));
    tcase_add_test(tcase, first_of_equal_names_is_pointed_at);
    tcase_add_test(tcase, name_of_any_length_is_pointed_at);
    tcase_add_test(tcase, nothing_is_known_of_text_without_a_value);
    tcase_add_test(tcase, comparing_needs_no_memory);
    tcase_add_test(tcase, flaw_kinds_have_ids_words_and_grades);
    tcase_add_test(tcase, hash_tells_every_byte_and_length);
    suite_add_tcase(suite, tcase);
}

int
main(void)
{
    Suite *suite = suite_create("json_value");
    SRunner *runner = srunner_create(suite);
    int failed;

    add_tests(suite);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
