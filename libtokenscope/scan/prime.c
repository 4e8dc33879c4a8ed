/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/prime.h"

#include "core/base64url.h"
#include "core/error.h"
#include "crypto/divisor.h"
#include "crypto/exponent.h"
#include "crypto/rsa_parts.h"
#include "keys/keyring.h"
#include "scan/key_text.h"
#include "scan/prime_patterns.h"
#include "scan/prime_sieve.h"

#define BLOCK 4096u
#define BLOCK_MASKS (BLOCK / 32)
#define NEAR (64u << 10) /* around a copy of a modulus all places are searched */
#define BYTES_MAX (2 * 8 * TSCOPE_DIVISOR_WORDS_MAX)
#define PRIME_BYTES_MAX (8 * TSCOPE_DIVISOR_WORDS_MAX)
#define DIGIT_BITS 30 /* of an int in CPython */
#define DIGITS_MAX (PRIME_BYTES_MAX * 8 / DIGIT_BITS + 1)
#define PATTERNS 5 /* ways in which a modulus is written */

/* A key whose private half is sought; numbers of the keyring. */
struct sought {
    struct tscope_span n, e;
    size_t words; /* of a prime */
    bool has_exponent;
    struct tscope_exponent exponent;
};

/* Those whose primes are of one length are asked together. */
struct group {
    size_t words;
    tscope_divisor *divisor;
    uint32_t *numbers; /* of the divisor's moduli: which key */
};

/* Numbers that wait until eight can be asked about at once. */
struct lanes {
    uint64_t numbers[TSCOPE_DIVISOR_WORDS_MAX][TSCOPE_DIVISOR_LANES];
    size_t begins[TSCOPE_DIVISOR_LANES];
    size_t len;
};

struct tscope_prime_finder {
    struct tscope_key_prover prover;
    enum tscope_prime_depth depth;
    struct tscope_arena arena;
    struct sought *keys;
    size_t keys_len;
    struct group *groups;
    size_t groups_len;
    struct tscope_prime_patterns patterns;
    size_t ahead;
    struct lanes lanes;
    /* aligned: how far copies of a modulus were looked for, and the last one */
    bool has_near;
    uint64_t near_to, near_last;
    bool near_found;
};

/* One call. */
struct search {
    tscope_prime_finder *finder;
    const struct tscope_window *window;
    tscope_prime_emit *emit;
    void *user;
    bool everywhere; /* in this block */
};

static bool
is_deep(const struct search *search)
{
    return search->finder->depth == TSCOPE_PRIME_DEEP;
}

static uint64_t
little64(const uint8_t *bytes)
{
    return (uint64_t)bytes[7] << 56 | (uint64_t)bytes[6] << 48 | (uint64_t)bytes[5] << 40 | (uint64_t)bytes[4] << 32 |
           (uint64_t)bytes[3] << 24 | (uint64_t)bytes[2] << 16 | (uint64_t)bytes[1] << 8 | bytes[0];
}

static uint64_t
big64(const uint8_t *bytes)
{
    return __builtin_bswap64(little64(bytes));
}

/* Two words of 32 bits, the higher one first, each with its lowest byte first: int[] of Java. */
static uint64_t
mixed64(const uint8_t *bytes)
{
    uint64_t both = little64(bytes);

    return both << 32 | both >> 32;
}

/* ---- the keys */

static bool
is_same_number(struct tscope_span a, struct tscope_span b)
{
    return tscope_span_equal(a, b);
}

static struct tscope_span
strip(struct tscope_span number)
{
    while (number.len && number.data[0] == 0)
        number = tscope_span_of(number.data + 1, number.len - 1);
    return number;
}

