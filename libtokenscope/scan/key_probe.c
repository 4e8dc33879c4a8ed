/* SPDX-License-Identifier: Apache-2.0 */
#include "core/error.h"
#include "keys/keyring.h"
#include "scan/key_forms.h"

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

enum tscope_probe
tscope_key_take(const struct tscope_key_look *look, const struct tscope_key_candidate *candidate, size_t begin, size_t end,
                enum tscope_find_encoding encoding)
{
    tscope_found_key *key;

    if (tscope_found_key_prove(&look->finder->prover, candidate, &key, NULL) != TSCOPE_OK)
        return TSCOPE_PROBE_NO_MEMORY;
    if (!key)
        return TSCOPE_PROBE_NOTHING;
    *look->place = (struct tscope_key_place){.key = key, .begin = begin, .end = end, .encoding = encoding};
    return TSCOPE_PROBE_FOUND;
}

enum tscope_probe
tscope_key_take_text(const struct tscope_key_look *look, const struct tscope_key_candidate *candidate, const struct tscope_key_text *text,
                     size_t begin, size_t end, enum tscope_find_encoding encoding)
{
    size_t first = text->places[begin], behind = end, stop;

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
    if (tscope_key_text_is_big_endian(look->window, first, stop - 2))
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

enum tscope_probe
tscope_key_probe(tscope_key_finder *finder, const struct tscope_window *window, size_t at, enum tscope_key_anchor anchor,
                 struct tscope_key_place *ret_place)
{
    struct tscope_key_look look = {.finder = finder, .window = window, .place = ret_place, .stride = 1};
    enum tscope_probe answer = probe(&look, at, anchor);

    forget(finder);
    return answer;
}
