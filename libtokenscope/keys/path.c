/* SPDX-License-Identifier: Apache-2.0 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/alloc.h"
#include "core/error.h"
#include "keys/ring.h"

/* The only file that opens files. */

#define ENTRIES_MAX 100000u
#define CHUNK (256u << 10)
#define WRITER_STEP_MS 50
#define WRITER_STEPS 40 /* two seconds */

static enum tscope_status
io_error(struct tscope_error *err, const char *path, const char *what)
{
    enum tscope_status status = errno == ENOENT || errno == ENOTDIR ? TSCOPE_ERR_NOT_FOUND : TSCOPE_ERR_IO;
    char text[128] = "";
    const char *words = strerror_r(errno, text, sizeof(text)); /* GNU's: a pointer, perhaps not into text */

    return tscope_error_set(err, status, TSCOPE_OFFSET_NONE, "%s: %s: %s", tscope_ring_name(tscope_span_text(path)).text, what, words);
}

/* Key files may hold secrets: their bytes are wiped when they were read, and when they move. Behind them nothing was written. */
static void
wipe_file(struct tscope_buffer *bytes)
{
    tscope_wipe(bytes->data, bytes->len);
    tscope_buffer_clear(bytes);
}

static bool
make_room(struct tscope_buffer *bytes)
{
    size_t capacity = bytes->capacity ? bytes->capacity * 2 : CHUNK;
    uint8_t *data;

    if (bytes->capacity - bytes->len >= CHUNK / 2)
        return true;
    data = tscope_alloc(capacity);
    if (!data)
        return false;
    if (bytes->len)
        memcpy(data, bytes->data, bytes->len);
    tscope_wipe(bytes->data, bytes->len);
    tscope_free(bytes->data);
    bytes->data = data;
    bytes->capacity = capacity;
    return true;
}

/*
 * Waits until a pipe has something to say. Reading a FIFO that nobody has opened for writing gives "end" at once, and one
 * whose writer is only slow gives EAGAIN: for the first a moment is allowed, for the second all the time it takes.
 */
static enum tscope_status
wait_for_bytes(int fd, const char *path, bool has_writer, int *steps, bool *ret_ended, struct tscope_error *err)
{
    struct pollfd watched = {.fd = fd, .events = POLLIN};
    int ready = poll(&watched, 1, has_writer ? -1 : WRITER_STEP_MS);

    *ret_ended = false;
    if (ready < 0 && errno != EINTR)
        return io_error(err, path, "cannot wait");
    if (ready > 0 && (watched.revents & POLLHUP) && !(watched.revents & POLLIN))
        *ret_ended = true; /* a writer came and went without a word */
    if (ready == 0 && ++*steps >= WRITER_STEPS)
        return tscope_error_set(err, TSCOPE_ERR_IO, TSCOPE_OFFSET_NONE, "%s: nothing writes to this FIFO",
                                tscope_ring_name(tscope_span_text(path)).text);
    return TSCOPE_OK;
}

static enum tscope_status
read_all(int fd, const char *path, bool is_fifo, struct tscope_buffer *bytes, struct tscope_error *err)
{
    int steps = 0;

    for (bool ended = false; !ended;) {
        enum tscope_status status = TSCOPE_OK;
        ssize_t got;

        if (!make_room(bytes))
            return tscope_error_no_memory(err);
        got = read(fd, bytes->data + bytes->len, bytes->capacity - bytes->len);
        if (got > 0)
            bytes->len += (size_t)got;
        else if (got == 0 && is_fifo && bytes->len == 0)
            status = wait_for_bytes(fd, path, false, &steps, &ended, err);
        else if (got == 0)
            ended = true;
        else if (errno == EAGAIN)
            status = wait_for_bytes(fd, path, true, &steps, &ended, err);
        else if (errno != EINTR)
            status = io_error(err, path, "cannot read");
        if (status != TSCOPE_OK)
            return status;
        if (bytes->len > TSCOPE_KEYS_INPUT_MAX)
            return tscope_error_set(err, TSCOPE_ERR_TOO_LARGE, TSCOPE_OFFSET_NONE, "%s: over %u bytes",
                                    tscope_ring_name(tscope_span_text(path)).text, TSCOPE_KEYS_INPUT_MAX);
    }
    return TSCOPE_OK;
}

