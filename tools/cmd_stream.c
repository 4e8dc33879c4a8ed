/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <jansson.h>
#include <tokenscope/tokenscope.h>

#include "examiner.h"
#include "input.h"
#include "jobs.h"
#include "memory.h"
#include "message.h"
#include "output.h"
#include "verbs.h"

/* Seconds by which a clock that nobody set may be behind. */
#define CLOCK_BEHIND 60

#define SCORE_LINE_MAX (16u << 20) /* of a token and all rows that were joined to it */

struct stream {
    struct examiner examiner;
    unsigned threads;
    bool clock_is_set; /* by --now */
    struct option_list operands;
    long jobs;
    bool normalize, reveal, score;
    tscope_batch *batch;
    tscope_stream *lines;
    struct tscope_error refusal; /* of the line at hand */
    bool failed;                 /* something that no line is to blame for: not every line has its answer */
};

/* What programs tell errors by. */
static const char *
code_of(enum tscope_status status)
{
    switch (status) {
    case TSCOPE_ERR_DATA:
    case TSCOPE_ERR_ARGUMENT:
        return "unusable";
    case TSCOPE_ERR_TOO_LARGE:
        return "too-large";
    case TSCOPE_ERR_UNSUPPORTED:
        return "not-supported";
    default:
        return "internal";
    }
}

static void
write_error(const struct tscope_batch_answer *answer)
{
    json_t *message = json_string(answer->err.message[0] ? answer->err.message : tscope_status_text(answer->status));
    char *text = message ? json_dumps(message, JSON_ENCODE_ANY | JSON_ENSURE_ASCII) : NULL;

    json_decref(message);
    output_write("{\"id\":", 6);
    output_write(answer->id ? answer->id : "null", answer->id ? answer->id_len : 4);
    printf(",\"error\":{\"code\":\"%s\",\"message\":%s}}\n", code_of(answer->status), text ? text : "\"\"");
    free(text);
}

static void
write_answer(void *user, const struct tscope_batch_answer *answer)
{
    (void)user;
    if (answer->status != TSCOPE_OK) {
        write_error(answer);
        return;
    }
    output_write(answer->json, answer->json_len);
    output_write("\n", 1);
}

static void
take_line(struct stream *stream, const struct input_piece *piece, enum input_result result)
{
    struct tscope_batch_item item = {.moment = stream->examiner.moment, .line = piece->line};
    struct tscope_error err = {0};

    stream->refusal = (struct tscope_error){0};
    if (result == INPUT_LONG) {
        stream->refusal = (struct tscope_error){.status = TSCOPE_ERR_TOO_LARGE, .offset = TSCOPE_OFFSET_NONE};
        snprintf(stream->refusal.message, sizeof(stream->refusal.message), "the line is over %u bytes", TSCOPE_INPUT_MAX);
        item.refusal = &stream->refusal;
    } else if (tscope_stream_read(stream->lines, (const uint8_t *)piece->bytes, piece->bytes_len, &item, &stream->refusal) != TSCOPE_OK) {
        item.refusal = &stream->refusal;
    }
    if (tscope_batch_add(stream->batch, &item, &err) != TSCOPE_OK) {
        message_error("standard input", &err);
        stream->failed = true;
    }
}

/* Whoever waits for an answer before the next line gets it now. */
static void
answer_all(struct stream *stream)
{
    struct tscope_error err = {0};

    if (tscope_batch_flush(stream->batch, &err) != TSCOPE_OK)
        stream->failed = true;
    if (fflush(stdout) != 0)
        stream->failed = true;
}

/* ---- --score: joined rows in place of tokens */

static void
score_line(struct stream *stream, tscope_scorer *scorer, const struct input_piece *piece, enum input_result result)
{
    struct tscope_batch_answer answer = {.status = TSCOPE_ERR_TOO_LARGE};

    if (result == INPUT_LONG)
        snprintf(answer.err.message, sizeof(answer.err.message), "the line is over %u bytes", SCORE_LINE_MAX);
    else
        answer.status = tscope_score_line(scorer, (const uint8_t *)piece->bytes, piece->bytes_len, &answer.json, &answer.json_len,
                                          &answer.id, &answer.id_len, &answer.err);
    write_answer(stream, &answer);
    stream->failed = stream->failed || answer.status == TSCOPE_ERR_NO_MEMORY;
}

