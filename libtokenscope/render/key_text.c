/* SPDX-License-Identifier: Apache-2.0 */
#include <tokenscope/keys.h>

#include "core/base64url.h"
#include "core/der.h"
#include "profile/profile.h"
#include "render/key_history_lines.h"
#include "render/key_lines.h"
#include "render/words.h"

#define VERSION_TAG 0xa0 /* of a certificate (RFC 5280 section 4.1) */
#define KID_SHA1_LEN 27  /* characters of a SHA-1 in base64url */

static void
write_hex(struct tscope_layout *layout, const char *label, struct tscope_span bytes)
{
    tscope_layout_label(layout, label);
    for (size_t i = 0; i < bytes.len; i++)
        tscope_layout_format(layout, TSCOPE_STYLE_PLAIN, "%02x", bytes.data[i]);
    tscope_layout_end(layout);
}

static void
write_value(struct tscope_layout *layout, const char *label, struct tscope_span value)
{
    if (!value.data)
        return;
    tscope_layout_label(layout, label);
    tscope_layout_value(layout, TSCOPE_STYLE_PLAIN, value, TSCOPE_KEY_TEXT_MAX);
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
write_numbers(struct tscope_layout *layout, const tscope_key *key)
{
    const char *curve = tscope_curve_name(key->numbers.curve);

    tscope_layout_label(layout, "key");
    tscope_layout_text(layout, TSCOPE_STYLE_PLAIN, key->numbers.type == TSCOPE_KEY_OCT ? "shared secret" : tscope_key_type(key));
    if (curve)
        tscope_layout_format(layout, TSCOPE_STYLE_PLAIN, " on %s", curve);
    if (tscope_key_bits(key))
        tscope_layout_format(layout, TSCOPE_STYLE_PLAIN, ", %zu bits", tscope_key_bits(key));
    put_exponent(layout, key->numbers.e);
    if (key->alg.data) {
        tscope_layout_text(layout, TSCOPE_STYLE_PLAIN, ", for ");
        tscope_layout_value(layout, TSCOPE_STYLE_PLAIN, key->alg, TSCOPE_KEY_TEXT_MAX);
    }
    if (key->has_private && key->numbers.type != TSCOPE_KEY_OCT)
        tscope_layout_text(layout, TSCOPE_STYLE_WARN, ", with its private half");
    tscope_layout_end(layout);
}

/* A kid is often the SHA-1 of the certificate: indicators of compromise give that in hexadecimal. */
static void
write_names(struct tscope_layout *layout, const tscope_key *key)
{
    uint8_t bytes[24];
    size_t len;

    write_value(layout, "kid", key->kid);
    if (key->kid.len == KID_SHA1_LEN && tscope_base64url_decode(key->kid.data, key->kid.len, bytes, &len))
        write_hex(layout, "as hex", tscope_span_of(bytes, len));
    if (key->x5t.data && !tscope_span_equal(key->x5t, key->kid))
        write_value(layout, "x5t", key->x5t);
    if (!tscope_key_thumbprint(key))
        return;
    tscope_layout_label(layout, "thumbprint");
    tscope_layout_text(layout, TSCOPE_STYLE_PLAIN, tscope_key_thumbprint(key));
    tscope_layout_text(layout, TSCOPE_STYLE_QUIET, " (RFC 7638)");
    tscope_layout_end(layout);
}

static void
write_owner(struct tscope_layout *layout, const struct tscope_standing *standing, const tscope_key *key)
{
    const char *from = tscope_key_lines_family_from(standing->from);

    tscope_layout_label(layout, "family");
    if (standing->family.data)
        tscope_layout_value(layout, TSCOPE_STYLE_PLAIN, standing->family, TSCOPE_KEY_TEXT_MAX);
    else
        tscope_layout_text(layout, TSCOPE_STYLE_PLAIN, "not known");
    if (standing->family.data && standing->cloud != TSCOPE_CLOUD_UNKNOWN)
        tscope_layout_format(layout, TSCOPE_STYLE_PLAIN, ", cloud %s", tscope_cloud_name(standing->cloud));
    if (standing->family.data && from)
        tscope_layout_format(layout, TSCOPE_STYLE_QUIET, "; known by %s", from);
    tscope_layout_end(layout);
    write_value(layout, "issuer", key->issuer.data ? key->issuer : key->set_issuer);
    if (!key->history)
        write_value(layout, "from", key->source);
}

/* The number by which its maker counts it (RFC 5280 section 4.1.2.2). */
static bool
read_serial(struct tscope_span der, struct tscope_span *ret_serial)
{
    struct tscope_der outer = {der}, certificate, tbs;
    struct tscope_der_item item;

    if (!tscope_der_enter(&outer, TSCOPE_DER_SEQUENCE, &certificate) || !tscope_der_enter(&certificate, TSCOPE_DER_SEQUENCE, &tbs))
        return false;
    tscope_der_take(&tbs, VERSION_TAG, &item); /* absent in version 1 */
    if (!tscope_der_take(&tbs, TSCOPE_DER_INTEGER, &item))
        return false;
    if (item.content.len > 1 && item.content.data[0] == 0) /* no digit: it keeps the number from reading as negative */
        item.content = tscope_span_of(item.content.data + 1, item.content.len - 1);
    *ret_serial = item.content;
    return true;
}

static void
write_certificate(struct tscope_layout *layout, const struct tscope_certificate *certificate)
{
    struct tscope_span serial;
    char words[TSCOPE_WORDS_MAX];

    tscope_layout_heading(layout, "Certificate");
    write_value(layout, "subject", certificate->subject);
    if (read_serial(certificate->der, &serial))
        write_hex(layout, "serial", serial);
    tscope_layout_label(layout, "valid");
    tscope_words_time(certificate->not_before, words);
    tscope_layout_text(layout, TSCOPE_STYLE_PLAIN, words);
    tscope_words_time(certificate->not_after, words);
    tscope_layout_format(layout, TSCOPE_STYLE_PLAIN, " to %s", words);
    tscope_layout_end(layout);
    write_hex(layout, "SHA-1", tscope_span_of(certificate->sha1, sizeof(certificate->sha1)));
    write_hex(layout, "SHA-256", tscope_span_of(certificate->sha256, sizeof(certificate->sha256)));
}

/* One word for what an examiner must know first. */
static const char *
headline_of(const struct tscope_standing *standing, const tscope_key *key, enum tscope_style *ret_style)
{
    *ret_style = TSCOPE_STYLE_ALARM;
    if (standing->notice && standing->notice->status == TSCOPE_NOTICE_COMPROMISED)
        return "COMPROMISED";
    *ret_style = TSCOPE_STYLE_WARN;
    if (tscope_key_unusable(key))
        return "UNUSABLE";
    *ret_style = standing->notice ? TSCOPE_STYLE_WARN : TSCOPE_STYLE_STRONG;
    if (!standing->notice)
        return "KEY";
    return standing->notice->status == TSCOPE_NOTICE_SAMPLE ? "SAMPLE KEY"
           : standing->notice->status == TSCOPE_NOTICE_TEST ? "TEST KEY"
                                                            : "WITHDRAWN";
}

static void
write_headline(struct tscope_layout *layout, const tscope_profile *profile, const struct tscope_standing *standing, const tscope_key *key)
{
    const char *cloud = tscope_key_lines_cloud(standing->cloud);
    enum tscope_style style;
    const char *word = headline_of(standing, key, &style);

    tscope_layout_begin(layout, 0, TSCOPE_LAYOUT_VALUE);
    tscope_layout_text(layout, style, word);
    tscope_layout_tab(layout, TSCOPE_LAYOUT_VALUE);
    if (standing->family.data)
        tscope_layout_span(layout, TSCOPE_STYLE_STRONG, tscope_profile_family_words(profile, standing->family));
    else
        tscope_layout_text(layout, TSCOPE_STYLE_STRONG, "Unknown family's");
    if (cloud)
        tscope_layout_format(layout, TSCOPE_STYLE_STRONG, ", %s,", cloud);
    tscope_layout_text(layout, TSCOPE_STYLE_STRONG, key->kid.data ? " key " : " key without kid");
    if (key->kid.data)
        tscope_layout_value(layout, TSCOPE_STYLE_STRONG, key->kid, TSCOPE_KEY_TEXT_MAX);
    tscope_layout_end(layout);
    if (tscope_key_unusable(key)) {
        tscope_layout_label(layout, "");
        tscope_layout_format(layout, TSCOPE_STYLE_WARN, "It can verify nothing: %s", tscope_key_unusable(key));
        tscope_layout_end(layout);
    }
    if (standing->notice) {
        tscope_layout_label(layout, "");
        tscope_key_lines_put_notice_story(layout, standing->notice);
        tscope_layout_end(layout);
    }
}

enum tscope_status
tscope_key_text(const tscope_keyring *keyring, const tscope_key *key, unsigned width, bool colour, char **ret_text, size_t *ret_len,
                struct tscope_error *err)
{
    TSCOPE_AUTO(tscope_profile) *profile = NULL;
    const struct tscope_certificate *certificate;
    struct tscope_standing standing;
    struct tscope_layout layout;
    enum tscope_status status = tscope_profile_new(NULL, &profile, err);
    enum tscope_key_flaw flaw;
    tscope_pkey *pkey; /* borrowed, and not looked at: asked for, so that the whole gate is heard */

    if (status == TSCOPE_OK)
        status = tscope_keyring_pkey(keyring, key, &pkey, &flaw, err);
    if (status != TSCOPE_OK)
        return status;
    standing = tscope_profile_standing(profile, keyring, key);
    certificate = tscope_keyring_certificate(keyring, key);
    tscope_layout_init(&layout, width, colour);
    write_headline(&layout, profile, &standing, key);
    tscope_layout_blank(&layout);
    write_numbers(&layout, key);
    write_names(&layout, key);
    write_owner(&layout, &standing, key);
    if (certificate)
        write_certificate(&layout, certificate);
    status = tscope_key_history_lines(&layout, keyring, key, err);
    if (status == TSCOPE_OK)
        return tscope_layout_finish(&layout, ret_text, ret_len, err);
    tscope_layout_clear(&layout);
    return status;
}
