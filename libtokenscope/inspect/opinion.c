/* SPDX-License-Identifier: Apache-2.0 */
#include "inspect/opinion.h"

#include "checks/findings.h"
#include "core/text.h"
#include "inspect/defects.h"

/* What a validator does not see that never looks at the signature. */
#define OF_SIGNATURE                                                                                                                       \
    (TSCOPE_DEFECT_KEY_OF_SET | TSCOPE_DEFECT_KEY_ELSEWHERE | TSCOPE_DEFECT_KEY_GONE | TSCOPE_DEFECT_KEY_USE | TSCOPE_DEFECT_KEY_NAME |    \
     TSCOPE_DEFECT_FAILED | TSCOPE_DEFECT_NONE | TSCOPE_DEFECT_NONE_CASE | TSCOPE_DEFECT_NO_SIGNATURE | TSCOPE_DEFECT_PUBLIC_SECRET |      \
     TSCOPE_DEFECT_EMPTY_SECRET | TSCOPE_DEFECT_KNOWN_SECRET | TSCOPE_DEFECT_EMBEDDED | TSCOPE_DEFECT_PSYCHIC | TSCOPE_DEFECT_DER |        \
     TSCOPE_DEFECT_ALG_FAMILY | TSCOPE_DEFECT_ALG_UNPROTECTED | TSCOPE_DEFECT_ALG_OTHER | TSCOPE_DEFECT_RSA_PADDING | TSCOPE_DEFECT_SALT | \
     TSCOPE_DEFECT_SEVERAL | TSCOPE_DEFECT_KEY_PUBLIC)
/* And one that looks at nothing else. */
#define OF_CLAIMS \
    (TSCOPE_DEFECT_ISSUER | TSCOPE_DEFECT_TENANT | TSCOPE_DEFECT_TID | TSCOPE_DEFECT_AUDIENCE | TSCOPE_DEFECT_EXPIRED | TSCOPE_DEFECT_EARLY)

/* The text of a member. Memory that runs out must not read as a fault that is not there. */
static struct tscope_span
text_of(struct tscope_lax_case *lax_case, struct tscope_member member)
{
    struct tscope_span text = tscope_subject_text(lax_case->subject, member);

    lax_case->failed |= member.value && member.value->type == TSCOPE_JSON_STRING && !text.data;
    return text;
}

/* ---- keys */

static bool
names_null_device(struct tscope_lax_case *lax_case)
{
    const tscope_subject *subject = lax_case->subject;
    struct tscope_span kid = text_of(lax_case, tscope_subject_header(subject, TSCOPE_HEADER_KID));

    return kid.data && tscope_text_ends_with(kid, TSCOPE_SPAN("/dev/null"));
}

/* The statement that a kid smuggles in answers with a text of its own, and that text is the secret. */
static bool
kid_answers_with_secret(struct tscope_lax_case *lax_case)
{
    const tscope_subject *subject = lax_case->subject;
    struct tscope_span kid = text_of(lax_case, tscope_subject_header(subject, TSCOPE_HEADER_KID));
    const struct tscope_span word = TSCOPE_SPAN("union");

    if (!kid.data || !subject->resolution->secret.in_kid)
        return false;
    for (size_t i = 0; i + word.len <= kid.len; i++) {
        if (tscope_text_starts_with_fold(tscope_span_of(kid.data + i, kid.len - i), word))
            return true;
    }
    return false;
}

/* The public key is one that the application has: of a set that serves the token's issuer, or given for it. */
static bool
is_own_public_key(struct tscope_lax_case *lax_case)
{
    const tscope_subject *subject = lax_case->subject;
    const tscope_key *key = subject->resolution->secret.public;
    struct tscope_standing standing;

    if (!key)
        return false;
    standing = tscope_profile_standing(subject->profile, subject->keyring, key);
    return standing.given || tscope_profile_serves(subject->profile, &subject->issuer, &standing, key);
}

