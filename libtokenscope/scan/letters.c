/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/letters.h"

#include "core/alloc.h"

#define ENCODED_TIMES_MAX 4 /* "%252E" is encoded twice */
#define BACKSLASHES_MAX 8   /* JSON in JSON in JSON */
#define ENTITY_LEN_MAX 12   /* "&#x0000002e;" */
#define SOFT_LINE_MIN 70    /* characters of a line of a mail that goes on in the next one, with its '=' */
#define SOFT_LINE_MAX 76    /* RFC 2045 section 6.7 */
#define FOLD_LEN_MAX 80     /* white space at the begin of a line that goes on with the one before */

#define U TSCOPE_LETTER_URL
#define S TSCOPE_LETTER_STANDARD
#define P TSCOPE_LETTER_PAD
#define D TSCOPE_LETTER_DOT
#define T TSCOPE_LETTER_TILDE
#define O TSCOPE_LETTER_OPAQUE

const uint8_t tscope_letter_classes[256] = {
    ['A'] = U, ['B'] = U, ['C'] = U, ['D'] = U, ['E'] = U, ['F'] = U, ['G'] = U, ['H'] = U, ['I'] = U, ['J'] = U, ['K'] = U, ['L'] = U,
    ['M'] = U, ['N'] = U, ['O'] = U, ['P'] = U, ['Q'] = U, ['R'] = U, ['S'] = U, ['T'] = U, ['U'] = U, ['V'] = U, ['W'] = U, ['X'] = U,
    ['Y'] = U, ['Z'] = U, ['a'] = U, ['b'] = U, ['c'] = U, ['d'] = U, ['e'] = U, ['f'] = U, ['g'] = U, ['h'] = U, ['i'] = U, ['j'] = U,
    ['k'] = U, ['l'] = U, ['m'] = U, ['n'] = U, ['o'] = U, ['p'] = U, ['q'] = U, ['r'] = U, ['s'] = U, ['t'] = U, ['u'] = U, ['v'] = U,
    ['w'] = U, ['x'] = U, ['y'] = U, ['z'] = U, ['0'] = U, ['1'] = U, ['2'] = U, ['3'] = U, ['4'] = U, ['5'] = U, ['6'] = U, ['7'] = U,
    ['8'] = U, ['9'] = U, ['-'] = U, ['_'] = U, ['+'] = S, ['/'] = S, ['='] = P, ['.'] = D, ['~'] = T, ['!'] = O, ['$'] = O, ['*'] = O,
};

#undef U
#undef S
#undef P
#undef D
#undef T
#undef O

/* One more than the value; 0: none. */
const uint8_t tscope_letter_values[256] = {
    ['A'] = 1,  ['B'] = 2,  ['C'] = 3,  ['D'] = 4,  ['E'] = 5,  ['F'] = 6,  ['G'] = 7,  ['H'] = 8,  ['I'] = 9,  ['J'] = 10, ['K'] = 11,
    ['L'] = 12, ['M'] = 13, ['N'] = 14, ['O'] = 15, ['P'] = 16, ['Q'] = 17, ['R'] = 18, ['S'] = 19, ['T'] = 20, ['U'] = 21, ['V'] = 22,
    ['W'] = 23, ['X'] = 24, ['Y'] = 25, ['Z'] = 26, ['a'] = 27, ['b'] = 28, ['c'] = 29, ['d'] = 30, ['e'] = 31, ['f'] = 32, ['g'] = 33,
    ['h'] = 34, ['i'] = 35, ['j'] = 36, ['k'] = 37, ['l'] = 38, ['m'] = 39, ['n'] = 40, ['o'] = 41, ['p'] = 42, ['q'] = 43, ['r'] = 44,
    ['s'] = 45, ['t'] = 46, ['u'] = 47, ['v'] = 48, ['w'] = 49, ['x'] = 50, ['y'] = 51, ['z'] = 52, ['0'] = 53, ['1'] = 54, ['2'] = 55,
    ['3'] = 56, ['4'] = 57, ['5'] = 58, ['6'] = 59, ['7'] = 60, ['8'] = 61, ['9'] = 62, ['-'] = 63, ['+'] = 63, ['_'] = 64, ['/'] = 64,
};

int
tscope_letters_unit(const struct tscope_letters *letters, size_t at)
{
    const struct tscope_window *window = letters->window;
    unsigned high = letters->big_endian ? 0 : 1;

    if (at >= window->len || window->len - at < letters->width)
        return window->is_last ? TSCOPE_LETTER_END : TSCOPE_LETTER_MORE;
    return letters->width == 1 ? window->bytes[at] : window->bytes[at + high] << 8 | window->bytes[at + 1 - high];
}

