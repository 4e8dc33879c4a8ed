/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/prime_block.h"

#include "crypto/rsa_parts.h"
#include "scan/utf16.h"

#define BLOCK_MASKS (TSCOPE_PRIME_BLOCK / 32)
#define BYTES_MAX (2 * 8 * TSCOPE_DIVISOR_WORDS_MAX)
#define PRIME_BYTES_MAX (8 * TSCOPE_DIVISOR_WORDS_MAX)

_Static_assert(PRIME_BYTES_MAX == TSCOPE_PRIME_LEN_MAX, "the weights of all bytes of a prime have room");

/* ---- what is found */

static enum tscope_probe
deliver(const struct tscope_prime_search *search, const struct tscope_key_candidate *candidate, size_t begin, size_t len,
        enum tscope_find_encoding encoding)
{
    struct tscope_key_place place = {.begin = begin, .end = begin + len, .encoding = encoding};

    if (tscope_found_key_prove(&search->prover, candidate, &place.key, NULL) != TSCOPE_OK)
        return TSCOPE_PROBE_NO_MEMORY;
    return place.key ? search->emit(search->user, &place) : TSCOPE_PROBE_NOTHING;
}

/* The larger prime is p, as keys have it (RFC 8017 section 3.2 leaves it open, and libraries do not). */
static enum tscope_probe
deliver_prime(const struct tscope_prime_search *search, const struct tscope_prime_key *key, struct tscope_span prime, const char *layout,
              size_t begin, size_t len)
{
    const struct tscope_private_numbers numbers = {.open = {.type = TSCOPE_KEY_RSA, .n = key->n, .e = key->e}, .p = prime};
    struct tscope_key_candidate candidate = {.form = "raw-number", .layout = layout, .is_number_proven = true};
    struct tscope_rsa_parts parts = {.room = NULL};
    enum tscope_probe answer = TSCOPE_PROBE_NOTHING;
    bool holds;

    if (tscope_rsa_parts_fill(&numbers, &parts, &holds, NULL) != TSCOPE_OK)
        return TSCOPE_PROBE_NO_MEMORY;
    if (holds) {
        struct tscope_span p = parts.numbers.p, q = parts.numbers.q;

        candidate.numbers = parts.numbers;
        candidate.component = p.len > q.len || (p.len == q.len && memcmp(p.data, q.data, p.len) > 0) ? "p" : "q";
        answer = deliver(search, &candidate, begin, len, TSCOPE_FIND_ENCODING_ASCII);
    }
    tscope_rsa_parts_clear(&parts);
    return answer;
}

/* ---- which places are worth to be asked about */

/* What is sieved for, and how long it is. */
struct sieve {
    enum { SIEVE_PRIME, SIEVE_DIGITS, SIEVE_EXPONENT } what;
    size_t len;
    enum tscope_prime_order order;
    struct tscope_prime_places places;
    uint8_t floor;  /* of a prime's highest byte */
    uint32_t limit; /* of its highest digit */
    const struct tscope_exponent *exponent;
};

static void
run_sieve(const struct sieve *sieve, const uint8_t *bytes, size_t words, uint32_t *masks)
{
    const struct tscope_prime_layout layout = tscope_prime_layout_of(sieve->order, sieve->len);

    switch (sieve->what) {
    case SIEVE_PRIME:
        tscope_prime_sieve(bytes, words, &layout, sieve->floor, masks);
        break;
    case SIEVE_DIGITS:
        tscope_prime_sieve_digits(bytes, words, sieve->len - 4, sieve->limit, sieve->places, masks);
        break;
    case SIEVE_EXPONENT:
        tscope_prime_sieve_exponent(bytes + tscope_prime_top_at(sieve->order, sieve->len), words, sieve->order, sieve->exponent,
                                    sieve->places, masks);
        break;
    }
}

/* Bits of those begins whose number does not end behind the window, which has so many bytes from the first begin on. */
static uint32_t
begins_inside(size_t left, size_t len)
{
    if (left < len)
        return 0;
    return left - len >= 31 ? UINT32_MAX : (2u << (left - len)) - 1;
}

static uint32_t
mask_of_places(struct tscope_prime_places places)
{
    uint32_t mask = 0;

    for (unsigned i = places.first; i < 32; i += places.step)
        mask |= 1u << i;
    return mask;
}

