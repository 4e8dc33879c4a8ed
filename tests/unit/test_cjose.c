/* SPDX-License-Identifier: Apache-2.0 */
#include "jwe_testing.h"

#include "core/base64url.h"
#include "crypto/cjose.h"

/* Two implementations on the same input, and the gate before the second. Without cjose nobody is asked, which is tested too. */

/* cjose 0.6 leaks a byte with every ECDH-ES message: its own, and nothing that we hold. */
const char *__lsan_default_suppressions(void);
const char *
__lsan_default_suppressions(void)
{
    return "leak:libcjose";
}

static tscope_crypto *crypto;
static tscope_verifier *verifier;
static struct recipient_key rsa_key;

static enum tscope_cjose_result
if_built(enum tscope_cjose_result result)
{
    return tscope_cjose_is_built() ? result : TSCOPE_CJOSE_SILENT;
}

static void
append_part(struct tscope_buffer *token, struct tscope_span bytes, bool is_last)
{
    tscope_base64url_encode(token, bytes.data, bytes.len);
    if (!is_last)
        tscope_buffer_append_byte(token, '.');
}

static struct tscope_span
view(const struct tscope_buffer *buffer)
{
    return tscope_span_of(buffer->data, buffer->len);
}

static struct recipient_key
key_for(const struct tscope_alg *alg)
{
    if (alg->family == TSCOPE_ALG_HMAC)
        return make_oct_key(40);
    return alg->family == TSCOPE_ALG_ECDSA ? make_ec_key(alg->curve) : rsa_key;
}

static void
release(struct recipient_key *key)
{
    if (!key->numbers.open.n.data)
        clear_key(key);
}

/* A compact JWS; header NULL: the plain one of alg. */
static void
make_jws(struct tscope_buffer *token, const struct recipient_key *key, const struct tscope_alg *alg, const char *header)
{
    struct pair pair = {.evp = key->evp, .numbers = key->numbers.open};
    struct tscope_span signature;
    char plain[64];

    snprintf(plain, sizeof(plain), "{\"alg\":\"%s\"}", alg->name);
    append_part(token, tscope_span_text(header ? header : plain), false);
    tscope_base64url_encode(token, (const uint8_t *)"{\"sub\":\"a\"}", 11);
    signature = sign(&pair, alg, view(token));
    tscope_buffer_append_byte(token, '.');
    append_part(token, signature, true);
    free_span(signature);
}

static enum tscope_cjose_result
ask(const struct recipient_key *key, const struct tscope_alg *alg, struct tscope_span token)
{
    struct tscope_span exact = exact_span(token.data, token.len);
    enum tscope_cjose_result result = (enum tscope_cjose_result) - 1;

    ck_assert_int_eq(tscope_cjose_verify(&key->numbers.open, alg, exact, &result, NULL), TSCOPE_OK);
    free_span(exact);
    return result;
}

static const char *const signature_algs[] = {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512",
                                             "ES256", "ES384", "ES512", "HS256", "HS384", "HS512"};

START_TEST(both_verify_alike)
{
    const struct tscope_alg *alg = alg_of(signature_algs[_i]);
    struct recipient_key key = key_for(alg);
    tscope_pkey *pkey = good_pkey(crypto, &key.numbers.open);
    struct tscope_buffer token = {0};
    size_t payload_end;

    make_jws(&token, &key, alg, NULL);
    payload_end = (size_t)((uint8_t *)memrchr(token.data, '.', token.len) - token.data);
    ck_assert_int_eq(ask(&key, alg, view(&token)), if_built(TSCOPE_CJOSE_YES));
    for (size_t i = 0; i < token.len; i += i < payload_end ? 1 : 7) {
        uint8_t kept = token.data[i];
        enum tscope_cjose_result result;

        token.data[i] = kept == 'A' ? 'B' : 'A';
        result = ask(&key, alg, view(&token));
        ck_assert_msg(result != TSCOPE_CJOSE_YES, "byte %zu of %zu", i, token.len);
        if (i > payload_end && i + 1 < token.len) { /* the signature alone, all its bits used: both are asked, and agree */
            uint8_t signature[1024];
            size_t len;
            struct tscope_span signed_part = tscope_span_of(token.data, payload_end);

            ck_assert(tscope_base64url_decode(token.data + payload_end + 1, token.len - payload_end - 1, signature, &len));
            ck_assert_int_eq(check_signature(verifier, pkey, alg, signed_part, tscope_span_of(signature, len)), TSCOPE_VERIFY_FAILED);
            ck_assert_int_eq(result, if_built(TSCOPE_CJOSE_NO));
        }
        token.data[i] = kept;
    }
    tscope_buffer_clear(&token);
    tscope_pkey_free(pkey);
    release(&key);
}
END_TEST

