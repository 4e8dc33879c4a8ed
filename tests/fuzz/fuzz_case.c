/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
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

static tscope_case *
open_case(const char *path)
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
    char path[64];
    size_t lines = 0;
    int fd = memfd_create("case", MFD_CLOEXEC);
    tscope_case *opened;

    if (fd < 0 || write(fd, data, size) != (ssize_t)size)
        abort();
    snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
    opened = open_case(path);
    if (opened) {
        for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++)
            (void)!tscope_case_export(opened, TSCOPE_CASE_JSONL, flags[i], take_line, &lines, NULL);
        (void)!tscope_case_export(opened, TSCOPE_CASE_CSV, 0, take_line, &lines, NULL);
        (void)!tscope_case_count(opened, &counts, NULL);
        (void)!tscope_case_query(opened, "SELECT * FROM token, place, key_place, evidence", TSCOPE_CASE_CSV, &limits, take_line, &lines,
                                 NULL);
        tscope_case_free(opened);
    }
    close(fd);
    return 0;
}
