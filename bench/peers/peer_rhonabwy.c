/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include <rhonabwy.h>

#include "peer.h"

static const struct peer_data *given;
static jwk_t *own;
static jwks_t *set;

const char *
peer_open(const struct peer_data *data)
{
    given = data;
    if (r_global_init() != RHN_OK || r_jwk_init(&own) != RHN_OK || r_jwks_init(&set) != RHN_OK ||
        r_jwk_import_from_json_str(own, data->jwk) != RHN_OK || r_jwks_import_from_json_str(set, data->jwks) != RHN_OK)
        return "rhonabwy does not take the keys";
    return NULL;
}

static bool
judge_claims(jwt_t *jwt)
{
    const char *iss = r_jwt_get_claim_str_value(jwt, "iss"), *aud = r_jwt_get_claim_str_value(jwt, "aud");

    return r_jwt_get_claim_int_value(jwt, "exp") > PEER_NOW && iss && strncmp(iss, PEER_ISSUER, strlen(PEER_ISSUER)) == 0 && aud &&
           strncmp(aud, PEER_AUDIENCE, strlen(PEER_AUDIENCE)) == 0;
}

static bool
verify(size_t number, bool is_full)
{
    jwt_t *jwt = NULL;
    jwk_t *key = NULL;
    bool ok =
        r_jwt_init(&jwt) == RHN_OK && r_jwt_parsen(jwt, given->tokens[number], given->token_lens[number], R_FLAG_IGNORE_REMOTE) == RHN_OK;

    if (ok && is_full) {
        key = r_jwks_get_by_kid(set, r_jwt_get_header_str_value(jwt, "kid"));
        ok = key && r_jwt_verify_signature(jwt, key, R_FLAG_IGNORE_REMOTE) == RHN_OK && judge_claims(jwt);
        r_jwk_free(key);
    } else if (ok) {
        ok = r_jwt_verify_signature(jwt, own, R_FLAG_IGNORE_REMOTE) == RHN_OK;
    }
    r_jwt_free(jwt);
    return ok;
}

static bool
verify_signature(size_t number)
{
    return verify(number, false);
}

static bool
verify_full(size_t number)
{
    return verify(number, true);
}

bool (*const peer_signature)(size_t number) = verify_signature;
bool (*const peer_full)(size_t number) = verify_full;
