/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/key.h"

static const char *
text_of(struct tscope_span text)
{
    return (const char *)text.data;
}

const char *
tscope_key_kid(const tscope_key *key)
{
    return text_of(key->kid);
}

const char *
tscope_key_type(const tscope_key *key)
{
    switch (key->numbers.type) {
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
    return "?";
}

const char *
tscope_key_thumbprint(const tscope_key *key)
{
    return key->thumbprint_text[0] ? key->thumbprint_text : NULL;
}

const char *
tscope_key_source(const tscope_key *key)
{
    return text_of(key->source);
}

const char *
tscope_key_family(const tscope_key *key)
{
    return key->history ? text_of(key->history->keys[key->history_key].family) : NULL;
}

/* What the whole gate said, once it was asked; until then the cheap part of it. */
const char *
tscope_key_unusable(const tscope_key *key)
{
    int gate = atomic_load_explicit(&key->gate, memory_order_acquire);
    enum tscope_key_flaw flaw = key->flaw;

    if (flaw == TSCOPE_KEY_FLAW_NONE && gate > 0)
        flaw = (enum tscope_key_flaw)(gate - 1);
    return flaw == TSCOPE_KEY_FLAW_NONE ? NULL : tscope_key_flaw_text(flaw);
}

static size_t
count_bits(struct tscope_span number)
{
    size_t bits;

    while (number.len > 0 && number.data[0] == 0) {
        number.data++;
        number.len--;
    }
    if (number.len == 0)
        return 0;
    bits = number.len * 8;
    for (uint8_t top = number.data[0]; !(top & 0x80); top = (uint8_t)(top << 1))
        bits--;
    return bits;
}

static size_t
curve_bits(enum tscope_curve curve)
{
    switch (curve) {
    case TSCOPE_CURVE_P256:
    case TSCOPE_CURVE_SECP256K1:
        return 256;
    case TSCOPE_CURVE_P384:
        return 384;
    case TSCOPE_CURVE_P521:
        return 521;
    case TSCOPE_CURVE_ED25519:
    case TSCOPE_CURVE_X25519:
        return 255;
    case TSCOPE_CURVE_ED448:
    case TSCOPE_CURVE_X448:
        return 448;
    case TSCOPE_CURVE_NONE:
        break;
    }
    return 0;
}

size_t
tscope_key_bits(const tscope_key *key)
{
    switch (key->numbers.type) {
    case TSCOPE_KEY_RSA:
        return count_bits(key->numbers.n);
    case TSCOPE_KEY_OCT:
        return key->numbers.k.len * 8;
    case TSCOPE_KEY_EC:
    case TSCOPE_KEY_OKP:
        return curve_bits(key->numbers.curve);
    case TSCOPE_KEY_UNKNOWN:
        break;
    }
    return 0;
}
