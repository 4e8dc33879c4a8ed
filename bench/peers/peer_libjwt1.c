/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include <jwt.h>

#include "peer.h"

/** @file libjwt 1: it has no key sets, and reads the key's PEM each time. */

static const struct peer_data *given;

const char *
peer_open(const struct peer_data *data)
{
    given = data;
    if (strcmp(data->alg, "RS256") != 0 && strcmp(data->alg, "ES256") != 0)
        return "libjwt 1 has no such algorithm";
    return NULL;
}

static bool
verify(size_t number, bool with_claims)
{
    jwt_t *jwt = NULL;
    bool ok = jwt_decode(&jwt, given->tokens[number], (const unsigned char *)given->pem, (int)strlen(given->pem)) == 0;

    if (ok && with_claims) {
        const char *iss = jwt_get_grant(jwt, "iss"), *aud = jwt_get_grant(jwt, "aud");

        ok = jwt_get_grant_int(jwt, "exp") > PEER_NOW && iss && strncmp(iss, PEER_ISSUER, strlen(PEER_ISSUER)) == 0 && aud &&
             strncmp(aud, PEER_AUDIENCE, strlen(PEER_AUDIENCE)) == 0;
    }
    jwt_free(jwt);
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
