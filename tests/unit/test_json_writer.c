/* SPDX-License-Identifier: Apache-2.0 */
#include "core/json_writer.h"

#include <check.h>
#include <stdlib.h>

#include "core/alloc.h"
#include "core/text.h"
#include "core/time.h"

static void
write_sample(struct tscope_json_writer *writer)
{
    tscope_json_write_object(writer);
    tscope_json_write_named_text(writer, "text", "a");
    tscope_json_write_named_string(writer, "span", TSCOPE_SPAN("b"));
    tscope_json_write_named_integer(writer, "integer", -7);
    tscope_json_write_named_bool(writer, "yes", true);
    tscope_json_write_named_time(writer, "time", 0);
    tscope_json_write_named_time(writer, "never", TSCOPE_TIME_NONE);
    tscope_json_write_name(writer, "list");
    tscope_json_write_array(writer);
    tscope_json_write_null(writer);
    tscope_json_write_object(writer);
    tscope_json_write_object_end(writer);
    tscope_json_write_array(writer);
    tscope_json_write_array_end(writer);
    tscope_json_write_hex(writer, (const uint8_t *)"\x00\xff", 2);
    tscope_json_write_base64url(writer, (const uint8_t *)"\xfb\xff", 2);
    tscope_json_write_array_end(writer);
    tscope_json_write_object_end(writer);
}

static const char *const samples[] = {
    "{\"text\":\"a\",\"span\":\"b\",\"integer\":-7,\"yes\":true,\"time\":\"1970-01-01T00:00:00Z\",\"never\":null,"
    "\"list\":[null,{},[],\"00ff\",\"-_8\"]}",
    "{\n  \"text\": \"a\",\n  \"span\": \"b\",\n  \"integer\": -7,\n  \"yes\": true,\n  \"time\": \"1970-01-01T00:00:00Z\",\n"
    "  \"never\": null,\n  \"list\": [\n    null,\n    {},\n    [],\n    \"00ff\",\n    \"-_8\"\n  ]\n}",
};

START_TEST(members_come_in_the_order_given)
{
    struct tscope_buffer buffer = {0};
    struct tscope_json_writer writer;
    char *text;

    tscope_json_writer_init(&writer, &buffer, _i == 1);
    write_sample(&writer);
    text = tscope_buffer_steal(&buffer, NULL);
    ck_assert_str_eq(text, samples[_i]);
    tscope_free(text);
}
END_TEST

#define TEXT(literal)                                   \
    {                                                   \
        (const uint8_t *)(literal), sizeof(literal) - 1 \
    }

static const struct {
    struct tscope_span text;
    const char *written;
} strings[] = {
    {{NULL, 0}, "\"\""},
    {TEXT("plain, and longer than eight bytes"), "\"plain, and longer than eight bytes\""},
    {TEXT("\"\\/"), "\"\\\"\\\\/\""},
    {TEXT("\b\f\n\r\t"), "\"\\u0008\\u000c\\n\\r\\t\""},
    {TEXT("a\0b\x1f\x7f"), "\"a\\u0000b\\u001f\\u007f\""},
    {TEXT("\xc2\x85\xe2\x80\xa8\xe2\x80\xa9"), "\"\\u0085\\u2028\\u2029\""},
    {TEXT("\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80"), "\"\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80\""},
    {TEXT("a\xff\xc0\x80z"), "\"a\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbdz\""},
    {TEXT("cut\xe2\x82"), "\"cut\xef\xbf\xbd\xef\xbf\xbd\""},
};

START_TEST(string_is_escaped)
{
    struct tscope_buffer buffer = {0};
    struct tscope_json_writer writer;
    uint8_t *copy = tscope_alloc(strings[_i].text.len);

    if (strings[_i].text.len)
        memcpy(copy, strings[_i].text.data, strings[_i].text.len);
    tscope_json_writer_init(&writer, &buffer, false);
    tscope_json_write_string(&writer, tscope_span_of(copy, strings[_i].text.len));
    ck_assert(tscope_span_is(tscope_span_of(buffer.data, buffer.len), strings[_i].written));
    tscope_buffer_clear(&buffer);
    tscope_free(copy);
}
END_TEST

