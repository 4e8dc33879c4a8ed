/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_AUDIT_JOIN_H
#define TSCOPE_AUDIT_JOIN_H

#include "audit/ledger.h"
#include "core/tenant.h"

/** @file All that is known of one token id, compared: what issued it, what used it, and whether they can be of one token. */

/* X(NAME, "words") */
#define TSCOPE_FOREACH_JOIN_VERDICT(X)           \
    X(JOINED, "joined")                          \
    X(NOT_JOINABLE, "not joinable")              \
    X(UNMATCHED, "unmatched in proven coverage") \
    X(CONTRADICTION, "contradiction")

enum tscope_join_verdict {
#define TSCOPE_JOIN_ENUM(name, words) TSCOPE_JOIN_##name,
    TSCOPE_FOREACH_JOIN_VERDICT(TSCOPE_JOIN_ENUM)
#undef TSCOPE_JOIN_ENUM
};

/* Why not: X(NAME, "id", "words"). */
#define TSCOPE_FOREACH_JOIN_REASON(X)                                                                                           \
    X(NONE, "none", "")                                                                                                         \
    X(NO_ID, "no-token-id", "the record has no token id")                                                                       \
    X(PLACEHOLDER, "placeholder", "the token id is a placeholder")                                                              \
    X(ODD_ID, "odd-id", "the token id is of no form that is known")                                                             \
    X(NO_SIGN_INS, "no-sign-ins", "there are no sign-in logs here")                                                             \
    X(FAILED, "failed-sign-in", "the sign-in of this id failed")                                                                \
    X(GUEST, "guest", "the user is a guest, whose home tenant keeps the sign-in")                                               \
    X(STRANGER, "no-sign-in-of-user", "no sign-in of this user is here: a guest's are in another tenant")                       \
    X(PARTNER, "partner", "access from outside the tenant, by a partner or by Microsoft")                                       \
    X(NO_TENANT, "no-tenant", "neither the record nor the token says which tenant it is of")                                    \
    X(OTHER_TENANT, "other-tenant", "there are no sign-in logs of the token's tenant")                                          \
    X(CATEGORY, "category-missing", "a category of sign-ins is missing")                                                        \
    X(BEFORE, "before-coverage", "issued before the sign-in logs begin")                                                        \
    X(AFTER, "after-coverage", "issued when the sign-in logs end, or later")                                                    \
    X(NO_TIME, "no-time", "the time of issue is not known, and no use tells it within 28 hours")                                \
    X(CUT, "cut-export", "an export of sign-ins shows signs of being cut, or rows of it were left out")                         \
    X(GAP, "gap", "the sign-in logs have a gap there")                                                                          \
    X(UNREAD, "unreadable-ids", "sign-ins of this user at that time have no token id that can be read")                         \
    X(FEW, "too-few-others", "fewer than 20 other tokens of this kind of application tell how many join")                       \
    X(RATE, "others-do-not-join", "too many other tokens of this kind of application, of the week or of the hour, do not join") \
    X(NOT_ASKED, "not-asked", "only whoever has all logs can say so")

enum tscope_join_reason {
#define TSCOPE_JOIN_REASON_ENUM(name, id, words) TSCOPE_JOIN_REASON_##name,
    TSCOPE_FOREACH_JOIN_REASON(TSCOPE_JOIN_REASON_ENUM)
#undef TSCOPE_JOIN_REASON_ENUM
        TSCOPE_JOIN_REASONS
};

/* What cannot be of one token: X(NAME, bit, "id", "words"). */
#define TSCOPE_FOREACH_CONTRADICTION(X)                                                        \
    X(USER, 1, "user", "the token was issued to another user than used it")                    \
    X(TENANT, 2, "tenant", "the token was issued in another tenant than it says, or says two") \
    X(APP, 4, "app", "the token was issued to another application than used it")               \
    X(IAT, 8, "iat", "the time of issue that the token gives is not that of its sign-in")      \
    X(TWO_USERS, 16, "two-users", "one token id is used by two users")                         \
    X(TWO_IATS, 32, "two-times-of-issue", "one token id comes with two times of issue")        \
    X(EARLY_USE, 64, "used-before-issue", "the token is used before it was issued")            \
    X(CONSUMER, 128, "consumer-tenant", "a token of the tenant of personal accounts on an organisation's mailbox")

enum tscope_contradiction {
#define TSCOPE_CONTRADICTION_ENUM(name, bit, id, words) TSCOPE_CONTRADICTION_##name = bit,
    TSCOPE_FOREACH_CONTRADICTION(TSCOPE_CONTRADICTION_ENUM)
#undef TSCOPE_CONTRADICTION_ENUM
};

/** Events of one id, and the one that shows its issue. */
struct tscope_join_group {
    const uint32_t *events; /* numbers in the ledger, in order of time */
    size_t events_len;
    const struct tscope_event *alias; /* an event that knows the token by another id; NULL: none */
};

/** Whose object id a user's name stands for, where only one is known; a word, 0: not known. */
typedef uint32_t (*tscope_join_resolve)(void *user, uint32_t name);

struct tscope_join_result {
    enum tscope_join_verdict verdict;
    enum tscope_join_reason reason; /* of NOT_JOINABLE; for a group without an issue NOT_ASKED, which whoever knows the coverage replaces */
    unsigned contradictions;        /* enum tscope_contradiction */
    const struct tscope_event *issue;      /* what shows the issue; NULL: nothing */
    const struct tscope_event *against[8]; /* by bit: the event that contradicts */
    int64_t iat;                           /* of the token, as its uses say; TSCOPE_TIME_NONE: none does */
    bool used;                             /* an event shows its use, or the token itself is here */
    bool guest, partner, failed;
};

/** Compares. words of the consumer tenant and known applications are looked up in the ledger's texts. */
void tscope_join_judge(const tscope_ledger *ledger, const struct tscope_join_group *group, tscope_join_resolve resolve, void *user,
                       struct tscope_join_result *ret_result);

/** The client that an event names; a word, 0: none (resources do not count). */
uint32_t tscope_join_client(const tscope_ledger *ledger, const struct tscope_event *event);

const char *tscope_join_verdict_text(enum tscope_join_verdict verdict);
const char *tscope_join_reason_id(enum tscope_join_reason reason);
const char *tscope_join_reason_text(enum tscope_join_reason reason);
const char *tscope_contradiction_id(unsigned bit);
const char *tscope_contradiction_text(unsigned bit);

#endif
