/* SPDX-License-Identifier: Apache-2.0 */
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <tokenscope/tokenscope.h>

#include "beside.h"
#include "confine.h"
#include "libcrypto.h"
#include "message.h"
#include "output.h"
#include "verbs.h"

#define VERBS_MAX 16 /* of which one is NULL */

static const char usage_end[] = "\n"
                                "  tokenscope VERB --help    options, examples and exit statuses of a verb\n"
                                "  tokenscope --version      version, features, how far the key history reaches\n"
                                "\n"
                                "Examples:\n"
                                "  tokenscope inspect < token.txt\n"
                                "  tokenscope inspect --seen 2023-06-16T08:00:00Z --format json < token.txt\n"
                                "  tokenscope keys show 1LTMzakihiRla_8z2BEJVXeWMqo\n"
                                "\n"
                                "Give tokens on standard input or as files: arguments show in the process list.\n"
                                "\n"
                                "Exit status: 0 nothing bad, 1 bad, 2 could not be decided, 64 usage, 65 unusable\n"
                                "input, 66 not found, 69 not supported, 70 internal, 74 input or output failed.\n";

static void
print_usage(FILE *file)
{
    fputs("Usage: tokenscope VERB [option|operand]...\n\nJudges captured tokens: who signed one, and was that key entitled to, then?\n\n",
          file);
    for (size_t i = 0; program_verbs[i]; i++)
        fprintf(file, "  %-8s %s\n", program_verbs[i]->name, program_verbs[i]->summary);
    fputs(usage_end, file);
}

static enum exit_status
print_help(const struct verb *verb)
{
    printf("Usage: tokenscope %s %s\n\n%s.\n\n%s", verb->name, verb->arguments, verb->summary, verb->help);
    return EXIT_STATUS_OK;
}

static void
print_version(void)
{
    char until[TSCOPE_TIME_TEXT_SIZE];

    tscope_time_to_text(tscope_history_until(), until);
    printf("tokenscope %s\n", tscope_version());
    printf("features: %s\n", tscope_features());
    printf("key history: until %.10s, sha256 %s\n", until, tscope_history_digest());
}

static const struct verb *
find_verb(const char *name)
{
    for (size_t i = 0; program_verbs[i]; i++) {
        if (strcmp(program_verbs[i]->name, name) == 0)
            return program_verbs[i];
    }
    return NULL;
}

static enum exit_status
refuse_verb(const char *name)
{
    const char *names[VERBS_MAX] = {0}, *nearest;

    for (size_t i = 0; program_verbs[i] && i + 1 < VERBS_MAX; i++)
        names[i] = program_verbs[i]->name;
    nearest = message_nearest(name, names);
    if (nearest)
        return message_usage(NULL, "no verb '%.40s'; did you mean '%s'?", name, nearest);
    if (strlen(name) > 40 || strchr(name, '.')) /* perhaps a token: not repeated */
        return message_usage(NULL, "the first argument is no verb; to judge a token: tokenscope inspect < token.txt");
    return message_usage(NULL, "no verb '%.40s'", name);
}

/* "--help" anywhere before "--", but not as the value of an option such as "--issuer --help": nobody means that. */
static bool
asks_for_help(int argc, char **argv)
{
    for (int i = 0; i < argc && strcmp(argv[i], "--") != 0; i++) {
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)
            return true;
    }
    return false;
}

static enum exit_status
run(int argc, char **argv)
{
    const struct verb *verb;

    if (argc < 2) {
        print_usage(stderr);
        return EXIT_STATUS_USAGE;
    }
    if (strcmp(argv[1], "--version") == 0 || strcmp(argv[1], "-V") == 0) {
        print_version();
        return EXIT_STATUS_OK;
    }
    verb = argc > 2 && strcmp(argv[1], "help") == 0 ? find_verb(argv[2]) : NULL;
    if (verb)
        return verb->program ? beside_become(verb->program, argv) : print_help(verb);
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "help") == 0) {
        print_usage(stdout);
        return EXIT_STATUS_OK;
    }
    if (argv[1][0] == '-')
        return message_usage(NULL, "no option '%.40s' before the verb", argv[1]);
    verb = find_verb(argv[1]);
    if (!verb)
        return refuse_verb(argv[1]);
    if (verb->program)
        return beside_become(verb->program, argv);
    if (asks_for_help(argc - 2, argv + 2))
        return print_help(verb);
    return verb->run(argc - 2, argv + 2);
}

/* Started without standard input or output, the next files opened would take their place, and be written into. */
static void
keep_descriptors(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
        if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", O_RDONLY) < 0)
            _exit(EXIT_STATUS_IO);
    }
}

static bool
needs_crypto(int argc, char **argv)
{
    const struct verb *verb = argc > 1 ? find_verb(argv[1]) : NULL;

    return verb && !verb->needs_no_crypto && !verb->program;
}

/* The verb does, or the program that has it: one that may start no other program could not start that. */
static bool
confines_itself(int argc, char **argv)
{
    const struct verb *verb = argc > 2 && strcmp(argv[1], "help") == 0 ? find_verb(argv[2]) : argc > 1 ? find_verb(argv[1]) : NULL;

    return verb && (verb->confines || verb->program);
}

int
main(int argc, char **argv)
{
    struct status_tally tally = {0};

    keep_descriptors();
    confine_memory();
    /* A closed output ends the program quietly, also where the caller ignores the signal. */
    signal(SIGPIPE, SIG_DFL);
    /*
     * libcrypto reads a configuration file when something first uses its default context. The library has a context of its
     * own; this keeps the program from the cost of that file, and from whatever somebody put into it.
     */
    setenv("OPENSSL_CONF", "", 1);
    if (needs_crypto(argc, argv))
        libcrypto_start();
    output_open();
    if (!confines_itself(argc, argv))
        confine_files(-1);
    status_note(&tally, run(argc, argv));
    status_note(&tally, output_close());
    return tally.counts[EXIT_STATUS_USAGE] ? EXIT_STATUS_USAGE : (int)status_worst(&tally);
}
