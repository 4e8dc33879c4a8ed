/* SPDX-License-Identifier: Apache-2.0 */
#include "render/signer.h"

#include "core/text.h"
#include "render/entitlement_words.h"
#include "render/key_lines.h"
#include "render/token_lines.h"
#include "render/words.h"

#define KID_MAX 80

static void
put_alg(struct tscope_layout *layout, const struct tscope_judged_signature *judged)
{
    struct tscope_span alg = tscope_subject_text(&judged->subject, tscope_subject_header(&judged->subject, TSCOPE_HEADER_ALG));

    if (alg.data)
        tscope_layout_value(layout, TSCOPE_STYLE_PLAIN, alg, KID_MAX);
    else
        tscope_layout_text(layout, TSCOPE_STYLE_PLAIN, "no algorithm");
}

/* "Microsoft account (consumer) key", "a shared secret out of keys.json", "a key out of the history embedded" */
static void
put_owner(struct tscope_layout *layout, const tscope_subject *subject, const struct tscope_standing *standing, const tscope_key *key)
{
    const char *cloud = tscope_key_lines_cloud(standing->cloud);

    if (standing->family.data) {
        tscope_layout_span(layout, TSCOPE_STYLE_STRONG, tscope_profile_family_words(subject->profile, standing->family));
        tscope_layout_text(layout, TSCOPE_STYLE_STRONG, " key");
        if (cloud)
            tscope_layout_format(layout, TSCOPE_STYLE_PLAIN, ", %s", cloud);
        return;
    }
    tscope_layout_text(layout, TSCOPE_STYLE_STRONG, key->numbers.type == TSCOPE_KEY_OCT ? "a shared secret" : "a key");
    tscope_layout_text(layout, TSCOPE_STYLE_PLAIN, key->history ? " out of the history " : " out of ");
    tscope_layout_value(layout, TSCOPE_STYLE_PLAIN, key->source, KID_MAX);
}

static void
put_kid(struct tscope_layout *layout, const tscope_key *key)
{
    if (!key->kid.data) {
        tscope_layout_text(layout, TSCOPE_STYLE_PLAIN, ", without kid");
        return;
    }
    tscope_layout_text(layout, TSCOPE_STYLE_PLAIN, ", kid ");
    tscope_layout_value(layout, TSCOPE_STYLE_PLAIN, key->kid, KID_MAX);
}

static void
put_found_by(struct tscope_layout *layout, const struct tscope_resolution *resolution)
{
    switch (resolution->found_by) {
    case TSCOPE_FOUND_BY_KID:
        tscope_layout_text(layout, TSCOPE_STYLE_PLAIN, ", found by kid");
        break;
    case TSCOPE_FOUND_BY_X5T:
        tscope_layout_text(layout, TSCOPE_STYLE_PLAIN, ", found by x5t");
        break;
    case TSCOPE_FOUND_BY_TRIAL:
        tscope_layout_format(layout, TSCOPE_STYLE_PLAIN, ", found by trying %u key%s", resolution->trials,
                             tscope_words_plural(resolution->trials));
        break;
    case TSCOPE_FOUND_BY_NOTHING:
    case TSCOPE_FOUND_BY_SECRET:
    case TSCOPE_FOUND_BY_EMBEDDED: /* verifies nothing that is shown as verified */
        break;
    }
}

static void
write_proof(struct tscope_layout *layout, const struct tscope_judged_signature *judged)
{
    const struct tscope_resolution *resolution = &judged->resolution;
    const char *from = tscope_key_lines_family_from(resolution->standing.from);

    tscope_layout_label(layout, "");
    put_alg(layout, judged);
    tscope_layout_text(layout, TSCOPE_STYLE_PLAIN, " verifies");
    if (resolution->input == TSCOPE_INPUT_NONCE_HASHED)
        tscope_layout_text(layout, TSCOPE_STYLE_PLAIN, " with the nonce hashed, as in tokens for Microsoft's own services");
    if (resolution->input == TSCOPE_INPUT_REPAIRED)
        tscope_layout_text(layout, TSCOPE_STYLE_WARN, " once the damage is repaired");
    put_found_by(layout, resolution);
    if (from && resolution->standing.family.data)
        tscope_layout_format(layout, TSCOPE_STYLE_QUIET, "; family known by %s", from);
    tscope_layout_end(layout);
}

static void
write_key_facts(struct tscope_layout *layout, const struct tscope_standing *standing, bool verbose)
{
    if (standing->certificate) {
        tscope_layout_label(layout, "cert");
        tscope_key_lines_put_certificate(layout, standing->certificate);
        tscope_layout_end(layout);
    }
    if (standing->recorded) {
        tscope_layout_label(layout, "listed");
        tscope_key_lines_put_published(layout, standing->recorded);
        tscope_layout_end(layout);
    }
    if (!standing->notice)
        return;
    tscope_layout_label(layout, "notice");
    tscope_key_lines_put_notice(layout, standing->notice);
    tscope_layout_end(layout);
    if (!verbose || tscope_text_find(standing->notice->reference, TSCOPE_SPAN("://")) == SIZE_MAX)
        return;
    tscope_layout_label(layout, "");
    tscope_layout_span(layout, TSCOPE_STYLE_QUIET, standing->notice->reference);
    tscope_layout_end(layout);
}

