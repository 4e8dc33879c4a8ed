/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence_testing.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

static const uint8_t bytes[] = {0, 1, 2, 3, 0xff, 0xfe, 7, 8, 9, 10, 11, 12, 13};

START_TEST(source_is_the_first_stream_as_it_is)
{
    struct memory_source memory = {bytes, sizeof(bytes), 0};
    tscope_evidence *evidence = open_with(&memory, NULL);

    for (size_t step = 1; step <= sizeof(bytes) + 1; step++) {
        tscope_evidence *again = open_with(&memory, NULL);
        tscope_evidence_stream *stream = next_stream(again);
        struct tscope_buffer all = read_all(stream, step);

        ck_assert_uint_eq(all.len, sizeof(bytes));
        ck_assert_mem_eq(all.data, bytes, sizeof(bytes));
        ck_assert_uint_eq(tscope_evidence_stream_size(stream), sizeof(bytes));
        ck_assert_str_eq(tscope_evidence_stream_path(stream), "");
        ck_assert_uint_eq(tscope_evidence_stream_number(stream), 0);
        ck_assert(!tscope_evidence_stream_is_archive(stream));
        tscope_buffer_clear(&all);
        tscope_evidence_stream_free(stream);
        ck_assert_ptr_null(next_stream(again));
        ck_assert_ptr_null(next_stream(again));
        ck_assert_uint_eq(tscope_evidence_warnings(again), 0);
        ck_assert_ptr_null(tscope_evidence_warning(again, 0));
        tscope_evidence_free(again);
    }
    ck_assert_int_eq(tscope_evidence_format(evidence), TSCOPE_EVIDENCE_RAW);
    tscope_evidence_free(evidence);
    tscope_evidence_free(NULL);
    tscope_evidence_stream_free(NULL);
}
END_TEST

START_TEST(bytes_at_an_offset_are_the_same)
{
    struct memory_source memory = {bytes, sizeof(bytes), 0};
    tscope_evidence *evidence = open_with(&memory, NULL);
    tscope_evidence_stream *stream = next_stream(evidence);

    ck_assert(tscope_evidence_stream_is_seekable(stream));
    for (size_t offset = 0; offset <= sizeof(bytes) + 2; offset++) {
        for (size_t len = 0; len <= sizeof(bytes) + 2; len++) {
            uint8_t buffer[sizeof(bytes) + 2];
            size_t got = 99, there = offset < sizeof(bytes) ? sizeof(bytes) - offset : 0;

            ck_assert_int_eq(tscope_evidence_stream_read_at(stream, offset, buffer, len, &got, NULL), TSCOPE_OK);
            ck_assert_uint_eq(got, len < there ? len : there);
            if (got)
                ck_assert_mem_eq(buffer, bytes + offset, got);
        }
    }
    ck_assert_int_eq(tscope_evidence_stream_read_at(stream, UINT64_MAX, (uint8_t[1]){0}, 1, &(size_t){0}, NULL), TSCOPE_OK);
    tscope_evidence_stream_free(stream);
    tscope_evidence_free(evidence);
}
END_TEST

START_TEST(empty_source_has_one_empty_stream)
{
    struct memory_source memory = {bytes, 0, 0};
    tscope_evidence *evidence = open_with(&memory, NULL);
    tscope_evidence_stream *stream = next_stream(evidence);
    struct tscope_buffer all = read_all(stream, 4);

    ck_assert_uint_eq(all.len, 0);
    tscope_buffer_clear(&all);
    tscope_evidence_stream_free(stream);
    ck_assert_ptr_null(next_stream(evidence));
    tscope_evidence_free(evidence);
}
END_TEST

