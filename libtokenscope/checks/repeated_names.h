/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_CHECKS_REPEATED_NAMES_H
#define TSCOPE_CHECKS_REPEATED_NAMES_H

#include "checks/findings.h"

/** @file Names that stand twice: in one object (RFC 7515 section 4), or in two headers that must share none (section 7.2.1). */

#define TSCOPE_REPEATED_EVIDENCE_MAX 16 /* two places a name */

/** Starts as {0}. */
struct tscope_repeated_names {
    struct tscope_evidence evidence[TSCOPE_REPEATED_EVIDENCE_MAX];
    size_t evidence_len;
    size_t total;            /* names that stand twice */
    struct tscope_span name; /* of the first, as written */
    const char *where;       /* it stands: static words */
};

/** Adds the repeated names within any object of an index. part says where the index lives; UNPROTECTED: in the token's text. */
void tscope_repeated_names_find(const tscope_subject *subject, const struct tscope_json *json, enum tscope_part_id part,
                                struct tscope_repeated_names *repeated);
/** Adds the names that the protected header shares with the unprotected one. False when out of memory. */
bool tscope_repeated_names_compare(const tscope_subject *subject, struct tscope_repeated_names *repeated);

/** True when a member's name, unescaped, is this text. */
bool tscope_names_equal(const struct tscope_json *json, const struct tscope_value *member, struct tscope_span text);

#endif
