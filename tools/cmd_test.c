/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <tokenscope/tokenscope.h>

#include "confine.h"
#include "corpus.h"
#include "escape.h"
#include "examiner.h"
#include "input.h"
#include "jobs.h"
#include "junit.h"
#include "memory.h"
#include "message.h"
#include "output.h"
#include "record.h"
#include "sarif.h"
#include "vector.h"
#include "vector_keys.h"
#include "verbs.h"
#include "workers.h"

enum { FORMAT_TEXT, FORMAT_TAP, FORMAT_JUNIT, FORMAT_SARIF };
static const char *const formats[] = {"text", "tap", "junit", "sarif", NULL};

#define PROGRESS_AFTER 2 /* seconds: a run that is over by then needs none */

/* On a terminal where nothing else is written meanwhile; once a second, and only of a run that lasts. */
struct progress {
    bool shown, begun;
    time_t started, last;
};

struct test {
    struct option_list operands;
    int format;
    const char *show, *record;
    bool lines;
    long jobs;
    unsigned threads;
    struct examiner examiner; /* what --record judges with */
    struct recorder recorder;
    struct corpus corpus;
    struct vector_keys *keys; /* one a thread */
    struct junit junit;
    struct sarif sarif;
    struct status_tally tally;
    struct progress progress;
    size_t passed, failed;
};

/* What differs from the expectation in one vector: lines of text, empty when nothing does. */
struct differences {
    char *text;
    size_t text_len;
    FILE *file;
};

static void __attribute__((format(printf, 2, 3))) note(struct differences *differences, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    vfprintf(differences->file, format, arguments);
    va_end(arguments);
}

static bool
is_inconclusive(const tscope_report *report, const char *id)
{
    for (size_t i = 0; i < tscope_report_inconclusive(report); i++) {
        if (strcmp(tscope_report_inconclusive_id(report, i), id) == 0)
            return true;
    }
    return false;
}

static const char *
id_at(const json_t *ids, size_t number)
{
    return json_string_value(json_array_get(ids, number));
}

static void
compare_ids(const struct vector *vector, const tscope_report *report, struct differences *differences)
{
    for (size_t i = 0; i < json_array_size(vector->findings); i++) {
        if (!tscope_report_has(report, id_at(vector->findings, i)))
            note(differences, "expected finding %s, got none\n", id_at(vector->findings, i));
    }
    for (size_t i = 0; i < json_array_size(vector->absent); i++) {
        if (tscope_report_has(report, id_at(vector->absent, i)))
            note(differences, "expected no finding %s, got one\n", id_at(vector->absent, i));
    }
    for (size_t i = 0; i < json_array_size(vector->inconclusive); i++) {
        const char *id = id_at(vector->inconclusive, i);

        if (!is_inconclusive(report, id))
            note(differences, "expected %s to be inconclusive, got %s\n", id, tscope_report_has(report, id) ? "a finding" : "an answer");
    }
}

static bool
has_opinion(const tscope_report *report, const char *id)
{
    struct tscope_opinion_view opinion;

    for (size_t i = 0; tscope_report_opinion(report, i, &opinion); i++) {
        if (strcmp(opinion.id, id) == 0)
            return true;
    }
    return false;
}

static bool
is_listed(const json_t *ids, const char *id)
{
    for (size_t i = 0; i < json_array_size(ids); i++) {
        if (strcmp(id_at(ids, i), id) == 0)
            return true;
    }
    return false;
}

/* A second opinion is compared whole: one fault too many accuses applications that would have refused the token. */
static void
compare_opinions(const struct vector *vector, const tscope_report *report, struct differences *differences)
{
    struct tscope_opinion_view opinion;

    for (size_t i = 0; i < json_array_size(vector->opinions); i++) {
        if (!has_opinion(report, id_at(vector->opinions, i)))
            note(differences, "expected the second opinion %s, got none\n", id_at(vector->opinions, i));
    }
    for (size_t i = 0; vector->opinions && tscope_report_opinion(report, i, &opinion); i++) {
        if (!is_listed(vector->opinions, opinion.id))
            note(differences, "expected no second opinion %s, got one\n", opinion.id);
    }
}

