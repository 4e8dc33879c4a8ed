/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/recover.h"

#include "core/error.h"
#include "crypto/gmp_load.h"
#include "crypto/internal.h"

/*
 * s^e - EM has e times the bits of the modulus: 16 MB for 2048 bits and 65537. Euclid's algorithm by halves makes of that a common divisor
 * in time that is almost linear, which libcrypto's does not.
 */

#define STEPS 3
#define SMALL_PRIME_MAX 131072u /* a common divisor beyond it, by chance, comes once in a million pairs */
#define COFACTOR_BITS_MAX 4096  /* more in common is no accident: two signatures of one number, or the number 0 */
#define MEMORY_FACTOR 12        /* what GMP takes for the divisor, in sizes of one number, with room to spare */

bool
tscope_recover_rsa_is_built(void)
{
    struct tscope_gmp gmp;
    void *library = tscope_gmp_load(&gmp);

    tscope_optional_close(library);
    return library != NULL;
}

/* EMSA-PKCS1-v1_5 (RFC 8017 section 9.2). */
static bool
import_message(const struct tscope_gmp *gmp, mpz_t message, const struct tscope_signed *signature)
{
    uint8_t block[TSCOPE_RECOVER_MODULUS_MAX];

    if (!tscope_rsa_encode_digest(signature->alg->digest, signature->digest, block, signature->signature.len))
        return false;
    gmp->mpz_import(message, signature->signature.len, 1, 1, 1, 0, block);
    return true;
}

static void
import_signature(const struct tscope_gmp *gmp, mpz_t number, const struct tscope_signed *signature)
{
    gmp->mpz_import(number, signature->signature.len, 1, 1, 1, 0, signature->signature.data);
}

static bool
raise_fully(const struct tscope_gmp *gmp, mpz_t multiple, mpz_t message, const struct tscope_signed *signature, unsigned exponent)
{
    if (!import_message(gmp, message, signature))
        return false;
    import_signature(gmp, multiple, signature);
    gmp->mpz_pow_ui(multiple, multiple, exponent);
    gmp->mpz_sub(multiple, multiple, message);
    return true;
}

/* The primes that two random multiples of the modulus have in common, besides. */
static void
take_out_small(const struct tscope_gmp *gmp, mpz_t number)
{
    mpz_t prime;

    gmp->mpz_init_set_ui(prime, 2);
    while (gmp->_mpz_cmp_ui(number, 1) > 0 && gmp->_mpz_cmp_ui(prime, SMALL_PRIME_MAX) < 0) {
        if (gmp->mpz_divisible_ui_p(number, gmp->mpz_get_ui(prime)))
            gmp->mpz_remove(number, number, prime);
        gmp->mpz_add_ui(prime, prime, gmp->_mpz_cmp_ui(prime, 2) == 0 ? 1 : 2);
    }
    gmp->mpz_clear(prime);
}

static size_t
bytes_of(const struct tscope_gmp *gmp, const mpz_t number)
{
    return (gmp->mpz_sizeinbase(number, 2) + 7) / 8;
}

/* Of each other signature it is enough to know the power modulo what the modulus divides. One of another key shares nothing of its size. */
static void
refine(const struct tscope_gmp *gmp, mpz_t modulus, const struct tscope_signed *signatures, size_t signatures_len, unsigned exponent)
{
    mpz_t power, message;

    gmp->mpz_inits(power, message, NULL);
    for (size_t i = 0; i < signatures_len && bytes_of(gmp, modulus) > signatures->signature.len; i++) {
        if (!import_message(gmp, message, &signatures[i]))
            continue;
        import_signature(gmp, power, &signatures[i]);
        gmp->mpz_powm_ui(power, power, exponent, modulus);
        gmp->mpz_sub(power, power, message);
        gmp->mpz_gcd(power, power, modulus);
        if (bytes_of(gmp, power) >= signatures->signature.len)
            gmp->mpz_set(modulus, power);
    }
    gmp->mpz_clears(power, message, NULL);
}

