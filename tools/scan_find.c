/* SPDX-License-Identifier: Apache-2.0 */
#include "scan_find.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <jansson.h>
#include <tokenscope/tokenscope.h>

#include "escape.h"
#include "memory.h"
#include "output.h"

#define IDS_MAX 4       /* of findings that a line names */
#define DIGEST_SHOWN 16 /* digits: enough to find it again */

static void
print_safe(const char *text)
{
    escape_write(stdout, text, strlen(text));
}

/* ---- for people */

static void
print_place(const struct tscope_sweep_find *find)
{
    printf("  ");
    print_safe(find->path);
    if (find->member[0]) {
        printf("!/");
        print_safe(find->member);
    }
    printf(": byte %" PRIu64, find->offset);
    if (find->encoding != TSCOPE_FIND_ENCODING_ASCII)
        printf(" (%s)", tscope_find_encoding_name(find->encoding));
    if (find->seen != TSCOPE_TIME_UNKNOWN) {
        char time[TSCOPE_TIME_TEXT_SIZE];

        tscope_time_to_text(find->seen, time);
        printf(", seen %s", time);
    }
    if (find->place) {
        printf("\n    ");
        print_safe(find->place);
    }
    putchar('\n');
}

static void
print_signer(const tscope_report *report)
{
    const tscope_key *key = tscope_report_key(report);
    const char *kid = key ? tscope_key_kid(key) : NULL, *family = key ? tscope_key_family(key) : NULL;

    if (!key) {
        printf("signature %s", tscope_signature_status_id(tscope_report_signature(report)));
        return;
    }
    printf("signed by %s%skey ", family ? family : "", family ? " " : "a ");
    print_safe(kid ? kid : tscope_key_thumbprint(key) ? tscope_key_thumbprint(key) : "?");
}

/* What made the verdict, gravest first as they stand; nothing of a good token. */
static void
print_reasons(const tscope_report *report)
{
    struct tscope_finding_view finding;
    size_t printed = 0;

    for (size_t i = 0; tscope_report_finding(report, i, &finding); i++) {
        if (finding.severity < TSCOPE_SEVERITY_HIGH)
            continue;
        if (printed < IDS_MAX)
            printf("%s%s", printed ? ", " : "  ", finding.id);
        printed++;
    }
    if (printed > IDS_MAX)
        printf(" and %zu more", printed - IDS_MAX);
    if (printed > 0)
        putchar('\n');
}

static void
print_token(const struct tscope_sweep_find *find)
{
    const struct tscope_batch_answer *answer = find->answer;

    if (answer->status != TSCOPE_OK) {
        printf("unjudged    token %.*s: %s\n", DIGEST_SHOWN, find->sha256,
               answer->err.message[0] ? answer->err.message : tscope_status_text(answer->status));
        print_place(find);
        return;
    }
    printf("%-11s ", tscope_verdict_id(answer->verdict));
    if (!answer->report) {
        printf("token %.*s once more\n", DIGEST_SHOWN, find->sha256);
        print_place(find);
        return;
    }
    printf("%s %.*s, ", tscope_token_kind_id(tscope_token_kind(tscope_report_token(answer->report))), DIGEST_SHOWN, find->sha256);
    print_signer(answer->report);
    putchar('\n');
    print_reasons(answer->report);
    print_place(find);
}

static const char *
text_member(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));

    return text ? text : "";
}

static void
print_key(const struct tscope_sweep_find *find)
{
    AUTO(json_t) *key = json_loads(find->key, 0, NULL);
    const char *kty = text_member(key, "kty"), *thumbprint = text_member(key, "thumbprint"), *component = text_member(key, "component");
    json_int_t bits = json_integer_value(json_object_get(key, "bits"));

    printf("%-11s ", find->is_published_key ? "leaked key" : "key");
    print_safe(kty);
    if (bits > 0)
        printf("%s%" JSON_INTEGER_FORMAT, kty[0] ? " " : "", bits);
    printf("%s%s as ", kty[0] || bits > 0 ? " " : "", component[0] ? component : "private key");
    print_safe(text_member(key, "form"));
    printf(" (%s)", text_member(key, "state"));
    if (thumbprint[0])
        printf("\n  %s %s", find->is_published_key ? "private half of the published key" : "thumbprint", thumbprint);
    putchar('\n');
    print_place(find);
    if (json_object_get(key, "private")) {
        char *jwk = json_dumps(json_object_get(key, "private"), JSON_COMPACT);

        printf("    %s\n", jwk ? jwk : "?");
        free(jwk);
    }
}

void
scan_find_text(const struct tscope_sweep_find *find)
{
    if (find->kind == TSCOPE_FIND_TOKEN)
        print_token(find);
    else
        print_key(find);
}

/* ---- for programs */

static void
print_json_text(const char *name, const char *text)
{
    AUTO(json_t) *value = json_string(text);
    char *json;

    if (!value) { /* no UTF-8: the name of a file may be anything */
        AUTO(heap_text) *safe = escape_text(text);

        value = json_string(safe);
    }
    json = value ? json_dumps(value, JSON_ENCODE_ANY) : NULL;
    printf(",\"%s\":%s", name, json ? json : "null");
    free(json);
}

static void
print_json_time(int64_t seen)
{
    char time[TSCOPE_TIME_TEXT_SIZE];

    if (seen == TSCOPE_TIME_UNKNOWN)
        return;
    tscope_time_to_text(seen, time);
    printf(",\"seen\":\"%s\"", time);
}

static void
print_json_answer(const struct tscope_batch_answer *answer)
{
    if (answer->status != TSCOPE_OK) {
        print_json_text("error", answer->err.message[0] ? answer->err.message : tscope_status_text(answer->status));
        return;
    }
    printf(",\"verdict\":\"%s\",\"report\":", tscope_verdict_id(answer->verdict));
    output_write(answer->json, answer->json_len);
}

void
scan_find_json(const struct tscope_sweep_find *find)
{
    printf("{\"find\":\"%s\"", find->kind == TSCOPE_FIND_TOKEN ? "token" : "key");
    print_json_text("path", find->path);
    if (find->member[0])
        print_json_text("member", find->member);
    printf(",\"offset\":%" PRIu64 ",\"length\":%" PRIu64 ",\"encoding\":\"%s\"", find->offset, find->length,
           tscope_find_encoding_name(find->encoding));
    print_json_time(find->seen);
    if (find->context)
        printf(",\"context\":%s", find->context);
    if (find->kind == TSCOPE_FIND_TOKEN) {
        printf(",\"sha256\":\"%s\"", find->sha256);
        print_json_answer(find->answer);
    } else {
        printf(",\"is_published\":%s,\"key\":%s", find->is_published_key ? "true" : "false", find->key);
    }
    printf("}\n");
}
