/* SPDX-License-Identifier: Apache-2.0 */
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

/* What another history states of the same address, where whoever took these sets stated nothing. */
static const struct tscope_history_endpoint *
stated_elsewhere(const tscope_keyring *keyring, const struct tscope_history_endpoint *row)
{
    for (size_t h = 0; h < keyring->histories_len && row->url.data; h++) {
        const struct tscope_history *history = keyring->histories[h];

        for (uint32_t e = 0; e < history->endpoints_len; e++) {
            const struct tscope_history_endpoint *other = &history->endpoints[e];

            if (other->families_len > 0 && other->issuer.data && tscope_span_equal(other->url, row->url) &&
                (!row->issuer.data || tscope_span_equal(other->issuer, row->issuer)))
                return other;
        }
    }
    return row;
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

enum tscope_status
tscope_ring_gather_endpoints(tscope_keyring *keyring, struct tscope_error *err)
{
    size_t len = 0;

    for (size_t h = 0; h < keyring->histories_len; h++)
        len += keyring->histories[h]->endpoints_len;
    tscope_free(keyring->endpoints); /* of a freeze that failed */
    tscope_free(keyring->endpoint_hosts);
    keyring->endpoints = tscope_alloc_zeroed(len ? len : 1, sizeof(*keyring->endpoints));
    keyring->endpoint_hosts = tscope_alloc_zeroed(len ? len : 1, sizeof(*keyring->endpoint_hosts));
    if (!keyring->endpoints || !keyring->endpoint_hosts)
        return tscope_error_no_memory(err);
    keyring->endpoints_len = 0;
    for (size_t h = 0; h < keyring->histories_len; h++) {
        const struct tscope_history *history = keyring->histories[h];

        for (uint32_t e = 0; e < history->endpoints_len; e++) {
            const struct tscope_history_endpoint *row = &history->endpoints[e];

            if (row->families_len == 0)
                row = stated_elsewhere(keyring, row);
            keyring->endpoint_hosts[keyring->endpoints_len] = row->issuer.data ? tscope_issuer_host_mark(row->issuer) : 0;
            keyring->endpoints[keyring->endpoints_len++] = (struct tscope_ring_endpoint){row, history, e, is_of_tenants(row->issuer)};
        }
    }
    return TSCOPE_OK;
}

size_t
tscope_keyring_endpoints(const tscope_keyring *keyring, const struct tscope_ring_endpoint **ret_endpoints)
{
    *ret_endpoints = keyring->endpoints;
    return keyring->endpoints_len;
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
