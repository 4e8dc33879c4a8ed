/* SPDX-License-Identifier: Apache-2.0 */
#include <tokenscope/version.h>

#include "inspect/inspection.h"

#include "checks/silence.h"
#include "core/error.h"
#include "core/json_writer.h"
#include "crypto/jwe.h"
#include "inspect/opinion.h"
#include "inspect/report_write.h"
#include "token/nested.h"
#include "token/secrets.h"

static void
write_span(struct tscope_json_writer *writer, const char *name, struct tscope_span text)
{
    if (text.data)
        tscope_json_write_named_string(writer, name, text);
}

/* A span of the token's own, in which anything may stand. */
static void
write_word(struct tscope_json_writer *writer, const char *name, struct tscope_span text)
{
    if (!text.data)
        return;
    tscope_json_write_name(writer, name);
    tscope_secret_write(writer, text);
}

static void
write_known_time(struct tscope_json_writer *writer, const char *name, int64_t time)
{
    if (time != TSCOPE_TIME_NONE)
        tscope_json_write_named_time(writer, name, time);
}

static void
write_tool(struct tscope_json_writer *writer, const tscope_report *report)
{
    const struct tscope_history *const *histories;
    size_t histories_len = tscope_keyring_histories(report->keyring, &histories);

    tscope_json_write_name(writer, "tool");
    tscope_json_write_object(writer);
    tscope_json_write_named_word(writer, "version", tscope_version());
    if (histories_len > 0) {
        tscope_json_write_name(writer, "history");
        tscope_json_write_object(writer);
        write_span(writer, "sha256", histories[0]->sha256);
        write_known_time(writer, "until", histories[0]->until);
        tscope_json_write_object_end(writer);
    }
    if (histories_len > 1) {
        tscope_json_write_name(writer, "more_histories");
        tscope_json_write_array(writer);
        for (size_t i = 1; i < histories_len; i++) {
            tscope_json_write_object(writer);
            write_span(writer, "name", histories[i]->name);
            write_span(writer, "sha256", histories[i]->sha256);
            tscope_json_write_object_end(writer);
        }
        tscope_json_write_array_end(writer);
    }
    tscope_json_write_named_text(writer, "profile", tscope_profile_id(report->profile));
    tscope_json_write_object_end(writer);
}

static void
write_place(struct tscope_json_writer *writer, struct tscope_span path, uint64_t offset)
{
    if (path.data)
        tscope_json_write_named_string(writer, "path", path);
    if (offset)
        tscope_json_write_named_integer(writer, "base", (int64_t)offset);
}

static void
write_source(struct tscope_json_writer *writer, const tscope_report *report, struct tscope_report_marks *marks)
{
    tscope_json_write_name(writer, "source");
    tscope_json_write_object(writer);
    marks->source_at = (uint32_t)writer->buffer->len;
    write_place(writer, report->source_path ? tscope_span_text(report->source_path) : (struct tscope_span){NULL, 0}, report->source_offset);
    marks->source_rest = (uint32_t)writer->buffer->len + (writer->buffer->len > marks->source_at); /* behind the comma */
    tscope_token_write_source(report->root.token, writer);
    tscope_json_write_object_end(writer);
}

static void
write_token(struct tscope_json_writer *writer, const struct tscope_inspection *inspection, bool reveal)
{
    uint8_t sha256[TSCOPE_SHA256_LEN];

    if (!tscope_inspection_digest(inspection, sha256)) {
        writer->buffer->failed = true;
        return;
    }
    tscope_json_write_name(writer, "token");
    tscope_json_write_object(writer);
    tscope_json_write_name(writer, "sha256");
    tscope_json_write_hex(writer, sha256, sizeof(sha256));
    tscope_token_write_members(inspection->token, writer, reveal);
    tscope_json_write_object_end(writer);
}

static void
write_certificate(struct tscope_json_writer *writer, const struct tscope_certificate *certificate)
{
    tscope_json_write_name(writer, "certificate");
    tscope_json_write_object(writer);
    tscope_json_write_named_time(writer, "not_before", certificate->not_before);
    tscope_json_write_named_time(writer, "not_after", certificate->not_after);
    write_span(writer, "subject", certificate->subject);
    tscope_json_write_name(writer, "sha256");
    tscope_json_write_hex(writer, certificate->sha256, sizeof(certificate->sha256));
    tscope_json_write_object_end(writer);
}