START_TEST(failure_to_read_is_the_answer)
{
    struct memory_source memory = {bytes, sizeof(bytes), 0};
    tscope_evidence *evidence = open_with(&memory, NULL);
    tscope_evidence_stream *stream = next_stream(evidence);
    uint8_t buffer[4];
    size_t got;

    memory.fail_behind = 8;
    ck_assert_int_eq(tscope_evidence_stream_read(stream, buffer, 4, &got, NULL), TSCOPE_OK);
    ck_assert_int_eq(tscope_evidence_stream_read(stream, buffer, 4, &got, NULL), TSCOPE_OK);
    ck_assert_int_eq(tscope_evidence_stream_read(stream, buffer, 4, &got, NULL), TSCOPE_ERR_IO);
    tscope_evidence_stream_free(stream);
    tscope_evidence_free(evidence);
}
END_TEST

START_TEST(what_is_no_source_is_refused)
{
    struct tscope_evidence_source none = {.size = 5};
    struct tscope_evidence_options sizeless = {0};
    struct memory_source memory = {bytes, sizeof(bytes), 0};
    struct tscope_evidence_source source = source_of(&memory);
    tscope_evidence *evidence = NULL;

    ck_assert_int_eq(tscope_evidence_open(NULL, NULL, &evidence, NULL), TSCOPE_ERR_ARGUMENT);
    ck_assert_int_eq(tscope_evidence_open(&none, NULL, &evidence, NULL), TSCOPE_ERR_ARGUMENT);
    ck_assert_int_eq(tscope_evidence_open(&source, &sizeless, &evidence, NULL), TSCOPE_ERR_ARGUMENT);
    ck_assert_ptr_null(evidence);
}
END_TEST

START_TEST(file_is_read_wherever_its_position_is)
{
    struct tscope_evidence_source source;
    uint8_t buffer[sizeof(bytes)];
    FILE *file = tmpfile();
    size_t got;

    ck_assert_ptr_nonnull(file);
    ck_assert_uint_eq(fwrite(bytes, 1, sizeof(bytes), file), sizeof(bytes));
    fflush(file);
    ck_assert_int_eq(tscope_evidence_source_file(fileno(file), &source, NULL), TSCOPE_OK);
    ck_assert_uint_eq(source.size, sizeof(bytes));
    ck_assert_int_eq(source.read(source.user, 4, buffer, sizeof(buffer), &got, NULL), TSCOPE_OK);
    ck_assert_uint_eq(got, sizeof(bytes) - 4);
    ck_assert_mem_eq(buffer, bytes + 4, got);
    ck_assert_int_eq(source.read(source.user, UINT64_MAX - 1, buffer, sizeof(buffer), &got, NULL), TSCOPE_OK);
    ck_assert_uint_eq(got, 0);
    fclose(file);
}
END_TEST

START_TEST(pipe_and_closed_descriptor_are_no_files)
{
    struct tscope_evidence_source source = {.size = 77};
    struct tscope_error err = {0};
    int ends[2];

    ck_assert_int_eq(pipe(ends), 0);
    ck_assert_int_eq(tscope_evidence_source_file(ends[0], &source, NULL), TSCOPE_ERR_ARGUMENT);
    close(ends[0]);
    close(ends[1]);
    ck_assert_int_eq(tscope_evidence_source_file(ends[0], &source, &err), TSCOPE_ERR_IO);
    ck_assert_uint_eq(source.size, 77);
    ck_assert_str_ne(err.message, "");
}
END_TEST

struct delivered {
    size_t count;
    uint64_t offsets[8];
};

static void
note_context(void *user, size_t number, const struct tscope_context *context)
{
    struct delivered *delivered = user;

    ck_assert_uint_eq(number, delivered->count);
    delivered->offsets[delivered->count++] = context->offset;
    ck_assert_int_eq(context->time, TSCOPE_CONTEXT_NO_TIME);
}

