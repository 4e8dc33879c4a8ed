/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

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

/* ---- key histories */

/* What was said of them, for the one object that JSON is. */
struct histories {
    const struct keys *keys;
    json_t *said;
    bool is_bad;
};

static void
print_fault(const char *path, const struct tscope_history_fault_view *fault)
{
    AUTO(heap_text) *safe = escape_text(path);
    AUTO(heap_text) *place = escape_text(fault->pointer); /* names in it are the file's */

    printf("%-8s %-16s %s, line %" PRIu64 ", byte %" PRIu64 "%s%s: %s\n", fault->is_error ? "error" : "warning", fault->id, safe,
           fault->line, fault->offset, *place ? ", " : "", place, fault->detail);
}

static json_t *
json_of(const struct tscope_history_fault_view *fault)
{
    return json_pack("{s:s, s:s, s:s, s:s, s:I, s:I}", "grade", fault->is_error ? "error" : "warning", "id", fault->id, "detail",
                     fault->detail, "pointer", fault->pointer, "offset", (json_int_t)fault->offset, "line", (json_int_t)fault->line);
}

static void
print_summary(const char *path, const tscope_history_lint *lint)
{
    AUTO(heap_text) *safe = escape_text(path);
    size_t errors = tscope_history_lint_errors(lint), warnings = tscope_history_lint_warnings(lint);
    size_t left_out = errors + warnings - tscope_history_lint_count(lint);

    if (left_out > 0)
        printf("%zu more are left out\n", left_out);
    printf("%s: %zu keys, %zu complete sets, %zu sightings; %zu error%s, %zu warning%s\n", safe, tscope_history_lint_rows(lint, "keys"),
           tscope_history_lint_rows(lint, "snapshots"), tscope_history_lint_rows(lint, "sightings"), errors, errors == 1 ? "" : "s",
           warnings, warnings == 1 ? "" : "s");
}

static void
say_history(struct histories *histories, const char *path, const tscope_history_lint *lint)
{
    struct tscope_history_fault_view fault;
    json_t *list = json_array();

    for (size_t i = 0; tscope_history_lint_at(lint, i, &fault) && output_flush(); i++) {
        if (histories->keys->format == KEYS_FORMAT_TEXT)
            print_fault(path, &fault);
        else
            json_array_append_new(list, json_of(&fault));
    }
    if (histories->keys->format == KEYS_FORMAT_TEXT)
        print_summary(path, lint);
    json_array_append_new(histories->said,
                          json_pack("{s:s, s:I, s:I, s:o}", "source", path, "errors", (json_int_t)tscope_history_lint_errors(lint),
                                    "warnings", (json_int_t)tscope_history_lint_warnings(lint), "faults", list));
}

/* Whether it can be read for its keys too is said by *ret_readable. */
static enum exit_status
judge_history(struct histories *histories, const char *path, const char *bytes, size_t bytes_len, bool *ret_readable)
{
    AUTO(tscope_history_lint) *lint = NULL;
    struct tscope_error err = {.offset = TSCOPE_OFFSET_NONE};

    if (tscope_history_lint_new((const uint8_t *)bytes, bytes_len, time(NULL), &lint, &err) != TSCOPE_OK)
        return message_error(path, &err);
    say_history(histories, path, lint);
    *ret_readable = tscope_history_lint_errors(lint) == 0;
    histories->is_bad |= !*ret_readable;
    return EXIT_STATUS_OK;
}

