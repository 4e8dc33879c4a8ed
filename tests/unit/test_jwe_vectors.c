/* SPDX-License-Identifier: Apache-2.0 */
#include "jwe_samples.h"
#include "jwe_testing.h"

#include "core/base64url.h"

/* Published examples, and what is special to one family of key management. */

static tscope_crypto *crypto;

static struct tscope_span
of_base64url(const char *text)
{
    uint8_t bytes[4096];
    size_t len;

    if (!text)
        return (struct tscope_span){NULL, 0};
    ck_assert_uint_lt(strlen(text), sizeof(bytes));
    ck_assert(tscope_base64url_decode((const uint8_t *)text, strlen(text), bytes, &len));
    return exact_span(bytes, len);
}

static struct tscope_span
of_hex(const char *text)
{
    uint8_t bytes[256];
    size_t len = 0;

    for (; *text; text += 2) {
        unsigned byte;

        ck_assert_int_eq(sscanf(text, "%2x", &byte), 1);
        bytes[len++] = (uint8_t)byte;
    }
    return exact_span(bytes, len);
}

static struct recipient_key
sample_key(const struct jwe_sample *sample)
{
    return (struct recipient_key){.numbers = {
                                      .open = {.type = sample->k ? TSCOPE_KEY_OCT : TSCOPE_KEY_RSA,
                                               .n = of_base64url(sample->n),
                                               .e = of_base64url(sample->e),
                                               .k = of_base64url(sample->k)},
                                      .d = of_base64url(sample->d),
                                      .p = of_base64url(sample->p),
                                      .q = of_base64url(sample->q),
                                      .dp = of_base64url(sample->dp),
                                      .dq = of_base64url(sample->dq),
                                      .qi = of_base64url(sample->qi),
                                  }};
}

START_TEST(published_token_is_decrypted)
{
    const struct jwe_sample *sample = &jwe_samples[_i];
    struct recipient_key key = sample_key(sample);
    tscope_private *private = good_private(crypto, &key.numbers);
    struct tscope_span parts[5], aad;
    struct tscope_jwe_recipient recipient = {
        .alg = jwe_alg_of(sample->alg), .enc = jwe_enc_of(sample->enc), .p2s = of_base64url(sample->p2s), .p2c = sample->p2c};
    struct tscope_jwe_content content = {.enc = recipient.enc, .aad = &aad, .aad_len = 1};
    char *token = strdup(sample->token), *at = token;
    enum tscope_jwe_result result;
    uint8_t out[4096];
    size_t len;

    aad = tscope_span_of(sample->token, strcspn(sample->token, "."));
    for (size_t i = 0; i < 5; i++)
        parts[i] = of_base64url(strsep(&at, "."));
    recipient.encrypted_key = parts[1];
    content.iv = parts[2];
    content.ciphertext = parts[3];
    content.tag = parts[4];
    ck_assert_int_eq(tscope_jwe_decrypt(private, &recipient, &content, out, &len, &result, NULL), TSCOPE_OK);
    ck_assert_int_eq(result, TSCOPE_JWE_DECRYPTED);
    if (sample->plaintext) {
        ck_assert_uint_eq(len, strlen(sample->plaintext));
        ck_assert_mem_eq(out, sample->plaintext, len);
    } else {
        ck_assert_mem_eq(out, "{\"kty\":", 7);
    }
    for (size_t i = 0; i < 5; i++)
        free_span(parts[i]);
    free_span(recipient.p2s);
    free(token);
    tscope_private_free(private);
    clear_key(&key);
}
END_TEST

/* RFC 7518 appendix B: key 00 01 02…, the tags as published; the ciphertext is libcrypto's. */
static const struct {
    const char *enc, *tag;
} cbc_rows[] = {
    {"A128CBC-HS256", "652c3fa36b0a7c5b3219fab3a30bc1c4"},
    {"A192CBC-HS384", "8490ac0e58949bfe51875d733f93ac2075168039ccc733d7"},
    {"A256CBC-HS512", "4dd3b4c088a7f45c216839645b2012bf2e6269a8c56a816dbc1b267761955bc5"},
};

