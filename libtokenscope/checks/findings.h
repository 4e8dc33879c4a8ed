/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_CHECKS_FINDINGS_H
#define TSCOPE_CHECKS_FINDINGS_H

#include "checks/subject.h"

/** @file What checks write, and the row that a check is. */

/* X(NAME, "code") of what could not be told, and why */
#define TSCOPE_FOREACH_REASON(X)    \
    X(NO_KEY, "no-key")             \
    X(NO_SECRET, "no-secret")       \
    X(KEY_UNUSABLE, "key-unusable") \
    X(TRIALS, "trials")             \
    X(HISTORY_GAP, "history-gap")   \
    X(HISTORY_ENDS, "history-ends") \
    X(NOT_COVERED, "not-covered")   \
    X(NO_TIME, "no-time")           \
    X(MASKED, "masked")             \
    X(SIGNATURE_MISSING, "signature-missing")

enum tscope_reason {
#define TSCOPE_REASON_ENUM(name, code) TSCOPE_REASON_##name,
    TSCOPE_FOREACH_REASON(TSCOPE_REASON_ENUM)
#undef TSCOPE_REASON_ENUM
};

enum tscope_could_change { TSCOPE_CHANGES_NOTHING, TSCOPE_CHANGES_STRENGTH, TSCOPE_CHANGES_VERDICT };

enum tscope_check_on { TSCOPE_ON_TOKEN, TSCOPE_ON_KEYSET, TSCOPE_ON_CORPUS, TSCOPE_ON_LOG };

enum { TSCOPE_NEEDS_KEYS = 1, TSCOPE_NEEDS_HISTORY = 2, TSCOPE_NEEDS_PROFILE = 4, TSCOPE_NEEDS_CORPUS = 8, TSCOPE_NEEDS_LOG = 16 };

/** What a row's answer depends on beside the bytes. */
enum { TSCOPE_DEPENDS_KEYS = 1, TSCOPE_DEPENDS_CLOCK = 2 };

/** What few tokens have, and some rows are about alone: of all others they are not asked. */
enum {
    TSCOPE_ONLY_RARE_HEADER = 1,     /* a header member of judging a key or reading the rest: crit, b64, zip, jku, x5u, jwk, x5c */
    TSCOPE_ONLY_ODD_KID = 2,         /* a kid that is no string of letters, digits, "-" and "_" */
    TSCOPE_ONLY_FLAWS = 4,           /* JSON with a flaw, or members in an unprotected header */
    TSCOPE_ONLY_DAMAGE = 8,          /* base64url that had to be repaired */
    TSCOPE_ONLY_UNVERIFIED = 16,     /* a signature that does not hold under a key at hand */
    TSCOPE_ONLY_ODD_FORM = 32,       /* other text around it, several signatures, a JSON serialisation, not three parts */
    TSCOPE_ONLY_ODD_ALG = 64,        /* an alg that is none of those whose signatures can be verified, "none" among them, or a JWE */
    TSCOPE_ONLY_FAULTY_KEY = 128,    /* a key that verifies, or is named, with which something is wrong (keys/key_judge.h) */
    TSCOPE_ONLY_SECRET = 256,        /* an HMAC whose secret was looked for, and found or not all tried */
    TSCOPE_ONLY_ODD_SIGNATURE = 512, /* a signature that was tried in another form than it was sent in, or over another input */
    TSCOPE_ONLY_BY_TRIAL = 1024,     /* a signature that holds under a key which was found by trying */
    TSCOPE_ONLY_POLICY = 2048,       /* a policy of the caller's */
};

typedef struct tscope_findings tscope_findings;
struct tscope_check;

typedef enum tscope_status tscope_check_run(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings);

/** One thing that is looked for: a row of its family's table. severity and proves are the highest it can give. */
struct tscope_check {
    const char *id, *title;
    enum tscope_severity severity;
    enum tscope_proves proves;
    enum tscope_check_on on;
    unsigned needs, depends;
    unsigned only;           /* TSCOPE_ONLY_*: what a token must have one of for the row to say anything; 0: it is asked of each */
    const char *specialises; /* the general row that stays silent when this one fires; NULL: none */
    const char *references;  /* "; " between */
    const char *meaning;     /* what it looks for and why it matters: two or three sentences */
    const char *false_alarm; /* when it is one; one sentence */
    tscope_check_run *run;   /* over a token; NULL: none, as most rows of other subjects have it */
};

struct tscope_check_family {
    const char *name;
    bool (*applies)(const tscope_subject *subject); /* its rows ask nothing of other tokens; NULL: of all they do */
    const struct tscope_check *checks;
    size_t checks_len;
};

