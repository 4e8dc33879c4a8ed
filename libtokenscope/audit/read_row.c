/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/read_row.h"

#include "core/text.h"

void
tscope_record_set_uti(struct tscope_record *record, struct tscope_span text)
{
    switch (tscope_token_id_read(text, record->uti)) {
    case TSCOPE_TOKEN_ID_BYTES_READ:
        record->has_uti = true;
        break;
    case TSCOPE_TOKEN_ID_PLACEHOLDER:
        record->flags |= TSCOPE_RECORD_PLACEHOLDER;
        break;
    case TSCOPE_TOKEN_ID_OTHER:
        record->flags |= TSCOPE_RECORD_ODD_ID;
        break;
    case TSCOPE_TOKEN_ID_NONE:
        return;
    }
    record->uti_text = text;
}

bool
tscope_record_is_guest_name(struct tscope_span name)
{
    static const char *const providers[] = {"live.com#", "google.com#", "facebook.com#", "mail#"};

    for (size_t i = 0; name.data && i < sizeof(providers) / sizeof(providers[0]); i++) {
        if (tscope_text_starts_with_fold(name, tscope_span_text(providers[i])))
            return true;
    }
    for (size_t at = 0; name.data && at + 5 <= name.len; at++) { /* sign-in logs write it in small letters */
        if (name.data[at] == '#' && tscope_text_equal_fold(tscope_span_of(name.data + at, 5), TSCOPE_SPAN("#EXT#")))
            return true;
    }
    return false;
}

static bool
ends_with_fold(struct tscope_span text, const char *suffix)
{
    struct tscope_span end = tscope_span_text(suffix);

    return text.len >= end.len && tscope_text_equal_fold(tscope_span_of(text.data + text.len - end.len, end.len), end);
}

static bool
is_unified(const struct tscope_row *row)
{
    return tscope_row_has(row, "CreationTime") && tscope_row_has(row, "Operation") &&
           (tscope_row_has(row, "RecordType") || tscope_row_has(row, "Workload"));
}

static enum tscope_log_format
recognize_diagnostic(const struct tscope_row *row, struct tscope_row *ret_inner)
{
    struct tscope_span category = tscope_row_text(row, "category");
    struct tscope_row properties = tscope_row_open(row, "properties");

    if (!category.data || !properties.object)
        return TSCOPE_LOG_NONE;
    *ret_inner = *row; /* tenant and result stand beside the properties */
    if (ends_with_fold(category, "SignInLogs"))
        return TSCOPE_LOG_SIGN_IN_DIAGNOSTIC;
    if (tscope_text_equal_fold(category, TSCOPE_SPAN("MicrosoftGraphActivityLogs")))
        return TSCOPE_LOG_GRAPH_ACTIVITY;
    if (tscope_row_has(&properties, "loggedByService") || tscope_row_has(&properties, "activityDateTime") ||
        tscope_row_has(&properties, "initiatedBy") || tscope_text_equal_fold(category, TSCOPE_SPAN("AuditLogs")))
        return TSCOPE_LOG_DIRECTORY_AUDIT;
    return TSCOPE_LOG_NONE;
}

/* A table of Log Analytics names itself in Type; other exports leave that out. */
static enum tscope_log_format
recognize_table(const struct tscope_row *row)
{
    struct tscope_span type = tscope_row_text(row, "Type");

    if (!type.data)
        return TSCOPE_LOG_NONE;
    if (tscope_text_equal_fold(type, TSCOPE_SPAN("OfficeActivity")))
        return TSCOPE_LOG_OFFICE_ACTIVITY;
    if (ends_with_fold(type, "SignInLogs"))
        return TSCOPE_LOG_SIGN_IN_ANALYTICS;
    if (tscope_text_equal_fold(type, TSCOPE_SPAN("MicrosoftGraphActivityLogs")))
        return TSCOPE_LOG_GRAPH_ACTIVITY;
    if (tscope_text_equal_fold(type, TSCOPE_SPAN("AuditLogs")))
        return TSCOPE_LOG_DIRECTORY_AUDIT;
    return TSCOPE_LOG_NONE;
}

