/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/read_row.h"
#include "core/json_writer.h"
#include "core/text.h"
#include "core/time.h"

/*
 * The unified audit log in all its envelopes: the record is the same, and Sentinel's OfficeActivity has it with some names changed and the
 * inner values as text. Times come from the record alone, because the columns around it are written as somebody's computer likes them.
 */

#define OWA_AUTH 275 /* a token for a resource, obtained from Exchange with another token */
#define DETAIL_MAX (48u << 10)

/* Member ids: 2 and 50 for MailItemsAccessed, but the operation's name is what counts. */
static void
read_properties(const struct tscope_row *row, struct tscope_record *record)
{
    struct tscope_row properties = tscope_row_open_list(row, "OperationProperties");
    struct tscope_span access = tscope_row_property(&properties, "MailAccessType"),
                       throttled = tscope_row_property(&properties, "IsThrottled");

    if (access.data && tscope_text_equal_fold(access, TSCOPE_SPAN("Sync")))
        record->flags |= TSCOPE_RECORD_SYNC;
    if (throttled.data && tscope_text_equal_fold(throttled, TSCOPE_SPAN("True")))
        record->flags |= TSCOPE_RECORD_THROTTLED;
}

static void
write_items(struct tscope_json_writer *writer, const struct tscope_row *folder)
{
    struct tscope_row items = tscope_row_open_list(folder, "FolderItems"), item = {0};
    uint64_t left_out = 0;

    tscope_json_write_name(writer, "items");
    tscope_json_write_array(writer);
    while (tscope_row_next(&items, &item)) {
        struct tscope_span id = tscope_row_first_text(&item, "InternetMessageId", "Id");

        if (writer->buffer->len > DETAIL_MAX)
            left_out++;
        else if (id.data)
            tscope_json_write_string(writer, id);
    }
    tscope_json_write_array_end(writer);
    if (left_out > 0)
        tscope_json_write_named_integer(writer, "left_out", (int64_t)left_out);
}

static void
write_folders(struct tscope_json_writer *writer, const struct tscope_row *row)
{
    struct tscope_row folders = tscope_row_open_list(row, "Folders"), folder = {0};

    while (tscope_row_next(&folders, &folder)) {
        struct tscope_span path = tscope_row_text(&folder, "Path");

        if (writer->buffer->len > DETAIL_MAX)
            return;
        tscope_json_write_object(writer);
        if (path.data)
            tscope_json_write_named_string(writer, "folder", path);
        write_items(writer, &folder);
        tscope_json_write_object_end(writer);
    }
}

/* Of a Sync record the folder, of which everything counts as read. */
static void
write_synced(struct tscope_json_writer *writer, const struct tscope_row *row)
{
    struct tscope_row item = tscope_row_open(row, "Item"), parent;
    struct tscope_span path;

    if (!item.object)
        return;
    parent = tscope_row_open(&item, "ParentFolder");
    path = tscope_row_text(&parent, "Path");
    if (!path.data || tscope_text_equal_fold(path, TSCOPE_SPAN("Not Available")))
        path = tscope_row_first_text(&parent, "Name", "Id");
    if (!path.data)
        return;
    tscope_json_write_object(writer);
    tscope_json_write_named_string(writer, "folder", path);
    tscope_json_write_object_end(writer);
}

static void
write_mail_detail(const struct tscope_row *row, struct tscope_record *record)
{
    struct tscope_buffer buffer = {.arena = row->arena};
    struct tscope_json_writer writer;

    tscope_json_writer_init(&writer, &buffer, false);
    tscope_json_write_array(&writer);
    write_folders(&writer, row);
    write_synced(&writer, row);
    tscope_json_write_array_end(&writer);
    if (buffer.len > 2 || buffer.failed)
        record->detail = tscope_buffer_keep(&buffer);
    *row->no_memory = *row->no_memory || buffer.failed;
}

