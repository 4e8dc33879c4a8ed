/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/log_reader.h"

#include <check.h>
#include <stdlib.h>
#include <zlib.h>

#include "core/alloc.h"
#include "core/buffer.h"
#include "core/text.h"
#include "core/time.h"

#define TENANT "11111111-2222-4333-8444-555555555555"
#define OID "bbbbbbbb-cccc-4ddd-8eee-ffffffffffff"
#define APP "66666666-7777-4888-8999-aaaaaaaaaaaa"
#define SESSION "0f0f0f0f-0000-4000-8000-000000000001"
#define UTI "3kVZRE8tFkinHtPA7_EFAA"
#define GUID "445945de-2d4f-4816-a71e-d3c0eff10500"

#define CONTEXT                                                                                               \
    "{\"AADSessionId\":\"" SESSION "\",\"ClientAppId\":\"" APP "\",\"IssuedAtTime\":\"2025-03-01T10:00:00\"," \
    "\"UniqueTokenId\":\"" UTI "\"}"
#define MAIL_REST                                                                                                                   \
    "\"CreationTime\":\"2025-03-01T10:07:30\",\"Id\":\"7f9c2ba4-0000-4000-8000-00000000000a\",\"Operation\":\"MailItemsAccessed\"," \
    "\"OrganizationId\":\"" TENANT "\",\"RecordType\":50,\"UserType\":0,\"Workload\":\"Exchange\",\"UserId\":\"ann@example.com\","  \
    "\"AppId\":\"" APP "\",\"ClientAppId\":\"\",\"ClientIPAddress\":\"[2001:db8::1]:443\",\"MailboxOwnerUPN\":\"ann@example.com\"," \
    "\"TokenObjectId\":\"" OID "\",\"TokenTenantId\":\"" TENANT "\",\"OperationCount\":3,"                                          \
    "\"OperationProperties\":[{\"Name\":\"IsThrottled\",\"Value\":\"True\"},{\"Name\":\"MailAccessType\",\"Value\":\"Bind\"}],"     \
    "\"Folders\":[{\"Path\":\"\\\\Inbox\",\"FolderItems\":[{\"InternetMessageId\":\"<m1@example.com>\"}]}]}"
#define MAIL "{\"AppAccessContext\":" CONTEXT "," MAIL_REST
#define LOGGED_IN                                                                                                               \
    "{\"CreationTime\":\"2025-03-01T10:00:01\",\"Id\":\"" GUID "\",\"Operation\":\"UserLoggedIn\",\"OrganizationId\":\"" TENANT \
    "\",\"RecordType\":15,\"Workload\":\"AzureActiveDirectory\",\"UserId\":\"ann@example.com\",\"IntraSystemId\":\"" GUID       \
    "\",\"ApplicationId\":\"" APP "\",\"Actor\":[{\"ID\":\"ann@example.com\",\"Type\":5},{\"ID\":\"" OID "\",\"Type\":0}],"     \
    "\"DeviceProperties\":[{\"Name\":\"SessionId\",\"Value\":\"" SESSION "\"}]}"
#define SIGN_IN                                                                                                                           \
    "{\"id\":\"" GUID "\",\"createdDateTime\":\"2025-03-01T10:00:02Z\",\"userId\":\"" OID "\",\"userPrincipalName\":\"ann@example.com\"," \
    "\"appId\":\"" APP "\",\"resourceTenantId\":\"" TENANT "\",\"homeTenantId\":\"" TENANT "\",\"ipAddress\":\"198.51.100.7\","           \
    "\"sessionId\":\"" SESSION "\",\"uniqueTokenIdentifier\":\"" UTI "\",\"signInEventTypes\":[\"nonInteractiveUser\"],"                  \
    "\"isInteractive\":false,\"status\":{\"errorCode\":0}}"

/* What was read, as lines, so that a test compares text. */
struct told {
    struct tscope_buffer lines;
    size_t records, bad;
};

static void
append_span(struct tscope_buffer *buffer, struct tscope_span text)
{
    tscope_buffer_append_byte(buffer, '|');
    if (text.data)
        tscope_buffer_append(buffer, text.data, text.len);
}

