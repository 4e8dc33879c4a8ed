/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/jwk.h"
#include "scan/key_forms.h"

/* Private keys as JSON (RFC 7517), in files, in strings of other JSON, in URLs, pages and the dictionaries that Python prints. */

#define QUOTE_LEVELS_MAX 3
#define ARENA_KEPT (64u << 10)

/* How the quote in front of "kty" is written. */
struct quoting {
    unsigned levels; /* of JSON strings around the object */
    bool is_percent, is_html, is_single;
};

static size_t
count_backslashes(const struct tscope_key_text *text, size_t end)
{
    size_t begin = end;

    while (begin > 0 && text->text[begin - 1] == '\\')
        begin--;
    return end - begin;
}

/* Each string around another doubles the backslashes and adds one. */
static bool
read_levels(size_t backslashes, unsigned *ret_levels)
{
    for (unsigned levels = 0; levels <= QUOTE_LEVELS_MAX; levels++) {
        *ret_levels = levels;
        if (backslashes == (1u << levels) - 1)
            return true;
    }
    return false;
}

static bool
ends_before(const struct tscope_key_text *text, size_t at, const char *word)
{
    return at >= strlen(word) && tscope_key_text_is(text, at - strlen(word), word);
}

static bool
read_quoting(const struct tscope_key_text *text, size_t at, struct quoting *quoting)
{
    *quoting = (struct quoting){.levels = 0};
    if (at == 0)
        return false;
    if (text->text[at - 1] == '"')
        return read_levels(count_backslashes(text, at - 1), &quoting->levels);
    quoting->is_single = text->text[at - 1] == '\'';
    quoting->is_percent = ends_before(text, at, "%22");
    quoting->is_html = ends_before(text, at, "&quot;") || ends_before(text, at, "&#34;");
    if (ends_before(text, at, "u0022")) {
        size_t backslashes = count_backslashes(text, at - 5);

        quoting->levels = 1;
        return backslashes > 0 && (backslashes == 1 || read_levels(backslashes, &quoting->levels));
    }
    return quoting->is_single || quoting->is_percent || quoting->is_html;
}

/* The brace that opens the object around a place. */
static size_t
find_begin(const struct tscope_key_text *text, size_t at)
{
    size_t depth = 0;

    while (at-- > 0) {
        if (text->text[at] == '}')
            depth++;
        else if (text->text[at] == '{' && depth-- == 0)
            return at;
    }
    return SIZE_MAX;
}

/* Behind the brace that closes it. */
static size_t
find_end(const struct tscope_key_text *text, size_t at)
{
    size_t depth = 0;

    for (; at < text->len; at++) {
        if (text->text[at] == '{')
            depth++;
        else if (text->text[at] == '}' && depth-- == 0)
            return at + 1;
    }
    return SIZE_MAX;
}

/* Public keys are many: whether there is anything private is told before JSON is read. */
static bool
may_be_private(const struct tscope_key_text *object)
{
    static const char *const names[] = {"\"d\"", "\"k\"", "\"p\"", "\"q\""};

    for (size_t i = 0; i < TSCOPE_COUNT(names); i++) {
        if (tscope_key_text_find(object, 0, object->len, names[i]) != SIZE_MAX)
            return true;
    }
    return false;
}

/* The bytes are ours: the arena's, or the finder's room. */
static void
wipe(struct tscope_span bytes)
{
    if (bytes.len)
        tscope_wipe((void *)(uintptr_t)bytes.data, bytes.len);
}

static void
wipe_all(const struct tscope_jwk *jwk, struct tscope_key *key)
{
    const struct tscope_span texts[] = {jwk->k, jwk->d, jwk->p, jwk->q, jwk->dp, jwk->dq, jwk->qi};

    for (size_t i = 0; i < TSCOPE_COUNT(texts); i++)
        wipe(texts[i]);
    if (key->numbers.type == TSCOPE_KEY_OCT)
        wipe(key->numbers.k);
    tscope_key_secret_wipe(key->secret);
}

/* False: out of memory. ret_has_private: there is something to prove. */
static bool
read_object(tscope_key_finder *finder, const struct tscope_key_text *object, struct tscope_jwk *jwk, struct tscope_key *key,
            bool *ret_has_private)
{
    struct tscope_arena *arena = &finder->arena;
    struct tscope_json json;
    const struct tscope_value *root;

    *ret_has_private = false;
    if (tscope_json_read(&json, arena, object->text, object->len, TSCOPE_JSON_LIMITS_TOKEN, NULL) != TSCOPE_OK)
        return false;
    root = json.readable ? tscope_json_root(&json) : NULL;
    if (!root || root->type != TSCOPE_JSON_OBJECT || !tscope_json_member(&json, root, "kty"))
        return true;
    if (!tscope_jwk_read(&json, root, arena, jwk) || !tscope_jwk_key(jwk, arena, key) || !tscope_jwk_secret_or_prime(jwk, arena, key))
        return false;
    *ret_has_private = key->secret || key->numbers.type == TSCOPE_KEY_OCT;
    return true;
}