static void
write_published(struct tscope_json_writer *writer, const tscope_key *key)
{
    struct tscope_publication publications[16];
    size_t count = tscope_history_publications(key->history, key->history_key, publications, TSCOPE_COUNT(publications));

    if (count == 0)
        return;
    tscope_json_write_name(writer, "published");
    tscope_json_write_array(writer);
    for (size_t i = 0; i < count && i < TSCOPE_COUNT(publications); i++) {
        tscope_json_write_object(writer);
        write_span(writer, "endpoint", key->history->endpoints[publications[i].endpoint].id);
        write_known_time(writer, "first", publications[i].first);
        write_known_time(writer, "last", publications[i].last);
        write_known_time(writer, "absent", publications[i].absent);
        tscope_json_write_object_end(writer);
    }
    tscope_json_write_array_end(writer);
}

static void
write_notice(struct tscope_json_writer *writer, const struct tscope_history_notice *notice)
{
    tscope_json_write_name(writer, "notice");
    tscope_json_write_object(writer);
    tscope_json_write_named_word(writer, "status", tscope_notice_status_name(notice->status));
    write_known_time(writer, "exposed_from", notice->exposed_from);
    write_known_time(writer, "abuse_first_known", notice->abuse_first_known);
    write_known_time(writer, "withdrawn_at", notice->withdrawn_at);
    write_span(writer, "reference", notice->reference);
    tscope_json_write_object_end(writer);
}

static void
write_key(struct tscope_json_writer *writer, const struct tscope_resolution *resolution)
{
    const struct tscope_standing *standing = &resolution->standing;
    const tscope_key *key = resolution->key;

    tscope_json_write_name(writer, "key");
    tscope_json_write_object(writer);
    write_span(writer, "kid", key->kid);
    tscope_json_write_named_text(writer, "thumbprint", tscope_key_thumbprint(key));
    if (standing->certificate) {
        tscope_json_write_name(writer, "x5t");
        tscope_json_write_base64url(writer, standing->certificate->sha1, sizeof(standing->certificate->sha1));
    }
    write_span(writer, "family", standing->family);
    if (standing->cloud != TSCOPE_CLOUD_UNKNOWN)
        tscope_json_write_named_word(writer, "cloud", tscope_cloud_name(standing->cloud));
    if (standing->from != TSCOPE_FAMILY_FROM_NOTHING)
        tscope_json_write_named_word(writer, "family_from", tscope_family_from_name(standing->from));
    write_span(writer, "issuer", standing->issuer);
    tscope_json_write_named_word(writer, "entitlement", tscope_entitlement_id(resolution->entitlement));
    write_span(writer, "source", key->source);
    if (standing->certificate)
        write_certificate(writer, standing->certificate);
    if (standing->recorded)
        write_published(writer, standing->recorded);
    if (standing->notice)
        write_notice(writer, standing->notice);
    tscope_json_write_object_end(writer);
}

static void
write_signature(struct tscope_json_writer *writer, const struct tscope_judged_signature *judged, bool reveal)
{
    static const char *const inputs[] = {"as-sent", "nonce-hashed", "repaired"};
    const struct tscope_resolution *resolution = &judged->resolution;
    struct tscope_span alg = tscope_subject_text(&judged->subject, tscope_subject_header(&judged->subject, TSCOPE_HEADER_ALG));

    tscope_json_write_object(writer);
    tscope_json_write_named_word(writer, "status", tscope_signature_status_id(resolution->status));
    write_word(writer, "alg", alg);
    if (resolution->status == TSCOPE_STATUS_VERIFIED) {
        tscope_json_write_named_word(writer, "input", inputs[resolution->input]);
        tscope_json_write_named_word(writer, "found_by", tscope_found_by_id(resolution->found_by));
    } else if (resolution->embedded.verifies) {
        tscope_json_write_named_text(writer, "found_by", tscope_found_by_id(TSCOPE_FOUND_BY_EMBEDDED));
    }
    if (resolution->trials > 1)
        tscope_json_write_named_integer(writer, "trials", resolution->trials);
    if (reveal && judged->signature && judged->signature->signature.form.data)
        write_span(writer, "value", judged->signature->signature.form);
    if (resolution->key)
        write_key(writer, resolution);
    tscope_json_write_object_end(writer);
}

