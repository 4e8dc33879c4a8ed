/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_TESTS_TOKEN_TESTING_H
#define TSCOPE_TESTS_TOKEN_TESTING_H

#include <check.h>
#include <stdlib.h>

#include "../token_invariants.h"
#include "core/buffer.h"

/** @file What the tests of the token reader share. */

/* {"alg":"HS256"} . {"iss":"joe","exp":1} . the 32 bytes from 0 to 31 */
#define HEADER "eyJhbGciOiJIUzI1NiJ9"
#define PAYLOAD "eyJpc3MiOiJqb2UiLCJleHAiOjF9"
#define SIGNATURE "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"
#define TOKEN HEADER "." PAYLOAD "." SIGNATURE

/* A copy of exact size is read, so that a sanitizer sees the first byte too far. */
static inline enum tscope_status
parse_bytes(struct tscope_span bytes, tscope_token **ret_token, struct tscope_error *err)
{
    uint8_t *copy = tscope_alloc(bytes.len);
    enum tscope_status status;

    if (bytes.len)
        memcpy(copy, bytes.data, bytes.len);
    status = tscope_token_parse(copy, bytes.len, ret_token, err);
    memset(copy, 0xa5, bytes.len); /* the token has its own */
    tscope_free(copy);
    return status;
}

static inline tscope_token *
parse_span(struct tscope_span bytes)
{
    struct tscope_error err = {0};
    tscope_token *token = NULL;
    const char *broken;

    ck_assert_msg(parse_bytes(bytes, &token, &err) == TSCOPE_OK, "%s: %.*s", err.message, (int)bytes.len, (const char *)bytes.data);
    ck_assert_str_eq(err.message, "");
    broken = token_broken(token);
    ck_assert_msg(!broken, "%s: %.*s", broken, (int)bytes.len, (const char *)bytes.data);
    return token;
}

static inline tscope_token *
parse(const char *text)
{
    return parse_span(tscope_span_text(text));
}

static inline void
ck_assert_span(struct tscope_span span, const char *text)
{
    ck_assert_msg(tscope_span_is(span, text), "'%.*s' is not '%s'", (int)span.len, (const char *)span.data, text);
}

/* A header in front and a signature behind a payload of this text. */
static inline void
append_token(struct tscope_buffer *buffer, const char *header, struct tscope_span payload)
{
    tscope_base64url_encode(buffer, (const uint8_t *)header, strlen(header));
    tscope_buffer_append_byte(buffer, '.');
    tscope_base64url_encode(buffer, payload.data, payload.len);
    tscope_buffer_append_text(buffer, "." SIGNATURE);
    ck_assert(!buffer->failed);
}

static inline tscope_token *
parse_buffer(struct tscope_buffer *buffer)
{
    tscope_token *token = parse_span(tscope_span_of(buffer->data, buffer->len));

    tscope_buffer_clear(buffer);
    return token;
}

static inline tscope_token *
parse_made(const char *header, const char *payload)
{
    struct tscope_buffer buffer = {0};

    append_token(&buffer, header, tscope_span_text(payload));
    return parse_buffer(&buffer);
}

static inline int
run_suite(Suite *suite)
{
    SRunner *runner = srunner_create(suite);
    int failed;

    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

#endif
