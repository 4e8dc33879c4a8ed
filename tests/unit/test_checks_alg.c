/* SPDX-License-Identifier: Apache-2.0 */
#include "checks_testing.h"

/* Grades, shapes and members that no vector can tell apart: a vector knows ids and verdicts alone. */

#define P256                                                                                                        \
    "\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"8Z3aUBUDsCTdX6CS_ahb9vMr6OwPl1REEj2JLlHY23w\",\"y\":\"O8a1nwD6Hi_ve_" \
    "9EuCHOSM8mrueE2xsSnCM8hvR3kVQ\""
#define ED25519 "\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"Ij_BjbIOQNc_mMkdo4lZK9xzicAvZyJF3panEaXU79I\""
#define SECRET "\"kty\":\"oct\",\"k\":\"c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0\""
#define SET(key) "{\"keys\":[{" key "}]}"
#define CLAIMS "{\"iss\":\"https://idp.example\",\"exp\":2000000000}"
#define ENTRA "{\"iss\":\"https://sts.windows.net/11111111-2222-4333-8444-555555555555/\",\"exp\":2000000000}"
/* a signature that begins like one, 64 bytes long */
#define SIGNATURE_64 \
    "."              \
    "MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNA"
#define SIGNATURE_96 SIGNATURE_64 "MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTI"
#define SIGNATURE_32 \
    "."              \
    "MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTI"

struct sample {
    const char *keys, *header, *claims, *rest;
    const char *id; /* the one that is found, or must not be */
};

static const struct sample unregistered[] = {
    {NULL, "{\"alg\":\"rs256\"}", CLAIMS, SIGNATURE_64, "ALG-UNREG"},
    {NULL, "{\"alg\":\"RS256 \"}", CLAIMS, SIGNATURE_64, "ALG-UNREG"},
    {NULL, "{\"alg\":\"RS256\\u0000\"}", CLAIMS, SIGNATURE_64, "ALG-UNREG"},
    {NULL, "{\"alg\":\"\"}", CLAIMS, SIGNATURE_64, "ALG-UNREG"},
    {NULL, "{\"alg\":[\"RS256\"]}", CLAIMS, SIGNATURE_64, "ALG-UNREG"},
    {NULL, "{\"alg\":{\"a\":1}}", CLAIMS, SIGNATURE_64, "ALG-UNREG"},
    {NULL, "{\"alg\":null}", CLAIMS, SIGNATURE_64, "ALG-UNREG"},
    {NULL, "{\"alg\":0}", CLAIMS, SIGNATURE_64, "ALG-UNREG"},
    {NULL, "{\"alg\":true}", CLAIMS, SIGNATURE_64, "ALG-UNREG"},
    {NULL, "{\"typ\":\"JWT\"}", CLAIMS, SIGNATURE_64, "ALG-UNREG"},
    {NULL, "{\"ALG\":\"RS256\",\"typ\":\"JWT\"}", CLAIMS, SIGNATURE_64, "ALG-UNREG"},
    {NULL, "{\"alg\":\"RSA-OAEP\"}", CLAIMS, SIGNATURE_64, "ALG-UNREG"},
    {NULL, "{\"alg\":\"HS1\"}", CLAIMS, SIGNATURE_64, "ALG-UNREG"},
};

static const struct sample registered[] = {
    {NULL, "{\"alg\":\"EdDSA\"}", CLAIMS, SIGNATURE_64, "ALG-UNREG"},
    {NULL, "{\"alg\":\"Ed448\"}", CLAIMS, SIGNATURE_64, "ALG-UNREG"},
    {NULL, "{\"alg\":\"ES256K\"}", CLAIMS, SIGNATURE_64, "ALG-UNREG"},
    {NULL, "{\"alg\":\"ML-DSA-65\"}", CLAIMS, SIGNATURE_64, "ALG-UNREG"},
    {NULL, "{\"\\u0061lg\":\"\\u0052S256\"}", CLAIMS, SIGNATURE_64, "ALG-UNREG"},
    {NULL, "{\"alg\":\"none\"}", CLAIMS, ".", "ALG-UNREG"},
    {NULL, "{\"alg\":\"nOnE\"}", CLAIMS, ".", "ALG-UNREG"}, /* the special row speaks */
    {NULL, "{\"alg\":\"RSA-OAEP-512\",\"enc\":\"A256GCM\"}", CLAIMS, ".AAAA.AAAA.AAAA", "ALG-UNREG"},
    {NULL, "{\"alg\":\"RSA-OAEP\",\"enc\":\"A256GCM\"}", CLAIMS, ".AAAA", "ALG-UNREG"}, /* the end is lost */
};

