/* SPDX-License-Identifier: Apache-2.0 */
#include <tokenscope/tokenscope.h>

#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "core/base64url.h"
#include "core/buffer.h"
#include "crypto_testing.h"
#include "inspect/inspection.h"
#include "keys_testing.h"

/* Keys and certificates that tokens bring along (inspect/embedded_key.c, checks/hdr_embedded.c), made with libcrypto itself. */

#define CERTIFICATE_TEXT_MAX 16384 /* characters of one certificate that are read */
#define CLAIMS "{\"iss\":\"https://house.example\",\"sub\":\"robin\"}"

static struct pair rsa, other;

static void
set_up(void)
{
    rsa = make_rsa_pair(2048);
    other = make_rsa_pair(2048);
}

static void
tear_down(void)
{
    clear_pair(&rsa);
    clear_pair(&other);
}

/* A self-signed certificate with a comment of so many letters; DER. */
static struct tscope_span
certificate_with(const struct pair *pair, size_t comment_len)
{
    X509 *certificate = X509_new();
    char *comment = malloc(comment_len + 1);
    uint8_t *der = NULL;
    X509_EXTENSION *extension;
    struct tscope_span copy;
    int len;

    ck_assert(certificate && comment);
    memset(comment, 'c', comment_len);
    comment[comment_len] = '\0';
    ck_assert_int_eq(X509_set_version(certificate, 2), 1);
    ck_assert_int_eq(ASN1_INTEGER_set(X509_get_serialNumber(certificate), 7), 1);
    ck_assert_ptr_nonnull(X509_time_adj_ex(X509_getm_notBefore(certificate), 0, 0, &(time_t){1700000000}));
    ck_assert_ptr_nonnull(X509_time_adj_ex(X509_getm_notAfter(certificate), 0, 0, &(time_t){2000000000}));
    ck_assert_int_eq(
        X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_ASC, (const uint8_t *)"house", -1, -1, 0), 1);
    ck_assert_int_eq(X509_set_pubkey(certificate, pair->evp), 1);
    extension = X509V3_EXT_conf_nid(NULL, NULL, NID_netscape_comment, comment);
    ck_assert_ptr_nonnull(extension);
    ck_assert_int_eq(X509_add_ext(certificate, extension, -1), 1);
    ck_assert_int_gt(X509_sign(certificate, pair->evp, EVP_sha256()), 0);
    len = i2d_X509(certificate, &der);
    ck_assert_int_gt(len, 0);
    copy = exact_span(der, (size_t)len);
    OPENSSL_free(der);
    X509_EXTENSION_free(extension);
    X509_free(certificate);
    free(comment);
    return copy;
}

/* Of this length in all. */
static struct tscope_span
certificate_of(const struct pair *pair, size_t len)
{
    struct tscope_span plain = certificate_with(pair, 1);
    size_t comment = len - plain.len;

    for (int i = 0; i < 8; i++) {
        struct tscope_span certificate = certificate_with(pair, comment);

        if (certificate.len == len) {
            free_span(plain);
            return certificate;
        }
        comment += len - certificate.len;
        free_span(certificate);
    }
    ck_abort_msg("no certificate of %zu bytes", len);
    return plain;
}

struct judged {
    tscope_keyring *keyring;
    tscope_profile *profile;
    tscope_inspector *inspector;
    tscope_report *report;
    const struct tscope_embedded_key *embedded;
};

/* A token with these header members besides alg, signed by the key; freed by the caller. */
static struct tscope_buffer
token_with(const struct pair *signer, const char *alg, const struct tscope_buffer *members)
{
    struct tscope_buffer header = {0}, token = {0};
    struct tscope_span signature;

    tscope_buffer_append_format(&header, "{\"alg\":\"%s\"", alg);
    tscope_buffer_append(&header, members->data, members->len);
    tscope_buffer_append_byte(&header, '}');
    tscope_base64url_encode(&token, header.data, header.len);
    tscope_buffer_append_byte(&token, '.');
    tscope_base64url_encode(&token, (const uint8_t *)CLAIMS, strlen(CLAIMS));
    signature = sign(signer, alg_of(alg), tscope_span_of(token.data, token.len));
    tscope_buffer_append_byte(&token, '.');
    tscope_base64url_encode(&token, signature.data, signature.len);
    ck_assert(!header.failed && !token.failed);
    free_span(signature);
    tscope_buffer_clear(&header);
    return token;
}

