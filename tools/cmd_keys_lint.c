/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <stdio.h>

#include "escape.h"
#include "keys_lint.h"
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

enum exit_status
keys_lint(const tscope_keyring *keyring, bool is_published, bool as_json)
{
    AUTO(handed_text) *text = NULL;
    struct tscope_error err = {0};
    tscope_lint *lint = NULL;
    enum exit_status status;
    size_t text_len = 0;

    if (tscope_lint_new(keyring, is_published ? TSCOPE_LINT_PUBLISHED : 0, &lint, &err) != TSCOPE_OK)
        return message_error(NULL, &err);
    status = tscope_lint_is_bad(lint) ? EXIT_STATUS_BAD : EXIT_STATUS_OK;
    if (!as_json) {
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
