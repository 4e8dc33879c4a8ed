/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_TOKEN_CARRIER_H
#define TSCOPE_TOKEN_CARRIER_H

#include "token/token.h"

/** @file What a token was sent as, read from the words that stand before it. */

enum tscope_carrier {
    TSCOPE_CARRIER_UNKNOWN,
    TSCOPE_CARRIER_ACCESS, /* Authorization: Bearer (RFC 6750), DPoP (RFC 9449 section 7.1); access_token */
    TSCOPE_CARRIER_ID,     /* id_token; id_token_hint (OpenID Connect Core section 3.1.2.1) */
    TSCOPE_CARRIER_LOGOUT, /* logout_token (OpenID Connect Back-Channel Logout section 2.5) */
    TSCOPE_CARRIER_CLIENT, /* client_assertion (RFC 7521 section 4.2) */
    TSCOPE_CARRIER_PROOF,  /* the DPoP field (RFC 9449 section 4.1) */
};

/** Unknown where no word stands before it, or none that says what for; also for UTF-16. */
enum tscope_carrier tscope_token_carrier(const struct tscope_token *token);

/** The words that say it, as in "sent as a client's assertion"; "" for unknown. */
const char *tscope_carrier_words(enum tscope_carrier carrier);

#endif
