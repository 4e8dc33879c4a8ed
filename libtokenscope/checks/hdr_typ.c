/* SPDX-License-Identifier: Apache-2.0 */
#include "checks/hdr_runs.h"

#include "core/text.h"
#include "token/carrier.h"
#include "token/kind.h"

/*
 * What a token is for is said in three places: the type in its header, its claims, and the name that it was sent under. Where
 * two of them disagree, somebody may take it for what it is not.
 */

/* carrier: what a token of this type is sent as; unknown: as none of those that tscope_token_carrier() can tell. */
static const struct type {
    const char *media;
    enum tscope_carrier carrier;
} types[] = {
    {"at+jwt", TSCOPE_CARRIER_ACCESS},                    /* RFC 9068 section 2.1 */
    {"dpop+jwt", TSCOPE_CARRIER_PROOF},                   /* RFC 9449 section 4.2 */
    {"logout+jwt", TSCOPE_CARRIER_LOGOUT},                /* OpenID Connect Back-Channel Logout section 2.4 */
    {"client-authentication+jwt", TSCOPE_CARRIER_CLIENT}, /* draft-ietf-oauth-rfc7523bis */
    {"secevent+jwt", TSCOPE_CARRIER_UNKNOWN},             /* RFC 8417 section 2.3 */
    {"oauth-authz-req+jwt", TSCOPE_CARRIER_UNKNOWN},      /* RFC 9101 section 10.8 */
    {"token-introspection+jwt", TSCOPE_CARRIER_UNKNOWN},  /* RFC 9701 section 5 */
    {"kb+jwt", TSCOPE_CARRIER_UNKNOWN},                   /* RFC 9901 section 4.3 */
    {"openid4vci-proof+jwt", TSCOPE_CARRIER_UNKNOWN},     /* OpenID for Verifiable Credential Issuance appendix F.1 */
    {"entity-statement+jwt", TSCOPE_CARRIER_UNKNOWN},     /* OpenID Federation section 3 */
};

/* What is known of one token, each asked once. */
struct use {
    const tscope_subject *subject;
    struct tscope_member typ;
    struct tscope_span text; /* of typ */
    const struct type *type; /* NULL: none that says what for */
    enum tscope_carrier carrier;
};

/* What disagrees, and how grave it is. words NULL: nothing. */
struct discord {
    const char *words;
    bool by_design; /* widespread, where no one is misled */
};

static const struct type *
type_of(struct tscope_span typ)
{
    if (typ.len < sizeof("kb+jwt") - 1)
        return NULL; /* the shortest of them; almost all say JWT */
    for (size_t i = 0; i < TSCOPE_COUNT(types); i++) {
        if (tscope_media_type_is(typ, types[i].media))
            return &types[i];
    }
    return NULL;
}

static bool
is_type(const struct use *use, const char *media)
{
    return use->type && tscope_media_type_is(use->text, media);
}

static bool
has_claim(const struct use *use, enum tscope_claim claim)
{
    return use->subject->token->slots[claim];
}

/* A word that the payload says of itself: "typ" as Keycloak writes it, "token_use" as Cognito does. */
static bool
says(const struct use *use, const char *claim, const char *word)
{
    const struct tscope_token *token = use->subject->token;
    const struct tscope_value *value = tscope_json_member(&token->claims, token->claims_root, claim);
    struct tscope_span text = tscope_json_string(&token->claims, value, use->subject->arena);

    return text.data && tscope_span_is(text, word);
}

static bool
looks_like_proof(const struct use *use)
{
    const struct tscope_value *jwk = use->subject->signature->slots[TSCOPE_HEADER_JWK];

    return jwk && jwk->type == TSCOPE_JSON_OBJECT && has_claim(use, TSCOPE_CLAIM_HTM) && has_claim(use, TSCOPE_CLAIM_HTU);
}

static bool
has_logout_event(const struct use *use)
{
    return tscope_json_member(&use->subject->token->claims, use->subject->token->slots[TSCOPE_CLAIM_EVENTS],
                              "http://schemas.openid.net/event/backchannel-logout");
}

static struct discord
discord(const char *words)
{
    return (struct discord){.words = words};
}

/* The type against the claims. */
static struct discord
type_against_claims(const struct use *use)
{
    if (is_type(use, "dpop+jwt") && !looks_like_proof(use))
        return discord("typ says that this is a DPoP proof, and it has not the key, htm and htu of one");
    if (!is_type(use, "dpop+jwt") && looks_like_proof(use))
        return discord("this has the key, htm and htu of a DPoP proof, whose typ must be dpop+jwt, and is not");
    if (is_type(use, "logout+jwt") && !has_logout_event(use))
        return discord("typ says that this is a logout token, and it holds no logout event");
    if (is_type(use, "secevent+jwt") && !has_claim(use, TSCOPE_CLAIM_EVENTS))
        return discord("typ says that this is a security event, and it holds no events");
    if (has_logout_event(use) && has_claim(use, TSCOPE_CLAIM_NONCE))
        return discord("a logout token must not hold a nonce, so that nobody can take it for an ID token, and this one does");
    if (is_type(use, "at+jwt") && (has_claim(use, TSCOPE_CLAIM_AT_HASH) || has_claim(use, TSCOPE_CLAIM_C_HASH)))
        return discord("typ says that this is an access token, and it holds a digest that only ID tokens do");
    return discord(NULL);
}

