/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include <tokenscope/case.h>

#include "case_file.h"
#include "case_judge.h"
#include "case_report.h"
#include "case_show.h"
#include "case_verbs.h"
#include "examiner.h"
#include "jobs.h"
#include "message.h"
#include "options.h"
#include "output.h"
#include "verbs.h"

#define VERDICT_WORD(name, id, words) id,
static const char *const fail_on_words[] = {TSCOPE_FOREACH_VERDICT(VERDICT_WORD) "never", NULL};
#undef VERDICT_WORD
enum { FAIL_ON_NEVER = TSCOPE_VERDICT_VALID + 1 };

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

static enum exit_status
run_export(int argc, char **argv)
{
    struct option_list operands = {0};
    int format = 0;
    bool redacted = false, reveal = false;
    const struct option table[] = {
        {"format", OPTION_CHOICE, &format, formats},
        {"redacted", OPTION_FLAG, &redacted, NULL},
        {"reveal", OPTION_FLAG, &reveal, NULL},
        {0},
    };
    enum exit_status status = options_parse("case", argc, argv, table, &operands);
    struct tscope_error err = {0};
    tscope_case *opened = NULL;

    if (status == EXIT_STATUS_OK && operands.words_len != 1)
        status = message_usage("case", "case export takes a case file");
    if (status == EXIT_STATUS_OK && redacted && reveal)
        status = message_usage("case", "--redacted and --reveal contradict each other");
    if (status == EXIT_STATUS_OK)
        status = case_file_read(operands.words[0], &opened);
    if (status == EXIT_STATUS_OK &&
        tscope_case_export(opened, (enum tscope_case_format)format,
                           (redacted ? TSCOPE_CASE_REDACTED : 0) | (reveal ? TSCOPE_CASE_REVEAL : 0), write_line, NULL, &err) != TSCOPE_OK)
        status = message_error(NULL, &err);
    status = case_file_close(opened, status);
    option_list_clear(&operands);
    return status;
}

static enum exit_status
run_show(int argc, char **argv)
{
    struct option_list operands = {0};
    const struct option table[] = {{0}};
    enum exit_status status = options_parse("case", argc, argv, table, &operands);
    tscope_case *opened = NULL;

    if (status == EXIT_STATUS_OK && (operands.words_len < 1 || operands.words_len > 2))
        status = message_usage("case", "case show takes a case file, and perhaps a digest, a thumbprint or a path");
    if (status == EXIT_STATUS_OK)
        status = case_file_read(operands.words[0], &opened);
    if (status == EXIT_STATUS_OK)
        status = operands.words_len == 2 ? case_show_one(opened, operands.words[1]) : case_show_all(opened);
    status = case_file_close(opened, status);
    option_list_clear(&operands);
    return status;
}

/* ---- judging again */

static enum exit_status
judge(tscope_case *opened, struct examiner *examiner, bool has_now, long jobs, int fail_on)
{
    struct case_judge asked = {.examiner = examiner, .has_now = has_now};
    struct status_tally tally = {0};
    enum exit_status status = jobs_count("case", jobs, &asked.threads);

    if (status == EXIT_STATUS_OK)
        status = examiner_open(examiner, "case");
    if (status != EXIT_STATUS_OK)
        return status;
    status_note(&tally, case_judge(opened, &asked));
    status_note(&tally, case_sum_up(opened, fail_on, fail_on == FAIL_ON_NEVER));
    return status_worst(&tally);
}

static enum exit_status
run_judge(int argc, char **argv)
{
    struct examiner examiner = EXAMINER_DEFAULT;
    struct option_list operands = {0};
    int fail_on = TSCOPE_VERDICT_SUSPICIOUS;
    long jobs = 0;
    const struct option table[] = {
        EXAMINER_OPTIONS(examiner),
        {"no-embedded", OPTION_FLAG, &examiner.sources.no_embedded, NULL},
        {"key-exposed-from", OPTION_TEXT, &examiner.exposed, NULL},
        {"trials", OPTION_NUMBER, &examiner.trials, NULL},
        {"fail-on", OPTION_CHOICE, &fail_on, fail_on_words},
        {"jobs", OPTION_NUMBER, &jobs, NULL},
        {0},
    };
    enum exit_status status = options_parse("case", argc, argv, table, &operands);
    bool has_now = examiner.moment.now != TSCOPE_TIME_UNKNOWN;
    tscope_case *opened = NULL;

    if (status == EXIT_STATUS_OK && operands.words_len != 1)
        status = message_usage("case", "case judge takes a case file");
    if (status == EXIT_STATUS_OK)
        status = case_file_write(operands.words[0], false, &opened);
    if (status == EXIT_STATUS_OK)
        status = judge(opened, &examiner, has_now, jobs, fail_on);
    status = case_file_close(opened, status);
    examiner_close(&examiner);
    option_list_clear(&operands);
    return status;
}

static const struct verb_word words[] = {
    {"show", run_show}, {"export", run_export}, {"query", run_query}, {"judge", run_judge}, {"report", case_report_run},
};
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
    .arguments = "show|report|export|query|judge CASE [option|operand]...",
    .summary = CASE_SUMMARY,
    .help = "  show CASE [DIGEST|THUMBPRINT|PATH]\n"
            "                            what is in it, or in one token, key or evidence\n"
            "  report CASE               one HTML page, to look at in a browser and hand on\n"
            "    -o, --output FILE       into a new file; else on standard output\n"
            "    --title TEXT  --reveal  --now TIME\n"
            "    --keys FILE|DIR  --history FILE  --no-embedded\n"
            "                            histories that date the keys on it\n"
            "  export CASE               all of it, sorted\n"
            "    --format jsonl|csv      objects; a timeline of issue, use and expiry\n"
            "    --redacted              no paths, contexts, claims or values\n"
            "    --reveal                tokens whole\n"
            "  query CASE SQL            one SELECT over the tables, which docs/case.md\n"
            "    --format jsonl|csv      explains; a row a line\n"
            "  judge CASE                judge its tokens again, with other keys or clocks\n"
            "    --keys FILE|DIR  --history FILE  --secrets FILE  --no-embedded\n"
            "    --key-exposed-from KID=TIME  --profile NAME|FILE\n"
            "    --seen TIME  --now TIME  --leeway S  --trials N  --jobs N\n"
            "    --fail-on VERDICT\n"
            "\n"
            "But for judge a case is only read, from where nothing can be written as well,\n"
            "and shows what was found when it was judged. Only one process has it open.\n"
            "\n"
            "Examples:\n"
            "  tokenscope case show a.case\n"
            "  tokenscope case report a.case -o report.html\n"
            "  tokenscope case export --format csv a.case > timeline.csv\n"
            "  tokenscope case query a.case \"SELECT verdict, count(*) FROM token GROUP BY 1\"\n"
            "\n"
            "Exit status:\n"
            "  0   done; judge: as of scan\n"
            "  64  usage, or SQL that is not taken    65  no case file\n"
            "  66  not found    70  internal error    74  input or output failed\n",
    .run = run_case,
    .confines = true,
};
