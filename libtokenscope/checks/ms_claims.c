/* SPDX-License-Identifier: Apache-2.0 */
#include "checks/ms_claims.h"

#include "checks/compromise.h"
#include "checks/holder.h"
#include "checks/ms_blob.h"
#include "checks/registry.h"
#include "core/base64url.h"
#include "core/text.h"

/* What Microsoft's tokens say beside who signed them: their own ids, versions and wrappers. Shapes that were seen, not promised. */

#define UTI_CHARS 22
#define UTI_BYTES 16

bool
tscope_ms_is_entra(const tscope_subject *subject)
{
    return (subject->issuer_shape == TSCOPE_ISSUER_ENTRA_V1 || subject->issuer_shape == TSCOPE_ISSUER_ENTRA_V2) &&
           !subject->issuer_is_consumer && tscope_subject_is_jwt(subject);
}

/* Nobody but the issuer can have written these claims: what is odd about them is then the issuer's way. */
static bool
is_beyond_edits(const tscope_subject *subject)
{
    struct tscope_compromise compromise;

    return tscope_holder_is_known(subject) && subject->resolution->right == TSCOPE_RIGHT_YES && !tscope_holder_is_foreign(subject) &&
           !tscope_compromise_of(subject, &compromise);
}

static enum tscope_status
find_odd(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings, enum tscope_severity severity,
         const struct tscope_evidence evidence[2], const char *detail)
{
    bool intact = is_beyond_edits(subject);

    return tscope_findings_add_graded(findings, check, intact ? TSCOPE_SEVERITY_INFO : severity,
                                      intact ? TSCOPE_PROVES_NOTE : check->proves, evidence, 2, "%s%s", detail,
                                      intact ? "; the issuer's own key signed it so" : "");
}

/* ---- rh */

/* The GUID that the application in rh must be; data NULL: none to compare with. */
static struct tscope_member
counterpart(const tscope_subject *subject, uint8_t format)
{
    struct tscope_member none = {NULL, NULL, TSCOPE_PART_NONE};
    enum tscope_token_kind kind = subject->token->kind;
    struct tscope_member appid = tscope_subject_claim(subject, TSCOPE_CLAIM_APPID);

    if (kind == TSCOPE_KIND_ENTRA_ID_V1 || kind == TSCOPE_KIND_ENTRA_ID_V2)
        return none;
    if (format == 1)
        return tscope_subject_claim(subject, TSCOPE_CLAIM_AUD);
    if (format == 0 || format == 2)
        return appid.value ? appid : tscope_subject_claim(subject, TSCOPE_CLAIM_AZP);
    return none;
}

static enum tscope_status
run_rh(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings)
{
    struct tscope_member rh = tscope_subject_claim(subject, TSCOPE_CLAIM_RH), other;
    struct tscope_evidence evidence[2];
    struct tscope_ms_blob blob;
    struct tscope_span text;

    if (!rh.value || !tscope_ms_is_entra(subject) || !tscope_ms_blob_read(tscope_subject_text(subject, rh), &blob))
        return TSCOPE_OK;
    if (!tscope_text_equal_fold(subject->tid, tscope_span_of((uint8_t *)blob.tenant, 36)) && tscope_text_is_guid(subject->tid, NULL)) {
        evidence[0] = tscope_evidence_member(subject, rh);
        evidence[1] = tscope_evidence_claim(subject, TSCOPE_CLAIM_TID);
        return find_odd(
            check, subject, findings, check->severity, evidence,
            tscope_words(subject, "rh holds the tenant %s, and tid is %s", blob.tenant, tscope_subject_quote(subject, subject->tid)));
    }
    other = counterpart(subject, blob.format);
    text = tscope_subject_text(subject, other);
    if (tscope_text_equal_fold(text, tscope_span_of((uint8_t *)blob.app, 36)) || !tscope_text_is_guid(text, NULL))
        return TSCOPE_OK;
    evidence[0] = tscope_evidence_member(subject, rh);
    evidence[1] = tscope_evidence_member(subject, other);
    return find_odd(
        check, subject, findings, TSCOPE_SEVERITY_LOW, evidence,
        tscope_words(subject, "rh holds the application %s, and the claim for it is %s", blob.app, tscope_subject_quote(subject, text)));
}

