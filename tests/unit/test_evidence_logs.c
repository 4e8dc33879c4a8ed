/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence_testing.h"

#include <stdio.h>

#include "evidence/lines.h"

struct sample {
    const char *text;
    const char *contexts[6];
};

#define ELLIPSIS "\xe2\x80\xa6"

static const struct sample samples[] = {
    /* lines of JSON: the time by its usual names, before and behind the place, inside an envelope, in every unit */
    {"{\"time\":\"2024-06-15T10:00:00Z\",\"properties\":{\"h\":\"Bearer @1\"}}\n\n{\"msg\":\"token=@2\",\"ts\":1718445600.123456}\n"
     "{\"a\":[{\"time\":5,\"b\":\"@3\"}],\"timestamp\":1718445600123}\n{\"_source\":{\"@timestamp\":\"2024-06-15T12:00:00.5+02:00\"},\"x\":"
     "\"@4\"}\n"
     "{\"time\":\"2024-06-15T10:00:00\",\"x\":\"@5\"}\n{\"x\":\"@6\"}\n",
     {"{\"format\":\"jsonl\",\"line\":1,\"record\":1,\"field\":\"/properties/h\",\"time\":\"2024-06-15T10:00:00Z\",\"time_text\":"
      "\"2024-06-15T10:00:00Z\",\"time_field\":\"time\"}",
      "{\"format\":\"jsonl\",\"line\":3,\"record\":3,\"field\":\"/"
      "msg\",\"time\":\"2024-06-15T10:00:00Z\",\"time_text\":\"1718445600.123456\","
      "\"time_field\":\"ts\",\"where_name\":\"token\"}",
      "{\"format\":\"jsonl\",\"line\":4,\"record\":4,\"field\":\"/a/0/"
      "b\",\"time\":\"2024-06-15T10:00:00Z\",\"time_text\":\"1718445600123\","
      "\"time_field\":\"timestamp\"}",
      "{\"format\":\"jsonl\",\"line\":5,\"record\":5,\"field\":\"/x\",\"time\":\"2024-06-15T10:00:00Z\",\"time_text\":"
      "\"2024-06-15T12:00:00.5+02:00\",\"time_field\":\"@timestamp\"}",
      "{\"format\":\"jsonl\",\"line\":6,\"record\":6,\"field\":\"/x\",\"time_text\":\"2024-06-15T10:00:00\",\"time_field\":\"time\","
      "\"time_unsure\":\"no time zone is given\"}",
      "{\"format\":\"jsonl\",\"line\":7,\"record\":7,\"field\":\"/x\"}"}},
    /* an array of records, CloudTrail's shape; a record without a time takes that of what is around */
    {"{\"published\":\"2020-01-01T00:00:00Z\",\n\"Records\":[{\"x\":{\"a/"
     "b~c\":\"@1\"},\"eventTime\":\"2023-07-10T11:58:11Z\"},\n{\"y\":\"@2\"}]}",
     {"{\"format\":\"json\",\"line\":2,\"record\":1,\"field\":\"/Records/0/x/a~1b~0c\",\"time\":\"2023-07-10T11:58:11Z\",\"time_text\":"
      "\"2023-07-10T11:58:11Z\",\"time_field\":\"eventTime\"}",
      "{\"format\":\"json\",\"line\":3,\"record\":2,\"field\":\"/Records/1/y\",\"time\":\"2020-01-01T00:00:00Z\",\"time_text\":"
      "\"2020-01-01T00:00:00Z\",\"time_field\":\"published\"}"}},
    /* one object, its time behind the place; a place that is an object, and one in a name */
    {"{\"k\":@1{\"kty\":\"oct\"},\"@2\":1,\"CreationTime\":\"2024-06-15T10:00:00\"}",
     {"{\"format\":\"json\",\"line\":1,\"field\":\"/k\",\"time\":\"2024-06-15T10:00:00Z\",\"time_text\":\"2024-06-15T10:00:00\","
      "\"time_field\":\"CreationTime\"}",
      "{\"format\":\"json\",\"line\":1,\"field\":\"/@2\",\"time\":\"2024-06-15T10:00:00Z\",\"time_text\":\"2024-06-15T10:00:00\","
      "\"time_field\":\"CreationTime\"}"}},
    /* tables: quotes, line ends in quotes, JSON in a cell whose time is better than the row's, in some place's way of writing */
    {"CreationDate,Operations,AuditData,Note\r\n5/18/2021 9:13:33 "
     "PM,x,\"{\"\"CreationTime\"\":\"\"2021-05-18T21:13:33\"\",\"\"T\"\":[{\"\"ID\"\""
     ":\"\"@1\"\"}]}\",a\r\n5/19/2021 9:13:33 PM,y,,\"two\r\nlines access_token=@2\"\r\n6/1/2021 9:13:33 PM,@3,,\r\n",
     {"{\"format\":\"csv\",\"line\":2,\"record\":1,\"field\":\"AuditData/T/0/ID\",\"time\":\"2021-05-18T21:13:33Z\",\"time_text\":"
      "\"2021-05-18T21:13:33\",\"time_field\":\"CreationTime\"}",
      "{\"format\":\"csv\",\"line\":3,\"record\":2,\"field\":\"Note\",\"time_text\":\"5/19/2021 9:13:33 "
      "PM\",\"time_field\":\"CreationDate\","
      "\"time_unsure\":\"no time zone is given\",\"where_name\":\"access_token\"}",
      "{\"format\":\"csv\",\"line\":5,\"record\":3,\"field\":\"Operations\",\"time_text\":\"6/1/2021 9:13:33 PM\",\"time_field\":"
      "\"CreationDate\",\"time_unsure\":\"no time zone is given\"}"}},
    {"#TYPE System.Object\n\"TimeGenerated [UTC]\";\"Message\"\n\"2024-06-15 10:00:00.123\";\"a;b @1\"\n",
     {"{\"format\":\"csv\",\"line\":3,\"record\":1,\"field\":\"Message\",\"time\":\"2024-06-15T10:00:00Z\",\"time_text\":"
      "\"2024-06-15 10:00:00.123\",\"time_field\":\"TimeGenerated [UTC]\"}"}},
    /* nginx and Apache, combined */
    {"192.0.2.1 - alice [15/Jun/2024:12:00:00 +0200] \"GET /cb?code=1&id_token=@1 HTTP/1.1\" 302 154 "
     "\"https://a.example/#access_token=@2\" "
     "\"UA @3\"\n192.0.2.1 - - [15/Jun/2024:10:00:01 +0000] \"POST /x;jsessionid=5 HTTP/1.1\" 200 1 \"-\" \"UA\" \"Bearer @4\"\n",
     {"{\"format\":\"log\",\"line\":1,\"record\":1,\"time\":\"2024-06-15T10:00:00Z\",\"time_text\":\"15/Jun/2024:12:00:00 +0200\",\"url\":"
      "\"/cb?code=" ELLIPSIS "&id_token=" ELLIPSIS "\",\"method\":\"GET\",\"status\":302,\"where\":\"query\",\"where_name\":\"id_token\"}",
      "{\"format\":\"log\",\"line\":1,\"record\":1,\"time\":\"2024-06-15T10:00:00Z\",\"time_text\":\"15/Jun/2024:12:00:00 +0200\",\"url\":"
      "\"/cb?code=" ELLIPSIS "&id_token=" ELLIPSIS "\",\"method\":\"GET\",\"status\":302,\"where\":\"referrer\",\"where_name\":"
      "\"access_token\"}",
      "{\"format\":\"log\",\"line\":1,\"record\":1,\"time\":\"2024-06-15T10:00:00Z\",\"time_text\":\"15/Jun/2024:12:00:00 +0200\",\"url\":"
      "\"/cb?code=" ELLIPSIS "&id_token=" ELLIPSIS "\",\"method\":\"GET\",\"status\":302,\"where\":\"user agent\"}",
      "{\"format\":\"log\",\"line\":2,\"record\":2,\"time\":\"2024-06-15T10:00:01Z\",\"time_text\":\"15/Jun/2024:10:00:01 +0000\",\"url\":"
      "\"/x;jsessionid=" ELLIPSIS "\",\"method\":\"POST\",\"status\":200}"}},
    /* Envoy */
    {"[2016-04-15T20:17:00.310Z] \"POST /api/v1/locations?t=@1 HTTP/2\" 204 - 154 0 226 100 \"10.0.35.28\" \"UA\" \"Bearer @2\"\n",
     {"{\"format\":\"log\",\"line\":1,\"record\":1,\"time\":\"2016-04-15T20:17:00Z\",\"time_text\":\"2016-04-15T20:17:00.310Z\",\"url\":"
      "\"/api/v1/locations?t=" ELLIPSIS "\",\"method\":\"POST\",\"status\":204,\"where\":\"query\",\"where_name\":\"t\"}",
      "{\"format\":\"log\",\"line\":1,\"record\":1,\"time\":\"2016-04-15T20:17:00Z\",\"time_text\":\"2016-04-15T20:17:00.310Z\",\"url\":"
      "\"/api/v1/locations?t=" ELLIPSIS "\",\"method\":\"POST\",\"status\":204}"}},
    /* other lines: with a zone, without, of syslog in both forms, of text without a time */
    {"2024-06-15T10:00:00.5Z INFO got Authorization: Bearer @1\n2024-06-15 10:00:00,123 WARN token=@2\n2024-06-15 12:00:00,123 +0200 x @3\n"
     "Jun 15 10:00:00 host app[1]: @4\n<34>1 2024-06-15T10:00:00Z host app - @5\n  at no.time(@6)\n",
     {"{\"format\":\"log\",\"line\":1,\"record\":1,\"time\":\"2024-06-15T10:00:00Z\",\"time_text\":\"2024-06-15T10:00:00.5Z\",\"where_"
      "name\":"
      "\"Authorization\"}",
      "{\"format\":\"log\",\"line\":2,\"record\":2,\"time_text\":\"2024-06-15 10:00:00,123\",\"time_unsure\":\"no time zone is given\","
      "\"where_name\":\"token\"}",
      "{\"format\":\"log\",\"line\":3,\"record\":3,\"time\":\"2024-06-15T10:00:00Z\",\"time_text\":\"2024-06-15 12:00:00,123 +0200\"}",
      "{\"format\":\"log\",\"line\":4,\"record\":4,\"time_text\":\"Jun 15 10:00:00\",\"time_unsure\":\"neither a year nor a time zone is "
      "given\"}",
      "{\"format\":\"log\",\"line\":5,\"record\":5,\"time\":\"2024-06-15T10:00:00Z\",\"time_text\":\"2024-06-15T10:00:00Z\"}",
      "{\"format\":\"log\",\"line\":6,\"record\":6}"}},
    /* Zeek */
    {"#separator \\x09\n#set_separator\t,\n#path\thttp\n#fields\tts\tuid\tmethod\turi\treferrer\tstatus_code\n#types\ttime\tstring\n"
     "1718445600.123456\tC1\tGET\t/a?id_token=@1\thttps://x/#@2\t200\n",
     {"{\"format\":\"zeek\",\"line\":6,\"record\":6,\"field\":\"uri\",\"time\":\"2024-06-15T10:00:00Z\",\"time_text\":\"1718445600."
      "123456\","
      "\"time_field\":\"ts\",\"url\":\"/a?id_token=" ELLIPSIS "\",\"method\":\"GET\",\"status\":200,\"where_name\":\"id_token\"}",
      "{\"format\":\"zeek\",\"line\":6,\"record\":6,\"field\":\"referrer\",\"time\":\"2024-06-15T10:00:00Z\",\"time_text\":"
      "\"1718445600.123456\",\"time_field\":\"ts\",\"url\":\"/a?id_token=" ELLIPSIS "\",\"method\":\"GET\",\"status\":200}"}},
    /* Internet Information Services */
    {"#Software: Microsoft Internet Information Services 10.0\r\n#Version: 1.0\r\n#Fields: date time s-ip cs-method cs-uri-stem "
     "cs-uri-query "
     "cs(Cookie) sc-status\r\n2024-06-15 10:00:00 ::1 GET /owa/ id_token=@1 a=@2 302\r\n",
     {"{\"format\":\"w3c\",\"line\":4,\"record\":4,\"field\":\"cs-uri-query\",\"time\":\"2024-06-15T10:00:00Z\",\"time_text\":"
      "\"2024-06-15 10:00:00\",\"time_field\":\"date time\",\"url\":\"/owa/?id_token=" ELLIPSIS "\",\"method\":\"GET\",\"status\":302,"
      "\"where_name\":\"id_token\"}",
      "{\"format\":\"w3c\",\"line\":4,\"record\":4,\"field\":\"cs(Cookie)\",\"time\":\"2024-06-15T10:00:00Z\",\"time_text\":"
      "\"2024-06-15 10:00:00\",\"time_field\":\"date time\",\"url\":\"/owa/?id_token=" ELLIPSIS "\",\"method\":\"GET\",\"status\":302,"
      "\"where_name\":\"a\"}"}},
    /* text that is none of these */
    {"Dear all,\nthe token is @1.\n", {"{\"format\":\"text\",\"line\":2,\"record\":2}"}},
    {"<?xml version=\"1.0\"?>\n<items burpVersion=\"2024.5\" exportTime=\"x\">\n<request base64=\"false\">@1</request>\n</items>\n",
     {"{\"format\":\"burp\",\"line\":3,\"record\":3}"}},
};

