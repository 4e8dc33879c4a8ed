/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "json_testing.h"

#define TEXT(literal)                                   \
    {                                                   \
        (const uint8_t *)(literal), sizeof(literal) - 1 \
    }

static const struct tscope_span strict_texts[] = {
    TEXT("{}"),
    TEXT("[]"),
    TEXT("null"),
    TEXT("true"),
    TEXT("false"),
    TEXT("\"\""),
    TEXT("0"),
    TEXT("-0"),
    TEXT("-0.0e-0"),
    TEXT("1E+2"),
    TEXT(" \t\r\n{ \"a\" : [ 1 , { } , [ ] , \"b\" ] } \n"),
    TEXT("[1.5,1e5,1E5,1e+5,1e-5,123456789012345]"),
    TEXT("[\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"]"),
    TEXT("[\"\\u00e4\\uD834\\uDD1E\"]"),
    TEXT("[\"\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80\"]"),
    TEXT("{\"\":0}"),
    TEXT("\"\x7f\""),
    TEXT("{\"a\":1,\"A\":2}"),
    TEXT("[[[[]]]]"),
    TEXT("\"exactly fifteen\""),
    TEXT("\"exactly sixteen!\""),
    /* notes: valid, and read differently elsewhere */
    TEXT("[1e400]"),
    TEXT("123456789012345678901"),
    TEXT("{\"a\":1,\"a\":2}"),
    TEXT("\"\\u0000\""),
    TEXT("9007199254740992"),
};

START_TEST(valid_text_is_strict)
{
    struct indexed indexed;

    ck_assert_int_eq(read_bytes(&indexed, strict_texts[_i], TSCOPE_JSON_LIMITS_TOKEN), TSCOPE_OK);
    check_invariants(&indexed.json);
    ck_assert(indexed.json.strict);
    ck_assert(indexed.json.readable);
    clear(&indexed);
}
END_TEST

static const char *const members[] = {
    "\"a\":\"x\"",
    "\"iss\":\"https://sts.windows.net/5e5a4ab3-a3bd-4d86-9a39-1c3f4c4c1e2d/\"",
    "\"Abc\":\"\"",
    "\"exactly_fifteen\":\"1234567890123\"",
    "\"exactly_sixteen_\":\"12345678901234\"",
    "\"seventeen_letters\":\"123456789012345\"",
    "\"\":\"1234567890123456\"",
    "\"e\\u0078p\":1686833100",
    "\"exp\":1686833100",
    "\"n\":123456789012345",
    "\"n\":1234567890123456",
    "\"n\":9007199254740993",
    "\"n\":0",
    "\"n\":-1",
    "\"n\":01",
    "\"n\":1.5",
    "\"n\":1e3",
    "\"n\":12x",
    "\"n\":",
    "\"n\"",
    "\"t\":true",
    "\"r\":[\"a\",1]",
    "\"o\":{\"a\":1,\"b\":\"2\"}",
    "\"q\":\"a\\\"b\"",
    "\"u\":\"\xc3\xa4\"",
    "\"d\":\"\x7f\"",
    "1",
    "",
};

/* Members that are read many at a time only where no white space stands between them. */
static void
join(struct tscope_buffer *buffer, size_t number, const char *separator, const char *open)
{
    tscope_buffer_append_text(buffer, open);
    for (size_t i = 0; i < 3; i++, number /= TSCOPE_COUNT(members))
        tscope_buffer_append_format(buffer, "%s%s", i ? separator : "", members[number % TSCOPE_COUNT(members)]);
    tscope_buffer_append_text(buffer, "}");
}

static void
check_same(const struct tscope_value *fast, const struct tscope_value *slow, const char *text)
{
    ck_assert_msg(fast->len == slow->len || fast->type >= TSCOPE_JSON_ARRAY, "%s", text);
    ck_assert_msg(fast->name_len == slow->name_len && fast->name_hash == slow->name_hash && fast->type == slow->type &&
                      fast->flags == slow->flags && fast->next == slow->next && fast->count == slow->count && fast->depth == slow->depth,
                  "%s", text);
}