/* The packaged cjose reads past its end: it never gets there. */
START_TEST(signature_of_another_length_never_reaches_cjose)
{
    const struct tscope_alg *alg = alg_of(signature_algs[_i]);
    struct recipient_key key = key_for(alg);
    struct tscope_buffer token = {0};
    uint8_t signature[1024];
    size_t payload_end, len;

    make_jws(&token, &key, alg, NULL);
    payload_end = (size_t)((uint8_t *)memrchr(token.data, '.', token.len) - token.data) + 1;
    ck_assert(tscope_base64url_decode(token.data + payload_end, token.len - payload_end, signature, &len));
    for (size_t other = 0; other <= len + 2; other++) {
        token.len = payload_end;
        append_part(&token, tscope_span_of(signature, other), true);
        ck_assert_int_eq(ask(&key, alg, view(&token)), other == len ? if_built(TSCOPE_CJOSE_YES) : TSCOPE_CJOSE_SILENT);
    }
    tscope_buffer_clear(&token);
    release(&key);
}
END_TEST

static const char *const headers[] = {
    "{\"alg\":\"HS256\",\"crit\":[\"exp\"],\"exp\":1}",
    "{\"alg\":\"HS256\",\"b64\":false}",
    "{\"alg\":\"HS256\",\"zip\":\"DEF\"}",
    "{\"alg\":\"HS256\",\"\\u0063rit\":[\"b64\"]}",
    "{\"alg\":\"HS256\",\"alg\":\"HS256\"}",
    "{\"alg\":\"HS256\",\"alg\":\"none\"}",
    "{\"alg\":\"HS384\"}",
    "{\"alg\":\"hs256\"}",
    "{\"alg\":256}",
    "{\"alg\":[\"HS256\"]}",
    "{}",
    "[\"HS256\"]",
    "\"HS256\"",
    "",
    "{\"alg\":\"HS256\"",
    "{\"alg\":\"HS256\"} ,",
    "{\"alg\":\"HS256\",}",
    "{\"alg\":\"HS256\",\"x\":\"\\ud800\"}",
    "{\"alg\":\"HS256\",\"x\":\"\xff\"}",
    "{\"alg\":\"HS256\",\"x\":\"\\u0000\"}",
    "\xef\xbb\xbf{\"alg\":\"HS256\"}",
    "{\"alg\":\"HS256\",\"n\":1e999}",
};

START_TEST(header_that_cjose_would_misread_never_reaches_it)
{
    struct recipient_key key = make_oct_key(40);
    struct tscope_buffer token = {0};

    make_jws(&token, &key, alg_of("HS256"), headers[_i]);
    ck_assert_int_eq(ask(&key, alg_of("HS256"), view(&token)), TSCOPE_CJOSE_SILENT);
    tscope_buffer_clear(&token);
    release(&key);
}
END_TEST

static const struct {
    const char *before, *behind;
} forms[] = {{"", "="},   {"", "=="},     {"", "\n"},        {" ", ""}, {"", "."}, {".", ""},
             {"", ".AA"}, {"", ".AA.AA"}, {"", ".AA.AA.AA"}, {"", "+"}, {"", "/"}, {"", "A"}};

START_TEST(form_that_is_not_canonical_never_reaches_cjose)
{
    struct recipient_key key = make_oct_key(40);
    struct tscope_buffer token = {0};
    char text[1024];

    make_jws(&token, &key, alg_of("HS256"), NULL);
    tscope_buffer_append_byte(&token, 0);
    if (_i == (int)TSCOPE_COUNT(forms)) { /* 43 characters hold 32 bytes and two spare bits */
        strcpy(text, (char *)token.data);
        text[strlen(text) - 1]++;
    } else {
        snprintf(text, sizeof(text), "%s%s%s", forms[_i].before, (char *)token.data, forms[_i].behind);
    }
    ck_assert_int_eq(ask(&key, alg_of("HS256"), tscope_span_text(text)), TSCOPE_CJOSE_SILENT);
    tscope_buffer_clear(&token);
    release(&key);
}
END_TEST

