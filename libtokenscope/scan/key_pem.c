/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/key_forms.h"

/* PEM (RFC 7468), on one line or many, in strings of programs, forms and pages; and base64 that stands alone, or holds PEM itself. */

#define DASHES "-----"
#define LABEL_MAX 64
#define START_MAX 160  /* characters that show a label */
#define CLOSED_MIN 128 /* characters of an encrypted key with its headers: of the shortest there are some 200 */
#define ESCAPE_MAX 6   /* how much longer an escape is than its character */

/* What a label may have between its words. */
static size_t
separator_at(const struct tscope_key_text *text, size_t at)
{
    if (at < text->len && (text->text[at] == ' ' || text->text[at] == '+' || text->text[at] == '\t'))
        return 1;
    return tscope_key_text_is(text, at, "%20") ? 3 : 0;
}

/*
 * Reads "RSA PRIVATE KEY" up to its dashes: the words alone, with single spaces. SIZE_MAX: no label; ret_is_form: "+" stands for a space.
 */
static size_t
read_label(const struct tscope_key_text *text, size_t at, char *label, bool *ret_is_form)
{
    size_t len = 0;

    *ret_is_form = false;
    while (at < text->len && len + 1 < LABEL_MAX) {
        size_t separator = separator_at(text, at);

        if (tscope_key_text_is(text, at, DASHES)) {
            label[len] = '\0';
            return at + sizeof(DASHES) - 1;
        }
        *ret_is_form |= text->text[at] == '+';
        if (separator) {
            label[len++] = ' ';
            at += separator;
        } else if ((text->text[at] >= 'A' && text->text[at] <= 'Z') || (text->text[at] >= '0' && text->text[at] <= '9')) {
            label[len++] = (char)text->text[at++];
        } else {
            return SIZE_MAX;
        }
    }
    return SIZE_MAX;
}

static bool
ends_with(const char *label, const char *end)
{
    size_t len = strlen(label), end_len = strlen(end);

    return len >= end_len && strcmp(label + len - end_len, end) == 0;
}

/* Behind the last character of the END line, where there is one; else at. */
static size_t
skip_end_line(struct tscope_key_base64 *walk, size_t at)
{
    char label[LABEL_MAX];
    bool is_form;
    size_t end;

    walk->at = at;
    tscope_key_base64_skip(walk);
    walk->ran_out |= walk->text->len - walk->at < START_MAX && walk->text->is_cut;
    if (!tscope_key_text_is(walk->text, walk->at, DASHES "END"))
        return at;
    end = walk->at + sizeof(DASHES "END") - 1;
    end += separator_at(walk->text, end);
    end = read_label(walk->text, end, label, &is_form);
    return end == SIZE_MAX ? at : end;
}

/* Headers of RFC 1421 say that the body is encrypted: it goes to the dashes of its end. */
static bool
is_closed_by_header(struct tscope_key_base64 *walk)
{
    size_t end;

    tscope_key_base64_skip(walk);
    if (!tscope_key_text_is(walk->text, walk->at, "Proc-Type"))
        return false;
    end = tscope_key_text_find(walk->text, walk->at, walk->text->len, DASHES);
    walk->ran_out |= end == SIZE_MAX;
    if (end == SIZE_MAX || !tscope_key_text_is(walk->text, end, DASHES "END") || end - walk->at < CLOSED_MIN ||
        tscope_key_text_find(walk->text, walk->at, end, "ENCRYPTED") == SIZE_MAX)
        return false;
    walk->end = end;
    return true;
}

static enum tscope_find_encoding
encoding_of(const struct tscope_key_base64 *walk, enum tscope_find_encoding encoding)
{
    if (encoding != TSCOPE_FIND_ENCODING_ASCII)
        return encoding;
    if (walk->is_percent)
        return TSCOPE_FIND_ENCODING_PERCENT;
    return walk->is_escaped ? TSCOPE_FIND_ENCODING_JSON : TSCOPE_FIND_ENCODING_ASCII;
}

