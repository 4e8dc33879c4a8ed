/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/rsa_lax.h"

#include "crypto/internal.h"
#include "crypto_testing.h"
#include "keys_testing.h"

/* Blocks that a careless check takes for signed, each made with the private key itself, and such as nobody would take. */

static const char text[] = "eyJhbGciOiJSUzI1NiJ9.e30";
static const struct tscope_span message = {(const uint8_t *)text, sizeof(text) - 1};

static tscope_crypto *crypto;
static tscope_verifier *verifier;
static struct pair rsa;
static tscope_pkey *pkey;

static void
set_up(void)
{
    crypto = open_crypto();
    ck_assert_int_eq(tscope_verifier_new(crypto, &verifier, NULL), TSCOPE_OK);
    rsa = make_rsa_pair(2048);
    pkey = good_pkey(crypto, &rsa.numbers);
}

static void
tear_down(void)
{
    tscope_pkey_free(pkey);
    clear_pair(&rsa);
    tscope_verifier_free(verifier);
    tscope_crypto_free(crypto);
}

/* The block as it is, with the private key alone. */
static struct tscope_span
sign_block(EVP_PKEY *evp, const uint8_t *block, size_t len)
{
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(evp, NULL);
    uint8_t signature[2048];
    size_t signature_len = sizeof(signature);

    ck_assert_int_eq(EVP_PKEY_sign_init(context), 1);
    ck_assert_int_eq(EVP_PKEY_CTX_set_rsa_padding(context, RSA_NO_PADDING), 1);
    ck_assert_int_eq(EVP_PKEY_sign(context, signature, &signature_len, block, len), 1);
    EVP_PKEY_CTX_free(context);
    return exact_span(signature, signature_len);
}

static struct tscope_rsa_lax
look(tscope_pkey *key, const struct tscope_alg *alg, struct tscope_span signature)
{
    struct tscope_rsa_lax lax = {.kind = (enum tscope_rsa_lax_kind) - 1};

    ck_assert_int_eq(tscope_rsa_lax_check(verifier, key, alg, &message, 1, signature, &lax, NULL), TSCOPE_OK);
    return lax;
}

/* The DER that stands before a digest, with NULL; behind the identifier's last byte come 05 00 04 and the length. */
static const uint8_t identifier[] = {0x30, 0, 0x30, 13, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 0, 5, 0, 4, 0};

static uint8_t
last_arc(enum tscope_digest digest)
{
    return digest == TSCOPE_DIGEST_SHA256 ? 1 : digest == TSCOPE_DIGEST_SHA384 ? 2 : 3;
}

static size_t
put_identifier(uint8_t *at, enum tscope_digest digest, bool with_null)
{
    uint8_t len = (uint8_t)tscope_digest_len(digest);

    memcpy(at, identifier, sizeof(identifier));
    at[1] = (uint8_t)(17 + len);
    at[14] = last_arc(digest);
    at[18] = len;
    if (with_null)
        return sizeof(identifier);
    at[1] = (uint8_t)(15 + len);
    at[3] = 11;
    at[15] = 4;
    at[16] = len;
    return sizeof(identifier) - 2;
}

enum shape {
    SHAPE_RIGHT,
    SHAPE_NO_NULL,
    SHAPE_NO_NULL_ODD_PADDING, /* a byte of it is not ff */
    SHAPE_NO_NULL_NO_END,      /* no zero behind the padding */
    SHAPE_NO_IDENTIFIER,
    SHAPE_TYPE_2,
    SHAPE_FIRST_BYTE,
    SHAPE_ODD_PADDING,
    SHAPE_SHORT_PADDING, /* seven bytes, and anything up to the digest */
    SHAPE_BEHIND,        /* eight bytes of padding, the digest, and anything */
    SHAPE_BEHIND_ONE,
    SHAPE_OTHER_DIGEST,
    SHAPE_NO_DIGEST,
};

