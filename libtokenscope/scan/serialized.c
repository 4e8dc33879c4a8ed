/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/serialized.h"

#include "core/alloc.h"
#include "core/json.h"
#include "core/text.h"
#include "scan/header.h"
#include "scan/json_walk.h"
#include "token/json_form.h"

#define LEVELS_MAX 3      /* objects around a member that may be the token: of a signature, and of the whole */
#define BACKSLASHES_MAX 1 /* before a quote: JSON in a string of JSON */
#define BACK_MAX (TSCOPE_WINDOW_BACK - 64)
#define SPACE_MAX 64        /* characters of white space around a colon */
#define MEMBER_BYTES 512    /* of a member's name and what is behind it, to its value */
#define PROTECTED_MAX 16384 /* letters of a header */
#define KEEP_ARENA (256u << 10)

/* Braces that were open at the latest member that was looked at, innermost first. */
struct tscope_serialized_memory {
    uint64_t member; /* offset of it in the stream */
    uint64_t walked; /* down to which braces were counted */
    uint64_t opens[LEVELS_MAX];
    bool done[LEVELS_MAX]; /* it was looked at */
    unsigned len, closed;  /* closing braces whose opening ones lie before walked */
    unsigned width;
    bool valid;
};

/* Characters of JSON that stands in a string of JSON or not, each gathered. */
struct units_source {
    struct tscope_json_walk walk;
    struct tscope_letters letters;
    struct tscope_run_room *room;
    size_t at, before; /* the next unit, and the one that was looked at */
    size_t len;        /* characters gathered, the one that was looked at too */
    bool is_escaped;
};

/* ---- the member */

/* True when a text stands at a place; *at moves behind it. */
static bool
pass(const struct tscope_letters *letters, size_t *at, const char *text)
{
    size_t place = *at;

    for (; *text; text++, place += letters->width) {
        if (tscope_letters_unit(letters, place) != (uint8_t)*text)
            return false;
    }
    *at = place;
    return true;
}

static void
pass_space(const struct tscope_letters *letters, size_t *at)
{
    for (unsigned i = 0; i < SPACE_MAX; i++, *at += letters->width) {
        int unit = tscope_letters_unit(letters, *at);

        if (unit != ' ' && unit != '\t' && unit != '\r' && unit != '\n')
            return;
    }
}

/* The quotes around a name and its value are of one kind. */
static bool
passes_value(const struct tscope_letters *letters, size_t *at, const char *quote, bool is_array)
{
    if (!pass(letters, at, quote))
        return false;
    pass_space(letters, at);
    if (!pass(letters, at, ":"))
        return false;
    pass_space(letters, at);
    if (is_array) {
        if (!pass(letters, at, "["))
            return false;
        pass_space(letters, at);
        return pass(letters, at, "{");
    }
    return pass(letters, at, quote);
}

/* A member of a serialisation; ret_escaped: its quotes are behind backslashes. */
static bool
is_member(const struct tscope_letters *letters, size_t at, bool *ret_escaped)
{
    static const struct {
        const char *name;
        unsigned before; /* characters of it before the anchor */
        bool is_array;
    } names[] = {{"signatures", 2, true}, {"signature", 2, false}, {"protected", 3, false}, {"ciphertext", 2, false}};

    for (size_t i = 0; i < TSCOPE_COUNT(names); i++) {
        size_t back = (size_t)(names[i].before + 1) * letters->width, place;

        if (at < back)
            continue;
        place = at - back;
        if (!pass(letters, &place, "\"") || !pass(letters, &place, names[i].name))
            continue;
        *ret_escaped = at >= back + letters->width && tscope_letters_unit(letters, at - back - letters->width) == '\\';
        if (passes_value(letters, &place, *ret_escaped ? "\\\"" : "\"", names[i].is_array))
            return true;
    }
    return false;
}

/* ---- the braces around it */

static struct tscope_serialized_memory *
remember(struct tscope_token_finder *finder)
{
    if (!finder->serialized)
        finder->serialized = tscope_alloc_zeroed(1, sizeof(*finder->serialized));
    return finder->serialized;
}

/* What the member before had around it, as far as it is around this one too. */
static void
take_over(struct tscope_serialized_memory *now, const struct tscope_serialized_memory *before)
{
    unsigned skipped = now->closed < before->len ? now->closed : before->len;

    now->closed -= skipped;
    now->closed += before->closed;
    for (unsigned i = skipped; i < before->len && now->len < LEVELS_MAX; i++) {
        now->opens[now->len] = before->opens[i];
        now->done[now->len++] = before->done[i];
    }
}

/*
 * The braces that are open at a member. What the strings between are is not looked at: those of serialisations hold no braces. Each
 * byte is passed once, however many members there are.
 */
