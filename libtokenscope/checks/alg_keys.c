/* SPDX-License-Identifier: Apache-2.0 */
#include "checks/alg_keys.h"

#include "crypto/alg.h"

#define KEYS_NAMED_MAX 16 /* a kid stands on as many keys as its author likes */

static enum tscope_key_type
type_for(const struct tscope_alg *alg)
{
    switch (alg->family) {
    case TSCOPE_ALG_HMAC:
        return TSCOPE_KEY_OCT;
    case TSCOPE_ALG_RSA_PKCS1:
    case TSCOPE_ALG_RSA_PSS:
        return TSCOPE_KEY_RSA;
    case TSCOPE_ALG_ECDSA:
        return TSCOPE_KEY_EC;
    case TSCOPE_ALG_EDDSA:
        return TSCOPE_KEY_OKP;
    case TSCOPE_ALG_NONE:
        break;
    }
    return TSCOPE_KEY_UNKNOWN;
}

/* A key says nothing about an issuer unless a set of that issuer holds it, or it names the issuer itself. */
static bool
is_of_issuer(const tscope_subject *subject, const tscope_key *key)
{
    struct tscope_standing standing = tscope_profile_standing(subject->profile, subject->keyring, key);
    struct tscope_span tenant;

    if (tscope_profile_serves(subject->profile, &subject->issuer, &standing, key))
        return true;
    return standing.given && standing.issuer.data && subject->iss.data &&
           tscope_profile_pattern_matches(standing.issuer, subject->iss, &tenant);
}

/* The issuer's keys, up to the first that the algorithm could go with. */
static size_t
count_issuer_keys(const tscope_subject *subject, enum tscope_key_type wanted, bool *ret_has_wanted)
{
    size_t total = tscope_keyring_count(subject->keyring), count = 0;

    *ret_has_wanted = false;
    for (size_t i = 0; i < total && !*ret_has_wanted; i++) {
        const tscope_key *key = tscope_keyring_key(subject->keyring, i);

        if (key->numbers.type == TSCOPE_KEY_UNKNOWN || (key->history && !subject->issuer.family.data && !subject->issuer.archived) ||
            !is_of_issuer(subject, key))
            continue;
        *ret_has_wanted = key->numbers.type == wanted;
        count++;
    }
    return count;
}

/* Its provider lets applications have tokens signed with a secret that the two share. */
static bool
signs_with_secrets(const tscope_subject *subject)
{
    const struct tscope_profile_issuer *row = subject->issuer.row;

    return row && (row->secrets || row->keys == TSCOPE_PROFILE_KEYS_UNKNOWN);
}

bool
tscope_alg_keys_are_public(const tscope_subject *subject)
{
    bool has_secret;
    size_t count = count_issuer_keys(subject, TSCOPE_KEY_OCT, &has_secret);

    return subject->iss.data && !has_secret && !signs_with_secrets(subject) && (count > 0 || subject->issuer.row);
}

/* Tokens that a device signs with a key of its own, whatever issuer they name. */
static bool
has_key_of_device(enum tscope_token_kind kind)
{
    return kind == TSCOPE_KIND_PRT_COOKIE || kind == TSCOPE_KIND_SESSION_KEY_JWT || kind == TSCOPE_KIND_DPOP;
}

/* A secret is what many companies sign with: it is out of place only where an issuer is known to have none. */
static bool
may_judge_family(const tscope_subject *subject, const struct tscope_alg *alg)
{
    const struct tscope_resolution *resolution = subject->resolution;
    bool secret = alg->family == TSCOPE_ALG_HMAC;

    if (!subject->iss.data || has_key_of_device(subject->token->kind) || (secret && !subject->issuer.family.data) ||
        (secret && signs_with_secrets(subject)))
        return false;
    if (resolution->status != TSCOPE_STATUS_VERIFIED && (!resolution->named || resolution->named->numbers.type != type_for(alg)))
        return true;
    return secret && subject->issuer.row; /* not even a key that the caller gave makes it right */
}

/* A secret is published by nobody, at no time. A key that no set at hand lists may have been of any type, then. */
static bool
names_known_key(const tscope_subject *subject)
{
    return subject->resolution->named || subject->resolution->status == TSCOPE_STATUS_VERIFIED ||
           (!tscope_subject_header(subject, TSCOPE_HEADER_KID).value && !tscope_subject_header(subject, TSCOPE_HEADER_X5T).value);
}

