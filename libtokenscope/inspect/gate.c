/* SPDX-License-Identifier: Apache-2.0 */
#include "inspect/inspection.h"

#include "core/text.h"
#include "token/nested.h"

#define RSA_BITS_MIN 2048
/* Keys of a set that are looked at on either side of the one that verifies. */
#define NEIGHBOURS_MAX 1024

/*
 * The gate decides like a strict validator. It reads the same findings as the verdict, but keeps the parts apart: form and
 * signature always count, issuer rules, policies and clocks only when they are asked for.
 */

static bool
is_family(const struct tscope_check *check, const char *prefix)
{
    return strncmp(check->id, prefix, strlen(prefix)) == 0;
}

/* What refuses a token whoever asks: its algorithm, signature, header or form. */
static bool
is_form(const struct tscope_check *check)
{
    return is_family(check, "ALG-") || is_family(check, "SIG-") || is_family(check, "HDR-") || is_family(check, "FMT-");
}

static const struct tscope_finding *
refusing_finding(const struct tscope_judged_signature *judged, unsigned flags)
{
    for (size_t i = 0; i < judged->findings.found_len; i++) {
        const struct tscope_finding *finding = &judged->findings.found[i];
        bool other_key = strcmp(finding->check->id, "SIG-OTHERKEY") == 0;
        /* what a reader must refuse that does not implement it is refused here, whoever published it */
        bool refuses = finding->proves >= TSCOPE_PROVES_INVALID || strcmp(finding->check->id, "HDR-CRIT") == 0;

        if (other_key ? !(flags & TSCOPE_GATE_ANY_KEY) : refuses) {
            if (!(flags & TSCOPE_GATE_SIGNATURE_ONLY) || is_form(finding->check))
                return finding;
        }
    }
    return NULL;
}

/*
 * RFC 9901 sections 7.1 and 7.3: what is disclosed has to be shown to be signed, and a proof to be the holder's. What has no key in
 * "cnf" to be held against is left to whoever asks for a holder. NULL: there is nothing against it.
 */
static const char *
disclosure_refusal(const struct tscope_findings *findings)
{
    for (size_t i = 0; i < findings->found_len; i++) {
        if (is_family(findings->found[i].check, "SD-"))
            return findings->found[i].detail;
    }
    for (size_t i = 0; i < findings->unknown_len; i++) {
        if (is_family(findings->unknown[i].check, "SD-") && findings->unknown[i].reason != TSCOPE_REASON_NO_KEY)
            return findings->unknown[i].detail;
    }
    return NULL;
}

/* The signing-key-issuer rule for keys of providers that no profile knows: the key's own issuer must be the token's. */
static bool
contradicts_recorded(const struct tscope_judged_signature *judged)
{
    const struct tscope_resolution *resolution = &judged->resolution;
    struct tscope_span tenant;

    if (!resolution->standing.issuer.data || resolution->right == TSCOPE_RIGHT_YES || resolution->right == TSCOPE_RIGHT_CLOUD)
        return false;
    return !judged->subject.iss.data || !tscope_profile_pattern_matches(resolution->standing.issuer, judged->subject.iss, &tenant);
}

/* The same issuer in another of its forms: version 1 and version 2 of one tenant, or of the tenant that a template stands for. */
static bool
is_same_issuer(const tscope_subject *subject, struct tscope_span of_key)
{
    struct tscope_issuer issuer;
    struct tscope_span tenant;

    if (!subject->iss.data)
        return false;
    if (tscope_profile_pattern_matches(of_key, subject->iss, &tenant))
        return true;
    issuer = tscope_profile_issuer_of(subject->profile, subject->keyring, of_key);
    if (!issuer.row || !subject->issuer.row || !tscope_span_equal(issuer.family, subject->issuer.family))
        return false;
    if (issuer.cloud != subject->issuer.cloud && !subject->issuer.row->cloud_shared)
        return false;
    return !issuer.tenant.data || tscope_text_equal_fold(issuer.tenant, subject->issuer.tenant);
}

