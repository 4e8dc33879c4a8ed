/* SPDX-License-Identifier: Apache-2.0 */
#include "checks/alg_keys.h"
#include "checks/alg_secret.h"

#include "core/text.h"
#include "crypto/alg.h"

/* The checks that ask what the header says of its algorithm, and whether the issuer's keys go with it. */

/* Registered for signatures like those of crypto/alg.h, but none that can be verified here. */
static const char *const unsupported_algs[] = {"ML-DSA-44", "ML-DSA-65", "ML-DSA-87"};

static struct tscope_span
alg_text(const tscope_subject *subject)
{
    return tscope_subject_text(subject, tscope_subject_header(subject, TSCOPE_HEADER_ALG));
}

/* A wrapper is unsigned by design; it only counts as one when the token that it wraps is there to be judged. */
static bool
is_actor_wrapper(const tscope_subject *subject)
{
    const struct tscope_token *token = subject->token;

    for (uint32_t i = 0; token->kind == TSCOPE_KIND_S2S_ACTOR && i < token->nested_len; i++) {
        if (token->nested[i].value && token->nested[i].value == token->slots[TSCOPE_CLAIM_ACTORTOKEN])
            return true;
    }
    return false;
}

static enum tscope_status
run_none(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings)
{
    if (!tscope_span_is(alg_text(subject), "none") || is_actor_wrapper(subject))
        return TSCOPE_OK;
    return tscope_findings_add(findings, check, tscope_evidence_header(subject, TSCOPE_HEADER_ALG),
                               subject->signature->presence == TSCOPE_SIGNATURE_PRESENT
                                   ? "the header says that nothing signs this token, although bytes stand where a signature would"
                                   : "the header says that nothing signs this token: anyone can write such a one");
}

/* Some verifiers refuse "none" exactly and take "nOnE", " none" or a look-alike for it. */
static enum tscope_status
run_none_case(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings)
{
    struct tscope_span alg = alg_text(subject);

    if (!alg.data || tscope_span_is(alg, "none") || !tscope_text_looks_like(alg, "none"))
        return TSCOPE_OK;
    return tscope_findings_add(findings, check, tscope_evidence_header(subject, TSCOPE_HEADER_ALG),
                               "alg is %s: read loosely it is \"none\", and slips past a filter for that word",
                               tscope_subject_quote(subject, alg));
}

static enum tscope_status
run_empty_signature(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings)
{
    if (!tscope_subject_lacks_signature(subject))
        return TSCOPE_OK;
    return tscope_findings_add(findings, check, tscope_evidence_part(subject, TSCOPE_PART_SIGNATURE),
                               "alg is %s, but the signature is empty, and nothing suggests that a sanitizer took it",
                               subject->resolution->alg->name);
}

static const char *
type_words(const struct tscope_value *value)
{
    switch ((enum tscope_json_type)value->type) {
    case TSCOPE_JSON_NULL:
        return "null";
    case TSCOPE_JSON_FALSE:
    case TSCOPE_JSON_TRUE:
        return "a boolean";
    case TSCOPE_JSON_NUMBER:
        return "a number";
    case TSCOPE_JSON_STRING:
        return "a string";
    case TSCOPE_JSON_ARRAY:
        return "an array";
    case TSCOPE_JSON_OBJECT:
        return "an object";
    }
    return "?";
}

/* What is left of a token that is cut in front of its first dot: claims, and a signature in the place of its payload. */
static bool
begins_with_claims(const tscope_subject *subject)
{
    const struct tscope_json *header = &subject->signature->header;
    const struct tscope_value *root = tscope_json_root(header);

    return subject->token->segments == 2 && !subject->token->claims.readable && !tscope_json_member(header, root, "typ") &&
           !tscope_json_member(header, root, "kid") && (tscope_json_member(header, root, "iss") || tscope_json_member(header, root, "exp"));
}

/*
 * An absent alg counts where the whole header is there to be read. In JSON, a JWE may share it between recipients; a single
 * part without a dot may be the claims alone.
 */
