/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence/format.h"

#include "core/error.h"
#include "evidence/format_text.h"

struct magic {
    const char *bytes;
    size_t len;
    size_t offset;
    enum tscope_evidence_format format;
};

#define MAGIC(literal, offset, name)                                 \
    {                                                                \
        literal, sizeof(literal) - 1, offset, TSCOPE_EVIDENCE_##name \
    }

/* The first that fits counts. A text may begin with the letters of hiberfil and of ours: what is told apart further is below. */
static const struct magic magics[] = {
    MAGIC("\x1f\x8b\x08", 0, GZIP),
    MAGIC("PK\x03\x04", 0, ZIP),
    MAGIC("PK\x05\x06", 0, ZIP), /* an empty one */
    MAGIC("PK\x07\x08PK\x03\x04", 0, ZIP),
    MAGIC("PK00PK\x03\x04", 0, ZIP),
    MAGIC("\x28\xb5\x2f\xfd", 0, ZSTD),
    MAGIC("\xfd"
          "7zXZ\0",
          0, XZ),
    MAGIC("7z\xbc\xaf\x27\x1c", 0, SEVEN_ZIP),
    MAGIC("MSCF\0\0\0\0", 0, CABINET),
    MAGIC("MDMP\x93\xa7", 0, MINIDUMP),
    MAGIC("EMiL\x01\0\0\0", 0, LIME),
    MAGIC("JAVA PROFILE 1.0.", 0, HPROF),
};

static bool
has_at(struct tscope_span head, size_t offset, const char *bytes, size_t len)
{
    return head.len >= offset + len && memcmp(head.data + offset, bytes, len) == 0;
}

static bool
is_bzip2(struct tscope_span head)
{
    return has_at(head, 0, "BZh", 3) && has_at(head, 4, "\x31\x41\x59\x26\x53\x59", 6) && head.data[3] >= '1' && head.data[3] <= '9';
}

/* e_type is ET_CORE, in the byte order that e_ident tells. */
static bool
is_elf_core(struct tscope_span head)
{
    if (!has_at(head, 0,
                "\x7f"
                "ELF",
                4) ||
        head.len < 18)
        return false;
    return head.data[5] == 2 ? head.data[16] == 0 && head.data[17] == 4 : head.data[16] == 4 && head.data[17] == 0;
}

/* The bitmap's header is in the page (or the two) behind the dump's. */
static bool
is_kernel_dump(struct tscope_span head, enum tscope_evidence_format *ret_format)
{
    size_t behind;

    if (!has_at(head, 0, "PAGEDU64", 8) && !has_at(head, 0, "PAGEDUMP", 8))
        return false;
    behind = has_at(head, 4, "DU64", 4) ? 0x2000 : 0x1000;
    *ret_format =
        has_at(head, behind, "SDMP", 4) || has_at(head, behind, "FDMP", 4) ? TSCOPE_EVIDENCE_KERNEL_BITMAP : TSCOPE_EVIDENCE_KERNEL_DUMP;
    return true;
}

/* "wake" may begin a text: a hibernation file has numbers behind it, of which some byte is zero. */
static bool
is_hiberfil(struct tscope_span head)
{
    static const char *const names[] = {"HIBR", "hibr", "WAKE", "wake", "RSTR", "rstr"};

    for (size_t i = 0; i < TSCOPE_COUNT(names); i++) {
        if (has_at(head, 0, names[i], 4))
            return head.len >= 32 && memchr(head.data + 4, 0, 28) != NULL;
    }
    return false;
}

static bool
tell_binary(struct tscope_span head, enum tscope_evidence_format *ret_format)
{
    for (size_t i = 0; i < TSCOPE_COUNT(magics); i++) {
        if (has_at(head, magics[i].offset, magics[i].bytes, magics[i].len)) {
            *ret_format = magics[i].format;
            return true;
        }
    }
    if (is_kernel_dump(head, ret_format))
        return true;
    if (is_bzip2(head))
        *ret_format = TSCOPE_EVIDENCE_BZIP2;
    else if (is_elf_core(head))
        *ret_format = TSCOPE_EVIDENCE_ELF_CORE;
    else if (is_hiberfil(head))
        *ret_format = TSCOPE_EVIDENCE_HIBERFIL;
    else
        return false;
    return true;
}

