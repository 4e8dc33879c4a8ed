/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/address.h"

#include <arpa/inet.h>

#define DAY 86400
#define MAPPED_AT 12 /* where the IPv4 address stands in the 16 bytes */

static const uint8_t mapped_prefix[MAPPED_AT] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

static bool
is_mapped(const struct tscope_address *address)
{
    return memcmp(address->bytes, mapped_prefix, sizeof(mapped_prefix)) == 0;
}

/* "1.2.3.4:567" and "[v6]:443" without the port. Two colons and no bracket: it is all address. */
static struct tscope_span
without_port(struct tscope_span text)
{
    const uint8_t *colon, *end;

    if (text.len > 1 && text.data[0] == '[') {
        end = memchr(text.data, ']', text.len);
        return end ? tscope_span_of(text.data + 1, (size_t)(end - text.data) - 1) : text;
    }
    colon = memchr(text.data, ':', text.len);
    if (colon && !memchr(colon + 1, ':', text.len - (size_t)(colon + 1 - text.data)))
        text.len = (size_t)(colon - text.data);
    return text;
}

bool
tscope_address_read(struct tscope_span text, struct tscope_address *ret_address)
{
    char plain[TSCOPE_ADDRESS_TEXT];
    const uint8_t *zone;

    if (!text.data || text.len == 0)
        return false;
    text = without_port(text);
    zone = memchr(text.data, '%', text.len); /* of a link-local address */
    if (zone)
        text.len = (size_t)(zone - text.data);
    if (text.len == 0 || text.len >= sizeof(plain))
        return false;
    memcpy(plain, text.data, text.len);
    plain[text.len] = '\0';
    if (inet_pton(AF_INET, plain, ret_address->bytes + MAPPED_AT) == 1) {
        memcpy(ret_address->bytes, mapped_prefix, sizeof(mapped_prefix));
        return true;
    }
    return inet_pton(AF_INET6, plain, ret_address->bytes) == 1;
}

void
tscope_address_text(const struct tscope_address *address, char text[TSCOPE_ADDRESS_TEXT])
{
    text[0] = '\0';
    if (is_mapped(address))
        inet_ntop(AF_INET, address->bytes + MAPPED_AT, text, TSCOPE_ADDRESS_TEXT);
    else
        inet_ntop(AF_INET6, address->bytes, text, TSCOPE_ADDRESS_TEXT);
}

static bool
is_within(const struct tscope_address *address, const struct tscope_address *range, unsigned bits)
{
    unsigned whole = bits / 8, rest = bits % 8;

    if (memcmp(address->bytes, range->bytes, whole) != 0)
        return false;
    return rest == 0 || ((address->bytes[whole] ^ range->bytes[whole]) >> (8 - rest)) == 0;
}

/* RFC 1918, RFC 6598, RFC 1122 section 3.2.1.3, RFC 3927, RFC 4193, RFC 4291: a client on the internet has none of them. */
static bool
is_private(const struct tscope_address *address)
{
    static const uint8_t v4[][3] = {{10, 0, 8}, {172, 16, 12}, {192, 168, 16}, {100, 64, 10}, {127, 0, 8}, {169, 254, 16}, {0, 0, 8}};
    static const struct tscope_address loopback = {{[15] = 1}}, nothing = {{0}};

    if (is_mapped(address)) {
        for (size_t i = 0; i < sizeof(v4) / sizeof(v4[0]); i++) {
            struct tscope_address range = {{0}};

            memcpy(range.bytes, mapped_prefix, sizeof(mapped_prefix));
            range.bytes[MAPPED_AT] = v4[i][0];
            range.bytes[MAPPED_AT + 1] = v4[i][1];
            if (is_within(address, &range, 96u + v4[i][2]))
                return true;
        }
        return false;
    }
    if (memcmp(address, &loopback, sizeof(loopback)) == 0 || memcmp(address, &nothing, sizeof(nothing)) == 0)
        return true;
    return (address->bytes[0] & 0xfe) == 0xfc || (address->bytes[0] == 0xfe && (address->bytes[1] & 0xc0) == 0x80);
}

bool
tscope_address_is_relay(const struct tscope_address *address)
{
    if (is_private(address))
        return true;
    for (size_t i = 0; i < tscope_relay_ranges_len; i++) {
        if (is_within(address, &tscope_relay_ranges[i].address, tscope_relay_ranges[i].bits))
            return true;
    }
    return false;
}

bool
tscope_address_is_near(const struct tscope_address *a, const struct tscope_address *b)
{
    return is_mapped(a) == is_mapped(b) && is_within(a, b, is_mapped(a) ? 96 + 24 : 48);
}

const struct tscope_incident_address *
tscope_address_incident(const struct tscope_address *address, int64_t time)
{
    for (size_t i = 0; i < tscope_incident_addresses_len; i++) {
        const struct tscope_incident_address *row = &tscope_incident_addresses[i];

        if (memcmp(&row->address, address, sizeof(*address)) == 0 && time >= row->from - DAY && time < row->until + DAY)
            return row;
    }
    return NULL;
}