/* A given key belongs to the issuers that its forms name: when they name any, the token's must be among them. */
static bool
contradicts_issuer(const struct tscope_judged_signature *judged)
{
    const tscope_keyring *keyring = judged->subject.keyring;
    const tscope_key *key = judged->resolution.key;
    size_t bound = tscope_keyring_count(keyring);
    uint32_t start, number;
    bool names = false;

    if (!key) /* a secret verified it */
        return contradicts_recorded(judged);
    start = number = tscope_keyring_number(keyring, key);
    do {
        const tscope_key *form = tscope_keyring_key(keyring, number);
        struct tscope_span issuer = form->issuer.data ? form->issuer : form->set_issuer;

        if (!form->history && issuer.data) {
            if (is_same_issuer(&judged->subject, issuer))
                return false;
            names = true;
        }
        number = form->next_same;
    } while (number != start && bound-- > 0);
    return names || contradicts_recorded(judged);
}

static bool
is_number(const tscope_subject *subject, enum tscope_claim claim)
{
    const struct tscope_value *value = subject->token->slots[claim];

    return !value || value->type == TSCOPE_JSON_NUMBER;
}

/* A number that no calendar holds is still before (-1) or behind (1) every clock. */
static bool
is_beyond_calendar(const tscope_subject *subject, enum tscope_claim claim, int side)
{
    struct tscope_member member = tscope_subject_claim(subject, claim);
    double number;

    if (!member.value)
        return false;
    return !tscope_json_number(member.json, member.value, &number) || (side < 0 ? number < 0 : number > 0);
}

static const char *
clock_refusal(const tscope_subject *subject)
{
    int64_t at = subject->seen != TSCOPE_TIME_NONE ? subject->seen : subject->now;

    if (!is_number(subject, TSCOPE_CLAIM_EXP))
        return "\"exp\" is not a number";
    if (!is_number(subject, TSCOPE_CLAIM_NBF))
        return "\"nbf\" is not a number";
    if (at == TSCOPE_TIME_NONE)
        return NULL;
    if (subject->exp == TSCOPE_TIME_NONE && is_beyond_calendar(subject, TSCOPE_CLAIM_EXP, -1))
        return "the token has expired (\"exp\")";
    if (subject->nbf == TSCOPE_TIME_NONE && is_beyond_calendar(subject, TSCOPE_CLAIM_NBF, 1))
        return "the token is not valid yet (\"nbf\")";
    if (subject->exp != TSCOPE_TIME_NONE && at >= subject->exp + subject->leeway)
        return "the token has expired (\"exp\")";
    if (subject->nbf != TSCOPE_TIME_NONE && at < subject->nbf - subject->leeway)
        return "the token is not valid yet (\"nbf\")";
    return NULL;
}

/*
 * RFC 7518 sections 3.2, 3.3 and 3.5: a secret as long as the hash and a modulus of 2048 bits are the least that MUST be used. A
 * validator has to refuse; a forensic verdict, which asks who signed, does not rest on it.
 */
static const char *
weakness_of(const struct tscope_resolution *resolution)
{
    switch (resolution->alg->family) {
    case TSCOPE_ALG_HMAC:
        if (resolution->key ? resolution->key->numbers.k.len < tscope_digest_len(resolution->alg->digest) : resolution->secret.is_short)
            return "the secret is shorter than RFC 7518 section 3.2 requires";
        break;
    case TSCOPE_ALG_RSA_PKCS1:
    case TSCOPE_ALG_RSA_PSS:
        if (tscope_key_bits(resolution->key) < RSA_BITS_MIN)
            return "the RSA key is smaller than RFC 7518 section 3.3 requires";
        break;
    case TSCOPE_ALG_ECDSA:
    case TSCOPE_ALG_EDDSA:
    case TSCOPE_ALG_NONE:
        break;
    }
    return NULL;
}

/* A key whose factors anybody can compute proves nothing of who signed. NULL: it is none. */
static const char *
broken_key(const struct tscope_findings *findings)
{
    for (size_t i = 0; i < findings->found_len; i++) {
        if (findings->found[i].severity == TSCOPE_SEVERITY_CRITICAL && strcmp(findings->found[i].check->id, "KEY-RSA-WEAK") == 0)
            return "the RSA key gives its factors away";
    }
    return NULL;
}

/*
 * A token with signatures of several kinds needs a set of several kinds (RFC 7520 section 4.8): where one holds that takes a
 * private key, knowing the secret makes no such token.
 */
