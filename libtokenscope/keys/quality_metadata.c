/* SPDX-License-Identifier: Apache-2.0 */
#include "core/text.h"
#include "keys/quality.h"
#include "keys/ring.h"

/*
 * Metadata that sends for its keys to somebody else's host, or that does not name the issuer it was asked for (mix-up: OpenID Connect
 * Discovery section 4.3). Most providers publish their keys on their own host; of two hosts in one domain nobody knows more.
 */

/* Hosts that publish for one another, as the providers' own metadata shows. Whole hosts: their domains also hold what customers upload. */
static const char *const google[] = {"accounts.google.com", "securetoken.google.com", "www.googleapis.com", "oauth2.googleapis.com", NULL};
static const char *const microsoft[] = {"login.microsoftonline.com",
                                        "sts.windows.net",
                                        "login.windows.net",
                                        "login.microsoft.com",
                                        "login.live.com",
                                        "login.microsoftonline.us",
                                        "login.partner.microsoftonline.cn",
                                        "login.chinacloudapi.cn",
                                        "sts.chinacloudapi.cn",
                                        NULL};
static const char *const *const siblings[] = {google, microsoft};

/* Domains below which every customer has a host of his own. */
static const char *const hosting[] = {"windows.net", "amazonaws.com", "googleapis.com", "azurewebsites.net", "cloudfront.net",
                                      "github.io",   "herokuapp.com", "appspot.com",    "web.app",           NULL};

/* RFC 3986 section 3.2: without user information and port. data NULL: no absolute address. */
static struct tscope_span
host_of(struct tscope_span address)
{
    size_t start = tscope_text_find(address, TSCOPE_SPAN("://")), end;

    if (start == SIZE_MAX)
        return (struct tscope_span){NULL, 0};
    start += 3;
    for (end = start; end < address.len && !memchr("/?#\\", address.data[end], 4); end++) {
        if (address.data[end] == '@')
            start = end + 1;
    }
    for (size_t i = start; i < end && address.data[start] != '['; i++) {
        if (address.data[i] == ':')
            end = i;
    }
    return end > start ? tscope_span_of(address.data + start, end - start) : (struct tscope_span){NULL, 0};
}

/* An address by number, or a name that no public server has: what a cluster calls itself. */
static bool
is_inner(struct tscope_span host)
{
    static const char *const ends[] = {".local", ".localhost", ".internal", ".svc", ".lan"};
    uint8_t last = host.data[host.len - 1];

    if (last == ']' || (last >= '0' && last <= '9') || !memchr(host.data, '.', host.len))
        return true;
    for (size_t i = 0; i < TSCOPE_COUNT(ends); i++) {
        struct tscope_span end = tscope_span_text(ends[i]);

        if (host.len > end.len && tscope_text_equal_fold(tscope_span_of(host.data + host.len - end.len, end.len), end))
            return true;
    }
    return false;
}

/* The last labels of a name, by which owners are told apart: two, or three below such as co.uk. */
static struct tscope_span
domain_of(struct tscope_span host)
{
    size_t start = host.len, label_end = host.len, labels = 0, wanted = 2;

    while (start > 0 && labels < wanted) {
        start--;
        if (host.data[start] != '.' && start > 0)
            continue;
        labels++;
        if (labels == 2 && host.len - label_end == 3 && label_end - start - (host.data[start] == '.') <= 3)
            wanted = 3;
        label_end = start;
    }
    if (host.data[start] == '.')
        start++;
    return tscope_span_of(host.data + start, host.len - start);
}

static bool
is_listed(const char *const *hosts, struct tscope_span host)
{
    for (; *hosts; hosts++) {
        if (tscope_text_equal_fold(host, tscope_span_text(*hosts)))
            return true;
    }
    return false;
}

static bool
are_siblings(struct tscope_span a, struct tscope_span b)
{
    for (size_t i = 0; i < TSCOPE_COUNT(siblings); i++) {
        if (is_listed(siblings[i], a) && is_listed(siblings[i], b))
            return true;
    }
    return false;
}

static bool
is_same_but_slash(struct tscope_span a, struct tscope_span b)
{
    if (a.len > 0 && a.data[a.len - 1] == '/')
        a.len--;
    if (b.len > 0 && b.data[b.len - 1] == '/')
        b.len--;
    return tscope_span_equal(a, b);
}

static enum tscope_status
add(struct tscope_key_faults *faults, const struct tscope_ring_metadata *metadata, enum tscope_key_fault_weight weight, const char *what,
    struct tscope_span found, const char *against, struct tscope_span expected)
{
    size_t before = faults->faults_len;
    enum tscope_status status = tscope_key_faults_add(faults, TSCOPE_FAULT_MIXUP, weight, TSCOPE_FAULT_NO_KEY, "%s '%s', and %s '%s'", what,
                                                      tscope_ring_name(found).text, against, tscope_ring_name(expected).text);

    if (status == TSCOPE_OK && faults->faults_len > before)
        faults->faults[before].source = (const char *)metadata->source.data;
    return status;
}

static enum tscope_status
judge_keys(struct tscope_key_faults *faults, const struct tscope_ring_metadata *metadata)
{
    struct tscope_span issuer = host_of(metadata->issuer), keys = host_of(metadata->jwks_uri);
    enum tscope_key_fault_weight weight = TSCOPE_FAULT_FULL;

    if (!issuer.data || !keys.data || tscope_text_equal_fold(issuer, keys) || are_siblings(issuer, keys) || is_inner(issuer))
        return TSCOPE_OK;
    if (!is_inner(keys) && tscope_text_equal_fold(domain_of(issuer), domain_of(keys))) {
        if (!is_listed(hosting, domain_of(keys)))
            return TSCOPE_OK;
        weight = TSCOPE_FAULT_LESS;
    } else if (is_inner(keys)) {
        weight = TSCOPE_FAULT_LESS;
    }
    return add(faults, metadata, weight, "the keys are on the host", keys, "the issuer is", metadata->issuer);
}

/* What Microsoft says of a tenant by its name, or of all of them, is a template or a GUID. */
static enum tscope_status
judge_issuer(struct tscope_key_faults *faults, const struct tscope_ring_metadata *metadata)
{
    struct tscope_span asked = host_of(metadata->asked), issuer = host_of(metadata->issuer);
    bool same_domain;

    if (!metadata->asked.data || !asked.data || is_same_but_slash(metadata->asked, metadata->issuer))
        return TSCOPE_OK;
    if (issuer.data && are_siblings(asked, issuer))
        return TSCOPE_OK;
    same_domain = issuer.data && tscope_text_equal_fold(domain_of(asked), domain_of(issuer));
    return add(faults, metadata, same_domain ? TSCOPE_FAULT_LESS : TSCOPE_FAULT_FULL, "the issuer is", metadata->issuer,
               "the metadata was asked of", metadata->asked);
}

enum tscope_status
tscope_key_faults_find_in_metadata(struct tscope_key_faults *faults)
{
    enum tscope_status status = TSCOPE_OK;

    for (const struct tscope_ring_metadata *metadata = faults->keyring->metadata; metadata && status == TSCOPE_OK;
         metadata = metadata->next) {
        status = judge_keys(faults, metadata);
        if (status == TSCOPE_OK)
            status = judge_issuer(faults, metadata);
    }
    return status;
}
