/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TOKENSCOPE_REPORT_H
#define TOKENSCOPE_REPORT_H

#include <stdbool.h>

#include <tokenscope/keys.h>
#include <tokenscope/status.h>
#include <tokenscope/token.h>

#ifdef __cplusplus
extern "C" {
#endif

/** @file What an inspection found, and the catalogue of what it looks for. */

/** The outcome of one inspection. Immutable; views taken from it live as long as it does. */
typedef struct tscope_report tscope_report;

/** X(NAME, "id", "words"), gravest first. */
#define TSCOPE_FOREACH_VERDICT(X)                                                                       \
    X(FORGED, "forged", "no correct validator could take this for the named issuer's work")             \
    X(INVALID, "invalid", "no correct validator can accept this as it stands")                          \
    X(SUSPICIOUS, "suspicious", "something about it is seriously unusual")                              \
    X(UNVERIFIED, "unverified", "no key at hand can judge it, or the signature is not in the evidence") \
    X(VALID, "valid", "verified by a key of the named issuer, and nothing contradicts its use then")

enum tscope_verdict {
#define TSCOPE_VERDICT_ENUM(name, id, words) TSCOPE_VERDICT_##name,
    TSCOPE_FOREACH_VERDICT(TSCOPE_VERDICT_ENUM)
#undef TSCOPE_VERDICT_ENUM
};

enum tscope_severity {
    TSCOPE_SEVERITY_INFO,
    TSCOPE_SEVERITY_LOW,
    TSCOPE_SEVERITY_MEDIUM,
    TSCOPE_SEVERITY_HIGH,
    TSCOPE_SEVERITY_CRITICAL,
};

enum tscope_proves { TSCOPE_PROVES_NOTE, TSCOPE_PROVES_ANOMALY, TSCOPE_PROVES_INVALID, TSCOPE_PROVES_FORGERY };

/** X(NAME, "id") */
#define TSCOPE_FOREACH_SIGNATURE_STATUS(X) \
    X(VERIFIED, "verified")                \
    X(FAILED, "failed")                    \
    X(UNVERIFIED, "unverified")            \
    X(MISSING, "missing")                  \
    X(NONE, "none")

enum tscope_signature_status {
#define TSCOPE_SIGNATURE_STATUS_ENUM(name, id) TSCOPE_STATUS_##name,
    TSCOPE_FOREACH_SIGNATURE_STATUS(TSCOPE_SIGNATURE_STATUS_ENUM)
#undef TSCOPE_SIGNATURE_STATUS_ENUM
};

/** One finding, a view into its report. Fixed for the soname. */
struct tscope_finding_view {
    const char *id;
    enum tscope_severity severity;
    enum tscope_proves proves;
    const char *title;
    const char *detail;
    size_t evidence; /**< pieces of evidence */
    void *reserved[4];
};

void tscope_report_free(tscope_report *report); /**< NULL is allowed */

enum tscope_verdict tscope_report_verdict(const tscope_report *report);
enum tscope_signature_status tscope_report_signature(const tscope_report *report); /**< of the deciding signature */
/** The registered name of its algorithm, such as "RS256"; NULL when it names none. Static. */
const char *tscope_report_alg(const tscope_report *report);
/** The key that verified it, a view into the inspector's keyring; NULL when none did. */
const tscope_key *tscope_report_key(const tscope_report *report);

/** One of a token's signatures. Fixed for the soname. */
struct tscope_signature_view {
    enum tscope_signature_status status;
    const char *alg;       /**< NULL: none that is known */
    const tscope_key *key; /**< that verified it; NULL: none */
    size_t trials;         /**< keys tried */
    bool was_cut;          /**< the limit left keys untried */
    void *reserved[4];
};
/** A signature by its number, from 0, in the token's order. False when there is no such one; a token that is no JWS has one, too. */
bool tscope_report_signature_at(const tscope_report *report, size_t number, struct tscope_signature_view *ret_signature);
size_t tscope_report_findings(const tscope_report *report);
/** False when there is no such finding. */
bool tscope_report_finding(const tscope_report *report, size_t number, struct tscope_finding_view *ret_finding);
/** True when a check of this id found something; its severity may be asked with tscope_report_finding(). */
bool tscope_report_has(const tscope_report *report, const char *id);
/** Number and id of the checks that could not tell; NULL behind the last. */
size_t tscope_report_inconclusive(const tscope_report *report);
const char *tscope_report_inconclusive_id(const tscope_report *report, size_t number);
/** True when a row that could not tell could by itself have made the token forged or invalid. */
bool tscope_report_is_uncertain(const tscope_report *report);

/** One fault that validators are known to have. Fixed for the soname; all strings static. */
struct tscope_opinion_view {
    const char *id;         /**< "key-issuer-unbound" */
    const char *sentence;   /**< "any application that … would accept it" */
    const char *references; /**< RFC sections, CVE, CWE; "; " between */
    void *reserved[4];
};

/**
 * The second opinion: which of these faults, alone, would have let the token pass that a correct validator refuses. None for a
 * token that a correct validator accepts, and none that rests on a signature which could not be tried.
 */
size_t tscope_report_opinions(const tscope_report *report);
/** False when there is no such number. */
bool tscope_report_opinion(const tscope_report *report, size_t number, struct tscope_opinion_view *ret_opinion);
/** Bytes of a digest as hexadecimal text, with its NUL. */
#define TSCOPE_DIGEST_TEXT_SIZE 65

/**
 * SHA-256 of the token's text, lower-case hexadecimal: its name in reports ("sha256").
 *
 * @return TSCOPE_OK, TSCOPE_ERR_CRYPTO or TSCOPE_ERR_NO_MEMORY
 */
TSCOPE_MUST_USE enum tscope_status tscope_report_digest(const tscope_report *report, char ret_text[TSCOPE_DIGEST_TEXT_SIZE],
                                                        struct tscope_error *err);

/** The byte of the source at which the token's text begins ("source": "offset", after its "base"). */
uint64_t tscope_report_offset(const tscope_report *report);

/** The token that was inspected. */
const tscope_token *tscope_report_token(const tscope_report *report);

/**
 * What tables of tokens and of logs are joined on, as one line of JSON: every member is always there, in this order, null where the
 * token has none. "id", "sha256" of the token, "kind", "verdict", "signature", "alg", "kid" (as the header has it), "key" (RFC 7638
 * thumbprint of the key that verified), "iss", "aud" (of several the first), "tid", "oid", "appid" (or "azp", or "client_id"), "sub",
 * "sid", "jti", "uti" (as it stands), "uti_guid" (the same 16 bytes as a GUID, as some logs write it), "iat", "exp" (seconds since the
 * epoch), "reasons" and "findings" (ids).
 *
 * @param ret_json  released with tscope_string_free()
 * @return TSCOPE_OK, TSCOPE_ERR_NO_MEMORY or TSCOPE_ERR_CRYPTO
 */
TSCOPE_MUST_USE enum tscope_status tscope_report_row_json(const tscope_report *report, char **ret_json, size_t *ret_len,
                                                          struct tscope_error *err);

enum {
    TSCOPE_REPORT_PRETTY = 1, /**< JSON with line ends and two spaces an indent */
    TSCOPE_REPORT_REVEAL = 2, /**< signatures whole */
};

/**
 * The report as JSON ("schema": "tokenscope.report/1"), on one line unless TSCOPE_REPORT_PRETTY. The same input, keys, profile
 * and clocks give the same bytes.
 *
 * @param ret_json  NUL-terminated, the caller's to release with tscope_string_free(); ret_len may be NULL
 * @return TSCOPE_OK or TSCOPE_ERR_NO_MEMORY
 */
TSCOPE_MUST_USE enum tscope_status tscope_report_json(const tscope_report *report, unsigned flags, char **ret_json, size_t *ret_len,
                                                      struct tscope_error *err);

/**
 * The findings of a report as results of SARIF 2.1.0 (section 3.27): a JSON array on one line, "[]" when there are none. A run
 * takes the results of any number of reports; of the token there is only its place and its digest in them. A token whose source
 * has no path gives results without a location.
 *
 * @param first_line  the line of the source on which the inspected bytes begin, from 1; 0 when that is its first one
 * @param ret_json    NUL-terminated, the caller's to release with tscope_string_free(); ret_len may be NULL
 * @return TSCOPE_OK or TSCOPE_ERR_NO_MEMORY
 */
TSCOPE_MUST_USE enum tscope_status tscope_report_sarif(const tscope_report *report, uint64_t first_line, char **ret_json, size_t *ret_len,
                                                       struct tscope_error *err);

/**
 * The "tool" of the run (section 3.18) with every row of the catalogue as a rule, at which "ruleIndex" points. The run's
 * "columnKind" must be "unicodeCodePoints". Outputs and statuses as above.
 */
TSCOPE_MUST_USE enum tscope_status tscope_sarif_tool(char **ret_json, size_t *ret_len, struct tscope_error *err);

/** How text is laid out. Fixed for the soname. */
struct tscope_text_options {
    unsigned width; /**< columns; 0 means 80 */
    bool colour;    /**< ANSI colours */
    bool reveal;    /**< signatures whole */
    bool verbose;   /**< every claim, every finding in full, what could not be told */
    void *reserved[4];
};

/** The report for people: verdict first, who signed and whether that key was entitled then, findings with evidence, claims. */
TSCOPE_MUST_USE enum tscope_status tscope_report_text(const tscope_report *report, const struct tscope_text_options *options,
                                                      char **ret_text, size_t *ret_len, struct tscope_error *err);

/** What is inside a token, for people. now may be INT64_MIN: no relative times. */
TSCOPE_MUST_USE enum tscope_status tscope_token_text(const tscope_token *token, const struct tscope_text_options *options, int64_t now,
                                                     char **ret_text, size_t *ret_len, struct tscope_error *err);

const char *tscope_verdict_id(enum tscope_verdict verdict);
const char *tscope_verdict_text(enum tscope_verdict verdict);
const char *tscope_severity_id(enum tscope_severity severity); /**< "info", "low", "medium", "high", "critical" */
const char *tscope_proves_id(enum tscope_proves proves);       /**< "note", "anomaly", "invalid", "forgery" */
const char *tscope_signature_status_id(enum tscope_signature_status status);

/** One row of the catalogue of checks. Fixed for the soname; all strings static. */
struct tscope_check_view {
    const char *id;
    const char *title;
    const char *family;            /**< the file it lives in: "alg", "sig"… */
    enum tscope_severity severity; /**< the highest it gives */
    enum tscope_proves proves;     /**< the most it proves */
    const char *subject;           /**< "token", "keyset", "corpus" or "log" */
    const char *needs;             /**< "token", "token keys", "token keys history"…; "tokens", "tokens keys": of several */
    const char *specialises;       /**< the general row that stays silent when this one fires; NULL for none */
    const char *references;        /**< RFC sections, CWE, ATT&CK; "; " between */
    const char *meaning;           /**< two or three sentences: what it looks for */
    const char *false_alarm;       /**< when it is one */
    void *reserved[4];
};

size_t tscope_checks_count(void);
/** False when there is no such number. */
bool tscope_checks_at(size_t number, struct tscope_check_view *ret_check);
/** By id, exact case; false when there is none. */
bool tscope_checks_find(const char *id, struct tscope_check_view *ret_check);

/** Every fault that a second opinion may name. */
size_t tscope_opinions_count(void);
/** False when there is no such number. */
bool tscope_opinions_at(size_t number, struct tscope_opinion_view *ret_opinion);

#ifdef __cplusplus
}
#endif

#endif
