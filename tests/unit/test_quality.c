/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/quality.h"

#include <tokenscope/lint.h>

#include "core/base64url.h"
#include "core/text.h"
#include "crypto/crypto.h"
#include "keys_testing.h"
#include "quality_samples.h"

/* A number in memory of its exact size, with zeros in front. */
static struct tscope_span
number_of(const char *hex, size_t zeros)
{
    size_t len = strlen(hex) / 2;
    uint8_t *bytes = calloc(1, zeros + len);

    ck_assert(tscope_text_from_hex(tscope_span_text(hex), bytes + zeros, len));
    return tscope_span_of(bytes, zeros + len);
}

static void
free_number(struct tscope_span number)
{
    free((void *)(uintptr_t)number.data);
}

static enum tscope_rsa_weakness
judge(const char *hex, size_t zeros, enum tscope_rsa_effort effort, unsigned *ret_factor)
{
    struct tscope_span n = number_of(hex, zeros);
    enum tscope_rsa_weakness weakness;
    tscope_rsa_judge *made = NULL;

    ck_assert_int_eq(tscope_rsa_judge_new(TSCOPE_RSA_THOROUGH, &made, NULL), TSCOPE_OK);
    ck_assert_int_eq(tscope_rsa_judge_modulus(made, n, effort, &weakness, ret_factor, NULL), TSCOPE_OK);
    tscope_rsa_judge_free(made);
    free_number(n);
    return weakness;
}

static const struct {
    const char *hex;
    enum tscope_rsa_weakness quick, thorough;
    unsigned factor;
} moduli[] = {
    {sound, TSCOPE_RSA_WEAKNESS_NONE, TSCOPE_RSA_WEAKNESS_NONE, 0},
    {sound_other, TSCOPE_RSA_WEAKNESS_NONE, TSCOPE_RSA_WEAKNESS_NONE, 0},
    {apart, TSCOPE_RSA_WEAKNESS_NONE, TSCOPE_RSA_WEAKNESS_NONE, 0},
    {close, TSCOPE_RSA_WEAKNESS_CLOSE, TSCOPE_RSA_WEAKNESS_CLOSE, 0},
    {near_close, TSCOPE_RSA_WEAKNESS_NONE, TSCOPE_RSA_WEAKNESS_NONE, 0},
    {factor, TSCOPE_RSA_WEAKNESS_NONE, TSCOPE_RSA_WEAKNESS_FACTOR, 65521}, /* the largest prime of 16 bits */
    {factor_beyond, TSCOPE_RSA_WEAKNESS_NONE, TSCOPE_RSA_WEAKNESS_NONE, 0},
    {roca, TSCOPE_RSA_WEAKNESS_ROCA, TSCOPE_RSA_WEAKNESS_ROCA, 0},
    {prime, TSCOPE_RSA_WEAKNESS_NONE, TSCOPE_RSA_WEAKNESS_PRIME, 0},
};

START_TEST(modulus_is_judged_by_its_number)
{
    for (size_t zeros = 0; zeros < 3; zeros++) {
        unsigned found;

        ck_assert_int_eq(judge(moduli[_i].hex, zeros, TSCOPE_RSA_QUICK, &found), moduli[_i].quick);
        ck_assert_int_eq(judge(moduli[_i].hex, zeros, TSCOPE_RSA_THOROUGH, &found), moduli[_i].thorough);
        ck_assert_uint_eq(found, moduli[_i].factor);
    }
}
END_TEST

/* 257 * 257, 2^16 and what lies at the ends: small numbers break arithmetic first. */
START_TEST(tiny_modulus_is_answered)
{
    static const char *const tiny[] = {"00", "01", "02", "0100", "010201", "ffff", "010000", "010001"};

    for (size_t i = 0; i < TSCOPE_COUNT(tiny); i++) {
        unsigned found;

        judge(tiny[i], 0, TSCOPE_RSA_THOROUGH, &found);
        ck_assert_uint_lt(found, 65536);
    }
}
END_TEST

