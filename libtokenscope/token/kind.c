/* SPDX-License-Identifier: Apache-2.0 */
#include "token/kind.h"

#include "core/text.h"

/* The words that decide, each read once. */
struct words {
    const struct tscope_token *token;
    const struct tscope_value *const *header; /* slots of the first signature */
    const struct tscope_json *header_json;
    const struct tscope_value *const *claims; /* slots */
    struct tscope_arena *arena;
    struct tscope_span alg, typ, iss;
    enum tscope_issuer_shape issuer;
    bool consumer;
};

static struct tscope_span
claim_text(const struct words *words, enum tscope_claim claim)
{
    return tscope_json_string(&words->token->claims, words->claims[claim], words->arena);
}

static struct tscope_span
header_text(const struct words *words, enum tscope_header header)
{
    return tscope_json_string(words->header_json, words->header[header], words->arena);
}

static bool
claim_is_text(const struct words *words, enum tscope_claim claim)
{
    return words->claims[claim] && words->claims[claim]->type == TSCOPE_JSON_STRING;
}

bool
tscope_media_type_is(struct tscope_span typ, const char *subtype)
{
    const struct tscope_span application = TSCOPE_SPAN("application/");

    if (typ.data && tscope_text_starts_with_fold(typ, application))
        typ = tscope_span_of(typ.data + application.len, typ.len - application.len);
    return typ.data && tscope_text_equal_fold(typ, tscope_span_text(subtype));
}

/* Does any audience (one string, or a list of them, RFC 7519 section 4.1.3) fit? */
static bool
any_audience(const struct words *words, bool (*fits)(struct tscope_span audience))
{
    const struct tscope_json *json = &words->token->claims;
    const struct tscope_value *aud = words->claims[TSCOPE_CLAIM_AUD];
    const struct tscope_value *one;
    struct tscope_span text;

    if (!aud || aud->type != TSCOPE_JSON_ARRAY) {
        text = tscope_json_string(json, aud, words->arena);
        return text.data && fits(text);
    }
    for (one = tscope_json_first(json, aud); one; one = tscope_json_next(json, one)) {
        text = tscope_json_string(json, one, words->arena);
        if (text.data && fits(text))
            return true;
    }
    return false;
}

/* A whole signed JWT: three parts, of which the first is a header with an algorithm. */
static bool
is_compact_jws(struct tscope_span text, struct tscope_arena *arena)
{
    struct tscope_json header;
    const uint8_t *dot, *second;
    uint8_t *decoded;
    size_t len;

    dot = text.data ? memchr(text.data, '.', text.len) : NULL;
    if (!dot)
        return false;
    second = memchr(dot + 1, '.', text.len - (size_t)(dot + 1 - text.data));
    if (!second || second == text.data + text.len - 1 || memchr(second + 1, '.', text.len - (size_t)(second + 1 - text.data)))
        return false;
    len = (size_t)(dot - text.data);
    decoded = tscope_arena_alloc(arena, tscope_base64url_bound(len));
    if (!decoded || !tscope_base64url_decode(text.data, len, decoded, &len) ||
        tscope_json_read(&header, arena, decoded, len, TSCOPE_JSON_LIMITS_TOKEN, NULL) != TSCOPE_OK)
        return false;
    return header.readable && tscope_json_string(&header, tscope_json_member(&header, tscope_json_root(&header), "alg"), arena).data;
}

static bool
is_hmac(const struct words *words)
{
    return words->alg.data && tscope_text_starts_with(words->alg, TSCOPE_SPAN("HS"));
}

/*
 * Signed with a key derived from a session key: HS256 and the context of the derivation, standard base64 ([MS-OAPXBC]).
 * Its issuer is the broker or nobody: whoever names another one is held to it.
 */