static enum exit_status
score_lines(struct stream *stream)
{
    struct tscope_error err = {0};
    tscope_scorer *scorer = NULL;
    enum exit_status status = EXIT_STATUS_OK;
    struct input input;

    if (tscope_scorer_new(&scorer, &err) != TSCOPE_OK)
        return message_error(NULL, &err);
    status = input_open_operand("-", 1, &input);
    while (status == EXIT_STATUS_OK && !stream->failed && !ferror(stdout)) {
        struct input_piece piece;
        enum input_result result;

        if (input_would_wait(&input) && fflush(stdout) != 0)
            stream->failed = true;
        result = input_read_any_line(&input, SCORE_LINE_MAX, &piece, &status);
        if (result == INPUT_END || result == INPUT_FAILED)
            break;
        score_line(stream, scorer, &piece, result);
    }
    input_close(&input);
    tscope_scorer_free(scorer);
    return status != EXIT_STATUS_OK || stream->failed ? EXIT_STATUS_IO : EXIT_STATUS_OK;
}

static enum exit_status
open_batch(struct stream *stream)
{
    const struct tscope_batch_options options = {
        .size = sizeof(options),
        .flags =
            TSCOPE_BATCH_MEMORY | (stream->normalize ? TSCOPE_BATCH_ROWS : TSCOPE_BATCH_JSON) | (stream->reveal ? TSCOPE_BATCH_REVEAL : 0),
        .threads = stream->threads,
        .deliver = write_answer,
        .user = stream,
    };
    struct tscope_error err = {0};

    if (tscope_batch_new(stream->examiner.inspector, &options, &stream->batch, &err) != TSCOPE_OK)
        return message_error(NULL, &err);
    return EXIT_STATUS_OK;
}

/*
 * An engine keeps its processes for weeks, and what has expired changes meanwhile. All that was answered is forgotten with the old
 * clock: nothing of it would be asked for again.
 */
static enum exit_status
keep_clock(struct stream *stream)
{
    int64_t now = time(NULL);

    if (stream->clock_is_set || (now >= stream->examiner.moment.now && now - stream->examiner.moment.now < CLOCK_BEHIND))
        return EXIT_STATUS_OK;
    stream->examiner.moment.now = now;
    tscope_batch_free(stream->batch);
    stream->batch = NULL;
    return open_batch(stream);
}

static enum exit_status
answer_lines(struct stream *stream)
{
    enum exit_status status = EXIT_STATUS_OK;
    struct input input;

    status = input_open_operand("-", 1, &input);
    while (status == EXIT_STATUS_OK && !stream->failed && !ferror(stdout)) {
        struct input_piece piece;
        enum input_result result;

        bool would_wait = input_would_wait(&input);

        if (would_wait)
            answer_all(stream);
        result = input_read_any_line(&input, TSCOPE_INPUT_MAX, &piece, &status);
        if (result == INPUT_END || result == INPUT_FAILED)
            break;
        if (would_wait)
            status = keep_clock(stream);
        if (status != EXIT_STATUS_OK)
            break;
        take_line(stream, &piece, result);
    }
    if (stream->batch)
        answer_all(stream);
    input_close(&input);
    return status != EXIT_STATUS_OK || stream->failed ? EXIT_STATUS_IO : EXIT_STATUS_OK;
}

