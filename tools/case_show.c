/* SPDX-License-Identifier: Apache-2.0 */
#include "case_show.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <jansson.h>

#include "escape.h"
#include "memory.h"
#include "message.h"
#include "output.h"

#define STATE_WIDTH 7
#define VERDICT_WIDTH 11
#define DIGEST_SHOWN 16
#define DIGEST_MIN 8 /* digits that name a token */

typedef void print_row(const json_t *row);

struct printer {
    print_row *print;
    size_t rows;
};

static bool
take_row(void *user, const char *line, size_t line_len)
{
    struct printer *printer = user;
    AUTO(json_t) *row = json_loadb(line, line_len, JSON_ALLOW_NUL, NULL);

    printer->rows++;
    if (row)
        printer->print(row);
    return output_flush();
}

/* Rows of a SELECT, printed one by one; ret_rows may be NULL. */
static enum exit_status
print_rows(tscope_case *opened, const char *sql, print_row *print, size_t *ret_rows)
{
    struct printer printer = {print, 0};
    struct tscope_error err = {0};
    enum tscope_status status = tscope_case_query(opened, sql, TSCOPE_CASE_JSONL, NULL, take_row, &printer, &err);

    if (ret_rows)
        *ret_rows = printer.rows;
    return status == TSCOPE_OK ? EXIT_STATUS_OK : message_error(NULL, &err);
}

static const char *
text_of(const json_t *row, const char *name)
{
    const char *text = json_string_value(json_object_get(row, name));

    return text ? text : "";
}

static json_int_t
number_of(const json_t *row, const char *name)
{
    return json_integer_value(json_object_get(row, name));
}

static void
print_safe(const char *text)
{
    escape_write(stdout, text, strlen(text));
}

/* A word of a column; what stands in a stranger's case may be anything. */
static void
print_padded(const char *text, size_t width)
{
    print_safe(text);
    for (size_t i = strlen(text); i < width; i++)
        putchar(' ');
    putchar(' ');
}

static void
print_time(const char *before, const json_t *row, const char *name)
{
    char text[TSCOPE_TIME_TEXT_SIZE];

    if (!json_is_integer(json_object_get(row, name)))
        return;
    tscope_time_to_text(number_of(row, name), text);
    printf("%s%s", before, text);
}

static const char *
plural(const json_t *row, const char *name)
{
    return number_of(row, name) == 1 ? "" : "s";
}

/* ---- rows */

static void
print_evidence(const json_t *row)
{
    print_padded(text_of(row, "state"), STATE_WIDTH);
    print_safe(text_of(row, "path"));
    printf("\n        ");
    print_safe(text_of(row, "format")[0] ? text_of(row, "format") : "unread");
    printf(", %" JSON_INTEGER_FORMAT " bytes, sha256 ", number_of(row, "size"));
    print_safe(text_of(row, "sha256")[0] ? text_of(row, "sha256") : "not known yet");
    putchar('\n');
    printf("        %" JSON_INTEGER_FORMAT " token%s, %" JSON_INTEGER_FORMAT " key%s", number_of(row, "tokens"), plural(row, "tokens"),
           number_of(row, "keys"), plural(row, "keys"));
    if (text_of(row, "problem")[0]) {
        printf("; ");
        print_safe(text_of(row, "problem"));
    }
    putchar('\n');
}

static void
print_warning(const json_t *row)
{
    printf("        ");
    print_safe(text_of(row, "id"));
    printf(": ");
    if (text_of(row, "member")[0]) {
        print_safe(text_of(row, "member"));
        printf(": ");
    }
    print_safe(text_of(row, "text"));
    putchar('\n');
}

/* Ids out of a JSON array, behind those that were printed before. */
static size_t
print_ids(const char *array, size_t printed)
{
    AUTO(json_t) *ids = json_loads(array, 0, NULL);
    const json_t *id;
    size_t index;

    json_array_foreach(ids, index, id)
    {
        printf("%s", printed++ ? ", " : "  ");
        print_safe(json_string_value(id) ? json_string_value(id) : "?");
    }
    return printed;
}

static void
print_token(const json_t *row)
{

    print_padded(text_of(row, "verdict"), VERDICT_WIDTH);
    print_safe(text_of(row, "kind"));
    putchar(' ');
    escape_write(stdout, text_of(row, "sha256"), strnlen(text_of(row, "sha256"), DIGEST_SHOWN));
    printf(", %" JSON_INTEGER_FORMAT " place%s", number_of(row, "places"), plural(row, "places"));
    print_time(", last seen ", row, "seen");
    putchar('\n');
    if (print_ids(text_of(row, "also"), print_ids(text_of(row, "reasons"), 0)) > 0)
        putchar('\n');
}

