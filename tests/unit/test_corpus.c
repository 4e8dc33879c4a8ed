/* SPDX-License-Identifier: Apache-2.0 */
#include <tokenscope/tokenscope.h>

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/alloc.h"
#include "crypto/ecdsa.h"

/*
 * ES256 under one key made for this, with chosen secret numbers. FIRST and TWIN are one message, SAME_NUMBER shares its secret
 * number, SAME_ID its jti. The encrypted ones share their initialization vector, but for SEALED_OTHERWISE; nothing decrypts them.
 * SEALED_DAMAGED is SEALED with one letter changed on its way.
 */
#define KEY                                                                                                                   \
    "{\"kty\":\"EC\",\"crv\":\"P-256\",\"kid\":\"k\",\"x\":\"m9H9MPHdPRD_PnQ4KtiPI_sqxpbVg8hFmGmLLFcSNrc\",\"y\":\"Br362uork" \
    "gxihu5x1SQGiNQXwRDql4Y1iIhiad7Moj8\"}"
#define FIRST                                                                                              \
    "eyJhbGciOiJFUzI1NiIsImtpZCI6ImsifQ.eyJpc3MiOiJodHRwczovL2lkcC5leGFtcGxlIiwiYXVkIjoiYXBpIiwic3ViIjoiY" \
    "SIsImV4cCI6MjAwMDAwMDAwMCwianRpIjoiaWQtMDAwMDAxIn0.b2o5Ph98iK-b1gwxL9Jc4Ev-vFnUtXfmlYtqmijNFdQflNd--" \
    "jXODqC1Xr6qVubgBSGD_rk1oPjc0f_9-9mPDg"
#define TWIN                                                                                               \
    "eyJhbGciOiJFUzI1NiIsImtpZCI6ImsifQ.eyJpc3MiOiJodHRwczovL2lkcC5leGFtcGxlIiwiYXVkIjoiYXBpIiwic3ViIjoiY" \
    "SIsImV4cCI6MjAwMDAwMDAwMCwianRpIjoiaWQtMDAwMDAxIn0.b2o5Ph98iK-b1gwxL9Jc4Ev-vFnUtXfmlYtqmijNFdTgayiAB" \
    "cox8l9KoUFVqRkft8V2ru3h_YwW58rFAImWQw"
#define SAME_NUMBER                                                                                        \
    "eyJhbGciOiJFUzI1NiIsImtpZCI6ImsifQ.eyJpc3MiOiJodHRwczovL2lkcC5leGFtcGxlIiwiYXVkIjoiYXBpIiwic3ViIjoiY" \
    "iIsImV4cCI6MjAwMDAwMDAwMCwianRpIjoiaWQtMDAwMDAyIn0.b2o5Ph98iK-b1gwxL9Jc4Ev-vFnUtXfmlYtqmijNFdQzytk-A" \
    "2Np5Emjy6kkxxBDruxqRAIzykwAVIStf7FyPg"
#define SAME_ID                                                                                            \
    "eyJhbGciOiJFUzI1NiIsImtpZCI6ImsifQ.eyJpc3MiOiJodHRwczovL2lkcC5leGFtcGxlIiwiYXVkIjoiYXBpIiwic3ViIjoiY" \
    "yIsImV4cCI6MjAwMDAwMDAwMCwianRpIjoiaWQtMDAwMDAxIn0.0eOZUi0l4LNMTZ6MObvnam12m_FsfSZHHe7hin4l2bB72Yfmp" \
    "72m09td3h63qJflk4lb1laZci_pTABwJbkxHw"
#define OTHER_AUDIENCE                                                                                     \
    "eyJhbGciOiJFUzI1NiIsImtpZCI6ImsifQ.eyJpc3MiOiJodHRwczovL2lkcC5leGFtcGxlIiwiYXVkIjoid2ViIiwic3ViIjoiY" \
    "yIsImV4cCI6MjAwMDAwMDAwMCwianRpIjoiaWQtMDAwMDAxIn0.hEFce_gKYoTsyj6aFaaEDi0AY40G4ioe9_5-Xn_1RKxxgDikD" \
    "lxhg8sVmEOruj5VHfoTnkuxijzuzdR-tDdFpA"
#define SHORT_ID                                                                                           \
    "eyJhbGciOiJFUzI1NiIsImtpZCI6ImsifQ.eyJpc3MiOiJodHRwczovL2lkcC5leGFtcGxlIiwiYXVkIjoiYXBpIiwic3ViIjoiY" \
    "SIsImV4cCI6MjAwMDAwMDAwMCwianRpIjoiN2EifQ.Cap5V0Uqoe-V_ZJNtg0QiJkwF75oCXsWyzGDdpHB0aEfUeM4mLyKmE-Ejn" \
    "2XoIyYZNnx-bAGzEsjjoDoKIrH9g"