START_TEST(published_tag_is_right)
{
    static const char text[] = "A cipher system must not be required to be secret, and it must be able to fall into the hands of the enemy "
                               "without inconvenience";
    const struct tscope_jwe_enc *enc = jwe_enc_of(cbc_rows[_i].enc);
    struct tscope_span aad = TSCOPE_SPAN("The second principle of Auguste Kerckhoffs"), iv = of_hex("1af38c2dc2b96ffdd86694092341bc04");
    struct tscope_span tag = of_hex(cbc_rows[_i].tag);
    uint8_t cek[64], sealed[160], out[TSCOPE_JWE_OUT(160)];
    struct tscope_jwe_content content = {.enc = enc, .iv = iv, .tag = tag, .aad = &aad, .aad_len = 1};
    enum tscope_jwe_result result;
    size_t len;

    for (size_t i = 0; i < sizeof(cek); i++)
        cek[i] = (uint8_t)i;
    len = encipher(cipher_name(enc->key_len / 2, "CBC"), tscope_span_of(cek + enc->key_len / 2, enc->key_len / 2), iv, NULL, 0,
                   tscope_span_text(text), sealed, NULL);
    content.ciphertext = tscope_span_of(sealed, len);
    ck_assert_int_eq(tscope_jwe_open(crypto, tscope_span_of(cek, enc->key_len), &content, out, &len, &result, NULL), TSCOPE_OK);
    ck_assert_int_eq(result, TSCOPE_JWE_DECRYPTED);
    ck_assert_uint_eq(len, strlen(text));
    ck_assert_mem_eq(out, text, len);
    for (size_t cek_len = enc->key_len - 1; cek_len <= enc->key_len + 1; cek_len += 2) {
        ck_assert_int_eq(tscope_jwe_open(crypto, tscope_span_of(cek, cek_len), &content, out, &len, &result, NULL), TSCOPE_OK);
        ck_assert_int_eq(result, TSCOPE_JWE_UNFIT);
        ck_assert_uint_eq(len, 0);
    }
    free_span(iv);
    free_span(tag);
}
END_TEST

/* A tag that is right over padding that is not: only who holds the key can make it, and it is no plaintext. */
START_TEST(broken_padding_under_a_right_tag_is_wrong)
{
    struct message message = {.content = {.enc = jwe_enc_of("A128CBC-HS256"), .aad_len = 2}, .plaintext = random_span(32)};
    struct tscope_span cek = random_span(32);
    uint8_t *last, out[TSCOPE_JWE_OUT(48)];
    enum tscope_jwe_result result;
    size_t len;

    message.aad[0] = exact_span("a", 1);
    message.aad[1] = exact_span("b", 1);
    seal_content(&message, cek);
    last = (uint8_t *)(uintptr_t)message.content.ciphertext.data + 31; /* alters the padding's last byte, 16, to 1 and on */
    *last ^= 0x20;
    free_span(message.content.tag);
    message.content.tag = make_cbc_tag(&message, cek);
    ck_assert_int_eq(tscope_jwe_open(crypto, cek, &message.content, out, &len, &result, NULL), TSCOPE_OK);
    ck_assert_int_eq(result, TSCOPE_JWE_WRONG);
    ck_assert_uint_eq(len, 0);
    free_span(cek);
    clear_message(&message);
}
END_TEST

/* RFC 3394 section 4.1, by way of A128KW: the published wrapping of 00 11 22… is the key that opens the content. */
START_TEST(published_wrapping_is_unwrapped)
{
    struct recipient_key key = {.numbers = {.open = {.type = TSCOPE_KEY_OCT, .k = of_hex("000102030405060708090a0b0c0d0e0f")}}};
    struct tscope_span cek = of_hex("00112233445566778899aabbccddeeff");
    tscope_private *private = good_private(crypto, &key.numbers);
    struct message message = {.recipient = {.alg = jwe_alg_of("A128KW"), .enc = jwe_enc_of("A128GCM")},
                              .content = {.enc = jwe_enc_of("A128GCM"), .aad_len = 2},
                              .plaintext = random_span(9)};

    message.aad[0] = exact_span("a", 1);
    message.aad[1] = exact_span("b", 1);
    message.recipient.encrypted_key = of_hex("1fa68b0a8112b447aef34bd8fb5a7b829d3e862371d2cfe5");
    seal_content(&message, cek);
    ck_assert_int_eq(decrypt_message(private, &message), TSCOPE_JWE_DECRYPTED);
    free_span(cek);
    clear_message(&message);
    tscope_private_free(private);
    clear_key(&key);
}
END_TEST

