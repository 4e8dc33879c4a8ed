/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <tokenscope/tokenscope.h>

#include "escape.h"
#include "examiner.h"
#include "input.h"
#include "jobs.h"
#include "layout.h"
#include "memory.h"
#include "message.h"
#include "output.h"
#include "page.h"
#include "progress.h"
#include "sarif.h"
#include "terminal.h"
#include "verbs.h"

enum { FORMAT_TEXT, FORMAT_JSON, FORMAT_JSONL, FORMAT_SARIF, FORMAT_HTML };
static const char *const formats[] = {"text", "json", "jsonl", "sarif", "html", NULL};

/* Verdicts in the order of their enumeration, gravest first, and none at all. */
#define VERDICT_WORD(name, id, words) id,
static const char *const fail_on_words[] = {TSCOPE_FOREACH_VERDICT(VERDICT_WORD) "never", NULL};
#undef VERDICT_WORD
enum { FAIL_ON_VALID = TSCOPE_VERDICT_VALID, FAIL_ON_NEVER };
#define VERDICTS (TSCOPE_VERDICT_VALID + 1)

static const char *const colours[] = {"auto", "always", "never", NULL};

#define REMEMBERED_MAX 65536 /* different tokens: more reports than these are not kept in the memory that a batch gives them */

struct inspect {
    struct examiner examiner;
    struct option_list operands;
    int format, fail_on, colour;
    bool lines, reveal, verbose, recover;
    bool several; /* there may be more than one token */
    struct status_tally tally;
    size_t verdicts[VERDICTS], reported;
    struct sarif sarif;
    tscope_page *page;     /* with FORMAT_HTML alone */
    tscope_corpus *corpus; /* NULL: one token alone */
    long jobs, corpus_max;
    tscope_batch *batch;       /* with lines alone */
    const struct input *input; /* whose lines are on their way in it */
};

static enum exit_status
status_of_verdict(const struct inspect *inspect, enum tscope_verdict verdict, bool is_uncertain)
{
    if (inspect->fail_on != FAIL_ON_NEVER && (int)verdict <= inspect->fail_on)
        return EXIT_STATUS_BAD;
    if (verdict == TSCOPE_VERDICT_UNVERIFIED || (verdict > TSCOPE_VERDICT_INVALID && is_uncertain))
        return EXIT_STATUS_UNDECIDED;
    return EXIT_STATUS_OK;
}

static enum tscope_status
make_text(const struct inspect *inspect, const tscope_report *report, char **ret_text, size_t *ret_len, struct tscope_error *err)
{
    const struct tscope_text_options options = {
        .width = terminal_width(),
        .colour = terminal_has_colour((enum terminal_colour)inspect->colour),
        .reveal = inspect->reveal,
        .verbose = inspect->verbose,
    };
    unsigned flags = inspect->reveal ? TSCOPE_REPORT_REVEAL : 0;

    if (inspect->format == FORMAT_TEXT)
        return tscope_report_text(report, &options, ret_text, ret_len, err);
    if (inspect->format == FORMAT_JSON)
        flags |= TSCOPE_REPORT_PRETTY;
    return tscope_report_json(report, flags, ret_text, ret_len, err);
}

/* A token that was judged, and where it is, for people: the input's name, the line, and the byte when there are several in a piece. */
struct judged {
    const tscope_report *report; /* NULL: answered from memory, as JSON */
    enum tscope_verdict verdict;
    bool is_uncertain;
    const char *json; /* NULL: not made yet */
    size_t json_len;
    const char *name;
    uint64_t line; /* 0: not read by lines */
    bool is_one_of_several;
};

static void
print_separator(const struct inspect *inspect, const struct judged *judged)
{
    if (inspect->format == FORMAT_JSON)
        printf("%s", inspect->reported ? ",\n" : "[\n");
    if (inspect->format != FORMAT_TEXT)
        return;
    printf("%s== ", inspect->reported ? "\n" : "");
    escape_write(stdout, judged->name, strlen(judged->name));
    if (judged->line)
        printf(", line %" PRIu64, judged->line);
    if (judged->is_one_of_several)
        printf(", byte %" PRIu64, tscope_report_offset(judged->report));
    printf(" ==\n\n");
}

