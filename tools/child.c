/* SPDX-License-Identifier: Apache-2.0 */
#include "child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "beside.h"
#include "memory.h"
#include "message.h"

#define CHUNK 65536

extern char **environ;

static char **
environment_with(const char *const *extra)
{
    size_t len = 0, more = 0;
    char **result;

    while (environ[len])
        len++;
    while (extra && extra[more])
        more++;
    result = memory_grow(NULL, len + more + 1, sizeof(*result));
    for (size_t i = 0; i < more; i++) /* of two of one name the first counts */
        result[i] = (char *)(uintptr_t)extra[i];
    memcpy(result + more, environ, len * sizeof(*result));
    result[len + more] = NULL;
    return result;
}

/* False with errno. */
static bool
start(const char *const *argv, bool beside, const char *const *extra, int output, pid_t *ret_pid)
{
    AUTO(heap_text) *path = beside ? beside_path(argv[0]) : NULL;
    char *const *arguments = (char *const *)(uintptr_t)argv; /* posix_spawn does not write to them */
    char **environment = environment_with(extra);
    posix_spawn_file_actions_t actions;
    int error = posix_spawn_file_actions_init(&actions);

    if (!error)
        error = posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    if (!error)
        error = posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
    if (!error && path && access(path, X_OK) == 0)
        error = posix_spawn(ret_pid, path, &actions, NULL, arguments, environment);
    else if (!error)
        error = posix_spawnp(ret_pid, argv[0], &actions, NULL, arguments, environment);
    posix_spawn_file_actions_destroy(&actions);
    free(environment);
    errno = error;
    return !error;
}

static int
milliseconds_until(const struct timespec *end)
{
    struct timespec now;
    long long left;

    clock_gettime(CLOCK_MONOTONIC, &now);
    left = (long long)(end->tv_sec - now.tv_sec) * 1000 + (end->tv_nsec - now.tv_nsec) / 1000000;
    return left < 0 ? 0 : (int)left;
}

/* All that the pipe gives until its end. */
static enum exit_status
read_all(const char *name, int fd, size_t max, int seconds, struct child_output *output)
{
    struct timespec end;

    clock_gettime(CLOCK_MONOTONIC, &end);
    end.tv_sec += seconds;
    for (;;) {
        struct pollfd wait = {.fd = fd, .events = POLLIN};
        ssize_t got;
        int ready = poll(&wait, 1, milliseconds_until(&end));

        if (ready < 0 && errno == EINTR)
            continue;
        if (ready <= 0) {
            message_print("%s: did not end within %d s", name, seconds);
            return EXIT_STATUS_UNAVAILABLE;
        }
        output->bytes = memory_grow(output->bytes, output->bytes_len + CHUNK + 1, 1);
        got = read(fd, output->bytes + output->bytes_len, CHUNK);
        if (got < 0 && errno == EINTR)
            continue;
        output->bytes_len += got > 0 ? (size_t)got : 0;
        output->bytes[output->bytes_len] = '\0';
        if (got <= 0)
            return got == 0 ? EXIT_STATUS_OK : EXIT_STATUS_INTERNAL;
        if (output->bytes_len > max) {
            message_print("%s: writes more than %zu bytes", name, max);
            return EXIT_STATUS_DATA;
        }
    }
}

static int
reap(pid_t pid, bool at_once)
{
    int state = 0;

    if (at_once)
        kill(pid, SIGKILL);
    while (waitpid(pid, &state, 0) < 0) {
        if (errno != EINTR)
            return 128;
    }
    return WIFEXITED(state) ? WEXITSTATUS(state) : 128;
}

enum exit_status
child_run(const char *const *argv, bool beside, const char *const *extra, size_t max, int seconds, struct child_output *ret_output)
{
    struct child_output output = {0};
    enum exit_status status;
    int ends[2];
    pid_t pid;

    if (pipe2(ends, O_CLOEXEC) != 0)
        return EXIT_STATUS_INTERNAL;
    if (!start(argv, beside, extra, ends[1], &pid)) {
        message_print("%s: %s", argv[0], strerror(errno));
        close(ends[0]);
        close(ends[1]);
        return EXIT_STATUS_UNAVAILABLE;
    }
    close(ends[1]);
    status = read_all(argv[0], ends[0], max, seconds, &output);
    close(ends[0]);
    output.status = reap(pid, status != EXIT_STATUS_OK);
    if (status != EXIT_STATUS_OK)
        free(output.bytes);
    else
        *ret_output = output;
    return status;
}
