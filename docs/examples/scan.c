/* SPDX-License-Identifier: Apache-2.0 */
/* Keeps all tokens and keys of the files named in a case, judges them, and prints the case as JSON lines, as `tokenscope scan --case`
 * and `tokenscope case export` do. A second run goes on where the first was interrupted.
 *
 *     cc scan.c $(pkg-config --cflags --libs tokenscope-case) -o scan && ./scan my.case capture.har memory.dmp
 */
#include <fcntl.h>
#include <stdio.h>
#include <time.h>

#include <tokenscope/sweep.h>
#include <tokenscope/tokenscope.h>

static enum tscope_status
make_inspector(tscope_keyring *keyring, tscope_profile **profile, tscope_inspector **inspector, struct tscope_error *err)
{
    enum tscope_status status = tscope_keyring_add_embedded(keyring, err);

    if (status == TSCOPE_OK)
        status = tscope_keyring_freeze(keyring, err);
    if (status == TSCOPE_OK)
        status = tscope_profile_new(NULL, profile, err);
    return status == TSCOPE_OK ? tscope_inspector_new(keyring, *profile, NULL, NULL, inspector, err) : status;
}

static void
tell(void *user, const char *path, const char *message)
{
    (void)user;
    fprintf(stderr, "scan: %s: %s\n", path, message);
}

static enum tscope_status
sweep_files(tscope_case *into, const tscope_inspector *inspector, char **paths, struct tscope_error *err)
{
    const struct tscope_sweep_options options = {.size = sizeof(options), .into = into, .judge = inspector, .tell = tell};
    tscope_sweep *sweep = NULL;
    enum tscope_status status = tscope_sweep_new(&options, &sweep, err);

    for (; status == TSCOPE_OK && *paths; paths++) {
        int descriptor = open(*paths, O_RDONLY | O_CLOEXEC);

        if (descriptor < 0)
            tell(NULL, *paths, "cannot be opened");
        else
            status = tscope_sweep_add(sweep, *paths, descriptor, err); /* which closes it */
    }
    if (status == TSCOPE_OK)
        status = tscope_sweep_finish(sweep, err);
    tscope_sweep_free(sweep);
    return status;
}

static bool
print_line(void *user, const char *line, size_t line_len)
{
    return fwrite(line, 1, line_len, (FILE *)user) == line_len;
}

int
main(int argc, char **argv)
{
    /* tokens that were judged with the same settings are not judged again */
    struct tscope_case_judging judging = {.settings = "{\"keys\":\"embedded\"}", .threads = 1};
    struct tscope_error err = {0};
    tscope_keyring *keyring = NULL;
    tscope_profile *profile = NULL;
    tscope_inspector *inspector = NULL;
    tscope_case *into = NULL;
    enum tscope_status status = argc > 2 ? tscope_keyring_new(&keyring, &err) : TSCOPE_ERR_ARGUMENT;

    judging.moment = (struct tscope_moment){.seen = TSCOPE_TIME_UNKNOWN, .now = time(NULL)};
    if (status == TSCOPE_OK)
        status = make_inspector(keyring, &profile, &inspector, &err);
    if (status == TSCOPE_OK)
        status = tscope_case_open(argv[1], TSCOPE_CASE_WRITE | TSCOPE_CASE_CREATE, &into, &err);
    if (status == TSCOPE_OK)
        status = sweep_files(into, inspector, argv + 2, &err);
    if (status == TSCOPE_OK)
        status = tscope_case_judge(into, inspector, &judging, NULL, &err);
    if (status == TSCOPE_OK)
        status = tscope_case_export(into, TSCOPE_CASE_JSONL, 0, print_line, stdout, &err);
    if (status != TSCOPE_OK)
        fprintf(stderr, "scan: %s (%s)\n", argc > 2 ? err.message : "usage: scan CASE FILE...", tscope_status_name(status));

    tscope_case_free(into);
    tscope_inspector_free(inspector);
    tscope_profile_free(profile);
    tscope_keyring_free(keyring);
    return status == TSCOPE_OK ? 0 : 1;
}