static void
write_evidence(struct tscope_json_writer *writer, const struct tscope_evidence *evidence)
{
    tscope_json_write_object(writer);
    tscope_json_write_named_word(writer, "part", tscope_part_id_name(evidence->part));
    write_span(writer, "pointer", evidence->pointer);
    tscope_json_write_name(writer, "raw");
    tscope_json_write_array(writer);
    tscope_json_write_integer(writer, (int64_t)evidence->raw_offset);
    tscope_json_write_integer(writer, (int64_t)evidence->raw_len);
    tscope_json_write_array_end(writer);
    if (evidence->has_decoded) {
        tscope_json_write_name(writer, "decoded");
        tscope_json_write_array(writer);
        tscope_json_write_integer(writer, (int64_t)evidence->decoded_offset);
        tscope_json_write_integer(writer, (int64_t)evidence->decoded_len);
        tscope_json_write_array_end(writer);
    }
    write_span(writer, "excerpt", evidence->excerpt);
    tscope_json_write_object_end(writer);
}

/* "a; b" as ["a", "b"] */
static void
write_references(struct tscope_json_writer *writer, const char *references)
{
    tscope_json_write_name(writer, "references");
    tscope_json_write_array(writer);
    while (references && *references) {
        size_t len = strcspn(references, ";");

        tscope_json_write_string(writer, tscope_span_of(references, len));
        references += len;
        references += strspn(references, "; ");
    }
    tscope_json_write_array_end(writer);
}

static void
write_finding(struct tscope_json_writer *writer, const struct tscope_finding *finding)
{
    tscope_json_write_object(writer);
    tscope_json_write_named_word(writer, "id", finding->check->id);
    tscope_json_write_named_word(writer, "severity", tscope_severity_id(finding->severity));
    tscope_json_write_named_word(writer, "proves", tscope_proves_id(finding->proves));
    tscope_json_write_named_text(writer, "title", finding->check->title);
    tscope_json_write_named_text(writer, "detail", finding->detail);
    if (finding->check->specialises)
        tscope_json_write_named_text(writer, "specialises", finding->check->specialises);
    tscope_json_write_name(writer, "evidence");
    tscope_json_write_array(writer);
    for (size_t i = 0; i < finding->evidence_len; i++)
        write_evidence(writer, &finding->evidence[i]);
    tscope_json_write_array_end(writer);
    write_references(writer, finding->check->references);
    tscope_json_write_object_end(writer);
}

static void
write_opinion(struct tscope_json_writer *writer, uint64_t opinion)
{
    tscope_json_write_name(writer, "second_opinion");
    tscope_json_write_array(writer);
    for (; opinion; opinion &= opinion - 1) {
        size_t i = (size_t)__builtin_ctzll(opinion);

        tscope_json_write_object(writer);
        tscope_json_write_named_text(writer, "id", tscope_lax_rows[i].id);
        tscope_json_write_named_text(writer, "sentence", tscope_lax_rows[i].sentence);
        write_references(writer, tscope_lax_rows[i].references);
        tscope_json_write_object_end(writer);
    }
    tscope_json_write_array_end(writer);
}

static void
write_inconclusive(struct tscope_json_writer *writer, const struct tscope_inconclusive *unknown)
{
    size_t start;

    tscope_json_write_object(writer);
    tscope_json_write_named_word(writer, "id", unknown->check->id);
    tscope_json_write_named_word(writer, "code", tscope_reason_code(unknown->reason));
    tscope_json_write_named_word(writer, "could_change", tscope_could_change_id(unknown->could_change));
    tscope_json_write_name(writer, "reason");
    if (unknown->silence) {
        start = tscope_json_write_string_begin(writer);
        tscope_silence_append(unknown->silence, writer->buffer);
        tscope_json_write_string_end(writer, start);
    } else {
        tscope_json_write_text(writer, unknown->detail);
    }
    tscope_json_write_object_end(writer);
}

static void
write_findings(struct tscope_json_writer *writer, const struct tscope_findings *findings)
{
    tscope_json_write_name(writer, "findings");
    tscope_json_write_array(writer);
    for (size_t i = 0; i < findings->found_len; i++)
        write_finding(writer, &findings->found[i]);
    tscope_json_write_array_end(writer);
    tscope_json_write_name(writer, "inconclusive");
    tscope_json_write_array(writer);
    for (size_t i = 0; i < findings->unknown_len; i++)
        write_inconclusive(writer, &findings->unknown[i]);
    tscope_json_write_array_end(writer);
}

