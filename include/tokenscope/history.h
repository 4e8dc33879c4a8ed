/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TOKENSCOPE_HISTORY_H
#define TOKENSCOPE_HISTORY_H

#include <stdbool.h>

#include <tokenscope/keys.h>
#include <tokenscope/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/** @file Key sets and key histories (docs/key-history.md) as such: what one says of a time, and how two differ. */

/** True when the bytes are a key history ("format": "tokenscope-key-history/1"), and no key set. */
bool tscope_history_is(const uint8_t *bytes, size_t bytes_len);

/** What a history proves of a key at a time. Numbers and ids never change. */
#define TSCOPE_FOREACH_KEY_STATE(X)                                                  \
    X(UNKNOWN, 0, "unknown", "the history cannot speak for that time")               \
    X(PUBLISHED, 1, "published", "complete sets on both sides of that time list it") \
    X(RETIRED, 2, "retired", "complete sets no longer list it")                      \
    X(EARLY, 3, "early", "complete sets did not list it yet")

enum tscope_key_state {
#define TSCOPE_KEY_STATE_ENUM(name, number, id, words) TSCOPE_KEY_STATE_##name = number,
    TSCOPE_FOREACH_KEY_STATE(TSCOPE_KEY_STATE_ENUM)
#undef TSCOPE_KEY_STATE_ENUM
};

/** The id of a state, such as "published". Static; "?" for a number that is none. */
const char *tscope_key_state_id(enum tscope_key_state state);

/** What it rests on. Strings live as long as the keyring; NULL where there is none. Fixed for the soname. */
struct tscope_key_state_view {
    enum tscope_key_state state;
    const char *endpoint; /**< id of the deciding one */
    const char *source;   /**< of the deciding set */
    int64_t before;       /**< PUBLISHED: last time listed; RETIRED: the same; EARLY: last set without it; INT64_MIN: none */
    int64_t after;        /**< PUBLISHED: next time listed; RETIRED: first set without it; EARLY: first time listed */
    void *reserved[3];
};

/**
 * What the history that holds a key says of it at a time; UNKNOWN for a key that no history holds.
 *
 * @param endpoint  id or URL of the one endpoint to ask; NULL: all that ever listed it
 */
void tscope_key_state_at(const tscope_keyring *keyring, const tscope_key *key, const char *endpoint, int64_t at,
                         struct tscope_key_state_view *ret_view);

/** True when an endpoint of this id or URL is known to have listed the key. */
bool tscope_key_is_listed_by(const tscope_keyring *keyring, const tscope_key *key, const char *endpoint);

/** How a key is one of an issuer's. */
enum tscope_key_issuer_match {
    TSCOPE_KEY_ISSUER_NONE,     /**< it is not known to be */
    TSCOPE_KEY_ISSUER_TEMPLATE, /**< {tenantid} stands where this issuer names its tenant */
    TSCOPE_KEY_ISSUER_EXACT,
};

/**
 * Whether the key is one of this issuer's: by its own issuer member, by the metadata beside it, or because an endpoint that
 * serves the issuer listed it. Where some key matches exactly, those that match as a template are of other tenants: the
 * consumer tenant has keys of its own.
 */
enum tscope_key_issuer_match tscope_key_match_issuer(const tscope_keyring *keyring, const tscope_key *key, const char *issuer);

/** How two collections of keys differ. Immutable; what it hands out lives as long as it and its keyrings do. */
typedef struct tscope_key_diff tscope_key_diff;

/** Kinds of difference, gravest first. Numbers and ids never change. */
#define TSCOPE_FOREACH_KEY_DIFFERENCE(X)                                   \
    X(CHANGED, 0, "changed", "a kid names other material than before")     \
    X(RENAMED, 1, "renamed", "the same material stands under another kid") \
    X(ADDED, 2, "added", "a key that was not there")                       \
    X(REMOVED, 3, "removed", "a key that is not there any more")           \
    X(ALTERED, 4, "altered", "the same key with other members or another certificate")

enum tscope_key_difference {
#define TSCOPE_KEY_DIFFERENCE_ENUM(name, number, id, words) TSCOPE_KEY_DIFFERENCE_##name = number,
    TSCOPE_FOREACH_KEY_DIFFERENCE(TSCOPE_KEY_DIFFERENCE_ENUM)
#undef TSCOPE_KEY_DIFFERENCE_ENUM
};

/** The id of a kind, such as "changed". Static; "?" for a number that is none. */
const char *tscope_key_difference_id(enum tscope_key_difference kind);

/** One difference. Fixed for the soname. */
struct tscope_key_difference_view {
    enum tscope_key_difference kind;
    const tscope_key *from; /**< NULL for ADDED */
    const tscope_key *to;   /**< NULL for REMOVED */
    const char *members;    /**< ALTERED: which, such as "alg, certificate"; else NULL */
    void *reserved[3];
};

/**
 * Compares the keys of two frozen keyrings by kid and material. Several forms of one kid and material count once. Order
 * within a set means nothing, and does not count.
 *
 * @param from, to  borrowed, must outlive the answer
 * @return TSCOPE_OK, TSCOPE_ERR_STATE (not frozen), TSCOPE_ERR_NO_MEMORY
 */
