/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include <cjose/cjose.h>
#include <jansson.h>

#include "peer.h"

static const struct peer_data *given;
static cjose_jwk_t *own;
static struct {
    cjose_jwk_t *key;
    const char *kid;
} keys[PEER_KEYS];

const char *
peer_open(const struct peer_data *data)
{
    json_t *set = json_loads(data->jwks, 0, NULL), *jwk;
    cjose_err err;
    size_t i;

    given = data;
    if (strcmp(data->alg, "EdDSA") == 0)
        return "cjose has no EdDSA";
    own = cjose_jwk_import(data->jwk, strlen(data->jwk), &err);
    json_array_foreach(json_object_get(set, "keys"), i, jwk)
    {
        char *text = json_dumps(jwk, 0);

        keys[i].key = cjose_jwk_import(text, strlen(text), &err);
        if (!keys[i].key)
            return "cjose does not take a key of the set";
        keys[i].kid = cjose_jwk_get_kid(keys[i].key, &err);
        free(text);
    }
    json_decref(set);
    return own ? NULL : "cjose does not take the key";
}

static bool
verify_signature(size_t number)
{
    cjose_err err;
    cjose_jws_t *jws = cjose_jws_import(given->tokens[number], given->token_lens[number], &err);
    bool ok = jws && cjose_jws_verify(jws, own, &err);

    cjose_jws_release(jws);
    return ok;
}

static bool
judge_claims(cjose_jws_t *jws)
{
    cjose_err err;
    uint8_t *payload;
    size_t payload_len;
    json_t *claims;
    const char *iss, *aud;
    bool ok;

    if (!cjose_jws_get_plaintext(jws, &payload, &payload_len, &err))
        return false;
    claims = json_loadb((const char *)payload, payload_len, 0, NULL);
    iss = json_string_value(json_object_get(claims, "iss"));
    aud = json_string_value(json_object_get(claims, "aud"));
    ok = json_integer_value(json_object_get(claims, "exp")) > PEER_NOW && iss && strncmp(iss, PEER_ISSUER, strlen(PEER_ISSUER)) == 0 &&
         aud && strncmp(aud, PEER_AUDIENCE, strlen(PEER_AUDIENCE)) == 0;
    json_decref(claims);
    return ok;
}

static bool
verify_full(size_t number)
{
    cjose_err err;
    cjose_jws_t *jws = cjose_jws_import(given->tokens[number], given->token_lens[number], &err);
    const char *kid = jws ? cjose_header_get(cjose_jws_get_protected(jws), CJOSE_HDR_KID, &err) : NULL;
    bool ok = false;

    for (size_t i = 0; kid && i < PEER_KEYS; i++) {
        if (strcmp(keys[i].kid, kid) == 0) {
            ok = cjose_jws_verify(jws, keys[i].key, &err) && judge_claims(jws);
            break;
        }
    }
    cjose_jws_release(jws);
    return ok;
}

bool (*const peer_signature)(size_t number) = verify_signature;
bool (*const peer_full)(size_t number) = verify_full;
