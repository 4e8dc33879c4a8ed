/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/prime.h"
#include "scan/prime_patterns.h"
#include "scan/prime_sieve.h"

#include "key_forms_made.h"
#include "keys_testing.h"

#define KEYS 3
#define FINDS_MAX 64
#define STREAM (300u << 10)

static EVP_PKEY *keys[KEYS];
static tscope_keyring *published, *first_published;

struct seen {
    uint64_t offset, length;
    char component[16], layout[16], state[16], form[16];
    enum tscope_find_encoding encoding;
    size_t key;
};

struct list {
    struct seen seen[FINDS_MAX];
    size_t len;
};

static void
take(void *user, const struct tscope_find *find)
{
    struct list *list = user;
    struct seen *seen = &list->seen[list->len++];
    const tscope_key *match = NULL;

    ck_assert_uint_le(list->len, FINDS_MAX);
    ck_assert_int_eq(find->kind, TSCOPE_FIND_KEY);
    *seen = (struct seen){.offset = find->offset, .length = find->length, .encoding = find->encoding};
    snprintf(seen->component, sizeof(seen->component), "%s", tscope_found_key_component(find->key));
    snprintf(seen->layout, sizeof(seen->layout), "%s", tscope_found_key_layout(find->key));
    snprintf(seen->state, sizeof(seen->state), "%s", tscope_found_key_state(find->key));
    snprintf(seen->form, sizeof(seen->form), "%s", tscope_found_key_form(find->key));
    ck_assert_uint_eq(tscope_found_key_matches(find->key, &match, 1), 1);
    seen->key = (size_t)strtoul(tscope_key_kid(match), NULL, 10);
}

/* In windows of that many new bytes each. */
static void
scan(const tscope_keyring *private_of, unsigned flags, const uint8_t *bytes, size_t len, size_t step, struct list *list)
{
    const struct tscope_scanner_options options = {.size = sizeof(options),
                                                   .flags = TSCOPE_SCAN_KEYS | flags,
                                                   .known = private_of,
                                                   .private_of = private_of,
                                                   .deliver = take,
                                                   .user = list};
    tscope_scanner *scanner = NULL;
    size_t begin = 0, end = 0, used;

    list->len = 0;
    ck_assert_int_eq(tscope_scanner_new(&options, &scanner, NULL), TSCOPE_OK);
    while (end < len) {
        uint8_t *window;

        end = len - end < step ? len : end + step;
        window = exact_copy(bytes + begin, end - begin);
        ck_assert_int_eq(tscope_scanner_scan(scanner, window, end - begin, end == len, &used, NULL), TSCOPE_OK);
        free(window);
        begin += used;
    }
    tscope_scanner_free(scanner);
}

static void
fill(uint8_t *bytes, size_t len, unsigned kind)
{
    uint32_t state = 99;

    for (size_t i = 0; i < len; i++) {
        state = state * 1664525 + 1013904223;
        bytes[i] = kind == 0 ? 0 : kind == 1 ? (uint8_t)(state >> 24) : (uint8_t)(state >> 24) | 0x81;
    }
}

enum way { LITTLE, BIG, MIXED, PYTHON, TEXT, TEXT_WIDE, WAYS };

static const char *const way_names[WAYS] = {"le", "be", "be-of-le32", "cpython", "base64url", "base64url"};