static enum tscope_status
try_judge(struct judged *judged, const struct tscope_buffer *token)
{
    struct tscope_moment moment = {.seen = TSCOPE_TIME_UNKNOWN, .now = 1788220800};
    enum tscope_status status = tscope_inspect(judged->inspector, token->data, token->len, &moment, &judged->report, NULL);

    judged->embedded = status == TSCOPE_OK ? &judged->report->root.signatures[0].resolution.embedded : NULL;
    return status;
}

static void
judged_init(struct judged *judged)
{
    *judged = (struct judged){.keyring = new_keyring()};
    freeze(judged->keyring);
    ck_assert_int_eq(tscope_profile_new(NULL, &judged->profile, NULL), TSCOPE_OK);
    ck_assert_int_eq(tscope_inspector_new(judged->keyring, judged->profile, NULL, NULL, &judged->inspector, NULL), TSCOPE_OK);
}

static void
judge(struct judged *judged, struct tscope_buffer *token, struct tscope_buffer *members)
{
    judged_init(judged);
    ck_assert_int_eq(try_judge(judged, token), TSCOPE_OK);
    tscope_buffer_clear(token);
    tscope_buffer_clear(members);
}

static void
judged_clear(struct judged *judged)
{
    tscope_report_free(judged->report);
    tscope_inspector_free(judged->inspector);
    tscope_profile_free(judged->profile);
    tscope_keyring_free(judged->keyring);
}

static const struct tscope_finding *
finding_of(const struct judged *judged, const char *id)
{
    const struct tscope_findings *findings = &judged->report->root.signatures[0].findings;

    for (size_t i = 0; i < findings->found_len; i++) {
        if (strcmp(findings->found[i].check->id, id) == 0)
            return &findings->found[i];
    }
    return NULL;
}

/* base64 as RFC 7515 section 4.1.6 has it, or without its padding. */
static void
append_certificate(struct tscope_buffer *members, struct tscope_span der, bool padded)
{
    size_t start = members->len;

    tscope_base64url_encode(members, der.data, der.len);
    for (size_t i = start; i < members->len; i++)
        members->data[i] = members->data[i] == '-' ? '+' : members->data[i] == '_' ? '/' : members->data[i];
    while (padded && (members->len - start) % 4)
        tscope_buffer_append_byte(members, '=');
}

/* Characters of base64: of a limit, one less, itself, and the first that a certificate can have above it. */
static const struct {
    size_t der_len, text_len;
    bool padded, is_read;
} sizes[] = {
    {1500, 2000, true, true},
    {12287, CERTIFICATE_TEXT_MAX - 1, false, true},
    {12287, CERTIFICATE_TEXT_MAX, true, true},
    {12288, CERTIFICATE_TEXT_MAX, true, true},
    {12289, CERTIFICATE_TEXT_MAX + 2, false, false},
    {12289, CERTIFICATE_TEXT_MAX + 4, true, false},
};

START_TEST(certificate_up_to_the_limit_is_read)
{
    struct tscope_span der = certificate_of(&rsa, sizes[_i].der_len);
    struct tscope_buffer members = {0}, token;
    struct judged judged;

    tscope_buffer_append_text(&members, ",\"x5c\":[\"");
    append_certificate(&members, der, sizes[_i].padded);
    ck_assert_uint_eq(members.len - strlen(",\"x5c\":[\""), sizes[_i].text_len);
    tscope_buffer_append_text(&members, "\"]");
    token = token_with(&rsa, "RS256", &members);
    judge(&judged, &token, &members);
    ck_assert_int_eq(judged.embedded->from, sizes[_i].is_read ? TSCOPE_EMBEDDED_X5C : TSCOPE_EMBEDDED_NOTHING);
    ck_assert_int_eq(judged.embedded->verifies, sizes[_i].is_read);
    ck_assert_uint_eq(judged.embedded->certificate.len, sizes[_i].is_read ? der.len : 0);
    ck_assert_int_eq(finding_of(&judged, "HDR-X5C") != NULL, sizes[_i].is_read);
    ck_assert_int_eq(tscope_report_signature(judged.report), TSCOPE_STATUS_UNVERIFIED);
    judged_clear(&judged);
    free_span(der);
}
END_TEST

