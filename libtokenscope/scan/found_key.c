/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/found_key.h"

#include "core/error.h"
#include "core/json_writer.h"
#include "crypto/rsa_parts.h"
#include "keys/jwk.h"
#include "keys/keyring.h"

#define NUMBERS 12
#define SECRET_MIN 8 /* bytes: shorter ones are words, not keys */
#define POINT_MAX 66

enum state { STATE_PROVEN, STATE_READ, STATE_RECOGNISED, STATE_PUBLISHED };

struct tscope_found_key {
    const char *form, *component, *layout;
    enum state state;
    tscope_crypto *crypto;
    const tscope_keyring *known; /* borrowed */
    struct tscope_private_numbers numbers;
    uint8_t thumbprint[32];
    char thumbprint_text[44]; /* "" when there is none */
    size_t size;              /* bytes of all of it */
    uint8_t room[];
};

static struct tscope_span *
number_of(struct tscope_private_numbers *numbers, size_t i)
{
    struct tscope_span *const all[NUMBERS] = {&numbers->open.n, &numbers->open.e, &numbers->open.x, &numbers->open.y,
                                              &numbers->open.k, &numbers->d,      &numbers->p,      &numbers->q,
                                              &numbers->dp,     &numbers->dq,     &numbers->qi,     NULL};

    return all[i];
}

static tscope_found_key *
make(const struct tscope_key_prover *prover, const struct tscope_key_candidate *candidate, const struct tscope_private_numbers *numbers,
     enum state state)
{
    struct tscope_private_numbers from = *numbers;
    size_t len = 0;
    tscope_found_key *key;
    uint8_t *at;

    for (size_t i = 0; number_of(&from, i); i++)
        len += number_of(&from, i)->len;
    key = tscope_alloc_zeroed(1, sizeof(*key) + len);
    if (!key)
        return NULL;
    key->size = sizeof(*key) + len;
    key->form = candidate->form;
    key->component = candidate->component;
    key->layout = candidate->layout;
    key->state = state;
    key->crypto = tscope_crypto_ref(prover->crypto);
    key->known = prover->known;
    key->numbers = from;
    at = key->room;
    for (size_t i = 0; number_of(&from, i); i++) {
        struct tscope_span number = *number_of(&from, i);

        if (number.len)
            memcpy(at, number.data, number.len);
        *number_of(&key->numbers, i) = tscope_span_of(number.data ? at : NULL, number.len);
        at += number.len;
    }
    return key;
}

/* Of a secret there is none: whoever has its digest can try words against it. */
static enum tscope_status
find_thumbprint(tscope_found_key *key, struct tscope_error *err)
{
    struct tscope_buffer canonical = {0}, text = {0};
    struct tscope_span bytes;
    enum tscope_status status = TSCOPE_OK;

    if (key->numbers.open.type == TSCOPE_KEY_OCT || key->numbers.open.type == TSCOPE_KEY_UNKNOWN)
        return TSCOPE_OK;
    if (tscope_jwk_canonical(&key->numbers.open, &canonical) && !canonical.failed) {
        bytes = tscope_span_of(canonical.data, canonical.len);
        status = tscope_crypto_digest(key->crypto, TSCOPE_DIGEST_SHA256, &bytes, 1, key->thumbprint, err);
        if (status == TSCOPE_OK)
            tscope_base64url_encode(&text, key->thumbprint, sizeof(key->thumbprint));
    }
    if (status == TSCOPE_OK && (canonical.failed || text.failed))
        status = tscope_error_no_memory(err);
    if (status == TSCOPE_OK && text.len < sizeof(key->thumbprint_text))
        memcpy(key->thumbprint_text, text.data, text.len);
    tscope_buffer_clear(&canonical);
    tscope_buffer_clear(&text);
    return status;
}

/* The whole gate: its public part, and a round trip or a product with the base point. */
static enum tscope_status
passes_gate(const struct tscope_key_prover *prover, const struct tscope_private_numbers *numbers, bool *ret_passes,
            struct tscope_error *err)
{
    TSCOPE_AUTO(tscope_private) *private = NULL;
    enum tscope_key_flaw flaw;
    enum tscope_status status = tscope_private_new(prover->crypto, numbers, &private, &flaw, err);

    *ret_passes = status == TSCOPE_OK && private;
    return status;
}

#define EXPONENT_BYTES_MAX 4 /* that leave no doubt of what d makes of them */

