/* SPDX-License-Identifier: Apache-2.0 */
#include "corpus.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "memory.h"
#include "message.h"

#define DEPTH_MAX 32

static enum exit_status
refuse(const char *path, int error)
{
    message_print("%s: %s", path, error == ENOENT ? "no such file or folder" : strerror(error));
    return error == ENOENT || error == ENOTDIR ? EXIT_STATUS_NOT_FOUND : EXIT_STATUS_IO;
}

static void
add_file(struct corpus *corpus, char *path, bool named)
{
    corpus->files = memory_grow(corpus->files, corpus->files_len + 1, sizeof(*corpus->files));
    corpus->files[corpus->files_len++] = (struct corpus_file){.path = path, .named = named};
}

static bool
is_vector_name(const char *name)
{
    size_t len = strlen(name);

    return len > 5 && strcmp(name + len - 5, ".json") == 0;
}

static int
is_visible(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static int
order_of_bytes(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static bool
is_wanted(const struct corpus *corpus, const char *path, const struct stat *file)
{
    if (corpus->all_files)
        return S_ISREG(file->st_mode);
    return !S_ISDIR(file->st_mode) && is_vector_name(path);
}

static bool
is_passed_over(const struct corpus *corpus, const char *folder)
{
    struct stat found;

    return corpus->passes_over && stat(folder, &found) == 0 && found.st_dev == corpus->device && found.st_ino == corpus->file_node;
}

static enum exit_status
add_folder(struct corpus *corpus, const char *folder, unsigned depth)
{
    struct dirent **entries = NULL;
    enum exit_status status = EXIT_STATUS_OK;
    int count;

    if (is_passed_over(corpus, folder))
        return EXIT_STATUS_OK;
    count = depth < DEPTH_MAX ? scandir(folder, &entries, is_visible, order_of_bytes) : (errno = ELOOP, -1);
    if (count < 0)
        return refuse(folder, errno);
    for (int i = 0; i < count; i++) {
        char *path = memory_print("%s%s%s", folder, folder[strlen(folder) - 1] == '/' ? "" : "/", entries[i]->d_name);
        struct stat found;
        bool there = status == EXIT_STATUS_OK && lstat(path, &found) == 0;

        if (there && S_ISDIR(found.st_mode))
            status = add_folder(corpus, path, depth + 1);
        if (there && is_wanted(corpus, path, &found))
            add_file(corpus, path, false);
        else
            free(path);
        free(entries[i]);
    }
    free(entries);
    return status;
}

enum exit_status
corpus_add(struct corpus *corpus, const char *path)
{
    struct stat found;

    if (!*path || stat(path, &found) != 0)
        return refuse(path, *path ? errno : ENOENT);
    if (S_ISDIR(found.st_mode))
        return add_folder(corpus, path, 0);
    add_file(corpus, memory_copy(path), true);
    return EXIT_STATUS_OK;
}

void
corpus_clear(struct corpus *corpus)
{
    for (size_t i = 0; i < corpus->files_len; i++)
        free(corpus->files[i].path);
    free(corpus->files);
    *corpus = (struct corpus){0};
}