static void
add_key(tscope_prime_finder *finder, const tscope_key *key)
{
    struct sought sought = {.n = strip(key->numbers.n), .e = strip(key->numbers.e)};

    if (key->numbers.type != TSCOPE_KEY_RSA || tscope_key_numbers_check(&key->numbers) != TSCOPE_KEY_FLAW_NONE)
        return;
    sought.words = tscope_divisor_words(sought.n);
    for (size_t i = 0; sought.words && i < finder->keys_len; i++) {
        if (is_same_number(finder->keys[i].n, sought.n))
            return;
    }
    if (!sought.words)
        return;
    sought.has_exponent = tscope_exponent_prepare(sought.n, sought.e, &sought.exponent);
    finder->keys[finder->keys_len++] = sought;
}

static bool
add_group(tscope_prime_finder *finder, size_t words)
{
    struct group *group = &finder->groups[finder->groups_len];
    struct tscope_span *moduli = tscope_alloc_zeroed(finder->keys_len, sizeof(*moduli));
    size_t len = 0;

    group->words = words;
    group->numbers = tscope_arena_zeroed(&finder->arena, finder->keys_len, sizeof(*group->numbers));
    for (size_t i = 0; moduli && group->numbers && i < finder->keys_len; i++) {
        if (finder->keys[i].words != words)
            continue;
        group->numbers[len] = (uint32_t)i;
        moduli[len++] = finder->keys[i].n;
    }
    if (len)
        group->divisor = tscope_divisor_new(moduli, len);
    tscope_free(moduli);
    finder->groups_len += group->divisor != NULL;
    return group->divisor != NULL;
}

static bool
add_groups(tscope_prime_finder *finder)
{
    finder->groups = tscope_arena_zeroed(&finder->arena, finder->keys_len + 1, sizeof(*finder->groups));
    for (size_t i = 0; finder->groups && i < finder->keys_len; i++) {
        bool is_new = true;

        for (size_t j = 0; j < finder->groups_len; j++)
            is_new &= finder->groups[j].words != finder->keys[i].words;
        if (is_new && !add_group(finder, finder->keys[i].words))
            return false;
    }
    return finder->groups != NULL;
}

static void
add_pattern(tscope_prime_finder *finder, struct tscope_span bytes, const char *layout, enum tscope_find_encoding encoding, size_t key)
{
    finder->patterns.list[finder->patterns.len++] = (struct tscope_prime_pattern){bytes, layout, encoding, (uint32_t)key};
    if (bytes.len > finder->ahead)
        finder->ahead = bytes.len;
}

/* The bytes of n in another order: by runs of so many bytes from the end, each turned round or not. */
static struct tscope_span
reorder(struct tscope_arena *arena, struct tscope_span n, size_t run)
{
    uint8_t *bytes = tscope_arena_alloc(arena, n.len);

    for (size_t i = 0; bytes && i < n.len; i++)
        bytes[i] = run == n.len ? n.data[n.len - 1 - i] : n.data[i - i % run + run - 1 - i % run];
    return tscope_span_of(bytes, bytes ? n.len : 0);
}

/* UTF-16 of either order, from the first letter to the last. */
static struct tscope_span
widen(struct tscope_arena *arena, struct tscope_span text)
{
    uint8_t *bytes = tscope_arena_zeroed(arena, text.len, 2);

    for (size_t i = 0; bytes && i < text.len; i++)
        bytes[2 * i] = text.data[i];
    return tscope_span_of(bytes, bytes && text.len ? 2 * text.len - 1 : 0);
}

static bool
add_patterns(tscope_prime_finder *finder, size_t number)
{
    struct tscope_span n = finder->keys[number].n, text;
    struct tscope_buffer buffer = {.arena = &finder->arena};
    size_t first = finder->patterns.len;

    tscope_base64url_encode(&buffer, n.data, n.len);
    text = tscope_span_of(buffer.data, buffer.failed ? 0 : buffer.len);
    add_pattern(finder, n, "be", TSCOPE_FIND_ENCODING_ASCII, number);
    add_pattern(finder, reorder(&finder->arena, n, n.len), "le", TSCOPE_FIND_ENCODING_ASCII, number);
    add_pattern(finder, reorder(&finder->arena, n, 4), "be-of-le32", TSCOPE_FIND_ENCODING_ASCII, number);
    add_pattern(finder, text, "base64url", TSCOPE_FIND_ENCODING_ASCII, number);
    add_pattern(finder, widen(&finder->arena, text), "base64url", TSCOPE_FIND_ENCODING_UTF16LE, number);
    for (size_t i = first; i < finder->patterns.len; i++) {
        if (!finder->patterns.list[i].bytes.len)
            return false;
    }
    return true;
}