/* The first certificate is the signer's (RFC 7515 section 4.1.6): in another order the token does not hold under what it carries. */
START_TEST(first_certificate_is_the_signers)
{
    struct tscope_span mine = certificate_with(&rsa, 1), others = certificate_with(&other, 1);
    struct tscope_buffer members = {0}, token;
    struct judged judged;

    tscope_buffer_append_text(&members, ",\"x5c\":[\"");
    append_certificate(&members, _i ? others : mine, true);
    tscope_buffer_append_text(&members, "\",\"");
    append_certificate(&members, _i ? mine : others, true);
    tscope_buffer_append_text(&members, "\"]");
    token = token_with(&rsa, "RS256", &members);
    judge(&judged, &token, &members);
    ck_assert_int_eq(judged.embedded->from, TSCOPE_EMBEDDED_X5C);
    ck_assert_int_eq(judged.embedded->verifies, !_i);
    ck_assert_int_eq(finding_of(&judged, "HDR-X5C") != NULL, !_i);
    judged_clear(&judged);
    free_span(mine);
    free_span(others);
}
END_TEST

static const struct {
    const char *x5c;
    enum tscope_embedded_from from;
} unreadable[] = {
    {"[]", TSCOPE_EMBEDDED_NOTHING},           {"[7]", TSCOPE_EMBEDDED_NOTHING},      {"[null]", TSCOPE_EMBEDDED_NOTHING},
    {"[[\"MIIC\"]]", TSCOPE_EMBEDDED_NOTHING}, {"\"MIIC\"", TSCOPE_EMBEDDED_NOTHING}, {"{}", TSCOPE_EMBEDDED_NOTHING},
    {"[\"\"]", TSCOPE_EMBEDDED_X5C},           {"[\"?\"]", TSCOPE_EMBEDDED_X5C},      {"[\"MIIC\"]", TSCOPE_EMBEDDED_X5C},
    {"[\"MAA=\"]", TSCOPE_EMBEDDED_X5C},
};

START_TEST(what_is_no_certificate_verifies_nothing)
{
    struct tscope_buffer members = {0}, token;
    struct judged judged;

    tscope_buffer_append_format(&members, ",\"x5c\":%s", unreadable[_i].x5c);
    token = token_with(&rsa, "RS256", &members);
    judge(&judged, &token, &members);
    ck_assert_int_eq(judged.embedded->from, unreadable[_i].from);
    ck_assert(judged.embedded->from == TSCOPE_EMBEDDED_NOTHING || judged.embedded->flaw == TSCOPE_KEY_FLAW_CERTIFICATE);
    ck_assert(!judged.embedded->verifies && !judged.embedded->certificate.data);
    ck_assert_ptr_null(finding_of(&judged, "HDR-X5C"));
    ck_assert_ptr_null(finding_of(&judged, "HDR-X5T"));
    judged_clear(&judged);
}
END_TEST

enum writing { WRITTEN_PLAIN, WRITTEN_PADDED, WRITTEN_HEX, WRITTEN_HEX_ENCODED, WRITTEN_OTHER, WRITTEN_SHORT, WRITTEN_LONG };

static const struct {
    enum writing writing;
    bool found;
} digests[] = {
    {WRITTEN_PLAIN, false},       {WRITTEN_PADDED, false}, {WRITTEN_HEX, false},
    {WRITTEN_HEX_ENCODED, false}, {WRITTEN_OTHER, true},   {WRITTEN_SHORT, false}, /* no digest at all: nothing is claimed */
    {WRITTEN_LONG, false},
};

