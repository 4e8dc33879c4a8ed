/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "escape.h"
#include "keys_tokens.h"
#include "memory.h"
#include "message.h"
#include "output.h"
#include "progress.h"

/* "keys recover": which tokens share a signer, and that signer's public key, out of their signatures. */

struct recover {
    const struct keys *keys;
    tscope_recovery *recovery;
    struct status_tally tally;
};

static enum exit_status
add_token(void *user, const char *name, const tscope_report *report)
{
    struct recover *recover = user;
    struct tscope_error err = {0};

    return tscope_recovery_add(recover->recovery, report, &err) == TSCOPE_OK ? EXIT_STATUS_OK : message_error(name, &err);
}

static void
print_token(const struct tscope_recovery_token_view *token)
{
    AUTO(heap_text) *path = escape_text(token->path ? token->path : "-");
    AUTO(heap_text) *kid = token->kid ? escape_text(token->kid) : NULL;
    AUTO(heap_text) *issuer = token->issuer ? escape_text(token->issuer) : NULL;

    printf("    %s  %s, byte %" PRIu64, token->sha256, path, token->offset);
    if (token->signature > 0)
        printf(", signature %zu", token->signature + 1);
    printf("\n      %s", token->alg ? token->alg : "no algorithm that is known");
    if (kid)
        printf(", kid '%.64s'", kid);
    if (issuer)
        printf(", of %.120s", issuer);
    putchar('\n');
}

static void
print_signer(const struct recover *recover, size_t number, const struct tscope_recovery_signer_view *signer)
{
    struct tscope_recovery_token_view token;

    printf("%ssigner %zu: %s %zu, thumbprint %s\n", number ? "\n" : "", number + 1, signer->type, signer->bits, signer->thumbprint);
    printf("  %s: %zu signature%s under it\n",
           strcmp(signer->how, "known") == 0          ? "a key at hand"
           : strcmp(signer->how, "intersection") == 0 ? "recovered, a candidate of each signature"
                                                      : "recovered, the common divisor of signatures",
           signer->tokens, signer->tokens == 1 ? " holds" : "s hold");
    printf("  %s\n", signer->jwk);
    if (signer->known) {
        printf("  known as\n");
        keys_known_print(recover->keys->keyring, signer->thumbprint);
    } else {
        printf("  no key at hand has these numbers\n");
    }
    printf("  tokens\n");
    for (size_t i = 0; tscope_recovery_token(recover->recovery, i, &token); i++) {
        if (token.state == TSCOPE_RECOVERY_FOUND && token.signer == number)
            print_token(&token);
    }
}

static void
print_unsettled(const struct recover *recover, size_t number, const struct tscope_recovery_token_view *token)
{
    struct tscope_recovery_signer_view candidate;

    print_token(token);
    printf("      %s: %s\n", tscope_recovery_state_id(token->state), tscope_recovery_state_text(token->state));
    for (size_t i = 0; tscope_recovery_candidate(recover->recovery, number, i, &candidate); i++)
        printf("      it may be %s\n        %s\n", candidate.thumbprint, candidate.jwk);
}

static size_t
count_found(const tscope_recovery *recovery)
{
    struct tscope_recovery_token_view token;
    size_t found = 0;

    for (size_t i = 0; tscope_recovery_token(recovery, i, &token); i++)
        found += token.state == TSCOPE_RECOVERY_FOUND;
    return found;
}

static void
print_text(const struct recover *recover)
{
    size_t signers = tscope_recovery_signers(recover->recovery), tokens = tscope_recovery_tokens(recover->recovery);
    size_t found = count_found(recover->recovery), untried = tscope_recovery_untried(recover->recovery);
    struct tscope_recovery_signer_view signer;
    struct tscope_recovery_token_view token;

    for (size_t i = 0; tscope_recovery_signer(recover->recovery, i, &signer) && output_flush(); i++)
        print_signer(recover, i, &signer);
    if (found < tokens)
        printf("%swithout a signer\n", signers ? "\n" : "");
    for (size_t i = 0; tscope_recovery_token(recover->recovery, i, &token) && output_flush(); i++) {
        if (token.state != TSCOPE_RECOVERY_FOUND)
            print_unsettled(recover, i, &token);
    }
    if (tokens == 0)
        return;
    printf("\n%zu signer%s of %zu of %zu signature%s\n", signers, signers == 1 ? "" : "s", found, tokens, tokens == 1 ? "" : "s");
    if (untried > 0)
        printf("%zu pair%s of RSA tokens %s not compared in full: --attempts %zu allows more\n", untried, untried == 1 ? "" : "s",
               untried == 1 ? "was" : "were", (size_t)recover->keys->attempts * 2 + 1);
}

static json_t *
json_of_key(const struct tscope_recovery_signer_view *signer)
{
    json_t *key = json_object();

    json_object_set_new(key, "kty", json_string(signer->type));
    json_object_set_new(key, "bits", json_integer((json_int_t)signer->bits));
    json_object_set_new(key, "thumbprint", json_string(signer->thumbprint));
    json_object_set_new(key, "jwk", json_loads(signer->jwk, 0, NULL));
    return key;
}