static enum exit_status
print_report(struct inspect *inspect, const struct judged *judged)
{
    AUTO(handed_text) *made = NULL;
    struct tscope_error err = {0};
    const char *text = judged->json;
    size_t text_len = judged->json_len;

    if (inspect->format == FORMAT_SARIF)
        return sarif_report(&inspect->sarif, judged->report, judged->name, judged->line);
    if (inspect->format == FORMAT_HTML)
        return page_report(inspect->page, judged->report, judged->name, judged->line);
    if (!text) {
        if (make_text(inspect, judged->report, &made, &text_len, &err) != TSCOPE_OK)
            return message_error(judged->name, &err);
        text = made;
    }
    if (inspect->several)
        print_separator(inspect, judged);
    output_write(text, text_len);
    if (text_len > 0 && text[text_len - 1] != '\n' && !(inspect->several && inspect->format == FORMAT_JSON))
        output_write("\n", 1);
    inspect->reported++;
    return EXIT_STATUS_OK;
}

/* What messages begin with. */
static char *
name_of(const struct input *input, uint64_t line)
{
    return line ? memory_print("%s: line %" PRIu64, input_name(input), line) : memory_copy(input_name(input));
}

static enum exit_status
take_report(struct inspect *inspect, const struct input *input, const struct judged *judged)
{
    struct tscope_error err = {0};
    enum exit_status status = print_report(inspect, judged);

    if (status != EXIT_STATUS_OK)
        return status;
    inspect->verdicts[judged->verdict]++;
    if (inspect->corpus && !judged->report)
        tscope_corpus_repeat(inspect->corpus);
    else if (inspect->corpus && tscope_corpus_add(inspect->corpus, judged->report, judged->line, &err) != TSCOPE_OK) {
        AUTO(heap_text) *name = name_of(input, judged->line);

        return message_error(name, &err);
    }
    return status_of_verdict(inspect, judged->verdict, judged->is_uncertain);
}

/* From the batch, in the order of the lines. */
static void
take_answer(void *user, const struct tscope_batch_answer *answer)
{
    struct inspect *inspect = user;
    const struct judged judged = {
        .report = answer->report,
        .verdict = answer->verdict,
        .is_uncertain = answer->is_uncertain,
        .json = answer->json,
        .json_len = answer->json_len,
        .name = input_name(inspect->input),
        .line = answer->line,
        .is_one_of_several = answer->tag,
    };
    AUTO(heap_text) *name = NULL;

    if (answer->status == TSCOPE_OK) {
        status_note(&inspect->tally, take_report(inspect, inspect->input, &judged));
        return;
    }
    name = name_of(inspect->input, answer->line);
    status_note(&inspect->tally, message_error(name, &answer->err));
}

static enum exit_status
hand_to_batch(struct inspect *inspect, const struct input *input, const struct input_piece *piece, const struct tscope_capture *capture)
{
    const struct tscope_batch_item item = {
        .bytes = (const uint8_t *)piece->bytes,
        .bytes_len = piece->bytes_len,
        .capture = capture,
        .moment = inspect->examiner.moment,
        .path = input->path,
        .offset = piece->offset,
        .line = piece->line,
        .tag = capture ? inspect : NULL,
    };
    struct tscope_error err = {0};

    inspect->input = input;
    return tscope_batch_add(inspect->batch, &item, &err) == TSCOPE_OK ? EXIT_STATUS_OK : message_error(input_name(input), &err);
}

/* capture: NULL when the piece is one token. */
static enum exit_status
inspect_token(struct inspect *inspect, const struct input *input, const struct input_piece *piece, const struct tscope_capture *capture)
{
    AUTO(heap_text) *name = NULL;
    struct judged judged = {.name = input_name(input), .line = piece->line, .is_one_of_several = capture};
    enum exit_status status;

    if (inspect->batch)
        return hand_to_batch(inspect, input, piece, capture);
    name = name_of(input, piece->line);
    status = examiner_judge(&inspect->examiner, name, input->path, piece, capture);
    if (status != EXIT_STATUS_OK)
        return status;
    judged.report = inspect->examiner.report;
    judged.verdict = tscope_report_verdict(judged.report);
    judged.is_uncertain = tscope_report_is_uncertain(judged.report);
    return take_report(inspect, input, &judged);
}

