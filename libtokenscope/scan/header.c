/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/header.h"

#include "core/alloc.h"
#include "core/text.h"
#include "scan/json_walk.h"
#include "token/signature_presence.h"

#define DAMAGED_MAX 2048 /* letters of a damaged one, to its dot */

/* Bytes that letters decode to, one after another. */
struct letters_source {
    struct tscope_json_walk walk;
    struct tscope_run *run;
    size_t at;      /* the next letter */
    uint32_t bits;  /* of letters read, not yet given out */
    unsigned count; /* of them */
};

static int
decode_byte(struct tscope_json_walk *walk)
{
    struct letters_source *source = (struct letters_source *)(void *)walk;

    while (source->count < 8) {
        int value = tscope_run_has(source->run, source->at) ? tscope_letter_value(source->run->text[source->at]) : -1;

        if (value < 0)
            return source->run->more && !tscope_run_has(source->run, source->at) ? TSCOPE_JSON_WALK_MORE : TSCOPE_JSON_WALK_END;
        source->bits = source->bits << 6 | (uint32_t)value;
        source->count += 6;
        source->at++;
    }
    source->count -= 8;
    return source->bits >> source->count & 0xff;
}

static void
begin_source(struct letters_source *source, struct tscope_run *run, size_t first)
{
    *source = (struct letters_source){.run = run, .at = first};
    tscope_json_walk_begin(&source->walk, decode_byte);
}

/* Members that name a key, or say what the token is (RFC 7515 section 4.1). */
static bool
names_key_or_type(const struct tscope_json_walk_text *name)
{
    static const char *const names[] = {"typ", "kid", "x5t", "x5t#S256", "x5c", "x5u", "jwk", "jku", "cty", "crit", "epk", "zip"};

    for (size_t i = 0; i < TSCOPE_COUNT(names); i++) {
        if (tscope_json_walk_text_is(name, names[i]))
            return true;
    }
    return false;
}

static bool
read_member(struct tscope_json_walk *walk, struct tscope_scan_header *header)
{
    struct tscope_json_walk_text name, value;
    bool is_text;

    if (!tscope_json_walk_string(walk, &name))
        return false;
    tscope_json_walk_skip_space(walk);
    if (tscope_json_walk_take(walk) != ':')
        return false;
    tscope_json_walk_skip_space(walk);
    is_text = walk->next == '"';
    if (tscope_json_walk_text_is(&name, "b64") && walk->next == 'f')
        header->is_unencoded = true;
    if (is_text ? !tscope_json_walk_string(walk, &value) : !tscope_json_walk_value(walk, 1))
        return false;
    header->is_named |= names_key_or_type(&name);
    if (is_text && tscope_json_walk_text_is(&name, "alg")) {
        header->has_alg = true;
        memcpy(header->alg, value.text, sizeof(header->alg));
    }
    header->has_enc |= is_text && tscope_json_walk_text_is(&name, "enc");
    return true;
}

static bool
read_object(struct tscope_json_walk *walk, struct tscope_scan_header *header)
{
    tscope_json_walk_skip_space(walk);
    if (tscope_json_walk_take(walk) != '{')
        return false;
    tscope_json_walk_skip_space(walk);
    if (walk->next == '}')
        return tscope_json_walk_take(walk) == '}';
    for (;;) {
        tscope_json_walk_skip_space(walk);
        if (!read_member(walk, header))
            return false;
        tscope_json_walk_skip_space(walk);
        if (walk->next == '}')
            return tscope_json_walk_take(walk) == '}';
        if (tscope_json_walk_take(walk) != ',')
            return false;
    }
}

/* What came before the damage has to be a header's: an algorithm that there is, or a member that says what the token is. */
static enum tscope_header_state
read_damaged(struct letters_source *source, size_t first, struct tscope_scan_header *header)
{
    size_t end;

    if (source->run->letters.folds) /* two kinds of damage at once are nobody's token */
        return TSCOPE_HEADER_NONE;
    if (!(header->has_alg && tscope_signature_is_known(tscope_span_text(header->alg))) && !header->is_named)
        return TSCOPE_HEADER_NONE;
    end = first;
    while (end - first < DAMAGED_MAX &&
           tscope_letter_classes[tscope_run_letter(source->run, end)] & (TSCOPE_LETTER_BASE64 | TSCOPE_LETTER_PAD))
        end++;
    if (!tscope_run_has(source->run, end) && source->run->more)
        return TSCOPE_HEADER_MORE;
    if (tscope_run_letter(source->run, end) != '.')
        return TSCOPE_HEADER_NONE;
    header->letters = end - first;
    return TSCOPE_HEADER_DAMAGED;
}

/* Nothing but white space, zeros and padding up to the dot. */
static enum tscope_header_state
read_end(struct letters_source *source, size_t first, struct tscope_scan_header *header)
{
    size_t end;

    while (source->walk.next == 0 || source->walk.next == ' ' || source->walk.next == '\t' || source->walk.next == '\r' ||
           source->walk.next == '\n')
        tscope_json_walk_take(&source->walk);
    if (source->walk.next == TSCOPE_JSON_WALK_MORE)
        return TSCOPE_HEADER_MORE;
    if (source->walk.next != TSCOPE_JSON_WALK_END)
        return read_damaged(source, first, header);
    end = tscope_run_span(source->run, source->at, TSCOPE_LETTER_PAD);
    if (!tscope_run_has(source->run, end) && source->run->more)
        return TSCOPE_HEADER_MORE;
    if (end - source->at > 2 || tscope_run_letter(source->run, end) != '.' || end - first > TSCOPE_SCAN_HEADER_MAX)
        return TSCOPE_HEADER_NONE;
    header->letters = end - first;
    return TSCOPE_HEADER_WHOLE;
}