static bool
has_public_signature(const struct tscope_inspection *inspection)
{
    for (size_t i = 0; i < inspection->signatures_len; i++) {
        const struct tscope_resolution *resolution = &inspection->signatures[i].resolution;

        if (resolution->status == TSCOPE_STATUS_VERIFIED && resolution->key && resolution->key->numbers.type != TSCOPE_KEY_OCT)
            return true;
    }
    return false;
}

/* Whether a key of the set makes it unclear which key, or which kind of key, a token means. */
static const char *
confusion_with(const tscope_key *key, const tscope_key *other, bool may_mix)
{
    bool is_public = other->numbers.type != TSCOPE_KEY_OCT && other->numbers.type != TSCOPE_KEY_UNKNOWN && !other->has_private;

    if (key->numbers.type == TSCOPE_KEY_OCT && is_public && !may_mix)
        return "the secret stands in a set among public keys: whoever may read them can sign";
    if (key->numbers.type != other->numbers.type || !key->kid.data || !other->kid.data || !tscope_span_equal(key->kid, other->kid) ||
        memcmp(key->thumbprint, other->thumbprint, sizeof(key->thumbprint)) == 0)
        return NULL;
    if (key->issuer.data && other->issuer.data && !tscope_span_equal(key->issuer, other->issuer))
        return NULL; /* each is its own issuer's, so that there is no doubt */
    return "another key of its set has the same \"kid\"";
}

/*
 * Sets that RFC 7517 sections 4.5 and 9.2 warn of: two keys of one name leave open which one is trusted, and a secret that stands
 * among keys for everybody is none. One key under two issuers, as Entra publishes, is one key. The keys of one input stand beside
 * each other.
 */
static const char *
confused_set(const struct tscope_judged_signature *judged, bool may_mix)
{
    const tscope_keyring *keyring = judged->subject.keyring;
    const tscope_key *key = judged->resolution.key;
    size_t number, count = tscope_keyring_count(keyring);
    const char *reason = NULL;

    if (!key || key->history)
        return NULL;
    number = tscope_keyring_number(keyring, key);
    for (size_t i = 1; i <= NEIGHBOURS_MAX && i <= number && !reason; i++) {
        const tscope_key *other = tscope_keyring_key(keyring, number - i);

        if (other->source.data != key->source.data)
            break;
        reason = confusion_with(key, other, may_mix);
    }
    for (size_t i = number + 1; i - number <= NEIGHBOURS_MAX && i < count && !reason; i++) {
        const tscope_key *other = tscope_keyring_key(keyring, i);

        if (other->source.data != key->source.data)
            break;
        reason = confusion_with(key, other, may_mix);
    }
    return reason;
}

/* A policy holds when it is shown to: that nobody could tell is not enough here. */
static bool
shows_second_factor(const struct tscope_findings *findings)
{
    for (size_t i = 0; i < findings->found_len; i++) {
        if (strcmp(findings->found[i].check->id, "MS-MFA") == 0)
            return false;
    }
    for (size_t i = 0; i < findings->unknown_len; i++) {
        if (strcmp(findings->unknown[i].check->id, "MS-MFA") == 0)
            return false;
    }
    return true;
}

