/* SPDX-License-Identifier: Apache-2.0 */
#include "inspect/report_write.h"

#include "checks/ms_blob.h"
#include "core/error.h"
#include "core/json_writer.h"
#include "token/secrets.h"

/* One flat row about a token: what tables are joined on, and the verdict. */

#define UTI_CHARS 22
#define UTI_BYTES 16

struct row {
    struct tscope_json_writer writer;
    const tscope_subject *subject;
};

/* data NULL: null. */
static void
write_text(struct row *row, const char *name, struct tscope_span text)
{
    tscope_json_write_name(&row->writer, name);
    if (text.data)
        tscope_secret_write(&row->writer, text);
    else
        tscope_json_write_null(&row->writer);
}

static void
write_word(struct row *row, const char *name, const char *word)
{
    write_text(row, name, word ? tscope_span_text(word) : (struct tscope_span){NULL, 0});
}

static struct tscope_span
claim_text(const struct row *row, enum tscope_claim claim)
{
    return tscope_subject_text(row->subject, tscope_subject_claim(row->subject, claim));
}

/* Of several audiences the first that is text. */
static struct tscope_span
audience_text(const struct row *row)
{
    struct tscope_member aud = tscope_subject_claim(row->subject, TSCOPE_CLAIM_AUD);
    const struct tscope_value *value = aud.value;

    if (value && value->type == TSCOPE_JSON_ARRAY) {
        for (value = tscope_json_first(aud.json, value); value && value->type != TSCOPE_JSON_STRING;)
            value = tscope_json_next(aud.json, value);
    }
    return tscope_json_string(aud.json, value, row->subject->arena);
}

/* Which client it was issued to: each kind of token has a claim of its own for it. */
static struct tscope_span
client_text(const struct row *row)
{
    static const enum tscope_claim claims[] = {TSCOPE_CLAIM_APPID, TSCOPE_CLAIM_AZP, TSCOPE_CLAIM_CLIENT_ID};
    struct tscope_span text = {NULL, 0};

    for (size_t i = 0; i < TSCOPE_COUNT(claims) && !text.data; i++)
        text = claim_text(row, claims[i]);
    return text;
}

/* The 16 bytes of a token id in the form of GUIDs; NULL: it has not that shape. Case counts in base64url, so nothing is folded. */
static const char *
guid_of(struct tscope_span uti, char text[TSCOPE_MS_GUID_TEXT])
{
    uint8_t bytes[UTI_BYTES + 8];
    size_t len;

    if (uti.len != UTI_CHARS || !tscope_base64url_decode(uti.data, uti.len, bytes, &len) || len != UTI_BYTES)
        return NULL;
    tscope_ms_guid_text(bytes, text);
    return text;
}

static void
write_time(struct row *row, const char *name, int64_t time)
{
    tscope_json_write_name(&row->writer, name);
    if (time == TSCOPE_TIME_NONE)
        tscope_json_write_null(&row->writer);
    else
        tscope_json_write_integer(&row->writer, time);
}

static void
write_identity(struct row *row, const struct tscope_inspection *inspection)
{
    uint8_t sha256[TSCOPE_SHA256_LEN];

    tscope_json_write_name(&row->writer, "sha256");
    if (!tscope_inspection_digest(inspection, sha256)) {
        row->writer.buffer->failed = true;
        return;
    }
    tscope_json_write_hex(&row->writer, sha256, sizeof(sha256));
    write_word(row, "kind", tscope_token_kind_id(inspection->token->kind));
    write_word(row, "verdict", tscope_verdict_id(inspection->verdict));
}

static void
write_signature(struct row *row)
{
    const struct tscope_resolution *resolution = row->subject->resolution;
    const tscope_key *key = resolution->key;

    write_word(row, "signature", tscope_signature_status_id(resolution->status));
    write_word(row, "alg", resolution->alg ? resolution->alg->name : NULL);
    write_text(row, "kid", tscope_subject_text(row->subject, tscope_subject_header(row->subject, TSCOPE_HEADER_KID)));
    /* of a secret it would be a way to tell guesses from it (RFC 7638 section 7) */
    write_word(row, "key", key && key->numbers.type != TSCOPE_KEY_OCT ? tscope_key_thumbprint(key) : NULL);
}

static void
write_claims(struct row *row)
{
    struct tscope_span uti = claim_text(row, TSCOPE_CLAIM_UTI);
    char guid[TSCOPE_MS_GUID_TEXT];

    write_text(row, "iss", row->subject->iss);
    write_text(row, "aud", audience_text(row));
    write_text(row, "tid", row->subject->tid);
    write_text(row, "oid", claim_text(row, TSCOPE_CLAIM_OID));
    write_text(row, "appid", client_text(row));
    write_text(row, "sub", claim_text(row, TSCOPE_CLAIM_SUB));
    write_text(row, "sid", claim_text(row, TSCOPE_CLAIM_SID));
    write_text(row, "jti", claim_text(row, TSCOPE_CLAIM_JTI));
    write_text(row, "uti", uti);
    write_word(row, "uti_guid", uti.data ? guid_of(uti, guid) : NULL);
    write_time(row, "iat", row->subject->iat);
    write_time(row, "exp", row->subject->exp);
}

static void
write_ids(struct row *row, const struct tscope_inspection *inspection)
{
    const struct tscope_findings *findings = &inspection->deciding->findings;

    tscope_json_write_name(&row->writer, "reasons");
    tscope_json_write_array(&row->writer);
    for (size_t i = 0; i < inspection->reasons_len; i++)
        tscope_json_write_text(&row->writer, inspection->reasons[i]);
    tscope_json_write_array_end(&row->writer);
    tscope_json_write_name(&row->writer, "findings");
    tscope_json_write_array(&row->writer);
    for (size_t i = 0; i < findings->found_len; i++)
        tscope_json_write_text(&row->writer, findings->found[i].check->id);
    tscope_json_write_array_end(&row->writer);
}

void
tscope_report_write_row(const tscope_report *report, struct tscope_span id, struct tscope_buffer *buffer, struct tscope_report_marks *marks)
{
    struct row row = {.subject = &report->root.deciding->subject};
    struct tscope_report_marks unused = {0};

    marks = marks ? marks : &unused;
    *marks = (struct tscope_report_marks){0};
    tscope_json_writer_init(&row.writer, buffer, false);
    tscope_json_write_object(&row.writer);
    tscope_json_write_name(&row.writer, "id");
    marks->id_at = (uint32_t)buffer->len;
    tscope_json_write_raw(&row.writer, id.data ? id : TSCOPE_SPAN("null"));
    marks->id_end = (uint32_t)buffer->len;
    write_identity(&row, &report->root);
    write_signature(&row);
    write_claims(&row);
    write_ids(&row, &report->root);
    tscope_json_write_object_end(&row.writer);
}

enum tscope_status
tscope_report_row_json(const tscope_report *report, char **ret_json, size_t *ret_len, struct tscope_error *err)
{
    struct tscope_buffer buffer = {0};
    size_t len;
    char *json;

    tscope_report_write_row(report, (struct tscope_span){NULL, 0}, &buffer, NULL);
    json = tscope_buffer_steal(&buffer, &len);
    if (!json)
        return tscope_error_no_memory(err);
    *ret_json = json;
    if (ret_len)
        *ret_len = len;
    return TSCOPE_OK;
}