static bool
has_standard_letters(struct tscope_run *run, size_t first, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (tscope_letter_classes[run->text[first + i]] & (TSCOPE_LETTER_STANDARD | TSCOPE_LETTER_PAD))
            return true;
    }
    return false;
}

enum tscope_header_state
tscope_scan_header_read(struct tscope_run *run, size_t first, struct tscope_scan_header *ret_header)
{
    struct letters_source source;
    enum tscope_header_state state;

    *ret_header = (struct tscope_scan_header){.letters = 0};
    begin_source(&source, run, first);
    if (read_object(&source.walk, ret_header))
        state = read_end(&source, first, ret_header);
    else
        state = source.walk.next == TSCOPE_JSON_WALK_MORE ? TSCOPE_HEADER_MORE : read_damaged(&source, first, ret_header);
    if (state == TSCOPE_HEADER_WHOLE && !ret_header->has_alg && !ret_header->has_enc && !ret_header->is_named)
        return TSCOPE_HEADER_NONE;
    if (state == TSCOPE_HEADER_WHOLE || state == TSCOPE_HEADER_DAMAGED)
        ret_header->is_standard = has_standard_letters(run, first, ret_header->letters);
    return state;
}

bool
tscope_scan_is_space_group(const uint8_t letters[4])
{
    uint32_t bits = 0;

    for (unsigned i = 0; i < 4; i++)
        bits = bits << 6 | ((uint32_t)tscope_letter_value(letters[i]) & 0x3f);
    for (unsigned i = 0; i < 3; i++, bits >>= 8) {
        if (!memchr(" \t\r\n", (int)(bits & 0xff), 4))
            return false;
    }
    return true;
}

/* The last letter of white space, or what an escape ends with: asked in front of every brace, and nearly always something else. */
static bool
may_end_space(const struct tscope_letters *letters, size_t at)
{
    uint8_t last = at >= letters->width ? letters->window->bytes[at - letters->width] : 0;

    return last == 'g' || last == 'J' || last == 'K' || last == 'N' || last == ';' || (last >= '0' && last <= '9') ||
           ((last | 0x20) >= 'a' && (last | 0x20) <= 'f');
}

/* The four letters that end at a place, when they are white space. */
static bool
step_back_over_space(const struct tscope_letters *letters, size_t *at)
{
    uint8_t group[4];
    size_t place = *at;

    for (unsigned i = 4; i > 0; i--) {
        int letter = tscope_letters_read_back(letters, place, &place);

        if (letter < 0)
            return false;
        group[i - 1] = (uint8_t)letter;
    }
    if (!tscope_scan_is_space_group(group))
        return false;
    *at = place;
    return true;
}

bool
tscope_header_find_begin(const struct tscope_letters *letters, uint64_t behind, size_t *at)
{
    size_t begin = *at, next = begin;

    for (unsigned groups = 0;
         may_end_space(letters, next) && step_back_over_space(letters, &next) && letters->window->offset + next >= behind; groups++) {
        if (groups == TSCOPE_HEADER_SPACE_MAX || *at - next > TSCOPE_HEADER_BACK_MAX)
            return false;
        begin = next;
    }
    *at = begin;
    return true;
}

bool
tscope_header_find_run(const struct tscope_letters *letters, uint64_t seen, size_t *at)
{
    size_t begin = *at, place = begin;

    for (;;) {
        int letter;

        if (letters->window->offset + begin + 1 == seen)
            return false;
        letter = tscope_letters_read_back(letters, begin, &place);
        if (letter < 0 || !(tscope_letter_classes[letter] & TSCOPE_LETTER_URL))
            break;
        if (*at - place > TSCOPE_HEADER_BACK_MAX)
            return false;
        begin = place;
    }
    *at = begin;
    return true;
}

bool
tscope_scan_begins_object(struct tscope_run *run, size_t first)
{
    struct letters_source source;

    begin_source(&source, run, first);
    tscope_json_walk_skip_space(&source.walk);
    if (tscope_json_walk_take(&source.walk) != '{')
        return false;
    tscope_json_walk_skip_space(&source.walk);
    return source.walk.next == '"' || source.walk.next == '}';
}

bool
tscope_scan_begins_claims(struct tscope_run *run, size_t first)
{
    static const char *const claims[] = {"aud", "iss", "sub", "exp", "nbf", "iat", "jti", "tid", "oid", "ver", "scp", "appid", "nonce"};
    struct letters_source source;
    struct tscope_json_walk_text name;

    begin_source(&source, run, first);
    tscope_json_walk_skip_space(&source.walk);
    if (tscope_json_walk_take(&source.walk) != '{')
        return false;
    tscope_json_walk_skip_space(&source.walk);
    if (!tscope_json_walk_string(&source.walk, &name))
        return false;
    for (size_t i = 0; i < TSCOPE_COUNT(claims); i++) {
        if (tscope_json_walk_text_is(&name, claims[i]))
            return true;
    }
    return false;
}
