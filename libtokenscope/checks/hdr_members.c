/* SPDX-License-Identifier: Apache-2.0 */
#include "checks/hdr_runs.h"

#include "core/text.h"
#include "token/nested.h"

/* The checks that ask for members which are out of place in a header, or too many. */

#define HEADER_BYTES_MAX (16u << 10) /* certificates and statements not counted */
#define HEADER_MEMBERS_MAX 64
#define HEADER_DEPTH_MAX 8
#define NESTING_USUAL 2 /* a token, one inside it, and one inside that */

enum tscope_status
tscope_hdr_run_zip(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings)
{
    struct tscope_member zip = tscope_subject_header(subject, TSCOPE_HEADER_ZIP);
    struct tscope_evidence evidence;
    struct tscope_span text;

    if (!zip.value || !tscope_subject_is_jws(subject) || zip.value->flags & TSCOPE_VALUE_OPEN)
        return TSCOPE_OK;
    evidence = tscope_evidence_member(subject, zip);
    text = tscope_subject_text(subject, zip);
    if (text.data && tscope_span_is(text, "DEF") && !tscope_json_root(&subject->token->claims) && subject->token->payload.decoded.len > 0)
        return tscope_findings_add_graded(findings, check, TSCOPE_SEVERITY_INFO, TSCOPE_PROVES_NOTE, &evidence, 1,
                                          "the payload is said to be compressed, and is no JSON as it stands: SMART Health Cards are so "
                                          "by a specification of their own");
    return tscope_findings_add(findings, check, evidence, "zip is defined for encrypted tokens alone, and this one is signed");
}

static bool
says_jwt(struct tscope_span cty)
{
    return cty.data && (tscope_text_equal_fold(cty, TSCOPE_SPAN("JWT")) || tscope_text_equal_fold(cty, TSCOPE_SPAN("application/jwt")));
}

enum tscope_status
tscope_hdr_run_cty(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings)
{
    const struct tscope_token *token = subject->token;
    struct tscope_member cty = tscope_subject_header(subject, TSCOPE_HEADER_CTY);
    struct tscope_evidence evidence;
    uint32_t content;

    if (!subject->signature)
        return TSCOPE_OK;
    content = tscope_nested_content(token);
    if (content != UINT32_MAX && tscope_subject_is_jws(subject) && tscope_nested_is_unsecured(token->nested[content].token))
        return tscope_findings_add(findings, check, tscope_evidence_part(subject, TSCOPE_PART_PAYLOAD),
                                   "the payload is a token, and that one is unsecured: who signed around it did not sign what it says as "
                                   "claims");
    if (token->depth >= NESTING_USUAL && token->nested_total > 0) {
        evidence = tscope_evidence_part(subject, TSCOPE_PART_PAYLOAD);
        return tscope_findings_add_graded(findings, check, TSCOPE_SEVERITY_MEDIUM, TSCOPE_PROVES_ANOMALY, &evidence, 1,
                                          "this token stands in %u others and holds one more: nothing honest is nested so deep",
                                          token->depth);
    }
    /* of an encrypted token the content may not be at hand; what is inside the deepest level is not looked at */
    if (!says_jwt(tscope_subject_text(subject, cty)) || !tscope_subject_is_jws(subject) || token->detached ||
        token->depth >= TSCOPE_NESTING_MAX || token->payload.decoded.len == 0 || content != UINT32_MAX)
        return TSCOPE_OK;
    evidence = tscope_evidence_member(subject, cty);
    return tscope_findings_add_graded(findings, check, TSCOPE_SEVERITY_MEDIUM, TSCOPE_PROVES_ANOMALY, &evidence, 1,
                                      "cty says that the payload is a JWT, and it is %s", token->claims_root ? "a set of claims" : "none");
}

/* Names that are registered, or that known software writes. */
static const char *const known_names[] = {
    /* IANA, JSON Web Signature and Encryption Header Parameters */
    "alg", "jku", "jwk", "kid", "x5u", "x5c", "x5t", "x5t#S256", "typ", "cty", "crit", "enc", "zip", "epk", "apu", "apv", "iv", "tag",
    "p2s", "p2c", "iss", "sub", "aud", "b64", "url", "nonce", "svt", "ppt", "trust_chain", "peer_trust_chain", "iheSSId", "vctm", "ek",
    "cose_kid",
    /* Microsoft */
    "ctx", "kdf_ver", "key_use", "request_nonce", "x5t#S1",
    /* claims that are repeated (RFC 7519 section 5.3), load balancers of AWS, widespread servers */
    "exp", "nbf", "iat", "jti", "signer", "client", "ver", "sid", "tid", "rat", "pi.atm", "org.apereo.cas.services.RegisteredService"};