static bool
prepare(tscope_prime_finder *finder, const tscope_keyring *private_of)
{
    size_t keys = tscope_keyring_count(private_of);

    finder->keys = tscope_arena_zeroed(&finder->arena, keys + 1, sizeof(*finder->keys));
    for (size_t i = 0; finder->keys && i < keys; i++)
        add_key(finder, tscope_keyring_key(private_of, i));
    if (!finder->keys || !add_groups(finder))
        return false;
    finder->patterns.list = tscope_arena_zeroed(&finder->arena, finder->keys_len * PATTERNS + 1, sizeof(*finder->patterns.list));
    for (size_t i = 0; finder->patterns.list && i < finder->keys_len; i++) {
        if (!add_patterns(finder, i))
            return false;
    }
    finder->ahead += BLOCK;
    if (finder->depth == TSCOPE_PRIME_ALIGNED)
        finder->ahead += NEAR + BLOCK;
    return finder->patterns.list && tscope_prime_patterns_index(&finder->patterns, &finder->arena);
}

enum tscope_status
tscope_prime_finder_new(const tscope_keyring *private_of, enum tscope_prime_depth depth, tscope_prime_finder **ret_finder,
                        struct tscope_error *err)
{
    TSCOPE_AUTO(tscope_prime_finder) *finder = tscope_alloc_zeroed(1, sizeof(*finder));

    if (!finder)
        return tscope_error_no_memory(err);
    finder->prover = (struct tscope_key_prover){tscope_keyring_crypto(private_of), private_of};
    finder->depth = depth;
    if (!prepare(finder, private_of))
        return tscope_error_no_memory(err);
    *ret_finder = TSCOPE_STEAL(finder);
    return TSCOPE_OK;
}

void
tscope_prime_finder_free(tscope_prime_finder *finder)
{
    if (!finder)
        return;
    for (size_t i = 0; i < finder->groups_len; i++)
        tscope_divisor_free(finder->groups[i].divisor);
    tscope_arena_clear(&finder->arena);
    tscope_free(finder);
}

size_t
tscope_prime_finder_keys(const tscope_prime_finder *finder)
{
    return finder->keys_len;
}

size_t
tscope_prime_finder_ahead(const tscope_prime_finder *finder)
{
    return finder->ahead;
}

void
tscope_prime_finder_begin(tscope_prime_finder *finder)
{
    finder->has_near = false;
}

/* ---- what is found */

static enum tscope_probe
deliver(const struct search *search, const struct tscope_key_candidate *candidate, size_t begin, size_t len,
        enum tscope_find_encoding encoding)
{
    struct tscope_key_place place = {.begin = begin, .end = begin + len, .encoding = encoding};

    if (tscope_found_key_prove(&search->finder->prover, candidate, &place.key, NULL) != TSCOPE_OK)
        return TSCOPE_PROBE_NO_MEMORY;
    return place.key ? search->emit(search->user, &place) : TSCOPE_PROBE_NOTHING;
}

/* The larger prime is p, as keys have it (RFC 8017 section 3.2 leaves it open, and libraries do not). */
static enum tscope_probe
deliver_prime(const struct search *search, const struct sought *key, struct tscope_span prime, const char *layout, size_t begin, size_t len)
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

/* The words of a number, highest byte first. */
static struct tscope_span
spell(const uint64_t *number, size_t words, uint8_t *out)
{
    for (size_t i = 0; i < words; i++) {
        for (size_t j = 0; j < 8; j++)
            out[8 * i + j] = (uint8_t)(number[words - 1 - i] >> (56 - 8 * j));
    }
    return tscope_span_of(out, 8 * words);
}