static bool
goes_on(const struct tscope_recover_watch *watch, size_t step)
{
    return !watch || watch->goes_on(watch->user, step, STEPS);
}

/* False when the work was ended. */
static bool
find_divisor(const struct tscope_gmp *gmp, const struct tscope_signed *signatures, unsigned exponent,
             const struct tscope_recover_watch *watch, mpz_t divisor)
{
    mpz_t other, message;
    bool done;

    gmp->mpz_inits(other, message, NULL);
    done = goes_on(watch, 0) && raise_fully(gmp, divisor, message, &signatures[0], exponent) && goes_on(watch, 1) &&
           raise_fully(gmp, other, message, &signatures[1], exponent) && goes_on(watch, 2);
    if (done)
        gmp->mpz_gcd(divisor, divisor, other);
    gmp->mpz_clears(other, message, NULL);
    return done;
}

static void
recover(const struct tscope_gmp *gmp, const struct tscope_signed *signatures, size_t signatures_len, unsigned exponent,
        const struct tscope_recover_watch *watch, struct tscope_recover_modulus *modulus)
{
    size_t len = signatures->signature.len;
    mpz_t divisor;

    gmp->mpz_init(divisor);
    if (find_divisor(gmp, signatures, exponent, watch, divisor) && gmp->mpz_sizeinbase(divisor, 2) <= len * 8 + COFACTOR_BITS_MAX) {
        take_out_small(gmp, divisor);
        refine(gmp, divisor, signatures + 2, signatures_len - 2, exponent);
        if (bytes_of(gmp, divisor) == len)
            gmp->mpz_export(modulus->n, &modulus->n_len, 1, 1, 1, 0, divisor);
    }
    gmp->mpz_clear(divisor);
}

static bool
is_acceptable(const struct tscope_signed *signatures, size_t signatures_len, unsigned exponent)
{
    if (signatures_len < 2 || exponent < 3 || exponent % 2 == 0 || signatures->signature.len == 0)
        return false;
    for (size_t i = 0; i < signatures_len; i++) {
        if (signatures[i].alg->family != TSCOPE_ALG_RSA_PKCS1 || signatures[i].signature.len != signatures->signature.len ||
            signatures[i].digest.len != tscope_digest_len(signatures[i].alg->digest))
            return false;
    }
    return memcmp(signatures[0].signature.data, signatures[1].signature.data, signatures->signature.len) != 0;
}

enum tscope_status
tscope_recover_rsa(const struct tscope_signed *signatures, size_t signatures_len, unsigned exponent,
                   const struct tscope_recover_watch *watch, struct tscope_recover_modulus *ret_modulus, struct tscope_error *err)
{
    struct tscope_gmp gmp;
    size_t number_len;
    void *room, *library;

    ret_modulus->n_len = 0;
    if (!is_acceptable(signatures, signatures_len, exponent))
        return tscope_error_set(err, TSCOPE_ERR_ARGUMENT, TSCOPE_OFFSET_NONE, "no two RSA signatures of one length");
    if (signatures->signature.len > TSCOPE_RECOVER_MODULUS_MAX || signatures->signature.len > TSCOPE_RECOVER_NUMBER_MAX / exponent)
        return tscope_error_set(err, TSCOPE_ERR_TOO_LARGE, TSCOPE_OFFSET_NONE, "an RSA modulus of %zu bits with the exponent %u",
                                signatures->signature.len * 8, exponent);
    number_len = signatures->signature.len * exponent;
    /* GMP ends the program when memory runs out: whether there is enough is found out before it begins */
    room = tscope_alloc(number_len * MEMORY_FACTOR);
    if (!room)
        return tscope_error_no_memory(err);
    tscope_free(room);
    library = tscope_gmp_load(&gmp);
    if (!library)
        return tscope_error_set(err, TSCOPE_ERR_UNSUPPORTED, TSCOPE_OFFSET_NONE, "GMP is not installed");
    recover(&gmp, signatures, signatures_len, exponent, watch, ret_modulus);
    tscope_optional_close(library);
    return TSCOPE_OK;
}
