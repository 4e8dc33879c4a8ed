/* SPDX-License-Identifier: Apache-2.0 */
#include <tokenscope/score.h>

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/alloc.h"

#define TENANT "11111111-2222-4333-8444-555555555555"
#define OID "bbbbbbbb-cccc-4ddd-8eee-ffffffffffff"
#define OTHER "cccccccc-cccc-4ddd-8eee-ffffffffffff"
#define APP "66666666-7777-4888-8999-aaaaaaaaaaaa"
#define UTI "3kVZRE8tFkinHtPA7_EFAA"
#define GUID "445945de-2d4f-4816-a71e-d3c0eff10500"

/* A sign-in and a use of one token; more: members that come first, and so count. */
#define SIGN_IN(more)                                                                                                   \
    "{" more "\"createdDateTime\":\"2026-05-04T10:00:00Z\",\"id\":\"" GUID "\",\"userId\":\"" OID "\",\"appId\":\"" APP \
    "\",\"resourceTenantId\":\"" TENANT "\",\"uniqueTokenIdentifier\":\"" UTI "\",\"isInteractive\":true,\"status\":{\"errorCode\":0}}"
#define USE_AT(time, context, more)                                                                                           \
    "{" more "\"CreationTime\":\"" time                                                                                       \
    "\",\"Operation\":\"MailItemsAccessed\",\"RecordType\":50,\"Workload\":\"Exchange\",\"OrganizationId\":\"" TENANT         \
    "\",\"UserId\":\"ann@example.com\",\"TokenObjectId\":\"" OID "\",\"TokenTenantId\":\"" TENANT "\",\"ClientAppId\":\"" APP \
    "\",\"AppAccessContext\":{" context "\"UniqueTokenId\":\"" UTI "\",\"IssuedAtTime\":\"2026-05-04T10:00:00\"}}"
#define USE(context, more) USE_AT("2026-05-04T10:10:00", context, more)
#define COMPLETE "{\"complete\":true,\"others\":20,\"others_joined\":20}"
#define AT_HAND(claims, use) "{\"token\":{\"uti\":\"" UTI "\"," claims "},\"audit\":[" use "]}"
#define GRAPH(who)                                                                                                    \
    "{" who "\"TimeGenerated\":\"2026-05-04T10:10:00Z\",\"RequestId\":\"r1\",\"AppId\":\"" APP                        \
    "\",\"RequestMethod\":\"GET\",\"RequestUri\":\"https://graph.microsoft.com/v1.0/me\",\"SignInActivityId\":\"" UTI \
    "\",\"TokenIssuedAt\":\"2026-05-04T10:00:00Z\"}"
#define LOGGED_IN(home, target)                                                                                                 \
    "{\"CreationTime\":\"2026-05-04T10:00:00\",\"Operation\":\"UserLoggedIn\",\"RecordType\":15,\"OrganizationId\":\"" OTHER    \
    "\",\"IntraSystemId\":\"" GUID "\",\"UserId\":\"ann@example.com\",\"ApplicationId\":\"" APP "\",\"ActorContextId\":\"" home \
    "\",\"TargetContextId\":\"" target "\",\"Actor\":[{\"ID\":\"" OTHER "\",\"Type\":0}]}"
#define TOKEN(claims) "{\"token\":{\"uti\":\"" UTI "\"," claims "},\"coverage\":" COMPLETE "}"
#define PROVIDER(tenant) "\"idp\":\"https://sts.windows.net/" tenant "/\""
#define LINE(sign_in, use) "{\"sign_ins\":[" sign_in "],\"audit\":[" use "]}"

static char answer[4096];

static enum tscope_status
score(const char *line)
{
    tscope_scorer *scorer = NULL;
    const char *json, *id;
    size_t len, id_len;
    enum tscope_status status = tscope_scorer_new(&scorer, NULL);

    if (status == TSCOPE_OK)
        status = tscope_score_line(scorer, (const uint8_t *)line, strlen(line), &json, &len, &id, &id_len, NULL);
    if (status == TSCOPE_OK)
        snprintf(answer, sizeof(answer), "%.*s", (int)len, json);
    tscope_scorer_free(scorer);
    return status;
}

