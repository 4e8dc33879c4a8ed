/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_CHECKS_EMBEDDED_H
#define TSCOPE_CHECKS_EMBEDDED_H

#include "checks/subject.h"

/** @file Tokens that carry their key because their protocol says so. */

/** Why a protocol has such tokens carry their key, in words for a detail; NULL: none that is known, or none is carried. */
const char *tscope_embedded_design(const tscope_subject *subject, const struct tscope_embedded_key *embedded);

#endif
