/* SPDX-License-Identifier: Apache-2.0 */
#include "token/companion.h"
#include "token_testing.h"

#define W TSCOPE_COMPANION_WHOLE
#define M TSCOPE_COMPANION_MASKED
#define C TSCOPE_COMPANION_CUT

/* {"alg":"none"}, {"alg":"dir","enc":"A128GCM"}, {"alg":"X"} */
#define UNSECURED "eyJhbGciOiJub25lIn0"
#define SEALED "eyJhbGciOiJkaXIiLCJlbmMiOiJBMTI4R0NNIn0"
#define UNKNOWN "eyJhbGciOiJYIn0"

static const struct {
    const char *text;
    enum tscope_companion_state state;
} texts[] = {
    {"", M},
    {"***", M},
    {"ya29.***", M},
    {"ya29....", M},
    {"ya29.\xe2\x80\xa6", M},
    {"xxx", M},
    {"xxxxxxxx", M},
    {"[REDACTED]", M},
    {"redacted", M},
    {"<token>", M},
    {"{{access}}", M},
    {"(none)", M},
    {"<token", W},
    {"<token]", W},
    {"xx", W},
    {"2YotnFZFEjr1zCsicMWpAA", W},
    {"ya29.a0AfH6SMBx", W},
    {TOKEN, W},
    {HEADER "." PAYLOAD "." SIGNATURE "AA", C}, /* no HMAC of SHA-256 has so many bytes */
    {HEADER "." PAYLOAD ".AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHg", C},
    {HEADER "." PAYLOAD ".***", M},
    {HEADER "." PAYLOAD ".", C},
    {HEADER "." PAYLOAD, C},
    {HEADER ".eyJpc3Mi", C},
    {HEADER, C},
    {HEADER ".***." SIGNATURE, M},
    {UNSECURED "." PAYLOAD ".", W},
    {UNKNOWN "." PAYLOAD ".AAEC", W},
    {UNKNOWN "." PAYLOAD ".", C},
    {SEALED "..AAECAwQFBgcICQoL.AAEC.AAECAwQFBgcICQoLDA0ODw", W},
    {SEALED "..AAECAwQFBgcICQoL.AAEC.AAECAwQFBgcICQoLDA0O", C},
    {SEALED "..AAECAwQFBgcICQoL.AAEC", C},
};

START_TEST(what_is_left_is_told_from_what_was_sent)
{
    struct tscope_arena arena = {0};
    enum tscope_companion_state state;

    ck_assert_int_eq(tscope_companion_state_of(tscope_span_text(texts[_i].text), &arena, &state, NULL), TSCOPE_OK);
    ck_assert_msg(state == texts[_i].state, "'%s' is %d", texts[_i].text, (int)state);
    tscope_arena_clear(&arena);
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("companion");
    TCase *tests = tcase_create("companion");

    tcase_add_loop_test(tests, what_is_left_is_told_from_what_was_sent, 0, (int)TSCOPE_COUNT(texts));
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