/* Before the input is closed, and before anything waits for more of it: false when there is no use in going on. */
static bool
take_all_answers(struct inspect *inspect)
{
    struct tscope_error err = {0};

    if (inspect->batch && tscope_batch_flush(inspect->batch, &err) != TSCOPE_OK)
        status_note(&inspect->tally, message_error(NULL, &err));
    return output_flush();
}

static enum exit_status
expect_several(struct inspect *inspect)
{
    struct tscope_error err = {0};

    inspect->several = true;
    if (!inspect->corpus && tscope_corpus_new((size_t)inspect->corpus_max, &inspect->corpus, &err) != TSCOPE_OK)
        return message_error(NULL, &err);
    if (inspect->recover)
        tscope_corpus_set_recovery(inspect->corpus, TSCOPE_RECOVERY_ATTEMPTS_DEFAULT, progress_recovery, NULL);
    return EXIT_STATUS_OK;
}

/* A piece may hold several tokens: each is judged by itself. */
static enum exit_status
inspect_piece(struct inspect *inspect, const struct input *input, const struct input_piece *piece)
{
    AUTO(tscope_captures) *captures = NULL;
    struct tscope_error err = {0};
    enum exit_status status;

    if (tscope_captures_find((const uint8_t *)piece->bytes, piece->bytes_len, &captures, &err) != TSCOPE_OK)
        return message_error(input_name(input), &err);
    if (tscope_captures_len(captures) < 2)
        return inspect_token(inspect, input, piece, input_sole_capture(piece, captures));
    status = expect_several(inspect);
    for (size_t i = 0; i < tscope_captures_len(captures) && status == EXIT_STATUS_OK; i++)
        status_note(&inspect->tally, inspect_token(inspect, input, piece, tscope_captures_at(captures, i)));
    return status;
}

/* False when there is no use in going on: nothing more can be written. */
static bool
inspect_input(struct inspect *inspect, struct input *input)
{
    for (;;) {
        enum exit_status status = EXIT_STATUS_OK;
        struct input_piece piece;
        enum input_result result = inspect->lines ? input_read_line(input, TSCOPE_INPUT_MAX, &piece, &status)
                                                  : input_read_all(input, TSCOPE_INPUT_MAX, &piece, &status);

        if (result == INPUT_END)
            return take_all_answers(inspect);
        status_note(&inspect->tally, result == INPUT_PIECE ? inspect_piece(inspect, input, &piece) : status);
        if (!inspect->lines || result == INPUT_FAILED)
            return take_all_answers(inspect);
        if (input_would_wait(input) ? !take_all_answers(inspect) : !output_flush())
            return false;
    }
}

static size_t
print_count(const char *separator, size_t count, const char *word)
{
    if (count > 0)
        fprintf(stderr, "%s%zu %s", separator, count, word);
    return count;
}

static void
print_summary(const struct inspect *inspect)
{
    static const struct {
        enum exit_status status;
        const char *words;
    } errors[] = {
        {EXIT_STATUS_DATA, "unusable"},
        {EXIT_STATUS_NOT_FOUND, "not found"},
        {EXIT_STATUS_UNAVAILABLE, "not supported"},
        {EXIT_STATUS_IO, "unreadable"},
        {EXIT_STATUS_INTERNAL, "not judged for want of memory or cryptography"},
    };
    size_t printed = 0;

    fputs("tokenscope: ", stderr);
    for (int i = 0; i < VERDICTS; i++)
        printed += print_count(printed ? ", " : "", inspect->verdicts[i], tscope_verdict_id((enum tscope_verdict)i));
    for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++)
        printed += print_count(printed ? ", " : "", inspect->tally.counts[errors[i].status], errors[i].words);
    fputs(printed ? "" : "no token", stderr);
    print_count("; ", tscope_corpus_findings(inspect->corpus), "found among them together");
    print_count("; ", tscope_corpus_left_out(inspect->corpus, NULL), "not compared with the others (--corpus-max)");
    fputc('\n', stderr);
}

