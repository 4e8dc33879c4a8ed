/* SPDX-License-Identifier: Apache-2.0 */
#include "beside.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "memory.h"
#include "message.h"

char *
beside_path(const char *name)
{
    char own[4096];
    ssize_t len = readlink("/proc/self/exe", own, sizeof(own) - 1);
    char *slash;

    if (len <= 0)
        return NULL;
    own[len] = '\0';
    slash = strrchr(own, '/');
    if (!slash)
        return NULL;
    *slash = '\0';
    return memory_print("%s/%s", own, name);
}

enum exit_status
beside_become(const char *name, char **argv)
{
    AUTO(heap_text) *beside = beside_path(name);
    AUTO(heap_text) *installed = memory_print("%s/%s", PROGRAMS_FOLDER, name);
    int error = ENOENT;

    /* not along $PATH: what answers must be of the same build */
    if (beside) {
        execv(beside, argv);
        error = errno;
    }
    if (error == ENOENT) {
        execv(installed, argv);
        error = errno;
    }
    if (error == ENOENT)
        message_print("this installation is without %s, which has the verb '%s'", name, argv[1]);
    else
        message_print("%s: %s", name, strerror(error));
    return EXIT_STATUS_UNAVAILABLE;
}