static bool
is_of_session_key(const struct words *words)
{
    struct tscope_span context = header_text(words, TSCOPE_HEADER_CTX);
    uint8_t *decoded;
    size_t len;

    if (!words->alg.data || !tscope_span_is(words->alg, "HS256") || !context.data || context.len == 0)
        return false;
    if (words->claims[TSCOPE_CLAIM_ISS] && !(words->iss.data && tscope_span_is(words->iss, "aad:brokerplugin")))
        return false;
    decoded = tscope_arena_alloc(words->arena, tscope_base64url_bound(context.len));
    return decoded && tscope_base64_decode(context.data, context.len, decoded, &len);
}

/* The wrapper is unsigned by design and its inner token decides, so nothing but the whole shape of one will do. */
static bool
is_actor_wrapper(const struct words *words)
{
    return words->alg.data && tscope_span_is(words->alg, "none") && words->issuer == TSCOPE_ISSUER_SERVICE &&
           any_audience(words, tscope_audience_is_service) && is_compact_jws(claim_text(words, TSCOPE_CLAIM_ACTORTOKEN), words->arena);
}

/* RFC 9449 section 4.2. A proof names no issuer; its key stands in its header and is no shared secret. */
static bool
is_dpop(const struct words *words)
{
    const struct tscope_value *jwk = words->header[TSCOPE_HEADER_JWK];

    return tscope_media_type_is(words->typ, "dpop+jwt") && jwk && jwk->type == TSCOPE_JSON_OBJECT && words->alg.data && !is_hmac(words) &&
           !tscope_text_looks_like(words->alg, "none") && claim_is_text(words, TSCOPE_CLAIM_HTM) &&
           claim_is_text(words, TSCOPE_CLAIM_HTU) && !words->claims[TSCOPE_CLAIM_ISS] && !words->claims[TSCOPE_CLAIM_AUD];
}

/* RFC 7515 section 4.1.9: these say which serialisation it is, and nothing of what it carries. */
static bool
is_jose_type(struct tscope_span typ)
{
    return tscope_media_type_is(typ, "jose") || tscope_media_type_is(typ, "jose+json");
}

/* A JWT is compact (RFC 7519 section 1), and its payload is encoded (RFC 7797 section 7). */
static bool
has_form_of_jwt(const struct tscope_token *token)
{
    return token->serialization == TSCOPE_SERIALIZATION_JWS_COMPACT && !(token->signatures_len > 0 && token->signatures[0].b64_false);
}

/*
 * An object in another form than a JWT's, of which no member and no type says that it is one, is a message like any other: a
 * request to a certificate authority (RFC 8555 section 6.2). Where there is no claim, none is let off.
 */
static bool
is_message(const struct words *words)
{
    static const enum tscope_claim registered[] = {
        TSCOPE_CLAIM_ISS, TSCOPE_CLAIM_SUB, TSCOPE_CLAIM_AUD, TSCOPE_CLAIM_EXP,
        TSCOPE_CLAIM_NBF, TSCOPE_CLAIM_IAT, TSCOPE_CLAIM_JTI, TSCOPE_CLAIM_TID,
    };

    if (has_form_of_jwt(words->token) || (words->header[TSCOPE_HEADER_TYP] && !is_jose_type(words->typ)))
        return false;
    for (size_t i = 0; i < TSCOPE_COUNT(registered); i++) {
        if (words->claims[registered[i]])
            return false;
    }
    return true;
}

/* Kinds whose claims are not held to RFC 7519. One signature, compact: nothing else is sent in their place. */
static enum tscope_token_kind
kind_without_claims(const struct words *words)
{
    if (words->token->serialization != TSCOPE_SERIALIZATION_JWS_COMPACT)
        return TSCOPE_KIND_JWT;
    if (is_of_session_key(words))
        return claim_is_text(words, TSCOPE_CLAIM_REFRESH_TOKEN) && !words->claims[TSCOPE_CLAIM_ISS] ? TSCOPE_KIND_PRT_COOKIE
                                                                                                    : TSCOPE_KIND_SESSION_KEY_JWT;
    if (is_actor_wrapper(words))
        return TSCOPE_KIND_S2S_ACTOR;
    if (is_dpop(words))
        return TSCOPE_KIND_DPOP;
    return TSCOPE_KIND_JWT;
}

