/* SPDX-License-Identifier: Apache-2.0 */
#include "token/part.h"

#include "core/error.h"
#include "token/damage.h"
#include "token/header_memory.h"
#include "token/place.h"

static enum tscope_damage_kind
damage_of(enum tscope_base64_flaw_kind kind)
{
    switch (kind) {
    case TSCOPE_BASE64_PADDING:
        return TSCOPE_DAMAGE_PADDING;
    case TSCOPE_BASE64_ALPHABET:
        return TSCOPE_DAMAGE_ALPHABET;
    case TSCOPE_BASE64_WHITESPACE:
        return TSCOPE_DAMAGE_WHITESPACE;
    case TSCOPE_BASE64_FOREIGN:
        return TSCOPE_DAMAGE_FOREIGN;
    case TSCOPE_BASE64_SPARE_BITS:
        return TSCOPE_DAMAGE_SPARE_BITS;
    case TSCOPE_BASE64_LENGTH:
        return TSCOPE_DAMAGE_LENGTH;
    }
    return TSCOPE_DAMAGE_FOREIGN;
}

static enum tscope_status
note_flaw(struct tscope_token *token, const struct tscope_part *part, enum tscope_part_id id, const struct tscope_base64_flaw *flaw,
          struct tscope_error *err)
{
    struct tscope_damage damage = {.kind = damage_of(flaw->kind), .part = (uint32_t)id};

    tscope_place_characters(token, part, flaw->offset, flaw->len, &damage.offset, &damage.len);
    if (token->form_places) {
        damage.form_offset = (size_t)(part->form.data - token->form.data) + flaw->offset;
        damage.form_len = flaw->len;
    } else { /* of a string that was unescaped, its characters as they stand */
        damage.form_offset = damage.offset;
        damage.form_len = damage.len;
    }
    return tscope_damage_note(token, damage, err);
}

enum tscope_status
tscope_part_decode(struct tscope_token *token, struct tscope_part *part, enum tscope_part_id id, struct tscope_error *err)
{
    uint8_t *decoded = tscope_arena_alloc(token->arena, tscope_base64url_bound(part->form.len));
    struct tscope_base64_flaw flaws[TSCOPE_DAMAGE_MAX];
    size_t flaws_len, decoded_len;

    if (!decoded)
        return tscope_error_no_memory(err);
    part->clean = tscope_base64url_decode(part->form.data, part->form.len, decoded, &decoded_len);
    if (part->clean) {
        part->decoded = tscope_span_of(decoded, decoded_len);
        return TSCOPE_OK;
    }
    decoded_len = tscope_base64url_decode_tolerant(part->form.data, part->form.len, decoded, flaws, TSCOPE_DAMAGE_MAX, &flaws_len);
    part->decoded = tscope_span_of(decoded, decoded_len);
    for (size_t i = 0; i < flaws_len && i < TSCOPE_DAMAGE_MAX; i++) {
        enum tscope_status status = note_flaw(token, part, id, &flaws[i], err);

        if (status != TSCOPE_OK)
            return status;
    }
    if (flaws_len > TSCOPE_DAMAGE_MAX)
        token->damage_total += (uint32_t)(flaws_len - TSCOPE_DAMAGE_MAX);
    return TSCOPE_OK;
}

/* RFC 7797 section 6: b64 counts only when crit demands it. */
static bool
says_b64_false(const struct tscope_token_signature *signature)
{
    const struct tscope_value *b64 = signature->slots[TSCOPE_HEADER_B64], *crit = signature->slots[TSCOPE_HEADER_CRIT];

    if (!b64 || b64->type != TSCOPE_JSON_FALSE || !crit || crit->type != TSCOPE_JSON_ARRAY)
        return false;
    for (const struct tscope_value *name = tscope_json_first(&signature->header, crit); name;
         name = tscope_json_next(&signature->header, name)) {
        if (tscope_json_string_is(&signature->header, name, "b64"))
            return true;
    }
    return false;
}

enum tscope_status
tscope_part_read_header(struct tscope_token *token, struct tscope_token_signature *signature, struct tscope_error *err)
{
    const struct tscope_span text = signature->protected_part.decoded;
    enum tscope_status status;

    if (!token->headers || !tscope_header_recall(token->headers, text, token->arena, signature)) {
        status = tscope_json_read(&signature->header, token->arena, text.data, text.len, TSCOPE_JSON_LIMITS_TOKEN, err);
        if (status != TSCOPE_OK)
            return status;
        tscope_header_slots(&signature->header, tscope_json_root(&signature->header), signature->slots);
        if (token->headers)
            tscope_header_remember(token->headers, signature);
    }
    signature->b64_false = says_b64_false(signature);
    return TSCOPE_OK;
}

/* What is cut keeps the members in front of the cut; a brace that no member follows is that of another language. */
static bool
is_claims_set(const struct tscope_json *json)
{
    const struct tscope_value *root = tscope_json_root(json);

    if (!root || root->type != TSCOPE_JSON_OBJECT)
        return false;
    if (json->readable || root->count > 0)
        return true;
    for (uint32_t i = 0; i < json->flaws_len; i++) {
        if (json->flaws[i].kind == TSCOPE_JSON_FLAW_TRUNCATED)
            return true;
    }
    return false;
}

enum tscope_status
tscope_part_read_claims(struct tscope_token *token, struct tscope_error *err)
{
    const struct tscope_span text = token->payload.decoded;
    enum tscope_status status = tscope_json_read(&token->claims, token->arena, text.data, text.len, TSCOPE_JSON_LIMITS_TOKEN, err);

    if (status != TSCOPE_OK)
        return status;
    token->claims_root = is_claims_set(&token->claims) ? tscope_json_root(&token->claims) : NULL;
    tscope_claim_slots(&token->claims, token->claims_root, token->slots);
    return TSCOPE_OK;
}
