/* SPDX-License-Identifier: Apache-2.0 */
#include "inspect_testing.h"

#include "core/buffer.h"
#include "inspect/batch_memory.h"

/*
 * Batches say what single inspections say, in order: on any number of threads, from memory and without it, in memory that is
 * far too small, and with each allocation failing in turn.
 */

static const char *const vectors[] = {
    "vectors/honest/entra-access-v1.json",      "vectors/honest/entra-access-v2.json", "vectors/honest/entra-access-for-graph.json",
    "vectors/ms/msa-key-on-enterprise-v1.json", "vectors/sig/sig-bad-found.json",      "vectors/fmt/fmt-case-found.json",
};
#define TOKENS TSCOPE_COUNT(vectors)
#define ITEMS 400

static const struct tscope_moment moments[] = {
    {.seen = TSCOPE_TIME_UNKNOWN, .now = 1788220800},
    {.seen = 1780300000, .now = 1788220800},
    {.seen = 1780300000, .now = 1788220800, .seen_from = "har"},
};

static tscope_inspector *like;
static char *tokens[TOKENS];
static size_t token_lens[TOKENS];

static void
open_all(void)
{
    set_up();
    ck_assert_int_eq(tscope_inspector_new(ring, profile, NULL, NULL, &like, NULL), TSCOPE_OK);
    for (size_t i = 0; i < TOKENS; i++)
        tokens[i] = token_of(vectors[i], &token_lens[i]);
}

static void
close_all(void)
{
    for (size_t i = 0; i < TOKENS; i++)
        free(tokens[i]);
    tscope_inspector_free(like);
    tear_down();
}

/* The n-th of a run in which tokens come back at other places, at other moments, and some are none. */
static struct tscope_batch_item
item_of(size_t number, char id[32])
{
    static const struct tscope_error refusal = {.status = TSCOPE_ERR_TOO_LARGE, .message = "too long"};
    size_t token = number * 7 % TOKENS;
    struct tscope_batch_item item = {
        .bytes = (const uint8_t *)tokens[token],
        .bytes_len = token_lens[token],
        .moment = moments[number / 5 % TSCOPE_COUNT(moments)],
        .path = number % 3   ? NULL
                : number % 2 ? "one.log"
                             : "other \"log\"",
        .offset = number % 4 * 1000,
        .tag = tokens[token],
        .line = number + 1,
    };

    if (number % 2) {
        item.id_len = (size_t)snprintf(id, 32, "{\"n\":%zu}", number);
        item.id = id;
    }
    if (number % 50 == 49) {
        item.bytes = (const uint8_t *)"nothing";
        item.bytes_len = 7;
    }
    item.refusal = number % 50 == 48 ? &refusal : NULL;
    return item;
}

/* ---- what is delivered */

struct taken {
    struct tscope_buffer text;
    size_t answers, reports;
    uint64_t last_line;
    tscope_batch *batch;  /* used from within deliver, to be refused */
    size_t cancel_behind; /* answers; 0: never */
};

static void
take(void *user, const struct tscope_batch_answer *answer)
{
    struct taken *taken = user;
    char digest[TSCOPE_DIGEST_TEXT_SIZE];

    ck_assert_uint_eq(answer->line, taken->last_line + 1);
    taken->last_line = answer->line;
    taken->answers++;
    if (answer->report) {
        taken->reports++;
        ck_assert_int_eq(tscope_report_verdict(answer->report), answer->verdict);
        ck_assert_int_eq(tscope_report_digest(answer->report, digest, NULL), TSCOPE_OK);
    }
    if (answer->status == TSCOPE_OK)
        tscope_buffer_append_format(&taken->text, "%s %d ", tscope_verdict_id(answer->verdict), answer->is_uncertain);
    else
        tscope_buffer_append_format(&taken->text, "%s %s ", tscope_status_name(answer->status), answer->err.message);
    tscope_buffer_append(&taken->text, answer->id, answer->id_len);
    tscope_buffer_append(&taken->text, answer->json, answer->json_len);
    tscope_buffer_append_byte(&taken->text, '\n');
    if (taken->batch) {
        ck_assert_int_eq(tscope_batch_add(taken->batch, &(struct tscope_batch_item){0}, NULL), TSCOPE_ERR_STATE);
        ck_assert_int_eq(tscope_batch_flush(taken->batch, NULL), TSCOPE_ERR_STATE);
    }
    if (taken->answers == taken->cancel_behind)
        tscope_batch_cancel(taken->batch);
}