/* An ID token names no client but its audience (FACTS: neither appid nor azp); roles may stand in both. */
static bool
is_entra_access(const struct words *words)
{
    return words->claims[TSCOPE_CLAIM_APPID] || words->claims[TSCOPE_CLAIM_AZP] || words->claims[TSCOPE_CLAIM_SCP];
}

static enum tscope_token_kind
kind_of_entra(const struct words *words)
{
    bool v1 = words->issuer == TSCOPE_ISSUER_ENTRA_V1;

    if (!is_entra_access(words)) {
        if (words->consumer)
            return TSCOPE_KIND_MSA_ID;
        return v1 ? TSCOPE_KIND_ENTRA_ID_V1 : TSCOPE_KIND_ENTRA_ID_V2;
    }
    if (claim_is_text(words, TSCOPE_CLAIM_XMS_MIRID))
        return TSCOPE_KIND_MANAGED_IDENTITY;
    return v1 ? TSCOPE_KIND_ENTRA_ACCESS_V1 : TSCOPE_KIND_ENTRA_ACCESS_V2;
}

/* Issuers of no shape of their own: B2C under a custom domain says so by the policy. */
static bool
names_b2c_policy(const struct words *words)
{
    const struct tscope_span prefix = TSCOPE_SPAN("b2c_1");
    struct tscope_span policy = claim_text(words, TSCOPE_CLAIM_TFP);

    if (!policy.data)
        policy = claim_text(words, TSCOPE_CLAIM_ACR);
    return policy.data && tscope_text_starts_with_fold(policy, prefix);
}

static enum tscope_token_kind
kind_by_issuer(const struct words *words)
{
    switch (words->issuer) {
    case TSCOPE_ISSUER_ENTRA_V1:
    case TSCOPE_ISSUER_ENTRA_V2:
        return kind_of_entra(words);
    case TSCOPE_ISSUER_B2C:
        return TSCOPE_KIND_B2C;
    case TSCOPE_ISSUER_ADFS:
        return TSCOPE_KIND_ADFS;
    case TSCOPE_ISSUER_BOTFRAMEWORK:
        return TSCOPE_KIND_BOTFRAMEWORK;
    case TSCOPE_ISSUER_SERVICE:
        /* an application's own proof towards the service, signed with its own certificate */
        if (any_audience(words, tscope_audience_is_access_control))
            return TSCOPE_KIND_CLIENT_ASSERTION;
        return any_audience(words, tscope_audience_is_service) ? TSCOPE_KIND_ACS_S2S : TSCOPE_KIND_JWT;
    case TSCOPE_ISSUER_OTHER:
        return names_b2c_policy(words) ? TSCOPE_KIND_B2C : TSCOPE_KIND_JWT;
    }
    return TSCOPE_KIND_JWT;
}

static bool
is_logout(const struct words *words)
{
    const char *const event = "http://schemas.openid.net/event/backchannel-logout";

    return tscope_media_type_is(words->typ, "logout+jwt") ||
           tscope_json_member(&words->token->claims, words->claims[TSCOPE_CLAIM_EVENTS], event);
}

static bool
is_client_assertion(const struct words *words)
{
    struct tscope_span sub = claim_text(words, TSCOPE_CLAIM_SUB);

    if (!words->iss.data || words->iss.len == 0 || !sub.data || !tscope_span_equal(words->iss, sub))
        return false;
    return tscope_media_type_is(words->typ, "client-authentication+jwt") || any_audience(words, tscope_audience_is_token_endpoint);
}

static bool
is_oauth_access(const struct words *words)
{
    return words->claims[TSCOPE_CLAIM_SCP] || words->claims[TSCOPE_CLAIM_SCOPE] || words->claims[TSCOPE_CLAIM_CLIENT_ID];
}

