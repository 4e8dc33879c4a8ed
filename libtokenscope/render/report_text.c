/* SPDX-License-Identifier: Apache-2.0 */
#include <tokenscope/version.h>

#include <stdio.h>

#include "core/text.h"
#include "inspect/opinion.h"
#include "render/claims.h"
#include "render/findings_lines.h"
#include "render/signer.h"
#include "render/token_lines.h"
#include "render/verdict_words.h"
#include "render/words.h"
#include "token/nested.h"

#define VALUE_MAX 160          /* bytes of one claim */
#define VALUE_VERBOSE_MAX 1024 /* the same, when every claim is asked for */
#define DIGEST_SHOWN 12        /* hexadecimal digits that tell tokens apart */
#define HISTORY_DIGEST_SHOWN 8
#define OPINIONS_MAX 3

struct report_view {
    const tscope_report *report;
    struct tscope_members_view members;
    bool verbose;
};

static void
write_verdict(struct tscope_layout *layout, const struct tscope_inspection *inspection)
{
    tscope_layout_begin(layout, 0, TSCOPE_LAYOUT_VALUE);
    tscope_layout_text(layout, tscope_verdict_style(inspection->verdict), tscope_verdict_word(inspection->verdict));
    tscope_layout_tab(layout, TSCOPE_LAYOUT_VALUE);
    tscope_verdict_put_sentences(layout, inspection);
    tscope_layout_end(layout);
}

static void
write_token(struct tscope_layout *layout, const struct tscope_inspection *inspection, const struct report_view *view)
{
    uint8_t sha256[TSCOPE_SHA256_LEN];
    char digest[2 * sizeof(sha256) + 1];

    if (!tscope_inspection_digest(inspection, sha256)) {
        layout->out.failed = true;
        return;
    }
    tscope_text_to_hex(sha256, sizeof(sha256), digest);
    tscope_layout_label(layout, "Token");
    tscope_token_lines_put_what(layout, inspection->token);
    tscope_layout_text(layout, TSCOPE_STYLE_QUIET, ", SHA-256 ");
    tscope_layout_span(layout, TSCOPE_STYLE_QUIET, tscope_span_of(digest, view->verbose ? strlen(digest) : DIGEST_SHOWN));
    if (!view->verbose)
        tscope_layout_text(layout, TSCOPE_STYLE_QUIET, "…");
    tscope_layout_end(layout);
    tscope_token_lines_state(layout, inspection->token);
}

static void
write_decryption(struct tscope_layout *layout, const struct tscope_decryption *decryption)
{
    if (!decryption || decryption->status != TSCOPE_DECRYPTION_DECRYPTED) {
        tscope_layout_text(layout, TSCOPE_STYLE_PLAIN, "not decrypted");
        if (decryption && decryption->status == TSCOPE_DECRYPTION_FAILED)
            tscope_layout_format(layout, TSCOPE_STYLE_PLAIN, ": %s", decryption->reason);
        return;
    }
    tscope_layout_text(layout, TSCOPE_STYLE_PLAIN, "decrypted");
    if (decryption->key && decryption->key->kid.data) {
        tscope_layout_text(layout, TSCOPE_STYLE_PLAIN, " with key ");
        tscope_layout_value(layout, TSCOPE_STYLE_PLAIN, decryption->key->kid, VALUE_MAX);
    }
}

static void
write_encryption(struct tscope_layout *layout, const struct tscope_inspection *inspection)
{
    const tscope_subject *subject = &inspection->deciding->subject;
    struct tscope_span alg = tscope_subject_text(subject, tscope_subject_header(subject, TSCOPE_HEADER_ALG));
    struct tscope_span enc = tscope_subject_text(subject, tscope_subject_header(subject, TSCOPE_HEADER_ENC));
    struct tscope_span kid = tscope_subject_text(subject, tscope_subject_header(subject, TSCOPE_HEADER_KID));

    tscope_layout_label(layout, "Encrypted");
    if (enc.data)
        tscope_layout_value(layout, TSCOPE_STYLE_STRONG, enc, VALUE_MAX);
    if (alg.data) {
        tscope_layout_text(layout, TSCOPE_STYLE_PLAIN, enc.data ? ", alg " : "alg ");
        tscope_layout_value(layout, TSCOPE_STYLE_PLAIN, alg, VALUE_MAX);
    }
    if (kid.data) {
        tscope_layout_text(layout, TSCOPE_STYLE_PLAIN, ", for kid ");
        tscope_layout_value(layout, TSCOPE_STYLE_PLAIN, kid, VALUE_MAX);
    }
    if (enc.data || alg.data || kid.data)
        tscope_layout_text(layout, TSCOPE_STYLE_PLAIN, "; ");
    write_decryption(layout, inspection->decryption);
    tscope_layout_end(layout);
}

