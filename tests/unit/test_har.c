/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence_testing.h"

#include <stdio.h>

#include "evidence/json_walk.h"

/* As Chrome 126 exports: names beginning with "_", no fragment in the address, cookies twice, bodies as text or base64. */
static const char chrome[] =
    "{\n  \"log\": {\n    \"version\": \"1.2\",\n    \"creator\": {\"name\": \"WebInspector\", \"version\": \"537.36\"},\n"
    "    \"pages\": [{\"startedDateTime\": \"2024-06-15T10:00:00.123Z\", \"id\": \"page_1\", \"title\": "
    "\"https://app.example/#id_token=@1\"}],\n"
    "    \"entries\": [\n"
    "      {\"_connectionId\": \"57\", \"_initiator\": {\"type\": \"script\", \"stack\": {\"callFrames\": [{\"url\": "
    "\"https://app.example/a.js?t=@2\"}]}}, \"_priority\": \"High\", \"_resourceType\": \"fetch\", \"cache\": {},\n"
    "       \"request\": {\"method\": \"POST\", \"url\": \"https://user:pw@api.example/token/x?access_token=@3&b=2\", \"httpVersion\": "
    "\"http/2.0\",\n"
    "         \"headers\": [{\"name\": \"Authorization\", \"value\": \"Bearer @4\"}, {\"value\": \"sid=1; esctx=@5; x=2\", \"name\": "
    "\"Cookie\"}],\n"
    "         \"queryString\": [{\"name\": \"access_token\", \"value\": \"@6\"}],\n"
    "         \"cookies\": [{\"name\": \"esctx\", \"value\": \"@7\", \"path\": \"/\"}], \"headersSize\": -1, \"bodySize\": 20,\n"
    "         \"postData\": {\"mimeType\": \"application/x-www-form-urlencoded\", \"text\": \"a=1&client_assertion=@8\", \"params\": "
    "[{\"name\": \"client_assertion\", \"value\": \"@9\"}]}},\n"
    "       \"response\": {\"status\": 200, \"statusText\": \"\", \"headers\": [{\"name\": \"Set-Cookie\", \"value\": \"auth=@A; "
    "Secure\"}, {\"name\": \"Location\", \"value\": \"https://b.example/?code=@B\"}],\n"
    "         \"cookies\": [{\"name\": \"auth\", \"value\": \"@C\"}],\n"
    "         \"content\": {\"size\": 30, \"mimeType\": \"application/json\", \"text\": \"{\\\"id_token\\\": \\\"@D\\\"}\"},\n"
    "         \"redirectURL\": \"https://b.example/cb#access_token=@E\"},\n"
    "       \"serverIPAddress\": \"192.0.2.1\", \"startedDateTime\": \"2024-06-15T10:00:01.500Z\", \"time\": 2750.25, \"timings\": {}},\n"
    "      {\"startedDateTime\": \"2024-06-15T12:00:05+02:00\", \"time\": 12, \"request\": {\"method\": \"GET\", \"url\": "
    "\"wss://ws.example/s?v=1\", \"headers\": [], \"queryString\": [{\"value\": \"@F\", \"name\": \"v\"}]},\n"
    "       \"response\": {\"status\": 101, \"content\": {\"text\": \"@G\", \"encoding\": \"base64\"}},\n"
    "       \"_webSocketMessages\": [{\"type\": \"send\", \"time\": 1718445610.25, \"opcode\": 1, \"data\": \"auth @H\"}, {\"data\": "
    "\"@I\", \"opcode\": 1, \"time\": 1718445611, \"type\": \"receive\"}]}\n"
    "    ]\n  }\n}\n";

#define ENTRY_1                                                                                                        \
    "\"time\":\"2024-06-15T10:00:01Z\",\"time_text\":\"2024-06-15T10:00:01.500Z\",\"time_field\":\"startedDateTime\"," \
    "\"url\":\"https://\xe2\x80\xa6@api.example/token/x?access_token=\xe2\x80\xa6&b=\xe2\x80\xa6\",\"method\":\"POST\",\"status\":200"
