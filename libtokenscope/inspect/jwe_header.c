/* SPDX-License-Identifier: Apache-2.0 */
#include "inspect/jwe_header.h"

#include "core/base64url.h"
#include "keys/jwk.h"

enum { PROTECTED, SHARED, OWN, PLACES };

struct place {
    const struct tscope_json *json;
    const struct tscope_value *value;
    size_t at;
};

struct reading {
    const struct tscope_jwe_header *header;
    bool no_memory;
};

struct tscope_jwe_header
tscope_jwe_header_of(const struct tscope_token *token, size_t recipient, struct tscope_arena *arena)
{
    const struct tscope_value *container = token->container.values_len ? tscope_json_root(&token->container) : NULL;
    const struct tscope_value *own = container;
    struct tscope_jwe_header header = {.arena = arena};

    if (token->serialization == TSCOPE_SERIALIZATION_JWE_GENERAL) {
        own = tscope_json_first(&token->container, tscope_json_member(&token->container, container, "recipients"));
        while (own && recipient-- > 0)
            own = tscope_json_next(&token->container, own);
        recipient = 0;
    }
    header.json[PROTECTED] = &token->signatures[recipient].header;
    header.object[PROTECTED] = header.json[PROTECTED]->values_len ? tscope_json_root(header.json[PROTECTED]) : NULL;
    header.json[SHARED] = header.json[OWN] = &token->container;
    header.object[SHARED] = tscope_json_member(&token->container, container, "unprotected");
    header.object[OWN] = tscope_json_member(&token->container, own, "header");
    return header;
}

/* The first of a name, in the order of trust; false when there is none. */
static bool
find(const struct tscope_jwe_header *header, const char *name, struct place *ret_place)
{
    for (size_t i = 0; i < PLACES; i++) {
        const struct tscope_value *value = tscope_json_member(header->json[i], header->object[i], name);

        if (value) {
            *ret_place = (struct place){header->json[i], value, i};
            return true;
        }
    }
    return false;
}

struct tscope_span
tscope_jwe_header_text(const struct tscope_jwe_header *header, const char *name)
{
    struct place place;

    return find(header, name, &place) ? tscope_json_string(place.json, place.value, header->arena) : (struct tscope_span){NULL, 0};
}

bool
tscope_jwe_header_is_zipped(const struct tscope_jwe_header *header)
{
    return tscope_json_member(header->json[PROTECTED], header->object[PROTECTED], "zip") != NULL;
}

/* An absent member is empty; one that is no base64url text is broken, and nothing is guessed. */
static bool
read_bytes(struct reading *reading, const char *name, struct tscope_span *ret_bytes)
{
    struct place place;
    struct tscope_span text;
    uint8_t *bytes;
    size_t len;

    if (!find(reading->header, name, &place))
        return true;
    if (place.value->type != TSCOPE_JSON_STRING)
        return false;
    text = tscope_json_string(place.json, place.value, reading->header->arena);
    bytes = text.data ? tscope_arena_alloc(reading->header->arena, tscope_base64url_bound(text.len)) : NULL;
    reading->no_memory |= !bytes;
    if (!bytes || !tscope_base64url_decode(text.data, text.len, bytes, &len))
        return false;
    *ret_bytes = tscope_span_of(bytes, len);
    return true;
}

static const char *
read_agreement(struct reading *reading, struct tscope_jwe_recipient *recipient)
{
    struct place place;
    struct tscope_jwk jwk;
    tscope_key key;

    if (!find(reading->header, "epk", &place) || place.value->type != TSCOPE_JSON_OBJECT)
        return "the header holds no ephemeral key (\"epk\")";
    if (!tscope_jwk_read(place.json, place.value, reading->header->arena, &jwk) || !tscope_jwk_key(&jwk, reading->header->arena, &key)) {
        reading->no_memory = true;
        return NULL;
    }
    recipient->epk = key.numbers;
    if (key.flaw != TSCOPE_KEY_FLAW_NONE)
        return "the ephemeral key (\"epk\") is no key that can be used";
    if (!read_bytes(reading, "apu", &recipient->apu) || !read_bytes(reading, "apv", &recipient->apv))
        return "\"apu\" or \"apv\" is not base64url";
    return NULL;
}

