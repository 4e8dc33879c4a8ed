/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/read_row.h"
#include "core/json_writer.h"
#include "core/text.h"
#include "core/time.h"

/*
 * Sign-in logs of Entra in three dressings: Graph (createdDateTime at the top), diagnostic settings (the same under properties, the tenant
 * and the time beside them), Log Analytics (PascalCase, inner values as text, the tenant as AADTenantId; TenantId is the workspace).
 */

static enum tscope_log_category
category_of_words(struct tscope_span words)
{
    static const struct {
        const char *word;
        enum tscope_log_category category;
    } known[] = {
        {"noninteractive", TSCOPE_CATEGORY_NON_INTERACTIVE},
        {"managedidentity", TSCOPE_CATEGORY_MANAGED_IDENTITY},
        {"microsoftserviceprincipal", TSCOPE_CATEGORY_SERVICE},
        {"serviceprincipal", TSCOPE_CATEGORY_SERVICE_PRINCIPAL},
        {"adfs", TSCOPE_CATEGORY_ADFS},
        {"interactive", TSCOPE_CATEGORY_INTERACTIVE},
        {"signinlogs", TSCOPE_CATEGORY_INTERACTIVE},
    };
    char folded[64];
    size_t len = words.len < sizeof(folded) - 1 ? words.len : sizeof(folded) - 1;

    for (size_t i = 0; i < len; i++)
        folded[i] = words.data[i] >= 'A' && words.data[i] <= 'Z' ? (char)(words.data[i] + 32) : (char)words.data[i];
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        if (tscope_text_find(tscope_span_of(folded, len), tscope_span_text(known[i].word)) != SIZE_MAX)
            return known[i].category;
    }
    return TSCOPE_CATEGORY_NONE;
}

/* signInEventTypes: ["nonInteractiveUser"]. */
static enum tscope_log_category
category_of_types(const struct tscope_row *row)
{
    struct tscope_row types = tscope_row_open_list(row, "signInEventTypes");
    const struct tscope_value *first;

    if (!types.object || types.object->type != TSCOPE_JSON_ARRAY)
        return TSCOPE_CATEGORY_NONE;
    first = tscope_json_first(types.json, types.object);
    if (!first || first->type != TSCOPE_JSON_STRING)
        return TSCOPE_CATEGORY_NONE;
    return category_of_words(tscope_json_string(types.json, first, row->arena));
}

static bool
is_user_less(const struct tscope_row *row)
{
    struct tscope_span user = tscope_row_text(row, "userId");
    struct tscope_span principal = tscope_row_text(row, "servicePrincipalId");

    return principal.data && !tscope_guid_is_placeholder(principal) && (!user.data || tscope_guid_is_placeholder(user));
}

static enum tscope_log_category
category_of(const struct tscope_row *outer, const struct tscope_row *row)
{
    enum tscope_log_category category = category_of_types(row);

    if (category == TSCOPE_CATEGORY_NONE)
        category = category_of_words(tscope_row_first_text(outer, "category", "Type"));
    if (category != TSCOPE_CATEGORY_NONE)
        return category;
    if (is_user_less(row)) {
        struct tscope_row identity = tscope_row_open(row, "managedServiceIdentity");
        struct tscope_span kind = identity.object ? tscope_row_text(&identity, "msiType") : (struct tscope_span){NULL, 0};

        return kind.data && !tscope_text_equal_fold(kind, TSCOPE_SPAN("none")) ? TSCOPE_CATEGORY_MANAGED_IDENTITY
                                                                               : TSCOPE_CATEGORY_SERVICE_PRINCIPAL;
    }
    if (tscope_row_has(row, "isInteractive"))
        return tscope_row_true(row, "isInteractive") ? TSCOPE_CATEGORY_INTERACTIVE : TSCOPE_CATEGORY_NON_INTERACTIVE;
    return TSCOPE_CATEGORY_NONE;
}

/* A number other than 0, in any of the places where it stands. */
static bool
has_failed(const struct tscope_row *outer, const struct tscope_row *row)
{
    struct tscope_row status = tscope_row_open(row, "status");
    struct tscope_span code = status.object ? tscope_row_text(&status, "errorCode") : (struct tscope_span){NULL, 0};

    if (!code.data)
        code = tscope_row_first_text(outer, "ResultType", "Signinerrorcode");
    if (!code.data)
        code = tscope_row_text(row, "Status"); /* the portal's CSV */
    if (!code.data)
        return false;
    return !tscope_span_is(code, "0") && !tscope_text_equal_fold(code, TSCOPE_SPAN("Success")) &&
           !tscope_text_equal_fold(code, TSCOPE_SPAN("None"));
}

static struct tscope_span
guid_or_nothing(struct tscope_span text)
{
    return text.data && tscope_text_is_guid(text, NULL) && !tscope_guid_is_placeholder(text) ? text : (struct tscope_span){NULL, 0};
}

