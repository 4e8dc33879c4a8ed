/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/cjose_gate.h"

#include "core/base64url.h"
#include "core/json.h"

/*
 * What cjose 0.6 is kept from: it reads past the end of a short HMAC signature and of a key of another type, unwraps an encrypted
 * key of any length into a buffer of the right one, takes GCM tags and ECDSA signatures of other lengths and base64 that is not
 * canonical, ignores "crit", "zip" and "b64", and of two equal members of a header sees the last.
 */

#define PARTS_MAX 5
#define TOKEN_MAX (1u << 20)

/* One question at the gate. */
struct gate {
    struct tscope_arena arena;
    bool no_memory;
};

struct parts {
    struct tscope_span decoded[PARTS_MAX];
    size_t len;
};

static const char *const signature_algs[] = {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512",
                                             "ES256", "ES384", "ES512", "HS256", "HS384", "HS512"};
/* RSA1_5 is not among them: versions of cjose answer it as a padding oracle, later ones refuse it. */
static const char *const key_algs[] = {"RSA-OAEP", "A128KW", "A192KW", "A256KW", "dir", "ECDH-ES"};
static const char *const unread_members[] = {"crit", "zip", "b64"};

static bool
is_listed(const char *name, const char *const *list, size_t list_len)
{
    for (size_t i = 0; i < list_len; i++) {
        if (strcmp(name, list[i]) == 0)
            return true;
    }
    return false;
}

static bool
decode(struct gate *gate, struct tscope_span text, struct tscope_span *ret_bytes)
{
    uint8_t *bytes = tscope_arena_alloc(&gate->arena, tscope_base64url_bound(text.len));
    size_t len;

    gate->no_memory |= !bytes;
    if (!bytes || !tscope_base64url_decode(text.data, text.len, bytes, &len))
        return false;
    *ret_bytes = tscope_span_of(bytes, len);
    return true;
}

/* Canonical base64url and nothing else in each part. */
static bool
split(struct gate *gate, struct tscope_span token, struct parts *parts)
{
    size_t start = 0;

    for (size_t i = 0; i <= token.len; i++) {
        if (i < token.len && token.data[i] != '.')
            continue;
        if (parts->len == PARTS_MAX || !decode(gate, tscope_span_of(token.data + start, i - start), &parts->decoded[parts->len++]))
            return false;
        start = i + 1;
    }
    return true;
}

static bool
is_canonical(struct gate *gate, const struct tscope_json *json, const struct tscope_value *value, size_t wanted_len)
{
    struct tscope_span text = tscope_json_string(json, value, &gate->arena), bytes;

    return text.data && decode(gate, text, &bytes) && (!wanted_len || bytes.len == wanted_len);
}

/* RFC 7518 section 4.6.1: of epk the members of a public EC key, of apu and apv base64url when they are there. */
static bool
agreement_is_plain(struct gate *gate, const struct tscope_json *json, const struct tscope_value *root, enum tscope_curve curve)
{
    const struct tscope_value *epk = tscope_json_member(json, root, "epk");
    const struct tscope_value *apu = tscope_json_member(json, root, "apu"), *apv = tscope_json_member(json, root, "apv");
    size_t width = tscope_curve_width(curve);

    if (!tscope_json_string_is(json, tscope_json_member(json, epk, "kty"), "EC") ||
        !tscope_json_string_is(json, tscope_json_member(json, epk, "crv"), tscope_curve_name(curve)) || tscope_json_member(json, epk, "d"))
        return false;
    if (!is_canonical(gate, json, tscope_json_member(json, epk, "x"), width) ||
        !is_canonical(gate, json, tscope_json_member(json, epk, "y"), width))
        return false;
    return (!apu || is_canonical(gate, json, apu, 0)) && (!apv || is_canonical(gate, json, apv, 0));
}

