/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include <jansson.h>

#include <tokenscope/tokenscope.h>

#include "examiner.h"
#include "keys_lint.h"
#include "layout.h"
#include "memory.h"
#include "message.h"
#include "output.h"
#include "terminal.h"
#include "verbs.h"

#define FOUND_MAX 256

enum { FORMAT_TEXT, FORMAT_JSON };
static const char *const formats[] = {"text", "json", NULL};
static const char *const colours[] = {"auto", "always", "never", NULL};

struct keys {
    struct key_sources sources;
    struct option_list operands;
    const char *family, *from;
    int format, colour;
    bool is_published;
    tscope_keyring *keyring;
};

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

/* "2021-04..2026-04": the certificate's life, else from the first to the last time it was seen published. */
static char *
dates_of(const json_t *key)
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

static void
print_row(const tscope_key *key, const json_t *json)
{
    const char *kid = tscope_key_kid(key), *family = tscope_key_family(key);
    AUTO(heap_text) *type = memory_print(tscope_key_bits(key) ? "%s %zu" : "%s", tscope_key_type(key), tscope_key_bits(key));
    AUTO(heap_text) *dates = dates_of(json);
    const char *mark = mark_of(json);

    layout_cell(kid ? kid : "-", 27);
    putchar(' ');
    layout_cell(type, 8);
    putchar(' ');
    layout_cell(family ? family : "-", 16);
    putchar(' ');
    layout_cell(cloud_of(json), 7);
    printf(" %s%*s%s\n", dates, *mark ? (int)(17 - strlen(dates)) : 0, "", mark);
}

static enum exit_status
print_key(const struct keys *keys, const tscope_key *key, size_t printed)
{
    AUTO(handed_text) *text = NULL;
    struct tscope_error err = {0};
    size_t text_len = 0;

    if (tscope_key_json(keys->keyring, key, 0, &text, &text_len, &err) != TSCOPE_OK)
        return message_error(NULL, &err);
    if (keys->format == FORMAT_JSON) {
        fputs(printed ? ",\n" : "\n", stdout);
        output_write(text, text_len);
    } else {
        AUTO(json_t) *json = json_loadb(text, text_len, JSON_ALLOW_NUL, NULL);

        print_row(key, json);
    }
    return EXIT_STATUS_OK;
}

static bool
is_wanted(const struct keys *keys, const tscope_key *key)
{
    const char *family = tscope_key_family(key);

    return !keys->family || (family && strcmp(family, keys->family) == 0);
}

static enum exit_status
list_keys(const struct keys *keys)
{
    size_t count = tscope_keyring_count(keys->keyring), printed = 0;

    if (keys->format == FORMAT_JSON)
        fputs("{\"schema\":\"tokenscope.keys/1\",\"keys\":[", stdout);
    for (size_t i = 0; i < count && output_flush(); i++) {
        const tscope_key *key = tscope_keyring_key(keys->keyring, i);
        enum exit_status status;

        if (!is_wanted(keys, key))
            continue;
        if (keys->format == FORMAT_TEXT && printed == 0)
            printf("%-27s %-8s %-16s %-7s %s\n", "KID", "TYPE", "FAMILY", "CLOUD", "DATES");
        status = print_key(keys, key, printed);
        if (status != EXIT_STATUS_OK)
            return status;
        printed++;
    }
    if (keys->format == FORMAT_JSON)
        fputs(printed ? "\n]}\n" : "]}\n", stdout);
    else if (printed == 0)
        message_print("no keys%s%s", keys->family ? " of family " : "", keys->family ? keys->family : "");
    return EXIT_STATUS_OK;
}

static enum exit_status
show_key(const struct keys *keys, const tscope_key *key, bool first)
{
    AUTO(handed_text) *text = NULL;
    struct tscope_error err = {0};
    enum tscope_status status;
    size_t text_len = 0;

    if (keys->format == FORMAT_JSON)
        status = tscope_key_json(keys->keyring, key, TSCOPE_KEY_JSON_PRETTY | TSCOPE_KEY_JSON_FULL, &text, &text_len, &err);
    else
        status = tscope_key_text(keys->keyring, key, terminal_width(), terminal_has_colour((enum terminal_colour)keys->colour), &text,
                                 &text_len, &err);
    if (status != TSCOPE_OK)
        return message_error(NULL, &err);
    if (!first)
        fputs(keys->format == FORMAT_JSON ? ",\n" : "\n", stdout);
    output_write(text, text_len);
    if (keys->format == FORMAT_TEXT && text_len > 0 && text[text_len - 1] != '\n')
        putchar('\n');
    return EXIT_STATUS_OK;
}

