/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence/text_reader.h"

#include "core/error.h"

/* The memory is what stays of the last chunk, the characters, and behind them the bytes that they are made from. */
#define MEMORY_SIZE (TSCOPE_TEXT_BEHIND + TSCOPE_TEXT_CHUNK + 2 * TSCOPE_TEXT_CHUNK)

static size_t
mark_len(const uint8_t *head, size_t len, unsigned unit, bool is_big_endian)
{
    if (unit == 1)
        return len >= 3 && memcmp(head, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
    return len >= 2 && memcmp(head, is_big_endian ? "\xfe\xff" : "\xff\xfe", 2) == 0 ? 2 : 0;
}

enum tscope_status
tscope_text_reader_init(struct tscope_text_reader *text, const tscope_piece *piece, struct tscope_error *err)
{
    enum tscope_status status;
    uint8_t head[4];
    size_t got = 0;

    *text = (struct tscope_text_reader){.unit = piece->text == TSCOPE_PIECE_BYTES ? 1 : 2};
    text->is_big_endian = piece->text == TSCOPE_PIECE_UTF16BE;
    text->memory = tscope_alloc(MEMORY_SIZE);
    if (!text->memory)
        return tscope_error_no_memory(err);
    text->chars = text->memory + TSCOPE_TEXT_BEHIND;
    status = tscope_reader_new(piece, false, &text->reader, err);
    if (status == TSCOPE_OK)
        status = tscope_reader_read(text->reader, head, sizeof(head), &got, err);
    if (status == TSCOPE_OK)
        status = tscope_text_reader_seek(text, mark_len(head, got, text->unit, text->is_big_endian), err);
    if (status != TSCOPE_OK)
        tscope_text_reader_clear(text);
    return status;
}

void
tscope_text_reader_clear(struct tscope_text_reader *text)
{
    tscope_reader_free(text->reader);
    tscope_free(text->memory);
    *text = (struct tscope_text_reader){0};
}

enum tscope_status
tscope_text_reader_seek(struct tscope_text_reader *text, uint64_t offset, struct tscope_error *err)
{
    text->offset = offset;
    text->chars_len = text->behind = 0;
    return tscope_reader_seek(text->reader, offset, err);
}

/* What stood last before the next chunk moves in front of it. */
static void
keep_behind(struct tscope_text_reader *text)
{
    uint8_t *chars = text->memory + TSCOPE_TEXT_BEHIND;
    size_t there = text->behind + text->chars_len, kept = there < TSCOPE_TEXT_BEHIND ? there : TSCOPE_TEXT_BEHIND;

    memmove(chars - kept, chars + text->chars_len - kept, kept);
    text->behind = kept;
    text->offset += (uint64_t)text->chars_len * text->unit;
}

static void
narrow(uint8_t *chars, const uint8_t *bytes, size_t count, bool is_big_endian)
{
    for (size_t i = 0; i < count; i++) {
        uint8_t low = bytes[2 * i + (is_big_endian ? 1 : 0)], high = bytes[2 * i + (is_big_endian ? 0 : 1)];

        chars[i] = high || low >= 0x80 ? '?' : low;
    }
}

enum tscope_status
tscope_text_reader_next(struct tscope_text_reader *text, struct tscope_error *err)
{
    uint8_t *chars = text->memory + TSCOPE_TEXT_BEHIND, *bytes = chars + TSCOPE_TEXT_CHUNK;
    enum tscope_status status;
    size_t got = 0;

    keep_behind(text);
    status = tscope_reader_read(text->reader, text->unit == 1 ? chars : bytes, (size_t)TSCOPE_TEXT_CHUNK * text->unit, &got, err);
    if (status != TSCOPE_OK)
        return status;
    if (text->unit == 2)
        narrow(chars, bytes, got / 2, text->is_big_endian);
    text->chars_len = got / text->unit;
    return TSCOPE_OK;
}