START_TEST(key_of_another_kind_never_reaches_cjose)
{
    struct recipient_key keys[] = {make_oct_key(40), make_ec_key(TSCOPE_CURVE_P384), make_okp_key(TSCOPE_CURVE_ED25519), rsa_key};

    for (size_t a = 0; a < TSCOPE_COUNT(signature_algs); a++) {
        const struct tscope_alg *alg = alg_of(signature_algs[a]);
        struct recipient_key key = key_for(alg);
        struct tscope_buffer token = {0};

        make_jws(&token, &key, alg, NULL);
        for (size_t i = 0; i < TSCOPE_COUNT(keys); i++) {
            if (!tscope_key_numbers_fit(&keys[i].numbers.open, alg))
                ck_assert_int_eq(ask(&keys[i], alg, view(&token)), TSCOPE_CJOSE_SILENT);
        }
        tscope_buffer_clear(&token);
        release(&key);
    }
    for (size_t i = 0; i < TSCOPE_COUNT(keys); i++)
        release(&keys[i]);
}
END_TEST

static void
append_epk(struct tscope_buffer *header, const struct message *message, const char *more)
{
    const struct tscope_key_numbers *epk = &message->recipient.epk;

    tscope_buffer_append_format(header, ",\"epk\":{\"kty\":\"EC\",\"crv\":\"%s\",\"x\":\"", tscope_curve_name(epk->curve));
    tscope_base64url_encode(header, epk->x.data, epk->x.len);
    tscope_buffer_append_text(header, "\",\"y\":\"");
    tscope_base64url_encode(header, epk->y.data, epk->y.len);
    tscope_buffer_append_format(header, "\"%s},\"apu\":\"QWxpY2U\",\"apv\":\"Qm9i\"", more);
}

/* A compact JWE that both can read; more goes into the header, epk_more into epk. */
static void
make_jwe(struct tscope_buffer *token, struct message *message, const struct recipient_key *key, const char *alg, const char *enc,
         const char *more, const char *epk_more)
{
    struct tscope_buffer header = {0};
    struct tscope_span cek;

    *message =
        (struct message){.recipient = {.alg = jwe_alg_of(alg), .enc = jwe_enc_of(enc)}, .content = {.enc = jwe_enc_of(enc), .aad_len = 1}};
    message->recipient.apu = exact_span("Alice", 5);
    message->recipient.apv = exact_span("Bob", 3);
    message->plaintext = random_span(37);
    cek = seal_key(message, key);
    tscope_buffer_append_format(&header, "{\"alg\":\"%s\",\"enc\":\"%s\"%s", alg, enc, more);
    if (message->recipient.alg->family == TSCOPE_JWE_ECDH)
        append_epk(&header, message, epk_more);
    tscope_buffer_append_text(&header, "}");
    tscope_base64url_encode(token, header.data, header.len);
    message->aad[0] = exact_span(token->data, token->len);
    message->aad[1] = exact_span("", 0);
    seal_content(message, cek);
    tscope_buffer_append_byte(token, '.');
    append_part(token, message->recipient.encrypted_key, false);
    append_part(token, message->content.iv, false);
    append_part(token, message->content.ciphertext, false);
    append_part(token, message->content.tag, true);
    tscope_buffer_clear(&header);
    free_span(cek);
}

static enum tscope_cjose_result
ask_jwe(const struct recipient_key *key, const struct message *message, struct tscope_span token)
{
    struct tscope_span exact = exact_span(token.data, token.len);
    struct tscope_buffer plaintext = {0};
    enum tscope_cjose_result result = (enum tscope_cjose_result) - 1;

    ck_assert_int_eq(tscope_cjose_decrypt(&key->numbers, message->recipient.alg, message->recipient.enc, exact, &plaintext, &result, NULL),
                     TSCOPE_OK);
    ck_assert_uint_eq(plaintext.len, result == TSCOPE_CJOSE_YES ? message->plaintext.len : 0);
    if (result == TSCOPE_CJOSE_YES)
        ck_assert_mem_eq(plaintext.data, message->plaintext.data, plaintext.len);
    tscope_buffer_clear(&plaintext);
    free_span(exact);
    return result;
}

static const struct {
    const char *alg;
    enum tscope_curve curve;
    size_t secret_len;
} key_rows[] = {
    {"RSA-OAEP", TSCOPE_CURVE_NONE, 0}, {"A128KW", TSCOPE_CURVE_NONE, 16}, {"A192KW", TSCOPE_CURVE_NONE, 24},
    {"A256KW", TSCOPE_CURVE_NONE, 32},  {"dir", TSCOPE_CURVE_NONE, 1},     {"ECDH-ES", TSCOPE_CURVE_P256, 0},
    {"ECDH-ES", TSCOPE_CURVE_P384, 0},  {"ECDH-ES", TSCOPE_CURVE_P521, 0},
};
static const char *const enc_names[] = {"A128CBC-HS256", "A192CBC-HS384", "A256CBC-HS512", "A128GCM", "A192GCM", "A256GCM"};

