/* SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include <jansson.h>

#include <tokenscope/tokenscope.h>

#include "layout.h"
#include "memory.h"
#include "message.h"
#include "options.h"
#include "output.h"
#include "terminal.h"
#include "verbs.h"

#define ID_MAX 64

enum { FORMAT_TEXT, FORMAT_JSON };
static const char *const formats[] = {"text", "json", NULL};

/* References stand with "; " between. */
static json_t *
split_references(const char *references)
{
    json_t *array = json_array();
    const char *end;

    for (; references && *references; references = *end ? end + 2 : end) {
        end = strstr(references, "; ");
        if (!end)
            end = references + strlen(references);
        json_array_append_new(array, json_stringn(references, (size_t)(end - references)));
    }
    return array;
}

static json_t *
json_of(const struct tscope_check_view *check)
{
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s*, s:s*, s:s*, s:o, s:s*, s:s*}", "id", check->id, "title", check->title, "family",
                     check->family, "severity", tscope_severity_id(check->severity), "proves", tscope_proves_id(check->proves), "subject",
                     check->subject, "needs", check->needs, "specialises", check->specialises, "references",
                     split_references(check->references), "meaning", check->meaning, "false_alarm", check->false_alarm);
}

static json_t *
json_of_opinion(const struct tscope_opinion_view *opinion)
{
    return json_pack("{s:s, s:s, s:o}", "id", opinion->id, "sentence", opinion->sentence, "references",
                     split_references(opinion->references));
}

static void
dump(json_t *json)
{
    if (!json || json_dumpf(json, stdout, JSON_INDENT(2) | JSON_ENSURE_ASCII) != 0)
        message_print("cannot write JSON");
    putchar('\n');
    json_decref(json);
}

static void
list_json(void)
{
    json_t *checks = json_array(), *opinions = json_array();
    struct tscope_check_view check;
    struct tscope_opinion_view opinion;

    for (size_t i = 0; tscope_checks_at(i, &check); i++)
        json_array_append_new(checks, json_of(&check));
    for (size_t i = 0; tscope_opinions_at(i, &opinion); i++)
        json_array_append_new(opinions, json_of_opinion(&opinion));
    dump(json_pack("{s:s, s:o, s:o}", "schema", "tokenscope.checks/1", "checks", checks, "second_opinion", opinions));
}

static void
list_text(void)
{
    unsigned width = terminal_width();
    struct tscope_check_view check;

    printf("%-17s %-8s %-8s %s\n", "ID", "SEVERITY", "PROVES", "FINDS THAT");
    for (size_t i = 0; tscope_checks_at(i, &check); i++) {
        printf("%-17s %-8s %-8s ", check.id, tscope_severity_id(check.severity), tscope_proves_id(check.proves));
        if (strlen(check.title) + 36 <= width)
            fputs(check.title, stdout);
        else
            layout_cell(check.title, width - 36);
        putchar('\n');
    }
}

static void
show_member(const char *name, const char *text, unsigned width)
{
    if (!text || !*text)
        return;
    printf("\n%s\n", name);
    layout_paragraph(text, 2, width);
}

static void
show_text(const struct tscope_check_view *check)
{
    unsigned width = terminal_width();

    printf("%s: %s\n", check->id, check->title);
    printf("at most %s, proves %s; family %s, looks at a %s\n", tscope_severity_id(check->severity), tscope_proves_id(check->proves),
           check->family, check->subject ? check->subject : "token");
    show_member("What it means", check->meaning, width);
    show_member("When it is a false alarm", check->false_alarm, width);
    show_member("What it needs", check->needs, width);
    if (check->specialises) {
        printf("\nWhat it stands in for\n");
        printf("  %s, which stays silent where this one finds something\n", check->specialises);
    }
    show_member("References", check->references, width);
}

/* Those ids are lower case. */
static bool
find_opinion(const char *wanted, struct tscope_opinion_view *ret_opinion)
{
    for (size_t i = 0; tscope_opinions_at(i, ret_opinion); i++) {
        if (strcasecmp(ret_opinion->id, wanted) == 0)
            return true;
    }
    return false;
}

static void
show_opinion(const struct tscope_opinion_view *opinion)
{
    unsigned width = terminal_width();

    printf("%s: a fault that a second opinion names\n", opinion->id);
    show_member("What it says", opinion->sentence, width);
    show_member("References", opinion->references, width);
}

static enum exit_status
refuse_id(const char *id)
{
    size_t count = tscope_checks_count();
    const char **ids = memory_grow(NULL, count + 1, sizeof(*ids)), *nearest;
    struct tscope_check_view check;

    for (size_t i = 0; i < count; i++)
        ids[i] = tscope_checks_at(i, &check) ? check.id : "";
    ids[count] = NULL;
    nearest = message_nearest(id, ids);
    free(ids);
    if (nearest)
        message_print("no check '%s'; did you mean %s?", id, nearest);
    else
        message_print("no check '%s'; 'tokenscope checks' lists them", id);
    return EXIT_STATUS_NOT_FOUND;
}

static enum exit_status
show_check(const char *wanted, int format)
{
    struct tscope_opinion_view opinion;
    struct tscope_check_view check;
    char id[ID_MAX];
    size_t len = 0;

    /* ids are upper case; whoever types one need not be */
    for (; wanted[len] && len + 1 < sizeof(id); len++)
        id[len] = (char)toupper((unsigned char)wanted[len]);
    id[len] = '\0';
    if (tscope_checks_find(id, &check)) {
        if (format == FORMAT_JSON)
            dump(json_of(&check));
        else
            show_text(&check);
        return EXIT_STATUS_OK;
    }
    if (!find_opinion(wanted, &opinion))
        return refuse_id(id);
    if (format == FORMAT_JSON)
        dump(json_of_opinion(&opinion));
    else
        show_opinion(&opinion);
    return EXIT_STATUS_OK;
}

static enum exit_status
run_checks(int argc, char **argv)
{
    struct option_list operands = {0};
    int format = FORMAT_TEXT;
    const struct option table[] = {
        {"format", OPTION_CHOICE, &format, formats},
        {0},
    };
    enum exit_status status = options_parse("checks", argc, argv, table, &operands);

    if (status == EXIT_STATUS_OK && operands.words_len > 1)
        status = message_usage("checks", "one check at a time");
    else if (status == EXIT_STATUS_OK && operands.words_len == 1)
        status = show_check(operands.words[0], format);
    else if (status == EXIT_STATUS_OK && format == FORMAT_JSON)
        list_json();
    else if (status == EXIT_STATUS_OK)
        list_text();
    option_list_clear(&operands);
    return status;
}

const struct verb verb_checks = {
    .name = "checks",
    .arguments = "[option]... [ID]",
    .summary = "list everything that is looked for, or explain one check",
    .help = "  ID                        a check's id, such as MS-MSA-ON-ENT, or that of a\n"
            "                            second opinion, such as key-issuer-unbound\n"
            "  --format text|json        for people; for programs\n"
            "\n"
            "Severity and what it proves are the most that a check gives.\n"
            "\n"
            "Examples:\n"
            "  tokenscope checks\n"
            "  tokenscope checks KEY-WRONG-ISS\n"
            "\n"
            "Exit status:\n"
            "  0   shown    64  usage    66  no such check    74  output failed\n",
    .run = run_checks,
    .needs_no_crypto = true,
};
