/* SPDX-License-Identifier: Apache-2.0 */
#include <tokenscope/keys.h>

#include "core/alloc.h"
#include "core/base64url.h"
#include "core/text.h"
#include "profile/profile.h"
#include "render/key_lines.h"
#include "render/words.h"

#define TEXT_MAX 256     /* bytes of a kid, an issuer, a source */
#define SIGHTINGS_MAX 12 /* shown; the rest is counted */
#define FORMS_MAX 8

TSCOPE_DEFINE_AUTO(tscope_profile)

static void
write_hex(struct tscope_layout *layout, const char *before, const uint8_t *bytes, size_t len)
{
    tscope_layout_label(layout, "");
    tscope_layout_text(layout, TSCOPE_STYLE_QUIET, before);
    for (size_t i = 0; i < len; i++)
        tscope_layout_format(layout, TSCOPE_STYLE_PLAIN, "%02x", bytes[i]);
    tscope_layout_end(layout);
}

static void
write_value(struct tscope_layout *layout, const char *label, struct tscope_span value)
{
    if (!value.data)
        return;
    tscope_layout_label(layout, label);
    tscope_layout_value(layout, TSCOPE_STYLE_PLAIN, value, TEXT_MAX);
    tscope_layout_end(layout);
}

/* The exponent as a number when it is one of those that are used. */
static void
put_exponent(struct tscope_layout *layout, struct tscope_span e)
{
    uint64_t exponent = 0;

    if (e.len == 0 || e.len > sizeof(exponent))
        return;
    for (size_t i = 0; i < e.len; i++)
        exponent = exponent << 8 | e.data[i];
    tscope_layout_format(layout, TSCOPE_STYLE_PLAIN, ", exponent %llu", (unsigned long long)exponent);
}

static void
write_what(struct tscope_layout *layout, const tscope_key *key)
{
    const char *curve = tscope_curve_name(key->numbers.curve), *unusable = tscope_key_unusable(key);

    tscope_layout_label(layout, "key");
    tscope_layout_text(layout, TSCOPE_STYLE_PLAIN, tscope_key_type(key));
    if (curve)
        tscope_layout_format(layout, TSCOPE_STYLE_PLAIN, " on %s", curve);
    if (tscope_key_bits(key))
        tscope_layout_format(layout, TSCOPE_STYLE_PLAIN, ", %zu bits", tscope_key_bits(key));
    put_exponent(layout, key->numbers.e);
    if (key->alg.data) {
        tscope_layout_text(layout, TSCOPE_STYLE_PLAIN, ", for ");
        tscope_layout_value(layout, TSCOPE_STYLE_PLAIN, key->alg, TEXT_MAX);
    }
    if (key->has_private)
        tscope_layout_text(layout, TSCOPE_STYLE_WARN, ", with its private half");
    tscope_layout_end(layout);
    if (!unusable)
        return;
    tscope_layout_label(layout, "unusable");
    tscope_layout_text(layout, TSCOPE_STYLE_WARN, unusable);
    tscope_layout_end(layout);
}

/* A kid is often the SHA-1 of the certificate: indicators of compromise give that in hexadecimal. */
static void
write_kid(struct tscope_layout *layout, struct tscope_span kid)
{
    uint8_t bytes[24];
    size_t len;

    if (!kid.data)
        return;
    write_value(layout, "kid", kid);
    if (kid.len == 27 && tscope_base64url_bound(kid.len) <= sizeof(bytes) && tscope_base64url_decode(kid.data, kid.len, bytes, &len))
        write_hex(layout, "hexadecimal ", bytes, len);
}

static void
write_family(struct tscope_layout *layout, const struct tscope_profile *profile, const tscope_keyring *keyring, const tscope_key *key)
{
    struct tscope_standing standing = tscope_profile_standing(profile, keyring, key);
    const char *from = tscope_key_lines_family_from(standing.from), *cloud = tscope_key_lines_cloud(standing.cloud);

    tscope_layout_label(layout, "family");
    if (!standing.family.data) {
        tscope_layout_text(layout, TSCOPE_STYLE_PLAIN, "not known");
        tscope_layout_end(layout);
        return;
    }
    tscope_layout_span(layout, TSCOPE_STYLE_STRONG, tscope_profile_family_words(profile, standing.family));
    tscope_layout_text(layout, TSCOPE_STYLE_PLAIN, ", ");
    tscope_layout_span(layout, TSCOPE_STYLE_PLAIN, standing.family);
    if (cloud)
        tscope_layout_format(layout, TSCOPE_STYLE_PLAIN, ", %s", cloud);
    tscope_layout_end(layout);
    if (!from)
        return;
    tscope_layout_label(layout, "");
    tscope_layout_format(layout, TSCOPE_STYLE_QUIET, "known from %s", from);
    tscope_layout_end(layout);
}

