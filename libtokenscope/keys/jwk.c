/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/jwk.h"

#include "core/alloc.h"
#include "core/base64url.h"
#include "keys/der_key.h"

static const struct {
    const char *name;
    size_t offset;
} texts[] = {
    {"kty", offsetof(struct tscope_jwk, kty)},       {"crv", offsetof(struct tscope_jwk, crv)},
    {"n", offsetof(struct tscope_jwk, n)},           {"e", offsetof(struct tscope_jwk, e)},
    {"x", offsetof(struct tscope_jwk, x)},           {"y", offsetof(struct tscope_jwk, y)},
    {"k", offsetof(struct tscope_jwk, k)},           {"d", offsetof(struct tscope_jwk, d)},
    {"p", offsetof(struct tscope_jwk, p)},           {"q", offsetof(struct tscope_jwk, q)},
    {"dp", offsetof(struct tscope_jwk, dp)},         {"dq", offsetof(struct tscope_jwk, dq)},
    {"qi", offsetof(struct tscope_jwk, qi)},         {"kid", offsetof(struct tscope_jwk, kid)},
    {"x5t", offsetof(struct tscope_jwk, x5t)},       {"x5t#S256", offsetof(struct tscope_jwk, x5t_s256)},
    {"use", offsetof(struct tscope_jwk, use)},       {"alg", offsetof(struct tscope_jwk, alg)},
    {"issuer", offsetof(struct tscope_jwk, issuer)}, {"cloud_instance_name", offsetof(struct tscope_jwk, cloud_instance_name)},
};

static const char *const private_names[] = {"d", "p", "q", "dp", "dq", "qi", "oth"};

static unsigned
operation_of(struct tscope_span name)
{
    if (tscope_span_is(name, "verify"))
        return TSCOPE_KEY_OP_VERIFY;
    if (tscope_span_is(name, "sign"))
        return TSCOPE_KEY_OP_SIGN;
    if (tscope_span_is(name, "encrypt") || tscope_span_is(name, "wrapKey"))
        return TSCOPE_KEY_OP_ENCRYPT;
    return TSCOPE_KEY_OP_OTHER;
}

unsigned
tscope_jwk_operations(struct tscope_span entry)
{
    unsigned operations = 0;
    size_t start = 0;

    for (size_t i = 0; i <= entry.len; i++) {
        if (i < entry.len && entry.data[i] != ',' && entry.data[i] != ' ')
            continue;
        if (i > start)
            operations |= operation_of(tscope_span_of(entry.data + start, i - start));
        start = i + 1;
    }
    return operations;
}

static bool
read_key_ops(const struct tscope_json *json, const struct tscope_value *array, struct tscope_arena *arena, struct tscope_jwk *jwk)
{
    const struct tscope_value *value;

    if (array->type != TSCOPE_JSON_ARRAY)
        return true;
    jwk->has_key_ops = true;
    for (value = tscope_json_first(json, array); value; value = tscope_json_next(json, value)) {
        struct tscope_span name = tscope_json_string(json, value, arena);

        if (value->type == TSCOPE_JSON_STRING && !name.data)
            return false;
        if (name.data)
            jwk->key_ops |= tscope_jwk_operations(name);
    }
    return true;
}

/* RFC 7517 section 4.7 wants an array, and some devices send the certificate alone. */
static bool
read_x5c(const struct tscope_json *json, const struct tscope_value *value, struct tscope_arena *arena, struct tscope_jwk *jwk)
{
    if (value->type == TSCOPE_JSON_ARRAY)
        value = tscope_json_first(json, value);
    if (!value || value->type != TSCOPE_JSON_STRING)
        return true;
    jwk->x5c = tscope_json_string(json, value, arena);
    return jwk->x5c.data != NULL;
}

/* Reads one member if it is one of ours and the first of its name. */
static bool
read_member(const struct tscope_json *json, const struct tscope_value *value, struct tscope_arena *arena, struct tscope_jwk *jwk)
{
    if (value->flags & TSCOPE_VALUE_DUPLICATE)
        return true;
    for (size_t i = 0; i < TSCOPE_COUNT(private_names); i++)
        jwk->has_private |= tscope_json_name_is(json, value, private_names[i]);
    for (size_t i = 0; i < TSCOPE_COUNT(texts); i++) {
        struct tscope_span *text = (struct tscope_span *)(void *)((char *)jwk + texts[i].offset);

        if (!tscope_json_name_is(json, value, texts[i].name))
            continue;
        *text = tscope_json_string(json, value, arena);
        return text->data || value->type != TSCOPE_JSON_STRING;
    }
    if (tscope_json_name_is(json, value, "key_ops"))
        return read_key_ops(json, value, arena, jwk);
    if (tscope_json_name_is(json, value, "x5c"))
        return read_x5c(json, value, arena, jwk);
    jwk->has_more_primes |= tscope_json_name_is(json, value, "oth");
    return true;
}