static void
print_together_text(const tscope_corpus *corpus)
{
    unsigned width = terminal_width();
    struct tscope_corpus_view finding;
    struct tscope_corpus_token_view token;
    size_t not_kept, left_out = tscope_corpus_left_out(corpus, &not_kept);

    printf("\n== what these tokens show together ==\n");
    for (size_t i = 0; tscope_corpus_finding(corpus, i, &finding); i++) {
        printf("\n%s  %s  %s\n", tscope_severity_id(finding.severity), finding.id, finding.title);
        layout_paragraph(finding.detail, 2, width);
        for (size_t t = 0; tscope_corpus_token(corpus, i, t, &token); t++) {
            printf("  token %s  ", token.sha256);
            escape_write(stdout, token.path ? token.path : "-", strlen(token.path ? token.path : "-"));
            printf(", byte %" PRIu64 ": %s", token.byte_offset, token.part);
            if (token.pointer) {
                putchar(' ');
                escape_write(stdout, token.pointer, strlen(token.pointer));
            }
            putchar('\n');
        }
        if (finding.left_out)
            printf("  and %zu more\n", finding.left_out);
    }
    if (not_kept)
        printf("\n%zu more findings of the same kinds are not shown.\n", not_kept);
    if (left_out)
        printf("\n%zu tokens were not compared: there were too many.\n", left_out);
}

static enum exit_status
print_together_json(struct inspect *inspect)
{
    AUTO(handed_text) *json = NULL;
    struct tscope_error err = {0};
    size_t json_len = 0;

    if (tscope_corpus_json(inspect->corpus, inspect->format == FORMAT_JSON, &json, &json_len, &err) != TSCOPE_OK)
        return message_error(NULL, &err);
    if (inspect->format == FORMAT_JSON)
        print_separator(inspect, NULL);
    output_write(json, json_len);
    if (inspect->format == FORMAT_JSONL)
        output_write("\n", 1);
    inspect->reported++;
    return EXIT_STATUS_OK;
}

/* A token's verdict is its own; what tokens show together counts as "suspicious" from severity high on. */
static enum exit_status
report_together(struct inspect *inspect)
{
    struct tscope_corpus_view finding;
    struct tscope_error err = {0};
    enum exit_status status;
    bool is_bad = false;

    if (inspect->recover)
        fflush(stdout); /* what comes next may take long */
    status = tscope_corpus_finish(inspect->corpus, &err) == TSCOPE_OK ? EXIT_STATUS_OK : message_error(NULL, &err);
    progress_end();
    if (status != EXIT_STATUS_OK)
        return status;
    for (size_t i = 0; tscope_corpus_finding(inspect->corpus, i, &finding); i++)
        is_bad |= finding.severity >= TSCOPE_SEVERITY_HIGH;
    if (tscope_corpus_findings(inspect->corpus) > 0 || tscope_corpus_left_out(inspect->corpus, NULL) > 0) {
        if (inspect->format == FORMAT_TEXT)
            print_together_text(inspect->corpus);
        else if (inspect->format == FORMAT_SARIF)
            status = sarif_together(&inspect->sarif, inspect->corpus);
        else if (inspect->format == FORMAT_HTML)
            status = page_together(inspect->page, inspect->corpus);
        else
            status = print_together_json(inspect);
    }
    if (status == EXIT_STATUS_OK && is_bad && inspect->fail_on >= TSCOPE_VERDICT_SUSPICIOUS && inspect->fail_on != FAIL_ON_NEVER)
        return EXIT_STATUS_BAD;
    return status;
}