/* Of text that is cut, what was read to its end is not known yet. */
static enum tscope_probe
nothing_in(const struct tscope_key_text *text, bool ran_out)
{
    return text->is_cut && ran_out ? TSCOPE_PROBE_MORE : TSCOPE_PROBE_NOTHING;
}

/* Decodes into the finder's room, as much as the DER element or the form of OpenSSH in it needs. */
static size_t
decode(tscope_key_finder *finder, struct tscope_key_base64 *walk)
{
    size_t len = tscope_key_base64_read(walk, finder->bytes, NULL, 6), wanted;

    wanted = tscope_key_der_len(tscope_span_of(finder->bytes, len));
    if (!wanted || wanted > TSCOPE_KEY_BYTES_MAX)
        wanted = TSCOPE_KEY_BYTES_MAX;
    if (len == 6 && wanted > len)
        len += tscope_key_base64_read(walk, finder->bytes + len, NULL, wanted - len);
    if (len > finder->bytes_used)
        finder->bytes_used = len;
    return len;
}

enum tscope_probe
tscope_key_read_pem(const struct tscope_key_look *look, const struct tscope_key_text *text, size_t at, enum tscope_find_encoding encoding)
{
    struct tscope_key_base64 walk = {.text = text, .is_standard = true, .is_joined = true};
    struct tscope_key_candidate candidate = {.form = "pem", .component = "private key", .layout = "encrypted", .is_closed = true};
    char label[LABEL_MAX];
    size_t len, end;

    walk.at = at + sizeof(DASHES "BEGIN") - 1;
    walk.at += separator_at(text, walk.at);
    walk.at = read_label(text, walk.at, label, &walk.plus_is_space);
    if (walk.at == SIZE_MAX)
        return nothing_in(text, text->len - at < START_MAX);
    if (!ends_with(label, "PRIVATE KEY"))
        return TSCOPE_PROBE_NOTHING;
    if (!is_closed_by_header(&walk)) {
        len = decode(look->finder, &walk);
        if (!tscope_key_read_bytes(tscope_span_of(look->finder->bytes, len), &candidate))
            return nothing_in(text, walk.ran_out);
        candidate.layout = candidate.form;
        candidate.form = "pem";
    }
    end = skip_end_line(&walk, walk.end);
    if (text->is_cut && walk.ran_out)
        return TSCOPE_PROBE_MORE;
    return tscope_key_take_text(look, &candidate, text, at, end, encoding_of(&walk, encoding));
}

static enum tscope_probe
read_plain(const struct tscope_key_look *look, struct tscope_key_text *text, size_t at, const void *context)
{
    (void)context;
    if (!tscope_key_text_is(text, at, DASHES "BEGIN"))
        return nothing_in(text, text->len < sizeof(DASHES "BEGIN") - 1);
    return tscope_key_read_pem(look, text, at, TSCOPE_FIND_ENCODING_ASCII);
}

enum tscope_probe
tscope_key_probe_pem(const struct tscope_key_look *look, size_t at)
{
    size_t before = (sizeof(DASHES) - 2) * look->stride;

    return at < before ? TSCOPE_PROBE_NOTHING : tscope_key_read_on(look, at - before, 0, read_plain, NULL);
}

/* How many characters before the anchor base64 of this kind begins, and what it begins with. */
static size_t
chars_before(enum tscope_key_anchor anchor)
{
    switch (anchor) {
    case TSCOPE_KEY_ANCHOR_BASE64_LONG:
    case TSCOPE_KEY_ANCHOR_BASE64_LONG_WIDE:
        return 6;
    case TSCOPE_KEY_ANCHOR_BASE64_MEDIUM:
    case TSCOPE_KEY_ANCHOR_BASE64_MEDIUM_WIDE:
        return 4;
    case TSCOPE_KEY_ANCHOR_BASE64_SHORT:
    case TSCOPE_KEY_ANCHOR_BASE64_SHORT_WIDE:
        return 3;
    case TSCOPE_KEY_ANCHOR_BASE64_ENCRYPTED:
        return 20;
    case TSCOPE_KEY_ANCHOR_BASE64_DPAPI:
        return 8;
    default:
        return 0;
    }
}

