/* SPDX-License-Identifier: Apache-2.0 */
#include "token/signature_presence.h"

#include "core/alloc.h"
#include "token/mask.h"

#define WHOLE_LEN_MIN 32 /* bytes of the shortest signature that there is */
#define SHORTEST_RSA 128 /* of 1024 bits */

static bool
is_mask(const struct tscope_part *part)
{
    if (tscope_mask_is_run(part->form))
        return true;
    return !(part->clean && part->decoded.len >= WHOLE_LEN_MIN) && tscope_mask_has_mark(part->form);
}

/* Bytes of the shortest signature of an algorithm (RFC 7518 sections 3.2 to 3.5, RFC 8037, RFC 8812); 0: not known. */
static size_t
shortest_len(struct tscope_span alg)
{
    static const struct {
        const char *alg;
        size_t len;
    } shortest[] = {
        /* the usual ones first */
        {"RS256", SHORTEST_RSA}, {"ES256", 64},           {"PS256", SHORTEST_RSA}, {"EdDSA", 64},           {"HS256", 32},   {"HS384", 48},
        {"HS512", 64},           {"ES384", 96},           {"ES512", 132},          {"ES256K", 64},          {"Ed25519", 64}, {"Ed448", 114},
        {"RS384", SHORTEST_RSA}, {"RS512", SHORTEST_RSA}, {"PS384", SHORTEST_RSA}, {"PS512", SHORTEST_RSA},
    };

    for (size_t i = 0; i < TSCOPE_COUNT(shortest); i++) {
        if (tscope_span_is(alg, shortest[i].alg))
            return shortest[i].len;
    }
    return 0;
}

bool
tscope_signature_is_known(struct tscope_span alg)
{
    return shortest_len(alg) > 0;
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

size_t
tscope_signature_usual_below(struct tscope_span alg, size_t len)
{
    static const size_t moduli[] = {512, 384, 256};
    size_t due = shortest_len(alg);

    for (size_t i = 0; due == SHORTEST_RSA && i < TSCOPE_COUNT(moduli); i++) {
        if (moduli[i] < len)
            return moduli[i];
    }
    return due != SHORTEST_RSA && due < len ? due : 0;
}

bool
tscope_signature_is_any_len(size_t len)
{
    return len > 0 && (len % 32 == 0 || len == 48 || len == 114 || len == 132);
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
