/* SPDX-License-Identifier: Apache-2.0 */
#include "core/error.h"
#include "evidence/csv.h"
#include "evidence/dump_map.h"
#include "evidence/fields_log.h"
#include "evidence/lines.h"
#include "evidence/log_line.h"
#include "evidence/records.h"
#include "evidence/stream.h"

static enum tscope_status
locate(struct tscope_locating *locating, struct tscope_error *err)
{
    switch (locating->piece->format) {
    case TSCOPE_EVIDENCE_HAR:
    case TSCOPE_EVIDENCE_JSON:
        return tscope_records_locate(locating, err);
    case TSCOPE_EVIDENCE_JSONL:
        return tscope_records_locate_lines(locating, err);
    case TSCOPE_EVIDENCE_CSV:
        return tscope_csv_locate(locating, err);
    case TSCOPE_EVIDENCE_LOG:
    case TSCOPE_EVIDENCE_TEXT:
        return tscope_log_locate(locating, err);
    case TSCOPE_EVIDENCE_ZEEK:
    case TSCOPE_EVIDENCE_W3C:
        return tscope_fields_log_locate(locating, err);
    case TSCOPE_EVIDENCE_BURP:
    case TSCOPE_EVIDENCE_MITMPROXY:
        return tscope_lines_locate(locating, false, NULL, NULL, err);
    case TSCOPE_EVIDENCE_MINIDUMP:
    case TSCOPE_EVIDENCE_KERNEL_DUMP:
    case TSCOPE_EVIDENCE_KERNEL_BITMAP:
    case TSCOPE_EVIDENCE_ELF_CORE:
    case TSCOPE_EVIDENCE_LIME:
        return tscope_dump_locate(locating, err);
    case TSCOPE_EVIDENCE_RAW:
    case TSCOPE_EVIDENCE_GZIP:
    case TSCOPE_EVIDENCE_ZIP:
    case TSCOPE_EVIDENCE_ZSTD:
    case TSCOPE_EVIDENCE_XZ:
    case TSCOPE_EVIDENCE_BZIP2:
    case TSCOPE_EVIDENCE_SEVEN_ZIP:
    case TSCOPE_EVIDENCE_CABINET:
    case TSCOPE_EVIDENCE_HIBERFIL:
    case TSCOPE_EVIDENCE_HPROF:
        break;
    }
    tscope_locating_deliver_rest(locating);
    return TSCOPE_OK;
}

enum tscope_status
tscope_evidence_locate(tscope_evidence *evidence, const tscope_evidence_stream *stream, const uint64_t offsets[], size_t count,
                       tscope_evidence_deliver *deliver, void *user, struct tscope_error *err)
{
    struct tscope_locating locating = {.piece = stream->piece, .offsets = offsets, .count = count, .deliver = deliver, .user = user};

    (void)evidence;
    for (size_t i = 1; i < count; i++) {
        if (offsets[i] < offsets[i - 1])
            return tscope_error_set(err, TSCOPE_ERR_ARGUMENT, TSCOPE_OFFSET_NONE, "the offsets are not in order");
    }
    return count ? locate(&locating, err) : TSCOPE_OK;
}
