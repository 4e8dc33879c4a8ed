/* SPDX-License-Identifier: Apache-2.0 */
#include "checks/jwe_runs.h"

/* Encrypted tokens: what would harm whoever opens them, and what encryption does not show. */

static const struct tscope_check jwe_checks[] = {
    {
        .id = "JWE-AS-JWS",
        .title = "encrypted claims that nobody signed",
        .severity = TSCOPE_SEVERITY_CRITICAL,
        .proves = TSCOPE_PROVES_INVALID,
        .needs = TSCOPE_NEEDS_KEYS | TSCOPE_NEEDS_PROFILE,
        .depends = TSCOPE_DEPENDS_KEYS,
        .references = "RFC 8725 section 2.3; RFC 8725 section 3.3; CWE-345",
        .meaning =
            "The token is encrypted, and inside are bare claims in the name of an issuer that signs its tokens. A library that takes "
            "either kind accepts claims which anyone with the public key of the recipient can write.",
        .false_alarm =
            "An issuer that sends encrypted claims without a signature by an agreement of its own; none of those known here does.",
        .run = tscope_jwe_run_unsigned,
    },
    {
        .id = "JWE-P2C",
        .title = "rounds or salt of the password are out of bounds",
        .severity = TSCOPE_SEVERITY_HIGH,
        .proves = TSCOPE_PROVES_ANOMALY,
        .references = "RFC 7518 section 4.8.1; RFC 8725 section 3.2; CWE-834",
        .meaning =
            "\"p2c\" says how often a password is hashed before it opens the token, and the sender chooses it. Too many rounds hold up "
            "whoever tries to open it; too few, or a short salt, make guessing the password cheap.",
        .false_alarm = "A program that asks for more rounds than 1,200,000 on purpose, or an old one that asks for fewer than 1,000.",
        .run = tscope_jwe_run_rounds,
    },
    {
        .id = "JWE-ZIP",
        .title = "content is packed before it is encrypted",
        .severity = TSCOPE_SEVERITY_HIGH,
        .proves = TSCOPE_PROVES_ANOMALY,
        .needs = TSCOPE_NEEDS_KEYS,
        .depends = TSCOPE_DEPENDS_KEYS,
        .references = "RFC 7516 section 4.1.3; RFC 8725 section 3.6; CWE-409",
        .meaning = "\"zip\" has the reader unpack the content. Its length then tells something of a secret in it, and a thousand bytes may "
                   "unpack to a megabyte: over 250,000 bytes, or a hundredfold, it is high.",
        .false_alarm = "Systems that pack large claims sets on purpose.",
        .run = tscope_jwe_run_zip,
    },
    {
        .id = "JWE-RSA15",
        .title = "content key under PKCS #1 v1.5 padding",
        .severity = TSCOPE_SEVERITY_MEDIUM,
        .proves = TSCOPE_PROVES_ANOMALY,
        .references = "RFC 8725 section 3.2; RFC 7516 section 11.5; CWE-780",
        .meaning = "RSA1_5 lets whoever can see how a reader answers to altered tokens find out the content key (Bleichenbacher's attack). "
                   "RSA-OAEP has been there since the first version of the standard.",
        .false_alarm = "Old but honest systems still use it.",
        .run = tscope_jwe_run_rsa15,
    },
    {
        .id = "JWE-EPK",
        .title = "ephemeral key cannot be honest",
        .severity = TSCOPE_SEVERITY_CRITICAL,
        .proves = TSCOPE_PROVES_INVALID,
        .references = "RFC 7518 section 4.6.1.1; RFC 8725 section 3.4; CWE-347",
        .meaning =
            "The ephemeral key in the header is missing, no point of its curve, on a curve that is not defined for this, or has its "
            "private part beside it. A reader that takes a point off the curve gives its own private key away, a piece with each token.",
        .false_alarm = "A header that was damaged on its way.",
        .run = tscope_jwe_run_epk,
    },
    {
        .id = "JWE-TAG",
        .title = "authentication tag or initialization vector of a wrong length",
        .severity = TSCOPE_SEVERITY_CRITICAL,
        .proves = TSCOPE_PROVES_INVALID,
        .references = "RFC 7518 section 5.2.2.2; RFC 7518 section 5.3; CWE-327",
        .meaning = "The length of tag and vector is fixed by the algorithm. Libraries have passed whatever length was sent on to the "
                   "cipher, and a "
                   "tag of one byte is guessed in 256 tries.",
        .false_alarm = "A token that was cut at its end; an empty tag is taken for that.",
        .run = tscope_jwe_run_lengths,
    },
    {
        .id = "JWE-ZEROCEK",
        .title = "opens with a key of zeros",
        .severity = TSCOPE_SEVERITY_CRITICAL,
        .proves = TSCOPE_PROVES_FORGERY,
        .references = "RFC 7516 section 11.5; CWE-347; CWE-1394",
        .meaning = "The content opens with a key of nothing but zeros. Whoever made the token knew no secret: it is aimed at a reader that "
                   "uses an "
                   "empty buffer where decrypting the content key failed.",
        .false_alarm = "Test data whose shared key is all zeros.",
        .run = tscope_jwe_run_zero_key,
    },
    {
        .id = "JWE-WRAPLEN",
        .title = "encrypted key is longer than any can be",
        .severity = TSCOPE_SEVERITY_CRITICAL,
        .proves = TSCOPE_PROVES_INVALID,
        .references = "RFC 7516 section 5.2; RFC 3394 section 2.2.3; CWE-787",
        .meaning = "Key wrap adds eight bytes, and other key management none; what is sent here is longer. It overruns a reader that makes "
                   "room for "
                   "a content key and unwraps all that was sent.",
        .false_alarm = "A broken sender; no reader can open what it sends.",
        .run = tscope_jwe_run_wrapped_len,
    },
    {
        .id = "JWE-NESTED",
        .title = "content is unsecured or contradicts the header",
        .severity = TSCOPE_SEVERITY_HIGH,
        .proves = TSCOPE_PROVES_ANOMALY,
        .needs = TSCOPE_NEEDS_KEYS,
        .depends = TSCOPE_DEPENDS_KEYS,
        .references = "RFC 7519 section 5.3; RFC 8725 section 3.3; CWE-345",
        .meaning = "Inside the encrypted token is one that nobody signed, or claims which the header repeats with another issuer, subject "
                   "or audience. "
                   "Who decides by the outside is told something else than who reads the inside.",
        .false_alarm = "A gateway that puts an audience of its own into the header.",
        .run = tscope_jwe_run_nested,
    },
};

const struct tscope_check_family tscope_checks_jwe = {"jwe", tscope_subject_is_jwe, jwe_checks, TSCOPE_COUNT(jwe_checks)};