static void
print_place(const json_t *row)
{
    printf("  ");
    print_safe(text_of(row, "path"));
    if (text_of(row, "member")[0]) {
        printf("!/");
        print_safe(text_of(row, "member"));
    }
    printf(": byte %" JSON_INTEGER_FORMAT, number_of(row, "offset"));
    if (strcmp(text_of(row, "encoding"), "ascii") != 0) {
        printf(" (");
        print_safe(text_of(row, "encoding"));
        putchar(')');
    }
    print_time(", seen ", row, "seen");
    if (text_of(row, "place")[0]) {
        printf("\n    ");
        print_safe(text_of(row, "place"));
    }
    putchar('\n');
}

static void
print_key(const json_t *row)
{
    AUTO(json_t) *key = json_loads(text_of(row, "key"), 0, NULL);
    bool is_published = number_of(row, "is_published") == 1;

    printf("%-11s ", is_published ? "leaked key" : "key");
    print_safe(text_of(key, "kty"));
    if (number_of(key, "bits") > 0)
        printf(" %" JSON_INTEGER_FORMAT, number_of(key, "bits"));
    printf(" ");
    print_safe(text_of(key, "component"));
    printf(" as ");
    print_safe(text_of(key, "form"));
    printf(" (");
    print_safe(text_of(key, "state"));
    printf(")");
    if (text_of(row, "thumbprint")[0]) {
        printf("\n  %s ", is_published ? "private half of the published key" : "thumbprint");
        print_safe(text_of(row, "thumbprint"));
    }
    putchar('\n');
    print_place(row);
}

static void
print_count(const json_t *row)
{
    print_padded(text_of(row, "verdict")[0] ? text_of(row, "verdict") : "not judged", VERDICT_WIDTH);
    printf("%" JSON_INTEGER_FORMAT "\n", number_of(row, "count"));
}

static void
print_report(const json_t *row)
{
    AUTO(json_t) *report = json_loads(text_of(row, "report"), 0, NULL);
    char *pretty = report ? json_dumps(report, JSON_INDENT(2)) : NULL;

    print_time("judged by the clock of ", row, "now");
    printf("\n%s\n", pretty ? pretty : "not judged yet");
    free(pretty);
}

/* ---- all, and one */

#define EVIDENCE_COLUMNS                                                                                  \
    "e.path, e.state, e.size, e.sha256, e.format, e.problem,"                                             \
    " (SELECT count(*) FROM stream s JOIN place p ON p.stream = s.id WHERE s.evidence = e.id) AS tokens," \
    " (SELECT count(*) FROM stream s JOIN key_place k ON k.stream = s.id WHERE s.evidence = e.id) AS keys FROM evidence e"
#define TOKEN_COLUMNS                                                                                     \
    "t.sha256, t.verdict, t.kind, t.seen, (SELECT count(*) FROM place p WHERE p.token = t.id) AS places," \
    " CASE WHEN json_valid(t.report) THEN json_extract(t.report, '$.reasons') END AS reasons,"            \
    " CASE WHEN json_valid(t.report) THEN json_extract(t.report, '$.also') END AS also FROM token t"
#define PLACE_COLUMNS                                                                                     \
    "e.path, s.member, p.offset, p.encoding, p.seen, p.place FROM place p JOIN token t ON t.id = p.token" \
    " JOIN stream s ON s.id = p.stream JOIN evidence e ON e.id = s.evidence"
#define KEY_COLUMNS                                                                                                 \
    "k.thumbprint, k.is_published, k.key, e.path, s.member, k.offset, k.encoding, k.seen, k.place FROM key_place k" \
    " JOIN stream s ON s.id = k.stream JOIN evidence e ON e.id = s.evidence"

enum exit_status
case_show_all(tscope_case *opened)
{
    static const struct {
        const char *title, *sql;
        print_row *print;
    } parts[] = {
        {"Evidence", "SELECT " EVIDENCE_COLUMNS " ORDER BY e.path", print_evidence},
        {NULL, "SELECT w.member, w.id, w.text FROM warning w JOIN evidence e ON e.id = w.evidence ORDER BY e.path, w.member, w.id",
         print_warning},
        {"Keys", "SELECT " KEY_COLUMNS " ORDER BY k.is_published DESC, k.thumbprint, e.path, s.number, k.offset, k.number", print_key},
        {"Tokens",
         "SELECT " TOKEN_COLUMNS " WHERE t.verdict IN ('forged', 'invalid', 'suspicious') ORDER BY CASE t.verdict WHEN 'forged' THEN 0"
         " WHEN 'invalid' THEN 1 ELSE 2 END, t.kind, t.sha256",
         print_token},
        {"In numbers", "SELECT verdict, count(*) AS count FROM token GROUP BY verdict ORDER BY verdict", print_count},
    };
    enum exit_status status = EXIT_STATUS_OK;

    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]) && status == EXIT_STATUS_OK; i++) {
        if (parts[i].title)
            printf("%s== %s ==\n", i ? "\n" : "", parts[i].title);
        status = print_rows(opened, parts[i].sql, parts[i].print, NULL);
    }
    return status;
}

