/* SPDX-License-Identifier: Apache-2.0 */
#include "jwe_testing.h"

/* Every key management with every content encryption: what holds of all of them. */

static tscope_crypto *crypto;
static struct recipient_key rsa_keys[2]; /* made once: they take long */

/* One row a pair of algorithm and kind of key. */
static const struct {
    const char *alg;
    enum tscope_key_type type;
    enum tscope_curve curve;
    size_t secret_len; /* 0: as the content encryption wants */
} rows[] = {
    {"RSA1_5", TSCOPE_KEY_RSA, TSCOPE_CURVE_NONE, 0},
    {"RSA-OAEP", TSCOPE_KEY_RSA, TSCOPE_CURVE_NONE, 0},
    {"RSA-OAEP-256", TSCOPE_KEY_RSA, TSCOPE_CURVE_NONE, 0},
    {"RSA-OAEP-384", TSCOPE_KEY_RSA, TSCOPE_CURVE_NONE, 0},
    {"RSA-OAEP-512", TSCOPE_KEY_RSA, TSCOPE_CURVE_NONE, 0},
    {"A128KW", TSCOPE_KEY_OCT, TSCOPE_CURVE_NONE, 16},
    {"A192KW", TSCOPE_KEY_OCT, TSCOPE_CURVE_NONE, 24},
    {"A256KW", TSCOPE_KEY_OCT, TSCOPE_CURVE_NONE, 32},
    {"dir", TSCOPE_KEY_OCT, TSCOPE_CURVE_NONE, 0},
    {"A128GCMKW", TSCOPE_KEY_OCT, TSCOPE_CURVE_NONE, 16},
    {"A192GCMKW", TSCOPE_KEY_OCT, TSCOPE_CURVE_NONE, 24},
    {"A256GCMKW", TSCOPE_KEY_OCT, TSCOPE_CURVE_NONE, 32},
    {"PBES2-HS256+A128KW", TSCOPE_KEY_OCT, TSCOPE_CURVE_NONE, 7},
    {"PBES2-HS384+A192KW", TSCOPE_KEY_OCT, TSCOPE_CURVE_NONE, 4}, /* so long that no other one is by chance the same */
    {"PBES2-HS512+A256KW", TSCOPE_KEY_OCT, TSCOPE_CURVE_NONE, 200},
    {"ECDH-ES", TSCOPE_KEY_EC, TSCOPE_CURVE_P256, 0},
    {"ECDH-ES", TSCOPE_KEY_EC, TSCOPE_CURVE_P384, 0},
    {"ECDH-ES", TSCOPE_KEY_EC, TSCOPE_CURVE_P521, 0},
    {"ECDH-ES", TSCOPE_KEY_OKP, TSCOPE_CURVE_X25519, 0},
    {"ECDH-ES", TSCOPE_KEY_OKP, TSCOPE_CURVE_X448, 0},
    {"ECDH-ES+A128KW", TSCOPE_KEY_EC, TSCOPE_CURVE_P256, 0},
    {"ECDH-ES+A192KW", TSCOPE_KEY_EC, TSCOPE_CURVE_P384, 0},
    {"ECDH-ES+A256KW", TSCOPE_KEY_EC, TSCOPE_CURVE_P521, 0},
    {"ECDH-ES+A128KW", TSCOPE_KEY_OKP, TSCOPE_CURVE_X25519, 0},
    {"ECDH-ES+A256KW", TSCOPE_KEY_OKP, TSCOPE_CURVE_X448, 0},
};

static const char *const enc_names[] = {"A128CBC-HS256", "A192CBC-HS384", "A256CBC-HS512", "A128GCM", "A192GCM", "A256GCM"};

#define PAIRS ((int)(TSCOPE_COUNT(rows) * TSCOPE_COUNT(enc_names)))

/* What a loop test needs of its row: a message and who can read it. */
struct setting {
    struct recipient_key key;
    tscope_private *private;
    struct message message;
};

static struct recipient_key
make_key(size_t row, const struct tscope_jwe_enc *enc, size_t number)
{
    switch (rows[row].type) {
    case TSCOPE_KEY_RSA:
        return rsa_keys[number];
    case TSCOPE_KEY_EC:
        return make_ec_key(rows[row].curve);
    case TSCOPE_KEY_OKP:
        return make_okp_key(rows[row].curve);
    case TSCOPE_KEY_OCT:
    case TSCOPE_KEY_UNKNOWN:
        break;
    }
    return make_oct_key(rows[row].secret_len ? rows[row].secret_len : enc->key_len);
}

