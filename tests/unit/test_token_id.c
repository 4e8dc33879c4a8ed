/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/token_id.h"

#include <check.h>
#include <stdlib.h>

#include "audit/address.h"
#include "audit/application.h"
#include "core/text.h"

/* One GUID in its three forms; the pair is computed with Guid.ToByteArray's order. */
#define GUID "445945de-2d4f-4816-a71e-d3c0eff10500"
#define UTI "3kVZRE8tFkinHtPA7_EFAA"
#define GUID_BASE64 "NDQ1OTQ1ZGUtMmQ0Zi00ODE2LWE3MWUtZDNjMGVmZjEwNTAw"

static const char *const forms[] = {
    GUID, UTI, UTI "==", GUID_BASE64, "445945DE-2D4F-4816-A71E-D3C0EFF10500", "{" GUID "}", "3kVZRE8tFkinHtPA7/EFAA", " " UTI " "};

START_TEST(forms_of_one_id_are_one)
{
    static const uint8_t expected[16] = {0xde, 0x45, 0x59, 0x44, 0x4f, 0x2d, 0x16, 0x48, 0xa7, 0x1e, 0xd3, 0xc0, 0xef, 0xf1, 0x05, 0x00};
    uint8_t id[16] = {0};

    ck_assert_int_eq(tscope_token_id_read(tscope_span_text(forms[_i]), id), TSCOPE_TOKEN_ID_BYTES_READ);
    ck_assert_mem_eq(id, expected, sizeof(id));
}
END_TEST

START_TEST(id_is_written_as_it_was_read)
{
    uint8_t id[16];
    char text[TSCOPE_TOKEN_ID_TEXT], guid[TSCOPE_GUID_TEXT];

    ck_assert_int_eq(tscope_token_id_read(TSCOPE_SPAN(UTI), id), TSCOPE_TOKEN_ID_BYTES_READ);
    tscope_token_id_text(id, text);
    tscope_token_id_guid_text(id, guid);
    ck_assert_str_eq(text, UTI);
    ck_assert_str_eq(guid, GUID);
}
END_TEST

START_TEST(case_is_never_folded)
{
    uint8_t id[16], other[16];

    ck_assert_int_eq(tscope_token_id_read(TSCOPE_SPAN(UTI), id), TSCOPE_TOKEN_ID_BYTES_READ);
    ck_assert_int_eq(tscope_token_id_read(TSCOPE_SPAN("3kVZRE8tFkinHtPA7_efAA"), other), TSCOPE_TOKEN_ID_BYTES_READ);
    ck_assert_mem_ne(id, other, sizeof(id));
}
END_TEST

static const struct {
    const char *text;
    enum tscope_token_id_form form;
} others[] = {
    {"", TSCOPE_TOKEN_ID_NONE},
    {"  ", TSCOPE_TOKEN_ID_NONE},
    {"0000000000000000000000", TSCOPE_TOKEN_ID_PLACEHOLDER},
    {"AAAAAAAAAAAAAAAAAAAAAA", TSCOPE_TOKEN_ID_PLACEHOLDER},
    {"CXXXXXXXXXXXXXXXXXXXXX", TSCOPE_TOKEN_ID_PLACEHOLDER},
    {"00000000-0000-0000-0000-000000000000", TSCOPE_TOKEN_ID_PLACEHOLDER},
    {"11111111-1111-1111-1111-111111111111", TSCOPE_TOKEN_ID_PLACEHOLDER},
    {"3kVZRE8tFkinHtPA7_EFA", TSCOPE_TOKEN_ID_OTHER},   /* 21 */
    {"3kVZRE8tFkinHtPA7_EFAAA", TSCOPE_TOKEN_ID_OTHER}, /* 23 */
    {"3kVZRE8tFkinHtPA7_EFAB", TSCOPE_TOKEN_ID_OTHER},  /* spare bits: nobody encodes 16 bytes so */
    {"3kVZRE8tFkinHtPA7 EFAA", TSCOPE_TOKEN_ID_OTHER},
    {"445945de-2d4f-4816-a71e-d3c0eff1050", TSCOPE_TOKEN_ID_OTHER},
    {"webid-token-8f2b", TSCOPE_TOKEN_ID_OTHER},
};

START_TEST(what_is_no_id_is_told_apart)
{
    uint8_t id[16] = {7};

    ck_assert_int_eq(tscope_token_id_read(tscope_span_text(others[_i].text), id), others[_i].form);
    ck_assert_int_eq(id[0], 7);
}
END_TEST

static const struct {
    const char *text, *expected;
} addresses[] = {
    {"198.51.100.7", "198.51.100.7"},
    {"198.51.100.7:19823", "198.51.100.7"},
    {"[2001:db8::1]:443", "2001:db8::1"},
    {"2001:DB8::1", "2001:db8::1"},
    {"::ffff:198.51.100.7", "198.51.100.7"},
    {"fe80::1%eth0", "fe80::1"},
    {"::1", "::1"},
    {"", NULL},
    {"rolesanywhere.amazonaws.com", NULL},
    {"198.51.100", NULL},
    {"198.51.100.256", NULL},
    {"[2001:db8::1", NULL},
};