/* A text in SQL's quotes. */
static char *
quote(const char *text)
{
    char *quoted = memory_grow(NULL, 2 * strlen(text) + 3, 1), *end = quoted;

    *end++ = '\'';
    for (; *text; text++) {
        if (*text == '\'')
            *end++ = '\'';
        *end++ = *text;
    }
    *end++ = '\'';
    *end = '\0';
    return quoted;
}

/* A SELECT with a text in the middle of its condition. */
struct selection {
    const char *columns, *before, *behind;
};

static enum exit_status
show_matching(tscope_case *opened, const struct selection *selection, const char *quoted, print_row *print, size_t *ret_rows)
{
    AUTO(heap_text) *sql = memory_print("SELECT %s WHERE %s%s%s", selection->columns, selection->before, quoted, selection->behind);

    return print_rows(opened, sql, print, ret_rows);
}

static bool
is_digest(const char *name)
{
    size_t len = strlen(name);

    return len >= DIGEST_MIN && len <= 64 && strspn(name, "0123456789abcdefABCDEF") == len;
}

static enum exit_status
show_token(tscope_case *opened, const char *name, size_t *ret_rows)
{
    static const struct selection token = {TOKEN_COLUMNS, "hex(t.sha256) LIKE ", ""},
                                  places = {PLACE_COLUMNS, "hex(t.sha256) LIKE ", " ORDER BY e.path, s.number, p.offset"},
                                  report = {"t.report, j.now FROM token t LEFT JOIN judgement j ON j.id = t.judgement",
                                            "hex(t.sha256) LIKE ", ""};
    AUTO(heap_text) *pattern = memory_print("%s%%", name);
    AUTO(heap_text) *quoted = quote(pattern);
    enum exit_status status = show_matching(opened, &token, quoted, print_token, ret_rows);

    if (status != EXIT_STATUS_OK || *ret_rows != 1)
        return status;
    status = show_matching(opened, &places, quoted, print_place, NULL);
    return status == EXIT_STATUS_OK ? show_matching(opened, &report, quoted, print_report, NULL) : status;
}

static enum exit_status
show_evidence(tscope_case *opened, const char *quoted, size_t *ret_rows)
{
    static const struct selection
        evidence = {EVIDENCE_COLUMNS, "e.path = ", ""},
        warnings = {"w.member, w.id, w.text FROM warning w JOIN evidence e ON e.id = w.evidence", "e.path = ", " ORDER BY w.member, w.id"},
        keys = {KEY_COLUMNS, "e.path = ", " ORDER BY s.number, k.offset, k.number"},
        tokens = {
            TOKEN_COLUMNS,
            "t.id IN (SELECT p.token FROM place p JOIN stream s ON s.id = p.stream JOIN evidence e ON e.id = s.evidence WHERE e.path = ",
            ") ORDER BY t.verdict, t.sha256"};
    enum exit_status status = show_matching(opened, &evidence, quoted, print_evidence, ret_rows);

    if (status != EXIT_STATUS_OK || *ret_rows == 0)
        return status;
    status = show_matching(opened, &warnings, quoted, print_warning, NULL);
    if (status == EXIT_STATUS_OK)
        status = show_matching(opened, &keys, quoted, print_key, NULL);
    return status == EXIT_STATUS_OK ? show_matching(opened, &tokens, quoted, print_token, NULL) : status;
}

enum exit_status
case_show_one(tscope_case *opened, const char *name)
{
    static const struct selection keys = {KEY_COLUMNS, "k.thumbprint = ", " ORDER BY e.path, s.number, k.offset, k.number"};
    AUTO(heap_text) *quoted = quote(name);
    size_t rows = 0;
    enum exit_status status = is_digest(name) ? show_token(opened, name, &rows) : EXIT_STATUS_OK;

    if (status == EXIT_STATUS_OK && rows == 0)
        status = show_evidence(opened, quoted, &rows);
    if (status == EXIT_STATUS_OK && rows == 0)
        status = show_matching(opened, &keys, quoted, print_key, &rows);
    if (status == EXIT_STATUS_OK && rows == 0) {
        message_print("the case has no evidence, token or key '%s'", name);
        return EXIT_STATUS_NOT_FOUND;
    }
    return status;
}
