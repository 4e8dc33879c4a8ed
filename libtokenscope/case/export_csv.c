/* SPDX-License-Identifier: Apache-2.0 */
#include <tokenscope/time.h>

#include "case/csv.h"
#include "case/export.h"

/* What happened, in the order of time; what was found without a time stands at the end, in the order of the places. */
static const char timeline[] =
    "SELECT time, event, verdict, kind, sha256, path, member, offset, place, evidence FROM ("
    "SELECT p.seen AS time, CASE WHEN p.seen IS NULL THEN 'found' ELSE 'seen' END AS event, t.verdict AS verdict, t.kind AS kind,"
    " t.sha256 AS sha256, e.path AS path, s.member AS member, s.number AS number, p.offset AS offset, p.place AS place, e.sha256 AS "
    "evidence"
    " FROM place p JOIN token t ON t.id = p.token JOIN stream s ON s.id = p.stream JOIN evidence e ON e.id = s.evidence"
    " UNION ALL "
    "SELECT k.seen, CASE WHEN k.is_published = 1 THEN 'published key' ELSE 'key' END, NULL, NULL, k.thumbprint, e.path, s.member, s.number,"
    " k.offset, k.place, e.sha256 FROM key_place k JOIN stream s ON s.id = k.stream JOIN evidence e ON e.id = s.evidence"
    " UNION ALL "
    "SELECT json_extract(t.report, '$.token.claims.iat'), 'issued', t.verdict, t.kind, t.sha256, NULL, NULL, NULL, NULL, NULL, NULL"
    " FROM token t WHERE json_valid(t.report) AND json_type(t.report, '$.token.claims.iat') = 'integer'"
    " AND EXISTS (SELECT 1 FROM place WHERE token = t.id)"
    " UNION ALL "
    "SELECT json_extract(t.report, '$.token.claims.exp'), 'expires', t.verdict, t.kind, t.sha256, NULL, NULL, NULL, NULL, NULL, NULL"
    " FROM token t WHERE json_valid(t.report) AND json_type(t.report, '$.token.claims.exp') = 'integer'"
    " AND EXISTS (SELECT 1 FROM place WHERE token = t.id)"
    ") ORDER BY time NULLS LAST, event, sha256, path, number, offset";

enum column { TIME, EVENT, VERDICT, KIND, SHA256, PATH, MEMBER, OFFSET, PLACE, EVIDENCE };

static void
write_cell(struct tscope_export *export, tscope_statement *row, size_t column)
{
    static const char digits[] = "0123456789abcdef";
    struct tscope_span bytes = tscope_statement_bytes(row, column);
    struct tscope_buffer hex = {.arena = &export->arena};

    if (tscope_statement_type(row, column) == TSCOPE_STORE_BLOB) {
        for (size_t i = 0; i < bytes.len; i++) {
            tscope_buffer_append_byte(&hex, (uint8_t)digits[bytes.data[i] >> 4]);
            tscope_buffer_append_byte(&hex, (uint8_t)digits[bytes.data[i] & 15]);
        }
        export->line.failed |= hex.failed;
        bytes = tscope_span_of(hex.data, hex.len);
    }
    tscope_csv_write_cell(&export->line, column == TIME, bytes);
}

static void
write_time(struct tscope_export *export, tscope_statement *row)
{
    char text[TSCOPE_TIME_TEXT_SIZE] = "";

    if (tscope_statement_type(row, TIME) == TSCOPE_STORE_INTEGER)
        tscope_time_to_text(tscope_statement_integer(row, TIME), text);
    tscope_csv_write_cell(&export->line, true, tscope_span_text(text));
}

static enum tscope_status
write_event(struct tscope_export *export, tscope_statement *row)
{
    write_time(export, row);
    for (size_t i = EVENT; i <= SHA256; i++)
        write_cell(export, row, i);
    if (export->flags & TSCOPE_CASE_REDACTED) {
        write_cell(export, row, EVIDENCE);
        write_cell(export, row, OFFSET);
    } else {
        for (size_t i = PATH; i <= PLACE; i++)
            write_cell(export, row, i);
    }
    tscope_csv_write_end(&export->line);
    return tscope_export_line(export);
}

enum tscope_status
tscope_export_csv(struct tscope_export *export)
{
    enum tscope_status status;

    tscope_buffer_append_text(&export->line, export->flags & TSCOPE_CASE_REDACTED
                                                 ? "time,event,verdict,kind,sha256,evidence_sha256,offset\r\n"
                                                 : "time,event,verdict,kind,sha256,path,member,offset,place\r\n");
    status = tscope_export_line(export);
    return status == TSCOPE_OK ? tscope_export_rows(export, timeline, NULL, write_event) : status;
}
