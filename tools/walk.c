/* SPDX-License-Identifier: Apache-2.0 */
#include "walk.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "memory.h"
#include "message.h"

#define DEPTH_MAX 128
#define NAMES_MAX 16384 /* of a folder that are sorted together: a folder of millions must not fill the memory */

static bool walk_folder(struct walk *walk, const char *path, int folder, unsigned depth);

static void
refuse(struct walk *walk, const char *path, int error)
{
    message_print("%s: %s", path, error == ENOENT || error == ENOTDIR ? "no such file" : strerror(error));
    status_note(walk->tally, error == ENOENT || error == ENOTDIR ? EXIT_STATUS_NOT_FOUND : EXIT_STATUS_IO);
}

/* Only the owner of a file may leave its access time alone. */
static int
open_quietly(int folder, const char *name, int flags)
{
    int fd = openat(folder, name, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NOATIME | flags);

    if (fd < 0 && errno == EPERM)
        fd = openat(folder, name, O_RDONLY | O_CLOEXEC | O_NOCTTY | flags);
    return fd;
}

static bool
is_own(const struct walk *walk, const struct stat *about, const char *name)
{
    size_t len = walk->own_name ? strlen(walk->own_name) : 0;

    if (!walk->own)
        return false;
    if (about->st_dev == walk->own->st_dev && about->st_ino == walk->own->st_ino)
        return true;
    return about->st_dev == walk->own->st_dev && strncmp(name, walk->own_name, len) == 0 &&
           (strcmp(name + len, "-wal") == 0 || strcmp(name + len, "-shm") == 0 || strcmp(name + len, "-journal") == 0);
}

/* ---- folders */

struct names {
    char **names;
    size_t len;
};

static int
compare_names(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The next names of a folder, in order; none at its end. */
static struct names
read_names(DIR *dir)
{
    struct names names = {0};
    struct dirent *entry;

    while (names.len < NAMES_MAX && (entry = readdir(dir))) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        if ((names.len & (names.len - 1)) == 0)
            names.names = memory_grow(names.names, names.len ? names.len * 2 : 1, sizeof(*names.names));
        names.names[names.len++] = memory_copy(entry->d_name);
    }
    if (names.len > 0)
        qsort(names.names, names.len, sizeof(*names.names), compare_names);
    return names;
}

static void
clear_names(struct names *names)
{
    for (size_t i = 0; i < names->len; i++)
        free(names->names[i]);
    free(names->names);
}

static char *
join(const char *folder, const char *name)
{
    return memory_print("%s%s%s", folder, folder[0] && folder[strlen(folder) - 1] == '/' ? "" : "/", name);
}

static bool
walk_entry(struct walk *walk, int folder, const char *folder_path, const char *name, unsigned depth)
{
    AUTO(heap_text) *path = join(folder_path, name);
    struct stat about;
    int fd;

    if (fstatat(folder, name, &about, AT_SYMLINK_NOFOLLOW) != 0) {
        refuse(walk, path, errno);
        return true;
    }
    if (is_own(walk, &about, name)) {
        walk->skips.own++;
        return true;
    }
    if (S_ISLNK(about.st_mode)) {
        walk->skips.links++;
        return true;
    }
    if (!S_ISREG(about.st_mode) && !S_ISDIR(about.st_mode)) {
        walk->skips.special++;
        return true;
    }
    /* not blocking: what it is may have changed since it was looked at */
    fd = open_quietly(folder, name, O_NOFOLLOW | O_NONBLOCK | (S_ISDIR(about.st_mode) ? O_DIRECTORY : 0));
    if (fd < 0 || fstat(fd, &about) != 0) {
        refuse(walk, path, errno);
        if (fd >= 0)
            close(fd);
        return true;
    }
    if (S_ISDIR(about.st_mode))
        return walk_folder(walk, path, fd, depth + 1);
    if (!S_ISREG(about.st_mode)) {
        walk->skips.special++;
        close(fd);
        return true;
    }
    return walk->take(walk->user, path, fd);
}

/* The descriptor is closed in any case. */
static bool
walk_folder(struct walk *walk, const char *path, int folder, unsigned depth)
{
    DIR *dir = depth < DEPTH_MAX ? fdopendir(folder) : NULL;
    bool goes_on = true;

    if (!dir) {
        if (depth < DEPTH_MAX)
            refuse(walk, path, errno);
        else
            refuse(walk, path, ELOOP);
        close(folder);
        return true;
    }
    for (;;) {
        struct names names = read_names(dir);

        for (size_t i = 0; i < names.len && goes_on; i++)
            goes_on = walk_entry(walk, dirfd(dir), path, names.names[i], depth);
        clear_names(&names);
        if (names.len == 0 || !goes_on)
            break;
    }
    closedir(dir);
    return goes_on;
}

bool
walk_operand(struct walk *walk, const char *path)
{
    struct stat about;
    int fd;

    if (strcmp(path, "-") == 0)
        return walk->take(walk->user, "standard input", fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3));
    fd = open_quietly(AT_FDCWD, path, 0);
    if (fd < 0 || fstat(fd, &about) != 0) {
        refuse(walk, path, errno);
        if (fd >= 0)
            close(fd);
        return true;
    }
    if (walk->own && about.st_dev == walk->own->st_dev && about.st_ino == walk->own->st_ino) {
        walk->skips.own++;
        close(fd);
        return true;
    }
    return S_ISDIR(about.st_mode) ? walk_folder(walk, path, fd, 0) : walk->take(walk->user, path, fd);
}

/* ---- measuring */

static uint64_t
measure_folder(int folder, unsigned depth)
{
    DIR *dir = depth < DEPTH_MAX ? fdopendir(folder) : NULL;
    struct dirent *entry;
    uint64_t bytes = 0;

    if (!dir) {
        close(folder);
        return 0;
    }
    while ((entry = readdir(dir))) {
        struct stat about;
        int fd;

        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0 ||
            fstatat(dirfd(dir), entry->d_name, &about, AT_SYMLINK_NOFOLLOW) != 0)
            continue;
        if (S_ISREG(about.st_mode))
            bytes += (uint64_t)about.st_size;
        fd = S_ISDIR(about.st_mode) ? open_quietly(dirfd(dir), entry->d_name, O_NOFOLLOW | O_DIRECTORY) : -1;
        if (fd >= 0)
            bytes += measure_folder(fd, depth + 1);
    }
    closedir(dir);
    return bytes;
}

uint64_t
walk_measure(const char *path)
{
    struct stat about;
    off_t end;
    int fd;

    if (strcmp(path, "-") == 0 || stat(path, &about) != 0)
        return 0;
    if (S_ISREG(about.st_mode))
        return (uint64_t)about.st_size;
    if (!S_ISDIR(about.st_mode) && !S_ISBLK(about.st_mode))
        return 0;
    fd = open_quietly(AT_FDCWD, path, 0);
    if (fd < 0)
        return 0;
    if (S_ISDIR(about.st_mode))
        return measure_folder(fd, 0);
    end = lseek(fd, 0, SEEK_END);
    close(fd);
    return end > 0 ? (uint64_t)end : 0;
}
