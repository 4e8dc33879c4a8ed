/* SPDX-License-Identifier: Apache-2.0 */
#include "core/alloc.h"
#include "core/error.h"
#include "core/text.h"
#include "keys/jwk.h"
#include "keys/ring.h"

#define HISTORY_FORMAT "tokenscope-key-history/1"

/* The unescaped secret of a key is not left behind in memory that is only freed. */
static void
wipe_unescaped(const struct tscope_json *json, struct tscope_span secret)
{
    bool is_view = secret.data >= json->text && secret.data < json->text + json->text_len;

    if (secret.data && !is_view)
        tscope_wipe((void *)(uintptr_t)secret.data, secret.len); /* the scratch arena's: const in the view alone */
}

static enum tscope_status
add_jwk(struct tscope_ring_input *input, const struct tscope_json *json, const struct tscope_value *value)
{
    struct tscope_jwk jwk = {0};
    const struct tscope_span *const secrets[] = {&jwk.k, &jwk.d, &jwk.p, &jwk.q, &jwk.dp, &jwk.dq, &jwk.qi};
    tscope_key key = {0};
    bool made;

    if (value->type == TSCOPE_JSON_OBJECT && !tscope_jwk_read(json, value, &input->scratch, &jwk))
        return tscope_error_no_memory(input->err);
    made = tscope_jwk_key(&jwk, &input->keyring->arena, &key) && tscope_jwk_secret(&jwk, &input->keyring->arena, &key);
    key.form = made ? tscope_jwk_form(&jwk, &key.numbers) : 0;
    for (size_t i = 0; i < TSCOPE_COUNT(secrets); i++)
        wipe_unescaped(json, *secrets[i]);
    if (!made)
        return tscope_error_no_memory(input->err);
    return tscope_ring_append(input, &key, value->start);
}

/* Every entry of a set counts, whatever it is: one that is no key is unusable, not unseen. */
static enum tscope_status
add_set(struct tscope_ring_input *input, const struct tscope_json *json, const struct tscope_value *array)
{
    const struct tscope_value *value;

    if (array->type != TSCOPE_JSON_ARRAY)
        return tscope_error_set(input->err, TSCOPE_ERR_DATA, array->start, "%s: \"keys\" is no array (byte %u)",
                                tscope_ring_name(input->source).text, array->start);
    for (value = tscope_json_first(json, array); value; value = tscope_json_next(json, value)) {
        enum tscope_status status = add_jwk(input, json, value);

        if (status != TSCOPE_OK)
            return status;
    }
    return TSCOPE_OK;
}

/* Base64 of DER, long enough for a certificate: an array that begins so is an x5c chain, whose first one is the key's. */
static bool
is_certificate_text(struct tscope_span text)
{
    return text.data && text.len > 100 && text.data[0] == 'M' && text.data[1] == 'I';
}

static enum tscope_status
add_chain(struct tscope_ring_input *input, struct tscope_span first, size_t offset)
{
    struct tscope_jwk jwk = {.x5c = first};
    tscope_key key = {0};

    if (!tscope_jwk_key(&jwk, &input->keyring->arena, &key))
        return tscope_error_no_memory(input->err);
    return tscope_ring_append(input, &key, offset);
}

static enum tscope_status
add_array(struct tscope_ring_input *input, const struct tscope_json *json, const struct tscope_value *array)
{
    const struct tscope_value *value = tscope_json_first(json, array);

    if (value && value->type == TSCOPE_JSON_STRING) {
        struct tscope_span first = tscope_json_string(json, value, &input->scratch);

        if (!first.data)
            return tscope_error_no_memory(input->err);
        return is_certificate_text(first) ? add_chain(input, first, value->start) : TSCOPE_OK;
    }
    for (; value; value = tscope_json_next(json, value)) {
        enum tscope_status status = tscope_jwk_is(json, value) ? add_jwk(input, json, value) : TSCOPE_OK;

        if (status != TSCOPE_OK)
            return status;
    }
    return TSCOPE_OK;
}

/* RFC 8414 section 2: whose keys these are, unless the caller said so already. */
static enum tscope_status
take_issuer(struct tscope_ring_input *input, const struct tscope_json *json, const struct tscope_value *object)
{
    const struct tscope_value *value = tscope_json_member(json, object, "issuer");
    struct tscope_span issuer;

    if (input->issuer.data || !value || value->type != TSCOPE_JSON_STRING)
        return TSCOPE_OK;
    issuer = tscope_json_string(json, value, &input->scratch);
    if (!issuer.data)
        return tscope_error_no_memory(input->err);
    return tscope_ring_keep(input->keyring, issuer, &input->issuer, input->err);
}

static enum tscope_status
keep_text(struct tscope_ring_input *input, const struct tscope_json *json, const struct tscope_value *value, struct tscope_span *ret_text)
{
    struct tscope_span text;

    if (!value || value->type != TSCOPE_JSON_STRING)
        return TSCOPE_OK;
    text = tscope_json_string(json, value, &input->scratch);
    if (!text.data)
        return tscope_error_no_memory(input->err);
    return tscope_ring_keep(input->keyring, text, ret_text, input->err);
}