static enum tscope_probe
ask(const struct search *search, const struct group *group, const uint64_t *number, const char *layout, size_t begin, size_t len)
{
    uint8_t bytes[PRIME_BYTES_MAX];
    enum tscope_probe answer;
    size_t modulus;

    if (number[group->words - 1] >> 48 < tscope_divisor_floor(group->divisor))
        return TSCOPE_PROBE_NOTHING;
    modulus = tscope_divisor_find(group->divisor, number);
    if (modulus == SIZE_MAX)
        return TSCOPE_PROBE_NOTHING;
    answer = deliver_prime(search, &search->finder->keys[group->numbers[modulus]], spell(number, group->words, bytes), layout, begin, len);
    tscope_wipe(bytes, sizeof(bytes));
    return answer;
}

/* ---- the ways in which words lie in memory */

static void
load_little(const uint8_t *bytes, size_t words, uint64_t *number)
{
    for (size_t i = 0; i < words; i++)
        number[i] = little64(bytes + 8 * i);
}

static void
load_big(const uint8_t *bytes, size_t words, uint64_t *number)
{
    for (size_t i = 0; i < words; i++)
        number[i] = big64(bytes + 8 * (words - 1 - i));
}

static void
load_mixed(const uint8_t *bytes, size_t words, uint64_t *number)
{
    for (size_t i = 0; i < words; i++)
        number[i] = mixed64(bytes + 8 * (words - 1 - i));
}

static const struct way {
    const char *name;
    void (*load)(const uint8_t *bytes, size_t words, uint64_t *number);
    unsigned step;         /* of places in the stream, when not all are searched */
    unsigned closest_step; /* the same, where all are */
} ways[] = {{"le", load_little, 8, 1}, {"be", load_big, 0, 1}, {"be-of-le32", load_mixed, 4, 4}};

enum { WAY_LITTLE, WAY_BIG, WAY_MIXED };

/* Distance of the places that are searched; 0: none are. */
static unsigned
step_of(const struct search *search, size_t way)
{
    if (is_deep(search))
        return 1;
    return search->everywhere ? ways[way].closest_step : ways[way].step;
}

static struct tscope_prime_layout
layout_of(size_t way, size_t len)
{
    switch (way) {
    case WAY_LITTLE:
        return (struct tscope_prime_layout){len - 1, 0};
    case WAY_BIG:
        return (struct tscope_prime_layout){0, len - 1};
    default:
        return (struct tscope_prime_layout){3, len - 4};
    }
}

/* Bit i of a mask: the place offset + i of the stream is a multiple of step. */
static uint32_t
mask_of_step(uint64_t offset, unsigned step)
{
    uint32_t mask = 0;

    for (unsigned i = 0; i < 32; i++)
        mask |= (uint32_t)((offset + i) % step == 0) << i;
    return mask;
}

/* Fills masks of a block's places; of those whose number would end behind the window none is set. */
static void
sieve(const struct search *search, size_t from, size_t places, size_t len, const struct tscope_prime_layout *layout, uint8_t floor,
      uint32_t *masks)
{
    const struct tscope_window *window = search->window;
    size_t words = (places + 31) / 32, whole = 0;
    uint8_t rest[32 + PRIME_BYTES_MAX + 32];

    if (window->len - from >= len + 31)
        whole = (window->len - from - len - 31) / 32 + 1;
    if (whole > words)
        whole = words;
    tscope_prime_sieve(window->bytes + from, whole, layout, floor, masks);
    for (size_t word = whole; word < words; word++) {
        size_t at = from + 32 * word, left = at < window->len ? window->len - at : 0;

        memset(rest, 0, sizeof(rest));
        memcpy(rest, window->bytes + from + (left ? 32 * word : 0), left < sizeof(rest) ? left : sizeof(rest));
        tscope_prime_sieve_plain(rest, 1, layout, floor, &masks[word]);
        masks[word] &= left < len ? 0 : left - len >= 31 ? UINT32_MAX : (2u << (left - len)) - 1;
    }
    if (places % 32)
        masks[words - 1] &= (1u << places % 32) - 1;
}