static enum tscope_status
take_record(void *user, const struct tscope_record *record, const struct tscope_split_row *row, struct tscope_error *err)
{
    struct told *told = user;
    struct tscope_buffer *lines = &told->lines;
    char text[TSCOPE_TOKEN_ID_TEXT] = "", time[TSCOPE_TIME_TEXT_MAX];

    (void)err;
    told->records++;
    if (record->has_uti)
        tscope_token_id_text(record->uti, text);
    tscope_time_format(record->time, time);
    tscope_buffer_append_format(lines, "%d %s %s %x %s ", (int)row->line, tscope_log_format_id(record->format),
                                tscope_log_category_id(record->category), record->flags, time);
    tscope_buffer_append_format(lines, "%lld %s %u", record->iat == TSCOPE_TIME_NONE ? -1LL : (long long)record->iat, text, record->count);
    append_span(lines, record->id);
    append_span(lines, record->user);
    append_span(lines, record->oid);
    append_span(lines, record->tenant);
    append_span(lines, record->token_tenant);
    append_span(lines, record->app);
    append_span(lines, record->token_app);
    append_span(lines, record->session);
    append_span(lines, record->mailbox);
    append_span(lines, record->detail);
    tscope_buffer_append_byte(lines, '\n');
    return TSCOPE_OK;
}

static enum tscope_status
take_bad(void *user, const struct tscope_split_row *row, const char *why, struct tscope_error *err)
{
    struct told *told = user;

    (void)err;
    told->bad++;
    tscope_buffer_append_format(&told->lines, "%d bad: %s\n", (int)row->line, why);
    return TSCOPE_OK;
}

static enum tscope_status
read_pieces(const void *bytes, size_t len, size_t piece, struct told *told)
{
    const struct tscope_log_reader_sinks sinks = {take_record, take_bad, told};
    TSCOPE_AUTO(tscope_log_reader) *reader = NULL;
    enum tscope_status status = tscope_log_reader_new(&sinks, TSCOPE_CATEGORY_NONE, &reader, NULL);

    for (size_t at = 0; status == TSCOPE_OK && at < len; at += piece)
        status = tscope_log_reader_feed(reader, (const uint8_t *)bytes + at, len - at < piece ? len - at : piece, NULL);
    if (status == TSCOPE_OK)
        status = tscope_log_reader_end(reader, NULL);
    return status;
}

static char *
lines_of(const void *bytes, size_t len, size_t piece)
{
    struct told told = {0};

    ck_assert_int_eq(read_pieces(bytes, len, piece, &told), TSCOPE_OK);
    tscope_buffer_append_byte(&told.lines, '.');
    return tscope_buffer_steal(&told.lines, NULL);
}

static void
expect(const char *text, const char *expected)
{
    for (size_t piece = 1; piece < 5; piece++) {
        char *lines = lines_of(text, strlen(text), piece == 4 ? 4096 : piece);

        ck_assert_str_eq(lines, expected);
        tscope_free(lines);
    }
}

#define MAIL_LINE(line, format)                                                                                                      \
    line " " format " audit 12a 2025-03-01T10:07:30Z 1740823200 " UTI " 3|7f9c2ba4-0000-4000-8000-00000000000a|ann@example.com|" OID \
         "|" TENANT "|" TENANT "|" APP "|" APP "|" SESSION                                                                           \
         "|ann@example.com|[{\"folder\":\"\\\\Inbox\",\"items\":[\"<m1@example.com>\"]}]\n"
#define SIGN_IN_LINE(line, format)                                                                                                     \
    line " " format " non-interactive 1 2025-03-01T10:00:02Z -1 " UTI " 1|" GUID "|ann@example.com|" OID "|" TENANT "|" TENANT "|" APP \
         "||" SESSION "||\n"

/* An answer of the Log Analytics API: columns apart from rows. */
#define COLUMNS                                                                                                             \
    "\"columns\":[{\"name\":\"Id\"},{\"name\":\"CreatedDateTime\"},{\"name\":\"UserId\"},{\"name\":\"UserPrincipalName\"}," \
    "{\"name\":\"AppId\"},{\"name\":\"HomeTenantId\"},{\"name\":\"ResourceTenantId\"},{\"name\":\"IPAddress\"},"            \
    "{\"name\":\"SessionId\"},{\"name\":\"UniqueTokenIdentifier\"},{\"name\":\"IsInteractive\",\"type\":\"bool\"},{\"name\":\"Type\"}]"