TSCOPE_MUST_USE enum tscope_status tscope_key_diff_new(const tscope_keyring *from, const tscope_keyring *to, tscope_key_diff **ret_diff,
                                                       struct tscope_error *err);
void tscope_key_diff_free(tscope_key_diff *diff); /**< NULL is allowed */

/** How many differences there are, and each by its number: by kind, then by kid. False when there is no such one. */
size_t tscope_key_diff_count(const tscope_key_diff *diff);
bool tscope_key_diff_at(const tscope_key_diff *diff, size_t number, struct tscope_key_difference_view *ret_difference);
/** How many keys are the same on both sides. */
size_t tscope_key_diff_same(const tscope_key_diff *diff);

/** All of it as JSON ("schema": "tokenscope.key-diff/1"). The caller's to release with tscope_string_free(). */
TSCOPE_MUST_USE enum tscope_status tscope_key_diff_json(const tscope_key_diff *diff, bool pretty, char **ret_json, size_t *ret_len,
                                                        struct tscope_error *err);

/** A complete key set as an endpoint served it. Starts as {.size = sizeof(struct tscope_snapshot)}. */
struct tscope_snapshot {
    size_t size;
    const uint8_t *bytes; /**< the JWK Set; NULL: the server says that it is the one taken last */
    size_t bytes_len;
    int64_t observed_at;
    const char *url;                  /**< of the endpoint */
    const char *endpoint;             /**< its id, for a history that does not know the URL yet; NULL: the URL */
    const char *issuer;               /**< of the tokens that it serves, for such a one; NULL: not known */
    const char *family;               /**< of keys that the history does not know yet; NULL: not known */
    const char *source;               /**< where the bytes come from, in words */
    const char *etag, *last_modified; /**< as the server said, for the next time; NULL: nothing */
};

/** What an append has done. Fixed for the soname. */
struct tscope_appended {
    size_t sets;           /**< written */
    size_t repeated;       /**< that were there already: of the same endpoint, time and keys */
    size_t keys_new;       /**< entries that were added */
    size_t keys_changed;   /**< of them, with a kid that this endpoint has listed for other material */
    size_t keys_left_out;  /**< that no history can hold: of unknown types, or symmetric */
    char changed_kid[128]; /**< the first of those changed, cut */
    void *reserved[4];
};

/**
 * Appends complete sets to the text of a history. What stands in it stays, byte for byte; rows are added behind those that
 * are there. Nothing is written by halves: on failure there is no new text.
 *
 * A set counts as complete when it is a JWK Set in strict JSON that holds keys, and every kid that the history knows can be read.
 *
 * @param history      the text so far; NULL or empty: a new one is begun
 * @param ret_history  the text now, the caller's to release with tscope_string_free()
 * @return TSCOPE_OK, TSCOPE_ERR_DATA (the history, or a set: what and where), TSCOPE_ERR_STATE (another set of the same endpoint
 *         and time is there; or none was taken before one that is said to be the same), TSCOPE_ERR_NOT_FOUND (the endpoint),
 * TSCOPE_ERR_ARGUMENT, TSCOPE_ERR_TOO_LARGE, TSCOPE_ERR_NO_MEMORY, TSCOPE_ERR_CRYPTO
 */
TSCOPE_MUST_USE enum tscope_status tscope_history_append(const uint8_t *history, size_t history_len,
                                                         const struct tscope_snapshot *snapshots, size_t snapshots_len, char **ret_history,
                                                         size_t *ret_len, struct tscope_appended *appended, struct tscope_error *err);

/** What is wrong with a history file. Immutable; strings live as long as it does. */
typedef struct tscope_history_lint tscope_history_lint;

/** What is looked for: X(NAME, "id", is an error, "words"). An error makes answers wrong or the file unusable; all else is a warning. */
#define TSCOPE_FOREACH_HISTORY_FAULT(X)                                                                       \
    X(JSON, "json", true, "readers of JSON differ about it")                                                  \
    X(SHAPE, "shape", true, "a member is missing, or of another type")                                        \
    X(TIME, "time", true, "a time that is none, or a period that ends before it begins")                      \
    X(DUPLICATE_ID, "duplicate-id", true, "an id that stands twice")                                          \
    X(UNKNOWN_KEY, "unknown-key", true, "it names a key that is not in the file")                             \
    X(UNKNOWN_ENDPOINT, "unknown-endpoint", true, "it names an endpoint that is not in the file")             \
    X(CONTRADICTION, "contradiction", true, "listed and missing at the same moment")                          \
    X(TWO_SETS, "two-sets", true, "two different complete sets of one moment")                                \
    X(FUTURE, "future", true, "dated later than now")                                                         \
    X(REFUSED, "refused", true, "the file is not accepted")                                                   \
    X(KID_TWICE, "kid-twice", false, "one kid names two materials")                                           \
    X(SAME_KEY, "same-key", false, "two entries are the same kid, material and certificate")                  \
    X(SET_TWICE, "set-twice", false, "the same set of one moment stands twice, or a key twice in a set")      \
    X(EMPTY_SET, "empty-set", false, "a complete set without keys")                                           \
    X(OVERLAP, "overlap", false, "two coverage periods of one endpoint overlap")                              \
    X(COVERAGE_END, "coverage-end", false, "no complete set is known where a coverage period begins or ends") \
    X(STEP, "step", false, "the largest step is longer than the period")                                      \
    X(ABSENT_BETWEEN, "absent-between", false, "missing between two sets that list it")                       \
    X(NOTICE_ORDER, "notice-order", false, "a notice's times are not in order")                               \
    X(AFTER_WITHDRAWN, "after-withdrawn", false, "listed after the time at which it is said to be withdrawn")