/* Whoever reads of a difference wants to know what was found instead. */
static void
note_findings(const tscope_report *report, struct differences *differences)
{
    struct tscope_finding_view finding;

    note(differences, "it found");
    for (size_t i = 0; tscope_report_finding(report, i, &finding); i++)
        note(differences, "%s %s (%s)", i ? "," : "", finding.id, tscope_severity_id(finding.severity));
    note(differences, tscope_report_findings(report) ? "\n" : " nothing\n");
    if (tscope_report_inconclusive(report) == 0)
        return;
    note(differences, "it could not tell");
    for (size_t i = 0; i < tscope_report_inconclusive(report); i++)
        note(differences, "%s %s", i ? "," : "", tscope_report_inconclusive_id(report, i));
    note(differences, "\n");
}

static void
compare(const struct vector *vector, size_t number, const tscope_report *report, struct differences *differences)
{
    const char *verdict = tscope_verdict_id(tscope_report_verdict(report));
    const char *signature = tscope_signature_status_id(tscope_report_signature(report));
    long before = ftell(differences->file), behind;

    if (vector->verdict && strcmp(vector->verdict, verdict) != 0)
        note(differences, "expected verdict %s, got %s\n", vector->verdict, verdict);
    if (vector->signature && strcmp(vector->signature, signature) != 0)
        note(differences, "expected signature %s, got %s\n", vector->signature, signature);
    compare_ids(vector, report, differences);
    compare_opinions(vector, report, differences);
    behind = ftell(differences->file);
    if (behind == before)
        return;
    note_findings(report, differences);
    if (json_array_size(vector->tokens) > 1)
        note(differences, "with token %zu of %zu\n", number + 1, json_array_size(vector->tokens));
}

static bool
has_together(const tscope_corpus *together, const char *id)
{
    struct tscope_corpus_view finding;

    for (size_t i = 0; tscope_corpus_finding(together, i, &finding); i++) {
        if (strcmp(finding.id, id) == 0)
            return true;
    }
    return false;
}

/* Compared whole, as the second opinion is: what tokens show together is as little to be claimed wrongly. */
static void
compare_together(const struct vector *vector, const tscope_corpus *together, struct differences *differences)
{
    struct tscope_corpus_view finding;

    for (size_t i = 0; i < json_array_size(vector->together); i++) {
        if (!has_together(together, id_at(vector->together, i)))
            note(differences, "expected the tokens to show %s together, got none\n", id_at(vector->together, i));
    }
    for (size_t i = 0; tscope_corpus_finding(together, i, &finding); i++) {
        if (!is_listed(vector->together, finding.id))
            note(differences, "expected the tokens not to show %s together, got one (%s)\n", finding.id,
                 tscope_severity_id(finding.severity));
    }
}

static enum exit_status
judge_tokens(const struct vector *vector, tscope_inspector *inspector, struct differences *differences)
{
    const struct tscope_moment moment = {.seen = vector->seen, .now = vector->now};
    AUTO(tscope_report) *report = NULL;
    AUTO(tscope_corpus) *together = NULL;
    struct tscope_error err = {0};

    if (vector->together && tscope_corpus_new(0, &together, &err) != TSCOPE_OK)
        return message_error(vector->path, &err);
    for (size_t i = 0; i < json_array_size(vector->tokens); i++) {
        size_t token_len;
        AUTO(heap_text) *token = vector_token(vector, i, &token_len);

        if (tscope_inspect(inspector, (const uint8_t *)token, token_len, &moment, &report, &err) != TSCOPE_OK ||
            (together && tscope_corpus_add(together, report, 0, &err) != TSCOPE_OK))
            return message_error(vector->path, &err);
        compare(vector, i, report, differences);
    }
    if (together && tscope_corpus_finish(together, &err) != TSCOPE_OK)
        return message_error(vector->path, &err);
    if (together)
        compare_together(vector, together, differences);
    return EXIT_STATUS_OK;
}