static enum tscope_probe
ask_at(const struct search *search, const struct group *group, size_t way, size_t begin)
{
    uint64_t number[TSCOPE_DIVISOR_WORDS_MAX];
    enum tscope_probe answer;

    ways[way].load(search->window->bytes + begin, group->words, number);
    answer = ask(search, group, number, ways[way].name, begin, 8 * group->words);
    if (answer != TSCOPE_PROBE_NOTHING)
        tscope_wipe(number, sizeof(number));
    return answer;
}

/* Lanes that were not filled hold what was asked about before, or 0: neither is looked at. */
static enum tscope_probe
ask_lanes(const struct search *search, const struct group *group, size_t way, struct lanes *lanes)
{
    unsigned found = lanes->len ? tscope_divisor_filter(group->divisor, (const uint64_t(*)[TSCOPE_DIVISOR_LANES])lanes->numbers) : 0;
    enum tscope_probe answer = TSCOPE_PROBE_NOTHING;

    for (size_t i = 0; i < lanes->len && answer != TSCOPE_PROBE_NO_MEMORY; i++) {
        if (found & 1u << i)
            answer = ask_at(search, group, way, lanes->begins[i]);
    }
    if (found)
        tscope_wipe(lanes->numbers, sizeof(lanes->numbers));
    lanes->len = 0;
    return answer;
}

static enum tscope_probe
ask_soon(const struct search *search, const struct group *group, size_t way, size_t begin, struct lanes *lanes)
{
    const uint8_t *bytes = search->window->bytes + begin;
    uint64_t number[TSCOPE_DIVISOR_WORDS_MAX];

    if (!tscope_divisor_has_lanes(group->divisor))
        return ask_at(search, group, way, begin);
    ways[way].load(bytes, group->words, number);
    if (number[group->words - 1] >> 48 < tscope_divisor_floor(group->divisor))
        return TSCOPE_PROBE_NOTHING;
    for (size_t i = 0; i < group->words; i++)
        lanes->numbers[i][lanes->len] = number[i];
    lanes->begins[lanes->len++] = begin;
    return lanes->len == TSCOPE_DIVISOR_LANES ? ask_lanes(search, group, way, lanes) : TSCOPE_PROBE_NOTHING;
}

static enum tscope_probe
search_way(const struct search *search, const struct group *group, size_t way, size_t from, size_t places)
{
    size_t len = 8 * group->words;
    unsigned step = step_of(search, way);
    const struct tscope_prime_layout layout = layout_of(way, len);
    uint32_t masks[BLOCK_MASKS], aligned;
    struct lanes *lanes = &search->finder->lanes;

    if (!step)
        return TSCOPE_PROBE_NOTHING;
    aligned = mask_of_step(search->window->offset + from, step);
    sieve(search, from, places, len, &layout, (uint8_t)(tscope_divisor_floor(group->divisor) >> 8), masks);
    for (size_t word = 0; word < (places + 31) / 32; word++) {
        for (uint32_t mask = masks[word] & aligned; mask; mask &= mask - 1) {
            size_t begin = from + 32 * word + (unsigned)__builtin_ctz(mask);

            if (ask_soon(search, group, way, begin, lanes) == TSCOPE_PROBE_NO_MEMORY)
                return TSCOPE_PROBE_NO_MEMORY;
        }
    }
    return ask_lanes(search, group, way, lanes);
}

/* ---- int of CPython: digits of 30 bits in words of 32, the lowest first */

struct digits {
    size_t len;
    uint32_t top; /* the highest digit is below this */
};

static struct digits
digits_of(size_t words)
{
    size_t bits = 64 * words, len = (bits + DIGIT_BITS - 1) / DIGIT_BITS;

    return (struct digits){len, 1u << (bits - DIGIT_BITS * (len - 1))};
}

static uint32_t
little32(const uint8_t *bytes)
{
    return (uint32_t)bytes[3] << 24 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[1] << 8 | bytes[0];
}

