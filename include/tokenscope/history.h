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