START_TEST(shared_prime_is_found_wherever_it_stands)
{
    const char *const hex[] = {apart, close, sound, roca, factor, sound_other, prime};
    struct tscope_span numbers[TSCOPE_COUNT(hex)];
    bool shared[TSCOPE_COUNT(hex)];

    for (size_t i = 0; i < TSCOPE_COUNT(hex); i++)
        numbers[i] = number_of(hex[i], i % 2);
    ck_assert_int_eq(tscope_rsa_find_shared(numbers, TSCOPE_COUNT(hex), shared, NULL), TSCOPE_OK);
    for (size_t i = 0; i < TSCOPE_COUNT(hex); i++) /* sound, close and sound_other are made with one prime */
        ck_assert_int_eq(shared[i], hex[i] == sound || hex[i] == sound_other || hex[i] == close);
    for (size_t len = 0; len < 3; len++) {
        ck_assert_int_eq(tscope_rsa_find_shared(numbers + 2, len, shared, NULL), TSCOPE_OK);
        for (size_t i = 0; i < len; i++)
            ck_assert(!shared[i]);
    }
    for (size_t i = 0; i < TSCOPE_COUNT(hex); i++)
        free_number(numbers[i]);
}
END_TEST

/* A modulus of 2048 bits whose bytes are drawn by a small generator, with len bytes of it set to one value. */
static enum tscope_rsa_weakness
judge_bits(size_t equal, size_t zero_every, enum tscope_rsa_effort effort)
{
    uint8_t bytes[256];
    struct tscope_span n = tscope_span_of(bytes, sizeof(bytes));
    enum tscope_rsa_weakness weakness;
    tscope_rsa_judge *made = NULL;
    uint32_t state = 7;
    unsigned found;

    for (size_t i = 0; i < sizeof(bytes); i++) {
        state = state * 1664525 + 1013904223;
        bytes[i] = i > 128 && zero_every && i % zero_every == 0 ? 0 : (uint8_t)(state >> 24);
    }
    memset(bytes + 40, 0x5a, equal);
    bytes[39] = 1;
    bytes[40 + equal] = 1;
    ck_assert_int_eq(tscope_rsa_judge_new(TSCOPE_RSA_THOROUGH, &made, NULL), TSCOPE_OK);
    ck_assert_int_eq(tscope_rsa_judge_modulus(made, n, effort, &weakness, &found, NULL), TSCOPE_OK);
    tscope_rsa_judge_free(made);
    return weakness;
}

START_TEST(bits_that_are_not_random_are_seen_at_a_glance)
{
    ck_assert_int_eq(judge_bits(0, 0, TSCOPE_RSA_GLANCE), TSCOPE_RSA_WEAKNESS_NONE);
    ck_assert_int_eq(judge_bits(15, 0, TSCOPE_RSA_GLANCE), TSCOPE_RSA_WEAKNESS_NONE);
    ck_assert_int_eq(judge_bits(16, 0, TSCOPE_RSA_GLANCE), TSCOPE_RSA_WEAKNESS_PATTERN);
    ck_assert_int_eq(judge_bits(17, 0, TSCOPE_RSA_GLANCE), TSCOPE_RSA_WEAKNESS_PATTERN);
    ck_assert_int_eq(judge_bits(0, 3, TSCOPE_RSA_GLANCE), TSCOPE_RSA_WEAKNESS_NONE); /* a sixth is zero: 42 % are set */
    ck_assert_int_eq(judge_bits(0, 2, TSCOPE_RSA_GLANCE), TSCOPE_RSA_WEAKNESS_BIAS); /* a fourth: 37 % */
}
END_TEST