/* RFC 7518 appendix C: what Bob agrees on with Alice's epk is VqqN6vgjbSBcIijNcacQGg. */
static struct recipient_key
make_bob(void)
{
    return (struct recipient_key){.numbers = {
                                      .open = {.type = TSCOPE_KEY_EC,
                                               .curve = TSCOPE_CURVE_P256,
                                               .x = of_base64url("weNJy2HscCSM6AEDTDg04biOvhFhyyWvOHQfeF_PxMQ"),
                                               .y = of_base64url("e8lnCO-AlStT-NJVX-crhB7QRYhiix03illJOVAOyck")},
                                      .d = of_base64url("VEmDZpDXXK8p8N0Cndsxs924q6nS1RXFASRl6BfUqdw"),
                                  }};
}

static void
make_alices_message(struct message *message)
{
    struct tscope_span cek = of_base64url("VqqN6vgjbSBcIijNcacQGg");

    *message = (struct message){.recipient = {.alg = jwe_alg_of("ECDH-ES"), .enc = jwe_enc_of("A128GCM")},
                                .content = {.enc = jwe_enc_of("A128GCM"), .aad_len = 2},
                                .plaintext = random_span(9)};
    message->recipient.epk = (struct tscope_key_numbers){.type = TSCOPE_KEY_EC,
                                                         .curve = TSCOPE_CURVE_P256,
                                                         .x = of_base64url("gI0GAILBdu7T53akrFmMyGcsF3n5dO7MmwNBHKW5SV0"),
                                                         .y = of_base64url("SLW_xSffzlPWrHEVI30DHM_4egVwt3NQqeUD7nMFpps")};
    message->recipient.apu = of_base64url("QWxpY2U");
    message->recipient.apv = of_base64url("Qm9i");
    message->aad[0] = exact_span("a", 1);
    message->aad[1] = exact_span("b", 1);
    seal_content(message, cek);
    free_span(cek);
}

START_TEST(published_agreement_is_found)
{
    struct recipient_key bob = make_bob();
    tscope_private *private = good_private(crypto, &bob.numbers);
    struct message message;
    struct tscope_span name;

    make_alices_message(&message);
    ck_assert_int_eq(decrypt_message(private, &message), TSCOPE_JWE_DECRYPTED);
    name = message.recipient.apu;
    message.recipient.apu = (struct tscope_span){NULL, 0};
    ck_assert_int_eq(decrypt_message(private, &message), TSCOPE_JWE_WRONG);
    message.recipient.apu = message.recipient.apv;
    message.recipient.apv = name;
    ck_assert_int_eq(decrypt_message(private, &message), TSCOPE_JWE_WRONG);
    clear_message(&message);
    tscope_private_free(private);
    clear_key(&bob);
}
END_TEST

/* An answer to a point of another curve, or none, would tell Bob's key piece by piece. */
START_TEST(ephemeral_key_that_is_no_point_of_the_curve_is_unfit)
{
    struct recipient_key bob = make_bob();
    tscope_private *private = good_private(crypto, &bob.numbers);
    struct message message;
    struct tscope_key_numbers whole;
    struct recipient_key others[] = {make_ec_key(TSCOPE_CURVE_P384), make_ec_key(TSCOPE_CURVE_SECP256K1),
                                     make_okp_key(TSCOPE_CURVE_X25519)};
    uint8_t *byte;

    make_alices_message(&message);
    whole = message.recipient.epk;
    byte = (uint8_t *)(uintptr_t)whole.y.data + 31;
    *byte ^= 1;
    ck_assert_int_eq(decrypt_message(private, &message), TSCOPE_JWE_UNFIT);
    *byte ^= 1;
    message.recipient.epk.curve = TSCOPE_CURVE_SECP256K1;
    ck_assert_int_eq(decrypt_message(private, &message), TSCOPE_JWE_UNFIT);
    message.recipient.epk = (struct tscope_key_numbers){0};
    ck_assert_int_eq(decrypt_message(private, &message), TSCOPE_JWE_UNFIT);
    message.recipient.epk = whole;
    message.recipient.epk.y = (struct tscope_span){NULL, 0};
    ck_assert_int_eq(decrypt_message(private, &message), TSCOPE_JWE_UNFIT);
    for (size_t i = 0; i < TSCOPE_COUNT(others); i++) {
        message.recipient.epk = others[i].numbers.open;
        ck_assert_int_eq(decrypt_message(private, &message), TSCOPE_JWE_UNFIT);
        message.recipient.epk.curve = TSCOPE_CURVE_P256;
        message.recipient.epk.type = TSCOPE_KEY_EC;
        ck_assert_int_eq(decrypt_message(private, &message), TSCOPE_JWE_UNFIT);
        clear_key(&others[i]);
    }
    message.recipient.epk = whole;
    ck_assert_int_eq(decrypt_message(private, &message), TSCOPE_JWE_DECRYPTED);
    clear_message(&message);
    tscope_private_free(private);
    clear_key(&bob);
}
END_TEST

