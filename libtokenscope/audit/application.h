/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_AUDIT_APPLICATION_H
#define TSCOPE_AUDIT_APPLICATION_H

#include "core/span.h"

/** @file What a log's reader has to know of an application: the identity provider's own or not, and the family that it belongs to. */

enum tscope_application_flags {
    TSCOPE_APP_FIRST_PARTY = 1, /* Microsoft's own: its services call each other with tokens that no sign-in log shows */
    TSCOPE_APP_FAMILY = 2,      /* a client whose refresh tokens serve all of its family */
    TSCOPE_APP_RESOURCE = 4,    /* something that tokens are for, not a client */
};

struct tscope_application_facts {
    const char *id; /* a GUID in lower case */
    const char *name;
    uint8_t flags;
};

/* Ordered by id. Made from libtokenscope/data/applications.json by scripts/generate-audit-table. */
extern const struct tscope_application_facts tscope_application_facts[];
extern const size_t tscope_application_facts_len;

/** NULL when it is not listed; the row is static. */
const struct tscope_application_facts *tscope_application_facts_find(struct tscope_span id);

#endif