START_TEST(members_are_read_alike_with_and_without_space)
{
    for (size_t number = 0; number < TSCOPE_COUNT(members) * TSCOPE_COUNT(members) * TSCOPE_COUNT(members); number++) {
        struct tscope_buffer texts[2] = {{0}, {0}};
        struct indexed fast, slow;

        join(&texts[0], number, ",", "{");
        join(&texts[1], number, ", ", "{ ");
        ck_assert_int_eq(read_bytes(&fast, tscope_span_of(texts[0].data, texts[0].len), TSCOPE_JSON_LIMITS_TOKEN), TSCOPE_OK);
        ck_assert_int_eq(read_bytes(&slow, tscope_span_of(texts[1].data, texts[1].len), TSCOPE_JSON_LIMITS_TOKEN), TSCOPE_OK);
        check_invariants(&fast.json);
        tscope_buffer_append(&texts[0], "", 1);
        ck_assert_msg(fast.json.values_len == slow.json.values_len && fast.json.flaws_total == slow.json.flaws_total &&
                          fast.json.readable == slow.json.readable && fast.json.strict == slow.json.strict &&
                          fast.json.lower_case == slow.json.lower_case,
                      "%s", (const char *)texts[0].data);
        for (uint32_t i = 0; i < fast.json.values_len; i++)
            check_same(&fast.json.values[i], &slow.json.values[i], (const char *)texts[0].data);
        clear(&fast);
        clear(&slow);
        tscope_buffer_clear(&texts[0]);
        tscope_buffer_clear(&texts[1]);
    }
}
END_TEST

#define KIND(name) TSCOPE_JSON_FLAW_##name