#define ENTRY_1_OVER                                                                                                   \
    "\"time\":\"2024-06-15T10:00:03Z\",\"time_text\":\"2024-06-15T10:00:01.500Z\",\"time_field\":\"startedDateTime\"," \
    "\"url\":\"https://\xe2\x80\xa6@api.example/token/x?access_token=\xe2\x80\xa6&b=\xe2\x80\xa6\",\"method\":\"POST\",\"status\":200"
#define ENTRY_2                                                                                                         \
    "\"time\":\"2024-06-15T10:00:05Z\",\"time_text\":\"2024-06-15T12:00:05+02:00\",\"time_field\":\"startedDateTime\"," \
    "\"url\":\"wss://ws.example/s?v=\xe2\x80\xa6\",\"method\":\"GET\",\"status\":101"

static const char *const chrome_contexts[] = {
    "\"line\":5,\"record\":1,\"field\":\"/log/pages/0/title\",\"time\":\"2024-06-15T10:00:00Z\",\"time_text\":\"2024-06-15T10:00:00.123Z\","
    "\"time_field\":\"startedDateTime\",\"where\":\"page\"}",
    "\"line\":7,\"record\":1,\"field\":\"/log/entries/0/_initiator/stack/callFrames/0/url\"," ENTRY_1 ",\"where\":\"initiator\"}",
    "\"line\":8,\"record\":1,\"field\":\"/log/entries/0/request/url\"," ENTRY_1 ",\"where\":\"query\",\"where_name\":\"access_token\"}",
    "\"line\":9,\"record\":1,\"field\":\"/log/entries/0/request/headers/0/value\"," ENTRY_1
    ",\"where\":\"request header\",\"where_name\":\"Authorization\"}",
    "\"line\":9,\"record\":1,\"field\":\"/log/entries/0/request/headers/1/value\"," ENTRY_1
    ",\"where\":\"request cookie\",\"where_name\":\"esctx\"}",
    "\"line\":10,\"record\":1,\"field\":\"/log/entries/0/request/queryString/0/value\"," ENTRY_1
    ",\"where\":\"query\",\"where_name\":\"access_token\"}",
    "\"line\":11,\"record\":1,\"field\":\"/log/entries/0/request/cookies/0/value\"," ENTRY_1
    ",\"where\":\"request cookie\",\"where_name\":\"esctx\"}",
    "\"line\":12,\"record\":1,\"field\":\"/log/entries/0/request/postData/text\"," ENTRY_1
    ",\"where\":\"request body\",\"where_name\":\"client_assertion\"}",
    "\"line\":12,\"record\":1,\"field\":\"/log/entries/0/request/postData/params/0/value\"," ENTRY_1
    ",\"where\":\"form field\",\"where_name\":\"client_assertion\"}",
    "\"line\":13,\"record\":1,\"field\":\"/log/entries/0/response/headers/0/value\"," ENTRY_1_OVER
    ",\"where\":\"response cookie\",\"where_name\":\"auth\"}",
    "\"line\":13,\"record\":1,\"field\":\"/log/entries/0/response/headers/1/value\"," ENTRY_1_OVER
    ",\"where\":\"response header\",\"where_name\":\"Location\"}",
    "\"line\":14,\"record\":1,\"field\":\"/log/entries/0/response/cookies/0/value\"," ENTRY_1_OVER
    ",\"where\":\"response cookie\",\"where_name\":\"auth\"}",
    "\"line\":15,\"record\":1,\"field\":\"/log/entries/0/response/content/text\"," ENTRY_1_OVER
    ",\"where\":\"response body\",\"where_name\":\"id_token\"}",
    "\"line\":16,\"record\":1,\"field\":\"/log/entries/0/response/redirectURL\"," ENTRY_1_OVER
    ",\"where\":\"redirect fragment\",\"where_name\":\"access_token\"}",
    "\"line\":18,\"record\":2,\"field\":\"/log/entries/1/request/queryString/0/value\"," ENTRY_2
    ",\"where\":\"query\",\"where_name\":\"v\"}",
    "\"line\":19,\"record\":2,\"field\":\"/log/entries/1/response/content/text\"," ENTRY_2 ",\"where\":\"response body (base64)\"}",
    "\"line\":20,\"record\":2,\"field\":\"/log/entries/1/_webSocketMessages/0/data\",\"time\":\"2024-06-15T10:00:10Z\",\"time_text\":"
    "\"1718445610.25\",\"time_field\":\"time\",\"url\":\"wss://ws.example/s?v=\xe2\x80\xa6\",\"method\":\"GET\",\"status\":101,"
    "\"where\":\"web socket\",\"where_name\":\"send\"}",
    "\"line\":20,\"record\":2,\"field\":\"/log/entries/1/_webSocketMessages/1/data\",\"time\":\"2024-06-15T10:00:11Z\",\"time_text\":"
    "\"1718445611\",\"time_field\":\"time\",\"url\":\"wss://ws.example/s?v=\xe2\x80\xa6\",\"method\":\"GET\",\"status\":101,"
    "\"where\":\"web socket\",\"where_name\":\"receive\"}",
};