/* Chunks in which the masked bits are zero, but the lowest; spoilt: one bit of the last chunk is set; empty: so many chunks are zero. */
static enum tscope_rsa_weakness
judge_chunks(size_t chunk, const uint8_t *mask, bool spoilt, size_t empty)
{
    uint8_t bytes[256];
    enum tscope_rsa_weakness weakness;
    tscope_rsa_judge *made = NULL;
    uint32_t state = 11;
    unsigned found;

    for (size_t i = 0; i < sizeof(bytes); i++) {
        size_t end = sizeof(bytes) - 1 - i;

        state = state * 1664525 + 1013904223;
        bytes[end] = (uint8_t)(state >> 24 | 1);
        if (i >= chunk)
            bytes[end] = (uint8_t)(bytes[end] & ~mask[i % chunk]);
        if (i >= chunk && i < chunk * (1 + empty))
            bytes[end] = 0;
    }
    bytes[3] |= spoilt ? 0x10 : 0;
    ck_assert_int_eq(tscope_rsa_judge_new(TSCOPE_RSA_QUICK, &made, NULL), TSCOPE_OK);
    ck_assert_int_eq(tscope_rsa_judge_modulus(made, tscope_span_of(bytes, sizeof(bytes)), TSCOPE_RSA_GLANCE, &weakness, &found, NULL),
                     TSCOPE_OK);
    tscope_rsa_judge_free(made);
    return weakness;
}

START_TEST(polynomials_are_seen_at_a_glance)
{
    static const uint8_t of_16[16] = {0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}, of_4[4] = {0, 0, 0xf0, 0x3f},
                         others[4] = {0, 0, 0x70, 0x3f};

    ck_assert_int_eq(judge_chunks(4, of_4, false, 0), TSCOPE_RSA_WEAKNESS_POLYNOMIAL);
    ck_assert_int_eq(judge_chunks(4, of_4, false, 1), TSCOPE_RSA_WEAKNESS_POLYNOMIAL);
    ck_assert_int_ne(judge_chunks(4, of_4, false, 2), TSCOPE_RSA_WEAKNESS_POLYNOMIAL);
    ck_assert_int_ne(judge_chunks(4, others, false, 0), TSCOPE_RSA_WEAKNESS_POLYNOMIAL);
    ck_assert_int_eq(judge_chunks(16, of_16, false, 0), TSCOPE_RSA_WEAKNESS_POLYNOMIAL);
    ck_assert_int_eq(judge_chunks(16, of_16, true, 0), TSCOPE_RSA_WEAKNESS_POLYNOMIAL); /* above the mask */
    ck_assert_int_ne(judge_chunks(16, of_16, false, 2), TSCOPE_RSA_WEAKNESS_POLYNOMIAL);
}
END_TEST

static bool
has_small_private(const char *n, const char *e, size_t zeros)
{
    struct tscope_span modulus = number_of(n, zeros), exponent = number_of(e, zeros);
    bool small = false;

    ck_assert_int_eq(tscope_rsa_has_small_private(modulus, exponent, &small, NULL), TSCOPE_OK);
    free_number(modulus);
    free_number(exponent);
    return small;
}

START_TEST(small_private_exponents_are_found)
{
    ck_assert(has_small_private(wiener_phi_n, wiener_phi_e, 0));
    ck_assert(has_small_private(wiener_lcm_n, wiener_lcm_e, 1));
    ck_assert(!has_small_private(wiener_beyond_n, wiener_beyond_e, 0));
    ck_assert(!has_small_private(wiener_lcm_n, wiener_phi_e, 0)); /* another key's */
    ck_assert(!has_small_private(sound, "010001", 0));
    ck_assert(!has_small_private(sound, sound_other, 0));
    ck_assert(!has_small_private(sound, sound, 0));
    ck_assert(!has_small_private("00", "010001", 0));
}
END_TEST

/* Numbers that share one of their two primes with another in the list, at any distance, and even ones. */
START_TEST(shared_primes_are_found_as_by_dividing)
{
    static const uint16_t primes[] = {40009, 40013, 40031, 40037, 40039, 40063, 40087, 40093, 40099, 40111, 40123, 40127, 40129, 40151};
    enum { COUNT = 9 };
    static const uint8_t pairs[COUNT][2] = {{0, 1}, {2, 3}, {4, 5}, {6, 7}, {8, 9}, {10, 0}, {11, 12}, {5, 13}, {12, 3}};
    uint8_t bytes[COUNT][4];
    struct tscope_span numbers[COUNT];
    bool shared[COUNT], first;

    for (size_t i = 0; i < COUNT; i++) {
        uint32_t product = (uint32_t)primes[pairs[i][0]] * primes[pairs[i][1]];

        for (size_t k = 0; k < 4; k++)
            bytes[i][k] = (uint8_t)(product >> (24 - 8 * k));
        numbers[i] = tscope_span_of(bytes[i], 4);
    }
    ck_assert_int_eq(tscope_rsa_find_shared(numbers, COUNT, shared, NULL), TSCOPE_OK);
    for (size_t i = 0; i < COUNT; i++)
        ck_assert_int_eq(shared[i], i != 3 && i != 4);
    ck_assert_int_eq(tscope_rsa_shares_prime(numbers, COUNT, &first, NULL), TSCOPE_OK);
    ck_assert(first);
    ck_assert_int_eq(tscope_rsa_shares_prime(numbers + 3, COUNT - 3, &first, NULL), TSCOPE_OK);
    ck_assert(!first);
    ck_assert_int_eq(tscope_rsa_shares_prime(numbers, 1, &first, NULL), TSCOPE_OK);
    ck_assert(!first);
}
END_TEST

