/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/key_forms.h"

#include "core/base64url.h"
#include "core/der.h"

#define PEM_LINE 64 /* RFC 7468 section 2 */

struct walk {
    const tscope_key *key;
    tscope_key_form_visit *visit;
    void *context;
    bool done, failed;
};

/* Wipes nothing: all of it is public. */
static void
show(struct walk *walk, struct tscope_buffer *form, const char *what, const char *how)
{
    walk->failed |= form->failed;
    if (!walk->done && !walk->failed && form->len > 0)
        walk->done = !walk->visit(walk->context, tscope_span_of(form->data, form->len), what, how);
    tscope_buffer_clear(form);
}

static void
show_span(struct walk *walk, struct tscope_span bytes, const char *what, const char *how)
{
    if (!walk->done && !walk->failed && bytes.len > 0)
        walk->done = !walk->visit(walk->context, bytes, what, how);
}

static struct tscope_span
strip(struct tscope_span number)
{
    while (number.len > 0 && number.data[0] == 0) {
        number.data++;
        number.len--;
    }
    return number;
}

/* ---- DER */

static void
put_head(struct tscope_buffer *out, uint8_t tag, size_t len)
{
    tscope_buffer_append_byte(out, tag);
    if (len >= 0x80)
        tscope_buffer_append_byte(out, len > 0xff ? 0x82 : 0x81); /* numbers of the gate end at 16384 bits */
    if (len > 0xff)
        tscope_buffer_append_byte(out, (uint8_t)(len >> 8));
    tscope_buffer_append_byte(out, (uint8_t)len);
}

static void
put_element(struct tscope_buffer *out, uint8_t tag, const struct tscope_buffer *content)
{
    put_head(out, tag, content->len);
    tscope_buffer_append(out, content->data, content->len);
    out->failed |= content->failed;
}

static void
put_unsigned(struct tscope_buffer *out, struct tscope_span number)
{
    bool high;

    number = strip(number);
    high = number.len == 0 || number.data[0] & 0x80;
    put_head(out, TSCOPE_DER_INTEGER, number.len + high);
    if (high)
        tscope_buffer_append_byte(out, 0);
    if (number.len)
        tscope_buffer_append(out, number.data, number.len);
}

/* RFC 8017 appendix A.1.1 */
static void
make_pkcs1(const struct tscope_key_numbers *numbers, struct tscope_buffer *out)
{
    struct tscope_buffer content = {0};

    put_unsigned(&content, numbers->n);
    put_unsigned(&content, numbers->e);
    put_element(out, TSCOPE_DER_SEQUENCE, &content);
    tscope_buffer_clear(&content);
}

/* A coordinate at its width (SEC 1 section 2.3.5). */
static void
put_coordinate(struct tscope_buffer *out, struct tscope_span number, size_t width)
{
    number = strip(number);
    for (size_t i = number.len; i < width; i++)
        tscope_buffer_append_byte(out, 0);
    if (number.len)
        tscope_buffer_append(out, number.data, number.len);
}

static void
make_point(const struct tscope_key_numbers *numbers, struct tscope_buffer *out)
{
    size_t width = tscope_curve_width(numbers->curve);

    if (numbers->type == TSCOPE_KEY_EC) {
        tscope_buffer_append_byte(out, 4);
        put_coordinate(out, numbers->x, width);
        put_coordinate(out, numbers->y, width);
    } else if (numbers->x.len) {
        tscope_buffer_append(out, numbers->x.data, numbers->x.len);
    }
}