static void
find_opens(const struct tscope_letters *letters, size_t at, struct tscope_serialized_memory *memory)
{
    const struct tscope_window *window = letters->window;
    const struct tscope_serialized_memory before = *memory;
    bool has_before = before.valid && before.width == letters->width && before.member < window->offset + at;
    size_t place = at;

    *memory = (struct tscope_serialized_memory){.member = window->offset + at, .width = letters->width, .valid = true};
    while (memory->len < LEVELS_MAX && place >= letters->width && at - place < BACK_MAX) {
        int unit;

        if (has_before && window->offset + place <= before.member) {
            has_before = false;
            take_over(memory, &before);
            if (memory->len == LEVELS_MAX || before.walked <= window->offset) {
                memory->walked = before.walked;
                return;
            }
            place = (size_t)(before.walked - window->offset);
            continue;
        }
        place -= letters->width;
        unit = tscope_letters_unit(letters, place);
        if (unit == '}') {
            memory->closed++;
        } else if (unit == '{') {
            if (memory->closed > 0)
                memory->closed--;
            else
                memory->opens[memory->len++] = window->offset + place;
        }
    }
    memory->walked = window->offset + place;
}

/* ---- the object */

static int
pull_unit(struct tscope_json_walk *walk)
{
    struct units_source *source = (struct units_source *)(void *)walk;
    int unit = tscope_letters_unit(&source->letters, source->at);

    source->before = source->at;
    if (unit < 0)
        return unit == TSCOPE_LETTER_MORE ? TSCOPE_JSON_WALK_MORE : TSCOPE_JSON_WALK_END;
    source->at += source->letters.width;
    if (source->is_escaped && unit == '\\') {
        unit = tscope_letters_unit(&source->letters, source->at);
        if (unit < 0)
            return unit == TSCOPE_LETTER_MORE ? TSCOPE_JSON_WALK_MORE : TSCOPE_JSON_WALK_END;
        source->at += source->letters.width;
        if (unit == 'n' || unit == 'r' || unit == 't')
            unit = ' ';
        else if (unit != '"' && unit != '\\' && unit != '/')
            return TSCOPE_JSON_WALK_END;
    } else if (source->is_escaped && unit == '"') {
        return TSCOPE_JSON_WALK_END; /* of the string that the object stands in */
    }
    if (unit > 0xff || source->len == TSCOPE_SCAN_TOKEN_MAX)
        return TSCOPE_JSON_WALK_END;
    source->room->text[source->len++] = (uint8_t)unit;
    return unit;
}

/* base64url of a header in a string. */
static bool
is_header(struct tscope_span text, bool wants_enc, bool *ret_named)
{
    uint8_t room[PROTECTED_MAX + 1];
    struct tscope_window window = {.bytes = room, .len = text.len + 1, .is_last = true};
    struct tscope_letters letters = {.window = &window, .width = 1};
    struct tscope_scan_header header;
    struct tscope_run run;

    if (!text.data || text.len > PROTECTED_MAX)
        return false;
    for (size_t i = 0; i < text.len; i++) {
        if (!(tscope_letter_classes[text.data[i]] & (TSCOPE_LETTER_BASE64 | TSCOPE_LETTER_PAD)))
            return false; /* nothing is to be read through: there is no room for it */
    }
    memcpy(room, text.data, text.len);
    room[text.len] = '.';
    tscope_run_begin(&run, &letters, NULL, 0, TSCOPE_LETTER_BASE64 | TSCOPE_LETTER_PAD | TSCOPE_LETTER_DOT);
    if (tscope_scan_header_read(&run, 0, &header) != TSCOPE_HEADER_WHOLE)
        return false;
    *ret_named = wants_enc ? header.has_enc : header.has_alg;
    return true;
}

/* Webhooks and packages have signatures as well: a header has to name the algorithm, protected or not. */
static bool
has_header(const struct tscope_json *json, const struct tscope_value *object, const char *other, const char *member,
           struct tscope_arena *arena)
{
    const struct tscope_value *protected = tscope_json_member(json, object, "protected"), *unprotected;
    bool wants_enc = strcmp(member, "enc") == 0, is_named = false;

    unprotected = tscope_json_member(json, object, other);
    if (unprotected && unprotected->type == TSCOPE_JSON_OBJECT && tscope_json_member(json, unprotected, member))
        return true;
    return is_header(tscope_json_string(json, protected, arena), wants_enc, &is_named) && is_named;
}

static bool
is_serialisation(const struct tscope_json *json, struct tscope_arena *arena, bool *ret_general)
{
    const struct tscope_value *root = tscope_json_root(json), *first;

    *ret_general = false;
    switch (tscope_json_form_of(json)) {
    case TSCOPE_SERIALIZATION_JWS_GENERAL:
        *ret_general = true;
        first = tscope_json_first(json, tscope_json_member(json, root, "signatures"));
        return first && has_header(json, first, "header", "alg", arena);
    case TSCOPE_SERIALIZATION_JWS_FLATTENED:
        return has_header(json, root, "header", "alg", arena);
    case TSCOPE_SERIALIZATION_JWE_GENERAL:
    case TSCOPE_SERIALIZATION_JWE_FLATTENED:
        *ret_general = true;
        return has_header(json, root, "unprotected", "enc", arena) || has_header(json, root, "header", "enc", arena);
    case TSCOPE_SERIALIZATION_OPAQUE:
    case TSCOPE_SERIALIZATION_JWS_COMPACT:
    case TSCOPE_SERIALIZATION_JWE_COMPACT:
    case TSCOPE_SERIALIZATION_SD_JWT:
        break;
    }
    return false;
}