START_TEST(too_many_bits_to_compare_are_refused)
{
    size_t most = TSCOPE_RSA_SHARED_BITS_MAX / 8;
    uint8_t *bytes = calloc(1, most + 1);
    struct tscope_span numbers[2];
    struct tscope_error err = {0};
    bool shared[2];

    bytes[0] = 1;
    numbers[0] = tscope_span_of(bytes, most + 1);
    ck_assert_int_eq(tscope_rsa_find_shared(numbers, 1, shared, &err), TSCOPE_ERR_TOO_LARGE);
    numbers[0].len = most;
    ck_assert_int_eq(tscope_rsa_find_shared(numbers, 1, shared, NULL), TSCOPE_OK);
    numbers[1] = tscope_span_of(bytes, 1);
    ck_assert_int_eq(tscope_rsa_find_shared(numbers, 2, shared, NULL), TSCOPE_ERR_TOO_LARGE);
    free(bytes);
}
END_TEST

static tscope_lint *
lint_of(const tscope_keyring *keyring, unsigned flags)
{
    tscope_lint *lint = NULL;

    ck_assert_int_eq(tscope_lint_new(keyring, flags, &lint, NULL), TSCOPE_OK);
    return lint;
}

/* "KEY-B64 low KEY-KID-DUP medium -": ids and severities in order, - for a key that is not usable. */
static const char *
said_of(const char *text, size_t keys, unsigned flags)
{
    static char said[1024];
    tscope_keyring *keyring = keyring_of(text, keys);
    tscope_lint *lint = lint_of(keyring, flags);
    struct tscope_lint_view finding;
    bool bad = tscope_lint_unusable(lint) > 0;

    said[0] = '\0';
    for (size_t i = 0; tscope_lint_finding(lint, i, &finding); i++) {
        snprintf(said + strlen(said), sizeof(said) - strlen(said), "%s%s", i ? " " : "", finding.id ? finding.id : "-");
        if (finding.id)
            snprintf(said + strlen(said), sizeof(said) - strlen(said), " %s", tscope_severity_id(finding.severity));
        bad |= finding.severity >= TSCOPE_SEVERITY_HIGH;
        ck_assert_ptr_nonnull(finding.key);
        ck_assert_ptr_nonnull(finding.detail);
    }
    ck_assert_int_eq(tscope_lint_is_bad(lint), bad);
    ck_assert_uint_eq(tscope_lint_keys(lint), keys);
    tscope_lint_free(lint);
    tscope_keyring_free(keyring);
    return said;
}

#define X "\"8Z3aUBUDsCTdX6CS_ahb9vMr6OwPl1REEj2JLlHY23w\""
#define Y "\"O8a1nwD6Hi_ve_9EuCHOSM8mrueE2xsSnCM8hvR3kVQ\""
#define EC "\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":" X ",\"y\":" Y
#define EC_OF_RFC7517                                                                         \
    "\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4\"," \
    "\"y\":\"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM\""
#define ED "\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"hrKpFr_RbsdpI8LhcUNgWrBBueDFiyXsI6Kuq_G4gyU\""
#define OCT "\"kty\":\"oct\",\"k\":\"GawgguFyGrWKav7AX4VKUg\""
#define SET(keys) "{\"keys\":[" keys "]}"