static enum tscope_status
add_open_file(tscope_keyring *keyring, int fd, const char *path, bool is_fifo, struct tscope_keys_added *added,
              struct tscope_span *ret_metadata_issuer, struct tscope_error *err)
{
    struct tscope_buffer bytes = {0};
    enum tscope_status status = read_all(fd, path, is_fifo, &bytes, err);

    if (status == TSCOPE_OK)
        status = tscope_ring_add(keyring, tscope_span_of(bytes.data, bytes.len), tscope_span_text(path), (struct tscope_span){NULL, 0},
                                 added, ret_metadata_issuer, err);
    wipe_file(&bytes);
    return status;
}

struct names {
    char **names;
    size_t len, capacity;
};

static void
free_names(struct names *names)
{
    for (size_t i = 0; i < names->len; i++)
        tscope_free(names->names[i]);
    tscope_free(names->names);
}

static bool
keep_name(struct names *names, const char *name)
{
    size_t size = strlen(name) + 1;
    char *copy;

    if (names->len == names->capacity) {
        size_t capacity = names->capacity ? names->capacity * 2 : 64;
        char **grown = tscope_realloc(names->names, capacity * sizeof(*grown));

        if (!grown)
            return false;
        names->names = grown;
        names->capacity = capacity;
    }
    copy = tscope_alloc(size);
    if (!copy)
        return false;
    memcpy(copy, name, size);
    names->names[names->len++] = copy;
    return true;
}

