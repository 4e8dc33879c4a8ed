/* SPDX-License-Identifier: Apache-2.0 */
#include "checks/holder.h"
#include "checks/key_runs.h"
#include "checks/silence.h"

/*
 * Does the token name a key that its issuer did not publish? Only a set that was complete, and close, can say so. A key
 * that is missing from what was kept is no evidence of anything.
 */

struct tscope_naming_answer {
    bool listed;                          /* some set around then lists the name: of whatever endpoint that serves the family */
    const struct tscope_history *history; /* with complete sets on both sides, or else with the sets nearest to then; NULL: none */
    uint32_t endpoint;
    bool covered;
    int64_t before, after;
    struct tscope_extent extent;
};

static bool
serves_family(const struct tscope_history_endpoint *endpoint, struct tscope_span family)
{
    for (uint32_t i = 0; i < endpoint->families_len; i++) {
        if (tscope_span_equal(endpoint->families[i], family))
            return true;
    }
    return false;
}

/* Where each policy or address of an issuer has a set of its own, a set of another one lacks the key by right. */
static bool
may_be_another_set(const tscope_subject *subject, const struct tscope_history_endpoint *row)
{
    const struct tscope_profile_issuer *known = subject->issuer.row;

    return known && known->jwks.data && row->url.data && !tscope_profile_set_is_of(known, subject->iss, row->url);
}

static bool
shows_keys_of(const tscope_subject *subject, const struct tscope_history *history, uint32_t endpoint)
{
    for (uint32_t s = 0; s < history->snapshots_len; s++) {
        const struct tscope_history_snapshot *set = &history->snapshots[s];

        for (uint32_t k = 0; set->endpoint == endpoint && k < set->keys_len; k++) {
            const struct tscope_history_key *key = &history->keys[set->keys[k]];

            if (tscope_span_equal(key->family, subject->issuer.family) || tscope_span_equal(key->issuer, subject->iss))
                return true;
        }
    }
    return false;
}

/*
 * Of which family the sets are, nobody stated. A template may stand over issuers of several: the sets for organisations have that of the
 * common ones, and never list a key of personal accounts. Those of another family are theirs when they show a key of it.
 */
static bool
may_hold_family(const tscope_subject *subject, const struct tscope_history *history, uint32_t endpoint,
                const struct tscope_history_endpoint *row)
{
    struct tscope_profile_match match;
    const struct tscope_profile_issuer *named;

    if (row->families_len > 0 || !subject->issuer.row || !row->issuer.data || tscope_span_equal(row->issuer, subject->iss))
        return true;
    named = tscope_profile_find_row(subject->profile, row->issuer, &match);
    return (named && tscope_span_equal(named->family, subject->issuer.family)) || shows_keys_of(subject, history, endpoint);
}

/* The profile's own template matched already; of other placeholders than the tenant a history's endpoint knows nothing. */
static bool
is_of_issuer(const tscope_subject *subject, const struct tscope_ring_endpoint *asked)
{
    const struct tscope_history_endpoint *row = asked->row;
    struct tscope_span tenant;

    if (!row->issuer.data)
        return row->families_len == 0 && row->url.data && subject->issuer.row &&
               tscope_profile_set_is_of(subject->issuer.row, subject->iss, row->url);
    return (asked->is_of_tenants && subject->issuer.row && tscope_span_equal(row->issuer, subject->issuer.row->pattern)) ||
           tscope_profile_pattern_matches(row->issuer, subject->iss, &tenant);
}

/*
 * An endpoint answers when it serves the issuer's family, or, taken by somebody who stated no family, the issuer itself. name: of a key
 * that the history holds; data NULL: it holds none of that name.
 */
static void
ask_endpoint(const tscope_subject *subject, const struct tscope_ring_endpoint *asked, struct tscope_span name,
             struct tscope_naming_answer *answer)
{
    const struct tscope_history_endpoint *row = asked->row;
    struct tscope_extent extent;
    bool is_issuers;

