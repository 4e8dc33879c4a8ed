/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/read_row.h"
#include "core/text.h"
#include "core/time.h"

/* AWS CloudTrail, Okta's system log, Google Workspace: what they say of tokens. */

/* AWS names the token by the same id where it issues it (GetWebIdentityToken) and where it is used (AssumeRoleWithWebIdentity). */
void
tscope_read_cloudtrail(const struct tscope_row *row, struct tscope_record *record)
{
    struct tscope_row identity = tscope_row_open(row, "userIdentity"), answer = tscope_row_open(row, "responseElements");
    struct tscope_row more = tscope_row_open(row, "additionalEventData");
    struct tscope_span token = {NULL, 0};

    record->category = TSCOPE_CATEGORY_AWS;
    record->flags |= TSCOPE_RECORD_USE;
    record->time = tscope_row_time(row, "eventTime");
    record->id = tscope_row_text(row, "eventID");
    record->operation = tscope_row_text(row, "eventName");
    record->tenant = tscope_row_text(row, "recipientAccountId");
    record->address = tscope_row_text(row, "sourceIPAddress");
    record->client = tscope_row_text(row, "userAgent");
    record->app = tscope_row_text(row, "eventSource");
    if (identity.object) {
        record->user = tscope_row_first_text(&identity, "userName", "arn", "principalId", "invokedBy", "type");
        record->oid = tscope_row_text(&identity, "principalId");
        record->session = tscope_row_text(&identity, "accessKeyId");
        record->token_tenant = tscope_row_text(&identity, "identityProvider");
    }
    if (answer.object) {
        record->client_app = tscope_row_text(&answer, "audience");
        record->mailbox = tscope_row_text(&answer, "subjectFromWebIdentityToken");
        token = tscope_row_text(&answer, "webIdentityTokenId");
    }
    if (!token.data && more.object)
        token = tscope_row_text(&more, "webIdentityTokenId");
    tscope_record_set_uti(record, token);
    if (tscope_row_is(row, "eventName", "GetWebIdentityToken"))
        record->flags = (record->flags & ~(unsigned)TSCOPE_RECORD_USE) | TSCOPE_RECORD_ISSUE;
    if (tscope_row_has(row, "errorCode"))
        record->flags |= TSCOPE_RECORD_FAILED;
}

void
tscope_read_okta(const struct tscope_row *row, struct tscope_record *record)
{
    struct tscope_row actor = tscope_row_open(row, "actor"), client = tscope_row_open(row, "client");
    struct tscope_row context = tscope_row_open(row, "authenticationContext"), agent = tscope_row_open(&client, "userAgent");

    record->category = TSCOPE_CATEGORY_OKTA;
    record->flags |= TSCOPE_RECORD_USE;
    record->time = tscope_row_time(row, "published");
    if (record->time == TSCOPE_TIME_NONE)
        record->time = tscope_row_time(row, "p_event_time");
    record->id = tscope_row_text(row, "uuid");
    record->operation = tscope_row_text(row, "eventType");
    record->user = actor.object ? tscope_row_first_text(&actor, "alternateId", "id") : tscope_row_text(row, "actorId");
    record->oid = actor.object ? tscope_row_text(&actor, "id") : (struct tscope_span){NULL, 0};
    record->address = client.object ? tscope_row_text(&client, "ipAddress") : tscope_row_text(row, "sourceIP");
    record->client = agent.object ? tscope_row_text(&agent, "rawUserAgent") : tscope_row_text(row, "userAgent");
    record->session = context.object ? tscope_row_text(&context, "externalSessionId") : (struct tscope_span){NULL, 0};
    if (record->operation.data && tscope_text_starts_with(record->operation, TSCOPE_SPAN("app.oauth2")) &&
        tscope_text_find(record->operation, TSCOPE_SPAN("token.grant")) != SIZE_MAX)
        record->flags = (record->flags & ~(unsigned)TSCOPE_RECORD_USE) | TSCOPE_RECORD_ISSUE;
}

/* The API has the parameters of an event under "events", exports have them beside the rest. */
void
tscope_read_google(const struct tscope_row *row, struct tscope_record *record)
{
    struct tscope_row id = tscope_row_open(row, "id"), actor = tscope_row_open(row, "actor"), events = tscope_row_open(row, "events");
    const struct tscope_row *event = events.object ? &events : row;
    struct tscope_row parameters = tscope_row_open_list(event, "parameters");
    bool is_list = parameters.object && parameters.object->type == TSCOPE_JSON_ARRAY;

    record->category = TSCOPE_CATEGORY_GOOGLE;
    record->flags |= TSCOPE_RECORD_USE;
    record->time = tscope_row_time(&id, "time");
    record->id = tscope_row_text(&id, "uniqueQualifier");
    record->tenant = tscope_row_text(&id, "customerId");
    record->operation = tscope_row_text(event, "name");
    record->resource = tscope_row_text(&id, "applicationName");
    record->user = actor.object ? tscope_row_first_text(&actor, "email", "profileId") : (struct tscope_span){NULL, 0};
    record->oid = actor.object ? tscope_row_text(&actor, "profileId") : (struct tscope_span){NULL, 0};
    record->address = tscope_row_text(row, "ipAddress");
    if (parameters.object)
        record->client_app = is_list ? tscope_row_property(&parameters, "client_id") : tscope_row_text(&parameters, "client_id");
    if (record->operation.data && tscope_span_is(record->operation, "authorize"))
        record->flags = (record->flags & ~(unsigned)TSCOPE_RECORD_USE) | TSCOPE_RECORD_ISSUE;
}