static struct setting
set_up_as(int number, size_t plaintext_len, size_t key_number)
{
    size_t row = (size_t)number / TSCOPE_COUNT(enc_names);
    const struct tscope_jwe_enc *enc = jwe_enc_of(enc_names[(size_t)number % TSCOPE_COUNT(enc_names)]);
    struct setting setting = {.key = make_key(row, enc, key_number)};

    setting.private = good_private(crypto, &setting.key.numbers);
    make_message(&setting.message, &setting.key, jwe_alg_of(rows[row].alg), enc, plaintext_len);
    return setting;
}

static struct setting
set_up(int number, size_t plaintext_len)
{
    return set_up_as(number, plaintext_len, 0);
}

static void
tear_down(struct setting *setting)
{
    clear_message(&setting->message);
    tscope_private_free(setting->private);
    if (!setting->key.numbers.open.n.data)
        clear_key(&setting->key);
}

START_TEST(message_is_decrypted)
{
    static const size_t lens[] = {0, 1, 15, 16, 17, 100, 1000};

    for (size_t i = 0; i < TSCOPE_COUNT(lens); i++) {
        struct setting setting = set_up(_i, lens[i]);

        ck_assert(tscope_jwe_fits(setting.private, setting.message.recipient.alg, setting.message.recipient.enc));
        ck_assert(tscope_key_numbers_fit_jwe(&setting.key.numbers.open, setting.message.recipient.alg, setting.message.recipient.enc));
        ck_assert_int_eq(decrypt_message(setting.private, &setting.message), TSCOPE_JWE_DECRYPTED);
        tear_down(&setting);
    }
}
END_TEST

/* Every byte of a part, altered one by one, whichever bit. */
static void
flip_each(const struct setting *setting, struct tscope_span part)
{
    uint8_t *bytes = (uint8_t *)(uintptr_t)part.data;

    for (size_t i = 0; i < part.len; i++) {
        uint8_t bit = (uint8_t)(1 << (i % 8));
        enum tscope_jwe_result result;

        bytes[i] ^= bit;
        result = decrypt_message(setting->private, &setting->message);
        ck_assert_msg(result == TSCOPE_JWE_WRONG, "byte %zu of %zu: %d", i, part.len, (int)result);
        bytes[i] ^= bit;
    }
}

START_TEST(altered_byte_is_wrong)
{
    struct setting setting = set_up(_i, 20);
    const struct message *message = &setting.message;

    flip_each(&setting, message->content.iv);
    flip_each(&setting, message->content.ciphertext);
    flip_each(&setting, message->content.tag);
    flip_each(&setting, message->aad[0]);
    flip_each(&setting, message->aad[1]);
    if (message->recipient.alg->family != TSCOPE_JWE_RSA15 && message->recipient.alg->family != TSCOPE_JWE_RSA_OAEP)
        flip_each(&setting, message->recipient.encrypted_key);
    if (message->recipient.alg->family == TSCOPE_JWE_GCMKW) {
        flip_each(&setting, message->recipient.iv);
        flip_each(&setting, message->recipient.tag);
    }
    if (message->recipient.alg->family == TSCOPE_JWE_PBES2)
        flip_each(&setting, message->recipient.p2s);
    if (message->recipient.alg->family == TSCOPE_JWE_ECDH) {
        flip_each(&setting, message->recipient.apu);
        flip_each(&setting, message->recipient.apv);
    }
    ck_assert_int_eq(decrypt_message(setting.private, message), TSCOPE_JWE_DECRYPTED);
    tear_down(&setting);
}
END_TEST

START_TEST(altered_rsa_block_is_wrong)
{
    struct setting setting = set_up(_i, 20);

    flip_each(&setting, setting.message.recipient.encrypted_key);
    tear_down(&setting);
}
END_TEST

/* One byte less, one more, none at all. */
static void
stretch(const struct setting *setting, struct tscope_span *part, bool is_exact, enum tscope_jwe_result expected)
{
    struct tscope_span whole = *part;

    for (size_t len = 0; len <= whole.len + 17; len++) {
        uint8_t *bytes = calloc(1, len + 1);
        enum tscope_jwe_result result;

        if (len == whole.len || (!is_exact && len % 16)) {
            free(bytes);
            continue;
        }
        memcpy(bytes, whole.data, len < whole.len ? len : whole.len);
        *part = exact_span(bytes, len);
        free(bytes);
        result = decrypt_message(setting->private, &setting->message);
        ck_assert_msg(result == (is_exact || !len ? expected : TSCOPE_JWE_WRONG), "%zu for %zu: %d", len, whole.len, (int)result);
        free_span(*part);
    }
    *part = whole;
}