/* A number as programs hold it; its length there. */
static size_t
write_number(EVP_PKEY *key, const char *name, size_t width, enum way way, uint8_t *out)
{
    uint8_t big[1024];
    size_t len = number_of(key, name, width, big), count = 0;
    BIGNUM *number = BN_bin2bn(big, (int)len, NULL);
    struct made *made;

    switch (way) {
    case LITTLE:
        ck_assert_int_eq(BN_bn2lebinpad(number, out, (int)len), (int)len);
        break;
    case BIG:
        memcpy(out, big, len);
        break;
    case MIXED:
        for (size_t i = 0; i < len; i++)
            out[i] = big[i - i % 4 + 3 - i % 4];
        break;
    case PYTHON:
        for (; !BN_is_zero(number); count++) {
            BN_ULONG digit = BN_mod_word(number, 1u << 30);

            for (size_t i = 0; i < 4; i++)
                out[4 * count + i] = (uint8_t)(digit >> 8 * i);
            BN_rshift(number, number, 30);
        }
        len = 4 * count;
        break;
    case TEXT:
    case TEXT_WIDE:
        made = new_made();
        put_base64(made, big, len, true);
        for (size_t i = 0; i < made->len; i++) {
            out[way == TEXT ? i : 2 * i] = made->bytes[i];
            if (way == TEXT_WIDE)
                out[2 * i + 1] = 0;
        }
        len = made->len * (way == TEXT ? 1 : 2);
        free(made);
        break;
    case WAYS:
        break;
    }
    BN_free(number);
    return len;
}

static const struct {
    const char *name, *component;
    bool is_public;
} components[] = {{OSSL_PKEY_PARAM_RSA_FACTOR1, "p", false},
                  {OSSL_PKEY_PARAM_RSA_FACTOR2, "q", false},
                  {OSSL_PKEY_PARAM_RSA_D, "d", false},
                  {OSSL_PKEY_PARAM_RSA_N, "n", true}};

static bool
is_written(size_t component, enum way way)
{
    if (way == PYTHON)
        return component < 2;
    return component == 3 || way < TEXT;
}

static const char *
component_of(EVP_PKEY *key, size_t component)
{
    uint8_t p[512], q[512];
    size_t len = number_of(key, OSSL_PKEY_PARAM_RSA_FACTOR1, 0, p);

    number_of(key, OSSL_PKEY_PARAM_RSA_FACTOR2, 0, q);
    if (component > 1)
        return components[component].component;
    return (memcmp(p, q, len) > 0) == (component == 0) ? "p" : "q";
}

static void
check_one(const struct list *list, size_t key, size_t component, enum way way, size_t at, size_t len)
{
    ck_assert_uint_eq(list->len, 1);
    ck_assert_uint_eq(list->seen->offset, at);
    ck_assert_uint_eq(list->seen->length, len);
    ck_assert_uint_eq(list->seen->key, key);
    ck_assert_str_eq(list->seen->layout, way_names[way]);
    ck_assert_str_eq(list->seen->form, "raw-number");
    ck_assert_str_eq(list->seen->component, component_of(keys[key], component));
    ck_assert_str_eq(list->seen->state, components[component].is_public ? "published" : "proven");
}

/* Every number of every key in every way at places of every kind: once, and nothing else. */
START_TEST(numbers_are_found_wherever_they_lie)
{
    size_t key = (size_t)_i % KEYS, component = (size_t)_i / KEYS % 4;
    enum way way = (enum way)(_i / KEYS / 4);
    static const size_t places[] = {0, 4, 4095 - 1023, 4099, 8188};
    uint8_t *bytes = malloc(12288), number[4096];
    size_t width = (size_t)EVP_PKEY_get_bits(keys[key]) / 8 / (component < 2 ? 2 : 1), len;
    struct list list;

    if (!is_written(component, way)) {
        free(bytes);
        return;
    }
    len = write_number(keys[key], components[component].name, width, way, number);
    for (size_t i = 0; i < TSCOPE_COUNT(places); i++) {
        size_t at = way >= MIXED && way != TEXT ? places[i] & ~(size_t)3 : places[i];

        for (unsigned noise = 0; noise < 2; noise++) {
            fill(bytes, 12288, noise);
            memcpy(bytes + at, number, len);
            scan(published, 0, bytes, 12288, 12288, &list);
            check_one(&list, key, component, way, at, len);
            memcpy(bytes + 12288 - len, number, len); /* up to the very last byte */
            if ((12288 - len) % 4 == 0) {
                scan(key == 0 ? first_published : published, 0, bytes, 12288, 1000, &list);
                ck_assert_uint_eq(list.len, 2);
                ck_assert_uint_eq(list.seen[1].offset, 12288 - len);
            }
        }
    }
    free(bytes);
}
END_TEST