static bool
read_alone(tscope_key_finder *finder, struct tscope_key_base64 *walk, struct tscope_key_candidate *candidate)
{
    struct tscope_span bytes = tscope_span_of(finder->bytes, decode(finder, walk));

    if (tscope_key_read_bytes(bytes, candidate))
        return true;
    *candidate = (struct tscope_key_candidate){.form = "dpapi", .component = "protected data", .layout = "dpapi", .is_closed = true};
    return tscope_key_dpapi_len(bytes) > 0;
}

/* A slash between may be written as an escape, which is longer. */
static size_t
find_first(const struct tscope_key_look *look, size_t begin, uint8_t first)
{
    for (size_t i = 0; i <= ESCAPE_MAX && begin >= i * look->stride; i++) {
        if (look->window->bytes[begin - i * look->stride] == first)
            return begin - i * look->stride;
    }
    return SIZE_MAX;
}

/* What shows that more is worth to be read: an element whose first ones fit into it, or what OpenSSH and Windows begin with. */
static bool
may_begin(const uint8_t *start, size_t len, uint8_t first)
{
    static const char openssh[] = "openssh-key-v1\0\0\0"; /* the length of a cipher's name follows, of which the last byte tells */
    static const uint8_t dpapi[] = {0x01, 0x00, 0x00, 0x00, 0xd0, 0x8c, 0x9d, 0xdf, 0x01};

    if (first == 'b')
        return memcmp(start, openssh, sizeof(openssh)) == 0;
    return first == 'A' ? memcmp(start, dpapi, sizeof(dpapi)) == 0 : tscope_key_der_may_begin(tscope_span_of(start, len));
}

#define START_BYTES 24

static enum tscope_probe
read_base64(const struct tscope_key_look *look, struct tscope_key_text *text, size_t at, const void *context)
{
    const uint8_t *first = context;
    struct tscope_key_base64 walk = {.text = text, .at = at};
    struct tscope_key_candidate candidate;
    uint8_t start[START_BYTES];

    if (tscope_key_base64_read(&walk, start, NULL, sizeof(start)) < sizeof(start))
        return nothing_in(text, walk.ran_out);
    if (!may_begin(start, sizeof(start), *first))
        return TSCOPE_PROBE_NOTHING;
    walk = (struct tscope_key_base64){.text = text, .at = at};
    if (!read_alone(look->finder, &walk, &candidate))
        return nothing_in(text, walk.ran_out);
    if (text->is_cut && walk.ran_out)
        return TSCOPE_PROBE_MORE;
    return tscope_key_take_text(look, &candidate, text, at, walk.end, TSCOPE_FIND_ENCODING_BASE64);
}

enum tscope_probe
tscope_key_probe_base64(const struct tscope_key_look *look, size_t at, enum tscope_key_anchor anchor)
{
    size_t before = chars_before(anchor) * look->stride, begin = at - before;
    uint8_t first = anchor == TSCOPE_KEY_ANCHOR_BASE64_OPENSSH ? 'b' : anchor == TSCOPE_KEY_ANCHOR_BASE64_DPAPI ? 'A' : 'M';

    if (at < before)
        return TSCOPE_PROBE_NOTHING;
    begin = find_first(look, begin, first);
    return begin == SIZE_MAX ? TSCOPE_PROBE_NOTHING : tscope_key_read_on(look, begin, 0, read_base64, &first);
}