static void
inspect_operands(struct inspect *inspect)
{
    bool going = true;

    if (inspect->format == FORMAT_SARIF)
        status_note(&inspect->tally, sarif_begin());
    if (inspect->format == FORMAT_HTML)
        status_note(&inspect->tally, page_begin(&inspect->examiner, inspect->reveal, &inspect->page));
    for (size_t i = 0; i < inspect->operands.words_len && going; i++) {
        struct input input;
        enum exit_status status = input_open_operand(inspect->operands.words[i], i + 1, &input);

        if (status != EXIT_STATUS_OK) {
            status_note(&inspect->tally, status);
            continue;
        }
        going = inspect_input(inspect, &input);
        input_close(&input);
    }
    if (inspect->corpus && going)
        status_note(&inspect->tally, report_together(inspect));
    if (inspect->several && inspect->format == FORMAT_JSON)
        printf("%s]\n", inspect->reported ? "\n" : "[");
    if (inspect->format == FORMAT_SARIF)
        sarif_end();
    if (inspect->format == FORMAT_HTML)
        status_note(&inspect->tally, page_end(inspect->page));
    if (inspect->several && going) {
        fflush(stdout);
        print_summary(inspect);
    }
}

static enum exit_status
open_batch(struct inspect *inspect)
{
    struct tscope_batch_options options = {
        .size = sizeof(options),
        .flags = TSCOPE_BATCH_REPORTS | (inspect->reveal ? TSCOPE_BATCH_REVEAL : 0),
        .deliver = take_answer,
        .user = inspect,
    };
    struct tscope_error err = {0};
    enum exit_status status = jobs_count("inspect", inspect->jobs, &options.threads);

    if (inspect->format == FORMAT_JSONL)
        options.flags |= TSCOPE_BATCH_JSON;
    /* Of one file the first place of a token is the one that is shown, whether it was judged again there or not. */
    if (inspect->format == FORMAT_JSONL && inspect->operands.words_len == 1) {
        options.flags |= TSCOPE_BATCH_MEMORY;
        options.tokens_max = REMEMBERED_MAX;
    }
    if (status == EXIT_STATUS_OK && tscope_batch_new(inspect->examiner.inspector, &options, &inspect->batch, &err) != TSCOPE_OK)
        status = message_error(NULL, &err);
    return status;
}

static enum exit_status
run_inspect(int argc, char **argv)
{
    struct inspect inspect = {.examiner = EXAMINER_DEFAULT, .fail_on = TSCOPE_VERDICT_SUSPICIOUS};
    const struct option table[] = {
        EXAMINER_OPTIONS(inspect.examiner),
        {"no-embedded", OPTION_FLAG, &inspect.examiner.sources.no_embedded, NULL},
        {"password-file", OPTION_TEXT, &inspect.examiner.password_path, NULL},
        {"key-exposed-from", OPTION_TEXT, &inspect.examiner.exposed, NULL},
        {"trials", OPTION_NUMBER, &inspect.examiner.trials, NULL},
        {"format", OPTION_CHOICE, &inspect.format, formats},
        {"lines", OPTION_FLAG, &inspect.lines, NULL},
        {"jobs", OPTION_NUMBER, &inspect.jobs, NULL},
        {"corpus-max", OPTION_NUMBER, &inspect.corpus_max, NULL},
        {"recover", OPTION_FLAG, &inspect.recover, NULL},
        {"fail-on", OPTION_CHOICE, &inspect.fail_on, fail_on_words},
        {"reveal", OPTION_FLAG, &inspect.reveal, NULL},
        {"verbose", OPTION_FLAG, &inspect.verbose, NULL},
        {"color", OPTION_CHOICE, &inspect.colour, colours},
        {0},
    };
    enum exit_status status = options_parse("inspect", argc, argv, table, &inspect.operands);

    if (status == EXIT_STATUS_OK && inspect.fail_on == FAIL_ON_VALID)
        status = message_usage("inspect", "--fail-on 'valid' is not one of: forged, invalid, suspicious, unverified, never");
    if (status == EXIT_STATUS_OK)
        status = input_default("inspect", &inspect.operands);
    if (status == EXIT_STATUS_OK)
        status = examiner_open(&inspect.examiner, "inspect");
    if (status == EXIT_STATUS_OK && (inspect.lines || inspect.operands.words_len > 1))
        status = expect_several(&inspect);
    if (status == EXIT_STATUS_OK && inspect.lines)
        status = open_batch(&inspect);
    if (status == EXIT_STATUS_OK) {
        inspect_operands(&inspect);
        status = status_worst(&inspect.tally);
    }
    tscope_batch_free(inspect.batch);
    tscope_page_free(inspect.page);
    tscope_corpus_free(inspect.corpus);
    examiner_close(&inspect.examiner);
    option_list_clear(&inspect.operands);
    return status;
}

