/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include <jansson.h>

#include "keys.h"
#include "layout.h"
#include "memory.h"
#include "message.h"
#include "output.h"
#include "terminal.h"

/* "keys list" and "keys show": the keys at hand, and all that is known of one. */

#define FOUND_MAX 256

/* In the order of the option's words. */
static const int wanted_states[] = {TSCOPE_KEY_STATE_PUBLISHED, TSCOPE_KEY_STATE_UNKNOWN, TSCOPE_KEY_STATE_RETIRED, TSCOPE_KEY_STATE_EARLY};

static const char *
text_at(const json_t *object, const char *name)
{
    return json_string_value(json_object_get(object, name));
}

/* RFC 3339 in UTC sorts as text. */
static void
widen(const json_t *published, const char **from, const char **until)
{
    for (size_t i = 0; i < json_array_size(published); i++) {
        const json_t *entry = json_array_get(published, i);
        const char *first = text_at(entry, "first"), *last = text_at(entry, "last");

        if (first && (!*from || strcmp(first, *from) < 0))
            *from = first;
        if (last && (!*until || strcmp(last, *until) > 0))
            *until = last;
    }
}

char *
keys_dates_of(const json_t *key)
{
    const json_t *certificate = json_object_get(key, "certificate"), *histories = json_object_get(key, "histories");
    const char *from = text_at(certificate, "not_before"), *until = text_at(certificate, "not_after");

    if (!from || !until) {
        from = until = NULL;
        for (size_t i = 0; i < json_array_size(histories); i++)
            widen(json_object_get(json_array_get(histories, i), "published"), &from, &until);
    }
    return from && until ? memory_print("%.7s..%.7s", from, until) : memory_copy("-");
}

/* What the first history that says anything says of it. */
static const char *
cloud_of(const json_t *key)
{
    const json_t *histories = json_object_get(key, "histories");

    for (size_t i = 0; i < json_array_size(histories); i++) {
        const json_t *history = json_array_get(histories, i);

        if (text_at(history, "cloud"))
            return text_at(history, "cloud");
    }
    return "-";
}

/* One mark a key: somebody gave notice of it, or it can verify nothing. */
static const char *
mark_of(const json_t *key)
{
    const json_t *histories = json_object_get(key, "histories");

    for (size_t i = 0; i < json_array_size(histories); i++) {
        const json_t *history = json_array_get(histories, i);

        if (json_array_size(json_object_get(history, "notices")) > 0)
            return "!";
    }
    return text_at(key, "unusable") ? "x" : "";
}

/* What the asked time's answer rests on: the sets on both sides of it. */
static char *
evidence_of(const struct tscope_key_state_view *view)
{
    char before[TSCOPE_TIME_TEXT_SIZE] = "", after[TSCOPE_TIME_TEXT_SIZE] = "";

    if (view->before == TSCOPE_TIME_UNKNOWN)
        return memory_copy("-");
    tscope_time_to_text(view->before, before);
    tscope_time_to_text(view->after, after);
    return memory_print("%.10s..%.10s", before, after);
}

static void
print_row(const struct keys *keys, const tscope_key *key, const json_t *json, const struct tscope_key_state_view *view)
{
    const char *kid = tscope_key_kid(key), *family = tscope_key_family(key);
    AUTO(heap_text) *type = memory_print(tscope_key_bits(key) ? "%s %zu" : "%s", tscope_key_type(key), tscope_key_bits(key));
    AUTO(heap_text) *dates = keys->at == TSCOPE_TIME_UNKNOWN ? keys_dates_of(json) : evidence_of(view);
    const char *mark = mark_of(json);

    layout_cell(kid ? kid : "-", 27);
    putchar(' ');
    if (keys->at != TSCOPE_TIME_UNKNOWN) {
        layout_cell(family ? family : "-", 16);
        printf(" %-9s %s%*s%s\n", tscope_key_state_id(view->state), dates, *mark ? (int)(23 - strlen(dates)) : 0, "", mark);
        return;
    }
    layout_cell(type, 8);
    putchar(' ');
    layout_cell(family ? family : "-", 16);
    putchar(' ');
    layout_cell(cloud_of(json), 7);
    printf(" %s%*s%s\n", dates, *mark ? (int)(17 - strlen(dates)) : 0, "", mark);
}

