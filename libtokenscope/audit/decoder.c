/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/decoder.h"

#include <zlib.h>

#include "core/error.h"
#include "core/text.h"

#define CHUNK (64u << 10)
#define SNIFF 4 /* bytes that tell the encoding of a text */

enum encoding { UNKNOWN, UTF8, UTF16_LITTLE, UTF16_BIG };

struct tscope_decoder {
    tscope_decoder_sink sink;
    void *user;
    struct tscope_decoder_facts facts;
    uint8_t head[2]; /* of the file, until it is known whether it is gzip */
    size_t head_len;
    bool started;
    z_stream zip;
    bool zip_open, zip_ended;
    uint8_t *inflated;    /* CHUNK bytes */
    uint8_t *converted;   /* CHUNK bytes */
    uint8_t start[SNIFF]; /* of the text, until its encoding is known */
    size_t start_len;
    enum encoding encoding;
    uint8_t half; /* first byte of a UTF-16 unit */
    bool has_half;
    uint16_t high; /* first half of a surrogate pair; 0: none */
};

static void *
zip_alloc(void *opaque, uInt count, uInt size)
{
    (void)opaque;
    return tscope_alloc_zeroed(count, size);
}

static void
zip_free(void *opaque, void *memory)
{
    (void)opaque;
    tscope_free(memory);
}

enum tscope_status
tscope_decoder_new(tscope_decoder_sink sink, void *user, tscope_decoder **ret_decoder, struct tscope_error *err)
{
    TSCOPE_AUTO(tscope_decoder) *decoder = tscope_alloc_zeroed(1, sizeof(*decoder));

    if (!decoder)
        return tscope_error_no_memory(err);
    decoder->sink = sink;
    decoder->user = user;
    decoder->converted = tscope_alloc(CHUNK);
    if (!decoder->converted)
        return tscope_error_no_memory(err);
    *ret_decoder = TSCOPE_STEAL(decoder);
    return TSCOPE_OK;
}

void
tscope_decoder_free(tscope_decoder *decoder)
{
    if (!decoder)
        return;
    if (decoder->zip_open)
        inflateEnd(&decoder->zip);
    tscope_free(decoder->inflated);
    tscope_free(decoder->converted);
    tscope_free(decoder);
}

const struct tscope_decoder_facts *
tscope_decoder_facts(const tscope_decoder *decoder)
{
    return &decoder->facts;
}

static enum tscope_status
emit(tscope_decoder *decoder, const uint8_t *text, size_t len, struct tscope_error *err)
{
    if (len == 0)
        return TSCOPE_OK;
    decoder->facts.text += len;
    if (decoder->facts.text > TSCOPE_DECODED_MAX)
        return tscope_error_set(err, TSCOPE_ERR_TOO_LARGE, TSCOPE_OFFSET_NONE, "the text is over %u GiB", 1u << 8);
    return decoder->sink(decoder->user, text, len, err);
}

/* One unit; what it writes has at most six bytes (a lone half, and what stands behind it). */
static size_t
take_unit(tscope_decoder *decoder, uint16_t unit, uint8_t *out)
{
    size_t len = 0;

    if (decoder->high && unit >= 0xdc00 && unit <= 0xdfff) {
        uint32_t code_point = 0x10000 + (((uint32_t)decoder->high - 0xd800) << 10) + (unit - 0xdc00u);

        decoder->high = 0;
        return tscope_text_encode_utf8(code_point, out);
    }
    if (decoder->high)
        len = tscope_text_encode_utf8(0xfffd, out);
    decoder->high = 0;
    if (unit >= 0xd800 && unit <= 0xdbff)
        decoder->high = unit;
    else
        len += tscope_text_encode_utf8(unit >= 0xdc00 && unit <= 0xdfff ? 0xfffd : unit, out + len);
    return len;
}

static enum tscope_status
convert(tscope_decoder *decoder, const uint8_t *bytes, size_t len, struct tscope_error *err)
{
    size_t filled = 0;

    for (size_t i = 0; i < len; i++) {
        if (!decoder->has_half) {
            decoder->half = bytes[i];
            decoder->has_half = true;
            continue;
        }
        decoder->has_half = false;
        filled += take_unit(decoder,
                            decoder->encoding == UTF16_LITTLE ? (uint16_t)(decoder->half | bytes[i] << 8)
                                                              : (uint16_t)(decoder->half << 8 | bytes[i]),
                            decoder->converted + filled);
        if (filled > CHUNK - 8) {
            enum tscope_status status = emit(decoder, decoder->converted, filled, err);

            if (status != TSCOPE_OK)
                return status;
            filled = 0;
        }
    }
    return emit(decoder, decoder->converted, filled, err);
}

/* JSON and CSV begin with a character of ASCII, so without a mark the zero beside it tells. */
static size_t
find_encoding(tscope_decoder *decoder)
{
    const uint8_t *start = decoder->start;
    size_t len = decoder->start_len;

    decoder->encoding = UTF8;
    if (len >= 3 && start[0] == 0xef && start[1] == 0xbb && start[2] == 0xbf) {
        decoder->facts.mark = true;
        return 3;
    }
    if (len >= 2 && start[0] + start[1] == 0xff + 0xfe && (start[0] == 0xff || start[0] == 0xfe)) {
        decoder->encoding = start[0] == 0xff ? UTF16_LITTLE : UTF16_BIG;
        decoder->facts.mark = decoder->facts.utf16 = true;
        return 2;
    }
    if (len == SNIFF && (start[0] == 0) != (start[1] == 0) && (start[0] == 0) == (start[2] == 0) && (start[1] == 0) == (start[3] == 0)) {
        decoder->encoding = start[1] == 0 ? UTF16_LITTLE : UTF16_BIG;
        decoder->facts.utf16 = true;
    }
    return 0;
}