static const struct {
    struct tscope_span text;
    enum tscope_json_flaw_kind kind;
    uint32_t offset, len, total;
    bool readable;
} flawed[] = {
    {TEXT(""), KIND(EMPTY), 0, 0, 1, false},
    {TEXT(" \n"), KIND(EMPTY), 2, 0, 1, false},
    {TEXT("{"), KIND(TRUNCATED), 1, 0, 1, false},
    {TEXT("["), KIND(TRUNCATED), 1, 0, 1, false},
    {TEXT("[1"), KIND(TRUNCATED), 2, 0, 1, false},
    {TEXT("[1,"), KIND(TRUNCATED), 3, 0, 1, false},
    {TEXT("{\"a"), KIND(TRUNCATED), 3, 0, 1, false},
    {TEXT("{\"a\""), KIND(TRUNCATED), 4, 0, 1, false},
    {TEXT("{\"a\":"), KIND(TRUNCATED), 5, 0, 1, false},
    {TEXT("\"a"), KIND(TRUNCATED), 2, 0, 1, false},
    {TEXT("\"a\\"), KIND(TRUNCATED), 3, 0, 1, false},
    {TEXT("\"\\u"), KIND(TRUNCATED), 3, 0, 1, false},
    {TEXT("\"\\u00e"), KIND(TRUNCATED), 6, 0, 1, false},
    {TEXT("\"\\ud834\\u"), KIND(SURROGATE), 1, 6, 2, false},
    {TEXT("tru"), KIND(TRUNCATED), 3, 0, 1, false},
    {TEXT("[nul"), KIND(TRUNCATED), 4, 0, 1, false},
    {TEXT("-"), KIND(TRUNCATED), 1, 0, 1, false},
    {TEXT("1."), KIND(TRUNCATED), 2, 0, 1, false},
    {TEXT("1e"), KIND(TRUNCATED), 2, 0, 1, false},
    {TEXT("1e+"), KIND(TRUNCATED), 3, 0, 1, false},
    {TEXT("[1 2]"), KIND(SYNTAX), 3, 1, 1, false},
    {TEXT("[01]"), KIND(SYNTAX), 2, 1, 1, false},
    {TEXT("[-01]"), KIND(SYNTAX), 3, 1, 1, false},
    {TEXT("[+1]"), KIND(SYNTAX), 1, 1, 1, false},
    {TEXT("[.5]"), KIND(SYNTAX), 1, 1, 1, false},
    {TEXT("[1.]"), KIND(SYNTAX), 3, 1, 1, false},
    {TEXT("[1e]"), KIND(SYNTAX), 3, 1, 1, false},
    {TEXT("[-]"), KIND(SYNTAX), 2, 1, 1, false},
    {TEXT("[--1]"), KIND(SYNTAX), 2, 1, 1, false},
    {TEXT("[0x1]"), KIND(SYNTAX), 2, 1, 1, false},
    {TEXT("[True]"), KIND(SYNTAX), 1, 1, 1, false},
    {TEXT("[nulls]"), KIND(SYNTAX), 5, 1, 1, false},
    {TEXT("{a:1}"), KIND(SYNTAX), 1, 1, 1, false},
    {TEXT("{'a':1}"), KIND(SYNTAX), 1, 1, 1, false},
    {TEXT("{1:1}"), KIND(SYNTAX), 1, 1, 1, false},
    {TEXT("{\"a\" 1}"), KIND(SYNTAX), 5, 1, 1, false},
    {TEXT("{\"a\",1}"), KIND(SYNTAX), 4, 1, 1, false},
    {TEXT("{\"a\":1 \"b\":2}"), KIND(SYNTAX), 7, 1, 1, false},
    {TEXT("{\"a\":}"), KIND(SYNTAX), 5, 1, 1, false},
    {TEXT("{\"a\":1]"), KIND(SYNTAX), 6, 1, 1, false},
    {TEXT("[1}"), KIND(SYNTAX), 2, 1, 1, false},
    {TEXT("]"), KIND(SYNTAX), 0, 1, 1, false},
    {TEXT("[\"\\x41\"]"), KIND(SYNTAX), 2, 1, 1, false},
    {TEXT("[\"\\u00zz\"]"), KIND(SYNTAX), 2, 1, 1, false},
    {TEXT("[\"\\uZ"), KIND(SYNTAX), 2, 1, 1, false},
    {TEXT("[\"\\'\"]"), KIND(SYNTAX), 2, 1, 1, false},
    {TEXT("[1,/]"), KIND(SYNTAX), 3, 1, 1, false},
    {TEXT("{}{}"), KIND(TRAILING), 2, 2, 1, true},
    {TEXT("1 x"), KIND(TRAILING), 2, 1, 1, true},
    {TEXT("[] /"), KIND(TRAILING), 3, 1, 1, true},
    {TEXT("{}\0"), KIND(TRAILING), 2, 1, 1, true},
    {TEXT("[1,]"), KIND(COMMA), 2, 1, 1, true},
    {TEXT("[,1]"), KIND(COMMA), 1, 1, 1, true},
    {TEXT("[1,,2]"), KIND(COMMA), 3, 1, 1, true},
    {TEXT("[1,,]"), KIND(COMMA), 2, 1, 2, true},
    {TEXT("[,]"), KIND(COMMA), 1, 1, 1, true},
    {TEXT("{\"a\":1,}"), KIND(COMMA), 6, 1, 1, true},
    {TEXT("{,\"a\":1}"), KIND(COMMA), 1, 1, 1, true},
    {TEXT("[1]// end"), KIND(COMMENT), 3, 6, 1, true},
    {TEXT("/* a */[1]"), KIND(COMMENT), 0, 7, 1, true},
    {TEXT("{\"a\"/**/:1}"), KIND(COMMENT), 4, 4, 1, true},
    {TEXT("[1//\n]"), KIND(COMMENT), 2, 2, 1, true},
    {TEXT("[1//\r]"), KIND(COMMENT), 2, 2, 1, true},
    {TEXT("[1]/* open"), KIND(COMMENT), 3, 7, 1, true},
    {TEXT("[1/* open"), KIND(COMMENT), 2, 7, 2, false},
    {TEXT("[1/*/"), KIND(COMMENT), 2, 3, 2, false},
    {TEXT("NaN"), KIND(NAN), 0, 3, 1, true},
    {TEXT("[Infinity]"), KIND(NAN), 1, 8, 1, true},
    {TEXT("[-Infinity]"), KIND(NAN), 1, 9, 1, true},
    {TEXT("[\"a\tb\"]"), KIND(CONTROL), 3, 1, 1, true},
    {TEXT("[\"a\nb\"]"), KIND(CONTROL), 3, 1, 1, true},
    {TEXT("{\"a\0b\":1}"), KIND(CONTROL), 3, 1, 1, true},
    {TEXT("\xef\xbb\xbf{}"), KIND(BOM), 0, 3, 1, true},
    {TEXT("{}\xef\xbb\xbf"), KIND(TRAILING), 2, 3, 1, true},
    {TEXT("[\"a\xff\"]"), KIND(BAD_UTF8), 3, 1, 1, true},
    {TEXT("[\"\xc0\x80\xed\xa0\x80\"]"), KIND(BAD_UTF8), 2, 5, 1, true}, /* one run is one flaw */
    {TEXT("[\"\xffz\xff\"]"), KIND(BAD_UTF8), 2, 1, 2, true},
    {TEXT("\"\xc3"), KIND(BAD_UTF8), 1, 1, 2, false},
    {TEXT("[\"\\ud800\"]"), KIND(SURROGATE), 2, 6, 1, true},
    {TEXT("[\"\\udc00\"]"), KIND(SURROGATE), 2, 6, 1, true},
    {TEXT("[\"\\ud800\\ud800\"]"), KIND(SURROGATE), 2, 6, 2, true},
    {TEXT("[\"\\ud800\\n\"]"), KIND(SURROGATE), 2, 6, 1, true},
    {TEXT("\xff\xfe{\0}\0"), KIND(UTF16), 0, 2, 1, false},
    {TEXT("\xfe\xff\0{\0}"), KIND(UTF16), 0, 2, 1, false},
    {TEXT("{\0}\0"), KIND(UTF16), 0, 2, 1, false},
    {TEXT("\0{\0}"), KIND(UTF16), 0, 2, 1, false},
};

