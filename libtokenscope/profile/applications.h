/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_PROFILE_APPLICATIONS_H
#define TSCOPE_PROFILE_APPLICATIONS_H

#include "core/span.h"

/**
 * @file Applications, resources and tenants that many tokens name. The table is made at build time from
 * libtokenscope/data/applications.json by scripts/generate-applications-table.
 */

enum tscope_application_kind {
    TSCOPE_APPLICATION_APPLICATION, /* a client */
    TSCOPE_APPLICATION_RESOURCE,    /* an audience, by its id or its URI */
    TSCOPE_APPLICATION_TENANT,
    TSCOPE_APPLICATION_ROLE, /* a directory role that rules over others, by the id of its template */
};

/** What a client or resource is made for, where that is plain. */
enum tscope_application_area { TSCOPE_AREA_NONE, TSCOPE_AREA_AZURE, TSCOPE_AREA_OFFICE };

struct tscope_application {
    uint64_t hash;  /* of id; no two are alike */
    const char *id; /* a GUID or URI in lower case, without trailing slash */
    const char *name;
    uint8_t kind;     /* enum tscope_application_kind */
    uint8_t area;     /* enum tscope_application_area */
    bool first_party; /* the identity provider's own */
    bool is_family;   /* a client whose refresh tokens serve all of its family */
};

/** Ordered by hash. */
extern const struct tscope_application tscope_applications[];
extern const size_t tscope_applications_len;
/** A bit for the first twelve bits of each hash: most ids are of nobody listed, and end here. */
extern const uint64_t tscope_applications_filter[64];

/** Finds an id in any case, with or without one trailing slash; NULL when it is not listed. The row is static. */
const struct tscope_application *tscope_application_find(struct tscope_span id);

#endif
