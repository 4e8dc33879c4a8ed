/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include <tokenscope/case.h>

#include "case_file.h"
#include "case_verbs.h"
#include "message.h"
#include "options.h"
#include "output.h"
#include "verbs.h"

static const char *const formats[] = {"jsonl", "csv", NULL};

struct verb_word {
    const char *word;
    enum exit_status (*run)(int argc, char **argv);
};

static bool
write_line(void *user, const char *line, size_t line_len)
{
    (void)user;
    output_write(line, line_len);
    return output_flush();
}

static enum exit_status
query(tscope_case *opened, const char *sql, int format)
{
    struct tscope_error err = {0};

    if (tscope_case_query(opened, sql, (enum tscope_case_format)format, NULL, write_line, NULL, &err) == TSCOPE_OK)
        return EXIT_STATUS_OK;
    if (err.status == TSCOPE_ERR_ARGUMENT)
        return message_usage("case", "the query: %s", err.message);
    return message_error(NULL, &err);
}

static enum exit_status
run_query(int argc, char **argv)
{
    struct option_list operands = {0};
    int format = 0;
    const struct option table[] = {{"format", OPTION_CHOICE, &format, formats}, {0}};
    enum exit_status status = options_parse("case", argc, argv, table, &operands);
    tscope_case *opened = NULL;

    if (status == EXIT_STATUS_OK && operands.words_len != 2)
        status = message_usage("case", "case query takes a case file and a SELECT");
    if (status == EXIT_STATUS_OK)
        status = case_file_read(operands.words[0], &opened);
    if (status == EXIT_STATUS_OK)
        status = query(opened, operands.words[1], format);
    status = case_file_close(opened, status);
    option_list_clear(&operands);
    return status;
}

static const struct verb_word words[] = {{"query", run_query}};
#define WORDS_LEN (sizeof(words) / sizeof(words[0]))

static enum exit_status
run_case(int argc, char **argv)
{
    const char *names[WORDS_LEN + 1] = {0}, *nearest;

    if (argc == 0)
        return message_usage("case", "what is asked of the case?");
    for (size_t i = 0; i < WORDS_LEN; i++) {
        if (strcmp(argv[0], words[i].word) == 0)
            return words[i].run(argc - 1, argv + 1);
        names[i] = words[i].word;
    }
    nearest = message_nearest(argv[0], names);
    if (nearest)
        return message_usage("case", "nothing called '%.40s'; did you mean '%s'?", argv[0], nearest);
    return message_usage("case", "nothing called '%.40s'", argv[0]);
}

const struct verb verb_case = {
    .name = "case",
    .arguments = "query CASE SQL [--format jsonl|csv]",
    .summary = CASE_SUMMARY,
    .help = "  query CASE SQL            one SELECT over the tables of a case file, which\n"
            "                            docs/case.md explains; a row a line\n"
            "  --format jsonl|csv        objects, or values with commas between them\n"
            "\n"
            "A case file is only read, from where nothing can be written as well. It is not\n"
            "read while another process has it open.\n"
            "\n"
            "Examples:\n"
            "  tokenscope case query a.case \"SELECT * FROM fact\"\n"
            "\n"
            "Exit status:\n"
            "  0   done    64  usage, or SQL that is not taken    65  no case file\n"
            "  66  not found    70  internal error    74  input or output failed\n",
    .run = run_case,
    .confines = true,
};
