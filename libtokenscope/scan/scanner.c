/* SPDX-License-Identifier: Apache-2.0 */
#include "core/alloc.h"
#include "core/error.h"
#include "scan/anchors.h"
#include "scan/curve_number.h"
#include "scan/finds.h"
#include "scan/key_buckets.h"
#include "scan/key_probe.h"
#include "scan/prime.h"
#include "scan/token_finder.h"
#include "scan/window.h"

#define FLAGS_ALL (TSCOPE_SCAN_TOKENS | TSCOPE_SCAN_KEYS | TSCOPE_SCAN_DEEP | TSCOPE_SCAN_ALIGNED)
#define KEY_ANCHORS 0x1000           /* ids of rows that keys want begin here */
#define LIST_MAX 1024                /* places that are listed before they are looked at */
#define WINDOW_MAX ((size_t)1 << 30) /* places in a window are 32 bits wide */
#define LOOKED_AT_ONCE (16u << 10)   /* bytes of which they are listed: they are still in the cache when somebody looks */

_Static_assert(TSCOPE_SCAN_TAIL_MAX >= TSCOPE_WINDOW_BACK + TSCOPE_WINDOW_AHEAD + TSCOPE_ANCHOR_BYTES, "a tail holds what finders look at");
_Static_assert(TSCOPE_SCAN_LEAD >= TSCOPE_WINDOW_BACK + TSCOPE_WINDOW_AHEAD + TSCOPE_ANCHOR_BYTES, "and so does what is before a range");

struct tscope_scanner {
    unsigned flags;
    tscope_scanner_deliver *deliver;
    void *user;
    struct tscope_anchors anchors;
    struct tscope_finds finds;
    struct tscope_token_finder tokens;
    tscope_key_finder *keys;     /* NULL: none are looked for */
    tscope_prime_finder *primes; /* the same */
    tscope_curve_finder *curves; /* the same */
    struct tscope_anchor list[LIST_MAX];
    uint64_t begin;   /* of the window that is presented next */
    uint64_t decided; /* where anchors were not yet looked at */
    uint64_t covered; /* up to here goes a token: what begins before is a part of it */
    uint64_t key_end; /* the same of a key */
    bool ended;
};

TSCOPE_DEFINE_AUTO(tscope_scanner)

static const struct tscope_anchor_row key_rows[] = {
#define KEY_ROW(name, first, second, third) {{first, second, third}, KEY_ANCHORS + TSCOPE_KEY_ANCHOR_##name, {0, 0}},
    TSCOPE_FOREACH_KEY_ANCHOR(KEY_ROW)
#undef KEY_ROW
};

static void
add_key_rows(struct tscope_anchors *anchors)
{
    for (size_t i = 0; i < TSCOPE_COUNT(key_rows); i++) {
        struct tscope_anchor_row row = key_rows[i];

        if (i < TSCOPE_COUNT(tscope_key_buckets))
            memcpy(row.buckets, tscope_key_buckets[i], sizeof(row.buckets));
        tscope_anchors_add(anchors, &row, 1);
    }
}

const char *
tscope_find_encoding_name(enum tscope_find_encoding encoding)
{
    static const char *const names[] = {
#define ENCODING_NAME(name, id) [TSCOPE_FIND_ENCODING_##name] = id,
        TSCOPE_FOREACH_FIND_ENCODING(ENCODING_NAME)
#undef ENCODING_NAME
    };

    return (size_t)encoding < TSCOPE_COUNT(names) ? names[encoding] : "?";
}

static enum tscope_prime_depth
depth_of(unsigned flags)
{
    if (flags & TSCOPE_SCAN_ALIGNED)
        return TSCOPE_PRIME_ALIGNED;
    return flags & TSCOPE_SCAN_DEEP ? TSCOPE_PRIME_DEEP : TSCOPE_PRIME_EVERYWHERE;
}

