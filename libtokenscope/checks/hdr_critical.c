/* SPDX-License-Identifier: Apache-2.0 */
#include "checks/hdr_runs.h"

#include "checks/repeated_names.h"
#include "core/text.h"

/* The checks that ask what else the header demands of whoever reads it, and whether it says each thing once. */

#define CRIT_EVIDENCE_MAX 8
#define CRIT_NAMES_MAX 64 /* compared with one another; a longer list is wrong anyway */

/* Names that RFC 7515, RFC 7516 and RFC 7518 define themselves: crit must not list them (RFC 7515 section 4.1.11). */
static const char *const standard_names[] = {"alg",  "jku", "jwk", "kid", "x5u", "x5c", "x5t", "x5t#S256", "typ", "cty",
                                             "crit", "enc", "zip", "epk", "apu", "apv", "iv",  "tag",      "p2s", "p2c"};

/*
 * Names that communities published for their own readers: the Open Banking Read-Write API profile of the United Kingdom (message
 * signing), and JAdES (ETSI TS 119 182-1 clause 5.2). Whoever signs for those readers has to list them.
 */
static const char *const published_names[] = {
    "http://openbanking.org.uk/iat",
    "http://openbanking.org.uk/iss",
    "http://openbanking.org.uk/tan",
    "sigT",
    "x5t#o",
    "sigX5ts",
    "srCms",
    "sigPl",
    "srAts",
    "adoTst",
    "sigPId",
    "sigD",
};

struct crit_reader {
    const tscope_subject *subject;
    struct tscope_member crit;
    struct tscope_evidence evidence[CRIT_EVIDENCE_MAX];
    size_t evidence_len;
    const char *problem; /* the first; NULL: none */
    struct tscope_span name;
    bool only_published; /* what it demands is defined, if not understood here, and nothing else is wrong */
};

static void
note_problem(struct crit_reader *reader, const struct tscope_value *value, struct tscope_span name, const char *problem)
{
    struct tscope_member member = {reader->crit.json, value, reader->crit.part};

    if (!reader->problem) {
        reader->problem = problem;
        reader->name = name;
    }
    if (reader->evidence_len < CRIT_EVIDENCE_MAX)
        reader->evidence[reader->evidence_len++] = tscope_evidence_member(reader->subject, member);
}

static bool
is_among(struct tscope_span name, const char *const *names, size_t names_len)
{
    for (size_t i = 0; i < names_len; i++) {
        if (tscope_span_is(name, names[i]))
            return true;
    }
    return false;
}

/* True when the header, protected or not, has a member of this name. */
static bool
stands_in_header(const tscope_subject *subject, struct tscope_span name)
{
    const struct tscope_json *jsons[2] = {&subject->signature->header, &subject->token->container};
    const struct tscope_value *objects[2] = {tscope_json_root(&subject->signature->header), subject->signature->unprotected};

    for (size_t i = 0; i < TSCOPE_COUNT(objects); i++) {
        if (!objects[i] || objects[i]->type != TSCOPE_JSON_OBJECT)
            continue;
        for (const struct tscope_value *value = tscope_json_first(jsons[i], objects[i]); value; value = tscope_json_next(jsons[i], value)) {
            if (tscope_names_equal(jsons[i], value, name))
                return true;
        }
    }
    return false;
}

static const char demands_unknown[] = "demands an extension that is not understood here";

/* What is wrong with one name; NULL: nothing. b64 is the one extension that is understood here (RFC 7797 section 3). */
static const char *
problem_of_name(const tscope_subject *subject, struct tscope_span name)
{
    if (is_among(name, standard_names, TSCOPE_COUNT(standard_names)))
        return "lists a name of the standard itself";
    if (!stands_in_header(subject, name))
        return "lists a name that is not in the header";
    if (!tscope_span_is(name, "b64") || tscope_subject_is_jwe(subject))
        return demands_unknown;
    return NULL;
}

static void
read_crit_names(struct crit_reader *reader)
{
    struct tscope_span seen[CRIT_NAMES_MAX];
    const struct tscope_json *json = reader->crit.json;
    size_t seen_len = 0;

    for (const struct tscope_value *value = tscope_json_first(json, reader->crit.value); value; value = tscope_json_next(json, value)) {
        struct tscope_span name = tscope_json_string(json, value, reader->subject->arena);
        const char *problem = "holds something that is not a string";

        if (seen_len == CRIT_NAMES_MAX) {
            note_problem(reader, value, name, "lists more names than any header needs");
            reader->only_published = false;
            return;
        }
        if (name.data) {
            problem = problem_of_name(reader->subject, name);
            for (size_t i = 0; i < seen_len && (!problem || problem == demands_unknown); i++)
                problem = tscope_span_equal(seen[i], name) ? "lists a name twice" : problem;
            seen[seen_len++] = name;
        }
        if (!problem)
            continue;
        note_problem(reader, value, name, problem);
        if (problem != demands_unknown || !is_among(name, published_names, TSCOPE_COUNT(published_names)))
            reader->only_published = false;
    }
}