bool
tscope_jwk_read(const struct tscope_json *json, const struct tscope_value *object, struct tscope_arena *arena, struct tscope_jwk *ret_jwk)
{
    const struct tscope_value *value;
    struct tscope_jwk jwk = {0};

    for (value = tscope_json_first(json, object); value; value = tscope_json_next(json, value)) {
        if (!read_member(json, value, arena, &jwk))
            return false;
    }
    jwk.has_private |= jwk.k.data != NULL && tscope_span_is(jwk.kty, "oct");
    *ret_jwk = jwk;
    return true;
}

bool
tscope_jwk_is(const struct tscope_json *json, const struct tscope_value *object)
{
    return tscope_json_member(json, object, "kty") || tscope_json_member(json, object, "x5c") ||
           (tscope_json_member(json, object, "n") && tscope_json_member(json, object, "e"));
}

/* Padding is tolerated: it says nothing else than what is there (RFC 7515 section 2 only leaves it out). */
static bool
decode_number(struct tscope_span text, struct tscope_arena *arena, struct tscope_span *ret_number)
{
    uint8_t *bytes;
    size_t len;

    *ret_number = (struct tscope_span){NULL, 0};
    if (!text.data)
        return true;
    for (int i = 0; i < 2 && text.len > 0 && text.data[text.len - 1] == '='; i++)
        text.len--;
    bytes = tscope_arena_alloc(arena, tscope_base64url_bound(text.len));
    if (!bytes)
        return false;
    if (tscope_base64url_decode(text.data, text.len, bytes, &len))
        *ret_number = tscope_span_of(bytes, len);
    return true;
}

bool
tscope_jwk_certificate(struct tscope_span text, struct tscope_arena *arena, struct tscope_span *ret_der)
{
    uint8_t *bytes;
    size_t len;

    *ret_der = (struct tscope_span){NULL, 0};
    if (!text.data)
        return true;
    bytes = tscope_arena_alloc(arena, tscope_base64url_bound(text.len));
    if (!bytes)
        return false;
    if (tscope_base64_decode(text.data, text.len, bytes, &len) || tscope_base64url_decode(text.data, text.len, bytes, &len))
        *ret_der = tscope_span_of(bytes, len);
    return true;
}

static enum tscope_key_type
type_of(struct tscope_span kty)
{
    if (tscope_span_is(kty, "RSA"))
        return TSCOPE_KEY_RSA;
    if (tscope_span_is(kty, "EC"))
        return TSCOPE_KEY_EC;
    if (tscope_span_is(kty, "OKP"))
        return TSCOPE_KEY_OKP;
    return tscope_span_is(kty, "oct") ? TSCOPE_KEY_OCT : TSCOPE_KEY_UNKNOWN;
}

/* The members of the key's own type alone (RFC 7518 section 6, RFC 8037 section 2): an RSA key with "k" is no secret. */
static bool
decode_numbers(const struct tscope_jwk *jwk, struct tscope_arena *arena, struct tscope_key_numbers *numbers)
{
    numbers->type = type_of(jwk->kty);
    switch (numbers->type) {
    case TSCOPE_KEY_RSA:
        return decode_number(jwk->n, arena, &numbers->n) && decode_number(jwk->e, arena, &numbers->e);
    case TSCOPE_KEY_EC:
    case TSCOPE_KEY_OKP:
        numbers->curve = tscope_curve_find(jwk->crv);
        if (numbers->curve != TSCOPE_CURVE_NONE && tscope_curve_is_okp(numbers->curve) != (numbers->type == TSCOPE_KEY_OKP))
            numbers->curve = TSCOPE_CURVE_NONE;
        return decode_number(jwk->x, arena, &numbers->x) && (numbers->type == TSCOPE_KEY_OKP || decode_number(jwk->y, arena, &numbers->y));
    case TSCOPE_KEY_OCT:
        return decode_number(jwk->k, arena, &numbers->k);
    case TSCOPE_KEY_UNKNOWN:
        break;
    }
    return true;
}