/* OpenID Connect Core section 2: what an ID token must have, and one claim that only a sign-in gives. */
static bool
is_oidc_id(const struct words *words)
{
    static const enum tscope_claim needed[] = {TSCOPE_CLAIM_SUB, TSCOPE_CLAIM_AUD, TSCOPE_CLAIM_EXP, TSCOPE_CLAIM_IAT};
    static const enum tscope_claim signs[] = {
        TSCOPE_CLAIM_NONCE,     TSCOPE_CLAIM_AT_HASH, TSCOPE_CLAIM_C_HASH, TSCOPE_CLAIM_S_HASH,
        TSCOPE_CLAIM_AUTH_TIME, TSCOPE_CLAIM_AZP,     TSCOPE_CLAIM_ACR,    TSCOPE_CLAIM_AMR,
    };

    if (!words->iss.data || !tscope_text_starts_with(words->iss, TSCOPE_SPAN("https://")))
        return false;
    if (tscope_span_is(words->iss, "https://token.actions.githubusercontent.com"))
        return true; /* a workload signs in without any */
    for (size_t i = 0; i < TSCOPE_COUNT(needed); i++) {
        if (!words->claims[needed[i]])
            return false;
    }
    for (size_t i = 0; i < TSCOPE_COUNT(signs); i++) {
        if (words->claims[signs[i]])
            return true;
    }
    return false;
}

static enum tscope_token_kind
kind_by_claims(const struct words *words)
{
    if (is_logout(words))
        return TSCOPE_KIND_LOGOUT;
    if (tscope_media_type_is(words->typ, "at+jwt"))
        return TSCOPE_KIND_AT_JWT;
    if (words->claims[TSCOPE_CLAIM_SD] || words->claims[TSCOPE_CLAIM_SD_ALG])
        return TSCOPE_KIND_SD_JWT;
    if (is_client_assertion(words))
        return TSCOPE_KIND_CLIENT_ASSERTION;
    if (is_oauth_access(words))
        return TSCOPE_KIND_OAUTH_ACCESS;
    return is_oidc_id(words) ? TSCOPE_KIND_OIDC_ID : TSCOPE_KIND_JWT;
}

static enum tscope_token_kind
kind_of_claims(const struct tscope_token *token, struct tscope_arena *arena)
{
    static const struct tscope_value *const no_header[TSCOPE_HEADER_COUNT];
    const struct tscope_token_signature *signature = token->signatures_len ? token->signatures : NULL;
    struct words words = {
        .token = token,
        .header = signature ? signature->slots : no_header,
        .header_json = signature ? &signature->header : NULL,
        .claims = token->slots,
        .arena = arena,
    };
    enum tscope_token_kind kind;

    words.alg = header_text(&words, TSCOPE_HEADER_ALG);
    words.typ = header_text(&words, TSCOPE_HEADER_TYP);
    words.iss = claim_text(&words, TSCOPE_CLAIM_ISS);
    words.issuer = tscope_issuer_shape_of(words.iss, &words.consumer);
    kind = is_message(&words) ? TSCOPE_KIND_JWS : kind_without_claims(&words);
    if (kind == TSCOPE_KIND_JWT)
        kind = kind_by_issuer(&words);
    if (kind == TSCOPE_KIND_JWT)
        kind = kind_by_claims(&words);
    return kind;
}

enum tscope_token_kind
tscope_token_kind_of(const struct tscope_token *token, struct tscope_arena *arena)
{
    switch (token->serialization) {
    case TSCOPE_SERIALIZATION_OPAQUE:
        return tscope_token_kind_of_opaque(token->form);
    case TSCOPE_SERIALIZATION_JWE_COMPACT:
    case TSCOPE_SERIALIZATION_JWE_FLATTENED:
    case TSCOPE_SERIALIZATION_JWE_GENERAL:
        return TSCOPE_KIND_JWE;
    case TSCOPE_SERIALIZATION_SD_JWT:
    case TSCOPE_SERIALIZATION_JWS_COMPACT:
    case TSCOPE_SERIALIZATION_JWS_FLATTENED:
    case TSCOPE_SERIALIZATION_JWS_GENERAL:
        break;
    }
    if (tscope_token_is_sd_jwt(token))
        return TSCOPE_KIND_SD_JWT;
    return token->claims_root ? kind_of_claims(token, arena) : TSCOPE_KIND_JWS;
}
