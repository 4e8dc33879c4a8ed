/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/token_record.h"

#include "audit/join.h"
#include "audit/read_row.h"
#include "core/base64url.h"
#include "core/error.h"
#include "core/text.h"
#include "core/time.h"

static bool
is_token_byte(uint8_t byte)
{
    return (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9') || byte == '-' || byte == '_' ||
           byte == '.' || byte == '+' || byte == '/' || byte == '=';
}

/* The payload of the first run of three parts that begins like a header. */
static struct tscope_span
find_payload(struct tscope_span text)
{
    size_t at = tscope_text_find(text, TSCOPE_SPAN("eyJ")), end;
    const uint8_t *first, *second;

    if (at == SIZE_MAX)
        return (struct tscope_span){NULL, 0};
    for (end = at; end < text.len && is_token_byte(text.data[end]);)
        end++;
    first = memchr(text.data + at, '.', end - at);
    if (!first)
        return (struct tscope_span){NULL, 0};
    second = memchr(first + 1, '.', (size_t)(text.data + end - (first + 1)));
    return tscope_span_of(first + 1, (size_t)((second ? second : text.data + end) - (first + 1)));
}

static int64_t
time_claim(const struct tscope_row *row, const char *name)
{
    int64_t time = tscope_row_integer(row, name, 0);

    return time > 0 ? time : TSCOPE_TIME_NONE;
}

static bool
contains_guid(struct tscope_span text, struct tscope_span guid)
{
    for (size_t at = 0; at + guid.len <= text.len; at++) {
        if (tscope_text_equal_fold(tscope_span_of(text.data + at, guid.len), guid))
            return true;
    }
    return false;
}

/*
 * The identity provider stands in a token when it is not the issuer: the user's home is elsewhere. Tokens of applications name their own
 * tenant in it, in a form of its own, so that it is the tenant that counts. Of the tenant of personal accounts live.com is the provider.
 */
static bool
is_of_other_provider(const struct tscope_row *row)
{
    struct tscope_span provider = tscope_row_text(row, "idp"), issuer = tscope_row_text(row, "iss"), tenant = tscope_row_text(row, "tid");

    if (!provider.data || (issuer.data && tscope_text_equal_fold(provider, issuer)))
        return false;
    if (!tenant.data || !tscope_text_is_guid(tenant, NULL))
        return issuer.data != NULL;
    return !contains_guid(provider, tenant) && !tscope_text_equal_fold(tenant, TSCOPE_SPAN(TSCOPE_CONSUMER_TENANT));
}

static bool
has_guest_name(const struct tscope_row *row)
{
    static const char *const names[] = {"upn", "unique_name", "preferred_username"};

    if (tscope_row_is(row, "tid", TSCOPE_CONSUMER_TENANT))
        return false;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (tscope_record_is_guest_name(tscope_row_text(row, names[i])))
            return true;
    }
    return false;
}

/*
 * Other providers have claims of these names too: a GUID that they call tid is no tenant whose sign-ins Entra logs. Who states no issuer,
 * as rows of a table do, is taken at the word of the tid.
 */
static bool
is_of_foreign_issuer(const struct tscope_row *row)
{
    static const char *const hosts[] = {"login.microsoftonline.com", "login.microsoftonline.us", "login.partner.microsoftonline.cn",
                                        "sts.windows.net",           "sts.chinacloudapi.cn",     "login.windows.net",
                                        "sts.windows-ppe.net",       "login.windows-ppe.net"};
    static const char *const ends[] = {".b2clogin.com", ".ciamlogin.com"};
    struct tscope_span issuer = tscope_row_text(row, "iss"), host;
    size_t at = issuer.data ? tscope_text_find(issuer, TSCOPE_SPAN("://")) : SIZE_MAX;

    if (at == SIZE_MAX)
        return false;
    host = tscope_span_of(issuer.data + at + 3, issuer.len - at - 3);
    at = tscope_text_find(host, TSCOPE_SPAN("/"));
    host.len = at != SIZE_MAX ? at : host.len;
    for (size_t i = 0; i < TSCOPE_COUNT(hosts); i++) {
        if (tscope_text_equal_fold(host, tscope_span_text(hosts[i])))
            return false;
    }
    for (size_t i = 0; i < TSCOPE_COUNT(ends); i++) {
        struct tscope_span end = tscope_span_text(ends[i]);

        if (host.len > end.len && tscope_text_equal_fold(tscope_span_of(host.data + host.len - end.len, end.len), end))
            return false;
    }
    return true;
}

void
tscope_token_record_claims(const struct tscope_json *json, const struct tscope_value *object, struct tscope_arena *arena,
                           struct tscope_record *ret_record)
{
    bool no_memory = false;
    const struct tscope_row row = {json, object, arena, &no_memory};

    *ret_record = (struct tscope_record){.flags = TSCOPE_RECORD_TOKEN, .time = TSCOPE_TIME_NONE, .count = 1};
    ret_record->iat = time_claim(&row, "iat");
    tscope_record_set_uti(ret_record, tscope_row_text(&row, "uti"));
    ret_record->oid = tscope_row_text(&row, "oid");
    if (!is_of_foreign_issuer(&row))
        ret_record->token_tenant = tscope_row_text(&row, "tid");
    ret_record->token_app = tscope_row_first_text(&row, "appid", "azp");
    ret_record->session = tscope_row_text(&row, "sid");
    ret_record->user = tscope_row_first_text(&row, "upn", "preferred_username", "unique_name");
    ret_record->operation = TSCOPE_SPAN("token");
    if (tscope_row_is(&row, "acct", "1") || is_of_other_provider(&row) || has_guest_name(&row))
        ret_record->flags |= TSCOPE_RECORD_GUEST;
    if (tscope_row_is(&row, "idtyp", "app"))
        ret_record->flags |= TSCOPE_RECORD_APP_ONLY;
}

enum tscope_status
tscope_token_record(struct tscope_span text, struct tscope_arena *arena, struct tscope_record *ret_record, bool *ret_is_token,
                    struct tscope_error *err)
{
    struct tscope_span payload = find_payload(text);
    struct tscope_json *json;
    size_t flaws, len;
    uint8_t *bytes;
    enum tscope_status status;

    *ret_is_token = false;
    if (!payload.data || payload.len == 0)
        return TSCOPE_OK;
    bytes = tscope_arena_alloc(arena, tscope_base64url_bound(payload.len));
    json = tscope_arena_zeroed(arena, 1, sizeof(*json));
    if (!bytes || !json)
        return tscope_error_no_memory(err);
    len = tscope_base64url_decode_tolerant(payload.data, payload.len, bytes, NULL, 0, &flaws);
    status = tscope_json_read(json, arena, bytes, len, TSCOPE_JSON_LIMITS_TOKEN, err);
    if (status != TSCOPE_OK || !json->readable || tscope_json_root(json)->type != TSCOPE_JSON_OBJECT)
        return status;
    tscope_token_record_claims(json, tscope_json_root(json), arena, ret_record);
    *ret_is_token = true;
    return TSCOPE_OK;
}