/* The AlgorithmIdentifier (RFC 3279 section 2.3, RFC 5480, RFC 8410), whole. */
static struct tscope_span
algorithm_of(const struct tscope_key_numbers *numbers)
{
    if (numbers->type == TSCOPE_KEY_RSA)
        return TSCOPE_SPAN("\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\x00");
    switch (numbers->curve) {
    case TSCOPE_CURVE_P256:
        return TSCOPE_SPAN("\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07");
    case TSCOPE_CURVE_P384:
        return TSCOPE_SPAN("\x30\x10\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x05\x2b\x81\x04\x00\x22");
    case TSCOPE_CURVE_P521:
        return TSCOPE_SPAN("\x30\x10\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x05\x2b\x81\x04\x00\x23");
    case TSCOPE_CURVE_SECP256K1:
        return TSCOPE_SPAN("\x30\x10\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x05\x2b\x81\x04\x00\x0a");
    case TSCOPE_CURVE_ED25519:
        return TSCOPE_SPAN("\x30\x05\x06\x03\x2b\x65\x70");
    case TSCOPE_CURVE_ED448:
        return TSCOPE_SPAN("\x30\x05\x06\x03\x2b\x65\x71");
    default:
        return (struct tscope_span){NULL, 0};
    }
}

/* RFC 5280 section 4.1 */
static void
make_spki(const struct tscope_key_numbers *numbers, struct tscope_buffer *out)
{
    struct tscope_span algorithm = algorithm_of(numbers);
    struct tscope_buffer bits = {0}, content = {0};

    if (!algorithm.data)
        return;
    tscope_buffer_append_byte(&bits, 0);
    if (numbers->type == TSCOPE_KEY_RSA)
        make_pkcs1(numbers, &bits);
    else
        make_point(numbers, &bits);
    tscope_buffer_append(&content, algorithm.data, algorithm.len);
    put_element(&content, TSCOPE_DER_BIT_STRING, &bits);
    put_element(out, TSCOPE_DER_SEQUENCE, &content);
    tscope_buffer_clear(&bits);
    tscope_buffer_clear(&content);
}

/* ---- text around DER */

struct armour {
    const char *how, *before, *line_end, *behind;
    size_t line; /* letters of a line; 0: all in one */
    bool usual;
};

/* PEM as files, environment variables and settings have it; behind: what follows the last line. */
static const struct armour armours[] = {
    {"PEM", "", "\n", "\n", PEM_LINE, true},
    {"PEM without the last line's end", "", "\n", "", PEM_LINE, true},
    {"PEM with CRLF", "", "\r\n", "\r\n", PEM_LINE, false},
    {"PEM with CRLF, without the last line's end", "", "\r\n", "", PEM_LINE, false},
    {"PEM behind an empty line", "\n", "\n", "\n", PEM_LINE, false},
    {"PEM behind an empty line, without the last line's end", "\n", "\n", "", PEM_LINE, false},
    {"PEM behind a space", " ", "\n", "\n", PEM_LINE, false},
    {"PEM with an empty line behind it", "", "\n", "\n\n", PEM_LINE, false},
    {"PEM with a space behind it", "", "\n", " ", PEM_LINE, false},
    {"PEM in one line of base64", "", "\n", "\n", 0, false},
    {"PEM in one line of base64, without the last line's end", "", "\n", "", 0, false},
    {"PEM with escaped line ends", "", "\\n", "\\n", PEM_LINE, false},
    {"PEM with escaped line ends, without the last one", "", "\\n", "", PEM_LINE, false},
    {"PEM without line ends", "", "", "", 0, false},
};

static void
put_lines(struct tscope_buffer *out, const struct tscope_buffer *base64, size_t line, const char *line_end)
{
    size_t step = line ? line : base64->len;

    for (size_t at = 0; at < base64->len; at += step) {
        tscope_buffer_append(out, base64->data + at, base64->len - at < step ? base64->len - at : step);
        tscope_buffer_append_text(out, line_end);
    }
}

static void
show_armour(struct walk *walk, const struct tscope_buffer *base64, const char *what, const char *label, const struct armour *armour)
{
    struct tscope_buffer form = {0};

    tscope_buffer_append_format(&form, "%s-----BEGIN %s-----%s", armour->before, label, armour->line_end);
    put_lines(&form, base64, armour->line, armour->line_end);
    tscope_buffer_append_format(&form, "-----END %s-----%s", label, armour->behind);
    show(walk, &form, what, armour->how);
}