static void
append_digest(struct tscope_buffer *members, const uint8_t *digest, size_t len, enum writing writing)
{
    struct tscope_buffer hex = {0};

    for (size_t i = 0; i < len; i++)
        tscope_buffer_append_format(&hex, "%02X", digest[i]);
    switch (writing) {
    case WRITTEN_PLAIN:
    case WRITTEN_OTHER:
        tscope_base64url_encode(members, digest, len);
        break;
    case WRITTEN_PADDED:
        tscope_base64url_encode(members, digest, len);
        tscope_buffer_append_byte(members, '=');
        break;
    case WRITTEN_HEX:
        tscope_buffer_append(members, hex.data, hex.len);
        break;
    case WRITTEN_HEX_ENCODED:
        tscope_base64url_encode(members, hex.data, hex.len);
        break;
    case WRITTEN_SHORT:
        tscope_base64url_encode(members, digest, len - 1);
        break;
    case WRITTEN_LONG:
        tscope_buffer_append(members, hex.data, hex.len);
        tscope_buffer_append(members, hex.data, hex.len);
        break;
    }
    tscope_buffer_clear(&hex);
}

/* x5t and x5t#S256, in each of the ways in which they are written. */
START_TEST(digest_is_held_against_the_certificate)
{
    struct tscope_span der = certificate_with(&rsa, 1);

    for (int is_sha256 = 0; is_sha256 < 2; is_sha256++) {
        size_t len = is_sha256 ? 32 : 20;
        struct tscope_buffer members = {0}, token;
        struct judged judged;
        uint8_t digest[32];

        ck_assert_int_eq(EVP_Digest(der.data, der.len, digest, NULL, is_sha256 ? EVP_sha256() : EVP_sha1(), NULL), 1);
        digest[len - 1] ^= digests[_i].writing == WRITTEN_OTHER;
        tscope_buffer_append_text(&members, is_sha256 ? ",\"x5t#S256\":\"" : ",\"x5t\":\"");
        append_digest(&members, digest, len, digests[_i].writing);
        tscope_buffer_append_text(&members, "\",\"x5c\":[\"");
        append_certificate(&members, der, true);
        tscope_buffer_append_text(&members, "\"]");
        token = token_with(&rsa, "RS256", &members);
        judge(&judged, &token, &members);
        ck_assert(judged.embedded->verifies);
        ck_assert_msg((finding_of(&judged, "HDR-X5T") != NULL) == digests[_i].found, "writing %d, SHA-%d", digests[_i].writing,
                      is_sha256 ? 256 : 1);
        judged_clear(&judged);
    }
    free_span(der);
}
END_TEST

static void
append_jwk(struct tscope_buffer *members, const struct pair *pair, const char *more)
{
    tscope_buffer_append_text(members, ",\"jwk\":{\"kty\":\"RSA\",\"n\":\"");
    tscope_base64url_encode(members, pair->numbers.n.data, pair->numbers.n.len);
    tscope_buffer_append_text(members, "\",\"e\":\"");
    tscope_base64url_encode(members, pair->numbers.e.data, pair->numbers.e.len);
    tscope_buffer_append_format(members, "\"%s}", more);
}

/* The key it carries, another key, and one with its private half, which no excerpt shows. */
START_TEST(carried_key_is_tried)
{
    struct tscope_buffer members = {0}, token;
    const struct tscope_finding *finding;
    struct judged judged;

    append_jwk(&members, _i == 1 ? &other : &rsa, _i == 2 ? ",\"d\":\"c2VjcmV0\"" : "");
    token = token_with(&rsa, "RS256", &members);
    judge(&judged, &token, &members);
    ck_assert_int_eq(judged.embedded->from, TSCOPE_EMBEDDED_JWK);
    ck_assert_int_eq(judged.embedded->verifies, _i != 1);
    ck_assert_int_eq(judged.embedded->has_private, _i == 2);
    finding = finding_of(&judged, "HDR-JWK");
    ck_assert_int_eq(finding != NULL, _i != 1);
    ck_assert(!finding || finding->severity == (_i == 2 ? TSCOPE_SEVERITY_HIGH : TSCOPE_SEVERITY_MEDIUM));
    ck_assert(!finding || (finding->evidence_len == 1 && (finding->evidence[0].excerpt.data != NULL) == (_i != 2)));
    judged_clear(&judged);
}
END_TEST

