/* SPDX-License-Identifier: Apache-2.0 */
#include "core/alloc.h"
#include "core/der.h"
#include "core/error.h"
#include "core/text.h"
#include "keys/der_key.h"
#include "keys/pem.h"
#include "keys/ring.h"

/* Keeps what a DER key points into, then adds it. */
static enum tscope_status
append_der(struct tscope_ring_input *input, struct tscope_span der, size_t offset)
{
    struct tscope_span copy = tscope_arena_copy(&input->keyring->arena, der);
    struct tscope_der_key read;
    tscope_key key = {0};

    if (!copy.data)
        return tscope_error_no_memory(input->err);
    if (!tscope_der_key_read(copy, &read))
        return tscope_error_set(input->err, TSCOPE_ERR_DATA, offset, "%s: DER of no key or certificate",
                                tscope_ring_name(input->source).text);
    key.numbers = read.numbers;
    key.certificate_der = read.certificate;
    key.has_private = read.has_private;
    key.flaw = tscope_key_numbers_check(&key.numbers);
    return tscope_ring_append(input, &key, offset);
}

/* Made for the private number alone: RFC 5915 and RFC 8410 leave the point out, or compressed, as they like. */
struct found_point {
    uint8_t x[66], y[66];
};

static void
find_point(tscope_keyring *keyring, const struct tscope_private_numbers *secret, struct found_point *point,
           struct tscope_key_numbers *numbers)
{
    size_t width = tscope_curve_width(numbers->curve);
    bool is_whole = numbers->x.data && (numbers->y.data || numbers->type == TSCOPE_KEY_OKP);

    if ((numbers->type != TSCOPE_KEY_EC && numbers->type != TSCOPE_KEY_OKP) || is_whole || !secret->d.data)
        return;
    if (!tscope_private_find_point(keyring->crypto, numbers->curve, secret->d, point->x, point->y))
        return;
    numbers->x = tscope_span_of(point->x, width);
    if (numbers->type == TSCOPE_KEY_EC)
        numbers->y = tscope_span_of(point->y, width);
}

/* Not the whole of it is kept, as of other DER: the public numbers, and the private ones where they can be wiped. */
static enum tscope_status
append_private(struct tscope_ring_input *input, const struct tscope_der_key *read, size_t offset)
{
    tscope_key key = {.has_private = true, .numbers = read->numbers};
    struct tscope_span *numbers[] = {&key.numbers.n, &key.numbers.e, &key.numbers.x, &key.numbers.y};
    struct found_point point;

    find_point(input->keyring, &read->secret, &point, &key.numbers);
    for (size_t i = 0; i < TSCOPE_COUNT(numbers); i++) {
        enum tscope_status status = tscope_ring_keep(input->keyring, *numbers[i], numbers[i], input->err);

        if (status != TSCOPE_OK)
            return status;
    }
    if (!tscope_key_secret_keep(&input->keyring->arena, &read->secret, &key.secret))
        return tscope_error_no_memory(input->err);
    key.flaw = tscope_key_numbers_check(&key.numbers);
    return tscope_ring_append(input, &key, offset);
}

static enum tscope_status
append_any_der(struct tscope_ring_input *input, struct tscope_span der, size_t offset)
{
    struct tscope_der_key read;

    if (tscope_der_key_read(der, &read) && read.has_private)
        return append_private(input, &read, offset);
    return append_der(input, der, offset);
}

static enum tscope_status
append_damaged(struct tscope_ring_input *input, enum tscope_key_flaw flaw, bool has_private, size_t offset)
{
    tscope_key key = {.flaw = flaw, .has_private = has_private};

    return tscope_ring_append(input, &key, offset);
}

/* Labels of RFC 7468 and of OpenSSL. What is no key (parameters, requests, revocation lists) is passed over. */
static bool
is_key_label(struct tscope_span label)
{
    return tscope_text_ends_with(label, TSCOPE_SPAN("PUBLIC KEY")) || tscope_text_ends_with(label, TSCOPE_SPAN("PRIVATE KEY"));
}

static bool
is_certificate_label(struct tscope_span label)
{
    return tscope_span_is(label, "CERTIFICATE") || tscope_span_is(label, "X509 CERTIFICATE") ||
           tscope_span_is(label, "TRUSTED CERTIFICATE");
}

static enum tscope_status
add_block(struct tscope_ring_input *input, const struct tscope_pem_block *block)
{
    bool is_certificate = is_certificate_label(block->label);
    bool is_private = tscope_text_ends_with(block->label, TSCOPE_SPAN("PRIVATE KEY"));
    struct tscope_der_key read;
    enum tscope_status status;
    uint8_t *bytes;
    size_t len = 0;

    if (!is_certificate && !is_key_label(block->label))
        return TSCOPE_OK;
    bytes = tscope_alloc(block->body.len);
    if (!bytes)
        return tscope_error_no_memory(input->err);
    if (!tscope_pem_decode(block, bytes, &len) || !tscope_der_key_read(tscope_span_of(bytes, len), &read) ||
        is_certificate != (read.certificate.data != NULL))
        status = append_damaged(input, is_certificate ? TSCOPE_KEY_FLAW_CERTIFICATE : TSCOPE_KEY_FLAW_MEMBER, is_private, block->offset);
    else
        status = append_any_der(input, tscope_span_of(bytes, len), block->offset);
    tscope_wipe(bytes, block->body.len);
    tscope_free(bytes);
    return status;
}

static enum tscope_status
add_pem(struct tscope_ring_input *input)
{
    struct tscope_pem_block block;
    size_t offset = 0;

    while (tscope_pem_next(input->text, &offset, &block)) {
        enum tscope_status status = add_block(input, &block);

        if (status != TSCOPE_OK)
            return status;
    }
    return TSCOPE_OK;
}

/* One SEQUENCE over all of the text. */
static bool
is_der(struct tscope_span text)
{
    struct tscope_der reader = {text};
    struct tscope_der_item item;

    return text.len > 2 && tscope_der_take(&reader, TSCOPE_DER_SEQUENCE, &item) && tscope_der_at_end(&reader);
}

static bool
begins_like_json(struct tscope_span text)
{
    static const struct tscope_span bom = {(const uint8_t *)"\xef\xbb\xbf", 3};

    if (tscope_text_starts_with(text, bom))
        text = tscope_span_of(text.data + bom.len, text.len - bom.len);
    text = tscope_text_trim(text);
    return text.len > 0 && (text.data[0] == '{' || text.data[0] == '[' || text.data[0] == '"');
}

enum tscope_status
tscope_keyset_add(struct tscope_ring_input *input)
{
    if (is_der(input->text))
        return append_any_der(input, input->text, 0);
    if (!begins_like_json(input->text) && tscope_pem_is(input->text))
        return add_pem(input);
    return tscope_keyset_add_json(input);
}