/* Lists a block's places that are let through; of those whose number would end behind the window none is. */
static size_t
find_places(const struct tscope_prime_search *search, const struct sieve *sieve, size_t from, size_t count, uint16_t *begins)
{
    const struct tscope_window *window = search->window;
    size_t words = (count + 31) / 32, whole = 0;
    uint32_t mask = mask_of_places(sieve->places), masks[BLOCK_MASKS], any = 0;
    uint8_t rest[32 + BYTES_MAX + 32];

    if (window->len - from >= sieve->len + 31 + 32)
        whole = (window->len - from - sieve->len - 31 - 32) / 32 + 1;
    if (whole > words)
        whole = words;
    run_sieve(sieve, window->bytes + from, whole, masks);
    for (size_t word = whole; word < words; word++) {
        size_t at = from + 32 * word, left = at < window->len ? window->len - at : 0;

        memset(rest, 0, sizeof(rest));
        if (left)
            memcpy(rest, window->bytes + at, left < sizeof(rest) ? left : sizeof(rest));
        run_sieve(sieve, rest, 1, &masks[word]);
        masks[word] &= begins_inside(left, sieve->len);
    }
    if (count % 32)
        masks[words - 1] &= (1u << count % 32) - 1;
    for (size_t word = 0; word < words; word++)
        any |= masks[word] &= mask;
    return any ? tscope_prime_list(masks, words, sieve->places, begins) : 0;
}

static struct tscope_prime_places
places_of(const struct tscope_prime_search *search, unsigned step, size_t from)
{
    uint64_t offset = search->window->offset + from;

    return (struct tscope_prime_places){(unsigned)((step - offset % step) % step), step};
}

/* Distance of the places that are searched; 0: none are. */
static unsigned
step_of(const struct tscope_prime_search *search, enum tscope_prime_order order)
{
    if (search->is_deep)
        return 1;
    return search->everywhere ? tscope_prime_ways[order].closest_step : tscope_prime_ways[order].step;
}

/* ---- primes */

static enum tscope_probe
ask(const struct tscope_prime_search *search, const struct tscope_prime_group *group, const uint64_t *number, const char *layout,
    size_t begin, size_t len)
{
    uint8_t bytes[PRIME_BYTES_MAX];
    enum tscope_probe answer;
    size_t modulus;

    if (number[group->words - 1] >> 48 < tscope_divisor_floor(group->divisor))
        return TSCOPE_PROBE_NOTHING;
    modulus = tscope_divisor_find(group->divisor, number);
    if (modulus == SIZE_MAX)
        return TSCOPE_PROBE_NOTHING;
    answer = deliver_prime(search, &search->keys->list[group->numbers[modulus]], tscope_prime_spell(number, group->words, bytes), layout,
                           begin, len);
    tscope_wipe(bytes, sizeof(bytes));
    return answer;
}

static enum tscope_probe
ask_at(const struct tscope_prime_search *search, const struct tscope_prime_group *group, enum tscope_prime_order order, size_t begin)
{
    uint64_t number[TSCOPE_DIVISOR_WORDS_MAX];
    enum tscope_probe answer;

    tscope_prime_ways[order].load(search->window->bytes + begin, group->words, number);
    answer = ask(search, group, number, tscope_prime_ways[order].name, begin, 8 * group->words);
    if (answer != TSCOPE_PROBE_NOTHING)
        tscope_wipe(number, sizeof(number));
    return answer;
}

/* Lanes that were not filled hold what was asked about before, or 0: neither is looked at. */
static enum tscope_probe
ask_lanes(const struct tscope_prime_search *search, const struct tscope_prime_group *group, enum tscope_prime_order order)
{
    struct tscope_prime_lanes *lanes = search->lanes;
    unsigned found = lanes->len ? tscope_divisor_filter(group->divisor, (const uint64_t(*)[TSCOPE_DIVISOR_LANES])lanes->numbers) : 0;
    enum tscope_probe answer = TSCOPE_PROBE_NOTHING;

    for (size_t i = 0; i < lanes->len && answer != TSCOPE_PROBE_NO_MEMORY; i++) {
        if (found & 1u << i)
            answer = ask_at(search, group, order, lanes->begins[i]);
    }
    if (found)
        tscope_wipe(lanes->numbers, sizeof(lanes->numbers));
    lanes->len = 0;
    return answer;
}

