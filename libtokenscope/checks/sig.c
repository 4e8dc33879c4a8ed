/* SPDX-License-Identifier: Apache-2.0 */
#include "checks/fmt_runs.h"

#include "core/digest_text.h"
#include "core/text.h"
#include "crypto/verifier.h"

/* The checks that ask about the signature itself: is it there, can it be one, and does it verify under the key it names? */

/*
 * r or s outside 1..order-1: no signer makes it. A signature of zeros is also what a mask looks like, so in a capture, where
 * masks are usual, such a run of one character counts as a mask.
 */
static bool
is_psychic(const tscope_subject *subject)
{
    const struct tscope_alg *alg = subject->resolution->alg;
    enum tscope_signature_presence presence;

    if (!tscope_subject_is_jws(subject) || !alg || alg->family != TSCOPE_ALG_ECDSA)
        return false;
    presence = subject->signature->presence;
    if (presence != TSCOPE_SIGNATURE_PRESENT && (presence != TSCOPE_SIGNATURE_MASKED || subject->captured))
        return false;
    return tscope_ecdsa_is_degenerate(alg->curve, subject->signature->signature.decoded);
}

static enum tscope_status
run_psychic(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings)
{
    if (!is_psychic(subject))
        return TSCOPE_OK;
    return tscope_findings_add(findings, check, tscope_evidence_part(subject, TSCOPE_PART_SIGNATURE),
                               "r or s is zero or not below the order of the curve: a verifier that does not check this takes it for "
                               "any message under any key");
}

static const char *
kid_words(const tscope_subject *subject)
{
    struct tscope_span kid = tscope_subject_text(subject, tscope_subject_header(subject, TSCOPE_HEADER_KID));

    return kid.data ? tscope_subject_quote(subject, kid) : NULL;
}

/* Nobody could judge it: why. Each reason is one that by itself leaves a bad signature possible. */
static enum tscope_status
say_unjudged(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings)
{
    const struct tscope_resolution *resolution = subject->resolution;
    const char *alg = resolution->alg->name, *kid = kid_words(subject);

    if (resolution->payload_masked)
        return tscope_findings_unknown(findings, check, TSCOPE_REASON_MASKED, TSCOPE_CHANGES_VERDICT, "the payload is masked");
    if (resolution->no_input)
        return tscope_findings_unknown(findings, check, TSCOPE_REASON_NOT_COVERED, TSCOPE_CHANGES_VERDICT,
                                       "the payload is detached and not in the evidence");
    if (resolution->trials_cut)
        return tscope_findings_unknown(findings, check, TSCOPE_REASON_TRIALS, TSCOPE_CHANGES_VERDICT,
                                       "%u keys were tried, and the limit of trials left others untried", resolution->trials);
    if (resolution->named_unusable > 0)
        return tscope_findings_unknown(findings, check, TSCOPE_REASON_KEY_UNUSABLE, TSCOPE_CHANGES_VERDICT,
                                       "the key it names cannot be used: %s", tscope_key_flaw_text(resolution->unusable_flaw));
    if (resolution->named_unfit > 0)
        return tscope_findings_unknown(findings, check, TSCOPE_REASON_KEY_UNUSABLE, TSCOPE_CHANGES_VERDICT,
                                       "the key it names cannot be used with %s", alg);
    if (resolution->alg->family == TSCOPE_ALG_HMAC)
        return tscope_findings_unknown(findings, check, TSCOPE_REASON_NO_SECRET, TSCOPE_CHANGES_VERDICT,
                                       resolution->given_tried ? "none of the secrets given is the one it was made with, and it names none"
                                                               : "the shared secret is not at hand");
    if (!kid)
        return tscope_findings_unknown(findings, check, TSCOPE_REASON_NO_KEY, TSCOPE_CHANGES_VERDICT,
                                       "no key at hand verifies it, and it names none that is known");
    return tscope_findings_unknown(findings, check, TSCOPE_REASON_NO_KEY, TSCOPE_CHANGES_VERDICT,
                                   resolution->names_known_elsewhere ? "the key %s is known only as another issuer's"
                                                                     : "the key %s is not at hand for this issuer",
                                   kid);
}

