/* SPDX-License-Identifier: Apache-2.0 */
#include "token/signature_presence.h"

#include "core/alloc.h"
#include "core/text.h"

#define WHOLE_LEN_MIN 32   /* bytes of the shortest signature that there is */
#define SHORTEST_RSA 128   /* of 1024 bits */
#define MASK_LEN_MAX 64    /* a mask in words is a short one; in longer text the words may be there by chance */
#define MASKED_TAIL_MIN 16 /* the same character so often at the end is none of a signature's */

static bool
contains(struct tscope_span text, struct tscope_span needle)
{
    return tscope_text_find(text, needle) != SIZE_MAX;
}

/* Length of the run of one character that the text ends with. */
static size_t
tail_len(struct tscope_span text)
{
    size_t len = 1;

    while (len < text.len && text.data[text.len - 1 - len] == text.data[text.len - 1])
        len++;
    return len;
}

/* Six letters at least: of shorter words one signature in ten thousand holds one. */
static bool
contains_mask_word(struct tscope_span text)
{
    static const char *const words[] = {
        "redacted", "removed",  "masked",  "sanitized", "sanitised", "hidden",      "stripped",  "omitted",
        "filtered", "scrubbed", "deleted", "truncated", "censored",  "placeholder", "signature",
    };

    for (size_t i = 0; i < TSCOPE_COUNT(words); i++) {
        struct tscope_span word = tscope_span_text(words[i]);

        for (size_t at = 0; at + word.len <= text.len; at++) {
            if (tscope_text_equal_fold(tscope_span_of(text.data + at, word.len), word))
                return true;
        }
    }
    return false;
}

static bool
is_mask(const struct tscope_part *part)
{
    const struct tscope_span ellipsis = TSCOPE_SPAN("\xe2\x80\xa6"), bullet = TSCOPE_SPAN("\xe2\x80\xa2");
    struct tscope_span text = part->form;
    size_t tail = tail_len(text);

    /* zeros behind something else may be half of an ECDSA signature, which is an attack of its own */
    if (tail == text.len ? tail >= 3 : tail >= MASKED_TAIL_MIN && text.data[text.len - 1] != 'A')
        return true;
    if (part->clean && part->decoded.len >= WHOLE_LEN_MIN)
        return false;
    if (memchr(text.data, '*', text.len) || contains(text, TSCOPE_SPAN("...")) || contains(text, ellipsis) || contains(text, bullet))
        return true;
    return text.len <= MASK_LEN_MAX && contains_mask_word(text);
}

/* Bytes of the shortest signature of an algorithm (RFC 7518 sections 3.2 to 3.5, RFC 8037, RFC 8812); 0: not known. */
static size_t
shortest_len(struct tscope_span alg)
{
    static const struct {
        const char *alg;
        size_t len;
    } shortest[] = {
        {"HS256", 32},           {"HS384", 48},           {"HS512", 64},           {"ES256", 64},
        {"ES384", 96},           {"ES512", 132},          {"ES256K", 64},          {"EdDSA", 64},
        {"Ed25519", 64},         {"Ed448", 114},          {"RS256", SHORTEST_RSA}, {"RS384", SHORTEST_RSA},
        {"RS512", SHORTEST_RSA}, {"PS256", SHORTEST_RSA}, {"PS384", SHORTEST_RSA}, {"PS512", SHORTEST_RSA},
    };

    for (size_t i = 0; i < TSCOPE_COUNT(shortest); i++) {
        if (tscope_span_is(alg, shortest[i].alg))
            return shortest[i].len;
    }
    return 0;
}

bool
tscope_signature_may_have_len(struct tscope_span alg, size_t len)
{
    static const size_t moduli[] = {128, 192, 256, 384, 512, 1024};
    size_t due = shortest_len(alg);

    for (size_t i = 0; due == SHORTEST_RSA && i < TSCOPE_COUNT(moduli); i++) {
        if (len == moduli[i])
            return true;
    }
    return due > 0 && due != SHORTEST_RSA && (len == due || (tscope_span_is(alg, "EdDSA") && len == 114));
}

/* RSA keys that nobody should use any more made whole signatures all the same. */
static bool
is_of_small_modulus(const struct tscope_part *part)
{
    return part->clean && (part->decoded.len == 64 || part->decoded.len == 96);
}

/* The field that held the token ended inside the signature. */
static bool
is_cut(const struct tscope_token_signature *signature)
{
    const struct tscope_value *alg = signature->slots[TSCOPE_HEADER_ALG];
    const struct tscope_part *part = &signature->signature;
    size_t due;

    if (!alg || alg->type != TSCOPE_JSON_STRING || alg->len < 2 || alg->flags & (TSCOPE_VALUE_ESCAPED | TSCOPE_VALUE_OPEN))
        return false;
    due = shortest_len(tscope_span_of(signature->header.text + alg->start + 1, alg->len - 2));
    return part->decoded.len < due && !(due == SHORTEST_RSA && is_of_small_modulus(part));
}

enum tscope_signature_presence
tscope_signature_presence_of(const struct tscope_token_signature *signature)
{
    struct tscope_span text = signature->signature.form;

    if (!text.data)
        return TSCOPE_SIGNATURE_ABSENT;
    if (text.len == 0)
        return TSCOPE_SIGNATURE_EMPTY;
    if (is_mask(&signature->signature))
        return TSCOPE_SIGNATURE_MASKED;
    return is_cut(signature) ? TSCOPE_SIGNATURE_CUT : TSCOPE_SIGNATURE_PRESENT;
}