static enum exit_status
run_vector(struct vector_keys *keys, const struct vector *vector, struct differences *differences)
{
    const struct tscope_policy policy = {.issuer = vector->issuer,
                                         .audience = vector->audience,
                                         .tenant = vector->tenant,
                                         .flags = vector->require_mfa ? TSCOPE_POLICY_REQUIRE_MFA : 0};
    const struct tscope_limits limits = examiner_limits(vector->leeway);
    AUTO(tscope_profile) *profile = NULL;
    AUTO(tscope_inspector) *inspector = NULL;
    struct tscope_error err = {0};
    tscope_keyring *keyring = NULL;
    enum exit_status status = vector_keys_get(keys, vector, &keyring);

    if (status != EXIT_STATUS_OK)
        return status;
    status = examiner_profile_load(vector->profile, vector->folder, &profile);
    if (status != EXIT_STATUS_OK)
        return status;
    if (tscope_inspector_new(keyring, profile, &limits, &policy, &inspector, &err) != TSCOPE_OK)
        return message_error(vector->path, &err);
    if (vector->payload)
        tscope_inspector_set_payload(inspector, (const uint8_t *)vector->payload, vector->payload_len);
    return judge_tokens(vector, inspector, differences);
}

static void
print_indented(const char *text, const char *indent)
{
    for (const char *line = text, *end; (end = strchr(line, '\n')); line = end + 1)
        printf("%s%.*s\n", indent, (int)(end - line), line);
}

/* place: of what was expected; NULL when the vector could not be judged. */
static enum exit_status
print_result(struct test *test, const char *path, const struct vector_place *place, const char *differences)
{
    bool failed = *differences;

    if (test->format == FORMAT_SARIF)
        return failed ? sarif_vector(&test->sarif, path, place, differences) : EXIT_STATUS_OK;
    if (test->format == FORMAT_JUNIT)
        return junit_add(&test->junit, path, differences) ? EXIT_STATUS_OK : EXIT_STATUS_INTERNAL;
    if (test->format == FORMAT_TAP)
        printf("%sok %zu - ", failed ? "not " : "", test->passed + test->failed);
    else if (failed)
        printf("FAIL ");
    if (test->format == FORMAT_TAP || failed) {
        escape_write(stdout, path, strlen(path));
        putchar('\n');
    }
    if (failed)
        print_indented(differences, test->format == FORMAT_TAP ? "# " : "     ");
    return EXIT_STATUS_OK;
}

/* What became of one file, before anything of it is printed. */
struct outcome {
    enum exit_status status;
    bool is_judged, has_vector;
    struct vector vector;
    struct differences differences; /* file NULL: closed */
    char *messages;                 /* lines for standard error */
    size_t messages_len;
};

static void
clear_outcome(void *memory)
{
    struct outcome *outcome = memory;

    free(outcome->differences.text);
    free(outcome->messages);
    if (outcome->has_vector)
        vector_clear(&outcome->vector);
}

static enum exit_status
judge_vector(struct vector_keys *keys, struct outcome *outcome)
{
    struct differences *differences = &outcome->differences;
    enum exit_status status;

    differences->file = open_memstream(&differences->text, &differences->text_len);
    status = differences->file ? run_vector(keys, &outcome->vector, differences) : EXIT_STATUS_INTERNAL;
    if (differences->file && fclose(differences->file) != 0)
        status = EXIT_STATUS_INTERNAL;
    differences->file = NULL;
    outcome->is_judged = status == EXIT_STATUS_OK;
    return status;
}

static enum exit_status
judge_file(struct vector_keys *keys, const struct corpus_file *file, struct outcome *outcome)
{
    enum exit_status status;
    enum vector_kind kind = vector_read(file->path, &outcome->vector, &status);

    if (kind == VECTOR_NONE && !file->named)
        return EXIT_STATUS_OK;
    if (kind == VECTOR_NONE)
        message_print("%s: no vector: it has no member 'expect' (at byte 0)", file->path);
    if (kind != VECTOR_READ)
        return status;
    outcome->has_vector = true;
    return judge_vector(keys, outcome);
}

/* On any thread. Its messages wait with the rest for their turn. */
static void
work_out(void *user, unsigned worker, size_t number, void *memory)
{
    struct test *test = user;
    struct outcome *outcome = memory;
    FILE *messages = open_memstream(&outcome->messages, &outcome->messages_len);

    message_hold(messages);
    outcome->status = judge_file(&test->keys[worker], &test->corpus.files[number], outcome);
    message_hold(NULL);
    if (!messages || fclose(messages) != 0)
        outcome->status = EXIT_STATUS_INTERNAL;
}

