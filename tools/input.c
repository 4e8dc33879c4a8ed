/* SPDX-License-Identifier: Apache-2.0 */
#include "input.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "memory.h"
#include "message.h"
#include "terminal.h"

#define READ_STEP (64u << 10)
#define PIPE_WAIT_MS 2000 /* for someone to begin to write into a named pipe */
#define PIPE_STEP_MS 20

static enum exit_status
refuse_file(const char *name, int error)
{
    message_print("%s: %s", name, error == ENOENT || error == ENOTDIR ? "no such file" : strerror(error));
    return error == ENOENT || error == ENOTDIR ? EXIT_STATUS_NOT_FOUND : error == EISDIR ? EXIT_STATUS_DATA : EXIT_STATUS_IO;
}

static struct input
input_on(int fd, const char *name, const char *path)
{
    return (struct input){.fd = fd, .name = name, .path = path};
}

/* Room for at least READ_STEP more bytes behind those that are there. */
static void
make_room(struct input *input)
{
    if (input->taken > 0) {
        input->bytes_len -= input->taken;
        memmove(input->bytes, input->bytes + input->taken, input->bytes_len);
        input->taken = 0;
    }
    if (input->bytes_max - input->bytes_len >= READ_STEP)
        return;
    input->bytes_max = input->bytes_len * 2 + READ_STEP;
    input->bytes = memory_grow(input->bytes, input->bytes_max + 1, 1); /* 1: the NUL of input_load() */
}

/* Bytes read, 0 at the end, -1 with errno. */
static ssize_t
read_more(struct input *input)
{
    ssize_t got;

    make_room(input);
    do
        got = read(input->fd, input->bytes + input->bytes_len, input->bytes_max - input->bytes_len);
    while (got < 0 && errno == EINTR);
    if (got > 0)
        input->bytes_len += (size_t)got;
    return got;
}

/*
 * A named pipe that nobody writes into would be waited for without end. Opened without waiting, it tells: "try again" when a
 * writer has it open, else the end of the file, with a hang-up when one has been there.
 */
static enum exit_status
wait_for_writer(struct input *input)
{
    for (int waited = 0; waited < PIPE_WAIT_MS; waited += PIPE_STEP_MS) {
        struct pollfd poll_fd = {.fd = input->fd, .events = POLLIN};
        ssize_t got = read_more(input);

        if (got > 0 || (got < 0 && errno == EAGAIN))
            return fcntl(input->fd, F_SETFL, 0) == 0 ? EXIT_STATUS_OK : refuse_file(input->name, errno);
        if (got < 0)
            return refuse_file(input->name, errno);
        if (poll(&poll_fd, 1, 0) > 0 && (poll_fd.revents & POLLHUP)) {
            input->ended = true;
            return EXIT_STATUS_OK;
        }
        poll(NULL, 0, PIPE_STEP_MS);
    }
    message_print("%s: nobody writes into this pipe", input->name);
    return EXIT_STATUS_IO;
}

enum exit_status
input_open_path(const char *path, struct input *input)
{
    enum exit_status status = EXIT_STATUS_OK;
    struct stat file;

    *input = input_on(open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY), path, path);
    if (input->fd < 0)
        return refuse_file(path, errno);
    if (fstat(input->fd, &file) != 0)
        status = refuse_file(path, errno);
    else if (S_ISDIR(file.st_mode))
        status = refuse_file(path, EISDIR);
    else if (S_ISFIFO(file.st_mode))
        status = wait_for_writer(input);
    else if (fcntl(input->fd, F_SETFL, 0) != 0)
        status = refuse_file(path, errno);
    if (status != EXIT_STATUS_OK)
        input_close(input);
    return status;
}

