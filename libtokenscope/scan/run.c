/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/run.h"

#define STEP 256 /* letters that are read at once */

void
tscope_run_begin(struct tscope_run *run, const struct tscope_letters *letters, struct tscope_run_room *room, size_t at, unsigned classes)
{
    *run = (struct tscope_run){
        .letters = *letters,
        .room = room,
        .classes = classes,
        .text = letters->window->bytes + at,
        .begin = at,
        .end = at,
        .is_plain = letters->width == 1,
        .escapes = TSCOPE_FIND_ENCODING_ASCII,
        .encoding = letters->width == 1   ? TSCOPE_FIND_ENCODING_ASCII
                    : letters->big_endian ? TSCOPE_FIND_ENCODING_UTF16BE
                                          : TSCOPE_FIND_ENCODING_UTF16LE,
    };
    if (!run->is_plain)
        run->text = room->text;
}

/* The first letter that is not written as it is: from here on letters are copied. */
static void
leave_window(struct tscope_run *run)
{
    for (size_t i = 0; i < run->len; i++) {
        run->room->text[i] = run->text[i];
        run->room->places[i] = (uint32_t)(run->begin + i);
    }
    run->text = run->room->text;
    run->is_plain = false;
}

/* Past letters that are written as they are. False when something else stands there. */
static void
read_plain(struct tscope_run *run, size_t len)
{
    const struct tscope_window *window = run->letters.window;
    size_t limit = window->len - run->begin < len ? window->len - run->begin : len;

    while (run->len < limit && tscope_letter_classes[run->text[run->len]] & run->classes) {
        if (run->text[run->len] == '=' && run->letters.folds)
            break;
        run->len++;
    }
    run->end = run->begin + run->len;
}

static void
read_any(struct tscope_run *run)
{
    enum tscope_find_encoding encoding = TSCOPE_FIND_ENCODING_ASCII;
    size_t next = run->end;
    int letter = tscope_letters_read(&run->letters, run->end, &next, &encoding);

    if (letter < 0 || !(tscope_letter_classes[letter] & run->classes)) {
        run->more = letter == TSCOPE_LETTER_MORE && run->end - run->begin < TSCOPE_WINDOW_AHEAD;
        run->ended = true;
        return;
    }
    if (encoding != TSCOPE_FIND_ENCODING_ASCII) {
        if (run->is_plain)
            leave_window(run);
        if (run->escapes == TSCOPE_FIND_ENCODING_ASCII)
            run->escaped_from = run->len;
        if (run->escapes == TSCOPE_FIND_ENCODING_ASCII || run->escapes == TSCOPE_FIND_ENCODING_FOLDED)
            run->escapes = encoding;
    }
    if (!run->is_plain) {
        run->room->text[run->len] = (uint8_t)letter;
        run->room->places[run->len] = (uint32_t)run->end;
    }
    run->len++;
    run->end = next;
}

/* However it is written, a token takes up no more bytes than a finder may look at. */
static bool
is_full(const struct tscope_run *run)
{
    return run->len == TSCOPE_RUN_MAX || run->end - run->begin >= TSCOPE_WINDOW_AHEAD - 64;
}

bool
tscope_run_has(struct tscope_run *run, size_t number)
{
    size_t wanted = number / STEP * STEP + STEP;

    if (number < run->len)
        return true;
    while (run->len <= number && !run->ended) {
        if (is_full(run)) {
            run->ended = true;
            break;
        }
        if (run->is_plain)
            read_plain(run, wanted < TSCOPE_RUN_MAX ? wanted : TSCOPE_RUN_MAX);
        if (run->len <= number && !is_full(run))
            read_any(run);
    }
    return number < run->len;
}

size_t
tscope_run_span(struct tscope_run *run, size_t from, unsigned classes)
{
    size_t at = from;

    while (tscope_run_has(run, at)) {
        while (at < run->len && tscope_letter_classes[run->text[at]] & classes)
            at++;
        if (at < run->len)
            break;
    }
    return at;
}

size_t
tscope_run_place(const struct tscope_run *run, size_t number)
{
    if (number == run->len)
        return run->end;
    return run->is_plain ? run->begin + number : run->room->places[number];
}

enum tscope_find_encoding
tscope_run_encoding(const struct tscope_run *run, size_t len)
{
    if (run->encoding != TSCOPE_FIND_ENCODING_ASCII || run->escapes == TSCOPE_FIND_ENCODING_ASCII || run->escaped_from >= len)
        return run->encoding;
    return run->escapes;
}
