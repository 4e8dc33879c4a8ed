/* SPDX-License-Identifier: Apache-2.0 */
#include "checks/subject.h"

#include "core/text.h"
#include "crypto/alg.h"

const char *
tscope_subject_quote(const tscope_subject *subject, struct tscope_span text)
{
    struct tscope_buffer buffer = {.arena = subject->arena};
    const char *quoted;

    tscope_text_quote(&buffer, text, TSCOPE_SUBJECT_QUOTED_MAX);
    quoted = tscope_buffer_steal(&buffer, NULL);
    return quoted ? quoted : "''";
}

const char *
tscope_subject_time(const tscope_subject *subject, int64_t time)
{
    char text[TSCOPE_TIME_TEXT_MAX];
    struct tscope_span kept;

    tscope_time_format(time, text);
    kept = tscope_arena_copy(subject->arena, tscope_span_text(text));
    return kept.data ? (const char *)kept.data : "?";
}

bool
tscope_subject_is_jwt(const tscope_subject *subject)
{
    if (!subject->token->claims_root)
        return false;
    switch (subject->token->kind) {
    case TSCOPE_KIND_OPAQUE:
    case TSCOPE_KIND_JWS:
    case TSCOPE_KIND_JWE:
    case TSCOPE_KIND_MSA_TICKET:
    case TSCOPE_KIND_MSA_REFRESH:
    case TSCOPE_KIND_ENTRA_REFRESH:
    case TSCOPE_KIND_PRT_COOKIE:
    case TSCOPE_KIND_SESSION_KEY_JWT:
    case TSCOPE_KIND_S2S_ACTOR:
    case TSCOPE_KIND_DPOP:
        return false;
    case TSCOPE_KIND_JWT:
    case TSCOPE_KIND_ENTRA_ACCESS_V1:
    case TSCOPE_KIND_ENTRA_ACCESS_V2:
    case TSCOPE_KIND_ENTRA_ID_V1:
    case TSCOPE_KIND_ENTRA_ID_V2:
    case TSCOPE_KIND_MSA_ID:
    case TSCOPE_KIND_ACS_S2S:
    case TSCOPE_KIND_MANAGED_IDENTITY:
    case TSCOPE_KIND_B2C:
    case TSCOPE_KIND_ADFS:
    case TSCOPE_KIND_BOTFRAMEWORK:
    case TSCOPE_KIND_OIDC_ID:
    case TSCOPE_KIND_OAUTH_ACCESS:
    case TSCOPE_KIND_AT_JWT:
    case TSCOPE_KIND_CLIENT_ASSERTION:
    case TSCOPE_KIND_SD_JWT:
    case TSCOPE_KIND_LOGOUT:
        return true;
    }
    return false;
}

/* A header with "enc" and a way to wrap a key is that of an encrypted token, however few parts are left of it. */
static bool
has_jwe_header(const tscope_subject *subject)
{
    struct tscope_span alg;

    if (!tscope_subject_header(subject, TSCOPE_HEADER_ENC).value)
        return false; /* as almost all, and half of the rows ask */
    alg = tscope_subject_text(subject, tscope_subject_header(subject, TSCOPE_HEADER_ALG));
    return alg.data && tscope_alg_is_jwe(alg);
}

bool
tscope_subject_is_jws(const tscope_subject *subject)
{
    if (!subject->signature)
        return false;
    switch (subject->token->serialization) {
    case TSCOPE_SERIALIZATION_JWS_COMPACT:
    case TSCOPE_SERIALIZATION_SD_JWT:
        return !has_jwe_header(subject);
    case TSCOPE_SERIALIZATION_JWS_FLATTENED:
    case TSCOPE_SERIALIZATION_JWS_GENERAL:
        return true;
    case TSCOPE_SERIALIZATION_OPAQUE:
    case TSCOPE_SERIALIZATION_JWE_COMPACT:
    case TSCOPE_SERIALIZATION_JWE_FLATTENED:
    case TSCOPE_SERIALIZATION_JWE_GENERAL:
        return false;
    }
    return false;
}

bool
tscope_subject_is_jwe(const tscope_subject *subject)
{
    return subject->signature && !tscope_subject_is_jws(subject) && subject->token->serialization != TSCOPE_SERIALIZATION_OPAQUE;
}

