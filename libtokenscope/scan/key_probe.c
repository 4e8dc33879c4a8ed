/* SPDX-License-Identifier: Apache-2.0 */
#include "core/error.h"
#include "keys/keyring.h"
#include "scan/key_forms.h"
#include "scan/utf16.h"

enum tscope_status
tscope_key_finder_new(const tscope_keyring *known, tscope_key_finder **ret_finder, struct tscope_error *err)
{
    TSCOPE_AUTO(tscope_key_finder) *finder = tscope_alloc_zeroed(1, sizeof(*finder));
    enum tscope_status status = TSCOPE_OK;

    if (!finder)
        return tscope_error_no_memory(err);
    finder->prover.known = known;
    if (known)
        finder->prover.crypto = tscope_crypto_ref(tscope_keyring_crypto(known));
    else
        status = tscope_crypto_new(&finder->prover.crypto, err);
    if (status == TSCOPE_OK)
        *ret_finder = TSCOPE_STEAL(finder);
    return status;
}

static void
forget(tscope_key_finder *finder)
{
    tscope_key_text_forget(&finder->text);
    tscope_key_text_forget(&finder->inner);
    tscope_wipe(finder->bytes, finder->bytes_used);
    tscope_wipe(finder->numbers, finder->numbers_used);
    finder->bytes_used = finder->numbers_used = 0;
}

void
tscope_key_finder_free(tscope_key_finder *finder)
{
    if (!finder)
        return;
    forget(finder);
    tscope_arena_clear(&finder->arena);
    if (finder->prover.crypto)
        tscope_crypto_free(finder->prover.crypto);
    tscope_free(finder);
}

const struct tscope_key_prover *
tscope_key_finder_prover(const tscope_key_finder *finder)
{
    return &finder->prover;
}

bool
tscope_key_spend(const struct tscope_key_look *look, size_t work)
{
    struct tscope_key_effort *effort = &look->finder->effort;
    bool has_room = work <= effort->left;

    effort->left = has_room ? effort->left - (uint32_t)work : 0;
    return has_room;
}

#define READ_FIRST 64u /* characters: most false starts show it in so many */
#define READ_MORE 4u

/* So many characters behind and at most as many in front. Each counts four times: somebody decodes and reads it, too. */
static bool
load(const struct tscope_key_look *look, size_t begin, size_t back, size_t len, size_t *ret_to)
{
    struct tscope_key_text *text = &look->finder->text;
    size_t bytes = len * look->stride, before = back < bytes ? back : bytes, from = begin, all = begin + TSCOPE_KEY_BEHIND_MAX;

    if (before)
        from = tscope_key_text_begin(look->window, begin, before, look->stride);
    *ret_to = bytes < TSCOPE_KEY_BEHIND_MAX ? begin + bytes : all;
    if (!tscope_key_spend(look, 4 * (*ret_to - from) / look->stride))
        return false;
    tscope_key_text_load(text, look->window, from, *ret_to, look->stride);
    text->is_cut |= *ret_to < all && text->end_place >= *ret_to;
    text->is_cut_front = before < back && begin - from + look->stride > before;
    return true;
}

enum tscope_probe
tscope_key_read_on(const struct tscope_key_look *look, size_t begin, size_t back, tscope_key_text_reader *read, const void *context)
{
    struct tscope_key_text *text = &look->finder->text;
    const struct tscope_window *window = look->window;
    size_t to, most = (TSCOPE_KEY_BEHIND_MAX > back ? TSCOPE_KEY_BEHIND_MAX : back) / look->stride;

    for (size_t len = READ_FIRST;; len *= READ_MORE) {
        enum tscope_probe answer;

        if (!load(look, begin, back, len, &to))
            return TSCOPE_PROBE_NOTHING;
        answer = read(look, text, (begin - (back ? text->places[0] : begin)) / look->stride, context);
        if (answer != TSCOPE_PROBE_MORE)
            return answer;
        if (len >= most || (to > window->len && !window->is_last))
            return tscope_window_ends(window, begin);
    }
}