const struct verb verb_inspect = {
    .name = "inspect",
    .arguments = "[option]... [TOKEN|FILE|-]...",
    .summary = "decode, verify and check tokens; a report on each",
    .help = "Keys:\n"
            "  --keys FILE|DIR           more keys: JWK, key set, PEM, DER; repeatable\n"
            "  --history FILE            a key history of your own; repeatable\n"
            "  --secrets FILE            secrets to try on HMACs, a line each; repeatable\n"
            "  --password-file FILE      the password of tokens that were encrypted with one\n"
            "                            (PBES2); a line end behind it does not count\n"
            "  --no-embedded             without the key history that is built in\n"
            "  --key-exposed-from KID=TIME\n"
            "                            your word on when a key was first exposed\n"
            "  --profile NAME|FILE       rules for issuers: one provider's alone (apple,\n"
            "                            auth0, aws-cognito, entra, github-actions,\n"
            "                            gitlab, google, keycloak, kubernetes, okta), or\n"
            "                            those of a file ahead of all: docs/profiles.md\n"
            "What is asked:\n"
            "  --issuer ISS --audience AUD --tenant ID\n"
            "                            what the token must say\n"
            "  --require-mfa             its user must have given a second factor\n"
            "  --seen TIME (or --at)     when evidence shows it in use\n"
            "  --now TIME                in place of the clock\n"
            "  --leeway S                seconds of clock difference (300)\n"
            "  --trials N                keys that are tried for a signature whose key is\n"
            "                            not found by its name (512)\n"
            "  --payload FILE            the payload of a detached signature\n"
            "Input and output:\n"
            "  --lines                   each line is a token\n"
            "  --jobs N                  threads that judge lines (one a processor)\n"
            "  --corpus-max N            different tokens that are compared with each other\n"
            "                            (1000000); of others the summary tells how many\n"
            "  --recover                 RSA keys of unknown signers out of two tokens, too,\n"
            "                            which takes half a minute each: KEY-RECOVERED\n"
            "  --format text|json|jsonl|sarif|html\n"
            "                            for people; for programs; one report a line;\n"
            "                            SARIF 2.1.0, for code hosts: no token in it; one\n"
            "                            HTML file, to look at in a browser and hand on\n"
            "  --fail-on VERDICT         exit with 1 at forged, invalid, suspicious,\n"
            "                            unverified or worse; or never (suspicious)\n"
            "  --reveal                  signatures whole\n"
            "  --verbose                 every claim and check, and what could not be told\n"
            "  --color auto|always|never\n"
            "\n"
            "Examples:\n"
            "  tokenscope inspect < token.txt\n"
            "  tokenscope inspect --seen 2023-06-16T08:00:00Z < token.txt\n"
            "  tokenscope inspect --lines --format jsonl < tokens.txt > reports.jsonl\n"
            "  tokenscope inspect --keys jwks.json --no-embedded < token.txt\n"
            "  tokenscope inspect --format html < token.txt > report.html\n"
            "\n"
            "Exit status:\n"
            "  0   no verdict at or above --fail-on\n"
            "  1   a verdict at or above --fail-on\n"
            "  2   nothing bad, but a verdict is unverified or could have been graver\n"
            "  64  usage    65  unusable input    66  not found    69  not supported\n"
            "  70  internal error    74  input or output failed\n"
            "Of several tokens the first of 70, 74, 1, 65, 66, 69, 2, 0 that occurred.\n"
            "What several tokens show together counts as suspicious if it is high or worse.\n",
    .run = run_inspect,
};