static int
hex_digit(int character)
{
    if (character >= '0' && character <= '9')
        return character - '0';
    if ((character >= 'A' && character <= 'F') || (character >= 'a' && character <= 'f'))
        return (character | 0x20) - 'a' + 10;
    return character == TSCOPE_LETTER_MORE ? TSCOPE_LETTER_MORE : TSCOPE_LETTER_END;
}

/* A number of so many hexadecimal digits. */
static int
hex_number(const struct tscope_letters *letters, size_t at, unsigned digits)
{
    int number = 0;

    for (unsigned i = 0; i < digits; i++) {
        int digit = hex_digit(tscope_letters_unit(letters, at + (size_t)i * letters->width));

        if (digit < 0)
            return digit;
        number = number << 4 | digit;
    }
    return number;
}

static int
ascii_or_end(int number)
{
    return number > 0x7f ? TSCOPE_LETTER_END : number;
}

/* Behind the percent sign. */
static int
read_percent(const struct tscope_letters *letters, size_t at, size_t *ret_next)
{
    int number = '%';

    for (int times = 0; times < ENCODED_TIMES_MAX && number == '%'; times++) {
        number = hex_number(letters, at, 2);
        at += (size_t)2 * letters->width;
    }
    *ret_next = at;
    return ascii_or_end(number);
}

/* A line end, and the white space and marks of quoting that begin the next line; 0 behind it: none is there. */
static int
read_line_end(const struct tscope_letters *letters, size_t at, size_t *ret_next)
{
    int character = tscope_letters_unit(letters, at);

    if (character == '\r') {
        at += letters->width;
        character = tscope_letters_unit(letters, at);
    }
    if (character != '\n')
        return character == TSCOPE_LETTER_MORE ? character : TSCOPE_LETTER_END;
    for (unsigned i = 0; i < FOLD_LEN_MAX; i++) {
        at += letters->width;
        character = tscope_letters_unit(letters, at);
        if (letters->folds_soft)
            break;
        if (character != ' ' && character != '\t' && character != '>')
            break;
    }
    *ret_next = at;
    return character < 0 ? character : '\n';
}

/* Past the fold, to the letter that goes on behind it. */
static int
read_behind_fold(const struct tscope_letters *letters, size_t at, size_t *ret_next, enum tscope_find_encoding *ret_encoding)
{
    struct tscope_letters plain = *letters;
    size_t behind = at;
    int character = letters->folds ? read_line_end(letters, at, &behind) : TSCOPE_LETTER_END;

    if (character < 0)
        return character;
    plain.folds = false;
    character = tscope_letters_read(&plain, behind, ret_next, ret_encoding);
    if (*ret_encoding == TSCOPE_FIND_ENCODING_ASCII)
        *ret_encoding = TSCOPE_FIND_ENCODING_FOLDED;
    return character;
}

/* Behind a backslash: "u002e", "/", each perhaps behind more backslashes, or the end of a shell's line. */
static int
read_escape(const struct tscope_letters *letters, size_t at, size_t *ret_next, enum tscope_find_encoding *ret_encoding)
{
    int character = tscope_letters_unit(letters, at);

    if (character == '\r' || character == '\n')
        return letters->folds_soft ? TSCOPE_LETTER_END : read_behind_fold(letters, at, ret_next, ret_encoding);
    for (int i = 0; i < BACKSLASHES_MAX && character == '\\'; i++) {
        at += letters->width;
        character = tscope_letters_unit(letters, at);
    }
    *ret_encoding = TSCOPE_FIND_ENCODING_JSON;
    if (character == 'u') {
        *ret_next = at + (size_t)5 * letters->width;
        return ascii_or_end(hex_number(letters, at + letters->width, 4));
    }
    *ret_next = at + letters->width;
    return character == '/' || character == TSCOPE_LETTER_MORE ? character : TSCOPE_LETTER_END;
}

/* "#46", "#x2e" and the few names of characters that tokens hold. */
static int
character_of_entity(const char *text, size_t len)
{
    static const struct {
        const char *name;
        int character;
    } names[] = {{"amp", '&'}, {"period", '.'}, {"lowbar", '_'}, {"equals", '='}, {"plus", '+'}, {"sol", '/'}};
    bool is_hex = len > 1 && (text[1] | 0x20) == 'x';
    int number = 0;

    for (size_t i = 0; i < TSCOPE_COUNT(names); i++) {
        if (tscope_span_is(tscope_span_of(text, len), names[i].name))
            return names[i].character;
    }
    if (len < 2 || text[0] != '#' || (is_hex && len == 2))
        return TSCOPE_LETTER_END;
    for (size_t i = is_hex ? 2 : 1; i < len; i++) {
        int digit = hex_digit((uint8_t)text[i]);

        if (digit < 0 || (!is_hex && digit > 9) || number > 0x7f)
            return TSCOPE_LETTER_END;
        number = number * (is_hex ? 16 : 10) + digit;
    }
    return ascii_or_end(number);
}