START_TEST(other_length_is_never_tried)
{
    struct setting setting = set_up(_i, 20);
    struct message *message = &setting.message;
    struct tscope_span nothing = {NULL, 0}, one = exact_span("x", 1);

    stretch(&setting, &message->content.iv, true, TSCOPE_JWE_LENGTH);
    stretch(&setting, &message->content.tag, true, TSCOPE_JWE_LENGTH);
    if (message->content.enc->digest != TSCOPE_DIGEST_NONE)
        stretch(&setting, &message->content.ciphertext, false, TSCOPE_JWE_LENGTH);
    if (message->recipient.encrypted_key.len) {
        stretch(&setting, &message->recipient.encrypted_key, true, TSCOPE_JWE_LENGTH);
    } else {
        message->recipient.encrypted_key = one;
        ck_assert_int_eq(decrypt_message(setting.private, message), TSCOPE_JWE_LENGTH);
        message->recipient.encrypted_key = nothing;
    }
    if (message->recipient.alg->family == TSCOPE_JWE_GCMKW) {
        stretch(&setting, &message->recipient.iv, true, TSCOPE_JWE_LENGTH);
        stretch(&setting, &message->recipient.tag, true, TSCOPE_JWE_LENGTH);
    }
    ck_assert_int_eq(decrypt_message(setting.private, message), TSCOPE_JWE_DECRYPTED);
    free_span(one);
    tear_down(&setting);
}
END_TEST

START_TEST(other_key_of_the_kind_is_wrong)
{
    struct setting setting = set_up(_i, 20), other = set_up_as(_i, 1, 1);

    ck_assert_int_eq(decrypt_message(other.private, &setting.message), TSCOPE_JWE_WRONG);
    tear_down(&setting);
    tear_down(&other);
}
END_TEST

/* The same algorithm name with another size, curve or type of key is never tried. */
START_TEST(key_of_another_kind_is_unfit)
{
    struct setting setting = set_up(_i, 20);
    struct recipient_key keys[] = {make_ec_key(TSCOPE_CURVE_P256),
                                   make_ec_key(TSCOPE_CURVE_P384),
                                   make_ec_key(TSCOPE_CURVE_SECP256K1),
                                   make_okp_key(TSCOPE_CURVE_X25519),
                                   make_okp_key(TSCOPE_CURVE_X448),
                                   make_okp_key(TSCOPE_CURVE_ED25519),
                                   make_oct_key(15),
                                   make_oct_key(16),
                                   make_oct_key(17),
                                   make_oct_key(24),
                                   make_oct_key(32),
                                   make_oct_key(33),
                                   make_oct_key(48),
                                   make_oct_key(64),
                                   make_oct_key(65)};
    const struct tscope_jwe_recipient *recipient = &setting.message.recipient;

    for (size_t i = 0; i < TSCOPE_COUNT(keys); i++) {
        tscope_private *private = good_private(crypto, &keys[i].numbers);
        bool same_kind = keys[i].numbers.open.type == setting.key.numbers.open.type &&
                         keys[i].numbers.open.curve == setting.key.numbers.open.curve &&
                         (recipient->alg->family == TSCOPE_JWE_PBES2 || keys[i].numbers.open.k.len == setting.key.numbers.open.k.len);

        ck_assert_int_eq(decrypt_message(private, &setting.message), same_kind ? TSCOPE_JWE_WRONG : TSCOPE_JWE_UNFIT);
        tscope_private_free(private);
        clear_key(&keys[i]);
    }
    tear_down(&setting);
}
END_TEST

START_TEST(memory_failure_is_no_answer)
{
    struct setting setting = set_up(_i, 20);
    uint8_t out[TSCOPE_JWE_OUT(64)];
    enum tscope_status status = TSCOPE_ERR_NO_MEMORY;
    unsigned long n;

    for (n = 1; status != TSCOPE_OK; n++) {
        enum tscope_jwe_result result;
        struct tscope_error err = {0};
        size_t len;

        ck_assert_uint_lt(n, 50);
        tscope_alloc_fail_from(n);
        status = tscope_jwe_decrypt(setting.private, &setting.message.recipient, &setting.message.content, out, &len, &result, &err);
        tscope_alloc_fail_from(0);
        ck_assert(status == TSCOPE_OK || (status == TSCOPE_ERR_NO_MEMORY && err.status == status));
        if (status == TSCOPE_OK)
            ck_assert_int_eq(result, TSCOPE_JWE_DECRYPTED);
    }
    tear_down(&setting);
}
END_TEST

