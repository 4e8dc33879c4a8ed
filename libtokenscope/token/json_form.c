/* SPDX-License-Identifier: Apache-2.0 */
#include "token/json_form.h"

#include "core/error.h"
#include "token/part.h"
#include "token/signature_presence.h"

static bool
is_type(const struct tscope_value *value, enum tscope_json_type type)
{
    return value && value->type == type;
}

static bool
has(const struct tscope_json *json, const char *name, enum tscope_json_type type)
{
    return is_type(tscope_json_member(json, tscope_json_root(json), name), type);
}

enum tscope_serialization
tscope_json_form_of(const struct tscope_json *json)
{
    bool payload = has(json, "payload", TSCOPE_JSON_STRING), protected = has(json, "protected", TSCOPE_JSON_STRING);

    if (!is_type(tscope_json_root(json), TSCOPE_JSON_OBJECT))
        return TSCOPE_SERIALIZATION_OPAQUE;
    /* RFC 7516 section 9: a JWE has a ciphertext, a JWS a payload, though it may be detached */
    if (!payload && has(json, "ciphertext", TSCOPE_JSON_STRING))
        return has(json, "recipients", TSCOPE_JSON_ARRAY) ? TSCOPE_SERIALIZATION_JWE_GENERAL : TSCOPE_SERIALIZATION_JWE_FLATTENED;
    if (has(json, "signatures", TSCOPE_JSON_ARRAY))
        return TSCOPE_SERIALIZATION_JWS_GENERAL;
    if (has(json, "signature", TSCOPE_JSON_STRING) && (payload || protected || has(json, "header", TSCOPE_JSON_OBJECT)))
        return TSCOPE_SERIALIZATION_JWS_FLATTENED;
    return payload && protected ? TSCOPE_SERIALIZATION_JWS_FLATTENED : TSCOPE_SERIALIZATION_OPAQUE;
}

/* The characters of a string; where value is none, the part is absent. */
static enum tscope_status
take_characters(struct tscope_token *token, const struct tscope_value *value, struct tscope_part *part, struct tscope_error *err)
{
    if (!is_type(value, TSCOPE_JSON_STRING))
        return TSCOPE_OK;
    part->form = tscope_json_string(&token->container, value, token->arena);
    if (!part->form.data)
        return tscope_error_no_memory(err);
    part->offset = value->start + 1;
    part->len = value->len - (value->flags & TSCOPE_VALUE_OPEN ? 1 : 2);
    return TSCOPE_OK;
}

static enum tscope_status
find_characters(struct tscope_token *token, const struct tscope_value *object, const char *name, struct tscope_part *part,
                struct tscope_error *err)
{
    return take_characters(token, tscope_json_member(&token->container, object, name), part, err);
}

static enum tscope_status
fill_part(struct tscope_token *token, const struct tscope_value *object, const char *name, enum tscope_part_id id, struct tscope_part *part,
          struct tscope_error *err)
{
    enum tscope_status status = find_characters(token, object, name, part, err);

    return status == TSCOPE_OK && part->form.data ? tscope_part_decode(token, part, id, err) : status;
}

static const struct tscope_value *
object_member(const struct tscope_json *json, const struct tscope_value *object, const char *name)
{
    const struct tscope_value *value = tscope_json_member(json, object, name);

    return is_type(value, TSCOPE_JSON_OBJECT) ? value : NULL;
}

static enum tscope_status
fill_header(struct tscope_token *token, const struct tscope_value *object, struct tscope_token_signature *signature,
            struct tscope_error *err)
{
    enum tscope_status status = fill_part(token, object, "protected", TSCOPE_PART_HEADER, &signature->protected_part, err);

    if (status != TSCOPE_OK || !signature->protected_part.form.data)
        return status;
    return tscope_part_read_header(token, signature, err);
}