/* What the document says of itself is kept beside its keys, to be judged. */
static enum tscope_status
keep_metadata(struct tscope_ring_input *input, const struct tscope_json *json, const struct tscope_value *object, struct tscope_span asked)
{
    struct tscope_ring_metadata *metadata;
    enum tscope_status status;

    if (!tscope_json_member(json, object, "issuer"))
        return TSCOPE_OK;
    metadata = tscope_arena_zeroed(&input->keyring->arena, 1, sizeof(*metadata));
    if (!metadata)
        return tscope_error_no_memory(input->err);
    metadata->source = input->source;
    metadata->asked = asked;
    status = keep_text(input, json, tscope_json_member(json, object, "issuer"), &metadata->issuer);
    if (status == TSCOPE_OK)
        status = keep_text(input, json, tscope_json_member(json, object, "jwks_uri"), &metadata->jwks_uri);
    if (status != TSCOPE_OK || !metadata->issuer.data)
        return status;
    metadata->next = input->keyring->metadata;
    input->keyring->metadata = metadata;
    return TSCOPE_OK;
}

/* "keys" of the object itself, or of its "jwks" (RFC 7591 section 2), or the object as one key. */
static enum tscope_status
add_object(struct tscope_ring_input *input, const struct tscope_json *json, const struct tscope_value *object)
{
    const struct tscope_value *keys = tscope_json_member(json, object, "keys");
    const struct tscope_value *jwks = tscope_json_member(json, object, "jwks");
    const struct tscope_value *uri = tscope_json_member(json, object, "jwks_uri");
    struct tscope_span asked = input->issuer;
    enum tscope_status status;

    if (tscope_json_string_is(json, tscope_json_member(json, object, "format"), HISTORY_FORMAT))
        return tscope_error_set(input->err, TSCOPE_ERR_DATA, object->start, "%s: a key history, not a key set",
                                tscope_ring_name(input->source).text);
    if (!keys && !jwks && !uri)
        return tscope_jwk_is(json, object) ? add_jwk(input, json, object) : TSCOPE_OK;
    status = take_issuer(input, json, object);
    if (status != TSCOPE_OK)
        return status;
    if (!keys && jwks)
        keys = jwks->type == TSCOPE_JSON_OBJECT ? tscope_json_member(json, jwks, "keys") : jwks;
    if (keys)
        status = add_set(input, json, keys);
    else
        input->is_metadata = uri && uri->type == TSCOPE_JSON_STRING && input->issuer.data;
    return status == TSCOPE_OK ? keep_metadata(input, json, object, asked) : status;
}

/* What makes text no JSON at all, as against what readers merely dislike. */
static const struct tscope_json_flaw *
first_refusal(const struct tscope_json *json)
{
    for (uint32_t i = 0; i < json->flaws_len; i++) {
        enum tscope_json_grade grade = tscope_json_flaw_grade(json->flaws[i].kind);

        if (grade == TSCOPE_JSON_FATAL || grade == TSCOPE_JSON_EXTENSION)
            return &json->flaws[i];
    }
    return NULL;
}

/* Text that does not even begin like JSON is called by what it begins with. */
static enum tscope_status
refuse(struct tscope_ring_input *input, const struct tscope_json *json, const struct tscope_json_flaw *flaw)
{
    struct tscope_span trimmed = tscope_text_trim(input->text);
    struct tscope_ring_name name = tscope_ring_name(input->source);
    uint32_t offset = flaw ? flaw->offset : 0;
    enum tscope_json_flaw_kind kind = flaw ? flaw->kind : TSCOPE_JSON_FLAW_SYNTAX;
    size_t start = trimmed.len ? (size_t)(trimmed.data - input->text.data) : 0;

    if (trimmed.len == 0)
        return tscope_error_set(input->err, TSCOPE_ERR_DATA, 0, "%s: not JSON, PEM or DER (empty)", name.text);
    if (kind == TSCOPE_JSON_FLAW_UTF16)
        return tscope_error_set(input->err, TSCOPE_ERR_DATA, offset, "%s: UTF-16 text, which is not read (save it as UTF-8)", name.text);
    if (json->values_len == 0 || offset <= start) {
        struct tscope_ring_name begin = tscope_ring_name(tscope_span_of(trimmed.data, 1));

        return tscope_error_set(input->err, TSCOPE_ERR_DATA, start, "%s: not JSON, PEM or DER (starts with '%s')", name.text, begin.text);
    }
    return tscope_error_set(input->err, TSCOPE_ERR_DATA, offset, "%s: not JSON: %s (byte %u)", name.text, tscope_json_flaw_text(kind),
                            offset);
}

enum tscope_status
tscope_keyset_add_json(struct tscope_ring_input *input)
{
    const struct tscope_json_flaw *flaw;
    const struct tscope_value *root;
    struct tscope_json json;
    enum tscope_status status =
        tscope_json_read(&json, &input->scratch, input->text.data, input->text.len, TSCOPE_JSON_LIMITS_FILE, input->err);

    if (status != TSCOPE_OK)
        return status;
    flaw = first_refusal(&json);
    root = tscope_json_root(&json);
    if (flaw || !json.readable || !root)
        return refuse(input, &json, flaw);
    if (root->type == TSCOPE_JSON_OBJECT)
        return add_object(input, &json, root);
    return root->type == TSCOPE_JSON_ARRAY ? add_array(input, &json, root) : TSCOPE_OK;
}