static void
check_contexts(const struct contexts *contexts, const char *format, const char *const *expected, size_t count)
{
    ck_assert_uint_eq(contexts->len, count);
    for (size_t i = 0; i < count; i++) {
        char whole[1024];

        snprintf(whole, sizeof(whole), "{\"format\":\"%s\",%s", format, expected[i]);
        ck_assert_str_eq(contexts->json[i], whole);
    }
}

START_TEST(places_of_a_chrome_capture_are_told)
{
    struct contexts contexts = contexts_of(chrome, sizeof(chrome) - 1);

    check_contexts(&contexts, "har", chrome_contexts, TSCOPE_COUNT(chrome_contexts));
    clear_contexts(&contexts);
}
END_TEST

START_TEST(places_asked_for_one_by_one_are_the_same)
{
    check_one_by_one(chrome, sizeof(chrome) - 1);
}
END_TEST

/* The same in UTF-16, both orders, with a byte order mark: as Windows tools write text again. */
START_TEST(places_of_a_utf16_capture_are_the_same)
{
    size_t len = 2 * sizeof(chrome);
    uint8_t *wide = calloc(1, len);
    struct memory_source memory = {wide, len, 0};
    tscope_evidence *evidence;
    tscope_evidence_stream *stream;
    struct contexts contexts = {0};
    uint64_t offsets[64];
    size_t count, low = _i ? 1 : 0;

    memcpy(wide, _i ? "\xfe\xff" : "\xff\xfe", 2);
    for (size_t i = 0; i + 1 < sizeof(chrome); i++)
        wide[2 + 2 * i + low] = (uint8_t)chrome[i];
    evidence = open_with(&memory, NULL);
    ck_assert_int_eq(tscope_evidence_format(evidence), TSCOPE_EVIDENCE_HAR);
    stream = next_stream(evidence);
    count = find_marks(wide, len, 2, low, offsets, 64);
    ck_assert_int_eq(tscope_evidence_locate(evidence, stream, offsets, count, keep_context, &contexts, NULL), TSCOPE_OK);
    /* the ellipsis of a masked address is ours, and no other text here is beyond ASCII */
    check_contexts(&contexts, "har", chrome_contexts, TSCOPE_COUNT(chrome_contexts));
    clear_contexts(&contexts);
    tscope_evidence_stream_free(stream);
    tscope_evidence_free(evidence);
    free(wide);
}
END_TEST