/* Unreadable vectors come last in a TAP stream that has already failed: as tests that did not pass. */
static enum exit_status
print_outcome(struct test *test, const char *path, const struct outcome *outcome)
{
    enum exit_status status = outcome->status;

    if (outcome->is_judged) {
        *(outcome->differences.text_len ? &test->failed : &test->passed) += 1;
        status = print_result(test, path, &outcome->vector.expect, outcome->differences.text);
        return status == EXIT_STATUS_OK && outcome->differences.text_len ? EXIT_STATUS_BAD : status;
    }
    if (status != EXIT_STATUS_OK) {
        test->failed++;
        status_note(&test->tally, print_result(test, path, NULL, "it could not be judged\n"));
    }
    return status;
}

static void
progress_step(struct progress *progress, size_t done, size_t total)
{
    time_t now = progress->shown ? time(NULL) : 0;

    if (!progress->shown || now == progress->last || now - progress->started < PROGRESS_AFTER)
        return;
    fprintf(stderr, "\r%zu of %zu, %zu a second\x1b[K", done, total, done / (size_t)(now - progress->started));
    progress->last = now;
    progress->begun = true;
}

static void
progress_end(const struct progress *progress)
{
    if (progress->begun)
        fputs("\r\x1b[K", stderr);
}

static bool
take_outcome(void *user, size_t number, void *memory)
{
    struct test *test = user;
    const struct outcome *outcome = memory;

    if (outcome->messages_len)
        fwrite(outcome->messages, 1, outcome->messages_len, stderr);
    status_note(&test->tally, print_outcome(test, test->corpus.files[number].path, outcome));
    progress_step(&test->progress, number + 1, test->corpus.files_len);
    return output_flush();
}

static void
judge_corpus(struct test *test)
{
    const struct workers_job job = {
        .user = test,
        .count = test->corpus.files_len,
        .threads = test->threads,
        .outcome_size = sizeof(struct outcome),
        .work = work_out,
        .take = take_outcome,
        .clear = clear_outcome,
    };

    test->keys = memory_grow(NULL, test->threads, sizeof(*test->keys));
    memset(test->keys, 0, test->threads * sizeof(*test->keys));
    workers_run(&job);
    for (unsigned i = 0; i < test->threads; i++)
        vector_keys_clear(&test->keys[i]);
    free(test->keys);
}

static void
test_corpus(struct test *test)
{
    test->progress = (struct progress){.shown = isatty(STDERR_FILENO) && !isatty(STDOUT_FILENO), .started = time(NULL)};
    if (test->format == FORMAT_TAP)
        puts("TAP version 13");
    if (test->format == FORMAT_SARIF)
        status_note(&test->tally, sarif_begin_vectors());
    if (output_flush())
        judge_corpus(test);
    progress_end(&test->progress);
    if (test->format == FORMAT_JUNIT && !junit_finish(&test->junit, stdout, "tokenscope test"))
        status_note(&test->tally, EXIT_STATUS_INTERNAL);
    if (test->format == FORMAT_SARIF)
        sarif_end();
    if (test->format == FORMAT_TAP)
        printf("1..%zu\n", test->passed + test->failed);
    if (test->format == FORMAT_TEXT)
        printf("%zu passed, %zu failed\n", test->passed, test->failed);
}

static enum exit_status
show_tokens(const char *path)
{
    struct vector vector;
    enum exit_status status;
    enum vector_kind kind = vector_read(path, &vector, &status);

    if (kind == VECTOR_NONE)
        message_print("%s: no vector: it has no member 'expect' (at byte 0)", path);
    if (kind != VECTOR_READ)
        return status;
    for (size_t i = 0; i < json_array_size(vector.tokens); i++) {
        size_t token_len;
        AUTO(heap_text) *token = vector_token(&vector, i, &token_len);

        output_write(token, token_len);
        output_write("\n", 1);
    }
    vector_clear(&vector);
    return EXIT_STATUS_OK;
}

/* ---- recording */