static void
write_times(struct tscope_json_writer *writer, const tscope_subject *subject, const char *seen_from)
{
    static const char *const from[] = {"unknown", "iat", "nbf", "exp"};

    tscope_json_write_name(writer, "times");
    tscope_json_write_object(writer);
    write_known_time(writer, "then", subject->then);
    tscope_json_write_named_word(writer, "then_from", from[subject->then_from]);
    if (subject->seen != TSCOPE_TIME_NONE) {
        tscope_json_write_named_time(writer, "seen", subject->seen);
        if (seen_from)
            tscope_json_write_named_text(writer, "seen_from", seen_from);
        if (subject->exp != TSCOPE_TIME_NONE)
            tscope_json_write_named_bool(writer, "expired_at_seen", subject->seen >= subject->exp);
    }
    write_known_time(writer, "now", subject->now);
    if (subject->exposed_kid.data) {
        tscope_json_write_name(writer, "key_exposed_from");
        tscope_json_write_object(writer);
        write_span(writer, "kid", subject->exposed_kid);
        tscope_json_write_named_time(writer, "time", subject->exposed_from);
        tscope_json_write_object_end(writer);
    }
    tscope_json_write_object_end(writer);
}

static void
write_ids(struct tscope_json_writer *writer, const char *name, const char *const *ids, size_t ids_len)
{
    tscope_json_write_name(writer, name);
    tscope_json_write_array(writer);
    for (size_t i = 0; i < ids_len; i++)
        tscope_json_write_word(writer, ids[i]);
    tscope_json_write_array_end(writer);
}

static void
write_verdict(struct tscope_json_writer *writer, const struct tscope_inspection *inspection)
{
    tscope_json_write_named_word(writer, "verdict", tscope_verdict_id(inspection->verdict));
    write_ids(writer, "reasons", inspection->reasons, inspection->reasons_len);
    write_ids(writer, "also", inspection->also, inspection->also_len);
}

static void
write_counts(struct tscope_json_writer *writer, const struct tscope_inspection *inspection)
{
    tscope_json_write_name(writer, "counts");
    tscope_json_write_object(writer);
    for (int severity = TSCOPE_SEVERITY_CRITICAL; severity >= TSCOPE_SEVERITY_INFO; severity--)
        tscope_json_write_named_integer(writer, tscope_severity_id((enum tscope_severity)severity), (int64_t)inspection->counts[severity]);
    tscope_json_write_object_end(writer);
}

static bool
is_jwe(const struct tscope_token *token)
{
    return token->serialization == TSCOPE_SERIALIZATION_JWE_COMPACT || token->serialization == TSCOPE_SERIALIZATION_JWE_FLATTENED ||
           token->serialization == TSCOPE_SERIALIZATION_JWE_GENERAL;
}

/* A secret's thumbprint is a hash of it, and tells a guess from the secret (RFC 7638 section 7). */
static void
write_decryption_key(struct tscope_json_writer *writer, const tscope_key *key)
{
    tscope_json_write_name(writer, "key");
    tscope_json_write_object(writer);
    write_span(writer, "kid", key->kid);
    if (key->numbers.type != TSCOPE_KEY_OCT)
        tscope_json_write_named_text(writer, "thumbprint", tscope_key_thumbprint(key));
    tscope_json_write_object_end(writer);
}

static void
write_encryption(struct tscope_json_writer *writer, const struct tscope_inspection *inspection)
{
    const tscope_subject *subject = &inspection->deciding->subject;
    const struct tscope_decryption *decryption = inspection->decryption;
    enum tscope_decryption_status status = decryption ? decryption->status : TSCOPE_DECRYPTION_UNAVAILABLE;

    tscope_json_write_name(writer, "encryption");
    tscope_json_write_object(writer);
    tscope_json_write_named_text(writer, "status", tscope_decryption_status_id(status));
    if (status == TSCOPE_DECRYPTION_DECRYPTED) { /* of the recipient who could read it */
        tscope_json_write_named_text(writer, "alg", decryption->alg->name);
        tscope_json_write_named_text(writer, "enc", decryption->enc->name);
    } else {
        write_word(writer, "alg", tscope_subject_text(subject, tscope_subject_header(subject, TSCOPE_HEADER_ALG)));
        write_word(writer, "enc", tscope_subject_text(subject, tscope_subject_header(subject, TSCOPE_HEADER_ENC)));
    }
    if (decryption && decryption->key)
        write_decryption_key(writer, decryption->key);
    if (decryption && decryption->reason)
        tscope_json_write_named_text(writer, "reason", decryption->reason);
    tscope_json_write_object_end(writer);
}

static void write_nested(struct tscope_json_writer *writer, const struct tscope_inspection *inspection, bool reveal);