/* As Firefox exports: pages last, sizes -1, comments, the fragment in the address, a time with the offset of the place. */
START_TEST(places_of_a_firefox_capture_are_told)
{
    static const char firefox[] =
        "{\"log\":{\"version\":\"1.2\",\"creator\":{\"name\":\"Firefox\",\"version\":\"127.0\"},\"browser\":{\"name\":\"Firefox\","
        "\"version\":"
        "\"127.0\"},\"entries\":[{\"startedDateTime\":\"2024-06-15T12:00:00.000+02:00\",\"request\":{\"bodySize\":-1,\"method\":\"GET\","
        "\"url\":\"https://app.example/cb;v=7#access_token=@1&token_type=Bearer\",\"httpVersion\":\"HTTP/2\",\"headers\":[{\"name\":"
        "\"authorization\",\"value\":\"bearer @2\"}],\"cookies\":[],\"queryString\":[],\"headersSize\":400,\"comment\":\"\"},\"response\":{"
        "\"status\":302,\"headers\":[],\"content\":{\"mimeType\":\"text/html\",\"size\":-1,\"encoding\":\"base64\",\"text\":\"@3\","
        "\"comment\":\"Response bodies are not "
        "included.\"},\"redirectURL\":\"/next?id_token=@4\",\"bodySize\":-1},\"cache\":{},\"timings\":{},"
        "\"time\":100,\"_securityState\":\"secure\",\"pageref\":\"page_1\",\"comment\":\"@5\"}],\"pages\":[{\"id\":\"page_1\",\"title\":"
        "\"x "
        "@6\"}]}}";
#define FIREFOX                                                                                                             \
    "\"time\":\"2024-06-15T10:00:00Z\",\"time_text\":\"2024-06-15T12:00:00.000+02:00\",\"time_field\":\"startedDateTime\"," \
    "\"url\":\"https://app.example/"                                                                                        \
    "cb;v=\xe2\x80\xa6#access_token=\xe2\x80\xa6&token_type=\xe2\x80\xa6\",\"method\":\"GET\",\"status\":302"
    static const char *const expected[] = {
        "\"line\":1,\"record\":1,\"field\":\"/log/entries/0/request/url\"," FIREFOX
        ",\"where\":\"fragment\",\"where_name\":\"access_token\"}",
        "\"line\":1,\"record\":1,\"field\":\"/log/entries/0/request/headers/0/value\"," FIREFOX
        ",\"where\":\"request header\",\"where_name\":\"authorization\"}",
        "\"line\":1,\"record\":1,\"field\":\"/log/entries/0/response/content/text\"," FIREFOX ",\"where\":\"response body (base64)\"}",
        "\"line\":1,\"record\":1,\"field\":\"/log/entries/0/response/redirectURL\"," FIREFOX
        ",\"where\":\"redirect query\",\"where_name\":\"id_token\"}",
        "\"line\":1,\"record\":1,\"field\":\"/log/entries/0/comment\"," FIREFOX "}",
        "\"line\":1,\"record\":1,\"field\":\"/log/pages/0/title\",\"where\":\"page\"}",
    };
    struct contexts contexts = contexts_of(firefox, sizeof(firefox) - 1);

    check_contexts(&contexts, "har", expected, TSCOPE_COUNT(expected));
    clear_contexts(&contexts);
}
END_TEST

/* Cut off anywhere, every place that is still there is told, those before the cut's entry in full. */
START_TEST(every_prefix_is_walked_through)
{
    size_t expected = 0;

    for (size_t len = 0; len < sizeof(chrome) - 1; len++) {
        uint8_t *exact = malloc(len ? len : 1);
        struct contexts contexts;
        uint64_t offsets[64];
        size_t count;

        memcpy(exact, chrome, len);
        count = find_marks(exact, len, 1, 0, offsets, 64);
        contexts = contexts_of(exact, len);
        for (size_t i = 0; i < 14 && count > 14; i++, expected++) {
            char whole[1024];

            snprintf(whole, sizeof(whole), "{\"format\":\"har\",%s", chrome_contexts[i]);
            ck_assert_str_eq(contexts.json[i], whole);
        }
        clear_contexts(&contexts);
        free(exact);
    }
    ck_assert_uint_gt(expected, 1000);
}
END_TEST

/* Bytes changed at random: each place is delivered, and no secret of an address is shown. */
START_TEST(broken_captures_are_walked_through)
{
    uint32_t seed = 1;

    for (int round = 0; round < 3000; round++) {
        char text[sizeof(chrome)];
        struct contexts contexts;

        memcpy(text, chrome, sizeof(chrome));
        for (int i = 0; i < 8; i++) {
            static const char bytes[] = "{}[]\",:\\0\n";

            seed = seed * 1664525 + 1013904223;
            text[60 + (seed >> 8) % (sizeof(chrome) - 61)] = bytes[(seed >> 3) % (sizeof(bytes) - 1)];
        }
        contexts = contexts_of(text, sizeof(chrome) - 1);
        for (size_t i = 0; i < contexts.len; i++)
            ck_assert_msg(!strstr(contexts.json[i], "user:pw"), "%s", contexts.json[i]);
        clear_contexts(&contexts);
    }
}
END_TEST