START_TEST(flaw_is_located)
{
    struct indexed indexed;

    ck_assert_int_eq(read_bytes(&indexed, flawed[_i].text, TSCOPE_JSON_LIMITS_TOKEN), TSCOPE_OK);
    check_invariants(&indexed.json);
    ck_assert(!indexed.json.strict);
    ck_assert_int_eq(indexed.json.readable, flawed[_i].readable);
    ck_assert_uint_eq(indexed.json.flaws_total, flawed[_i].total);
    ck_assert_str_eq(tscope_json_flaw_id(indexed.json.flaws[0].kind), tscope_json_flaw_id(flawed[_i].kind));
    ck_assert_uint_eq(indexed.json.flaws[0].offset, flawed[_i].offset);
    ck_assert_uint_eq(indexed.json.flaws[0].len, flawed[_i].len);
    clear(&indexed);
}
END_TEST

static const struct {
    const char *text;
    bool noted;
} numbers_noted[] = {
    {"9007199254740991", false},
    {"9007199254740992", true},
    {"-9007199254740991", false},
    {"-9007199254740992", true},
    {"10000000000000000", true},
    {"1e299", false},
    {"1e300", true},
    {"1e-400", true},
    {"1e0000000000000001", false},
    {"1700000000000000", false},
};

START_TEST(number_that_readers_round_is_noted)
{
    struct indexed indexed;

    read_text(&indexed, numbers_noted[_i].text);
    ck_assert_uint_eq(indexed.json.flaws_total, numbers_noted[_i].noted);
    ck_assert(indexed.json.strict);
    if (numbers_noted[_i].noted)
        ck_assert_int_eq(indexed.json.flaws[0].kind, TSCOPE_JSON_FLAW_BIG_NUMBER);
    clear(&indexed);
}
END_TEST

START_TEST(values_stand_where_they_are)
{
    struct indexed indexed;
    const struct tscope_value *root, *value;

    read_text(&indexed, " {\"a\": [1, \"x\\n\"], \"b\":{}, \"c\": null}");
    root = tscope_json_root(&indexed.json);
    ck_assert_uint_eq(indexed.json.values_len, 6);
    ck_assert_uint_eq(root->count, 3);
    ck_assert_uint_eq(root->start, 1);
    value = tscope_json_first(&indexed.json, root);
    ck_assert(tscope_span_is(tscope_json_name(&indexed.json, value), "a"));
    ck_assert(tscope_span_is(tscope_json_raw(&indexed.json, value), "[1, \"x\\n\"]"));
    ck_assert_uint_eq(value->count, 2);
    ck_assert_uint_eq(value[2].depth, 2);
    ck_assert(value[2].flags & TSCOPE_VALUE_ESCAPED);
    ck_assert_ptr_null(tscope_json_next(&indexed.json, &value[2]));
    ck_assert_ptr_null(tscope_json_first(&indexed.json, &value[2]));
    ck_assert_ptr_null(tscope_json_name(&indexed.json, &value[1]).data);
    value = tscope_json_next(&indexed.json, value);
    ck_assert_uint_eq(value->count, 0);
    ck_assert_ptr_null(tscope_json_first(&indexed.json, value));
    value = tscope_json_next(&indexed.json, value);
    ck_assert_int_eq(value->type, TSCOPE_JSON_NULL);
    ck_assert_ptr_null(tscope_json_next(&indexed.json, value));
    clear(&indexed);
}
END_TEST