/* False where a word is no digit. */
static bool
load_digits(const uint8_t *bytes, size_t len, size_t words, uint64_t *number)
{
    memset(number, 0, words * sizeof(*number));
    for (size_t i = 0; i < len; i++) {
        uint32_t digit = little32(bytes + 4 * i);
        size_t word = DIGIT_BITS * i / 64, shift = DIGIT_BITS * i % 64;

        if (digit >> DIGIT_BITS)
            return false;
        number[word] |= (uint64_t)digit << shift;
        if (shift > 64 - DIGIT_BITS && word + 1 < words)
            number[word + 1] |= (uint64_t)digit >> (64 - shift);
    }
    return true;
}

static enum tscope_probe
search_digits(const struct search *search, const struct group *group, size_t from, size_t places)
{
    const struct tscope_window *window = search->window;
    struct digits digits = digits_of(group->words);
    size_t len = 4 * digits.len, step = is_deep(search) ? 1 : 4, at = from + (step - (size_t)((window->offset + from) % step)) % step;
    uint64_t number[TSCOPE_DIVISOR_WORDS_MAX];

    for (; at < from + places && window->len - at >= len; at += step) {
        uint32_t top = little32(window->bytes + at + len - 4);

        if (top - 1 >= digits.top - 1 || !(window->bytes[at] & 1))
            continue;
        if (load_digits(window->bytes + at, digits.len, group->words, number) &&
            ask(search, group, number, "cpython", at, len) == TSCOPE_PROBE_NO_MEMORY)
            return TSCOPE_PROBE_NO_MEMORY;
    }
    return TSCOPE_PROBE_NOTHING;
}

/* ---- the private exponent */