START_TEST(every_offset_is_delivered_in_order)
{
    static const uint64_t offsets[] = {0, 5, 5, 12, 900, UINT64_MAX}, wrong[] = {5, 4};
    struct memory_source memory = {bytes, sizeof(bytes), 0};
    tscope_evidence *evidence = open_with(&memory, NULL);
    tscope_evidence_stream *stream = next_stream(evidence);
    struct delivered delivered = {0};

    ck_assert_int_eq(tscope_evidence_locate(evidence, stream, offsets, TSCOPE_COUNT(offsets), note_context, &delivered, NULL), TSCOPE_OK);
    ck_assert_uint_eq(delivered.count, TSCOPE_COUNT(offsets));
    ck_assert_mem_eq(delivered.offsets, offsets, sizeof(offsets));
    ck_assert_int_eq(tscope_evidence_locate(evidence, stream, wrong, 2, note_context, &delivered, NULL), TSCOPE_ERR_ARGUMENT);
    ck_assert_int_eq(tscope_evidence_locate(evidence, stream, NULL, 0, note_context, &delivered, NULL), TSCOPE_OK);
    ck_assert_uint_eq(delivered.count, TSCOPE_COUNT(offsets));
    tscope_evidence_stream_free(stream);
    tscope_evidence_free(evidence);
}
END_TEST

START_TEST(context_is_written_as_json)
{
    struct tscope_context bare = {.time = TSCOPE_CONTEXT_NO_TIME, .offset = 12};
    struct tscope_context full = {
        .format = TSCOPE_EVIDENCE_HAR,
        .line = 3,
        .record = 18,
        .field = "/log/entries/17/request/headers/2/value",
        .time = 1686823200,
        .time_text = "2023-06-15T10:00:00.000Z",
        .time_field = "startedDateTime",
        .url = "https://a.example/x?code=\xe2\x80\xa6",
        .method = "GET",
        .http_status = 200,
        .where = "request header",
        .where_name = "Author\"ization",
    };
    struct tscope_context dump = {
        .format = TSCOPE_EVIDENCE_MINIDUMP,
        .time = TSCOPE_CONTEXT_NO_TIME,
        .space = TSCOPE_ADDRESS_VIRTUAL,
        .address = UINT64_C(0xffff800012345678),
        .module = "a.dll",
        .module_offset = 0,
    };
    char *json;
    size_t len;

    ck_assert_int_eq(tscope_context_json(&bare, &json, &len, NULL), TSCOPE_OK);
    ck_assert_str_eq(json, "{\"format\":\"raw\"}");
    ck_assert_uint_eq(len, strlen(json));
    tscope_free(json);
    ck_assert_int_eq(tscope_context_json(&full, &json, NULL, NULL), TSCOPE_OK);
    ck_assert_str_eq(json,
                     "{\"format\":\"har\",\"line\":3,\"record\":18,\"field\":\"/log/entries/17/request/headers/2/value\","
                     "\"time\":\"2023-06-15T10:00:00Z\",\"time_text\":\"2023-06-15T10:00:00.000Z\",\"time_field\":\"startedDateTime\","
                     "\"url\":\"https://a.example/x?code=\xe2\x80\xa6\",\"method\":\"GET\",\"status\":200,\"where\":\"request header\","
                     "\"where_name\":\"Author\\\"ization\"}");
    tscope_free(json);
    ck_assert_int_eq(tscope_context_json(&dump, &json, NULL, NULL), TSCOPE_OK);
    ck_assert_str_eq(json, "{\"format\":\"minidump\",\"space\":\"virtual\",\"address\":\"0xffff800012345678\",\"module\":\"a.dll\","
                           "\"module_offset\":\"0x0\"}");
    tscope_free(json);
}
END_TEST

START_TEST(formats_have_ids_and_words)
{
    ck_assert_str_eq(tscope_evidence_format_id(TSCOPE_EVIDENCE_RAW), "raw");
    ck_assert_str_eq(tscope_evidence_format_id(TSCOPE_EVIDENCE_HPROF), "hprof");
    ck_assert_str_eq(tscope_evidence_format_id((enum tscope_evidence_format)999), "?");
    ck_assert_str_eq(tscope_evidence_format_text(TSCOPE_EVIDENCE_LIME), "LiME memory image");
    ck_assert_str_eq(tscope_evidence_format_text((enum tscope_evidence_format)999), "?");
}
END_TEST