START_TEST(places_of_logs_are_told)
{
    const struct sample *sample = &samples[_i];
    struct contexts contexts = contexts_of(sample->text, strlen(sample->text));
    size_t count = 0;

    while (count < TSCOPE_COUNT(sample->contexts) && sample->contexts[count]) {
        ck_assert_uint_lt(count, contexts.len);
        ck_assert_str_eq(contexts.json[count], sample->contexts[count]);
        count++;
    }
    ck_assert_uint_eq(contexts.len, count);
    clear_contexts(&contexts);
}
END_TEST

START_TEST(places_asked_for_one_by_one_are_the_same)
{
    check_one_by_one(samples[_i].text, strlen(samples[_i].text));
}
END_TEST

START_TEST(every_prefix_is_read)
{
    const char *text = samples[_i].text;

    for (size_t len = 0; len < strlen(text); len++) {
        char *exact = malloc(len ? len : 1);
        struct contexts contexts;

        memcpy(exact, text, len);
        contexts = contexts_of(exact, len);
        clear_contexts(&contexts);
        free(exact);
    }
}
END_TEST

START_TEST(places_behind_the_end_are_delivered)
{
    const char *text = samples[_i].text;
    struct memory_source memory = {(const uint8_t *)text, strlen(text), 0};
    tscope_evidence *evidence = open_with(&memory, NULL);
    tscope_evidence_stream *stream = next_stream(evidence);
    uint64_t offsets[] = {0, 0, strlen(text) - 1, strlen(text), strlen(text) + 1, UINT64_MAX};
    struct contexts contexts = {0};

    ck_assert_int_eq(tscope_evidence_locate(evidence, stream, offsets, TSCOPE_COUNT(offsets), keep_context, &contexts, NULL), TSCOPE_OK);
    ck_assert_uint_eq(contexts.len, TSCOPE_COUNT(offsets));
    ck_assert_str_eq(contexts.json[0], contexts.json[1]);
    ck_assert_ptr_null(strstr(contexts.json[5], "line"));
    clear_contexts(&contexts);
    tscope_evidence_stream_free(stream);
    tscope_evidence_free(evidence);
}
END_TEST

