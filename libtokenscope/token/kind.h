/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_TOKEN_KIND_H
#define TSCOPE_TOKEN_KIND_H

#include "token/token.h"

/**
 * @file What a token is for, as far as its own words tell. Words may lie: whoever wants the checks of claims to look away
 * can write any header, so a kind that carries no registered claims (is no JWT) asks for all the marks of it, and for the
 * absence of an issuer that somebody could trust.
 */

/** The kind of a token whose parts, claims and slots are filled in; kind and nested tokens are not read. arena is for unescaped text. */
enum tscope_token_kind tscope_token_kind_of(const struct tscope_token *token, struct tscope_arena *arena);

/** The kind of a token that has no parts, by its beginning and alphabet. */
enum tscope_token_kind tscope_token_kind_of_opaque(struct tscope_span text);

/**
 * True when typ or cty names the media type: "application/" may be left out (RFC 7515 section 4.1.9), and the letters are of any
 * case (RFC 2045 section 5.1). subtype: "at+jwt".
 */
bool tscope_media_type_is(struct tscope_span typ, const char *subtype);

/** Whose an issuer is, by its exact shape. */
enum tscope_issuer_shape {
    TSCOPE_ISSUER_OTHER,
    TSCOPE_ISSUER_ENTRA_V1,     /* https://sts.windows.net/GUID/ and its like of other clouds */
    TSCOPE_ISSUER_ENTRA_V2,     /* https://login.microsoftonline.com/GUID/v2.0 … */
    TSCOPE_ISSUER_B2C,          /* https://NAME.b2clogin.com/GUID/v2.0/, https://NAME.b2clogin.com/tfp/GUID/POLICY/v2.0/ */
    TSCOPE_ISSUER_ADFS,         /* https://HOST/adfs, http://HOST/adfs/services/trust */
    TSCOPE_ISSUER_BOTFRAMEWORK, /* https://api.botframework.com */
    TSCOPE_ISSUER_SERVICE,      /* GUID@GUID */
};

/** ret_consumer: the tenant of an Entra issuer is that of Microsoft accounts. */
enum tscope_issuer_shape tscope_issuer_shape_of(struct tscope_span iss, bool *ret_consumer);

/** "00000002-0000-0ff1-ce00-000000000000/outlook.office365.com@GUID" */
bool tscope_audience_is_service(struct tscope_span audience);
/** The access control service itself, towards which applications prove who they are. */
bool tscope_audience_is_access_control(struct tscope_span audience);
/** Where client assertions go: a token endpoint (RFC 7523 section 3), or the issuer itself as Entra takes it. */
bool tscope_audience_is_token_endpoint(struct tscope_span audience);

#endif
