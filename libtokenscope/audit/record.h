/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_AUDIT_RECORD_H
#define TSCOPE_AUDIT_RECORD_H

#include "audit/address.h"
#include "audit/token_id.h"
#include "core/span.h"

/** @file One row of any log in one shape. */

/* The forms in which logs come: X(NAME, number, "id", "words"). Numbers are stored in cases. */
#define TSCOPE_FOREACH_LOG_FORMAT(X)                                                    \
    X(SEARCH_CSV, 1, "search-unifiedauditlog", "Search-UnifiedAuditLog as CSV")         \
    X(PURVIEW_CSV, 2, "purview-portal", "Purview portal export")                        \
    X(MANAGEMENT, 3, "management-api", "Office 365 Management Activity API")            \
    X(GRAPH_QUERY, 4, "graph-audit-query", "Microsoft Graph security/auditLog/queries") \
    X(OFFICE_ACTIVITY, 5, "office-activity", "Sentinel OfficeActivity")                 \
    X(CLOUD_APP_EVENTS, 6, "cloud-app-events", "Defender CloudAppEvents")               \
    X(SIGN_IN_GRAPH, 7, "sign-ins-graph", "sign-ins of Microsoft Graph or the portal")  \
    X(SIGN_IN_DIAGNOSTIC, 8, "sign-ins-diagnostic", "sign-ins of diagnostic settings")  \
    X(SIGN_IN_ANALYTICS, 9, "sign-ins-log-analytics", "sign-ins of Log Analytics")      \
    X(GRAPH_ACTIVITY, 10, "graph-activity", "MicrosoftGraphActivityLogs")               \
    X(DIRECTORY_AUDIT, 11, "directory-audit", "Entra directory audit")                  \
    X(CLOUDTRAIL, 12, "cloudtrail", "AWS CloudTrail")                                   \
    X(OKTA, 13, "okta", "Okta system log")                                              \
    X(GOOGLE, 14, "google", "Google Workspace activities")

enum tscope_log_format {
    TSCOPE_LOG_NONE = 0,
#define TSCOPE_LOG_FORMAT_ENUM(name, number, id, words) TSCOPE_LOG_##name = number,
    TSCOPE_FOREACH_LOG_FORMAT(TSCOPE_LOG_FORMAT_ENUM)
#undef TSCOPE_LOG_FORMAT_ENUM
        TSCOPE_LOG_FORMATS
};

/* What a row is about: X(NAME, number, "id", "words"). Numbers are stored in cases. */
#define TSCOPE_FOREACH_LOG_CATEGORY(X)                                         \
    X(AUDIT, 1, "audit", "unified audit")                                      \
    X(INTERACTIVE, 2, "interactive", "interactive sign-ins")                   \
    X(NON_INTERACTIVE, 3, "non-interactive", "non-interactive sign-ins")       \
    X(SERVICE_PRINCIPAL, 4, "service-principal", "service principal sign-ins") \
    X(MANAGED_IDENTITY, 5, "managed-identity", "managed identity sign-ins")    \
    X(ADFS, 6, "adfs", "AD FS sign-ins")                                       \
    X(SERVICE, 7, "microsoft-service", "sign-ins of Microsoft's services")     \
    X(GRAPH, 8, "graph", "Graph activity")                                     \
    X(DIRECTORY, 9, "directory", "directory audit")                            \
    X(AWS, 10, "aws", "AWS")                                                   \
    X(OKTA, 11, "okta", "Okta")                                                \
    X(GOOGLE, 12, "google", "Google")

enum tscope_log_category {
    TSCOPE_CATEGORY_NONE = 0,
#define TSCOPE_LOG_CATEGORY_ENUM(name, number, id, words) TSCOPE_CATEGORY_##name = number,
    TSCOPE_FOREACH_LOG_CATEGORY(TSCOPE_LOG_CATEGORY_ENUM)
#undef TSCOPE_LOG_CATEGORY_ENUM
        TSCOPE_CATEGORIES
};

const char *tscope_log_format_id(enum tscope_log_format format);
const char *tscope_log_format_text(enum tscope_log_format format);
const char *tscope_log_category_id(enum tscope_log_category category);
const char *tscope_log_category_text(enum tscope_log_category category);
/** True for the four categories without which nobody can say that a token was never issued. */
bool tscope_log_category_is_needed(enum tscope_log_category category);
/** True for every sign-in log. */
bool tscope_log_category_is_sign_in(enum tscope_log_category category);

enum tscope_record_flags {
    TSCOPE_RECORD_ISSUE = 1,          /* shows that a token was issued */
    TSCOPE_RECORD_USE = 2,            /* shows that one was used, or that something was done */
    TSCOPE_RECORD_FAILED = 4,         /* a sign-in that failed: no token came of it */
    TSCOPE_RECORD_MAIL = 8,           /* MailItemsAccessed */
    TSCOPE_RECORD_SYNC = 16,          /* of a whole folder */
    TSCOPE_RECORD_THROTTLED = 32,     /* the mailbox writes no more such records for 24 hours */
    TSCOPE_RECORD_GUEST = 64,         /* of another tenant, or of none */
    TSCOPE_RECORD_PARTNER = 128,      /* somebody who administers this tenant from another, or Microsoft itself */
    TSCOPE_RECORD_EXCHANGE = 256,     /* of a mailbox */
    TSCOPE_RECORD_OWA_TOKEN = 512,    /* Exchange's GetAccessTokenForResource: one token obtained with another (record type 275) */
    TSCOPE_RECORD_APP_ONLY = 1024,    /* no user: an application by itself */
    TSCOPE_RECORD_PLACEHOLDER = 2048, /* the token id is a placeholder */
    TSCOPE_RECORD_ODD_ID = 4096,      /* the token id is of no known form */
    TSCOPE_RECORD_BAD_TOKEN = 16384,  /* a token that was judged forged, invalid or suspicious */
    TSCOPE_RECORD_TOKEN = 8192,       /* no log row, but a token at hand */
};

/** Spans are borrowed from the row. data NULL: the row does not say. */
struct tscope_record {
    enum tscope_log_format format;
    enum tscope_log_category category;
    unsigned flags;
    int64_t time; /* TSCOPE_TIME_NONE: none that can be read */
    int64_t iat;  /* of the token; TSCOPE_TIME_NONE: not said */
    bool has_uti;
    uint8_t uti[TSCOPE_TOKEN_ID_BYTES];
    struct tscope_span uti_text; /* as written, whatever it is */
    struct tscope_span id;       /* of the row: what duplicates are told by */
    struct tscope_span request;  /* originalRequestId of a sign-in */
    struct tscope_span operation;
    struct tscope_span user;         /* name: UPN, e-mail, service principal name */
    struct tscope_span oid;          /* object id of the user or service principal */
    struct tscope_span tenant;       /* whose log it is */
    struct tscope_span token_tenant; /* the token's tid */
    struct tscope_span home_tenant;  /* of a guest */
    struct tscope_span app;          /* as the row calls it: the client, or the service that acts for it */
    struct tscope_span client_app;   /* the original caller */
    struct tscope_span token_app;    /* the client by the token's own context */
    struct tscope_span resource;
    struct tscope_span address; /* as written */
    struct tscope_span session; /* the token's sid */
    struct tscope_span mailbox;
    struct tscope_span client; /* user agent, ClientInfoString */
    struct tscope_span detail; /* JSON: items, folders, URI; what a timeline shows */
    uint32_t count;            /* OperationCount; 1 where nothing is said */
};

#endif