#define SHORT_ID_AGAIN                                                                                     \
    "eyJhbGciOiJFUzI1NiIsImtpZCI6ImsifQ.eyJpc3MiOiJodHRwczovL2lkcC5leGFtcGxlIiwiYXVkIjoiYXBpIiwic3ViIjoiY" \
    "iIsImV4cCI6MjAwMDAwMDAwMCwianRpIjoiN2EifQ.Wd0QFUGenpH2B98z-4fkZ_0uI-vHYY_gQK3SRLRwOgFYkeCi2ldlmhPoCJ" \
    "S4DL6zB8bWT9vgp-8mOh3BijZw7Q"
#define ZERO_ID                                                                                            \
    "eyJhbGciOiJFUzI1NiIsImtpZCI6ImsifQ.eyJpc3MiOiJodHRwczovL2lkcC5leGFtcGxlIiwiYXVkIjoiYXBpIiwic3ViIjoiY" \
    "SIsImV4cCI6MjAwMDAwMDAwMCwianRpIjoiMDAwMC0wMDAwIn0.puSry56Nwe8z_YGv_j07gleHfkuYvqbLC_SF2tn7Pb0Bv0rSL" \
    "orSN5Ep5eieV4n_JXRqRNS85AwCjGe_Q7vCFQ"
#define ZERO_ID_AGAIN                                                                                      \
    "eyJhbGciOiJFUzI1NiIsImtpZCI6ImsifQ.eyJpc3MiOiJodHRwczovL2lkcC5leGFtcGxlIiwiYXVkIjoiYXBpIiwic3ViIjoiY" \
    "iIsImV4cCI6MjAwMDAwMDAwMCwianRpIjoiMDAwMC0wMDAwIn0.gKUHfaJ-sPH1HHkEbndgG8cGZyaeRZuMlGwMKXBbUXI5cUXPG" \
    "zpO0-AHVullYrvyAz-Avb4FnA60NOZWdVuOKg"
#define SEALED                                                                                             \
    "eyJhbGciOiJBMjU2S1ciLCJlbmMiOiJBMjU2R0NNIn0.AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJw.A" \
    "QIDBAUGBwgJCgsM.b25lIGNvbnRlbnQ.AAECAwQFBgcICQoLDA0ODw"
#define SEALED_AGAIN                                                                                       \
    "eyJhbGciOiJBMjU2S1ciLCJlbmMiOiJBMjU2R0NNIn0.AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJw.A" \
    "QIDBAUGBwgJCgsM.dHdvIGNvbnRlbnQ.DwECAwQFBgcICQoLDA0ODw"
#define SEALED_OTHERWISE                                                                                   \
    "eyJhbGciOiJBMjU2S1ciLCJlbmMiOiJBMjU2R0NNIn0.AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJw.D" \
    "AsKCQgHBgUEAwIB.dHdvIGNvbnRlbnQ.AAECAwQFBgcICQoLDA0ODw"
#define DIRECT                                                                                             \
    "eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIiwia2lkIjoiayJ9..AQIDBAUGBwgJCgsM.b25lIGNvbnRlbnQ.AAECAwQFBgcIC" \
    "QoLDA0ODw"
#define DIRECT_AGAIN                                                                                       \
    "eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIiwia2lkIjoiayJ9..AQIDBAUGBwgJCgsM.dHdvIGNvbnRlbnQ.DwECAwQFBgcIC" \
    "QoLDA0ODw"
#define SEALED_DAMAGED                                                                                     \
    "eyJhbGciOiJBMjU2S1ciLCJlbmMiOiJBMjU2R0NNIn0.AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJw.A" \
    "QIDBAUGBwgJCgsM.b25lIGNvbnR1bnQ.AAECAwQFBgcICQoLDA0ODw"

/* HS256, each twice with one jti: of one session, which differ in their times alone; another subject; and ids that say nothing. */
#define SECRET "{\"kty\":\"oct\",\"kid\":\"h\",\"k\":\"0V_kSeNzcHFKpVRbOf5insApQcvZI8PJ7Jhu5R2pVH4\"}"
#define SESSION                                                                                            \
    "eyJhbGciOiJIUzI1NiIsImtpZCI6ImgifQ.eyJpc3MiOiJoIiwiYXVkIjoiYSIsInN1YiI6InMiLCJqdGkiOiJzZXNzaW9uLTEiL" \
    "CJpYXQiOjE3MDAwMDAwMDAsImV4cCI6NDAwMDAwMDAwMH0.lFRQkE_DBr_aLLzFq9Z0KdrfdLwYV9HPpJWZhen1V0Y"