#define PAIRS ((int)(TSCOPE_COUNT(key_rows) * TSCOPE_COUNT(enc_names)))

static struct recipient_key
key_of_row(size_t row, const char *enc)
{
    if (key_rows[row].secret_len)
        return make_oct_key(key_rows[row].secret_len == 1 ? jwe_enc_of(enc)->key_len : key_rows[row].secret_len);
    return key_rows[row].curve ? make_ec_key(key_rows[row].curve) : rsa_key;
}

START_TEST(both_decrypt_alike)
{
    size_t row = (size_t)_i / TSCOPE_COUNT(enc_names);
    const char *enc = enc_names[(size_t)_i % TSCOPE_COUNT(enc_names)];
    struct recipient_key key = key_of_row(row, enc);
    tscope_private *private = good_private(crypto, &key.numbers);
    struct tscope_buffer token = {0};
    struct message message;

    make_jwe(&token, &message, &key, key_rows[row].alg, enc, "", "");
    ck_assert_int_eq(decrypt_message(private, &message), TSCOPE_JWE_DECRYPTED);
    ck_assert_int_eq(ask_jwe(&key, &message, view(&token)), if_built(TSCOPE_CJOSE_YES));
    for (size_t i = 0; i < token.len; i += 3) {
        uint8_t kept = token.data[i];

        token.data[i] = kept == 'A' ? 'B' : 'A';
        ck_assert_int_ne(ask_jwe(&key, &message, view(&token)), TSCOPE_CJOSE_YES);
        token.data[i] = kept;
    }
    for (size_t len = 0; len < token.len; len++)
        ck_assert_int_ne(ask_jwe(&key, &message, tscope_span_of(token.data, len)), TSCOPE_CJOSE_YES);
    tscope_buffer_clear(&token);
    clear_message(&message);
    tscope_private_free(private);
    release(&key);
}
END_TEST

/* An encrypted key longer than its buffer, a short tag: never asked. */
START_TEST(part_of_another_length_never_reaches_cjose)
{
    size_t row = (size_t)_i / TSCOPE_COUNT(enc_names);
    const char *enc = enc_names[(size_t)_i % TSCOPE_COUNT(enc_names)];
    struct recipient_key key = key_of_row(row, enc);
    struct tscope_buffer token = {0};
    struct message message;

    make_jwe(&token, &message, &key, key_rows[row].alg, enc, "", "");
    for (int part = 0; part < 3; part++) {
        const struct tscope_span *spans[] = {&message.recipient.encrypted_key, &message.content.iv, &message.content.ciphertext,
                                             &message.content.tag};
        size_t which = part < 2 ? (size_t)part : 3, whole = spans[which]->len;

        for (size_t len = 0; len < whole + 20; len++) {
            uint8_t bytes[600] = {0};

            if (len == whole)
                continue;
            token.len = message.aad[0].len;
            for (size_t i = 0; i < 4; i++) {
                memcpy(bytes, spans[i]->data ? spans[i]->data : bytes, spans[i]->len);
                tscope_buffer_append_byte(&token, '.');
                append_part(&token, tscope_span_of(bytes, i == which ? len : spans[i]->len), true);
            }
            ck_assert_int_eq(ask_jwe(&key, &message, view(&token)), TSCOPE_CJOSE_SILENT);
        }
    }
    tscope_buffer_clear(&token);
    clear_message(&message);
    release(&key);
}
END_TEST

static const struct {
    const char *more, *epk_more;
} strange_headers[] = {
    {",\"zip\":\"DEF\"", ""},
    {",\"crit\":[\"x\"],\"x\":1", ""},
    {",\"enc\":\"A128GCM\"", ""},
    {",\"alg\":\"ECDH-ES\"", ""},
    {",\"epk\":{}", ""},
    {"", ",\"d\":\"AA\""},
    {"", ",\"kty\":\"oct\",\"k\":\"AA\""},
    {"", ",\"\\u0064\":\"AA\""},
};