static enum exit_status
run_stream(int argc, char **argv)
{
    struct stream stream = {.examiner = EXAMINER_DEFAULT, .jobs = 1};
    const struct option table[] = {
        EXAMINER_OPTIONS(stream.examiner),
        {"no-embedded", OPTION_FLAG, &stream.examiner.sources.no_embedded, NULL},
        {"password-file", OPTION_TEXT, &stream.examiner.password_path, NULL},
        {"key-exposed-from", OPTION_TEXT, &stream.examiner.exposed, NULL},
        {"trials", OPTION_NUMBER, &stream.examiner.trials, NULL},
        {"jobs", OPTION_NUMBER, &stream.jobs, NULL},
        {"normalize", OPTION_FLAG, &stream.normalize, NULL},
        {"reveal", OPTION_FLAG, &stream.reveal, NULL},
        {"score", OPTION_FLAG, &stream.score, NULL},
        {0},
    };
    struct tscope_error err = {0};
    enum exit_status status = options_parse("stream", argc, argv, table, &stream.operands);

    if (status == EXIT_STATUS_OK && stream.operands.words_len > 0)
        status = message_usage("stream", "it reads standard input alone");
    if (status == EXIT_STATUS_OK && stream.score) {
        status = stream.normalize ? message_usage("stream", "--score takes rows that --normalize gave before") : score_lines(&stream);
        option_list_clear(&stream.operands);
        return status;
    }
    if (status == EXIT_STATUS_OK)
        status = jobs_count("stream", stream.jobs, &stream.threads);
    stream.clock_is_set = stream.examiner.moment.now != TSCOPE_TIME_UNKNOWN;
    if (status == EXIT_STATUS_OK)
        status = examiner_open(&stream.examiner, "stream");
    if (status == EXIT_STATUS_OK)
        status = open_batch(&stream);
    if (status == EXIT_STATUS_OK && tscope_stream_new(&stream.lines, &err) != TSCOPE_OK)
        status = message_error(NULL, &err);
    if (status == EXIT_STATUS_OK)
        status = answer_lines(&stream);
    tscope_batch_free(stream.batch);
    tscope_stream_free(stream.lines);
    examiner_close(&stream.examiner);
    option_list_clear(&stream.operands);
    return status;
}

const struct verb verb_stream = {
    .name = "stream",
    .arguments = "[option]... < LINES",
    .summary = "answer each line with one line, for pipelines",
    .help = "Each line of standard input is a token, or a JSON object:\n"
            "  {\"id\": any value, \"token\": \"...\", \"seen\": \"2026-07-01T12:00:00Z\"}\n"
            "Each gets one line, in the same order: its report with this id, or\n"
            "  {\"id\": ..., \"error\": {\"code\": \"unusable\", \"message\": \"...\"}}\n"
            "Answers are written out whenever the input pauses. Nothing is said on standard\n"
            "error once the keys are loaded.\n"
            "\n"
            "Keys:\n"
            "  --keys FILE|DIR  --history FILE  --secrets FILE  --no-embedded\n"
            "  --password-file FILE  --key-exposed-from KID=TIME  --profile NAME\n"
            "What is asked:\n"
            "  --issuer ISS  --audience AUD  --tenant ID  --require-mfa\n"
            "  --seen TIME (or --at)     for lines without a \"seen\" of their own\n"
            "  --now TIME  --leeway S  --payload FILE\n"
            "  --trials N                keys that are tried for a signature whose key is\n"
            "                            not found by its name (512); fewer are quicker\n"
            "Output:\n"
            "  --normalize               flat rows in place of reports: what tables are\n"
            "                            joined on, and the verdict\n"
            "  --score                   lines are tokens with the log rows that an engine\n"
            "                            joined to them; docs/stream.md\n"
            "  --jobs N                  threads that judge (1)\n"
            "  --reveal                  signatures whole\n"
            "\n"
            "Examples:\n"
            "  tokenscope stream < tokens.jsonl > reports.jsonl\n"
            "  tokenscope stream --normalize --jobs 4 < tokens.jsonl > rows.jsonl\n"
            "\n"
            "Exit status:\n"
            "  0   every line was answered, whatever the verdicts\n"
            "  64  usage    65, 66, 69  keys that cannot be used, found, or are not supported\n"
            "  70  internal error    74  input or output failed\n",
    .run = run_stream,
};