/** One piece of evidence: where in the token, and what stands there. */
struct tscope_evidence {
    enum tscope_part_id part;
    struct tscope_span pointer; /* RFC 6901; data NULL: the part has no members */
    size_t raw_offset, raw_len; /* in the token's text */
    bool has_decoded;
    size_t decoded_offset, decoded_len; /* in the part's decoded bytes */
    struct tscope_span excerpt;         /* at most 80 bytes as given; never of a signature or secret; data NULL: none */
};

struct tscope_finding {
    const struct tscope_check *check;
    enum tscope_severity severity;
    enum tscope_proves proves;
    const char *detail;
    const struct tscope_evidence *evidence;
    size_t evidence_len;
};

struct tscope_silence;

struct tscope_inconclusive {
    const struct tscope_check *check;
    enum tscope_reason reason;
    enum tscope_could_change could_change;
    const char *detail;                   /* NULL: silence says it, to be put into words when asked for (checks/silence.h) */
    const struct tscope_silence *silence; /* in the arena */
};

#define TSCOPE_FINDINGS_MAX 128 /* a row gives one finding at most, so the catalogue bounds it */

struct tscope_naming_answer;
struct tscope_sd_binding;

struct tscope_findings {
    struct tscope_arena *arena;
    struct tscope_naming_answer *naming; /* of key_unknown.c, where two rows ask the same; NULL: nobody asked yet */
    struct tscope_sd_binding *binding;   /* of sd_binding.c, in the same way */
    struct tscope_finding found[TSCOPE_FINDINGS_MAX];
    size_t found_len;
    struct tscope_inconclusive unknown[TSCOPE_FINDINGS_MAX];
    size_t unknown_len;
};

/** Evidence of a member (its value with its quotes), of a whole part, of the token; empty evidence when absent. */
struct tscope_evidence tscope_evidence_member(const tscope_subject *subject, struct tscope_member member);
struct tscope_evidence tscope_evidence_header(const tscope_subject *subject, enum tscope_header header);
struct tscope_evidence tscope_evidence_claim(const tscope_subject *subject, enum tscope_claim claim);
struct tscope_evidence tscope_evidence_part(const tscope_subject *subject, enum tscope_part_id part);
/** Evidence of decoded bytes of a part that carries JSON. */
struct tscope_evidence tscope_evidence_bytes(const tscope_subject *subject, enum tscope_part_id part, size_t offset, size_t len);
/** Evidence of a run of the token's text. */
struct tscope_evidence tscope_evidence_text(const tscope_subject *subject, enum tscope_part_id part, size_t offset, size_t len);

/** Adds a finding with the row's own grade. detail: one or two plain sentences for an examiner, no final full stop needed. */
enum tscope_status tscope_findings_add(tscope_findings *findings, const struct tscope_check *check, struct tscope_evidence evidence,
                                       const char *format, ...) __attribute__((cold, format(printf, 4, 5)));
/** Adds a finding with a grade that is not above the row's, and any number of pieces of evidence. */
enum tscope_status tscope_findings_add_graded(tscope_findings *findings, const struct tscope_check *check, enum tscope_severity severity,
                                              enum tscope_proves proves, const struct tscope_evidence *evidence, size_t evidence_len,
                                              const char *format, ...) __attribute__((cold, format(printf, 7, 8)));
/** Says that the row could not tell, why, and what its answer could change. */
enum tscope_status tscope_findings_unknown(tscope_findings *findings, const struct tscope_check *check, enum tscope_reason reason,
                                           enum tscope_could_change could_change, const char *format, ...)
    __attribute__((cold, format(printf, 5, 6)));
/** The same in words that are static, or in the arena. */
enum tscope_status tscope_findings_unknown_words(tscope_findings *findings, const struct tscope_check *check, enum tscope_reason reason,
                                                 enum tscope_could_change could_change, const char *words);
/** The same with a silence, which is copied into the arena. */
enum tscope_status tscope_findings_unknown_silence(tscope_findings *findings, const struct tscope_check *check, enum tscope_reason reason,
                                                   enum tscope_could_change could_change, const struct tscope_silence *silence);

const char *tscope_reason_code(enum tscope_reason reason);
const char *tscope_could_change_id(enum tscope_could_change could_change);

struct tscope_check_plan;

/** What the token has of the rare things that some rows are about alone: TSCOPE_ONLY_* bits. */
unsigned tscope_checks_rarities(const tscope_subject *subject);

/** Runs every row of the plan (checks/registry.h) that has something to ask of the token, then drops what a more specific finding covers.
 */
enum tscope_status tscope_checks_run(const struct tscope_check_plan *plan, const tscope_subject *subject, tscope_findings *findings);

#endif