START_TEST(agreement_that_cjose_would_misread_never_reaches_it)
{
    struct recipient_key key = make_ec_key(TSCOPE_CURVE_P256);
    struct tscope_buffer token = {0};
    struct message message;

    make_jwe(&token, &message, &key, "ECDH-ES", "A128GCM", strange_headers[_i].more, strange_headers[_i].epk_more);
    ck_assert_int_eq(ask_jwe(&key, &message, view(&token)), TSCOPE_CJOSE_SILENT);
    tscope_buffer_clear(&token);
    clear_message(&message);
    clear_key(&key);
}
END_TEST

START_TEST(algorithm_that_cjose_has_not_is_not_asked_of_it)
{
    static const char *const names[] = {"RSA-OAEP-256", "RSA1_5", "A128GCMKW", "PBES2-HS256+A128KW", "ECDH-ES+A128KW"};
    struct recipient_key keys[] = {rsa_key, rsa_key, make_oct_key(16), make_oct_key(16), make_ec_key(TSCOPE_CURVE_P256)};

    for (size_t i = 0; i < TSCOPE_COUNT(names); i++) {
        struct tscope_span header = tscope_span_text("x.");
        struct message message = {.recipient = {.alg = jwe_alg_of(names[i]), .enc = jwe_enc_of("A128GCM")}};

        ck_assert_int_eq(ask_jwe(&keys[i], &message, header), TSCOPE_CJOSE_SILENT);
        release(&keys[i]);
    }
}
END_TEST

START_TEST(memory_failure_is_no_answer)
{
    struct recipient_key key = make_oct_key(16);
    struct tscope_buffer token = {0};
    struct message message;
    enum tscope_status status = TSCOPE_ERR_NO_MEMORY;

    make_jwe(&token, &message, &key, "A128KW", "A128GCM", "", "");
    for (unsigned long n = 1; status != TSCOPE_OK; n++) {
        struct tscope_buffer plaintext = {0};
        enum tscope_cjose_result result;

        ck_assert_uint_lt(n, 50);
        tscope_alloc_fail_from(n);
        status = tscope_cjose_decrypt(&key.numbers, message.recipient.alg, message.recipient.enc, view(&token), &plaintext, &result, NULL);
        tscope_alloc_fail_from(0);
        ck_assert(status == TSCOPE_OK || status == TSCOPE_ERR_NO_MEMORY);
        if (status == TSCOPE_OK)
            ck_assert_int_eq(result, if_built(TSCOPE_CJOSE_YES));
        tscope_buffer_clear(&plaintext);
    }
    tscope_buffer_clear(&token);
    clear_message(&message);
    clear_key(&key);
}
END_TEST

static void
open_shared(void)
{
    crypto = open_crypto();
    ck_assert_int_eq(tscope_verifier_new(crypto, &verifier, NULL), TSCOPE_OK);
    rsa_key = make_rsa_key(2048);
}

static void
close_shared(void)
{
    tscope_verifier_free(verifier);
    tscope_crypto_free(crypto);
    clear_key(&rsa_key);
}

static Suite *
make_suite(void)
{
    Suite *suite = suite_create("cjose");
    TCase *tcase = tcase_create("cjose");

    tcase_add_unchecked_fixture(tcase, open_shared, close_shared);
    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, both_verify_alike, 0, (int)TSCOPE_COUNT(signature_algs));
    tcase_add_loop_test(tcase, signature_of_another_length_never_reaches_cjose, 0, (int)TSCOPE_COUNT(signature_algs));
    tcase_add_loop_test(tcase, header_that_cjose_would_misread_never_reaches_it, 0, (int)TSCOPE_COUNT(headers));
    tcase_add_loop_test(tcase, form_that_is_not_canonical_never_reaches_cjose, 0, (int)TSCOPE_COUNT(forms) + 1);
    tcase_add_test(tcase, key_of_another_kind_never_reaches_cjose);
    tcase_add_loop_test(tcase, both_decrypt_alike, 0, PAIRS);
    tcase_add_loop_test(tcase, part_of_another_length_never_reaches_cjose, 0, PAIRS);
    tcase_add_loop_test(tcase, agreement_that_cjose_would_misread_never_reaches_it, 0, (int)TSCOPE_COUNT(strange_headers));
    tcase_add_test(tcase, algorithm_that_cjose_has_not_is_not_asked_of_it);
    tcase_add_test(tcase, memory_failure_is_no_answer);
    suite_add_tcase(suite, tcase);
    return suite;
}

int
main(void)
{
    SRunner *runner = srunner_create(make_suite());
    int failed;

    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