static void
check_sample(const struct sample *sample, const char *seen_from, bool found, enum tscope_severity severity)
{
    struct judge judge;

    judge_init(&judge, sample->keys);
    judge_parts(&judge, tscope_span_text(sample->header), tscope_span_text(sample->claims), sample->rest, seen_from);
    if (found)
        check_found(&judge, sample->id, severity, TSCOPE_PROVES_INVALID);
    else
        check_absent(&judge, sample->id);
    judge_clear(&judge);
}

START_TEST(unregistered_name_is_found)
{
    check_sample(&unregistered[_i], NULL, true, TSCOPE_SEVERITY_HIGH);
}
END_TEST

START_TEST(registered_name_is_clear)
{
    check_sample(&registered[_i], NULL, false, 0);
}
END_TEST

static const struct sample disguised[] = {
    {NULL, "{\"alg\":\"None\"}", CLAIMS, ".", "ALG-NONE-CASE"},
    {NULL, "{\"alg\":\" none\\t\"}", CLAIMS, ".", "ALG-NONE-CASE"},
    {NULL, "{\"alg\":\"n\\u043ene\"}", CLAIMS, ".", "ALG-NONE-CASE"},
    {NULL, "{\"alg\":\"n\\u200bone\"}", CLAIMS, ".", "ALG-NONE-CASE"},
    {NULL, "{\"alg\":\"none\"}", CLAIMS, ".", "ALG-NONE"},
    {NULL, "{\"alg\":\"n\\u006fne\"}", CLAIMS, ".", "ALG-NONE"},
    {NULL, "{\"alg\":\"none\"}", CLAIMS, SIGNATURE_32, "ALG-NONE"},
    {NULL, "{\"alg\":\"none\"}", CLAIMS, "", "ALG-NONE"},
};

START_TEST(none_is_found)
{
    check_sample(&disguised[_i], NULL, true, TSCOPE_SEVERITY_CRITICAL);
}
END_TEST

/* An actor token that is none gives no licence to the wrapper. */
START_TEST(none_with_a_word_for_actor_token_is_found)
{
    struct judge judge;

    judge_init(&judge, NULL);
    judge_texts(&judge, "{\"alg\":\"none\"}", "{\"iss\":\"a\",\"actortoken\":\"eyJ.b.c\"}", ".");
    check_found(&judge, "ALG-NONE", TSCOPE_SEVERITY_CRITICAL, TSCOPE_PROVES_INVALID);
    judge_clear(&judge);
}
END_TEST

START_TEST(empty_signature_is_found_outside_captures)
{
    const struct sample empty = {NULL, "{\"alg\":\"RS256\"}", CLAIMS, ".", "ALG-EMPTY-SIG"};

    check_sample(&empty, NULL, true, TSCOPE_SEVERITY_HIGH);
    check_sample(&empty, "given", true, TSCOPE_SEVERITY_HIGH);
    check_sample(&empty, "har", false, 0);
    check_sample(&empty, "log", false, 0);
}
END_TEST

