/* SPDX-License-Identifier: Apache-2.0 */
#include "core/alloc.h"
#include "core/buffer.h"
#include "core/text.h"
#include "inspect_testing.h"
#include "render/page_assets.h"
#include "render/page_parts.h"
#include "signed_tokens.h"

static const struct tscope_moment moment = {.seen = TSCOPE_TIME_UNKNOWN, .now = 1788220800};

static void
take(void *user, const char *bytes, size_t bytes_len)
{
    struct tscope_buffer *page = user;
    char *more = realloc(page->data, page->len + bytes_len + 1); /* not through the seam, which is made to fail */

    ck_assert_ptr_nonnull(more);
    memcpy(more + page->len, bytes, bytes_len);
    page->data = (uint8_t *)more;
    page->len += bytes_len;
    more[page->len] = '\0';
}

static bool
has(const struct tscope_buffer *page, const char *text)
{
    return tscope_text_find(tscope_span_of(page->data, page->len), tscope_span_text(text)) != SIZE_MAX;
}

static size_t
count(const struct tscope_buffer *page, const char *text)
{
    size_t times = 0;

    for (const char *at = (const char *)page->data; (at = strstr(at, text)); at++)
        times++;
    return times;
}

static tscope_report *
judge(const char *token, size_t token_len)
{
    tscope_inspector *inspector = NULL;
    tscope_report *report = NULL;

    ck_assert_int_eq(tscope_inspector_new(ring, profile, NULL, NULL, &inspector, NULL), TSCOPE_OK);
    ck_assert_int_eq(tscope_inspect(inspector, (const uint8_t *)token, token_len, &moment, &report, NULL), TSCOPE_OK);
    tscope_inspector_free(inspector);
    return report;
}

static enum tscope_status
make_page(const tscope_report *report, unsigned flags, struct tscope_buffer *page)
{
    const struct tscope_page_options options = {
        .size = sizeof(options), .flags = flags, .title = "A <b> & c", .keyring = ring, .write = take, .user = page};
    const struct tscope_page_token token = {.of = report, .source = "a </script>", .line = 7, .places = "[]", .places_len = 2};
    tscope_page *made = NULL;
    enum tscope_status status = tscope_page_new(&options, &made, NULL);

    if (status == TSCOPE_OK)
        status = tscope_page_add(made, &token, NULL);
    if (status == TSCOPE_OK)
        status = tscope_page_add_section(made, "evidence", "{\"path\":\"<!--\"}", 15, NULL);
    if (status == TSCOPE_OK)
        status = tscope_page_end(made, NULL);
    tscope_page_free(made);
    return status;
}

START_TEST(page_holds_report_parts_and_keys)
{
    struct tscope_buffer page = {0};
    tscope_report *report;
    size_t token_len;
    char *token;

    set_up();
    token = token_of("vectors/ms/msa-key-on-enterprise-v1.json", &token_len);
    report = judge(token, token_len);
    ck_assert_int_eq(make_page(report, 0, &page), TSCOPE_OK);
    ck_assert(has(&page, "<h1>A &lt;b> &amp; c</h1>"));
    ck_assert(has(&page, "\"schema\":\"tokenscope.report/1\""));
    ck_assert(has(&page, "\"sentence\":\"Signed with a Microsoft account"));
    ck_assert(has(&page, "\"entitled\":\"no: tokens of this issuer"));
    ck_assert(has(&page, "\"parts\":{\"header\":\""));
    ck_assert(has(&page, "\"schema\":\"tokenscope.key-timeline/1\""));
    ck_assert(has(&page, "data-name=\"end\">{\"tokens\":1,\"keys_left_out\":false}"));
    ck_assert(has(&page, tscope_page_script_digest));
    ck_assert(has(&page, tscope_page_style_digest));
    free(page.data);
    free(token);
    tscope_report_free(report);
    tear_down();
}
END_TEST

