/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TOKENSCOPE_TOKEN_H
#define TOKENSCOPE_TOKEN_H

#include <stdbool.h>

#include <tokenscope/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/** @file What is inside a token, and nothing about trust. No key, no clock, no cryptography is used here. */

/** Bytes of the largest input that is read by default: a token with its transport around it. */
#define TSCOPE_INPUT_MAX (1u << 20)

/** How a token is written. X(NAME, "id") */
#define TSCOPE_FOREACH_SERIALIZATION(X) \
    X(OPAQUE, "opaque")                 \
    X(JWS_COMPACT, "jws-compact")       \
    X(JWS_FLATTENED, "jws-flattened")   \
    X(JWS_GENERAL, "jws-general")       \
    X(JWE_COMPACT, "jwe-compact")       \
    X(JWE_FLATTENED, "jwe-flattened")   \
    X(JWE_GENERAL, "jwe-general")       \
    X(SD_JWT, "sd-jwt-compact")

enum tscope_serialization {
#define TSCOPE_SERIALIZATION_ENUM(name, id) TSCOPE_SERIALIZATION_##name,
    TSCOPE_FOREACH_SERIALIZATION(TSCOPE_SERIALIZATION_ENUM)
#undef TSCOPE_SERIALIZATION_ENUM
};

/** What a token is for, as far as its own words tell. X(NAME, "id", "words") */
#define TSCOPE_FOREACH_TOKEN_KIND(X)                                          \
    X(OPAQUE, "opaque", "opaque token")                                       \
    X(JWT, "jwt", "JWT")                                                      \
    X(JWS, "jws", "signed message")                                           \
    X(JWE, "jwe", "encrypted message")                                        \
    X(ENTRA_ACCESS_V1, "entra-access-v1", "Microsoft Entra access token, v1") \
    X(ENTRA_ACCESS_V2, "entra-access-v2", "Microsoft Entra access token, v2") \
    X(ENTRA_ID_V1, "entra-id-v1", "Microsoft Entra ID token, v1")             \
    X(ENTRA_ID_V2, "entra-id-v2", "Microsoft Entra ID token, v2")             \
    X(MSA_ID, "msa-id", "Microsoft account ID token")                         \
    X(MSA_TICKET, "msa-ticket", "Microsoft account compact ticket")           \
    X(MSA_REFRESH, "msa-refresh", "Microsoft account refresh token")          \
    X(ENTRA_REFRESH, "entra-refresh", "Microsoft Entra refresh token")        \
    X(PRT_COOKIE, "prt-cookie", "primary refresh token cookie")               \
    X(SESSION_KEY_JWT, "session-key-jwt", "token signed with a session key")  \
    X(S2S_ACTOR, "s2s-actor", "service-to-service wrapper of an actor token") \
    X(ACS_S2S, "acs-s2s", "access control service token")                     \
    X(MANAGED_IDENTITY, "managed-identity", "managed identity access token")  \
    X(B2C, "b2c", "Azure AD B2C token")                                       \
    X(ADFS, "adfs", "AD FS token")                                            \
    X(BOTFRAMEWORK, "botframework", "Bot Framework token")                    \
    X(OIDC_ID, "oidc-id", "OpenID Connect ID token")                          \
    X(OAUTH_ACCESS, "oauth-access", "OAuth access token")                     \
    X(AT_JWT, "at+jwt", "OAuth access token (RFC 9068)")                      \
    X(DPOP, "dpop", "DPoP proof")                                             \
    X(CLIENT_ASSERTION, "client-assertion", "client assertion")               \
    X(SD_JWT, "sd-jwt", "selective disclosure JWT")                           \
    X(LOGOUT, "logout", "OpenID Connect logout token")

enum tscope_token_kind {
#define TSCOPE_TOKEN_KIND_ENUM(name, id, words) TSCOPE_KIND_##name,
    TSCOPE_FOREACH_TOKEN_KIND(TSCOPE_TOKEN_KIND_ENUM)
#undef TSCOPE_TOKEN_KIND_ENUM
};

/** A parsed token. Immutable once parsed, so that threads may share it. */
typedef struct tscope_token tscope_token;

