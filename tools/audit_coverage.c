/* SPDX-License-Identifier: Apache-2.0 */
#include <time.h>

#include <tokenscope/audit.h>

#include "audit.h"
#include "case_file.h"
#include "memory.h"
#include "message.h"
#include "options.h"
#include "output.h"
#include "terminal.h"

static const char *const formats[] = {"text", "json", "svg", NULL};

static enum exit_status
show(tscope_case *opened, const struct tscope_audit_options *options)
{
    AUTO(handed_text) *text = NULL;
    struct tscope_coverage_summary summary;
    struct tscope_error err = {0};
    size_t len;

    if (tscope_case_coverage(opened, options, &text, &len, &summary, &err) != TSCOPE_OK)
        return message_error(NULL, &err);
    output_write(text, len);
    return summary.is_missing ? EXIT_STATUS_UNDECIDED : EXIT_STATUS_OK;
}

enum exit_status
audit_coverage(int argc, char **argv)
{
    struct option_list operands = {0};
    struct tscope_audit_options options = {.size = sizeof(options), .columns = terminal_width()};
    const char *path = NULL;
    int format = 0;
    int64_t now = TSCOPE_TIME_UNKNOWN;
    const struct option table[] = {
        {"case", OPTION_TEXT, &path, NULL},
        {"format", OPTION_CHOICE, &format, formats},
        {"now", OPTION_TIME, &now, NULL},
        {0},
    };
    enum exit_status status = options_parse("audit", argc, argv, table, &operands);
    tscope_case *opened = NULL;

    if (status == EXIT_STATUS_OK && (!path || operands.words_len > 0))
        status = message_usage("audit", "coverage takes --case FILE, and nothing else");
    options.format = (enum tscope_audit_format)format;
    options.now = now == TSCOPE_TIME_UNKNOWN ? time(NULL) : now;
    if (status == EXIT_STATUS_OK)
        status = case_file_read(path, &opened);
    if (status == EXIT_STATUS_OK)
        status = show(opened, &options);
    status = case_file_close(opened, status);
    option_list_clear(&operands);
    return status;
}
