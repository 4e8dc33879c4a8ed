/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_AUDIT_ADDRESS_H
#define TSCOPE_AUDIT_ADDRESS_H

#include "core/span.h"

/** @file Client addresses as logs write them ("1.2.3.4", "1.2.3.4:567", "[2001:db8::1]:443"), and what is published about some. */

#define TSCOPE_ADDRESS_TEXT 46

/** 16 bytes; an IPv4 address is written ::ffff:a.b.c.d (RFC 4291 section 2.5.5.2). */
struct tscope_address {
    uint8_t bytes[16];
};

/** Reads an address, with or without a port; false for anything else. */
bool tscope_address_read(struct tscope_span text, struct tscope_address *ret_address);
/** In the usual form, without port. */
void tscope_address_text(const struct tscope_address *address, char text[TSCOPE_ADDRESS_TEXT]);

/** A service passes requests on from there: a published range of Exchange Online, or an address that no client has (private, loopback). */
bool tscope_address_is_relay(const struct tscope_address *address);
/** Both are in one IPv4 /24 or one IPv6 /48: one site or one pool behind address translation may be both. */
bool tscope_address_is_near(const struct tscope_address *a, const struct tscope_address *b);

/** An address that a published account of an incident names, between two dates. */
struct tscope_incident_address {
    struct tscope_address address;
    int64_t from, until; /* seconds; until is the end of the last day */
    const char *incident;
    const char *role;
};

/** The row of this address if time is inside its dates, with a day on either side; NULL else. */
const struct tscope_incident_address *tscope_address_incident(const struct tscope_address *address, int64_t time);

/** A range of addresses. */
struct tscope_address_range {
    struct tscope_address address;
    uint8_t bits; /* of the 16 bytes */
};

/* Made from libtokenscope/data/addresses.json by scripts/generate-audit-table. */
extern const struct tscope_incident_address tscope_incident_addresses[];
extern const size_t tscope_incident_addresses_len;
extern const struct tscope_address_range tscope_relay_ranges[];
extern const size_t tscope_relay_ranges_len;

#endif