/* A value far longer than what is kept of values, across chunks: what stands behind it is told of it all the same. */
START_TEST(long_bodies_are_walked_through)
{
    static const size_t lens[] = {100, 16383, 16384, 16385, 65000, 65536, 70000, 400000};
    struct tscope_buffer text = {0};
    struct contexts contexts;

    tscope_buffer_append_text(&text, "{\"log\":{\"entries\":[{\"response\":{\"content\":{\"text\":\"");
    for (size_t i = 0; i < lens[_i]; i++)
        tscope_buffer_append_text(&text, i % 7 ? "x" : "\\n");
    tscope_buffer_append_text(&text, "\\\"access_token\\\":\\\"@1\\\"\"},\"status\":201},\"startedDateTime\":\"2024-06-15T10:00:00Z\"}]}}");
    contexts = contexts_of(text.data, text.len);
    ck_assert_uint_eq(contexts.len, 1);
    ck_assert_str_eq(contexts.json[0],
                     "{\"format\":\"har\",\"line\":1,\"record\":1,\"field\":\"/log/entries/0/response/content/text\","
                     "\"time\":\"2024-06-15T10:00:00Z\",\"time_text\":\"2024-06-15T10:00:00Z\",\"time_field\":\"startedDateTime\","
                     "\"status\":201,\"where\":\"response body\",\"where_name\":\"access_token\"}");
    clear_contexts(&contexts);
    tscope_buffer_clear(&text);
}
END_TEST

/* What is nested deeper than the limit is not walked through, and nothing else is lost. */
START_TEST(depth_is_bounded)
{
    static const size_t depths[] = {20, 30, 31, 32, 33, 510, 511, 512, 513, 100000};
    struct tscope_buffer text = {0};
    struct contexts contexts;

    tscope_buffer_append_text(&text, "{\"log\":{\"entries\":[],\"a\":\"@1\",\"b\":");
    for (size_t i = 2; i < depths[_i]; i++)
        tscope_buffer_append_text(&text, "[");
    tscope_buffer_append_text(&text, "\"@2\"");
    for (size_t i = 2; i < depths[_i]; i++)
        tscope_buffer_append_text(&text, "]");
    tscope_buffer_append_text(&text, ",\"c\":\"@3\"}}");
    contexts = contexts_of(text.data, text.len);
    ck_assert_uint_eq(contexts.len, 3);
    ck_assert_ptr_nonnull(strstr(contexts.json[0], "\"field\":\"/log/a\""));
    if (depths[_i] <= TSCOPE_WALK_DEPTH_MAX) {
        ck_assert_ptr_nonnull(strstr(contexts.json[1], "\"field\":\"/log/b/0/0"));
        ck_assert_ptr_nonnull(strstr(contexts.json[2], "\"field\":\"/log/c\""));
        ck_assert_int_eq(strstr(contexts.json[1], "/\xe2\x80\xa6\"") != NULL, depths[_i] > TSCOPE_WALK_LEVELS_MAX);
    } else {
        ck_assert_str_eq(contexts.json[2], "{\"format\":\"har\"}");
    }
    clear_contexts(&contexts);
    tscope_buffer_clear(&text);
}
END_TEST

struct counted {
    size_t count, with_time;
    uint64_t last;
};

static void
count_context(void *user, size_t number, const struct tscope_context *context)
{
    struct counted *counted = user;

    ck_assert_uint_eq(number, counted->count++);
    ck_assert_uint_gt(context->offset, counted->last);
    counted->last = context->offset;
    counted->with_time += context->time != TSCOPE_CONTEXT_NO_TIME;
}