/* What ends a script element, or opens a comment in one, comes from none of the data. */
START_TEST(data_cannot_leave_their_element)
{
    struct tscope_buffer page = {0};
    tscope_report *report;

    set_up();
    report = judge("e30.eyJpc3MiOiI8L3NjcmlwdD48IS0tIn0.", 36); /* {"iss":"</script><!--"} */
    ck_assert_int_eq(make_page(report, 0, &page), TSCOPE_OK);
    ck_assert(has(&page, "\\u003c/script>\\u003c!--"));
    ck_assert(!has(&page, "<!--"));
    ck_assert_uint_eq(count(&page, "</script>"), count(&page, "<script"));
    free(page.data);
    tscope_report_free(report);
    tear_down();
}
END_TEST

/* The decoded bytes of the payload as the page holds them. */
static char *
shown_payload(const char *payload, bool reveal)
{
    struct tscope_buffer text = {0}, json = {0};
    struct tscope_json_writer writer;
    tscope_token *token = NULL;
    const char *at;
    uint8_t *decoded;
    size_t len, flaws;

    append_part(&text, "{\"alg\":\"RS256\"}");
    tscope_buffer_append_byte(&text, '.');
    append_part(&text, payload);
    tscope_buffer_append_text(&text, ".AAAA");
    ck_assert_int_eq(tscope_token_parse(text.data, text.len, &token, NULL), TSCOPE_OK);
    tscope_json_writer_init(&writer, &json, false);
    tscope_page_write_parts(&writer, token, reveal);
    tscope_buffer_append_byte(&json, '\0');
    ck_assert(!json.failed);
    at = strstr((const char *)json.data, "\"payload\":\"");
    ck_assert_ptr_nonnull(at);
    at += strlen("\"payload\":\"");
    decoded = malloc(tscope_base64url_bound(strcspn(at, "\"")) + 1);
    len = tscope_base64url_decode_tolerant((const uint8_t *)at, strcspn(at, "\""), decoded, NULL, 0, &flaws);
    decoded[len] = '\0';
    ck_assert_uint_eq(len, strlen(payload));
    tscope_buffer_clear(&text);
    tscope_buffer_clear(&json);
    tscope_token_free(token);
    return (char *)decoded;
}

static const struct {
    const char *payload, *shown;
} masked[] = {
    {"{\"sub\":\"robin\",\"iat\":1}", "{\"sub\":\"robin\",\"iat\":1}"},
    {"{\"client_secret\":\"hunter2\",\"a\":2}", "{\"client_secret\":\"*******\",\"a\":2}"},
    {"{\"api_key\":\"hunter2\",\"key\":\"k\"}", "{\"api_key\":\"*******\",\"key\":\"k\"}"},
    {"{\"t\":\"eyJhIjoxfQ.eyJiIjoyfQ.c2ln\"}", "{\"t\":\"eyJhIjoxfQ.eyJiIjoyfQ.****\"}"},
    {"{\"eyJhIjoxfQ.eyJiIjoyfQ.c2ln\":1}", "{\"eyJhIjoxfQ.eyJiIjoyfQ.****\":1}"},
    {"eyJhIjoxfQ.eyJiIjoyfQ.c2ln", "eyJhIjoxfQ.eyJiIjoyfQ.****"},
    {"{\"cut\":\"x eyJhIjoxfQ.eyJiIjoyfQ.c2ln", "{\"cut\":\"x eyJhIjoxfQ.eyJiIjoyfQ.****"},
};

START_TEST(secrets_are_overwritten_in_place)
{
    char *shown = shown_payload(masked[_i].payload, false);

    ck_assert_str_eq(shown, masked[_i].shown);
    free(shown);
    shown = shown_payload(masked[_i].payload, true);
    ck_assert_str_eq(shown, masked[_i].payload);
    free(shown);
}
END_TEST