static void
write_certificate(struct tscope_layout *layout, const tscope_keyring *keyring, const tscope_key *key)
{
    const struct tscope_certificate *certificate = tscope_keyring_certificate(keyring, key);
    char words[TSCOPE_WORDS_MAX];

    if (!certificate)
        return;
    tscope_layout_label(layout, "cert");
    tscope_layout_span(layout, TSCOPE_STYLE_PLAIN, certificate->subject);
    tscope_layout_end(layout);
    tscope_layout_label(layout, "");
    tscope_words_time(certificate->not_before, words);
    tscope_layout_text(layout, TSCOPE_STYLE_PLAIN, words);
    tscope_words_time(certificate->not_after, words);
    tscope_layout_format(layout, TSCOPE_STYLE_PLAIN, " to %s", words);
    tscope_layout_end(layout);
    write_hex(layout, "SHA-1 ", certificate->sha1, sizeof(certificate->sha1));
    write_hex(layout, "SHA-256 ", certificate->sha256, sizeof(certificate->sha256));
}

static void
write_notices(struct tscope_layout *layout, const struct tscope_history *history, uint32_t key)
{
    for (uint32_t i = 0; i < history->notices_len; i++) {
        if (history->notices[i].key != key)
            continue;
        tscope_layout_label(layout, "notice");
        tscope_key_lines_put_notice(layout, &history->notices[i], true);
        tscope_layout_end(layout);
        tscope_layout_label(layout, "");
        tscope_layout_span(layout, TSCOPE_STYLE_QUIET, history->notices[i].reference);
        tscope_layout_end(layout);
    }
}

static void
put_date(struct tscope_layout *layout, const char *before, int64_t time)
{
    char words[TSCOPE_WORDS_MAX];

    tscope_words_date(time, words);
    tscope_layout_format(layout, TSCOPE_STYLE_PLAIN, "%s%s", before, words);
}

/* Only inside these periods does it mean anything that a key was not seen. */
static void
write_coverage(struct tscope_layout *layout, const struct tscope_history *history, uint32_t endpoint)
{
    bool any = false;

    for (uint32_t i = 0; i < history->coverage_len; i++) {
        const struct tscope_history_coverage *coverage = &history->coverage[i];

        if (coverage->endpoint != endpoint)
            continue;
        if (!any)
            tscope_layout_label(layout, "");
        put_date(layout, any ? ", " : "complete sets from ", coverage->from);
        put_date(layout, " to ", coverage->to);
        any = true;
    }
    tscope_layout_end(layout);
}

static enum tscope_status
write_published(struct tscope_layout *layout, const tscope_key *form, struct tscope_error *err)
{
    const struct tscope_history *history = form->history;
    size_t count = tscope_history_publications(history, form->history_key, NULL, 0);
    struct tscope_publication *publications = tscope_alloc_zeroed(count, sizeof(*publications));

    if (!publications)
        return tscope_error_no_memory(err);
    tscope_history_publications(history, form->history_key, publications, count);
    for (size_t i = 0; i < count; i++) {
        tscope_layout_label(layout, i == 0 ? "listed" : "");
        tscope_layout_span(layout, TSCOPE_STYLE_STRONG, history->endpoints[publications[i].endpoint].id);
        put_date(layout, publications[i].first == publications[i].last ? " on " : " from ", publications[i].first);
        if (publications[i].first != publications[i].last)
            put_date(layout, " to ", publications[i].last);
        if (publications[i].absent != TSCOPE_TIME_NONE)
            put_date(layout, ", gone on ", publications[i].absent);
        tscope_layout_end(layout);
        write_coverage(layout, history, publications[i].endpoint);
    }
    tscope_free(publications);
    return TSCOPE_OK;
}

static void
write_sighting(struct tscope_layout *layout, const struct tscope_history *history, const struct tscope_history_sighting *sighting,
               const char *label)
{
    static const char *const kinds[] = {"archived", "sample", "cited"};
    char words[TSCOPE_WORDS_MAX] = "undated   ";

    if (sighting->at != TSCOPE_TIME_NONE)
        tscope_words_date(sighting->at, words);
    tscope_layout_label(layout, label);
    tscope_layout_format(layout, TSCOPE_STYLE_PLAIN, "%-10s  %-8s  ", words, kinds[sighting->kind]);
    if (sighting->endpoint != TSCOPE_HISTORY_NONE) {
        tscope_layout_span(layout, TSCOPE_STYLE_PLAIN, history->endpoints[sighting->endpoint].id);
        tscope_layout_text(layout, TSCOPE_STYLE_PLAIN, " ");
    }
    tscope_layout_span(layout, TSCOPE_STYLE_QUIET, sighting->source);
    tscope_layout_end(layout);
}

