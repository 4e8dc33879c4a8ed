/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "escape.h"
#include "keys.h"
#include "memory.h"
#include "message.h"
#include "output.h"

static void
print_finding(const struct tscope_lint_view *finding)
{
    const char *kid = finding->key ? tscope_key_kid(finding->key) : NULL, *source = finding->source;
    AUTO(heap_text) *safe_kid = kid ? escape_text(kid) : NULL;
    AUTO(heap_text) *safe_source = escape_text(source ? source : "?");

    printf("%-8s %-13s %s", finding->id ? tscope_severity_id(finding->severity) : "unusable", finding->id ? finding->id : "-", safe_source);
    if (finding->key)
        printf(", byte %" PRIu64, finding->offset);
    if (safe_kid)
        printf(", kid '%.64s'", safe_kid);
    printf(": %s\n", finding->detail);
}

/* What was not looked at is said: silence would read as "sound". */
static void
print_coverage(const tscope_lint *lint)
{
    size_t judged, compared, moduli = tscope_lint_moduli(lint, &judged, &compared);

    if (judged < moduli)
        printf("partly examined: of %zu RSA moduli %zu were looked into deeply, the others less or at a glance\n", moduli, judged);
    if (compared < moduli)
        printf("partly examined: of %zu RSA moduli %zu were compared for shared primes\n", moduli, compared);
}

static void
print_findings(const tscope_lint *lint)
{
    size_t keys = tscope_lint_keys(lint), unusable = tscope_lint_unusable(lint), left_out = tscope_lint_left_out(lint);
    size_t findings = tscope_lint_findings(lint) + left_out - unusable;
    struct tscope_lint_view finding;

    for (size_t i = 0; tscope_lint_finding(lint, i, &finding) && output_flush(); i++)
        print_finding(&finding);
    if (keys == 0) {
        puts("no keys");
        return;
    }
    if (left_out > 0)
        printf("%zu more are left out\n", left_out);
    print_coverage(lint);
    printf("%zu key%s, %zu finding%s, %zu not usable\n", keys, keys == 1 ? "" : "s", findings, findings == 1 ? "" : "s", unusable);
}

/* The issuer that metadata at an address must name: OpenID Connect Discovery section 4, or RFC 8414 section 3, where the well-known part
 * stands between host and path. NULL: it is no such address. */
static char *
issuer_of_address(const char *address)
{
    const char *known = strstr(address, "/.well-known/"), *path;

    if (!known || !strstr(address, "://"))
        return NULL;
    path = strchr(known + strlen("/.well-known/"), '/');
    return memory_print("%.*s%s", (int)(known - address), address, path ? path : "");
}

static enum exit_status
judge(const struct keys *keys, const tscope_keyring *keyring)
{
    AUTO(handed_text) *text = NULL;
    struct tscope_error err = {0};
    tscope_lint *lint = NULL;
    enum exit_status status;
    size_t text_len = 0;

    if (tscope_lint_new(keyring, keys->is_published ? TSCOPE_LINT_PUBLISHED : 0, &lint, &err) != TSCOPE_OK)
        return message_error(NULL, &err);
    status = tscope_lint_is_bad(lint) ? EXIT_STATUS_BAD : EXIT_STATUS_OK;
    if (keys->format == KEYS_FORMAT_TEXT) {
        print_findings(lint);
    } else if (tscope_lint_json(lint, true, &text, &text_len, &err) == TSCOPE_OK) {
        output_write(text, text_len);
        putchar('\n');
    } else {
        status = message_error(NULL, &err);
    }
    tscope_lint_free(lint);
    return status;
}

/* The files to judge may stand behind "lint", or be given with --keys. Only what is given is judged. */
enum exit_status
keys_lint(const struct keys *keys)
{
    struct key_sources sources = keys->sources;
    AUTO(heap_text) *issuer = keys->from ? issuer_of_address(keys->from) : NULL;
    AUTO(tscope_keyring) *keyring = NULL;
    struct option_list files = {0};
    enum exit_status status;

    if (keys->operands.words_len + keys->sources.keys.words_len + keys->sources.histories.words_len == 0)
        return message_usage("keys", "lint takes the files to judge");
    if (keys->from && !issuer)
        return message_usage("keys", "--from takes the address of metadata: https://HOST/PATH/.well-known/openid-configuration");
    for (size_t i = 0; i < keys->sources.keys.words_len; i++)
        option_list_add(&files, keys->sources.keys.words[i]);
    for (size_t i = 0; i < keys->operands.words_len; i++)
        option_list_add(&files, keys->operands.words[i]);
    sources.no_embedded = true;
    sources.keys = files;
    sources.issuer = issuer;
    status = key_sources_load(&sources, &keyring);
    option_list_clear(&files);
    return status == EXIT_STATUS_OK ? judge(keys, keyring) : status;
}