static enum tscope_log_format
recognize_wrapped(const struct tscope_row *row, struct tscope_row *ret_inner)
{
    struct tscope_row inner = tscope_row_open(row, "AuditData");

    if (inner.object && is_unified(&inner)) {
        *ret_inner = inner;
        if (tscope_row_value(row, "AuditData")->type == TSCOPE_JSON_OBJECT)
            return TSCOPE_LOG_GRAPH_QUERY;
        return tscope_row_has(row, "RecordId") ? TSCOPE_LOG_PURVIEW_CSV : TSCOPE_LOG_SEARCH_CSV;
    }
    inner = tscope_row_open(row, "RawEventData");
    if (inner.object && is_unified(&inner)) {
        *ret_inner = inner;
        return TSCOPE_LOG_CLOUD_APP_EVENTS;
    }
    return TSCOPE_LOG_NONE;
}

static bool
is_sign_in(const struct tscope_row *row)
{
    if (tscope_row_has(row, "createdDateTime"))
        return tscope_row_has(row, "appId") || tscope_row_has(row, "userPrincipalName") || tscope_row_has(row, "servicePrincipalId");
    return tscope_row_has(row, "DateUTC") && tscope_row_has(row, "RequestID"); /* the portal's CSV */
}

static bool
is_google(const struct tscope_row *row)
{
    struct tscope_row id = tscope_row_open(row, "id");

    return id.object && tscope_row_has(&id, "applicationName");
}

enum tscope_log_format
tscope_row_recognize(const struct tscope_row *row, struct tscope_row *ret_inner)
{
    enum tscope_log_format format;

    *ret_inner = *row;
    if (is_unified(row))
        return TSCOPE_LOG_MANAGEMENT;
    format = recognize_wrapped(row, ret_inner);
    if (format == TSCOPE_LOG_NONE)
        format = recognize_diagnostic(row, ret_inner);
    if (format == TSCOPE_LOG_NONE)
        format = recognize_table(row);
    if (format != TSCOPE_LOG_NONE)
        return format;
    *ret_inner = *row;
    if (tscope_row_has(row, "OfficeWorkload") || (tscope_row_has(row, "OfficeId") && tscope_row_has(row, "Operation")))
        return TSCOPE_LOG_OFFICE_ACTIVITY;
    if (is_sign_in(row))
        return tscope_row_has(row, "TimeGenerated") ? TSCOPE_LOG_SIGN_IN_ANALYTICS : TSCOPE_LOG_SIGN_IN_GRAPH;
    if (tscope_row_has(row, "requestUri") && (tscope_row_has(row, "signInActivityId") || tscope_row_has(row, "requestMethod")))
        return TSCOPE_LOG_GRAPH_ACTIVITY;
    if (tscope_row_has(row, "eventName") && tscope_row_has(row, "eventSource"))
        return TSCOPE_LOG_CLOUDTRAIL;
    if (tscope_row_has(row, "eventType") && (tscope_row_has(row, "actor") || tscope_row_has(row, "actorId")))
        return TSCOPE_LOG_OKTA;
    if (is_google(row))
        return TSCOPE_LOG_GOOGLE;
    if (tscope_row_has(row, "activityDateTime") && (tscope_row_has(row, "loggedByService") || tscope_row_has(row, "activityDisplayName")))
        return TSCOPE_LOG_DIRECTORY_AUDIT;
    return TSCOPE_LOG_NONE;
}

void
tscope_row_read(const struct tscope_row *row, struct tscope_record *record)
{
    switch (record->format) {
    case TSCOPE_LOG_SEARCH_CSV:
    case TSCOPE_LOG_PURVIEW_CSV:
    case TSCOPE_LOG_MANAGEMENT:
    case TSCOPE_LOG_GRAPH_QUERY:
    case TSCOPE_LOG_OFFICE_ACTIVITY:
    case TSCOPE_LOG_CLOUD_APP_EVENTS:
        tscope_read_unified(row, record);
        break;
    case TSCOPE_LOG_SIGN_IN_GRAPH:
    case TSCOPE_LOG_SIGN_IN_DIAGNOSTIC:
    case TSCOPE_LOG_SIGN_IN_ANALYTICS:
        tscope_read_sign_in(row, record);
        break;
    case TSCOPE_LOG_GRAPH_ACTIVITY:
        tscope_read_graph(row, record);
        break;
    case TSCOPE_LOG_DIRECTORY_AUDIT:
        tscope_read_directory(row, record);
        break;
    case TSCOPE_LOG_CLOUDTRAIL:
        tscope_read_cloudtrail(row, record);
        break;
    case TSCOPE_LOG_OKTA:
        tscope_read_okta(row, record);
        break;
    case TSCOPE_LOG_GOOGLE:
        tscope_read_google(row, record);
        break;
    case TSCOPE_LOG_NONE:
    case TSCOPE_LOG_FORMATS:
        break;
    }
}