static enum tscope_status
pass(tscope_decoder *decoder, const uint8_t *bytes, size_t len, struct tscope_error *err)
{
    return decoder->encoding == UTF8 ? emit(decoder, bytes, len, err) : convert(decoder, bytes, len, err);
}

static enum tscope_status
settle_encoding(tscope_decoder *decoder, struct tscope_error *err)
{
    size_t mark = find_encoding(decoder);

    return pass(decoder, decoder->start + mark, decoder->start_len - mark, err);
}

static enum tscope_status
take_text(tscope_decoder *decoder, const uint8_t *bytes, size_t len, struct tscope_error *err)
{
    enum tscope_status status;

    if (decoder->encoding == UNKNOWN) {
        while (decoder->start_len < SNIFF && len > 0) {
            decoder->start[decoder->start_len++] = *bytes++;
            len--;
        }
        if (decoder->start_len < SNIFF)
            return TSCOPE_OK;
        status = settle_encoding(decoder, err);
        if (status != TSCOPE_OK)
            return status;
    }
    return pass(decoder, bytes, len, err);
}

static enum tscope_status
open_zip(tscope_decoder *decoder, struct tscope_error *err)
{
    decoder->facts.gzip = true;
    decoder->inflated = tscope_alloc(CHUNK);
    decoder->zip = (z_stream){.zalloc = zip_alloc, .zfree = zip_free};
    if (!decoder->inflated || inflateInit2(&decoder->zip, 16 + MAX_WBITS) != Z_OK)
        return tscope_error_no_memory(err);
    decoder->zip_open = true;
    return TSCOPE_OK;
}

static enum tscope_status
inflate_piece(tscope_decoder *decoder, const uint8_t *bytes, size_t len, struct tscope_error *err)
{
    z_stream *zip = &decoder->zip;

    zip->next_in = (Bytef *)(uintptr_t)bytes; /* zlib only reads there */
    zip->avail_in = (uInt)len;
    do {
        enum tscope_status status;
        int answer;

        if (decoder->zip_ended) { /* another member, or what was put behind the last one */
            if (zip->avail_in == 0 || zip->next_in[0] != 0x1f || inflateReset(zip) != Z_OK) {
                decoder->facts.broken = decoder->facts.broken || zip->avail_in > 0;
                return TSCOPE_OK;
            }
            decoder->zip_ended = false;
        }
        zip->next_out = decoder->inflated;
        zip->avail_out = CHUNK;
        answer = inflate(zip, Z_NO_FLUSH);
        if (answer == Z_MEM_ERROR)
            return tscope_error_no_memory(err);
        status = take_text(decoder, decoder->inflated, CHUNK - zip->avail_out, err);
        if (status != TSCOPE_OK)
            return status;
        if (answer == Z_STREAM_END) {
            decoder->zip_ended = true;
        } else if (answer != Z_OK && answer != Z_BUF_ERROR) {
            decoder->facts.broken = true;
            return TSCOPE_OK;
        }
    } while (zip->avail_in > 0 || zip->avail_out == 0);
    return TSCOPE_OK;
}

static enum tscope_status
take_bytes(tscope_decoder *decoder, const uint8_t *bytes, size_t len, struct tscope_error *err)
{
    if (!decoder->zip_open)
        return take_text(decoder, bytes, len, err);
    for (size_t at = 0; at < len && !decoder->facts.broken;) {
        size_t piece = len - at < CHUNK ? len - at : CHUNK;
        enum tscope_status status = inflate_piece(decoder, bytes + at, piece, err);

        if (status != TSCOPE_OK)
            return status;
        at += piece;
    }
    return TSCOPE_OK;
}

static enum tscope_status
start(tscope_decoder *decoder, struct tscope_error *err)
{
    enum tscope_status status = TSCOPE_OK;

    decoder->started = true;
    if (decoder->head_len == 2 && decoder->head[0] == 0x1f && decoder->head[1] == 0x8b)
        status = open_zip(decoder, err);
    return status == TSCOPE_OK ? take_bytes(decoder, decoder->head, decoder->head_len, err) : status;
}

enum tscope_status
tscope_decoder_feed(tscope_decoder *decoder, const uint8_t *bytes, size_t len, struct tscope_error *err)
{
    enum tscope_status status;

    if (!decoder->started) {
        while (decoder->head_len < sizeof(decoder->head) && len > 0) {
            decoder->head[decoder->head_len++] = *bytes++;
            len--;
        }
        if (decoder->head_len < sizeof(decoder->head))
            return TSCOPE_OK;
        status = start(decoder, err);
        if (status != TSCOPE_OK)
            return status;
    }
    return take_bytes(decoder, bytes, len, err);
}

enum tscope_status
tscope_decoder_end(tscope_decoder *decoder, struct tscope_error *err)
{
    uint8_t lone[4];
    enum tscope_status status = TSCOPE_OK;

    if (!decoder->started)
        status = start(decoder, err);
    if (status == TSCOPE_OK && decoder->encoding == UNKNOWN)
        status = settle_encoding(decoder, err);
    decoder->facts.cut = decoder->has_half || decoder->high || (decoder->zip_open && !decoder->zip_ended && !decoder->facts.broken);
    if (status != TSCOPE_OK || !decoder->high)
        return status;
    return emit(decoder, lone, tscope_text_encode_utf8(0xfffd, lone), err);
}
