/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/read_row.h"
#include "core/json_writer.h"
#include "core/text.h"
#include "core/time.h"

/* MicrosoftGraphActivityLogs: what was done with a token, with the token's own id, time of issue and session. */

#define URI_MAX 2048

static void
write_detail(const struct tscope_row *row, struct tscope_record *record)
{
    struct tscope_buffer buffer = {.arena = row->arena};
    struct tscope_json_writer writer;
    struct tscope_span method = tscope_row_text(row, "requestMethod"), uri = tscope_row_text(row, "requestUri");
    struct tscope_span status = tscope_row_text(row, "responseStatusCode");

    if (!uri.data)
        return;
    uri.len = uri.len < URI_MAX ? uri.len : URI_MAX;
    tscope_json_writer_init(&writer, &buffer, false);
    tscope_json_write_object(&writer);
    if (method.data)
        tscope_json_write_named_string(&writer, "method", method);
    tscope_json_write_named_string(&writer, "uri", uri);
    if (status.data)
        tscope_json_write_named_string(&writer, "status", status);
    tscope_json_write_object_end(&writer);
    record->detail = tscope_buffer_keep(&buffer);
    *row->no_memory = *row->no_memory || !record->detail.data;
}

/*
 * In Log Analytics TenantId is the workspace's, and the tenant is AadTenantId, which a projection may have left out; only diagnostic
 * settings, which have it beside or among the properties, call the tenant tenantId.
 */
static struct tscope_span
tenant_of(const struct tscope_row *outer, const struct tscope_row *row)
{
    struct tscope_span tenant = tscope_row_text(outer, "AadTenantId");

    if (!tenant.data)
        tenant = tscope_row_text(row, "AadTenantId");
    if (!tenant.data && row->object != outer->object)
        tenant = tscope_row_text(outer, "tenantId");
    if (!tenant.data && row->object != outer->object)
        tenant = tscope_row_text(row, "tenantId");
    return tenant;
}

/*
 * ServicePrincipalId is of the application, whoever used it: it is the token's own object id only where the row says that no user was
 * there, by the kind of token or by a UserId that is empty. A UserId that a projection left out says nothing.
 */
static void
read_who(const struct tscope_row *row, struct tscope_record *record)
{
    struct tscope_span user = tscope_row_text(row, "userId"), kind = tscope_row_text(row, "c_idtyp");
    bool has_user = user.data && !tscope_guid_is_placeholder(user);
    bool is_app = kind.data ? tscope_text_equal_fold(kind, TSCOPE_SPAN("app")) : tscope_row_has(row, "userId") && !has_user;

    if (is_app)
        record->flags |= TSCOPE_RECORD_APP_ONLY;
    if (has_user)
        record->oid = user;
    else if (is_app)
        record->oid = tscope_row_text(row, "servicePrincipalId");
}

void
tscope_read_graph(const struct tscope_row *outer, struct tscope_record *record)
{
    struct tscope_row properties = tscope_row_open(outer, "properties");
    const struct tscope_row *row = properties.object && tscope_row_has(&properties, "requestUri") ? &properties : outer;

    record->category = TSCOPE_CATEGORY_GRAPH;
    record->flags |= TSCOPE_RECORD_USE;
    record->time = tscope_row_time(row, "timeGenerated");
    if (record->time == TSCOPE_TIME_NONE)
        record->time = tscope_row_time(outer, "TimeGenerated");
    if (record->time == TSCOPE_TIME_NONE)
        record->time = tscope_row_time(outer, "time");
    record->id = tscope_row_first_text(row, "requestId", "operationId");
    record->operation = tscope_row_text(row, "requestMethod");
    record->app = tscope_row_text(row, "appId");
    record->client_app = record->token_app = record->app;
    record->resource = TSCOPE_SPAN("00000003-0000-0000-c000-000000000000");
    record->address = tscope_row_text(row, "ipAddress");
    if (!record->address.data)
        record->address = tscope_row_text(outer, "callerIpAddress");
    record->session = tscope_row_first_text(row, "c_sid", "sessionId");
    record->client = tscope_row_text(row, "userAgent");
    record->iat = tscope_row_time(row, "tokenIssuedAt");
    tscope_record_set_uti(record, tscope_row_text(row, "signInActivityId"));
    record->tenant = record->token_tenant = tenant_of(outer, row);
    read_who(row, record);
    write_detail(row, record);
}

/* What was changed in the directory: no token id, but who, from where and when. */
void
tscope_read_directory(const struct tscope_row *outer, struct tscope_record *record)
{
    struct tscope_row properties = tscope_row_open(outer, "properties");
    const struct tscope_row *row = properties.object ? &properties : outer;
    struct tscope_row initiator = tscope_row_open(row, "initiatedBy"), actor = tscope_row_open(&initiator, "user");

    record->category = TSCOPE_CATEGORY_DIRECTORY;
    record->flags |= TSCOPE_RECORD_USE;
    record->time = tscope_row_time(row, "activityDateTime");
    if (record->time == TSCOPE_TIME_NONE)
        record->time = tscope_row_time(outer, "time");
    record->id = tscope_row_text(row, "id");
    record->operation = tscope_row_first_text(row, "activityDisplayName", "operationName");
    if (!record->operation.data)
        record->operation = tscope_row_text(outer, "operationName");
    record->user = actor.object ? tscope_row_text(&actor, "userPrincipalName") : (struct tscope_span){NULL, 0};
    record->oid = actor.object ? tscope_row_text(&actor, "id") : (struct tscope_span){NULL, 0};
    record->address = actor.object ? tscope_row_text(&actor, "ipAddress") : (struct tscope_span){NULL, 0};
    if (!record->address.data)
        record->address = tscope_row_text(outer, "callerIpAddress");
    record->tenant = tenant_of(outer, row);
}
