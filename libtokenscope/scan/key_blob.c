/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/key_forms.h"

/* Blobs of Windows: CAPI PRIVATEKEYBLOB, CNG BCRYPT_RSAKEY_BLOB and BCRYPT_ECCKEY_BLOB, DPAPI. */

#define MAGIC_BEFORE 1 /* the anchor is the second letter of the magic */
#define CAPI_HEADER 8  /* BLOBHEADER in front of it */
#define BITS_MAX 8192u /* more than the gate lets through */
#define BITS_MIN 512u
#define DPAPI_PART_MAX (192u << 10)

static uint32_t
little(const uint8_t *bytes)
{
    return (uint32_t)bytes[3] << 24 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[1] << 8 | bytes[0];
}

/* A number with its lowest byte first, turned round into the finder's room. */
static struct tscope_span
take_reversed(tscope_key_finder *finder, const uint8_t **at, size_t len)
{
    uint8_t *out = finder->numbers + finder->numbers_used;

    for (size_t i = 0; i < len; i++)
        out[i] = (*at)[len - 1 - i];
    finder->numbers_used += len;
    *at += len;
    return tscope_span_of(out, len);
}

static struct tscope_span
take(const uint8_t **at, size_t len)
{
    struct tscope_span number = tscope_span_of(*at, len);

    *at += len;
    return number;
}

/* BLOBHEADER, RSAPUBKEY, and then all numbers of fixed lengths, lowest byte first. */
static enum tscope_probe
probe_capi(const struct tscope_key_look *look, size_t magic)
{
    static const uint8_t header[] = {0x07, 0x02, 0x00, 0x00};
    const struct tscope_window *window = look->window;
    const uint8_t *at = window->bytes + magic;
    struct tscope_key_candidate candidate = {.form = "capi", .component = "private key", .layout = "le"};
    struct tscope_private_numbers *numbers = &candidate.numbers;
    tscope_key_finder *finder = look->finder;
    uint32_t bits = little(at + 4);
    size_t len = bits / 8, half = bits / 16, total = 12 + 2 * len + 5 * half;

    if (magic < CAPI_HEADER || memcmp(at - CAPI_HEADER, header, sizeof(header)) != 0 || bits < BITS_MIN || bits > BITS_MAX || bits % 16)
        return TSCOPE_PROBE_NOTHING;
    if (window->len - magic < total)
        return tscope_window_ends(window, magic);
    numbers->open.type = TSCOPE_KEY_RSA;
    at += 8;
    numbers->open.e = take_reversed(finder, &at, 4);
    numbers->open.n = take_reversed(finder, &at, len);
    numbers->p = take_reversed(finder, &at, half);
    numbers->q = take_reversed(finder, &at, half);
    numbers->dp = take_reversed(finder, &at, half);
    numbers->dq = take_reversed(finder, &at, half);
    numbers->qi = take_reversed(finder, &at, half);
    numbers->d = take_reversed(finder, &at, len);
    return tscope_key_take(look, &candidate, magic - CAPI_HEADER, magic + total, TSCOPE_FIND_ENCODING_ASCII);
}

/* Six lengths, then e, n, p, q and, of RSA3, dp, dq, qi and d, highest byte first. The header of RSA2 says the same without these. */
static enum tscope_probe
probe_cng_rsa(const struct tscope_key_look *look, size_t magic, bool is_full)
{
    const struct tscope_window *window = look->window;
    const uint8_t *at = window->bytes + magic;
    struct tscope_key_candidate candidate = {.form = "cng", .component = "private key", .layout = "be"};
    struct tscope_private_numbers *numbers = &candidate.numbers;
    uint32_t bits = little(at + 4), e_len = little(at + 8), n_len = little(at + 12), p_len = little(at + 16), q_len = little(at + 20);
    size_t total;

    if (bits < BITS_MIN || bits > BITS_MAX || e_len < 1 || e_len > 8 || n_len != (bits + 7) / 8 || p_len < 1 || q_len < 1 ||
        p_len > n_len || q_len > n_len)
        return TSCOPE_PROBE_NOTHING;
    total = 24 + e_len + n_len + p_len + q_len + (is_full ? 2 * p_len + q_len + n_len : 0);
    if (window->len - magic < total)
        return tscope_window_ends(window, magic);
    numbers->open.type = TSCOPE_KEY_RSA;
    at += 24;
    numbers->open.e = take(&at, e_len);
    numbers->open.n = take(&at, n_len);
    numbers->p = take(&at, p_len);
    numbers->q = take(&at, q_len);
    if (is_full) {
        numbers->dp = take(&at, p_len);
        numbers->dq = take(&at, q_len);
        numbers->qi = take(&at, p_len);
        numbers->d = take(&at, n_len);
    }
    return tscope_key_take(look, &candidate, magic, magic + total, TSCOPE_FIND_ENCODING_ASCII);
}