/* Exchange says what was obtained beside what it was obtained with. */
static void
read_owa_token(const struct tscope_row *row, struct tscope_record *record)
{
    struct tscope_buffer buffer = {.arena = row->arena};
    struct tscope_json_writer writer;
    struct tscope_span url = tscope_row_first_text(row, "ResourceURL", "ResourceUrl");

    record->flags |= TSCOPE_RECORD_OWA_TOKEN;
    record->request = tscope_row_first_text(row, "UniqueTokenIdentifier", "UniqueTokenId");
    if (!url.data)
        return;
    record->resource = url;
    tscope_json_writer_init(&writer, &buffer, false);
    tscope_json_write_object(&writer);
    tscope_json_write_named_string(&writer, "token_for", url);
    tscope_json_write_object_end(&writer);
    record->detail = tscope_buffer_keep(&buffer);
    *row->no_memory = *row->no_memory || !record->detail.data;
}

/* What Microsoft calls linkable identifiers: of the token that the request came with. */
static void
read_context(const struct tscope_row *row, struct tscope_record *record)
{
    struct tscope_row context = tscope_row_open(row, "AppAccessContext");

    record->token_tenant = tscope_row_text(row, "TokenTenantId");
    record->oid = tscope_row_text(row, "TokenObjectId");
    if (context.object) {
        tscope_record_set_uti(record, tscope_row_text(&context, "UniqueTokenId"));
        record->iat = tscope_row_time(&context, "IssuedAtTime");
        record->session = tscope_row_text(&context, "AADSessionId");
        record->token_app = tscope_row_text(&context, "ClientAppId");
        record->resource = tscope_row_text(&context, "APIId");
    }
    if (!record->uti_text.data && !(record->flags & (TSCOPE_RECORD_PLACEHOLDER | TSCOPE_RECORD_ODD_ID))) { /* tables made flat */
        tscope_record_set_uti(record, tscope_row_text(row, "UniqueTokenId"));
        if (record->iat == TSCOPE_TIME_NONE)
            record->iat = tscope_row_time(row, "IssuedAtTime");
    }
    if (!record->session.data)
        record->session = tscope_row_first_text(row, "AADSessionId", "SessionId");
}

static struct tscope_span
actor_object_id(const struct tscope_row *row)
{
    struct tscope_row actors = tscope_row_open_list(row, "Actor"), actor = {0};

    while (tscope_row_next(&actors, &actor)) {
        struct tscope_span id = tscope_row_text(&actor, "ID");

        if (id.data && tscope_text_is_guid(id, NULL))
            return id;
    }
    return (struct tscope_span){NULL, 0};
}

static struct tscope_span
tenant_or_nothing(const struct tscope_row *row, const char *name)
{
    struct tscope_span text = tscope_row_text(row, name);

    return text.data && tscope_text_is_guid(text, NULL) && !tscope_guid_is_placeholder(text) ? text : (struct tscope_span){NULL, 0};
}

/* Both the guest's home and the tenant that the guest goes to keep a copy: the actor's tenant is home, the target's is the token's. */
static void
read_logon_tenants(const struct tscope_row *row, struct tscope_record *record)
{
    struct tscope_span home = tenant_or_nothing(row, "ActorContextId"), target = tenant_or_nothing(row, "TargetContextId");

    if (!record->token_tenant.data)
        record->token_tenant = target;
    if (!home.data || !target.data || tscope_text_equal_fold(home, target))
        return;
    record->home_tenant = home;
    record->flags |= TSCOPE_RECORD_GUEST;
}

/* UserLoggedIn: the id of the sign-in's request, which is the token's, is beside the record's own. */
static void
read_logon(const struct tscope_row *row, struct tscope_record *record)
{
    struct tscope_row devices = tscope_row_open_list(row, "DeviceProperties"), extended = tscope_row_open_list(row, "ExtendedProperties");

    record->flags &= ~(unsigned)TSCOPE_RECORD_USE;
    record->flags |= TSCOPE_RECORD_ISSUE;
    if (!record->has_uti)
        tscope_record_set_uti(record, tscope_row_first_text(row, "IntraSystemId", "Id"));
    if (!record->session.data)
        record->session = tscope_row_property(&devices, "SessionId");
    record->app = tscope_row_first_text(row, "ApplicationId", "AppId");
    record->resource = tscope_row_text(row, "ObjectId");
    record->client = tscope_row_property(&extended, "UserAgent");
    if (!record->oid.data)
        record->oid = actor_object_id(row);
    read_logon_tenants(row, record);
}

static bool
is_partner_type(struct tscope_span type)
{
    static const char *const types[] = {"3", "9", "DcAdmin", "DCAdmin", "PartnerTechnician"};

    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
        if (type.data && tscope_span_is(type, types[i]))
            return true;
    }
    return false;
}

