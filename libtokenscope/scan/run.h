/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_SCAN_RUN_H
#define TSCOPE_SCAN_RUN_H

#include "scan/letters.h"

/** @file A run of letters from one place on, read as far as somebody asks. Plain ones are not copied. */

/** One more than a token has, so that it shows when it is longer. */
#define TSCOPE_RUN_MAX (TSCOPE_SCAN_TOKEN_MAX + 1)

/** Room for the letters of one run and their places; one is enough for a scanner. */
struct tscope_run_room {
    uint8_t text[TSCOPE_RUN_MAX];
    uint32_t places[TSCOPE_RUN_MAX];
};

struct tscope_run {
    struct tscope_letters letters;
    struct tscope_run_room *room;
    unsigned classes;    /* letters that it goes on with */
    const uint8_t *text; /* letters read so far */
    size_t len;
    size_t begin, end;                  /* bytes of the window that they take up */
    enum tscope_find_encoding encoding; /* of its code units */
    enum tscope_find_encoding escapes;  /* the first escapes met; ASCII: none */
    size_t escaped_from;                /* the first letter that is escaped */
    bool is_plain;                      /* text is a view of the window */
    bool ended;                         /* no letter follows */
    bool more;                          /* one may follow behind the window */
};

/** Begins a run; room is not used by another one in the meantime. */
void tscope_run_begin(struct tscope_run *run, const struct tscope_letters *letters, struct tscope_run_room *room, size_t at,
                      unsigned classes);
/** Reads on until a letter of that number is there, or none follows. True when it is there. */
bool tscope_run_read(struct tscope_run *run, size_t number);

/** The same, when most are there already. */
static inline bool
tscope_run_has(struct tscope_run *run, size_t number)
{
    return number < run->len || tscope_run_read(run, number);
}

/** The number of the first letter from one on that is of none of the classes, or of as many letters as there are. */
size_t tscope_run_span(struct tscope_run *run, size_t from, unsigned classes);
/** The byte of the window at which a letter begins; of the number behind the last: where that ends. */
size_t tscope_run_place(const struct tscope_run *run, size_t number);

/** How the first so many letters are written. */
enum tscope_find_encoding tscope_run_encoding(const struct tscope_run *run, size_t len);

/** The letter of that number; 0 when there is none. */
static inline uint8_t
tscope_run_letter(struct tscope_run *run, size_t number)
{
    return tscope_run_has(run, number) ? run->text[number] : 0;
}

#endif