/* The address in jku is one at which a history saw the key. */
static bool
jku_lists_key(struct tscope_lax_case *lax_case)
{
    const tscope_subject *subject = lax_case->subject;
    const tscope_key *recorded = subject->resolution->standing.recorded;
    struct tscope_span jku = text_of(lax_case, tscope_subject_header(subject, TSCOPE_HEADER_JKU));
    struct tscope_publication publications[16];
    size_t count;

    if (!jku.data || !recorded)
        return false;
    count = tscope_history_publications(recorded->history, recorded->history_key, publications, TSCOPE_COUNT(publications));
    for (size_t i = 0; i < count && i < TSCOPE_COUNT(publications); i++) {
        struct tscope_span url = recorded->history->endpoints[publications[i].endpoint].url;

        if (url.data && tscope_span_equal(url, jku))
            return true;
    }
    return false;
}

/* Only zeros hold for any message and key there; other values out of range hold for none. */
static bool
is_all_zero(struct tscope_lax_case *lax_case)
{
    const tscope_subject *subject = lax_case->subject;
    struct tscope_span signature = subject->signature->signature.decoded;

    for (size_t i = 0; i < signature.len; i++) {
        if (signature.data[i] != 0)
            return false;
    }
    return signature.len > 0;
}

/* ---- members that stand twice */

/* Names by which a validator decides: with the later value of one, nobody here has judged the token. */
static bool
is_deciding_name(const struct tscope_json *json, const struct tscope_value *value, bool in_header)
{
    static const enum tscope_claim claims[] = {TSCOPE_CLAIM_ISS, TSCOPE_CLAIM_AUD, TSCOPE_CLAIM_EXP, TSCOPE_CLAIM_NBF, TSCOPE_CLAIM_TID};

    for (int i = 0; in_header && i < TSCOPE_HEADER_COUNT; i++) {
        if (tscope_json_name_is(json, value, tscope_header_name((enum tscope_header)i)))
            return true;
    }
    for (size_t i = 0; !in_header && i < TSCOPE_COUNT(claims); i++) {
        if (tscope_json_name_is(json, value, tscope_claim_name(claims[i])))
            return true;
    }
    return false;
}

struct repeats {
    bool any, deciding;
};

static void
find_repeats(const struct tscope_json *json, bool in_header, struct repeats *repeats)
{
    for (uint32_t i = 0; i < json->values_len && !repeats->deciding; i++) {
        const struct tscope_value *value = &json->values[i];

        if (!(value->flags & TSCOPE_VALUE_DUPLICATE))
            continue;
        repeats->any = true;
        repeats->deciding = value->depth == 1 && is_deciding_name(json, value, in_header);
    }
}

static struct repeats
repeats_of(const tscope_subject *subject)
{
    struct repeats repeats = {false, false};

    find_repeats(&subject->signature->header, true, &repeats);
    find_repeats(&subject->token->claims, false, &repeats);
    return repeats;
}

/* Elsewhere the parts themselves, or two headers, differ: a fault of another kind. */
static bool
repeats_inside(const tscope_subject *subject)
{
    return subject->token->container.values_len == 0;
}

static bool
takes_first(struct tscope_lax_case *lax_case)
{
    const tscope_subject *subject = lax_case->subject;
    struct repeats repeats = repeats_of(subject);

    return repeats_inside(subject) && repeats.any;
}

static bool
takes_last(struct tscope_lax_case *lax_case)
{
    const tscope_subject *subject = lax_case->subject;
    struct repeats repeats = repeats_of(subject);

    return repeats_inside(subject) && repeats.any && !repeats.deciding;
}

/* ---- form */

static bool
is_signed_in_three_parts(struct tscope_lax_case *lax_case)
{
    const tscope_subject *subject = lax_case->subject;

    return tscope_subject_is_jws(subject) && subject->token->segments > 3 && !subject->signature->b64_false;
}

/* What a reader that goes on reading would have understood. */
static bool
is_readable(struct tscope_lax_case *lax_case)
{
    const tscope_subject *subject = lax_case->subject;

    return subject->signature && subject->signature->header.readable && subject->token->claims.readable;
}