/* A byte order mark, or zeros where the upper half of ASCII's code units is. */
static enum tscope_piece_text
tell_encoding(struct tscope_span head)
{
    size_t pairs = (head.len < 512 ? head.len : 512) / 2, first_zeros = 0, second_zeros = 0;

    if (has_at(head, 0, "\xff\xfe", 2))
        return TSCOPE_PIECE_UTF16LE;
    if (has_at(head, 0, "\xfe\xff", 2))
        return TSCOPE_PIECE_UTF16BE;
    for (size_t i = 0; i < pairs; i++) {
        first_zeros += head.data[2 * i] == 0;
        second_zeros += head.data[2 * i + 1] == 0;
    }
    if (pairs >= 4 && first_zeros == 0 && second_zeros * 10 >= pairs * 9)
        return TSCOPE_PIECE_UTF16LE;
    if (pairs >= 4 && second_zeros == 0 && first_zeros * 10 >= pairs * 9)
        return TSCOPE_PIECE_UTF16BE;
    return TSCOPE_PIECE_BYTES;
}

/* One byte a code unit, as evidence/text_reader.h gives them. */
static struct tscope_span
narrow(struct tscope_span head, enum tscope_piece_text text, uint8_t *out)
{
    size_t len = 0;

    for (size_t i = 0; i + 1 < head.len && len < TSCOPE_FORMAT_HEAD_MAX; i += 2) {
        uint8_t low = head.data[text == TSCOPE_PIECE_UTF16LE ? i : i + 1], high = head.data[text == TSCOPE_PIECE_UTF16LE ? i + 1 : i];

        if (i == 0 && (low | high << 8) == 0xfeff)
            continue;
        out[len++] = high || low >= 0x80 ? '?' : low;
    }
    return tscope_span_of(out, len);
}

/* Text has no NUL, and next to no other controls than the usual ones. */
static bool
is_text(struct tscope_span head)
{
    size_t controls = 0;

    for (size_t i = 0; i < head.len; i++) {
        uint8_t byte = head.data[i];

        if (byte == 0)
            return false;
        controls += byte < 0x20 && byte != '\n' && byte != '\r' && byte != '\t' && byte != '\f' && byte != 0x1b;
    }
    return head.len > 0 && controls * 100 <= head.len;
}

enum tscope_status
tscope_format_of(struct tscope_span head, bool is_all, struct tscope_format *ret_format, struct tscope_error *err)
{
    struct tscope_format result = {TSCOPE_EVIDENCE_RAW, TSCOPE_PIECE_BYTES};
    uint8_t *narrowed = NULL;

    if (tell_binary(head, &result.format)) {
        *ret_format = result;
        return TSCOPE_OK;
    }
    result.text = tell_encoding(head);
    if (result.text != TSCOPE_PIECE_BYTES) {
        narrowed = tscope_alloc(TSCOPE_FORMAT_HEAD_MAX);
        if (!narrowed)
            return tscope_error_no_memory(err);
        head = narrow(head, result.text, narrowed);
    }
    if (is_text(head))
        result.format = tscope_format_of_text(head, is_all);
    else
        result.text = TSCOPE_PIECE_BYTES;
    tscope_free(narrowed);
    *ret_format = result;
    return TSCOPE_OK;
}

bool
tscope_format_is_text(enum tscope_evidence_format format)
{
    return format >= TSCOPE_EVIDENCE_TEXT && format <= TSCOPE_EVIDENCE_MITMPROXY;
}

bool
tscope_format_is_archive(enum tscope_evidence_format format)
{
    return format == TSCOPE_EVIDENCE_GZIP || format == TSCOPE_EVIDENCE_ZIP;
}

bool
tscope_format_is_unread(enum tscope_evidence_format format)
{
    return format >= TSCOPE_EVIDENCE_ZSTD && format <= TSCOPE_EVIDENCE_CABINET;
}

bool
tscope_format_is_dump(enum tscope_evidence_format format)
{
    return format >= TSCOPE_EVIDENCE_MINIDUMP && format <= TSCOPE_EVIDENCE_HPROF;
}
