/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/key_judge.h"

#include "core/alloc.h"
#include "keys/ring.h"

/* Packed into one number, so that threads share it without a lock: a bit that says it is there, two bits a kind, weakness and factor. */
#define JUDGED (UINT64_C(1) << 63)
#define WEAKNESS_SHIFT 32
#define FACTOR_SHIFT 40

_Static_assert(2 * TSCOPE_FAULT_COUNT <= WEAKNESS_SHIFT, "two bits a kind");

#define KID_SHARERS_MAX 64 /* a kid stands on as many keys as its author likes */

static uint64_t
pack(const struct tscope_key_judgement *judgement)
{
    uint64_t packed = JUDGED | (uint64_t)judgement->weakness << WEAKNESS_SHIFT | (uint64_t)judgement->factor << FACTOR_SHIFT;

    for (unsigned kind = 0; kind < TSCOPE_FAULT_COUNT; kind++) {
        if (judgement->found[kind])
            packed |= (uint64_t)(1 + judgement->weights[kind]) << (2 * kind);
    }
    return packed;
}

static void
unpack(uint64_t packed, struct tscope_key_judgement *ret_judgement)
{
    *ret_judgement = (struct tscope_key_judgement){
        .weakness = (enum tscope_rsa_weakness)(packed >> WEAKNESS_SHIFT & 0xff),
        .factor = (unsigned)(packed >> FACTOR_SHIFT & 0xffff),
    };
    for (unsigned kind = 0; kind < TSCOPE_FAULT_COUNT; kind++) {
        unsigned bits = (unsigned)(packed >> (2 * kind) & 3);

        ret_judgement->found[kind] = bits > 0;
        ret_judgement->weights[kind] = bits ? (enum tscope_key_fault_weight)(bits - 1) : TSCOPE_FAULT_FULL;
    }
}

static void
find(struct tscope_key_judgement *judgement, enum tscope_key_fault_kind kind, enum tscope_key_fault_weight weight)
{
    if (judgement->found[kind] && judgement->weights[kind] <= weight)
        return;
    judgement->found[kind] = true;
    judgement->weights[kind] = weight;
}

/* ---- numbers */

static bool
is_given_rsa(const tscope_key *key)
{
    return !key->history && key->numbers.type == TSCOPE_KEY_RSA && tscope_key_number_strip(key->numbers.n).len > 1;
}

/* The key's modulus, then the different ones of the others given; 0 when there are more than are compared. */
static size_t
collect(const tscope_keyring *keyring, const tscope_key *key, struct tscope_span *moduli)
{
    struct tscope_span own = tscope_key_number_strip(key->numbers.n);
    size_t len = 0;

    moduli[len++] = own;
    for (uint32_t i = 0; i < keyring->keys_len; i++) {
        struct tscope_span other = tscope_key_number_strip(keyring->keys[i].numbers.n);

        if (!is_given_rsa(&keyring->keys[i]) || other.len > 2048 || tscope_span_equal(own, other))
            continue;
        if (len > TSCOPE_KEY_COMPARED_MAX)
            return 0;
        moduli[len++] = other;
    }
    return len;
}

static enum tscope_status
judge_shared(const tscope_keyring *keyring, const tscope_key *key, struct tscope_key_judgement *judgement, struct tscope_error *err)
{
    struct tscope_span moduli[TSCOPE_KEY_COMPARED_MAX + 1];
    bool shares = false;
    enum tscope_status status;

    if (!is_given_rsa(key) || key->numbers.n.len > 2048)
        return TSCOPE_OK;
    status = tscope_rsa_shares_prime(moduli, collect(keyring, key, moduli), &shares, err);
    if (status == TSCOPE_OK && shares)
        find(judgement, TSCOPE_FAULT_RSA_WEAK, TSCOPE_FAULT_FULL);
    return status;
}

/* The exponent as tscope_key_faults_find() judges it, but that a token is not held against a key that verifies nothing. */
static void
judge_exponent(struct tscope_span e, struct tscope_key_judgement *judgement)
{
    uint64_t value = 0;

    for (size_t i = 0; i < e.len && e.len <= 8; i++)
        value = value << 8 | e.data[i];
    if (e.len > 8 || value < 65537 || value % 2 == 0 || value > UINT32_MAX)
        find(judgement, TSCOPE_FAULT_RSA_EXP, TSCOPE_FAULT_LESS);
}

/* Moduli under 1024 bits have been factored in public, larger ones have not. */
static enum tscope_status
judge_rsa(const tscope_keyring *keyring, const tscope_key *key, struct tscope_key_judgement *judgement, struct tscope_error *err)
{
    TSCOPE_AUTO(tscope_rsa_judge) *judge = NULL;
    size_t bits = tscope_key_bits(key);
    enum tscope_status status;

    if (!key->numbers.n.data || !key->numbers.e.data)
        return TSCOPE_OK;
    judge_exponent(tscope_key_number_strip(key->numbers.e), judgement);
    if (bits < 2048)
        find(judgement, TSCOPE_FAULT_RSA_SMALL, bits < 1024 ? TSCOPE_FAULT_FULL : TSCOPE_FAULT_LESS);
    status = tscope_rsa_judge_new(TSCOPE_RSA_QUICK, &judge, err);
    if (status == TSCOPE_OK)
        status = tscope_rsa_judge_modulus(judge, key->numbers.n, TSCOPE_RSA_QUICK, &judgement->weakness, &judgement->factor, err);
    if (status != TSCOPE_OK)
        return status;
    if (judgement->weakness != TSCOPE_RSA_WEAKNESS_NONE) {
        find(judgement, TSCOPE_FAULT_RSA_WEAK, tscope_key_fault_weight_of(judgement->weakness));
        return TSCOPE_OK;
    }
    return judge_shared(keyring, key, judgement, err);
}

