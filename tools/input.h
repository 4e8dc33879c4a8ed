/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TOOLS_INPUT_H
#define TOOLS_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <tokenscope/token.h>

#include "options.h"
#include "status.h"

/** @file Bytes to work on: of a file, of standard input, or of the argument itself. Never more in memory than a stated bound. */

/** One thing to read. Opened by input_open_…(), released by input_close(). */
struct input {
    const char *name; /* for messages: the path or "standard input"; NULL: name_space, "argument N". Never a token */
    const char *path; /* of a file, for reports; NULL otherwise */
    int fd;           /* -1: the bytes are in memory */
    char name_space[32];
    char *bytes; /* read, not yet taken */
    size_t bytes_len, bytes_max, taken;
    uint64_t offset, line; /* of bytes[taken] in the file; lines read so far */
    bool ended;
};

/** A piece of an input: all of it, or one line. Lives until the next call on its input. */
struct input_piece {
    const char *bytes;
    size_t bytes_len;
    uint64_t offset; /* where it begins */
    uint64_t line;   /* its number from 1; 0: not read by lines */
};

/**
 * How the one token of a piece is read: in JSON that is no token itself from where it was found, else with all around it, since
 * damage may hide where it ends (NULL).
 */
const struct tscope_capture *input_sole_capture(const struct input_piece *piece, const tscope_captures *captures);

enum input_result {
    INPUT_PIECE,  /* here is one */
    INPUT_END,    /* there are no more */
    INPUT_FAILED, /* nothing more can be read; a message was printed */
    INPUT_LONG,   /* the piece is over the bound; a message was printed; the next line can be read */
};

/**
 * Opens what an operand means: "-" is standard input; what names a file is that file; else what has a dot or begins with
 * "{" is itself the input, unless it is written like a file's name. NULL: standard input, when it is no terminal.
 *
 * @param number  of the operand, from 1, for messages
 * @return EXIT_STATUS_OK; else after a message EXIT_STATUS_DATA (a folder), EXIT_STATUS_NOT_FOUND, EXIT_STATUS_IO
 */
enum exit_status input_open_operand(const char *operand, size_t number, struct input *input);

/** Opens a file; statuses as above. */
enum exit_status input_open_path(const char *path, struct input *input);

/** What messages call it. Lives as long as the input. */
const char *input_name(const struct input *input);

void input_close(struct input *input);

/** Reads everything, at most max bytes. Of an input that can be read to its end the first call returns INPUT_PIECE, also when it is empty.
 */
enum input_result input_read_all(struct input *input, size_t max, struct input_piece *ret_piece, enum exit_status *ret_status);

/** Reads the next line that is not empty, without its line end; lines of more than max bytes are passed over. */
enum input_result input_read_line(struct input *input, size_t max, struct input_piece *ret_piece, enum exit_status *ret_status);

/**
 * Reads the next line whatever it is, without its line end; of lines of more than max bytes nothing is kept (INPUT_LONG), and no
 * message is printed of them.
 */
enum input_result input_read_any_line(struct input *input, size_t max, struct input_piece *ret_piece, enum exit_status *ret_status);

/** True when the next line is not here yet, so that reading it would wait. */
bool input_would_wait(const struct input *input);

/** Reads a whole file of at most max bytes into memory that the caller frees (with a NUL behind it). */
enum exit_status input_load(const char *path, size_t max, char **ret_bytes, size_t *ret_len);

/** The words to work on: the operands, or one NULL (standard input). EXIT_STATUS_USAGE with a hint when a person would have to type. */
enum exit_status input_default(const char *verb, struct option_list *operands);

#endif
