/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/curve_number.h"

#include "core/base64url.h"
#include "core/error.h"
#include "crypto/curve_trial.h"
#include "keys/keyring.h"
#include "scan/near_copy.h"

#define BLOCK 1024u
#define NEAR 4096u /* around a copy of the public half every number is tried */
#define WIDTH_MAX 66
#define PATTERNS 3
#define ZEROS_MAX 4 /* of a random number more are zero once in millions */

struct curve_key {
    const tscope_key *key;
    size_t width;
    uint8_t x[WIDTH_MAX], y[WIDTH_MAX];
    tscope_curve_trial *trial;
    struct tscope_prime_patterns patterns; /* ways in which x is written */
    struct tscope_near_copy near;
};

struct tscope_curve_finder {
    struct tscope_key_prover prover;
    struct tscope_arena arena;
    struct curve_key *keys;
    size_t keys_len;
};

struct search {
    tscope_curve_finder *finder;
    const struct tscope_window *window;
    tscope_prime_emit *emit;
    void *user;
};

static bool
pad(struct tscope_span number, uint8_t *out, size_t width)
{
    while (number.len && number.data[0] == 0)
        number = tscope_span_of(number.data + 1, number.len - 1);
    if (number.len > width)
        return false;
    memset(out, 0, width);
    memcpy(out + width - number.len, number.data, number.len);
    return true;
}

static bool
add_pattern(struct curve_key *key, struct tscope_arena *arena, const uint8_t *bytes, size_t len)
{
    struct tscope_span copy = tscope_arena_copy(arena, tscope_span_of(bytes, len));

    key->patterns.list[key->patterns.len++] = (struct tscope_prime_pattern){.bytes = copy};
    return copy.data != NULL;
}

/* Highest byte first as points and blobs have it, lowest first as libraries do, and as JWKs have it. */
static bool
add_patterns(struct curve_key *key, struct tscope_arena *arena)
{
    struct tscope_buffer text = {.arena = arena};
    uint8_t reversed[WIDTH_MAX];

    key->patterns.list = tscope_arena_zeroed(arena, PATTERNS, sizeof(*key->patterns.list));
    if (!key->patterns.list)
        return false;
    for (size_t i = 0; i < key->width; i++)
        reversed[i] = key->x[key->width - 1 - i];
    tscope_base64url_encode(&text, key->x, key->width);
    return !text.failed && add_pattern(key, arena, key->x, key->width) && add_pattern(key, arena, reversed, key->width) &&
           add_pattern(key, arena, text.data, text.len) && tscope_prime_patterns_index(&key->patterns, arena);
}

/* False: out of memory. */
static bool
add_key(tscope_curve_finder *finder, const tscope_key *key)
{
    struct curve_key *added = &finder->keys[finder->keys_len];
    const struct tscope_key_numbers *numbers = &key->numbers;

    *added = (struct curve_key){.key = key, .width = tscope_curve_width(numbers->curve)};
    if (numbers->type != TSCOPE_KEY_EC || tscope_key_numbers_check(numbers) != TSCOPE_KEY_FLAW_NONE ||
        !pad(numbers->x, added->x, added->width) || !pad(numbers->y, added->y, added->width))
        return true;
    for (size_t i = 0; i < finder->keys_len; i++) {
        if (finder->keys[i].width == added->width && memcmp(finder->keys[i].x, added->x, added->width) == 0)
            return true;
    }
    added->trial = tscope_curve_trial_new(finder->prover.crypto, numbers->curve, tscope_span_of(added->x, added->width));
    if (!added->trial)
        return false;
    finder->keys_len++;
    return add_patterns(added, &finder->arena);
}

enum tscope_status
tscope_curve_finder_new(const tscope_keyring *private_of, tscope_curve_finder **ret_finder, struct tscope_error *err)
{
    TSCOPE_AUTO(tscope_curve_finder) *finder = tscope_alloc_zeroed(1, sizeof(*finder));
    size_t keys = tscope_keyring_count(private_of);

    if (!finder)
        return tscope_error_no_memory(err);
    finder->prover = (struct tscope_key_prover){tscope_keyring_crypto(private_of), private_of};
    finder->keys = tscope_arena_zeroed(&finder->arena, keys + 1, sizeof(*finder->keys));
    for (size_t i = 0; i < keys; i++) {
        if (!finder->keys || !add_key(finder, tscope_keyring_key(private_of, i)))
            return tscope_error_no_memory(err);
    }
    *ret_finder = TSCOPE_STEAL(finder);
    return TSCOPE_OK;
}