/* Written like a file's name, so that a mistyped name is not taken for a broken token: none of its kind begins like this. */
static bool
looks_like_path(const char *text)
{
    const char *dot = strrchr(text, '.');
    size_t letters = dot ? strspn(dot + 1, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") : 0;

    if (text[0] == '/' || strncmp(text, "./", 2) == 0 || strncmp(text, "../", 3) == 0)
        return true;
    if (strstr(text, "eyJ") || text[0] == '{')
        return false;
    if (strchr(text, '/'))
        return true;
    return dot && strchr(text, '.') == dot && letters > 0 && letters <= 5 && dot[1 + letters] == '\0';
}

static enum exit_status
open_argument(const char *text, size_t number, struct input *input)
{
    *input = input_on(-1, NULL, NULL);
    snprintf(input->name_space, sizeof(input->name_space), "argument %zu", number);
    if (looks_like_path(text)) {
        message_print("%s: no such file", text);
        return EXIT_STATUS_NOT_FOUND;
    }
    if (!strchr(text, '.') && text[0] != '{') {
        message_print("%s is neither a file nor a token", input->name_space);
        return EXIT_STATUS_NOT_FOUND;
    }
    input->bytes = memory_copy(text);
    input->bytes_len = input->bytes_max = strlen(text);
    input->ended = true;
    return EXIT_STATUS_OK;
}

enum exit_status
input_open_operand(const char *operand, size_t number, struct input *input)
{
    struct stat file;

    if (!operand || strcmp(operand, "-") == 0) {
        *input = input_on(STDIN_FILENO, "standard input", NULL);
        return EXIT_STATUS_OK;
    }
    if (stat(operand, &file) == 0 || (errno != ENOENT && errno != ENOTDIR && errno != ENAMETOOLONG))
        return input_open_path(operand, input);
    return open_argument(operand, number, input);
}

void
input_close(struct input *input)
{
    if (input->fd > STDERR_FILENO)
        close(input->fd);
    free(input->bytes);
    *input = input_on(-1, NULL, NULL);
}

const char *
input_name(const struct input *input)
{
    return input->name ? input->name : input->name_space;
}

static enum input_result
fail_reading(struct input *input, enum exit_status *ret_status)
{
    *ret_status = refuse_file(input_name(input), errno);
    input->ended = true;
    return INPUT_FAILED;
}

static void
refuse_long(const struct input *input, uint64_t line, size_t max)
{
    if (line)
        message_print("%s: line %" PRIu64 " is over the limit of %zu bytes", input_name(input), line, max);
    else
        message_print("%s: input is over the limit of %zu bytes", input_name(input), max);
}

enum input_result
input_read_all(struct input *input, size_t max, struct input_piece *ret_piece, enum exit_status *ret_status)
{
    while (!input->ended && input->bytes_len <= max) {
        ssize_t got = read_more(input);

        if (got < 0)
            return fail_reading(input, ret_status);
        input->ended = got == 0;
    }
    if (input->bytes_len > max) {
        refuse_long(input, 0, max);
        *ret_status = EXIT_STATUS_DATA;
        return INPUT_LONG;
    }
    *ret_piece = (struct input_piece){.bytes = input->bytes, .bytes_len = input->bytes_len};
    return INPUT_PIECE;
}

/* Moves past count bytes. */
static void
take(struct input *input, size_t count)
{
    input->taken += count;
    input->offset += count;
}

/* The next line with its line end, or what is left at the end; INPUT_LONG when it has more than max bytes, all passed over. */
static enum input_result
find_line(struct input *input, size_t max, size_t *ret_len, enum exit_status *ret_status)
{
    bool too_long = false;
    size_t searched = 0;

    for (;;) {
        const char *begin = input->bytes + input->taken;
        size_t held = input->bytes_len - input->taken;
        const char *end = held > searched ? memchr(begin + searched, '\n', held - searched) : NULL;
        ssize_t got;

        if (end || input->ended) {
            *ret_len = end ? (size_t)(end - begin) + 1 : held;
            if (!too_long && *ret_len <= max + 1)
                return *ret_len ? INPUT_PIECE : INPUT_END;
            take(input, *ret_len);
            return INPUT_LONG;
        }
        searched = held;
        if (held > max) {
            too_long = true;
            take(input, held);
            searched = 0;
        }
        got = read_more(input);
        if (got < 0)
            return fail_reading(input, ret_status);
        input->ended = got == 0;
    }
}

static bool
is_blank(const char *bytes, size_t bytes_len)
{
    for (size_t i = 0; i < bytes_len; i++) {
        if (bytes[i] != ' ' && bytes[i] != '\t' && bytes[i] != '\r' && bytes[i] != '\n')
            return false;
    }
    return true;
}

enum input_result
input_read_any_line(struct input *input, size_t max, struct input_piece *ret_piece, enum exit_status *ret_status)
{
    enum input_result result;
    const char *line;
    size_t len = 0;

    if (!input->bytes)
        make_room(input);
    result = find_line(input, max, &len, ret_status);
    input->line++;
    *ret_piece = (struct input_piece){.offset = input->offset, .line = input->line};
    if (result != INPUT_PIECE)
        return result;
    line = input->bytes + input->taken;
    take(input, len);
    while (len > 0 && (line[len - 1] == '\n' || line[len - 1] == '\r'))
        len--;
    ret_piece->bytes = line;
    ret_piece->bytes_len = len;
    return INPUT_PIECE;
}

enum input_result
input_read_line(struct input *input, size_t max, struct input_piece *ret_piece, enum exit_status *ret_status)
{
    for (;;) {
        enum input_result result = input_read_any_line(input, max, ret_piece, ret_status);

        if (result == INPUT_LONG) {
            refuse_long(input, input->line, max);
            *ret_status = EXIT_STATUS_DATA;
        }
        if (result != INPUT_PIECE || !is_blank(ret_piece->bytes, ret_piece->bytes_len))
            return result;
    }
}

bool
input_would_wait(const struct input *input)
{
    struct pollfd poll_fd = {.fd = input->fd, .events = POLLIN};

    if (input->ended || input->fd < 0 || (input->bytes && memchr(input->bytes + input->taken, '\n', input->bytes_len - input->taken)))
        return false;
    return poll(&poll_fd, 1, 0) == 0;
}

const struct tscope_capture *
input_sole_capture(const struct input_piece *piece, const tscope_captures *captures)
{
    size_t at = 0;

    while (at < piece->bytes_len && strchr(" \t\r\n", piece->bytes[at]) && piece->bytes[at] != '\0')
        at++;
    return at < piece->bytes_len && piece->bytes[at] == '{' ? tscope_captures_at(captures, 0) : NULL;
}

enum exit_status
input_load(const char *path, size_t max, char **ret_bytes, size_t *ret_len)
{
    struct input input;
    struct input_piece piece;
    enum exit_status status = strcmp(path, "-") == 0 ? input_open_operand(path, 0, &input) : input_open_path(path, &input);

    if (status != EXIT_STATUS_OK)
        return status;
    if (input_read_all(&input, max, &piece, &status) == INPUT_PIECE) {
        make_room(&input);
        input.bytes[input.bytes_len] = '\0';
        *ret_bytes = input.bytes;
        *ret_len = input.bytes_len;
        input.bytes = NULL;
    }
    input_close(&input);
    return status;
}

enum exit_status
input_default(const char *verb, struct option_list *operands)
{
    if (operands->words_len > 0)
        return EXIT_STATUS_OK;
    if (terminal_is_stdin())
        return message_usage(verb, "no token is given; pipe it in, as an argument shows in the process list: tokenscope %s < token.txt",
                             verb);
    option_list_add(operands, NULL);
    return EXIT_STATUS_OK;
}
