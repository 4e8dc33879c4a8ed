/* SPDX-License-Identifier: Apache-2.0 */
#include "options.h"

#include <string.h>

#include <tokenscope/time.h>

#include "memory.h"
#include "message.h"

#define NUMBER_MAX 2147483647L
#define NAMES_MAX 64

void
option_list_add(struct option_list *list, const char *word)
{
    list->words = memory_grow(list->words, list->words_len + 1, sizeof(*list->words));
    list->words[list->words_len++] = word;
}

void
option_list_clear(struct option_list *list)
{
    free(list->words);
    *list = (struct option_list){0};
}

static const struct option *
find_option(const struct option *table, const char *name, size_t name_len)
{
    for (; table->name; table++) {
        if (strlen(table->name) == name_len && memcmp(table->name, name, name_len) == 0)
            return table;
    }
    return NULL;
}

static enum exit_status
refuse_unknown(const char *verb, const struct option *table, const char *name, size_t name_len)
{
    const char *names[NAMES_MAX], *nearest;
    size_t names_len = 0;
    AUTO(heap_text) *typed = memory_print("%.*s", (int)(name_len < 64 ? name_len : 64), name);

    for (; table->name && names_len + 2 < NAMES_MAX; table++)
        names[names_len++] = table->name;
    names[names_len++] = "help";
    names[names_len] = NULL;
    nearest = message_nearest(typed, names);
    if (nearest)
        return message_usage(verb, "no option '--%s'; did you mean '--%s'?", typed, nearest);
    return message_usage(verb, "no option '--%s'", typed);
}

static enum exit_status
set_number(const char *verb, const struct option *option, const char *value)
{
    long number = 0;

    for (const char *c = value; *c; c++) {
        if (*c < '0' || *c > '9' || number > (NUMBER_MAX - (*c - '0')) / 10)
            return message_usage(verb, "--%s takes a number of at most %ld", option->name, NUMBER_MAX);
        number = number * 10 + (*c - '0');
    }
    if (!*value)
        return message_usage(verb, "--%s takes a number", option->name);
    *(long *)option->target = number;
    return EXIT_STATUS_OK;
}

static enum exit_status
set_choice(const char *verb, const struct option *option, const char *value)
{
    AUTO(heap_text) *known = memory_copy("");

    for (int i = 0; option->choices[i]; i++) {
        char *longer;

        if (strcmp(option->choices[i], value) == 0) {
            *(int *)option->target = i;
            return EXIT_STATUS_OK;
        }
        longer = memory_print("%s%s%s", known, i ? ", " : "", option->choices[i]);
        free(known);
        known = longer;
    }
    return message_usage(verb, "--%s '%.40s' is not one of: %s", option->name, value, known);
}

/* "2023", "202306", "20230615": whoever writes that means no second of January 1970; "1686823200000" counts thousandths. */
static bool
is_other_count(const char *text)
{
    static const struct {
        size_t digits;
        const char *first, *last;
    } dates[] = {{4, "1900", "2199"}, {6, "190001", "219912"}, {8, "19000101", "21991231"}};
    size_t digits = strspn(text, "0123456789");

    if (text[digits] != '\0')
        return false;
    for (size_t i = 0; i < sizeof(dates) / sizeof(dates[0]); i++) {
        if (digits == dates[i].digits && strcmp(text, dates[i].first) >= 0 && strcmp(text, dates[i].last) <= 0)
            return true;
    }
    return digits > 12 || (digits == 12 && strcmp(text, "253402300800") >= 0);
}

bool
options_read_time(const char *text, int64_t *ret_time)
{
    return !is_other_count(text) && tscope_time_from_text(text, ret_time);
}

static enum exit_status
set_value(const char *verb, const struct option *option, const char *value)
{
    switch (option->kind) {
    case OPTION_FLAG:
        *(bool *)option->target = true;
        return EXIT_STATUS_OK;
    case OPTION_TEXT:
        *(const char **)option->target = value;
        return EXIT_STATUS_OK;
    case OPTION_LIST:
        option_list_add(option->target, value);
        return EXIT_STATUS_OK;
    case OPTION_TIME:
        if (!options_read_time(value, option->target))
            return message_usage(verb, "--%s '%.40s' is no time; write 2023-06-15T10:00:00Z, 2023-06-15 or seconds since 1970",
                                 option->name, value);
        return EXIT_STATUS_OK;
    case OPTION_NUMBER:
        return set_number(verb, option, value);
    case OPTION_CHOICE:
        return set_choice(verb, option, value);
    }
    return EXIT_STATUS_INTERNAL;
}

/* argv[*index] is "--name", "--name=value" or "-n"; moves on to the value where it is the next argument. */
static enum exit_status
take_option(const char *verb, int argc, char **argv, int *index, const struct option *table)
{
    const char *name = argv[*index] + strspn(argv[*index], "-"), *equals = strchr(name, '='), *value = equals ? equals + 1 : NULL;
    size_t name_len = equals ? (size_t)(equals - name) : strlen(name);
    const struct option *option = find_option(table, name, name_len);

    if (!option)
        return refuse_unknown(verb, table, name, name_len);
    if (option->kind == OPTION_FLAG && value)
        return message_usage(verb, "--%s takes no value", option->name);
    if (option->kind != OPTION_FLAG && !value) {
        if (*index + 1 >= argc)
            return message_usage(verb, "--%s needs a value", option->name);
        value = argv[++*index];
    }
    return set_value(verb, option, value);
}

enum exit_status
options_parse(const char *verb, int argc, char **argv, const struct option *table, struct option_list *operands)
{
    bool ended = false;

    for (int i = 0; i < argc; i++) {
        if (ended || argv[i][0] != '-' || argv[i][1] == '\0') {
            option_list_add(operands, argv[i]);
        } else if (strcmp(argv[i], "--") == 0) {
            ended = true;
        } else if (argv[i][1] != '-' && !(argv[i][2] == '\0' && find_option(table, argv[i] + 1, 1))) {
            return message_usage(verb, "no option '%.16s'; options are written --name", argv[i]);
        } else {
            enum exit_status status = take_option(verb, argc, argv, &i, table);

            if (status != EXIT_STATUS_OK)
                return status;
        }
    }
    return EXIT_STATUS_OK;
}