static void
make_block(uint8_t *block, size_t len, enum tscope_digest kind, enum shape shape)
{
    uint8_t tail[19 + 64];
    bool with_null = shape < SHAPE_NO_NULL || shape > SHAPE_NO_NULL_NO_END;
    size_t tail_len = shape == SHAPE_NO_IDENTIFIER ? 0 : put_identifier(tail, kind, with_null);
    size_t behind = shape == SHAPE_BEHIND_ONE ? 1 : 0, at;

    ck_assert_int_eq(tscope_verifier_digest(verifier, kind, &message, 1, tail + tail_len, NULL), TSCOPE_OK);
    tail_len += tscope_digest_len(kind);
    if (shape == SHAPE_OTHER_DIGEST)
        tail[tail_len - 1] ^= 1;
    at = len - tail_len - behind;
    if (shape == SHAPE_BEHIND)
        at = 11;
    memset(block, 0xa5, len);
    memset(block, 0xff, at);
    block[0] = 0;
    block[1] = 1;
    block[at - 1] = 0;
    memcpy(block + at, tail, tail_len);
    if (shape == SHAPE_TYPE_2)
        block[1] = 2;
    if (shape == SHAPE_FIRST_BYTE)
        block[0] = 1;
    if (shape == SHAPE_ODD_PADDING || shape == SHAPE_NO_NULL_ODD_PADDING)
        block[at / 2] = 0xfe;
    if (shape == SHAPE_NO_NULL_NO_END)
        block[at - 1] = 0xff;
    if (shape == SHAPE_SHORT_PADDING) {
        memset(block + 9, 0x5a, at - 9);
        block[9] = 0;
    }
    if (shape == SHAPE_NO_DIGEST)
        memset(block + at, 0x3c, tail_len);
}

static const struct {
    enum shape shape;
    enum tscope_rsa_lax_kind kind;
} shapes[] = {
    {SHAPE_NO_NULL, TSCOPE_RSA_LAX_NULL},           {SHAPE_NO_NULL_ODD_PADDING, TSCOPE_RSA_LAX_PADDING},
    {SHAPE_NO_NULL_NO_END, TSCOPE_RSA_LAX_PADDING}, {SHAPE_NO_IDENTIFIER, TSCOPE_RSA_LAX_PADDING},
    {SHAPE_TYPE_2, TSCOPE_RSA_LAX_PADDING},         {SHAPE_FIRST_BYTE, TSCOPE_RSA_LAX_PADDING},
    {SHAPE_ODD_PADDING, TSCOPE_RSA_LAX_PADDING},    {SHAPE_SHORT_PADDING, TSCOPE_RSA_LAX_PADDING},
    {SHAPE_BEHIND, TSCOPE_RSA_LAX_BEHIND},          {SHAPE_BEHIND_ONE, TSCOPE_RSA_LAX_BEHIND},
    {SHAPE_OTHER_DIGEST, TSCOPE_RSA_LAX_NONE},      {SHAPE_NO_DIGEST, TSCOPE_RSA_LAX_NONE},
};

static const char *const pkcs1[] = {"RS256", "RS384", "RS512"};
static const char *const pss[] = {"PS256", "PS384", "PS512"};

START_TEST(careless_blocks_are_told_apart)
{
    const struct tscope_alg *alg = alg_of(pkcs1[_i]);
    size_t digest_len = tscope_digest_len(alg->digest);

    for (size_t i = 0; i < TSCOPE_COUNT(shapes); i++) {
        struct tscope_span signature;
        struct tscope_rsa_lax lax;
        uint8_t block[256];

        make_block(block, sizeof(block), alg->digest, shapes[i].shape);
        signature = sign_block(rsa.evp, block, sizeof(block));
        ck_assert_int_eq(check_signature(verifier, pkey, alg, message, signature), TSCOPE_VERIFY_FAILED);
        lax = look(pkey, alg, signature);
        ck_assert_msg(lax.kind == shapes[i].kind, "%s, shape %d: %d", alg->name, shapes[i].shape, lax.kind);
        if (shapes[i].shape == SHAPE_BEHIND)
            ck_assert_uint_eq(lax.behind, 256 - 11 - 19 - digest_len);
        if (shapes[i].shape == SHAPE_BEHIND_ONE)
            ck_assert_uint_eq(lax.behind, 1);
        free_span(signature);
    }
}
END_TEST