static enum tscope_status
say_absent(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings)
{
    if (subject->signature->presence == TSCOPE_SIGNATURE_MASKED)
        return tscope_findings_unknown(findings, check, TSCOPE_REASON_MASKED, TSCOPE_CHANGES_VERDICT, "the signature is masked");
    return tscope_findings_unknown(findings, check, TSCOPE_REASON_SIGNATURE_MISSING, TSCOPE_CHANGES_VERDICT,
                                   "the signature is not in the evidence");
}

static enum tscope_status
say_failed(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings)
{
    const struct tscope_resolution *resolution = subject->resolution;
    const char *kid = kid_words(subject);

    if (!kid)
        return tscope_findings_add(findings, check, tscope_evidence_part(subject, TSCOPE_PART_SIGNATURE),
                                   "it does not verify under the key that it means, nor under any other of %u tried", resolution->trials);
    return tscope_findings_add(findings, check, tscope_evidence_part(subject, TSCOPE_PART_SIGNATURE),
                               "it does not verify under the key it names, %s, nor under any other of %u tried", kid, resolution->trials);
}

/* RFC 9449 section 4.3: the key in its header is the one that has to verify a proof of possession, and no other is asked. */
static bool
fails_its_proof(const tscope_subject *subject)
{
    const struct tscope_resolution *resolution = subject->resolution;

    return subject->token->kind == TSCOPE_KIND_DPOP && resolution->embedded.from == TSCOPE_EMBEDDED_JWK && resolution->embedded.fails &&
           !resolution->payload_masked && !resolution->no_input;
}

static enum tscope_status
run_bad(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings)
{
    const struct tscope_resolution *resolution = subject->resolution;
    bool has_length = resolution->named_length > 0 && resolution->named_failed == 0;

    if (!tscope_subject_is_jws(subject) || is_psychic(subject) || tscope_subject_lacks_signature(subject))
        return TSCOPE_OK;
    switch (resolution->status) {
    case TSCOPE_STATUS_VERIFIED:
    case TSCOPE_STATUS_NONE:
        return TSCOPE_OK;
    case TSCOPE_STATUS_FAILED: /* of a length that no trial is needed for: that is SIG-LEN */
        return has_length ? TSCOPE_OK : say_failed(check, subject, findings);
    case TSCOPE_STATUS_MISSING:
        return say_absent(check, subject, findings);
    case TSCOPE_STATUS_UNVERIFIED:
        if (!resolution->alg) /* what the header says of it is no algorithm, cannot be read, or is not supported here */
            return tscope_findings_unknown(findings, check, TSCOPE_REASON_NOT_COVERED, TSCOPE_CHANGES_VERDICT,
                                           "the header names no algorithm that can be verified here");
        if (fails_its_proof(subject))
            return tscope_findings_add(findings, check, tscope_evidence_part(subject, TSCOPE_PART_SIGNATURE),
                                       "it does not verify under the key in its own header, which a proof of possession has to");
        return say_unjudged(check, subject, findings);
    }
    return TSCOPE_OK;
}

/* True when a name of the token is the digest of this certificate, however it is spelled. */
static bool
is_named_digest(struct tscope_span name, const struct tscope_certificate *certificate)
{
    uint8_t digest[32];

    return (tscope_digest_text_read(name, digest, sizeof(certificate->sha1)) &&
            memcmp(digest, certificate->sha1, sizeof(certificate->sha1)) == 0) ||
           (tscope_digest_text_read(name, digest, sizeof(certificate->sha256)) &&
            memcmp(digest, certificate->sha256, sizeof(certificate->sha256)) == 0);
}

/* The same of the digest that a set writes beside its key. */
static bool
is_same_digest(struct tscope_span name, struct tscope_span x5t)
{
    uint8_t said[20], listed[20];

    return tscope_span_equal(name, x5t) ||
           (tscope_digest_text_read(name, said, sizeof(said)) && tscope_digest_text_read(x5t, listed, sizeof(listed)) &&
            memcmp(said, listed, sizeof(said)) == 0);
}