START_TEST(what_came_before_the_fault_is_kept)
{
    struct indexed indexed;
    const struct tscope_json *json = &indexed.json;
    const struct tscope_value *value;

    read_text(&indexed, "{\"alg\":\"RS256\",\"x\":{\"y\":[1,2,\"abc");
    ck_assert_uint_eq(json->values_len, 7);
    for (uint32_t i = 0; i < 4; i += i == 0 ? 2 : 1) {
        ck_assert(json->values[i].flags & TSCOPE_VALUE_OPEN);
        ck_assert_uint_eq(json->values[i].start + json->values[i].len, json->text_len);
    }
    ck_assert_uint_eq(json->values[0].count, 2);
    ck_assert_uint_eq(json->values[3].count, 3);
    ck_assert(json->values[6].flags & TSCOPE_VALUE_OPEN);
    ck_assert(tscope_json_string_is(json, &json->values[6], "abc"));
    value = tscope_json_member(json, tscope_json_root(json), "alg");
    ck_assert(tscope_json_string_is(json, value, "RS256"));
    ck_assert(!(value->flags & TSCOPE_VALUE_OPEN));
    clear(&indexed);
}
END_TEST

START_TEST(every_prefix_and_every_flipped_byte_keeps_the_index_sound)
{
    static const char text[] =
        "{\"alg\":\"RS\\u0032\\ud834\\udd1e56\",\"a\\u006cg\":[1,-2.5e+10,{\"\":null}],\"t\":true,/**/\"\xc3\xa4\":NaN,}x";
    char changed[sizeof(text) - 1];
    struct indexed indexed;

    for (size_t len = 0; len < sizeof(text); len++) {
        ck_assert_int_eq(read_bytes(&indexed, tscope_span_of(text, len), TSCOPE_JSON_LIMITS_TOKEN), TSCOPE_OK);
        check_invariants(&indexed.json);
        clear(&indexed);
    }
    for (size_t at = 0; at < sizeof(changed); at++) {
        for (unsigned bit = 0; bit < 8; bit++) {
            memcpy(changed, text, sizeof(changed));
            changed[at] = (char)(changed[at] ^ 1 << bit);
            ck_assert_int_eq(read_bytes(&indexed, tscope_span_of(changed, sizeof(changed)), TSCOPE_JSON_LIMITS_TOKEN), TSCOPE_OK);
            check_invariants(&indexed.json);
            clear(&indexed);
        }
    }
}
END_TEST

START_TEST(special_byte_is_seen_at_every_place_of_a_string)
{
    static const char specials[] = "\"\\\n\x1f\xff\x80";
    struct indexed indexed;

    for (size_t len = 1; len < 40; len++) {
        for (size_t at = 0; at < len; at++) {
            for (const char *special = specials; *special; special++) {
                char text[48];
                size_t expected;

                memset(text, 'k', sizeof(text));
                text[0] = text[len + 1] = '"';
                text[1 + at] = *special;
                ck_assert_int_eq(read_bytes(&indexed, tscope_span_of(text, len + 2), TSCOPE_JSON_LIMITS_TOKEN), TSCOPE_OK);
                ck_assert(!indexed.json.strict);
                expected = *special == '"' ? at + 2 : at + 1;
                if (*special == '\\' && at + 1 == len) /* it takes the quote with it */
                    expected = len + 2;
                ck_assert_uint_eq(indexed.json.flaws[0].offset, expected);
                clear(&indexed);
            }
        }
    }
}
END_TEST

static void
read_nested(struct indexed *indexed, uint32_t brackets, bool closed)
{
    struct tscope_buffer text = {0};

    for (uint32_t i = 0; i < brackets; i++)
        tscope_buffer_append_byte(&text, '[');
    for (uint32_t i = 0; i < brackets && closed; i++)
        tscope_buffer_append_byte(&text, ']');
    ck_assert_int_eq(read_bytes(indexed, tscope_span_of(text.data, text.len), TSCOPE_JSON_LIMITS_TOKEN), TSCOPE_OK);
    check_invariants(&indexed->json);
    tscope_buffer_clear(&text);
}