#define CELLS                                                                                                     \
    "[\"" GUID "\",\"2025-03-01T10:00:02Z\",\"" OID "\",\"ann@example.com\",\"" APP "\",\"" TENANT "\",\"" TENANT \
    "\",\"198.51.100.7\",\"" SESSION "\",\"" UTI "\",false,\"AADNonInteractiveUserSignInLogs\"]"
#define TABLE(rows) "{\"name\":\"PrimaryResult\"," COLUMNS ",\"rows\":[" rows "]}"
#define CELLS_LINE(line) SIGN_IN_LINE(line, "sign-ins-log-analytics")

static const struct {
    const char *text, *expected;
} samples[] = {
    {"{\"tables\":[" TABLE(CELLS) "]}", CELLS_LINE("1") "."},
    {"{\"Tables\": [\n" TABLE(" " CELLS ",\n" CELLS "\n") "\n] , \"statistics\":{\"rows\":[[1]]}}\n", CELLS_LINE("2") CELLS_LINE("3") "."},
    {"{\"tables\":[" TABLE(CELLS) ",{\"name\":\"Table_1\",\"columns\":[{\"name\":\"Key\"}],\"rows\":[[\"a\"]]}]}{\"tables\":[" TABLE(
         CELLS) "]}",
     CELLS_LINE("1") CELLS_LINE("1") "."},
    {"{\"tables\":[" TABLE(CELLS ",[\"cut\n" CELLS) "]}", CELLS_LINE("1") "1 bad: ends inside\n" CELLS_LINE("2") "."},
    {"{\"tables\":[" TABLE("[null,\"\",{\"a\":[1]}],[]," CELLS) "]}",
     "1 bad: of no log that is known\n1 bad: of no log that is known\n" CELLS_LINE("1") "."},
    {"{\"tables\":[{\"rows\":[" CELLS "]}]}", "1 bad: a table without columns\n1 bad: a row of a table without columns\n."},
    {"{\"tables\":[{\"columns\":{},\"rows\":[[1]]}]}", "1 bad: a table without columns\n1 bad: a row of a table without columns\n."},
    {"{\"tables\":[" TABLE("") "]}", "."},
    {"{\"tables\":[]}", "."},
    {"{\"tables\":[" TABLE(CELLS ",[\"cut"), CELLS_LINE("1") "1 bad: ends inside\n."},
    {MAIL, MAIL_LINE("1", "management-api") "."},
    {"[" MAIL ",\n" MAIL "]", MAIL_LINE("1", "management-api") MAIL_LINE("2", "management-api") "."},
    {"[\n  " MAIL "\n]\n", MAIL_LINE("2", "management-api") "."},
    {MAIL "\n\n" MAIL "\n", MAIL_LINE("1", "management-api") MAIL_LINE("3", "management-api") "."},
    {"{\"@odata.context\":\"x\",\"value\":[" SIGN_IN "],\"@odata.nextLink\":\"y\"}", SIGN_IN_LINE("1", "sign-ins-graph") "."},
    {"{\"@odata.type\":\"#x\",\"auditLogRecordType\":\"exchangeItem\",\"auditData\":" MAIL "}", MAIL_LINE("1", "graph-audit-query") "."},
    {"{\"ActionType\":\"MailItemsAccessed\",\"RawEventData\":" MAIL "}", MAIL_LINE("1", "cloud-app-events") "."},
    {"{\"records\":[{\"category\":\"NonInteractiveUserSignInLogs\",\"tenantId\":\"" TENANT
     "\",\"time\":\"2025-03-01T10:05:00Z\",\"properties\":" SIGN_IN "}]}",
     SIGN_IN_LINE("1", "sign-ins-diagnostic") "."},
    {LOGGED_IN,
     "1 management-api audit 1 2025-03-01T10:00:01Z -1 " UTI " 1|" GUID "|ann@example.com|" OID "|" TENANT "||" APP "||" SESSION "||\n."},
    {"{\"Records\":[]}", "."},
    {"[]", "."},
    {"", "."},
    {" \n ", "."},
    {"{\"a\":1}", "1 bad: of no log that is known\n."},
    {"[1,\"]\",{\"a\":2},null]", "1 bad: no object\n1 bad: no object\n1 bad: of no log that is known\n1 bad: no object\n."},
    /* a line that is cut, in a file that has a row a line: the next line is a new start */
    {MAIL "\n{\"CreationTime\":\"2025-\n" MAIL "\n",
     MAIL_LINE("1", "management-api") "2 bad: ends inside\n" MAIL_LINE("3", "management-api") "."},
    {MAIL "\n{\"CreationTime\":{\n" MAIL "\n",
     MAIL_LINE("1", "management-api") "2 bad: ends inside\n" MAIL_LINE("3", "management-api") "."},
    {"[" MAIL ",\n{\"Operation\":\"cut\n" MAIL "]",
     MAIL_LINE("1", "management-api") "2 bad: ends inside\n" MAIL_LINE("3", "management-api") "."},
    {"[" MAIL ",{\"a\":", MAIL_LINE("1", "management-api") "1 bad: ends inside\n."},
};