/* Absent what nobody knows. */
static void
set_time(json_t *object, const char *name, int64_t time)
{
    char text[TSCOPE_TIME_TEXT_SIZE];

    if (time == TSCOPE_TIME_UNKNOWN)
        return;
    tscope_time_to_text(time, text);
    json_object_set_new(object, name, json_string(text));
}

static void
print_json(const struct keys *keys, json_t *json, const struct tscope_key_state_view *view)
{
    json_t *asked = json_object();

    set_time(asked, "time", keys->at);
    json_object_set_new(asked, "state", json_string(tscope_key_state_id(view->state)));
    if (view->endpoint)
        json_object_set_new(asked, "endpoint", json_string(view->endpoint));
    set_time(asked, "before", view->before);
    set_time(asked, "after", view->after);
    if (view->source)
        json_object_set_new(asked, "source", json_string(view->source));
    json_object_set_new(json, "at", asked);
    json_dumpf(json, stdout, JSON_COMPACT | JSON_ENSURE_ASCII);
}

static enum exit_status
print_key(const struct keys *keys, const tscope_key *key, const struct tscope_key_state_view *view, size_t printed)
{
    AUTO(handed_text) *text = NULL;
    struct tscope_error err = {0};
    AUTO(json_t) *json = NULL;
    size_t text_len = 0;

    if (tscope_key_json(keys->keyring, key, 0, &text, &text_len, &err) != TSCOPE_OK)
        return message_error(NULL, &err);
    json = json_loadb(text, text_len, JSON_ALLOW_NUL, NULL);
    if (keys->format == KEYS_FORMAT_TEXT) {
        print_row(keys, key, json, view);
        return EXIT_STATUS_OK;
    }
    fputs(printed ? ",\n" : "\n", stdout);
    if (keys->at != TSCOPE_TIME_UNKNOWN && json)
        print_json(keys, json, view);
    else
        output_write(text, text_len);
    return EXIT_STATUS_OK;
}

void
keys_match_issuer(struct keys *keys)
{
    for (size_t i = 0; keys->issuer && i < tscope_keyring_count(keys->keyring); i++) {
        enum tscope_key_issuer_match found = tscope_key_match_issuer(keys->keyring, tscope_keyring_key(keys->keyring, i), keys->issuer);

        keys->issuer_match = found > keys->issuer_match ? found : keys->issuer_match;
    }
}

bool
keys_are_wanted(const struct keys *keys, const tscope_key *key)
{
    const char *family = tscope_key_family(key);

    if (keys->family && !(family && strcmp(family, keys->family) == 0))
        return false;
    if (keys->endpoint && !tscope_key_is_listed_by(keys->keyring, key, keys->endpoint))
        return false;
    return !keys->issuer || (keys->issuer_match != TSCOPE_KEY_ISSUER_NONE &&
                             tscope_key_match_issuer(keys->keyring, key, keys->issuer) == keys->issuer_match);
}

static bool
has_state(const struct keys *keys, const struct tscope_key_state_view *view)
{
    return keys->state == KEYS_STATE_ANY || (int)view->state == wanted_states[keys->state];
}

/* Keys that the history cannot speak of are no less there for that. */
static void
say_rest(const struct keys *keys, size_t printed, size_t unknown)
{
    const char *family = keys->family ? keys->family : "";

    if (printed == 0 && keys->at == TSCOPE_TIME_UNKNOWN)
        message_print("no keys%s%s", keys->family ? " of family " : "", family);
    else if (printed == 0)
        message_print("no keys of which that is known%s%s", keys->family ? ", of family " : "", family);
    if (unknown > 0)
        message_print("of %zu more key%s nothing is known for that time; --state any lists all", unknown, unknown == 1 ? "" : "s");
}