void
tscope_curve_finder_free(tscope_curve_finder *finder)
{
    if (!finder)
        return;
    for (size_t i = 0; i < finder->keys_len; i++)
        tscope_curve_trial_free(finder->keys[i].trial);
    tscope_arena_clear(&finder->arena);
    tscope_free(finder);
}

size_t
tscope_curve_finder_ahead(const tscope_curve_finder *finder)
{
    return finder->keys_len ? 2 * BLOCK + NEAR : 0;
}

void
tscope_curve_finder_begin(tscope_curve_finder *finder)
{
    for (size_t i = 0; i < finder->keys_len; i++)
        finder->keys[i].near = (struct tscope_near_copy){.found = false};
}

/* Text and what is mostly zero are no random numbers. */
static bool
may_be_random(const uint8_t *bytes, size_t len)
{
    size_t zeros = 0;
    uint8_t any = 0;

    for (size_t i = 0; i < len; i++) {
        zeros += bytes[i] == 0;
        any |= bytes[i];
    }
    return zeros <= ZEROS_MAX && (any & 0x80);
}

static enum tscope_probe
deliver(const struct search *search, const struct curve_key *key, struct tscope_span d, const char *layout, size_t begin)
{
    const struct tscope_key_numbers *numbers = &key->key->numbers;
    const struct tscope_key_candidate candidate = {
        .form = "raw-number",
        .component = "d",
        .layout = layout,
        .numbers = {.open = {.type = TSCOPE_KEY_EC,
                             .curve = numbers->curve,
                             .x = tscope_span_of(key->x, key->width),
                             .y = tscope_span_of(key->y, key->width)},
                    .d = d},
    };
    struct tscope_key_place place = {.begin = begin, .end = begin + key->width, .encoding = TSCOPE_FIND_ENCODING_ASCII};

    if (tscope_found_key_prove(&search->finder->prover, &candidate, &place.key, NULL) != TSCOPE_OK)
        return TSCOPE_PROBE_NO_MEMORY;
    return place.key ? search->emit(search->user, &place) : TSCOPE_PROBE_NOTHING;
}

static enum tscope_probe
try_place(const struct search *search, const struct curve_key *key, size_t at)
{
    const uint8_t *bytes = search->window->bytes + at;
    struct tscope_span d = tscope_span_of(bytes, key->width);
    enum tscope_probe answer = TSCOPE_PROBE_NOTHING;
    uint8_t reversed[WIDTH_MAX];

    if (!may_be_random(bytes, key->width))
        return TSCOPE_PROBE_NOTHING;
    if (tscope_curve_trial_fits(key->trial, d))
        answer = deliver(search, key, d, "be", at);
    for (size_t i = 0; i < key->width; i++)
        reversed[i] = bytes[key->width - 1 - i];
    d = tscope_span_of(reversed, key->width);
    if (answer == TSCOPE_PROBE_NOTHING && tscope_curve_trial_fits(key->trial, d))
        answer = deliver(search, key, d, "le", at);
    tscope_wipe(reversed, sizeof(reversed));
    return answer;
}

static enum tscope_probe
search_block(void *user, uint64_t block, size_t from, size_t to)
{
    const struct search *search = user;

    for (size_t i = 0; i < search->finder->keys_len; i++) {
        struct curve_key *key = &search->finder->keys[i];

        if (!tscope_near_copy_of(&key->near, &key->patterns, search->window, block, BLOCK, NEAR))
            continue;
        for (size_t at = from; at < to && search->window->len - at >= key->width; at++) {
            if (try_place(search, key, at) == TSCOPE_PROBE_NO_MEMORY)
                return TSCOPE_PROBE_NO_MEMORY;
        }
    }
    return TSCOPE_PROBE_NOTHING;
}

enum tscope_probe
tscope_curve_scan(tscope_curve_finder *finder, const struct tscope_window *window, size_t from, size_t to, tscope_prime_emit *emit,
                  void *user)
{
    struct search search = {finder, window, emit, user};

    return finder->keys_len ? tscope_blocks_walk(window, from, to, BLOCK, search_block, &search) : TSCOPE_PROBE_NOTHING;
}
