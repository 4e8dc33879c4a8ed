/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <tokenscope/tokenscope.h>

#include "escape.h"
#include "examiner.h"
#include "input.h"
#include "memory.h"
#include "message.h"
#include "output.h"
#include "password.h"
#include "verbs.h"

struct decrypt {
    struct key_sources sources;
    struct option_list operands;
    const char *password_path;
    tscope_keyring *keyring;
    struct password password;
};

/* Byte for byte, except where a terminal would act on them. */
static void
write_plaintext(const char *plaintext, size_t plaintext_len)
{
    if (!isatty(STDOUT_FILENO)) {
        output_write(plaintext, plaintext_len);
        return;
    }
    escape_write(stdout, plaintext, plaintext_len);
    fputc('\n', stdout);
}

static enum exit_status
decrypt_piece(const struct decrypt *decrypt, const char *name, const struct input_piece *piece)
{
    const struct tscope_decrypt_options options = {
        .size = sizeof(options), .password = (const uint8_t *)decrypt->password.bytes, .password_len = decrypt->password.len};
    struct tscope_decryption_answer answer;
    struct tscope_error err = {0};
    AUTO(handed_text) *plaintext = NULL;
    size_t plaintext_len;

    if (tscope_decrypt(decrypt->keyring, (const uint8_t *)piece->bytes, piece->bytes_len, &options, &plaintext, &plaintext_len, &answer,
                       &err) != TSCOPE_OK)
        return message_error(name, &err);
    if (answer.status == TSCOPE_DECRYPTION_DECRYPTED) {
        write_plaintext(plaintext, plaintext_len);
        return EXIT_STATUS_OK;
    }
    message_print("%s: not decrypted: %s", name, answer.reason);
    return answer.status == TSCOPE_DECRYPTION_FAILED ? EXIT_STATUS_BAD : EXIT_STATUS_UNDECIDED;
}

static enum exit_status
decrypt_operand(const struct decrypt *decrypt)
{
    struct input input;
    struct input_piece piece;
    enum exit_status status = input_open_operand(decrypt->operands.words[0], 1, &input);

    if (status != EXIT_STATUS_OK)
        return status;
    if (input_read_all(&input, TSCOPE_INPUT_MAX, &piece, &status) == INPUT_PIECE)
        status = decrypt_piece(decrypt, input_name(&input), &piece);
    input_close(&input);
    return status;
}

/* Several plaintexts one behind the other could not be told apart. */
static enum exit_status
check_operands(struct decrypt *decrypt)
{
    if (decrypt->sources.keys.words_len == 0 && !decrypt->password_path)
        return message_usage("decrypt", "--keys FILE or --password-file FILE is needed");
    if (decrypt->operands.words_len > 1)
        return message_usage("decrypt", "one token at a time");
    return input_default("decrypt", &decrypt->operands);
}

static enum exit_status
run_decrypt(int argc, char **argv)
{
    struct decrypt decrypt = {.sources = {.no_embedded = true}};
    const struct option table[] = {
        {"keys", OPTION_LIST, &decrypt.sources.keys, NULL},
        {"password-file", OPTION_TEXT, &decrypt.password_path, NULL},
        {0},
    };
    enum exit_status status = options_parse("decrypt", argc, argv, table, &decrypt.operands);

    if (status == EXIT_STATUS_OK)
        status = check_operands(&decrypt);
    if (status == EXIT_STATUS_OK && decrypt.password_path)
        status = password_load(decrypt.password_path, &decrypt.password);
    if (status == EXIT_STATUS_OK)
        status = key_sources_load(&decrypt.sources, &decrypt.keyring);
    if (status == EXIT_STATUS_OK)
        status = decrypt_operand(&decrypt);
    password_clear(&decrypt.password);
    tscope_keyring_free(decrypt.keyring);
    key_sources_clear(&decrypt.sources);
    option_list_clear(&decrypt.operands);
    return status;
}

const struct verb verb_decrypt = {
    .name = "decrypt",
    .arguments = "--keys FILE [option]... [TOKEN|FILE|-]",
    .summary = "decrypt a token, and write what it carries",
    .help = "  --keys FILE|DIR           private keys and secrets; repeatable\n"
            "  --password-file FILE      the password of a token that was encrypted with one\n"
            "                            (PBES2); a line end behind it does not count\n"
            "\n"
            "The plaintext is written as it is, without a line end; to a terminal, escaped.\n"
            "A damaged token is refused, not repaired. To judge a token inside another one:\n"
            "tokenscope inspect --keys FILE.\n"
            "\n"
            "Examples:\n"
            "  tokenscope decrypt --keys private.jwk < token.txt\n"
            "  tokenscope decrypt --password-file password.txt token.txt > plaintext\n"
            "\n"
            "Exit status:\n"
            "  0   decrypted\n"
            "  1   refused: altered, for another key, or asking for what is not done\n"
            "  2   no private key, secret or password at hand fits it\n"
            "  64  usage    65  no encrypted token, or an unusable key file    66  not found\n"
            "  70  internal error    74  input or output failed\n",
    .run = run_decrypt,
};
