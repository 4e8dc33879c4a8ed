/* SPDX-License-Identifier: Apache-2.0 */
#include "core/alloc.h"
#include "core/error.h"
#include "keys/history_read.h"
#include "keys/jwk.h"

static const struct {
    const char *name;
    size_t offset;
} members[] = {
    {"kty", offsetof(struct tscope_jwk, kty)},       {"crv", offsetof(struct tscope_jwk, crv)},
    {"n", offsetof(struct tscope_jwk, n)},           {"e", offsetof(struct tscope_jwk, e)},
    {"x", offsetof(struct tscope_jwk, x)},           {"y", offsetof(struct tscope_jwk, y)},
    {"kid", offsetof(struct tscope_jwk, kid)},       {"x5t", offsetof(struct tscope_jwk, x5t)},
    {"issuer", offsetof(struct tscope_jwk, issuer)}, {"cloud_instance_name", offsetof(struct tscope_jwk, cloud_instance_name)},
};

static struct tscope_jwk
view_jwk(const json_t *object)
{
    struct tscope_jwk jwk = {0};

    for (size_t i = 0; i < TSCOPE_COUNT(members); i++) {
        struct tscope_span *text = (struct tscope_span *)(void *)((char *)&jwk + members[i].offset);

        *text = tscope_history_view_text(json_object_get(object, members[i].name));
    }
    jwk.x5c = tscope_history_view_text(json_array_get(json_object_get(object, "x5c"), 0));
    return jwk;
}

static enum tscope_status
hash_key(struct tscope_history_reader *reader, struct tscope_history_key *row, uint32_t number)
{
    enum tscope_status status = TSCOPE_OK;
    struct tscope_span text;

    tscope_buffer_reset(&reader->canonical);
    if (!tscope_jwk_canonical(&row->numbers, &reader->canonical))
        return tscope_history_refuse(reader, "keys", number, "a jwk without the numbers of its type");
    if (reader->canonical.failed)
        return tscope_error_no_memory(reader->err);
    if (!reader->verifier)
        status = tscope_verifier_new(reader->crypto, &reader->verifier, reader->err);
    text = tscope_span_of(reader->canonical.data, reader->canonical.len);
    if (status == TSCOPE_OK)
        status = tscope_verifier_digest(reader->verifier, TSCOPE_DIGEST_SHA256, &text, 1, row->thumbprint, reader->err);
    return status;
}

/* A certificate that speaks of another key would lend that key its dates. */
static enum tscope_status
check_same(struct tscope_history_reader *reader, const struct tscope_key_numbers *numbers, const struct tscope_key_numbers *certified,
           uint32_t number)
{
    struct tscope_buffer a = {0}, b = {0};
    bool written = tscope_jwk_canonical(numbers, &a) && tscope_jwk_canonical(certified, &b);
    bool failed = a.failed || b.failed;
    bool equal = written && tscope_span_equal(tscope_span_of(a.data, a.len), tscope_span_of(b.data, b.len));

    tscope_buffer_clear(&a);
    tscope_buffer_clear(&b);
    if (failed)
        return tscope_error_no_memory(reader->err);
    return equal ? TSCOPE_OK : tscope_history_refuse(reader, "keys", number, "a certificate of another key");
}

static enum tscope_status
read_certificate(struct tscope_history_reader *reader, struct tscope_span der, struct tscope_history_key *row, uint32_t number)
{
    struct tscope_certificate *certificate = &row->certificate;
    struct tscope_key_numbers certified;
    enum tscope_status status;

    if (!der.data)
        return TSCOPE_OK;
    if (!tscope_certificate_read(der, certificate, &certified, NULL))
        return tscope_history_refuse(reader, "keys", number, "a certificate that cannot be read");
    if (!tscope_certificate_read(der, certificate, &certified, reader->arena))
        return tscope_error_no_memory(reader->err);
    if (row->numbers.type == TSCOPE_KEY_UNKNOWN)
        row->numbers = certified;
    status = check_same(reader, &row->numbers, &certified, number);
    if (status == TSCOPE_OK)
        status = tscope_crypto_digest(reader->crypto, TSCOPE_DIGEST_SHA1, &certificate->der, 1, certificate->sha1, reader->err);
    if (status == TSCOPE_OK)
        status = tscope_crypto_digest(reader->crypto, TSCOPE_DIGEST_SHA256, &certificate->der, 1, certificate->sha256, reader->err);
    return status;
}