static const struct {
    const char *line, *expected; /* a part of the answer */
} lines[] = {
    {LINE(SIGN_IN(""), USE("", "")), "\"join\":\"joined\",\"reason\":null,\"contradictions\":[],\"suspicious\":false,\"sign_ins\":1"},
    /* guests: by the token, by either kind of sign-in, by their names */
    {TOKEN("\"tid\":\"" TENANT "\"," PROVIDER(OTHER)), "\"reason\":\"guest\""},
    {TOKEN("\"iss\":\"https://sts.windows.net/" TENANT "/\"," PROVIDER(OTHER)), "\"reason\":\"guest\""},
    {TOKEN("\"tid\":\"" TENANT "\",\"unique_name\":\"live.com#ann@example.com\""), "\"reason\":\"guest\""},
    {TOKEN("\"tid\":\"" TENANT "\",\"upn\":\"ann_example.com#EXT#@example.org\""), "\"reason\":\"guest\""},
    {TOKEN("\"tid\":\"" TENANT "\",\"upn\":\"ann#ex@example.org\""), "\"join\":\"unmatched"},
    /* a tid of another provider is no tenant of these logs, also where its name only looks like Microsoft's */
    {TOKEN("\"tid\":\"" TENANT "\",\"iss\":\"https://id.example.com/" TENANT "\""), "\"reason\":\"no-tenant\""},
    {TOKEN("\"tid\":\"" TENANT "\",\"iss\":\"https://login.microsoftonline.com.example/" TENANT "/v2.0\""), "\"reason\":\"no-tenant\""},
    {TOKEN("\"tid\":\"" TENANT "\",\"iss\":\"https://b2clogin.com/" TENANT "\""), "\"reason\":\"no-tenant\""},
    {TOKEN("\"tid\":\"" TENANT "\",\"iss\":\"https://a.b2clogin.com/" TENANT "/v2.0/\""), "\"join\":\"unmatched"},
    {TOKEN("\"tid\":\"" TENANT "\",\"iss\":\"https://sts.windows.net/" TENANT "/\""), "\"join\":\"unmatched"},
    {TOKEN("\"tid\":\"" TENANT "\",\"iss\":\"https://sts.windows.net\""), "\"join\":\"unmatched"},
    {TOKEN("\"tid\":\"" TENANT "\",\"iss\":\"https://login.microsoftonline.com/" TENANT "/v2.0\"," PROVIDER(TENANT)),
     "\"join\":\"unmatched"},
    {TOKEN("\"iss\":\"https://sts.windows.net/" TENANT "/\"," PROVIDER(TENANT)), "\"reason\":\"no-tenant\""},
    {LINE(SIGN_IN("\"crossTenantAccessType\":\"b2bCollaboration\",\"userId\":\"" OTHER "\","), USE("", "")), "\"join\":\"joined\""},
    {LINE(SIGN_IN("\"crossTenantAccessType\":\"none\",\"userId\":\"" OTHER "\","), USE("", "")), "\"contradictions\":[\"user\"]"},
    {LINE(SIGN_IN("\"crossTenantAccessType\":\"b2bCollaboration\",\"resourceTenantId\":\"\",\"AADTenantId\":\"" OTHER "\","), USE("", "")),
     "\"join\":\"joined\""},
    {LINE(SIGN_IN("\"crossTenantAccessType\":\"\",\"resourceTenantId\":\"\",\"AADTenantId\":\"" OTHER "\","), USE("", "")),
     "\"contradictions\":[\"tenant\"]"},
    {LINE(SIGN_IN("\"userPrincipalName\":\"ann_example.com#ext#@example.org\",\"userId\":\"" OTHER "\","), USE("", "")),
     "\"join\":\"joined\""},
    /* an application of several tenants, whose home alone is said */
    {LINE(SIGN_IN("\"resourceTenantId\":\"\",\"homeTenantId\":\"" OTHER "\","), USE("", "")), "\"join\":\"joined\""},
    {LINE("", LOGGED_IN(OTHER, TENANT) "," USE("", "")), "\"join\":\"joined\""},
    {LINE("", LOGGED_IN(OTHER, OTHER) "," USE("", "")), "\"contradictions\":[\"user\",\"tenant\"]"},
    /* the tenant of Graph's records is not the workspace's */
    {LINE(SIGN_IN(""), GRAPH("\"TenantId\":\"" OTHER "\",\"UserId\":\"" OID "\",")), "\"join\":\"joined\""},
    {LINE(SIGN_IN(""), GRAPH("\"AadTenantId\":\"" OTHER "\",\"UserId\":\"" OID "\",")), "\"contradictions\":[\"tenant\"]"},
    {LINE(SIGN_IN(""), "{\"category\":\"MicrosoftGraphActivityLogs\",\"tenantId\":\"" OTHER "\",\"properties\":" GRAPH("") "}"),
     "\"contradictions\":[\"tenant\"]"},
    /* the service principal is the user of no token that a user may have had */
    {LINE(SIGN_IN(""), GRAPH("\"ServicePrincipalId\":\"" OTHER "\",")), "\"join\":\"joined\""},
    {LINE(SIGN_IN(""), GRAPH("\"UserId\":\"\",\"C_Idtyp\":\"user\",\"ServicePrincipalId\":\"" OTHER "\",")), "\"join\":\"joined\""},
    {LINE(SIGN_IN(""), GRAPH("\"UserId\":\"\",\"ServicePrincipalId\":\"" OTHER "\",")), "\"contradictions\":[\"user\"]"},
    {LINE(SIGN_IN(""), GRAPH("\"C_Idtyp\":\"app\",\"ServicePrincipalId\":\"" OTHER "\",")), "\"contradictions\":[\"user\"]"},
    /* a user key is an object id in SharePoint and Teams, and there of users */
    {LINE(SIGN_IN(""), USE("", "\"TokenObjectId\":\"\",\"UserKey\":\"" OTHER "\",")), "\"join\":\"joined\""},
    {LINE(SIGN_IN(""), USE("", "\"TokenObjectId\":\"\",\"Workload\":\"SharePoint\",\"UserKey\":\"" OTHER "\",")),
     "\"contradictions\":[\"user\"]"},
    {LINE(SIGN_IN(""), USE("", "\"TokenObjectId\":\"\",\"Workload\":\"SharePoint\",\"UserType\":5,\"UserKey\":\"" OTHER "\",")),
     "\"join\":\"joined\""},
    /* a row without the token's id: its own id is that, and the first request's is of another step */
    {LINE(SIGN_IN("\"uniqueTokenIdentifier\":\"\",\"appId\":\"" OTHER "\","), USE("", "")), "\"contradictions\":[\"app\"]"},
    {LINE(SIGN_IN(
              "\"uniqueTokenIdentifier\":\"\",\"id\":\"445945de-2d4f-4816-a71e-d3c0eff10501\",\"createdDateTime\":\"2026-05-04T11:00:00Z\","
              "\"originalRequestId\":\"" GUID "\",\"appId\":\"" OTHER "\","),
          USE("", "")),
     "\"join\":\"joined\""},
    /* who acts for the client contradicts nothing, nor a sign-in to a resource */
    {LINE(SIGN_IN(""), USE("", "\"ClientAppId\":\"\",\"AppId\":\"" OTHER "\",")), "\"join\":\"joined\""},
    {LINE(SIGN_IN(""), USE("\"ClientAppId\":\"" OTHER "\",", "\"ClientAppId\":\"\",")), "\"contradictions\":[\"app\"]"},
    {LINE(SIGN_IN("\"appId\":\"00000002-0000-0ff1-ce00-000000000000\","), USE("", "")), "\"join\":\"joined\""},
    /* what contradicts */
    {LINE(SIGN_IN("\"userId\":\"" OTHER "\","), USE("", "")), "\"contradictions\":[\"user\"],\"suspicious\":true"},
    {LINE(SIGN_IN(""), USE("", "\"TokenTenantId\":\"" OTHER "\",")), "\"contradictions\":[\"tenant\"]"},
    {LINE(SIGN_IN("\"appId\":\"" OTHER "\","), USE("", "")), "\"contradictions\":[\"app\"]"},
    {LINE(SIGN_IN(""), USE("\"IssuedAtTime\":\"2026-05-04T09:49:59\",", "")), "\"contradictions\":[\"iat\"]"},
    {LINE(SIGN_IN(""), USE("\"IssuedAtTime\":\"2026-05-04T10:10:01\",", "")), "\"contradictions\":[\"iat\"]"},
    {LINE("", USE("", "") "," USE("", "\"TokenObjectId\":\"" OTHER "\",")), "\"contradictions\":[\"two-users\"]"},
    {LINE("", USE("", "") "," USE("\"IssuedAtTime\":\"2026-05-04T10:05:01\",", "")), "\"contradictions\":[\"two-times-of-issue\"]"},
    {LINE("", USE_AT("2026-05-04T09:54:59", "", "")), "\"contradictions\":[\"used-before-issue\"]"},
    {LINE("", USE("", "\"TokenTenantId\":\"9188040d-6c67-4c5b-b112-36a304b66dad\",")), "\"contradictions\":[\"consumer-tenant\"]"},
    {LINE("", USE("", "") "," USE("", "\"TokenTenantId\":\"" OTHER "\",")), "\"contradictions\":[\"tenant\"]"},
    {LINE("", USE_AT("2026-05-04T09:54:59", "\"IssuedAtTime\":\"\",", "") "," USE("", "")), "\"contradictions\":[\"used-before-issue\"]"},
    {AT_HAND("\"tid\":\"" TENANT "\",\"iat\":1777888800", USE_AT("2026-05-04T09:54:59", "\"IssuedAtTime\":\"\",", "")),
     "\"contradictions\":[\"used-before-issue\"]"},
    {AT_HAND("\"tid\":\"" OTHER "\"", USE("", "")), "\"contradictions\":[\"tenant\"]"},
    {AT_HAND("\"tid\":\"9188040d-6c67-4c5b-b112-36a304b66dad\"", USE("", "\"TokenTenantId\":\"\",")),
     "\"contradictions\":[\"consumer-tenant\"]"},
    {AT_HAND("\"appid\":\"" OTHER "\"", USE("\"ClientAppId\":\"" APP "\",", "")), "\"contradictions\":[\"app\"]"},
    /* what nearly does, at the bounds and for good reasons */
    {LINE(SIGN_IN(""), USE("\"IssuedAtTime\":\"2026-05-04T09:50:00\",", "")), "\"join\":\"joined\""},
    {LINE(SIGN_IN(""), USE("\"IssuedAtTime\":\"2026-05-04T10:10:00\",", "")), "\"join\":\"joined\""},
    {LINE("", USE("", "") "," USE("\"IssuedAtTime\":\"2026-05-04T10:05:00\",", "")), "\"contradictions\":[]"},
    {LINE("", USE_AT("2026-05-04T09:55:00", "", "")), "\"contradictions\":[]"},
    {AT_HAND("\"iat\":1777888800", USE_AT("2026-05-04T09:55:00", "\"IssuedAtTime\":\"\",", "")), "\"contradictions\":[]"},
    {AT_HAND("\"tid\":\"" OTHER "\"", USE("", "\"UserType\":10,")), "\"contradictions\":[]"},
    {AT_HAND("\"tid\":\"" OTHER "\"", USE("", "\"TokenTenantId\":\"\",")), "\"contradictions\":[]"}, /* an application of several */
    {AT_HAND("\"appid\":\"" OTHER "\"", USE("", "\"ClientAppId\":\"" OTHER "\",")), "\"contradictions\":[]"},
    {AT_HAND("\"appid\":\"27922004-5251-4030-b22d-91ecd9a37ea4\"", USE("\"ClientAppId\":\"1fec8e78-bce4-4aaf-ab1b-5451cc387264\",", "")),
     "\"contradictions\":[]"},
    {LINE(SIGN_IN("\"homeTenantId\":\"" OTHER "\",\"userId\":\"" OTHER "\","), USE("", "")), "\"join\":\"joined\""}, /* a guest */
    {LINE(SIGN_IN(""), USE("", "\"TokenObjectId\":\"" OTHER "\",\"UserType\":10,")), "\"join\":\"joined\""},         /* a guest */
    {LINE(SIGN_IN(""), USE("", "\"OrganizationId\":\"" OTHER "\",")), "\"join\":\"joined\""}, /* an application of several tenants */
    {LINE(SIGN_IN(""), USE("", "\"ClientAppId\":\"00000003-0000-0000-c000-000000000000\",")), "\"join\":\"joined\""}, /* a resource */
    {LINE(SIGN_IN(""), USE("", "\"ClientAppId\":\"\",")), "\"join\":\"joined\""},
    {LINE(SIGN_IN(""), USE("\"ClientAppId\":\"" APP "\",", "\"ClientAppId\":\"" OTHER "\",")),
     "\"join\":\"joined\""}, /* on behalf of another */
    {LINE(SIGN_IN("\"appId\":\"27922004-5251-4030-b22d-91ecd9a37ea4\","),
          USE("", "\"ClientAppId\":\"1fec8e78-bce4-4aaf-ab1b-5451cc387264\",")),
     "\"join\":\"joined\""},                                                                                          /* one family */
    {LINE(SIGN_IN("\"sessionId\":\"" OTHER "\","), USE("\"AADSessionId\":\"" OID "\",", "")), "\"join\":\"joined\""}, /* another session */
    {LINE(SIGN_IN("\"uniqueTokenIdentifier\":\"NDQ1OTQ1ZGUtMmQ0Zi00ODE2LWE3MWUtZDNjMGVmZjEwNTAw\","), USE("", "")), "\"join\":\"joined\""},
    {LINE(SIGN_IN("\"uniqueTokenIdentifier\":\"AAECAwQFBgcICQoLDA0ODw\","), USE("", "")),
     "\"join\":\"joined\""}, /* by the id of its request */
    /* why not */
    {LINE("", USE("", "")), "\"join\":\"not joinable\",\"reason\":\"not-asked\""},
    {LINE(SIGN_IN("\"status\":{\"errorCode\":50126},"), USE("", "")), "\"reason\":\"failed-sign-in\""},
    {LINE("", USE("\"UniqueTokenId\":\"AAAAAAAAAAAAAAAAAAAAAA\",", "")),
     "\"uti\":null,\"uti_guid\":null,\"join\":\"not joinable\",\"reason\":\"placeholder\""},
    {LINE("", USE("\"UniqueTokenId\":\"whatever\",", "")), "\"reason\":\"odd-id\""},
    {LINE("", USE("\"UniqueTokenId\":\"\",", "")), "\"reason\":\"no-token-id\""},
    {LINE("", USE("", "\"ExternalAccess\":true,")), "\"reason\":\"partner\""},
    {"{}",
     "{\"id\":null,\"sha256\":null,\"verdict\":null,\"uti\":null,\"uti_guid\":null,\"join\":\"not joinable\",\"reason\":\"no-token-id\""},
    /* what the engine knows */
    {"{\"audit\":[" USE("", "") "],\"coverage\":{\"complete\":true,\"others\":20,\"others_joined\":19}}",
     "\"join\":\"unmatched in proven coverage\",\"reason\":null,\"contradictions\":[],\"suspicious\":true"},
    {"{\"audit\":[" USE("", "") "],\"coverage\":{\"complete\":true,\"others\":19,\"others_joined\":19}}", "\"reason\":\"too-few-others\""},
    {"{\"audit\":[" USE("", "") "],\"coverage\":{\"complete\":true,\"others\":20,\"others_joined\":18}}",
     "\"reason\":\"others-do-not-join\""},
    {"{\"audit\":[" USE("", "") "],\"coverage\":{\"complete\":false,\"others\":20,\"others_joined\":20}}", "\"reason\":\"not-asked\""},
    {"{\"sign_ins\":[{\"UniqueTokenIdentifier\":\"" UTI "\"}],\"audit\":[" USE("", "") "],\"coverage\":" COMPLETE "}",
     "\"reason\":\"cut-export\""},
    {"{\"token\":{\"uti\":\"" UTI "\",\"tid\":\"9188040d-6c67-4c5b-b112-36a304b66dad\"},\"coverage\":" COMPLETE "}",
     "\"reason\":\"other-tenant\""},
    {"{\"token\":{\"uti\":\"" UTI "\"},\"coverage\":" COMPLETE "}", "\"reason\":\"no-tenant\""},
    {"{\"token\":{\"uti\":\"" UTI "\",\"tid\":\"" TENANT "\"},\"coverage\":" COMPLETE "}", "\"join\":\"unmatched in proven coverage\""},
    /* the token itself */
    {"{\"id\": [1, \"\\u0041\"],\"token\":{\"sha256\":\"ab\",\"verdict\":\"valid\",\"uti\":\"" UTI "\",\"tid\":\"" TENANT
     "\",\"oid\":\"" OTHER "\",\"appid\":\"" APP "\",\"iat\":1777888800},\"sign_ins\":[" SIGN_IN("") "]}",
     "{\"id\":[1, \"\\u0041\"],\"sha256\":\"ab\",\"verdict\":\"valid\",\"uti\":\"" UTI "\",\"uti_guid\":\"" GUID
     "\",\"join\":\"contradiction\",\"reason\":null,\"contradictions\":[\"user\"]"},
    {"{\"token\":{\"uti\":\"" UTI "\",\"iat\":1777888800},\"sign_ins\":[" SIGN_IN("") "," SIGN_IN(
         "\"uniqueTokenIdentifier\":\"AAECAwQFBgcICQoLDA0ODw\",\"id\":\"x\",") "]}",
     "\"join\":\"joined\",\"reason\":null,\"contradictions\":[],\"suspicious\":false,\"sign_ins\":2,\"session_sign_ins\":1"},
    {"{\"token\":\"Bearer eyJhbGciOiJSUzI1NiJ9.eyJ1dGkiOiIza1ZaUkU4dEZraW5IdFBBN19FRkFBIn0.c2ln\",\"audit\":[{\"a\":1}]}",
     "\"uti\":\"" UTI "\",\"uti_guid\":\"" GUID "\",\"join\":\"not "
     "joinable\",\"reason\":\"not-asked\",\"contradictions\":[],\"suspicious\":false,\"sign_"
     "ins\":0,\"session_sign_ins\":0,\"audit\":0,\"unread\":1"},
};