static void
show_base64(struct walk *walk, const struct tscope_buffer *base64, struct tscope_span der, const char *what)
{
    struct tscope_buffer form = {0};

    show_span(walk, tscope_span_of(base64->data, base64->len), what, "base64, as in x5c");
    tscope_base64url_encode(&form, der.data, der.len);
    show(walk, &form, what, "base64url");
    put_lines(&form, base64, 0, "\n");
    show(walk, &form, what, "base64 in one line");
    put_lines(&form, base64, PEM_LINE, "\n");
    show(walk, &form, what, "base64 in lines");
    put_lines(&form, base64, PEM_LINE, "\n");
    form.len -= form.len > 0;
    show(walk, &form, what, "base64 in lines, without the last one's end");
}

static void
show_der(struct walk *walk, struct tscope_span der, const char *what, const char *label, bool usual)
{
    struct tscope_buffer base64 = {0};

    if (der.len == 0)
        return;
    tscope_base64_encode(&base64, der.data, der.len);
    walk->failed |= base64.failed;
    for (size_t i = 0; i < TSCOPE_COUNT(armours) && !walk->done && !walk->failed; i++) {
        if (armours[i].usual == usual)
            show_armour(walk, &base64, what, label, &armours[i]);
    }
    if (usual)
        show_span(walk, der, what, "DER");
    else if (!walk->failed)
        show_base64(walk, &base64, der, what);
    tscope_buffer_clear(&base64);
}

/* ---- OpenSSH */

/* A string of RFC 4251 section 5. */
static void
put_ssh_string(struct tscope_buffer *out, struct tscope_span text)
{
    for (int shift = 24; shift >= 0; shift -= 8)
        tscope_buffer_append_byte(out, (uint8_t)(text.len >> shift));
    tscope_buffer_append(out, text.data, text.len);
}

/* An mpint of RFC 4251 section 5. */
static void
put_ssh_number(struct tscope_buffer *out, struct tscope_span number)
{
    struct tscope_buffer content = {0};

    number = strip(number);
    if (number.len > 0 && number.data[0] & 0x80)
        tscope_buffer_append_byte(&content, 0);
    tscope_buffer_append(&content, number.data, number.len);
    put_ssh_string(out, tscope_span_of(content.data, content.len));
    out->failed |= content.failed;
    tscope_buffer_clear(&content);
}

/* The name of a key's type, and after "ecdsa-sha2-" that of its curve (RFC 4253 section 6.6, RFC 5656 section 3.1, RFC 8709). */
static const char *
ssh_type_of(const struct tscope_key_numbers *numbers)
{
    if (numbers->type == TSCOPE_KEY_RSA)
        return "ssh-rsa";
    switch (numbers->curve) {
    case TSCOPE_CURVE_P256:
        return "ecdsa-sha2-nistp256";
    case TSCOPE_CURVE_P384:
        return "ecdsa-sha2-nistp384";
    case TSCOPE_CURVE_P521:
        return "ecdsa-sha2-nistp521";
    case TSCOPE_CURVE_ED25519:
        return "ssh-ed25519";
    case TSCOPE_CURVE_ED448:
        return "ssh-ed448";
    default:
        return NULL;
    }
}

/* The line of a file of public keys, without a comment. */
static void
show_openssh(struct walk *walk)
{
    const struct tscope_key_numbers *numbers = &walk->key->numbers;
    const char *type = ssh_type_of(numbers);
    struct tscope_buffer blob = {0}, point = {0}, line = {0};

    if (!type)
        return;
    put_ssh_string(&blob, tscope_span_text(type));
    if (numbers->type == TSCOPE_KEY_RSA) {
        put_ssh_number(&blob, numbers->e);
        put_ssh_number(&blob, numbers->n);
    } else {
        if (numbers->type == TSCOPE_KEY_EC)
            put_ssh_string(&blob, tscope_span_text(type + strlen("ecdsa-sha2-")));
        make_point(numbers, &point);
        put_ssh_string(&blob, tscope_span_of(point.data, point.len));
    }
    for (int end = 0; end < 2; end++) {
        tscope_buffer_append_format(&line, "%s ", type);
        tscope_base64_encode(&line, blob.data, blob.len);
        tscope_buffer_append_text(&line, end ? "\n" : "");
        line.failed |= blob.failed || point.failed;
        show(walk, &line, "OpenSSH line", end ? "with its end" : "text");
    }
    tscope_buffer_clear(&blob);
    tscope_buffer_clear(&point);
}

