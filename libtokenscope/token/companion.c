/* SPDX-License-Identifier: Apache-2.0 */
#include "token/companion.h"

#include "core/alloc.h"
#include "core/text.h"
#include "token/mask.h"
#include "token/signature_presence.h"

#define TAG_LEN_MIN 16 /* bytes of the shortest authentication tag (RFC 7518 sections 5.2 and 5.3) */

static struct tscope_span
alg_of(const struct tscope_token_signature *signature)
{
    const struct tscope_value *alg = signature->slots[TSCOPE_HEADER_ALG];

    if (!alg || alg->type != TSCOPE_JSON_STRING || alg->len < 2 || alg->flags & (TSCOPE_VALUE_ESCAPED | TSCOPE_VALUE_OPEN))
        return (struct tscope_span){NULL, 0};
    return tscope_span_of(signature->header.text + alg->start + 1, alg->len - 2);
}

static enum tscope_companion_state
state_of_signature(const struct tscope_token_signature *signature)
{
    struct tscope_span alg = alg_of(signature);

    if (alg.data && tscope_text_looks_like(alg, "none"))
        return TSCOPE_COMPANION_WHOLE; /* nothing is missing from a token that says it is unsecured */
    switch (signature->presence) {
    case TSCOPE_SIGNATURE_MASKED:
        return TSCOPE_COMPANION_MASKED;
    case TSCOPE_SIGNATURE_EMPTY:
    case TSCOPE_SIGNATURE_ABSENT:
    case TSCOPE_SIGNATURE_CUT:
        return TSCOPE_COMPANION_CUT;
    case TSCOPE_SIGNATURE_PRESENT:
        break;
    }
    /* of an RSA signature the end may be lost and more than the shortest be left */
    return !alg.data || !tscope_signature_is_known(alg) || tscope_signature_may_have_len(alg, signature->signature.decoded.len)
               ? TSCOPE_COMPANION_WHOLE
               : TSCOPE_COMPANION_CUT;
}

static enum tscope_companion_state
state_of_token(const struct tscope_token *token)
{
    switch (token->serialization) {
    case TSCOPE_SERIALIZATION_JWS_COMPACT:
        return token->signatures_len == 1 ? state_of_signature(&token->signatures[0]) : TSCOPE_COMPANION_CUT;
    case TSCOPE_SERIALIZATION_JWE_COMPACT:
        return token->segments < 5 || token->tag.decoded.len < TAG_LEN_MIN ? TSCOPE_COMPANION_CUT : TSCOPE_COMPANION_WHOLE;
    default:
        return TSCOPE_COMPANION_WHOLE;
    }
}

enum tscope_status
tscope_companion_state_of(struct tscope_span text, struct tscope_arena *arena, enum tscope_companion_state *ret_state,
                          struct tscope_error *err)
{
    struct tscope_token token;
    enum tscope_status status;

    *ret_state = TSCOPE_COMPANION_MASKED;
    if (text.len == 0 || tscope_mask_is(text))
        return TSCOPE_OK;
    status = tscope_token_read(&token, arena, text, TSCOPE_INPUT_MAX, err);
    if (status == TSCOPE_ERR_NO_MEMORY)
        return status;
    *ret_state = status == TSCOPE_OK ? state_of_token(&token) : TSCOPE_COMPANION_WHOLE;
    return TSCOPE_OK;
}