/* A kid is any text; some issuers use the key's own digests for it, in base64url or hexadecimal. */
static bool
is_digest_of(struct tscope_span kid, const tscope_key *key, const struct tscope_certificate *certificate)
{
    return tscope_span_is(kid, key->thumbprint_text) || (key->x5t.data && is_same_digest(kid, key->x5t)) ||
           (certificate && is_named_digest(kid, certificate));
}

struct names {
    struct tscope_span kid, x5t;
};

/* True when a form of the key has a name at all; *ret_named when it is one that the token gives. */
static bool
form_has_name(const tscope_subject *subject, const tscope_key *form, const struct names *names, bool *ret_named)
{
    const struct tscope_certificate *certificate = form->history ? form->certificate : tscope_keyring_certificate(subject->keyring, form);

    if (certificate && !certificate->der.data)
        certificate = NULL;
    if (names->kid.data && ((form->kid.data && tscope_span_equal(names->kid, form->kid)) || is_digest_of(names->kid, form, certificate)))
        *ret_named = true;
    if (names->x5t.data &&
        ((form->x5t.data && is_same_digest(names->x5t, form->x5t)) || (certificate && is_named_digest(names->x5t, certificate))))
        *ret_named = true;
    if (names->kid.data && form->kid.data)
        return true;
    return names->x5t.data && (form->x5t.data || certificate);
}

/* True when a form of the key carries a name that the token gives; *ret_has_name when one carries any to compare. */
static bool
is_named(const tscope_subject *subject, const tscope_key *key, const struct names *names, bool *ret_has_name)
{
    uint32_t start = tscope_keyring_number(subject->keyring, key), number = start;
    size_t bound = tscope_keyring_count(subject->keyring);
    bool named = false;

    *ret_has_name = false;
    do {
        const tscope_key *form = tscope_keyring_key(subject->keyring, number);

        *ret_has_name |= form_has_name(subject, form, names, &named);
        number = form->next_same;
    } while (!named && number != start && bound-- > 0);
    return named;
}

/* A key without a name contradicts none, unless the one that the token does name was tried, and failed. */
static bool
is_other_key(const tscope_subject *subject, const struct names *names)
{
    const struct tscope_resolution *resolution = subject->resolution;
    bool has_name, unused;

    if (is_named(subject, resolution->key, names, &has_name))
        return false;
    return has_name || (resolution->named && is_named(subject, resolution->named, names, &unused));
}

static enum tscope_status
run_other_key(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings)
{
    const struct tscope_resolution *resolution = subject->resolution;
    struct tscope_member kid = tscope_subject_header(subject, TSCOPE_HEADER_KID);
    struct tscope_member x5t = tscope_subject_header(subject, TSCOPE_HEADER_X5T);
    struct names names = {tscope_subject_text(subject, kid), tscope_subject_text(subject, x5t)};

    if (resolution->status != TSCOPE_STATUS_VERIFIED || !resolution->key || resolution->found_by != TSCOPE_FOUND_BY_TRIAL ||
        (!names.kid.data && !names.x5t.data) || !is_other_key(subject, &names))
        return TSCOPE_OK;
    return tscope_findings_add(
        findings, check, tscope_evidence_member(subject, names.kid.data ? kid : x5t), "it names the key %s, and verifies under another: %s",
        tscope_subject_quote(subject, names.kid.data ? names.kid : names.x5t),
        tscope_subject_quote(subject,
                             resolution->key->kid.data ? resolution->key->kid : tscope_span_text(resolution->key->thumbprint_text)));
}

static const char *
missing_words(enum tscope_signature_presence presence)
{
    switch (presence) {
    case TSCOPE_SIGNATURE_EMPTY:
        return "nothing stands behind the last dot";
    case TSCOPE_SIGNATURE_ABSENT:
        return "the token ends before its signature";
    case TSCOPE_SIGNATURE_MASKED:
        return "a mask stands where the signature was";
    case TSCOPE_SIGNATURE_CUT:
        return "the signature is cut short: no signature of its algorithm has so few bytes";
    case TSCOPE_SIGNATURE_PRESENT: /* and yet missing: see is_cut_short() of inspect/resolve.c */
        return "the signature is cut short";
    }
    return "the signature is not in the evidence";
}