enum tscope_status
tscope_scanner_new(const struct tscope_scanner_options *options, tscope_scanner **ret_scanner, struct tscope_error *err)
{
    TSCOPE_AUTO(tscope_scanner) *scanner = NULL;
    struct tscope_scanner_options wanted = {.size = 0};
    enum tscope_status status = TSCOPE_OK;

    memcpy(&wanted, options, options->size < sizeof(wanted) ? options->size : sizeof(wanted));
    if (!wanted.deliver)
        return tscope_error_set(err, TSCOPE_ERR_ARGUMENT, TSCOPE_OFFSET_NONE, "nobody takes what is found");
    if (wanted.flags & ~(unsigned)FLAGS_ALL)
        return tscope_error_set(err, TSCOPE_ERR_ARGUMENT, TSCOPE_OFFSET_NONE, "unknown flags %#x", wanted.flags & ~(unsigned)FLAGS_ALL);
    scanner = tscope_alloc_zeroed(1, sizeof(*scanner));
    if (!scanner)
        return tscope_error_no_memory(err);
    scanner->flags =
        wanted.flags & (TSCOPE_SCAN_TOKENS | TSCOPE_SCAN_KEYS) ? wanted.flags : wanted.flags | TSCOPE_SCAN_TOKENS | TSCOPE_SCAN_KEYS;
    scanner->deliver = wanted.deliver;
    scanner->user = wanted.user;
    if (scanner->flags & TSCOPE_SCAN_TOKENS)
        tscope_anchors_add(&scanner->anchors, tscope_token_anchors, tscope_token_anchors_len);
    if (scanner->flags & TSCOPE_SCAN_KEYS) {
        add_key_rows(&scanner->anchors);
        status = tscope_key_finder_new(wanted.known, &scanner->keys, err);
    }
    tscope_anchors_ready(&scanner->anchors);
    if (status == TSCOPE_OK && wanted.private_of)
        status = tscope_prime_finder_new(wanted.private_of, depth_of(wanted.flags), &scanner->primes, err);
    if (status == TSCOPE_OK && wanted.private_of && wanted.flags & TSCOPE_SCAN_DEEP)
        status = tscope_curve_finder_new(wanted.private_of, &scanner->curves, err);
    if (status == TSCOPE_OK)
        *ret_scanner = TSCOPE_STEAL(scanner);
    return status;
}

void
tscope_scanner_free(tscope_scanner *scanner)
{
    if (!scanner)
        return;
    tscope_finds_clear(&scanner->finds);
    tscope_token_finder_clear(&scanner->tokens);
    tscope_key_finder_free(scanner->keys);
    tscope_prime_finder_free(scanner->primes);
    tscope_curve_finder_free(scanner->curves);
    tscope_free(scanner);
}

void
tscope_scanner_begin(tscope_scanner *scanner, uint64_t offset)
{
    tscope_finds_clear(&scanner->finds);
    tscope_token_finder_begin(&scanner->tokens);
    if (scanner->keys)
        tscope_key_finder_begin(scanner->keys);
    scanner->begin = scanner->decided = scanner->covered = scanner->key_end = offset;
    if (scanner->primes)
        tscope_prime_finder_begin(scanner->primes);
    if (scanner->curves)
        tscope_curve_finder_begin(scanner->curves);
    scanner->ended = false;
}

bool
tscope_scanner_left_out(const tscope_scanner *scanner, uint64_t *ret_offset)
{
    return scanner->keys && tscope_key_finder_left_out(scanner->keys, ret_offset);
}