static const struct {
    const char *text, *plain, *published;
    size_t keys;
} sets[] = {
    {"{}", "", "", 0},
    {SET("{" EC "}"), "", "", 1},
    {SET("{" EC ",\"kid\":\"1\"},{" ED ",\"kid\":\"2\"}"), "", "", 2},
    {SET("{" EC ",\"d\":\"JSMuLD-GcASCc3tYCoNNh_sKCa2epE9lcrjT3tRz3YY\"}"), "KEY-PRIVATE info", "KEY-PRIVATE critical", 1},
    {SET("{" EC ",\"d\":\"JSMuLD-GcASCc3tYCoNNh_sKCa2epE9lcrjT3tRz3YI\"}"), "KEY-PRIVATE info -", "KEY-PRIVATE critical -", 1},
    {"{\"issuer\":\"https://a.example\",\"keys\":[{" OCT "}]}", "KEY-SYM critical", "KEY-SYM critical", 1},
    {SET("{" OCT "},{" EC "}"), "KEY-SYM info", "KEY-SYM critical", 2},
    {SET("{" EC ",\"kid\":\"1\"},{" EC ",\"kid\":\"1\"}"), "KEY-KID-DUP medium", "KEY-KID-DUP medium", 2},
    {SET("{" EC ",\"kid\":\"1\"},{" ED ",\"kid\":\"1\"}"), "KEY-KID-DUP info", "KEY-KID-DUP info", 2},
    {SET("{" EC ",\"kid\":\"1\"},{" EC ",\"kid\":\"2\"}"), "KEY-MAT-REUSE medium", "KEY-MAT-REUSE medium", 2},
    {SET("{" EC ",\"use\":\"sig\"},{" EC ",\"use\":\"enc\"}"), "KEY-MAT-REUSE medium", "KEY-MAT-REUSE medium", 2},
    {SET("{" EC ",\"use\":\"sig\"},{" EC "}"), "", "", 2},
    {SET("{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":" X ",\"y\":" X "}"), "KEY-EC-POINT critical -", "KEY-EC-POINT critical -", 1},
    {SET("{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AA\",\"y\":\"AA\"}"), "KEY-EC-POINT critical KEY-B64 low -",
     "KEY-EC-POINT critical KEY-B64 low -", 1},
    {SET("{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"APGd2lAVA7Ak3V-gkv2oW_bzK-jsD5dURBI9iS5R2Nt8\",\"y\":" Y "}"), "KEY-B64 low",
     "KEY-B64 low", 1},
    {SET("{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"hrKpFr_RbsdpI8LhcUNgWrBBueDFiyXsI6Kuq_G4gyU=\"}"), "KEY-B64 low", "KEY-B64 low", 1},
    {SET("{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"hrKpFr_RbsdpI8LhcUNgWrBBueDFiyXsI6Kuq_G4gy+\"}"), "KEY-B64 low -", "KEY-B64 low -",
     1},
    {SET("1"), "-", "-", 1},
    {SET("{" EC_OF_RFC7517 "}"), "KEY-SAMPLE medium", "KEY-SAMPLE critical", 1},
    {SET("{" EC_OF_RFC7517 ",\"d\":\"870MB6gfuTJ4HtUnUvYMyJpr5eUZNP4Bk43bVdj3eAE\"}"), "KEY-SAMPLE medium KEY-PRIVATE info",
     "KEY-PRIVATE critical KEY-SAMPLE critical", 1},
};

START_TEST(set_is_judged)
{
    ck_assert_str_eq(said_of(sets[_i].text, sets[_i].keys, 0), sets[_i].plain);
    ck_assert_str_eq(said_of(sets[_i].text, sets[_i].keys, TSCOPE_LINT_PUBLISHED), sets[_i].published);
}
END_TEST