#define SESSION_LATER                                                                                      \
    "eyJhbGciOiJIUzI1NiIsImtpZCI6ImgifQ.eyJpc3MiOiJoIiwiYXVkIjoiYSIsInN1YiI6InMiLCJqdGkiOiJzZXNzaW9uLTEiL" \
    "CJpYXQiOjE3MDAwMDA5MDAsImV4cCI6NDAwMDAwMDAwMX0.RmZEGE1n_wqm_j_7PFfKwwRG5LECi9mbSG21FzEhT6A"
#define SESSION_OF_ANOTHER                                                                                 \
    "eyJhbGciOiJIUzI1NiIsImtpZCI6ImgifQ.eyJpc3MiOiJoIiwiYXVkIjoiYSIsInN1YiI6InQiLCJqdGkiOiJzZXNzaW9uLTEiL" \
    "CJpYXQiOjE3MDAwMDAwMDAsImV4cCI6NDAwMDAwMDAwMH0.EVPpJ3JVpefx1vAqYOetjdIKDwoWmRFjDMkhpqkaSPg"
static const char *const masked_ids[][2] = {
    {"eyJhbGciOiJIUzI1NiIsImtpZCI6ImgifQ.eyJpc3MiOiJoIiwiYXVkIjoiYSIsInN1YiI6InMiLCJqdGkiOiIqKioqKioqKi0xM"
     "jM0IiwiZXhwIjo0MDAwMDAwMDAwfQ.apPkINbUnDCB4ftk_dCgRKxqgYfji9Lonx5Kp3ulr8Q",
     "eyJhbGciOiJIUzI1NiIsImtpZCI6ImgifQ.eyJpc3MiOiJoIiwiYXVkIjoiYSIsInN1YiI6InMiLCJqdGkiOiIqKioqKioqKi0xM"
     "jM0IiwiZXhwIjo0MDAwMDAwMDAwLCJ4IjoxfQ.hBz3OAQ2i6kXnpFat3ubFJRWyCWnNQ67ODm7wYllRgM"},
    {"eyJhbGciOiJIUzI1NiIsImtpZCI6ImgifQ.eyJpc3MiOiJoIiwiYXVkIjoiYSIsInN1YiI6InMiLCJqdGkiOiIwIiwiZXhwIjo0M"
     "DAwMDAwMDAwfQ.DB6Nk-qHsLIbpXtv_MA6BDnFknGZNfH36PclK5OiWRs",
     "eyJhbGciOiJIUzI1NiIsImtpZCI6ImgifQ.eyJpc3MiOiJoIiwiYXVkIjoiYSIsInN1YiI6InMiLCJqdGkiOiIwIiwiZXhwIjo0M"
     "DAwMDAwMDAwLCJ4IjoxfQ.set6_n2pd7foQ_WAnnQ8HpbkD7PEHazIIelTchIZZfQ"},
    {"eyJhbGciOiJIUzI1NiIsImtpZCI6ImgifQ.eyJpc3MiOiJoIiwiYXVkIjoiYSIsInN1YiI6InMiLCJqdGkiOiJ4eHh4eHh4eC14e"
     "Hh4LXh4eHgiLCJleHAiOjQwMDAwMDAwMDB9.fWB5Q2FJ0FyifpNYCDjI7wv3M0RoVGioKVhTBI54lAM",
     "eyJhbGciOiJIUzI1NiIsImtpZCI6ImgifQ.eyJpc3MiOiJoIiwiYXVkIjoiYSIsInN1YiI6InMiLCJqdGkiOiJ4eHh4eHh4eC14e"
     "Hh4LXh4eHgiLCJleHAiOjQwMDAwMDAwMDAsIngiOjF9.EeT3ZZD89DcOPGDZNClM5BJuprORVDfAbvkR09VgWj8"},
    {"eyJhbGciOiJIUzI1NiIsImtpZCI6ImgifQ.eyJpc3MiOiJoIiwiYXVkIjoiYSIsInN1YiI6InMiLCJqdGkiOiJSZWRhY3RlZCIsI"
     "mV4cCI6NDAwMDAwMDAwMH0.XQ6iNwieVQJFkOoPh3oO3b6r6eLXUo1tMgA5Okz-WZI",
     "eyJhbGciOiJIUzI1NiIsImtpZCI6ImgifQ.eyJpc3MiOiJoIiwiYXVkIjoiYSIsInN1YiI6InMiLCJqdGkiOiJSZWRhY3RlZCIsI"
     "mV4cCI6NDAwMDAwMDAwMCwieCI6MX0.hfX2tYGZ0iNgozxD_5pOfC7282SQ9NeqSKhvFx5Qru0"},
    {"eyJhbGciOiJIUzI1NiIsImtpZCI6ImgifQ.eyJpc3MiOiJoIiwiYXVkIjoiYSIsInN1YiI6InMiLCJqdGkiOiJbUkVEQUNURURdI"
     "iwiZXhwIjo0MDAwMDAwMDAwfQ.2XhA7mG8cDRBtuTE7AI6JmjQzQXf3kYz8yixyVKhNQU",
     "eyJhbGciOiJIUzI1NiIsImtpZCI6ImgifQ.eyJpc3MiOiJoIiwiYXVkIjoiYSIsInN1YiI6InMiLCJqdGkiOiJbUkVEQUNURURdI"
     "iwiZXhwIjo0MDAwMDAwMDAwLCJ4IjoxfQ.o0xXt9s4jBiBhVyBLAmxDtx0BTnJZv4RK_qli_cXjsE"},
    {"eyJhbGciOiJIUzI1NiIsImtpZCI6ImgifQ.eyJpc3MiOiJoIiwiYXVkIjoiYSIsInN1YiI6InMiLCJqdGkiOiI8cmVtb3ZlZD4iL"
     "CJleHAiOjQwMDAwMDAwMDB9.xgm0B3bSNB7C8MGasDZiJ2MFfnlK25q9gGZSkYxFhOQ",
     "eyJhbGciOiJIUzI1NiIsImtpZCI6ImgifQ.eyJpc3MiOiJoIiwiYXVkIjoiYSIsInN1YiI6InMiLCJqdGkiOiI8cmVtb3ZlZD4iL"
     "CJleHAiOjQwMDAwMDAwMDAsIngiOjF9.6v84EO1J__NBURs9O2A3Jokp5jTrbC3pMi4zXrk5E_A"},
    {"eyJhbGciOiJIUzI1NiIsImtpZCI6ImgifQ.eyJpc3MiOiJoIiwiYXVkIjoiYSIsInN1YiI6InMiLCJqdGkiOiJtYXNrZWQiLCJle"
     "HAiOjQwMDAwMDAwMDB9.y-hzo0v-ESwiBuLu1Q9hHrRLiiEwv3_xJiHLd2kgmrA",
     "eyJhbGciOiJIUzI1NiIsImtpZCI6ImgifQ.eyJpc3MiOiJoIiwiYXVkIjoiYSIsInN1YiI6InMiLCJqdGkiOiJtYXNrZWQiLCJle"
     "HAiOjQwMDAwMDAwMDAsIngiOjF9.E2POmJO66_FJtqE-73s2Ok7_4icYl6YX5TGWcKxHiFo"},
};

