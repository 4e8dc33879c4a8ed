/* SPDX-License-Identifier: Apache-2.0 */
#include "checks/fmt_runs.h"

/* The rows that ask how the token is written. What they run is in the files of the same first name. */

static const struct tscope_check fmt_checks[] = {
    {
        .id = "FMT-B64",
        .title = "base64url is not as it must be",
        .severity = TSCOPE_SEVERITY_MEDIUM,
        .proves = TSCOPE_PROVES_ANOMALY,
        .depends = TSCOPE_DEPENDS_KEYS,
        .only = TSCOPE_ONLY_DAMAGE,
        .references = "RFC 7515 section 2; RFC 4648 section 3.2; CWE-436",
        .meaning =
            "Inside the token stand padding, white space, line ends, percent-encoding, letters of the other alphabet, or spare bits. A "
            "strict reader refuses it, a lenient one reads on: the same text is then a token for one and none for the other.",
        .false_alarm = "Mail, logs and terminals fold and encode what passes through; load balancers of AWS pad by design, which is info.",
        .run = tscope_fmt_run_base64,
    },
    {
        .id = "FMT-SEG",
        .title = "wrong number of parts",
        .severity = TSCOPE_SEVERITY_MEDIUM,
        .proves = TSCOPE_PROVES_INVALID,
        .only = TSCOPE_ONLY_ODD_FORM | TSCOPE_ONLY_ODD_ALG,
        .references = "RFC 7515 section 7.1; RFC 7516 section 7.1",
        .meaning =
            "A signed token has three parts between its dots and an encrypted one five, once an SD-JWT is split at its tildes. Readers "
            "that take the parts they know and drop the rest can be shown different tokens.",
        .false_alarm = "Text that was glued to the token in a log line; look at what stands around it in the evidence.",
        .run = tscope_fmt_run_segments,
    },
    {
        .id = "FMT-JSON-EXT",
        .title = "JSON that is not strict",
        .severity = TSCOPE_SEVERITY_MEDIUM,
        .proves = TSCOPE_PROVES_INVALID,
        .only = TSCOPE_ONLY_FLAWS,
        .references = "RFC 8259 section 2; RFC 7515 section 5.2; CWE-436",
        .meaning =
            "Header, claims or JSON form hold what RFC 8259 does not allow: comments, NaN, a stray comma, bytes behind the value, or "
            "nesting beyond reason. Parsers differ on it, so one may check what another does not see.",
        .false_alarm = "An issuer with a home-made serialiser; numbers that are merely large are valid JSON, and info.",
        .run = tscope_fmt_run_json,
    },
    {
        .id = "FMT-UTF8",
        .title = "text is not proper UTF-8",
        .severity = TSCOPE_SEVERITY_MEDIUM,
        .proves = TSCOPE_PROVES_INVALID,
        .only = TSCOPE_ONLY_FLAWS,
        .references = "RFC 8259 section 8.1; RFC 8725 section 3.7; RFC 8725 section 2.6; RFC 3629 section 3",
        .meaning =
            "Header or claims hold bytes that are not UTF-8, an overlong form, a byte order mark, half of a surrogate pair, or UTF-16. "
            "Two readers may see two names where one looks alike, or repair it in two ways.",
        .false_alarm = "An old issuer that writes names in a local character set.",
        .run = tscope_fmt_run_utf8,
    },
    {
        .id = "FMT-POLY",
        .title = "one text is two tokens",
        .severity = TSCOPE_SEVERITY_CRITICAL,
        .proves = TSCOPE_PROVES_INVALID,
        .references = "CVE-2022-39227; RFC 7515 section 7; CWE-436",
        .meaning =
            "The text is a token in the JSON form, and split at its dots it is a compact token with another header; or a compact one "
            "with JSON inside its parts; or it has the members of two JSON forms. A program that checks the one and reads the other "
            "accepts what nobody signed.",
        .false_alarm = "None is known: no honest JSON form begins with a name that is itself an encoded header.",
        .run = tscope_fmt_run_polyglot,
    },
    {
        .id = "FMT-JSON",
        .title = "JWT in a JSON form",
        .severity = TSCOPE_SEVERITY_MEDIUM,
        .proves = TSCOPE_PROVES_NOTE,
        .only = TSCOPE_ONLY_ODD_FORM,
        .references = "RFC 7519 section 1; RFC 7515 section 7.2",
        .meaning = "A JWT is always written in the compact form; here its claims stand in a JSON serialisation. Few validators expect it, "
                   "and a form that only some parts of a system read can be shown to those alone.",
        .false_alarm = "Signed messages between two programs that agreed on the JSON form.",
        .run = tscope_fmt_run_json_form,
    },
    {
        .id = "FMT-MULTISIG",
        .title = "some of several signatures fail",
        .severity = TSCOPE_SEVERITY_HIGH,
        .proves = TSCOPE_PROVES_INVALID,
        .needs = TSCOPE_NEEDS_KEYS,
        .depends = TSCOPE_DEPENDS_KEYS,
        .only = TSCOPE_ONLY_ODD_FORM,
        .references = "RFC 7515 section 7.2; CWE-347",
        .meaning = "A token in the JSON form has several signatures, of which one verifies and another, under the key it names, does not. "
                   "Libraries "
                   "differ in whether one good signature is enough, and in whose header they then read.",
        .false_alarm = "A signer of several that changed its key and left the old one's name in the header.",
        .run = tscope_fmt_run_several,
    },
    {
        .id = "FMT-TRAIL",
        .title = "other text around the token",
        .severity = TSCOPE_SEVERITY_LOW,
        .proves = TSCOPE_PROVES_NOTE,
        .only = TSCOPE_ONLY_ODD_FORM,
        .references = "RFC 7515 section 7.1",
        .meaning =
            "Before or behind a token whose last part is as long as its algorithm makes it stands text that is no part of it. The token is "
            "judged without it; a validator that is handed all of it must refuse it.",
        .false_alarm = "A token that was copied together with the words around it.",
        .run = tscope_fmt_run_trail,
    },
    {
        .id = "FMT-NUL",
        .title = "a NUL inside a name or value",
        .severity = TSCOPE_SEVERITY_HIGH,
        .proves = TSCOPE_PROVES_ANOMALY,
        .only = TSCOPE_ONLY_FLAWS,
        .references = "CWE-158; CWE-626",
        .meaning = "A name or string holds \\u0000. Readers in C end there, others read on, so that one sees \"admin\" where another sees "
                   "a longer name.",
        .false_alarm = "Binary values of a directory that were copied into a claim of their own: outside the claims that decide, medium.",
        .run = tscope_fmt_run_nul,
    },
    {
        .id = "FMT-CASE",
        .title = "names that differ only in case",
        .severity = TSCOPE_SEVERITY_HIGH,
        .proves = TSCOPE_PROVES_ANOMALY,
        .references = "CWE-178; RFC 7519 section 4; RFC 8725 section 2.6",
        .meaning =
            "Two members of the header or the claims differ in case alone, as \"tid\" and \"Tid\". Names are compared exactly, but some "
            "readers ignore case and take the second for the first.",
        .false_alarm = "Claim mappings that write one attribute twice: with equal values low, outside the members that decide medium.",
        .run = tscope_fmt_run_case,
    },
    {
        .id = "FMT-CONFUSABLE",
        .title = "letters that look like others",
        .severity = TSCOPE_SEVERITY_MEDIUM,
        .proves = TSCOPE_PROVES_ANOMALY,
        .references = "CWE-1007; UTS 39 section 5",
        .meaning = "Issuer, audience or a user's name mixes Latin letters with Cyrillic or Greek ones in one word, or holds full-width, "
                   "mathematical or invisible characters. People, and programs that fold such letters, take it for another name.",
        .false_alarm = "Names that are written in one script each are not reported.",
        .run = tscope_fmt_run_confusable,
    },
};

const struct tscope_check_family tscope_checks_fmt = {"fmt", NULL, fmt_checks, TSCOPE_COUNT(fmt_checks)};