/* ---- uti */

static bool
is_uti(struct tscope_span text)
{
    uint8_t bytes[24];
    size_t len;

    return text.len == UTI_CHARS && tscope_base64url_decode(text.data, text.len, bytes, &len) && len == UTI_BYTES &&
           tscope_ms_guid_is_random(bytes);
}

static enum tscope_status
run_uti(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings)
{
    struct tscope_member uti = tscope_subject_claim(subject, TSCOPE_CLAIM_UTI);
    struct tscope_evidence evidence[2];

    if (!uti.value || (uti.value->flags & TSCOPE_VALUE_OPEN) || !tscope_ms_is_entra(subject))
        return TSCOPE_OK;
    if (is_uti(tscope_subject_text(subject, uti)))
        return TSCOPE_OK;
    evidence[0] = tscope_evidence_member(subject, uti);
    evidence[1] = tscope_evidence_claim(subject, TSCOPE_CLAIM_ISS);
    return find_odd(check, subject, findings, check->severity, evidence,
                    "uti is not 22 characters of base64url that hold a GUID of version 4, as this issuer makes them");
}

/* ---- versions */

/* What is of the other version than the issuer; NULL: nothing. */
static const char *
other_version(const tscope_subject *subject, bool v2, struct tscope_member *ret_member)
{
    struct tscope_member ver = tscope_subject_claim(subject, TSCOPE_CLAIM_VER);
    struct tscope_member appid = tscope_subject_claim(subject, TSCOPE_CLAIM_APPID), azp = tscope_subject_claim(subject, TSCOPE_CLAIM_AZP);

    *ret_member = ver;
    if (ver.value && tscope_json_string_is(ver.json, ver.value, v2 ? "1.0" : "2.0"))
        return v2 ? "the issuer is that of version 2, and ver is 1.0" : "the issuer is that of version 1, and ver is 2.0";
    *ret_member = v2 ? appid : azp;
    if (v2 && appid.value && !azp.value)
        return "the issuer is that of version 2, and the client is in appid, as in version 1";
    if (!v2 && azp.value && !appid.value)
        return "the issuer is that of version 1, and the client is in azp, as in version 2";
    return NULL;
}

static enum tscope_status
run_version(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings)
{
    enum tscope_token_kind kind = subject->token->kind;
    struct tscope_evidence evidence[2];
    struct tscope_member member;
    const char *detail;

    if (!tscope_ms_is_entra(subject) || kind == TSCOPE_KIND_ENTRA_ID_V1 || kind == TSCOPE_KIND_ENTRA_ID_V2)
        return TSCOPE_OK;
    detail = other_version(subject, subject->issuer_shape == TSCOPE_ISSUER_ENTRA_V2, &member);
    if (!detail)
        return TSCOPE_OK;
    evidence[0] = tscope_evidence_claim(subject, TSCOPE_CLAIM_ISS);
    evidence[1] = tscope_evidence_member(subject, member);
    return find_odd(check, subject, findings, check->severity, evidence, detail);
}

/* A name of the key that verified, which is Entra's: no set lists it under this one, and it is not that of its certificate. */
static bool
is_other_name(const tscope_subject *subject, struct tscope_span kid)
{
    const struct tscope_resolution *resolution = subject->resolution;
    const tscope_key *key = resolution->key;
    const struct tscope_certificate *certificate;
    size_t bound = tscope_keyring_count(subject->keyring);
    uint8_t name[28];
    size_t len;

    if (!key || tscope_span_equal(kid, key->kid) || !tscope_holder_is_family(subject, TSCOPE_FAMILY_ENTERPRISE))
        return false;
    certificate = tscope_keyring_certificate(subject->keyring, key);
    if (!certificate)
        certificate = resolution->standing.certificate;
    if (!certificate)
        return false;
    for (const tscope_key *form = tscope_keyring_key(subject->keyring, key->next_same); form != key && bound-- > 0;
         form = tscope_keyring_key(subject->keyring, form->next_same)) {
        if (tscope_span_equal(kid, form->kid))
            return false;
    }
    return kid.len != 27 || !tscope_base64url_decode(kid.data, kid.len, name, &len) || len != sizeof(certificate->sha1) ||
           memcmp(name, certificate->sha1, len) != 0;
}

