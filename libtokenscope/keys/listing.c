/* SPDX-License-Identifier: Apache-2.0 */
#include <tokenscope/history.h>

#include "core/alloc.h"
#include "core/text.h"
#include "keys/ring.h"

/* Whose endpoint lists a key, for whom, and what can be said of a time: what lists of keys are made by. */

#define FORMAT "tokenscope-key-history/1"

bool
tscope_history_is(const uint8_t *bytes, size_t bytes_len)
{
    struct tscope_arena arena = {0};
    struct tscope_json json = {0};
    bool is_history = false;

    if (bytes && tscope_json_read(&json, &arena, bytes, bytes_len, TSCOPE_JSON_LIMITS_FILE, NULL) == TSCOPE_OK)
        is_history = tscope_json_string_is(&json, tscope_json_member(&json, tscope_json_root(&json), "format"), FORMAT);
    tscope_arena_clear(&arena);
    return is_history;
}

const char *
tscope_key_state_id(enum tscope_key_state state)
{
    switch (state) {
#define STATE_ID(name, number, id, words) \
    case TSCOPE_KEY_STATE_##name:         \
        return id;
        TSCOPE_FOREACH_KEY_STATE(STATE_ID)
#undef STATE_ID
    }
    return "?";
}

static bool
is_endpoint(const struct tscope_history_endpoint *row, const char *endpoint)
{
    return tscope_span_is(row->id, endpoint) || (row->url.data && tscope_span_is(row->url, endpoint));
}

/* TSCOPE_HISTORY_NONE: this history knows no such one. */
static uint32_t
find_endpoint(const struct tscope_history *history, const char *endpoint)
{
    for (uint32_t i = 0; i < history->endpoints_len; i++) {
        if (is_endpoint(&history->endpoints[i], endpoint))
            return i;
    }
    return TSCOPE_HISTORY_NONE;
}

static enum tscope_key_state
state_of(enum tscope_presence presence)
{
    switch (presence) {
    case TSCOPE_PRESENCE_PUBLISHED:
        return TSCOPE_KEY_STATE_PUBLISHED;
    case TSCOPE_PRESENCE_RETIRED:
        return TSCOPE_KEY_STATE_RETIRED;
    case TSCOPE_PRESENCE_EARLY:
        return TSCOPE_KEY_STATE_EARLY;
    case TSCOPE_PRESENCE_UNKNOWN:
        break;
    }
    return TSCOPE_KEY_STATE_UNKNOWN;
}

void
tscope_key_state_at(const tscope_keyring *keyring, const tscope_key *key, const char *endpoint, int64_t at,
                    struct tscope_key_state_view *ret_view)
{
    uint32_t asked = endpoint && key->history ? find_endpoint(key->history, endpoint) : TSCOPE_HISTORY_NONE;
    struct tscope_presence_answer answer;

    (void)keyring;
    *ret_view = (struct tscope_key_state_view){.state = TSCOPE_KEY_STATE_UNKNOWN, .before = TSCOPE_TIME_NONE, .after = TSCOPE_TIME_NONE};
    if (!key->history || (endpoint && asked == TSCOPE_HISTORY_NONE))
        return;
    answer = tscope_history_presence_by(key->history, key->history_key, asked, at);
    ret_view->state = state_of(answer.presence);
    ret_view->before = answer.before;
    ret_view->after = answer.after;
    ret_view->source = (const char *)answer.source.data;
    if (answer.endpoint != TSCOPE_HISTORY_NONE)
        ret_view->endpoint = (const char *)key->history->endpoints[answer.endpoint].id.data;
}

bool
tscope_history_has_listed(const struct tscope_history *history, uint32_t key, uint32_t endpoint)
{
    const struct tscope_history_key *row = &history->keys[key];

    for (uint32_t i = 0; i < row->sightings_len; i++) {
        if (history->sightings[row->sightings + i].endpoint == endpoint)
            return true;
    }
    for (uint32_t i = 0; i < history->snapshots_len; i++) {
        if (history->snapshots[i].endpoint == endpoint && tscope_history_set_holds(&history->snapshots[i], key))
            return true;
    }
    return false;
}

bool
tscope_key_is_listed_by(const tscope_keyring *keyring, const tscope_key *key, const char *endpoint)
{
    (void)keyring;
    for (uint32_t i = 0; key->history && i < key->history->endpoints_len; i++) {
        if (is_endpoint(&key->history->endpoints[i], endpoint) && tscope_history_has_listed(key->history, key->history_key, i))
            return true;
    }
    return false;
}

/* {tenantid} in what is published stands for one segment of a path. */
static bool
fits_template(struct tscope_span pattern, struct tscope_span issuer)
{
    const struct tscope_span tenant = TSCOPE_SPAN("{tenantid}");
    size_t at = tscope_text_find(pattern, tenant), tail;

    if (at == SIZE_MAX)
        return false;
    tail = pattern.len - at - tenant.len;
    return issuer.len > at + tail && memcmp(issuer.data, pattern.data, at) == 0 &&
           memcmp(issuer.data + issuer.len - tail, pattern.data + pattern.len - tail, tail) == 0 &&
           !memchr(issuer.data + at, '/', issuer.len - at - tail);
}

static enum tscope_key_issuer_match
match(struct tscope_span pattern, struct tscope_span issuer)
{
    if (!pattern.data)
        return TSCOPE_KEY_ISSUER_NONE;
    if (tscope_span_equal(pattern, issuer))
        return TSCOPE_KEY_ISSUER_EXACT;
    return fits_template(pattern, issuer) ? TSCOPE_KEY_ISSUER_TEMPLATE : TSCOPE_KEY_ISSUER_NONE;
}

enum tscope_key_issuer_match
tscope_key_match_issuer(const tscope_keyring *keyring, const tscope_key *key, const char *issuer)
{
    struct tscope_span sought = tscope_span_text(issuer);
    enum tscope_key_issuer_match best = match(key->issuer, sought), by_set = match(key->set_issuer, sought);

    (void)keyring;
    best = by_set > best ? by_set : best;
    if (key->issuer.data) /* the key itself says whose it is: a common endpoint lists keys of others too */
        return best;
    for (uint32_t i = 0; key->history && i < key->history->endpoints_len; i++) {
        enum tscope_key_issuer_match by_endpoint = match(key->history->endpoints[i].issuer, sought);

        if (by_endpoint > best && tscope_history_has_listed(key->history, key->history_key, i))
            best = by_endpoint;
    }
    return best;
}
