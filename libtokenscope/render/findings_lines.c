/* SPDX-License-Identifier: Apache-2.0 */
#include "render/findings_lines.h"

#include "checks/silence.h"
#include "render/words.h"

#define DETAIL_MAX 176       /* bytes of a detail, unless verbose */
#define DETAIL_MINOR_MAX 110 /* the same, of a finding that gets no more than that */
#define EVIDENCE_FIRST_MAX 3 /* pieces shown of the gravest finding; one of the others */
#define POINTER_MAX 64       /* bytes: it holds names out of the token */
#define UNKNOWN_MAX 4        /* groups */

static enum tscope_style
severity_style(enum tscope_severity severity)
{
    switch (severity) {
    case TSCOPE_SEVERITY_CRITICAL:
        return TSCOPE_STYLE_ALARM;
    case TSCOPE_SEVERITY_HIGH:
        return TSCOPE_STYLE_BAD;
    case TSCOPE_SEVERITY_MEDIUM:
        return TSCOPE_STYLE_WARN;
    case TSCOPE_SEVERITY_LOW:
        return TSCOPE_STYLE_CALM;
    case TSCOPE_SEVERITY_INFO:
        break;
    }
    return TSCOPE_STYLE_QUIET;
}

static void
put_place(struct tscope_layout *layout, const struct tscope_evidence *evidence)
{
    tscope_layout_text(layout, TSCOPE_STYLE_QUIET, tscope_part_id_name(evidence->part));
    if (evidence->pointer.len > 0) {
        tscope_layout_text(layout, TSCOPE_STYLE_QUIET, " ");
        tscope_layout_value(layout, TSCOPE_STYLE_QUIET, evidence->pointer, POINTER_MAX);
    }
    if (evidence->raw_len == 1)
        tscope_layout_format(layout, TSCOPE_STYLE_QUIET, ", byte %zu", evidence->raw_offset);
    else if (evidence->raw_len > 1)
        tscope_layout_format(layout, TSCOPE_STYLE_QUIET, ", bytes %zu-%zu", evidence->raw_offset,
                             evidence->raw_offset + evidence->raw_len - 1);
}

/* A JSON string brings quotes of its own, and no other quote inside them that is not escaped. A long one is cut. */
static bool
is_json_string(struct tscope_span excerpt, bool *ret_cut)
{
    if (excerpt.len < 2 || excerpt.data[0] != '"')
        return false;
    for (size_t i = 1; i < excerpt.len; i++) {
        *ret_cut = excerpt.data[i] != '"';
        if (!*ret_cut)
            return i + 1 == excerpt.len;
        i += excerpt.data[i] == '\\';
    }
    return true;
}

static void
put_excerpt(struct tscope_layout *layout, struct tscope_span excerpt)
{
    bool cut = false;

    if (excerpt.len == 0)
        return;
    tscope_layout_text(layout, TSCOPE_STYLE_QUIET, ": ");
    if (!is_json_string(excerpt, &cut)) {
        tscope_layout_value(layout, TSCOPE_STYLE_PLAIN, excerpt, excerpt.len);
        return;
    }
    tscope_layout_span(layout, TSCOPE_STYLE_PLAIN, excerpt);
    if (cut)
        tscope_layout_text(layout, TSCOPE_STYLE_PLAIN, "…");
}

static void
write_evidence(struct tscope_layout *layout, const struct tscope_evidence *evidence, bool verbose)
{
    if (evidence->part == TSCOPE_PART_NONE)
        return;
    tscope_layout_label(layout, "");
    put_place(layout, evidence);
    if (verbose && evidence->has_decoded)
        tscope_layout_format(layout, TSCOPE_STYLE_QUIET, ", decoded %zu-%zu", evidence->decoded_offset,
                             evidence->decoded_offset + (evidence->decoded_len ? evidence->decoded_len - 1 : 0));
    put_excerpt(layout, evidence->excerpt);
    tscope_layout_end(layout);
}

/* An apostrophe inside a word quotes nothing. */
static bool
opens_quote(const char *detail, size_t at)
{
    return detail[at] == '\'' && (at == 0 || detail[at - 1] == ' ' || detail[at - 1] == '(');
}

/* Where a long detail can end early: behind a clause, and outside of what is quoted. 0: nowhere. */
static size_t
end_of_clauses(const char *detail, size_t max)
{
    size_t end = 0;
    bool quoted = false;

    for (size_t i = 0; (i < max || end == 0) && detail[i]; i++) {
        if (quoted && detail[i] == '\\' && detail[i + 1])
            i++;
        else if (quoted || opens_quote(detail, i))
            quoted = !quoted || detail[i] != '\'';
        else if (detail[i + 1] == ' ' && (detail[i] == ';' || detail[i] == ',' || detail[i] == ':'))
            end = i;
    }
    return end;
}

static void
put_detail(struct tscope_layout *layout, const char *detail, size_t max)
{
    size_t end = strlen(detail) > max ? end_of_clauses(detail, max) : 0;

    if (end == 0) {
        tscope_layout_text(layout, TSCOPE_STYLE_PLAIN, detail);
        return;
    }
    tscope_layout_span(layout, TSCOPE_STYLE_PLAIN, tscope_span_of(detail, end));
    tscope_layout_text(layout, TSCOPE_STYLE_QUIET, " …");
}