static enum tscope_status
run_missing(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings)
{
    enum tscope_part_id part;
    struct tscope_span alg;

    if (!tscope_subject_is_jws(subject) || subject->resolution->status != TSCOPE_STATUS_MISSING || is_psychic(subject) ||
        tscope_subject_lacks_signature(subject))
        return TSCOPE_OK;
    alg = tscope_subject_text(subject, tscope_subject_header(subject, TSCOPE_HEADER_ALG));
    if (alg.data && tscope_text_looks_like(alg, "none"))
        return TSCOPE_OK; /* nothing is missing from a token that says it is unsecured */
    part = subject->signature->presence == TSCOPE_SIGNATURE_ABSENT ? TSCOPE_PART_TOKEN : TSCOPE_PART_SIGNATURE;
    return tscope_findings_add(findings, check, tscope_evidence_part(subject, part), "%s: who signed it cannot be told from this evidence",
                               missing_words(subject->signature->presence));
}

/* A length that no key of the algorithm makes; RSA lengths depend on the key. */
static bool
has_impossible_length(const struct tscope_alg *alg, size_t len)
{
    if (alg->signature_len)
        return len != alg->signature_len;
    return alg->family == TSCOPE_ALG_EDDSA && len != 64 && len != 114;
}

static enum tscope_status
run_length(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings)
{
    const struct tscope_resolution *resolution = subject->resolution;
    const struct tscope_alg *alg = resolution->alg;
    size_t len, expected;

    if (!tscope_subject_is_jws(subject) || !alg || alg->family == TSCOPE_ALG_NONE ||
        (resolution->status != TSCOPE_STATUS_UNVERIFIED && resolution->status != TSCOPE_STATUS_FAILED))
        return TSCOPE_OK;
    len = subject->signature->signature.decoded.len;
    if (has_impossible_length(alg, len))
        return tscope_findings_add(findings, check, tscope_evidence_part(subject, TSCOPE_PART_SIGNATURE),
                                   "the signature has %zu bytes, and none of %s has", len, alg->name);
    if (resolution->named_length == 0 || resolution->named_failed > 0 || resolution->named_unusable > 0)
        return TSCOPE_OK;
    expected = tscope_key_numbers_signature_len(&resolution->named->numbers, alg);
    return tscope_findings_add(findings, check, tscope_evidence_part(subject, TSCOPE_PART_SIGNATURE),
                               "the signature has %zu bytes, and the key it names makes %zu", len, expected);
}

/* Tried under every key as what it means; one that then fails is a bad signature, and not only a wrong form. */
static enum tscope_status
run_der(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings)
{
    const struct tscope_resolution *resolution = subject->resolution;

    if (!resolution->is_der || (resolution->status != TSCOPE_STATUS_VERIFIED && resolution->status != TSCOPE_STATUS_UNVERIFIED))
        return TSCOPE_OK;
    return tscope_findings_add(findings, check, tscope_evidence_part(subject, TSCOPE_PART_SIGNATURE),
                               "the signature is the DER that %s must not have; %s", resolution->alg->name,
                               resolution->status == TSCOPE_STATUS_VERIFIED ? "converted to r and s it verifies"
                                                                            : "whether it holds once converted could not be told");
}

static enum tscope_status
run_salt(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings)
{
    const struct tscope_resolution *resolution = subject->resolution;

    if (resolution->lax.kind != TSCOPE_RSA_LAX_SALT)
        return TSCOPE_OK;
    return tscope_findings_add(findings, check, tscope_evidence_part(subject, TSCOPE_PART_SIGNATURE),
                               "it holds with a salt of %zu bytes, and %s has one of %zu", resolution->lax.salt_len, resolution->alg->name,
                               tscope_digest_len(resolution->alg->digest));
}

