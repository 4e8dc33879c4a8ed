/* SPDX-License-Identifier: Apache-2.0 */
#include "inspect/unseal.h"

#include "core/error.h"

bool
tscope_is_sealed(const struct tscope_token *token)
{
    return token->serialization == TSCOPE_SERIALIZATION_JWE_COMPACT || token->serialization == TSCOPE_SERIALIZATION_JWE_FLATTENED ||
           token->serialization == TSCOPE_SERIALIZATION_JWE_GENERAL;
}

/* Some text with dots is no token: one has a header that can be read, whatever "cty" says (RFC 7519 section 5.2). */
static bool
is_token(const struct tscope_token *inner)
{
    return inner->serialization != TSCOPE_SERIALIZATION_OPAQUE && inner->signatures_len > 0 && inner->signatures[0].header.readable;
}

static enum tscope_status
take_token(struct tscope_token *token, struct tscope_span plaintext, size_t input_max, struct tscope_arena *arena, bool *ret_taken,
           struct tscope_error *err)
{
    struct tscope_token_nested *nested = tscope_arena_zeroed(arena, 1, sizeof(*nested));
    struct tscope_error nothing = {0};
    enum tscope_status status;

    *ret_taken = false;
    if (!nested)
        return tscope_error_no_memory(err);
    nested->token = tscope_arena_zeroed(arena, 1, sizeof(*nested->token));
    if (!nested->token)
        return tscope_error_no_memory(err);
    status = tscope_token_read(nested->token, arena, plaintext, input_max, &nothing);
    if (status == TSCOPE_ERR_NO_MEMORY)
        return tscope_error_no_memory(err);
    if (status != TSCOPE_OK || !is_token(nested->token))
        return TSCOPE_OK;
    nested->token->depth = token->depth + 1;
    token->nested = nested;
    token->nested_len = token->nested_total = 1;
    *ret_taken = true;
    return TSCOPE_OK;
}

/* Its places all lead to the ciphertext: there is nothing closer in the evidence. */
static enum tscope_status
take_claims(struct tscope_token *token, struct tscope_span plaintext, struct tscope_arena *arena, struct tscope_error *err)
{
    struct tscope_json claims;
    const struct tscope_value *root;
    enum tscope_status status = tscope_json_read(&claims, arena, plaintext.data, plaintext.len, TSCOPE_JSON_LIMITS_TOKEN, err);

    if (status != TSCOPE_OK)
        return status;
    root = tscope_json_root(&claims);
    if (!claims.readable || !root || root->type != TSCOPE_JSON_OBJECT)
        return TSCOPE_OK;
    token->payload = (struct tscope_part){.offset = token->ciphertext.offset, .decoded = plaintext, .clean = true};
    token->claims = claims;
    token->claims_root = tscope_json_root(&token->claims);
    tscope_claim_slots(&token->claims, token->claims_root, token->slots);
    return TSCOPE_OK;
}

enum tscope_status
tscope_unseal(const struct tscope_decrypter *decrypter, struct tscope_token *token, size_t input_max, struct tscope_arena *arena,
              struct tscope_decryption *ret_decryption, struct tscope_error *err)
{
    enum tscope_status status = tscope_decrypt_token(decrypter, token, arena, ret_decryption, err);
    bool taken;

    if (status != TSCOPE_OK || ret_decryption->status != TSCOPE_DECRYPTION_DECRYPTED)
        return status;
    status = take_token(token, ret_decryption->plaintext, input_max, arena, &taken, err);
    return status == TSCOPE_OK && !taken ? take_claims(token, ret_decryption->plaintext, arena, err) : status;
}
