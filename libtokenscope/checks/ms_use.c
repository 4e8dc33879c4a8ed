/* SPDX-License-Identifier: Apache-2.0 */
#include "checks/ms_claims.h"
#include "core/text.h"
#include "profile/applications.h"
#include "token/kind.h"

/* How a token was got, as far as its claims say so: by a client of the family, and with a second factor. */

static const struct tscope_application *
application_of(const tscope_subject *subject, struct tscope_member member)
{
    struct tscope_span id = tscope_subject_text(subject, member);

    return id.data ? tscope_application_find(id) : NULL;
}

/* Sites of SharePoint are audiences by their hosts. */
static bool
is_site(struct tscope_span audience)
{
    struct tscope_span host = tscope_text_trim(audience);

    if (host.len > 0 && host.data[host.len - 1] == '/')
        host.len--;
    return tscope_text_starts_with_fold(host, TSCOPE_SPAN("https://")) && tscope_text_ends_with(host, TSCOPE_SPAN(".sharepoint.com"));
}

enum tscope_status
tscope_ms_run_family(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings)
{
    struct tscope_member client = tscope_subject_claim(subject, TSCOPE_CLAIM_APPID), aud = tscope_subject_claim(subject, TSCOPE_CLAIM_AUD);
    const struct tscope_application *application, *resource;
    struct tscope_evidence evidence[2];
    unsigned area;

    if (!subject->issuer.row)
        return TSCOPE_OK;
    if (!client.value)
        client = tscope_subject_claim(subject, TSCOPE_CLAIM_AZP);
    application = application_of(subject, client);
    if (!application || !application->is_family || application->area == TSCOPE_AREA_NONE || !tscope_ms_is_entra(subject))
        return TSCOPE_OK;
    resource = application_of(subject, aud);
    area = resource ? resource->area : is_site(tscope_subject_text(subject, aud)) ? TSCOPE_AREA_OFFICE : TSCOPE_AREA_NONE;
    if (area == TSCOPE_AREA_NONE || area == application->area)
        return TSCOPE_OK;
    evidence[0] = tscope_evidence_member(subject, client);
    evidence[1] = tscope_evidence_member(subject, aud);
    return tscope_findings_add_graded(findings, check, check->severity, check->proves, evidence, TSCOPE_COUNT(evidence),
                                      "%s got a token for %s: it is one of the family whose refresh tokens serve each other's clients, and "
                                      "not made for that resource",
                                      application->name, resource ? resource->name : "a site of SharePoint Online");
}

/* ---- factors */

enum factor { FACTOR_ONE, FACTOR_TWO, FACTOR_UNCLEAR };

/* RFC 8176 section 2; "ngcmfa" and "wiaormfa" are Entra's own. */
static enum factor
factor_of(const struct tscope_json *json, const struct tscope_value *value)
{
    if (tscope_json_string_is(json, value, "mfa") || tscope_json_string_is(json, value, "ngcmfa"))
        return FACTOR_TWO;
    return tscope_json_string_is(json, value, "wiaormfa") ? FACTOR_UNCLEAR : FACTOR_ONE;
}

static enum factor
factors_in(const struct tscope_member *amr, size_t *ret_count)
{
    enum factor factors = FACTOR_ONE;

    *ret_count = 0;
    for (const struct tscope_value *one = tscope_json_first(amr->json, amr->value); one; one = tscope_json_next(amr->json, one)) {
        enum factor factor = factor_of(amr->json, one);

        (*ret_count)++;
        if (factor == FACTOR_TWO)
            return FACTOR_TWO;
        if (factor == FACTOR_UNCLEAR)
            factors = FACTOR_UNCLEAR;
    }
    return factors;
}

static enum tscope_status
say_unclear(const struct tscope_check *check, tscope_findings *findings, const char *why)
{
    return tscope_findings_unknown(findings, check, TSCOPE_REASON_NOT_COVERED, TSCOPE_CHANGES_STRENGTH, "%s", why);
}

enum tscope_status
tscope_ms_run_factors(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings)
{
    struct tscope_member amr, idtyp;
    enum factor factors;
    size_t count;

    if (!subject->policy.require_mfa || !tscope_subject_is_jwt(subject))
        return TSCOPE_OK;
    idtyp = tscope_subject_claim(subject, TSCOPE_CLAIM_IDTYP);
    if (idtyp.value && tscope_json_string_is(idtyp.json, idtyp.value, "app"))
        return TSCOPE_OK; /* nobody signed in */
    amr = tscope_subject_claim(subject, TSCOPE_CLAIM_AMR);
    if (!amr.value)
        return say_unclear(check, findings, "the token has no amr, and so does not say how its user signed in");
    if (amr.value->type != TSCOPE_JSON_ARRAY || (amr.value->flags & TSCOPE_VALUE_OPEN))
        return say_unclear(check, findings, "amr is no whole list of methods");
    factors = factors_in(&amr, &count);
    if (factors == FACTOR_TWO)
        return TSCOPE_OK;
    if (factors == FACTOR_UNCLEAR)
        return say_unclear(check, findings, "amr holds wiaormfa, which is a second factor or a sign-in of Windows");
    if (count > 1 && !tscope_ms_is_entra(subject))
        return say_unclear(check, findings, "amr holds several methods, and issuers need not sum them up as mfa");
    return tscope_findings_add(findings, check, tscope_evidence_member(subject, amr),
                               "amr does not hold mfa, and the policy that was asked for requires it");
}
