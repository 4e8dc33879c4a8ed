/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <unistd.h>

#include <tokenscope/case.h>

/* A case file from strangers: opened, asked and exported in every way; a case that is opened at all is one, and exports are whole lines. */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool
take_line(void *user, const char *line, size_t line_len)
{
    size_t *lines = user;

    if (line_len == 0 || line[line_len - 1] != '\n')
        abort();
    return ++*lines < 10000;
}

/* One file that every input is written over: SQLite takes names alone. */
static char path[] = "/tmp/tokenscope-fuzz-XXXXXX";
static int file = -1;

static void
remove_file(void)
{
    unlink(path);
}

static void
write_file(const uint8_t *data, size_t size)
{
    if (file < 0) {
        file = mkstemp(path);
        atexit(remove_file);
    }
    if (file < 0 || ftruncate(file, 0) != 0 || pwrite(file, data, size, 0) != (ssize_t)size)
        abort();
}

static tscope_case *
open_case(void)
{
    tscope_case *opened = NULL;

    return tscope_case_open(path, 0, &opened, NULL) == TSCOPE_OK ? opened : NULL;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const unsigned flags[] = {0, TSCOPE_CASE_REDACTED, TSCOPE_CASE_REVEAL};
    const struct tscope_case_query_limits limits = {.kilo_steps = 1000};
    struct tscope_case_counts counts;
    size_t lines = 0;
    tscope_case *opened;

    write_file(data, size);
    opened = open_case();
    if (opened) {
        for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++)
            (void)!tscope_case_export(opened, TSCOPE_CASE_JSONL, flags[i], take_line, &lines, NULL);
        (void)!tscope_case_export(opened, TSCOPE_CASE_CSV, 0, take_line, &lines, NULL);
        (void)!tscope_case_count(opened, &counts, NULL);
        (void)!tscope_case_query(opened, "SELECT * FROM token, place, key_place, evidence", TSCOPE_CASE_CSV, &limits, take_line, &lines,
                                 NULL);
        tscope_case_free(opened);
    }
    return 0;
}