/* Of numbers that are held against each other; more than it takes when they are none. */
static size_t
effort_of(const struct tscope_key_candidate *candidate)
{
    const struct tscope_private_numbers *numbers = &candidate->numbers;
    size_t bits = numbers->open.n.len * 8, width = tscope_curve_width(numbers->open.curve);

    if (candidate->is_closed || candidate->is_public || numbers->open.type == TSCOPE_KEY_OCT)
        return 0;
    if (numbers->open.type != TSCOPE_KEY_RSA)
        return 20 * width * width;
    if (tscope_found_key_takes_power(candidate))
        return bits / 32 * bits / 16 * bits / 16;
    return 2048 + bits * bits / 1024;
}

enum tscope_probe
tscope_key_take(const struct tscope_key_look *look, const struct tscope_key_candidate *candidate, size_t begin, size_t end,
                enum tscope_find_encoding encoding)
{
    struct tscope_key_effort *effort = &look->finder->effort;
    size_t work = effort_of(candidate);
    tscope_found_key *key;

    if (!tscope_key_spend(look, work) && effort->has_failed)
        return TSCOPE_PROBE_NOTHING;
    look->finder->proofs += work > 0;
    if (tscope_found_key_prove(&look->finder->prover, candidate, &key, NULL) != TSCOPE_OK)
        return TSCOPE_PROBE_NO_MEMORY;
    if (!key) {
        effort->has_failed = true;
        return TSCOPE_PROBE_NOTHING;
    }
    *look->place = (struct tscope_key_place){.key = key, .begin = begin, .end = end, .encoding = encoding};
    return TSCOPE_PROBE_FOUND;
}

enum tscope_probe
tscope_key_take_text(const struct tscope_key_look *look, const struct tscope_key_candidate *candidate, const struct tscope_key_text *text,
                     size_t begin, size_t end, enum tscope_find_encoding encoding)
{
    size_t first = text->places[begin], behind = end, stop;
    enum tscope_probe order;

    while (behind < text->len && text->places[behind] <= text->places[end - 1])
        behind++; /* characters of one group of base64 have one place */
    if (behind == text->len && text->is_cut)
        return TSCOPE_PROBE_MORE;
    stop = behind < text->len ? text->places[behind] : text->end_place;
    while (look->stride == 1 && stop > first + 1 && look->window->bytes[stop - 1] <= ' ')
        stop--; /* and space between groups belongs to none */
    if (look->stride == 1)
        return tscope_key_take(look, candidate, first, stop, encoding);
    if (stop >= look->window->len && !look->window->is_last)
        return TSCOPE_PROBE_MORE;
    order = tscope_utf16_is_big_endian_text(look->window, first, stop - 2);
    if (order == TSCOPE_PROBE_MORE)
        return TSCOPE_PROBE_MORE;
    if (order == TSCOPE_PROBE_FOUND)
        return tscope_key_take(look, candidate, first - 1, stop - 1, TSCOPE_FIND_ENCODING_UTF16BE);
    return tscope_key_take(look, candidate, first, stop < look->window->len ? stop : look->window->len, TSCOPE_FIND_ENCODING_UTF16LE);
}

