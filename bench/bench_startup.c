/* SPDX-License-Identifier: Apache-2.0 */
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"
#include "tokens.h"

/** @file One token through a new process, against a process that does nothing. Operands: the empty program, and tokenscope. */

#define ARGUMENTS_MAX 12

struct program {
    const char *arguments[ARGUMENTS_MAX];
    int status;
    posix_spawn_file_actions_t quiet;
};

static bool
run_program(void *state, size_t number)
{
    struct program *program = state;
    char *arguments[ARGUMENTS_MAX];
    pid_t child;
    int status;

    (void)number;
    memcpy(arguments, program->arguments, sizeof(arguments)); /* POSIX takes them without const, and leaves them alone */
    if (posix_spawn(&child, arguments[0], &program->quiet, NULL, arguments, environ) != 0 || waitpid(child, &status, 0) != child)
        return false;
    return WIFEXITED(status) && WEXITSTATUS(status) == program->status;
}

static void
write_file(const char *path, const char *text, size_t len)
{
    FILE *file = fopen(path, "w");

    if (!file || fwrite(text, 1, len, file) != len || fclose(file) != 0)
        bench_fail("cannot write its input");
}

static void
open_program(struct program *program)
{
    if (posix_spawn_file_actions_init(&program->quiet) != 0 ||
        posix_spawn_file_actions_addopen(&program->quiet, STDOUT_FILENO, "/dev/null", O_WRONLY, 0) != 0)
        bench_fail("cannot run a program");
}

static void
compare(const struct bench_options *options, const char *empty, const char *tool, const char *token, const char *keys)
{
    struct program programs[] = {
        {.arguments = {empty}},
        {.arguments = {tool, "--version"}},
        {.arguments = {tool, "decode", "--format", "json", token}},
        {.arguments = {tool, "verify", "--signature-only", "--keys", keys, token}},
        {.arguments = {tool, "inspect", "--format", "json", "--fail-on", "never", "--keys", keys, token}},
    };
    const struct bench_variant variants[] = {
        {"a process that does nothing", run_program, &programs[0], 0, BENCH_RATE, 0},
        {"tokenscope --version", run_program, &programs[1], 0, BENCH_TIME, 0},
        {"tokenscope decode", run_program, &programs[2], 0, BENCH_TIME, 0},
        {"tokenscope verify --keys", run_program, &programs[3], 0, BENCH_TIME, 0},
        {"tokenscope inspect, built-in history", run_program, &programs[4], 0, BENCH_TIME, 0},
    };

    for (size_t i = 0; i < sizeof(programs) / sizeof(programs[0]); i++)
        open_program(&programs[i]);
    bench_compare(options, "startup", variants, sizeof(variants) / sizeof(variants[0]));
    for (size_t i = 0; i < sizeof(programs) / sizeof(programs[0]); i++)
        posix_spawn_file_actions_destroy(&programs[i].quiet);
}

int
main(int argc, char **argv)
{
    struct bench_options options;
    struct bench_tokens tokens;
    char folder[] = "/tmp/tokenscope-bench-XXXXXX", token[64], keys[64];
    int first = bench_options_read(argc, argv, &options);

    if (argc - first != 2)
        bench_fail("usage: bench_startup [option]... EMPTY-PROGRAM TOKENSCOPE");
    if (!mkdtemp(folder))
        bench_fail("cannot make a folder");
    bench_tokens_make("RS256", 1, &tokens);
    snprintf(token, sizeof(token), "%s/token", folder);
    snprintf(keys, sizeof(keys), "%s/keys.json", folder);
    write_file(token, tokens.tokens[0].text, tokens.tokens[0].len);
    write_file(keys, tokens.jwks, tokens.jwks_len);
    compare(&options, argv[first], argv[first + 1], token, keys);
    unlink(token);
    unlink(keys);
    rmdir(folder);
    bench_tokens_clear(&tokens);
    return 0;
}