/*
 * Behind the first dot stands what begins as claims do. Of those nobody has judged anything: where a policy or a time would
 * have to be held against them, nothing is said.
 */
static bool
has_other_claims(struct tscope_lax_case *lax_case)
{
    const tscope_subject *subject = lax_case->subject;
    struct tscope_span text = subject->token->text;
    const uint8_t *dot = text.data ? memchr(text.data, '.', text.len) : NULL;
    const struct tscope_checks_policy *policy = &subject->policy;

    if (!dot || policy->issuer.data || policy->audience.data || policy->tenant.data || subject->seen != TSCOPE_TIME_NONE)
        return false;
    return tscope_text_starts_with(tscope_span_of(dot + 1, text.len - (size_t)(dot + 1 - text.data)), TSCOPE_SPAN("ey"));
}

/* ---- issuers */

/* From the scheme to the end of the host; all of a text that is no address. */
static struct tscope_span
origin_of(struct tscope_span url)
{
    size_t at = tscope_text_find(url, TSCOPE_SPAN("://"));
    size_t end = at == SIZE_MAX ? url.len : at + 3;

    while (end < url.len && url.data[end] != '/' && url.data[end] != '?' && url.data[end] != '#')
        end++;
    return tscope_span_of(url.data, end);
}

static struct tscope_span
host_of(struct tscope_span origin)
{
    size_t at = tscope_text_find(origin, TSCOPE_SPAN("://"));

    return at == SIZE_MAX ? origin : tscope_span_of(origin.data + at + 3, origin.len - at - 3);
}

/* The issuer that was asked for; without a policy the origin of the known one that the token's resembles. data NULL: none. */
static struct tscope_span
issuer_meant(const tscope_subject *subject)
{
    const struct tscope_profile_issuer *row;

    if (subject->policy.issuer.data || !subject->iss.data)
        return subject->policy.issuer;
    return tscope_profile_near_miss(subject->profile, subject->iss, &row) ? origin_of(row->pattern) : (struct tscope_span){NULL, 0};
}

static bool
begins_like_issuer(struct tscope_lax_case *lax_case)
{
    const tscope_subject *subject = lax_case->subject;
    struct tscope_span meant = issuer_meant(subject);

    return meant.len > 0 && subject->iss.data && tscope_text_starts_with(subject->iss, meant);
}

static bool
ends_like_issuer(struct tscope_lax_case *lax_case)
{
    const tscope_subject *subject = lax_case->subject;
    struct tscope_span meant = issuer_meant(subject), iss = subject->iss;

    if (meant.len == 0 || !iss.data)
        return false;
    if (subject->policy.issuer.data)
        return tscope_text_ends_with(iss, meant);
    return tscope_text_ends_with(host_of(origin_of(iss)), host_of(meant));
}

static bool
holds_issuer(struct tscope_lax_case *lax_case)
{
    const tscope_subject *subject = lax_case->subject;
    struct tscope_span meant = issuer_meant(subject), iss = subject->iss;

    if (meant.len == 0 || !iss.data || iss.len == 0)
        return false;
    return tscope_text_find(iss, meant) != SIZE_MAX || (subject->policy.issuer.data && tscope_text_find(meant, iss) != SIZE_MAX);
}

static bool
is_issuer_in_other_case(struct tscope_lax_case *lax_case)
{
    const tscope_subject *subject = lax_case->subject;

    return subject->policy.issuer.data && subject->iss.data && tscope_text_equal_fold(subject->iss, subject->policy.issuer);
}

static bool
lists_issuer(struct tscope_lax_case *lax_case)
{
    const tscope_subject *subject = lax_case->subject;
    struct tscope_member iss = tscope_subject_claim(subject, TSCOPE_CLAIM_ISS);
    const struct tscope_value *one;

    if (!iss.value || iss.value->type != TSCOPE_JSON_ARRAY)
        return false;
    for (one = tscope_json_first(iss.json, iss.value); one; one = tscope_json_next(iss.json, one)) {
        struct tscope_span text = text_of(lax_case, (struct tscope_member){iss.json, one, iss.part}), asked = subject->policy.issuer;

        if (!text.data)
            continue;
        if (asked.data ? tscope_span_equal(text, asked) : tscope_profile_issuer_of(subject->profile, subject->keyring, text).row != NULL)
            return true;
    }
    return false;
}