/* JSON of which every reader has the same idea, and in which nothing stands that cjose would leave unread. */
static bool
header_is_plain(struct gate *gate, struct tscope_span text, const char *alg, const char *enc, enum tscope_curve agreement)
{
    struct tscope_json json;
    const struct tscope_value *root;
    enum tscope_status status = tscope_json_read(&json, &gate->arena, text.data, text.len, TSCOPE_JSON_LIMITS_TOKEN, NULL);

    gate->no_memory |= status == TSCOPE_ERR_NO_MEMORY;
    if (status != TSCOPE_OK || !json.strict || json.flaws_total)
        return false;
    root = tscope_json_root(&json);
    for (size_t i = 0; i < TSCOPE_COUNT(unread_members); i++) {
        if (tscope_json_member(&json, root, unread_members[i]))
            return false;
    }
    if (!tscope_json_string_is(&json, tscope_json_member(&json, root, "alg"), alg))
        return false;
    if (enc && !tscope_json_string_is(&json, tscope_json_member(&json, root, "enc"), enc))
        return false;
    return agreement == TSCOPE_CURVE_NONE || agreement_is_plain(gate, &json, root, agreement);
}

static bool
pass_jws(struct gate *gate, const struct tscope_key_numbers *numbers, const struct tscope_alg *alg, struct tscope_span token)
{
    struct parts parts = {0};

    if (!split(gate, token, &parts) || parts.len != 3)
        return false;
    if (parts.decoded[2].len != tscope_key_numbers_signature_len(numbers, alg))
        return false;
    return header_is_plain(gate, parts.decoded[0], alg->name, NULL, TSCOPE_CURVE_NONE);
}

bool
tscope_cjose_gate_jws(const struct tscope_key_numbers *numbers, const struct tscope_alg *alg, struct tscope_span token, bool *ret_no_memory)
{
    struct gate gate = {0};
    bool passed;

    *ret_no_memory = false;
    if (!is_listed(alg->name, signature_algs, TSCOPE_COUNT(signature_algs)) || token.len > TOKEN_MAX)
        return false;
    if (tscope_key_numbers_check(numbers) != TSCOPE_KEY_FLAW_NONE || !tscope_key_numbers_fit(numbers, alg))
        return false;
    passed = pass_jws(&gate, numbers, alg, token);
    *ret_no_memory = gate.no_memory;
    tscope_arena_clear(&gate.arena);
    return passed;
}

static size_t
encrypted_key_len(const struct tscope_key_numbers *numbers, const struct tscope_jwe_alg *alg, const struct tscope_jwe_enc *enc)
{
    struct tscope_span modulus = numbers->n;

    if (alg->family == TSCOPE_JWE_AESKW)
        return enc->key_len + 8;
    if (alg->family == TSCOPE_JWE_DIR || alg->family == TSCOPE_JWE_ECDH)
        return 0;
    while (modulus.len && !modulus.data[0]) {
        modulus.data++;
        modulus.len--;
    }
    return modulus.len;
}

static bool
pass_jwe(struct gate *gate, const struct tscope_key_numbers *numbers, const struct tscope_jwe_alg *alg, const struct tscope_jwe_enc *enc,
         struct tscope_span token)
{
    struct parts parts = {0};
    enum tscope_curve agreement = alg->family == TSCOPE_JWE_ECDH ? numbers->curve : TSCOPE_CURVE_NONE;

    if (!split(gate, token, &parts) || parts.len != 5)
        return false;
    if (parts.decoded[1].len != encrypted_key_len(numbers, alg, enc) || parts.decoded[2].len != enc->iv_len ||
        parts.decoded[4].len != enc->tag_len || !parts.decoded[3].len)
        return false;
    if (enc->digest != TSCOPE_DIGEST_NONE && parts.decoded[3].len % 16)
        return false;
    return header_is_plain(gate, parts.decoded[0], alg->name, enc->name, agreement);
}

bool
tscope_cjose_gate_jwe(const struct tscope_private_numbers *numbers, const struct tscope_jwe_alg *alg, const struct tscope_jwe_enc *enc,
                      struct tscope_span token, bool *ret_no_memory)
{
    struct gate gate = {0};
    bool passed;

    *ret_no_memory = false;
    if (!is_listed(alg->name, key_algs, TSCOPE_COUNT(key_algs)) || token.len > TOKEN_MAX)
        return false;
    if (tscope_key_numbers_check(&numbers->open) != TSCOPE_KEY_FLAW_NONE || !tscope_key_numbers_fit_jwe(&numbers->open, alg, enc))
        return false;
    if (numbers->open.type == TSCOPE_KEY_OKP || (numbers->open.type != TSCOPE_KEY_OCT && !numbers->d.len))
        return false;
    passed = pass_jwe(&gate, &numbers->open, alg, enc, token);
    *ret_no_memory = gate.no_memory;
    tscope_arena_clear(&gate.arena);
    return passed;
}
