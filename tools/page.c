/* SPDX-License-Identifier: Apache-2.0 */
#include "page.h"

#include "memory.h"
#include "message.h"
#include "output.h"

static void
write_page(void *user, const char *bytes, size_t bytes_len)
{
    (void)user;
    output_write(bytes, bytes_len);
}

enum exit_status
page_begin(const struct examiner *examiner, bool reveal, tscope_page **ret_page)
{
    const struct tscope_page_options options = {
        .size = sizeof(options),
        .flags = reveal ? TSCOPE_PAGE_REVEAL : 0,
        .keyring = examiner->keyring,
        .write = write_page,
    };
    struct tscope_error err = {0};

    return tscope_page_new(&options, ret_page, &err) == TSCOPE_OK ? EXIT_STATUS_OK : message_error(NULL, &err);
}

enum exit_status
page_report(tscope_page *page, const tscope_report *report, const char *name, uint64_t line)
{
    const struct tscope_page_token token = {.of = report, .source = name, .line = line};
    struct tscope_error err = {0};

    if (!page)
        return EXIT_STATUS_INTERNAL; /* that it could not be begun was said */
    return tscope_page_add(page, &token, &err) == TSCOPE_OK ? EXIT_STATUS_OK : message_error(name, &err);
}

enum exit_status
page_together(tscope_page *page, const tscope_corpus *corpus)
{
    AUTO(handed_text) *json = NULL;
    struct tscope_error err = {0};
    size_t json_len = 0;

    if (!page)
        return EXIT_STATUS_INTERNAL;
    if (tscope_corpus_json(corpus, false, &json, &json_len, &err) != TSCOPE_OK ||
        tscope_page_add_section(page, "corpus", json, json_len, &err) != TSCOPE_OK)
        return message_error(NULL, &err);
    return EXIT_STATUS_OK;
}

enum exit_status
page_end(tscope_page *page)
{
    struct tscope_error err = {0};

    if (!page)
        return EXIT_STATUS_OK;
    return tscope_page_end(page, &err) == TSCOPE_OK ? EXIT_STATUS_OK : message_error(NULL, &err);
}
