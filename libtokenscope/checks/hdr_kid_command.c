/* SPDX-License-Identifier: Apache-2.0 */
#include "checks/hdr_runs.h"

#include "checks/kid_text.h"
#include "core/text.h"

/* A kid that a shell, a directory, a template or a fetcher would act on. */

/* A word of the list stands where a shell would start a program: behind ; | & or a line end. */
static bool
starts_program(struct tscope_span rest)
{
    static const char *const programs[] = {"cat",   "ls",    "id",   "curl",   "wget",     "nc",     "bash", "sh",
                                           "sleep", "ping",  "rm",   "whoami", "nslookup", "python", "perl", "powershell",
                                           "cmd",   "touch", "echo", "uname",  "dig",      NULL};
    size_t len;

    while (rest.len && (rest.data[0] <= ' ' || rest.data[0] == '|' || rest.data[0] == '&'))
        rest = tscope_kid_behind(rest, 1);
    if (tscope_text_starts_with(rest, TSCOPE_SPAN("/bin/")))
        rest = tscope_kid_behind(rest, 5);
    len = tscope_kid_begins_with_word(rest, programs);
    return len && (len == rest.len || (rest.data[len] != '=' && rest.data[len] != '-' && rest.data[len] != '.' && rest.data[len] != '/'));
}

/* Behind ")(" a filter goes on with an operator, or with a name and a comparison. */
static bool
goes_on_as_filter(struct tscope_span rest)
{
    size_t name = 0;

    if (rest.len && (rest.data[0] == '|' || rest.data[0] == '&' || rest.data[0] == '!'))
        return true;
    while (name < 32 && name < rest.len && tscope_kid_is_word_letter(rest.data[name]))
        name++;
    return name > 0 && name < rest.len && rest.data[name] == '=';
}

/* An expression between marks; one that holds a name alone may be a placeholder that nobody filled in. */
static bool
is_expression(struct tscope_span text, const char *opened, const char *closed, bool *ret_name_only)
{
    size_t start = strlen(opened), end;

    if (!tscope_text_starts_with(text, tscope_span_text(opened)))
        return false;
    end = tscope_text_find(tscope_kid_behind(text, start), tscope_span_text(closed));
    if (end == SIZE_MAX)
        return false;
    *ret_name_only = true;
    for (size_t i = start; i < start + end; i++) {
        uint8_t letter = text.data[i];

        if (!tscope_kid_is_word_letter(letter) && letter != ' ' && letter != '-' && letter != '.')
            *ret_name_only = false;
    }
    return true;
}

/* Keys are fetched by https, and some issuers name them by that address. These schemes reach other things. */
static const char *
address_shape(struct tscope_span text)
{
    static const char *const schemes[] = {
        "gopher:", "dict:", "ftp://", "ldap:", "ldaps:", "jar:", "php:", "phar:", "data:", "javascript:", "expect:", NULL};
    static const char *const inside[] = {
        "http://127.",    "http://localhost",       "http://169.254.",        "http://[", "https://127.", "https://169.254.",
        "http://0.0.0.0", "http://metadata.google", "http://100.100.100.200", NULL};

    if (tscope_kid_begins_with_any(text, schemes))
        return "an address of a kind that keys are not fetched from";
    return tscope_kid_begins_with_any(text, inside) ? "an address inside the validator's own network" : NULL;
}

const char *
tscope_kid_command_shape(struct tscope_span text, bool *ret_placeholder)
{
    const char *address = address_shape(text);
    bool placeholder = false, name_only = false;
    unsigned marks = 0;

    if (address)
        return address;
    for (size_t i = 0; i < text.len && marks < 64; i++) {
        struct tscope_span rest = tscope_kid_behind(text, i), next = tscope_kid_behind(text, i + 1);

        if (!memchr(";|&\n$`*)({<#", text.data[i], 12))
            continue;
        marks++;
        if (memchr(";|&\n", text.data[i], 4) && starts_program(next))
            return "a command of a shell";
        if (text.data[i] == '`' && memchr(next.data, '`', next.len))
            return "a command of a shell";
        if (is_expression(rest, "$(", ")", &name_only))
            return "a command of a shell";
        if (tscope_text_starts_with(rest, TSCOPE_SPAN(")(")) && goes_on_as_filter(tscope_kid_behind(text, i + 2)))
            return "the end of an LDAP filter";
        if (is_expression(rest, "${", "}", &name_only) || is_expression(rest, "{{", "}}", &name_only) ||
            is_expression(rest, "<%", "%>", &name_only) || is_expression(rest, "#{", "}", &name_only)) {
            if (!name_only)
                return "an expression of a template";
            placeholder = true;
        }
    }
    *ret_placeholder = placeholder;
    return placeholder ? "a placeholder that was not filled in" : NULL;
}

enum tscope_status
tscope_hdr_run_kid_command(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings)
{
    struct tscope_kid kid;
    bool placeholder = false;
    const char *shape;

    if (!tscope_kid_read(subject, &kid))
        return TSCOPE_ERR_NO_MEMORY;
    shape = kid.text.data ? tscope_kid_command_shape(kid.text, &placeholder) : NULL;
    return shape ? tscope_kid_add_shape(check, subject, findings, &kid, placeholder ? TSCOPE_SEVERITY_LOW : check->severity, shape)
                 : TSCOPE_OK;
}
