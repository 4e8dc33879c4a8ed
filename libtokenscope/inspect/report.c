/* SPDX-License-Identifier: Apache-2.0 */
#include "core/error.h"
#include "core/text.h"
#include "inspect/opinion.h"

void
tscope_report_free(tscope_report *report)
{
    if (!report)
        return;
    tscope_arena_clear(&report->arena);
    tscope_keyring_free(report->keyring);
    tscope_profile_free(report->profile);
    tscope_free(report);
}

bool
tscope_inspection_digest(const struct tscope_inspection *inspection, uint8_t out[TSCOPE_SHA256_LEN])
{
    tscope_crypto *crypto = tscope_keyring_crypto(inspection->deciding->subject.keyring);
    struct tscope_span text = inspection->token->text;
    struct tscope_sha256 sha256 = inspection->digest_begun;

    if (inspection->digest_at == 0 && !tscope_sha256_begin(&sha256))
        return tscope_crypto_digest(crypto, TSCOPE_DIGEST_SHA256, &text, 1, out, NULL) == TSCOPE_OK;
    tscope_sha256_add(&sha256, tscope_span_of(text.data + inspection->digest_at, text.len - inspection->digest_at));
    tscope_sha256_end(&sha256, out);
    return true;
}

uint64_t
tscope_report_offset(const tscope_report *report)
{
    return report->source_offset + report->root.token->source_offset;
}

enum tscope_status
tscope_report_digest(const tscope_report *report, char ret_text[TSCOPE_DIGEST_TEXT_SIZE], struct tscope_error *err)
{
    uint8_t digest[TSCOPE_SHA256_LEN];

    if (!tscope_inspection_digest(&report->root, digest))
        return tscope_error_set(err, TSCOPE_ERR_CRYPTO, TSCOPE_OFFSET_NONE, "libcrypto cannot digest");
    tscope_text_to_hex(digest, sizeof(digest), ret_text);
    return TSCOPE_OK;
}

enum tscope_verdict
tscope_report_verdict(const tscope_report *report)
{
    return report->root.verdict;
}

enum tscope_signature_status
tscope_report_signature(const tscope_report *report)
{
    return report->root.deciding->resolution.status;
}

const char *
tscope_report_alg(const tscope_report *report)
{
    const struct tscope_alg *alg = report->root.deciding->resolution.alg;

    return alg ? alg->name : NULL;
}

const tscope_key *
tscope_report_key(const tscope_report *report)
{
    return report->root.deciding->resolution.key;
}

bool
tscope_report_signature_at(const tscope_report *report, size_t number, struct tscope_signature_view *ret_signature)
{
    const struct tscope_resolution *resolution;

    if (number >= report->root.signatures_len)
        return false;
    resolution = &report->root.signatures[number].resolution;
    *ret_signature = (struct tscope_signature_view){
        .status = resolution->status,
        .alg = resolution->alg ? resolution->alg->name : NULL,
        .key = resolution->key,
        .trials = resolution->trials,
        .was_cut = resolution->trials_cut,
    };
    return true;
}

size_t
tscope_report_findings(const tscope_report *report)
{
    return report->root.deciding->findings.found_len;
}

bool
tscope_report_finding(const tscope_report *report, size_t number, struct tscope_finding_view *ret_finding)
{
    const struct tscope_findings *findings = &report->root.deciding->findings;
    const struct tscope_finding *finding;

    if (number >= findings->found_len)
        return false;
    finding = &findings->found[number];
    *ret_finding = (struct tscope_finding_view){
        .id = finding->check->id,
        .severity = finding->severity,
        .proves = finding->proves,
        .title = finding->check->title,
        .detail = finding->detail,
        .evidence = finding->evidence_len,
    };
    return true;
}

bool
tscope_report_has(const tscope_report *report, const char *id)
{
    const struct tscope_findings *findings = &report->root.deciding->findings;

    for (size_t i = 0; i < findings->found_len; i++) {
        if (strcmp(findings->found[i].check->id, id) == 0)
            return true;
    }
    return false;
}

size_t
tscope_report_inconclusive(const tscope_report *report)
{
    return report->root.deciding->findings.unknown_len;
}

const char *
tscope_report_inconclusive_id(const tscope_report *report, size_t number)
{
    const struct tscope_findings *findings = &report->root.deciding->findings;

    return number < findings->unknown_len ? findings->unknown[number].check->id : NULL;
}

bool
tscope_report_is_uncertain(const tscope_report *report)
{
    const struct tscope_findings *findings = &report->root.deciding->findings;

    for (size_t i = 0; i < findings->unknown_len; i++) {
        if (findings->unknown[i].could_change == TSCOPE_CHANGES_VERDICT)
            return true;
    }
    return false;
}

/* Which row the number-th of an opinion is; tscope_lax_rows_len: there is none. */
static size_t
opinion_row(uint64_t opinion, size_t number)
{
    size_t row = 0;

    for (; row < tscope_lax_rows_len; row++) {
        if (opinion >> row & 1 && number-- == 0)
            break;
    }
    return row;
}

size_t
tscope_report_opinions(const tscope_report *report)
{
    return (size_t)__builtin_popcountll(report->root.opinion);
}

bool
tscope_report_opinion(const tscope_report *report, size_t number, struct tscope_opinion_view *ret_opinion)
{
    return tscope_opinions_at(opinion_row(report->root.opinion, number), ret_opinion);
}

const tscope_token *
tscope_report_token(const tscope_report *report)
{
    return report->root.token;
}
