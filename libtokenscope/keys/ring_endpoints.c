/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "core/alloc.h"
#include "core/error.h"
#include "core/json.h"
#include "keys/ring.h"

/* The endpoints of all histories in one row: each token whose key no history holds asks them whether they are its issuer's. */

#define SCHEME "https://"
#define SCHEME_LEN (sizeof(SCHEME) - 1)

uint32_t
tscope_issuer_host_mark(struct tscope_span issuer)
{
    const uint8_t *host = issuer.data + SCHEME_LEN, *slash;
    size_t len;

    if (issuer.len <= SCHEME_LEN || memcmp(issuer.data, SCHEME, SCHEME_LEN) != 0)
        return 0;
    len = issuer.len - SCHEME_LEN;
    slash = memchr(host, '/', len);
    len = slash ? (size_t)(slash - host) : len;
    return memchr(host, '{', len) ? 0 : tscope_hash32(host, len) | 1;
}

/* Endpoints that state families and an issuer, in order of their urls; of one url by issuer or not, and then as they were added. */
struct stating {
    struct tscope_span url, issuer;
    size_t order;
    const struct tscope_history_endpoint *row;
};

struct statements {
    struct stating *by_url, *by_issuer;
    size_t len;
};

static int
compare_by_url(const void *left, const void *right)
{
    const struct stating *a = left, *b = right;
    int order = tscope_span_compare(a->url, b->url);

    return order ? order : (a->order > b->order) - (a->order < b->order);
}

static int
compare_by_issuer(const void *left, const void *right)
{
    const struct stating *a = left, *b = right;
    int order = tscope_span_compare(a->url, b->url);

    order = order ? order : tscope_span_compare(a->issuer, b->issuer);
    return order ? order : (a->order > b->order) - (a->order < b->order);
}

static void
clear_statements(struct statements *statements)
{
    tscope_free(statements->by_url);
    tscope_free(statements->by_issuer);
}

/* False: out of memory. */
static bool
gather_statements(const tscope_keyring *keyring, size_t endpoints_len, struct statements *ret_statements)
{
    struct statements statements = {.by_url = tscope_alloc_zeroed(endpoints_len, sizeof(*statements.by_url)),
                                    .by_issuer = tscope_alloc_zeroed(endpoints_len, sizeof(*statements.by_issuer))};

    if (!statements.by_url || !statements.by_issuer) {
        clear_statements(&statements);
        return false;
    }
    for (size_t h = 0; h < keyring->histories_len; h++) {
        const struct tscope_history *history = keyring->histories[h];

        for (uint32_t e = 0; e < history->endpoints_len; e++) {
            const struct tscope_history_endpoint *row = &history->endpoints[e];

            if (row->families_len == 0 || !row->issuer.data || !row->url.data)
                continue;
            statements.by_url[statements.len] = (struct stating){row->url, row->issuer, statements.len, row};
            statements.len++;
        }
    }
    if (statements.len > 0) {
        memcpy(statements.by_issuer, statements.by_url, statements.len * sizeof(*statements.by_issuer));
        qsort(statements.by_url, statements.len, sizeof(*statements.by_url), compare_by_url);
        qsort(statements.by_issuer, statements.len, sizeof(*statements.by_issuer), compare_by_issuer);
    }
    *ret_statements = statements;
    return true;
}

/* What another history states of the same address, where whoever took these sets stated nothing. */
static const struct tscope_history_endpoint *
stated_elsewhere(const struct statements *statements, const struct tscope_history_endpoint *row)
{
    const struct stating sought = {row->url, row->issuer, 0, row};
    const struct stating *sorted = row->issuer.data ? statements->by_issuer : statements->by_url;
    int (*compare)(const void *, const void *) = row->issuer.data ? compare_by_issuer : compare_by_url;
    size_t low = 0, high = row->url.data ? statements->len : 0;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (compare(&sorted[middle], &sought) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    if (!row->url.data || low == statements->len || !tscope_span_equal(sorted[low].url, row->url) ||
        (row->issuer.data && !tscope_span_equal(sorted[low].issuer, row->issuer)))
        return row;
    return sorted[low].row;
}

static bool
is_of_tenants(struct tscope_span issuer)
{
    static const char tenant[] = "{tenantid}";
    const size_t len = sizeof(tenant) - 1;
    const uint8_t *brace = issuer.data ? memchr(issuer.data, '{', issuer.len) : NULL;
    size_t left = brace ? (size_t)(issuer.data + issuer.len - brace) : 0;

    return left >= len && memcmp(brace, tenant, len) == 0 && !memchr(brace + len, '{', left - len);
}

static void
add_endpoint(tscope_keyring *keyring, const struct statements *statements, const struct tscope_history *history, uint32_t endpoint)
{
    const struct tscope_history_endpoint *row = &history->endpoints[endpoint];

    if (row->families_len == 0)
        row = stated_elsewhere(statements, row);
    keyring->endpoint_hosts[keyring->endpoints_len] = row->issuer.data ? tscope_issuer_host_mark(row->issuer) : 0;
    keyring->endpoints[keyring->endpoints_len++] = (struct tscope_ring_endpoint){row, history, endpoint, is_of_tenants(row->issuer)};
}

enum tscope_status
tscope_ring_gather_endpoints(tscope_keyring *keyring, struct tscope_error *err)
{
    struct statements statements;
    size_t len = 0;

    for (size_t h = 0; h < keyring->histories_len; h++)
        len += keyring->histories[h]->endpoints_len;
    keyring->endpoints_len = 0;
    if (len == 0)
        return TSCOPE_OK;
    tscope_free(keyring->endpoints); /* of a freeze that failed */
    tscope_free(keyring->endpoint_hosts);
    keyring->endpoints = tscope_alloc_zeroed(len, sizeof(*keyring->endpoints));
    keyring->endpoint_hosts = tscope_alloc_zeroed(len, sizeof(*keyring->endpoint_hosts));
    if (!keyring->endpoints || !keyring->endpoint_hosts || !gather_statements(keyring, len, &statements))
        return tscope_error_no_memory(err);
    for (size_t h = 0; h < keyring->histories_len; h++) {
        for (uint32_t e = 0; e < keyring->histories[h]->endpoints_len; e++)
            add_endpoint(keyring, &statements, keyring->histories[h], e);
    }
    clear_statements(&statements);
    return TSCOPE_OK;
}

const struct tscope_ring_endpoint *
tscope_keyring_next_endpoint(const tscope_keyring *keyring, uint32_t host, size_t *cursor)
{
    const uint32_t *hosts = keyring->endpoint_hosts;
    const size_t len = keyring->endpoints_len;
    size_t at = *cursor;

    while (host && at < len && hosts[at] != host && hosts[at])
        at++;
    *cursor = at + 1;
    return at < len ? &keyring->endpoints[at] : NULL;
}