static void
run(struct tscope_batch_options options, struct taken *taken, struct tscope_batch_counts *ret_counts)
{
    tscope_batch *batch = NULL;
    char id[32];

    options.size = sizeof(options);
    options.deliver = take;
    options.user = taken;
    ck_assert_int_eq(tscope_batch_new(like, &options, &batch, NULL), TSCOPE_OK);
    for (size_t i = 0; i < ITEMS; i++) {
        const struct tscope_batch_item item = item_of(i, id);

        ck_assert_int_eq(tscope_batch_add(batch, &item, NULL), TSCOPE_OK);
        memset(id, '?', sizeof(id)); /* all of an item is copied */
        if (i % 97 == 0) {
            ck_assert_int_eq(tscope_batch_flush(batch, NULL), TSCOPE_OK);
            ck_assert_uint_eq(taken->answers, i + 1);
        }
    }
    ck_assert_int_eq(tscope_batch_flush(batch, NULL), TSCOPE_OK);
    ck_assert_uint_eq(taken->answers, ITEMS);
    tscope_batch_count(batch, ret_counts);
    tscope_batch_free(batch);
}

/* The same by single inspections. */
static void
run_singly(unsigned flags, struct tscope_buffer *text)
{
    tscope_report *report = NULL;
    char id[32];

    for (size_t i = 0; i < ITEMS; i++) {
        const struct tscope_batch_item item = item_of(i, id);
        struct tscope_error err = {0};
        enum tscope_status status;
        char *json = NULL, *place;
        size_t len = 0;

        ck_assert_int_eq(tscope_inspector_set_source(like, item.path, item.offset, NULL), TSCOPE_OK);
        status = tscope_inspect(like, item.bytes, item.bytes_len, &item.moment, &report, &err);
        if (item.refusal) {
            err = *item.refusal;
            status = err.status;
        }
        if (status != TSCOPE_OK) {
            tscope_buffer_append_format(text, "%s %s ", tscope_status_name(status), err.message);
            tscope_buffer_append(text, item.id, item.id_len);
            tscope_buffer_append_byte(text, '\n');
            continue;
        }
        tscope_buffer_append_format(text, "%s %d ", tscope_verdict_id(tscope_report_verdict(report)), tscope_report_is_uncertain(report));
        tscope_buffer_append(text, item.id, item.id_len);
        if (flags & (TSCOPE_BATCH_JSON | TSCOPE_BATCH_ROWS)) {
            ck_assert_int_eq(flags & TSCOPE_BATCH_ROWS ? tscope_report_row_json(report, &json, &len, NULL)
                                                       : tscope_report_json(report, 0, &json, &len, NULL),
                             TSCOPE_OK);
            place = strstr(json, "\"id\":null"); /* the first of them: what comes before it is the library's own */
            ck_assert_ptr_nonnull(place);
            tscope_buffer_append(text, json, (size_t)(place - json) + 5);
            tscope_buffer_append(text, item.id ? item.id : "null", item.id ? item.id_len : 4);
            tscope_buffer_append_text(text, place + 9);
            tscope_string_free(json);
        }
        tscope_buffer_append_byte(text, '\n');
    }
    tscope_report_free(report);
}

static const struct {
    unsigned flags, threads;
    size_t tokens_max, json_max;
} ways[] = {
    {0, 1, 0, 0},
    {TSCOPE_BATCH_REPORTS, 2, 0, 0},
    {TSCOPE_BATCH_JSON, 1, 0, 0},
    {TSCOPE_BATCH_JSON, 0, 0, 0},
    {TSCOPE_BATCH_JSON | TSCOPE_BATCH_REPORTS, 3, 0, 0},
    {TSCOPE_BATCH_JSON | TSCOPE_BATCH_MEMORY, 1, 0, 0},
    {TSCOPE_BATCH_JSON | TSCOPE_BATCH_MEMORY, 4, 0, 0},
    {TSCOPE_BATCH_JSON | TSCOPE_BATCH_MEMORY | TSCOPE_BATCH_REPORTS, 2, 0, 0},
    {TSCOPE_BATCH_JSON | TSCOPE_BATCH_MEMORY, 1, 1, 1},         /* nothing fits */
    {TSCOPE_BATCH_JSON | TSCOPE_BATCH_MEMORY, 2, 0, 64 * 5000}, /* one text a shard */
    {TSCOPE_BATCH_ROWS, 1, 0, 0},
    {TSCOPE_BATCH_ROWS | TSCOPE_BATCH_MEMORY, 2, 0, 0},
    {TSCOPE_BATCH_MEMORY, 2, 0, 0},
};