static const char *
read_password_input(struct reading *reading, struct tscope_jwe_recipient *recipient)
{
    struct place place;
    int64_t rounds;

    if (!find(reading->header, "p2c", &place) || !tscope_json_integer(place.json, place.value, &rounds) || rounds < 1)
        return "\"p2c\" is no count of rounds";
    recipient->p2c = (uint64_t)rounds;
    if (!find(reading->header, "p2s", &place) || !read_bytes(reading, "p2s", &recipient->p2s))
        return "\"p2s\" is missing or not base64url";
    return NULL;
}

static const char *
read_wrap_input(struct reading *reading, struct tscope_jwe_recipient *recipient)
{
    if (!read_bytes(reading, "iv", &recipient->iv) || !read_bytes(reading, "tag", &recipient->tag))
        return "\"iv\" or \"tag\" of the key wrap is not base64url";
    return NULL;
}

/* What the algorithm needs besides its key. */
static const char *
read_input(struct reading *reading, struct tscope_jwe_recipient *recipient)
{
    switch (recipient->alg->family) {
    case TSCOPE_JWE_ECDH:
        return read_agreement(reading, recipient);
    case TSCOPE_JWE_PBES2:
        return read_password_input(reading, recipient);
    case TSCOPE_JWE_GCMKW:
        return read_wrap_input(reading, recipient);
    case TSCOPE_JWE_RSA15:
    case TSCOPE_JWE_RSA_OAEP:
    case TSCOPE_JWE_AESKW:
    case TSCOPE_JWE_DIR:
        break;
    }
    return NULL;
}

/* "crit" and "zip" count in the protected header alone (RFC 7516 sections 4.1.3 and 4.1.13), and no extension is known here. */
static const char *
refuse_extensions(const struct tscope_jwe_header *header)
{
    const struct tscope_value *zip = tscope_json_member(header->json[PROTECTED], header->object[PROTECTED], "zip");
    struct place place;

    if (find(header, "crit", &place))
        return "\"crit\" names extensions, and none is known for encrypted tokens";
    if (find(header, "zip", &place) && place.at != PROTECTED)
        return "\"zip\" stands outside the protected header";
    if (zip && !tscope_json_string_is(header->json[PROTECTED], zip, "DEF"))
        return "\"zip\" names no compression that is registered";
    return NULL;
}

static bool
is_unambiguous(const struct tscope_json *json)
{
    for (uint32_t i = 0; i < json->flaws_len; i++) {
        if (json->flaws[i].kind == TSCOPE_JSON_FLAW_DUPLICATE)
            return false;
    }
    return json->values_len == 0 || (json->strict && json->flaws_total == json->flaws_len);
}

/* RFC 7516 section 4 and 7.2.1: names are unique, and the three headers have none in common. */
static const char *
refuse_ambiguity(const struct tscope_jwe_header *header)
{
    if (!is_unambiguous(header->json[PROTECTED]) || !is_unambiguous(header->json[SHARED]))
        return "its JSON is broken, or a name stands twice in it";
    for (int name = 0; name < TSCOPE_HEADER_COUNT; name++) {
        size_t places = 0;

        for (size_t i = 0; i < PLACES; i++)
            places += tscope_json_member(header->json[i], header->object[i], tscope_header_name((enum tscope_header)name)) != NULL;
        if (places > 1)
            return "a name stands in two of its headers";
    }
    return NULL;
}

static const char *
read_algorithms(struct reading *reading, struct tscope_jwe_recipient *recipient)
{
    struct tscope_span alg = tscope_jwe_header_text(reading->header, "alg"), enc = tscope_jwe_header_text(reading->header, "enc");

    recipient->alg = alg.data ? tscope_jwe_alg_find(alg) : NULL;
    recipient->enc = enc.data ? tscope_jwe_enc_find(enc) : NULL;
    if (!recipient->alg)
        return "\"alg\" names no key management that is known";
    return recipient->enc ? NULL : "\"enc\" names no content encryption that is known";
}

bool
tscope_jwe_header_read(const struct tscope_jwe_header *header, bool strict, struct tscope_jwe_recipient *ret_recipient,
                       const char **ret_reason)
{
    struct reading reading = {.header = header};
    const char *reason;

    *ret_recipient = (struct tscope_jwe_recipient){0};
    reason = read_algorithms(&reading, ret_recipient);
    if (!reason)
        reason = refuse_extensions(header);
    if (!reason && strict)
        reason = refuse_ambiguity(header);
    if (!reason)
        reason = read_input(&reading, ret_recipient);
    *ret_reason = reason;
    return !reading.no_memory;
}
