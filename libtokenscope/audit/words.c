/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/words.h"

#include "core/json.h"

struct tscope_words {
    struct tscope_arena arena;
    struct tscope_span *texts; /* by number - 1 */
    uint32_t *hashes;
    uint32_t len, capacity;
    uint32_t *slots; /* numbers; 0 is free. A power of two, at most half full */
    uint32_t slots_len;
};

/* Of one look-up, because who writes a log could make texts collide. Behind that a text gets a number again, and is then another. */
#define PROBES_MAX 64

tscope_words *
tscope_words_new(void)
{
    return tscope_alloc_zeroed(1, sizeof(tscope_words));
}

void
tscope_words_free(tscope_words *words)
{
    if (!words)
        return;
    tscope_arena_clear(&words->arena);
    tscope_free(words->texts);
    tscope_free(words->hashes);
    tscope_free(words->slots);
    tscope_free(words);
}

uint32_t
tscope_words_len(const tscope_words *words)
{
    return words->len;
}

struct tscope_span
tscope_words_text(const tscope_words *words, uint32_t number)
{
    return number == 0 || number > words->len ? (struct tscope_span){NULL, 0} : words->texts[number - 1];
}

/* The slot of a text, or the free one where it would be. NULL: too many others are in its way. */
static uint32_t *
find_slot(const tscope_words *words, struct tscope_span text, uint32_t hash)
{
    uint32_t at = hash & (words->slots_len - 1);

    for (unsigned probe = 0; probe < PROBES_MAX; probe++) {
        uint32_t number = words->slots[at];

        if (number == 0 || (words->hashes[number - 1] == hash && tscope_span_equal(words->texts[number - 1], text)))
            return &words->slots[at];
        at = (at + 1) & (words->slots_len - 1);
    }
    return NULL;
}

static bool
grow_slots(tscope_words *words)
{
    uint32_t len = words->slots_len ? words->slots_len * 2 : 256, *old = words->slots;

    words->slots = tscope_alloc_zeroed(len, sizeof(*words->slots));
    if (!words->slots) {
        words->slots = old;
        return false;
    }
    words->slots_len = len;
    for (uint32_t number = 1; number <= words->len; number++) {
        uint32_t *slot = find_slot(words, words->texts[number - 1], words->hashes[number - 1]);

        if (slot && *slot == 0)
            *slot = number;
    }
    tscope_free(old);
    return true;
}

static bool
grow_texts(tscope_words *words)
{
    uint32_t capacity = words->capacity ? words->capacity * 2 : 128;
    struct tscope_span *texts = tscope_realloc(words->texts, capacity * sizeof(*texts));
    uint32_t *hashes;

    if (!texts)
        return false;
    words->texts = texts;
    hashes = tscope_realloc(words->hashes, capacity * sizeof(*hashes));
    if (!hashes)
        return false;
    words->hashes = hashes;
    words->capacity = capacity;
    return true;
}

/* Under the next number; slot NULL: it is not found again. */
static bool
append(tscope_words *words, struct tscope_span text, uint32_t hash, uint32_t *slot)
{
    if (words->len == UINT32_MAX / 4 || (words->len == words->capacity && !grow_texts(words)))
        return false;
    words->texts[words->len] = tscope_arena_copy(&words->arena, text);
    if (!words->texts[words->len].data)
        return false;
    words->hashes[words->len++] = hash;
    if (slot && *slot == 0)
        *slot = words->len;
    return true;
}

bool
tscope_words_add(tscope_words *words, struct tscope_span text, uint32_t *ret_number)
{
    uint32_t hash, *slot;

    *ret_number = 0;
    if (!text.data || text.len == 0)
        return true;
    if ((words->len + 1) * 2 > words->slots_len && !grow_slots(words))
        return false;
    hash = tscope_hash32(text.data, text.len);
    slot = find_slot(words, text, hash);
    if (slot && *slot) {
        *ret_number = *slot;
        return true;
    }
    if (!append(words, text, hash, slot))
        return false;
    *ret_number = words->len;
    return true;
}

bool
tscope_words_append(tscope_words *words, struct tscope_span text)
{
    uint32_t hash = tscope_hash32(text.data, text.len);

    if ((words->len + 1) * 2 > words->slots_len && !grow_slots(words))
        return false;
    return append(words, text, hash, find_slot(words, text, hash));
}

uint32_t
tscope_words_find(const tscope_words *words, struct tscope_span text)
{
    uint32_t *slot = words->slots_len && text.data && text.len ? find_slot(words, text, tscope_hash32(text.data, text.len)) : NULL;

    return slot ? *slot : 0;
}