static tscope_keyring *keyring;
static tscope_profile *profile;
static tscope_inspector *inspector;

static void
open_inspector(const char *key)
{
    ck_assert_int_eq(tscope_keyring_new(&keyring, NULL), TSCOPE_OK);
    if (key)
        ck_assert_int_eq(tscope_keyring_add(keyring, (const uint8_t *)key, strlen(key), "key", NULL, NULL, NULL), TSCOPE_OK);
    ck_assert_int_eq(tscope_keyring_freeze(keyring, NULL), TSCOPE_OK);
    ck_assert_int_eq(tscope_profile_new(NULL, &profile, NULL), TSCOPE_OK);
    ck_assert_int_eq(tscope_inspector_new(keyring, profile, NULL, NULL, &inspector, NULL), TSCOPE_OK);
}

static void
close_inspector(void)
{
    tscope_inspector_free(inspector);
    tscope_profile_free(profile);
    tscope_keyring_free(keyring);
}

static tscope_report *
inspect(const char *token, const char *path)
{
    const struct tscope_moment moment = {.seen = TSCOPE_TIME_UNKNOWN, .now = TSCOPE_TIME_UNKNOWN};
    tscope_report *report = NULL;

    ck_assert_int_eq(tscope_inspector_set_source(inspector, path, 0, NULL), TSCOPE_OK);
    ck_assert_int_eq(tscope_inspect(inspector, (const uint8_t *)token, strlen(token), &moment, &report, NULL), TSCOPE_OK);
    return report;
}

