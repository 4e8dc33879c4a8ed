/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/key_forms.h"

/* RSAKeyValue of XML signatures with the private members that .NET adds (RSA.ToXmlString). */

#define NAME "RSAKeyValue>"

struct layers {
    bool is_html, is_json;
};

/* Reads the base64 of the element of that name; nothing when there is none. */
static struct tscope_span
take_element(tscope_key_finder *finder, const struct tscope_key_text *text, size_t end, const char *tag)
{
    size_t at = tscope_key_text_find(text, 0, end, tag), len;
    struct tscope_key_base64 walk = {.text = text, .at = at + strlen(tag)};
    uint8_t *out = finder->bytes + finder->bytes_used;

    if (at == SIZE_MAX)
        return (struct tscope_span){NULL, 0};
    len = tscope_key_base64_read(&walk, out, NULL, sizeof(finder->bytes) - finder->bytes_used);
    finder->bytes_used += len;
    return tscope_span_of(out, len);
}

static bool
read_elements(tscope_key_finder *finder, const struct tscope_key_text *text, size_t end, struct tscope_private_numbers *numbers)
{
    const struct {
        const char *tag;
        struct tscope_span *number;
    } rows[] = {{"<Modulus>", &numbers->open.n}, {"<Exponent>", &numbers->open.e}, {"<P>", &numbers->p},         {"<Q>", &numbers->q},
                {"<DP>", &numbers->dp},          {"<DQ>", &numbers->dq},           {"<InverseQ>", &numbers->qi}, {"<D>", &numbers->d}};

    numbers->open.type = TSCOPE_KEY_RSA;
    for (size_t i = 0; i < TSCOPE_COUNT(rows); i++)
        *rows[i].number = take_element(finder, text, end, rows[i].tag);
    return numbers->d.len || numbers->p.len;
}

static enum tscope_find_encoding
encoding_of(const struct layers *layers)
{
    if (layers->is_html)
        return TSCOPE_FIND_ENCODING_HTML;
    return layers->is_json ? TSCOPE_FIND_ENCODING_JSON : TSCOPE_FIND_ENCODING_ASCII;
}

static enum tscope_probe
read_key(const struct tscope_key_look *look, struct tscope_key_text *text, size_t at, const void *context)
{
    const struct layers *layers = context;
    struct tscope_key_candidate candidate = {.form = "xml", .component = "private key", .layout = "xml"};
    size_t end;

    (void)at;
    if (layers->is_html)
        tscope_key_text_unescape_html(text);
    else
        tscope_key_text_unescape_json(text); /* line ends, and "\/" of closing tags, too */
    if (!tscope_key_text_is(text, 0, "<" NAME))
        return text->is_cut && text->len < sizeof(NAME) ? TSCOPE_PROBE_MORE : TSCOPE_PROBE_NOTHING;
    end = tscope_key_text_find(text, 1 + sizeof(NAME) - 1, text->len, NAME);
    if (end == SIZE_MAX)
        return text->is_cut ? TSCOPE_PROBE_MORE : TSCOPE_PROBE_NOTHING;
    if (text->text[end - 1] != '/') /* another one begins in it */
        return TSCOPE_PROBE_NOTHING;
    end += sizeof(NAME) - 1;
    if (!read_elements(look->finder, text, end, &candidate.numbers))
        return TSCOPE_PROBE_NOTHING;
    return tscope_key_take_text(look, &candidate, text, 0, end, encoding_of(layers));
}

/* The bracket in front of the name, however it is written. */
static size_t
bracket_before(const struct tscope_key_text *text, size_t at, struct layers *layers)
{
    static const char *const ways[] = {"<", "&lt;", "\\u003c", "\\u003C"};

    for (size_t i = 0; i < TSCOPE_COUNT(ways); i++) {
        size_t len = strlen(ways[i]);

        *layers = (struct layers){.is_html = i == 1, .is_json = i > 1};
        if (at >= len && tscope_key_text_is(text, at - len, ways[i]))
            return len;
    }
    return 0;
}

enum tscope_probe
tscope_key_probe_xml(const struct tscope_key_look *look, size_t at)
{
    struct tscope_key_text *text = &look->finder->text;
    size_t stride = look->stride, begin = tscope_key_text_begin(look->window, at, 8 * stride, stride), name, bracket;
    struct layers layers;

    tscope_key_text_load(text, look->window, begin, at + 4 * stride, stride);
    name = (at - begin) / stride;
    if (name-- == 0)
        return TSCOPE_PROBE_NOTHING;
    if (!tscope_key_text_is(text, name, "RSAK"))
        return text->is_cut && text->len < name + 4 ? TSCOPE_PROBE_MORE : TSCOPE_PROBE_NOTHING;
    bracket = bracket_before(text, name, &layers);
    if (!bracket)
        return TSCOPE_PROBE_NOTHING;
    return tscope_key_read_on(look, at - (bracket + 1) * stride, 0, read_key, &layers);
}
