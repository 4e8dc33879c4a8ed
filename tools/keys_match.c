/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "escape.h"
#include "keys_tokens.h"
#include "memory.h"
#include "message.h"
#include "output.h"

/* "keys match": which of the keys at hand verifies a token, whatever it says of itself. */

struct match {
    const struct keys *keys;
    json_t *tokens; /* NULL: text is wanted */
    size_t signatures, matched;
    struct status_tally tally;
};

/* Why no key verifies it. */
static const char *
reason_of(const struct tscope_signature_view *signature)
{
    switch (signature->status) {
    case TSCOPE_STATUS_NONE:
        return "it is unsecured";
    case TSCOPE_STATUS_MISSING:
        return "its signature is missing";
    case TSCOPE_STATUS_VERIFIED:
        return "it was made with a secret that is no key: inspect says which";
    case TSCOPE_STATUS_UNVERIFIED:
    case TSCOPE_STATUS_FAILED:
        break;
    }
    return signature->alg ? "no key at hand verifies it" : "it has no signature of a known algorithm";
}

static void
print_signature(const struct match *match, const struct tscope_signature_view *signature)
{
    if (signature->key) {
        printf("  %s, verified by %s %zu, thumbprint %s\n", signature->alg, tscope_key_type(signature->key),
               tscope_key_bits(signature->key), tscope_key_thumbprint(signature->key));
        keys_known_print(match->keys->keyring, tscope_key_thumbprint(signature->key));
    } else {
        printf("  %s%s%s (%zu tried)\n", signature->alg ? signature->alg : "", signature->alg ? ": " : "", reason_of(signature),
               signature->trials);
    }
}

static json_t *
json_of_signature(const struct match *match, const struct tscope_signature_view *signature)
{
    json_t *object = json_object();

    json_object_set_new(object, "alg", keys_token_text(signature->alg));
    json_object_set_new(object, "matched", json_boolean(signature->key != NULL));
    json_object_set_new(object, "tried", json_integer((json_int_t)signature->trials));
    if (signature->key) {
        json_object_set_new(object, "thumbprint", json_string(tscope_key_thumbprint(signature->key)));
        json_object_set_new(object, "keys", keys_known_json(match->keys->keyring, tscope_key_thumbprint(signature->key)));
    } else {
        json_object_set_new(object, "reason", json_string(reason_of(signature)));
    }
    return object;
}

static json_t *
json_of_token(const char *digest, const char *name, uint64_t offset, json_t *signatures)
{
    json_t *object = json_object();

    json_object_set_new(object, "sha256", json_string(digest));
    json_object_set_new(object, "input", keys_token_text(name));
    json_object_set_new(object, "offset", json_integer((json_int_t)offset));
    json_object_set_new(object, "signatures", signatures);
    return object;
}

static enum exit_status
match_token(void *user, const char *name, const tscope_report *report)
{
    struct match *match = user;
    AUTO(heap_text) *safe = escape_text(name);
    json_t *signatures = match->tokens ? json_array() : NULL;
    char digest[TSCOPE_DIGEST_TEXT_SIZE];
    struct tscope_signature_view signature;
    struct tscope_error err = {0};
    size_t matched = match->matched, count = 0;

    if (tscope_report_digest(report, digest, &err) != TSCOPE_OK) {
        json_decref(signatures);
        return message_error(name, &err);
    }
    if (!match->tokens)
        printf("%stoken %s\n  %s, byte %" PRIu64 "\n", match->signatures ? "\n" : "", digest, safe, tscope_report_offset(report));
    for (; tscope_report_signature_at(report, count, &signature); count++) {
        match->matched += signature.key != NULL;
        if (match->tokens)
            json_array_append_new(signatures, json_of_signature(match, &signature));
        else
            print_signature(match, &signature);
    }
    match->signatures += count;
    if (match->tokens)
        json_array_append_new(match->tokens, json_of_token(digest, name, tscope_report_offset(report), signatures));
    return match->matched - matched == count ? EXIT_STATUS_OK : EXIT_STATUS_UNDECIDED;
}

static void
print_end(struct match *match)
{
    AUTO(json_t) *all = NULL;
    char *text;

    if (!match->tokens) {
        if (match->signatures > 0)
            printf("\n%zu of %zu signature%s verified by a key at hand\n", match->matched, match->signatures,
                   match->signatures == 1 ? " is" : "s are");
        return;
    }
    all = json_object();
    json_object_set_new(all, "schema", json_string("tokenscope.key-match/1"));
    json_object_set(all, "tokens", match->tokens);
    text = json_dumps(all, JSON_INDENT(2) | JSON_ENSURE_ASCII);
    if (text)
        output_write(text, strlen(text));
    putchar('\n');
    free(text);
}

enum exit_status
keys_match(const struct keys *keys)
{
    struct match match = {.keys = keys, .tokens = keys->format == KEYS_FORMAT_JSON ? json_array() : NULL};
    enum exit_status status = keys_visit_tokens(keys, "keys match", keys->keyring, match_token, &match, &match.tally);

    if (status == EXIT_STATUS_OK) {
        print_end(&match);
        status = status_worst(&match.tally);
    }
    json_decref(match.tokens);
    return status;
}
