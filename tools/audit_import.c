/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <tokenscope/audit.h>

#include "audit.h"
#include "case_file.h"
#include "input.h"
#include "memory.h"
#include "message.h"
#include "options.h"
#include "output.h"
#include "progress.h"

#define CHUNK (1u << 20)
#define BAD_SHOWN 10 /* rows of a file that are named */

DEFINE_AUTO(tscope_log_import, tscope_log_import_free)

static const char *const categories[] = {"interactive", "non-interactive", "service-principal", "managed-identity", NULL};

struct file {
    const char *name;
    uint64_t bad;
};

static void
show_bad(void *user, uint64_t line, const char *why)
{
    struct file *file = user;

    if (file->bad++ < BAD_SHOWN)
        message_print("%s: line %" PRIu64 " is left out: %s", file->name, line, why);
}

static enum exit_status
feed(tscope_log_import *import, struct input *input)
{
    AUTO(heap_text) *buffer = memory_grow(NULL, CHUNK, 1);
    struct tscope_error err = {0};
    uint64_t done = 0;
    ssize_t got;

    for (;;) {
        got = read(input->fd, buffer, CHUNK);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            break;
        if (tscope_log_import_feed(import, (const uint8_t *)buffer, (size_t)got, &err) != TSCOPE_OK)
            return message_error(input_name(input), &err);
        done += (uint64_t)got;
        progress_show("%s: %" PRIu64 " MB", input_name(input), done >> 20);
    }
    if (got == 0)
        return EXIT_STATUS_OK;
    message_print("%s: %s", input_name(input), strerror(errno));
    return errno == EISDIR ? EXIT_STATUS_DATA : EXIT_STATUS_IO;
}

static void
print_names(uint64_t bits, const char *(*name)(unsigned number))
{
    const char *between = "";

    for (unsigned i = 0; i < 64; i++) {
        if (bits & UINT64_C(1) << i) {
            printf("%s%s", between, name(i));
            between = ", ";
        }
    }
}

static enum exit_status
print_summary(const struct file *file, const struct tscope_log_import_summary *summary)
{
    if (file->bad > BAD_SHOWN)
        message_print("%s: and %" PRIu64 " more lines", file->name, file->bad - BAD_SHOWN);
    if (summary->is_known) {
        printf("%s: is in the case already\n", file->name);
        return EXIT_STATUS_OK;
    }
    if (summary->rows == summary->bad) {
        message_print("%s: no log that is known", file->name);
        return EXIT_STATUS_DATA;
    }
    printf("%s: ", file->name);
    print_names(summary->formats, tscope_log_format_name);
    printf(" (");
    print_names(summary->categories, tscope_log_category_name);
    printf("): %" PRIu64 " rows, %" PRIu64 " duplicates, %" PRIu64 " left out", summary->rows, summary->duplicates, summary->bad);
    if (summary->differing)
        printf(", %" PRIu64 " with another's id", summary->differing);
    if (summary->timeless)
        printf(", %" PRIu64 " without a time", summary->timeless);
    printf("\n");
    if (summary->is_broken)
        message_print("%s: the file ends before its end", file->name);
    return summary->bad || summary->is_broken ? EXIT_STATUS_UNDECIDED : EXIT_STATUS_OK;
}

static enum exit_status
import_input(tscope_case *opened, struct input *input, int category, int64_t now)
{
    struct file file = {.name = input_name(input)};
    AUTO(tscope_log_import) *import = NULL;
    struct tscope_log_import_summary summary;
    struct tscope_error err = {0};
    enum exit_status status;

    if (input->fd < 0)
        return message_usage("audit", "import takes files, or - for standard input");
    if (tscope_log_import_new(opened, file.name, (enum tscope_audit_category)category, show_bad, &file, &import, &err) != TSCOPE_OK)
        return message_error(file.name, &err);
    status = feed(import, input);
    progress_end();
    if (status != EXIT_STATUS_OK)
        return status;
    if (tscope_log_import_finish(import, now, &summary, &err) != TSCOPE_OK)
        return message_error(file.name, &err);
    return print_summary(&file, &summary);
}

static enum exit_status
import_all(tscope_case *opened, const struct option_list *operands, int category, int64_t now)
{
    struct status_tally tally = {0};

    for (size_t i = 0; i < operands->words_len; i++) {
        struct input input;
        enum exit_status status =
            strcmp(operands->words[i], "-") == 0 ? input_open_operand("-", i + 1, &input) : input_open_path(operands->words[i], &input);

        if (status == EXIT_STATUS_OK) {
            status = import_input(opened, &input, category, now);
            input_close(&input);
        }
        status_note(&tally, status);
        if (!output_flush())
            break;
    }
    return status_worst(&tally);
}

enum exit_status
audit_import(int argc, char **argv)
{
    struct option_list operands = {0};
    const char *path = NULL;
    int category = -1;
    int64_t now = TSCOPE_TIME_UNKNOWN;
    const struct option table[] = {
        {"case", OPTION_TEXT, &path, NULL},
        {"category", OPTION_CHOICE, &category, categories},
        {"now", OPTION_TIME, &now, NULL},
        {0},
    };
    enum exit_status status = options_parse("audit", argc, argv, table, &operands);
    tscope_case *opened = NULL;

    if (status == EXIT_STATUS_OK && !path)
        status = message_usage("audit", "import needs --case FILE");
    if (status == EXIT_STATUS_OK && operands.words_len == 0)
        status = message_usage("audit", "import takes log files");
    if (status == EXIT_STATUS_OK)
        status = case_file_write(path, true, &opened);
    if (status == EXIT_STATUS_OK)
        status = import_all(opened, &operands, category < 0 ? TSCOPE_AUDIT_CATEGORY_UNSAID : category + TSCOPE_AUDIT_INTERACTIVE,
                            now == TSCOPE_TIME_UNKNOWN ? time(NULL) : now);
    status = case_file_close(opened, status);
    option_list_clear(&operands);
    return status;
}