START_TEST(address_is_read_without_port)
{
    struct tscope_address address;
    char text[TSCOPE_ADDRESS_TEXT];
    bool read = tscope_address_read(tscope_span_text(addresses[_i].text), &address);

    ck_assert_int_eq(read, addresses[_i].expected != NULL);
    if (!read)
        return;
    tscope_address_text(&address, text);
    ck_assert_str_eq(text, addresses[_i].expected);
}
END_TEST

static bool
is_relay(const char *text)
{
    struct tscope_address address;

    ck_assert(tscope_address_read(tscope_span_text(text), &address));
    return tscope_address_is_relay(&address);
}

START_TEST(relays_and_private_addresses_are_no_clients)
{
    ck_assert(is_relay("2603:10a6:803:4c::10"));
    ck_assert(is_relay("52.99.255.255"));
    ck_assert(!is_relay("52.100.0.0"));
    ck_assert(is_relay("13.107.6.153"));
    ck_assert(!is_relay("13.107.6.154"));
    ck_assert(is_relay("10.1.2.3"));
    ck_assert(is_relay("172.31.255.255"));
    ck_assert(!is_relay("172.32.0.0"));
    ck_assert(is_relay("::1"));
    ck_assert(is_relay("fd00::1"));
    ck_assert(!is_relay("203.0.113.9"));
}
END_TEST

static const struct tscope_incident_address *
incident(const char *text, int64_t time)
{
    struct tscope_address address;

    ck_assert(tscope_address_read(tscope_span_text(text), &address));
    return tscope_address_incident(&address, time);
}

/* 185.158.248.93: 25 and 26 June 2023 */
START_TEST(incident_address_counts_inside_its_dates)
{
    const int64_t from = 1687651200, until = 1687824000, day = 86400;

    ck_assert(!incident("185.158.248.93", from - day - 1));
    ck_assert(incident("185.158.248.93", from - day));
    ck_assert(incident("185.158.248.93", until + day - 1));
    ck_assert(!incident("185.158.248.93", until + day));
    ck_assert(!incident("185.158.248.94", from));
    ck_assert_str_eq(incident("185.158.248.93", from)->incident, "Storm-0558");
}
END_TEST

START_TEST(near_addresses_are_of_one_site)
{
    struct tscope_address a, b;

    ck_assert(tscope_address_read(TSCOPE_SPAN("203.0.113.9"), &a) && tscope_address_read(TSCOPE_SPAN("203.0.113.250"), &b));
    ck_assert(tscope_address_is_near(&a, &b));
    ck_assert(tscope_address_read(TSCOPE_SPAN("203.0.112.9"), &b));
    ck_assert(!tscope_address_is_near(&a, &b));
    ck_assert(tscope_address_read(TSCOPE_SPAN("2001:db8:1::1"), &a) && tscope_address_read(TSCOPE_SPAN("2001:db8:1:ffff::2"), &b));
    ck_assert(tscope_address_is_near(&a, &b));
    ck_assert(tscope_address_read(TSCOPE_SPAN("2001:db8:2::1"), &b));
    ck_assert(!tscope_address_is_near(&a, &b));
}
END_TEST

START_TEST(applications_are_known_in_any_case)
{
    const struct tscope_application_facts *facts = tscope_application_facts_find(TSCOPE_SPAN("27922004-5251-4030-B22D-91ECD9A37EA4"));

    ck_assert_ptr_nonnull(facts);
    ck_assert_str_eq(facts->name, "Outlook Mobile");
    ck_assert_int_eq(facts->flags, TSCOPE_APP_FIRST_PARTY | TSCOPE_APP_FAMILY);
    facts = tscope_application_facts_find(TSCOPE_SPAN("00000002-0000-0ff1-ce00-000000000000"));
    ck_assert(facts && facts->flags & TSCOPE_APP_RESOURCE);
    ck_assert_ptr_null(tscope_application_facts_find(TSCOPE_SPAN("66666666-7777-4888-8999-aaaaaaaaaaaa")));
    ck_assert_ptr_null(tscope_application_facts_find(TSCOPE_SPAN("")));
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("token_id");
    TCase *tcase = tcase_create("token_id");
    SRunner *runner = srunner_create(suite);
    int failed;

    tcase_add_loop_test(tcase, forms_of_one_id_are_one, 0, (int)(sizeof(forms) / sizeof(forms[0])));
    tcase_add_test(tcase, id_is_written_as_it_was_read);
    tcase_add_test(tcase, case_is_never_folded);
    tcase_add_loop_test(tcase, what_is_no_id_is_told_apart, 0, (int)(sizeof(others) / sizeof(others[0])));
    tcase_add_loop_test(tcase, address_is_read_without_port, 0, (int)(sizeof(addresses) / sizeof(addresses[0])));
    tcase_add_test(tcase, relays_and_private_addresses_are_no_clients);
    tcase_add_test(tcase, incident_address_counts_inside_its_dates);
    tcase_add_test(tcase, near_addresses_are_of_one_site);
    tcase_add_test(tcase, applications_are_known_in_any_case);
    suite_add_tcase(suite, tcase);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