/**
 * Parses a token as found: JWS or JWE in compact (RFC 7515 section 7.1, RFC 7516 section 7.1), flattened or general JSON
 * serialisation (section 7.2), SD-JWT, or an opaque token. Transport around it (white space, quotes, "Authorization: Bearer",
 * a cookie or parameter name, an OAuth token response) is taken off and noted; damage inside (white space, folding,
 * percent-encoding, invisible characters, padding) is read through and listed.
 *
 * A malformed token is no failure: what can be read is kept.
 *
 * @param input      the bytes as found, copied; any bytes, not NUL-terminated
 * @param input_len  bytes, at most TSCOPE_INPUT_MAX
 * @param ret_token  on success, the caller's to release with tscope_token_free()
 * @param err        on failure, what and where; may be NULL
 * @return TSCOPE_OK, TSCOPE_ERR_TOO_LARGE, TSCOPE_ERR_DATA (there is nothing in it that could be a token) or TSCOPE_ERR_NO_MEMORY
 */
TSCOPE_MUST_USE enum tscope_status tscope_token_parse(const uint8_t *input, size_t input_len, tscope_token **ret_token,
                                                      struct tscope_error *err);

/** Where one of several tokens stands in what was captured. Fixed for the soname. */
struct tscope_capture {
    size_t offset, len;           /**< bytes: the token with the name, quotes or scheme before it; for a member the whole text */
    size_t line, column;          /**< of the first byte, both from 0; columns in code points */
    unsigned member;              /**< of a token response: its number, from 1 on, among the members that are tokens; else 0 */
    size_t with_offset, with_len; /**< of the access token that came with a DPoP proof in one request; 0, 0: none */
    bool is_cookie;               /**< it stands in a Cookie or Set-Cookie field */
    void *reserved[2];            /**< NULL */
};

/** The tokens of one captured text. */
typedef struct tscope_captures tscope_captures;

/**
 * Finds the tokens of one captured text: the members of a token response, the pairs of a cookie field, a query or a form, the
 * fields of a request, lines or words of a file. One and the same token in two places is two. A JSON serialisation is one token,
 * for which none is listed: with fewer than two the text is better given to tscope_inspect() as a whole, which reads through
 * damage that would hide a token here.
 *
 * @param ret_captures  in the order of the text; the caller's to release with tscope_captures_free()
 * @return TSCOPE_OK, TSCOPE_ERR_TOO_LARGE or TSCOPE_ERR_NO_MEMORY
 */
TSCOPE_MUST_USE enum tscope_status tscope_captures_find(const uint8_t *bytes, size_t bytes_len, tscope_captures **ret_captures,
                                                        struct tscope_error *err);
void tscope_captures_free(tscope_captures *captures); /**< NULL is allowed */
size_t tscope_captures_len(const tscope_captures *captures);
/** Lives as long as captures; NULL past the end. */
const struct tscope_capture *tscope_captures_at(const tscope_captures *captures, size_t number);

/**
 * The same as tscope_token_parse() for one of the tokens of a text.
 *
 * @param bytes    the whole text that the capture was found in
 * @param capture  NULL: the text holds one token
 * @return as tscope_token_parse(), or TSCOPE_ERR_ARGUMENT when the capture lies outside the text
 */
TSCOPE_MUST_USE enum tscope_status tscope_token_parse_capture(const uint8_t *bytes, size_t bytes_len, const struct tscope_capture *capture,
                                                              tscope_token **ret_token, struct tscope_error *err);

/** Releases a token, and with it every view taken from it. NULL is allowed. */
void tscope_token_free(tscope_token *token);

enum tscope_serialization tscope_token_serialization(const tscope_token *token);
enum tscope_token_kind tscope_token_kind(const tscope_token *token);

/** "jws-compact"… Static. */
const char *tscope_serialization_id(enum tscope_serialization serialization);
/** "entra-access-v2"… Static. */
const char *tscope_token_kind_id(enum tscope_token_kind kind);
/** The kind in words. Static. */
const char *tscope_token_kind_text(enum tscope_token_kind kind);

enum {
    TSCOPE_DECODE_REVEAL = 1, /**< signatures and other secret-bearing parts whole; else cut */
    TSCOPE_DECODE_PRETTY = 2, /**< JSON with line ends and two spaces an indent */
};

/**
 * What is inside, as JSON ("schema": "tokenscope.decode/1"): serialisation, kind, header, claims, lengths, damage, nested tokens.
 *
 * @param ret_json  NUL-terminated, the caller's to release with tscope_string_free(); ret_len may be NULL
 * @return TSCOPE_OK or TSCOPE_ERR_NO_MEMORY
 */
TSCOPE_MUST_USE enum tscope_status tscope_token_json(const tscope_token *token, unsigned flags, char **ret_json, size_t *ret_len,
                                                     struct tscope_error *err);

/** Releases a string that the library handed out. NULL is allowed. */
void tscope_string_free(char *string);

#ifdef __cplusplus
}
#endif

#endif