START_TEST(batch_says_what_single_inspections_say)
{
    const struct tscope_batch_options options = {
        .flags = ways[_i].flags,
        .threads = ways[_i].threads,
        .tokens_max = ways[_i].tokens_max,
        .json_max = ways[_i].json_max,
    };
    struct tscope_buffer expected = {0};
    struct tscope_batch_counts counts;
    struct taken taken = {0};

    open_all();
    run_singly(options.flags, &expected);
    run(options, &taken, &counts);
    ck_assert_uint_eq(taken.text.len, expected.len);
    ck_assert_mem_eq(taken.text.data, expected.data, expected.len);
    ck_assert_uint_eq(counts.items, ITEMS);
    ck_assert_uint_eq(counts.answers, ITEMS);
    ck_assert_uint_gt(counts.bytes, ITEMS * 500);
    /* each token at three moments */
    ck_assert_uint_eq(counts.different, options.flags & TSCOPE_BATCH_MEMORY ? TOKENS * TSCOPE_COUNT(moments) : 0);
    if (!(options.flags & TSCOPE_BATCH_REPORTS))
        ck_assert_uint_eq(taken.reports, 0);
    else if (options.flags & TSCOPE_BATCH_MEMORY)
        ck_assert_uint_lt(taken.reports, ITEMS / 2);
    else
        ck_assert_uint_eq(taken.reports, ITEMS - 2 * ITEMS / 50);
    tscope_buffer_clear(&taken.text);
    tscope_buffer_clear(&expected);
    close_all();
}
END_TEST

START_TEST(cancelled_batch_delivers_nothing_more)
{
    struct taken taken = {.cancel_behind = 10};
    const struct tscope_batch_options options = {.size = sizeof(options), .threads = (unsigned)_i, .deliver = take, .user = &taken};
    enum tscope_status status = TSCOPE_OK;
    char id[32];

    open_all();
    ck_assert_int_eq(tscope_batch_new(like, &options, &taken.batch, NULL), TSCOPE_OK);
    for (size_t i = 0; i < 1000 && status == TSCOPE_OK; i++) {
        const struct tscope_batch_item item = item_of(i, id);

        status = tscope_batch_add(taken.batch, &item, NULL);
    }
    ck_assert_int_eq(status, TSCOPE_ERR_STATE);
    ck_assert_uint_eq(taken.answers, 10);
    ck_assert_int_eq(tscope_batch_flush(taken.batch, NULL), TSCOPE_ERR_STATE);
    ck_assert_uint_eq(taken.answers, 10);
    tscope_batch_free(taken.batch);
    tscope_buffer_clear(&taken.text);
    close_all();
}
END_TEST

START_TEST(batch_may_be_dropped_with_items_on_their_way)
{
    struct taken taken = {0};
    const struct tscope_batch_options options = {.size = sizeof(options), .threads = (unsigned)_i, .deliver = take, .user = &taken};
    tscope_batch *batch = NULL;
    char id[32];

    open_all();
    ck_assert_int_eq(tscope_batch_new(like, &options, &batch, NULL), TSCOPE_OK);
    for (size_t i = 0; i < 100; i++) {
        const struct tscope_batch_item item = item_of(i, id);

        ck_assert_int_eq(tscope_batch_add(batch, &item, NULL), TSCOPE_OK);
    }
    tscope_batch_free(batch);
    tscope_buffer_clear(&taken.text);
    close_all();
}
END_TEST

START_TEST(options_of_a_batch_are_checked)
{
    struct tscope_batch_options options = {.size = sizeof(options)};
    tscope_batch *batch = NULL;

    open_all();
    ck_assert_int_eq(tscope_batch_new(like, &options, &batch, NULL), TSCOPE_ERR_ARGUMENT);
    options.deliver = take;
    options.threads = TSCOPE_BATCH_THREADS_MAX + 1;
    ck_assert_int_eq(tscope_batch_new(like, &options, &batch, NULL), TSCOPE_ERR_ARGUMENT);
    for (options.threads = TSCOPE_BATCH_THREADS_MAX - 1; options.threads <= TSCOPE_BATCH_THREADS_MAX; options.threads++) {
        ck_assert_int_eq(tscope_batch_new(like, &options, &batch, NULL), TSCOPE_OK);
        tscope_batch_free(batch);
    }
    tscope_batch_free(NULL);
    close_all();
}
END_TEST