static const struct sample other_use[] = {
    {SET(P256 ",\"kid\":\"k\",\"alg\":\"ES384\""), "{\"alg\":\"ES256\",\"kid\":\"k\"}", CLAIMS, SIGNATURE_64, "ALG-KEYALG"},
    {SET(P256 ",\"kid\":\"k\",\"alg\":\"ECDH-ES\""), "{\"alg\":\"ES256\",\"kid\":\"k\"}", CLAIMS, SIGNATURE_64, "ALG-KEYALG"},
    {SET(P256 ",\"kid\":\"k\",\"alg\":\"ES224\""), "{\"alg\":\"ES256\",\"kid\":\"k\"}", CLAIMS, SIGNATURE_64, "ALG-KEYALG"},
    {SET(P256 ",\"kid\":\"k\",\"alg\":\"ES521\""), "{\"alg\":\"ES256\",\"kid\":\"k\"}", CLAIMS, SIGNATURE_64, "ALG-KEYALG"},
    {SET(P256 ",\"kid\":\"k\",\"key_ops\":[\"encrypt, decrypt\"]"), "{\"alg\":\"ES256\",\"kid\":\"k\"}", CLAIMS, SIGNATURE_64,
     "ALG-KEYALG"},
    {SET(P256 ",\"kid\":\"k\",\"key_ops\":[\", \"]"), "{\"alg\":\"ES256\",\"kid\":\"k\"}", CLAIMS, SIGNATURE_64, "ALG-KEYALG"},
    {SET(P256 ",\"kid\":\"k\",\"alg\":\"ML-DSA-44\""), "{\"alg\":\"ES256\",\"kid\":\"k\"}", CLAIMS, SIGNATURE_64, "ALG-KEYALG"},
    {SET(SECRET ",\"kid\":\"k\",\"alg\":\"A256GCM\""), "{\"alg\":\"HS256\",\"kid\":\"k\"}", CLAIMS, SIGNATURE_32, "ALG-KEYALG"},
    {SET(P256 ",\"kid\":\"k\",\"use\":\"enc\""), "{\"alg\":\"ES256\",\"kid\":\"k\"}", CLAIMS, SIGNATURE_64, "ALG-KEYALG"},
    {SET(P256 ",\"kid\":\"k\",\"key_ops\":[]"), "{\"alg\":\"ES256\",\"kid\":\"k\"}", CLAIMS, SIGNATURE_64, "ALG-KEYALG"},
    {SET(P256 ",\"kid\":\"k\",\"key_ops\":[\"sign\",\"deriveKey\"]"), "{\"alg\":\"ES256\",\"kid\":\"k\"}", CLAIMS, SIGNATURE_64,
     "ALG-KEYALG"},
    {SET(SECRET ",\"kid\":\"k\",\"alg\":\"HS512\""), "{\"alg\":\"HS256\",\"kid\":\"k\"}", CLAIMS, SIGNATURE_32, "ALG-KEYALG"},
};

static const struct sample right_use[] = {
    {SET(P256 ",\"kid\":\"k\",\"alg\":\"ES256\""), "{\"alg\":\"ES256\",\"kid\":\"k\"}", CLAIMS, SIGNATURE_64, "ALG-KEYALG"},
    {SET(P256 ",\"kid\":\"k\",\"alg\":\"EC\""), "{\"alg\":\"ES256\",\"kid\":\"k\"}", CLAIMS, SIGNATURE_64, "ALG-KEYALG"},
    {SET(P256 ",\"kid\":\"k\",\"alg\":\"ES\""), "{\"alg\":\"ES256\",\"kid\":\"k\"}", CLAIMS, SIGNATURE_64, "ALG-KEYALG"},
    {SET(P256 ",\"kid\":\"k\",\"alg\":\"A\""), "{\"alg\":\"ES256\",\"kid\":\"k\"}", CLAIMS, SIGNATURE_64, "ALG-KEYALG"},
    {SET(P256 ",\"kid\":\"k\",\"alg\":\"ESsential\""), "{\"alg\":\"ES256\",\"kid\":\"k\"}", CLAIMS, SIGNATURE_64, "ALG-KEYALG"},
    {SET(P256 ",\"kid\":\"k\",\"alg\":\"\""), "{\"alg\":\"ES256\",\"kid\":\"k\"}", CLAIMS, SIGNATURE_64, "ALG-KEYALG"},
    {SET(P256 ",\"kid\":\"k\",\"use\":\"sig\""), "{\"alg\":\"ES256\",\"kid\":\"k\"}", CLAIMS, SIGNATURE_64, "ALG-KEYALG"},
    {SET(P256 ",\"kid\":\"k\",\"key_ops\":[\"sign,verify\"]"), "{\"alg\":\"ES256\",\"kid\":\"k\"}", CLAIMS, SIGNATURE_64, "ALG-KEYALG"},
    {SET(P256 ",\"kid\":\"k\",\"key_ops\":[\"verify\"]"), "{\"alg\":\"ES256\",\"kid\":\"k\"}", CLAIMS, SIGNATURE_64, "ALG-KEYALG"},
    {SET(ED25519 ",\"kid\":\"k\",\"alg\":\"EdDSA\""), "{\"alg\":\"Ed25519\",\"kid\":\"k\"}", CLAIMS, SIGNATURE_64, "ALG-KEYALG"},
    {SET(ED25519 ",\"kid\":\"k\",\"alg\":\"Ed25519\""), "{\"alg\":\"EdDSA\",\"kid\":\"k\"}", CLAIMS, SIGNATURE_64, "ALG-KEYALG"},
    {SET(SECRET ",\"kid\":\"k\",\"key_ops\":[\"sign\"]"), "{\"alg\":\"HS256\",\"kid\":\"k\"}", CLAIMS, SIGNATURE_32, "ALG-KEYALG"},
    /* another key's members forbid nothing */
    {SET(P256 ",\"kid\":\"j\",\"use\":\"enc\""), "{\"alg\":\"ES256\",\"kid\":\"k\"}", CLAIMS, SIGNATURE_64, "ALG-KEYALG"},
    /* published twice, and once for this */
    {"{\"keys\":[{" P256 ",\"kid\":\"k\",\"use\":\"enc\"},{" P256 ",\"kid\":\"k\",\"use\":\"sig\"}]}", "{\"alg\":\"ES256\",\"kid\":\"k\"}",
     CLAIMS, SIGNATURE_64, "ALG-KEYALG"},
};