/* The digest of another algorithm in a block that is right for that one. */
START_TEST(digest_of_another_algorithm_is_nothing)
{
    const struct tscope_alg *alg = alg_of(pkcs1[_i]), *other = alg_of(pkcs1[(_i + 1) % 3]);
    struct tscope_span signature = sign(&rsa, other, message);

    ck_assert_int_eq(look(pkey, alg, signature).kind, TSCOPE_RSA_LAX_NONE);
    free_span(signature);
}
END_TEST

/* No key signs with a digest that does not fit in with its NULL and eight bytes of padding: 11 + 19 + 48 bytes with SHA-384. */
static const struct {
    unsigned bits;
    enum tscope_rsa_lax_kind kind;
} moduli[] = {{616, TSCOPE_RSA_LAX_NONE}, {624, TSCOPE_RSA_LAX_NULL}, {632, TSCOPE_RSA_LAX_NULL}};

START_TEST(short_modulus_leaves_room_for_padding_or_not)
{
    const struct tscope_alg *alg = alg_of("RS384");
    struct pair small = make_rsa_pair(moduli[_i].bits);
    tscope_pkey *key = good_pkey(crypto, &small.numbers);
    size_t len = moduli[_i].bits / 8;
    struct tscope_span signature;
    uint8_t block[79];

    make_block(block, len, alg->digest, SHAPE_NO_NULL);
    signature = sign_block(small.evp, block, len);
    ck_assert_int_eq(look(key, alg, signature).kind, moduli[_i].kind);
    free_span(signature);
    tscope_pkey_free(key);
    clear_pair(&small);
}
END_TEST

START_TEST(salts_of_other_lengths_are_measured)
{
    const struct tscope_alg *alg = alg_of(pss[_i]);
    int hash = (int)tscope_digest_len(alg->digest), longest = 256 - hash - 2;
    const int salts[] = {0, 1, hash - 1, hash + 1, longest - 1, longest};

    for (size_t i = 0; i < TSCOPE_COUNT(salts); i++) {
        struct pss_oddity oddity = {.salt_given = true, .salt_len = salts[i]};
        struct tscope_span signature = sign_pkey(rsa.evp, alg, message, &oddity);
        struct tscope_rsa_lax lax;

        ck_assert_int_eq(check_signature(verifier, pkey, alg, message, signature), TSCOPE_VERIFY_FAILED);
        lax = look(pkey, alg, signature);
        ck_assert_int_eq(lax.kind, TSCOPE_RSA_LAX_SALT);
        ck_assert_uint_eq(lax.salt_len, (size_t)salts[i]);
        free_span(signature);
    }
}
END_TEST

START_TEST(pss_of_other_functions_or_text_is_nothing)
{
    const struct tscope_alg *alg = alg_of(pss[_i]), *other = alg_of(pss[(_i + 1) % 3]);
    struct pss_oddity oddity = {.mgf_digest = "SHA1"};
    struct tscope_span signatures[] = {sign_pkey(rsa.evp, alg, message, &oddity), sign(&rsa, other, message),
                                       sign(&rsa, alg, TSCOPE_SPAN("another text")), sign(&rsa, alg_of(pkcs1[_i]), message)};

    for (size_t i = 0; i < TSCOPE_COUNT(signatures); i++) {
        ck_assert_int_eq(look(pkey, alg, signatures[i]).kind, TSCOPE_RSA_LAX_NONE);
        free_span(signatures[i]);
    }
}
END_TEST

