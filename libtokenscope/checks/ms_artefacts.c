/* SPDX-License-Identifier: Apache-2.0 */
#include "checks/holder.h"
#include "checks/ms_blob.h"
#include "checks/ms_claims.h"
#include "core/text.h"

/* Artefacts of Microsoft's that are no signed JWT: refresh tokens, tickets, cookies of session keys, and wrappers of actor tokens. */

static enum tscope_status
say_opaque(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings, const char *what)
{
    return tscope_findings_add(findings, check, tscope_evidence_part(subject, TSCOPE_PART_TOKEN), "%s", what);
}

static enum tscope_status
say_cookie(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings)
{
    static const char what[] = "a primary refresh token cookie: its HMAC is made with a session key that never leaves the device";
    struct tscope_ms_blob blob;

    if (!tscope_ms_blob_of(subject->token, subject->arena, &blob))
        return say_opaque(check, subject, findings, what);
    return say_opaque(check, subject, findings,
                      tscope_words(subject, "%s; the refresh token in it is, by its head, of the tenant %s and the client %s", what,
                                   blob.tenant, blob.app));
}

enum tscope_status
tscope_ms_run_opaque(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings)
{
    struct tscope_ms_blob blob;

    switch (subject->token->kind) {
    case TSCOPE_KIND_MSA_TICKET:
        return say_opaque(check, subject, findings, "a compact ticket of Microsoft accounts: an access token that only its maker can read");
    case TSCOPE_KIND_MSA_REFRESH:
        return say_opaque(check, subject, findings, "a refresh token of Microsoft accounts: who holds it can get new access tokens");
    case TSCOPE_KIND_PRT_COOKIE:
        return say_cookie(check, subject, findings);
    case TSCOPE_KIND_ENTRA_REFRESH:
        if (!tscope_ms_blob_of(subject->token, subject->arena, &blob))
            return say_opaque(check, subject, findings, "a refresh token of Microsoft Entra, whose head could not be read");
        return say_opaque(check, subject, findings,
                          tscope_words(subject, "a refresh token of Microsoft Entra, by its head of the tenant %s and the client %s",
                                       blob.tenant, blob.app));
    default:
        return TSCOPE_OK;
    }
}

/* The GUID behind the last '@', as service issuers and audiences end; data NULL: none. */
static struct tscope_span
realm_of(struct tscope_span text)
{
    struct tscope_span realm;

    if (text.len < 37 || text.data[text.len - 37] != '@')
        return (struct tscope_span){NULL, 0};
    realm = tscope_span_of(text.data + text.len - 36, 36);
    return tscope_text_is_guid(realm, NULL) ? realm : (struct tscope_span){NULL, 0};
}

static struct tscope_span
text_of(const struct tscope_token *token, enum tscope_claim claim, struct tscope_arena *arena)
{
    return tscope_json_string(&token->claims, token->slots[claim], arena);
}

/* The tenant of the token inside: tid, or that of a service's issuer. */
static struct tscope_span
tenant_inside(const struct tscope_token *token, struct tscope_arena *arena)
{
    struct tscope_span tid = text_of(token, TSCOPE_CLAIM_TID, arena);

    return tscope_text_is_guid(tid, NULL) ? tid : realm_of(text_of(token, TSCOPE_CLAIM_ISS, arena));
}

/* The claim of the wrapper that names another tenant; value NULL: none does. */
static struct tscope_member
foreign_claim(const tscope_subject *subject, struct tscope_span inside)
{
    static const enum tscope_claim claims[] = {TSCOPE_CLAIM_TID, TSCOPE_CLAIM_ISS, TSCOPE_CLAIM_AUD};
    struct tscope_member none = {NULL, NULL, TSCOPE_PART_NONE};

    for (size_t i = 0; inside.data && i < TSCOPE_COUNT(claims); i++) {
        struct tscope_member member = tscope_subject_claim(subject, claims[i]);
        struct tscope_span text = tscope_subject_text(subject, member);
        struct tscope_span tenant = tscope_text_is_guid(text, NULL) ? text : realm_of(text);

        if (tenant.data && !tscope_text_equal_fold(tenant, inside))
            return member;
    }
    return none;
}

enum tscope_status
tscope_ms_run_actor(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings)
{
    struct tscope_member actor = tscope_subject_claim(subject, TSCOPE_CLAIM_ACTORTOKEN), foreign;
    struct tscope_evidence evidence[2] = {tscope_evidence_member(subject, actor)};
    struct tscope_span inside = {NULL, 0};

    if (subject->token->kind != TSCOPE_KIND_S2S_ACTOR)
        return TSCOPE_OK;
    for (uint32_t i = 0; i < subject->token->nested_len && !inside.data; i++) {
        if (subject->token->nested[i].value == actor.value)
            inside = tenant_inside(subject->token->nested[i].token, subject->arena);
    }
    foreign = foreign_claim(subject, inside);
    evidence[1] = tscope_evidence_member(subject, foreign);
    if (foreign.value)
        return tscope_findings_add_graded(findings, check, check->severity, check->proves, evidence, 2,
                                          "the actor token is one of the tenant %s, and the wrapper around it names another",
                                          tscope_subject_quote(subject, inside));
    return tscope_findings_add_graded(findings, check, TSCOPE_SEVERITY_INFO, TSCOPE_PROVES_NOTE, evidence, 1,
                                      "the wrapper is unsigned by design: what can be verified is the actor token inside%s",
                                      inside.data ? "" : ", which names no tenant to compare");
}
