/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include <jansson.h>

#include <tokenscope/tokenscope.h>

#include "escape.h"
#include "examiner.h"
#include "input.h"
#include "memory.h"
#include "message.h"
#include "output.h"
#include "verbs.h"

enum { FORMAT_TEXT, FORMAT_JSON };
static const char *const formats[] = {"text", "json", NULL};

struct verify {
    struct examiner examiner;
    struct option_list operands;
    int format;
    bool signature_only, all_signatures, any_key, cross_check;
    struct status_tally tally;
};

/* What the gate said of one token. */
struct answer {
    enum tscope_gate gate;
    const char *cross_check;        /* what a second implementation says; NULL: not asked for */
    const char *reason, *alg, *kid; /* the last two only where a key verified it; NULL: none */
};

/* By enum tscope_gate. */
static const char *const text_words[] = {"accepted", "refused", "no key"};
static const char *const json_words[] = {"accepted", "refused", "no-key"};

static void
print_text(const struct verify *verify, const char *name, const struct answer *answer)
{
    if (verify->operands.words_len > 1) {
        escape_write(stdout, name, strlen(name));
        fputs(": ", stdout);
    }
    printf("%s: ", text_words[answer->gate]);
    if (answer->gate != TSCOPE_GATE_ACCEPT) {
        escape_write(stdout, answer->reason, strlen(answer->reason));
    } else {
        fputs("verified by ", stdout);
        if (answer->kid) {
            fputs("kid '", stdout);
            escape_write(stdout, answer->kid, strlen(answer->kid));
            fputc('\'', stdout);
        } else {
            fputs("a key without kid", stdout);
        }
        printf(" (%s)", answer->alg ? answer->alg : "?");
    }
    if (answer->cross_check)
        printf("; cjose %s", answer->cross_check);
    fputc('\n', stdout);
}

static void
print_json(const struct verify *verify, const char *name, const struct answer *answer)
{
    AUTO(json_t) *object =
        json_pack("{s:s, s:s, s:s, s:s*, s:s*, s:s*}", "schema", "tokenscope.verify/1", "result", json_words[answer->gate], "reason",
                  answer->reason, "kid", answer->kid, "alg", answer->alg, "cross_check", answer->cross_check);

    if (object && verify->operands.words_len > 1)
        json_object_set_new(object, "source", json_string(name));
    if (object && json_dumpf(object, stdout, JSON_COMPACT | JSON_ENSURE_ASCII) == 0)
        fputc('\n', stdout);
}

/* A second implementation that says otherwise leaves no answer to rely on: refused, with both results. */
static enum exit_status
cross_check(const struct verify *verify, struct answer *answer)
{
    static const char *const words[] = {"was not asked", "agrees", "disagrees"};
    enum tscope_cross_check crossed;
    struct tscope_error err = {0};

    if (!verify->cross_check)
        return EXIT_STATUS_OK;
    if (tscope_report_cross_check(verify->examiner.report, &crossed, &err) != TSCOPE_OK)
        return message_error(NULL, &err);
    answer->cross_check = words[crossed];
    if (crossed != TSCOPE_CROSS_CHECK_DISAGREES)
        return EXIT_STATUS_OK;
    answer->reason = answer->gate == TSCOPE_GATE_ACCEPT ? "the signature verifies here, and not with cjose"
                                                        : "the signature verifies with cjose, and not here";
    answer->gate = TSCOPE_GATE_REFUSE;
    return EXIT_STATUS_OK;
}

static enum exit_status
verify_piece(struct verify *verify, const struct input *input, const struct input_piece *piece)
{
    unsigned flags = (verify->signature_only ? TSCOPE_GATE_SIGNATURE_ONLY : 0) | (verify->all_signatures ? TSCOPE_GATE_ALL_SIGNATURES : 0) |
                     (verify->any_key ? TSCOPE_GATE_ANY_KEY : 0);
    struct answer answer = {0};
    enum exit_status status = examiner_judge(&verify->examiner, input_name(input), input->path, piece, NULL);

    if (status != EXIT_STATUS_OK)
        return status;
    answer.gate = tscope_report_gate(verify->examiner.report, flags, &answer.reason);
    if (!answer.reason)
        answer.reason = "the signature verifies";
    if (answer.gate == TSCOPE_GATE_ACCEPT) {
        const tscope_key *key = tscope_report_key(verify->examiner.report);

        answer.alg = tscope_report_alg(verify->examiner.report);
        answer.kid = key ? tscope_key_kid(key) : NULL;
    }
    status = cross_check(verify, &answer);
    if (status != EXIT_STATUS_OK)
        return status;
    if (verify->format == FORMAT_JSON)
        print_json(verify, input_name(input), &answer);
    else
        print_text(verify, input_name(input), &answer);
    return answer.gate == TSCOPE_GATE_ACCEPT ? EXIT_STATUS_OK : answer.gate == TSCOPE_GATE_REFUSE ? EXIT_STATUS_BAD : EXIT_STATUS_UNDECIDED;
}

