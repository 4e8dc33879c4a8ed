/* SPDX-License-Identifier: Apache-2.0 */
#include "inspect/batch_memory.h"

#include <pthread.h>

#include "core/alloc.h"

/*
 * Shards with a lock each, so that threads seldom wait for one another. A shard is an open-addressed table that doubles at three
 * quarters, and a ring of texts. A table that may not grow any more, or in which a run of taken places is too long (digests can be
 * searched for), gives up the token that stands at the new one's own place: what stood behind it in the run may then not be found,
 * and is judged again.
 */

#define SHARDS 64
#define KEPT 20 /* bytes of the digest */
#define SLOTS_MIN 16
#define RUN_MAX 64
#define TEXT_NONE UINT64_MAX

/* 32 bytes */
struct slot {
    uint64_t text_at; /* in the shard's ring, counted from its first byte ever; TEXT_NONE: none */
    uint8_t digest[KEPT];
    uint8_t is_taken, verdict, is_uncertain, reserved;
};

struct shard {
    pthread_mutex_t lock;
    struct slot *slots;
    size_t slots_len, taken, slots_max;
    uint8_t *ring;
    size_t ring_len;
    uint64_t ring_end; /* bytes written, ever */
    uint64_t different, forgotten;
};

struct tscope_batch_memory {
    struct shard shards[SHARDS];
    size_t ready; /* shards whose lock exists */
};

struct tscope_batch_memory *
tscope_batch_memory_new(size_t tokens_max, size_t texts_max)
{
    struct tscope_batch_memory *memory = tscope_alloc_zeroed(1, sizeof(*memory));
    size_t slots_max = SLOTS_MIN;

    if (!memory)
        return NULL;
    while (slots_max / 4 * 3 < tokens_max / SHARDS && slots_max <= SIZE_MAX / 2 / sizeof(struct slot))
        slots_max *= 2;
    for (; memory->ready < SHARDS; memory->ready++) {
        struct shard *shard = &memory->shards[memory->ready];

        shard->slots_max = slots_max;
        shard->ring_len = texts_max / SHARDS;
        if (pthread_mutex_init(&shard->lock, NULL) != 0) {
            tscope_batch_memory_free(memory);
            return NULL;
        }
    }
    return memory;
}

void
tscope_batch_memory_free(struct tscope_batch_memory *memory)
{
    if (!memory)
        return;
    for (size_t i = 0; i < memory->ready; i++) {
        pthread_mutex_destroy(&memory->shards[i].lock);
        tscope_free(memory->shards[i].slots);
        tscope_free(memory->shards[i].ring);
    }
    tscope_free(memory);
}

static struct shard *
shard_of(struct tscope_batch_memory *memory, const uint8_t *digest)
{
    return &memory->shards[digest[TSCOPE_BATCH_DIGEST_LEN - 1] % SHARDS];
}

static size_t
place_of(const struct shard *shard, const uint8_t *digest)
{
    uint64_t number;

    memcpy(&number, digest, sizeof(number));
    return (size_t)number & (shard->slots_len - 1);
}

/* The slot of a digest, or the free one where it would stand; NULL: neither within a run. */
static struct slot *
find_slot(const struct shard *shard, const uint8_t *digest)
{
    size_t place;

    if (shard->slots_len == 0)
        return NULL;
    place = place_of(shard, digest);
    for (size_t run = 0; run < RUN_MAX && run < shard->slots_len; run++) {
        struct slot *slot = &shard->slots[(place + run) & (shard->slots_len - 1)];

        if (!slot->is_taken || memcmp(slot->digest, digest, KEPT) == 0)
            return slot;
    }
    return NULL;
}

/* False: there is no memory for it, or it may not. */
static bool
grow(struct shard *shard)
{
    size_t len = shard->slots_len ? shard->slots_len * 2 : SLOTS_MIN;
    struct shard grown = *shard;

    if (len > shard->slots_max)
        return false;
    grown.slots = tscope_alloc_zeroed(len, sizeof(*grown.slots));
    if (!grown.slots)
        return false;
    grown.slots_len = len;
    grown.taken = 0;
    for (size_t i = 0; i < shard->slots_len; i++) {
        struct slot *slot = shard->slots[i].is_taken ? find_slot(&grown, shard->slots[i].digest) : NULL;

        if (!slot) {
            grown.forgotten += shard->slots[i].is_taken;
            continue;
        }
        *slot = shard->slots[i];
        grown.taken++;
    }
    tscope_free(shard->slots);
    shard->slots = grown.slots;
    shard->slots_len = grown.slots_len;
    shard->taken = grown.taken;
    shard->forgotten = grown.forgotten;
    return true;
}