static bool
names_private(const json_t *object)
{
    static const char *const names[] = {"d", "p", "q", "dp", "dq", "qi"};

    for (size_t i = 0; i < TSCOPE_COUNT(names); i++) {
        if (json_object_get(object, names[i]))
            return true;
    }
    return false;
}

static enum tscope_status
read_jwk(struct tscope_history_reader *reader, const json_t *object, struct tscope_history_key *row, uint32_t number)
{
    const json_t *value = json_object_get(object, "jwk"), *certificate = json_object_get(object, "certificate");
    struct tscope_jwk jwk = view_jwk(value);
    struct tscope_span der;
    struct tscope_key key;
    enum tscope_status status;

    if (!json_is_object(value))
        return tscope_history_refuse(reader, "keys", number, "no \"jwk\" object");
    if (certificate && !json_is_null(certificate) && !json_is_string(certificate))
        return tscope_history_refuse(reader, "keys", number, "a certificate that is no string");
    if (json_is_string(certificate))
        jwk.x5c = tscope_history_view_text(certificate);
    if (!tscope_jwk_key(&jwk, reader->arena, &key))
        return tscope_error_no_memory(reader->err);
    der = key.certificate_der;
    if (jwk.x5c.data && !der.data)
        return tscope_history_refuse(reader, "keys", number, "a certificate that is not base64");
    row->kid = key.kid;
    row->x5t = key.x5t;
    row->issuer = key.issuer;
    row->cloud_instance_name = key.cloud_instance_name;
    row->numbers = key.numbers;
    row->has_private = names_private(value);
    if (row->numbers.type == TSCOPE_KEY_OCT)
        return tscope_history_refuse(reader, "keys", number, "a symmetric key");
    status = read_certificate(reader, der, row, number);
    return status == TSCOPE_OK ? hash_key(reader, row, number) : status;
}

static bool
read_cloud(const json_t *value, enum tscope_cloud *ret_cloud)
{
    struct tscope_span text = tscope_history_view_text(value);

    *ret_cloud = TSCOPE_CLOUD_UNKNOWN;
    if (!value || json_is_null(value))
        return true;
    for (int cloud = TSCOPE_CLOUD_UNKNOWN; cloud <= TSCOPE_CLOUD_PRE_PRODUCTION; cloud++) {
        if (text.data && tscope_span_is(text, tscope_cloud_name((enum tscope_cloud)cloud))) {
            *ret_cloud = (enum tscope_cloud)cloud;
            return true;
        }
    }
    return false;
}

bool
tscope_history_family_from(const json_t *object, enum tscope_family_from *ret_from)
{
    static const struct {
        const char *word;
        enum tscope_family_from from;
    } words[] = {
        {"issuer", TSCOPE_FAMILY_FROM_ISSUER}, {"endpoint", TSCOPE_FAMILY_FROM_ENDPOINT}, {"subject", TSCOPE_FAMILY_FROM_SUBJECT},
        {"notice", TSCOPE_FAMILY_FROM_NOTICE}, {"realm", TSCOPE_FAMILY_FROM_CALLER},
    };
    const json_t *value = json_object_get(object, "family_from");
    struct tscope_span text = tscope_history_view_text(value);

    *ret_from = TSCOPE_FAMILY_FROM_NOTHING;
    if (!value || json_is_null(value))
        return true;
    for (size_t i = 0; i < TSCOPE_COUNT(words) && text.data; i++) {
        if (tscope_span_is(text, words[i].word)) {
            *ret_from = words[i].from;
            return true;
        }
    }
    return false;
}

enum tscope_status
tscope_history_read_key(struct tscope_history_reader *reader, const json_t *object, uint32_t number, void *memory)
{
    struct tscope_history_key *row = memory;
    enum tscope_family_from stated;

    row->notice = TSCOPE_HISTORY_NONE;
    if (!json_is_string(json_object_get(object, "id")))
        return tscope_history_refuse(reader, "keys", number, "no \"id\"");
    if (!tscope_history_text(reader, json_object_get(object, "id"), &row->id) ||
        !tscope_history_text(reader, json_object_get(object, "family"), &row->family))
        return tscope_error_no_memory(reader->err);
    if (!read_cloud(json_object_get(object, "cloud"), &row->cloud))
        return tscope_history_refuse(reader, "keys", number, "an unknown cloud");
    if (!tscope_history_family_from(object, &stated)) /* counts once all is read, over what the rest of the file would say */
        return tscope_history_refuse(reader, "keys", number, "an unknown \"family_from\"");
    return read_jwk(reader, object, row, number);
}
