/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include <jwt.h>

#include "peer.h"

/** @file libjwt 3. Its clock cannot be set: so far from now may a token be expired. */

#define LEEWAY (100L * 366 * 86400)

static const struct peer_data *given;
static jwk_set_t *set, *own;
static jwt_checker_t *signature_checker, *full_checker;

/* Called before the signature is looked at: gives the key of the kid, and looks at the claims. */
static int
choose_key(jwt_t *jwt, jwt_config_t *config)
{
    jwt_value_t kid, iss, aud;

    if (jwt_header_get(jwt, jwt_set_GET_STR(&kid, "kid")) != JWT_VALUE_ERR_NONE || !(config->key = jwks_find_bykid(set, kid.str_val)))
        return 1;
    config->alg = jwt_str_alg(given->alg);
    return jwt_claim_get(jwt, jwt_set_GET_STR(&iss, "iss")) != JWT_VALUE_ERR_NONE ||
           jwt_claim_get(jwt, jwt_set_GET_STR(&aud, "aud")) != JWT_VALUE_ERR_NONE ||
           strncmp(iss.str_val, PEER_ISSUER, strlen(PEER_ISSUER)) != 0 || strncmp(aud.str_val, PEER_AUDIENCE, strlen(PEER_AUDIENCE)) != 0;
}

const char *
peer_open(const struct peer_data *data)
{
    given = data;
    set = jwks_create(data->jwks);
    own = jwks_create(data->jwk);
    signature_checker = jwt_checker_new();
    full_checker = jwt_checker_new();
    if (!set || !own || !signature_checker || !full_checker ||
        jwt_checker_setkey(signature_checker, jwt_str_alg(data->alg), jwks_item_get(own, 0)) != 0 ||
        jwt_checker_time_leeway(signature_checker, JWT_CLAIM_EXP, LEEWAY) != 0 ||
        jwt_checker_time_leeway(full_checker, JWT_CLAIM_EXP, LEEWAY) != 0 || jwt_checker_setcb(full_checker, choose_key, NULL) != 0)
        return "libjwt 3 does not take the keys";
    return NULL;
}

static bool
verify_signature(size_t number)
{
    return jwt_checker_verify(signature_checker, given->tokens[number]) == 0;
}

static bool
verify_full(size_t number)
{
    return jwt_checker_verify(full_checker, given->tokens[number]) == 0;
}

bool (*const peer_signature)(size_t number) = verify_signature;
bool (*const peer_full)(size_t number) = verify_full;