START_TEST(key_for_another_use_is_found)
{
    check_sample(&other_use[_i], NULL, true, TSCOPE_SEVERITY_MEDIUM);
}
END_TEST

START_TEST(key_for_this_use_is_clear)
{
    check_sample(&right_use[_i], NULL, false, 0);
}
END_TEST

static const struct sample other_curve[] = {
    {SET(P256 ",\"kid\":\"k\""), "{\"alg\":\"ES256K\",\"kid\":\"k\"}", CLAIMS, SIGNATURE_64, "ALG-CURVE"},
    {SET(P256 ",\"kid\":\"k\""), "{\"alg\":\"ES384\",\"kid\":\"k\"}", CLAIMS, SIGNATURE_96, "ALG-CURVE"},
    {SET(P256), "{\"alg\":\"ES256K\"}", CLAIMS, SIGNATURE_64, "ALG-CURVE"},
    {SET(P256), "{\"alg\":\"ES256K\",\"kid\":\"k\"}", CLAIMS, SIGNATURE_64, "ALG-CURVE"},
    {SET(P256 ",\"kid\":\"k\",\"alg\":\"ES256\""), "{\"alg\":\"ES256K\",\"kid\":\"k\"}", CLAIMS, SIGNATURE_64, "ALG-CURVE"},
};

static const struct sample no_other_curve[] = {
    {SET(P256 ",\"kid\":\"j\""), "{\"alg\":\"ES256K\",\"kid\":\"k\"}", CLAIMS, SIGNATURE_64, "ALG-CURVE"},
    {SET(ED25519 ",\"kid\":\"k\""), "{\"alg\":\"ES256K\",\"kid\":\"k\"}", CLAIMS, SIGNATURE_64, "ALG-CURVE"},
    {"{\"keys\":[{" P256 "},{" ED25519 "}]}", "{\"alg\":\"ES256K\"}", CLAIMS, SIGNATURE_64, "ALG-CURVE"},
    {SET(P256 ",\"kid\":\"k\",\"issuer\":\"https://other.example\""), "{\"alg\":\"ES256K\",\"kid\":\"k\"}", CLAIMS, SIGNATURE_64,
     "ALG-CURVE"},
    {NULL, "{\"alg\":\"ES256K\",\"kid\":\"k\"}", CLAIMS, SIGNATURE_64, "ALG-CURVE"},
    /* the general row stays silent beside the special one */
    {SET(P256 ",\"kid\":\"k\",\"alg\":\"ES256\""), "{\"alg\":\"ES256K\",\"kid\":\"k\"}", CLAIMS, SIGNATURE_64, "ALG-KEYALG"},
};

START_TEST(key_on_another_curve_is_found)
{
    check_sample(&other_curve[_i], NULL, true, TSCOPE_SEVERITY_HIGH);
}
END_TEST

START_TEST(key_that_is_not_meant_is_clear)
{
    check_sample(&no_other_curve[_i], NULL, false, 0);
}
END_TEST