    if (row->families_len > 0 && ((!name.data && !row->issuer.data) || !serves_family(row, subject->issuer.family)))
        return;
    is_issuers = is_of_issuer(subject, asked);
    if (!is_issuers && (!name.data || row->families_len == 0))
        return;
    answer->listed |= name.data && tscope_history_lists_kid(asked->history, asked->endpoint, name, subject->then);
    if (!is_issuers || answer->covered || may_be_another_set(subject, row) ||
        !may_hold_family(subject, asked->history, asked->endpoint, row))
        return;
    if (tscope_history_covers(asked->history, asked->endpoint, subject->then, &answer->before, &answer->after)) {
        answer->covered = true;
        answer->history = asked->history;
        answer->endpoint = asked->endpoint;
        return;
    }
    if (answer->history)
        return;
    extent = tscope_history_extent(asked->history, asked->endpoint, subject->then);
    if (extent.endpoint != TSCOPE_HISTORY_NONE) {
        answer->history = asked->history;
        answer->extent = extent;
    }
}

/* True when the history holds a key of that name; history NULL: when any does. By the index of the keyring. */
static bool
holds_name(const tscope_subject *subject, const struct tscope_history *history, struct tscope_span name)
{
    const tscope_key *key = subject->resolution->key;
    uint32_t cursor = 0;

    if (!history && key && !tscope_keyring_shares_kid(subject->keyring, key) && tscope_span_equal(key->kid, name))
        return key->history != NULL; /* that of the key that verified, as mostly, and no other's */
    while ((key = tscope_keyring_next_by_kid(subject->keyring, name, &cursor))) {
        if (history ? key->history == history : key->history != NULL)
            return true;
    }
    return false;
}

/* When no history holds the name, endpoints of other hosts have nothing to say, and most end here. */
static void
ask_endpoints(const tscope_subject *subject, struct tscope_span name, struct tscope_naming_answer *answer)
{
    const struct tscope_span nothing = {NULL, 0};
    const bool is_held = holds_name(subject, NULL, name);
    const uint32_t host = is_held ? 0 : tscope_issuer_host_mark(subject->iss);
    const struct tscope_ring_endpoint *asked;
    const struct tscope_history *history = NULL;
    bool holds = false;
    size_t cursor = 0;

    while (!answer->listed && (asked = tscope_keyring_next_endpoint(subject->keyring, host, &cursor))) {
        if (is_held && asked->history != history) {
            history = asked->history;
            holds = holds_name(subject, history, name);
        }
        ask_endpoint(subject, asked, holds ? name : nothing, answer);
    }
}

/* Asked once for a token, and kept with its findings. NULL: out of memory. */
static const struct tscope_naming_answer *
ask_histories(const tscope_subject *subject, struct tscope_span name, tscope_findings *findings)
{
    if (findings->naming)
        return findings->naming;
    findings->naming = tscope_arena_alloc(findings->arena, sizeof(*findings->naming));
    if (!findings->naming)
        return NULL;
    *findings->naming = (struct tscope_naming_answer){.extent = {.endpoint = TSCOPE_HISTORY_NONE}};
    ask_endpoints(subject, name, findings->naming);
    return findings->naming;
}

/* The provider's own resources take no key of an application; anything else may. */
bool
tscope_key_is_for_first_party(const tscope_subject *subject)
{
    struct tscope_member aud = tscope_subject_claim(subject, TSCOPE_CLAIM_AUD);

    if (!aud.value || aud.value->type != TSCOPE_JSON_ARRAY)
        return tscope_profile_is_first_party(tscope_subject_text(subject, aud));
    for (const struct tscope_value *one = tscope_json_first(aud.json, aud.value); one; one = tscope_json_next(aud.json, one)) {
        if (tscope_profile_is_first_party(tscope_json_string(aud.json, one, subject->arena)))
            return true;
    }
    return false;
}

static enum tscope_status
find_unlisted(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings, enum tscope_header header,
              const struct tscope_naming_answer *answer)
{
    const struct tscope_history_endpoint *endpoint = &answer->history->endpoints[answer->endpoint];
    struct tscope_evidence evidence[2] = {tscope_evidence_header(subject, header), tscope_evidence_claim(subject, TSCOPE_CLAIM_AUD)};
    bool first_party = tscope_key_is_for_first_party(subject);
    bool is_of_entra = subject->issuer.family.data && tscope_span_is(subject->issuer.family, TSCOPE_FAMILY_ENTERPRISE);

    return tscope_findings_add_graded(
        findings, check, first_party ? check->severity : TSCOPE_SEVERITY_MEDIUM, check->proves, evidence, first_party ? 2 : 1,
        "not signed with a key published for this issuer around %s: no set of %s then lists %s, and its sets were archived from %s to %s, "
        "none more than 7 days from the next, in %s; %s",
        tscope_subject_time(subject, subject->then), tscope_words_of(subject, endpoint->url.data ? endpoint->url : endpoint->id),
        tscope_subject_quote(subject, tscope_subject_text(subject, tscope_subject_header(subject, header))),
        tscope_subject_time(subject, answer->before), tscope_subject_time(subject, answer->after),
        tscope_words_of_history(subject, answer->history),
        first_party   ? "the audience is the provider's own, which takes no application's own key"
        : is_of_entra ? "an application with a signing key of its own looks the same"
                      : "a key that was published for less time than lies between two sets looks the same");
}