/* Nothing is delivered twice, lost in silence, or leaked; what could not be judged says so. */
START_TEST(batch_survives_every_failed_allocation)
{
    struct taken taken = {0};
    const struct tscope_batch_options options = {
        .size = sizeof(options), .flags = TSCOPE_BATCH_JSON | TSCOPE_BATCH_MEMORY, .deliver = take, .user = &taken};
    unsigned long n = 1;
    bool went_well = false;
    char id[32];

    open_all();
    for (; n < 5000 && !went_well; n++) {
        tscope_batch *batch = NULL;
        size_t added = 0;

        tscope_buffer_clear(&taken.text);
        taken = (struct taken){0};
        tscope_alloc_fail_from(n);
        if (tscope_batch_new(like, &options, &batch, NULL) == TSCOPE_OK) {
            struct tscope_batch_item item = item_of(0, id);

            for (; added < 3; added++) {
                item.line = added + 1;
                if (tscope_batch_add(batch, &item, NULL) != TSCOPE_OK)
                    break;
            }
        }
        /* what takes the answers needs memory too, for this test alone */
        tscope_alloc_fail_from(0);
        if (batch)
            ck_assert_int_eq(tscope_batch_flush(batch, NULL), TSCOPE_OK);
        ck_assert_uint_eq(taken.answers, added);
        went_well = added == 3;
        tscope_batch_free(batch);
    }
    ck_assert(went_well);
    ck_assert_uint_gt(n, 5);
    tscope_buffer_clear(&taken.text);
    close_all();
}
END_TEST

static void
ck_assert_text(struct tscope_span span, const char *text)
{
    ck_assert_msg(tscope_span_is(span, text), "'%.*s' is not '%s'", (int)span.len, (const char *)span.data, text);
}

/* ---- memory */

static void
digest_of(uint64_t number, uint8_t digest[TSCOPE_BATCH_DIGEST_LEN])
{
    for (size_t i = 0; i < TSCOPE_BATCH_DIGEST_LEN; i++) {
        number = number * UINT64_C(6364136223846793005) + 1442695040888963407;
        digest[i] = (uint8_t)(number >> 56);
    }
}

static void
keep(struct tscope_batch_memory *memory, uint64_t number)
{
    uint8_t digest[TSCOPE_BATCH_DIGEST_LEN];
    char text[32];
    int len = snprintf(text, sizeof(text), "text %llu", (unsigned long long)number);

    digest_of(number, digest);
    tscope_batch_memory_keep(memory, digest, (struct tscope_batch_verdict){.verdict = number % 5, .is_uncertain = number % 2},
                             tscope_span_of(text, (size_t)len));
}

/* 0: not known; 1: its verdict; 2: its text too. */
static int
is_kept(struct tscope_batch_memory *memory, uint64_t number)
{
    struct tscope_batch_verdict verdict;
    struct tscope_buffer text = {0};
    uint8_t digest[TSCOPE_BATCH_DIGEST_LEN];
    char expected[32];
    int known;

    digest_of(number, digest);
    known = tscope_batch_memory_find(memory, digest, &verdict, NULL);
    if (known) {
        ck_assert_uint_eq(verdict.verdict, number % 5);
        ck_assert_int_eq(verdict.is_uncertain, (bool)(number % 2));
    }
    if (tscope_batch_memory_find(memory, digest, &verdict, &text)) {
        snprintf(expected, sizeof(expected), "text %llu", (unsigned long long)number);
        ck_assert_text(tscope_span_of(text.data, text.len), expected);
        known = 2;
    }
    tscope_buffer_clear(&text);
    return known;
}

START_TEST(memory_knows_every_token_while_it_may_grow)
{
    struct tscope_batch_memory *memory = tscope_batch_memory_new(1 << 20, 64 << 10);
    uint64_t different, forgotten, texts = 0;

    for (uint64_t i = 0; i < 20000; i++) {
        ck_assert_int_eq(is_kept(memory, i), 0);
        keep(memory, i);
        keep(memory, i);
        ck_assert_int_eq(is_kept(memory, i), 2);
    }
    for (uint64_t i = 0; i < 20000; i++) {
        int kept = is_kept(memory, i);

        ck_assert_int_ge(kept, 1);
        texts += kept == 2;
    }
    /* of texts the latest: 1 KiB a shard */
    ck_assert_uint_gt(texts, 64 * 1024 / 20 / 4);
    ck_assert_uint_lt(texts, 64 * 1024 / 10);
    tscope_batch_memory_count(memory, &different, &forgotten);
    ck_assert_uint_eq(different, 20000);
    ck_assert_uint_eq(forgotten, 0);
    tscope_batch_memory_free(memory);
}
END_TEST