bool
tscope_found_key_takes_power(const struct tscope_key_candidate *candidate)
{
    const struct tscope_private_numbers *numbers = &candidate->numbers;
    struct tscope_span e = numbers->open.e;

    while (e.len && e.data[0] == 0)
        e = tscope_span_of(e.data + 1, e.len - 1);
    return numbers->open.type == TSCOPE_KEY_RSA && !numbers->p.len && !numbers->q.len && e.len > EXPONENT_BYTES_MAX;
}

/* All numbers out of those at hand. */
static enum tscope_status
fill_parts(const struct tscope_key_candidate *candidate, struct tscope_rsa_parts *parts, bool *ret_holds, struct tscope_error *err)
{
    const struct tscope_private_numbers *numbers = &candidate->numbers;

    if (numbers->p.len || numbers->q.len || tscope_found_key_takes_power(candidate))
        return tscope_rsa_parts_fill(numbers, parts, ret_holds, err);
    return tscope_rsa_parts_of_exponent(numbers->open.n, numbers->open.e, numbers->d, parts, ret_holds, err);
}

/* All numbers are held against each other first: that alone refuses nearly all look-alikes, and at once. */
static enum tscope_status
prove_rsa(const struct tscope_key_prover *prover, const struct tscope_key_candidate *candidate, tscope_found_key **ret_key,
          struct tscope_error *err)
{
    struct tscope_private_numbers numbers = candidate->numbers;
    struct tscope_rsa_parts parts = {.room = NULL};
    enum tscope_status status = TSCOPE_OK;
    bool holds = tscope_key_numbers_check(&numbers.open) == TSCOPE_KEY_FLAW_NONE;

    if (holds) {
        status = fill_parts(candidate, &parts, &holds, err);
        numbers = parts.numbers;
    }
    if (status == TSCOPE_OK && holds && !candidate->is_number_proven)
        status = passes_gate(prover, &numbers, &holds, err);
    if (status == TSCOPE_OK && holds) {
        *ret_key = make(prover, candidate, &numbers, STATE_PROVEN);
        status = *ret_key ? TSCOPE_OK : tscope_error_no_memory(err);
    }
    tscope_rsa_parts_clear(&parts);
    return status;
}

static bool
is_known(const tscope_found_key *key)
{
    uint32_t cursor = 0;

    return key->known && key->thumbprint_text[0] && tscope_keyring_next_by_thumbprint(key->known, key->thumbprint, &cursor);
}

/*
 * Of a number that nothing proves, whether it was drawn at random: programs that write keys hold the bytes in front of them, with anything
 * behind. Of random numbers one in a hundred thousand fails.
 */
static bool
looks_random(struct tscope_span d)
{
    bool seen[256] = {false};
    size_t different = 0, printable = 0, zeros = 0;

    for (size_t i = 0; i < d.len; i++) {
        different += !seen[d.data[i]];
        seen[d.data[i]] = true;
        printable += d.data[i] >= ' ' && d.data[i] < 0x7f;
        zeros += d.data[i] == 0;
    }
    return different * 8 >= d.len * 5 && printable * 4 <= d.len * 3 && zeros <= 4;
}

/*
 * Some forms leave the public half out (RFC 5915 section 3, RFC 8410 section 7), and any number is a private one: then it is made, and
 * proves itself only against a key that is known.
 */
static enum tscope_status
prove_curve(const struct tscope_key_prover *prover, const struct tscope_key_candidate *candidate, tscope_found_key **ret_key,
            struct tscope_error *err)
{
    struct tscope_private_numbers numbers = candidate->numbers;
    size_t width = tscope_curve_width(numbers.open.curve);
    uint8_t x[POINT_MAX], y[POINT_MAX];
    bool has_public = numbers.open.x.len > 0, holds = width > 0 && numbers.d.len > 0;
    enum tscope_status status = TSCOPE_OK;

    if (holds && !has_public) {
        holds = tscope_private_find_point(prover->crypto, numbers.open.curve, numbers.d, x, y);
        numbers.open.x = tscope_span_of(x, width);
        if (numbers.open.type == TSCOPE_KEY_EC)
            numbers.open.y = tscope_span_of(y, width);
    }
    if (holds)
        status = passes_gate(prover, &numbers, &holds, err);
    if (status != TSCOPE_OK || !holds)
        return status;
    *ret_key = make(prover, candidate, &numbers, has_public ? STATE_PROVEN : STATE_READ);
    return *ret_key ? TSCOPE_OK : tscope_error_no_memory(err);
}