static void
write_signer(struct tscope_layout *layout, const struct tscope_inspection *inspection, const struct report_view *view)
{
    if (tscope_token_lines_is_jwe(inspection->token))
        write_encryption(layout, inspection);
    else if (inspection->deciding->signature)
        tscope_signer_lines(layout, inspection->deciding, view->verbose, &view->members);
}

static void
write_findings(struct tscope_layout *layout, const struct tscope_findings *findings, bool verbose)
{
    if (findings->found_len == 0)
        return;
    tscope_layout_heading_with(layout, "Findings", "bytes are counted from 0 in the token's text");
    tscope_findings_lines(layout, findings, verbose);
}

/* Each sentence ends in the same words, which the heading says: so most fit on a line. */
static struct tscope_span
without_end(const char *sentence)
{
    struct tscope_span text = tscope_span_text(sentence);
    const struct tscope_span end = TSCOPE_SPAN(" would accept it");

    if (tscope_text_ends_with(text, end))
        text.len -= end.len;
    if (text.len > 0 && text.data[text.len - 1] == ',')
        text.len--;
    return text;
}

/* The narrow ones stand first, and say the most. */
static void
write_opinion(struct tscope_layout *layout, uint64_t opinion, bool verbose)
{
    size_t count = 0;

    if (opinion == 0)
        return;
    tscope_layout_heading(layout, "Second opinion: each of these would accept it");
    for (size_t i = 0; i < tscope_lax_rows_len; i++) {
        if (!(opinion >> i & 1) || (count++ >= OPINIONS_MAX && !verbose))
            continue;
        tscope_layout_begin(layout, TSCOPE_LAYOUT_LABEL, TSCOPE_LAYOUT_LABEL + 2);
        tscope_layout_span(layout, TSCOPE_STYLE_PLAIN, without_end(tscope_lax_rows[i].sentence));
        if (verbose)
            tscope_layout_format(layout, TSCOPE_STYLE_QUIET, " (%s: %s)", tscope_lax_rows[i].id, tscope_lax_rows[i].references);
        tscope_layout_end(layout);
    }
    if (count <= OPINIONS_MAX || verbose)
        return;
    tscope_layout_begin(layout, TSCOPE_LAYOUT_LABEL, TSCOPE_LAYOUT_LABEL);
    tscope_layout_format(layout, TSCOPE_STYLE_QUIET, "and %zu more", count - OPINIONS_MAX);
    tscope_layout_end(layout);
}

/* Several signatures: what was said above is of the one that decides. */
static void
write_signatures(struct tscope_layout *layout, const struct tscope_inspection *inspection)
{
    bool encrypted = tscope_token_lines_is_jwe(inspection->token);

    if (inspection->signatures_len < 2 || encrypted)
        return;
    tscope_layout_heading(layout, "Signatures");
    for (size_t i = 0; i < inspection->signatures_len; i++) {
        char label[40];

        snprintf(label, sizeof(label), "%zu%s", i + 1, &inspection->signatures[i] == inspection->deciding ? " decides" : "");
        tscope_layout_label(layout, label);
        tscope_signer_put_short(layout, &inspection->signatures[i]);
        tscope_layout_end(layout);
    }
    if (inspection->token->signatures_total > inspection->signatures_len) {
        tscope_layout_label(layout, "");
        tscope_layout_format(layout, TSCOPE_STYLE_QUIET, "and %zu more, not looked at",
                             inspection->token->signatures_total - inspection->signatures_len);
        tscope_layout_end(layout);
    }
}

static void
write_claims(struct tscope_layout *layout, const struct tscope_inspection *inspection, const struct report_view *view)
{
    const struct tscope_token *token = inspection->token;

    if (view->verbose && inspection->deciding->signature) {
        tscope_layout_heading(layout, "Header");
        tscope_token_lines_header(layout, token, inspection->deciding->signature, &view->members);
    }
    if (!token->claims_root)
        return;
    tscope_layout_heading(layout, "Claims");
    if (view->verbose)
        tscope_token_lines_claims(layout, token, &view->members);
    else
        tscope_claims_lines(layout, &inspection->deciding->subject, view->report->seen_from, &view->members);
}

static void
write_unknown(struct tscope_layout *layout, const struct tscope_findings *findings, bool verbose)
{
    if (findings->unknown_len == 0)
        return;
    tscope_layout_heading(layout, "Could not tell");
    tscope_findings_unknown_lines(layout, findings, verbose);
}

