/* SPDX-License-Identifier: Apache-2.0 */
#include "case/teller.h"

#include "core/buffer.h"
#include "core/error.h"

/* Without a case memory is bounded whatever is found: of so many different tokens it is remembered that they were judged. */
#define TOKENS_MAX (32u << 10)
#define JSON_MAX (1u << 20)

/* A parcel on its way through the batch: its finds are told one by one, keys when the tokens before them are. */
struct lot {
    tscope_parcel *parcel;
    char *path, *name;
    size_t told;
    struct lot *next;
};

struct tscope_teller {
    const struct tscope_sweep_options *options;
    tscope_batch *batch; /* NULL: no tokens are looked for */
    struct lot *first, *last;
    bool is_stopped;
};

static void
free_lot(struct lot *lot)
{
    tscope_parcel_free(lot->parcel);
    tscope_free(lot->path);
    tscope_free(lot->name);
    tscope_free(lot);
}

char *
tscope_teller_name(const char *path, struct tscope_span member)
{
    struct tscope_buffer name = {0};

    tscope_buffer_append_text(&name, path);
    if (member.len > 0) {
        tscope_buffer_append(&name, "!/", 2);
        tscope_buffer_append(&name, member.data, member.len);
    }
    return tscope_buffer_steal(&name, NULL);
}

/* ---- telling */

static void
write_hex(const uint8_t *bytes, char text[2 * TSCOPE_HASH_LEN + 1])
{
    static const char digits[] = "0123456789abcdef";

    for (size_t i = 0; i < TSCOPE_HASH_LEN; i++) {
        text[2 * i] = digits[bytes[i] >> 4];
        text[2 * i + 1] = digits[bytes[i] & 15];
    }
    text[2 * TSCOPE_HASH_LEN] = '\0';
}

static void
tell_find(tscope_teller *teller, const struct lot *lot, const struct tscope_parcel_find *find, const struct tscope_batch_answer *answer)
{
    char sha256[2 * TSCOPE_HASH_LEN + 1];
    const struct tscope_sweep_find told = {
        .kind = find->kind,
        .encoding = find->encoding,
        .path = lot->path,
        .member = (const char *)lot->parcel->member.data,
        .offset = find->offset,
        .length = find->length,
        .seen = find->seen,
        .context = (const char *)find->context.data,
        .place = find->place.len ? (const char *)find->place.data : NULL,
        .sha256 = find->kind == TSCOPE_FIND_TOKEN ? sha256 : NULL,
        .key = (const char *)find->key.data,
        .is_published_key = find->is_published,
        .answer = answer,
    };

    write_hex(find->sha256, sha256);
    if (!teller->is_stopped && !teller->options->deliver(teller->options->user, &told)) {
        teller->is_stopped = true;
        tscope_batch_cancel(teller->batch);
    }
}

/* All that stands before the next token that is not answered. */
static void
tell_keys(tscope_teller *teller)
{
    while (teller->first) {
        struct lot *lot = teller->first;

        while (lot->told < lot->parcel->finds_len && lot->parcel->finds[lot->told].kind == TSCOPE_FIND_KEY)
            tell_find(teller, lot, &lot->parcel->finds[lot->told++], NULL);
        if (lot->told < lot->parcel->finds_len)
            return;
        teller->first = lot->next;
        if (!teller->first)
            teller->last = NULL;
        free_lot(lot);
    }
}

static void
take_answer(void *user, const struct tscope_batch_answer *answer)
{
    tscope_teller *teller = user;

    tell_keys(teller);
    tell_find(teller, teller->first, &teller->first->parcel->finds[teller->first->told++], answer);
    /* not tell_keys() once more: a parcel that goes here may be the one whose tokens are just being handed to the batch */
}

/* ---- taking */

