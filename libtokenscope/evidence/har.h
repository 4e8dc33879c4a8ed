/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_EVIDENCE_HAR_H
#define TSCOPE_EVIDENCE_HAR_H

#include "evidence/json_walk.h"

/** @file What the places of an HTTP archive 1.2 are, with what Chrome and Firefox add (names that begin with "_"). */

enum tscope_har_where {
    TSCOPE_HAR_ELSEWHERE,
    TSCOPE_HAR_URL,
    TSCOPE_HAR_QUERY,
    TSCOPE_HAR_FRAGMENT,
    TSCOPE_HAR_REQUEST_HEADER,
    TSCOPE_HAR_REQUEST_COOKIE,
    TSCOPE_HAR_REQUEST_BODY,
    TSCOPE_HAR_REQUEST_BODY_BASE64,
    TSCOPE_HAR_FORM_FIELD,
    TSCOPE_HAR_RESPONSE_HEADER,
    TSCOPE_HAR_RESPONSE_COOKIE,
    TSCOPE_HAR_RESPONSE_BODY,
    TSCOPE_HAR_RESPONSE_BODY_BASE64,
    TSCOPE_HAR_REDIRECT,
    TSCOPE_HAR_REDIRECT_QUERY,
    TSCOPE_HAR_REDIRECT_FRAGMENT,
    TSCOPE_HAR_WEB_SOCKET,
    TSCOPE_HAR_INITIATOR,
    TSCOPE_HAR_PAGE,
};

/** Of the value or name that the walk is at. */
enum tscope_har_where tscope_har_where(const struct tscope_json_walk *walk);
/** "request header"… NULL for ELSEWHERE. Static. */
const char *tscope_har_where_text(enum tscope_har_where where);
/** True for what the server sent, which was there when the entry was over. */
bool tscope_har_is_response(enum tscope_har_where where);
/** Part of an address: turns URL and REDIRECT into what stands before the place says. before: the address up to the place. */
enum tscope_har_where tscope_har_url_part(enum tscope_har_where where, struct tscope_span before);

/** A member of an entry that every context of it tells. */
enum tscope_har_member {
    TSCOPE_HAR_NO_MEMBER,
    TSCOPE_HAR_TIME, /* milliseconds that the entry took */
    TSCOPE_HAR_METHOD,
    TSCOPE_HAR_ADDRESS,
    TSCOPE_HAR_STATUS
};

enum tscope_har_member tscope_har_member(const struct tscope_json_walk *walk);

#endif