static void
print_head(const struct keys *keys)
{
    if (keys->at == TSCOPE_TIME_UNKNOWN)
        printf("%-27s %-8s %-16s %-7s %s\n", "KID", "TYPE", "FAMILY", "CLOUD", "DATES");
    else
        printf("%-27s %-16s %-9s %s\n", "KID", "FAMILY", "STATE", "KNOWN FROM");
}

enum exit_status
keys_list(const struct keys *keys)
{
    size_t count = tscope_keyring_count(keys->keyring), printed = 0, unknown = 0;

    if (keys->format == KEYS_FORMAT_JSON)
        fputs("{\"schema\":\"tokenscope.keys/1\",\"keys\":[", stdout);
    for (size_t i = 0; i < count && output_flush(); i++) {
        const tscope_key *key = tscope_keyring_key(keys->keyring, i);
        struct tscope_key_state_view view = {0};
        enum exit_status status;

        if (!keys_are_wanted(keys, key))
            continue;
        if (keys->at != TSCOPE_TIME_UNKNOWN) {
            tscope_key_state_at(keys->keyring, key, keys->endpoint, keys->at, &view);
            if (!has_state(keys, &view)) {
                unknown += view.state == TSCOPE_KEY_STATE_UNKNOWN;
                continue;
            }
        }
        if (keys->format == KEYS_FORMAT_TEXT && printed == 0)
            print_head(keys);
        status = print_key(keys, key, &view, printed);
        if (status != EXIT_STATUS_OK)
            return status;
        printed++;
    }
    if (keys->format == KEYS_FORMAT_JSON)
        fputs(printed ? "\n]}\n" : "]}\n", stdout);
    else
        say_rest(keys, printed, unknown);
    return EXIT_STATUS_OK;
}

static enum exit_status
show_key(const struct keys *keys, const tscope_key *key, bool first)
{
    AUTO(handed_text) *text = NULL;
    struct tscope_error err = {0};
    enum tscope_status status;
    size_t text_len = 0;

    if (keys->format == KEYS_FORMAT_JSON)
        status = tscope_key_json(keys->keyring, key, TSCOPE_KEY_JSON_PRETTY | TSCOPE_KEY_JSON_FULL, &text, &text_len, &err);
    else
        status = tscope_key_text(keys->keyring, key, terminal_width(), terminal_has_colour((enum terminal_colour)keys->colour), &text,
                                 &text_len, &err);
    if (status != TSCOPE_OK)
        return message_error(NULL, &err);
    if (!first)
        fputs(keys->format == KEYS_FORMAT_JSON ? ",\n" : "\n", stdout);
    output_write(text, text_len);
    if (keys->format == KEYS_FORMAT_TEXT && text_len > 0 && text[text_len - 1] != '\n')
        putchar('\n');
    return EXIT_STATUS_OK;
}

enum exit_status
keys_show(const struct keys *keys)
{
    const char *wanted = keys->operands.words[0];
    const tscope_key *found[FOUND_MAX];
    size_t found_len = tscope_keyring_find(keys->keyring, wanted, found, FOUND_MAX);

    if (found_len == 0) {
        message_print("no key has the kid, thumbprint or modulus '%.64s'", wanted);
        return EXIT_STATUS_NOT_FOUND;
    }
    if (keys->format == KEYS_FORMAT_JSON && found_len > 1)
        fputs("[\n", stdout);
    for (size_t i = 0; i < found_len && i < FOUND_MAX; i++) {
        enum exit_status status = show_key(keys, found[i], i == 0);

        if (status != EXIT_STATUS_OK)
            return status;
    }
    if (keys->format == KEYS_FORMAT_JSON)
        fputs(found_len > 1 ? "\n]\n" : "\n", stdout);
    if (found_len > FOUND_MAX)
        message_print("%zu more keys match", found_len - FOUND_MAX);
    return EXIT_STATUS_OK;
}