enum tscope_status
tscope_alg_keys_judge_family(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings)
{
    const struct tscope_alg *alg = subject->resolution->alg;
    bool has_wanted;
    size_t count;

    if (!tscope_subject_is_jws(subject) || !alg || alg->family == TSCOPE_ALG_NONE || !may_judge_family(subject, alg))
        return TSCOPE_OK;
    count = count_issuer_keys(subject, type_for(alg), &has_wanted);
    if (has_wanted || (count == 0 && !subject->issuer.family.data))
        return TSCOPE_OK;
    if (count == 0)
        return tscope_findings_unknown(findings, check, TSCOPE_REASON_NO_KEY, TSCOPE_CHANGES_VERDICT,
                                       "no key of the issuer is at hand that %s could be compared with", alg->name);
    if (alg->family != TSCOPE_ALG_HMAC && !names_known_key(subject))
        return tscope_findings_unknown(findings, check, TSCOPE_REASON_NO_KEY, TSCOPE_CHANGES_VERDICT,
                                       "%s goes with none of the %zu keys known of this issuer, and the token names another: a key of "
                                       "another time may have been of another type",
                                       alg->name, count);
    return tscope_findings_add(findings, check, tscope_evidence_header(subject, TSCOPE_HEADER_ALG),
                               "%s goes with none of the %zu keys known of this issuer", alg->name, count);
}

/* The keys that the token names. */
struct naming {
    const tscope_key *key; /* the first; NULL: none */
    uint32_t count, unfit; /* unfit: of another type or curve than the algorithm needs */
};

/* A key may be meant when its set holds the issuer's keys, or when the caller gave it and nobody says whose it is. */
static bool
is_in_scope(const tscope_subject *subject, const tscope_key *key)
{
    struct tscope_standing standing = tscope_profile_standing(subject->profile, subject->keyring, key);

    return is_of_issuer(subject, key) || (standing.given && (!standing.issuer.data || !subject->iss.data));
}

/* Without a signature no key was looked for, but the header names one all the same. */
static struct naming
naming_of(const tscope_subject *subject)
{
    const struct tscope_resolution *resolution = subject->resolution;
    struct tscope_span kid = tscope_subject_text(subject, tscope_subject_header(subject, TSCOPE_HEADER_KID));
    struct naming naming = {resolution->named, resolution->named_count, resolution->named_unfit};
    const tscope_key *key;
    uint32_t cursor = 0;

    if (resolution->named || resolution->status != TSCOPE_STATUS_MISSING || !kid.data || !resolution->alg || subject->is_holder_proof)
        return naming;
    while (naming.count < KEYS_NAMED_MAX && (key = tscope_keyring_next_by_kid(subject->keyring, kid, &cursor))) {
        bool same = naming.key && memcmp(naming.key->thumbprint, key->thumbprint, sizeof(key->thumbprint)) == 0;

        if (same || key->flaw != TSCOPE_KEY_FLAW_NONE || !is_in_scope(subject, key))
            continue;
        naming.count++;
        naming.unfit += !tscope_key_numbers_fit(&key->numbers, resolution->alg);
        if (!naming.key)
            naming.key = key;
    }
    return naming;
}

/*
 * ES521, RS1, A256GCM: the registry's way to name algorithms, and none that any token here can be signed with. "EC" or "RSA" as
 * an alg is a key type that somebody wrote into the wrong member.
 */
static bool
is_shaped_as_alg(struct tscope_span word)
{
    static const char *const stems[] = {"HS", "RS", "PS", "ES", "A", "ML-DSA-", "SLH-DSA-"};

    for (size_t i = 0; i < TSCOPE_COUNT(stems); i++) {
        size_t len = strlen(stems[i]);

        if (word.len > len && memcmp(word.data, stems[i], len) == 0)
            return stems[i][len - 1] == '-' || (word.data[len] >= '0' && word.data[len] <= '9');
    }
    return false;
}

/*
 * True when a key published for this algorithm may sign with the token's: polymorphic names and their fully specified ones agree.
 * "ES521" is a common slip of sets for ES512, the one algorithm of P-521; a key of that curve can do no harm with it.
 */
static bool
allows_alg(const tscope_key *key, const struct tscope_alg *alg)
{
    struct tscope_span published = key->alg;
    const struct tscope_alg *row = tscope_alg_find(published);

    if (!row && key->numbers.curve == TSCOPE_CURVE_P521 && tscope_span_is(published, "ES521"))
        row = tscope_alg_find(TSCOPE_SPAN("ES512"));
    if (!row)
        return !tscope_alg_is_jwe(published) && !is_shaped_as_alg(published); /* a word that is no algorithm forbids nothing */
    return row->family == alg->family && row->digest == alg->digest &&
           (row->curve == alg->curve || row->curve == TSCOPE_CURVE_NONE || alg->curve == TSCOPE_CURVE_NONE);
}