static enum tscope_probe
deliver_exponent(const struct search *search, const struct sought *key, size_t way, size_t begin)
{
    struct tscope_key_candidate candidate = {.form = "raw-number", .component = "d", .layout = ways[way].name, .is_number_proven = true};
    struct tscope_rsa_parts parts = {.room = NULL};
    enum tscope_probe answer = TSCOPE_PROBE_NOTHING;
    uint64_t number[2 * TSCOPE_DIVISOR_WORDS_MAX];
    uint8_t bytes[BYTES_MAX];
    struct tscope_span d;
    bool holds;

    ways[way].load(search->window->bytes + begin, 2 * key->words, number);
    d = spell(number, 2 * key->words, bytes);
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

/* The highest 64 bits at each place, in each of the ways; a loop of its own for each, so that it stays short. */
static enum tscope_probe
search_exponent_way(const struct search *search, const struct sought *key, size_t way, size_t from, size_t places)
{
    const struct tscope_window *window = search->window;
    const struct tscope_exponent exponent = key->exponent;
    unsigned step = step_of(search, way);
    size_t len = 16 * key->words, end = window->len < len ? 0 : window->len - len + 1, at;

    if (!step)
        return TSCOPE_PROBE_NOTHING;
    if (from + places < end)
        end = from + places;
    for (at = from + (step - (size_t)((window->offset + from) % step)) % step; at < end; at += step) {
        const uint8_t *bytes = window->bytes + at;
        uint64_t top = way == WAY_LITTLE ? little64(bytes + len - 8) : way == WAY_BIG ? big64(bytes) : mixed64(bytes);

        if (tscope_exponent_fits(&exponent, top) && deliver_exponent(search, key, way, at) == TSCOPE_PROBE_NO_MEMORY)
            return TSCOPE_PROBE_NO_MEMORY;
    }
    return TSCOPE_PROBE_NOTHING;
}

/* ---- all of it */

static enum tscope_probe
search_patterns(const struct search *search, size_t from, size_t to)
{
    const struct tscope_prime_pattern *pattern;
    size_t begin;

    while ((pattern = tscope_prime_patterns_next(&search->finder->patterns, search->window, &from, to, &begin))) {
        const struct sought *key = &search->finder->keys[pattern->number];
        const struct tscope_key_candidate candidate = {.form = "raw-number",
                                                       .component = "n",
                                                       .layout = pattern->layout,
                                                       .is_public = true,
                                                       .numbers = {.open = {.type = TSCOPE_KEY_RSA, .n = key->n, .e = key->e}}};

        size_t last = begin + pattern->bytes.len - 1;
        bool is_wide = pattern->encoding == TSCOPE_FIND_ENCODING_UTF16LE;
        bool is_big = is_wide && tscope_key_text_is_big_endian(search->window, begin, last);

        if (deliver(search, &candidate, begin - is_big, pattern->bytes.len + (is_big || (is_wide && last + 1 < search->window->len)),
                    is_big ? TSCOPE_FIND_ENCODING_UTF16BE : pattern->encoding) == TSCOPE_PROBE_NO_MEMORY)
            return TSCOPE_PROBE_NO_MEMORY;
    }
    return TSCOPE_PROBE_NOTHING;
}

/* Whether a copy of a modulus begins near this block. Blocks come in order, so that one walk over the stream answers all of them. */
static bool
is_near_copy(const struct search *search, uint64_t block)
{
    tscope_prime_finder *finder = search->finder;
    const struct tscope_window *window = search->window;
    uint64_t back = block < NEAR ? 0 : block - NEAR, to = block + BLOCK + NEAR, window_end = window->offset + window->len;
    size_t from, end, begin;

    if (!finder->has_near || finder->near_to < back || finder->near_to > to) {
        finder->has_near = true;
        finder->near_found = false;
        finder->near_to = back;
    }
    if (finder->near_to < window->offset)
        finder->near_to = window->offset;
    end = (size_t)((to < window_end ? to : window_end) - window->offset);
    from = (size_t)(finder->near_to - window->offset);
    while (from < end && tscope_prime_patterns_next(&finder->patterns, window, &from, end, &begin)) {
        finder->near_found = true;
        finder->near_last = window->offset + begin;
    }
    finder->near_to = window->offset + end;
    return finder->near_found && finder->near_last >= back;
}

static enum tscope_probe
search_block(struct search *search, size_t from, size_t to)
{
    const tscope_prime_finder *finder = search->finder;
    enum tscope_probe answer = search_patterns(search, from, to);

    for (size_t i = 0; i < finder->groups_len && answer != TSCOPE_PROBE_NO_MEMORY; i++) {
        for (size_t way = 0; way < TSCOPE_COUNT(ways) && answer != TSCOPE_PROBE_NO_MEMORY; way++)
            answer = search_way(search, &finder->groups[i], way, from, to - from);
        if (answer != TSCOPE_PROBE_NO_MEMORY)
            answer = search_digits(search, &finder->groups[i], from, to - from);
    }
    for (size_t i = 0; i < finder->keys_len && answer != TSCOPE_PROBE_NO_MEMORY; i++) {
        for (size_t way = 0; finder->keys[i].has_exponent && way < TSCOPE_COUNT(ways) && answer != TSCOPE_PROBE_NO_MEMORY; way++)
            answer = search_exponent_way(search, &finder->keys[i], way, from, to - from);
    }
    return answer;
}

enum tscope_probe
tscope_prime_scan(tscope_prime_finder *finder, const struct tscope_window *window, size_t from, size_t to, tscope_prime_emit *emit,
                  void *user)
{
    struct search search = {finder, window, emit, user, finder->depth != TSCOPE_PRIME_ALIGNED};
    enum tscope_probe answer = TSCOPE_PROBE_NOTHING;

    while (finder->keys_len && from < to && answer != TSCOPE_PROBE_NO_MEMORY) {
        uint64_t block = (window->offset + from) / BLOCK * BLOCK; /* of the stream, whatever the window */
        size_t end = from + (size_t)(block + BLOCK - (window->offset + from));

        if (end > to)
            end = to;
        if (finder->depth == TSCOPE_PRIME_ALIGNED)
            search.everywhere = is_near_copy(&search, block);
        answer = search_block(&search, from, end);
        from = end;
    }
    return answer == TSCOPE_PROBE_NO_MEMORY ? answer : TSCOPE_PROBE_NOTHING;
}