START_TEST(logs_become_records)
{
    expect(samples[_i].text, samples[_i].expected);
}
END_TEST

START_TEST(columns_of_a_table_are_bounded)
{
    for (unsigned count = TSCOPE_CELLS_MAX - 1; count <= TSCOPE_CELLS_MAX + 1; count++) {
        struct tscope_buffer text = {0};
        char *lines;

        tscope_buffer_append_text(&text, "{\"tables\":[{\"columns\":[");
        for (unsigned i = 0; i < count; i++)
            tscope_buffer_append_format(&text, "%s{\"name\":\"%s%u\"}", i ? "," : "", i + 1 == count ? "a" : "b", i);
        tscope_buffer_append_text(&text, "],\"rows\":[[1]]}]}");
        lines = lines_of(text.data, text.len, 4096);
        ck_assert_str_eq(lines, count > TSCOPE_CELLS_MAX ? "1 bad: over 4 MiB or 1024 cells\n1 bad: a row of a table without columns\n."
                                                         : "1 bad: of no log that is known\n.");
        tscope_free(lines);
        tscope_buffer_clear(&text);
    }
}
END_TEST

/* A cell of CSV: quotes doubled. */
static void
append_cell(struct tscope_buffer *buffer, const char *text)
{
    tscope_buffer_append_byte(buffer, '"');
    for (; *text; text++) {
        if (*text == '"')
            tscope_buffer_append_byte(buffer, '"');
        tscope_buffer_append_byte(buffer, (uint8_t)*text);
    }
    tscope_buffer_append_byte(buffer, '"');
}

static char *
search_csv(const char *end, const char *comma)
{
    struct tscope_buffer buffer = {0};

    tscope_buffer_append_format(&buffer,
                                "#TYPE Deserialized.Record, and more%s\"RecordType\"%sCreationDate%s\"AuditData\"%s\"ResultCount\"%s", end,
                                comma, comma, comma, end);
    for (int i = 0; i < 3; i++) {
        tscope_buffer_append_format(&buffer, "ExchangeItem%s\"5/18/2025%s9:13:33 \"\"PM\"\"\"%s", comma, end, comma);
        append_cell(&buffer, i == 1 ? "" : MAIL);
        tscope_buffer_append_format(&buffer, "%s\"7\"%s", comma, i < 2 ? end : "");
    }
    return tscope_buffer_steal(&buffer, NULL);
}

START_TEST(csv_becomes_records)
{
    static const char *const ends[] = {"\n", "\r\n"}, *const commas[] = {",", ";", "\t"};

    for (size_t i = 0; i < 6; i++) {
        char *text = search_csv(ends[i % 2], commas[i / 2]);

        expect(text, MAIL_LINE("3", "search-unifiedauditlog") "5 bad: AuditData is empty\n" MAIL_LINE("7", "search-unifiedauditlog") ".");
        tscope_free(text);
    }
}
END_TEST