static enum tscope_probe
ask_soon(const struct tscope_prime_search *search, const struct tscope_prime_group *group, enum tscope_prime_order order, size_t begin)
{
    const uint8_t *bytes = search->window->bytes + begin;
    struct tscope_prime_lanes *lanes = search->lanes;
    uint64_t number[TSCOPE_DIVISOR_WORDS_MAX];

    if (!tscope_divisor_has_lanes(group->divisor))
        return ask_at(search, group, order, begin);
    tscope_prime_ways[order].load(bytes, group->words, number);
    if (number[group->words - 1] >> 48 < tscope_divisor_floor(group->divisor))
        return TSCOPE_PROBE_NOTHING;
    for (size_t i = 0; i < group->words; i++)
        lanes->numbers[i][lanes->len] = number[i];
    lanes->begins[lanes->len++] = begin;
    return lanes->len == TSCOPE_DIVISOR_LANES ? ask_lanes(search, group, order) : TSCOPE_PROBE_NOTHING;
}

static enum tscope_probe
search_way(const struct tscope_prime_search *search, const struct tscope_prime_group *group, enum tscope_prime_order order, size_t from,
           size_t count)
{
    struct sieve sieve = {
        .what = SIEVE_PRIME, .len = 8 * group->words, .order = order, .floor = (uint8_t)(tscope_divisor_floor(group->divisor) >> 8)};
    unsigned step = step_of(search, order);
    uint16_t begins[TSCOPE_PRIME_BLOCK];
    size_t len;

    if (!step)
        return TSCOPE_PROBE_NOTHING;
    sieve.places = places_of(search, step, from);
    len = find_places(search, &sieve, from, count, begins);
    len = tscope_prime_drop_factors(search->window->bytes + from, &group->weights[order], begins, len);
    for (size_t i = 0; i < len; i++) {
        if (ask_soon(search, group, order, from + begins[i]) == TSCOPE_PROBE_NO_MEMORY)
            return TSCOPE_PROBE_NO_MEMORY;
    }
    return ask_lanes(search, group, order);
}

static enum tscope_probe
search_digits(const struct tscope_prime_search *search, const struct tscope_prime_group *group, size_t from, size_t count)
{
    const struct tscope_prime_digits digits = tscope_prime_digits_of(group->words);
    struct sieve sieve = {.what = SIEVE_DIGITS, .len = 4 * digits.len, .limit = digits.limit};
    uint64_t number[TSCOPE_DIVISOR_WORDS_MAX];
    uint16_t begins[TSCOPE_PRIME_BLOCK];
    size_t len;

    sieve.places = places_of(search, search->is_deep ? 1 : 4, from);
    len = find_places(search, &sieve, from, count, begins);
    for (size_t i = 0; i < len; i++) {
        if (tscope_prime_load_digits(search->window->bytes + from + begins[i], digits.len, group->words, number) &&
            ask(search, group, number, "cpython", from + begins[i], sieve.len) == TSCOPE_PROBE_NO_MEMORY)
            return TSCOPE_PROBE_NO_MEMORY;
    }
    return TSCOPE_PROBE_NOTHING;
}

/* ---- the private exponent */

static enum tscope_probe
deliver_exponent(const struct tscope_prime_search *search, const struct tscope_prime_key *key, enum tscope_prime_order order, size_t begin)
{
    struct tscope_key_candidate candidate = {
        .form = "raw-number", .component = "d", .layout = tscope_prime_ways[order].name, .is_number_proven = true};
    struct tscope_rsa_parts parts = {.room = NULL};
    enum tscope_probe answer = TSCOPE_PROBE_NOTHING;
    uint64_t number[2 * TSCOPE_DIVISOR_WORDS_MAX];
    uint8_t bytes[BYTES_MAX];
    struct tscope_span d;
    bool holds;

    tscope_prime_ways[order].load(search->window->bytes + begin, 2 * key->words, number);
    d = tscope_prime_spell(number, 2 * key->words, bytes);
    if (tscope_rsa_parts_of_exponent(key->n, key->e, d, &parts, &holds, NULL) != TSCOPE_OK)
        answer = TSCOPE_PROBE_NO_MEMORY;
    else if (holds) {
        candidate.numbers = parts.numbers;
        answer = deliver(search, &candidate, begin, d.len, TSCOPE_FIND_ENCODING_ASCII);
    }
    tscope_rsa_parts_clear(&parts);
    tscope_wipe(number, sizeof(number));
    tscope_wipe(bytes, sizeof(bytes));
    return answer;
}

