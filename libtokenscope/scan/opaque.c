/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/opaque.h"

#include "core/alloc.h"
#include "core/base64url.h"
#include "core/text.h"

#define BLOCK_LETTERS 48 /* of 36 bytes: format, two of a number, two GUIDs and one more */
#define BLOCK_BYTES 36
#define TENANT_AT 3
#define CLIENT_AT 19
#define REST_MIN 32
#define SLICE_HIGH_MAX 15 /* of the number's high byte: those that were seen have 0 or 1 */
#define TICKET_MIN 48
#define TICKET_NAMED_MIN 100 /* letters of a ticket whose inside is unknown and whose name says what it is */
#define TICKET_MARK_LETTERS 12
#define REFRESH_MIN 48
#define CENTRE_MAX 6 /* letters of a data centre's name */
#define NAME_LETTERS 32

static bool
is_class(int letter, unsigned classes)
{
    return letter >= 0 && tscope_letter_classes[letter] & classes;
}

static bool
is_after(const struct tscope_run *run, unsigned classes)
{
    size_t unused;

    return is_class(tscope_letters_read_back(&run->letters, run->begin, &unused), classes);
}

/* Version 1 to 5 of RFC 9562, as .NET writes it: the first three numbers little-endian. */
static bool
is_random_guid(const uint8_t *guid)
{
    return guid[7] >> 4 >= 1 && guid[7] >> 4 <= 5 && (guid[8] & 0xc0) == 0x80;
}

/* "00000003-0000-0ff1-ce00-000000000000" and its like: Microsoft's own applications of the early days. */
static bool
is_numbered_guid(const uint8_t *guid)
{
    static const uint8_t ends[3][6] = {
        {0, 0, 0, 0, 0xc0, 0},
        {0, 0, 0xf1, 0x0f, 0xce, 0},
        {0, 0, 0, 0, 0, 0},
    };

    for (size_t i = 0; i < TSCOPE_COUNT(ends); i++) {
        if (memcmp(guid + 4, ends[i], 6) == 0)
            return memcmp(guid + 10, "\0\0\0\0\0", 6) == 0;
    }
    return false;
}

static bool
names_tenant_and_client(const uint8_t *letters)
{
    uint8_t block[BLOCK_BYTES + 3];
    size_t len;

    return tscope_base64url_decode(letters, BLOCK_LETTERS, block, &len) && block[2] <= SLICE_HIGH_MAX &&
           is_random_guid(block + TENANT_AT) && (is_random_guid(block + CLIENT_AT) || is_numbered_guid(block + CLIENT_AT));
}

/* "0.A…", "1.A…": a version, a block that names tenant and client, and the encrypted rest. */
static bool
read_entra(struct tscope_run *run, size_t *ret_len)
{
    size_t block_end = tscope_run_span(run, 2, TSCOPE_LETTER_URL), end;

    if (block_end < 2 + BLOCK_LETTERS || tscope_run_letter(run, block_end) != '.' || !names_tenant_and_client(run->text + 2) ||
        is_after(run, TSCOPE_LETTER_URL | TSCOPE_LETTER_DOT))
        return false;
    end = tscope_run_span(run, block_end, TSCOPE_LETTER_URL | TSCOPE_LETTER_DOT);
    while (run->text[end - 1] == '.')
        end--;
    *ret_len = end;
    return end > block_end + REST_MIN;
}

/* "M.C507_BL2.0.U.-…", "M.R3_BAY.-…": a version, a data centre, and what is none of base64's. */
static bool
read_refresh(struct tscope_run *run, size_t *ret_len)
{
    size_t at = 3, centre, end;

    if (tscope_run_letter(run, 2) != 'C' && tscope_run_letter(run, 2) != 'R')
        return false;
    while (tscope_run_letter(run, at) >= '0' && tscope_run_letter(run, at) <= '9')
        at++;
    if (at == 3 || at > 8 || tscope_run_letter(run, at) != '_')
        return false;
    centre = at + 1;
    for (at = centre; at - centre <= CENTRE_MAX; at++) {
        uint8_t letter = tscope_run_letter(run, at);

        if (!(letter >= 'A' && letter <= 'Z') && !(letter >= '0' && letter <= '9'))
            break;
    }
    if (at - centre < 2 || tscope_run_letter(run, at) != '.' || is_after(run, TSCOPE_LETTER_URL | TSCOPE_LETTER_DOT))
        return false;
    end = tscope_run_span(run, at, TSCOPE_LETTER_URL | TSCOPE_LETTER_DOT | TSCOPE_LETTER_OPAQUE);
    while (run->text[end - 1] == '.')
        end--;
    *ret_len = end;
    return end >= REFRESH_MIN;
}