/* A validator that never looks at the issuer has the keys of the one that it expects. */
static bool
has_key_of_issuer_meant(struct tscope_lax_case *lax_case)
{
    const tscope_subject *subject = lax_case->subject;
    const struct tscope_resolution *resolution = subject->resolution;
    struct tscope_issuer issuer;

    if (!subject->policy.issuer.data || !resolution->key)
        return resolution->found_by == TSCOPE_FOUND_BY_SECRET || resolution->key;
    if (resolution->standing.given)
        return true;
    issuer = tscope_profile_issuer_of(subject->profile, subject->keyring, subject->policy.issuer);
    return tscope_profile_serves(subject->profile, &issuer, &resolution->standing, resolution->key);
}

/* The narrower a fault, the earlier it stands: reports show the first few. */
const struct tscope_lax tscope_lax_rows[] = {
    {
        .id = "key-issuer-unbound",
        .sentence = "any application that loads the common key set and does not bind key to issuer would accept it",
        .references = "RFC 8725 section 3.8; CISA AA23-193A; CWE-346",
        .overlooks = TSCOPE_DEFECT_KEY_OF_SET,
    },
    {
        .id = "jku-followed",
        .sentence = "any application that loads its keys from the address in jku would accept it",
        .references = "RFC 8725 section 3.10; CWE-918",
        .overlooks = TSCOPE_DEFECT_KEY_OF_SET | TSCOPE_DEFECT_KEY_ELSEWHERE,
        .holds = jku_lists_key,
    },
    {
        .id = "keys-pooled",
        .sentence = "any application that has this key for another issuer and takes whichever key verifies would accept it",
        .references = "RFC 8725 section 3.8; CWE-346",
        .overlooks = TSCOPE_DEFECT_KEY_ELSEWHERE,
    },
    {
        .id = "key-of-samples",
        .sentence = "any application that still trusts the key of a sample or a test, whose private half is published, would accept it",
        .references = "RFC 9500; CWE-321; CWE-798",
        .overlooks = TSCOPE_DEFECT_KEY_PUBLIC,
        .bears = TSCOPE_DEFECT_ALG_FAMILY,
    },
    {
        .id = "key-kept",
        .sentence = "any application that goes on using a key after its issuer has withdrawn it would accept it",
        .references = "CWE-672",
        .overlooks = TSCOPE_DEFECT_KEY_GONE,
    },
    {
        .id = "kid-ignored",
        .sentence = "any application that passes over kid and takes whichever key of the issuer verifies would accept it",
        .references = "RFC 8725 section 3.1; CWE-706",
        .overlooks = TSCOPE_DEFECT_KEY_NAME,
    },
    {
        .id = "key-use-ignored",
        .sentence = "any application that does not read what a key is published for would accept it",
        .references = "RFC 7517 section 4.2; RFC 7517 section 4.4; RFC 8725 section 3.1",
        .overlooks = TSCOPE_DEFECT_KEY_USE,
    },
    {
        .id = "alg-none",
        .sentence = "any application that takes the algorithm from the header, and knows none, would accept it",
        .references = "RFC 8725 section 2.1; CVE-2015-9235; CWE-347",
        .overlooks = TSCOPE_DEFECT_NONE,
    },
    {
        .id = "alg-none-any-case",
        .sentence = "any application that refuses the exact word none alone, and then reads the algorithm loosely, would accept it",
        .references = "draft-ietf-oauth-rfc8725bis section 2.11; CWE-178",
        .overlooks = TSCOPE_DEFECT_NONE_CASE,
    },
    {
        .id = "empty-signature",
        .sentence = "any application that takes an empty signature for a verified one would accept it",
        .references = "CVE-2020-28042; CWE-347",
        .overlooks = TSCOPE_DEFECT_NO_SIGNATURE,
        .bears = TSCOPE_DEFECT_ALG_FAMILY,
    },
    {
        .id = "hmac-public-key",
        .sentence = "any application that takes the algorithm from the header, and its public key as the secret of HMAC, would accept it",
        .references = "RFC 8725 section 2.1; CVE-2015-9235; CWE-327",
        .overlooks = TSCOPE_DEFECT_PUBLIC_SECRET,
        .bears = TSCOPE_DEFECT_ALG_FAMILY,
        .holds = is_own_public_key,
    },
    {
        .id = "kid-as-path",
        .sentence = "any application that reads its secret from the file that kid names would accept it",
        .references = "RFC 8725 section 3.10; CWE-22",
        .overlooks = TSCOPE_DEFECT_EMPTY_SECRET,
        .bears = TSCOPE_DEFECT_ALG_FAMILY,
        .holds = names_null_device,
    },
    {
        .id = "kid-as-query",
        .sentence = "any application that puts kid into the query for its secret would accept it",
        .references = "RFC 8725 section 3.10; CWE-89",
        .overlooks = TSCOPE_DEFECT_KNOWN_SECRET,
        .bears = TSCOPE_DEFECT_ALG_FAMILY,
        .holds = kid_answers_with_secret,
    },
    {
        .id = "hmac-empty-key",
        .sentence = "any application that computes HMAC with an empty secret when it finds none would accept it",
        .references = "RFC 7518 section 3.2; CVE-2019-20933; CWE-1391",
        .overlooks = TSCOPE_DEFECT_EMPTY_SECRET,
        .bears = TSCOPE_DEFECT_ALG_FAMILY,
    },
    {
        .id = "hmac-known-secret",
        .sentence = "any application that was set up with this secret, which others know, would accept it",
        .references = "RFC 8725 section 2.2; CWE-798; CWE-521",
        .overlooks = TSCOPE_DEFECT_KNOWN_SECRET,
        .bears = TSCOPE_DEFECT_ALG_FAMILY,
    },
    {
        .id = "embedded-key",
        .sentence = "any application that trusts the key which a token carries itself would accept it",
        .references = "CVE-2018-0114; RFC 8725 section 3.10; CWE-347",
        .overlooks = TSCOPE_DEFECT_EMBEDDED,
        .bears = TSCOPE_DEFECT_ALG_FAMILY,
    },
    {
        .id = "psychic-signature",
        .sentence = "any application whose ECDSA does not refuse zeros as a signature would accept it",
        .references = "CVE-2022-21449; CWE-347",
        .overlooks = TSCOPE_DEFECT_PSYCHIC,
        .bears = TSCOPE_DEFECT_ALG_FAMILY,
        .holds = is_all_zero,
    },
    {
        .id = "der-signature",
        .sentence = "any application that takes ECDSA signatures in DER too would accept it",
        .references = "RFC 7518 section 3.4",
        .overlooks = TSCOPE_DEFECT_DER,
    },
    {
        .id = "rsa-padding-unchecked",
        .sentence = "any application whose check of RSA padding looks at the digest alone would accept it",
        .references = "RFC 8017 section 8.2.2; CVE-2006-4339; CWE-347",
        .overlooks = TSCOPE_DEFECT_RSA_PADDING,
    },
    {
        .id = "pss-any-salt",
        .sentence = "any application that takes RSASSA-PSS with a salt of any length would accept it",
        .references = "RFC 7518 section 3.5",
        .overlooks = TSCOPE_DEFECT_SALT,
    },
    {
        .id = "one-of-several",
        .sentence = "any application that is content with one good signature of several would accept it",
        .references = "RFC 7515 section 7.2; CWE-347",
        .overlooks = TSCOPE_DEFECT_SEVERAL,
    },
    {
        .id = "alg-unprotected",
        .sentence = "any application that takes the algorithm from the unprotected header would accept it",
        .references = "RFC 7515 section 10.7; CWE-347",
        .overlooks = TSCOPE_DEFECT_ALG_UNPROTECTED,
    },
    {
        .id = "crit-ignored",
        .sentence = "any application that passes over crit would accept it",
        .references = "RFC 7515 section 4.1.11",
        .overlooks = TSCOPE_DEFECT_CRIT,
    },
    {
        .id = "zip-ignored",
        .sentence = "any application that passes over zip in a signed token would accept it",
        .references = "RFC 7516 section 4.1.3",
        .overlooks = TSCOPE_DEFECT_ZIP,
    },
    {
        .id = "first-of-two",
        .sentence = "any application that takes the first of two equal members would accept it",
        .references = "RFC 7515 section 4; CWE-436",
        .overlooks = TSCOPE_DEFECT_REPEATED,
        .holds = takes_first,
    },
    {
        .id = "last-of-two",
        .sentence = "any application that takes the last of two equal members would accept it",
        .references = "RFC 7515 section 4; CWE-436",
        .overlooks = TSCOPE_DEFECT_REPEATED,
        .holds = takes_last,
    },
    {
        .id = "stray-characters",
        .sentence = "any application that reads past padding, spaces or other letters inside a token would accept it",
        .references = "RFC 7515 section 2; RFC 4648 section 3.3; CWE-436",
        .overlooks = TSCOPE_DEFECT_STRAY,
    },
    {
        .id = "extra-parts",
        .sentence = "any application that passes over what stands behind the third part would accept it",
        .references = "RFC 7515 section 7.1",
        .overlooks = TSCOPE_DEFECT_PARTS,
        .holds = is_signed_in_three_parts,
    },
    {
        .id = "lenient-json",
        .sentence = "any application whose reader of JSON also takes what is none would accept it",
        .references = "RFC 8259 section 2; CWE-436",
        .overlooks = TSCOPE_DEFECT_JSON,
        .holds = is_readable,
    },
    {
        .id = "two-readings",
        .sentence = "any application that verifies one form of it and reads the claims of the other would accept it",
        .references = "CVE-2022-39227; CWE-436",
        .overlooks = TSCOPE_DEFECT_TWO_READINGS,
        .holds = has_other_claims,
    },
    {
        .id = "sealed-for-signed",
        .sentence = "any application that takes an encrypted token where it wants a signed one would accept it",
        .references = "RFC 8725 section 2.3; CVE-2023-51774; CWE-345",
        .overlooks = TSCOPE_DEFECT_SEALED_CLAIMS,
        .bears = TSCOPE_DEFECT_UNTRIED,
    },
    {
        .id = "zero-content-key",
        .sentence = "any application that decrypts with an empty buffer where it could not decrypt the content key would accept it",
        .references = "RFC 7516 section 11.5; CWE-347",
        .overlooks = TSCOPE_DEFECT_ZERO_KEY,
        .bears = TSCOPE_DEFECT_UNTRIED,
    },
    {
        .id = "issuer-prefix",
        .sentence = "any application that compares only how the issuer begins, and takes that issuer's keys, would accept it",
        .references = "RFC 8725 section 3.8; CWE-697",
        .overlooks = TSCOPE_DEFECT_ISSUER,
        .holds = begins_like_issuer,
    },
    {
        .id = "issuer-suffix",
        .sentence = "any application that compares only how the issuer ends, and takes that issuer's keys, would accept it",
        .references = "RFC 8725 section 3.8; CWE-697",
        .overlooks = TSCOPE_DEFECT_ISSUER,
        .holds = ends_like_issuer,
    },
    {
        .id = "issuer-substring",
        .sentence = "any application that looks for one issuer inside the other, and takes that issuer's keys, would accept it",
        .references = "CVE-2024-53861; CWE-697",
        .overlooks = TSCOPE_DEFECT_ISSUER,
        .holds = holds_issuer,
    },
    {
        .id = "issuer-any-case",
        .sentence = "any application that compares issuers without their case would accept it",
        .references = "RFC 7519 section 4.1.1; CWE-178",
        .overlooks = TSCOPE_DEFECT_ISSUER,
        .holds = is_issuer_in_other_case,
    },
    {
        .id = "issuer-in-list",
        .sentence = "any application that is content to find its issuer in a list would accept it",
        .references = "CVE-2025-30144; CWE-697",
        .overlooks = TSCOPE_DEFECT_ISSUER,
        .holds = lists_issuer,
    },
    {
        .id = "tenant-ignored",
        .sentence = "any application that takes the tokens of every tenant would accept it",
        .references = "RFC 8725 section 3.8; CWE-346",
        .overlooks = TSCOPE_DEFECT_TENANT,
    },
    {
        .id = "tid-unbound",
        .sentence = "any application that does not compare tid with the issuer would accept it",
        .references = "CWE-346",
        .overlooks = TSCOPE_DEFECT_TID,
    },
    {
        .id = "audience-ignored",
        .sentence = "any application that does not look at the audience would accept it",
        .references = "RFC 8725 section 3.9; RFC 7519 section 4.1.3",
        .overlooks = TSCOPE_DEFECT_AUDIENCE,
    },
    {
        .id = "expiry-ignored",
        .sentence = "any application that does not look at the expiry would accept it",
        .references = "RFC 7519 section 4.1.4; CWE-613",
        .overlooks = TSCOPE_DEFECT_EXPIRED,
    },
    {
        .id = "not-before-ignored",
        .sentence = "any application that does not look at nbf would accept it",
        .references = "RFC 7519 section 4.1.5",
        .overlooks = TSCOPE_DEFECT_EARLY,
    },
    {
        .id = "actor-unverified",
        .sentence = "any application that believes the wrapper without verifying the actor token inside would accept it",
        .references = "CVE-2025-55241; CWE-287",
        .overlooks = TSCOPE_DEFECT_ACTOR,
    },
    {
        .id = "actor-tenant-unbound",
        .sentence = "any application that does not bind the actor token to the tenant of the wrapper would accept it",
        .references = "CVE-2025-55241; CWE-287",
        .overlooks = TSCOPE_DEFECT_ACTOR_TENANT,
    },
    {
        .id = "signature-only",
        .sentence = "any application that verifies the signature and looks at nothing else would accept it",
        .references = "RFC 7519 section 7.2; RFC 8725 section 3.8; CWE-345",
        .overlooks = OF_CLAIMS | TSCOPE_DEFECT_KEY_OF_SET,
        .holds = has_key_of_issuer_meant,
    },
    {
        .id = "signature-ignored",
        .sentence = "any application that reads the claims and does not verify the signature would accept it",
        .references = "RFC 7519 section 7.2; CWE-347",
        .overlooks = OF_SIGNATURE,
        .bears = TSCOPE_DEFECT_UNTRIED,
    },
};
const size_t tscope_lax_rows_len = TSCOPE_COUNT(tscope_lax_rows);
_Static_assert(TSCOPE_COUNT(tscope_lax_rows) <= 64, "an opinion has a bit a row");

static bool
would_accept(const struct tscope_lax *lax, struct tscope_lax_case *lax_case, uint64_t defects)
{
    return (defects & lax->overlooks) && !(defects & ~(lax->overlooks | lax->bears)) && (!lax->holds || lax->holds(lax_case));
}

enum tscope_status
tscope_opinion_form(struct tscope_inspection *inspection)
{
    /* with nothing wrong around it, what a token carries is what an application accepts */
    const struct tscope_inspection *content = tscope_inspection_content(inspection);
    struct tscope_lax_case lax_case = {.subject = &inspection->deciding->subject};

    inspection->defects = tscope_defects_of(inspection);
    inspection->opinion = 0;
    if (inspection->defects == 0 && content) {
        inspection->defects = content->defects;
        inspection->opinion = content->opinion;
        return TSCOPE_OK;
    }
    for (size_t i = 0; inspection->defects && i < tscope_lax_rows_len; i++) {
        if (would_accept(&tscope_lax_rows[i], &lax_case, inspection->defects))
            inspection->opinion |= UINT64_C(1) << i;
    }
    return lax_case.failed ? TSCOPE_ERR_NO_MEMORY : TSCOPE_OK;
}
