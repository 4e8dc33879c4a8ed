/* SPDX-License-Identifier: Apache-2.0 */
#include "history_file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "examiner.h"
#include "memory.h"
#include "message.h"

static enum exit_status
refuse(const struct history_file *file)
{
    message_print("%s: %s", file->path, strerror(errno));
    return errno == ENOENT || errno == ENOTDIR ? EXIT_STATUS_NOT_FOUND : EXIT_STATUS_IO;
}

enum exit_status
history_file_open(struct history_file *file, const char *path)
{
    char resolved[PATH_MAX]; /* what a link leads to is written, and the link stays */
    const char *place = realpath(path, resolved) ? resolved : path, *slash = strrchr(place, '/');
    AUTO(heap_text) *folder = slash ? memory_print("%.*s/", (int)(slash - place), place) : memory_copy(".");

    file->folder = -1;
    file->path = memory_copy(place);
    file->name = memory_copy(slash ? slash + 1 : place);
    if (!file->name[0] || strlen(file->name) > 200) {
        message_print("%s: is no name for a file", path);
        return EXIT_STATUS_USAGE;
    }
    file->folder = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return file->folder < 0 ? refuse(file) : EXIT_STATUS_OK;
}

enum exit_status
history_file_lock(struct history_file *file)
{
    while (flock(file->folder, LOCK_EX) != 0) {
        if (errno != EINTR)
            return refuse(file);
    }
    return EXIT_STATUS_OK;
}

enum exit_status
history_file_read(const struct history_file *file, char **ret_bytes, size_t *ret_len)
{
    *ret_bytes = NULL;
    *ret_len = 0;
    if (faccessat(file->folder, file->name, F_OK, 0) != 0 && errno == ENOENT)
        return EXIT_STATUS_OK;
    return input_load(file->path, EXAMINER_FILE_MAX, ret_bytes, ret_len);
}

/* False with errno. */
static bool
write_all(int fd, const char *bytes, size_t bytes_len)
{
    while (bytes_len > 0) {
        ssize_t done = write(fd, bytes, bytes_len);

        if (done < 0 && errno != EINTR)
            return false;
        bytes += done > 0 ? done : 0;
        bytes_len -= done > 0 ? (size_t)done : 0;
    }
    return fsync(fd) == 0;
}

/* A new file beside the old one; with its rights, where it is there. */
static bool
write_beside(const struct history_file *file, const char *name, const char *bytes, size_t bytes_len)
{
    struct stat old;
    mode_t mode = fstatat(file->folder, file->name, &old, 0) == 0 ? old.st_mode & 0777 : 0;
    int fd, error = 0;

    if (unlinkat(file->folder, name, 0) != 0 && errno != ENOENT) /* of a writer that was killed */
        return false;
    fd = openat(file->folder, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
    if (fd < 0)
        return false;
    if ((mode && fchmod(fd, mode) != 0) || !write_all(fd, bytes, bytes_len))
        error = errno;
    if (close(fd) != 0 && !error)
        error = errno;
    if (!error && renameat(file->folder, name, file->folder, file->name) != 0)
        error = errno;
    if (error)
        unlinkat(file->folder, name, 0);
    errno = error;
    return !error;
}

enum exit_status
history_file_replace(const struct history_file *file, const char *bytes, size_t bytes_len)
{
    AUTO(heap_text) *name = memory_print(".%s.new", file->name);

    if (!write_beside(file, name, bytes, bytes_len) || fsync(file->folder) != 0)
        return refuse(file);
    return EXIT_STATUS_OK;
}

void
history_file_close(struct history_file *file)
{
    if (file->folder >= 0)
        close(file->folder);
    free(file->path);
    free(file->name);
}
