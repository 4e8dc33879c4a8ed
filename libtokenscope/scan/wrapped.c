/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/wrapped.h"

#include "core/alloc.h"
#include "scan/compact.h"
#include "scan/header.h"

#define LETTERS_FIRST 96u /* enough to see that most are none */
#define LETTERS_MAX (TSCOPE_SCAN_TOKEN_MAX / 3 * 4 + 16)

/* Letters of base64 and where each stands, the bytes that they encode, and room for reading these. */
struct tscope_wrapped_room {
    uint32_t places[LETTERS_MAX + 1];
    uint8_t letters[LETTERS_MAX];
    uint8_t bytes[TSCOPE_SCAN_TOKEN_MAX + 16];
    struct tscope_run_room inner;
};

struct wrapped {
    struct tscope_wrapped_room *room;
    struct tscope_letters reader;
    size_t len;  /* letters read */
    size_t next; /* byte of the window behind them */
    bool ended, more;
};

/* Reads letters on until there are so many; lines may end among them (RFC 2045 section 6.8). */
static void
read_letters(struct wrapped *wrapped, size_t wanted)
{
    struct tscope_wrapped_room *room = wrapped->room;

    while (wrapped->len < wanted && !wrapped->ended) {
        enum tscope_find_encoding unused;
        struct tscope_letters reader = wrapped->reader;
        size_t next = wrapped->next;
        int letter;

        reader.folds_soft = tscope_letters_unit(&reader, next) == '='; /* padding, unless a mail's line goes on */
        letter = tscope_letters_read(&reader, wrapped->next, &next, &unused);
        if (letter < 0 || !(tscope_letter_classes[letter] & TSCOPE_LETTER_BASE64)) {
            wrapped->ended = true;
            wrapped->more = letter == TSCOPE_LETTER_MORE && wrapped->next - room->places[0] < TSCOPE_WINDOW_AHEAD;
            break;
        }
        if (wrapped->next - room->places[0] >= TSCOPE_WINDOW_AHEAD - 64) {
            wrapped->ended = true;
            break;
        }
        room->letters[wrapped->len] = (uint8_t)letter;
        room->places[wrapped->len++] = (uint32_t)wrapped->next;
        wrapped->next = next;
    }
    room->places[wrapped->len] = (uint32_t)wrapped->next;
}

/* The letter in front of a place; over a line end too. */
static bool
step_back(const struct tscope_letters *reader, size_t *at)
{
    const uint8_t *bytes = reader->window->bytes;
    size_t place = *at;
    int letter;

    if (place > 0 && bytes[place - 1] == '\n') {
        place--;
        if (place > 0 && bytes[place - 1] == '\r')
            place--;
    }
    letter = tscope_letters_read_back(reader, place, &place);
    if (letter < 0 || !(tscope_letter_classes[letter] & TSCOPE_LETTER_BASE64))
        return false;
    *at = place;
    return true;
}

static uint64_t
value_at(const struct tscope_letters *reader, size_t at)
{
    enum tscope_find_encoding unused;
    size_t next;

    return (uint64_t)(unsigned)tscope_letter_value((uint8_t)tscope_letters_read(reader, at, &next, &unused));
}

#define BACK_LETTERS 6 /* that four bytes lie in at most */

/*
 * Four letters of a header in front of those at hand, when they are white space: the byte at hand begins behind two bits for each byte
 * that its group skips, and so do they.
 */
static bool
step_back_over_space(const struct tscope_letters *reader, size_t *first, unsigned *skipped)
{
    const unsigned letters_len = *skipped == 0 ? BACK_LETTERS : BACK_LETTERS - 1;
    uint8_t group[4];
    uint64_t bits = 0;
    size_t place = *first;

    for (unsigned i = 0; i < letters_len; i++) {
        if (!step_back(reader, &place))
            return false;
        bits |= value_at(reader, place) << 6 * i;
    }
    if (*skipped > 0) /* and the bits of the letter at hand that are theirs */
        bits = bits << 2 * *skipped | value_at(reader, *first) >> (6 - 2 * *skipped);
    for (unsigned i = 0; i < sizeof(group); i++)
        group[i] = (uint8_t)(bits >> 8 * (3 - i));
    if (!tscope_scan_is_space_group(group))
        return false;
    *first = place;
    *skipped = (*skipped + 2) % 3;
    return true;
}