static int
compare_names(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Regular files alone, in order of their names: the same folder always gives the same keyring. */
static enum tscope_status
list_files(DIR *directory, const char *path, struct names *names, struct tscope_error *err)
{
    struct dirent *entry;
    size_t entries = 0;

    for (errno = 0; (entry = readdir(directory)); errno = 0) {
        struct stat about;

        if (++entries > ENTRIES_MAX)
            return tscope_error_set(err, TSCOPE_ERR_TOO_LARGE, TSCOPE_OFFSET_NONE, "%s: more than %u entries",
                                    tscope_ring_name(tscope_span_text(path)).text, ENTRIES_MAX);
        if (fstatat(dirfd(directory), entry->d_name, &about, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(about.st_mode))
            continue;
        if (!keep_name(names, entry->d_name))
            return tscope_error_no_memory(err);
    }
    if (errno)
        return io_error(err, path, "cannot read the folder");
    if (names->len)
        qsort(names->names, names->len, sizeof(*names->names), compare_names);
    return TSCOPE_OK;
}

/* What reading a folder gathers. */
struct folder {
    tscope_keyring *keyring;
    const char *path;
    struct tscope_keys_added added;
    struct tscope_span issuer; /* of the metadata among the files */
    size_t metadata;
};

static char *
join(const char *path, const char *name)
{
    size_t path_len = strlen(path), name_len = strlen(name);
    bool has_slash = path_len > 0 && path[path_len - 1] == '/';
    char *joined = tscope_alloc(path_len + name_len + 2);

    if (!joined)
        return NULL;
    memcpy(joined, path, path_len);
    joined[path_len] = '/';
    memcpy(joined + path_len + !has_slash, name, name_len + 1);
    return joined;
}

/* A file that cannot be read as keys is no error here: folders hold other things too. One that cannot be opened is. */
static enum tscope_status
add_entry(struct folder *folder, int fd, const char *path, struct tscope_error *err)
{
    struct tscope_keys_added added = {0};
    struct tscope_span issuer = {NULL, 0};
    struct tscope_error ignored = {0};
    enum tscope_status status = add_open_file(folder->keyring, fd, path, false, &added, &issuer, &ignored);

    folder->added.files++;
    if (status != TSCOPE_OK && status != TSCOPE_ERR_DATA && status != TSCOPE_ERR_TOO_LARGE)
        return tscope_error_set(err, status, ignored.offset, "%s", ignored.message);
    folder->added.keys += added.keys;
    folder->added.unusable += added.unusable;
    if (issuer.data) {
        folder->issuer = issuer;
        folder->metadata++;
    } else if (added.keys == 0) {
        folder->added.skipped++;
    }
    return TSCOPE_OK;
}

static enum tscope_status
add_named(struct folder *folder, int directory, const char *name, struct tscope_error *err)
{
    char *path = join(folder->path, name);
    int fd = path ? openat(directory, name, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK | O_NOFOLLOW) : -1;
    enum tscope_status status;

    if (!path)
        return tscope_error_no_memory(err);
    status = fd < 0 ? io_error(err, path, "cannot open") : add_entry(folder, fd, path, err);
    if (fd >= 0)
        close(fd);
    tscope_free(path);
    return status;
}

/* One document of metadata says whose the key sets beside it are; of several none can be told from the other. */
static void
spread_issuer(const struct folder *folder, uint32_t first)
{
    if (folder->metadata != 1)
        return;
    for (uint32_t i = first; i < folder->keyring->keys_len; i++) {
        if (!folder->keyring->keys[i].set_issuer.data)
            folder->keyring->keys[i].set_issuer = folder->issuer;
    }
}

static enum tscope_status
add_folder(tscope_keyring *keyring, DIR *directory, const char *path, struct tscope_keys_added *added, struct tscope_error *err)
{
    struct folder folder = {.keyring = keyring, .path = path};
    struct names names = {0};
    uint32_t first = keyring->keys_len;
    enum tscope_status status = list_files(directory, path, &names, err);

    for (size_t i = 0; i < names.len && status == TSCOPE_OK; i++)
        status = add_named(&folder, dirfd(directory), names.names[i], err);
    free_names(&names);
    if (status == TSCOPE_OK && folder.added.keys == 0)
        status = tscope_error_set(err, TSCOPE_ERR_DATA, TSCOPE_OFFSET_NONE, "%s: no file of this folder holds a key",
                                  tscope_ring_name(tscope_span_text(path)).text);
    if (status != TSCOPE_OK) {
        tscope_ring_truncate(keyring, first);
        return status;
    }
    spread_issuer(&folder, first);
    if (added)
        *added = folder.added;
    return TSCOPE_OK;
}

/* Takes fd over. */
static enum tscope_status
add_folder_of(tscope_keyring *keyring, int fd, const char *path, struct tscope_keys_added *added, struct tscope_error *err)
{
    DIR *directory = fdopendir(fd);
    enum tscope_status status;

    if (!directory) {
        status = io_error(err, path, "cannot read the folder");
        close(fd);
        return status;
    }
    status = add_folder(keyring, directory, path, added, err);
    closedir(directory);
    return status;
}

enum tscope_status
tscope_keyring_add_path(tscope_keyring *keyring, const char *path, struct tscope_keys_added *added, struct tscope_error *err)
{
    enum tscope_status status;
    struct stat about;
    int fd;

    if (keyring->frozen)
        return tscope_error_set(err, TSCOPE_ERR_STATE, TSCOPE_OFFSET_NONE, "the keyring is frozen");
    fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (fd < 0)
        return io_error(err, path, "cannot open");
    if (fstat(fd, &about) != 0) {
        status = io_error(err, path, "cannot look at");
    } else if (S_ISDIR(about.st_mode)) {
        return add_folder_of(keyring, fd, path, added, err);
    } else if (S_ISREG(about.st_mode) && about.st_size > (off_t)TSCOPE_KEYS_INPUT_MAX) {
        status = tscope_error_set(err, TSCOPE_ERR_TOO_LARGE, TSCOPE_OFFSET_NONE, "%s: over %u bytes",
                                  tscope_ring_name(tscope_span_text(path)).text, TSCOPE_KEYS_INPUT_MAX);
    } else if (S_ISREG(about.st_mode) || S_ISFIFO(about.st_mode) || S_ISCHR(about.st_mode)) {
        status = add_open_file(keyring, fd, path, S_ISFIFO(about.st_mode), added, NULL, err);
    } else {
        status = tscope_error_set(err, TSCOPE_ERR_IO, TSCOPE_OFFSET_NONE, "%s: not a file or a folder",
                                  tscope_ring_name(tscope_span_text(path)).text);
    }
    close(fd);
    return status;
}
