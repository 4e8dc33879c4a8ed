/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_CHECKS_COMPROMISE_H
#define TSCOPE_CHECKS_COMPROMISE_H

#include "checks/findings.h"

/**
 * @file What follows from a key that others are known to have held. On somebody else's token: a forgery, at any date. On
 * its own issuer's: that depends on when the token was seen, and on nothing that the token says, but a date after the
 * issuer itself had ceased to sign with it.
 */

struct tscope_compromise {
    enum tscope_severity severity;
    enum tscope_proves proves;
    const char *words; /* why, in the arena */
    const char *reference;
};

/** True when the key that verified the token is under a notice of compromise. */
bool tscope_compromise_of(const tscope_subject *subject, struct tscope_compromise *ret_compromise);

#define TSCOPE_STORM0558_KID "1LTMzakihiRla_8z2BEJVXeWMqo"
#define TSCOPE_STORM0558_SHA1 "d4b4cccda9228624656bff33d8110955779632aa"

/** True when that key is the one acquired by Storm-0558: by its certificate, or by the name that a notice knows it under. */
bool tscope_compromise_is_storm0558(const tscope_subject *subject);

#endif