/* Behind the ampersand: up to the semicolon; "&amp;#46;" is encoded twice. */
static int
read_entity(const struct tscope_letters *letters, size_t at, size_t *ret_next)
{
    int character = '&';

    for (int times = 0; times < ENCODED_TIMES_MAX && character == '&'; times++) {
        char text[ENTITY_LEN_MAX];
        size_t len = 0;
        int each;

        for (;;) {
            each = tscope_letters_unit(letters, at);
            at += letters->width;
            if (each < 0)
                return each;
            if (each == ';' || each > 0x7f || len == sizeof(text))
                break;
            text[len++] = (char)each;
        }
        character = each == ';' ? character_of_entity(text, len) : TSCOPE_LETTER_END;
    }
    *ret_next = at;
    return character == '&' ? TSCOPE_LETTER_END : character;
}

/* A '=' in front of a line end is padding too: that the line is as long as a mail's are made tells them apart. */
static bool
is_soft_line_end(const struct tscope_letters *letters, size_t at)
{
    for (size_t len = 1; len <= SOFT_LINE_MAX; len++) {
        if (at < len * letters->width)
            return len >= SOFT_LINE_MIN && letters->window->offset == 0;
        if (tscope_letters_unit(letters, at - len * letters->width) == '\n')
            return len >= SOFT_LINE_MIN;
    }
    return false;
}

int
tscope_letters_read(const struct tscope_letters *letters, size_t at, size_t *ret_next, enum tscope_find_encoding *ret_encoding)
{
    size_t behind = at + letters->width;
    int character = tscope_letters_unit(letters, at);

    *ret_encoding = TSCOPE_FIND_ENCODING_ASCII;
    *ret_next = behind;
    switch (character) {
    case '%':
        *ret_encoding = TSCOPE_FIND_ENCODING_PERCENT;
        return read_percent(letters, behind, ret_next);
    case '\\':
        return read_escape(letters, behind, ret_next, ret_encoding);
    case '&':
        *ret_encoding = TSCOPE_FIND_ENCODING_HTML;
        return read_entity(letters, behind, ret_next);
    case '\r':
    case '\n':
        return letters->folds_soft ? TSCOPE_LETTER_END : read_behind_fold(letters, at, ret_next, ret_encoding);
    case '=': /* a line of a mail that goes on in the next one (RFC 2045 section 6.7), else padding */
        if (letters->folds_soft && !is_soft_line_end(letters, at))
            return character;
        if (letters->folds && (tscope_letters_unit(letters, behind) == '\r' || tscope_letters_unit(letters, behind) == '\n'))
            return read_behind_fold(letters, behind, ret_next, ret_encoding);
        return letters->folds && tscope_letters_unit(letters, behind) == TSCOPE_LETTER_MORE ? TSCOPE_LETTER_MORE : character;
    default:
        return character < 0 ? character : ascii_or_end(character);
    }
}

/* An escape of a few units that ends at a place; false when there is none. */
static bool
read_escape_back(const struct tscope_letters *letters, size_t at, unsigned units, int first, size_t *ret_begin, int *ret_letter)
{
    enum tscope_find_encoding unused;
    size_t len = (size_t)units * letters->width, next;

    if (at < len || tscope_letters_unit(letters, at - len) != first)
        return false;
    *ret_begin = at - len;
    *ret_letter = tscope_letters_read(letters, *ret_begin, &next, &unused);
    return *ret_letter >= 0 && next == at;
}

static bool
is_escaped_control(const struct tscope_letters *letters, size_t at)
{
    size_t len = (size_t)2 * letters->width;
    int last;

    if (at < len || tscope_letters_unit(letters, at - len) != '\\')
        return false;
    last = tscope_letters_unit(letters, at - letters->width);
    return last == 'n' || last == 'r' || last == 't';
}

int
tscope_letters_read_back(const struct tscope_letters *letters, size_t at, size_t *ret_begin)
{
    int letter, last;

    if (at < letters->width)
        return TSCOPE_LETTER_END;
    last = tscope_letters_unit(letters, at - letters->width);
    if (last == ';') {
        for (unsigned units = 4; units <= ENTITY_LEN_MAX; units++) {
            if (read_escape_back(letters, at, units, '&', ret_begin, &letter))
                return letter;
        }
    }
    if (read_escape_back(letters, at, 3, '%', ret_begin, &letter) || read_escape_back(letters, at, 6, '\\', ret_begin, &letter))
        return letter;
    if (is_escaped_control(letters, at))
        return TSCOPE_LETTER_END;
    *ret_begin = at - letters->width;
    return last < 0 ? last : ascii_or_end(last);
}
