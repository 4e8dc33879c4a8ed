/* SPDX-License-Identifier: Apache-2.0 */
#include "checks/corpus.h"

static const struct tscope_check corpus_checks[] = {
    [TSCOPE_CORPUS_NONCE_REUSE] =
        {
            .id = "SIG-NONCE-REUSE",
            .title = "two signatures of a key share their secret number",
            .severity = TSCOPE_SEVERITY_CRITICAL,
            .proves = TSCOPE_PROVES_ANOMALY,
            .on = TSCOPE_ON_CORPUS,
            .needs = TSCOPE_NEEDS_KEYS | TSCOPE_NEEDS_CORPUS,
            .depends = TSCOPE_DEPENDS_KEYS,
            .references = "CWE-323; RFC 6979 section 1; T1552.004",
            .meaning = "Two ECDSA or EdDSA signatures of one key over different messages have the same first half, so they were made with "
                       "the same secret number, and whoever holds both tokens can compute the private key. Medium where the key is not at "
                       "hand and issuer and kid alone say that it is one.",
            .false_alarm = "None where the signatures verify; else a kid that two keys of an issuer share.",
        },
    [TSCOPE_CORPUS_HIGH_S] =
        {
            .id = "SIG-HIGHS",
            .title = "token is there twice, with both forms of its signature",
            .severity = TSCOPE_SEVERITY_LOW,
            .proves = TSCOPE_PROVES_NOTE,
            .on = TSCOPE_ON_CORPUS,
            .needs = TSCOPE_NEEDS_CORPUS,
            .depends = TSCOPE_DEPENDS_KEYS,
            .references = "CWE-294; SEC 1 section 4.1.4",
            .meaning =
                "For every ECDSA signature (r, s) anybody can make (r, n - s), which verifies as well. Here are both over one message: "
                "one copy was altered, as is done to get past a list of tokens that were used or revoked.",
            .false_alarm = "A library that brings signatures into one form on their way.",
        },
    [TSCOPE_CORPUS_ID_TWICE] =
        {
            .id = "CLM-JTI-DUP",
            .title = "two different tokens have the same id",
            .severity = TSCOPE_SEVERITY_HIGH,
            .proves = TSCOPE_PROVES_ANOMALY,
            .on = TSCOPE_ON_CORPUS,
            .needs = TSCOPE_NEEDS_KEYS | TSCOPE_NEEDS_CORPUS,
            .depends = TSCOPE_DEPENDS_KEYS,
            .references = "RFC 7519 section 4.1.7; T1606",
            .meaning = "Verified tokens of one issuer, kind and audience share a jti or uti, but not their payload. An issuer gives an id "
                       "once (RFC 7519 section 4.1.7), so one of them may be a changed copy by somebody who holds the key. Medium for uti, "
                       "for ids of fewer than 8 bytes, and where only times differ.",
            .false_alarm = "Test systems with fixed ids, and issuers that count anew after a restart, or give a session's tokens one id.",
        },
    [TSCOPE_CORPUS_IV_REUSE] =
        {
            .id = "JWE-IVREUSE",
            .title = "two encrypted tokens share key and initialization vector",
            .severity = TSCOPE_SEVERITY_HIGH,
            .proves = TSCOPE_PROVES_ANOMALY,
            .on = TSCOPE_ON_CORPUS,
            .needs = TSCOPE_NEEDS_CORPUS,
            .references = "CWE-323; RFC 7518 section 5.3; NIST SP 800-38D section 8",
            .meaning = "With GCM the same key and initialization vector for two messages give away what differs between them, and let "
                       "others make tokens that decrypt. Medium with CBC, where only equal beginnings show, and where a direct key is "
                       "the same by its kid alone.",
            .false_alarm = "A kid that two keys share.",
        },
    [TSCOPE_CORPUS_SHAPE] =
        {
            .id = "COR-SHAPE",
            .title = "token is written unlike the others of its issuer",
            .severity = TSCOPE_SEVERITY_LOW,
            .proves = TSCOPE_PROVES_ANOMALY,
            .on = TSCOPE_ON_CORPUS,
            .needs = TSCOPE_NEEDS_CORPUS,
            .depends = TSCOPE_DEPENDS_KEYS | TSCOPE_DEPENDS_CLOCK,
            .references = "RFC 8259 section 4; T1606",
            .meaning =
                "One program writes the members of a token in one order, with white space in the same places. This token has its members "
                "in another order than at least five others of the issuer and kind, or other white space: an issuer's key in the hands "
                "of another program does so, and an edited token.",
            .false_alarm = "The first tokens of a new version of the issuer's program, or of a rare way to get a token.",
        },
    [TSCOPE_CORPUS_RECOVERED] =
        {
            .id = "KEY-RECOVERED",
            .title = "unknown signer's public key is recovered",
            .severity = TSCOPE_SEVERITY_INFO,
            .proves = TSCOPE_PROVES_NOTE,
            .on = TSCOPE_ON_CORPUS,
            .needs = TSCOPE_NEEDS_CORPUS,
            .depends = TSCOPE_DEPENDS_KEYS,
            .references = "SEC 1 section 4.1.6; RFC 8017 section 8.2; RFC 7638",
            .meaning =
                "No key at hand verifies these tokens, but their signatures give away the public key that they have in common, of which "
                "the thumbprint is named: they are one signer's. Ask by it whoever has an archive of keys; 'keys recover' prints the key, "
                "and finds those of RSA with the usual exponent, too, which takes longer.",
            .false_alarm = "It accuses nobody: a key that is not at hand is unknown, too. Whose it is, no signature says.",
        },
};

const struct tscope_check_family tscope_checks_corpus = {"corpus", NULL, corpus_checks, TSCOPE_COUNT(corpus_checks)};