static bool
shows_whole_header(const tscope_subject *subject)
{
    enum tscope_serialization serialization = subject->token->serialization;

    if (serialization == TSCOPE_SERIALIZATION_JWE_FLATTENED || serialization == TSCOPE_SERIALIZATION_JWE_GENERAL)
        return false;
    if (subject->token->segments == 1 && subject->token->container.values_len == 0)
        return false;
    if (tscope_subject_lost_front(subject) || begins_with_claims(subject))
        return false;
    return subject->signature->header.readable || !subject->signature->protected_part.form.data;
}

static bool
is_registered_for_signatures(struct tscope_span alg)
{
    for (size_t i = 0; i < TSCOPE_COUNT(unsupported_algs); i++) {
        if (tscope_span_is(alg, unsupported_algs[i]))
            return true;
    }
    return tscope_alg_find(alg) != NULL;
}

static enum tscope_status
run_unregistered(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings)
{
    struct tscope_member member = tscope_subject_header(subject, TSCOPE_HEADER_ALG);
    bool encrypted = tscope_subject_is_jwe(subject), other;
    struct tscope_span alg;

    if (!subject->signature || (member.value && member.value->flags & TSCOPE_VALUE_OPEN))
        return TSCOPE_OK;
    if (!member.value) {
        if (!shows_whole_header(subject))
            return TSCOPE_OK;
        return tscope_findings_add(findings, check, tscope_evidence_part(subject, TSCOPE_PART_HEADER), "the header names no algorithm");
    }
    if (member.value->type != TSCOPE_JSON_STRING)
        return tscope_findings_add(findings, check, tscope_evidence_member(subject, member), "alg is %s, not a string",
                                   type_words(member.value));
    alg = tscope_subject_text(subject, member);
    if (!alg.data)
        return TSCOPE_ERR_NO_MEMORY;
    if (tscope_span_is(alg, "none") || (encrypted ? tscope_alg_is_jwe(alg) : is_registered_for_signatures(alg)))
        return TSCOPE_OK;
    other = encrypted ? is_registered_for_signatures(alg) : tscope_alg_is_jwe(alg);
    return tscope_findings_add(findings, check, tscope_evidence_member(subject, member), "%s is no registered algorithm%s",
                               tscope_subject_quote(subject, alg),
                               !other      ? ", and names are case-sensitive"
                               : encrypted ? " for encryption: it makes signatures"
                                           : " for signatures: it wraps keys of encrypted tokens");
}

/* One name for two algorithms: which one is meant only the key tells. */
static enum tscope_status
run_polymorphic(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings)
{
    if (!tscope_subject_is_jws(subject) || !tscope_span_is(alg_text(subject), "EdDSA"))
        return TSCOPE_OK;
    return tscope_findings_add(findings, check, tscope_evidence_header(subject, TSCOPE_HEADER_ALG),
                               "\"EdDSA\" leaves the curve open; since RFC 9864 it is to be Ed25519 or Ed448");
}

/* A plain message may have its algorithm there (RFC 7520 section 4.7); claims with it have a header that anyone can change. */
static enum tscope_status
run_unprotected(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings)
{
    struct tscope_member alg = tscope_subject_header(subject, TSCOPE_HEADER_ALG);

    if (!alg.value || alg.part != TSCOPE_PART_UNPROTECTED || !tscope_subject_is_jws(subject) || !subject->token->claims_root ||
        !tscope_subject_carries_claims(subject))
        return TSCOPE_OK;
    return tscope_findings_add(findings, check, tscope_evidence_member(subject, alg),
                               "only the unprotected header names the algorithm, which anyone can change without breaking the signature");
}