static enum tscope_probe
probe(struct tscope_key_look *look, size_t at, enum tscope_key_anchor anchor)
{
    switch (anchor) {
    case TSCOPE_KEY_ANCHOR_DER_VERSION_0:
    case TSCOPE_KEY_ANCHOR_DER_VERSION_1:
    case TSCOPE_KEY_ANCHOR_DER_VERSION_3:
    case TSCOPE_KEY_ANCHOR_DER_ENCRYPTED:
        return tscope_key_probe_der(look, at, anchor);
    case TSCOPE_KEY_ANCHOR_OPENSSH:
        return tscope_key_probe_openssh(look, at);
    case TSCOPE_KEY_ANCHOR_RSA_PRIVATE:
    case TSCOPE_KEY_ANCHOR_RSA_FULL:
        return tscope_key_probe_rsa_blob(look, at);
    case TSCOPE_KEY_ANCHOR_EC_SIGN:
    case TSCOPE_KEY_ANCHOR_EC_AGREE:
    case TSCOPE_KEY_ANCHOR_EC_GENERIC:
        return tscope_key_probe_ec_blob(look, at);
    case TSCOPE_KEY_ANCHOR_DPAPI:
        return tscope_key_probe_dpapi(look, at);
    case TSCOPE_KEY_ANCHOR_PEM_WIDE:
        look->stride = 2;
        return tscope_key_probe_pem(look, at);
    case TSCOPE_KEY_ANCHOR_PEM:
        return tscope_key_probe_pem(look, at);
    case TSCOPE_KEY_ANCHOR_JWK_WIDE:
        look->stride = 2;
        return tscope_key_probe_jwk(look, at);
    case TSCOPE_KEY_ANCHOR_JWK:
        return tscope_key_probe_jwk(look, at);
    case TSCOPE_KEY_ANCHOR_XML_WIDE:
        look->stride = 2;
        return tscope_key_probe_xml(look, at);
    case TSCOPE_KEY_ANCHOR_XML:
        return tscope_key_probe_xml(look, at);
    case TSCOPE_KEY_ANCHOR_BASE64_LONG_WIDE:
    case TSCOPE_KEY_ANCHOR_BASE64_MEDIUM_WIDE:
    case TSCOPE_KEY_ANCHOR_BASE64_SHORT_WIDE:
        look->stride = 2;
        return tscope_key_probe_base64(look, at, anchor);
    case TSCOPE_KEY_ANCHOR_BASE64_LONG:
    case TSCOPE_KEY_ANCHOR_BASE64_MEDIUM:
    case TSCOPE_KEY_ANCHOR_BASE64_SHORT:
    case TSCOPE_KEY_ANCHOR_BASE64_ENCRYPTED:
    case TSCOPE_KEY_ANCHOR_BASE64_OPENSSH:
    case TSCOPE_KEY_ANCHOR_BASE64_DPAPI:
        return tscope_key_probe_base64(look, at, anchor);
    case TSCOPE_KEY_ANCHOR_BASE64_PEM_0:
    case TSCOPE_KEY_ANCHOR_BASE64_PEM_1:
    case TSCOPE_KEY_ANCHOR_BASE64_PEM_2:
        return tscope_key_probe_base64_pem(look, at, anchor);
    case TSCOPE_KEY_ANCHOR_BASE64_JWK_0:
    case TSCOPE_KEY_ANCHOR_BASE64_JWK_1:
    case TSCOPE_KEY_ANCHOR_BASE64_JWK_2:
        return tscope_key_probe_base64_jwk(look, at, anchor);
    }
    return TSCOPE_PROBE_NOTHING;
}

/* By blocks of the stream, so that neither windows nor ranges change what is found. */
static struct tscope_key_effort
effort_at(const tscope_key_finder *finder, uint64_t offset)
{
    uint64_t block = offset / TSCOPE_KEY_EFFORT_BLOCK + 1;

    if (finder->effort.block == block)
        return finder->effort;
    return (struct tscope_key_effort){.block = block, .left = TSCOPE_KEY_EFFORT_MAX};
}

void
tscope_key_finder_begin(tscope_key_finder *finder)
{
    finder->effort = (struct tscope_key_effort){.block = 0};
    finder->exhausted = 0;
}

bool
tscope_key_finder_left_out(const tscope_key_finder *finder, uint64_t *ret_offset)
{
    if (finder->exhausted > 0 && ret_offset)
        *ret_offset = (finder->exhausted - 1) * TSCOPE_KEY_EFFORT_BLOCK;
    return finder->exhausted > 0;
}

enum tscope_probe
tscope_key_probe(tscope_key_finder *finder, const struct tscope_window *window, size_t at, enum tscope_key_anchor anchor,
                 struct tscope_key_place *ret_place)
{
    struct tscope_key_look look = {.finder = finder, .window = window, .place = ret_place, .stride = 1};
    struct tscope_key_effort before = effort_at(finder, window->offset + at);
    enum tscope_probe answer;

    if (before.left == 0)
        return TSCOPE_PROBE_NOTHING;
    finder->effort = before;
    answer = probe(&look, at, anchor);
    if (answer != TSCOPE_PROBE_NOTHING) /* what found a key was worth it, and what is asked for again is counted then */
        finder->effort = before;
    if (finder->effort.left == 0 && finder->exhausted == 0)
        finder->exhausted = finder->effort.block;
    forget(finder);
    return answer;
}
