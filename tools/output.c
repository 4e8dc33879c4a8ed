/* SPDX-License-Identifier: Apache-2.0 */
#include "output.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "message.h"

#define BUFFER_LEN (64u << 10)

static int first_errno; /* of the first write that failed: a later one says less */

void
output_open(void)
{
    static char buffer[BUFFER_LEN];

    setvbuf(stdout, buffer, _IOFBF, sizeof(buffer));
}

enum exit_status
output_into(const char *path)
{
    int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOCTTY, 0600);

    if (file < 0 || dup2(file, STDOUT_FILENO) < 0) {
        message_print("%s: %s", path, errno == EEXIST ? "there is such a file already, and it is not written over" : strerror(errno));
        if (file >= 0)
            close(file);
        return EXIT_STATUS_IO;
    }
    close(file);
    return EXIT_STATUS_OK;
}

static void
note_failure(void)
{
    if (first_errno == 0)
        first_errno = errno ? errno : EIO;
}

void
output_write(const char *text, size_t text_len)
{
    if (fwrite(text, 1, text_len, stdout) != text_len)
        note_failure();
}

bool
output_flush(void)
{
    if (isatty(STDOUT_FILENO) && fflush(stdout) != 0)
        note_failure();
    return !ferror(stdout);
}

enum exit_status
output_close(void)
{
    bool failed = ferror(stdout);

    errno = 0;
    if (fflush(stdout) != 0) {
        note_failure();
        failed = true;
    }
    /* some file systems say only here that there is no room */
    if (close(STDOUT_FILENO) != 0 && !failed && errno != EBADF) {
        note_failure();
        failed = true;
    }
    if (!failed)
        return EXIT_STATUS_OK;
    message_print("standard output: %s", strerror(first_errno ? first_errno : EIO));
    return EXIT_STATUS_IO;
}