static enum tscope_status
prove_numbers(const struct tscope_key_prover *prover, const struct tscope_key_candidate *candidate, tscope_found_key **ret_key,
              struct tscope_error *err)
{
    switch (candidate->numbers.open.type) {
    case TSCOPE_KEY_RSA:
        return prove_rsa(prover, candidate, ret_key, err);
    case TSCOPE_KEY_EC:
    case TSCOPE_KEY_OKP:
        return prove_curve(prover, candidate, ret_key, err);
    case TSCOPE_KEY_OCT:
        if (candidate->numbers.open.k.len < SECRET_MIN)
            return TSCOPE_OK;
        *ret_key = make(prover, candidate, &candidate->numbers, STATE_READ);
        return *ret_key ? TSCOPE_OK : tscope_error_no_memory(err);
    case TSCOPE_KEY_UNKNOWN:
        break;
    }
    return TSCOPE_OK;
}

enum tscope_status
tscope_found_key_prove(const struct tscope_key_prover *prover, const struct tscope_key_candidate *candidate, tscope_found_key **ret_key,
                       struct tscope_error *err)
{
    TSCOPE_AUTO(tscope_found_key) *key = NULL;
    enum tscope_status status = TSCOPE_OK;

    *ret_key = NULL;
    if (candidate->is_closed || candidate->is_public) {
        key = make(prover, candidate, &candidate->numbers, candidate->is_public ? STATE_PUBLISHED : STATE_RECOGNISED);
        status = key ? TSCOPE_OK : tscope_error_no_memory(err);
    } else {
        status = prove_numbers(prover, candidate, &key, err);
    }
    if (status == TSCOPE_OK && key)
        status = find_thumbprint(key, err);
    if (status != TSCOPE_OK || !key)
        return status;
    if (key->state == STATE_READ && is_known(key))
        key->state = STATE_PROVEN;
    if (key->state == STATE_READ && key->numbers.d.len && !looks_random(key->numbers.d))
        return TSCOPE_OK;
    *ret_key = TSCOPE_STEAL(key);
    return TSCOPE_OK;
}

void
tscope_found_key_free(tscope_found_key *key)
{
    if (!key)
        return;
    tscope_crypto_free(key->crypto);
    tscope_wipe(key, key->size);
    tscope_free(key);
}

const char *
tscope_found_key_form(const tscope_found_key *key)
{
    return key->form;
}

const char *
tscope_found_key_component(const tscope_found_key *key)
{
    return key->component;
}

const char *
tscope_found_key_layout(const tscope_found_key *key)
{
    return key->layout;
}

const char *
tscope_found_key_state(const tscope_found_key *key)
{
    static const char *const names[] = {"proven", "read", "recognised", "published"};

    return names[key->state];
}

const char *
tscope_found_key_kty(const tscope_found_key *key)
{
    switch (key->numbers.open.type) {
    case TSCOPE_KEY_RSA:
        return "RSA";
    case TSCOPE_KEY_EC:
        return "EC";
    case TSCOPE_KEY_OKP:
        return "OKP";
    case TSCOPE_KEY_OCT:
        return "oct";
    case TSCOPE_KEY_UNKNOWN:
        break;
    }
    return NULL;
}

const char *
tscope_found_key_curve(const tscope_found_key *key)
{
    return key->numbers.open.curve == TSCOPE_CURVE_NONE ? NULL : tscope_curve_name(key->numbers.open.curve);
}

const char *
tscope_found_key_thumbprint(const tscope_found_key *key)
{
    return key->thumbprint_text[0] ? key->thumbprint_text : NULL;
}

size_t
tscope_found_key_bits(const tscope_found_key *key)
{
    struct tscope_span n = key->numbers.open.n;

    if (key->numbers.open.type == TSCOPE_KEY_OCT)
        return key->numbers.open.k.len * 8;
    if (key->numbers.open.type != TSCOPE_KEY_RSA)
        return tscope_curve_bits(key->numbers.open.curve);
    while (n.len && n.data[0] == 0)
        n = tscope_span_of(n.data + 1, n.len - 1);
    return n.len ? n.len * 8 - (size_t)(__builtin_clz(n.data[0]) - 24) : 0;
}

size_t
tscope_found_key_matches(const tscope_found_key *key, const tscope_key **keys, size_t keys_max)
{
    const tscope_key *match;
    uint32_t cursor = 0;
    size_t len = 0;

    if (!key->known || !key->thumbprint_text[0])
        return 0;
    while ((match = tscope_keyring_next_by_thumbprint(key->known, key->thumbprint, &cursor))) {
        if (len < keys_max)
            keys[len] = match;
        len++;
    }
    return len;
}