static tscope_corpus *
corpus_of(size_t tokens_max, const char *const *tokens, size_t tokens_len, bool backwards)
{
    tscope_corpus *corpus = NULL;

    ck_assert_int_eq(tscope_corpus_new(tokens_max, &corpus, NULL), TSCOPE_OK);
    for (size_t i = 0; i < tokens_len; i++) {
        tscope_report *report = inspect(tokens[backwards ? tokens_len - 1 - i : i], "a");

        ck_assert_int_eq(tscope_corpus_add(corpus, report, 0, NULL), TSCOPE_OK);
        tscope_report_free(report);
    }
    ck_assert_int_eq(tscope_corpus_finish(corpus, NULL), TSCOPE_OK);
    return corpus;
}

static const struct {
    const char *id, *part, *pointer;
} proofs[] = {
    {"SIG-NONCE-REUSE", "signature", NULL}, {"SIG-HIGHS", "signature", NULL}, {"KEY-RECOVERED", "signature", NULL},
    {"CLM-JTI-DUP", "payload", "/jti"},     {"JWE-IVREUSE", "iv", NULL},
};

/* Each token says where in it the evidence stands, and that is inside the part of that name. */
static void
check_proofs(const tscope_corpus *corpus, const char *const tokens[2], const char *id)
{
    struct tscope_corpus_token_view token;
    size_t row = 0;

    while (strcmp(proofs[row].id, id) != 0)
        ck_assert_uint_lt(++row, TSCOPE_COUNT(proofs));
    for (size_t i = 0; i < 2; i++) {
        ck_assert(tscope_corpus_token(corpus, 0, i, &token));
        ck_assert_str_eq(token.part, proofs[row].part);
        ck_assert(!token.pointer == !proofs[row].pointer && (!token.pointer || strcmp(token.pointer, proofs[row].pointer) == 0));
        ck_assert_uint_gt(token.raw_len, 0);
        ck_assert(token.raw_offset + token.raw_len <= strlen(tokens[0]) || token.raw_offset + token.raw_len <= strlen(tokens[1]));
        ck_assert_uint_eq(token.byte_offset, token.raw_offset);
        ck_assert_uint_eq(token.byte_len, token.raw_len);
        ck_assert_uint_eq(token.line, 1);
        ck_assert_uint_eq(token.column, 1 + token.raw_offset);
        ck_assert_uint_eq(token.end_line, 1);
        ck_assert_uint_eq(token.end_column, 1 + token.raw_offset + token.raw_len);
    }
}

static const struct {
    const char *key, *one, *other, *id; /* id NULL: nothing is found */
    enum tscope_severity severity;
} pairs[] = {
    {KEY, FIRST, SAME_NUMBER, "SIG-NONCE-REUSE", TSCOPE_SEVERITY_CRITICAL},
    {NULL, FIRST, SAME_NUMBER, "SIG-NONCE-REUSE", TSCOPE_SEVERITY_MEDIUM},
    {KEY, FIRST, FIRST, NULL, 0},
    {KEY, FIRST, TWIN, "SIG-HIGHS", TSCOPE_SEVERITY_LOW},
    {NULL, FIRST, TWIN, "SIG-HIGHS", TSCOPE_SEVERITY_LOW},
    {KEY, FIRST, SAME_ID, "CLM-JTI-DUP", TSCOPE_SEVERITY_HIGH},
    {NULL, FIRST, SAME_ID, "KEY-RECOVERED", TSCOPE_SEVERITY_INFO},
    {KEY, FIRST, OTHER_AUDIENCE, NULL, 0},
    {KEY, SHORT_ID, SHORT_ID_AGAIN, "CLM-JTI-DUP", TSCOPE_SEVERITY_MEDIUM},
    {KEY, ZERO_ID, ZERO_ID_AGAIN, NULL, 0},
    {SECRET, SESSION, SESSION_LATER, "CLM-JTI-DUP", TSCOPE_SEVERITY_MEDIUM},
    {SECRET, SESSION, SESSION_OF_ANOTHER, "CLM-JTI-DUP", TSCOPE_SEVERITY_HIGH},
    {SECRET, SESSION, SESSION, NULL, 0},
    {NULL, SEALED, SEALED_AGAIN, "JWE-IVREUSE", TSCOPE_SEVERITY_HIGH},
    {NULL, SEALED, SEALED, NULL, 0},
    {NULL, SEALED, SEALED_DAMAGED, NULL, 0},
    {NULL, SEALED_DAMAGED, SEALED_AGAIN, "JWE-IVREUSE", TSCOPE_SEVERITY_HIGH},
    {NULL, SEALED_AGAIN, SEALED_OTHERWISE, NULL, 0},
    {NULL, DIRECT, DIRECT_AGAIN, "JWE-IVREUSE", TSCOPE_SEVERITY_MEDIUM},
    {NULL, SEALED, DIRECT_AGAIN, NULL, 0},
};