/* Lengths around the modulus', a number above it, and keys of another type. */
START_TEST(what_can_be_no_signature_is_nothing)
{
    const struct tscope_alg *alg = alg_of(_i ? "PS256" : "RS256");
    struct pair ec = make_ec_pair(TSCOPE_CURVE_P256);
    tscope_pkey *other = good_pkey(crypto, &ec.numbers);
    uint8_t bytes[257];

    memset(bytes, 0xff, sizeof(bytes));
    for (size_t len = 255; len <= 257; len++)
        ck_assert_int_eq(look(pkey, alg, tscope_span_of(bytes, len)).kind, TSCOPE_RSA_LAX_NONE);
    ck_assert_int_eq(look(pkey, alg, tscope_span_of(bytes, 0)).kind, TSCOPE_RSA_LAX_NONE);
    ck_assert_int_eq(look(other, alg, tscope_span_of(bytes, 64)).kind, TSCOPE_RSA_LAX_NONE);
    ck_assert_int_eq(look(other, alg_of("ES256"), tscope_span_of(bytes, 64)).kind, TSCOPE_RSA_LAX_NONE);
    ck_assert_int_eq(look(pkey, alg_of("ES256"), tscope_span_of(bytes, 256)).kind, TSCOPE_RSA_LAX_NONE);
    tscope_pkey_free(other);
    clear_pair(&ec);
}
END_TEST

/* The encoding of RFC 8017 section 9.2, and the shortest block it fits into. */
START_TEST(block_is_encoded_where_it_fits)
{
    const struct tscope_alg *alg = alg_of(pkcs1[_i]);
    size_t digest_len = tscope_digest_len(alg->digest), least = 3 + 8 + 19 + digest_len;
    uint8_t digest[64], block[256], expected[256];

    ck_assert_int_eq(tscope_verifier_digest(verifier, alg->digest, &message, 1, digest, NULL), TSCOPE_OK);
    for (size_t len = least - 1; len <= least + 1; len++) {
        bool fits = tscope_rsa_encode_digest(alg->digest, tscope_span_of(digest, digest_len), block, len);

        ck_assert_int_eq(fits, len >= least);
        if (!fits)
            continue;
        make_block(expected, len, alg->digest, SHAPE_RIGHT);
        ck_assert_mem_eq(block, expected, len);
    }
    ck_assert(!tscope_rsa_encode_digest(alg->digest, tscope_span_of(digest, digest_len - 1), block, sizeof(block)));
    ck_assert(!tscope_rsa_encode_digest(TSCOPE_DIGEST_SHA1, tscope_span_of(digest, 20), block, sizeof(block)));
}
END_TEST

/* The encoded block, signed as it is, is what an honest signer makes. */
START_TEST(encoded_block_verifies)
{
    const struct tscope_alg *alg = alg_of(pkcs1[_i]);
    struct tscope_span signature;
    uint8_t block[256];

    make_block(block, sizeof(block), alg->digest, SHAPE_RIGHT);
    signature = sign_block(rsa.evp, block, sizeof(block));
    ck_assert_int_eq(check_signature(verifier, pkey, alg, message, signature), TSCOPE_VERIFY_OK);
    free_span(signature);
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("rsa_lax");
    TCase *lax = tcase_create("lax");

    tcase_set_timeout(lax, 60); /* the key is made once */
    tcase_add_unchecked_fixture(lax, set_up, tear_down);
    tcase_add_loop_test(lax, careless_blocks_are_told_apart, 0, TSCOPE_COUNT(pkcs1));
    tcase_add_loop_test(lax, digest_of_another_algorithm_is_nothing, 0, TSCOPE_COUNT(pkcs1));
    tcase_add_loop_test(lax, short_modulus_leaves_room_for_padding_or_not, 0, TSCOPE_COUNT(moduli));
    tcase_add_loop_test(lax, salts_of_other_lengths_are_measured, 0, TSCOPE_COUNT(pss));
    tcase_add_loop_test(lax, pss_of_other_functions_or_text_is_nothing, 0, TSCOPE_COUNT(pss));
    tcase_add_loop_test(lax, what_can_be_no_signature_is_nothing, 0, 2);
    tcase_add_loop_test(lax, block_is_encoded_where_it_fits, 0, TSCOPE_COUNT(pkcs1));
    tcase_add_loop_test(lax, encoded_block_verifies, 0, TSCOPE_COUNT(pkcs1));
    suite_add_tcase(suite, lax);
    return run_suite(suite);
}
