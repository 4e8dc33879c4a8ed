/* SPDX-License-Identifier: Apache-2.0 */
#include "checks/hdr_runs.h"

#include "core/text.h"

/*
 * Where jku and x5u would have a validator fetch a key from. Nothing is fetched here: the address is judged by its letters,
 * and by the issuer that the token names.
 */

struct address {
    struct tscope_span host, rest; /* rest: path and query */
    bool https, http, has_user;
};

static struct tscope_span
skip(struct tscope_span text, size_t len)
{
    return tscope_span_of(text.data + len, text.len - len);
}

static struct address
read_address(struct tscope_span text)
{
    struct address address = {.https = tscope_text_starts_with_fold(text, TSCOPE_SPAN("https://")),
                              .http = tscope_text_starts_with_fold(text, TSCOPE_SPAN("http://"))};
    size_t end = 0, host = 0, host_end;

    if (!address.https && !address.http)
        return address;
    text = skip(text, address.https ? 8 : 7);
    while (end < text.len && text.data[end] != '/' && text.data[end] != '?' && text.data[end] != '#' && text.data[end] != '\\')
        end++;
    for (size_t i = 0; i < end; i++) {
        if (text.data[i] == '@') {
            address.has_user = true;
            host = i + 1;
        }
    }
    host_end = end;
    for (size_t i = end; i > host && text.data[host] != '['; i--) {
        if (text.data[i - 1] == ':')
            host_end = i - 1;
    }
    address.host = tscope_span_of(text.data + host, host_end - host);
    address.rest = skip(text, end);
    return address;
}

/* No control, white space or backslash belongs into an address; readers differ in what they make of them. */
static bool
has_odd_letters(struct tscope_span text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.data[i] <= ' ' || text.data[i] == '\\' || text.data[i] == 0x7f)
            return true;
    }
    return false;
}

/* In any of the forms that resolvers take: dotted, one number, hexadecimal, IPv6. */
static bool
is_number(struct tscope_span host)
{
    size_t label = host.len;

    if (host.len == 0 || host.data[0] == '[')
        return true;
    while (label > 0 && host.data[label - 1] != '.')
        label--;
    return host.data[label < host.len ? label : host.len - 1] >= '0' && host.data[label < host.len ? label : host.len - 1] <= '9';
}

static bool
is_inside(struct tscope_span host)
{
    static const char *const ends[] = {".local", ".localhost", ".internal", ".lan", ".home.arpa", ".intranet"};

    if (!memchr(host.data, '.', host.len))
        return true;
    for (size_t i = 0; i < TSCOPE_COUNT(ends); i++) {
        struct tscope_span end = tscope_span_text(ends[i]);

        if (host.len > end.len && tscope_text_equal_fold(skip(host, host.len - end.len), end))
            return true;
    }
    return false;
}

/* A second address inside the path or the query: what an open redirect of the issuer needs. */
static bool
carries_address(struct tscope_span rest)
{
    static const char *const marks[] = {"http:", "https:", "//", "%2f%2f", "http%3a", "https%3a"};

    for (size_t at = 0; at < rest.len; at++) {
        for (size_t i = 0; i < TSCOPE_COUNT(marks); i++) {
            if (tscope_text_starts_with_fold(skip(rest, at), tscope_span_text(marks[i])))
                return true;
        }
    }
    return false;
}

static bool
is_below(struct tscope_span host, struct tscope_span domain)
{
    return host.len > domain.len && memchr(domain.data, '.', domain.len) && host.data[host.len - domain.len - 1] == '.' &&
           tscope_text_equal_fold(skip(host, host.len - domain.len), domain);
}

/* What is wrong with the address by itself, of which same_host excuses some. NULL: nothing. */
static const char *
problem_of_form(struct tscope_span text, const struct address *address, bool same_host)
{
    if (!address->https && !address->http)
        return "is no https address";
    if (has_odd_letters(text))
        return "holds white space, controls or a backslash, which readers take in different ways";
    if (address->has_user)
        return "hides its host behind a user's name";
    if (carries_address(address->rest))
        return "carries a second address, as for an open redirect";
    if (same_host)
        return NULL;
    if (is_number(address->host))
        return "names its host by a number";
    if (is_inside(address->host))
        return "names a host inside the validator's own network";
    return address->https ? NULL : "is no https address";
}

/* Under a key that the issuer is known to have, nobody but the issuer wrote the address. */
static bool
is_issuers_word(const tscope_subject *subject)
{
    return subject->resolution->status == TSCOPE_STATUS_VERIFIED &&
           (subject->resolution->right == TSCOPE_RIGHT_YES || subject->resolution->right == TSCOPE_RIGHT_ASKED);
}

static enum tscope_status
judge_address(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings, enum tscope_header header)
{
    struct tscope_member member = tscope_subject_header(subject, header);
    struct tscope_evidence evidence;
    struct tscope_span text;
    const char *name = tscope_header_name(header), *problem = "is not a string";
    enum tscope_severity severity = check->severity;
    enum tscope_proves proves = check->proves;
    struct address address, issuer;

    if (!member.value || member.value->flags & TSCOPE_VALUE_OPEN)
        return TSCOPE_OK;
    evidence = tscope_evidence_member(subject, member);
    text = tscope_subject_text(subject, member);
    address = issuer = (struct address){.host = {NULL, 0}};
    if (text.data) {
        address = read_address(text);
        if (subject->iss.data)
            issuer = read_address(subject->iss);
        problem = problem_of_form(text, &address, issuer.host.data && tscope_text_equal_fold(address.host, issuer.host));
    }
    if (is_issuers_word(subject)) {
        severity = TSCOPE_SEVERITY_INFO;
        proves = TSCOPE_PROVES_NOTE;
    }
    if (problem)
        return tscope_findings_add_graded(findings, check, severity, proves, &evidence, 1, "%s %s", name, problem);
    if (!issuer.host.data || issuer.host.len == 0 || is_inside(issuer.host))
        return is_issuers_word(subject) ? TSCOPE_OK
                                        : tscope_findings_unknown(findings, check, TSCOPE_REASON_NOT_COVERED, TSCOPE_CHANGES_VERDICT,
                                                                  "the issuer names no public host to compare %s with", name);
    if (tscope_text_equal_fold(address.host, issuer.host) || tscope_profile_publishes_at(subject->issuer.row, text))
        return TSCOPE_OK;
    if (is_below(address.host, issuer.host) || is_below(issuer.host, address.host)) {
        severity = TSCOPE_SEVERITY_INFO;
        proves = TSCOPE_PROVES_NOTE;
    }
    return tscope_findings_add_graded(findings, check, severity, proves, &evidence, 1, "%s leads to %s, and the issuer is at %s", name,
                                      tscope_subject_quote(subject, address.host), tscope_subject_quote(subject, issuer.host));
}

enum tscope_status
tscope_hdr_run_jku(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings)
{
    return judge_address(check, subject, findings, TSCOPE_HEADER_JKU);
}

enum tscope_status
tscope_hdr_run_x5u(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings)
{
    return judge_address(check, subject, findings, TSCOPE_HEADER_X5U);
}