static void
record_file(struct test *test, const char *path)
{
    struct input input;
    enum exit_status status = input_open_path(path, &input);
    enum input_result result = INPUT_PIECE;

    if (status != EXIT_STATUS_OK) {
        status_note(&test->tally, status);
        return;
    }
    while (result != INPUT_END && result != INPUT_FAILED) {
        struct input_piece piece;

        result = test->lines ? input_read_line(&input, TSCOPE_INPUT_MAX, &piece, &status)
                             : input_read_all(&input, TSCOPE_INPUT_MAX, &piece, &status);
        if (result == INPUT_PIECE)
            status = examiner_judge(&test->examiner, path, path, &piece, NULL);
        if (result == INPUT_PIECE && status == EXIT_STATUS_OK)
            status = recorder_add(&test->recorder, &test->examiner, &input, &piece);
        status_note(&test->tally, result == INPUT_END ? EXIT_STATUS_OK : status);
        if (!test->lines || status == EXIT_STATUS_IO)
            break;
    }
    input_close(&input);
}

static void
record_corpus(struct test *test)
{
    struct progress progress = {.shown = isatty(STDERR_FILENO), .started = time(NULL)};
    const struct recorder *recorder = &test->recorder;

    for (size_t i = 0; i < test->corpus.files_len && test->tally.counts[EXIT_STATUS_IO] == 0; i++) {
        record_file(test, test->corpus.files[i].path);
        progress_step(&progress, i + 1, test->corpus.files_len);
    }
    progress_end(&progress);
    printf("%zu recorded, %zu already there\n", recorder->recorded, recorder->repeated);
    if (recorder->recorded > 0)
        message_print("%s: tokens are secrets: whoever reads these files can use those that have not expired", recorder->path);
}

/* The folder itself, when it lies inside what is to be recorded, holds vectors and no tokens. */
static enum exit_status
find_tokens(struct test *test)
{
    struct stat folder;

    test->corpus.all_files = true;
    if (fstat(test->recorder.folder, &folder) == 0) {
        test->corpus.passes_over = true;
        test->corpus.device = folder.st_dev;
        test->corpus.file_node = folder.st_ino;
    }
    for (size_t i = 0; i < test->operands.words_len; i++)
        status_note(&test->tally, corpus_add(&test->corpus, test->operands.words[i]));
    return EXIT_STATUS_OK;
}

static enum exit_status
record_operands(struct test *test)
{
    enum exit_status status;

    if (test->operands.words_len == 0)
        return message_usage("test", "which tokens are to be recorded? name files or folders");
    if (test->format != FORMAT_TEXT)
        return message_usage("test", "--record has no other format than text");
    if (test->examiner.sources.keys.words_len > 1 || test->examiner.sources.histories.words_len > 1 ||
        test->examiner.sources.secrets.words_len > 1)
        return message_usage("test", "a vector names one file of keys, one history and one file of secrets: join them first");
    status = recorder_open(&test->recorder, test->record);
    if (status != EXIT_STATUS_OK)
        return status;
    confine_files(test->recorder.folder);
    status = examiner_open(&test->examiner, "test");
    if (status == EXIT_STATUS_OK)
        status = recorder_prepare(&test->recorder, &test->examiner);
    if (status == EXIT_STATUS_OK)
        status = find_tokens(test);
    if (status != EXIT_STATUS_OK)
        return status;
    if (test->corpus.files_len > 0 || status_worst(&test->tally) == EXIT_STATUS_OK)
        record_corpus(test);
    return status_worst(&test->tally);
}

/* Vectors say themselves what they are judged with. */
static bool
has_examiner_option(const struct examiner *examiner)
{
    const struct key_sources *sources = &examiner->sources;

    return sources->keys.words_len || sources->histories.words_len || sources->secrets.words_len || sources->no_embedded ||
           examiner->policy.issuer || examiner->policy.audience || examiner->policy.tenant || examiner->leeway >= 0 ||
           examiner->moment.seen != TSCOPE_TIME_UNKNOWN || examiner->moment.now != TSCOPE_TIME_UNKNOWN || examiner->profile_name ||
           examiner->payload_path || examiner->require_mfa;
}