START_TEST(memory_that_is_full_forgets_and_is_never_wrong)
{
    struct tscope_batch_memory *memory = tscope_batch_memory_new(64 * 12, 0);
    uint64_t different, forgotten, known = 0;

    for (uint64_t i = 0; i < 50000; i++) {
        keep(memory, i);
        ck_assert_int_eq(is_kept(memory, i), 1);
    }
    for (uint64_t i = 0; i < 50000; i++)
        known += is_kept(memory, i) == 1;
    tscope_batch_memory_count(memory, &different, &forgotten);
    ck_assert_uint_eq(different, 50000);
    ck_assert_uint_ge(forgotten, 50000 - 64 * 16);
    ck_assert_uint_le(known, 64 * 16);
    ck_assert_uint_gt(known, 64 * 8);
    tscope_batch_memory_free(memory);
}
END_TEST

/* Whoever searches for digests that begin alike fills a run, not the table; the others are found all the same. */
START_TEST(crafted_digests_cost_a_bounded_run)
{
    struct tscope_batch_memory *memory = tscope_batch_memory_new(1 << 20, 0);
    uint8_t digest[TSCOPE_BATCH_DIGEST_LEN] = {0};
    struct tscope_batch_verdict verdict;
    uint64_t different, forgotten;

    for (unsigned i = 0; i < 1000; i++) {
        digest[10] = (uint8_t)i;
        digest[11] = (uint8_t)(i >> 8);
        tscope_batch_memory_keep(memory, digest, (struct tscope_batch_verdict){.verdict = 3}, (struct tscope_span){NULL, 0});
        ck_assert(tscope_batch_memory_find(memory, digest, &verdict, NULL));
        ck_assert_uint_eq(verdict.verdict, 3);
    }
    keep(memory, 7);
    ck_assert_int_eq(is_kept(memory, 7), 1);
    tscope_batch_memory_count(memory, &different, &forgotten);
    ck_assert_uint_eq(different, 1001);
    ck_assert_uint_ge(forgotten, 900);
    tscope_batch_memory_free(memory);
}
END_TEST

/* ---- lines */

static const struct {
    const char *line, *bytes, *id;
    int64_t seen; /* TSCOPE_TIME_UNKNOWN: as it was */
    enum tscope_status status;
} lines[] = {
    {"eyJh.eyJi.c", "eyJh.eyJi.c", NULL, TSCOPE_TIME_UNKNOWN, TSCOPE_OK},
    {" Authorization: Bearer eyJh.eyJi.c \r", "Authorization: Bearer eyJh.eyJi.c", NULL, TSCOPE_TIME_UNKNOWN, TSCOPE_OK},
    {"{\"token\":\"a.b.c\"}", "a.b.c", NULL, TSCOPE_TIME_UNKNOWN, TSCOPE_OK},
    {"{\"id\":7,\"token\":\"a.b.c\",\"seen\":\"2026-06-01T08:00:00Z\"}", "a.b.c", "7", 1780300800, TSCOPE_OK},
    {"{\"seen\":1780300800,\"token\":\"\\u0061.b.c\",\"id\": {\"a\" : [1.0, 1e5]} }", "a.b.c", "{\"a\" : [1.0, 1e5]}", 1780300800,
     TSCOPE_OK},
    {"{\"id\":\"\\u00e9\",\"token\":\"x\",\"more\":[{}]}", "x", "\"\\u00e9\"", TSCOPE_TIME_UNKNOWN, TSCOPE_OK},
    {"{\"id\":123456789012345678901234567890,\"token\":\"x\",\"seen\":null}", "x", "123456789012345678901234567890", TSCOPE_TIME_UNKNOWN,
     TSCOPE_OK},
    {"{\"id\":\"\\ud800\",\"token\":\"x\"}", "x", "\"\\ud800\"", TSCOPE_TIME_UNKNOWN, TSCOPE_OK},
    {"{\"id\":1,\"token\":{\"payload\":\"\"}}", "{\"payload\":\"\"}", "1", TSCOPE_TIME_UNKNOWN, TSCOPE_OK},
    {"{\"payload\":\"e30\",\"protected\":\"\",\"signature\":\"\"}", "{\"payload\":\"e30\",\"protected\":\"\",\"signature\":\"\"}", NULL,
     TSCOPE_TIME_UNKNOWN, TSCOPE_OK},
    {"{\"access_token\":\"a.b.c\"}", "{\"access_token\":\"a.b.c\"}", NULL, TSCOPE_TIME_UNKNOWN, TSCOPE_OK},
    {"", NULL, NULL, TSCOPE_TIME_UNKNOWN, TSCOPE_ERR_DATA},
    {" \t", NULL, NULL, TSCOPE_TIME_UNKNOWN, TSCOPE_ERR_DATA},
    {"{\"id\":1}", NULL, "1", TSCOPE_TIME_UNKNOWN, TSCOPE_ERR_DATA},
    {"{\"id\":1,\"token\":null}", NULL, "1", TSCOPE_TIME_UNKNOWN, TSCOPE_ERR_DATA},
    {"{\"id\":1,\"token\":7}", NULL, "1", TSCOPE_TIME_UNKNOWN, TSCOPE_ERR_DATA},
    {"{\"id\":1,\"token\":\"x\",\"seen\":\"soon\"}", NULL, "1", TSCOPE_TIME_UNKNOWN, TSCOPE_ERR_DATA},
    {"{\"id\":1,\"token\":\"x\",\"seen\":1.5}", NULL, "1", TSCOPE_TIME_UNKNOWN, TSCOPE_ERR_DATA},
    {"{\"id\":1,\"token\":\"x\",\"seen\":true}", NULL, "1", TSCOPE_TIME_UNKNOWN, TSCOPE_ERR_DATA},
    {"{\"id\":NaN,\"token\":\"x\"}", NULL, NULL, TSCOPE_TIME_UNKNOWN, TSCOPE_ERR_DATA},
    {"{\"id\":1,\"token\":\"x\"} trailing", NULL, NULL, TSCOPE_TIME_UNKNOWN, TSCOPE_ERR_DATA},
    {"{\"token\":\"x\",\"id\":\"cut", NULL, NULL, TSCOPE_TIME_UNKNOWN, TSCOPE_ERR_DATA},
};