START_TEST(pair_shows_what_it_shows)
{
    const char *const tokens[] = {pairs[_i].one, pairs[_i].other};
    bool has_signer = !pairs[_i].key && pairs[_i].id && strcmp(pairs[_i].id, "SIG-NONCE-REUSE") == 0; /* which is recovered, too */
    struct tscope_corpus_view finding;
    tscope_corpus *corpus;

    open_inspector(pairs[_i].key);
    corpus = corpus_of(0, tokens, 2, false);
    if (!pairs[_i].id) {
        ck_assert_uint_eq(tscope_corpus_findings(corpus), 0);
        ck_assert(!tscope_corpus_finding(corpus, 0, &finding));
    } else {
        ck_assert_uint_eq(tscope_corpus_findings(corpus), has_signer ? 2 : 1);
        ck_assert(tscope_corpus_finding(corpus, 0, &finding));
        ck_assert_str_eq(finding.id, pairs[_i].id);
        ck_assert_int_eq(finding.severity, pairs[_i].severity);
        ck_assert_uint_eq(finding.tokens, 2);
        ck_assert_uint_eq(finding.left_out, 0);
        check_proofs(corpus, tokens, finding.id);
    }
    tscope_corpus_free(corpus);
    close_inspector();
}
END_TEST

START_TEST(masked_id_is_none)
{
    tscope_corpus *corpus;

    open_inspector(SECRET);
    corpus = corpus_of(0, masked_ids[_i], 2, false);
    ck_assert_uint_eq(tscope_corpus_findings(corpus), 0);
    tscope_corpus_free(corpus);
    close_inspector();
}
END_TEST

/* Two tokens of a session differ in their times alone, and the third in more: that is what is said. */
START_TEST(gravest_difference_decides)
{
    const char *const tokens[] = {SESSION, SESSION_LATER, SESSION_OF_ANOTHER};
    struct tscope_corpus_view finding;
    tscope_corpus *corpus;

    open_inspector(SECRET);
    corpus = corpus_of(0, tokens, 3, _i);
    ck_assert_uint_eq(tscope_corpus_findings(corpus), 1);
    ck_assert(tscope_corpus_finding(corpus, 0, &finding));
    ck_assert_int_eq(finding.severity, TSCOPE_SEVERITY_HIGH);
    ck_assert_uint_eq(finding.tokens, 3);
    tscope_corpus_free(corpus);
    close_inspector();
}
END_TEST

static const char *const everything[] = {FIRST,   TWIN,          SAME_NUMBER, SAME_ID,      OTHER_AUDIENCE, SHORT_ID,     SHORT_ID_AGAIN,
                                         ZERO_ID, ZERO_ID_AGAIN, SEALED,      SEALED_AGAIN, DIRECT,         DIRECT_AGAIN, FIRST};

static char *
json_of(const tscope_corpus *corpus)
{
    char *json = NULL;
    size_t len = 0;

    ck_assert_int_eq(tscope_corpus_json(corpus, false, &json, &len, NULL), TSCOPE_OK);
    ck_assert_uint_eq(strlen(json), len);
    return json;
}

START_TEST(order_of_tokens_changes_nothing)
{
    tscope_corpus *forwards, *backwards;
    char *one, *other;

    open_inspector(KEY);
    forwards = corpus_of(0, everything, TSCOPE_COUNT(everything), false);
    backwards = corpus_of(0, everything, TSCOPE_COUNT(everything), true);
    one = json_of(forwards);
    other = json_of(backwards);
    ck_assert_str_eq(one, other);
    ck_assert_uint_eq(tscope_corpus_findings(forwards), 6);
    ck_assert_ptr_null(strstr(one, "eyJ"));
    tscope_string_free(one);
    tscope_string_free(other);
    tscope_corpus_free(forwards);
    tscope_corpus_free(backwards);
    close_inspector();
}
END_TEST

START_TEST(tokens_over_the_limit_are_counted)
{
    const char *const tokens[] = {FIRST, SAME_ID, SAME_NUMBER};
    tscope_corpus *corpus;

    open_inspector(KEY);
    corpus = corpus_of((size_t)_i, tokens, 3, false);
    ck_assert_uint_eq(tscope_corpus_tokens(corpus), 3);
    ck_assert_uint_eq(tscope_corpus_left_out(corpus, NULL), _i < 3 ? 3 - (size_t)_i : 0);
    ck_assert_uint_eq(tscope_corpus_findings(corpus), _i < 3 ? (size_t)_i - 1 : 2);
    tscope_corpus_free(corpus);
    close_inspector();
}
END_TEST