/*
 * The letter that holds the first bits of the header's first byte: of the group's four letters that of the same number. False also when
 * so much white space is in front of it that where it begins is not told.
 */
static bool
find_first(const struct tscope_letters *reader, size_t at, unsigned *skipped, size_t *ret_first)
{
    *ret_first = at;
    if (*skipped > 0 && !step_back(reader, ret_first))
        return false;
    for (unsigned groups = 0; step_back_over_space(reader, ret_first, skipped); groups++) {
        if (groups == TSCOPE_HEADER_SPACE_MAX || at - *ret_first > TSCOPE_HEADER_BACK_MAX)
            return false;
    }
    return true;
}

/* The bytes from the header's first on: as if its letters began a group, and were followed by what is there. */
static size_t
decode(struct wrapped *wrapped, unsigned skipped)
{
    struct tscope_wrapped_room *room = wrapped->room;
    unsigned bits_of_first = skipped == 0 ? 6 : skipped == 1 ? 4 : 2, count = 0;
    uint32_t bits = 0;
    size_t len = 0;

    for (size_t i = 0; i < wrapped->len && len < sizeof(room->bytes); i++) {
        unsigned used = i == 0 ? bits_of_first : 6;

        bits = bits << used | ((uint32_t)tscope_letter_value(room->letters[i]) & ((1u << used) - 1));
        count += used;
        if (count >= 8) {
            count -= 8;
            room->bytes[len++] = (uint8_t)(bits >> count);
        }
    }
    return len;
}

/* The letter that holds the last bit of so many bytes, and one: where those end. */
static size_t
letters_of(size_t bytes, unsigned skipped)
{
    size_t bits = bytes * 8, first = skipped == 0 ? 6 : skipped == 1 ? 4 : 2;

    return bits <= first ? 1 : 1 + (bits - first + 5) / 6;
}

static enum tscope_probe
probe_bytes(struct wrapped *wrapped, unsigned skipped, struct tscope_token_place *ret_place)
{
    struct tscope_wrapped_room *room = wrapped->room;
    bool is_all = wrapped->ended || wrapped->len == LETTERS_MAX;
    struct tscope_window window = {.bytes = room->bytes, .len = decode(wrapped, skipped), .is_last = is_all};
    struct tscope_letters letters = {.window = &window, .width = 1};
    struct tscope_header_place none = {0, 0};
    enum tscope_probe probe = tscope_compact_probe(&room->inner, &letters, 0, &none, ret_place);

    if (probe != TSCOPE_PROBE_FOUND)
        return probe;
    ret_place->begin = room->places[0];
    ret_place->end = room->places[letters_of(ret_place->end, skipped)];
    ret_place->encoding = TSCOPE_FIND_ENCODING_BASE64;
    return TSCOPE_PROBE_FOUND;
}

enum tscope_probe
tscope_wrapped_probe(struct tscope_token_finder *finder, const struct tscope_window *window, size_t at, unsigned skipped,
                     struct tscope_token_place *ret_place)
{
    struct wrapped wrapped = {.reader = {.window = window, .width = 1, .folds = true}};
    struct tscope_letters back = {.window = window, .width = 1};
    enum tscope_probe probe = TSCOPE_PROBE_MORE;

    if (!find_first(&back, at, &skipped, &wrapped.next))
        return TSCOPE_PROBE_NOTHING;
    if (!finder->wrapped)
        finder->wrapped = tscope_alloc(sizeof(*finder->wrapped));
    wrapped.room = finder->wrapped;
    if (!wrapped.room)
        return TSCOPE_PROBE_NO_MEMORY;
    wrapped.room->places[0] = (uint32_t)wrapped.next;
    for (size_t wanted = LETTERS_FIRST; probe == TSCOPE_PROBE_MORE && !wrapped.ended && wrapped.len < LETTERS_MAX; wanted *= 4) {
        read_letters(&wrapped, wanted < LETTERS_MAX ? wanted : LETTERS_MAX);
        if (wrapped.more)
            return TSCOPE_PROBE_MORE;
        probe = probe_bytes(&wrapped, skipped, ret_place);
    }
    return probe;
}