/* SharePoint and Teams put the user's object id there; others the id of a mailbox's user, of an application or of no known thing. */
static bool
has_object_id_as_key(const struct tscope_row *row, struct tscope_span type)
{
    static const char *const workloads[] = {"SharePoint", "OneDrive", "MicrosoftTeams"};
    static const char *const principals[] = {"5", "6", "Application", "ServicePrincipal"};

    for (size_t i = 0; type.data && i < sizeof(principals) / sizeof(principals[0]); i++) {
        if (tscope_text_equal_fold(type, tscope_span_text(principals[i])))
            return false;
    }
    for (size_t i = 0; i < sizeof(workloads) / sizeof(workloads[0]); i++) {
        if (tscope_row_is(row, "Workload", workloads[i]) || tscope_row_is(row, "OfficeWorkload", workloads[i]))
            return true;
    }
    return false;
}

static void
read_user(const struct tscope_row *row, struct tscope_record *record)
{
    struct tscope_span type = tscope_row_text(row, "UserType"), key = tscope_row_text(row, "UserKey"), home;

    record->user = tscope_row_text(row, "UserId");
    if (!record->oid.data && key.data && tscope_text_is_guid(key, NULL) && has_object_id_as_key(row, type))
        record->oid = key;
    home = tscope_row_text(row, "ExternalUserTenantId");
    if (home.data && tscope_text_is_guid(home, NULL) && !tscope_guid_is_placeholder(home)) {
        record->home_tenant = home;
        record->flags |= TSCOPE_RECORD_GUEST;
    }
    if (tscope_record_is_guest_name(record->user) ||
        (type.data && (tscope_span_is(type, "10") || tscope_text_equal_fold(type, TSCOPE_SPAN("Guest")))))
        record->flags |= TSCOPE_RECORD_GUEST;
    if (tscope_row_true(row, "ExternalAccess") || is_partner_type(type))
        record->flags |= TSCOPE_RECORD_PARTNER;
}

void
tscope_read_unified(const struct tscope_row *row, struct tscope_record *record)
{
    int64_t type = tscope_row_integer(row, "RecordType", 0);

    record->category = TSCOPE_CATEGORY_AUDIT;
    record->flags |= TSCOPE_RECORD_USE;
    record->time = tscope_row_time(row, "CreationTime");
    if (record->time == TSCOPE_TIME_NONE)
        record->time = tscope_row_time(row, "TimeGenerated");
    record->id = tscope_row_first_text(row, "OfficeId", "Id", "SourceRecordId");
    record->operation = tscope_row_text(row, "Operation");
    record->tenant = tscope_row_first_text(row, "OrganizationId", "OrganizationId_");
    record->address = tscope_row_first_text(row, "ClientIPAddress", "Client_IPAddress", "ActorIpAddress", "ClientIP");
    record->app = tscope_row_text(row, "AppId");
    record->client_app = tscope_row_text(row, "ClientAppId");
    record->client = tscope_row_first_text(row, "ClientInfoString", "UserAgent");
    record->count = (uint32_t)tscope_row_integer(row, "OperationCount", 1);
    record->mailbox = tscope_row_first_text(row, "MailboxOwnerUPN", "MailboxGuid");
    if (record->mailbox.data || tscope_row_is(row, "Workload", "Exchange") || tscope_row_is(row, "OfficeWorkload", "Exchange"))
        record->flags |= TSCOPE_RECORD_EXCHANGE;
    read_context(row, record);
    read_user(row, record);
    if (record->operation.data && tscope_text_starts_with(record->operation, TSCOPE_SPAN("UserLoggedIn")))
        read_logon(row, record);
    if (tscope_row_is(row, "Operation", "UserLoginFailed")) {
        read_logon(row, record);
        record->flags = (record->flags & ~(unsigned)TSCOPE_RECORD_ISSUE) | TSCOPE_RECORD_FAILED;
    }
    if (tscope_row_is(row, "Operation", "MailItemsAccessed")) {
        record->flags |= TSCOPE_RECORD_MAIL;
        read_properties(row, record);
        write_mail_detail(row, record);
    }
    if (type == OWA_AUTH || tscope_row_is(row, "RecordType", "OWAAuth"))
        read_owa_token(row, record);
}