/* u of small order, little-endian: whoever sends one knows the agreed key without any key. */
static const struct {
    enum tscope_curve curve;
    const char *u;
} small_orders[] = {
    {TSCOPE_CURVE_X25519, "0000000000000000000000000000000000000000000000000000000000000000"},
    {TSCOPE_CURVE_X25519, "0100000000000000000000000000000000000000000000000000000000000000"},
    {TSCOPE_CURVE_X25519, "0100000000000000000000000000000000000000000000000000000000000080"},
    {TSCOPE_CURVE_X25519, "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800"},
    {TSCOPE_CURVE_X25519, "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157"},
    {TSCOPE_CURVE_X25519, "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"},
    {TSCOPE_CURVE_X25519, "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"},
    {TSCOPE_CURVE_X25519, "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"},
    {TSCOPE_CURVE_X448, "0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"},
    {TSCOPE_CURVE_X448, "0100000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"},
    {TSCOPE_CURVE_X448, "fefffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffffffffffffffffffffffffffffffffffffffffffffffffff"},
    {TSCOPE_CURVE_X448, "fffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffffffffffffffffffffffffffffffffffffffffffffffffff"},
    {TSCOPE_CURVE_X448, "00000000000000000000000000000000000000000000000000000000ffffffffffffffffffffffffffffffffffffffffffffffffffffffff"},
};

START_TEST(ephemeral_key_of_small_order_is_unfit)
{
    struct recipient_key key = make_okp_key(small_orders[_i].curve);
    tscope_private *private = good_private(crypto, &key.numbers);
    struct message message;
    struct tscope_span whole, u = of_hex(small_orders[_i].u);

    make_message(&message, &key, jwe_alg_of("ECDH-ES"), jwe_enc_of("A256GCM"), 5);
    whole = message.recipient.epk.x;
    message.recipient.epk.x = u;
    ck_assert_int_eq(decrypt_message(private, &message), TSCOPE_JWE_UNFIT);
    message.recipient.epk.x = whole;
    ck_assert_int_eq(decrypt_message(private, &message), TSCOPE_JWE_DECRYPTED);
    free_span(u);
    clear_message(&message);
    tscope_private_free(private);
    clear_key(&key);
}
END_TEST

START_TEST(party_names_of_any_length_are_taken)
{
    struct recipient_key key = make_ec_key(TSCOPE_CURVE_P256);
    tscope_private *private = good_private(crypto, &key.numbers);
    struct message message = {.recipient = {.alg = jwe_alg_of("ECDH-ES+A256KW"), .enc = jwe_enc_of("A256CBC-HS512")}};
    struct tscope_span cek;

    message.content = (struct tscope_jwe_content){.enc = message.recipient.enc, .aad_len = 2};
    message.aad[0] = exact_span("a", 1);
    message.aad[1] = exact_span("", 0);
    message.recipient.apu = exact_span("", 0);
    message.recipient.apv = random_span(300);
    message.plaintext = random_span(40);
    cek = seal_key(&message, &key);
    seal_content(&message, cek);
    ck_assert_int_eq(decrypt_message(private, &message), TSCOPE_JWE_DECRYPTED);
    free_span(cek);
    clear_message(&message);
    tscope_private_free(private);
    clear_key(&key);
}
END_TEST