/* Lines about as long as a chunk, and as what is kept of a line: numbers and places stay right. */
START_TEST(long_lines_are_read)
{
    static const size_t lens[] = {65500, 65536, 65580, 131072, TSCOPE_LINES_KEPT_MAX - 50, TSCOPE_LINES_KEPT_MAX + 50, 3000000};
    struct tscope_buffer text = {0};
    struct contexts contexts;

    tscope_buffer_append_text(&text, "2024-06-15T10:00:00Z a\n2024-06-15T10:00:01Z ");
    for (size_t i = 0; i < lens[_i]; i++)
        tscope_buffer_append_byte(&text, 'x');
    tscope_buffer_append_text(&text, "@1\n2024-06-15T10:00:02Z id=@2\n");
    contexts = contexts_of(text.data, text.len);
    ck_assert_uint_eq(contexts.len, 2);
    ck_assert_str_eq(contexts.json[0], "{\"format\":\"log\",\"line\":2,\"record\":2,\"time\":\"2024-06-15T10:00:01Z\",\"time_text\":"
                                       "\"2024-06-15T10:00:01Z\"}");
    ck_assert_str_eq(contexts.json[1], "{\"format\":\"log\",\"line\":3,\"record\":3,\"time\":\"2024-06-15T10:00:02Z\",\"time_text\":"
                                       "\"2024-06-15T10:00:02Z\",\"where_name\":\"id\"}");
    clear_contexts(&contexts);
    tscope_buffer_clear(&text);
}
END_TEST