/* The claims against the place of an access token. */
static struct discord
claims_against_access(const struct use *use)
{
    struct discord id = {"this was sent as an access token, and is an ID token: it says who signed in, and opens nothing", true};

    if (says(use, "typ", "Refresh") || says(use, "typ", "Offline"))
        return discord("this was sent as an access token, and says that it is a refresh token");
    if (says(use, "typ", "ID") || says(use, "token_use", "id"))
        return id;
    switch (use->subject->token->kind) {
    case TSCOPE_KIND_ENTRA_ID_V1:
    case TSCOPE_KIND_ENTRA_ID_V2:
    case TSCOPE_KIND_MSA_ID:
        id.by_design = false;
        return id;
    case TSCOPE_KIND_OIDC_ID:
        return id;
    case TSCOPE_KIND_LOGOUT:
        return discord("this was sent as an access token, and is a logout token");
    default:
        return discord(NULL);
    }
}

static struct discord
claims_against_id(const struct use *use)
{
    switch (use->subject->token->kind) {
    case TSCOPE_KIND_ENTRA_ACCESS_V1:
    case TSCOPE_KIND_ENTRA_ACCESS_V2:
    case TSCOPE_KIND_MANAGED_IDENTITY:
        return discord("this was sent as an ID token, and is an access token: it does not say that anybody signed in to this client");
    case TSCOPE_KIND_LOGOUT:
        return discord("this was sent as an ID token, and is a logout token");
    default:
        break;
    }
    if (says(use, "typ", "Bearer") || says(use, "token_use", "access"))
        return discord("this was sent as an ID token, and says that it is an access token");
    return discord(NULL);
}

/* The name that it was sent under against the claims. */
static struct discord
carrier_against_claims(const struct use *use)
{
    switch (use->carrier) {
    case TSCOPE_CARRIER_ACCESS:
        return claims_against_access(use);
    case TSCOPE_CARRIER_ID:
        return claims_against_id(use);
    case TSCOPE_CARRIER_LOGOUT:
        return discord(has_logout_event(use) ? NULL : "this was sent as a logout token, and holds no logout event");
    case TSCOPE_CARRIER_CLIENT:
        return discord(has_logout_event(use) ? "this was sent as a client's assertion, and is a logout token" : NULL);
    case TSCOPE_CARRIER_PROOF:
        return discord(looks_like_proof(use) ? NULL : "this was sent as a DPoP proof, and has not the key, htm and htu of one");
    case TSCOPE_CARRIER_UNKNOWN:
        break;
    }
    return discord(NULL);
}

/* Of the token itself, and of a member of its payload where that says the type. */
static struct tscope_evidence
evidence_of(const struct use *use)
{
    return use->typ.value ? tscope_evidence_member(use->subject, use->typ) : tscope_evidence_part(use->subject, TSCOPE_PART_HEADER);
}

enum tscope_status
tscope_hdr_run_typ(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings)
{
    struct use use = {.subject = subject};
    struct discord found;

    if (!subject->signature || !tscope_subject_is_jws(subject))
        return TSCOPE_OK;
    use.typ = tscope_subject_header(subject, TSCOPE_HEADER_TYP);
    if (use.typ.value && use.typ.value->flags & TSCOPE_VALUE_OPEN)
        return TSCOPE_OK;
    if (use.typ.value && use.typ.value->type != TSCOPE_JSON_STRING)
        return tscope_findings_add(findings, check, evidence_of(&use), "typ is no string");
    use.text = tscope_subject_text(subject, use.typ);
    use.type = type_of(use.text);
    use.carrier = tscope_token_carrier(subject->token);
    if (use.type && use.carrier != TSCOPE_CARRIER_UNKNOWN && use.carrier != use.type->carrier)
        return tscope_findings_add(findings, check, evidence_of(&use), "typ is %s, and this was sent as %s",
                                   tscope_subject_quote(subject, use.text), tscope_carrier_words(use.carrier));
    if (!subject->token->claims_root)
        return TSCOPE_OK;
    found = type_against_claims(&use);
    if (!found.words)
        found = carrier_against_claims(&use);
    if (!found.words)
        return TSCOPE_OK;
    if (found.by_design)
        return tscope_findings_add_graded(findings, check, TSCOPE_SEVERITY_INFO, TSCOPE_PROVES_NOTE,
                                          (struct tscope_evidence[]){evidence_of(&use)}, 1, "%s; some APIs take ID tokens by design",
                                          found.words);
    return tscope_findings_add(findings, check, evidence_of(&use), "%s", found.words);
}