START_TEST(largest_result_count_is_kept)
{
    struct told told = {0};
    const struct tscope_log_reader_sinks sinks = {take_record, take_bad, &told};
    tscope_log_reader *reader = NULL;
    char *text = search_csv("\n", ",");

    ck_assert_int_eq(tscope_log_reader_new(&sinks, TSCOPE_CATEGORY_NONE, &reader, NULL), TSCOPE_OK);
    ck_assert_int_eq(tscope_log_reader_feed(reader, (const uint8_t *)text, strlen(text), NULL), TSCOPE_OK);
    ck_assert_int_eq(tscope_log_reader_end(reader, NULL), TSCOPE_OK);
    ck_assert_uint_eq(tscope_log_reader_facts(reader)->result_count, 7);
    ck_assert_uint_eq(tscope_log_reader_facts(reader)->rows, 3);
    ck_assert_uint_eq(tscope_log_reader_facts(reader)->bad, 1);
    tscope_log_reader_free(reader);
    tscope_buffer_clear(&told.lines);
    tscope_free(text);
}
END_TEST

/* Whatever pieces it comes in; notes to a member, and names that begin or end alike, are none. */
START_TEST(pages_and_links_are_counted)
{
    static const char text[] =
        "{\"@odata.context\":\"x\",\"@odata.nextLink\":\"y\",\"value\":[{\"a@odata.nextLink\":\"b\",\"@odata.nextLinks\":1}]}\n"
        "{\"value\":[],\"@odata.nextLink\":\"z\",\"@odata\":1,\"@@odata.context\":2}";
    struct told told = {.lines = {0}};
    const struct tscope_log_reader_sinks sinks = {take_record, take_bad, &told};
    tscope_log_reader *reader = NULL;
    size_t piece = (size_t)_i;

    ck_assert_int_eq(tscope_log_reader_new(&sinks, TSCOPE_CATEGORY_NONE, &reader, NULL), TSCOPE_OK);
    for (size_t at = 0; at < strlen(text); at += piece)
        ck_assert_int_eq(
            tscope_log_reader_feed(reader, (const uint8_t *)text + at, strlen(text) - at < piece ? strlen(text) - at : piece, NULL),
            TSCOPE_OK);
    ck_assert_int_eq(tscope_log_reader_end(reader, NULL), TSCOPE_OK);
    ck_assert_uint_eq(tscope_log_reader_facts(reader)->pages, 1);
    ck_assert_uint_eq(tscope_log_reader_facts(reader)->links, 2);
    tscope_log_reader_free(reader);
    tscope_buffer_clear(&told.lines);
}
END_TEST

START_TEST(tables_of_log_analytics_become_records)
{
    expect("TenantId,AADTenantId,TimeGenerated,Category,Id,CreatedDateTime,UserId,UserPrincipalName,AppId,ResultType,UniqueTokenIdentifier,"
           "SessionId,Type\n"
           "99999999-0000-4000-8000-000000000001," TENANT ",2025-03-01T10:03:00Z,NonInteractiveUserSignInLogs," GUID
           ",2025-03-01T10:00:02Z," OID ",ann@example.com," APP ",0," UTI "," SESSION ",AADNonInteractiveUserSignInLogs\n",
           SIGN_IN_LINE("2", "sign-ins-log-analytics") ".");
    expect("Date (UTC),Request ID,User ID,Username,Application ID,Unique token identifier,Status,IP address\n"
           "2025-03-01T10:00:02Z," GUID "," OID ",ann@example.com," APP "," UTI ",Success,198.51.100.7\n",
           "2 sign-ins-graph interactive 1 2025-03-01T10:00:02Z -1 " UTI " 1|" GUID "|ann@example.com|" OID "|||" APP "||||\n.");
    expect("TimeGenerated,AadTenantId,RequestId,AppId,UserId,RequestMethod,RequestUri,SignInActivityId,TokenIssuedAt,C_Sid,"
           "ResponseStatusCode\n"
           "2025-03-01T10:07:30Z," TENANT ",r1," APP "," OID ",GET,https://graph.microsoft.com/v1.0/me/messages," UTI
           "==,2025-03-01T10:00:00Z," SESSION ",200\n",
           "2 graph-activity graph 2 2025-03-01T10:07:30Z 1740823200 " UTI " 1|r1||" OID "|" TENANT "|" TENANT "|" APP "|" APP "|" SESSION
           "||{\"method\":\"GET\",\"uri\":\"https://graph.microsoft.com/v1.0/me/messages\",\"status\":\"200\"}\n.");
}
END_TEST