static enum tscope_status
fill_signature(struct tscope_token *token, const struct tscope_value *object, struct tscope_token_signature *signature,
               struct tscope_error *err)
{
    enum tscope_status status = fill_header(token, object, signature, err);

    signature->unprotected = object_member(&token->container, object, "header");
    if (status == TSCOPE_OK)
        status = fill_part(token, object, "signature", TSCOPE_PART_SIGNATURE, &signature->signature, err);
    if (status == TSCOPE_OK)
        signature->presence = tscope_signature_presence_of(signature);
    return status;
}

static enum tscope_status
fill_recipient(struct tscope_token *token, const struct tscope_value *object, struct tscope_token_signature *recipient,
               struct tscope_error *err)
{
    const struct tscope_value *root = tscope_json_root(&token->container);

    recipient->unprotected = object_member(&token->container, object, "header");
    if (!recipient->unprotected)
        recipient->unprotected = object_member(&token->container, root, "unprotected");
    if (recipient == token->signatures) {
        enum tscope_status status = fill_header(token, root, recipient, err);

        if (status != TSCOPE_OK)
            return status;
    } else { /* all recipients share it */
        recipient->protected_part = token->signatures[0].protected_part;
        recipient->header = token->signatures[0].header;
        memcpy(recipient->slots, token->signatures[0].slots, sizeof(recipient->slots));
    }
    return fill_part(token, object, "encrypted_key", TSCOPE_PART_KEY, &recipient->signature, err);
}

typedef enum tscope_status (*fill_function)(struct tscope_token *token, const struct tscope_value *object,
                                            struct tscope_token_signature *signature, struct tscope_error *err);

/* The elements of an array, or the root itself in a flattened form. */
static enum tscope_status
fill_signatures(struct tscope_token *token, const char *array_name, fill_function fill, struct tscope_error *err)
{
    const struct tscope_json *json = &token->container;
    const struct tscope_value *root = tscope_json_root(json), *array = tscope_json_member(json, root, array_name);
    bool general = is_type(array, TSCOPE_JSON_ARRAY);
    const struct tscope_value *object = general ? tscope_json_first(json, array) : root;

    token->signatures_total = general ? array->count : 1;
    token->signatures_len = token->signatures_total < TSCOPE_SIGNATURES_MAX ? token->signatures_total : TSCOPE_SIGNATURES_MAX;
    token->signatures = tscope_arena_zeroed(token->arena, token->signatures_len, sizeof(*token->signatures));
    if (!token->signatures)
        return tscope_error_no_memory(err);
    for (uint32_t i = 0; i < token->signatures_len; i++) {
        enum tscope_status status = fill(token, object, &token->signatures[i], err);

        if (status != TSCOPE_OK)
            return status;
        object = general ? tscope_json_next(json, object) : NULL;
    }
    return TSCOPE_OK;
}

/* What is no string cannot be read as one, and is counted alone. */
static enum tscope_status
add_disclosures(struct tscope_token *token, const struct tscope_value *array, struct tscope_error *err)
{
    const struct tscope_value *value = is_type(array, TSCOPE_JSON_ARRAY) ? tscope_json_first(&token->container, array) : NULL;
    uint32_t most = array->count < TSCOPE_DISCLOSURES_MAX ? array->count : TSCOPE_DISCLOSURES_MAX;

    token->disclosures_total = is_type(array, TSCOPE_JSON_ARRAY) ? array->count : 1;
    token->disclosures = tscope_arena_zeroed(token->arena, most, sizeof(*token->disclosures));
    if (!token->disclosures)
        return tscope_error_no_memory(err);
    for (; value && token->disclosures_len < most; value = tscope_json_next(&token->container, value)) {
        struct tscope_part *part = &token->disclosures[token->disclosures_len];
        enum tscope_status status = take_characters(token, value, part, err);

        if (status == TSCOPE_OK && part->form.data) {
            token->disclosures_len++;
            status = tscope_part_decode(token, part, TSCOPE_PART_DISCLOSURE, err);
        }
        if (status != TSCOPE_OK)
            return status;
    }
    return TSCOPE_OK;
}

