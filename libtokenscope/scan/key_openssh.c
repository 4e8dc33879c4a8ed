/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/key_forms.h"

/* "openssh-key-v1", the form of ssh-keygen (PROTOCOL.key of OpenSSH): strings with lengths of four bytes, a public and a private list. */

static const char magic[] = "openssh-key-v1"; /* with its final NUL */

struct reader {
    struct tscope_span rest;
    bool failed;
};

static uint32_t
take_number(struct reader *reader)
{
    const uint8_t *data = reader->rest.data;

    if (reader->failed || reader->rest.len < 4) {
        reader->failed = true;
        return 0;
    }
    reader->rest = tscope_span_of(data + 4, reader->rest.len - 4);
    return (uint32_t)data[0] << 24 | (uint32_t)data[1] << 16 | (uint32_t)data[2] << 8 | data[3];
}

static struct tscope_span
take_string(struct reader *reader)
{
    size_t len = take_number(reader);
    struct tscope_span string = tscope_span_of(reader->rest.data, len);

    if (reader->failed || len > reader->rest.len) {
        reader->failed = true;
        return (struct tscope_span){NULL, 0};
    }
    reader->rest = tscope_span_of(reader->rest.data + len, reader->rest.len - len);
    return string;
}

static void
read_rsa(struct reader *reader, struct tscope_private_numbers *numbers)
{
    numbers->open.type = TSCOPE_KEY_RSA;
    numbers->open.n = take_string(reader);
    numbers->open.e = take_string(reader);
    numbers->d = take_string(reader);
    numbers->qi = take_string(reader);
    numbers->p = take_string(reader);
    numbers->q = take_string(reader);
}

static void
read_ecdsa(struct reader *reader, struct tscope_private_numbers *numbers)
{
    static const struct {
        const char *name;
        enum tscope_curve curve;
    } curves[] = {{"nistp256", TSCOPE_CURVE_P256}, {"nistp384", TSCOPE_CURVE_P384}, {"nistp521", TSCOPE_CURVE_P521}};
    struct tscope_span name = take_string(reader), point = take_string(reader);
    size_t width = 0;

    numbers->open.type = TSCOPE_KEY_EC;
    for (size_t i = 0; i < TSCOPE_COUNT(curves); i++) {
        if (tscope_span_is(name, curves[i].name))
            numbers->open.curve = curves[i].curve;
    }
    width = tscope_curve_width(numbers->open.curve);
    numbers->d = take_string(reader);
    if (!width || point.len != 1 + 2 * width || point.data[0] != 4) {
        reader->failed = true;
        return;
    }
    numbers->open.x = tscope_span_of(point.data + 1, width);
    numbers->open.y = tscope_span_of(point.data + 1 + width, width);
}

/* The private string is the seed with the public key behind it. */
static void
read_ed25519(struct reader *reader, struct tscope_private_numbers *numbers)
{
    struct tscope_span open = take_string(reader), secret = take_string(reader);

    numbers->open.type = TSCOPE_KEY_OKP;
    numbers->open.curve = TSCOPE_CURVE_ED25519;
    if (open.len != 32 || secret.len != 64) {
        reader->failed = true;
        return;
    }
    numbers->open.x = open;
    numbers->d = tscope_span_of(secret.data, 32);
}

/* The two equal numbers in front show whoever decrypts that the password was right. */
static bool
read_private(struct tscope_span section, struct tscope_private_numbers *numbers)
{
    struct reader reader = {section, false};
    uint32_t check = take_number(&reader);
    struct tscope_span type;

    if (take_number(&reader) != check)
        return false;
    type = take_string(&reader);
    if (tscope_span_is(type, "ssh-rsa"))
        read_rsa(&reader, numbers);
    else if (type.len > 11 && memcmp(type.data, "ecdsa-sha2-", 11) == 0)
        read_ecdsa(&reader, numbers);
    else if (tscope_span_is(type, "ssh-ed25519"))
        read_ed25519(&reader, numbers);
    else
        return false;
    return !reader.failed;
}

bool
tscope_key_read_openssh(struct tscope_span bytes, struct tscope_key_candidate *ret_candidate, size_t *ret_len)
{
    struct tscope_key_candidate candidate = {.form = "openssh", .component = "private key", .layout = "openssh"};
    struct reader reader = {bytes, false};
    struct tscope_span cipher, section;

    if (bytes.len < sizeof(magic) || memcmp(bytes.data, magic, sizeof(magic)) != 0)
        return false;
    reader.rest = tscope_span_of(bytes.data + sizeof(magic), bytes.len - sizeof(magic));
    cipher = take_string(&reader);
    take_string(&reader); /* how the key of the cipher is made, and with what */
    take_string(&reader);
    if (take_number(&reader) != 1)
        return false;
    take_string(&reader);
    section = take_string(&reader);
    if (reader.failed || cipher.len == 0 || section.len < 16)
        return false;
    candidate.is_closed = !tscope_span_is(cipher, "none");
    if (!candidate.is_closed && !read_private(section, &candidate.numbers))
        return false;
    *ret_candidate = candidate;
    *ret_len = (size_t)(section.data + section.len - bytes.data);
    return true;
}

enum tscope_probe
tscope_key_probe_openssh(const struct tscope_key_look *look, size_t at)
{
    const struct tscope_window *window = look->window;
    const size_t before = sizeof("openssh-ke") - 1;
    struct tscope_key_candidate candidate;
    struct tscope_span rest;
    size_t begin = at - before, len;

    if (at < before || memcmp(window->bytes + begin, magic, before) != 0)
        return TSCOPE_PROBE_NOTHING;
    rest = tscope_span_of(window->bytes + begin, window->len - begin);
    if (rest.len < TSCOPE_KEY_BYTES_MAX && !window->is_last)
        return TSCOPE_PROBE_MORE;
    if (rest.len > TSCOPE_KEY_BYTES_MAX)
        rest.len = TSCOPE_KEY_BYTES_MAX;
    if (!tscope_key_read_openssh(rest, &candidate, &len))
        return TSCOPE_PROBE_NOTHING;
    return tscope_key_take(look, &candidate, begin, begin + len, TSCOPE_FIND_ENCODING_ASCII);
}