static enum tscope_status
judge_point(const tscope_keyring *keyring, const tscope_key *key, struct tscope_key_judgement *judgement, struct tscope_error *err)
{
    enum tscope_key_flaw flaw = TSCOPE_KEY_FLAW_NONE;
    tscope_pkey *unused;
    enum tscope_status status = tscope_keyring_pkey(keyring, key, &unused, &flaw, err);

    if (status == TSCOPE_OK && tscope_key_flaw_is_of_point(flaw))
        find(judgement, TSCOPE_FAULT_EC_POINT, TSCOPE_FAULT_LESS);
    return status;
}

/* ---- names */

static bool
has_material(const tscope_key *key)
{
    return key->thumbprint_text[0] != '\0';
}

static bool
is_same_material(const tscope_key *a, const tscope_key *b)
{
    return has_material(a) && has_material(b) && memcmp(a->thumbprint, b->thumbprint, sizeof(a->thumbprint)) == 0;
}

/* Only what the sets themselves say: two files that nobody says whose they are may well both have a key '1'. */
static void
judge_kid(const tscope_keyring *keyring, const tscope_key *key, struct tscope_key_judgement *judgement)
{
    const tscope_key *other;
    uint32_t cursor = 0;

    if (!key->kid.data)
        return;
    for (size_t i = 0; i < KID_SHARERS_MAX && (other = tscope_keyring_next_by_kid(keyring, key->kid, &cursor)); i++) {
        if (other == key || other->history || is_same_material(key, other))
            continue;
        if (other->source.data == key->source.data) {
            if (other->numbers.type == key->numbers.type)
                find(judgement, TSCOPE_FAULT_KID_DUP, TSCOPE_FAULT_FULL);
        } else if (has_material(key) && has_material(other) && key->set_issuer.data && other->set_issuer.data &&
                   tscope_span_equal(key->set_issuer, other->set_issuer)) {
            find(judgement, TSCOPE_FAULT_KID_REUSE, tscope_key_kid_is_plain(key->kid) ? TSCOPE_FAULT_LESS : TSCOPE_FAULT_FULL);
        }
    }
}

static bool
differ(struct tscope_span a, struct tscope_span b)
{
    return a.data && b.data && !tscope_span_equal(a, b);
}

static void
judge_forms(const tscope_keyring *keyring, const tscope_key *key, struct tscope_key_judgement *judgement)
{
    uint32_t start = tscope_keyring_number(keyring, key);
    size_t bound = KID_SHARERS_MAX;

    for (uint32_t i = key->next_same; i != start && bound-- > 0; i = keyring->keys[i].next_same) {
        const tscope_key *form = &keyring->keys[i];

        if (!form->history && (differ(key->kid, form->kid) || differ(key->use, form->use)))
            find(judgement, TSCOPE_FAULT_MAT_REUSE, TSCOPE_FAULT_FULL);
    }
}

static enum tscope_status
judge(const tscope_keyring *keyring, const tscope_key *key, struct tscope_key_judgement *judgement, struct tscope_error *err)
{
    enum tscope_status status = TSCOPE_OK;

    switch (key->numbers.type) {
    case TSCOPE_KEY_RSA:
        status = judge_rsa(keyring, key, judgement, err);
        break;
    case TSCOPE_KEY_EC:
    case TSCOPE_KEY_OKP:
        status = judge_point(keyring, key, judgement, err);
        break;
    case TSCOPE_KEY_OCT:
    case TSCOPE_KEY_UNKNOWN:
        break;
    }
    if (status != TSCOPE_OK || key->history)
        return status;
    if (key->form)
        find(judgement, TSCOPE_FAULT_B64, TSCOPE_FAULT_FULL);
    judge_kid(keyring, key, judgement);
    judge_forms(keyring, key, judgement);
    return TSCOPE_OK;
}

enum tscope_status
tscope_keyring_judge(const tscope_keyring *keyring, const tscope_key *key, struct tscope_key_judgement *ret_judgement,
                     struct tscope_error *err)
{
    tscope_key *own = &keyring->keys[tscope_keyring_number(keyring, key)];
    uint64_t packed = atomic_load_explicit(&own->judged, memory_order_relaxed);
    struct tscope_key_judgement judgement = {.weakness = TSCOPE_RSA_WEAKNESS_NONE};

    if (!packed) {
        enum tscope_status status = judge(keyring, key, &judgement, err);

        if (status != TSCOPE_OK)
            return status;
        packed = pack(&judgement);
        atomic_store_explicit(&own->judged, packed, memory_order_relaxed); /* who comes second finds the same */
    }
    unpack(packed, ret_judgement);
    return TSCOPE_OK;
}

bool
tscope_keyring_is_sound(const tscope_keyring *keyring, const tscope_key *key)
{
    const tscope_key *own = &keyring->keys[tscope_keyring_number(keyring, key)];

    return atomic_load_explicit(&own->judged, memory_order_relaxed) == JUDGED;
}