static bool
is_known(const struct tscope_json *json, const struct tscope_value *member)
{
    for (size_t i = 0; i < TSCOPE_COUNT(known_names); i++) {
        if (tscope_json_name_is(json, member, known_names[i]))
            return true;
    }
    return false;
}

/* The members that no slot holds; a member that the token ends in may be cut, and is passed over. */
static void
count_unknown(const struct tscope_token_signature *signature, size_t *total, const struct tscope_value **first)
{
    const struct tscope_json *json = &signature->header;
    const struct tscope_value *object = tscope_json_root(json);

    if (!object || object->type != TSCOPE_JSON_OBJECT)
        return;
    for (const struct tscope_value *value = tscope_json_first(json, object); value; value = tscope_json_next(json, value)) {
        if (value->flags & (TSCOPE_VALUE_OPEN | TSCOPE_VALUE_KNOWN) || is_known(json, value))
            continue;
        if ((*total)++ == 0)
            *first = value;
    }
}

enum tscope_status
tscope_hdr_run_unknown(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings)
{
    const struct tscope_value *first = NULL;
    struct tscope_member member = {.part = TSCOPE_PART_HEADER};
    size_t total = 0;

    if (!subject->signature)
        return TSCOPE_OK;
    member.json = &subject->signature->header;
    count_unknown(subject->signature, &total, &first);
    if (!first)
        return TSCOPE_OK;
    member.value = first;
    return tscope_findings_add(findings, check, tscope_evidence_member(subject, member),
                               "the header holds %zu member%s not known here%s %s", total, total == 1 ? "" : "s",
                               total == 1 ? ":" : ", first", tscope_subject_quote(subject, tscope_json_name(member.json, first)));
}

/* Chains of certificates and of federation statements are long by nature. */
static size_t
bytes_by_design(const struct tscope_json *json, const struct tscope_value *root)
{
    static const char *const long_names[] = {"x5c", "trust_chain", "peer_trust_chain"};
    size_t bytes = 0;

    for (size_t i = 0; i < TSCOPE_COUNT(long_names); i++) {
        const struct tscope_value *value = tscope_json_member(json, root, long_names[i]);

        bytes += value ? value->len : 0;
    }
    return bytes;
}

static uint32_t
depth_of(const struct tscope_json *json)
{
    uint32_t depth = 0;

    for (uint32_t i = 0; i < json->values_len; i++)
        depth = json->values[i].depth > depth ? json->values[i].depth : depth;
    return depth;
}

enum tscope_status
tscope_hdr_run_size(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings)
{
    const struct tscope_json *json;
    const struct tscope_value *root;
    struct tscope_evidence evidence;
    size_t bytes;

    if (!subject->signature)
        return TSCOPE_OK;
    json = &subject->signature->header;
    root = tscope_json_root(json);
    if (!root || root->type != TSCOPE_JSON_OBJECT)
        return TSCOPE_OK;
    if (json->text_len <= HEADER_BYTES_MAX && json->values_len <= HEADER_DEPTH_MAX)
        return TSCOPE_OK; /* too short, and too few values, for any of it: as almost all */
    evidence = tscope_evidence_part(subject, TSCOPE_PART_HEADER);
    bytes = json->text_len - bytes_by_design(json, root);
    if (bytes > HEADER_BYTES_MAX)
        return tscope_findings_add(findings, check, evidence, "the header has %zu bytes, certificates not counted", bytes);
    if (root->count > HEADER_MEMBERS_MAX)
        return tscope_findings_add(findings, check, evidence, "the header has %u members", root->count);
    if (depth_of(json) > HEADER_DEPTH_MAX)
        return tscope_findings_add(findings, check, evidence, "the header nests %u levels deep", depth_of(json));
    return TSCOPE_OK;
}