/* Whoever is of another tenant than the resource: a guest, or somebody who supports or administers it. */
static bool
is_cross_tenant(const struct tscope_row *row, struct tscope_record *record)
{
    struct tscope_span type = tscope_row_text(row, "crossTenantAccessType");

    if (!type.data || tscope_text_equal_fold(type, TSCOPE_SPAN("none")) || tscope_text_equal_fold(type, TSCOPE_SPAN("unknownFutureValue")))
        return false;
    record->flags |= TSCOPE_RECORD_GUEST;
    if (tscope_text_equal_fold(type, TSCOPE_SPAN("serviceProvider")) || tscope_text_equal_fold(type, TSCOPE_SPAN("microsoftSupport")))
        record->flags |= TSCOPE_RECORD_PARTNER;
    return true;
}

/*
 * The tenant that the token is for. The log's own tenant counts where the row does not say, and as the guest's home; where it may be the
 * home, a sign-in into another tenant does not tell which one. The home alone tells whose log it may be, but nothing of the token: an
 * application of several tenants has its home elsewhere.
 */
static void
read_tenants(const struct tscope_row *outer, const struct tscope_row *row, struct tscope_record *record)
{
    struct tscope_span resource = guid_or_nothing(tscope_row_text(row, "resourceTenantId"));
    struct tscope_span log = guid_or_nothing(tscope_row_text(outer, "AADTenantId"));
    bool is_cross = is_cross_tenant(row, record);

    if (!log.data && record->format == TSCOPE_LOG_SIGN_IN_DIAGNOSTIC)
        log = guid_or_nothing(tscope_row_text(outer, "tenantId"));
    record->home_tenant = guid_or_nothing(tscope_row_text(row, "homeTenantId"));
    record->tenant = log.data ? log : resource.data ? resource : record->home_tenant;
    record->token_tenant = resource.data ? resource : log;
    if (is_cross && !resource.data && (!record->home_tenant.data || tscope_text_equal_fold(record->home_tenant, record->tenant)))
        record->token_tenant = (struct tscope_span){NULL, 0};
    if (record->home_tenant.data && record->token_tenant.data && !tscope_text_equal_fold(record->home_tenant, record->token_tenant))
        record->flags |= TSCOPE_RECORD_GUEST;
}

static void
read_identity(const struct tscope_row *row, struct tscope_record *record)
{
    if (record->category == TSCOPE_CATEGORY_SERVICE_PRINCIPAL || record->category == TSCOPE_CATEGORY_MANAGED_IDENTITY) {
        record->flags |= TSCOPE_RECORD_APP_ONLY;
        record->user = tscope_row_first_text(row, "servicePrincipalName", "Serviceprincipalname");
        record->oid = tscope_row_first_text(row, "servicePrincipalId", "ServiceprincipalID");
        return;
    }
    record->user = tscope_row_first_text(row, "userPrincipalName", "Username");
    record->oid = tscope_row_first_text(row, "userId", "UserID");
    if (tscope_row_is(row, "userType", "guest") || tscope_record_is_guest_name(record->user))
        record->flags |= TSCOPE_RECORD_GUEST;
}

void
tscope_read_sign_in(const struct tscope_row *outer, struct tscope_record *record)
{
    struct tscope_row properties = record->format == TSCOPE_LOG_SIGN_IN_DIAGNOSTIC ? tscope_row_open(outer, "properties") : *outer;
    const struct tscope_row *row = &properties;
    struct tscope_span uti;

    record->category = category_of(outer, row);
    record->flags |= has_failed(outer, row) ? TSCOPE_RECORD_FAILED : TSCOPE_RECORD_ISSUE;
    record->time = tscope_row_time(row, "createdDateTime");
    if (record->time == TSCOPE_TIME_NONE)
        record->time = tscope_row_time(outer, "DateUTC");
    if (record->time == TSCOPE_TIME_NONE)
        record->time = tscope_row_time(outer, record->format == TSCOPE_LOG_SIGN_IN_DIAGNOSTIC ? "time" : "TimeGenerated");
    record->id = tscope_row_first_text(row, "id", "RequestID");
    record->request = tscope_row_text(row, "originalRequestId");
    uti = tscope_row_first_text(row, "uniqueTokenIdentifier", "Uniquetokenidentifier");
    if (!uti.data) /* older exports leave it out: the id of the request is the token's, that of the first of several may be another's */
        uti = record->id.data ? record->id : record->request;
    tscope_record_set_uti(record, uti);
    record->operation = TSCOPE_SPAN("SignIn");
    record->app = tscope_row_first_text(row, "appId", "ApplicationID");
    record->resource = tscope_row_first_text(row, "resourceId", "ResourceIdentity");
    record->address = tscope_row_first_text(row, "ipAddress", "IPaddress");
    if (!record->address.data)
        record->address = tscope_row_text(outer, "callerIpAddress");
    record->session = tscope_row_text(row, "sessionId");
    record->client = tscope_row_text(row, "userAgent");
    read_tenants(outer, row, record);
    read_identity(row, record);
}