static void
write_sightings(struct tscope_layout *layout, const tscope_key *form)
{
    const struct tscope_history_key *row = &form->history->keys[form->history_key];
    uint32_t shown = row->sightings_len < SIGHTINGS_MAX ? row->sightings_len : SIGHTINGS_MAX;

    for (uint32_t i = 0; i < shown; i++)
        write_sighting(layout, form->history, &form->history->sightings[row->sightings + i], i == 0 ? "seen" : "");
    if (row->sightings_len <= shown)
        return;
    tscope_layout_label(layout, "");
    tscope_layout_format(layout, TSCOPE_STYLE_QUIET, "and %u more", row->sightings_len - shown);
    tscope_layout_end(layout);
}

static enum tscope_status
write_history(struct tscope_layout *layout, const tscope_key *form, struct tscope_error *err)
{
    enum tscope_status status;

    tscope_layout_blank(layout);
    tscope_layout_begin(layout, 0, TSCOPE_LAYOUT_VALUE);
    tscope_layout_text(layout, TSCOPE_STYLE_STRONG, "Key history ");
    tscope_layout_value(layout, TSCOPE_STYLE_PLAIN, form->history->name, TEXT_MAX);
    tscope_layout_end(layout);
    write_notices(layout, form->history, form->history_key);
    status = write_published(layout, form, err);
    write_sightings(layout, form);
    return status;
}

/* The same material under other names, or from elsewhere: each form with what its history says. */
static enum tscope_status
write_forms(struct tscope_layout *layout, const tscope_keyring *keyring, const tscope_key *key, struct tscope_error *err)
{
    enum tscope_status status = key->history ? write_history(layout, key, err) : TSCOPE_OK;
    uint32_t start = tscope_keyring_number(keyring, key), number = key->next_same;

    for (size_t shown = 0; number != start && shown < FORMS_MAX && status == TSCOPE_OK; shown++) {
        const tscope_key *form = tscope_keyring_key(keyring, number);

        tscope_layout_heading(layout, "The same key, published in another form");
        write_value(layout, "kid", form->kid);
        write_value(layout, "from", form->source);
        write_value(layout, "issuer", form->issuer);
        if (form->history)
            status = write_history(layout, form, err);
        number = form->next_same;
    }
    return status;
}

static void
write_key(struct tscope_layout *layout, const struct tscope_profile *profile, const tscope_keyring *keyring, const tscope_key *key)
{
    tscope_layout_begin(layout, 0, 0);
    tscope_layout_text(layout, TSCOPE_STYLE_STRONG, "Key ");
    if (key->kid.data)
        tscope_layout_value(layout, TSCOPE_STYLE_STRONG, key->kid, TEXT_MAX);
    else
        tscope_layout_text(layout, TSCOPE_STYLE_STRONG, "without kid");
    tscope_layout_end(layout);
    tscope_layout_blank(layout);
    write_what(layout, key);
    write_kid(layout, key->kid);
    if (tscope_key_thumbprint(key)) {
        tscope_layout_label(layout, "thumbprint");
        tscope_layout_text(layout, TSCOPE_STYLE_PLAIN, tscope_key_thumbprint(key));
        tscope_layout_text(layout, TSCOPE_STYLE_QUIET, " (RFC 7638)");
        tscope_layout_end(layout);
    }
    write_family(layout, profile, keyring, key);
    write_value(layout, "issuer", key->issuer.data ? key->issuer : key->set_issuer);
    write_certificate(layout, keyring, key);
    if (!key->history)
        write_value(layout, "from", key->source);
}

enum tscope_status
tscope_key_text(const tscope_keyring *keyring, const tscope_key *key, unsigned width, bool colour, char **ret_text, size_t *ret_len,
                struct tscope_error *err)
{
    TSCOPE_AUTO(tscope_profile) *profile = NULL;
    struct tscope_layout layout;
    enum tscope_status status = tscope_profile_new(NULL, &profile, err);

    if (status != TSCOPE_OK)
        return status;
    tscope_layout_init(&layout, width, colour);
    write_key(&layout, profile, keyring, key);
    status = write_forms(&layout, keyring, key, err);
    if (status == TSCOPE_OK)
        return tscope_layout_finish(&layout, ret_text, ret_len, err);
    tscope_layout_clear(&layout);
    return status;
}