/* Text in front, backwards: quotes, white space, '=' and ':' away, up to the end of a name or a scheme. */
static bool
is_named_token(const struct tscope_run *run)
{
    static const char *const ends[] = {"nekot", "tekcit", "reraeb"}; /* token, ticket, bearer */
    char name[NAME_LETTERS];
    size_t len = 0, place = run->begin;
    bool has_separator = false;

    while (len < sizeof(name)) {
        int letter = tscope_letters_read_back(&run->letters, place, &place);

        if (len == 0 && (letter == '"' || letter == '\'' || letter == '\\' || letter == ' ' || letter == '=' || letter == ':')) {
            has_separator = true;
            continue;
        }
        if (letter < 0 || !is_class(letter, TSCOPE_LETTER_URL))
            break;
        name[len++] = (char)letter;
    }
    for (size_t i = 0; i < TSCOPE_COUNT(ends) && has_separator; i++) {
        if (tscope_text_starts_with_fold(tscope_span_of(name, len), tscope_span_text(ends[i])))
            return true;
    }
    return false;
}

/*
 * A ticket's first byte is 0x13, its length follows, and then often, behind three bytes, the 20 bytes of a certificate's digest with
 * their own length. In base64 of other things "EwA" comes by itself every hundred thousand letters, but hardly with that.
 */
static bool
read_ticket(struct tscope_run *run, size_t *ret_len)
{
    size_t head_len, flaws, end, padded;
    uint8_t head[TICKET_MARK_LETTERS];
    bool is_marked;

    if (!tscope_run_has(run, TICKET_MIN - 1))
        return false;
    head_len = tscope_base64url_decode_tolerant(run->text, TICKET_MARK_LETTERS, head, NULL, 0, &flaws);
    if (head_len < 9 || head[0] != 0x13 || head[1] != 0 || is_after(run, TSCOPE_LETTER_BASE64))
        return false;
    is_marked = memcmp(head + 6, "\x04\x00\x14", 3) == 0;
    if (!is_marked && !is_named_token(run))
        return false;
    end = tscope_run_span(run, 0, TSCOPE_LETTER_BASE64);
    if (end < (is_marked ? TICKET_MIN : TICKET_NAMED_MIN))
        return false;
    padded = tscope_run_span(run, end, TSCOPE_LETTER_PAD);
    *ret_len = padded - end <= 2 ? padded : end;
    return true;
}

enum tscope_probe
tscope_opaque_probe(struct tscope_run_room *room, const struct tscope_letters *letters, size_t at, struct tscope_token_place *ret_place)
{
    struct tscope_run run;
    size_t len = 0;
    bool is_token = false;

    tscope_run_begin(&run, letters, room, at, TSCOPE_LETTER_BASE64 | TSCOPE_LETTER_PAD | TSCOPE_LETTER_DOT | TSCOPE_LETTER_OPAQUE);
    switch (tscope_run_letter(&run, 0)) {
    case '0':
    case '1':
        is_token = read_entra(&run, &len);
        break;
    case 'M':
        is_token = read_refresh(&run, &len);
        break;
    case 'E':
        is_token = read_ticket(&run, &len);
        break;
    default:
        break;
    }
    if (run.more)
        return TSCOPE_PROBE_MORE;
    if (!is_token || len > TSCOPE_SCAN_TOKEN_MAX)
        return TSCOPE_PROBE_NOTHING;
    *ret_place = (struct tscope_token_place){
        .begin = at,
        .end = tscope_run_place(&run, len),
        .encoding = tscope_run_encoding(&run, len),
        .text = tscope_span_of(run.text, len),
    };
    return TSCOPE_PROBE_FOUND;
}