/* Published with a certificate and nothing else: its numbers are the key's. */
static void
borrow_from_certificate(const struct tscope_jwk *jwk, struct tscope_key *key)
{
    struct tscope_certificate certificate;
    struct tscope_key_numbers numbers;

    if (!jwk->x5c.data || jwk->n.data || jwk->e.data || jwk->x.data || jwk->y.data || jwk->k.data)
        return;
    if (!key->certificate_der.data || !tscope_certificate_read(key->certificate_der, &certificate, &numbers, NULL)) {
        key->flaw = TSCOPE_KEY_FLAW_CERTIFICATE;
        return;
    }
    if (!jwk->kty.data || numbers.type == key->numbers.type)
        key->numbers = numbers;
}

/* Absent stays absent; present is copied with a NUL behind it. */
static bool
keep(struct tscope_arena *arena, struct tscope_span text, struct tscope_span *ret_copy)
{
    *ret_copy = text.data ? tscope_arena_copy(arena, text) : text;
    return !text.data || ret_copy->data;
}

bool
tscope_jwk_key(const struct tscope_jwk *jwk, struct tscope_arena *arena, struct tscope_key *ret_key)
{
    struct tscope_key key = {0};

    if (!keep(arena, jwk->kid, &key.kid) || !keep(arena, jwk->x5t, &key.x5t) || !keep(arena, jwk->x5t_s256, &key.x5t_s256) ||
        !keep(arena, jwk->use, &key.use) || !keep(arena, jwk->alg, &key.alg) || !keep(arena, jwk->issuer, &key.issuer) ||
        !keep(arena, jwk->cloud_instance_name, &key.cloud_instance_name))
        return false;
    if (!tscope_jwk_certificate(jwk->x5c, arena, &key.certificate_der) || !decode_numbers(jwk, arena, &key.numbers))
        return false;
    key.has_key_ops = jwk->has_key_ops;
    key.key_ops = jwk->key_ops;
    key.has_private = jwk->has_private;
    borrow_from_certificate(jwk, &key);
    if (key.flaw == TSCOPE_KEY_FLAW_NONE)
        key.flaw = tscope_key_numbers_check(&key.numbers);
    *ret_key = key;
    return true;
}

/* The bytes are ours: the view alone is const. */
static void
wipe(struct tscope_span bytes)
{
    if (bytes.len)
        tscope_wipe((void *)(uintptr_t)bytes.data, bytes.len);
}

/* Decoded beside the arena first, so that only the one run that is wiped later ever holds them. */
static bool
keep_secret(const struct tscope_jwk *jwk, struct tscope_arena *arena, struct tscope_key *key, bool wants_exponent)
{
    struct tscope_private_numbers numbers = {0};
    const struct {
        struct tscope_span text;
        struct tscope_span *number;
    } rows[] = {{jwk->d, &numbers.d},   {jwk->p, &numbers.p},   {jwk->q, &numbers.q},
                {jwk->dp, &numbers.dp}, {jwk->dq, &numbers.dq}, {jwk->qi, &numbers.qi}};
    size_t count = jwk->has_more_primes || key->numbers.type != TSCOPE_KEY_RSA ? 1 : TSCOPE_COUNT(rows);
    struct tscope_arena scratch = {0};
    bool kept = true;

    for (size_t i = 0; i < count && kept; i++)
        kept = decode_number(rows[i].text, &scratch, rows[i].number);
    if (kept && (numbers.d.data || !wants_exponent))
        kept = tscope_key_secret_keep(arena, &numbers, &key->secret);
    for (size_t i = 0; i < count; i++)
        wipe(*rows[i].number);
    tscope_arena_clear(&scratch);
    return kept;
}

bool
tscope_jwk_secret(const struct tscope_jwk *jwk, struct tscope_arena *arena, struct tscope_key *key)
{
    return key->numbers.type == TSCOPE_KEY_OCT || !jwk->d.data || keep_secret(jwk, arena, key, true);
}

bool
tscope_jwk_secret_or_prime(const struct tscope_jwk *jwk, struct tscope_arena *arena, struct tscope_key *key)
{
    bool has_prime = key->numbers.type == TSCOPE_KEY_RSA && !jwk->has_more_primes && (jwk->p.data || jwk->q.data);

    return jwk->d.data || !has_prime ? tscope_jwk_secret(jwk, arena, key) : keep_secret(jwk, arena, key, false);
}