enum tscope_probe
tscope_key_probe_rsa_blob(const struct tscope_key_look *look, size_t at)
{
    const struct tscope_window *window = look->window;
    size_t magic = at - MAGIC_BEFORE;
    enum tscope_probe answer;

    if (at < MAGIC_BEFORE || window->bytes[magic] != 'R')
        return TSCOPE_PROBE_NOTHING;
    if (window->len - magic < 24)
        return tscope_window_ends(window, magic);
    answer = probe_cng_rsa(look, magic, window->bytes[at + 2] == '3');
    return answer == TSCOPE_PROBE_NOTHING && window->bytes[at + 2] == '2' ? probe_capi(look, magic) : answer;
}

/* Curves by what the magic says, or for ECDV and ECKV by the length of the key. */
static size_t
list_curves(uint8_t version, uint32_t width, enum tscope_curve *curves)
{
    size_t len = 0;

    if (width == 32 && (version == '2' || version == 'V'))
        curves[len++] = TSCOPE_CURVE_P256;
    if (width == 32 && version == 'V')
        curves[len++] = TSCOPE_CURVE_SECP256K1;
    if (width == 48 && (version == '4' || version == 'V'))
        curves[len++] = TSCOPE_CURVE_P384;
    if (width == 66 && (version == '6' || version == 'V'))
        curves[len++] = TSCOPE_CURVE_P521;
    return len;
}

/* The length of a number, then X, Y and d. Odd versions are public keys. */
enum tscope_probe
tscope_key_probe_ec_blob(const struct tscope_key_look *look, size_t at)
{
    const struct tscope_window *window = look->window;
    bool is_generic = window->bytes[at] == 'C'; /* the anchor of ECDV is its second letter */
    size_t magic = is_generic ? at - MAGIC_BEFORE : at;
    enum tscope_probe answer = TSCOPE_PROBE_NOTHING;
    enum tscope_curve curves[2];
    size_t curves_len;
    uint32_t width;

    if ((is_generic && at < MAGIC_BEFORE) || window->bytes[magic] != 'E')
        return TSCOPE_PROBE_NOTHING;
    if (window->len - magic < 8)
        return tscope_window_ends(window, magic);
    width = little(window->bytes + magic + 4);
    curves_len = list_curves(window->bytes[magic + 3], width, curves);
    if (curves_len && window->len - magic < 8 + 3 * (size_t)width)
        return tscope_window_ends(window, magic);
    for (size_t i = 0; i < curves_len && answer == TSCOPE_PROBE_NOTHING; i++) {
        const uint8_t *number = window->bytes + magic + 8;
        struct tscope_key_candidate candidate = {.form = "cng", .component = "private key", .layout = "be"};

        candidate.numbers.open.type = TSCOPE_KEY_EC;
        candidate.numbers.open.curve = curves[i];
        candidate.numbers.open.x = take(&number, width);
        candidate.numbers.open.y = take(&number, width);
        candidate.numbers.d = take(&number, width);
        answer = tscope_key_take(look, &candidate, magic, magic + 8 + 3 * (size_t)width, TSCOPE_FIND_ENCODING_ASCII);
    }
    return answer;
}

/* Behind version and provider: master key, flags, and parts of which each has its length in front, two of them behind an algorithm. */
size_t
tscope_key_dpapi_len(struct tscope_span bytes)
{
    static const uint8_t start[] = {0x01, 0x00, 0x00, 0x00, 0xd0, 0x8c, 0x9d, 0xdf, 0x01, 0x15,
                                    0xd1, 0x11, 0x8c, 0x7a, 0x00, 0xc0, 0x4f, 0xc2, 0x97, 0xeb};
    /* description; algorithm, bits and salt; key of an HMAC; algorithm, bits and another key; data; signature */
    static const uint8_t skips[] = {0, 8, 0, 8, 0, 0};
    size_t at = sizeof(start) + 4 + 16 + 4;

    if (bytes.len < sizeof(start) || memcmp(bytes.data, start, sizeof(start)) != 0)
        return 0;
    for (size_t i = 0; i < TSCOPE_COUNT(skips); i++) {
        uint32_t len;

        at += skips[i];
        if (bytes.len < at + 4)
            return 0;
        len = little(bytes.data + at);
        at += 4;
        if (len > DPAPI_PART_MAX || len > bytes.len - at)
            return 0;
        at += len;
    }
    return at;
}

enum tscope_probe
tscope_key_probe_dpapi(const struct tscope_key_look *look, size_t at)
{
    const struct tscope_window *window = look->window;
    const struct tscope_key_candidate candidate = {.form = "dpapi", .component = "protected data", .layout = "dpapi", .is_closed = true};
    size_t begin = at - 4, len;
    struct tscope_span rest;

    if (at < 4)
        return TSCOPE_PROBE_NOTHING;
    rest = tscope_span_of(window->bytes + begin, window->len - begin);
    if (rest.len > TSCOPE_WINDOW_AHEAD)
        rest.len = TSCOPE_WINDOW_AHEAD;
    len = tscope_key_dpapi_len(rest);
    if (!len)
        return tscope_window_ends(window, at);
    return tscope_key_take(look, &candidate, begin, begin + len, TSCOPE_FIND_ENCODING_ASCII);
}