static const struct tscope_check alg_checks[] = {
    {
        .id = "ALG-NONE",
        .title = "token is unsecured",
        .severity = TSCOPE_SEVERITY_CRITICAL,
        .proves = TSCOPE_PROVES_INVALID,
        .only = TSCOPE_ONLY_ODD_ALG,
        .references = "RFC 8725 section 2.1; RFC 7518 section 3.6; CVE-2015-9235; CWE-347; T1606",
        .meaning = "The header says alg \"none\": nothing protects the claims, and anyone can write them. A validator that lets the "
                   "token choose its algorithm accepts it.",
        .false_alarm = "Unsecured tokens are legal where another layer protects them, such as a request object inside a signed one.",
        .run = run_none,
    },
    {
        .id = "ALG-NONE-CASE",
        .title = "alg is a disguised \"none\"",
        .severity = TSCOPE_SEVERITY_CRITICAL,
        .proves = TSCOPE_PROVES_INVALID,
        .specialises = "ALG-UNREG",
        .only = TSCOPE_ONLY_ODD_ALG,
        .references = "draft-ietf-oauth-rfc8725bis section 2.11; RFC 7515 section 4.1.1; CWE-178",
        .meaning = "With case, spaces and look-alike letters folded away, alg reads \"none\". No honest software writes it so: it is meant "
                   "for a validator that refuses the exact word and then compares loosely.",
        .false_alarm = "None is known, beside test suites of validators.",
        .run = run_none_case,
    },
    {
        .id = "ALG-EMPTY-SIG",
        .title = "signature is empty under an algorithm that signs",
        .severity = TSCOPE_SEVERITY_HIGH,
        .proves = TSCOPE_PROVES_INVALID,
        .only = TSCOPE_ONLY_UNVERIFIED,
        .references = "RFC 7515 section 5.2; CVE-2020-28042; CWE-347",
        .meaning = "The header names an algorithm that signs, and behind the last dot there is nothing. Validators that skip an empty "
                   "signature have accepted such tokens.",
        .false_alarm =
            "A tool that removes signatures before evidence is handed on leaves the same bytes; in a HAR file or a log they are a note.",
        .run = run_empty_signature,
    },
    {
        .id = "ALG-FAMILY",
        .title = "algorithm goes with no key of the issuer",
        .severity = TSCOPE_SEVERITY_HIGH,
        .proves = TSCOPE_PROVES_INVALID,
        .needs = TSCOPE_NEEDS_KEYS | TSCOPE_NEEDS_PROFILE,
        .depends = TSCOPE_DEPENDS_KEYS,
        .specialises = "ALG-KEYALG",
        .references = "RFC 8725 section 3.1; CWE-327",
        .meaning = "Every key known of this issuer is of another type than the algorithm needs, as with HS256 on an issuer that has only "
                   "RSA keys. It is the trace of an attempt to have a public key taken for a shared secret.",
        .false_alarm = "An issuer that has begun to sign with a new type of key since the history was made.",
        .run = tscope_alg_keys_judge_family,
    },
    {
        .id = "ALG-KEYALG",
        .title = "the key is not published for this algorithm",
        .severity = TSCOPE_SEVERITY_MEDIUM,
        .proves = TSCOPE_PROVES_INVALID,
        .needs = TSCOPE_NEEDS_KEYS,
        .depends = TSCOPE_DEPENDS_KEYS,
        .references = "RFC 7517 section 4.2; RFC 7517 section 4.3; RFC 7517 section 4.4; RFC 8725 section 3.1",
        .meaning =
            "The JWK says what it is for, with \"alg\", \"use\" or \"key_ops\", and verifying this token is not among it. A key used "
            "in two ways can be made to vouch in one for what was done in the other.",
        .false_alarm = "A key set that was published with a wrong member; ask whether the issuer's own validators accept the token.",
        .run = tscope_alg_keys_judge_use,
    },
    {
        .id = "ALG-CURVE",
        .title = "the key is on another curve than the algorithm",
        .severity = TSCOPE_SEVERITY_HIGH,
        .proves = TSCOPE_PROVES_INVALID,
        .needs = TSCOPE_NEEDS_KEYS,
        .depends = TSCOPE_DEPENDS_KEYS,
        .specialises = "ALG-KEYALG",
        .only = TSCOPE_ONLY_UNVERIFIED,
        .references = "RFC 7518 section 3.4; RFC 8812 section 3.2; RFC 9864 section 2.2",
        .meaning = "Each elliptic algorithm is bound to one curve: ES256 to P-256, ES256K to secp256k1. The key that the token means is on "
                   "another one, so it cannot have made a signature of this algorithm.",
        .false_alarm = "The wrong key was given, or one whose kid is also that of another key.",
        .run = tscope_alg_keys_judge_curve,
    },
    {
        .id = "ALG-UNREG",
        .title = "alg is not a registered algorithm",
        .severity = TSCOPE_SEVERITY_HIGH,
        .proves = TSCOPE_PROVES_INVALID,
        .only = TSCOPE_ONLY_ODD_ALG,
        .references = "RFC 7515 section 4.1.1; RFC 7516 section 4.1.1; RFC 7518 section 7.1",
        .meaning = "The header must name an algorithm as a string, and this one is missing, of another JSON type, or in no registry. "
                   "What a lenient validator makes of it is its own guess.",
        .false_alarm = "Private agreements may use names of their own, and new names are registered from time to time.",
        .run = run_unregistered,
    },
    {
        .id = "ALG-HS-PUBKEY",
        .title = "public key taken for a shared secret",
        .severity = TSCOPE_SEVERITY_CRITICAL,
        .proves = TSCOPE_PROVES_FORGERY,
        .needs = TSCOPE_NEEDS_KEYS,
        .depends = TSCOPE_DEPENDS_KEYS,
        .specialises = "ALG-FAMILY",
        .only = TSCOPE_ONLY_SECRET,
        .references = "RFC 8725 section 2.1; CVE-2015-9235; CWE-327; T1606",
        .meaning = "The HMAC was made with the bytes of a public key. A validator that hands its public key to whatever algorithm the "
                   "header names accepts it, and the key is there for everybody to read.",
        .false_alarm = "None is known, beside test suites of validators: no issuer has a reason to sign with what everybody knows.",
        .run = tscope_alg_secret_judge_public,
    },
    {
        .id = "ALG-HS-EMPTY",
        .title = "shared secret is empty",
        .severity = TSCOPE_SEVERITY_CRITICAL,
        .proves = TSCOPE_PROVES_FORGERY,
        .depends = TSCOPE_DEPENDS_KEYS,
        .specialises = "ALG-FAMILY",
        .only = TSCOPE_ONLY_SECRET,
        .references = "RFC 7518 section 3.2; CVE-2019-20933; CWE-1391; T1606",
        .meaning = "The HMAC was made with a secret of no bytes, as when a setting was left out or a key lookup gave nothing. Anyone can "
                   "make such a token; it is forgery where the issuer is known to sign with public keys.",
        .false_alarm = "Tokens of documentation and tests; without use, and with a documented payload, they are a note.",
        .run = tscope_alg_secret_judge_empty,
    },
    {
        .id = "ALG-HS-KNOWN",
        .title = "shared secret is known to others",
        .severity = TSCOPE_SEVERITY_CRITICAL,
        .proves = TSCOPE_PROVES_FORGERY,
        .depends = TSCOPE_DEPENDS_KEYS,
        .specialises = "ALG-FAMILY",
        .only = TSCOPE_ONLY_SECRET,
        .references = "RFC 8725 section 2.2; RFC 7518 section 3.2; CWE-798; CWE-521; T1110.002",
        .meaning = "The HMAC was made with a secret that documentation shows, or with a short one out of the list that was given: whoever "
                   "reads or guesses it can make such a token. It is forgery where the issuer is known to sign with public keys.",
        .false_alarm =
            "Samples of documentation, which are a note when the payload is theirs; and a company's own short secret in the list.",
        .run = tscope_alg_secret_judge_known,
    },
    {
        .id = "ALG-POLY",
        .title = "name of the algorithm leaves the curve open",
        .severity = TSCOPE_SEVERITY_INFO,
        .proves = TSCOPE_PROVES_NOTE,
        .references = "RFC 9864 section 2.2",
        .meaning = "\"EdDSA\" stands for two algorithms, and the key alone tells which. RFC 9864 has deprecated it in favour of the names "
                   "Ed25519 and Ed448.",
        .false_alarm = "It is in wide use, and right by RFC 8037: a note, and no fault.",
        .run = run_polymorphic,
    },
    {
        .id = "ALG-UNPROT",
        .title = "algorithm stands in the unprotected header alone",
        .severity = TSCOPE_SEVERITY_HIGH,
        .proves = TSCOPE_PROVES_INVALID,
        .only = TSCOPE_ONLY_FLAWS,
        .references = "RFC 7515 section 10.7; RFC 8725 section 3.1; CWE-347",
        .meaning = "The signature does not cover the header member that says how to verify it. Whoever handles the token can put another "
                   "algorithm there, and a JWT is a compact token whose whole header is protected (RFC 7519 section 1).",
        .false_alarm = "A signed message of a protocol of its own, whose payload happens to be a JSON object.",
        .run = run_unprotected,
    },
};

const struct tscope_check_family tscope_checks_alg = {"alg", NULL, alg_checks, TSCOPE_COUNT(alg_checks)};