/* A file is a history when it says so, or is given as one. */
static enum exit_status
sort_file(struct histories *histories, const char *path, bool given_as_history, struct key_sources *sources)
{
    AUTO(heap_text) *bytes = NULL;
    size_t bytes_len = 0;
    bool is_readable = false;
    struct stat file;
    enum exit_status status;

    if (!given_as_history && stat(path, &file) == 0 && !S_ISREG(file.st_mode)) { /* a folder, or what can be read once */
        option_list_add(&sources->keys, path);
        return EXIT_STATUS_OK;
    }
    status = input_load(path, EXAMINER_FILE_MAX, &bytes, &bytes_len);
    if (status != EXIT_STATUS_OK)
        return status;
    if (!given_as_history && !tscope_history_is((const uint8_t *)bytes, bytes_len)) {
        option_list_add(&sources->keys, path);
        return EXIT_STATUS_OK;
    }
    status = judge_history(histories, path, bytes, bytes_len, &is_readable);
    if (status == EXIT_STATUS_OK && is_readable && strcmp(path, "-") != 0)
        option_list_add(&sources->histories, path);
    return status;
}

static enum exit_status
sort_files(struct histories *histories, struct key_sources *sources)
{
    const struct keys *keys = histories->keys;
    const struct option_list *lists[] = {&keys->sources.histories, &keys->sources.keys, &keys->operands};
    enum exit_status status = EXIT_STATUS_OK;

    for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
        for (size_t k = 0; k < lists[i]->words_len && status == EXIT_STATUS_OK; k++)
            status = sort_file(histories, lists[i]->words[k], i == 0, sources);
    }
    return status;
}

/* ---- all of it */

static enum exit_status
print_json(const struct histories *histories, const tscope_lint *lint)
{
    AUTO(handed_text) *text = NULL;
    struct tscope_error err = {0};
    AUTO(json_t) *json = NULL;
    size_t text_len = 0;

    if (tscope_lint_json(lint, true, &text, &text_len, &err) != TSCOPE_OK)
        return message_error(NULL, &err);
    if (json_array_size(histories->said) == 0) {
        output_write(text, text_len);
    } else {
        json = json_loadb(text, text_len, JSON_ALLOW_NUL, NULL);
        json_object_set(json, "histories", histories->said);
        json_dumpf(json, stdout, JSON_INDENT(2) | JSON_ENSURE_ASCII);
    }
    putchar('\n');
    return EXIT_STATUS_OK;
}

static enum exit_status
judge(const struct histories *histories, const tscope_keyring *keyring)
{
    const struct keys *keys = histories->keys;
    struct tscope_error err = {0};
    tscope_lint *lint = NULL;
    enum exit_status status = EXIT_STATUS_OK;

    if (tscope_lint_new(keyring, keys->is_published ? TSCOPE_LINT_PUBLISHED : 0, &lint, &err) != TSCOPE_OK)
        return message_error(NULL, &err);
    if (keys->format == KEYS_FORMAT_JSON)
        status = print_json(histories, lint);
    else if (json_array_size(histories->said) == 0 || tscope_lint_keys(lint) + tscope_lint_findings(lint) > 0)
        print_findings(lint);
    if (status == EXIT_STATUS_OK && (histories->is_bad || tscope_lint_is_bad(lint)))
        status = EXIT_STATUS_BAD;
    tscope_lint_free(lint);
    return status;
}

/* The files to judge may stand behind "lint", or be given with --keys or --history. Only what is given is judged. */
enum exit_status
keys_lint(const struct keys *keys)
{
    AUTO(heap_text) *issuer = keys->from ? issuer_of_address(keys->from) : NULL;
    struct key_sources sources = {.no_embedded = true, .issuer = issuer};
    struct histories histories = {.keys = keys};
    AUTO(tscope_keyring) *keyring = NULL;
    enum exit_status status;

    if (keys->operands.words_len + keys->sources.keys.words_len + keys->sources.histories.words_len == 0)
        return message_usage("keys", "lint takes the files to judge");
    if (keys->from && !issuer)
        return message_usage("keys", "--from takes the address of metadata: https://HOST/PATH/.well-known/openid-configuration");
    histories.said = json_array();
    status = sort_files(&histories, &sources);
    if (status == EXIT_STATUS_OK)
        status = key_sources_load(&sources, &keyring);
    if (status == EXIT_STATUS_OK)
        status = judge(&histories, keyring);
    json_decref(histories.said);
    key_sources_clear(&sources);
    return status;
}