/* ClientIP is in Sentinel's table under another name, and what was nested there is text. */
START_TEST(office_activity_becomes_records)
{
    expect("{\"TimeGenerated\":\"2025-03-01T10:09:00Z\",\"Operation\":\"MailItemsAccessed\",\"OfficeWorkload\":\"Exchange\",\"RecordType\":"
           "\"2\","
           "\"OfficeId\":\"o1\",\"OrganizationId\":\"" TENANT "\",\"UserId\":\"ann@example.com\",\"Client_IPAddress\":\"198.51.100.7\","
           "\"MailboxOwnerUPN\":\"ann@example.com\",\"OperationProperties\":\"[{\\\"Name\\\":\\\"MailAccessType\\\",\\\"Value\\\":"
           "\\\"Sync\\\"}]\","
           "\"Item\":\"{\\\"ParentFolder\\\":{\\\"Path\\\":\\\"Not Available\\\",\\\"Name\\\":\\\"Sent\\\"}}\",\"AppAccessContext\":\""
           "{\\\"UniqueTokenId\\\":\\\"" UTI "\\\"}\"}",
           "1 office-activity audit 11a 2025-03-01T10:09:00Z -1 " UTI " 1|o1|ann@example.com||" TENANT
           "|||||ann@example.com|[{\"folder\":\"Sent\"}]\n.");
}
END_TEST

START_TEST(clouds_of_others_become_records)
{
    expect("{\"Records\":[{\"eventTime\":\"2025-03-01T10:00:00Z\",\"eventName\":\"AssumeRoleWithWebIdentity\",\"eventSource\":\"sts."
           "amazonaws.com\","
           "\"eventID\":\"e1\",\"recipientAccountId\":\"1\",\"userIdentity\":{\"type\":\"WebIdentityUser\",\"userName\":\"repo:x\","
           "\"identityProvider\":\"p\"}}]}",
           "1 cloudtrail aws 2 2025-03-01T10:00:00Z -1  1|e1|repo:x||1|p|sts.amazonaws.com||||\n.");
    expect("{\"uuid\":\"u1\",\"published\":\"2025-03-01T10:00:00.5Z\",\"eventType\":\"app.oauth2.as.token.grant.access_token\",\"actor\":{"
           "\"id\":\"00u\","
           "\"alternateId\":\"ann@example.com\"},\"authenticationContext\":{\"externalSessionId\":\"s1\"}}",
           "1 okta okta 1 2025-03-01T10:00:00Z -1  1|u1|ann@example.com|00u|||||s1||\n.");
    expect("{\"items\":[{\"id\":{\"time\":\"2025-03-01T10:00:00Z\",\"uniqueQualifier\":\"7\",\"applicationName\":\"token\",\"customerId\":"
           "\"C0\"},"
           "\"actor\":{\"email\":\"ann@example.com\"},\"events\":[{\"name\":\"authorize\",\"parameters\":[{\"name\":\"client_id\","
           "\"value\":\"c1\"}]}]}]}",
           "1 google google 1 2025-03-01T10:00:00Z -1  1|7|ann@example.com||C0||||||\n.");
}
END_TEST

/* What another record says about a token obtained from Exchange stands in two places: obtained with, and obtained. */
START_TEST(token_obtained_from_exchange_is_seen)
{
    expect("{\"CreationTime\":\"2025-03-01T10:07:30\",\"Id\":\"i1\",\"Operation\":\"AccessTokenIssued\",\"RecordType\":275,\"Workload\":"
           "\"Exchange\","
           "\"UserId\":\"ann@example.com\",\"UniqueTokenIdentifier\":\"" GUID "\",\"ResourceURL\":\"https://outlook.office365.com\"}",
           "1 management-api audit 302 2025-03-01T10:07:30Z -1  "
           "1|i1|ann@example.com||||||||{\"token_for\":\"https://outlook.office365.com\"}\n.");
}
END_TEST

static size_t
to_utf16(const char *text, bool big, bool mark, uint8_t *out)
{
    size_t len = 0;

    if (mark) {
        out[len++] = big ? 0xfe : 0xff;
        out[len++] = big ? 0xff : 0xfe;
    }
    for (; *text; text++) {
        out[len++] = big ? 0 : (uint8_t)*text;
        out[len++] = big ? (uint8_t)*text : 0;
    }
    return len;
}