static enum exit_status
verify_operand(struct verify *verify, size_t number)
{
    struct input input;
    struct input_piece piece;
    enum exit_status status = input_open_operand(verify->operands.words[number], number + 1, &input);

    if (status != EXIT_STATUS_OK)
        return status;
    if (input_read_all(&input, TSCOPE_INPUT_MAX, &piece, &status) == INPUT_PIECE)
        status = verify_piece(verify, &input, &piece);
    input_close(&input);
    return status;
}

static enum exit_status
run_verify(int argc, char **argv)
{
    struct verify verify = {.examiner = EXAMINER_DEFAULT};
    const struct option table[] = {
        EXAMINER_OPTIONS(verify.examiner),
        {"signature-only", OPTION_FLAG, &verify.signature_only, NULL},
        {"all-signatures", OPTION_FLAG, &verify.all_signatures, NULL},
        {"any-key", OPTION_FLAG, &verify.any_key, NULL},
        {"cross-check", OPTION_FLAG, &verify.cross_check, NULL},
        {"format", OPTION_CHOICE, &verify.format, formats},
        {0},
    };
    enum exit_status status;

    verify.examiner.sources.no_embedded = true;
    status = options_parse("verify", argc, argv, table, &verify.operands);
    if (status == EXIT_STATUS_OK &&
        verify.examiner.sources.keys.words_len + verify.examiner.sources.histories.words_len + verify.examiner.sources.secrets.words_len ==
            0)
        status = message_usage("verify", "--keys FILE is needed: only keys that are given count here");
    if (status == EXIT_STATUS_OK)
        status = input_default("verify", &verify.operands);
    if (status == EXIT_STATUS_OK)
        status = examiner_open(&verify.examiner, "verify");
    if (status == EXIT_STATUS_OK) {
        for (size_t i = 0; i < verify.operands.words_len && output_flush(); i++)
            status_note(&verify.tally, verify_operand(&verify, i));
        status = status_worst(&verify.tally);
    }
    examiner_close(&verify.examiner);
    option_list_clear(&verify.operands);
    return status;
}

const struct verb verb_verify = {
    .name = "verify",
    .arguments = "--keys FILE [option]... [TOKEN|FILE|-]...",
    .summary = "accept or refuse a token, as a strict validator would",
    .help = "  --keys FILE|DIR           the keys to trust; repeatable. Nothing else counts\n"
            "  --history FILE            a key history to trust; repeatable\n"
            "  --secrets FILE            secrets to trust, a line each; repeatable\n"
            "  --profile NAME|FILE       rules for issuers: one provider's alone, or those of\n"
            "                            a file ahead of all; see inspect\n"
            "  --payload FILE            the payload of a detached signature\n"
            "  --issuer ISS --audience AUD --tenant ID\n"
            "                            what the token must say\n"
            "  --require-mfa             its user must have given a second factor\n"
            "  --seen TIME (or --at)     when it must hold (now)\n"
            "  --now TIME                in place of the clock\n"
            "  --leeway S                seconds of clock difference (300)\n"
            "  --signature-only          no clock, policy or issuer: signatures, form only\n"
            "  --all-signatures          every signature must have a key\n"
            "  --any-key                 another key than the one it names may verify it\n"
            "  --cross-check             a second implementation (cjose) must not disagree\n"
            "  --format text|json\n"
            "\n"
            "A damaged token is refused, not repaired, and so is one under a secret or an RSA\n"
            "key that is shorter than RFC 7518 requires. To learn why: tokenscope inspect.\n"
            "\n"
            "Examples:\n"
            "  tokenscope verify --keys jwks.json --audience api://mine < token.txt\n"
            "  tokenscope verify --keys key.pem --signature-only --payload body.bin < sig.txt\n"
            "\n"
            "Exit status:\n"
            "  0   accepted: every signature that has a key verifies, one at least does, and\n"
            "      everything asked holds\n"
            "  1   refused    2  no key to judge with\n"
            "  64  usage    65  unusable token or key file    66  not found\n"
            "  69  not supported    70  internal error    74  input or output failed\n",
    .run = run_verify,
};