static enum tscope_probe
take_object(const struct tscope_key_look *look, struct tscope_key_text *object, const struct tscope_key_text *text, size_t begin,
            size_t end, enum tscope_find_encoding encoding)
{
    struct tscope_key_candidate candidate = {.form = "jwk", .component = "private key", .layout = "json"};
    tscope_key_finder *finder = look->finder;
    struct tscope_jwk jwk = {.kty = {NULL, 0}};
    struct tscope_key key = {.kid = {NULL, 0}};
    enum tscope_probe answer = TSCOPE_PROBE_NOTHING;
    bool has_private;

    if (!tscope_key_spend(look, TSCOPE_KEY_EFFORT_JSON + 4 * object->len))
        return TSCOPE_PROBE_NOTHING;
    if (!read_object(finder, object, &jwk, &key, &has_private)) {
        answer = TSCOPE_PROBE_NO_MEMORY;
    } else if (has_private) {
        candidate.numbers = tscope_key_secret_join(&key.numbers, key.secret);
        if (key.numbers.type == TSCOPE_KEY_OCT)
            candidate.component = "secret";
        answer = tscope_key_take_text(look, &candidate, text, begin, end, encoding);
    }
    wipe_all(&jwk, &key);
    tscope_arena_reset(&finder->arena, ARENA_KEPT);
    return answer;
}

/* Text that is to be found again after a layer was taken off: by its place in the window. */
static size_t
find_place(const struct tscope_key_text *text, uint32_t place)
{
    for (size_t i = 0; i < text->len; i++) {
        if (text->places[i] >= place)
            return i;
    }
    return SIZE_MAX;
}

static enum tscope_find_encoding
encoding_of(const struct quoting *quoting, enum tscope_find_encoding encoding)
{
    if (encoding != TSCOPE_FIND_ENCODING_ASCII)
        return encoding;
    if (quoting->is_percent)
        return TSCOPE_FIND_ENCODING_PERCENT;
    if (quoting->is_html)
        return TSCOPE_FIND_ENCODING_HTML;
    return quoting->levels ? TSCOPE_FIND_ENCODING_JSON : TSCOPE_FIND_ENCODING_ASCII;
}

/* The other room of the finder: object and text are never one. */
static struct tscope_key_text *
room_beside(const struct tscope_key_look *look, const struct tscope_key_text *text)
{
    return text == &look->finder->text ? &look->finder->inner : &look->finder->text;
}

static enum tscope_probe
read_braced(const struct tscope_key_look *look, const struct tscope_key_text *text, size_t at, const struct quoting *quoting,
            enum tscope_find_encoding encoding)
{
    struct tscope_key_text *object = room_beside(look, text);
    size_t begin = find_begin(text, at), end = begin == SIZE_MAX ? SIZE_MAX : find_end(text, at);

    if (begin == SIZE_MAX)
        return text->is_cut_front ? TSCOPE_PROBE_MORE : TSCOPE_PROBE_NOTHING;
    if (end == SIZE_MAX)
        return text->is_cut ? TSCOPE_PROBE_MORE : TSCOPE_PROBE_NOTHING;
    tscope_key_text_copy(object, text, begin, end);
    for (unsigned level = 0; level < quoting->levels; level++)
        tscope_key_text_unescape_json(object);
    if (quoting->is_single)
        tscope_key_text_requote(object);
    if (!may_be_private(object))
        return TSCOPE_PROBE_NOTHING;
    return take_object(look, object, text, begin, end, encoding_of(quoting, encoding));
}

enum tscope_probe
tscope_key_read_jwk(const struct tscope_key_look *look, const struct tscope_key_text *text, size_t at, enum tscope_find_encoding encoding)
{
    struct quoting quoting;

    if (at >= text->len || !tscope_key_text_is(text, at, "kty") || !read_quoting(text, at, &quoting) || quoting.is_percent ||
        quoting.is_html)
        return TSCOPE_PROBE_NOTHING;
    return read_braced(look, text, at, &quoting, encoding);
}

