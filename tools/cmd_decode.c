/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <tokenscope/tokenscope.h>

#include "escape.h"
#include "input.h"
#include "memory.h"
#include "message.h"
#include "output.h"
#include "terminal.h"
#include "verbs.h"

enum { FORMAT_TEXT, FORMAT_JSON };
static const char *const formats[] = {"text", "json", NULL};
static const char *const colours[] = {"auto", "always", "never", NULL};

struct decode {
    struct option_list operands;
    int format, colour;
    bool reveal;
    int64_t now;
    struct status_tally tally;
    size_t decoded;
    bool several; /* there may be more than one token */
};

static enum tscope_status
make_text(const struct decode *decode, const tscope_token *token, char **ret_text, size_t *ret_len, struct tscope_error *err)
{
    const struct tscope_text_options options = {
        .width = terminal_width(),
        .colour = terminal_has_colour((enum terminal_colour)decode->colour),
        .reveal = decode->reveal,
    };

    if (decode->format == FORMAT_JSON)
        return tscope_token_json(token, TSCOPE_DECODE_PRETTY | (decode->reveal ? TSCOPE_DECODE_REVEAL : 0), ret_text, ret_len, err);
    return tscope_token_text(token, &options, decode->now, ret_text, ret_len, err);
}

static void
print_separator(const struct decode *decode, const char *name, const struct tscope_capture *capture)
{
    if (!decode->several)
        return;
    if (decode->format == FORMAT_JSON) {
        printf("%s", decode->decoded ? ",\n" : "[\n");
        return;
    }
    printf("%s== ", decode->decoded ? "\n" : "");
    escape_write(stdout, name, strlen(name));
    if (capture && capture->member)
        printf(", member %u", capture->member);
    else if (capture)
        printf(", byte %zu", capture->offset);
    printf(" ==\n\n");
}

/* capture: NULL when the piece is one token. */
static enum exit_status
decode_token(struct decode *decode, const char *name, const struct input_piece *piece, const struct tscope_capture *capture)
{
    AUTO(tscope_token) *token = NULL;
    AUTO(handed_text) *text = NULL;
    struct tscope_error err = {0};
    size_t text_len = 0;

    if (tscope_token_parse_capture((const uint8_t *)piece->bytes, piece->bytes_len, capture, &token, &err) != TSCOPE_OK ||
        make_text(decode, token, &text, &text_len, &err) != TSCOPE_OK)
        return message_error(name, &err);
    print_separator(decode, name, capture);
    output_write(text, text_len);
    if (text_len > 0 && text[text_len - 1] != '\n' && !(decode->several && decode->format == FORMAT_JSON))
        output_write("\n", 1);
    decode->decoded++;
    return EXIT_STATUS_OK;
}

static enum exit_status
decode_piece(struct decode *decode, const char *name, const struct input_piece *piece)
{
    AUTO(tscope_captures) *captures = NULL;
    struct tscope_error err = {0};

    if (tscope_captures_find((const uint8_t *)piece->bytes, piece->bytes_len, &captures, &err) != TSCOPE_OK)
        return message_error(name, &err);
    if (tscope_captures_len(captures) < 2)
        return decode_token(decode, name, piece, input_sole_capture(piece, captures));
    decode->several = true;
    for (size_t i = 0; i < tscope_captures_len(captures); i++)
        status_note(&decode->tally, decode_token(decode, name, piece, tscope_captures_at(captures, i)));
    return EXIT_STATUS_OK;
}

static enum exit_status
decode_operand(struct decode *decode, size_t number)
{
    struct input input;
    struct input_piece piece;
    enum exit_status status = input_open_operand(decode->operands.words[number], number + 1, &input);

    if (status != EXIT_STATUS_OK)
        return status;
    if (input_read_all(&input, TSCOPE_INPUT_MAX, &piece, &status) == INPUT_PIECE)
        status = decode_piece(decode, input_name(&input), &piece);
    input_close(&input);
    return status;
}

static enum exit_status
run_decode(int argc, char **argv)
{
    struct decode decode = {.now = TSCOPE_TIME_UNKNOWN};
    const struct option table[] = {
        {"format", OPTION_CHOICE, &decode.format, formats},
        {"reveal", OPTION_FLAG, &decode.reveal, NULL},
        {"now", OPTION_TIME, &decode.now, NULL},
        {"color", OPTION_CHOICE, &decode.colour, colours},
        {0},
    };
    enum exit_status status = options_parse("decode", argc, argv, table, &decode.operands);

    if (status == EXIT_STATUS_OK)
        status = input_default("decode", &decode.operands);
    if (status == EXIT_STATUS_OK) {
        if (decode.now == TSCOPE_TIME_UNKNOWN)
            decode.now = time(NULL);
        decode.several = decode.operands.words_len > 1;
        for (size_t i = 0; i < decode.operands.words_len && output_flush(); i++)
            status_note(&decode.tally, decode_operand(&decode, i));
        if (decode.several && decode.format == FORMAT_JSON)
            printf("%s]\n", decode.decoded ? "\n" : "[");
        status = status_worst(&decode.tally);
    }
    option_list_clear(&decode.operands);
    return status;
}

const struct verb verb_decode = {
    .name = "decode",
    .arguments = "[option]... [TOKEN|FILE|-]...",
    .summary = "show what is inside a token, and nothing about trust",
    .help = "  --format text|json        for people; for programs\n"
            "  --reveal                  signatures and other secret parts whole\n"
            "  --now TIME                in place of the clock, for \"3 h ago\"\n"
            "  --color auto|always|never\n"
            "\n"
            "No key is looked at, and no signature is checked: that is what inspect does.\n"
            "\n"
            "Examples:\n"
            "  tokenscope decode < token.txt\n"
            "  tokenscope decode --format json token.txt\n"
            "\n"
            "Exit status:\n"
            "  0   decoded    64  usage    65  unusable input    66  not found\n"
            "  70  internal error    74  input or output failed\n",
    .run = run_decode,
    .needs_no_crypto = true,
};