START_TEST(depth_is_limited)
{
    struct indexed indexed;

    read_nested(&indexed, 64, true); /* the last at depth 63 */
    ck_assert(indexed.json.strict);
    clear(&indexed);
    read_nested(&indexed, 65, true);
    ck_assert(indexed.json.strict);
    ck_assert_uint_eq(indexed.json.values[64].depth, 64);
    clear(&indexed);
    for (uint32_t brackets = 66; brackets < 200000; brackets *= 5) {
        read_nested(&indexed, brackets, false);
        ck_assert_int_eq(indexed.json.flaws[0].kind, TSCOPE_JSON_FLAW_TOO_DEEP);
        ck_assert_uint_eq(indexed.json.flaws[0].offset, 65);
        ck_assert_uint_eq(indexed.json.values_len, 65);
        clear(&indexed);
    }
}
END_TEST

START_TEST(own_capacity_bounds_a_generous_depth)
{
    struct tscope_json_limits limits = {.depth_max = UINT32_MAX, .values_max = UINT32_MAX};
    struct indexed indexed;
    uint8_t text[1000];

    memset(text, '[', sizeof(text));
    ck_assert_int_eq(read_bytes(&indexed, tscope_span_of(text, sizeof(text)), limits), TSCOPE_OK);
    ck_assert_int_eq(indexed.json.flaws[0].kind, TSCOPE_JSON_FLAW_TOO_DEEP);
    clear(&indexed);
}
END_TEST

START_TEST(number_of_values_is_limited)
{
    for (uint32_t max = 0; max < 6; max++) {
        struct indexed indexed;
        struct tscope_json_limits limits = {.depth_max = 64, .values_max = max};

        ck_assert_int_eq(read_bytes(&indexed, TSCOPE_SPAN("[1,{\"a\":2}]"), limits), TSCOPE_OK);
        check_invariants(&indexed.json);
        ck_assert_int_eq(indexed.json.strict, max >= 4);
        ck_assert_uint_eq(indexed.json.values_len, max < 4 ? max : 4);
        if (max < 4)
            ck_assert_int_eq(indexed.json.flaws[0].kind, TSCOPE_JSON_FLAW_TOO_MANY);
        ck_assert(max > 0 || tscope_json_root(&indexed.json) == NULL);
        clear(&indexed);
    }
}
END_TEST

START_TEST(text_over_the_limit_is_refused_unread)
{
    struct tscope_json json;
    struct tscope_arena arena = {0};
    struct tscope_error err = {0};

    ck_assert_int_eq(tscope_json_read(&json, &arena, (const uint8_t *)"", (size_t)TSCOPE_JSON_INPUT_MAX + 1, TSCOPE_JSON_LIMITS_FILE, &err),
                     TSCOPE_ERR_TOO_LARGE);
    ck_assert_int_eq(err.status, TSCOPE_ERR_TOO_LARGE);
    tscope_arena_clear(&arena);
}
END_TEST

START_TEST(reason_for_stopping_is_kept_behind_many_flaws)
{
    struct tscope_buffer text = {0};
    struct indexed indexed;
    uint32_t last = TSCOPE_JSON_FLAWS_MAX - 1;

    tscope_buffer_append_byte(&text, '[');
    for (int i = 0; i < 100; i++)
        tscope_buffer_append_text(&text, "NaN,");
    tscope_buffer_append_byte(&text, '!');
    ck_assert_int_eq(read_bytes(&indexed, tscope_span_of(text.data, text.len), TSCOPE_JSON_LIMITS_TOKEN), TSCOPE_OK);
    ck_assert_uint_eq(indexed.json.flaws_total, 101);
    ck_assert_uint_eq(indexed.json.flaws_len, TSCOPE_JSON_FLAWS_MAX);
    ck_assert_int_eq(indexed.json.flaws[last].kind, TSCOPE_JSON_FLAW_SYNTAX);
    clear(&indexed);
    tscope_buffer_clear(&text);
}
END_TEST

START_TEST(flaws_of_a_name_without_value_point_into_the_index)
{
    struct indexed indexed;

    read_text(&indexed, "{\"x\":{\"a\tb\"");
    check_invariants(&indexed.json);
    ck_assert_int_eq(indexed.json.flaws[0].kind, TSCOPE_JSON_FLAW_CONTROL);
    ck_assert_uint_eq(indexed.json.flaws[0].value, 1);
    clear(&indexed);
}
END_TEST