/* A token of which an earlier one is a part is none of its own, and whoever lies inside it is not either. */
static enum tscope_probe
take_token(tscope_scanner *scanner, const struct tscope_window *window, const struct tscope_token_place *place)
{
    struct tscope_find find = {
        .kind = TSCOPE_FIND_TOKEN,
        .encoding = place->encoding,
        .offset = window->offset + place->begin,
        .length = place->end - place->begin,
        .bytes = place->text.data,
        .bytes_len = place->text.len,
    };
    bool is_covered = find.offset < scanner->covered;

    if (find.offset + find.length > scanner->covered)
        scanner->covered = find.offset + find.length;
    if (!is_covered && !tscope_finds_add(&scanner->finds, &find))
        return TSCOPE_PROBE_NO_MEMORY;
    return TSCOPE_PROBE_FOUND;
}

/* A key inside a key is a part of it. */
static enum tscope_probe
look_for_key(tscope_scanner *scanner, const struct tscope_window *window, const struct tscope_anchor *anchor)
{
    struct tscope_key_place place;
    struct tscope_find find = {.kind = TSCOPE_FIND_KEY};
    enum tscope_probe probe;

    if (window->offset + anchor->at < scanner->key_end)
        return TSCOPE_PROBE_NOTHING;
    probe = tscope_key_probe(scanner->keys, window, anchor->at, (enum tscope_key_anchor)(anchor->id - KEY_ANCHORS), &place);
    if (probe != TSCOPE_PROBE_FOUND)
        return probe;
    find.encoding = place.encoding;
    find.offset = window->offset + place.begin;
    find.length = place.end - place.begin;
    find.key = place.key;
    scanner->key_end = find.offset + find.length;
    tscope_finds_drop_within(&scanner->finds, &find);
    if (tscope_finds_add(&scanner->finds, &find))
        return TSCOPE_PROBE_FOUND;
    tscope_found_key_free(place.key);
    return TSCOPE_PROBE_NO_MEMORY;
}

static enum tscope_probe
look_at(tscope_scanner *scanner, const struct tscope_window *window, const struct tscope_anchor *anchor)
{
    struct tscope_token_place place;
    enum tscope_probe probe;

    if (anchor->id >= KEY_ANCHORS)
        return look_for_key(scanner, window, anchor);
    probe = tscope_token_finder_probe(&scanner->tokens, window, anchor, &place);
    return probe == TSCOPE_PROBE_FOUND ? take_token(scanner, window, &place) : probe;
}

struct number_taker {
    tscope_scanner *scanner;
    const struct tscope_window *window;
};

/* The numbers of a key that was found in its form are a part of it. */
static enum tscope_probe
take_number(void *user, const struct tscope_key_place *place)
{
    const struct number_taker *taker = user;
    const struct tscope_find find = {
        .kind = TSCOPE_FIND_KEY,
        .encoding = place->encoding,
        .offset = taker->window->offset + place->begin,
        .length = place->end - place->begin,
        .key = place->key,
    };
    bool is_covered = tscope_finds_cover(&taker->scanner->finds, &find);

    if (!is_covered && tscope_finds_add(&taker->scanner->finds, &find))
        return TSCOPE_PROBE_FOUND;
    tscope_found_key_free(place->key);
    return is_covered ? TSCOPE_PROBE_NOTHING : TSCOPE_PROBE_NO_MEMORY;
}

/* Looks at anchors in order, up to the first that cannot be decided; ret_decided: where that is. */
static enum tscope_probe
look_through(tscope_scanner *scanner, const struct tscope_window *window, size_t from, size_t to, size_t *ret_decided)
{
    while (from < to) {
        size_t end = to - from < LOOKED_AT_ONCE ? to : from + LOOKED_AT_ONCE;
        size_t len = tscope_anchors_find(&scanner->anchors, window->bytes, from, end, scanner->list, LIST_MAX, &from);

        for (size_t i = 0; i < len; i++) {
            enum tscope_probe probe = look_at(scanner, window, &scanner->list[i]);

            *ret_decided = scanner->list[i].at;
            if (probe == TSCOPE_PROBE_MORE || probe == TSCOPE_PROBE_NO_MEMORY)
                return probe;
        }
        if (!scanner->primes && from > TSCOPE_WINDOW_BACK) /* raw numbers are looked for behind all anchors */
            tscope_finds_deliver(&scanner->finds, window->offset + from - TSCOPE_WINDOW_BACK, scanner->deliver, scanner->user);
    }
    *ret_decided = from;
    return TSCOPE_PROBE_NOTHING;
}