/* ---- numbers and JWK */

static void
show_number(struct walk *walk, struct tscope_span number, const char *what)
{
    struct tscope_buffer form = {0};

    number = strip(number);
    if (number.len == 0)
        return;
    show_span(walk, number, what, "raw");
    tscope_base64url_encode(&form, number.data, number.len);
    show(walk, &form, what, "base64url, as in a JWK");
    tscope_base64_encode(&form, number.data, number.len);
    show(walk, &form, what, "base64");
    for (size_t i = 0; i < number.len; i++)
        tscope_buffer_append_format(&form, "%02x", number.data[i]);
    show(walk, &form, what, "hexadecimal");
    for (size_t i = 0; i < number.len; i++)
        tscope_buffer_append_format(&form, "%02X", number.data[i]);
    show(walk, &form, what, "hexadecimal, in capitals");
    if (number.data[0] & 0x80) {
        tscope_buffer_append_byte(&form, 0);
        tscope_buffer_append(&form, number.data, number.len);
        show(walk, &form, what, "raw behind a zero byte");
    }
}

/* Letters of an order: which member comes next. Those that the key lacks are left out. */
static const char *const jwk_orders[] = {"tne",    "ten",    "etn",    "nte",    "tkne",  "ktne",  "tken",  "tukne",
                                         "tkune",  "tkuane", "tuakne", "tukxne", "tnek",  "tneka", "tneku", "tneuk",
                                         "tnekau", "tnekua", "ektn",   "aektnu", "ektnu", "nektu", "netk"};
static const char *const jwk_orders_ec[] = {"tcxy",   "ctxy",   "tkcxy",   "ktcxy", "tukcxy",  "tkucxy", "tcxyk",
                                            "tcxyka", "tcxyku", "tcxykau", "cktxy", "acktuxy", "cktuxy", "tcxyuk"};

static void
put_text(struct tscope_buffer *out, const char *name, struct tscope_span text, const char *colon, const char *comma, bool *first)
{
    if (!text.data)
        return;
    tscope_buffer_append_format(out, "%s\"%s\":%s\"", *first ? "" : comma, name, colon);
    tscope_buffer_append(out, text.data, text.len);
    tscope_buffer_append_byte(out, '"');
    *first = false;
}

static void
put_number(struct tscope_buffer *out, const char *name, struct tscope_span number, size_t width, const char *colon, const char *comma,
           bool *first)
{
    struct tscope_buffer padded = {0}, text = {0};

    put_coordinate(&padded, number, width);
    tscope_base64url_encode(&text, padded.data, padded.len);
    out->failed |= padded.failed || text.failed;
    put_text(out, name, tscope_span_of(text.data, text.len), colon, comma, first);
    tscope_buffer_clear(&padded);
    tscope_buffer_clear(&text);
}

static void
put_member(struct tscope_buffer *out, const tscope_key *key, char member, bool spaced, bool *first)
{
    const struct tscope_key_numbers *numbers = &key->numbers;
    const char *colon = spaced ? " " : "", *comma = spaced ? ", " : ",";
    bool rsa = numbers->type == TSCOPE_KEY_RSA;
    size_t width = numbers->type == TSCOPE_KEY_EC ? tscope_curve_width(numbers->curve) : numbers->x.len;

    if (member == 't')
        put_text(out, "kty", tscope_span_text(rsa ? "RSA" : numbers->type == TSCOPE_KEY_EC ? "EC" : "OKP"), colon, comma, first);
    else if (member == 'c')
        put_text(out, "crv", tscope_span_text(tscope_curve_name(numbers->curve)), colon, comma, first);
    else if (member == 'k')
        put_text(out, "kid", key->kid, colon, comma, first);
    else if (member == 'u')
        put_text(out, "use", key->use.data ? key->use : TSCOPE_SPAN("sig"), colon, comma, first);
    else if (member == 'a')
        put_text(out, "alg", key->alg, colon, comma, first);
    else if (member == 'n')
        put_number(out, "n", numbers->n, 0, colon, comma, first);
    else if (member == 'e')
        put_number(out, "e", numbers->e, 0, colon, comma, first);
    else if (member == 'x' && rsa)
        put_text(out, "x5t", key->x5t, colon, comma, first);
    else if (member == 'x')
        put_number(out, "x", numbers->x, width, colon, comma, first);
    else if (member == 'y' && numbers->type == TSCOPE_KEY_EC)
        put_number(out, "y", numbers->y, width, colon, comma, first);
}