static enum tscope_status
run_kid_x5t(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings)
{
    struct tscope_evidence evidence[2];
    struct tscope_span kid = tscope_subject_text(subject, tscope_subject_header(subject, TSCOPE_HEADER_KID));
    struct tscope_span x5t = tscope_subject_text(subject, tscope_subject_header(subject, TSCOPE_HEADER_X5T));

    if (!kid.data || !tscope_ms_is_entra(subject))
        return TSCOPE_OK;
    if (is_other_name(subject, kid))
        return tscope_findings_add(findings, check, tscope_evidence_header(subject, TSCOPE_HEADER_KID),
                                   "kid is not the SHA-1 of the certificate of the key that verifies, which this issuer names its keys by");
    if (!x5t.data || tscope_span_equal(kid, x5t))
        return TSCOPE_OK;
    evidence[0] = tscope_evidence_header(subject, TSCOPE_HEADER_KID);
    evidence[1] = tscope_evidence_header(subject, TSCOPE_HEADER_X5T);
    return find_odd(check, subject, findings, check->severity, evidence, "kid and x5t differ, and this issuer writes the same into both");
}

static enum tscope_status
run_idtyp(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings)
{
    struct tscope_member idtyp = tscope_subject_claim(subject, TSCOPE_CLAIM_IDTYP), scp = tscope_subject_claim(subject, TSCOPE_CLAIM_SCP);
    struct tscope_evidence evidence[2];

    if (!idtyp.value || !tscope_json_string_is(idtyp.json, idtyp.value, "app") || !tscope_ms_is_entra(subject))
        return TSCOPE_OK;
    if (tscope_text_trim(tscope_subject_text(subject, scp)).len == 0)
        return TSCOPE_OK;
    evidence[0] = tscope_evidence_member(subject, idtyp);
    evidence[1] = tscope_evidence_member(subject, scp);
    return find_odd(check, subject, findings, check->severity, evidence,
                    "idtyp says that an application acts by itself, and scp holds what a user delegated");
}