/* Token, signatures and encryption of one inspection, into an open object. */
static void
write_body(struct tscope_json_writer *writer, const struct tscope_inspection *inspection, bool reveal)
{
    write_token(writer, inspection, reveal);
    if (is_jwe(inspection->token)) {
        write_encryption(writer, inspection);
    } else {
        tscope_json_write_name(writer, "signature");
        write_signature(writer, inspection->deciding, reveal);
    }
    if (inspection->signatures_len > 1) {
        tscope_json_write_name(writer, is_jwe(inspection->token) ? "recipients" : "signatures");
        tscope_json_write_array(writer);
        for (size_t i = 0; i < inspection->signatures_len; i++)
            write_signature(writer, &inspection->signatures[i], reveal);
        tscope_json_write_array_end(writer);
    }
    write_nested(writer, inspection, reveal);
}

static void
write_nested(struct tscope_json_writer *writer, const struct tscope_inspection *inspection, bool reveal)
{
    const struct tscope_token *token = inspection->token;

    tscope_json_write_name(writer, "nested");
    tscope_json_write_array(writer);
    for (size_t i = 0; i < token->nested_len; i++) {
        tscope_json_write_object(writer);
        if (token->nested[i].value) {
            struct tscope_buffer pointer = {0};

            tscope_json_pointer(&token->claims, token->nested[i].value, &pointer);
            tscope_json_write_named_string(writer, "pointer", tscope_span_of(pointer.data, pointer.len));
            tscope_buffer_clear(&pointer);
        }
        if (tscope_nested_proof(token) == i)
            tscope_json_write_named_bool(writer, "holder_proof", true);
        write_body(writer, &inspection->nested[i], reveal);
        write_verdict(writer, &inspection->nested[i]);
        write_findings(writer, &inspection->nested[i].deciding->findings);
        write_opinion(writer, inspection->nested[i].opinion);
        tscope_json_write_object_end(writer);
    }
    tscope_json_write_array_end(writer);
}

void
tscope_report_write(const tscope_report *report, unsigned flags, struct tscope_span id, struct tscope_buffer *buffer,
                    struct tscope_report_marks *marks)
{
    const struct tscope_inspection *root = &report->root;
    struct tscope_report_marks unused = {0};
    struct tscope_json_writer writer;

    marks = marks ? marks : &unused;
    tscope_json_writer_init(&writer, buffer, flags & TSCOPE_REPORT_PRETTY);
    tscope_json_write_object(&writer);
    tscope_json_write_named_word(&writer, "schema", "tokenscope.report/1");
    write_tool(&writer, report);
    tscope_json_write_name(&writer, "id");
    marks->id_at = (uint32_t)buffer->len;
    tscope_json_write_raw(&writer, id.data ? id : TSCOPE_SPAN("null"));
    marks->id_end = (uint32_t)buffer->len;
    write_source(&writer, report, marks);
    write_body(&writer, root, flags & TSCOPE_REPORT_REVEAL);
    write_times(&writer, &root->deciding->subject, report->seen_from);
    write_verdict(&writer, root);
    write_findings(&writer, &root->deciding->findings);
    write_opinion(&writer, root->opinion);
    write_counts(&writer, root);
    tscope_json_write_object_end(&writer);
}

void
tscope_report_write_again(struct tscope_span json, const struct tscope_report_marks *marks, const struct tscope_report_place *place,
                          struct tscope_buffer *buffer)
{
    struct tscope_json_writer writer;

    tscope_buffer_append(buffer, json.data, marks->id_at);
    tscope_buffer_append(buffer, place->id.data ? place->id.data : (const uint8_t *)"null", place->id.data ? place->id.len : 4);
    if (marks->source_at == 0) {
        tscope_buffer_append(buffer, json.data + marks->id_end, json.len - marks->id_end);
        return;
    }
    tscope_buffer_append(buffer, json.data + marks->id_end, marks->source_at - 1 - marks->id_end);
    tscope_json_writer_init(&writer, buffer, false);
    tscope_json_write_object(&writer);
    write_place(&writer, place->path, place->offset);
    if (place->path.data || place->offset)
        tscope_buffer_append_byte(buffer, ',');
    tscope_buffer_append(buffer, json.data + marks->source_rest, json.len - marks->source_rest);
}

enum tscope_status
tscope_report_json(const tscope_report *report, unsigned flags, char **ret_json, size_t *ret_len, struct tscope_error *err)
{
    struct tscope_buffer buffer = {0};
    size_t len;
    char *json;

    /* almost all reports fit into this: they say the header and the claims again, and as much of their own */
    tscope_buffer_reserve(&buffer, 2048 + report->root.token->text.len);
    tscope_report_write(report, flags, (struct tscope_span){NULL, 0}, &buffer, NULL);
    json = tscope_buffer_steal(&buffer, &len);
    if (!json)
        return tscope_error_no_memory(err);
    *ret_json = json;
    if (ret_len)
        *ret_len = len;
    return TSCOPE_OK;
}
