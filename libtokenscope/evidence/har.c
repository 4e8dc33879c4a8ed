/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence/har.h"

#include "core/alloc.h"
#include "core/text.h"

#define ENTRY_DEPTH 4 /* {"log": {"entries": [ {: the fourth container is the entry */

/* The member's name at a depth (1: of the outermost container); data NULL: none, or an element. */
static struct tscope_span
name_at(const struct tscope_json_walk *walk, size_t depth)
{
    const struct tscope_walk_level *level = &walk->levels[depth - 1];

    if (depth > walk->depth || depth > TSCOPE_WALK_LEVELS_MAX || level->is_array || !level->has_member)
        return (struct tscope_span){NULL, 0};
    return tscope_span_of(level->name, level->name_len);
}

static bool
is_in(const struct tscope_json_walk *walk, const char *list)
{
    return walk->depth >= ENTRY_DEPTH && tscope_span_is(name_at(walk, 1), "log") && tscope_span_is(name_at(walk, 2), list) &&
           tscope_json_walk_is_array(walk, 3);
}

/* Names of an entry's members, and what is in them: the fifth level's name, and the sixth's or seventh's where they tell more. */
static const struct {
    const char *first, *second;
    const char *last; /* of the object in the array that second is, or of second itself; NULL: any */
    enum tscope_har_where where;
} rows[] = {
    {"request", "url", NULL, TSCOPE_HAR_URL},
    {"request", "queryString", NULL, TSCOPE_HAR_QUERY},
    {"request", "headers", NULL, TSCOPE_HAR_REQUEST_HEADER},
    {"request", "cookies", NULL, TSCOPE_HAR_REQUEST_COOKIE},
    {"request", "postData", "params", TSCOPE_HAR_FORM_FIELD},
    {"request", "postData", NULL, TSCOPE_HAR_REQUEST_BODY},
    {"response", "headers", NULL, TSCOPE_HAR_RESPONSE_HEADER},
    {"response", "cookies", NULL, TSCOPE_HAR_RESPONSE_COOKIE},
    {"response", "content", NULL, TSCOPE_HAR_RESPONSE_BODY},
    {"response", "redirectURL", NULL, TSCOPE_HAR_REDIRECT},
    {"_webSocketMessages", NULL, NULL, TSCOPE_HAR_WEB_SOCKET},
    {"_initiator", NULL, NULL, TSCOPE_HAR_INITIATOR},
};

enum tscope_har_where
tscope_har_where(const struct tscope_json_walk *walk)
{
    struct tscope_span first, second, last;

    if (is_in(walk, "pages"))
        return TSCOPE_HAR_PAGE;
    if (!is_in(walk, "entries"))
        return TSCOPE_HAR_ELSEWHERE;
    first = name_at(walk, ENTRY_DEPTH);
    second = name_at(walk, ENTRY_DEPTH + 1);
    last = name_at(walk, ENTRY_DEPTH + 2);
    for (size_t i = 0; i < TSCOPE_COUNT(rows); i++) {
        if (tscope_span_is(first, rows[i].first) && (!rows[i].second || tscope_span_is(second, rows[i].second)) &&
            (!rows[i].last || tscope_span_is(last, rows[i].last)))
            return rows[i].where;
    }
    return TSCOPE_HAR_ELSEWHERE;
}

const char *
tscope_har_where_text(enum tscope_har_where where)
{
    switch (where) {
    case TSCOPE_HAR_ELSEWHERE:
        return NULL;
    case TSCOPE_HAR_URL:
        return "url";
    case TSCOPE_HAR_QUERY:
        return "query";
    case TSCOPE_HAR_FRAGMENT:
        return "fragment";
    case TSCOPE_HAR_REQUEST_HEADER:
        return "request header";
    case TSCOPE_HAR_REQUEST_COOKIE:
        return "request cookie";
    case TSCOPE_HAR_REQUEST_BODY:
        return "request body";
    case TSCOPE_HAR_REQUEST_BODY_BASE64:
        return "request body (base64)";
    case TSCOPE_HAR_FORM_FIELD:
        return "form field";
    case TSCOPE_HAR_RESPONSE_HEADER:
        return "response header";
    case TSCOPE_HAR_RESPONSE_COOKIE:
        return "response cookie";
    case TSCOPE_HAR_RESPONSE_BODY:
        return "response body";
    case TSCOPE_HAR_RESPONSE_BODY_BASE64:
        return "response body (base64)";
    case TSCOPE_HAR_REDIRECT:
        return "redirect";
    case TSCOPE_HAR_REDIRECT_QUERY:
        return "redirect query";
    case TSCOPE_HAR_REDIRECT_FRAGMENT:
        return "redirect fragment";
    case TSCOPE_HAR_WEB_SOCKET:
        return "web socket";
    case TSCOPE_HAR_INITIATOR:
        return "initiator";
    case TSCOPE_HAR_PAGE:
        return "page";
    }
    return NULL;
}

bool
tscope_har_is_response(enum tscope_har_where where)
{
    return where >= TSCOPE_HAR_RESPONSE_HEADER && where <= TSCOPE_HAR_REDIRECT_FRAGMENT;
}

enum tscope_har_where
tscope_har_url_part(enum tscope_har_where where, struct tscope_span before)
{
    bool is_redirect = where == TSCOPE_HAR_REDIRECT;

    if (before.len && memchr(before.data, '#', before.len))
        return is_redirect ? TSCOPE_HAR_REDIRECT_FRAGMENT : TSCOPE_HAR_FRAGMENT;
    if (before.len && memchr(before.data, '?', before.len))
        return is_redirect ? TSCOPE_HAR_REDIRECT_QUERY : TSCOPE_HAR_QUERY;
    return where;
}

enum tscope_har_member
tscope_har_member(const struct tscope_json_walk *walk)
{
    struct tscope_span first, second;

    if (!is_in(walk, "entries"))
        return TSCOPE_HAR_NO_MEMBER;
    first = name_at(walk, ENTRY_DEPTH);
    second = name_at(walk, ENTRY_DEPTH + 1);
    if (walk->depth == ENTRY_DEPTH)
        return tscope_span_is(first, "time") ? TSCOPE_HAR_TIME : TSCOPE_HAR_NO_MEMBER;
    if (walk->depth != ENTRY_DEPTH + 1)
        return TSCOPE_HAR_NO_MEMBER;
    if (tscope_span_is(first, "response"))
        return tscope_span_is(second, "status") ? TSCOPE_HAR_STATUS : TSCOPE_HAR_NO_MEMBER;
    if (!tscope_span_is(first, "request"))
        return TSCOPE_HAR_NO_MEMBER;
    if (tscope_span_is(second, "method"))
        return TSCOPE_HAR_METHOD;
    return tscope_span_is(second, "url") ? TSCOPE_HAR_ADDRESS : TSCOPE_HAR_NO_MEMBER;
}