#define OF_ISSUER(issuer) ",\"issuer\":\"" issuer "\""
#define OF_ENTRA OF_ISSUER("https://sts.windows.net/{tenantid}/")

static const struct sample other_family[] = {
    {SET(P256 OF_ENTRA), "{\"alg\":\"HS256\"}", ENTRA, SIGNATURE_32, "ALG-FAMILY"},
    {SET(P256 OF_ENTRA), "{\"alg\":\"EdDSA\"}", ENTRA, SIGNATURE_64, "ALG-FAMILY"},
    {SET(P256 OF_ENTRA), "{\"alg\":\"RS256\"}", ENTRA, SIGNATURE_96, "ALG-FAMILY"},
    {SET(P256 OF_ISSUER("https://idp.example")), "{\"alg\":\"EdDSA\"}", CLAIMS, SIGNATURE_64, "ALG-FAMILY"},
    /* a secret that the caller holds makes no issuer of asymmetric keys sign with one */
    {"{\"keys\":[{" P256 OF_ENTRA "},{" SECRET ",\"kid\":\"k\"}]}", "{\"alg\":\"HS256\",\"kid\":\"k\"}", ENTRA, SIGNATURE_32, "ALG-FAMILY"},
};

static const struct sample same_family[] = {
    {SET(P256 OF_ENTRA), "{\"alg\":\"ES384\"}", ENTRA, SIGNATURE_96, "ALG-FAMILY"},
    {SET(P256), "{\"alg\":\"EdDSA\"}", CLAIMS, SIGNATURE_64, "ALG-FAMILY"},                                    /* nobody says whose it is */
    {SET(P256), "{\"alg\":\"HS256\"}", CLAIMS, SIGNATURE_32, "ALG-FAMILY"},                                    /* in-house */
    {SET(P256 OF_ISSUER("https://idp.example")), "{\"alg\":\"HS256\"}", CLAIMS, SIGNATURE_32, "ALG-FAMILY"},   /* in-house */
    {SET(P256 OF_ISSUER("https://other.example")), "{\"alg\":\"EdDSA\"}", CLAIMS, SIGNATURE_64, "ALG-FAMILY"}, /* another's */
    {SET(P256 OF_ENTRA), "{\"alg\":\"none\"}", ENTRA, ".", "ALG-FAMILY"},
    {SET(P256 OF_ENTRA), "{\"alg\":\"HS256\"}", "{}", SIGNATURE_32, "ALG-FAMILY"},
    {NULL, "{\"alg\":\"HS256\"}", ENTRA, SIGNATURE_32, "ALG-FAMILY"},
};

START_TEST(algorithm_of_another_family_is_found)
{
    check_sample(&other_family[_i], NULL, true, TSCOPE_SEVERITY_HIGH);
}
END_TEST

START_TEST(algorithm_of_unknown_issuer_is_clear)
{
    check_sample(&same_family[_i], NULL, false, 0);
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("checks_alg");
    TCase *alg = tcase_create("alg");

    tcase_add_loop_test(alg, unregistered_name_is_found, 0, TSCOPE_COUNT(unregistered));
    tcase_add_loop_test(alg, registered_name_is_clear, 0, TSCOPE_COUNT(registered));
    tcase_add_loop_test(alg, none_is_found, 0, TSCOPE_COUNT(disguised));
    tcase_add_test(alg, none_with_a_word_for_actor_token_is_found);
    tcase_add_test(alg, empty_signature_is_found_outside_captures);
    tcase_add_loop_test(alg, key_for_another_use_is_found, 0, TSCOPE_COUNT(other_use));
    tcase_add_loop_test(alg, key_for_this_use_is_clear, 0, TSCOPE_COUNT(right_use));
    tcase_add_loop_test(alg, key_on_another_curve_is_found, 0, TSCOPE_COUNT(other_curve));
    tcase_add_loop_test(alg, key_that_is_not_meant_is_clear, 0, TSCOPE_COUNT(no_other_curve));
    tcase_add_loop_test(alg, algorithm_of_another_family_is_found, 0, TSCOPE_COUNT(other_family));
    tcase_add_loop_test(alg, algorithm_of_unknown_issuer_is_clear, 0, TSCOPE_COUNT(same_family));
    suite_add_tcase(suite, alg);
    return run_suite(suite);
}