static enum exit_status
show_keys(const struct keys *keys, const char *wanted)
{
    const tscope_key *found[FOUND_MAX];
    size_t found_len = tscope_keyring_find(keys->keyring, wanted, found, FOUND_MAX);

    if (found_len == 0) {
        message_print("no key has the kid, thumbprint or modulus '%.64s'", wanted);
        return EXIT_STATUS_NOT_FOUND;
    }
    if (keys->format == FORMAT_JSON && found_len > 1)
        fputs("[\n", stdout);
    for (size_t i = 0; i < found_len && i < FOUND_MAX; i++) {
        enum exit_status status = show_key(keys, found[i], i == 0);

        if (status != EXIT_STATUS_OK)
            return status;
    }
    if (keys->format == FORMAT_JSON)
        fputs(found_len > 1 ? "\n]\n" : "\n", stdout);
    if (found_len > FOUND_MAX)
        message_print("%zu more keys match", found_len - FOUND_MAX);
    return EXIT_STATUS_OK;
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

/* The files to judge may stand behind "lint", or be given with --keys. Only what is given is judged. */
static enum exit_status
load_keys(struct keys *keys)
{
    struct key_sources sources = keys->sources;
    AUTO(heap_text) *issuer = keys->from ? issuer_of_address(keys->from) : NULL;
    struct option_list files = {0};
    enum exit_status status;

    if (strcmp(keys->operands.words[0], "lint") != 0)
        return key_sources_load(&keys->sources, &keys->keyring);
    for (size_t i = 0; i < keys->sources.keys.words_len; i++)
        option_list_add(&files, keys->sources.keys.words[i]);
    for (size_t i = 1; i < keys->operands.words_len; i++)
        option_list_add(&files, keys->operands.words[i]);
    sources.no_embedded = true;
    sources.keys = files;
    sources.issuer = issuer;
    if (keys->from && !issuer)
        status = message_usage("keys", "--from takes the address of metadata: https://HOST/PATH/.well-known/openid-configuration");
    else
        status = key_sources_load(&sources, &keys->keyring);
    option_list_clear(&files);
    return status;
}

static enum exit_status
run_action(const struct keys *keys)
{
    const char *action = keys->operands.words[0];

    if (strcmp(action, "lint") == 0)
        return keys_lint(keys->keyring, keys->is_published, keys->format == FORMAT_JSON);
    return strcmp(action, "list") == 0 ? list_keys(keys) : show_keys(keys, keys->operands.words[1]);
}

/* The operands are "list", "show" and what to look for, or "lint" and files. */
static enum exit_status
check_operands(const struct keys *keys)
{
    static const char *const actions[] = {"lint", "list", "show", NULL};
    const char *action = keys->operands.words_len ? keys->operands.words[0] : NULL, *nearest;

    if (!action)
        return message_usage("keys", "what to do with the keys? list, show or lint");
    if (strcmp(action, "list") == 0)
        return keys->operands.words_len == 1 ? EXIT_STATUS_OK : message_usage("keys", "list takes options only, such as --keys FILE");
    if (strcmp(action, "show") == 0)
        return keys->operands.words_len == 2 ? EXIT_STATUS_OK : message_usage("keys", "show takes one kid, thumbprint or modulus");
    if (strcmp(action, "lint") == 0)
        return keys->operands.words_len + keys->sources.keys.words_len + keys->sources.histories.words_len > 1
                   ? EXIT_STATUS_OK
                   : message_usage("keys", "lint takes the files to judge");
    nearest = message_nearest(action, actions);
    if (nearest)
        return message_usage("keys", "cannot '%.40s' keys; did you mean '%s'?", action, nearest);
    return message_usage("keys", "cannot '%.40s' keys; there are list, show and lint", action);
}

static enum exit_status
run_keys(int argc, char **argv)
{
    struct keys keys = {0};
    const struct option table[] = {
        KEY_SOURCES_OPTIONS(keys.sources),
        {"no-embedded", OPTION_FLAG, &keys.sources.no_embedded, NULL},
        {"published", OPTION_FLAG, &keys.is_published, NULL},
        {"family", OPTION_TEXT, &keys.family, NULL},
        {"from", OPTION_TEXT, &keys.from, NULL},
        {"format", OPTION_CHOICE, &keys.format, formats},
        {"color", OPTION_CHOICE, &keys.colour, colours},
        {0},
    };
    enum exit_status status = options_parse("keys", argc, argv, table, &keys.operands);

    if (status == EXIT_STATUS_OK)
        status = check_operands(&keys);
    if (status == EXIT_STATUS_OK)
        status = load_keys(&keys);
    if (status == EXIT_STATUS_OK)
        status = run_action(&keys);
    tscope_keyring_free(keys.keyring);
    key_sources_clear(&keys.sources);
    option_list_clear(&keys.operands);
    return status;
}

const struct verb verb_keys = {
    .name = "keys",
    .arguments = "list|show TEXT|lint FILE... [option]...",
    .summary = "list or show the keys at hand, or judge those of a file",
    .help = "  list                      a line a key: the key history that is built in, and\n"
            "                            what is added. DATES: life of its certificate, else\n"
            "                            first and last time seen published. Marks: ! there\n"
            "                            is a notice on it, x it is not usable\n"
            "  show TEXT                 all that is known of the keys with this kid,\n"
            "                            thumbprint (SHA-1 of the certificate, or RFC 7638;\n"
            "                            hexadecimal or base64url), or begin of the modulus\n"
            "                            (16 hexadecimal digits or more)\n"
            "  lint FILE|DIR...          what is wrong with the keys in these files:\n"
            "                            weak, malformed, private, two of one kid\n"
            "\n"
            "  --keys FILE|DIR           more keys; repeatable\n"
            "  --history FILE            a key history of your own; repeatable\n"
            "  --no-embedded             without the key history that is built in\n"
            "  --published               lint: anybody can read the files, so that a private\n"
            "                            key or a secret in them is critical\n"
            "  --from URL                lint: where metadata in the files was fetched: its\n"
            "                            issuer is held against it\n"
            "  --family FAMILY           list: of this family only, such as msa-consumer\n"
            "  --format text|json        for people; for programs\n"
            "  --color auto|always|never\n"
            "\n"
            "Examples:\n"
            "  tokenscope keys show 1LTMzakihiRla_8z2BEJVXeWMqo\n"
            "  tokenscope keys list --family msa-consumer\n"
            "  tokenscope keys list --no-embedded --keys jwks.json\n"
            "  tokenscope keys lint --published jwks.json\n"
            "\n"
            "Exit status:\n"
            "  0   shown    64  usage    65  unusable key file    66  no such file or key\n"
            "  1   lint: a key is not usable, or a finding is high or critical\n"
            "  70  internal error    74  input or output failed\n",
    .run = run_keys,
};