static enum tscope_status
run_padding(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings)
{
    const struct tscope_rsa_lax *lax = &subject->resolution->lax;
    struct tscope_evidence evidence;

    if (lax->kind != TSCOPE_RSA_LAX_NULL && lax->kind != TSCOPE_RSA_LAX_BEHIND && lax->kind != TSCOPE_RSA_LAX_PADDING)
        return TSCOPE_OK;
    evidence = tscope_evidence_part(subject, TSCOPE_PART_SIGNATURE);
    if (lax->kind == TSCOPE_RSA_LAX_NULL)
        return tscope_findings_add_graded(
            findings, check, TSCOPE_SEVERITY_LOW, TSCOPE_PROVES_INVALID, &evidence, 1,
            "the signed block names its hash without the NULL that belongs there: a mistake of the signer's, and "
            "no forgery");
    if (lax->kind == TSCOPE_RSA_LAX_BEHIND)
        return tscope_findings_add(
            findings, check, evidence,
            "in the signed block %zu bytes stand behind the digest of this very message: whoever chose them needs no private "
            "key where the exponent is small, and a check that stops at the digest takes it",
            lax->behind);
    return tscope_findings_add(
        findings, check, evidence,
        "the signed block ends in the digest of this very message, and what stands before it is not the padding: a check that "
        "compares the digest alone takes it");
}