START_TEST(line_is_read_as_written)
{
    struct tscope_batch_item item = {.moment = {.seen = TSCOPE_TIME_UNKNOWN, .now = 5}, .line = 9, .id = "old", .id_len = 3};
    uint8_t *line = exact_copy(lines[_i].line, strlen(lines[_i].line));
    tscope_stream *stream = NULL;
    struct tscope_error err = {0};

    ck_assert_int_eq(tscope_stream_new(&stream, NULL), TSCOPE_OK);
    ck_assert_int_eq(tscope_stream_read(stream, line, strlen(lines[_i].line), &item, &err), lines[_i].status);
    ck_assert_int_eq(err.status, lines[_i].status);
    if (lines[_i].id)
        ck_assert_text(tscope_span_of(item.id, item.id_len), lines[_i].id);
    else
        ck_assert_ptr_null(item.id);
    if (lines[_i].status == TSCOPE_OK) {
        ck_assert_text(tscope_span_of(item.bytes, item.bytes_len), lines[_i].bytes);
        ck_assert_int_eq(item.moment.seen, lines[_i].seen);
    } else {
        ck_assert_uint_gt(strlen(err.message), 0);
    }
    ck_assert_int_eq(item.moment.now, 5);
    ck_assert_uint_eq(item.line, 9);
    tscope_stream_free(stream);
    free(line);
}
END_TEST

static Suite *
make_suite(void)
{
    Suite *suite = suite_create("batch");
    TCase *tcase = tcase_create("batch");

    tcase_set_timeout(tcase, 120);
    suite_add_tcase(suite, tcase);
    tcase_add_loop_test(tcase, batch_says_what_single_inspections_say, 0, (int)TSCOPE_COUNT(ways));
    tcase_add_loop_test(tcase, cancelled_batch_delivers_nothing_more, 1, 4);
    tcase_add_loop_test(tcase, batch_may_be_dropped_with_items_on_their_way, 1, 4);
    tcase_add_test(tcase, options_of_a_batch_are_checked);
    tcase_add_test(tcase, batch_survives_every_failed_allocation);
    tcase_add_test(tcase, memory_knows_every_token_while_it_may_grow);
    tcase_add_test(tcase, memory_that_is_full_forgets_and_is_never_wrong);
    tcase_add_test(tcase, crafted_digests_cost_a_bounded_run);
    tcase_add_loop_test(tcase, line_is_read_as_written, 0, (int)TSCOPE_COUNT(lines));
    return suite;
}

int
main(void)
{
    return run_suite(make_suite());
}