START_TEST(every_failed_allocation_is_reported)
{
    struct tscope_buffer text = {0};
    unsigned long n = 0;
    enum tscope_status status;

    for (unsigned i = 0; i < 1200; i++)
        tscope_buffer_append_format(&text, "%c\"\\u0061%u\":NaN", i ? ',' : '{', i % 1199);
    tscope_buffer_append_byte(&text, '}');
    do {
        struct tscope_arena arena = {0};
        struct tscope_json json;
        struct tscope_error err = {0};

        tscope_alloc_fail_from(++n);
        status = tscope_json_read(&json, &arena, text.data, text.len, TSCOPE_JSON_LIMITS_TOKEN, &err);
        tscope_alloc_fail_from(0);
        ck_assert_int_eq(err.status, status);
        if (status != TSCOPE_OK)
            ck_assert_int_eq(status, TSCOPE_ERR_NO_MEMORY);
        else
            ck_assert(json.values[1200].flags & TSCOPE_VALUE_DUPLICATE);
        tscope_arena_clear(&arena);
    } while (status != TSCOPE_OK);
    ck_assert_uint_gt(n, 5);
    tscope_buffer_clear(&text);
}
END_TEST

/* With white space behind each colon, text is read step by step. No colon stands inside a string of it. */
static char *
spaced(const char *text, size_t len)
{
    struct tscope_buffer buffer = {0};

    for (size_t i = 0; i < len; i++) {
        tscope_buffer_append_byte(&buffer, (uint8_t)text[i]);
        if (text[i] == ':')
            tscope_buffer_append_byte(&buffer, ' ');
    }
    return tscope_buffer_steal(&buffer, NULL);
}

/* One index but for where things stand. */
static void
check_same_values(const struct tscope_json *fast, const struct tscope_json *slow)
{
    ck_assert_uint_eq(fast->values_len, slow->values_len);
    ck_assert_uint_eq(fast->flaws_total, slow->flaws_total);
    ck_assert(fast->readable == slow->readable && fast->strict == slow->strict);
    for (uint32_t i = 0; i < fast->values_len; i++) {
        const struct tscope_value *a = &fast->values[i], *b = &slow->values[i];

        ck_assert(a->type == b->type && a->flags == b->flags && a->depth == b->depth);
        ck_assert(a->next == b->next && a->count == b->count && a->name_hash == b->name_hash);
        ck_assert(tscope_span_equal(tscope_json_name(fast, a), tscope_json_name(slow, b)));
        if (a->type != TSCOPE_JSON_OBJECT && a->type != TSCOPE_JSON_ARRAY)
            ck_assert(tscope_span_equal(tscope_json_raw(fast, a), tscope_json_raw(slow, b)));
    }
}

/* Whole, and cut at each place. */
static void
check_both_ways(const char *text)
{
    for (size_t len = 0; len <= strlen(text); len++) {
        char *with_spaces = spaced(text, len);
        struct indexed fast, slow;

        ck_assert_int_eq(read_bytes(&fast, tscope_span_of(text, len), TSCOPE_JSON_LIMITS_TOKEN), TSCOPE_OK);
        read_text(&slow, with_spaces);
        check_invariants(&fast.json);
        check_same_values(&fast.json, &slow.json);
        clear(&fast);
        clear(&slow);
        tscope_free(with_spaces);
    }
}

START_TEST(plain_members_are_indexed_as_any_other)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz";
    char text[400];

    for (int name = 0; name <= 18; name++) {
        for (int value = 0; value <= 34; value += 1 + value / 4) {
            snprintf(text, sizeof(text), "{\"x\":1,\"%.*s\":\"%.*s\",\"sub\":\"s\",\"y\":{\"a\":\"b\",\"c\":[]},\"z\":\"\"}", name, letters,
                     value, letters);
            check_both_ways(text);
        }
    }
    check_both_ways("{\"a\":\"b\",\"a\":\"c\",\"d\":\"\\u0041\",\"long enough for a block\":\"\",\"e\":\"f\",,\"g\":\"h\" \"i\":\"j\"}");
    check_both_ways("{\"a\":\"b\",\"d\\n\":\"x\",\"e\":\"\xc3\xa4\",\"f\":\"g\",\"h\":\"\x7f\",\"i\":\"\t\",\"j\":\"k\",]}");
    check_both_ways(
        "[{\"a\":\"b\",\"c\":\"d\"},{\"a\":\"b\",\"c\":\"d\",\"e\":[\"f\",\"g\"],\"h\":\"i\"},\"text\",\"text of more than a block\"]");
}
END_TEST