START_TEST(joined_rows_are_scored)
{
    ck_assert_int_eq(score(lines[_i].line), TSCOPE_OK);
    ck_assert_msg(strstr(answer, lines[_i].expected) != NULL, "%s\nhas no %s", answer, lines[_i].expected);
}
END_TEST

static const char *const refused[] = {"",     "x", "[]", "{", "{\"token\":1}", "{\"sign_ins\":{}}", "{\"audit\":1}", "{\"coverage\":1}",
                                      "{} {}"};

START_TEST(what_is_no_group_is_refused)
{
    ck_assert_int_eq(score(refused[_i]), TSCOPE_ERR_DATA);
}
END_TEST

START_TEST(every_allocation_may_fail)
{
    enum tscope_status status = TSCOPE_ERR_NO_MEMORY;

    for (unsigned long n = 1; status != TSCOPE_OK; n++) {
        ck_assert_uint_lt(n, 500);
        tscope_alloc_fail_from(n);
        status = score(LINE(SIGN_IN(""), USE("", "")));
        tscope_alloc_fail_from(0);
        ck_assert(status == TSCOPE_OK || status == TSCOPE_ERR_NO_MEMORY);
    }
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("score");
    TCase *tcase = tcase_create("score");
    SRunner *runner = srunner_create(suite);
    int failed;

    tcase_add_loop_test(tcase, joined_rows_are_scored, 0, (int)(sizeof(lines) / sizeof(lines[0])));
    tcase_add_loop_test(tcase, what_is_no_group_is_refused, 0, (int)(sizeof(refused) / sizeof(refused[0])));
    tcase_add_test(tcase, every_allocation_may_fail);
    suite_add_tcase(suite, tcase);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