/* One key and one initialization vector; contents are told by their digit, tokens by their number. */
static tscope_report *
inspect_sealed(int content, size_t number)
{
    char token[256];

    snprintf(token, sizeof(token),
             "eyJhbGciOiJBMjU2S1ciLCJlbmMiOiJBMjU2R0NNIn0.AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJw."
             "AQIDBAUGBwgJCgsM.Q%d9udGVudA.%021zuA",
             content, number);
    return inspect(token, "a");
}

/* 16 tokens are kept of a finding, and two of them differ, wherever the different one stands: tokens stand in the order of their digests.
 */
START_TEST(tokens_of_a_finding_are_bounded)
{
    size_t count = (size_t)_i;

    open_inspector(NULL);
    for (size_t seed = 0; seed < 40; seed++) {
        struct tscope_corpus_view finding;
        struct tscope_corpus_token_view one, last;
        tscope_corpus *corpus = NULL;
        tscope_report *report;
        bool differs = false;
        char other[TSCOPE_DIGEST_TEXT_SIZE] = "";

        ck_assert_int_eq(tscope_corpus_new(0, &corpus, NULL), TSCOPE_OK);
        for (size_t i = 0; i < count; i++) {
            report = inspect_sealed(i == 0, 100 * seed + i);
            if (i == 0)
                ck_assert_int_eq(tscope_report_digest(report, other, NULL), TSCOPE_OK);
            ck_assert_int_eq(tscope_corpus_add(corpus, report, 0, NULL), TSCOPE_OK);
            tscope_report_free(report);
        }
        ck_assert_int_eq(tscope_corpus_finish(corpus, NULL), TSCOPE_OK);
        ck_assert_int_eq(tscope_corpus_finish(corpus, NULL), TSCOPE_ERR_STATE);
        report = inspect_sealed(0, 0);
        ck_assert_int_eq(tscope_corpus_add(corpus, report, 0, NULL), TSCOPE_ERR_STATE);
        tscope_report_free(report);
        ck_assert(tscope_corpus_finding(corpus, 0, &finding));
        ck_assert_uint_eq(finding.tokens, count < 16 ? count : 16);
        ck_assert_uint_eq(finding.left_out, count - finding.tokens);
        for (size_t i = 0; i < finding.tokens; i++) {
            ck_assert(tscope_corpus_token(corpus, 0, i, &last));
            differs |= strcmp(last.sha256, other) == 0;
        }
        ck_assert(differs);
        ck_assert(!tscope_corpus_token(corpus, 0, finding.tokens, &one));
        tscope_corpus_free(corpus);
    }
    close_inspector();
}
END_TEST

/* A token that comes again is counted, takes no room, and is shown at the first of its places, in whatever order it came. */
START_TEST(repeated_token_stands_at_its_first_place)
{
    static const char *const paths[] = {"c", "a", "b", "a", "d"};
    tscope_corpus *corpus = NULL;
    struct tscope_corpus_view finding;
    struct tscope_corpus_token_view token;
    tscope_report *report;

    open_inspector(KEY);
    ck_assert_int_eq(tscope_corpus_new(2, &corpus, NULL), TSCOPE_OK);
    for (size_t i = 0; i < TSCOPE_COUNT(paths); i++) {
        report = inspect(FIRST, paths[(i + (size_t)_i) % TSCOPE_COUNT(paths)]);
        ck_assert_int_eq(tscope_corpus_add(corpus, report, 0, NULL), TSCOPE_OK);
        tscope_report_free(report);
    }
    report = inspect(SAME_NUMBER, "z");
    ck_assert_int_eq(tscope_corpus_add(corpus, report, 0, NULL), TSCOPE_OK);
    tscope_report_free(report);
    ck_assert_int_eq(tscope_corpus_finish(corpus, NULL), TSCOPE_OK);
    ck_assert_uint_eq(tscope_corpus_tokens(corpus), TSCOPE_COUNT(paths) + 1);
    ck_assert_uint_eq(tscope_corpus_left_out(corpus, NULL), 0);
    ck_assert(tscope_corpus_finding(corpus, 0, &finding));
    ck_assert_str_eq(finding.id, "SIG-NONCE-REUSE");
    ck_assert_uint_eq(finding.tokens, 2);
    ck_assert_uint_eq(finding.left_out, 0);
    for (size_t i = 0; i < 2; i++) {
        ck_assert(tscope_corpus_token(corpus, 0, i, &token));
        ck_assert(strcmp(token.path, "a") == 0 || strcmp(token.path, "z") == 0);
    }
    tscope_corpus_free(corpus);
    close_inspector();
}
END_TEST

