/* SPDX-License-Identifier: Apache-2.0 */
#include "case_report.h"

#include <time.h>

#include <tokenscope/audit.h>
#include <tokenscope/case.h>

#include "case_file.h"
#include "examiner.h"
#include "memory.h"
#include "message.h"
#include "options.h"
#include "output.h"

struct report {
    struct key_sources sources;
    const char *title, *output;
    int64_t now; /* from which the retention of logs is reckoned */
    bool reveal;
    tscope_keyring *keyring;
};

static void
write_page(void *user, const char *bytes, size_t bytes_len)
{
    (void)user;
    output_write(bytes, bytes_len);
}

/* What the logs of the case cover and what was done, where there are any. */
static enum tscope_status
add_logs(const struct report *report, tscope_case *opened, tscope_page *page, struct tscope_error *err)
{
    const struct tscope_audit_options options = {.size = sizeof(options), .format = TSCOPE_AUDIT_JSON, .now = report->now};
    AUTO(handed_text) *coverage = NULL;
    AUTO(handed_text) *correlation = NULL;
    struct tscope_coverage_summary covered;
    struct tscope_correlate_summary correlated;
    size_t len;
    enum tscope_status status = tscope_case_coverage(opened, &options, &coverage, &len, &covered, err);

    if (status != TSCOPE_OK || covered.records == 0)
        return status;
    status = tscope_page_add_section(page, "coverage", coverage, len, err);
    if (status == TSCOPE_OK)
        status = tscope_case_correlate(opened, &options, &correlation, &len, &correlated, err);
    return status == TSCOPE_OK ? tscope_page_add_section(page, "correlation", correlation, len, err) : status;
}

static enum exit_status
write_report(const struct report *report, tscope_case *opened)
{
    const struct tscope_page_options options = {
        .size = sizeof(options),
        .flags = report->reveal ? TSCOPE_PAGE_REVEAL : 0,
        .title = report->title,
        .keyring = report->keyring,
        .write = write_page,
    };
    struct tscope_error err = {0};
    tscope_page *page = NULL;
    enum tscope_status status = tscope_page_new(&options, &page, &err);

    if (status == TSCOPE_OK)
        status = tscope_case_page(opened, page, report->keyring, &err);
    if (status == TSCOPE_OK)
        status = add_logs(report, opened, page, &err);
    if (status == TSCOPE_OK)
        status = tscope_page_end(page, &err);
    tscope_page_free(page);
    return status == TSCOPE_OK ? EXIT_STATUS_OK : message_error(NULL, &err);
}

enum exit_status
case_report_run(int argc, char **argv)
{
    struct report report = {.now = TSCOPE_TIME_UNKNOWN};
    struct option_list operands = {0};
    const struct option table[] = {
        KEY_SOURCES_OPTIONS(report.sources),           {"no-embedded", OPTION_FLAG, &report.sources.no_embedded, NULL},
        {"now", OPTION_TIME, &report.now, NULL},       {"title", OPTION_TEXT, &report.title, NULL},
        {"output", OPTION_TEXT, &report.output, NULL}, {"o", OPTION_TEXT, &report.output, NULL},
        {"reveal", OPTION_FLAG, &report.reveal, NULL}, {0},
    };
    enum exit_status status = options_parse("case", argc, argv, table, &operands);
    tscope_case *opened = NULL;

    if (status == EXIT_STATUS_OK && operands.words_len != 1)
        status = message_usage("case", "case report takes a case file");
    if (status == EXIT_STATUS_OK)
        report.now = report.now == TSCOPE_TIME_UNKNOWN ? time(NULL) : report.now;
    if (status == EXIT_STATUS_OK)
        status = key_sources_load(&report.sources, &report.keyring);
    if (status == EXIT_STATUS_OK && report.output)
        status = output_into(report.output);
    if (status == EXIT_STATUS_OK)
        status = case_file_read(operands.words[0], &opened);
    if (status == EXIT_STATUS_OK)
        status = write_report(&report, opened);
    status = case_file_close(opened, status);
    tscope_keyring_free(report.keyring);
    key_sources_clear(&report.sources);
    option_list_clear(&operands);
    return status;
}