static enum tscope_find_encoding
encoding_of(const struct units_source *source)
{
    if (source->letters.width == 2)
        return source->letters.big_endian ? TSCOPE_FIND_ENCODING_UTF16BE : TSCOPE_FIND_ENCODING_UTF16LE;
    return source->is_escaped ? TSCOPE_FIND_ENCODING_JSON : TSCOPE_FIND_ENCODING_ASCII;
}

/* Reads the object that begins with a brace. */
static enum tscope_probe
read_object(struct tscope_token_finder *finder, const struct tscope_letters *letters, size_t begin, bool is_escaped, bool *ret_general,
            struct tscope_token_place *ret_place)
{
    struct units_source source = {.letters = *letters, .room = &finder->room, .at = begin, .is_escaped = is_escaped};
    struct tscope_json json;
    size_t len;

    tscope_arena_reset(&finder->arena, KEEP_ARENA);
    tscope_json_walk_begin(&source.walk, pull_unit);
    if (!tscope_json_walk_value(&source.walk, 0)) {
        if (source.walk.next == TSCOPE_JSON_WALK_MORE && source.at - begin < TSCOPE_WINDOW_AHEAD)
            return TSCOPE_PROBE_MORE;
        return TSCOPE_PROBE_NOTHING;
    }
    len = source.walk.next >= 0 ? source.len - 1 : source.len; /* less the character that was looked at behind it */
    if (tscope_json_read(&json, &finder->arena, source.room->text, len, TSCOPE_JSON_LIMITS_TOKEN, NULL) != TSCOPE_OK)
        return TSCOPE_PROBE_NO_MEMORY;
    if (!json.readable || !is_serialisation(&json, &finder->arena, ret_general))
        return TSCOPE_PROBE_NOTHING;
    *ret_place = (struct tscope_token_place){
        .begin = begin,
        .end = source.before,
        .encoding = encoding_of(&source),
        .text = tscope_span_of(source.room->text, len),
    };
    return TSCOPE_PROBE_FOUND;
}

/* Looks at the objects around a member: the innermost that is a token, unless it is a signature of one that is around it. */
static enum tscope_probe
find_object(struct tscope_token_finder *finder, const struct tscope_letters *letters, size_t at, bool is_escaped, size_t *ret_begin)
{
    struct tscope_serialized_memory *memory = finder->serialized;
    uint64_t offset = letters->window->offset;
    enum tscope_probe answer = TSCOPE_PROBE_NOTHING;

    for (unsigned i = 0; i < memory->len; i++) {
        struct tscope_token_place place;
        bool is_general = false;
        enum tscope_probe probe;

        if (memory->done[i] || offset + at - memory->opens[i] >= BACK_MAX)
            continue;
        probe = read_object(finder, letters, (size_t)(memory->opens[i] - offset), is_escaped, &is_general, &place);
        if (probe == TSCOPE_PROBE_MORE || probe == TSCOPE_PROBE_NO_MEMORY)
            return probe;
        memory->done[i] = true;
        if (probe == TSCOPE_PROBE_NOTHING || (answer == TSCOPE_PROBE_FOUND && !is_general))
            continue;
        answer = TSCOPE_PROBE_FOUND;
        *ret_begin = place.begin;
        if (is_general)
            break;
    }
    return answer;
}

enum tscope_probe
tscope_serialized_probe(struct tscope_token_finder *finder, const struct tscope_letters *letters, size_t at,
                        struct tscope_token_place *ret_place)
{
    struct tscope_serialized_memory *memory = remember(finder), before;
    enum tscope_probe probe;
    size_t begin = 0;
    bool is_escaped, unused;

    if (!memory)
        return TSCOPE_PROBE_NO_MEMORY;
    if (!letters->window->is_last && letters->window->len - at < MEMBER_BYTES)
        return TSCOPE_PROBE_MORE;
    if (!is_member(letters, at, &is_escaped))
        return TSCOPE_PROBE_NOTHING;
    before = *memory;
    find_opens(letters, at, memory);
    probe = find_object(finder, letters, at, is_escaped, &begin);
    if (probe == TSCOPE_PROBE_MORE)
        *memory = before;
    if (probe != TSCOPE_PROBE_FOUND)
        return probe;
    return read_object(finder, letters, begin, is_escaped, &unused, ret_place); /* others were read since into its room */
}

void
tscope_serialized_forget(struct tscope_token_finder *finder)
{
    if (finder->serialized)
        finder->serialized->valid = false;
}