static enum tscope_probe
look_for_numbers(tscope_scanner *scanner, const struct tscope_window *window, size_t from, size_t to)
{
    struct number_taker taker = {scanner, window};
    enum tscope_probe answer = TSCOPE_PROBE_NOTHING;

    if (scanner->primes)
        answer = tscope_prime_scan(scanner->primes, window, from, to, take_number, &taker);
    if (scanner->curves && answer != TSCOPE_PROBE_NO_MEMORY)
        answer = tscope_curve_scan(scanner->curves, window, from, to, take_number, &taker);
    return answer;
}

/* A number must be in the window as a whole, and more where its neighbourhood counts. */
static size_t
leave_for_numbers(const tscope_scanner *scanner, size_t len, size_t from, size_t to)
{
    size_t ahead = tscope_prime_finder_ahead(scanner->primes);

    if (scanner->curves && tscope_curve_finder_ahead(scanner->curves) > ahead)
        ahead = tscope_curve_finder_ahead(scanner->curves);
    if (len < ahead || len - ahead < from)
        return from;
    return to < len - ahead ? to : len - ahead;
}

static enum tscope_status
scan_window(tscope_scanner *scanner, const uint8_t *bytes, size_t len, bool is_last, size_t *ret_used, struct tscope_error *err)
{
    struct tscope_window window = {.bytes = bytes, .len = len, .offset = scanner->begin, .is_last = is_last};
    size_t from, to = len < TSCOPE_ANCHOR_BYTES ? 0 : len - (TSCOPE_ANCHOR_BYTES - 1), decided;
    uint64_t kept;

    if (scanner->ended)
        return tscope_error_set(err, TSCOPE_ERR_STATE, TSCOPE_OFFSET_NONE, "the stream has ended");
    if (scanner->decided - scanner->begin > len)
        return tscope_error_set(err, TSCOPE_ERR_ARGUMENT, TSCOPE_OFFSET_NONE, "bytes that were left are missing");
    from = decided = (size_t)(scanner->decided - scanner->begin);
    if (scanner->primes && !is_last)
        to = leave_for_numbers(scanner, len, from, to);
    if (look_through(scanner, &window, from, to, &decided) == TSCOPE_PROBE_NO_MEMORY ||
        look_for_numbers(scanner, &window, from, is_last ? len : decided) == TSCOPE_PROBE_NO_MEMORY) {
        scanner->ended = true;
        return tscope_error_no_memory(err);
    }
    scanner->decided = scanner->begin + decided;
    kept = scanner->decided - scanner->begin < TSCOPE_WINDOW_BACK ? scanner->begin : scanner->decided - TSCOPE_WINDOW_BACK;
    *ret_used = is_last ? len : (size_t)(kept - scanner->begin);
    scanner->begin += *ret_used;
    scanner->ended = is_last;
    tscope_finds_deliver(&scanner->finds, is_last ? UINT64_MAX : kept, scanner->deliver, scanner->user);
    return TSCOPE_OK;
}

enum tscope_status
tscope_scanner_scan(tscope_scanner *scanner, const uint8_t *bytes, size_t len, bool is_last, size_t *ret_used, struct tscope_error *err)
{
    size_t done = 0, used = 0;
    enum tscope_status status;

    for (; len - done > WINDOW_MAX; done += used) {
        status = scan_window(scanner, bytes + done, WINDOW_MAX, false, &used, err);
        if (status != TSCOPE_OK)
            return status;
    }
    status = scan_window(scanner, done ? bytes + done : bytes, len - done, is_last, &used, err);
    if (status == TSCOPE_OK)
        *ret_used = done + used;
    return status;
}