/* ---- texts: a length and the bytes, whole, so that the end of the ring may stay empty */

static uint64_t
keep_text(struct shard *shard, struct tscope_span text)
{
    uint32_t len = (uint32_t)text.len;
    size_t need = sizeof(len) + text.len, at;

    if (!text.data || text.len > UINT32_MAX - 64 || need > shard->ring_len)
        return TEXT_NONE;
    if (!shard->ring) {
        shard->ring = tscope_alloc(shard->ring_len);
        if (!shard->ring)
            return TEXT_NONE;
    }
    at = (size_t)(shard->ring_end % shard->ring_len);
    if (shard->ring_len - at < need) {
        shard->ring_end += shard->ring_len - at;
        at = 0;
    }
    memcpy(shard->ring + at, &len, sizeof(len));
    memcpy(shard->ring + at + sizeof(len), text.data, text.len);
    shard->ring_end += need;
    return shard->ring_end - need;
}

/* data NULL: it was written over. */
static struct tscope_span
text_at(const struct shard *shard, uint64_t text_at)
{
    const uint8_t *text;
    uint32_t len;

    if (text_at == TEXT_NONE || shard->ring_end - text_at > shard->ring_len)
        return (struct tscope_span){NULL, 0};
    text = shard->ring + text_at % shard->ring_len;
    memcpy(&len, text, sizeof(len));
    return tscope_span_of(text + sizeof(len), len);
}

bool
tscope_batch_memory_find(struct tscope_batch_memory *memory, const uint8_t digest[TSCOPE_BATCH_DIGEST_LEN],
                         struct tscope_batch_verdict *ret_verdict, struct tscope_buffer *text)
{
    struct shard *shard = shard_of(memory, digest);
    const struct slot *slot;
    struct tscope_span kept = {NULL, 0};
    bool found;

    pthread_mutex_lock(&shard->lock);
    slot = find_slot(shard, digest);
    found = slot && slot->is_taken;
    if (found)
        *ret_verdict = (struct tscope_batch_verdict){.verdict = slot->verdict, .is_uncertain = slot->is_uncertain};
    if (found && text) {
        kept = text_at(shard, slot->text_at);
        tscope_buffer_reset(text);
        tscope_buffer_append(text, kept.data, kept.len);
        found = kept.data && !text->failed;
    }
    pthread_mutex_unlock(&shard->lock);
    return found;
}

/* The slot for a token, which may push another one out; NULL: no memory at all. */
static struct slot *
make_slot(struct shard *shard, const uint8_t *digest)
{
    struct slot *slot = find_slot(shard, digest);

    if (slot && slot->is_taken)
        return slot;
    if (!slot || (shard->taken + 1) * 4 > shard->slots_len * 3)
        slot = grow(shard) ? find_slot(shard, digest) : slot;
    if (slot && !slot->is_taken && (shard->taken + 1) * 4 <= shard->slots_len * 3) {
        shard->taken++;
    } else {
        if (shard->slots_len == 0)
            return NULL;
        slot = &shard->slots[place_of(shard, digest)];
        shard->forgotten += slot->is_taken;
        shard->taken += !slot->is_taken;
    }
    shard->different++;
    *slot = (struct slot){.is_taken = true, .text_at = TEXT_NONE};
    memcpy(slot->digest, digest, KEPT);
    return slot;
}

void
tscope_batch_memory_keep(struct tscope_batch_memory *memory, const uint8_t digest[TSCOPE_BATCH_DIGEST_LEN],
                         struct tscope_batch_verdict verdict, struct tscope_span text)
{
    struct shard *shard = shard_of(memory, digest);
    struct slot *slot;

    pthread_mutex_lock(&shard->lock);
    slot = make_slot(shard, digest);
    if (slot) {
        slot->verdict = verdict.verdict;
        slot->is_uncertain = verdict.is_uncertain;
        slot->text_at = keep_text(shard, text);
    }
    pthread_mutex_unlock(&shard->lock);
}

void
tscope_batch_memory_count(struct tscope_batch_memory *memory, uint64_t *ret_different, uint64_t *ret_forgotten)
{
    *ret_different = *ret_forgotten = 0;
    for (size_t i = 0; i < SHARDS; i++) {
        pthread_mutex_lock(&memory->shards[i].lock);
        *ret_different += memory->shards[i].different;
        *ret_forgotten += memory->shards[i].forgotten;
        pthread_mutex_unlock(&memory->shards[i].lock);
    }
}
