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

/**
 * @file One token through a new process, against a process that does nothing, and against jose of latchset, which verifies the same token
 * under the same key, where that is installed. Operands: the empty program, and tokenscope.
 */

#define ARGUMENTS_MAX 12

struct program {
    const char *arguments[ARGUMENTS_MAX];
    int status;
    posix_spawn_file_actions_t quiet;
};

/** What the processes read: a token, the keys of bench_tokens_make(), and of these the token's alone. */
struct paths {
    char folder[32], token[64], keys[64], key[64];
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
compare(const struct bench_options *options, const char *group, struct program *programs, const struct bench_variant *variants, size_t len)
{
    for (size_t i = 0; i < len; i++)
        open_program(&programs[i]);
    bench_compare(options, group, variants, len);
    for (size_t i = 0; i < len; i++)
        posix_spawn_file_actions_destroy(&programs[i].quiet);
}

static void
compare_with_nothing(const struct bench_options *options, const char *empty, const char *tool, const struct paths *paths)
{
    const char *token = paths->token, *keys = paths->keys;
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

    compare(options, "startup", programs, variants, sizeof(variants) / sizeof(variants[0]));
}

static const char *
find_jose(void)
{
    static const char *const places[] = {"/usr/bin/jose", "/usr/local/bin/jose"};

    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
        if (access(places[i], X_OK) == 0)
            return places[i];
    }
    return NULL;
}

static void
compare_with_jose(const struct bench_options *options, const char *tool, const struct paths *paths)
{
    const char *jose = find_jose(), *token = paths->token, *key = paths->key;
    struct program programs[] = {
        {.arguments = {jose, "jws", "ver", "-i", token, "-k", key}},
        {.arguments = {tool, "decode", token}},
        {.arguments = {tool, "verify", "--signature-only", "--keys", key, token}},
    };
    const struct bench_variant variants[] = {
        {"jose jws ver", run_program, &programs[0], 0, BENCH_RATE, 0},
        {"tokenscope decode", run_program, &programs[1], 0, BENCH_TIME, 0.60},
        {"tokenscope verify --keys", run_program, &programs[2], 0, BENCH_TIME, 0.75},
    };

    if (jose)
        compare(options, "startup, jose", programs, variants, sizeof(variants) / sizeof(variants[0]));
}

static void
write_inputs(const struct bench_tokens *tokens, struct paths *paths)
{
    const char *last = strrchr(tokens->jwks, '{'); /* the key of the tokens; "]}" stands behind it */

    if (!mkdtemp(paths->folder))
        bench_fail("cannot make a folder");
    snprintf(paths->token, sizeof(paths->token), "%s/token", paths->folder);
    snprintf(paths->keys, sizeof(paths->keys), "%s/keys.json", paths->folder);
    snprintf(paths->key, sizeof(paths->key), "%s/key.json", paths->folder);
    write_file(paths->token, tokens->tokens[0].text, tokens->tokens[0].len);
    write_file(paths->keys, tokens->jwks, tokens->jwks_len);
    write_file(paths->key, last, strlen(last) - strlen("]}"));
}

int
main(int argc, char **argv)
{
    struct bench_options options;
    struct paths paths = {.folder = "/tmp/tokenscope-bench-XXXXXX"};
    struct bench_tokens tokens;
    int first = bench_options_read(argc, argv, &options);

    if (argc - first != 2)
        bench_fail("usage: bench_startup [option]... EMPTY-PROGRAM TOKENSCOPE");
    bench_tokens_make("RS256", 1, &tokens);
    write_inputs(&tokens, &paths);
    compare_with_nothing(&options, argv[first], argv[first + 1], &paths);
    compare_with_jose(&options, argv[first + 1], &paths);
    unlink(paths.token);
    unlink(paths.keys);
    unlink(paths.key);
    rmdir(paths.folder);
    bench_tokens_clear(&tokens);
    return 0;
}