enum tscope_status
tscope_teller_new(const struct tscope_sweep_options *options, unsigned threads, tscope_teller **ret_teller, struct tscope_error *err)
{
    TSCOPE_AUTO(tscope_teller) *teller = tscope_alloc_zeroed(1, sizeof(*teller));
    const struct tscope_batch_options batch = {
        .size = sizeof(batch),
        .flags = TSCOPE_BATCH_REPORTS | TSCOPE_BATCH_MEMORY | (options->rows ? TSCOPE_BATCH_JSON : 0) |
                 (options->reveal ? TSCOPE_BATCH_REVEAL : 0),
        .threads = threads,
        .tokens_max = TOKENS_MAX,
        .json_max = JSON_MAX,
        .deliver = take_answer,
        .user = teller,
    };
    enum tscope_status status = TSCOPE_OK;

    if (!teller)
        return tscope_error_no_memory(err);
    teller->options = options;
    if (options->scan == 0 || options->scan & TSCOPE_SCAN_TOKENS) {
        if (!options->judge)
            return tscope_error_set(err, TSCOPE_ERR_ARGUMENT, TSCOPE_OFFSET_NONE, "tokens are looked for, and nobody judges them");
        status = tscope_batch_new(options->judge, &batch, &teller->batch, err);
    }
    if (status != TSCOPE_OK)
        return status;
    *ret_teller = TSCOPE_STEAL(teller);
    return TSCOPE_OK;
}

void
tscope_teller_free(tscope_teller *teller)
{
    if (!teller)
        return;
    tscope_batch_free(teller->batch);
    while (teller->first) {
        struct lot *lot = teller->first;

        teller->first = lot->next;
        free_lot(lot);
    }
    tscope_free(teller);
}

static enum tscope_status
judge(tscope_teller *teller, const struct lot *lot, const struct tscope_parcel_find *find, struct tscope_error *err)
{
    struct tscope_batch_item item = {
        .bytes = find->text.data,
        .bytes_len = find->text.len,
        .moment = teller->options->moment,
        .path = lot->name,
        .offset = find->offset,
    };

    if (item.moment.seen == TSCOPE_TIME_UNKNOWN && find->seen != TSCOPE_TIME_UNKNOWN) {
        item.moment.seen = find->seen;
        item.moment.seen_from = find->seen_from;
    }
    return tscope_batch_add(teller->batch, &item, err);
}

enum tscope_status
tscope_teller_take(tscope_teller *teller, const char *path, tscope_parcel *parcel, struct tscope_error *err)
{
    struct lot *lot = tscope_alloc_zeroed(1, sizeof(*lot));
    enum tscope_status status = TSCOPE_OK;

    if (!lot) {
        tscope_parcel_free(parcel);
        return tscope_error_no_memory(err);
    }
    lot->parcel = parcel;
    lot->name = tscope_teller_name(path, parcel->member);
    lot->path = tscope_teller_name(path, (struct tscope_span){0});
    if (!lot->name || !lot->path) {
        free_lot(lot);
        return tscope_error_no_memory(err);
    }
    if (teller->last)
        teller->last->next = lot;
    else
        teller->first = lot;
    teller->last = lot;
    for (size_t i = 0, count = parcel->finds_len; i < count && status == TSCOPE_OK && !teller->is_stopped; i++) {
        if (parcel->finds[i].kind == TSCOPE_FIND_TOKEN)
            status = judge(teller, lot, &parcel->finds[i], err);
    }
    if (status == TSCOPE_OK && !teller->batch)
        tell_keys(teller);
    return teller->is_stopped ? TSCOPE_OK : status;
}

enum tscope_status
tscope_teller_flush(tscope_teller *teller, struct tscope_error *err)
{
    enum tscope_status status = teller->batch && !teller->is_stopped ? tscope_batch_flush(teller->batch, err) : TSCOPE_OK;

    if (status == TSCOPE_OK || teller->is_stopped)
        tell_keys(teller);
    return teller->is_stopped ? TSCOPE_OK : status;
}

bool
tscope_teller_is_stopped(const tscope_teller *teller)
{
    return teller->is_stopped;
}
