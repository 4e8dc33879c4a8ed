/* SPDX-License-Identifier: Apache-2.0 */
#include "token/kind.h"

#include "core/text.h"

#define GUID_LEN 36

/* Whole issuers with the tenant left out: what an attacker's host could contain is no sign of anything. */
static const struct entra_issuer {
    struct tscope_span before, after;
    enum tscope_issuer_shape shape;
} entra_issuers[] = {
#define ENTRA_ISSUER(before, after, shape)                                                                    \
    {                                                                                                         \
        {(const uint8_t *)(before), sizeof(before) - 1}, {(const uint8_t *)(after), sizeof(after) - 1}, shape \
    }
    ENTRA_ISSUER("https://sts.windows.net/", "/", TSCOPE_ISSUER_ENTRA_V1),
    ENTRA_ISSUER("https://login.microsoftonline.com/", "/v2.0", TSCOPE_ISSUER_ENTRA_V2),
    ENTRA_ISSUER("https://login.microsoftonline.com/", "/v1.1", TSCOPE_ISSUER_ENTRA_V1),
    ENTRA_ISSUER("https://login.microsoftonline.us/", "/v2.0", TSCOPE_ISSUER_ENTRA_V2),
    ENTRA_ISSUER("https://login.partner.microsoftonline.cn/", "/v2.0", TSCOPE_ISSUER_ENTRA_V2),
    ENTRA_ISSUER("https://sts.chinacloudapi.cn/", "/", TSCOPE_ISSUER_ENTRA_V1),
    ENTRA_ISSUER("https://login.windows-ppe.net/", "/v2.0", TSCOPE_ISSUER_ENTRA_V2),
    ENTRA_ISSUER("https://sts.windows-ppe.net/", "/", TSCOPE_ISSUER_ENTRA_V1),
#undef ENTRA_ISSUER
};

static struct tscope_span
behind(struct tscope_span text, size_t offset)
{
    return tscope_span_of(text.data + offset, text.len - offset);
}

static bool
take(struct tscope_span *text, struct tscope_span prefix)
{
    if (!tscope_text_starts_with(*text, prefix))
        return false;
    *text = behind(*text, prefix.len);
    return true;
}

static bool
take_guid(struct tscope_span *text, struct tscope_span *ret_guid)
{
    *ret_guid = tscope_span_of(text->data, GUID_LEN);
    if (text->len < GUID_LEN || !tscope_text_is_guid(*ret_guid, NULL))
        return false;
    *text = behind(*text, GUID_LEN);
    return true;
}

/* Takes a run of letters, digits and the other bytes named; its length. */
static size_t
take_label(struct tscope_span *text, const char *others)
{
    size_t len = 0;

    for (; len < text->len; len++) {
        uint8_t c = text->data[len];
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');

        if (!plain && (c == 0 || !strchr(others, c)))
            break;
    }
    *text = behind(*text, len);
    return len;
}

static bool
is_entra(struct tscope_span iss, enum tscope_issuer_shape *ret_shape, bool *ret_consumer)
{
    const struct tscope_span consumer = TSCOPE_SPAN("9188040d-6c67-4c5b-b112-36a304b66dad");

    for (size_t i = 0; i < TSCOPE_COUNT(entra_issuers); i++) {
        struct tscope_span rest = iss, tenant;

        if (!take(&rest, entra_issuers[i].before) || !take_guid(&rest, &tenant) || !tscope_span_equal(rest, entra_issuers[i].after))
            continue;
        *ret_shape = entra_issuers[i].shape;
        *ret_consumer = tscope_text_equal_fold(tenant, consumer);
        return true;
    }
    return false;
}

static bool
is_b2c(struct tscope_span iss)
{
    struct tscope_span guid;
    bool of_policy;

    if (!take(&iss, TSCOPE_SPAN("https://")) || take_label(&iss, "-") == 0 || !take(&iss, TSCOPE_SPAN(".b2clogin.com/")))
        return false;
    of_policy = take(&iss, TSCOPE_SPAN("tfp/"));
    if (!take_guid(&iss, &guid) || (of_policy && (!take(&iss, TSCOPE_SPAN("/")) || take_label(&iss, "-_") == 0)))
        return false;
    return tscope_span_is(iss, "/v2.0/");
}

/* A farm has a name of its own, so the path is all there is to know one by. */
static bool
is_adfs(struct tscope_span iss)
{
    if (!take(&iss, TSCOPE_SPAN("https://")) && !take(&iss, TSCOPE_SPAN("http://")))
        return false;
    if (take_label(&iss, "-.:") == 0)
        return false;
    return tscope_span_is(iss, "/adfs") || tscope_span_is(iss, "/adfs/services/trust");
}

static bool
is_service(struct tscope_span iss)
{
    struct tscope_span guid;

    return take_guid(&iss, &guid) && take(&iss, TSCOPE_SPAN("@")) && take_guid(&iss, &guid) && iss.len == 0;
}

enum tscope_issuer_shape
tscope_issuer_shape_of(struct tscope_span iss, bool *ret_consumer)
{
    enum tscope_issuer_shape shape;

    *ret_consumer = false;
    if (!iss.data)
        return TSCOPE_ISSUER_OTHER;
    if (is_entra(iss, &shape, ret_consumer))
        return shape;
    if (tscope_span_is(iss, "https://api.botframework.com") || tscope_span_is(iss, "https://api.botframework.us"))
        return TSCOPE_ISSUER_BOTFRAMEWORK;
    if (is_b2c(iss))
        return TSCOPE_ISSUER_B2C;
    if (is_adfs(iss))
        return TSCOPE_ISSUER_ADFS;
    if (is_service(iss))
        return TSCOPE_ISSUER_SERVICE;
    return TSCOPE_ISSUER_OTHER;
}

bool
tscope_audience_is_service(struct tscope_span audience)
{
    return audience.len > 37 && audience.data[audience.len - 37] == '@' &&
           tscope_text_is_guid(tscope_span_of(audience.data + audience.len - 36, 36), NULL);
}

bool
tscope_audience_is_access_control(struct tscope_span audience)
{
    return tscope_text_starts_with(audience, TSCOPE_SPAN("00000001-0000-0000-c000-000000000000/accounts.accesscontrol."));
}

bool
tscope_audience_is_token_endpoint(struct tscope_span audience)
{
    enum tscope_issuer_shape shape;
    bool consumer;

    if (tscope_text_starts_with(audience, TSCOPE_SPAN("https://")) && tscope_text_ends_with(audience, TSCOPE_SPAN("/token")))
        return true;
    shape = tscope_issuer_shape_of(audience, &consumer);
    return shape == TSCOPE_ISSUER_ENTRA_V1 || shape == TSCOPE_ISSUER_ENTRA_V2;
}
