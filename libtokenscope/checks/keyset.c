/* SPDX-License-Identifier: Apache-2.0 */
#include "checks/keyset.h"

/* In the order of enum tscope_key_fault_kind. tscope_lint_new() finds them all in one pass over the keys; run asks them of a token's
 * key. */
static const struct tscope_check keyset_checks[] = {
    [TSCOPE_FAULT_KID_REUSE] =
        {
            .id = "KEY-KID-REUSE",
            .title = "a kid stands for another key than before",
            .severity = TSCOPE_SEVERITY_CRITICAL,
            .proves = TSCOPE_PROVES_ANOMALY,
            .on = TSCOPE_ON_KEYSET,
            .needs = TSCOPE_NEEDS_KEYS | TSCOPE_NEEDS_HISTORY | TSCOPE_NEEDS_PROFILE,
            .depends = TSCOPE_DEPENDS_KEYS,
            .references = "RFC 7517 section 4.5",
            .meaning =
                "Two sets of one issuer hold different keys under the same kid. Issuers give a new key a new name: the same "
                "name with new material is what a replaced key looks like. Medium where nobody says whose the sets are, for a kid of up to "
                "four letters or of digits alone, and of a token whose given key has a short kid for which archives of the issuer "
                "know another key.",
            .false_alarm = "Issuers that number their keys, and begin again.",
            .run = tscope_keyset_run_reuse,
        },
    [TSCOPE_FAULT_KID_DUP] =
        {
            .id = "KEY-KID-DUP",
            .title = "two keys of a set have one kid",
            .severity = TSCOPE_SEVERITY_MEDIUM,
            .proves = TSCOPE_PROVES_ANOMALY,
            .on = TSCOPE_ON_KEYSET,
            .needs = TSCOPE_NEEDS_KEYS,
            .depends = TSCOPE_DEPENDS_KEYS,
            .only = TSCOPE_ONLY_FAULTY_KEY,
            .references = "RFC 7517 section 4.5",
            .meaning = "A token names its key by kid, and here the name fits several. Which of them a validator takes differs, and so "
                       "does what it accepts. A note where the keys are of different types, which the standard allows.",
            .false_alarm = "Sets that were joined from several files.",
            .run = tscope_keyset_run_token,
        },
    [TSCOPE_FAULT_MAT_REUSE] =
        {
            .id = "KEY-MAT-REUSE",
            .title = "the same key stands under two names or uses",
            .severity = TSCOPE_SEVERITY_MEDIUM,
            .proves = TSCOPE_PROVES_ANOMALY,
            .on = TSCOPE_ON_KEYSET,
            .needs = TSCOPE_NEEDS_KEYS,
            .depends = TSCOPE_DEPENDS_KEYS,
            .only = TSCOPE_ONLY_FAULTY_KEY,
            .references = "RFC 7517 section 4.2; NIST SP 800-57 part 1 section 5.2",
            .meaning = "One key under another kid outlives its own retirement, and one that both signs and encrypts lets either use "
                       "work against the other. A note where sets of two issuers share a key under the same name.",
            .false_alarm = "A key that was renamed, while the old name is still listed for tokens in circulation.",
            .run = tscope_keyset_run_token,
        },
    [TSCOPE_FAULT_PRIVATE] =
        {
            .id = "KEY-PRIVATE",
            .title = "private key in the set",
            .severity = TSCOPE_SEVERITY_CRITICAL,
            .proves = TSCOPE_PROVES_ANOMALY,
            .on = TSCOPE_ON_KEYSET,
            .references = "RFC 7517 section 9.2; CWE-522; ATT&CK T1552.004",
            .meaning = "The private numbers of a key stand beside the public ones. In a set that is published anyone can sign with it. "
                       "In a plain file, where private keys belong, it is a note.",
            .false_alarm = "A key pair on its owner's own disk, judged with --published.",
        },
    [TSCOPE_FAULT_SYM] =
        {
            .id = "KEY-SYM",
            .title = "shared secret in the set",
            .severity = TSCOPE_SEVERITY_CRITICAL,
            .proves = TSCOPE_PROVES_ANOMALY,
            .on = TSCOPE_ON_KEYSET,
            .references = "RFC 7517 section 9.2; CWE-321; ATT&CK T1552.004",
            .meaning = "A secret (kty oct) is all it takes to make a token, and it must never be published. Among public keys it also "
                       "invites confusion of algorithms. In a plain file it is a note.",
            .false_alarm = "A secret in a file of its owner, judged with --published.",
        },
    [TSCOPE_FAULT_SAMPLE] =
        {
            .id = "KEY-SAMPLE",
            .title = "the private half of the key is published",
            .severity = TSCOPE_SEVERITY_CRITICAL,
            .proves = TSCOPE_PROVES_FORGERY,
            .on = TSCOPE_ON_KEYSET,
            .needs = TSCOPE_NEEDS_KEYS | TSCOPE_NEEDS_HISTORY,
            .depends = TSCOPE_DEPENDS_KEYS,
            .specialises = "KEY-WRONG-ISS",
            .references = "RFC 9500; CWE-321; CWE-798; ATT&CK T1606",
            .meaning =
                "Standards, manuals and the tests of libraries print key pairs, and some of them end up where they must not. Whoever "
                "reads them can sign. On a token that names a production issuer that is a forgery, with an issuer that nobody "
                "knows a note: such tokens are made to be shown. Medium where the key was given for the token.",
            .false_alarm = "Tokens of documentation and tests that name a real issuer.",
            .run = tscope_keyset_run_sample,
        },
    [TSCOPE_FAULT_RSA_SMALL] =
        {
            .id = "KEY-RSA-SMALL",
            .title = "RSA key under 2048 bits",
            .severity = TSCOPE_SEVERITY_HIGH,
            .proves = TSCOPE_PROVES_ANOMALY,
            .on = TSCOPE_ON_KEYSET,
            .needs = TSCOPE_NEEDS_KEYS,
            .depends = TSCOPE_DEPENDS_KEYS,
            .only = TSCOPE_ONLY_FAULTY_KEY,
            .references = "RFC 7518 section 3.3; CWE-326",
            .meaning = "RFC 7518 demands 2048 bits or more. Moduli of 512 bits are factored in hours for little money, 829 bits have been "
                       "factored in public, and 1024 bits are within the reach of states.",
            .false_alarm = "Keys of tests and examples.",
            .run = tscope_keyset_run_token,
        },
    [TSCOPE_FAULT_RSA_EXP] =
        {
            .id = "KEY-RSA-EXP",
            .title = "RSA exponent is unusual",
            .severity = TSCOPE_SEVERITY_CRITICAL,
            .proves = TSCOPE_PROVES_INVALID,
            .on = TSCOPE_ON_KEYSET,
            .needs = TSCOPE_NEEDS_KEYS,
            .depends = TSCOPE_DEPENDS_KEYS,
            .only = TSCOPE_ONLY_FAULTY_KEY,
            .references = "RFC 8017 section 3.1; NIST SP 800-89 section 5.3.3",
            .meaning = "With the exponent 1 anyone can sign; an even one has no private key. Medium: below 65537 every mistake in the "
                       "padding becomes a forgery, and above 32 bits a key serves to keep validators busy.",
            .false_alarm = "Old keys with the exponent 3 or 17 are sound as long as every validator is.",
            .run = tscope_keyset_run_token,
        },
    [TSCOPE_FAULT_RSA_WEAK] =
        {
            .id = "KEY-RSA-WEAK",
            .title = "RSA key gives its factors away",
            .severity = TSCOPE_SEVERITY_CRITICAL,
            .proves = TSCOPE_PROVES_ANOMALY,
            .on = TSCOPE_ON_KEYSET,
            .needs = TSCOPE_NEEDS_KEYS,
            .depends = TSCOPE_DEPENDS_KEYS,
            .only = TSCOPE_ONLY_FAULTY_KEY,
            .references = "CVE-2017-15361; CVE-2022-26320; CWE-331",
            .meaning =
                "The modulus has a small factor, is a prime itself, is the product of primes close together, has the form of a "
                "faulty chip library (ROCA) or of a polynomial, or shares a prime with another key given; or the private exponent is "
                "too small. Whoever looks can compute the private key. "
                "Medium: its bits are plainly not random.",
            .false_alarm = "By chance a sound key has the ROCA form in one of a hundred million; bits that somebody chose for their looks; "
                           "the others are proofs.",
            .run = tscope_keyset_run_token,
        },
    [TSCOPE_FAULT_EC_POINT] =
        {
            .id = "KEY-EC-POINT",
            .title = "public key is no good point of its curve",
            .severity = TSCOPE_SEVERITY_CRITICAL,
            .proves = TSCOPE_PROVES_INVALID,
            .on = TSCOPE_ON_KEYSET,
            .needs = TSCOPE_NEEDS_KEYS,
            .depends = TSCOPE_DEPENDS_KEYS,
            .only = TSCOPE_ONLY_FAULTY_KEY,
            .references = "RFC 7518 section 6.2.1; CVE-2017-16007; RFC 7748 section 6",
            .meaning = "The point is not on the curve, is at infinity, has a small order, or a coordinate is too long for the field. Such "
                       "keys are made to read a private key out of whoever agrees on secrets with them, or to verify anything.",
            .false_alarm = "A file that was damaged on its way.",
            .run = tscope_keyset_run_token,
        },
    [TSCOPE_FAULT_B64] =
        {
            .id = "KEY-B64",
            .title = "numbers of the key are not written as they must be",
            .severity = TSCOPE_SEVERITY_LOW,
            .proves = TSCOPE_PROVES_NOTE,
            .on = TSCOPE_ON_KEYSET,
            .needs = TSCOPE_NEEDS_KEYS,
            .depends = TSCOPE_DEPENDS_KEYS,
            .only = TSCOPE_ONLY_FAULTY_KEY,
            .references = "RFC 7518 sections 2 and 6.2.1.2",
            .meaning = "Padding, zeros in front, a coordinate that is shorter than its field, or text that is no base64url. Validators "
                       "differ in whether they read such a key, and thumbprints made over the text differ.",
            .false_alarm = "Sloppy software; the key itself may be sound.",
            .run = tscope_keyset_run_token,
        },
    [TSCOPE_FAULT_MIXUP] =
        {
            .id = "OIDC-MIXUP",
            .title = "metadata and keys are of different hosts",
            .severity = TSCOPE_SEVERITY_HIGH,
            .proves = TSCOPE_PROVES_ANOMALY,
            .on = TSCOPE_ON_KEYSET,
            .references = "OpenID Connect Discovery section 4.3; RFC 9207; RFC 8414 section 3.3; CWE-346",
            .meaning = "A document of metadata must name the issuer it was asked for, and keys come from the issuer's own domain. Here the "
                       "issuer is another one, or its keys lie on a stranger's host: whoever trusts both trusts the stranger's tokens.",
            .false_alarm = "Providers that publish keys in another domain of theirs and are not listed, and proxies in front of them.",
        },
};

const struct tscope_check_family tscope_checks_keyset = {"keyset", NULL, keyset_checks, TSCOPE_COUNT(keyset_checks)};
