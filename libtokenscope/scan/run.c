/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/run.h"

#define STEP 64 /* letters that are read at once, at the beginning of a run */

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
    const size_t limit = window->len - run->begin < len ? window->len - run->begin : len;
    const uint8_t *text = run->text;
    unsigned classes = run->letters.folds ? run->classes & ~(unsigned)TSCOPE_LETTER_PAD : run->classes;
    size_t at = run->len;

    /* in twos: it is twice as quick, and all that a long token costs */
    while (at + 2 <= limit && tscope_letter_classes[text[at]] & classes && tscope_letter_classes[text[at + 1]] & classes)
        at += 2;
    while (at < limit && tscope_letter_classes[text[at]] & classes)
        at++;
    run->len = at;
    run->end = run->begin + at;
}

/* The same in UTF-16, where letters are copied. */
static void
read_wide(struct tscope_run *run, size_t len)
{
    const struct tscope_window *window = run->letters.window;
    const unsigned high = run->letters.big_endian ? 0 : 1, low = 1 - high;
    unsigned classes = run->letters.folds ? run->classes & ~(unsigned)TSCOPE_LETTER_PAD : run->classes;
    const uint8_t *bytes = window->bytes;
    uint8_t *text = run->room->text;
    uint32_t *places = run->room->places;
    size_t at = run->len, end = run->end;

    for (; at < len && window->len - end >= 2; end += 2) {
        uint8_t letter = bytes[end + low];

        if (bytes[end + high] != 0 || !(tscope_letter_classes[letter] & classes))
            break;
        text[at] = letter;
        places[at++] = (uint32_t)end;
    }
    run->len = at;
    run->end = end;
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
tscope_run_read(struct tscope_run *run, size_t number)
{
    size_t wanted = number < 2 * STEP ? 2 * STEP : number * 2; /* further and further, as most end soon */

    while (run->len <= number && !run->ended) {
        if (is_full(run)) {
            run->ended = true;
            break;
        }
        if (run->is_plain)
            read_plain(run, wanted < TSCOPE_RUN_MAX ? wanted : TSCOPE_RUN_MAX);
        else if (run->letters.width == 2)
            read_wide(run, wanted < TSCOPE_RUN_MAX ? wanted : TSCOPE_RUN_MAX);
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
        const uint8_t *text = run->text;
        const size_t len = run->len;

        while (at + 2 <= len && tscope_letter_classes[text[at]] & classes && tscope_letter_classes[text[at + 1]] & classes)
            at += 2;
        while (at < len && tscope_letter_classes[text[at]] & classes)
            at++;
        if (at < len)
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