/* A key that a history holds, or that is another's, was judged by what it verified; a signature that failed, or that is none, has its own
 * finding. */
static bool
is_asked(const tscope_subject *subject)
{
    const struct tscope_resolution *resolution = subject->resolution;

    if (!tscope_subject_is_jws(subject) || (!subject->issuer.family.data && !subject->issuer.archived) ||
        (resolution->alg && resolution->alg->family == TSCOPE_ALG_HMAC))
        return false;
    switch (resolution->status) {
    case TSCOPE_STATUS_VERIFIED:
        return !resolution->standing.recorded && !tscope_holder_is_foreign(subject);
    case TSCOPE_STATUS_UNVERIFIED:
    case TSCOPE_STATUS_MISSING:
        return true;
    case TSCOPE_STATUS_FAILED:
    case TSCOPE_STATUS_NONE:
        return false;
    }
    return false;
}

/* Entra lets applications have a signing key of their own, which the sets of no tenant list. */
enum tscope_status
tscope_key_run_own_key(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings)
{
    struct tscope_evidence evidence[2];
    enum tscope_header header;
    struct tscope_span name;
    const struct tscope_naming_answer *answer;

    if (!subject->issuer.row || !is_asked(subject) || subject->then == TSCOPE_TIME_NONE ||
        !tscope_span_is(subject->issuer.family, TSCOPE_FAMILY_ENTERPRISE))
        return TSCOPE_OK;
    header = tscope_subject_header(subject, TSCOPE_HEADER_KID).value ? TSCOPE_HEADER_KID : TSCOPE_HEADER_X5T;
    name = tscope_subject_text(subject, tscope_subject_header(subject, header));
    if (!name.data)
        return TSCOPE_OK;
    if (!tscope_subject_claim(subject, TSCOPE_CLAIM_AUD).value || tscope_key_is_for_first_party(subject))
        return TSCOPE_OK;
    answer = ask_histories(subject, name, findings);
    if (!answer)
        return TSCOPE_ERR_NO_MEMORY;
    if (answer->listed || !answer->covered)
        return TSCOPE_OK;
    evidence[0] = tscope_evidence_header(subject, header);
    evidence[1] = tscope_evidence_claim(subject, TSCOPE_CLAIM_AUD);
    return tscope_findings_add_graded(
        findings, check, check->severity, check->proves, evidence, TSCOPE_COUNT(evidence),
        "no set of the tenant's issuer lists %s around %s; an application with a signing key of its own looks "
        "the same: ask for the metadata that names the application, and give its keys",
        tscope_subject_quote(subject, name), tscope_subject_time(subject, subject->then));
}

enum tscope_status
tscope_key_run_unknown(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings)
{
    enum tscope_header header = tscope_subject_header(subject, TSCOPE_HEADER_KID).value ? TSCOPE_HEADER_KID : TSCOPE_HEADER_X5T;
    struct tscope_span name = tscope_subject_text(subject, tscope_subject_header(subject, header));
    const struct tscope_naming_answer *answer;

    if (!name.data || !is_asked(subject))
        return TSCOPE_OK;
    if (subject->then == TSCOPE_TIME_NONE)
        return tscope_findings_unknown(findings, check, TSCOPE_REASON_NO_TIME, TSCOPE_CHANGES_STRENGTH,
                                       "the token has no iat, nbf or exp, so nobody knows for what time to ask");
    answer = ask_histories(subject, name, findings);
    if (!answer)
        return TSCOPE_ERR_NO_MEMORY;
    if (answer->listed)
        return TSCOPE_OK;
    if (answer->covered)
        return find_unlisted(check, subject, findings, header, answer);
    return tscope_silence_say(findings, check, answer->history, &answer->extent, subject->then,
                              "no history at hand has complete sets of the keys of this issuer");
}