/* The first allocation fails, the second, the third… until all is done. */
START_TEST(failed_allocation_is_reported)
{
    tscope_report *first, *other;
    bool done = false;

    open_inspector(KEY);
    first = inspect(FIRST, "a");
    other = inspect(SAME_NUMBER, "b");
    for (unsigned long n = 1; !done; n++) {
        tscope_corpus *corpus = NULL;
        char *json = NULL, *sarif = NULL;
        enum tscope_status status;

        tscope_alloc_fail_from(n);
        status = tscope_corpus_new(0, &corpus, NULL);
        if (status == TSCOPE_OK)
            status = tscope_corpus_add(corpus, first, 0, NULL);
        if (status == TSCOPE_OK)
            status = tscope_corpus_add(corpus, other, 0, NULL);
        if (status == TSCOPE_OK)
            status = tscope_corpus_finish(corpus, NULL);
        if (status == TSCOPE_OK)
            status = tscope_corpus_json(corpus, true, &json, NULL, NULL);
        if (status == TSCOPE_OK)
            status = tscope_corpus_sarif(corpus, &sarif, NULL, NULL);
        tscope_alloc_fail_from(0);
        done = status == TSCOPE_OK;
        ck_assert(done || status == TSCOPE_ERR_NO_MEMORY);
        ck_assert(!done || (n > 4 && tscope_corpus_findings(corpus) == 1));
        ck_assert(!done || (strstr(sarif, "\"ruleId\":\"SIG-NONCE-REUSE\"") && !strstr(sarif, "eyJ")));
        tscope_string_free(json);
        tscope_string_free(sarif);
        tscope_corpus_free(corpus);
    }
    tscope_report_free(first);
    tscope_report_free(other);
    close_inspector();
}
END_TEST

START_TEST(low_s_is_the_smaller_form)
{
    /* the order of P-256, less one; half of it, rounded down and up */
    static const uint8_t order[] = {0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
                                    0xbc, 0xe6, 0xfa, 0xad, 0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51};
    static const uint8_t half[] = {0x7f, 0xff, 0xff, 0xff, 0x80, 0x00, 0x00, 0x00, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
                                   0xde, 0x73, 0x7d, 0x56, 0xd3, 0x8b, 0xcf, 0x42, 0x79, 0xdc, 0xe5, 0x61, 0x7e, 0x31, 0x92, 0xa8};
    uint8_t s[32], low[32], one[32] = {[31] = 1};
    bool was_high;

    memset(s, 0, sizeof(s));
    ck_assert(!tscope_ecdsa_low_s(TSCOPE_CURVE_P256, s, low, &was_high));
    ck_assert(!tscope_ecdsa_low_s(TSCOPE_CURVE_P256, order, low, &was_high));
    ck_assert(!tscope_ecdsa_low_s(TSCOPE_CURVE_ED25519, one, low, &was_high));
    ck_assert(tscope_ecdsa_low_s(TSCOPE_CURVE_P256, one, low, &was_high) && !was_high);
    ck_assert_mem_eq(low, one, sizeof(low));
    memcpy(s, order, sizeof(s));
    s[31]--;
    ck_assert(tscope_ecdsa_low_s(TSCOPE_CURVE_P256, s, low, &was_high) && was_high);
    ck_assert_mem_eq(low, one, sizeof(low));
    ck_assert(tscope_ecdsa_low_s(TSCOPE_CURVE_P256, half, low, &was_high) && !was_high);
    ck_assert_mem_eq(low, half, sizeof(low));
    memcpy(s, half, sizeof(s));
    s[31]++;
    ck_assert(tscope_ecdsa_low_s(TSCOPE_CURVE_P256, s, low, &was_high) && was_high);
    ck_assert_mem_eq(low, half, sizeof(low));
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("corpus");
    TCase *tcase = tcase_create("corpus");
    SRunner *runner = srunner_create(suite);
    int failed;

    tcase_add_loop_test(tcase, pair_shows_what_it_shows, 0, (int)(sizeof(pairs) / sizeof(pairs[0])));
    tcase_add_loop_test(tcase, masked_id_is_none, 0, (int)TSCOPE_COUNT(masked_ids));
    tcase_add_loop_test(tcase, gravest_difference_decides, 0, 2);
    tcase_add_test(tcase, order_of_tokens_changes_nothing);
    tcase_add_loop_test(tcase, tokens_over_the_limit_are_counted, 1, 5);
    tcase_add_loop_test(tcase, tokens_of_a_finding_are_bounded, 15, 19);
    tcase_add_loop_test(tcase, repeated_token_stands_at_its_first_place, 0, 5);
    tcase_add_test(tcase, failed_allocation_is_reported);
    tcase_add_test(tcase, low_s_is_the_smaller_form);
    suite_add_tcase(suite, tcase);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
