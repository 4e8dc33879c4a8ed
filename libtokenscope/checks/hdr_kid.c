/* SPDX-License-Identifier: Apache-2.0 */
#include "checks/hdr_runs.h"

#include "checks/kid_text.h"
#include "core/text.h"

/*
 * The checks that ask what a kid would do to a program that looks its key up by it. A kid is any text, so a single odd
 * letter says nothing: paths, addresses, apostrophes and spaces are honest. What is reported has the shape of an attack.
 */

enum tscope_status
tscope_hdr_run_kid_type(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings)
{
    struct tscope_member kid = tscope_subject_header(subject, TSCOPE_HEADER_KID);

    if (!kid.value || kid.value->type == TSCOPE_JSON_STRING || kid.value->flags & TSCOPE_VALUE_OPEN)
        return TSCOPE_OK;
    return tscope_findings_add(findings, check, tscope_evidence_member(subject, kid), "kid must be a string, and is of another type");
}

static bool
is_separator(uint8_t letter)
{
    return letter == '/' || letter == '\\';
}

/* A whole segment of two dots; "a..b" and "..." are names like others. */
static bool
has_step_up(struct tscope_span text)
{
    for (size_t i = 0; i + 1 < text.len; i++) {
        bool begins = i == 0 || is_separator(text.data[i - 1]);
        bool ends = i + 2 == text.len || is_separator(text.data[i + 2]);

        if (text.data[i] == '.' && text.data[i + 1] == '.' && begins && ends && text.len > 2)
            return true;
    }
    return false;
}

/* Base64 and URNs may begin with a slash, so only the folders of systems count. */
const char *
tscope_kid_path_shape(struct tscope_span text)
{
    static const char *const system_paths[] = {
        "/dev/", "/etc/", "/proc/", "/sys/", "/tmp/", "/var/", "/root/", "/home/",    "/usr/",       "/bin/",
        "c:\\",  "c:/",   "\\\\",   "file:", "~/",    "/opt/", "/run/",  "/windows/", "\\windows\\", NULL};

    if (memchr(text.data, 0, text.len))
        return "a NUL, at which readers in C end";
    if (has_step_up(text))
        return "a step to the folder above";
    return tscope_kid_begins_with_any(text, system_paths) ? "the path of a file of the system" : NULL;
}

static bool
holds_word(struct tscope_span text, const char *const *words)
{
    for (size_t i = 0; i < text.len; i++) {
        if ((i == 0 || !tscope_kid_is_word_letter(text.data[i - 1])) && tscope_kid_begins_with_word(tscope_kid_behind(text, i), words))
            return true;
    }
    return false;
}

/* What stands behind a quotation mark in an attack: an operator, the end of the statement, a comment. */
static bool
goes_on_as_sql(struct tscope_span rest, bool strict)
{
    static const char *const words[] = {"union", "select", "insert", "update", "delete", "drop", "having", "waitfor", "exec", NULL};
    static const char *const objects[] = {"from", "table", "into", "set", "all", "select", "where", "delay", "xp_cmdshell", "null", NULL};
    static const char *const conditions[] = {"or", "and", "||", "&&", NULL};
    static const char *const all_marks[] = {";", "--", "#", "/*", NULL}, *const sure_marks[] = {"--", "/*", NULL};
    const char *const *marks = strict ? sure_marks : all_marks;
    static const char *const comparisons[] = {"=", "<", ">", " like ", " is ", "sleep(", "benchmark(", "exists", "'a", NULL};
    size_t len;

    rest = tscope_kid_without_space(rest);
    len = tscope_kid_begins_with_word(rest, words);
    if (len > 0)
        return !strict || holds_word(tscope_kid_behind(rest, len), objects);
    len = tscope_kid_begins_with_word(rest, conditions);
    for (size_t i = len; len && i < rest.len; i++) {
        if (tscope_kid_begins_with_any(tscope_kid_behind(rest, i), comparisons))
            return true;
    }
    return tscope_kid_begins_with_any(rest, marks);
}

/* "or 1=1" needs no quotation mark where the query holds a number. */
static bool
is_always_true(struct tscope_span text)
{
    static const char *const conditions[] = {"or", "and", NULL};
    size_t len = tscope_kid_begins_with_word(text, conditions), digits = 0;
    struct tscope_span rest = tscope_kid_without_space(tscope_kid_behind(text, len));

    while (len && digits < rest.len && rest.data[digits] >= '0' && rest.data[digits] <= '9')
        digits++;
    return digits > 0 && digits * 2 < rest.len && rest.data[digits] == '=' && memcmp(rest.data, rest.data + digits + 1, digits) == 0;
}

static bool
is_union(struct tscope_span text)
{
    static const char *const unions[] = {"union", NULL}, *const all[] = {"all", "distinct", NULL}, *const selects[] = {"select", NULL};
    size_t len = tscope_kid_begins_with_word(text, unions);
    struct tscope_span rest = tscope_kid_without_space(tscope_kid_behind(text, len));

    rest = tscope_kid_without_space(tscope_kid_behind(rest, tscope_kid_begins_with_word(rest, all)));
    return len && tscope_kid_begins_with_word(rest, selects);
}

const char *
tscope_kid_sql_shape(struct tscope_span text, bool strict)
{
    unsigned quotes_read = 0;

    for (size_t i = 0; i < text.len; i++) {
        bool begins_word = i == 0 || !tscope_kid_is_word_letter(text.data[i - 1]);

        if ((text.data[i] == '\'' || text.data[i] == '"') && quotes_read++ < 16 && goes_on_as_sql(tscope_kid_behind(text, i + 1), strict))
            return "a quotation mark with an operator of SQL behind it";
        if (begins_word && is_union(tscope_kid_behind(text, i)))
            return "a union of two queries";
        if (begins_word && is_always_true(tscope_kid_behind(text, i)))
            return "a condition that is always true";
    }
    return NULL;
}

enum tscope_status
tscope_hdr_run_kid_path(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings)
{
    struct tscope_kid kid;
    const char *shape;

    if (!tscope_kid_read(subject, &kid))
        return TSCOPE_ERR_NO_MEMORY;
    shape = kid.text.data ? tscope_kid_path_shape(kid.text) : NULL;
    return shape ? tscope_kid_add_shape(check, subject, findings, &kid, check->severity, shape) : TSCOPE_OK;
}

enum tscope_status
tscope_hdr_run_kid_sql(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings)
{
    struct tscope_kid kid;
    const char *shape;

    if (!tscope_kid_read(subject, &kid))
        return TSCOPE_ERR_NO_MEMORY;
    shape = kid.text.data ? tscope_kid_sql_shape(kid.text, false) : NULL;
    return shape ? tscope_kid_add_shape(check, subject, findings, &kid, check->severity, shape) : TSCOPE_OK;
}