/* What comes in of one name's content encryption never opens under another's. */
START_TEST(recipient_and_content_of_two_encryptions_are_unfit)
{
    struct setting setting = set_up(_i, 20);

    setting.message.content.enc = jwe_enc_of(setting.message.recipient.enc->key_len == 32 ? "A128GCM" : "A256GCM");
    ck_assert_int_eq(decrypt_message(setting.private, &setting.message), TSCOPE_JWE_UNFIT);
    tear_down(&setting);
}
END_TEST

START_TEST(name_is_found_in_its_exact_case_alone)
{
    static const char *const strange[] = {"",     "rsa-oaep", "RSA-OAEP ", "RSA-OAEP-1", "RSA-OAEP-224", "DIR",        "A128kw",
                                          "A128", "ECDH-1PU", "ECDH-ES+",  "none",       "RS256",        "A128GCMKW2", "ECDH-ES+A128GCMKW"};

    for (size_t i = 0; i < TSCOPE_COUNT(strange); i++) {
        ck_assert_ptr_null(tscope_jwe_alg_find(tscope_span_text(strange[i])));
        ck_assert_ptr_null(tscope_jwe_enc_find(tscope_span_text(strange[i])));
        ck_assert(!tscope_alg_is_jwe(tscope_span_text(strange[i])));
    }
    for (size_t i = 0; tscope_jwe_alg_at(i); i++) {
        ck_assert_ptr_eq(tscope_jwe_alg_find(tscope_span_text(tscope_jwe_alg_at(i)->name)), tscope_jwe_alg_at(i));
        ck_assert(tscope_alg_is_jwe(tscope_span_text(tscope_jwe_alg_at(i)->name)));
        ck_assert_ptr_null(tscope_jwe_enc_find(tscope_span_text(tscope_jwe_alg_at(i)->name)));
    }
    for (size_t i = 0; tscope_jwe_enc_at(i); i++) {
        ck_assert_ptr_eq(tscope_jwe_enc_find(tscope_span_text(tscope_jwe_enc_at(i)->name)), tscope_jwe_enc_at(i));
        ck_assert_uint_le(tscope_jwe_enc_at(i)->key_len, TSCOPE_JWE_KEY_MAX);
    }
    ck_assert_ptr_null(tscope_jwe_alg_at(19));
    ck_assert_ptr_nonnull(tscope_jwe_alg_at(18));
    ck_assert_ptr_nonnull(tscope_jwe_enc_at(5));
    ck_assert_ptr_null(tscope_jwe_enc_at(6));
}
END_TEST

static void
open_shared(void)
{
    crypto = open_crypto();
    rsa_keys[0] = make_rsa_key(2048);
    rsa_keys[1] = make_rsa_key(2048);
}

static void
close_shared(void)
{
    tscope_crypto_free(crypto);
    clear_key(&rsa_keys[0]);
    clear_key(&rsa_keys[1]);
}

static Suite *
make_suite(void)
{
    Suite *suite = suite_create("jwe");
    TCase *tcase = tcase_create("jwe");

    tcase_add_unchecked_fixture(tcase, open_shared, close_shared);
    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, message_is_decrypted, 0, PAIRS);
    tcase_add_loop_test(tcase, altered_byte_is_wrong, 0, PAIRS);
    tcase_add_loop_test(tcase, altered_rsa_block_is_wrong, 0, 1);
    tcase_add_loop_test(tcase, altered_rsa_block_is_wrong, 9, 10);
    tcase_add_loop_test(tcase, other_length_is_never_tried, 0, PAIRS);
    tcase_add_loop_test(tcase, other_key_of_the_kind_is_wrong, 0, PAIRS);
    tcase_add_loop_test(tcase, key_of_another_kind_is_unfit, 0, PAIRS);
    tcase_add_loop_test(tcase, memory_failure_is_no_answer, 0, PAIRS);
    tcase_add_loop_test(tcase, recipient_and_content_of_two_encryptions_are_unfit, 0, PAIRS);
    tcase_add_test(tcase, name_is_found_in_its_exact_case_alone);
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