/* Up to the limit a part is whole; behind it is said how much is left out. */
START_TEST(long_parts_are_cut)
{
    for (size_t len = TSCOPE_PAGE_PART_MAX - 1; len <= TSCOPE_PAGE_PART_MAX + 1; len++) {
        struct tscope_buffer text = {0}, json = {0};
        struct tscope_json_writer writer;
        tscope_token *token = NULL;
        char *payload = malloc(len);

        memset(payload, 'y', len);
        append_part(&text, "{\"alg\":\"RS256\"}");
        tscope_buffer_append_byte(&text, '.');
        tscope_base64url_encode(&text, (const uint8_t *)payload, len);
        tscope_buffer_append_text(&text, ".AAAA");
        ck_assert_int_eq(tscope_token_parse(text.data, text.len, &token, NULL), TSCOPE_OK);
        tscope_json_writer_init(&writer, &json, false);
        tscope_page_write_parts(&writer, token, false);
        ck_assert(has(&json, "\"payload_left_out\":1}") == (len > TSCOPE_PAGE_PART_MAX));
        tscope_buffer_clear(&text);
        tscope_buffer_clear(&json);
        tscope_token_free(token);
        free(payload);
    }
}
END_TEST

START_TEST(section_names_are_checked)
{
    static const char *const wrong[] = {"", "A", "a b", "a\"", "a<"};
    struct tscope_buffer out = {0};
    const struct tscope_page_options options = {.size = sizeof(options), .write = take, .user = &out};
    const struct tscope_page_options nobody = {.size = sizeof(nobody)};
    const struct tscope_page_token nothing = {0};
    tscope_page *page = NULL;

    ck_assert_int_eq(tscope_page_new(&nobody, &page, NULL), TSCOPE_ERR_ARGUMENT);
    ck_assert_int_eq(tscope_page_new(&options, &page, NULL), TSCOPE_OK);
    for (size_t i = 0; i < TSCOPE_COUNT(wrong); i++)
        ck_assert_int_eq(tscope_page_add_section(page, wrong[i], "1", 1, NULL), TSCOPE_ERR_ARGUMENT);
    ck_assert_int_eq(tscope_page_add(page, &nothing, NULL), TSCOPE_ERR_ARGUMENT);
    ck_assert_int_eq(tscope_page_end(page, NULL), TSCOPE_OK);
    ck_assert(has(&out, "{\"tokens\":0,"));
    tscope_page_free(page);
    tscope_page_free(NULL);
    free(out.data);
}
END_TEST

/* Each allocation fails in turn: an error and no half of a token, or the whole page. */
START_TEST(memory_may_run_out_anywhere)
{
    struct tscope_buffer wanted = {0};
    enum tscope_status status = TSCOPE_ERR_NO_MEMORY;
    tscope_report *report;
    size_t token_len;
    char *token;

    set_up();
    token = token_of("vectors/ms/msa-key-on-enterprise-v1.json", &token_len);
    report = judge(token, token_len);
    ck_assert_int_eq(make_page(report, 0, &wanted), TSCOPE_OK);
    for (unsigned long n = 1; status != TSCOPE_OK; n++) {
        struct tscope_buffer page = {0};

        ck_assert_uint_lt(n, 2000);
        tscope_alloc_fail_from(n);
        status = make_page(report, 0, &page);
        tscope_alloc_fail_from(0);
        ck_assert_msg(status == TSCOPE_OK || status == TSCOPE_ERR_NO_MEMORY, "%lu: %s", n, tscope_status_name(status));
        if (status == TSCOPE_OK) {
            ck_assert_uint_eq(page.len, wanted.len);
            ck_assert_mem_eq(page.data, wanted.data, page.len);
        }
        free(page.data);
    }
    free(wanted.data);
    free(token);
    tscope_report_free(report);
    tear_down();
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("page");
    TCase *tcase = tcase_create("page");
    SRunner *runner = srunner_create(suite);
    int failed;

    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, page_holds_report_parts_and_keys);
    tcase_add_test(tcase, data_cannot_leave_their_element);
    tcase_add_loop_test(tcase, secrets_are_overwritten_in_place, 0, (int)TSCOPE_COUNT(masked));
    tcase_add_test(tcase, long_parts_are_cut);
    tcase_add_test(tcase, section_names_are_checked);
    tcase_add_test(tcase, memory_may_run_out_anywhere);
    suite_add_tcase(suite, tcase);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
