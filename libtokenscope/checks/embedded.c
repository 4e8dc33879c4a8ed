/* SPDX-License-Identifier: Apache-2.0 */
#include "checks/embedded.h"

#include "core/text.h"

#define THUMBPRINT_URN "urn:ietf:params:oauth:jwk-thumbprint:sha-256:"

static bool
is_thumbprint(const struct tscope_embedded_key *embedded, struct tscope_span name)
{
    size_t len = strlen(THUMBPRINT_URN);

    if (!name.data || embedded->thumbprint[0] == '\0')
        return false;
    if (name.len > len && memcmp(name.data, THUMBPRINT_URN, len) == 0)
        name = tscope_span_of(name.data + len, name.len - len);
    return tscope_span_is(name, embedded->thumbprint);
}

/* A media type, with or without "application/" (RFC 7515 section 4.1.9). */
static bool
typ_is(struct tscope_span typ, const char *media_type)
{
    const struct tscope_span application = TSCOPE_SPAN("application/");

    if (typ.data && tscope_text_starts_with_fold(typ, application))
        typ = tscope_span_of(typ.data + application.len, typ.len - application.len);
    return typ.data && tscope_text_equal_fold(typ, tscope_span_text(media_type));
}

/*
 * What names an issuer is held to the keys of that issuer: of these protocols only the wallet's proof has one, its client
 * (OpenID4VCI 1.0 appendix F.1).
 */
static const char *
jwk_design(const tscope_subject *subject, const struct tscope_embedded_key *embedded)
{
    struct tscope_span typ = tscope_subject_text(subject, tscope_subject_header(subject, TSCOPE_HEADER_TYP));
    bool names_issuer = tscope_subject_claim(subject, TSCOPE_CLAIM_ISS).value;

    if (is_thumbprint(embedded, subject->iss) ||
        is_thumbprint(embedded, tscope_subject_text(subject, tscope_subject_claim(subject, TSCOPE_CLAIM_SUB))))
        return "its issuer or subject is this very key";
    if (subject->token->kind == TSCOPE_KIND_DPOP)
        return "a DPoP proof shows which key its sender holds";
    if (!names_issuer && tscope_subject_header(subject, TSCOPE_HEADER_URL).value &&
        tscope_subject_header(subject, TSCOPE_HEADER_NONCE).value)
        return "a request to a certificate authority shows which key its account has";
    if (typ_is(typ, "openid4vci-proof+jwt") || (!names_issuer && typ_is(typ, "kb+jwt")))
        return "a proof shows which key its holder has";
    return NULL;
}

static const char *
x5c_design(const tscope_subject *subject)
{
    struct tscope_span sub = tscope_subject_text(subject, tscope_subject_claim(subject, TSCOPE_CLAIM_SUB));
    struct tscope_span client = tscope_subject_text(subject, tscope_subject_claim(subject, TSCOPE_CLAIM_CLIENT_ID));

    if (!subject->iss.data)
        return "a message without issuer, as receipts of stores and signed documents are, carries its certificates";
    if (subject->token->kind == TSCOPE_KIND_CLIENT_ASSERTION || (sub.data && tscope_span_equal(sub, subject->iss)) ||
        (client.data && tscope_span_equal(client, subject->iss)))
        return "a client that speaks for itself shows its certificate";
    return NULL;
}

const char *
tscope_embedded_design(const tscope_subject *subject, const struct tscope_embedded_key *embedded)
{
    switch (embedded->from) {
    case TSCOPE_EMBEDDED_JWK:
        return jwk_design(subject, embedded);
    case TSCOPE_EMBEDDED_X5C:
        return x5c_design(subject);
    case TSCOPE_EMBEDDED_NOTHING:
        return NULL;
    }
    return NULL;
}