static void
count_agents(void *user, size_t number, const struct tscope_context *context)
{
    (void)number;
    ck_assert_int_eq(context->time, 1718445600);
    ck_assert_str_eq(context->method, "GET");
    *(size_t *)user += context->where && strcmp(context->where, "user agent") == 0;
}

/* A line is read once, however many places are in it: each for itself takes longer than this test may. */
START_TEST(crowded_lines_are_read_once)
{
    enum { PLACES = 50000 };
    struct tscope_buffer text = {0};
    uint64_t *offsets = tscope_alloc_zeroed(PLACES, sizeof(*offsets));
    size_t agents = 0;

    tscope_buffer_append_text(&text, "::1 - - [15/Jun/2024:10:00:00 +0000] \"GET /a HTTP/1.1\" 200 5 \"-\" \"");
    for (size_t i = 0; i < PLACES; i++) {
        offsets[i] = text.len;
        tscope_buffer_append_text(&text, i == PLACES / 2 ? "b\" \"" : "aaa ");
    }
    tscope_buffer_append_text(&text, "\"\n::1 - - [15/Jun/2024:10:00:00 +0000] \"GET /b HTTP/1.1\" 200 5 \"-\" \"-\"\n");
    {
        struct memory_source memory = {text.data, text.len, 0};
        tscope_evidence *evidence = open_with(&memory, NULL);
        tscope_evidence_stream *stream = next_stream(evidence);

        ck_assert_int_eq(tscope_evidence_locate(evidence, stream, offsets, PLACES, count_agents, &agents, NULL), TSCOPE_OK);
        tscope_evidence_stream_free(stream);
        tscope_evidence_free(evidence);
    }
    ck_assert_uint_eq(agents, PLACES / 2 + 1);
    tscope_free(offsets);
    tscope_buffer_clear(&text);
}
END_TEST