START_TEST(changed_number_is_none)
{
    size_t component = (size_t)_i % 3;
    enum way way = (enum way)(_i / 3);
    uint8_t bytes[1024];
    size_t width = (size_t)EVP_PKEY_get_bits(keys[0]) / 8 / (component < 2 ? 2 : 1), len;
    struct list list;

    if (!is_written(component, way))
        return;
    len = write_number(keys[0], components[component].name, width, way, bytes);
    scan(published, 0, bytes, len, len, &list);
    ck_assert_uint_eq(list.len, 1);
    scan(published, 0, bytes, len - 1, len, &list);
    ck_assert_uint_eq(list.len, 0);
    for (size_t bit = 0; bit < 8 * len; bit += 37) {
        bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
        scan(published, 0, bytes, len, len, &list);
        ck_assert_uint_eq(list.len, 0);
        bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
}
END_TEST

/* Aligned, and at any place within 64 KiB of a copy of the modulus, but nowhere else. */
START_TEST(aligned_search_looks_closely_around_a_modulus)
{
    uint8_t *bytes = malloc(STREAM), number[512];
    size_t len = write_number(keys[0], OSSL_PKEY_PARAM_RSA_FACTOR1, 64, LITTLE, number), modulus_len, count = 0;
    static const size_t steps[] = {STREAM, 70000, 4096, 3333};
    const size_t modulus_at = 150001, aligned = 16, far = 4097, before = modulus_at - 60000, behind = modulus_at + 60002,
                 beyond = STREAM - 999;
    struct list list[TSCOPE_COUNT(steps)];

    fill(bytes, STREAM, _i ? 1 : 0);
    memcpy(bytes + aligned, number, len);
    memcpy(bytes + far, number, len);
    memcpy(bytes + before, number, len);
    memcpy(bytes + behind, number, len);
    memcpy(bytes + beyond, number, len);
    modulus_len = write_number(keys[0], OSSL_PKEY_PARAM_RSA_N, 128, BIG, number);
    memcpy(bytes + modulus_at, number, modulus_len);
    for (size_t i = 0; i < TSCOPE_COUNT(steps); i++) {
        scan(published, TSCOPE_SCAN_ALIGNED, bytes, STREAM, steps[i], &list[i]);
        ck_assert_uint_eq(list[i].len, 4);
        ck_assert_uint_eq(list[i].seen[0].offset, aligned);
        ck_assert_uint_eq(list[i].seen[1].offset, before);
        ck_assert_uint_eq(list[i].seen[2].offset, modulus_at);
        ck_assert_uint_eq(list[i].seen[3].offset, behind);
        count += list[i].len;
    }
    scan(published, 0, bytes, STREAM, STREAM, list);
    ck_assert_uint_eq(list->len, 6);
    ck_assert_uint_eq(count, 4 * TSCOPE_COUNT(steps));
    free(bytes);
}
END_TEST

/* Words of 32 bits at a place that is no multiple of four: only who looks deep finds them. */
START_TEST(deep_search_finds_odd_places)
{
    static const enum way odd_ways[] = {MIXED, PYTHON};
    enum way way = odd_ways[_i];
    uint8_t bytes[2048], number[512];
    size_t len = write_number(keys[0], OSSL_PKEY_PARAM_RSA_FACTOR1, 64, way, number);
    struct list list;

    fill(bytes, sizeof(bytes), 1);
    memcpy(bytes + 1001, number, len);
    scan(published, 0, bytes, sizeof(bytes), sizeof(bytes), &list);
    ck_assert_uint_eq(list.len, 0);
    scan(published, TSCOPE_SCAN_DEEP, bytes, sizeof(bytes), sizeof(bytes), &list);
    check_one(&list, 0, 0, way, 1001, len);
}
END_TEST

/* Of an EC key its number is known only by trying: within 4 KiB of a copy of x, and where somebody looks deep. */
START_TEST(number_of_a_curve_is_found_near_its_point)
{
    static const struct {
        const char *curve;
        size_t width;
    } rows[] = {{"P-256", 32}, {"P-384", 48}, {"P-521", 66}};
    EVP_PKEY *key = EVP_EC_gen(rows[_i].curve);
    struct made *jwk = make_jwk(key, rows[_i].curve, rows[_i].width, false, false), *numbered = new_made();
    tscope_keyring *keyring = new_keyring();
    size_t width = rows[_i].width;
    uint8_t *bytes = calloc(1, 40000), x[80], d[80];
    struct list list;

    put_text(numbered, "{\"kid\":\"7\",");
    put(numbered, jwk->bytes + 1, jwk->len - 1);
    ck_assert_int_eq(try_add(keyring, numbered->bytes, numbered->len, NULL, NULL), TSCOPE_OK);
    freeze(keyring);
    number_of(key, OSSL_PKEY_PARAM_EC_PUB_X, width, x);
    number_of(key, OSSL_PKEY_PARAM_PRIV_KEY, width, d);
    memcpy(bytes + 20001, x, width);
    memcpy(bytes + 20001 - 3900, d, width);
    memcpy(bytes + 20001 + 8000, d, width); /* too far away */
    for (size_t i = 0; i < width; i++)
        bytes[20001 + 3900 + i] = d[width - 1 - i];
    for (size_t step = 40000; step > 900; step /= 6) {
        scan(keyring, TSCOPE_SCAN_DEEP, bytes, 40000, step, &list);
        ck_assert_uint_eq(list.len, 2);
        ck_assert_uint_eq(list.seen[0].offset, 20001 - 3900);
        ck_assert_uint_eq(list.seen[0].length, width);
        ck_assert_uint_eq(list.seen[0].key, 7);
        ck_assert_str_eq(list.seen[0].layout, "be");
        ck_assert_str_eq(list.seen[0].component, "d");
        ck_assert_str_eq(list.seen[0].state, "proven");
        ck_assert_uint_eq(list.seen[1].offset, 20001 + 3900);
        ck_assert_str_eq(list.seen[1].layout, "le");
    }
    scan(keyring, 0, bytes, 40000, 40000, &list);
    ck_assert_uint_eq(list.len, 0);
    bytes[20001 - 3900 + 5] ^= 1;
    bytes[20001 + 3900 + 5] ^= 1;
    scan(keyring, TSCOPE_SCAN_DEEP, bytes, 40000, 40000, &list);
    ck_assert_uint_eq(list.len, 0);
    tscope_keyring_free(keyring);
    EVP_PKEY_free(key);
    free(jwk);
    free(numbered);
    free(bytes);
}
END_TEST

/* The primes that a key holds in its own form are not told apart from it. */
START_TEST(numbers_of_a_found_key_are_part_of_it)
{
    struct made *forms[] = {make_traditional(keys[0]), make_pkcs8(keys[1]), make_cng_rsa(keys[0], true), make_capi(keys[2])};

    for (size_t i = 0; i < TSCOPE_COUNT(forms); i++) {
        struct list list;

        for (size_t step = forms[i]->len; step > 16; step /= 3) {
            scan(published, 0, forms[i]->bytes, forms[i]->len, step, &list);
            ck_assert_uint_eq(list.len, 1);
            ck_assert_str_ne(list.seen->form, "raw-number");
            ck_assert_str_eq(list.seen->component, "private key");
        }
        free(forms[i]);
    }
}
END_TEST

/* A JWK tells its n before its name: one find all the same. */
START_TEST(outermost_form_is_told)
{
    struct made *made = make_jwk(keys[0], NULL, 0, true, true), *pem = make_pem(keys[0], false, NULL), *inside = make_json_string(pem);
    struct list list;

    made->len--;
    put_text(made, ",\"pem\":\"");
    put(made, inside->bytes, inside->len);
    put_text(made, "\",\"kty\":\"RSA\"}");
    scan(published, 0, made->bytes, made->len, made->len, &list);
    ck_assert_uint_eq(list.len, 1);
    ck_assert_str_eq(list.seen->form, "jwk");
    ck_assert_uint_eq(list.seen->offset, 0);
    ck_assert_uint_eq(list.seen->length, made->len);
    free(made);
    free(pem);
    free(inside);
}
END_TEST

START_TEST(sieves_agree)
{
    static const struct tscope_prime_layout layouts[] = {{127, 0}, {0, 127}, {3, 124}, {0, 0}};
    uint8_t bytes[1024];
    uint32_t masks[16], plain[16];

    fill(bytes, sizeof(bytes), 1);
    for (size_t i = 0; i < TSCOPE_COUNT(layouts); i++) {
        for (unsigned floor = 0; floor < 256; floor += 17) {
            tscope_prime_sieve(bytes + i, 16, &layouts[i], (uint8_t)floor, masks);
            tscope_prime_sieve_plain(bytes + i, 16, &layouts[i], (uint8_t)floor, plain);
            ck_assert_mem_eq(masks, plain, sizeof(masks));
        }
    }
}
END_TEST

static const struct tscope_prime_places any_places[] = {{0, 1}, {0, 4}, {1, 4}, {3, 4}, {0, 8}, {5, 8}, {7, 8}};

/* Whatever the processor has, the same places are let through. */
START_TEST(sieves_of_digits_and_exponents_agree)
{
    const struct tscope_exponent exponent = {UINT64_C(0x8f3a51c277d3e91b), UINT64_C(0xfedcba9876543210), UINT64_C(1) << 60};
    const struct tscope_prime_places places = any_places[_i];
    uint8_t bytes[1024];
    uint32_t masks[16], plain[16];
    size_t set = 0;

    fill(bytes, sizeof(bytes), 1);
    for (int order = 0; order < TSCOPE_PRIME_ORDERS; order++) {
        tscope_prime_sieve_exponent(bytes, 16, (enum tscope_prime_order)order, &exponent, places, masks);
        tscope_prime_sieve_exponent_plain(bytes, 16, (enum tscope_prime_order)order, &exponent, places, plain);
        ck_assert_mem_eq(masks, plain, sizeof(masks));
        for (unsigned i = places.first; i < 512; i += places.step) {
            bool is_set = masks[i / 32] >> i % 32 & 1;

            set += is_set;
            ck_assert(is_set || !tscope_exponent_fits(&exponent, tscope_prime_top((enum tscope_prime_order)order, bytes + i)));
        }
    }
    ck_assert_uint_gt(set, 0);
    for (uint32_t limit = 2; limit <= 1u << 30; limit *= 8) {
        tscope_prime_sieve_digits(bytes, 16, 136, limit, places.step == 8 ? any_places[0] : places, masks);
        tscope_prime_sieve_digits_plain(bytes, 16, 136, limit, places.step == 8 ? any_places[0] : places, plain);
        ck_assert_mem_eq(masks, plain, sizeof(masks));
    }
}
END_TEST

/* As the lengths allow, more or fewer places are looked up: at none of them is a pattern missed. */
START_TEST(patterns_are_found_at_every_place)
{
    static const size_t lens[] = {24, 39, 40, 41, 256};
    size_t len = lens[_i];
    struct tscope_arena arena = {0};
    uint8_t pattern[256], bytes[512];
    struct tscope_prime_pattern list = {.bytes = tscope_span_of(pattern, len)};
    struct tscope_prime_patterns patterns = {.list = &list, .len = 1};

    fill(pattern, sizeof(pattern), 2);
    ck_assert(tscope_prime_patterns_index(&patterns, &arena));
    for (size_t at = 0; at + len <= 320; at++) {
        struct tscope_window window = {.bytes = bytes, .len = at + len, .offset = 7 * at, .is_last = true};
        size_t from = 0, begin = SIZE_MAX;

        memset(bytes, 0, sizeof(bytes));
        memcpy(bytes + at, pattern, len);
        ck_assert_ptr_eq(tscope_prime_patterns_next(&patterns, &window, &from, window.len, &begin), &list);
        ck_assert_uint_eq(begin, at);
        ck_assert_ptr_null(tscope_prime_patterns_next(&patterns, &window, &from, window.len, &begin));
        bytes[at + len / 2] ^= 1;
        from = 0;
        ck_assert_ptr_null(tscope_prime_patterns_next(&patterns, &window, &from, window.len, &begin));
    }
    tscope_arena_clear(&arena);
}
END_TEST

START_TEST(all_places_are_listed_once)
{
    const struct tscope_prime_places places = any_places[_i];

    for (size_t words = 1; words <= 40; words++) {
        uint32_t masks[40] = {0};
        uint16_t begins[40 * 32];
        bool listed[40 * 32] = {false};
        size_t len, set = 0;
        uint32_t state = (uint32_t)words;

        for (size_t i = places.first; i < 32 * words; i += places.step) {
            state = state * 1664525 + 1013904223;
            masks[i / 32] |= (state >> 31) << i % 32;
            set += state >> 31;
        }
        len = tscope_prime_list(masks, words, places, begins);
        ck_assert_uint_eq(len, set);
        for (size_t i = 0; i < len; i++) {
            ck_assert_uint_lt(begins[i], 32 * words);
            ck_assert(masks[begins[i] / 32] >> begins[i] % 32 & 1);
            ck_assert(!listed[begins[i]]);
            listed[begins[i]] = true;
        }
    }
}
END_TEST

/* Against division by libcrypto, of numbers in each order. */
START_TEST(numbers_with_small_factors_are_dropped)
{
    static const unsigned factors[] = {3, 5, 7, 13, 17};
    static const size_t lens[] = {32, 40, 128, 192, 256, 512};
    enum tscope_prime_order order = (enum tscope_prime_order)(_i % TSCOPE_PRIME_ORDERS);
    struct tscope_prime_weights weights = {.len = lens[_i / TSCOPE_PRIME_ORDERS]};
    uint8_t bytes[1024], number[512];
    uint16_t begins[512], left[512], plain[512];
    size_t left_len, plain_len, count = 0;

    for (size_t i = 0; i < weights.len; i++)
        weights.of[i] = tscope_prime_weight(tscope_prime_byte_power(order, i, weights.len));
    fill(bytes, sizeof(bytes), 1);
    for (uint16_t i = 0; i < 512; i++)
        begins[i] = left[i] = plain[i] = i;
    left_len = tscope_prime_drop_factors(bytes, &weights, left, 512);
    plain_len = tscope_prime_drop_factors_plain(bytes, &weights, plain, 512);
    ck_assert_uint_eq(left_len, plain_len);
    ck_assert_mem_eq(left, plain, left_len * sizeof(left[0]));
    for (size_t i = 0; i < 512; i++) {
        BIGNUM *value;
        bool has = false;

        for (size_t j = 0; j < weights.len; j++)
            number[weights.len - 1 - tscope_prime_byte_power(order, j, weights.len)] = bytes[begins[i] + j];
        value = BN_bin2bn(number, (int)weights.len, NULL);
        for (size_t j = 0; j < TSCOPE_COUNT(factors); j++)
            has |= BN_mod_word(value, factors[j]) == 0;
        BN_free(value);
        ck_assert((count < left_len && left[count] == begins[i]) == !has);
        count += !has;
    }
}
END_TEST

START_TEST(failed_allocation_is_said)
{
    uint8_t bytes[256];
    size_t len = write_number(keys[0], OSSL_PKEY_PARAM_RSA_FACTOR1, 64, LITTLE, bytes), used;
    struct list list = {.len = 0};
    const struct tscope_scanner_options options = {
        .size = sizeof(options), .flags = TSCOPE_SCAN_KEYS, .known = published, .private_of = published, .deliver = take, .user = &list};
    bool done = false;

    for (unsigned long n = 1; !done; n++) {
        tscope_scanner *scanner = NULL;
        enum tscope_status status;

        ck_assert_uint_lt(n, 1000);
        tscope_alloc_fail_from(n);
        status = tscope_scanner_new(&options, &scanner, NULL);
        if (status == TSCOPE_OK)
            status = tscope_scanner_scan(scanner, bytes, len, true, &used, NULL);
        tscope_alloc_fail_from(0);
        ck_assert(status == TSCOPE_OK || status == TSCOPE_ERR_NO_MEMORY);
        done = status == TSCOPE_OK;
        ck_assert_uint_eq(list.len, done ? 1 : 0);
        tscope_scanner_free(scanner);
    }
}
END_TEST

static tscope_keyring *
publish(size_t count)
{
    tscope_keyring *keyring = new_keyring();
    struct made *set = new_made();
    char kid[32];

    put_text(set, "{\"keys\":[");
    for (size_t i = 0; i < count; i++) {
        struct made *jwk = make_jwk(keys[i], NULL, 0, false, false);

        snprintf(kid, sizeof(kid), "%s{\"kid\":\"%zu\",", i ? "," : "", i);
        put_text(set, kid);
        put(set, jwk->bytes + 1, jwk->len - 1);
        free(jwk);
    }
    put_text(set, "]}");
    ck_assert_int_eq(try_add(keyring, set->bytes, set->len, NULL, NULL), TSCOPE_OK);
    freeze(keyring);
    free(set);
    return keyring;
}

static void
set_up(void)
{
    for (size_t i = 0; i < KEYS; i++)
        keys[i] = EVP_RSA_gen(i == 1 ? 2048 : 1024);
    published = publish(KEYS);
    first_published = publish(1);
}

static void
tear_down(void)
{
    tscope_keyring_free(published);
    tscope_keyring_free(first_published);
    for (size_t i = 0; i < KEYS; i++)
        EVP_PKEY_free(keys[i]);
}

int
main(void)
{
    Suite *suite = suite_create("prime");
    TCase *cases = tcase_create("prime");

    tcase_add_unchecked_fixture(cases, set_up, tear_down);
    tcase_set_timeout(cases, 600); /* sanitizers are slow */
    tcase_add_loop_test(cases, numbers_are_found_wherever_they_lie, 0, KEYS * 4 * WAYS);
    tcase_add_loop_test(cases, changed_number_is_none, 0, 3 * WAYS);
    tcase_add_loop_test(cases, aligned_search_looks_closely_around_a_modulus, 0, 2);
    tcase_add_loop_test(cases, deep_search_finds_odd_places, 0, 2);
    tcase_add_loop_test(cases, number_of_a_curve_is_found_near_its_point, 0, 3);
    tcase_add_test(cases, numbers_of_a_found_key_are_part_of_it);
    tcase_add_test(cases, outermost_form_is_told);
    tcase_add_test(cases, sieves_agree);
    tcase_add_loop_test(cases, patterns_are_found_at_every_place, 0, 5);
    tcase_add_loop_test(cases, sieves_of_digits_and_exponents_agree, 0, (int)TSCOPE_COUNT(any_places));
    tcase_add_loop_test(cases, all_places_are_listed_once, 0, (int)TSCOPE_COUNT(any_places));
    tcase_add_loop_test(cases, numbers_with_small_factors_are_dropped, 0, 6 * TSCOPE_PRIME_ORDERS);
    tcase_add_test(cases, failed_allocation_is_said);
    suite_add_tcase(suite, cases);
    return run_suite(suite);
}