/* What was written of a string says the same when it is read: every byte at every place. */
START_TEST(every_byte_goes_there_and_back)
{
    for (int byte = 0; byte < 128; byte++) {
        for (size_t at = 0; at < 20; at++) {
            struct tscope_buffer buffer = {0};
            struct tscope_arena arena = {0};
            struct tscope_json_writer writer;
            struct tscope_json json;
            uint8_t text[20];

            memset(text, 'm', sizeof(text));
            text[at] = (uint8_t)byte;
            tscope_json_writer_init(&writer, &buffer, false);
            tscope_json_write_string(&writer, tscope_span_of(text, sizeof(text)));
            ck_assert_int_eq(tscope_json_read(&json, &arena, buffer.data, buffer.len, TSCOPE_JSON_LIMITS_TOKEN, NULL), TSCOPE_OK);
            ck_assert(json.strict);
            ck_assert(tscope_span_equal(tscope_json_string(&json, json.values, &arena), tscope_span_of(text, sizeof(text))));
            tscope_arena_clear(&arena);
            tscope_buffer_clear(&buffer);
        }
    }
}
END_TEST

START_TEST(long_bytes_are_written_whole)
{
    struct tscope_buffer buffer = {0};
    struct tscope_json_writer writer;
    uint8_t bytes[1000];

    memset(bytes, 0xab, sizeof(bytes));
    for (size_t len = 0; len < sizeof(bytes); len += 13) {
        tscope_buffer_reset(&buffer);
        tscope_json_writer_init(&writer, &buffer, false);
        tscope_json_write_hex(&writer, bytes, len);
        ck_assert_uint_eq(buffer.len, 2 * len + 2);
        ck_assert(len == 0 || memcmp(buffer.data + 2 * len - 1, "ab\"", 3) == 0);
    }
    tscope_buffer_clear(&buffer);
}
END_TEST

static const struct {
    const char *text, *written;
} values[] = {
    {"{\"b\":1,\"a\":[true,false,null]}", "{\"b\":1,\"a\":[true,false,null]}"},
    {" { \"b\" : 1.50 , \"c\" : -0e+5 } ", "{\"b\":1.50,\"c\":-0e+5}"},
    {"{\"a\":1,\"a\":2}", "{\"a\":1}"},
    {"{\"\\u0061\\n\":\"\\u00e4\\ud800\"}", "{\"a\\n\":\"\xc3\xa4\xef\xbf\xbd\"}"},
    {"[NaN,-Infinity,Infinity]", "[\"NaN\",\"-Infinity\",\"Infinity\"]"},
    {"[1,,2,]", "[1,2]"},
    {"[\"a\tb\xff\"]", "[\"a\\tb\xef\xbf\xbd\"]"},
    {"{\"a\":{\"b\":[1,2", "{\"a\":{\"b\":[1,\"2\"]}}"}, /* 2 may be the beginning of a longer number */
    {"[\"cut", "[\"cut\"]"},
    {"[1.", "[\"1.\"]"},
    {"[-", "[\"-\"]"},
    {"\"", "\"\""},
};

START_TEST(indexed_value_is_written_as_valid_json)
{
    struct tscope_buffer buffer = {0};
    struct tscope_arena arena = {0};
    struct tscope_json_writer writer;
    struct tscope_json json, again;

    ck_assert_int_eq(
        tscope_json_read(&json, &arena, (const uint8_t *)values[_i].text, strlen(values[_i].text), TSCOPE_JSON_LIMITS_TOKEN, NULL),
        TSCOPE_OK);
    tscope_json_writer_init(&writer, &buffer, false);
    tscope_json_write_value(&writer, &json, tscope_json_root(&json));
    ck_assert(tscope_span_is(tscope_span_of(buffer.data, buffer.len), values[_i].written));
    ck_assert_int_eq(tscope_json_read(&again, &arena, buffer.data, buffer.len, TSCOPE_JSON_LIMITS_TOKEN, NULL), TSCOPE_OK);
    ck_assert(again.strict);
    tscope_arena_clear(&arena);
    tscope_buffer_clear(&buffer);
}
END_TEST