START_TEST(warnings_are_bounded_and_told_once)
{
    struct memory_source memory = {bytes, sizeof(bytes), 0};
    tscope_evidence *evidence = open_with(&memory, NULL);
    char member[32];

    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < TSCOPE_EVIDENCE_WARNINGS_MAX + 5; i++) {
            snprintf(member, sizeof(member), "m%d", i);
            ck_assert_int_eq(tscope_evidence_warn(evidence, "broken", member, NULL, "number %d", i), TSCOPE_OK);
        }
    }
    ck_assert_uint_eq(tscope_evidence_warnings(evidence), TSCOPE_EVIDENCE_WARNINGS_MAX + 1);
    ck_assert_str_eq(tscope_evidence_warning(evidence, 7)->text, "number 7");
    ck_assert_str_eq(tscope_evidence_warning(evidence, 7)->member, "m7");
    ck_assert_str_eq(tscope_evidence_warning(evidence, TSCOPE_EVIDENCE_WARNINGS_MAX)->id, "more-warnings");
    tscope_evidence_free(evidence);
}
END_TEST

static enum tscope_status
use_all(struct memory_source *memory)
{
    TSCOPE_AUTO(tscope_evidence) *evidence = NULL;
    TSCOPE_AUTO(tscope_evidence_stream) *stream = NULL;
    struct tscope_context context = {.time = TSCOPE_CONTEXT_NO_TIME};
    struct tscope_evidence_source source = source_of(memory);
    enum tscope_status status = tscope_evidence_open(&source, NULL, &evidence, NULL);
    char *json = NULL;

    if (status == TSCOPE_OK)
        status = tscope_evidence_warn(evidence, "broken", "a", NULL, "words");
    if (status == TSCOPE_OK)
        status = tscope_evidence_next(evidence, &stream, NULL);
    if (status == TSCOPE_OK)
        status = tscope_context_json(&context, &json, NULL, NULL);
    tscope_free(json);
    tscope_evidence_stream_free(TSCOPE_STEAL(stream));
    return status;
}

START_TEST(memory_failure_is_told)
{
    struct memory_source memory = {bytes, sizeof(bytes), 0};
    enum tscope_status status = TSCOPE_ERR_NO_MEMORY;
    unsigned long n;

    for (n = 1; status != TSCOPE_OK; n++) {
        ck_assert_uint_lt(n, 40);
        tscope_alloc_fail_from(n);
        status = use_all(&memory);
        tscope_alloc_fail_from(0);
        ck_assert(status == TSCOPE_OK || status == TSCOPE_ERR_NO_MEMORY);
    }
    ck_assert_uint_gt(n, 5);
}
END_TEST

static Suite *
make_suite(void)
{
    Suite *suite = suite_create("evidence");
    TCase *tcase = tcase_create("evidence");

    tcase_add_test(tcase, source_is_the_first_stream_as_it_is);
    tcase_add_test(tcase, bytes_at_an_offset_are_the_same);
    tcase_add_test(tcase, empty_source_has_one_empty_stream);
    tcase_add_test(tcase, failure_to_read_is_the_answer);
    tcase_add_test(tcase, what_is_no_source_is_refused);
    tcase_add_test(tcase, file_is_read_wherever_its_position_is);
    tcase_add_test(tcase, pipe_and_closed_descriptor_are_no_files);
    tcase_add_test(tcase, every_offset_is_delivered_in_order);
    tcase_add_test(tcase, context_is_written_as_json);
    tcase_add_test(tcase, formats_have_ids_and_words);
    tcase_add_test(tcase, warnings_are_bounded_and_told_once);
    tcase_add_test(tcase, memory_failure_is_told);
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
