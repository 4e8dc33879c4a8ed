/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/finds.h"

#include "core/alloc.h"
#include "scan/found_key.h"

#define FINDS_MIN 64

/* Tokens hold secrets: what is given back is wiped. */
static void
release(struct tscope_find *find)
{
    uint8_t *bytes = (uint8_t *)(uintptr_t)find->bytes; /* ours: tscope_finds_add() made it */

    if (bytes)
        tscope_wipe(bytes, find->bytes_len);
    tscope_free(bytes);
    tscope_found_key_free((tscope_found_key *)(uintptr_t)find->key); /* ours as well: it was given */
    find->bytes = NULL;
    find->key = NULL;
}

/* Room for one more behind the last. */
static bool
make_room(struct tscope_finds *finds)
{
    size_t max = finds->max ? finds->max * 2 : FINDS_MIN;
    struct tscope_find *grown;

    if (finds->first + finds->len < finds->max)
        return true;
    if (finds->first > 0 && finds->first >= finds->max / 2) {
        memmove(finds->waiting, finds->waiting + finds->first, finds->len * sizeof(*finds->waiting));
        finds->first = 0;
        return true;
    }
    grown = tscope_realloc(finds->waiting, max * sizeof(*grown));
    if (!grown)
        return false;
    finds->waiting = grown;
    finds->max = max;
    return true;
}

bool
tscope_finds_add(struct tscope_finds *finds, const struct tscope_find *find)
{
    struct tscope_find *end, *place;
    uint8_t *copy = NULL;

    if (!make_room(finds))
        return false;
    end = place = finds->waiting + finds->first + finds->len;
    while (place > finds->waiting + finds->first && place[-1].offset > find->offset)
        place--;
    if (place > finds->waiting + finds->first && place[-1].offset == find->offset && place[-1].length == find->length &&
        place[-1].kind == find->kind && find->kind == TSCOPE_FIND_TOKEN)
        return true;
    if (find->kind == TSCOPE_FIND_TOKEN) {
        copy = tscope_alloc(find->bytes_len);
        if (!copy)
            return false;
        memcpy(copy, find->bytes, find->bytes_len);
    }
    memmove(place + 1, place, (size_t)(end - place) * sizeof(*place));
    *place = *find;
    place->bytes = copy;
    finds->len++;
    return true;
}

static bool
is_key_within(const struct tscope_find *inner, const struct tscope_find *outer)
{
    return inner->kind == TSCOPE_FIND_KEY && outer->kind == TSCOPE_FIND_KEY && inner->offset >= outer->offset &&
           inner->length < outer->length && inner->offset - outer->offset <= outer->length - inner->length;
}

static bool
have_one_public_half(const tscope_found_key *a, const tscope_found_key *b)
{
    const char *thumbprint = tscope_found_key_thumbprint(a), *other = tscope_found_key_thumbprint(b);

    return thumbprint && other && strcmp(thumbprint, other) == 0;
}

bool
tscope_finds_cover(const struct tscope_finds *finds, const struct tscope_find *find)
{
    for (size_t i = finds->first; i < finds->first + finds->len; i++) {
        if (is_key_within(find, &finds->waiting[i]))
            return true;
    }
    return false;
}

void
tscope_finds_drop_within(struct tscope_finds *finds, const struct tscope_find *find)
{
    size_t to = finds->first;

    for (size_t i = finds->first; i < finds->first + finds->len; i++) {
        struct tscope_find *inner = &finds->waiting[i];

        if (is_key_within(inner, find) && have_one_public_half(inner->key, find->key))
            release(inner);
        else
            finds->waiting[to++] = *inner;
    }
    finds->len = to - finds->first;
}

void
tscope_finds_deliver(struct tscope_finds *finds, uint64_t before, tscope_scanner_deliver *deliver, void *user)
{
    while (finds->len > 0 && finds->waiting[finds->first].offset < before) {
        struct tscope_find *find = &finds->waiting[finds->first];

        deliver(user, find);
        release(find);
        finds->first++;
        finds->len--;
    }
    if (finds->len == 0)
        finds->first = 0;
}

void
tscope_finds_clear(struct tscope_finds *finds)
{
    for (size_t i = 0; i < finds->len; i++)
        release(&finds->waiting[finds->first + i]);
    tscope_free(finds->waiting);
    *finds = (struct tscope_finds){.waiting = NULL};
}