START_TEST(deep_value_is_cut_and_stays_valid)
{
    struct tscope_buffer text = {0}, buffer = {0};
    struct tscope_arena arena = {0};
    struct tscope_json_writer writer;
    struct tscope_json json, again;

    for (int i = 0; i < 60; i++)
        tscope_buffer_append_text(&text, i % 2 ? "[" : "{\"a\":");
    ck_assert_int_eq(tscope_json_read(&json, &arena, text.data, text.len, TSCOPE_JSON_LIMITS_TOKEN, NULL), TSCOPE_OK);
    tscope_json_writer_init(&writer, &buffer, true);
    tscope_json_write_value(&writer, &json, tscope_json_root(&json));
    ck_assert_uint_ne(tscope_text_find(tscope_span_of(buffer.data, buffer.len), TSCOPE_SPAN("\"…\"")), SIZE_MAX);
    ck_assert_int_eq(tscope_json_read(&again, &arena, buffer.data, buffer.len, TSCOPE_JSON_LIMITS_TOKEN, NULL), TSCOPE_OK);
    ck_assert(again.strict);
    tscope_arena_clear(&arena);
    tscope_buffer_clear(&text);
    tscope_buffer_clear(&buffer);
}
END_TEST

static const struct {
    const char *text;
    bool compact;
} compacts[] = {
    {"{\"a\":\"b\",\"c\":[1,-2.5e3,true,false,null,{},[]],\"d\":{\"e\":\"\"}}", true},
    {"{}", true},
    {"7", true},
    {"\"text, longer than sixteen bytes\"", true},
    {"{ }", false},
    {" {}", false},
    {"{}\n", false},
    {"{\"a\": 1}", false},
    {"{\"a\" :1}", false},
    {"{\"a\":1 ,\"b\":2}", false},
    {"{\"a\":1, \"b\":2}", false},
    {"[1 ]", false},
    {"[1,]", false},
    {"[1/**/]", false},
    {"[NaN]", false},
    {"[\"\\u0041\"]", false},
    {"[\"\\/\"]", false},
    {"{\"\\/\":1}", false},
    {"[\"\x7f\"]", false},
    {"[\"\t\"]", false},
    {"[\"\xc3\xa4\"]", false},
    {"[\"\xff\"]", false},
    {"{\"\xc3\xa4\":1}", false},
    {"\xef\xbb\xbf[]", false},
    {"{\"a\":1,\"a\":2}", false},
    {"[9007199254740993]", false},
    {"[1", false},
    {"[1]x", false},
    {"", false},
};

/* What is compact is copied, and comes out as it would member by member. */
START_TEST(compact_value_is_written_as_it_stands)
{
    struct tscope_buffer copied = {0}, walked = {0};
    struct tscope_arena arena = {0};
    struct tscope_json_writer writer;
    struct tscope_json json;

    ck_assert_int_eq(
        tscope_json_read(&json, &arena, (const uint8_t *)compacts[_i].text, strlen(compacts[_i].text), TSCOPE_JSON_LIMITS_TOKEN, NULL),
        TSCOPE_OK);
    ck_assert(json.compact == compacts[_i].compact);
    for (uint32_t i = 0; i < json.values_len; i++) {
        struct tscope_json plain = json;

        tscope_buffer_reset(&copied);
        tscope_buffer_reset(&walked);
        tscope_json_writer_init(&writer, &copied, false);
        tscope_json_write_value(&writer, &json, &json.values[i]);
        plain.compact = false;
        tscope_json_writer_init(&writer, &walked, false);
        tscope_json_write_value(&writer, &plain, &plain.values[i]);
        ck_assert(tscope_span_equal(tscope_span_of(copied.data, copied.len), tscope_span_of(walked.data, walked.len)));
        if (json.compact)
            ck_assert(tscope_span_equal(tscope_span_of(copied.data, copied.len), tscope_json_raw(&json, &json.values[i])));
    }
    tscope_arena_clear(&arena);
    tscope_buffer_clear(&copied);
    tscope_buffer_clear(&walked);
}
END_TEST

