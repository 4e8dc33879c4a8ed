/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_AUDIT_CORRELATE_H
#define TSCOPE_AUDIT_CORRELATE_H

#include "audit/coverage.h"
#include "audit/join.h"
#include "core/json_writer.h"

/** @file Records joined on the ids of tokens, and what follows from it. A log alone never says that a token was forged. */

struct tscope_correlate_options {
    unsigned complete; /* bit 1 << category: the examiner states that this log is complete, though it may have no row */
    uint32_t tenant;   /* a word: whose sign-ins those are that name no tenant; 0: nobody's */
};

/** One token id that was used. */
struct tscope_join {
    uint32_t first, len; /* in tscope_correlation.order */
    uint8_t verdict, reason;
    uint8_t missing; /* bit 1 << category, of CATEGORY, BEFORE, AFTER, CUT and GAP */
    bool is_bad;     /* a token of this id was judged forged, invalid or suspicious */
    uint16_t contradictions;
    int64_t at;                     /* the time of issue by its uses, else of its first use */
    uint64_t others, others_joined; /* of UNMATCHED, FEW and RATE */
};

/* X(NAME, "id", "words"). Leads say where to look; none of them is a verdict. */
#define TSCOPE_FOREACH_LEAD(X)                                                                                   \
    X(REPLAY, "replay", "one token id from two networks in turn, of which one is not known for this user")       \
    X(INCIDENT_ADDRESS, "incident-address", "an address that an account of an incident names, within its dates") \
    X(RARE_APP, "rare-application", "an application that nobody used on a mailbox before")                       \
    X(DERIVED, "derived-from", "a token obtained in a session in which a suspect one was used")

enum tscope_lead_kind {
#define TSCOPE_LEAD_ENUM(name, id, words) TSCOPE_LEAD_##name,
    TSCOPE_FOREACH_LEAD(TSCOPE_LEAD_ENUM)
#undef TSCOPE_LEAD_ENUM
};

struct tscope_lead {
    enum tscope_lead_kind kind;
    uint32_t event;  /* where it shows */
    uint32_t other;  /* REPLAY: the use from the other network; DERIVED: a use of the suspect token */
    uint32_t events; /* how many show it */
    bool is_direct;  /* DERIVED: by Exchange's own record, not by the session alone */
};

/** What was counted, each use once. */
struct tscope_join_counts {
    uint64_t verdicts[4];
    uint64_t reasons[TSCOPE_JOIN_REASONS];
    uint64_t contradictions[8]; /* by bit */
};

typedef struct tscope_correlation {
    const tscope_ledger *ledger;
    tscope_coverage *coverage;
    struct tscope_correlate_options options;
    uint32_t *order; /* events that have an id, by id and time */
    size_t order_len;
    struct tscope_event_alias *aliases; /* by id */
    struct tscope_join *joins;
    size_t joins_len;
    size_t joins_with_id; /* behind them are records that have none and contradict themselves */
    uint64_t *names;      /* name of a user and its only object id: both words in one number; object id 0: several */
    size_t names_len;
    uint32_t *members; /* object ids that sign in here and are no guests: words in order */
    size_t members_len;
    uint32_t *clients; /* applications that sign in here: words in order */
    size_t clients_len;
    uint32_t *unread; /* sign-ins whose token id cannot be read, by time: numbers in the ledger */
    size_t unread_len;
    uint32_t *suspects; /* numbers of joins, contradictions first, by time */
    size_t suspects_len;
    struct tscope_lead *leads;
    size_t leads_len, leads_max;
    uint64_t leads_left_out;
    struct tscope_join_counts uses;   /* records of use */
    struct tscope_join_counts mail;   /* of them MailItemsAccessed */
    struct tscope_join_counts tokens; /* different token ids */
} tscope_correlation;

/** Takes the coverage over, whatever comes out. @return TSCOPE_OK or TSCOPE_ERR_NO_MEMORY */
TSCOPE_MUST_USE enum tscope_status tscope_correlate(const tscope_ledger *ledger, tscope_coverage *coverage,
                                                    const struct tscope_correlate_options *options, tscope_correlation **ret_correlation,
                                                    struct tscope_error *err);
void tscope_correlation_free(tscope_correlation *correlation);
TSCOPE_DEFINE_AUTO(tscope_correlation)

/** The comparison behind a join once more, with the events that contradict. */
void tscope_correlation_judge(const tscope_correlation *correlation, const struct tscope_join *join, struct tscope_join_result *ret_result);

/** True for contradictions, what is unmatched, and tokens that were judged to be bad. */
static inline bool
tscope_join_is_suspect(const struct tscope_join *join)
{
    return join->verdict >= TSCOPE_JOIN_UNMATCHED || join->is_bad;
}

/** The join of an id; NULL when nothing used it. */
const struct tscope_join *tscope_correlation_find(const tscope_correlation *correlation, const uint8_t uti[TSCOPE_TOKEN_ID_BYTES]);

/** Events of a suspect's id, and of its session from its first use on: numbers in the ledger by time, to be freed with tscope_free. */
TSCOPE_MUST_USE enum tscope_status tscope_correlation_timeline(const tscope_correlation *correlation, const struct tscope_join *join,
                                                               uint32_t **ret_events, size_t *ret_len, struct tscope_error *err);

const char *tscope_lead_id(enum tscope_lead_kind kind);
const char *tscope_lead_text(enum tscope_lead_kind kind);

/** Fills the leads; of tscope_correlate(). */
TSCOPE_MUST_USE enum tscope_status tscope_correlation_find_leads(tscope_correlation *correlation, struct tscope_error *err);

#endif