static void
write_body(struct tscope_layout *layout, const struct tscope_finding *finding, size_t evidence_max, bool verbose)
{
    size_t shown = finding->evidence_len < evidence_max ? finding->evidence_len : evidence_max;

    if (finding->detail && finding->detail[0]) {
        tscope_layout_label(layout, "");
        put_detail(layout, finding->detail, verbose ? SIZE_MAX : DETAIL_MAX);
        tscope_layout_end(layout);
    }
    for (size_t i = 0; i < shown; i++)
        write_evidence(layout, &finding->evidence[i], verbose);
    if (verbose && finding->check->references) {
        tscope_layout_label(layout, "");
        tscope_layout_text(layout, TSCOPE_STYLE_QUIET, finding->check->references);
        tscope_layout_end(layout);
    }
}

static void
write_finding(struct tscope_layout *layout, const struct tscope_finding *finding, size_t evidence_max, bool verbose)
{
    bool minor = !verbose && finding->severity < TSCOPE_SEVERITY_MEDIUM && finding->detail && finding->detail[0];

    tscope_layout_begin(layout, TSCOPE_LAYOUT_LABEL, TSCOPE_LAYOUT_VALUE);
    tscope_layout_text(layout, severity_style(finding->severity), tscope_severity_id(finding->severity));
    tscope_layout_tab(layout, TSCOPE_LAYOUT_VALUE);
    tscope_layout_text(layout, TSCOPE_STYLE_STRONG, finding->check->id);
    tscope_layout_text(layout, TSCOPE_STYLE_PLAIN, ": ");
    /* what is cut from a sentence may be its point: then the title says it */
    if (minor && strlen(finding->detail) <= DETAIL_MINOR_MAX)
        tscope_layout_text(layout, TSCOPE_STYLE_PLAIN, finding->detail);
    else
        tscope_layout_text(layout, TSCOPE_STYLE_PLAIN, finding->check->title);
    tscope_layout_end(layout);
    if (!minor)
        write_body(layout, finding, evidence_max, verbose);
}

void
tscope_findings_lines(struct tscope_layout *layout, const struct tscope_findings *findings, bool verbose)
{
    for (size_t i = 0; i < findings->found_len; i++)
        write_finding(layout, &findings->found[i], verbose ? SIZE_MAX : i == 0 ? EVIDENCE_FIRST_MAX : 1, verbose);
}

/* The details of all answers that could not be given; false: out of memory. */
static bool
word_unknown(const struct tscope_findings *findings, struct tscope_arena *scratch, const char *details[TSCOPE_FINDINGS_MAX])
{
    for (size_t i = 0; i < findings->unknown_len; i++) {
        details[i] = tscope_inconclusive_detail(&findings->unknown[i], scratch);
        if (!details[i])
            return false;
    }
    return true;
}

static bool
is_first_of_its_reason(const char *const *details, size_t number)
{
    for (size_t i = 0; i < number; i++) {
        if (strcmp(details[i], details[number]) == 0)
            return false;
    }
    return true;
}

static void
write_unknown(struct tscope_layout *layout, const struct tscope_findings *findings, const char *const *details, size_t number, bool verbose)
{
    const struct tscope_inconclusive *unknown = &findings->unknown[number];

    tscope_layout_begin(layout, TSCOPE_LAYOUT_LABEL, TSCOPE_LAYOUT_LABEL + 2);
    tscope_layout_text(layout, TSCOPE_STYLE_PLAIN, unknown->check->id);
    for (size_t i = number + 1; i < findings->unknown_len; i++) {
        if (strcmp(details[i], details[number]) != 0)
            continue;
        tscope_layout_text(layout, TSCOPE_STYLE_PLAIN, ", ");
        tscope_layout_text(layout, TSCOPE_STYLE_PLAIN, findings->unknown[i].check->id);
    }
    tscope_layout_text(layout, TSCOPE_STYLE_QUIET, ": ");
    tscope_layout_text(layout, TSCOPE_STYLE_QUIET, details[number]);
    if (verbose)
        tscope_layout_format(layout, TSCOPE_STYLE_QUIET, " (%s; could change the %s)", tscope_reason_code(unknown->reason),
                             tscope_could_change_id(unknown->could_change));
    tscope_layout_end(layout);
}

static void
write_groups(struct tscope_layout *layout, const struct tscope_findings *findings, const char *const *details, bool verbose)
{
    size_t groups = 0;

    for (size_t i = 0; i < findings->unknown_len; i++) {
        if (!is_first_of_its_reason(details, i))
            continue;
        if (verbose || groups < UNKNOWN_MAX)
            write_unknown(layout, findings, details, i, verbose);
        groups++;
    }
    if (verbose || groups <= UNKNOWN_MAX)
        return;
    tscope_layout_begin(layout, TSCOPE_LAYOUT_LABEL, TSCOPE_LAYOUT_LABEL);
    tscope_layout_format(layout, TSCOPE_STYLE_QUIET, "and %zu more", groups - UNKNOWN_MAX);
    tscope_layout_end(layout);
}

void
tscope_findings_unknown_lines(struct tscope_layout *layout, const struct tscope_findings *findings, bool verbose)
{
    const char *details[TSCOPE_FINDINGS_MAX];
    struct tscope_arena scratch = {0};

    if (word_unknown(findings, &scratch, details))
        write_groups(layout, findings, details, verbose);
    else
        layout->out.failed = true;
    tscope_arena_clear(&scratch);
}