/* n and e with d alone: the rest is made for whoever wants it as a file. */
static enum tscope_status
reveal_pem(const tscope_found_key *key, struct tscope_buffer *buffer, struct tscope_error *err)
{
    TSCOPE_AUTO(tscope_private) *private = NULL;
    struct tscope_private_numbers numbers = key->numbers;
    struct tscope_rsa_parts parts = {.room = NULL};
    enum tscope_key_flaw flaw = TSCOPE_KEY_FLAW_NONE;
    enum tscope_status status = TSCOPE_OK;
    bool holds = true;

    if (numbers.open.type == TSCOPE_KEY_RSA && !numbers.p.len) {
        status = tscope_rsa_parts_fill(&key->numbers, &parts, &holds, err);
        numbers = parts.numbers;
    }
    if (status == TSCOPE_OK && holds)
        status = tscope_private_new(key->crypto, &numbers, &private, &flaw, err);
    tscope_rsa_parts_clear(&parts);
    if (status == TSCOPE_OK && !private)
        return tscope_error_set(err, TSCOPE_ERR_UNSUPPORTED, TSCOPE_OFFSET_NONE, "a key of this kind has no PEM form");
    return status == TSCOPE_OK ? tscope_private_export(private, buffer, err) : status;
}

static void
write_number(struct tscope_json_writer *writer, const char *name, struct tscope_span number, size_t width)
{
    uint8_t padded[POINT_MAX] = {0};

    while (number.len > 1 && number.len > width && number.data[0] == 0)
        number = tscope_span_of(number.data + 1, number.len - 1);
    if (!number.len)
        return;
    tscope_json_write_name(writer, name);
    if (width <= number.len || width > sizeof(padded)) {
        tscope_json_write_base64url(writer, number.data, number.len);
        return;
    }
    memcpy(padded + width - number.len, number.data, number.len);
    tscope_json_write_base64url(writer, padded, width);
    tscope_wipe(padded, sizeof(padded));
}

/* Numbers at the width of their field (RFC 7518 section 6.2), and of RSA without zeros in front (section 6.3). */
static void
reveal_jwk(const tscope_found_key *key, struct tscope_buffer *buffer)
{
    const struct tscope_private_numbers *numbers = &key->numbers;
    size_t width = tscope_curve_width(numbers->open.curve);
    struct tscope_json_writer writer;

    tscope_json_writer_init(&writer, buffer, false);
    tscope_json_write_object(&writer);
    tscope_json_write_named_text(&writer, "kty", tscope_found_key_kty(key));
    if (tscope_found_key_curve(key))
        tscope_json_write_named_text(&writer, "crv", tscope_found_key_curve(key));
    write_number(&writer, "n", numbers->open.n, 0);
    write_number(&writer, "e", numbers->open.e, 0);
    write_number(&writer, "x", numbers->open.x, width);
    write_number(&writer, "y", numbers->open.y, width);
    write_number(&writer, "k", numbers->open.k, numbers->open.k.len);
    write_number(&writer, "d", numbers->d, width);
    write_number(&writer, "p", numbers->p, 0);
    write_number(&writer, "q", numbers->q, 0);
    write_number(&writer, "dp", numbers->dp, 0);
    write_number(&writer, "dq", numbers->dq, 0);
    write_number(&writer, "qi", numbers->qi, 0);
    tscope_json_write_object_end(&writer);
}

enum tscope_status
tscope_found_key_reveal(const tscope_found_key *key, const char *format, char **ret_text, size_t *ret_len, struct tscope_error *err)
{
    bool is_jwk = strcmp(format, "jwk") == 0;
    struct tscope_buffer buffer = {0};
    enum tscope_status status = TSCOPE_OK;
    char *text;

    if (!is_jwk && strcmp(format, "pem") != 0)
        return tscope_error_set(err, TSCOPE_ERR_ARGUMENT, TSCOPE_OFFSET_NONE, "keys are revealed as 'jwk' or 'pem'");
    if (key->state != STATE_PROVEN && key->state != STATE_READ)
        return tscope_error_set(err, TSCOPE_ERR_UNSUPPORTED, TSCOPE_OFFSET_NONE, "the private key is not at hand");
    if (is_jwk)
        reveal_jwk(key, &buffer);
    else
        status = reveal_pem(key, &buffer, err);
    text = status == TSCOPE_OK ? tscope_buffer_steal(&buffer, ret_len) : NULL;
    if (text)
        *ret_text = text;
    else if (status == TSCOPE_OK)
        status = tscope_error_no_memory(err);
    if (buffer.data)
        tscope_wipe(buffer.data, buffer.len);
    tscope_buffer_clear(&buffer);
    return status;
}