/* As deep as values are written in full, and one deeper. */
START_TEST(depth_ends_what_is_compact)
{
    for (size_t depth = TSCOPE_JSON_COMPACT_DEPTH_MAX - 1; depth <= TSCOPE_JSON_COMPACT_DEPTH_MAX + 1; depth++) {
        struct tscope_buffer text = {0}, buffer = {0};
        struct tscope_arena arena = {0};
        struct tscope_json_writer writer;
        struct tscope_json json;

        for (size_t i = 0; i < depth; i++)
            tscope_buffer_append_byte(&text, '[');
        tscope_buffer_append_byte(&text, '1');
        for (size_t i = 0; i < depth; i++)
            tscope_buffer_append_byte(&text, ']');
        ck_assert_int_eq(tscope_json_read(&json, &arena, text.data, text.len, TSCOPE_JSON_LIMITS_TOKEN, NULL), TSCOPE_OK);
        ck_assert(json.compact == (depth <= TSCOPE_JSON_COMPACT_DEPTH_MAX));
        json.compact = false;
        tscope_json_writer_init(&writer, &buffer, false);
        tscope_json_write_value(&writer, &json, json.values);
        ck_assert((tscope_text_find(tscope_span_of(buffer.data, buffer.len), TSCOPE_SPAN("…")) == SIZE_MAX) ==
                  (depth <= TSCOPE_JSON_COMPACT_DEPTH_MAX));
        tscope_arena_clear(&arena);
        tscope_buffer_clear(&text);
        tscope_buffer_clear(&buffer);
    }
}
END_TEST

/* Put together in the buffer, a string is escaped as one that is given. */
START_TEST(string_in_pieces_is_escaped)
{
    struct tscope_buffer buffer = {0};
    struct tscope_json_writer writer;
    struct tscope_span text = strings[_i].text;
    size_t start, half = text.len / 2;

    tscope_json_writer_init(&writer, &buffer, false);
    tscope_json_write_array(&writer);
    tscope_json_write_word(&writer, "a");
    start = tscope_json_write_string_begin(&writer);
    tscope_buffer_append(&buffer, text.data, half);
    if (half < text.len)
        tscope_buffer_append(&buffer, text.data + half, text.len - half);
    tscope_json_write_string_end(&writer, start);
    tscope_json_write_array_end(&writer);
    ck_assert(buffer.len > 6 && memcmp(buffer.data, "[\"a\",", 5) == 0 && buffer.data[buffer.len - 1] == ']');
    ck_assert(tscope_span_is(tscope_span_of(buffer.data + 5, buffer.len - 6), strings[_i].written));
    tscope_buffer_clear(&buffer);
}
END_TEST

START_TEST(every_failed_allocation_shows_in_the_buffer)
{
    static const char text[] = "{\"\\u0061\":\"\\u0062\",\"c\":[1,2,3]}";
    struct tscope_arena arena = {0};
    struct tscope_json json;
    unsigned long n = 0;
    bool failed;

    ck_assert_int_eq(tscope_json_read(&json, &arena, (const uint8_t *)text, sizeof(text) - 1, TSCOPE_JSON_LIMITS_TOKEN, NULL), TSCOPE_OK);
    do {
        struct tscope_buffer buffer = {0};
        struct tscope_json_writer writer;

        tscope_alloc_fail_from(++n);
        tscope_json_writer_init(&writer, &buffer, true);
        tscope_json_write_value(&writer, &json, tscope_json_root(&json));
        failed = buffer.failed;
        tscope_alloc_fail_from(0);
        tscope_buffer_clear(&buffer);
    } while (failed);
    ck_assert_uint_gt(n, 3);
    tscope_arena_clear(&arena);
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("json_writer");
    TCase *tcase = tcase_create("json_writer");
    SRunner *runner = srunner_create(suite);
    int failed;

    tcase_add_loop_test(tcase, members_come_in_the_order_given, 0, TSCOPE_COUNT(samples));
    tcase_add_loop_test(tcase, string_is_escaped, 0, TSCOPE_COUNT(strings));
    tcase_add_test(tcase, every_byte_goes_there_and_back);
    tcase_add_test(tcase, long_bytes_are_written_whole);
    tcase_add_loop_test(tcase, indexed_value_is_written_as_valid_json, 0, TSCOPE_COUNT(values));
    tcase_add_test(tcase, deep_value_is_cut_and_stays_valid);
    tcase_add_loop_test(tcase, compact_value_is_written_as_it_stands, 0, TSCOPE_COUNT(compacts));
    tcase_add_test(tcase, depth_ends_what_is_compact);
    tcase_add_loop_test(tcase, string_in_pieces_is_escaped, 0, TSCOPE_COUNT(strings));
    tcase_add_test(tcase, every_failed_allocation_shows_in_the_buffer);
    suite_add_tcase(suite, tcase);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
