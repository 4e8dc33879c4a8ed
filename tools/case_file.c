/* SPDX-License-Identifier: Apache-2.0 */
#include "case_file.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "confine.h"
#include "memory.h"
#include "message.h"

/* The folder that holds it; -1 when there is none, which opening the case tells. */
static int
open_folder(const char *path)
{
    AUTO(heap_text) *folder = memory_copy(path);
    char *slash = strrchr(folder, '/');

    if (slash)
        slash[slash == folder] = '\0';
    return open(slash ? folder : ".", O_PATH | O_DIRECTORY | O_CLOEXEC);
}

void
case_file_confine(const char *path)
{
    int folder = open_folder(path);

    confine_files(folder);
    if (folder >= 0)
        close(folder);
}

static enum exit_status
open_confined(const char *path, unsigned flags, tscope_case **ret_case)
{
    struct tscope_error err = {0};

    case_file_confine(path);
    signal(SIGXFSZ, SIG_IGN); /* a limit on the size of files is told like a full disk */
    return tscope_case_open(path, flags, ret_case, &err) == TSCOPE_OK ? EXIT_STATUS_OK : message_error(path, &err);
}

enum exit_status
case_file_read(const char *path, tscope_case **ret_case)
{
    return open_confined(path, 0, ret_case);
}

enum exit_status
case_file_write(const char *path, bool may_create, tscope_case **ret_case)
{
    return open_confined(path, TSCOPE_CASE_WRITE | (may_create ? TSCOPE_CASE_CREATE : 0), ret_case);
}

enum exit_status
case_file_close(tscope_case *opened, enum exit_status status)
{
    struct status_tally tally = {0};
    struct tscope_error err = {0};

    status_note(&tally, status);
    if (tscope_case_close(opened, &err) != TSCOPE_OK)
        status_note(&tally, message_error(NULL, &err));
    return tally.counts[EXIT_STATUS_USAGE] ? EXIT_STATUS_USAGE : status_worst(&tally);
}