static void
put_nested_name(struct tscope_layout *layout, const struct tscope_token *token, uint32_t index)
{
    const char *words = tscope_nested_words(token, index);

    if (words)
        tscope_layout_text(layout, TSCOPE_STYLE_STRONG, words);
    else
        tscope_layout_value(layout, TSCOPE_STYLE_STRONG, tscope_json_name(&token->claims, token->nested[index].value), 64);
}

static void write_body(struct tscope_layout *layout, const struct tscope_inspection *inspection, const struct report_view *view);

/* As deep as tokens are read, TSCOPE_NESTING_MAX. */
static void
write_nested(struct tscope_layout *layout, const struct tscope_inspection *inspection, const struct report_view *view)
{
    for (uint32_t i = 0; i < inspection->token->nested_len; i++) {
        tscope_layout_blank(layout);
        tscope_layout_begin(layout, 0, TSCOPE_LAYOUT_VALUE);
        tscope_layout_text(layout, TSCOPE_STYLE_STRONG, "A token inside, ");
        put_nested_name(layout, inspection->token, i);
        tscope_layout_end(layout);
        layout->margin += TSCOPE_LAYOUT_LABEL;
        write_body(layout, &inspection->nested[i], view);
        layout->margin -= TSCOPE_LAYOUT_LABEL;
    }
}

static void
write_body(struct tscope_layout *layout, const struct tscope_inspection *inspection, const struct report_view *outer)
{
    const struct tscope_findings *findings = &inspection->deciding->findings;
    struct report_view own = *outer;
    const struct report_view *view = &own;

    own.members.token = inspection->token;
    write_verdict(layout, inspection);
    if (inspection == &view->report->root)
        tscope_layout_blank(layout);
    write_token(layout, inspection, view);
    write_signer(layout, inspection, view);
    write_findings(layout, findings, view->verbose);
    write_opinion(layout, inspection->opinion, view->verbose);
    write_signatures(layout, inspection);
    write_claims(layout, inspection, view);
    write_unknown(layout, findings, view->verbose);
    write_nested(layout, inspection, view);
}

/* What the verdict rests on: without the sources it cannot be made again. */
static void
write_sources(struct tscope_layout *layout, const tscope_report *report, bool verbose)
{
    const struct tscope_history *const *histories;
    size_t count = tscope_keyring_histories(report->keyring, &histories);
    const char *profile = tscope_profile_id(report->profile);
    char until[TSCOPE_WORDS_MAX];

    tscope_layout_blank(layout);
    tscope_layout_begin(layout, 0, TSCOPE_LAYOUT_LABEL);
    tscope_layout_format(layout, TSCOPE_STYLE_QUIET, "tokenscope %s", tscope_version());
    if (!tscope_text_starts_with(tscope_span_text(profile), TSCOPE_SPAN("shipped@"))) /* that goes without saying */
        tscope_layout_format(layout, TSCOPE_STYLE_QUIET, ", %s", profile);
    for (size_t i = 0; i < count; i++) {
        struct tscope_span digest = histories[i]->sha256;

        if (!verbose && digest.len > HISTORY_DIGEST_SHOWN)
            digest.len = HISTORY_DIGEST_SHOWN;
        tscope_layout_text(layout, TSCOPE_STYLE_QUIET, ", key history ");
        tscope_layout_value(layout, TSCOPE_STYLE_QUIET, histories[i]->name, VALUE_MAX);
        if (histories[i]->until != TSCOPE_TIME_NONE) {
            tscope_words_date(histories[i]->until, until);
            tscope_layout_format(layout, TSCOPE_STYLE_QUIET, " to %s", until);
        }
        tscope_layout_text(layout, TSCOPE_STYLE_QUIET, " (");
        tscope_layout_span(layout, TSCOPE_STYLE_QUIET, digest);
        tscope_layout_text(layout, TSCOPE_STYLE_QUIET, verbose ? ")" : "…)");
    }
    tscope_layout_end(layout);
}

enum tscope_status
tscope_report_text(const tscope_report *report, const struct tscope_text_options *options, char **ret_text, size_t *ret_len,
                   struct tscope_error *err)
{
    struct report_view view = {.report = report, .verbose = options && options->verbose};
    struct tscope_layout layout;

    view.members = (struct tscope_members_view){
        .reveal = options && options->reveal,
        .now = report->root.deciding->subject.now,
        .max = view.verbose ? VALUE_VERBOSE_MAX : VALUE_MAX,
    };
    tscope_layout_init(&layout, options ? options->width : 0, options && options->colour);
    write_body(&layout, &report->root, &view);
    write_sources(&layout, report, view.verbose);
    return tscope_layout_finish(&layout, ret_text, ret_len, err);
}