static const struct {
    const char *e, *said;
} exponents[] = {
    {"AQ", "KEY-RSA-EXP critical KEY-RSA-SMALL high -"},
    {"Ag", "KEY-RSA-EXP critical KEY-RSA-SMALL high -"},
    {"Aw", "KEY-RSA-SMALL high KEY-RSA-EXP medium"},
    {"AP__", "KEY-RSA-SMALL high KEY-RSA-EXP medium KEY-B64 low"},
    {"AQAB", "KEY-RSA-SMALL high"},
    {"_____w", "KEY-RSA-SMALL high"},
    {"AQAAAAE", "KEY-RSA-SMALL high KEY-RSA-EXP medium"},
    {"AQAAAAAAAAAB", "KEY-RSA-SMALL high KEY-RSA-EXP medium -"},
};

static const char *
rsa_jwk(const char *hex, const char *e)
{
    static char text[1024];
    struct tscope_span n = number_of(hex, 0);
    struct tscope_buffer encoded = {0};

    tscope_base64url_encode(&encoded, n.data, n.len);
    snprintf(text, sizeof(text), "{\"kty\":\"RSA\",\"n\":\"%.*s\",\"e\":\"%s\"}", (int)encoded.len, (const char *)encoded.data, e);
    tscope_buffer_clear(&encoded);
    free_number(n);
    return text;
}

START_TEST(exponent_is_judged)
{
    ck_assert_str_eq(said_of(rsa_jwk(apart, exponents[_i].e), 1, 0), exponents[_i].said);
}
END_TEST

START_TEST(weak_modulus_is_found_in_a_file)
{
    ck_assert_str_eq(said_of(rsa_jwk(roca, "AQAB"), 1, 0), "KEY-RSA-WEAK critical KEY-RSA-SMALL high");
    ck_assert_str_eq(said_of(rsa_jwk(sound, "AQAB"), 1, 0), "KEY-RSA-SMALL high");
}
END_TEST

static tscope_lint *
lint_of_two(const char *first, const char *first_issuer, const char *second, const char *second_issuer, tscope_keyring **ret_keyring)
{
    tscope_keyring *keyring = new_keyring();

    ck_assert_int_eq(tscope_keyring_add(keyring, (const uint8_t *)first, strlen(first), "one", first_issuer, NULL, NULL), TSCOPE_OK);
    ck_assert_int_eq(tscope_keyring_add(keyring, (const uint8_t *)second, strlen(second), "two", second_issuer, NULL, NULL), TSCOPE_OK);
    freeze(keyring);
    *ret_keyring = keyring;
    return lint_of(keyring, 0);
}

static const struct {
    const char *first_issuer, *second_issuer, *kid;
    int severity; /* -1: nothing is found */
} issuers[] = {
    {"https://a.example", "https://a.example", "key-1", TSCOPE_SEVERITY_CRITICAL},
    {"https://a.example", "https://a.example", "2026x", TSCOPE_SEVERITY_CRITICAL},
    {"https://a.example", "https://a.example", "x2026", TSCOPE_SEVERITY_CRITICAL},
    {"https://a.example", "https://a.example", "key1", TSCOPE_SEVERITY_MEDIUM},
    {"https://a.example", "https://a.example", "1", TSCOPE_SEVERITY_MEDIUM},
    {"https://a.example", "https://a.example", "20260", TSCOPE_SEVERITY_MEDIUM},
    {"https://a.example", "https://a.example", "20260601120000", TSCOPE_SEVERITY_MEDIUM},
    {NULL, NULL, "key-1", TSCOPE_SEVERITY_MEDIUM},
    {"https://a.example", NULL, "key-1", TSCOPE_SEVERITY_MEDIUM},
    {"https://a.example", "https://b.example", "key-1", -1},
};

START_TEST(kid_that_comes_back_with_another_key_is_found)
{
    struct tscope_lint_view finding;
    tscope_keyring *keyring;
    tscope_lint *lint;
    char first[512], second[512];

    snprintf(first, sizeof(first), "{" EC ",\"kid\":\"%s\"}", issuers[_i].kid);
    snprintf(second, sizeof(second), "{" ED ",\"kid\":\"%s\"}", issuers[_i].kid);
    lint = lint_of_two(first, issuers[_i].first_issuer, second, issuers[_i].second_issuer, &keyring);
    ck_assert_uint_eq(tscope_lint_findings(lint), issuers[_i].severity < 0 ? 0 : 1);
    if (tscope_lint_finding(lint, 0, &finding)) {
        ck_assert_str_eq(finding.id, "KEY-KID-REUSE");
        ck_assert_int_eq((int)finding.severity, issuers[_i].severity);
    }
    tscope_lint_free(lint);
    tscope_keyring_free(keyring);
}
END_TEST