static const struct tscope_check ms_claims_checks[] = {
    {
        .id = "MS-VER",
        .title = "version, issuer and claims do not go together",
        .severity = TSCOPE_SEVERITY_LOW,
        .proves = TSCOPE_PROVES_ANOMALY,
        .references = "Microsoft identity platform: access token claims reference",
        .meaning =
            "Entra's access tokens of version 1 and 2 have issuers of their own, say their version in ver, and name the client in appid "
            "or azp. Here one of these is of the other version, as in a token that was put together by hand.",
        .false_alarm = "Optional claims that copy a name of the other version.",
        .run = run_version,
    },
    {
        .id = "MS-KID-X5T",
        .title = "kid is not the name of the key",
        .severity = TSCOPE_SEVERITY_MEDIUM,
        .proves = TSCOPE_PROVES_ANOMALY,
        .depends = TSCOPE_DEPENDS_KEYS,
        .references = "RFC 7515 section 4.1.7; Microsoft identity platform: access tokens",
        .meaning =
            "Entra names its key by the SHA-1 of its certificate, in kid and in x5t. Where the two differ, or kid is not that of the key "
            "which verifies, somebody else wrote the header, to lead a validator to another key.",
        .false_alarm = "Keys that an application signs with by its own choice.",
        .run = run_kid_x5t,
    },
    {
        .id = "MS-RH",
        .title = "rh names another tenant or application",
        .severity = TSCOPE_SEVERITY_HIGH,
        .proves = TSCOPE_PROVES_ANOMALY,
        .references = "CWE-345",
        .meaning =
            "rh holds the GUIDs of the tenant and of the client or resource in clear, though it is documented as opaque. One that names "
            "another tenant than tid (high) or another application (low) is a trace of edited claims.",
        .false_alarm = "The format is not documented and may change; under the issuer's own key it is a note.",
        .run = run_rh,
    },
    {
        .id = "MS-UTI-SHAPE",
        .title = "uti has not the shape of a token id",
        .severity = TSCOPE_SEVERITY_LOW,
        .proves = TSCOPE_PROVES_ANOMALY,
        .references = "CWE-345",
        .meaning =
            "Entra's token ids are 22 characters of base64url that hold a random GUID. Another shape is a trace of invented claims, and "
            "such an id cannot be looked up in the sign-in logs.",
        .false_alarm = "Samples in documentation that were edited by hand, and logs that mask ids.",
        .run = run_uti,
    },
    {
        .id = "MS-IDTYP",
        .title = "application and user are mixed",
        .severity = TSCOPE_SEVERITY_HIGH,
        .proves = TSCOPE_PROVES_ANOMALY,
        .references = "Microsoft identity platform: access token claims reference; CWE-345",
        .meaning =
            "A token of an application that acts by itself has roles, and one that acts for a user has scp. Here idtyp is app, and scp "
            "is there too: the issuer makes no such token, and services differ in which they believe.",
        .false_alarm = "Services that are not documented; under the issuer's own key it is a note.",
        .run = run_idtyp,
    },
    {
        .id = "MS-ACTOR",
        .title = "actor token inside an unsigned wrapper",
        .severity = TSCOPE_SEVERITY_HIGH,
        .proves = TSCOPE_PROVES_ANOMALY,
        .references = "CVE-2025-55241; CWE-287; ATT&CK T1550.001",
        .meaning =
            "A service speaks for a user: the wrapper is unsigned by design, and the token in actortoken carries the proof. High when the "
            "two name different tenants, which is how one tenant's actor token was used on another.",
        .false_alarm = "Wrappers of Exchange and SharePoint are honest, and a note only.",
        .run = tscope_ms_run_actor,
    },
    {
        .id = "MS-OPAQUE",
        .title = "artefact of Microsoft that is no JWT to verify",
        .severity = TSCOPE_SEVERITY_INFO,
        .proves = TSCOPE_PROVES_NOTE,
        .references = "MS-OAPXBC; ATT&CK T1528",
        .meaning = "A refresh token, a compact ticket of Microsoft accounts or a primary refresh token cookie. Nobody but its maker can "
                   "verify it; "
                   "refresh tokens of Entra name tenant and client at their head, and these are read.",
        .false_alarm = "Told by its beginning and alphabet alone, so other opaque tokens may look like one.",
        .run = tscope_ms_run_opaque,
    },
    {
        .id = "MS-FOCI",
        .title = "family client with a token for an unlikely resource",
        .severity = TSCOPE_SEVERITY_INFO,
        .proves = TSCOPE_PROVES_NOTE,
        .references = "secureworks/family-of-client-ids-research; ATT&CK T1528; ATT&CK T1550.001",
        .meaning = "Some of Microsoft's clients form a family: a refresh token of one gets access tokens as any other. Here a client of "
                   "Office has "
                   "a token for Azure, or one of Azure for Office, which is what a stolen refresh token is used for.",
        .false_alarm = "Scripts that use the command line of Azure to call services of Office.",
        .run = tscope_ms_run_family,
    },
    {
        .id = "MS-MFA",
        .title = "no second factor, and policy requires one",
        .severity = TSCOPE_SEVERITY_MEDIUM,
        .proves = TSCOPE_PROVES_ANOMALY,
        .only = TSCOPE_ONLY_POLICY,
        .references = "RFC 8176 section 2; Microsoft identity platform: access token claims reference; CWE-308",
        .meaning =
            "Asked for with --require-mfa: amr says how the user signed in, and names no second factor. Tokens of version 2 have no amr, "
            "and of them nothing is known; an application that acts by itself needs none.",
        .false_alarm = "Sign-ins at a federated provider that asked for a second factor and did not say so.",
        .run = tscope_ms_run_factors,
    },
};

const struct tscope_check_family tscope_checks_ms_claims = {"ms", NULL, ms_claims_checks, TSCOPE_COUNT(ms_claims_checks)};