static json_t *
json_of_signer(const struct recover *recover, size_t number, const struct tscope_recovery_signer_view *signer)
{
    struct tscope_recovery_token_view token;
    json_t *object = json_of_key(signer), *tokens = json_array();

    json_object_set_new(object, "how", json_string(signer->how));
    json_object_set_new(object, "known", keys_known_json(recover->keys->keyring, signer->thumbprint));
    for (size_t i = 0; tscope_recovery_token(recover->recovery, i, &token); i++) {
        if (token.state == TSCOPE_RECOVERY_FOUND && token.signer == number)
            json_array_append_new(tokens, json_integer((json_int_t)i));
    }
    json_object_set_new(object, "tokens", tokens);
    return object;
}

static json_t *
json_of_candidates(const tscope_recovery *recovery, size_t token)
{
    struct tscope_recovery_signer_view candidate;
    json_t *list = json_array();

    for (size_t i = 0; tscope_recovery_candidate(recovery, token, i, &candidate); i++)
        json_array_append_new(list, json_of_key(&candidate));
    return list;
}

static json_t *
json_of_token(const struct recover *recover, size_t number, const struct tscope_recovery_token_view *token)
{
    json_t *object = json_object();

    json_object_set_new(object, "sha256", json_string(token->sha256));
    json_object_set_new(object, "path", keys_token_text(token->path));
    json_object_set_new(object, "offset", json_integer((json_int_t)token->offset));
    json_object_set_new(object, "signature", json_integer((json_int_t)token->signature));
    json_object_set_new(object, "alg", keys_token_text(token->alg));
    json_object_set_new(object, "kid", keys_token_text(token->kid));
    json_object_set_new(object, "iss", keys_token_text(token->issuer));
    json_object_set_new(object, "state", json_string(tscope_recovery_state_id(token->state)));
    if (token->state == TSCOPE_RECOVERY_FOUND)
        json_object_set_new(object, "signer", json_integer((json_int_t)token->signer));
    else
        json_object_set_new(object, "reason", json_string(tscope_recovery_state_text(token->state)));
    if (token->candidates > 0)
        json_object_set_new(object, "candidates", json_of_candidates(recover->recovery, number));
    return object;
}

static void
print_json(const struct recover *recover)
{
    struct tscope_recovery_signer_view signer;
    struct tscope_recovery_token_view token;
    AUTO(json_t) *all = json_object();
    json_t *signers = json_array(), *tokens = json_array();
    char *text;

    for (size_t i = 0; tscope_recovery_signer(recover->recovery, i, &signer); i++)
        json_array_append_new(signers, json_of_signer(recover, i, &signer));
    for (size_t i = 0; tscope_recovery_token(recover->recovery, i, &token); i++)
        json_array_append_new(tokens, json_of_token(recover, i, &token));
    json_object_set_new(all, "schema", json_string("tokenscope.recovery/1"));
    json_object_set_new(all, "signers", signers);
    json_object_set_new(all, "tokens", tokens);
    json_object_set_new(all, "pairs_not_tried", json_integer((json_int_t)tscope_recovery_untried(recover->recovery)));
    text = json_dumps(all, JSON_INDENT(2) | JSON_ENSURE_ASCII);
    if (text)
        output_write(text, strlen(text));
    putchar('\n');
    free(text);
}

/* A signature without a signer is undecided; where only GMP is wanting, that is said by its own status. */
static void
note_states(struct recover *recover)
{
    struct tscope_recovery_token_view token;

    for (size_t i = 0; tscope_recovery_token(recover->recovery, i, &token); i++) {
        if (token.state == TSCOPE_RECOVERY_NO_GMP)
            status_note(&recover->tally, EXIT_STATUS_UNAVAILABLE);
        else if (token.state != TSCOPE_RECOVERY_FOUND)
            status_note(&recover->tally, EXIT_STATUS_UNDECIDED);
    }
}

static enum exit_status
run_recovery(struct recover *recover)
{
    const struct keys *keys = recover->keys;
    struct tscope_error err = {0};
    enum tscope_status status =
        tscope_recovery_run(recover->recovery, keys->keyring, (size_t)keys->attempts, progress_recovery, NULL, &err);

    progress_end();
    if (status != TSCOPE_OK)
        return message_error(NULL, &err);
    if (keys->format == KEYS_FORMAT_JSON)
        print_json(recover);
    else
        print_text(recover);
    note_states(recover);
    return EXIT_STATUS_OK;
}

/* Tokens are read without any key: those at hand are asked by the recovery itself. */
static enum exit_status
read_tokens(struct recover *recover)
{
    AUTO(tscope_keyring) *none = NULL;
    struct tscope_error err = {0};

    if (tscope_recovery_new(&recover->recovery, &err) != TSCOPE_OK || tscope_keyring_new(&none, &err) != TSCOPE_OK ||
        tscope_keyring_freeze(none, &err) != TSCOPE_OK)
        return message_error(NULL, &err);
    return keys_visit_tokens(recover->keys, "keys recover", none, add_token, recover, &recover->tally);
}

enum exit_status
keys_recover(const struct keys *keys)
{
    struct recover recover = {.keys = keys};
    enum exit_status status = read_tokens(&recover);

    if (status == EXIT_STATUS_OK)
        status = run_recovery(&recover);
    if (status == EXIT_STATUS_OK)
        status = status_worst(&recover.tally);
    tscope_recovery_free(recover.recovery);
    return status;
}