bool
tscope_subject_carries_claims(const tscope_subject *subject)
{
    switch (subject->token->kind) {
    case TSCOPE_KIND_S2S_ACTOR:
    case TSCOPE_KIND_DPOP:
    case TSCOPE_KIND_PRT_COOKIE:
    case TSCOPE_KIND_SESSION_KEY_JWT:
    case TSCOPE_KIND_JWT:
    case TSCOPE_KIND_ENTRA_ACCESS_V1:
    case TSCOPE_KIND_ENTRA_ACCESS_V2:
    case TSCOPE_KIND_ENTRA_ID_V1:
    case TSCOPE_KIND_ENTRA_ID_V2:
    case TSCOPE_KIND_MSA_ID:
    case TSCOPE_KIND_ACS_S2S:
    case TSCOPE_KIND_MANAGED_IDENTITY:
    case TSCOPE_KIND_B2C:
    case TSCOPE_KIND_ADFS:
    case TSCOPE_KIND_BOTFRAMEWORK:
    case TSCOPE_KIND_OIDC_ID:
    case TSCOPE_KIND_OAUTH_ACCESS:
    case TSCOPE_KIND_AT_JWT:
    case TSCOPE_KIND_CLIENT_ASSERTION:
    case TSCOPE_KIND_SD_JWT:
    case TSCOPE_KIND_LOGOUT:
        return true;
    case TSCOPE_KIND_OPAQUE:
    case TSCOPE_KIND_JWS:
    case TSCOPE_KIND_JWE:
    case TSCOPE_KIND_MSA_TICKET:
    case TSCOPE_KIND_MSA_REFRESH:
    case TSCOPE_KIND_ENTRA_REFRESH:
        return false;
    }
    return false;
}

/* What sanitizers write in place of a value: asterisks, or that they did so. */
static bool
is_mask(struct tscope_span text)
{
    const struct tscope_span word = TSCOPE_SPAN("redacted");
    size_t stars = 0;

    while (stars < text.len && text.data[stars] == '*')
        stars++;
    if (stars >= 3 && stars == text.len)
        return true;
    /* "[REDACTED]", "<redacted>" */
    return tscope_text_starts_with_fold(text, word) ||
           (text.len > 0 && tscope_text_starts_with_fold(tscope_span_of(text.data + 1, text.len - 1), word));
}

static bool
holds_mask(const tscope_subject *subject, const struct tscope_json *json)
{
    for (uint32_t i = 0; i < json->values_len; i++) {
        const struct tscope_value *value = &json->values[i];

        if (value->type == TSCOPE_JSON_STRING && is_mask(tscope_json_string(json, value, subject->arena)))
            return true;
    }
    return false;
}

/* Captures pass through tools that blank out signatures, and masks elsewhere in a token show that one did. */
static bool
shows_sanitizer(const tscope_subject *subject)
{
    const struct tscope_token *token = subject->token;

    for (uint32_t i = 0; i < token->damage_len; i++) {
        const struct tscope_damage *damage = &token->damage[i];

        if (damage->kind == TSCOPE_DAMAGE_FOREIGN && damage->offset < token->text.len && token->text.data[damage->offset] == '*')
            return true;
    }
    return subject->captured || holds_mask(subject, &token->claims) || holds_mask(subject, &subject->signature->header);
}

bool
tscope_subject_lacks_signature(const tscope_subject *subject)
{
    const struct tscope_alg *alg = subject->resolution->alg;

    return tscope_subject_is_jws(subject) && subject->signature->presence == TSCOPE_SIGNATURE_EMPTY && alg &&
           alg->family != TSCOPE_ALG_NONE && !shows_sanitizer(subject);
}

/* A brace is the first letter of a header, behind white space, a byte order mark, a zero of UTF-16; a comment is somebody's own. */
static bool
begins_object(struct tscope_span text)
{
    size_t at = 0;

    while (at < text.len && (text.data[at] == ' ' || text.data[at] == '\t' || text.data[at] == '\r' || text.data[at] == '\n'))
        at++;
    if (at < text.len && text.data[at] == '/')
        return true;
    return at < text.len && memchr(text.data + at, '{', text.len - at < 4 ? text.len - at : 4);
}

bool
tscope_subject_lost_front(const tscope_subject *subject)
{
    const struct tscope_token_signature *signature = subject->signature;

    if (!signature || signature->header.strict || subject->token->container.text)
        return false;
    return !begins_object(signature->protected_part.decoded);
}

bool
tscope_subject_is_consumer(const tscope_subject *subject)
{
    const struct tscope_span consumer = TSCOPE_SPAN(TSCOPE_CONSUMER_TENANT);

    if (subject->tid.data)
        return tscope_text_equal_fold(subject->tid, consumer);
    return subject->issuer.tenant.data && tscope_text_equal_fold(subject->issuer.tenant, consumer);
}

const char *
tscope_found_by_id(enum tscope_found_by found_by)
{
    static const char *const ids[] = {
#define FOUND_BY_ID(name, id) [TSCOPE_FOUND_BY_##name] = id,
        TSCOPE_FOREACH_FOUND_BY(FOUND_BY_ID)
#undef FOUND_BY_ID
    };

    return ids[found_by];
}

const char *
tscope_entitlement_id(enum tscope_entitlement entitlement)
{
    static const char *const ids[] = {
#define ENTITLEMENT_ID(name, id) [TSCOPE_ENTITLEMENT_##name] = id,
        TSCOPE_FOREACH_ENTITLEMENT(ENTITLEMENT_ID)
#undef ENTITLEMENT_ID
    };

    return ids[entitlement];
}
