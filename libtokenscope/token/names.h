/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_TOKEN_NAMES_H
#define TSCOPE_TOKEN_NAMES_H

#include "core/json.h"

/**
 * @file The header members and claims that are asked for by name. Each is found once, when the token is parsed, so that a
 * check reads an array.
 */

/* X(NAME, "member") */
#define TSCOPE_FOREACH_HEADER(X) \
    X(ALG, "alg")                \
    X(TYP, "typ")                \
    X(CTY, "cty")                \
    X(KID, "kid")                \
    X(X5T, "x5t")                \
    X(X5T_S256, "x5t#S256")      \
    X(X5C, "x5c")                \
    X(X5U, "x5u")                \
    X(JWK, "jwk")                \
    X(JKU, "jku")                \
    X(CRIT, "crit")              \
    X(B64, "b64")                \
    X(ZIP, "zip")                \
    X(ENC, "enc")                \
    X(EPK, "epk")                \
    X(NONCE, "nonce")            \
    X(CTX, "ctx")                \
    X(KDF_VER, "kdf_ver")        \
    X(URL, "url")                \
    X(P2C, "p2c")                \
    X(P2S, "p2s")                \
    X(IV, "iv")                  \
    X(TAG, "tag")                \
    X(APU, "apu")                \
    X(APV, "apv")

enum tscope_header {
#define TSCOPE_HEADER_ENUM(name, member) TSCOPE_HEADER_##name,
    TSCOPE_FOREACH_HEADER(TSCOPE_HEADER_ENUM)
#undef TSCOPE_HEADER_ENUM
        TSCOPE_HEADER_COUNT
};

#define TSCOPE_FOREACH_CLAIM(X)                 \
    X(ISS, "iss")                               \
    X(SUB, "sub")                               \
    X(AUD, "aud")                               \
    X(EXP, "exp")                               \
    X(NBF, "nbf")                               \
    X(IAT, "iat")                               \
    X(JTI, "jti")                               \
    X(TID, "tid")                               \
    X(OID, "oid")                               \
    X(APPID, "appid")                           \
    X(AZP, "azp")                               \
    X(APPIDACR, "appidacr")                     \
    X(AZPACR, "azpacr")                         \
    X(APP_DISPLAYNAME, "app_displayname")       \
    X(CLIENT_ID, "client_id")                   \
    X(VER, "ver")                               \
    X(UTI, "uti")                               \
    X(RH, "rh")                                 \
    X(AIO, "aio")                               \
    X(SCP, "scp")                               \
    X(SCOPE, "scope")                           \
    X(ROLES, "roles")                           \
    X(WIDS, "wids")                             \
    X(IDP, "idp")                               \
    X(IDTYP, "idtyp")                           \
    X(UPN, "upn")                               \
    X(UNIQUE_NAME, "unique_name")               \
    X(PREFERRED_USERNAME, "preferred_username") \
    X(EMAIL, "email")                           \
    X(NAME, "name")                             \
    X(IPADDR, "ipaddr")                         \
    X(NONCE, "nonce")                           \
    X(AT_HASH, "at_hash")                       \
    X(C_HASH, "c_hash")                         \
    X(S_HASH, "s_hash")                         \
    X(ATH, "ath")                               \
    X(HTM, "htm")                               \
    X(HTU, "htu")                               \
    X(SID, "sid")                               \
    X(ACR, "acr")                               \
    X(AMR, "amr")                               \
    X(AUTH_TIME, "auth_time")                   \
    X(TFP, "tfp")                               \
    X(ACTORTOKEN, "actortoken")                 \
    X(NAMEID, "nameid")                         \
    X(NII, "nii")                               \
    X(XMS_MIRID, "xms_mirid")                   \
    X(XMS_CC, "xms_cc")                         \
    X(CNF, "cnf")                               \
    X(ACT, "act")                               \
    X(EVENTS, "events")                         \
    X(REFRESH_TOKEN, "refresh_token")           \
    X(REQUEST_NONCE, "request_nonce")           \
    X(IS_PRIMARY, "is_primary")                 \
    X(SERVICEURL, "serviceurl")                 \
    X(APPTYPE, "apptype")                       \
    X(AUTHMETHOD, "authmethod")                 \
    X(SD, "_sd")                                \
    X(SD_ALG, "_sd_alg")

enum tscope_claim {
#define TSCOPE_CLAIM_ENUM(name, member) TSCOPE_CLAIM_##name,
    TSCOPE_FOREACH_CLAIM(TSCOPE_CLAIM_ENUM)
#undef TSCOPE_CLAIM_ENUM
        TSCOPE_CLAIM_COUNT
};

const char *tscope_header_name(enum tscope_header header);
const char *tscope_claim_name(enum tscope_claim claim);

/**
 * Fills slots with the first member of each known name of a JSON object; NULL where there is none. Marks all members that have
 * such a name TSCOPE_VALUE_KNOWN. One walk.
 */
void tscope_header_slots(const struct tscope_json *json, const struct tscope_value *object, const struct tscope_value **slots);
void tscope_claim_slots(const struct tscope_json *json, const struct tscope_value *object, const struct tscope_value **slots);

#endif