static size_t
to_gzip(const void *bytes, size_t len, uint8_t *out, size_t out_max)
{
    z_stream zip = {0};
    size_t written;

    ck_assert_int_eq(deflateInit2(&zip, 6, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY), Z_OK);
    zip.next_in = (Bytef *)(uintptr_t)bytes;
    zip.avail_in = (uInt)len;
    zip.next_out = out;
    zip.avail_out = (uInt)out_max;
    ck_assert_int_eq(deflate(&zip, Z_FINISH), Z_STREAM_END);
    written = zip.total_out;
    deflateEnd(&zip);
    return written;
}

START_TEST(encodings_give_the_same_records)
{
    const char *text = MAIL "\r\n" MAIL "\r\n";
    char *expected = lines_of(text, strlen(text), 4096), *lines;
    static uint8_t wide[8192], zipped[16384];
    size_t len, first;

    for (unsigned form = 0; form < 4; form++) {
        len = to_utf16(text, form & 1, form & 2, wide);
        for (size_t piece = 1; piece < 4; piece++) {
            lines = lines_of(wide, len, piece);
            ck_assert_str_eq(lines, expected);
            tscope_free(lines);
        }
        len = to_gzip(wide, len, zipped, sizeof(zipped));
        lines = lines_of(zipped, len, 5);
        ck_assert_str_eq(lines, expected);
        tscope_free(lines);
    }
    /* two members, as log shippers append them, and a mark in front */
    first = to_gzip("\xef\xbb\xbf" MAIL "\r\n", strlen(MAIL) + 5, zipped, sizeof(zipped));
    len = first + to_gzip(MAIL "\r\n", strlen(MAIL) + 2, zipped + first, sizeof(zipped) - first);
    lines = lines_of(zipped, len, 1);
    ck_assert_str_eq(lines, expected);
    tscope_free(lines);
    tscope_free(expected);
}
END_TEST

START_TEST(cut_gzip_gives_what_came_before)
{
    struct told told = {0};
    const struct tscope_log_reader_sinks sinks = {take_record, take_bad, &told};
    static uint8_t zipped[16384];
    size_t len = to_gzip(MAIL "\n" MAIL "\n", 2 * strlen(MAIL) + 2, zipped, sizeof(zipped));

    for (size_t cut = 0; cut < len; cut++) {
        tscope_log_reader *reader = NULL;

        told.records = 0;
        ck_assert_int_eq(tscope_log_reader_new(&sinks, TSCOPE_CATEGORY_NONE, &reader, NULL), TSCOPE_OK);
        ck_assert_int_eq(tscope_log_reader_feed(reader, zipped, cut, NULL), TSCOPE_OK);
        ck_assert_int_eq(tscope_log_reader_end(reader, NULL), TSCOPE_OK);
        ck_assert_uint_le(told.records, 2);
        ck_assert(cut < 2 || tscope_log_reader_facts(reader)->decoder->cut);
        tscope_log_reader_free(reader);
    }
    tscope_buffer_clear(&told.lines);
}
END_TEST

/* A row of exactly the bound, and one byte more; what stands behind is read. */
START_TEST(row_over_the_bound_is_passed_over)
{
    for (size_t over = 0; over < 2; over++) {
        size_t head = strlen(MAIL) - 1, len = TSCOPE_ROW_MAX + over;
        char *text = tscope_alloc(len + strlen(MAIL) + 3);
        struct told told = {0};

        memcpy(text, MAIL, head);
        memset(text + head, ' ', len - head - 1);
        text[len - 1] = '}';
        memcpy(text + len, "\n" MAIL "\n", strlen(MAIL) + 3);
        ck_assert_int_eq(read_pieces(text, strlen(text), 65536, &told), TSCOPE_OK);
        ck_assert_uint_eq(told.records, 2 - over);
        ck_assert_uint_eq(told.bad, over);
        tscope_buffer_clear(&told.lines);
        tscope_free(text);
    }
}
END_TEST

/* A quote that nothing closes takes at most the bound with it. */
START_TEST(open_quote_ends_at_the_bound)
{
    struct tscope_buffer text = {0};
    struct told told = {0};

    tscope_buffer_append_text(&text, "RecordId,AuditData\na,\"");
    while (text.len < TSCOPE_ROW_MAX + 4096)
        tscope_buffer_append_text(&text, "some words without an end\n");
    tscope_buffer_append_text(&text, "b,");
    append_cell(&text, MAIL);
    tscope_buffer_append_byte(&text, '\n');
    ck_assert_int_eq(read_pieces(text.data, text.len, 4096, &told), TSCOPE_OK);
    ck_assert_uint_eq(told.records, 1);
    ck_assert_uint_ge(told.bad, 1);
    tscope_buffer_clear(&text);
    tscope_buffer_clear(&told.lines);
}
END_TEST