static enum tscope_probe
search_exponent(const struct tscope_prime_search *search, const struct tscope_prime_key *key, enum tscope_prime_order order, size_t from,
                size_t count)
{
    struct sieve sieve = {.what = SIEVE_EXPONENT, .len = 16 * key->words, .order = order, .exponent = &key->exponent};
    const uint8_t *tops = search->window->bytes + from + tscope_prime_top_at(order, sieve.len);
    unsigned step = step_of(search, order);
    uint16_t begins[TSCOPE_PRIME_BLOCK];
    size_t len;

    if (!step)
        return TSCOPE_PROBE_NOTHING;
    sieve.places = places_of(search, step, from);
    len = find_places(search, &sieve, from, count, begins);
    for (size_t i = 0; i < len; i++) {
        if (tscope_exponent_fits(&key->exponent, tscope_prime_top(order, tops + begins[i])) &&
            deliver_exponent(search, key, order, from + begins[i]) == TSCOPE_PROBE_NO_MEMORY)
            return TSCOPE_PROBE_NO_MEMORY;
    }
    return TSCOPE_PROBE_NOTHING;
}

/* ---- all of it */

enum tscope_probe
tscope_prime_search_copies(const struct tscope_prime_search *search, size_t from, size_t to)
{
    const struct tscope_prime_pattern *pattern;
    size_t begin;

    while ((pattern = tscope_prime_patterns_next(&search->keys->patterns, search->window, &from, to, &begin))) {
        const struct tscope_prime_key *key = &search->keys->list[pattern->number];
        const struct tscope_key_candidate candidate = {.form = "raw-number",
                                                       .component = "n",
                                                       .layout = pattern->layout,
                                                       .is_public = true,
                                                       .numbers = {.open = {.type = TSCOPE_KEY_RSA, .n = key->n, .e = key->e}}};

        size_t last = begin + pattern->bytes.len - 1;
        bool is_wide = pattern->encoding == TSCOPE_FIND_ENCODING_UTF16LE;
        bool is_big = is_wide && tscope_utf16_is_big_endian_text(search->window, begin, last) == TSCOPE_PROBE_FOUND;

        if (deliver(search, &candidate, begin - is_big, pattern->bytes.len + (is_big || (is_wide && last + 1 < search->window->len)),
                    is_big ? TSCOPE_FIND_ENCODING_UTF16BE : pattern->encoding) == TSCOPE_PROBE_NO_MEMORY)
            return TSCOPE_PROBE_NO_MEMORY;
    }
    return TSCOPE_PROBE_NOTHING;
}

enum tscope_probe
tscope_prime_search_numbers(const struct tscope_prime_search *search, size_t from, size_t to)
{
    const struct tscope_prime_keys *keys = search->keys;
    enum tscope_probe answer = TSCOPE_PROBE_NOTHING;

    for (size_t i = 0; i < keys->groups_len && answer != TSCOPE_PROBE_NO_MEMORY; i++) {
        for (int order = 0; order < TSCOPE_PRIME_ORDERS && answer != TSCOPE_PROBE_NO_MEMORY; order++)
            answer = search_way(search, &keys->groups[i], (enum tscope_prime_order)order, from, to - from);
        if (answer != TSCOPE_PROBE_NO_MEMORY)
            answer = search_digits(search, &keys->groups[i], from, to - from);
    }
    for (size_t i = 0; i < keys->len && answer != TSCOPE_PROBE_NO_MEMORY; i++) {
        for (int order = 0; keys->list[i].has_exponent && order < TSCOPE_PRIME_ORDERS && answer != TSCOPE_PROBE_NO_MEMORY; order++)
            answer = search_exponent(search, &keys->list[i], (enum tscope_prime_order)order, from, to - from);
    }
    return answer == TSCOPE_PROBE_NO_MEMORY ? answer : TSCOPE_PROBE_NOTHING;
}