static const struct {
    uint64_t p2c, p2c_max;
    enum tscope_jwe_result result; /* of a message sealed with 1000 rounds */
} rounds[] = {
    {0, 0, TSCOPE_JWE_REFUSED},
    {1, 0, TSCOPE_JWE_WRONG},
    {999, 0, TSCOPE_JWE_WRONG},
    {1000, 0, TSCOPE_JWE_DECRYPTED},
    {1000, 999, TSCOPE_JWE_REFUSED},
    {1000, 1000, TSCOPE_JWE_DECRYPTED},
    {1000, UINT64_MAX, TSCOPE_JWE_DECRYPTED},
    {TSCOPE_JWE_P2C_MAX, 0, TSCOPE_JWE_WRONG},
    {TSCOPE_JWE_P2C_MAX + 1, 0, TSCOPE_JWE_REFUSED},
    {UINT64_C(1) << 31, 0, TSCOPE_JWE_REFUSED},
    {(UINT64_C(1) << 32) + 1000, 0, TSCOPE_JWE_REFUSED},
    {UINT64_MAX, 0, TSCOPE_JWE_REFUSED},
};

START_TEST(password_rounds_are_bounded)
{
    struct recipient_key key = make_oct_key(9);
    tscope_private *private = good_private(crypto, &key.numbers);
    struct message message = {.recipient = {.alg = jwe_alg_of("PBES2-HS256+A128KW"), .enc = jwe_enc_of("A128GCM"), .p2c = 1000},
                              .content = {.enc = jwe_enc_of("A128GCM"), .aad_len = 2},
                              .plaintext = random_span(9)};
    struct tscope_span cek;

    message.aad[0] = exact_span("a", 1);
    message.aad[1] = exact_span("b", 1);
    message.recipient.p2s = random_span((size_t)_i * 5); /* none, short and long */
    cek = seal_key(&message, &key);
    seal_content(&message, cek);
    message.recipient.p2c = rounds[_i].p2c;
    message.recipient.p2c_max = rounds[_i].p2c_max;
    ck_assert_int_eq(decrypt_message(private, &message), rounds[_i].result);
    free_span(cek);
    clear_message(&message);
    tscope_private_free(private);
    clear_key(&key);
}
END_TEST

/* Bleichenbacher's questions: every way in which 00 02 PS 00 CEK may be spoilt has the one answer of a wrong tag. */
START_TEST(spoilt_rsa_padding_is_answered_like_a_wrong_tag)
{
    struct recipient_key key = make_rsa_key(1024);
    tscope_private *private = good_private(crypto, &key.numbers);
    struct message message;
    uint8_t block[128];
    struct tscope_span cek = random_span(16);

    make_message(&message, &key, jwe_alg_of("RSA1_5"), jwe_enc_of("A128GCM"), 5);
    free_span(message.content.iv);
    free_span(message.content.ciphertext);
    free_span(message.content.tag);
    seal_content(&message, cek);
    for (int spoilt = -1; spoilt < 111 + 3; spoilt++) { /* -1: not at all */
        memset(block, 0x33, sizeof(block));
        block[0] = 0;
        block[1] = 2;
        block[111] = 0;
        memcpy(block + 112, cek.data, 16);
        if (spoilt == 0)
            block[0] = 1;
        else if (spoilt == 1)
            block[1] = 1;
        else if (spoilt > 1 && spoilt < 111)
            block[spoilt] = 0;
        else if (spoilt == 111)
            block[111] = 7;
        else if (spoilt == 112)
            block[110] = block[109] = block[111] = 0; /* a key two bytes longer */
        else if (spoilt == 113)
            block[111] = 1, block[112] = 0; /* one byte shorter */
        free_span(message.recipient.encrypted_key);
        message.recipient.encrypted_key = encrypt_rsa(key.evp, NULL, tscope_span_of(block, sizeof(block)));
        ck_assert_msg(decrypt_message(private, &message) == (spoilt < 0 ? TSCOPE_JWE_DECRYPTED : TSCOPE_JWE_WRONG), "%d", spoilt);
    }
    free_span(cek);
    clear_message(&message);
    tscope_private_free(private);
    clear_key(&key);
}
END_TEST