START_TEST(cells_over_the_bound_are_passed_over)
{
    for (size_t over = 0; over < 2; over++) {
        struct tscope_buffer text = {0};
        struct told told = {0};

        tscope_buffer_append_text(&text, "AuditData,x\n");
        append_cell(&text, MAIL);
        for (size_t i = 1; i < TSCOPE_CELLS_MAX + over; i++)
            tscope_buffer_append_byte(&text, ',');
        tscope_buffer_append_byte(&text, '\n');
        ck_assert_int_eq(read_pieces(text.data, text.len, 4096, &told), TSCOPE_OK);
        ck_assert_uint_eq(told.records, 1 - over);
        ck_assert_uint_eq(told.bad, over);
        tscope_buffer_clear(&text);
        tscope_buffer_clear(&told.lines);
    }
}
END_TEST

/* Every prefix of a log is read without a record that is not there. */
START_TEST(prefixes_invent_nothing)
{
    const char *text = "[" MAIL "," SIGN_IN "]";

    for (size_t len = 0; len <= strlen(text); len++) {
        struct told told = {0};

        ck_assert_int_eq(read_pieces(text, len, 4096, &told), TSCOPE_OK);
        ck_assert_uint_eq(told.records, (size_t)(len > strlen(MAIL)) + (len > strlen(MAIL) + 1 + strlen(SIGN_IN)));
        tscope_buffer_clear(&told.lines);
    }
}
END_TEST

START_TEST(every_allocation_may_fail)
{
    char *csv = search_csv("\n", ",");
    static const char table[] =
        "TimeGenerated,AadTenantId,RequestId,RequestUri,SignInActivityId\n2025-03-01T10:07:30Z," TENANT ",r1,https://x," UTI "\n";
    const char *const texts[] = {csv, MAIL "\n", table};

    for (size_t i = 0; i < TSCOPE_COUNT(texts); i++) {
        enum tscope_status status = TSCOPE_ERR_NO_MEMORY;

        for (unsigned long n = 1; status != TSCOPE_OK; n++) {
            struct told told = {0};

            ck_assert_uint_lt(n, 1000);
            tscope_alloc_fail_from(n);
            status = read_pieces(texts[i], strlen(texts[i]), 4096, &told);
            if (told.lines.failed && status == TSCOPE_OK)
                status = TSCOPE_ERR_NO_MEMORY;
            tscope_alloc_fail_from(0);
            ck_assert(status == TSCOPE_OK || status == TSCOPE_ERR_NO_MEMORY);
            tscope_buffer_clear(&told.lines);
        }
    }
    tscope_free(csv);
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("log_reader");
    TCase *tcase = tcase_create("log_reader");
    SRunner *runner = srunner_create(suite);
    int failed;

    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, columns_of_a_table_are_bounded);
    tcase_add_loop_test(tcase, logs_become_records, 0, (int)(sizeof(samples) / sizeof(samples[0])));
    tcase_add_test(tcase, csv_becomes_records);
    tcase_add_test(tcase, largest_result_count_is_kept);
    tcase_add_loop_test(tcase, pages_and_links_are_counted, 1, 20);
    tcase_add_test(tcase, tables_of_log_analytics_become_records);
    tcase_add_test(tcase, office_activity_becomes_records);
    tcase_add_test(tcase, clouds_of_others_become_records);
    tcase_add_test(tcase, token_obtained_from_exchange_is_seen);
    tcase_add_test(tcase, encodings_give_the_same_records);
    tcase_add_test(tcase, cut_gzip_gives_what_came_before);
    tcase_add_test(tcase, row_over_the_bound_is_passed_over);
    tcase_add_test(tcase, open_quote_ends_at_the_bound);
    tcase_add_test(tcase, cells_over_the_bound_are_passed_over);
    tcase_add_test(tcase, prefixes_invent_nothing);
    tcase_add_test(tcase, every_allocation_may_fail);
    suite_add_tcase(suite, tcase);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