/* Which member of a JWK forbids it; NULL: none. A key with its private half may say that it signs. */
static const char *
forbidding_member(const tscope_key *key, const struct tscope_alg *alg)
{
    unsigned operations = TSCOPE_KEY_OP_VERIFY | (key->has_private ? TSCOPE_KEY_OP_SIGN : 0u);

    if (key->alg.data && !allows_alg(key, alg))
        return "alg";
    if (tscope_span_is(key->use, "enc"))
        return "use";
    if (key->has_key_ops && !(key->key_ops & operations))
        return "key_ops";
    return NULL;
}

/* One key may be published more than once under its kid: one form that allows it is enough. */
static const char *
forbidden_by_all(const tscope_subject *subject, const tscope_key *key, const struct tscope_alg *alg)
{
    const char *member = forbidding_member(key, alg);
    uint32_t start = tscope_keyring_number(subject->keyring, key);
    size_t bound = tscope_keyring_count(subject->keyring);

    for (uint32_t number = key->next_same; member && number != start && bound-- > 0;) {
        const tscope_key *form = tscope_keyring_key(subject->keyring, number);

        if (tscope_span_equal(form->kid, key->kid) && !forbidding_member(form, alg))
            return NULL;
        number = form->next_same;
    }
    return member;
}

enum tscope_status
tscope_alg_keys_judge_use(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings)
{
    const struct tscope_resolution *resolution = subject->resolution;
    const tscope_key *key = resolution->key;
    const char *member;

    if (!key) {
        struct naming naming = naming_of(subject);

        key = naming.count == 1 ? naming.key : NULL;
    }
    if (!key || !resolution->alg)
        return TSCOPE_OK;
    member = forbidden_by_all(subject, key, resolution->alg);
    if (!member)
        return TSCOPE_OK;
    if (strcmp(member, "alg") == 0)
        return tscope_findings_add(findings, check, tscope_evidence_header(subject, TSCOPE_HEADER_ALG),
                                   "the token uses %s, and its key is published for %s alone", resolution->alg->name,
                                   tscope_subject_quote(subject, key->alg));
    return tscope_findings_add(findings, check, tscope_evidence_header(subject, TSCOPE_HEADER_ALG),
                               "the key's \"%s\" does not let it verify signatures", member);
}

/* A key that the caller gave, and that is meant although nothing names it: see try_given() of inspect/resolve.c. */
static bool
is_meant(const tscope_subject *subject, const tscope_key *key, bool names_none)
{
    return !key->history && key != subject->opened_by && !subject->is_holder_proof && (names_none || !key->kid.data) &&
           is_in_scope(subject, key);
}

/* The first key that the token means; NULL when it means none, or one of another type. */
static const tscope_key *
meant_key_of_type(const tscope_subject *subject, enum tscope_key_type type)
{
    bool names_none = !tscope_subject_header(subject, TSCOPE_HEADER_KID).value && !tscope_subject_header(subject, TSCOPE_HEADER_X5T).value;
    struct naming naming = naming_of(subject);
    const tscope_key *meant = NULL;
    size_t total = tscope_keyring_count(subject->keyring);

    if (naming.key)
        return naming.unfit == naming.count && naming.key->numbers.type == type ? naming.key : NULL;
    for (size_t i = 0; i < total; i++) {
        const tscope_key *key = tscope_keyring_key(subject->keyring, i);

        if (!is_meant(subject, key, names_none))
            continue;
        if (key->numbers.type != type || tscope_key_numbers_fit(&key->numbers, subject->resolution->alg))
            return NULL;
        if (!meant)
            meant = key;
    }
    return meant;
}

enum tscope_status
tscope_alg_keys_judge_curve(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings)
{
    const struct tscope_alg *alg = subject->resolution->alg;
    const tscope_key *key;
    const char *curve;

    if (!alg || (alg->family != TSCOPE_ALG_ECDSA && alg->family != TSCOPE_ALG_EDDSA) ||
        subject->resolution->status == TSCOPE_STATUS_VERIFIED || !tscope_subject_is_jws(subject))
        return TSCOPE_OK;
    key = meant_key_of_type(subject, type_for(alg));
    if (!key || tscope_key_numbers_fit(&key->numbers, alg))
        return TSCOPE_OK;
    curve = tscope_curve_name(key->numbers.curve);
    return tscope_findings_add(findings, check, tscope_evidence_header(subject, TSCOPE_HEADER_ALG),
                               "%s cannot be made with the key it means, which is on the curve %s", alg->name, curve ? curve : "?");
}