static void
show_jwk(struct walk *walk, const char *order, bool spaced)
{
    struct tscope_buffer form = {0};
    bool first = true;

    tscope_buffer_append_byte(&form, '{');
    for (const char *member = order; *member; member++)
        put_member(&form, walk->key, *member, spaced, &first);
    tscope_buffer_append_byte(&form, '}');
    show(walk, &form, "JWK", spaced ? "text with spaces" : "text");
}

static void
show_jwks(struct walk *walk)
{
    bool rsa = walk->key->numbers.type == TSCOPE_KEY_RSA;
    const char *const *orders = rsa ? jwk_orders : jwk_orders_ec;
    size_t count = rsa ? TSCOPE_COUNT(jwk_orders) : TSCOPE_COUNT(jwk_orders_ec);

    for (size_t i = 0; i < count && !walk->done && !walk->failed; i++) {
        show_jwk(walk, orders[i], false);
        show_jwk(walk, orders[i], true);
    }
}

static struct tscope_span
certificate_of(const tscope_key *key)
{
    if (key->certificate_der.data)
        return key->certificate_der;
    return key->certificate ? key->certificate->der : (struct tscope_span){NULL, 0};
}

static void
show_numbers(struct walk *walk)
{
    struct tscope_buffer point = {0};

    if (walk->key->numbers.type == TSCOPE_KEY_RSA) {
        show_number(walk, walk->key->numbers.n, "modulus");
        return;
    }
    make_point(&walk->key->numbers, &point);
    show_span(walk, tscope_span_of(point.data, point.len), "point", "raw");
    if (walk->key->numbers.type == TSCOPE_KEY_EC && point.len > 1)
        show_span(walk, tscope_span_of(point.data + 1, point.len - 1), "point", "raw, without its first byte");
    show_number(walk, walk->key->numbers.x, "x");
    walk->failed |= point.failed;
    tscope_buffer_clear(&point);
}

bool
tscope_key_forms_walk(const tscope_key *key, bool usual, tscope_key_form_visit *visit, void *context)
{
    struct walk walk = {.key = key, .visit = visit, .context = context};
    struct tscope_buffer spki = {0}, pkcs1 = {0};
    enum tscope_key_type type = key->numbers.type;

    if (key->flaw != TSCOPE_KEY_FLAW_NONE || (type != TSCOPE_KEY_RSA && type != TSCOPE_KEY_EC && type != TSCOPE_KEY_OKP))
        return true;
    make_spki(&key->numbers, &spki);
    if (type == TSCOPE_KEY_RSA)
        make_pkcs1(&key->numbers, &pkcs1);
    walk.failed = spki.failed || pkcs1.failed;
    for (int pass = 0; pass < (usual ? 1 : 2) && !walk.done && !walk.failed; pass++) {
        show_der(&walk, tscope_span_of(spki.data, spki.len), "SubjectPublicKeyInfo", "PUBLIC KEY", pass == 0);
        show_der(&walk, tscope_span_of(pkcs1.data, pkcs1.len), "PKCS #1 key", "RSA PUBLIC KEY", pass == 0);
        show_der(&walk, certificate_of(key), "certificate", "CERTIFICATE", pass == 0);
    }
    if (!usual && !walk.done && !walk.failed) {
        show_jwks(&walk);
        show_openssh(&walk);
        show_numbers(&walk);
    }
    tscope_buffer_clear(&spki);
    tscope_buffer_clear(&pkcs1);
    return !walk.failed;
}