static const struct tscope_check sig_checks[] = {
    {
        .id = "SIG-BAD",
        .title = "signature does not verify",
        .severity = TSCOPE_SEVERITY_HIGH,
        .proves = TSCOPE_PROVES_INVALID,
        .needs = TSCOPE_NEEDS_KEYS,
        .depends = TSCOPE_DEPENDS_KEYS,
        .only = TSCOPE_ONLY_UNVERIFIED,
        .references = "RFC 7515 section 5.2; RFC 8725 section 3.3; CWE-347",
        .meaning =
            "The key that the token names, among those of its issuer or those given, was tried, and neither it nor any other at hand "
            "verifies the signature. The token was changed after it was signed, or someone else signed it under a borrowed name.",
        .false_alarm = "A token that was altered on its way into the evidence, for example by a tool that rewrites claims.",
        .run = run_bad,
    },
    {
        .id = "SIG-OTHERKEY",
        .title = "another key than the named one verifies",
        .severity = TSCOPE_SEVERITY_HIGH,
        .proves = TSCOPE_PROVES_ANOMALY,
        .needs = TSCOPE_NEEDS_KEYS,
        .depends = TSCOPE_DEPENDS_KEYS,
        .only = TSCOPE_ONLY_BY_TRIAL,
        .references = "RFC 7515 section 4.1.4; RFC 8725 section 3.1; CWE-706",
        .meaning = "The header names one key and the signature holds under another. Validators that try every key accept it; it shows that "
                   "whoever wrote the header had it say something untrue of its signer.",
        .false_alarm = "A set that lists one key under two names, of which only one is at hand.",
        .run = run_other_key,
    },
    {
        .id = "SIG-MISSING",
        .title = "signature is not in the evidence",
        .severity = TSCOPE_SEVERITY_INFO,
        .proves = TSCOPE_PROVES_NOTE,
        .only = TSCOPE_ONLY_UNVERIFIED,
        .references = "RFC 7515 section 7.1",
        .meaning =
            "The token was stripped, masked or cut before it became evidence, as sanitizers of captures and log fields do. Its claims "
            "can be read, but nothing shows who made it.",
        .false_alarm = "None: it says what is not there, and nothing about the token's maker.",
        .run = run_missing,
    },
    {
        .id = "SIG-LEN",
        .title = "signature has a wrong length",
        .severity = TSCOPE_SEVERITY_HIGH,
        .proves = TSCOPE_PROVES_INVALID,
        .needs = TSCOPE_NEEDS_KEYS,
        .depends = TSCOPE_DEPENDS_KEYS,
        .specialises = "SIG-BAD",
        .only = TSCOPE_ONLY_UNVERIFIED,
        .references = "RFC 7518 section 3.2; RFC 7518 section 3.3; RFC 7518 section 3.4; RFC 8017 section 8.2.2",
        .meaning =
            "Every algorithm fixes how many bytes a signature has, for RSA by the size of the key. This one has another length, so it "
            "cannot be right, whatever a lenient library makes of padding or leading zeros.",
        .false_alarm = "Evidence that lost or gained bytes at the end of the token.",
        .run = run_length,
    },
    {
        .id = "SIG-PSYCHIC",
        .title = "signature holds for any message",
        .severity = TSCOPE_SEVERITY_CRITICAL,
        .proves = TSCOPE_PROVES_INVALID,
        .specialises = "SIG-BAD",
        .only = TSCOPE_ONLY_UNVERIFIED | TSCOPE_ONLY_ODD_SIGNATURE,
        .references = "FIPS 186-5 section 6.4.2; CVE-2022-21449; CWE-347",
        .meaning =
            "r or s of this ECDSA signature is zero or not below the order of the curve. No signer makes such values; a verifier that "
            "forgets to check them accepts any claims under any key.",
        .false_alarm = "A mask of zeros that a sanitizer put in place of the signature; say that the token was captured.",
        .run = run_psychic,
    },
    {
        .id = "SIG-DER",
        .title = "ECDSA signature is in DER",
        .severity = TSCOPE_SEVERITY_LOW,
        .proves = TSCOPE_PROVES_INVALID,
        .needs = TSCOPE_NEEDS_KEYS,
        .depends = TSCOPE_DEPENDS_KEYS,
        .specialises = "SIG-LEN",
        .only = TSCOPE_ONLY_ODD_SIGNATURE,
        .references = "RFC 7518 section 3.4",
        .meaning = "JOSE has r and s of an ECDSA signature one behind the other, at full width; this one is the DER that cryptographic "
                   "libraries make. It is tried converted: a correct validator refuses it all the same.",
        .false_alarm = "None, but it is a mistake of the signer's software and no attack.",
        .run = run_der,
    },
    {
        .id = "SIG-RSA-E3PAD",
        .title = "only a careless check of RSA padding passes",
        .severity = TSCOPE_SEVERITY_CRITICAL,
        .proves = TSCOPE_PROVES_INVALID,
        .needs = TSCOPE_NEEDS_KEYS,
        .depends = TSCOPE_DEPENDS_KEYS,
        .specialises = "SIG-BAD",
        .only = TSCOPE_ONLY_UNVERIFIED,
        .references = "RFC 8017 section 8.2.2; RFC 8017 section 9.2; CVE-2006-4339; CWE-347",
        .meaning =
            "The block under the signature holds the digest of this very message, and not the padding that belongs around it. With a small "
            "public exponent such signatures are computed without the private key, for checks that look at the digest alone.",
        .false_alarm = "None for bytes behind the digest; a signer that leaves out one NULL makes another mistake, which is low.",
        .run = run_padding,
    },
    {
        .id = "SIG-PSS-SALT",
        .title = "PSS salt has another length than the hash",
        .severity = TSCOPE_SEVERITY_LOW,
        .proves = TSCOPE_PROVES_INVALID,
        .needs = TSCOPE_NEEDS_KEYS,
        .depends = TSCOPE_DEPENDS_KEYS,
        .specialises = "SIG-BAD",
        .only = TSCOPE_ONLY_UNVERIFIED,
        .references = "RFC 7518 section 3.5",
        .meaning =
            "The signature holds once another length of the salt is allowed. JOSE fixes the length to that of the hash, so a correct "
            "validator refuses it; whoever made it has the private key all the same.",
        .false_alarm = "None, but it is a mistake of the signer's software and no attack.",
        .run = run_salt,
    },
    {
        .id = "SIG-MALL",
        .title = "signature is written in a second form",
        .severity = TSCOPE_SEVERITY_MEDIUM,
        .proves = TSCOPE_PROVES_ANOMALY,
        .depends = TSCOPE_DEPENDS_KEYS,
        .only = TSCOPE_ONLY_DAMAGE,
        .references = "RFC 7515 section 2; RFC 4648 section 3.5; CWE-436",
        .meaning = "In the signature's part stand padding, spare bits that are not zero, white space or other letters that a lenient "
                   "reader passes "
                   "over. The bytes are the same, the text is another: lists of used or revoked tokens that compare text do not know it.",
        .false_alarm = "Load balancers of AWS pad by design, which is info; terminals and mail add white space.",
        .run = tscope_fmt_run_signature,
    },
};

const struct tscope_check_family tscope_checks_sig = {"sig", NULL, sig_checks, TSCOPE_COUNT(sig_checks)};