/* A secret that stands in the token proves nothing: it is said that it stands there, and never that it verifies. */
START_TEST(carried_secret_verifies_nothing)
{
    struct pair secret = make_secret("0123456789abcdef0123456789abcdef");
    struct tscope_buffer members = {0}, token;
    struct judged judged;

    tscope_buffer_append_text(&members, ",\"jwk\":{\"kty\":\"oct\",\"k\":\"");
    tscope_base64url_encode(&members, secret.numbers.k.data, secret.numbers.k.len);
    tscope_buffer_append_text(&members, "\"}");
    token = token_with(&secret, "HS256", &members);
    judge(&judged, &token, &members);
    ck_assert_int_eq(judged.embedded->from, TSCOPE_EMBEDDED_JWK);
    ck_assert(!judged.embedded->verifies);
    ck_assert_int_ne(tscope_report_signature(judged.report), TSCOPE_STATUS_VERIFIED);
    ck_assert_ptr_nonnull(finding_of(&judged, "HDR-JWK"));
    judged_clear(&judged);
    clear_pair(&secret);
}
END_TEST

/* No allocation that fails reads as "carries no key". */
START_TEST(no_memory_for_a_carried_key_is_said)
{
    struct tscope_span der = certificate_with(&rsa, 1);
    struct tscope_buffer members = {0}, token;
    enum tscope_status status = TSCOPE_ERR_NO_MEMORY;
    unsigned long failed = 0;

    if (_i)
        append_jwk(&members, &rsa, "");
    else {
        tscope_buffer_append_text(&members, ",\"x5c\":[\"");
        append_certificate(&members, der, true);
        tscope_buffer_append_text(&members, "\"]");
    }
    token = token_with(&rsa, "RS256", &members);
    for (unsigned long n = 1; status == TSCOPE_ERR_NO_MEMORY && n < 200; n++) {
        struct judged judged;

        judged_init(&judged);
        tscope_alloc_fail_from(n);
        status = try_judge(&judged, &token);
        tscope_alloc_fail_from(0);
        failed += status == TSCOPE_ERR_NO_MEMORY;
        ck_assert(status != TSCOPE_OK || judged.embedded->verifies);
        judged_clear(&judged);
    }
    ck_assert_int_eq(status, TSCOPE_OK);
    ck_assert_uint_gt(failed, 3);
    tscope_buffer_clear(&token);
    tscope_buffer_clear(&members);
    free_span(der);
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("embedded_key");
    TCase *carried = tcase_create("carried");

    tcase_set_timeout(carried, 60); /* keys are made once */
    tcase_add_unchecked_fixture(carried, set_up, tear_down);
    tcase_add_loop_test(carried, certificate_up_to_the_limit_is_read, 0, TSCOPE_COUNT(sizes));
    tcase_add_loop_test(carried, first_certificate_is_the_signers, 0, 2);
    tcase_add_loop_test(carried, what_is_no_certificate_verifies_nothing, 0, TSCOPE_COUNT(unreadable));
    tcase_add_loop_test(carried, digest_is_held_against_the_certificate, 0, TSCOPE_COUNT(digests));
    tcase_add_loop_test(carried, carried_key_is_tried, 0, 3);
    tcase_add_test(carried, carried_secret_verifies_nothing);
    tcase_add_loop_test(carried, no_memory_for_a_carried_key_is_said, 0, 2);
    suite_add_tcase(suite, carried);
    return run_suite(suite);
}