enum tscope_history_fault {
#define TSCOPE_HISTORY_FAULT_ENUM(name, id, is_error, words) TSCOPE_HISTORY_FAULT_##name,
    TSCOPE_FOREACH_HISTORY_FAULT(TSCOPE_HISTORY_FAULT_ENUM)
#undef TSCOPE_HISTORY_FAULT_ENUM
};

/** One fault and its place. Fixed for the soname. */
struct tscope_history_fault_view {
    enum tscope_history_fault fault;
    const char *id;
    bool is_error;
    const char *detail;  /**< in words; what stands in the file is quoted and escaped */
    const char *pointer; /**< RFC 6901, to the row or member; "" for the file */
    uint64_t offset;     /**< byte at which that begins */
    uint64_t line;       /**< the same, from 1 */
    void *reserved[3];
};

/**
 * Looks through a history file. Malformed rows are no failure but faults, each with its place; of a kind the first 100 are kept.
 *
 * @param now  nothing was seen later; TSCOPE_TIME_UNKNOWN (INT64_MIN): do not ask
 * @return TSCOPE_OK, TSCOPE_ERR_DATA (not JSON: where), TSCOPE_ERR_TOO_LARGE, TSCOPE_ERR_NO_MEMORY, TSCOPE_ERR_CRYPTO
 */
TSCOPE_MUST_USE enum tscope_status tscope_history_lint_new(const uint8_t *bytes, size_t bytes_len, int64_t now,
                                                           tscope_history_lint **ret_lint, struct tscope_error *err);
void tscope_history_lint_free(tscope_history_lint *lint); /**< NULL is allowed */

/** How many faults are kept, and each by its number, in order of their places. False when there is no such one. */
size_t tscope_history_lint_count(const tscope_history_lint *lint);
bool tscope_history_lint_at(const tscope_history_lint *lint, size_t number, struct tscope_history_fault_view *ret_fault);
/** How many errors and how many warnings there are, kept or not. */
size_t tscope_history_lint_errors(const tscope_history_lint *lint);
size_t tscope_history_lint_warnings(const tscope_history_lint *lint);
/** How many rows a member of the file has, such as "keys" or "snapshots". */
size_t tscope_history_lint_rows(const tscope_history_lint *lint, const char *member);

/** Keys over time: when each was published, and what else is dated. Immutable; it borrows its keyring. */
typedef struct tscope_key_timeline tscope_key_timeline;

/**
 * Gathers what the histories of a frozen keyring say of some of its keys: a row for each kid and material.
 *
 * @param keys      of this keyring
 * @param from, to  the times to show; TSCOPE_TIME_UNKNOWN (INT64_MIN): from the first to the last that is known
 * @return TSCOPE_OK, TSCOPE_ERR_ARGUMENT (no period), TSCOPE_ERR_NO_MEMORY, TSCOPE_ERR_CRYPTO
 */
TSCOPE_MUST_USE enum tscope_status tscope_key_timeline_new(const tscope_keyring *keyring, const tscope_key *const *keys, size_t keys_len,
                                                           int64_t from, int64_t to, tscope_key_timeline **ret_timeline,
                                                           struct tscope_error *err);
void tscope_key_timeline_free(tscope_key_timeline *timeline); /**< NULL is allowed */
size_t tscope_key_timeline_rows(const tscope_key_timeline *timeline);

/**
 * As text of at most width columns, as one SVG picture on light ground, and as JSON ("schema": "tokenscope.key-timeline/1").
 * The caller's to release with tscope_string_free(). The same keyring and times give the same bytes.
 */
TSCOPE_MUST_USE enum tscope_status tscope_key_timeline_text(const tscope_key_timeline *timeline, unsigned width, bool colour,
                                                            char **ret_text, size_t *ret_len, struct tscope_error *err);
TSCOPE_MUST_USE enum tscope_status tscope_key_timeline_svg(const tscope_key_timeline *timeline, char **ret_svg, size_t *ret_len,
                                                           struct tscope_error *err);
TSCOPE_MUST_USE enum tscope_status tscope_key_timeline_json(const tscope_key_timeline *timeline, bool pretty, char **ret_json,
                                                            size_t *ret_len, struct tscope_error *err);

#ifdef __cplusplus
}
#endif

#endif
