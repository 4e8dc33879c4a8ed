/* SPDX-License-Identifier: Apache-2.0 */
#include "checks/hdr_runs.h"

/* The rows that ask what the header demands of whoever reads it. What they run is in the files of the same first name. */

static const struct tscope_check hdr_checks[] = {
    {
        .id = "HDR-CRIT",
        .title = "critical extensions cannot be honoured",
        .severity = TSCOPE_SEVERITY_HIGH,
        .proves = TSCOPE_PROVES_INVALID,
        .only = TSCOPE_ONLY_RARE_HEADER,
        .references = "RFC 7515 section 4.1.11; RFC 7797 section 6",
        .meaning = "\"crit\" lists header members that a reader must understand or else refuse the token. This list demands what is not "
                   "understood here, or is malformed: empty, repeating, naming standard members, or members that are not there.",
        .false_alarm = "Communities with extensions of their own honour names that are unknown here; those of open banking and of JAdES "
                       "are known, and medium.",
        .run = tscope_hdr_run_crit,
    },
    {
        .id = "HDR-B64",
        .title = "unencoded payload against the rules",
        .severity = TSCOPE_SEVERITY_HIGH,
        .proves = TSCOPE_PROVES_INVALID,
        .only = TSCOPE_ONLY_RARE_HEADER,
        .references = "RFC 7797 section 3; RFC 7797 section 6; RFC 7797 section 7",
        .meaning =
            "\"b64\": false changes which bytes are signed. Without \"crit\" an older reader does not notice and checks other bytes, "
            "and a JWT must not use it at all: one token then says two things.",
        .false_alarm = "Closed groups of programs in which everyone knows of b64 and leaves out crit.",
        .run = tscope_hdr_run_b64,
    },
    {
        .id = "HDR-DUP",
        .title = "a member stands twice",
        .severity = TSCOPE_SEVERITY_HIGH,
        .proves = TSCOPE_PROVES_INVALID,
        .only = TSCOPE_ONLY_FLAWS,
        .references = "RFC 7515 section 4; RFC 7515 section 7.2.1; RFC 7519 section 4; RFC 8725 section 2.6; CWE-436",
        .meaning =
            "One object of the header, the claims or the JSON form holds a name twice, or protected and unprotected header share one. "
            "Readers differ in which they take, so one may check the first and another act on the second.",
        .false_alarm = "A careless serialiser that writes one value twice; compare the two values.",
        .run = tscope_hdr_run_duplicate,
    },
    {
        .id = "HDR-KID-TYPE",
        .title = "kid is not a string",
        .severity = TSCOPE_SEVERITY_MEDIUM,
        .proves = TSCOPE_PROVES_INVALID,
        .only = TSCOPE_ONLY_ODD_KID,
        .references = "RFC 7515 section 4.1.4; CWE-843",
        .meaning = "\"kid\" must be a string. Another type means different things to different readers: an object or array may reach a "
                   "database query or a file name as it is.",
        .false_alarm = "A home-made issuer that numbers its keys and writes the number without quotes.",
        .run = tscope_hdr_run_kid_type,
    },
    {
        .id = "HDR-KID-TRAV",
        .title = "kid leads out of a folder",
        .severity = TSCOPE_SEVERITY_HIGH,
        .proves = TSCOPE_PROVES_ANOMALY,
        .specialises = "HDR-KID-FMT",
        .only = TSCOPE_ONLY_ODD_KID,
        .references = "CWE-22; CWE-73; RFC 8725 section 2.9",
        .meaning =
            "\"kid\" holds a step to the folder above, the path of a system's file, or a NUL. Where a validator reads the key from a "
            "file of this name, such a kid chooses a file whose content is known, and with it the secret.",
        .false_alarm = "A scanner or a tester of your own; a set that lists the verifying key under this very name, which is a note.",
        .run = tscope_hdr_run_kid_path,
    },
    {
        .id = "HDR-KID-SQL",
        .title = "kid reads like a piece of SQL",
        .severity = TSCOPE_SEVERITY_HIGH,
        .proves = TSCOPE_PROVES_ANOMALY,
        .specialises = "HDR-KID-FMT",
        .only = TSCOPE_ONLY_ODD_KID,
        .references = "CWE-89; RFC 8725 section 2.9",
        .meaning = "\"kid\" holds a quotation mark followed by an operator of SQL, a union of queries, or a condition that is always true. "
                   "Where a validator looks its key up in a database, such a kid makes the query return a key that the sender chose.",
        .false_alarm = "A scanner or a tester of your own; an apostrophe by itself is not reported.",
        .run = tscope_hdr_run_kid_sql,
    },
    {
        .id = "HDR-KID-CMD",
        .title = "kid reads like a command, a filter or a template",
        .severity = TSCOPE_SEVERITY_HIGH,
        .proves = TSCOPE_PROVES_ANOMALY,
        .specialises = "HDR-KID-FMT",
        .only = TSCOPE_ONLY_ODD_KID,
        .references = "CWE-78; CWE-90; CWE-1336; CWE-918; RFC 8725 section 2.9",
        .meaning = "\"kid\" holds a command of a shell, the end of an LDAP filter, an expression of a template language, or the address of "
                   "something that no key is fetched from. Where a validator passes it on, the sender's text is executed or fetched.",
        .false_alarm = "A scanner or a tester of your own; a placeholder that a deployment forgot to fill in is low.",
        .run = tscope_hdr_run_kid_command,
    },
    {
        .id = "HDR-KID-FMT",
        .title = "kid is not written as the issuer writes them",
        .severity = TSCOPE_SEVERITY_MEDIUM,
        .proves = TSCOPE_PROVES_ANOMALY,
        .needs = TSCOPE_NEEDS_HISTORY | TSCOPE_NEEDS_PROFILE,
        .depends = TSCOPE_DEPENDS_KEYS,
        .references = "RFC 7515 section 4.1.4; ATT&CK T1606",
        .meaning = "No key of the issuer has this name, and it has another length or other letters than the issuer's profile says its kids "
                   "have, or than all of at least three keys have that are known of it. Forgers make names up, or bring their own key's.",
        .false_alarm = "An issuer that has begun to name its keys in another way.",
        .run = tscope_hdr_run_kid_form,
    },
    {
        .id = "HDR-ZIP-JWS",
        .title = "zip in the header of a signed token",
        .severity = TSCOPE_SEVERITY_MEDIUM,
        .proves = TSCOPE_PROVES_INVALID,
        .only = TSCOPE_ONLY_RARE_HEADER,
        .references = "RFC 7516 section 4.1.3; RFC 7515 section 4.1",
        .meaning =
            "\"zip\" is defined for encrypted tokens alone. A reader that inflates a signed payload and one that takes it as it is see "
            "two different contents under one signature.",
        .false_alarm = "SMART Health Cards compress their payload by a specification of their own, which is info.",
        .run = tscope_hdr_run_zip,
    },
    {
        .id = "HDR-CTY",
        .title = "payload is no token although it is said to be, or an unsecured one",
        .severity = TSCOPE_SEVERITY_HIGH,
        .proves = TSCOPE_PROVES_ANOMALY,
        .references = "RFC 7519 section 5.2; RFC 7519 section 7.2; RFC 8725 section 3.3",
        .meaning =
            "\"cty\" says that the payload is itself a JWT, and it is none; or tokens stand in tokens deeper than anyone needs; or the "
            "payload is a token that nobody signed. Readers that follow cty and readers that do not take different claims, and a good "
            "signature around an unsecured token vouches for nothing in it.",
        .false_alarm = "Issuers that write cty where they mean typ.",
        .run = tscope_hdr_run_cty,
    },
    {
        .id = "HDR-TYP",
        .title = "token of one type in the place of another",
        .severity = TSCOPE_SEVERITY_MEDIUM,
        .proves = TSCOPE_PROVES_ANOMALY,
        .references = "RFC 8725 section 2.8; RFC 8725 section 3.11; RFC 8725 section 3.12; RFC 9068 section 4; CWE-843",
        .meaning = "The type in the header, the claims, and what the token was sent as do not agree: a logout token or a proof of "
                   "possession in the place of an access token, an access token in the place of an ID token. A reader that does not "
                   "ask for the type takes one for the other.",
        .false_alarm = "APIs that are made to take ID tokens, as Kubernetes and Cloud Run do, which is info.",
        .run = tscope_hdr_run_typ,
    },
    {
        .id = "HDR-UNK",
        .title = "header members that are not known here",
        .severity = TSCOPE_SEVERITY_INFO,
        .proves = TSCOPE_PROVES_NOTE,
        .references = "RFC 7515 section 4.3",
        .meaning = "The header holds members that no standard registers and no known issuer writes. A reader may pass over them, so they "
                   "change nothing by themselves; they can tell which software made the token.",
        .false_alarm = "Private members are allowed; compare with other tokens of this issuer.",
        .run = tscope_hdr_run_unknown,
    },
    {
        .id = "HDR-SIZE",
        .title = "header is larger than any reader needs",
        .severity = TSCOPE_SEVERITY_MEDIUM,
        .proves = TSCOPE_PROVES_ANOMALY,
        .references = "CWE-400; CWE-770; RFC 8725 section 2.9",
        .meaning = "The header is over 16 KiB besides its certificates, has over 64 members, or nests deeper than eight levels. It is read "
                   "before any signature is checked, so whoever sends it makes others work for nothing.",
        .false_alarm = "Federations that carry whole statements in the header in members of their own.",
        .run = tscope_hdr_run_size,
    },
    {
        .id = "HDR-JKU",
        .title = "jku leads away from the issuer",
        .severity = TSCOPE_SEVERITY_HIGH,
        .proves = TSCOPE_PROVES_ANOMALY,
        .depends = TSCOPE_DEPENDS_KEYS,
        .only = TSCOPE_ONLY_RARE_HEADER,
        .references = "RFC 7515 section 4.1.2; RFC 8725 section 2.9; RFC 8725 section 3.10; CWE-918; CWE-346",
        .meaning = "\"jku\" tells the reader where to fetch the key, and it leads elsewhere than to the issuer, or is made to mislead: "
                   "a user's name before the host, a number for a host, no https, a second address inside. It is judged without fetching.",
        .false_alarm = "Issuers that keep their keys on another domain; under a key of the issuer it is info.",
        .run = tscope_hdr_run_jku,
    },
    {
        .id = "HDR-X5U",
        .title = "x5u leads away from the issuer",
        .severity = TSCOPE_SEVERITY_HIGH,
        .proves = TSCOPE_PROVES_ANOMALY,
        .depends = TSCOPE_DEPENDS_KEYS,
        .only = TSCOPE_ONLY_RARE_HEADER,
        .references = "RFC 7515 section 4.1.5; RFC 8725 section 2.9; RFC 8725 section 3.10; CWE-918; CWE-346",
        .meaning =
            "\"x5u\" tells the reader where to fetch the certificate, and it leads elsewhere than to the issuer, or is made to mislead: "
            "a user's name before the host, a number for a host, no https, a second address inside. It is judged without fetching.",
        .false_alarm = "Issuers that keep their keys on another domain; under a key of the issuer it is info.",
        .run = tscope_hdr_run_x5u,
    },
    {
        .id = "HDR-JWK",
        .title = "token verifies under its own key",
        .severity = TSCOPE_SEVERITY_CRITICAL,
        .proves = TSCOPE_PROVES_FORGERY,
        .depends = TSCOPE_DEPENDS_KEYS,
        .only = TSCOPE_ONLY_RARE_HEADER,
        .references = "RFC 7515 section 4.1.3; CVE-2018-0114; CVE-2026-34240; CWE-347",
        .meaning = "\"jwk\" carries a key, and the signature holds under it. Critical when the token names a known key of its issuer that "
                   "did not sign; otherwise self-asserted, or by design, as in DPoP proofs. A private key in it is high.",
        .false_alarm = "Protocols that bring the key along and bind it by other means are medium at most.",
        .run = tscope_hdr_run_jwk,
    },
    {
        .id = "HDR-X5C",
        .title = "token verifies under its own certificate",
        .severity = TSCOPE_SEVERITY_CRITICAL,
        .proves = TSCOPE_PROVES_FORGERY,
        .depends = TSCOPE_DEPENDS_KEYS,
        .only = TSCOPE_ONLY_RARE_HEADER,
        .references = "RFC 7515 section 4.1.6; CWE-295; CWE-347",
        .meaning = "\"x5c\" carries a certificate, and the signature holds under its key. Critical when the token names a known key of its "
                   "issuer that did not sign; otherwise self-asserted, or by design, as in client assertions.",
        .false_alarm = "Issuers whose certificates lead to a root that the validator trusts are medium at most.",
        .run = tscope_hdr_run_x5c,
    },
    {
        .id = "HDR-X5T",
        .title = "certificate digest is another's",
        .severity = TSCOPE_SEVERITY_HIGH,
        .proves = TSCOPE_PROVES_ANOMALY,
        .only = TSCOPE_ONLY_RARE_HEADER,
        .references = "RFC 7515 section 4.1.7; RFC 7515 section 4.1.8; CWE-295",
        .meaning = "\"x5t\" or \"x5t#S256\" is the digest of another certificate than the first of \"x5c\". A validator that looks one up "
                   "and verifies with the other has checked neither.",
        .false_alarm = "A signer that renewed its certificate and wrote only one of the two anew.",
        .run = tscope_hdr_run_x5t,
    },
};

const struct tscope_check_family tscope_checks_hdr = {"hdr", NULL, hdr_checks, TSCOPE_COUNT(hdr_checks)};