static enum tscope_gate
gate_signature(const struct tscope_judged_signature *judged, bool may_mix, unsigned flags, const char **ret_reason)
{
    const struct tscope_finding *finding = refusing_finding(judged, flags);

    *ret_reason = NULL;
    if (finding) {
        *ret_reason = finding->detail;
        return TSCOPE_GATE_REFUSE;
    }
    switch (judged->resolution.status) {
    case TSCOPE_STATUS_VERIFIED:
        if (judged->resolution.secret.kind != TSCOPE_SECRET_PUBLISHED)
            break;
        *ret_reason = "no key given can judge the signature"; /* only what is given counts */
        return TSCOPE_GATE_NO_KEY;
    case TSCOPE_STATUS_FAILED:
        *ret_reason = "the signature does not verify";
        return TSCOPE_GATE_REFUSE;
    case TSCOPE_STATUS_MISSING:
        *ret_reason = "the signature is missing";
        return TSCOPE_GATE_REFUSE;
    case TSCOPE_STATUS_NONE:
        *ret_reason = "the token is unsecured";
        return TSCOPE_GATE_REFUSE;
    case TSCOPE_STATUS_UNVERIFIED:
        *ret_reason = judged->resolution.no_input ? "the payload is detached and was not given" : "no key given can judge the signature";
        return TSCOPE_GATE_NO_KEY;
    }
    *ret_reason = weakness_of(&judged->resolution);
    if (!*ret_reason)
        *ret_reason = broken_key(&judged->findings);
    if (!*ret_reason)
        *ret_reason = confused_set(judged, may_mix);
    if (*ret_reason)
        return TSCOPE_GATE_REFUSE;
    if (flags & TSCOPE_GATE_SIGNATURE_ONLY)
        return TSCOPE_GATE_ACCEPT;
    *ret_reason = disclosure_refusal(&judged->findings);
    if (*ret_reason)
        return TSCOPE_GATE_REFUSE;
    if (contradicts_issuer(judged)) {
        *ret_reason = "the key's own issuer is not the token's \"iss\"";
        return TSCOPE_GATE_REFUSE;
    }
    if (judged->subject.policy.require_mfa && !shows_second_factor(&judged->findings)) {
        *ret_reason = "the token does not say that its user gave a second factor (\"amr\")";
        return TSCOPE_GATE_REFUSE;
    }
    *ret_reason = clock_refusal(&judged->subject);
    return *ret_reason ? TSCOPE_GATE_REFUSE : TSCOPE_GATE_ACCEPT;
}

static const char *
damage_reason(const struct tscope_token *token)
{
    if (token->words_before + token->words_behind > 0)
        return "other text stands around the token, and nothing is left out here";
    return token->damage_total > 0 ? "the token is damaged, and nothing is repaired here" : NULL;
}

static enum tscope_gate
gate_token(const struct tscope_inspection *inspection, unsigned flags, const char **ret_reason)
{
    const char *no_key = NULL, *reason = damage_reason(inspection->token);
    bool may_mix = has_public_signature(inspection);
    size_t accepted = 0;

    *ret_reason = reason;
    if (reason)
        return TSCOPE_GATE_REFUSE;
    for (size_t i = 0; i < inspection->signatures_len; i++) {
        enum tscope_gate gate = gate_signature(&inspection->signatures[i], may_mix, flags, &reason);

        if (gate == TSCOPE_GATE_REFUSE || (gate == TSCOPE_GATE_NO_KEY && (flags & TSCOPE_GATE_ALL_SIGNATURES))) {
            *ret_reason = reason;
            return gate == TSCOPE_GATE_NO_KEY && inspection->signatures_len == 1 ? TSCOPE_GATE_NO_KEY : TSCOPE_GATE_REFUSE;
        }
        if (gate == TSCOPE_GATE_ACCEPT)
            accepted++;
        else
            no_key = reason;
    }
    if (inspection->token->signatures_total > inspection->signatures_len) {
        *ret_reason = "the token has more signatures than are looked at";
        return TSCOPE_GATE_REFUSE;
    }
    *ret_reason = accepted ? "the signature verifies" : no_key;
    return accepted ? TSCOPE_GATE_ACCEPT : TSCOPE_GATE_NO_KEY;
}

/* RFC 7519 section 7.2 steps 8 to 10: a payload that is a token has to pass by itself, and so on. Levels are bounded by its reader. */
enum tscope_gate
tscope_report_gate(const tscope_report *report, unsigned flags, const char **ret_reason)
{
    const struct tscope_inspection *inspection = &report->root, *content;
    const char *unused;
    enum tscope_gate gate;

    if (!ret_reason)
        ret_reason = &unused;
    gate = gate_token(inspection, flags, ret_reason);
    if (flags & TSCOPE_GATE_SIGNATURE_ONLY)
        return gate;
    while (gate == TSCOPE_GATE_ACCEPT) {
        if (tscope_nested_is_unread(inspection->token)) {
            *ret_reason = "tokens stand in it deeper than is looked at";
            return TSCOPE_GATE_REFUSE;
        }
        content = tscope_inspection_content(inspection);
        if (!content)
            break;
        gate = gate_token(inspection = content, flags, ret_reason);
    }
    return gate;
}