static enum exit_status
test_operands(struct test *test)
{
    if (test->operands.words_len == 0)
        return message_usage("test", "which vectors? name files or folders");
    for (size_t i = 0; i < test->operands.words_len; i++)
        status_note(&test->tally, corpus_add(&test->corpus, test->operands.words[i]));
    if (test->corpus.files_len > 0 || status_worst(&test->tally) == EXIT_STATUS_OK)
        test_corpus(test);
    if (test->passed + test->failed == 0 && status_worst(&test->tally) == EXIT_STATUS_OK) {
        message_print("there is no vector to test"); /* else a mistyped folder would pass for ever */
        return EXIT_STATUS_NOT_FOUND;
    }
    return status_worst(&test->tally);
}

static enum exit_status
run_test(int argc, char **argv)
{
    struct test test = {.examiner = EXAMINER_DEFAULT, .recorder = RECORDER_NONE, .jobs = 1};
    const struct option table[] = {
        EXAMINER_OPTIONS(test.examiner),
        {"no-embedded", OPTION_FLAG, &test.examiner.sources.no_embedded, NULL},
        {"record", OPTION_TEXT, &test.record, NULL},
        {"lines", OPTION_FLAG, &test.lines, NULL},
        {"format", OPTION_CHOICE, &test.format, formats},
        {"show", OPTION_TEXT, &test.show, NULL},
        {"jobs", OPTION_NUMBER, &test.jobs, NULL},
        {0},
    };
    enum exit_status status = options_parse("test", argc, argv, table, &test.operands);

    if (status == EXIT_STATUS_OK)
        status = jobs_count("test", test.jobs, &test.threads);
    if (status == EXIT_STATUS_OK && test.show && (test.operands.words_len > 0 || test.record))
        status = message_usage("test", "--show FILE stands alone");
    else if (status == EXIT_STATUS_OK && !test.record && (test.lines || has_examiner_option(&test.examiner)))
        status = message_usage("test", "keys, policy, clocks and --lines go with --record: vectors say their own");
    else if (status == EXIT_STATUS_OK && test.record)
        status = record_operands(&test);
    else if (status == EXIT_STATUS_OK) {
        confine_files(-1);
        status = test.show ? show_tokens(test.show) : test_operands(&test);
    }
    recorder_close(&test.recorder);
    examiner_close(&test.examiner);
    corpus_clear(&test.corpus);
    option_list_clear(&test.operands);
    return status;
}

const struct verb verb_test = {
    .name = "test",
    .arguments = "[option]... FILE|DIR...",
    .summary = "judge a corpus of vectors, and compare with what they expect",
    .help = "  FILE|DIR                  vectors: JSON files with a token, keys, and what is\n"
            "                            expected. Of folders all *.json, in the folders in\n"
            "                            them too; those without \"expect\" are passed over\n"
            "  --format text|tap|junit|sarif\n"
            "                            failures and a total; the Test Anything Protocol;\n"
            "                            XML for build servers; failures for code hosts\n"
            "  --jobs N                  threads that judge (1); 0: as many as there are\n"
            "                            processors. What is written is the same\n"
            "  --show FILE               print the token of one vector, for a pipe\n"
            "  --record FOLDER           judge tokens, and write each with its verdict into\n"
            "                            FOLDER as a vector; what is there stays as it is.\n"
            "                            FILE|DIR are then tokens, one a file\n"
            "With --record, as for inspect:\n"
            "  --lines                   each line is a token\n"
            "  --keys FILE --history FILE --secrets FILE --payload FILE\n"
            "  --profile NAME|FILE\n"
            "  --no-embedded --issuer ISS --audience AUD --tenant ID --require-mfa\n"
            "  --seen TIME --now TIME --leeway S\n"
            "\n"
            "Examples:\n"
            "  tokenscope test vectors\n"
            "  tokenscope test --format tap vectors/microsoft\n"
            "  tokenscope test --format junit vectors > results.xml\n"
            "  tokenscope test --show vector.json | tokenscope decode\n"
            "  tokenscope test --record corpus --keys jwks.json tokens\n"
            "\n"
            "Exit status:\n"
            "  0   every vector gives what it expects, every token is recorded\n"
            "  1   one does not\n"
            "  64  usage    65  a vector or its keys cannot be used    66  not found\n"
            "  70  internal error    74  input or output failed\n"
            "Of several the first of 70, 74, 1, 65, 66, 0 that occurred.\n",
    .run = run_test,
    .confines = true,
};