/* RFC 9901 section 8.1: members of the unprotected header, in the general form of the first one (section 8.3). */
static enum tscope_status
read_shown(struct tscope_token *token, struct tscope_error *err)
{
    enum tscope_status status = TSCOPE_OK;

    for (uint32_t i = 0; i < token->signatures_len && status == TSCOPE_OK; i++) {
        const struct tscope_value *header = token->signatures[i].unprotected;
        const struct tscope_value *array = tscope_json_member(&token->container, header, "disclosures");
        const struct tscope_value *proof = tscope_json_member(&token->container, header, "kb_jwt");
        struct tscope_part part = {.offset = 0};

        if (i > 0 && (array || proof))
            token->shown_elsewhere = true;
        if (i > 0)
            continue;
        if (array)
            status = add_disclosures(token, array, err);
        if (status == TSCOPE_OK && proof) {
            status = take_characters(token, proof, &part, err);
            token->holder_proof = part.form.data ? part.form : TSCOPE_SPAN("");
        }
    }
    return status;
}

static bool
has_signature(const struct tscope_token *token)
{
    for (uint32_t i = 0; i < token->signatures_len; i++) {
        if (token->signatures[i].signature.form.len > 0)
            return true;
    }
    return false;
}

static enum tscope_status
read_jws(struct tscope_token *token, struct tscope_error *err)
{
    const struct tscope_value *root = tscope_json_root(&token->container);
    bool general = token->serialization == TSCOPE_SERIALIZATION_JWS_GENERAL, unencoded;
    enum tscope_status status = fill_signatures(token, general ? "signatures" : "", fill_signature, err);

    if (status == TSCOPE_OK)
        status = read_shown(token, err);
    if (status == TSCOPE_OK)
        status = find_characters(token, root, "payload", &token->payload, err);
    if (status != TSCOPE_OK)
        return status;
    token->detached = token->payload.form.len == 0 && has_signature(token);
    unencoded = token->signatures_len > 0 && token->signatures[0].b64_false;
    if (unencoded) {
        token->payload.decoded = token->payload.form;
        token->payload.clean = true;
    } else if (token->payload.form.data) {
        status = tscope_part_decode(token, &token->payload, TSCOPE_PART_PAYLOAD, err);
    }
    if (status != TSCOPE_OK || token->detached || !token->payload.form.data)
        return status;
    return tscope_part_read_claims(token, err);
}

static enum tscope_status
read_jwe(struct tscope_token *token, struct tscope_error *err)
{
    const struct tscope_value *root = tscope_json_root(&token->container);
    struct {
        const char *name;
        enum tscope_part_id id;
        struct tscope_part *part;
    } parts[] = {
        {"iv", TSCOPE_PART_IV, &token->iv},
        {"ciphertext", TSCOPE_PART_CIPHERTEXT, &token->ciphertext},
        {"tag", TSCOPE_PART_TAG, &token->tag},
        {"aad", TSCOPE_PART_AAD, &token->aad},
    };
    bool general = token->serialization == TSCOPE_SERIALIZATION_JWE_GENERAL;
    enum tscope_status status = fill_signatures(token, general ? "recipients" : "", fill_recipient, err);

    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]) && status == TSCOPE_OK; i++)
        status = fill_part(token, root, parts[i].name, parts[i].id, parts[i].part, err);
    return status;
}

enum tscope_status
tscope_json_form_read(struct tscope_token *token, struct tscope_error *err)
{
    bool is_jwe = token->serialization == TSCOPE_SERIALIZATION_JWE_FLATTENED || token->serialization == TSCOPE_SERIALIZATION_JWE_GENERAL;

    return is_jwe ? read_jwe(token, err) : read_jws(token, err);
}