enum tscope_status
tscope_hdr_run_crit(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings)
{
    const struct tscope_span none = {NULL, 0};
    struct crit_reader reader;
    const struct tscope_value *value = tscope_subject_header(subject, TSCOPE_HEADER_CRIT).value;

    if (!value || value->flags & TSCOPE_VALUE_OPEN)
        return TSCOPE_OK;
    reader = (struct crit_reader){.subject = subject, .crit = tscope_subject_header(subject, TSCOPE_HEADER_CRIT)};
    if (value->type != TSCOPE_JSON_ARRAY)
        note_problem(&reader, value, none, "is not an array");
    else if (value->count == 0)
        note_problem(&reader, value, none, "is empty");
    else if (reader.crit.part == TSCOPE_PART_UNPROTECTED)
        note_problem(&reader, value, none, "stands where the signature does not protect it");
    else {
        reader.only_published = true;
        read_crit_names(&reader);
    }
    if (!reader.problem)
        return TSCOPE_OK;
    if (reader.only_published)
        return tscope_findings_add_graded(findings, check, TSCOPE_SEVERITY_MEDIUM, TSCOPE_PROVES_ANOMALY, reader.evidence,
                                          reader.evidence_len,
                                          "crit demands a published extension: a reader that does not implement %s must refuse it",
                                          tscope_subject_quote(subject, reader.name));
    return tscope_findings_add_graded(findings, check, check->severity, check->proves, reader.evidence, reader.evidence_len, "crit %s%s%s",
                                      reader.problem, reader.name.data ? ": " : "",
                                      reader.name.data ? tscope_subject_quote(subject, reader.name) : "");
}

static bool
crit_lists_b64(const tscope_subject *subject)
{
    struct tscope_member crit = tscope_subject_header(subject, TSCOPE_HEADER_CRIT);

    if (!crit.value || crit.value->type != TSCOPE_JSON_ARRAY)
        return false;
    for (const struct tscope_value *value = tscope_json_first(crit.json, crit.value); value; value = tscope_json_next(crit.json, value)) {
        if (tscope_json_string_is(crit.json, value, "b64"))
            return true;
    }
    return false;
}

/* All signatures are made over one payload, so they must agree on how it is written (RFC 7797 section 3). */
static bool
signatures_disagree(const struct tscope_token *token)
{
    for (uint32_t i = 1; i < token->signatures_len; i++) {
        if (token->signatures[i].b64_false != token->signatures[0].b64_false)
            return true;
    }
    return false;
}

/* "JWT", "at+jwt", "application/secevent+jwt", "dc+sd-jwt": RFC 8725 section 3.11 has each kind named so. */
static bool
is_said_to_be_jwt(const tscope_subject *subject)
{
    struct tscope_span typ = tscope_subject_text(subject, tscope_subject_header(subject, TSCOPE_HEADER_TYP));

    return tscope_subject_carries_claims(subject) || (typ.data && tscope_text_ends_with_fold(typ, TSCOPE_SPAN("jwt")));
}

enum tscope_status
tscope_hdr_run_b64(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings)
{
    struct tscope_member b64 = tscope_subject_header(subject, TSCOPE_HEADER_B64);
    struct tscope_evidence evidence;
    const char *problem = NULL;

    if (!b64.value || !tscope_subject_is_jws(subject) || b64.value->flags & TSCOPE_VALUE_OPEN)
        return TSCOPE_OK;
    evidence = tscope_evidence_member(subject, b64);
    if (b64.value->type == TSCOPE_JSON_TRUE && b64.part == TSCOPE_PART_HEADER && !signatures_disagree(subject->token)) {
        if (crit_lists_b64(subject))
            return TSCOPE_OK;
        return tscope_findings_add_graded(findings, check, TSCOPE_SEVERITY_LOW, TSCOPE_PROVES_NOTE, &evidence, 1,
                                          "b64 is true, which is the default, and crit does not list it");
    }
    if (b64.part == TSCOPE_PART_UNPROTECTED)
        problem = "b64 stands where the signature does not protect it";
    else if (b64.value->type != TSCOPE_JSON_TRUE && b64.value->type != TSCOPE_JSON_FALSE)
        problem = "b64 is not a boolean";
    else if (signatures_disagree(subject->token))
        problem = "the signatures disagree on how the payload is written";
    else if (!crit_lists_b64(subject))
        problem = "the payload is said to be unencoded, and crit does not warn of it: readers would disagree on what is signed";
    else if (is_said_to_be_jwt(subject))
        problem = "a JWT must not have an unencoded payload";
    return problem ? tscope_findings_add(findings, check, evidence, "%s", problem) : TSCOPE_OK;
}

/* A repeated name is listed as a flaw, but for one that stands in both headers. */
static bool
may_repeat_names(const tscope_subject *subject)
{
    return subject->signature->header.flaws_total > 0 || subject->token->claims.flaws_total > 0 ||
           subject->token->container.flaws_total > 0 || subject->signature->unprotected;
}

enum tscope_status
tscope_hdr_run_duplicate(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings)
{
    struct tscope_repeated_names repeated;

    if (!subject->signature || !may_repeat_names(subject))
        return TSCOPE_OK;
    repeated = (struct tscope_repeated_names){.total = 0};
    tscope_repeated_names_find(subject, &subject->signature->header, TSCOPE_PART_HEADER, &repeated);
    if (tscope_subject_carries_claims(subject))
        tscope_repeated_names_find(subject, &subject->token->claims, TSCOPE_PART_PAYLOAD, &repeated);
    tscope_repeated_names_find(subject, &subject->token->container, TSCOPE_PART_UNPROTECTED, &repeated);
    if (!tscope_repeated_names_compare(subject, &repeated))
        return TSCOPE_ERR_NO_MEMORY;
    if (repeated.total == 0)
        return TSCOPE_OK;
    if (repeated.total > 1)
        return tscope_findings_add_graded(findings, check, check->severity, check->proves, repeated.evidence, repeated.evidence_len,
                                          "%zu members stand twice, first %s in %s", repeated.total,
                                          tscope_subject_quote(subject, repeated.name), repeated.where);
    return tscope_findings_add_graded(findings, check, check->severity, check->proves, repeated.evidence, repeated.evidence_len,
                                      "the member %s stands twice in %s", tscope_subject_quote(subject, repeated.name), repeated.where);
}