/* More places in one entry than wait: all are delivered, in order, the latest ones with what stands behind them. */
START_TEST(places_of_one_entry_are_bounded)
{
    static const size_t counts[] = {65535, 65536, 65537, 200000};
    size_t count = counts[_i];
    uint64_t *offsets = malloc(count * sizeof(*offsets));
    struct tscope_buffer text = {0};
    struct counted counted = {0};
    struct memory_source memory;
    tscope_evidence *evidence;
    tscope_evidence_stream *stream;

    tscope_buffer_append_text(&text, "{\"log\":{\"entries\":[{\"response\":{\"content\":{\"text\":\"");
    for (size_t i = 0; i < count; i++) {
        offsets[i] = text.len;
        tscope_buffer_append_text(&text, "@x ");
    }
    tscope_buffer_append_text(&text, "\"}},\"startedDateTime\":\"2024-06-15T10:00:00Z\"}]}}");
    memory = (struct memory_source){text.data, text.len, 0};
    evidence = open_with(&memory, NULL);
    stream = next_stream(evidence);
    ck_assert_int_eq(tscope_evidence_locate(evidence, stream, offsets, count, count_context, &counted, NULL), TSCOPE_OK);
    ck_assert_uint_eq(counted.count, count);
    ck_assert_uint_eq(counted.with_time, count <= 65536 ? count : count % 65536);
    tscope_evidence_stream_free(stream);
    tscope_evidence_free(evidence);
    tscope_buffer_clear(&text);
    free(offsets);
}
END_TEST

/* Sanitized captures: a redacted time or address says nothing, and hides nothing else. */
START_TEST(sanitized_members_are_read_past)
{
    static const char text[] = "{\"log\":{\"version\":\"1.2\",\"entries\":[{\"startedDateTime\":\"[REDACTED]\",\"time\":\"x\",\"request\":{"
                               "\"method\":null,\"url\":"
                               "\"[url redacted]\",\"headers\":[{\"name\":\"Authorization\",\"value\":\"Bearer "
                               "@1.redacted\"}]},\"response\":{\"status\":\"-\"}}]}}";
    struct contexts contexts = contexts_of(text, sizeof(text) - 1);

    ck_assert_uint_eq(contexts.len, 1);
    ck_assert_str_eq(contexts.json[0],
                     "{\"format\":\"har\",\"line\":1,\"record\":1,\"field\":\"/log/entries/0/request/headers/0/value\",\"url\":\"[url "
                     "redacted]\",\"where\":\"request header\",\"where_name\":\"Authorization\"}");
    clear_contexts(&contexts);
}
END_TEST

/* What Chromium's traffic with a server of our own became in a file, by Playwright: each token of it is told with its request. */
START_TEST(genuine_capture_is_told)
{
    static const char *const wanted[] = {
        "\"record\":1,\"field\":\"/log/entries/0/response/headers/1/value\"",
        "\"where\":\"response header\",\"where_name\":\"Location\"",
        "\"where\":\"redirect query\",\"where_name\":\"id_token\"",
        "\"field\":\"/log/entries/1/request/url\"",
        "\"where\":\"query\",\"where_name\":\"id_token\"",
        "\"where\":\"response cookie\",\"where_name\":\"auth\"",
        "\"where\":\"response body\",\"where_name\":\"client_assertion\"",
        "\"where\":\"request header\",\"where_name\":\"Authorization\"",
        "\"where\":\"request cookie\",\"where_name\":\"auth\"",
        "\"where\":\"request body\",\"where_name\":\"client_assertion\"",
        "\"where\":\"response body\",\"where_name\":\"access_token\"",
    };
    struct memory_source memory;
    struct tscope_buffer bytes = {0};
    struct contexts contexts = {0};
    tscope_evidence *evidence;
    tscope_evidence_stream *stream;
    uint64_t offsets[64];
    size_t count = 0, got;
    uint8_t chunk[4096];
    FILE *file = fopen(TSCOPE_SOURCE_ROOT "/tests/fuzz/seeds/har/chromium", "rb");

    ck_assert_ptr_nonnull(file);
    while ((got = fread(chunk, 1, sizeof(chunk), file)) > 0)
        tscope_buffer_append(&bytes, chunk, got);
    fclose(file);
    for (size_t i = 0; i + 6 < bytes.len; i++) {
        if (memcmp(bytes.data + i, "eyJhbG", 6) == 0 && count < TSCOPE_COUNT(offsets))
            offsets[count++] = i;
    }
    memory = (struct memory_source){bytes.data, bytes.len, 0};
    evidence = open_with(&memory, NULL);
    stream = next_stream(evidence);
    ck_assert_int_eq(tscope_evidence_locate(evidence, stream, offsets, count, keep_context, &contexts, NULL), TSCOPE_OK);
    ck_assert_uint_eq(contexts.len, 22);
    for (size_t i = 0; i < contexts.len; i++) {
        ck_assert_ptr_nonnull(strstr(contexts.json[i], "\"time\":\"2026-11-26T01:43:12Z\""));
        ck_assert_ptr_nonnull(strstr(contexts.json[i], "\"url\":\"http://127.0.0.1:"));
        ck_assert_ptr_null(strstr(contexts.json[i], "eyJ"));
    }
    for (size_t i = 0; i < TSCOPE_COUNT(wanted); i++) {
        bool is_there = false;

        for (size_t j = 0; j < contexts.len; j++)
            is_there = is_there || strstr(contexts.json[j], wanted[i]);
        ck_assert_msg(is_there, "%s", wanted[i]);
    }
    clear_contexts(&contexts);
    tscope_evidence_stream_free(stream);
    tscope_evidence_free(evidence);
    tscope_buffer_clear(&bytes);
}
END_TEST