/* More members than there is room for at first, and than a limit lets in. */
START_TEST(plain_members_without_end_are_bounded)
{
    struct tscope_buffer text = {0};
    struct indexed whole, limited;

    tscope_buffer_append_byte(&text, '{');
    for (int i = 0; i < 500; i++)
        tscope_buffer_append_format(&text, "%s\"name%d\":\"value\"", i ? "," : "", i);
    tscope_buffer_append_byte(&text, '}');
    ck_assert_int_eq(read_bytes(&whole, tscope_span_of(text.data, text.len), TSCOPE_JSON_LIMITS_TOKEN), TSCOPE_OK);
    ck_assert_uint_eq(whole.json.values_len, 501);
    ck_assert_uint_eq(whole.json.values[0].count, 500);
    ck_assert(whole.json.compact);
    ck_assert(tscope_json_string_is(&whole.json, tscope_json_member(&whole.json, whole.json.values, "name499"), "value"));
    ck_assert_int_eq(read_bytes(&limited, tscope_span_of(text.data, text.len), (struct tscope_json_limits){64, 100}), TSCOPE_OK);
    ck_assert_uint_eq(limited.json.values_len, 100);
    ck_assert(!limited.json.readable);
    clear(&whole);
    clear(&limited);
    tscope_buffer_clear(&text);
}
END_TEST

/* A name is read in one block, or in more, or letter by letter: a capital is seen in each place of it, and none in the value. */
START_TEST(capital_in_a_name_is_seen)
{
    for (int len = 1; len <= 40; len++) {
        for (int at = 0; at <= len; at++) { /* at its length: there is none */
            char name[41], text[256];
            struct indexed indexed;

            memset(name, 'n', sizeof(name));
            name[len] = '\0';
            if (at < len)
                name[at] = (char)('A' + at % 26);
            snprintf(text, sizeof(text), "{\"a\":\"B\",\"%s\":\"VALUE\",\"c\":[\"D\"],\"e\":\"to be longer than a block is\"}", name);
            read_text(&indexed, text);
            check_invariants(&indexed.json);
            ck_assert_int_eq(indexed.json.lower_case, at == len);
            clear(&indexed);
        }
    }
}
END_TEST

static void
add_reading(Suite *suite)
{
    TCase *tcase = tcase_create("reading");

    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, valid_text_is_strict, 0, TSCOPE_COUNT(strict_texts));
    tcase_add_test(tcase, members_are_read_alike_with_and_without_space);
    tcase_add_loop_test(tcase, flaw_is_located, 0, TSCOPE_COUNT(flawed));
    tcase_add_loop_test(tcase, number_that_readers_round_is_noted, 0, TSCOPE_COUNT(numbers_noted));
    tcase_add_test(tcase, values_stand_where_they_are);
    tcase_add_test(tcase, what_came_before_the_fault_is_kept);
    tcase_add_test(tcase, every_prefix_and_every_flipped_byte_keeps_the_index_sound);
    tcase_add_test(tcase, special_byte_is_seen_at_every_place_of_a_string);
    tcase_add_test(tcase, depth_is_limited);
    tcase_add_test(tcase, own_capacity_bounds_a_generous_depth);
    tcase_add_test(tcase, number_of_values_is_limited);
    tcase_add_test(tcase, text_over_the_limit_is_refused_unread);
    tcase_add_test(tcase, reason_for_stopping_is_kept_behind_many_flaws);
    tcase_add_test(tcase, flaws_of_a_name_without_value_point_into_the_index);
    tcase_add_test(tcase, every_failed_allocation_is_reported);
    tcase_add_test(tcase, plain_members_are_indexed_as_any_other);
    tcase_add_test(tcase, plain_members_without_end_are_bounded);
    tcase_add_test(tcase, capital_in_a_name_is_seen);
    suite_add_tcase(suite, tcase);
}

int
main(void)
{
    Suite *suite = suite_create("json");
    SRunner *runner = srunner_create(suite);
    int failed;

    add_reading(suite);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