/* A quote that nothing closes takes a bounded number of rows with it. */
START_TEST(unclosed_quotes_end)
{
    struct tscope_buffer text = {0};
    struct contexts contexts;

    tscope_buffer_append_text(&text, "a,time\n1,2024-06-15T10:00:00Z\n\"open,2024-06-15T10:00:00Z\n");
    while (text.len < TSCOPE_LINES_ROW_MAX + 100)
        tscope_buffer_append_text(&text, "2,2024-06-15T10:00:00Z\n");
    tscope_buffer_append_text(&text, "@1,2024-06-15T10:00:01Z\n");
    contexts = contexts_of(text.data, text.len);
    ck_assert_uint_eq(contexts.len, 1);
    ck_assert_ptr_nonnull(strstr(contexts.json[0], "\"field\":\"a\",\"time\":\"2024-06-15T10:00:01Z\""));
    clear_contexts(&contexts);
    tscope_buffer_clear(&text);
}
END_TEST

/* JSON in a cell, and a line of JSON, of hostile depth and length. */
START_TEST(hostile_records_are_read)
{
    struct tscope_buffer text = {0};
    struct contexts contexts;

    tscope_buffer_append_text(&text, _i % 2 ? "a,b\n1,\"{\"\"x\"\":" : "{\"a\":1}\n{\"x\":");
    for (int i = 0; i < (_i < 2 ? 100000 : 300000); i++)
        tscope_buffer_append_byte(&text, _i < 2 ? '[' : '1');
    tscope_buffer_append_text(&text, "@1\n3,@2\n");
    contexts = contexts_of(text.data, text.len);
    ck_assert_uint_eq(contexts.len, 2);
    ck_assert_ptr_nonnull(strstr(contexts.json[0], "\"line\":2,\"record\":"));
    clear_contexts(&contexts);
    tscope_buffer_clear(&text);
}
END_TEST