/* What the header says of its key, which is nobody's word but the writer's. */
static void
write_named(struct tscope_layout *layout, const struct tscope_judged_signature *judged, bool verbose)
{
    const tscope_subject *subject = &judged->subject;
    const struct tscope_resolution *resolution = &judged->resolution;
    struct tscope_span kid = tscope_subject_text(subject, tscope_subject_header(subject, TSCOPE_HEADER_KID));
    struct tscope_span x5t = tscope_subject_text(subject, tscope_subject_header(subject, TSCOPE_HEADER_X5T));
    struct tscope_span name = kid.data ? kid : x5t;

    tscope_layout_label(layout, "");
    put_alg(layout, judged);
    if (!name.data) {
        tscope_layout_text(layout, TSCOPE_STYLE_PLAIN, ", names no key");
        tscope_layout_end(layout);
        return;
    }
    tscope_layout_format(layout, TSCOPE_STYLE_PLAIN, ", names %s ", kid.data ? "kid" : "x5t");
    tscope_layout_value(layout, TSCOPE_STYLE_PLAIN, name, KID_MAX);
    if (!resolution->named) {
        if (resolution->status == TSCOPE_STATUS_UNVERIFIED) /* without a signature nobody looked */
            tscope_layout_text(layout, TSCOPE_STYLE_PLAIN,
                               resolution->names_known_elsewhere ? ", known only as another issuer's" : ", not at hand");
        tscope_layout_end(layout);
        return;
    }
    tscope_layout_text(layout, TSCOPE_STYLE_PLAIN, ": ");
    put_owner(layout, subject, &resolution->named_standing, resolution->named);
    tscope_layout_end(layout);
    write_key_facts(layout, &resolution->named_standing, verbose);
}

static const char *
secret_words(enum tscope_secret_kind kind)
{
    switch (kind) {
    case TSCOPE_SECRET_EMPTY:
        return "anybody: it verifies with an empty secret";
    case TSCOPE_SECRET_GIVEN:
        return "whoever knows a secret of the list that was given";
    case TSCOPE_SECRET_PUBLISHED:
        return "anybody: it verifies with a secret that documentation shows";
    case TSCOPE_SECRET_PUBLIC_KEY:
        return "anybody: it verifies with a public key taken for a secret";
    case TSCOPE_SECRET_NONE:
        break;
    }
    return "?";
}

static const char *
unknown_words(const struct tscope_judged_signature *judged)
{
    switch (judged->resolution.status) {
    case TSCOPE_STATUS_FAILED:
        return "not the key that it names: the signature does not verify";
    case TSCOPE_STATUS_MISSING:
        return "not known: the signature is not in the evidence";
    case TSCOPE_STATUS_NONE:
        return "nobody: it says itself that it is not signed";
    case TSCOPE_STATUS_UNVERIFIED:
        if (judged->resolution.no_input || judged->resolution.payload_masked)
            return "not known: what was signed is not at hand";
        return judged->resolution.trials > 0 ? "not known: no key at hand verifies it" : "not known: no key at hand could be tried";
    case TSCOPE_STATUS_VERIFIED:
        return secret_words(judged->resolution.secret.kind);
    }
    return "?";
}

static void
write_entitlement(struct tscope_layout *layout, const struct tscope_judged_signature *judged)
{
    tscope_layout_label(layout, "Entitled");
    tscope_entitlement_put(layout, judged);
    tscope_layout_end(layout);
}

static void
write_value(struct tscope_layout *layout, const struct tscope_judged_signature *judged, const struct tscope_members_view *view)
{
    if (!view->reveal || !judged->signature || judged->signature->signature.form.len == 0)
        return;
    tscope_layout_label(layout, "Signature");
    tscope_token_lines_put_signature(layout, judged->signature, view);
    tscope_layout_end(layout);
}

void
tscope_signer_lines(struct tscope_layout *layout, const struct tscope_judged_signature *judged, bool verbose,
                    const struct tscope_members_view *view)
{
    const struct tscope_resolution *resolution = &judged->resolution;

    tscope_layout_label(layout, "Signed by");
    if (resolution->status == TSCOPE_STATUS_VERIFIED && resolution->key) {
        put_owner(layout, &judged->subject, &resolution->standing, resolution->key);
        put_kid(layout, resolution->key);
        tscope_layout_end(layout);
        write_proof(layout, judged);
        write_key_facts(layout, &resolution->standing, verbose);
        write_entitlement(layout, judged);
    } else {
        tscope_layout_text(layout, TSCOPE_STYLE_STRONG, unknown_words(judged));
        tscope_layout_end(layout);
        if (resolution->status != TSCOPE_STATUS_NONE)
            write_named(layout, judged, verbose);
    }
    write_value(layout, judged, view);
}

void
tscope_signer_put_short(struct tscope_layout *layout, const struct tscope_judged_signature *judged)
{
    const struct tscope_resolution *resolution = &judged->resolution;

    put_alg(layout, judged);
    if (resolution->status == TSCOPE_STATUS_VERIFIED && resolution->key) {
        tscope_layout_text(layout, TSCOPE_STYLE_PLAIN, ", verifies under ");
        put_owner(layout, &judged->subject, &resolution->standing, resolution->key);
        put_kid(layout, resolution->key);
        return;
    }
    tscope_layout_text(layout, TSCOPE_STYLE_PLAIN, ", signed by ");
    tscope_layout_text(layout, TSCOPE_STYLE_PLAIN, unknown_words(judged));
}