/* Braces are escaped, too: all around is read as it was written before they are looked for. */
static enum tscope_probe
read_escaped(const struct tscope_key_look *look, struct tscope_key_text *text, size_t at, const void *context)
{
    const struct quoting *quoting = context;
    uint32_t place = text->places[at];
    size_t name;

    if (quoting->is_percent)
        tscope_key_text_unescape_percent(text);
    else
        tscope_key_text_unescape_html(text);
    name = find_place(text, place);
    if (name == SIZE_MAX || name == 0 || text->text[name - 1] != '"')
        return TSCOPE_PROBE_NOTHING;
    return read_braced(look, text, name, quoting, TSCOPE_FIND_ENCODING_ASCII);
}

static bool
is_text_before(const struct tscope_window *window, size_t at, size_t stride)
{
    return at >= stride && window->bytes[at - stride] >= '\t' && (stride == 1 || window->bytes[at - 1] == 0);
}

/*
 * The brace that opens the object around a place of the window; SIZE_MAX: none in reach. Where none was in front of an earlier place,
 * none is farther in front of this one: no text is passed for that more than once.
 */
static size_t
find_open(const struct tscope_key_look *look, size_t at)
{
    const struct tscope_window *window = look->window;
    uint64_t *unopened = &look->finder->effort.unopened[look->stride - 1];
    size_t depth = 0, from = at, most = at < TSCOPE_KEY_BEFORE_MAX ? 0 : at - TSCOPE_KEY_BEFORE_MAX;

    while (from >= most + look->stride && is_text_before(window, from, look->stride) && window->offset + from + 1 != *unopened) {
        from -= look->stride;
        if (window->bytes[from] == '}')
            depth++;
        else if (window->bytes[from] == '{' && depth-- == 0)
            return from;
    }
    tscope_key_spend(look, (at - from) / look->stride / 2);
    *unopened = window->offset + at + 1;
    return SIZE_MAX;
}

/* The brace that closes it. */
static enum tscope_probe
find_close(const struct tscope_key_look *look, size_t at, size_t *ret_close)
{
    const struct tscope_window *window = look->window;
    size_t depth = 0, end = at;

    for (; end - at < TSCOPE_KEY_BEHIND_MAX - look->stride; end += look->stride) {
        if (end >= window->len)
            return tscope_window_ends(window, at);
        if (window->bytes[end] < '\t')
            return TSCOPE_PROBE_NOTHING;
        if (window->bytes[end] == '{')
            depth++;
        else if (window->bytes[end] == '}' && depth-- == 0)
            break;
    }
    *ret_close = end;
    return end - at < TSCOPE_KEY_BEHIND_MAX - look->stride ? TSCOPE_PROBE_FOUND : TSCOPE_PROBE_NOTHING;
}

/* As far as the object goes: the text around it may be long. What is passed over counts half, and what is read twice. */
static enum tscope_probe
probe_braced(const struct tscope_key_look *look, size_t at)
{
    struct tscope_key_text *text = &look->finder->text;
    size_t open = find_open(look, at), close;
    enum tscope_probe answer;

    if (open == SIZE_MAX || !tscope_key_spend(look, (at - open) / look->stride / 2))
        return TSCOPE_PROBE_NOTHING;
    answer = find_close(look, at, &close);
    if (answer == TSCOPE_PROBE_NOTHING)
        tscope_key_spend(look, TSCOPE_KEY_BEHIND_MAX / look->stride / 2);
    if (answer != TSCOPE_PROBE_FOUND || !tscope_key_spend(look, (close - at) / 2 + 2 * (close - open)))
        return answer == TSCOPE_PROBE_MORE ? answer : TSCOPE_PROBE_NOTHING;
    tscope_key_text_load(text, look->window, open, close + look->stride, look->stride);
    return tscope_key_read_jwk(look, text, (at - open) / look->stride, TSCOPE_FIND_ENCODING_ASCII);
}

enum tscope_probe
tscope_key_probe_jwk(const struct tscope_key_look *look, size_t at)
{
    struct tscope_key_text *text = &look->finder->text;
    size_t begin = tscope_key_text_begin(look->window, at, 24 * look->stride, look->stride), name;
    struct quoting quoting;

    tscope_key_text_load(text, look->window, begin, at + 3 * look->stride, look->stride);
    name = (at - begin) / look->stride;
    if (!tscope_key_text_is(text, name, "kty"))
        return text->is_cut && text->len < name + 3 ? TSCOPE_PROBE_MORE : TSCOPE_PROBE_NOTHING;
    if (!read_quoting(text, name, &quoting))
        return TSCOPE_PROBE_NOTHING;
    if (quoting.is_percent || quoting.is_html)
        return tscope_key_read_on(look, at, TSCOPE_KEY_BEFORE_MAX, read_escaped, &quoting);
    return probe_braced(look, at);
}