static void
count_context(void *user, size_t number, const struct tscope_context *context)
{
    (void)context;
    ck_assert_uint_eq(number, *(size_t *)user);
    ++*(size_t *)user;
}

static enum tscope_status
locate_all(const char *text, const uint64_t *offsets, size_t count)
{
    struct memory_source memory = {(const uint8_t *)text, strlen(text), 0};
    struct tscope_evidence_source source = source_of(&memory);
    TSCOPE_AUTO(tscope_evidence) *evidence = NULL;
    tscope_evidence_stream *stream = NULL;
    size_t counted = 0;
    enum tscope_status status = tscope_evidence_open(&source, NULL, &evidence, NULL);

    if (status == TSCOPE_OK)
        status = tscope_evidence_next(evidence, &stream, NULL);
    if (status == TSCOPE_OK)
        status = tscope_evidence_locate(evidence, stream, offsets, count, count_context, &counted, NULL);
    ck_assert(status != TSCOPE_OK || counted == count);
    tscope_evidence_stream_free(stream);
    return status;
}

START_TEST(memory_failure_is_told)
{
    const char *text = samples[_i].text;
    enum tscope_status status = TSCOPE_ERR_NO_MEMORY;
    uint64_t offsets[64];
    size_t count = find_marks((const uint8_t *)text, strlen(text), 1, 0, offsets, 64);

    for (unsigned long n = 1; status != TSCOPE_OK; n++) {
        ck_assert_uint_lt(n, 500);
        tscope_alloc_fail_from(n);
        status = locate_all(text, offsets, count);
        tscope_alloc_fail_from(0);
        ck_assert(status == TSCOPE_OK || status == TSCOPE_ERR_NO_MEMORY);
    }
}
END_TEST

static Suite *
make_suite(void)
{
    Suite *suite = suite_create("evidence_logs");
    TCase *tcase = tcase_create("evidence_logs"), *quick = tcase_create("evidence_logs_quick");

    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, places_of_logs_are_told, 0, (int)TSCOPE_COUNT(samples));
    tcase_add_loop_test(tcase, places_asked_for_one_by_one_are_the_same, 0, (int)TSCOPE_COUNT(samples));
    tcase_add_loop_test(tcase, every_prefix_is_read, 0, (int)TSCOPE_COUNT(samples));
    tcase_add_loop_test(tcase, places_behind_the_end_are_delivered, 0, (int)TSCOPE_COUNT(samples));
    tcase_add_loop_test(tcase, long_lines_are_read, 0, 7);
    tcase_add_test(tcase, unclosed_quotes_end);
    tcase_add_loop_test(tcase, hostile_records_are_read, 0, 4);
    tcase_add_loop_test(tcase, memory_failure_is_told, 0, (int)TSCOPE_COUNT(samples));
    tcase_set_timeout(quick, 10);
    tcase_add_test(quick, crowded_lines_are_read_once);
    suite_add_tcase(suite, quick);
    suite_add_tcase(suite, tcase);
    return suite;
}

int
main(void)
{
    SRunner *runner = srunner_create(make_suite());
    int failed;

    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