START_TEST(rsa_block_not_below_the_modulus_is_wrong)
{
    static const char *const names[] = {"RSA1_5", "RSA-OAEP", "RSA-OAEP-256"};
    struct recipient_key key = make_rsa_key(1024);
    tscope_private *private = good_private(crypto, &key.numbers);

    for (size_t i = 0; i < TSCOPE_COUNT(names); i++) {
        struct message message;

        make_message(&message, &key, jwe_alg_of(names[i]), jwe_enc_of("A128GCM"), 5);
        memcpy((void *)(uintptr_t)message.recipient.encrypted_key.data, key.numbers.open.n.data, 128);
        ck_assert_int_eq(decrypt_message(private, &message), TSCOPE_JWE_WRONG);
        memset((void *)(uintptr_t)message.recipient.encrypted_key.data, 0xff, 128);
        ck_assert_int_eq(decrypt_message(private, &message), TSCOPE_JWE_WRONG);
        memset((void *)(uintptr_t)message.recipient.encrypted_key.data, 0, 128);
        ck_assert_int_eq(decrypt_message(private, &message), TSCOPE_JWE_WRONG);
        clear_message(&message);
    }
    tscope_private_free(private);
    clear_key(&key);
}
END_TEST

/* OAEP around a key of another length than the content encryption has, and under another hash. */
START_TEST(rsa_key_of_another_length_or_hash_is_wrong)
{
    static const size_t lens[] = {0, 1, 15, 17, 32, 62};
    struct recipient_key key = make_rsa_key(1024);
    tscope_private *private = good_private(crypto, &key.numbers);
    struct message message;

    make_message(&message, &key, jwe_alg_of("RSA-OAEP"), jwe_enc_of("A128GCM"), 5);
    for (size_t i = 0; i < TSCOPE_COUNT(lens); i++) {
        struct tscope_span cek = random_span(lens[i]);

        free_span(message.recipient.encrypted_key);
        message.recipient.encrypted_key = encrypt_rsa(key.evp, message.recipient.alg, cek);
        ck_assert_int_eq(decrypt_message(private, &message), TSCOPE_JWE_WRONG);
        free_span(cek);
    }
    clear_message(&message);
    make_message(&message, &key, jwe_alg_of("RSA-OAEP"), jwe_enc_of("A128GCM"), 5);
    message.recipient.alg = jwe_alg_of("RSA-OAEP-256");
    ck_assert_int_eq(decrypt_message(private, &message), TSCOPE_JWE_WRONG);
    message.recipient.alg = jwe_alg_of("RSA-OAEP-512"); /* 16 + 2 * 64 + 2 bytes and more */
    ck_assert_int_eq(decrypt_message(private, &message), TSCOPE_JWE_UNFIT);
    message.recipient.alg = jwe_alg_of("RSA1_5");
    ck_assert_int_eq(decrypt_message(private, &message), TSCOPE_JWE_WRONG);
    clear_message(&message);
    tscope_private_free(private);
    clear_key(&key);
}
END_TEST

static void
open_shared(void)
{
    crypto = open_crypto();
}

static void
close_shared(void)
{
    tscope_crypto_free(crypto);
}

static Suite *
make_suite(void)
{
    Suite *suite = suite_create("jwe_vectors");
    TCase *tcase = tcase_create("jwe_vectors");

    tcase_add_unchecked_fixture(tcase, open_shared, close_shared);
    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, published_token_is_decrypted, 0, (int)TSCOPE_COUNT(jwe_samples));
    tcase_add_loop_test(tcase, published_tag_is_right, 0, (int)TSCOPE_COUNT(cbc_rows));
    tcase_add_test(tcase, broken_padding_under_a_right_tag_is_wrong);
    tcase_add_test(tcase, published_wrapping_is_unwrapped);
    tcase_add_test(tcase, published_agreement_is_found);
    tcase_add_test(tcase, ephemeral_key_that_is_no_point_of_the_curve_is_unfit);
    tcase_add_loop_test(tcase, ephemeral_key_of_small_order_is_unfit, 0, (int)TSCOPE_COUNT(small_orders));
    tcase_add_test(tcase, party_names_of_any_length_are_taken);
    tcase_add_loop_test(tcase, password_rounds_are_bounded, 0, (int)TSCOPE_COUNT(rounds));
    tcase_add_test(tcase, spoilt_rsa_padding_is_answered_like_a_wrong_tag);
    tcase_add_test(tcase, rsa_block_not_below_the_modulus_is_wrong);
    tcase_add_test(tcase, rsa_key_of_another_length_or_hash_is_wrong);
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