static enum tscope_status
locate_with_failures(const struct memory_source *memory, const uint64_t *offsets, size_t count)
{
    struct memory_source copy = *memory;
    struct tscope_evidence_source source = source_of(&copy);
    TSCOPE_AUTO(tscope_evidence) *evidence = NULL;
    tscope_evidence_stream *stream = NULL;
    struct counted counted = {0};
    enum tscope_status status = tscope_evidence_open(&source, NULL, &evidence, NULL);

    if (status == TSCOPE_OK)
        status = tscope_evidence_next(evidence, &stream, NULL);
    if (status == TSCOPE_OK)
        status = tscope_evidence_locate(evidence, stream, offsets, count, count_context, &counted, NULL);
    ck_assert(status != TSCOPE_OK || counted.count == count);
    tscope_evidence_stream_free(stream);
    return status;
}

START_TEST(memory_failure_is_told)
{
    struct memory_source memory = {(const uint8_t *)chrome, sizeof(chrome) - 1, 0};
    enum tscope_status status = TSCOPE_ERR_NO_MEMORY;
    uint64_t offsets[64];
    size_t count = find_marks(memory.data, memory.len, 1, 0, offsets, 64);
    unsigned long n;

    for (n = 1; status != TSCOPE_OK; n++) {
        ck_assert_uint_lt(n, 300);
        tscope_alloc_fail_from(n);
        status = locate_with_failures(&memory, offsets, count);
        tscope_alloc_fail_from(0);
        ck_assert(status == TSCOPE_OK || status == TSCOPE_ERR_NO_MEMORY);
    }
    ck_assert_uint_gt(n, 10);
}
END_TEST

START_TEST(failure_to_read_is_told)
{
    for (size_t at = 1; at < sizeof(chrome) - 1; at += 97) {
        struct memory_source memory = {(const uint8_t *)chrome, sizeof(chrome) - 1, at};
        uint64_t offset = sizeof(chrome) - 20;

        ck_assert_int_eq(locate_with_failures(&memory, &offset, 1), TSCOPE_ERR_IO);
    }
}
END_TEST

static Suite *
make_suite(void)
{
    Suite *suite = suite_create("har");
    TCase *tcase = tcase_create("har");

    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, places_of_a_chrome_capture_are_told);
    tcase_add_test(tcase, places_asked_for_one_by_one_are_the_same);
    tcase_add_loop_test(tcase, places_of_a_utf16_capture_are_the_same, 0, 2);
    tcase_add_test(tcase, places_of_a_firefox_capture_are_told);
    tcase_add_test(tcase, every_prefix_is_walked_through);
    tcase_add_test(tcase, broken_captures_are_walked_through);
    tcase_add_loop_test(tcase, long_bodies_are_walked_through, 0, 8);
    tcase_add_loop_test(tcase, depth_is_bounded, 0, 10);
    tcase_add_loop_test(tcase, places_of_one_entry_are_bounded, 0, 4);
    tcase_add_test(tcase, sanitized_members_are_read_past);
    tcase_add_test(tcase, genuine_capture_is_told);
    tcase_add_test(tcase, memory_failure_is_told);
    tcase_add_test(tcase, failure_to_read_is_told);
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