/* Text inside base64, each character with the place of its group. */
static void
decode_text(tscope_key_finder *finder, struct tscope_key_base64 *walk)
{
    struct tscope_key_text *inner = &finder->inner;

    inner->len = tscope_key_base64_read(walk, inner->text, inner->places, TSCOPE_KEY_BYTES_MAX);
    inner->passed += inner->len;
    if (inner->len > inner->used)
        inner->used = inner->len;
    inner->end_place = walk->end ? walk->text->places[walk->end - 1] + 1 : 0;
    inner->is_cut = walk->text->is_cut && walk->ran_out;
    inner->is_cut_front = walk->text->is_cut_front;
}

/* skip: bytes of the first group that are not PEM's. */
static enum tscope_probe
read_base64_pem(const struct tscope_key_look *look, struct tscope_key_text *text, size_t at, const void *context)
{
    const size_t *skip = context;
    struct tscope_key_text *inner = &look->finder->inner;
    struct tscope_key_base64 walk = {.text = text, .at = at};

    decode_text(look->finder, &walk);
    if (!tscope_key_text_is(inner, *skip, DASHES "BEGIN"))
        return nothing_in(inner, inner->len < *skip + sizeof(DASHES "BEGIN"));
    return tscope_key_read_pem(look, inner, *skip, TSCOPE_FIND_ENCODING_BASE64);
}

enum tscope_probe
tscope_key_probe_base64_pem(const struct tscope_key_look *look, size_t at, enum tscope_key_anchor anchor)
{
    size_t before = anchor == TSCOPE_KEY_ANCHOR_BASE64_PEM_1 ? 12 : 8;
    size_t skip = anchor == TSCOPE_KEY_ANCHOR_BASE64_PEM_0 ? 1 : anchor == TSCOPE_KEY_ANCHOR_BASE64_PEM_1 ? 2 : 0;

    return at < before ? TSCOPE_PROBE_NOTHING : tscope_key_read_on(look, at - before, 0, read_base64_pem, &skip);
}

static bool
is_base64(uint8_t byte)
{
    return (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9') || byte == '+' || byte == '/' ||
           byte == '-' || byte == '_';
}

/* The object begins somewhere before: back by whole groups, as far as there are any. */
static enum tscope_probe
read_base64_jwk(const struct tscope_key_look *look, struct tscope_key_text *text, size_t at, const void *context)
{
    const size_t *name = context;
    struct tscope_key_text *inner = &look->finder->inner;
    size_t begin = at;
    struct tscope_key_base64 walk = {.text = text};

    while (begin >= 4 && is_base64(text->text[begin - 1]) && is_base64(text->text[begin - 2]) && is_base64(text->text[begin - 3]) &&
           is_base64(text->text[begin - 4]))
        begin -= 4;
    walk.at = begin;
    decode_text(look->finder, &walk);
    inner->is_cut_front &= begin < 4;
    return tscope_key_read_jwk(look, inner, (at - begin) / 4 * 3 + *name, TSCOPE_FIND_ENCODING_BASE64);
}

enum tscope_probe
tscope_key_probe_base64_jwk(const struct tscope_key_look *look, size_t at, enum tscope_key_anchor anchor)
{
    struct tscope_key_text *text = &look->finder->text;
    struct tscope_key_base64 walk = {.text = text};
    size_t before = anchor == TSCOPE_KEY_ANCHOR_BASE64_JWK_0 ? 0 : 2;
    size_t name = anchor == TSCOPE_KEY_ANCHOR_BASE64_JWK_0 ? 0 : anchor == TSCOPE_KEY_ANCHOR_BASE64_JWK_1 ? 1 : 2;
    uint8_t start[9];

    if (at < before)
        return TSCOPE_PROBE_NOTHING;
    tscope_key_text_load(text, look->window, at - before, at - before + 16, 1);
    if (tscope_key_base64_read(&walk, start, NULL, sizeof(start)) < sizeof(start))
        return nothing_in(text, walk.ran_out);
    if (memcmp(start + name, "kty", 3) != 0)
        return TSCOPE_PROBE_NOTHING;
    return tscope_key_read_on(look, at - before, TSCOPE_KEY_BEFORE_MAX, read_base64_jwk, &name);
}