START_TEST(shared_prime_of_two_files_is_found)
{
    char first[1024];
    tscope_keyring *keyring;
    tscope_lint *lint;
    struct tscope_lint_view finding;

    snprintf(first, sizeof(first), "%s", rsa_jwk(sound, "AQAB"));
    lint = lint_of_two(first, NULL, rsa_jwk(sound_other, "AQAB"), NULL, &keyring);
    for (size_t i = 0; i < 2; i++) {
        ck_assert(tscope_lint_finding(lint, i, &finding));
        ck_assert_str_eq(finding.id, "KEY-RSA-WEAK");
    }
    tscope_lint_free(lint);
    tscope_keyring_free(keyring);
    /* one modulus with two exponents shares nothing */
    lint = lint_of_two(first, NULL, rsa_jwk(sound, "AQAD"), NULL, &keyring);
    for (size_t i = 0; tscope_lint_finding(lint, i, &finding); i++)
        ck_assert_str_ne(finding.id, "KEY-RSA-WEAK");
    tscope_lint_free(lint);
    tscope_keyring_free(keyring);
}
END_TEST

START_TEST(many_findings_are_counted_and_the_first_kept)
{
    struct tscope_buffer text = {0};
    tscope_keyring *keyring;
    tscope_lint *lint;

    tscope_buffer_append_text(&text, "[{" OCT "}");
    for (int i = 1; i < 105; i++)
        tscope_buffer_append_text(&text, ",{" OCT "}");
    tscope_buffer_append(&text, "]", 2);
    keyring = keyring_of((const char *)text.data, 105);
    lint = lint_of(keyring, TSCOPE_LINT_PUBLISHED);
    ck_assert_uint_eq(tscope_lint_findings(lint), 100);
    ck_assert_uint_eq(tscope_lint_left_out(lint), 5);
    ck_assert(tscope_lint_is_bad(lint));
    tscope_lint_free(lint);
    tscope_keyring_free(keyring);
    tscope_buffer_clear(&text);
}
END_TEST

START_TEST(unfrozen_keyring_is_refused)
{
    tscope_keyring *keyring = new_keyring();
    tscope_lint *lint = NULL;

    ck_assert_int_eq(try_add(keyring, "{" EC "}", strlen("{" EC "}"), NULL, NULL), TSCOPE_OK);
    ck_assert_int_eq(tscope_lint_new(keyring, 0, &lint, NULL), TSCOPE_ERR_STATE);
    ck_assert_ptr_null(lint);
    tscope_keyring_free(keyring);
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("quality");
    TCase *tests = tcase_create("all");

    tcase_add_loop_test(tests, modulus_is_judged_by_its_number, 0, TSCOPE_COUNT(moduli));
    tcase_add_test(tests, bits_that_are_not_random_are_seen_at_a_glance);
    tcase_add_test(tests, polynomials_are_seen_at_a_glance);
    tcase_add_test(tests, small_private_exponents_are_found);
    tcase_add_test(tests, shared_primes_are_found_as_by_dividing);
    tcase_add_test(tests, tiny_modulus_is_answered);
    tcase_add_test(tests, shared_prime_is_found_wherever_it_stands);
    tcase_add_test(tests, too_many_bits_to_compare_are_refused);
    tcase_add_loop_test(tests, set_is_judged, 0, TSCOPE_COUNT(sets));
    tcase_add_loop_test(tests, exponent_is_judged, 0, TSCOPE_COUNT(exponents));
    tcase_add_test(tests, weak_modulus_is_found_in_a_file);
    tcase_add_loop_test(tests, kid_that_comes_back_with_another_key_is_found, 0, TSCOPE_COUNT(issuers));
    tcase_add_test(tests, shared_prime_of_two_files_is_found);
    tcase_add_test(tests, many_findings_are_counted_and_the_first_kept);
    tcase_add_test(tests, unfrozen_keyring_is_refused);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
