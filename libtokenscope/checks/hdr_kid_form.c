/* SPDX-License-Identifier: Apache-2.0 */
#include "checks/hdr_runs.h"

#include "checks/holder.h"
#include "checks/key_runs.h"
#include "core/text.h"

/*
 * Is the kid written as this issuer writes them? The issuer's profile says how, or all keys that are known of it do. A kid is
 * text that anybody writes, so that nothing is asked where the issuer's own key verifies the token, or has that name.
 */

#define KEYS_MIN 3        /* fewer alike are chance */
#define RANDOM_HEX_MIN 16 /* digits of which nobody numbers keys */
#define RANDOM_MIN 10

/* What the kids of an issuer's keys have in common. */
struct custom {
    size_t keys;      /* of different names */
    size_t len;       /* of each */
    unsigned written; /* bit a: all of them are written in the alphabet a */
    bool differ;      /* in length */
    struct tscope_span first;
};

static unsigned
alphabets_of(struct tscope_span kid)
{
    unsigned written = 0;

    for (unsigned alphabet = 0; alphabet < TSCOPE_KID_ANY; alphabet++) {
        struct tscope_profile_kid shape = {(uint8_t)alphabet, 1, UINT8_MAX};

        written |= (unsigned)tscope_profile_kid_fits(shape, kid) << alphabet;
    }
    return written;
}

/* "key-2025" is what a person calls a key, and nobody has to go on like that. */
static bool
is_random(struct tscope_span kid)
{
    bool lower = false, upper = false, digit = false;

    if (kid.len >= RANDOM_HEX_MIN && alphabets_of(kid) & (1u << TSCOPE_KID_HEX | 1u << TSCOPE_KID_HEX_UPPER | 1u << TSCOPE_KID_GUID))
        return true;
    for (size_t i = 0; i < kid.len; i++) {
        lower |= kid.data[i] >= 'a' && kid.data[i] <= 'z';
        upper |= kid.data[i] >= 'A' && kid.data[i] <= 'Z';
        digit |= kid.data[i] >= '0' && kid.data[i] <= '9';
    }
    return kid.len >= RANDOM_MIN && lower && upper && digit;
}

static void
hear_key(struct custom *custom, struct tscope_span kid)
{
    if (!kid.data || !is_random(kid)) {
        custom->differ = true;
        return;
    }
    if (custom->keys == 0) {
        custom->first = kid;
        custom->len = kid.len;
        custom->written = alphabets_of(kid);
    } else if (tscope_span_equal(kid, custom->first)) {
        return; /* the same one in another set */
    }
    custom->keys++;
    custom->differ |= kid.len != custom->len;
    custom->written &= alphabets_of(kid);
}

/* Told without a look at what the key is, since all keys at hand are asked. */
static bool
may_be_of(const tscope_subject *subject, const tscope_key *key)
{
    const struct tscope_history_key *row = key->history ? &key->history->keys[key->history_key] : NULL;

    if (!row)
        return key->issuer.data || key->set_issuer.data;
    return !row->family.data || tscope_span_equal(row->family, subject->issuer.family);
}

static struct custom
custom_of(const tscope_subject *subject)
{
    size_t count = tscope_keyring_count(subject->keyring);
    struct custom custom = {0};

    for (size_t i = 0; i < count && !custom.differ; i++) {
        const tscope_key *key = tscope_keyring_key(subject->keyring, i);
        struct tscope_standing standing;

        if (!may_be_of(subject, key))
            continue;
        standing = tscope_profile_standing(subject->profile, subject->keyring, key);
        if (tscope_profile_serves(subject->profile, &subject->issuer, &standing, key))
            hear_key(&custom, key->kid);
    }
    return custom;
}

/* Entra's applications may have keys of their own, whose names are their owners' affair. */
static bool
may_be_applications_own(const tscope_subject *subject)
{
    return tscope_span_is(subject->issuer.family, TSCOPE_FAMILY_ENTERPRISE) && !tscope_key_is_for_first_party(subject);
}

static bool
is_asked(const tscope_subject *subject, struct tscope_span kid)
{
    const struct tscope_resolution *resolution = subject->resolution;

    if (!tscope_subject_is_jws(subject) || !kid.data || kid.len == 0 || !subject->issuer.family.data || !resolution->alg)
        return false;
    if (resolution->alg->family == TSCOPE_ALG_HMAC || resolution->alg->family == TSCOPE_ALG_NONE)
        return false; /* such a kid names a secret, or nothing */
    if (resolution->named || (resolution->status == TSCOPE_STATUS_VERIFIED && !tscope_holder_is_foreign(subject)))
        return false;
    return !may_be_applications_own(subject);
}

static const char *
words_of_alphabet(unsigned alphabet)
{
    static const char *const words[] = {"digits",
                                        "hexadecimal digits",
                                        "hexadecimal digits in capitals",
                                        "hexadecimal digits and '-'",
                                        "letters and digits",
                                        "base64url",
                                        "base64",
                                        "letters"};

    return words[alphabet];
}

static const char *
words_of_shape(const tscope_subject *subject, struct tscope_profile_kid shape)
{
    if (shape.len_min == shape.len_max)
        return tscope_words(subject, "%u characters of %s", shape.len_max, words_of_alphabet(shape.alphabet));
    return tscope_words(subject, "%u to %u characters of %s", shape.len_min, shape.len_max, words_of_alphabet(shape.alphabet));
}

static enum tscope_status
find_odd(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings, struct tscope_span kid,
         struct tscope_profile_kid shape, const char *how)
{
    return tscope_findings_add(findings, check, tscope_evidence_header(subject, TSCOPE_HEADER_KID), "kid is %s, and kids of %s are %s: %s",
                               tscope_subject_quote(subject, kid), tscope_words_of_issuer(subject), words_of_shape(subject, shape), how);
}

enum tscope_status
tscope_hdr_run_kid_form(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings)
{
    struct tscope_span kid = tscope_subject_text(subject, tscope_subject_header(subject, TSCOPE_HEADER_KID));
    const struct tscope_profile_issuer *row = subject->issuer.row;
    struct tscope_profile_kid shape = {0};
    struct custom custom;

    if (!is_asked(subject, kid))
        return TSCOPE_OK;
    if (row && row->kid.len_max) {
        if (tscope_profile_kid_fits(row->kid, kid))
            return TSCOPE_OK;
        return find_odd(check, subject, findings, kid, row->kid, "the issuer's profile says so");
    }
    custom = custom_of(subject);
    if (custom.differ || custom.keys < KEYS_MIN || custom.written == 0)
        return TSCOPE_OK;
    shape.alphabet = (uint8_t)__builtin_ctz(custom.written);
    shape.len_min = shape.len_max = (uint8_t)custom.len;
    if (tscope_profile_kid_fits(shape, kid))
        return TSCOPE_OK;
    return find_odd(check, subject, findings, kid, shape, tscope_words(subject, "all %zu that are known of it are", custom.keys));
}
