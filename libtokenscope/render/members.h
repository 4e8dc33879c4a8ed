/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_RENDER_MEMBERS_H
#define TSCOPE_RENDER_MEMBERS_H

#include "render/layout.h"
#include "token/token.h"

/** @file Members of headers and claims, with what their values mean. Secrets are cut unless revealed. */

/** How members are shown. */
struct tscope_members_view {
    const struct tscope_token *token; /* the tokens inside it are named here and shown elsewhere; NULL: shown in place */
    bool reveal;
    int64_t now; /* TSCOPE_TIME_NONE: nothing relative */
    size_t max;  /* bytes of one value */
};

/** One value in an open paragraph: a string as a word, a list with commas, anything else as JSON. */
void tscope_members_put_value(struct tscope_layout *layout, const struct tscope_json *json, const struct tscope_value *value,
                              const struct tscope_members_view *view);
/** Behind a value that is put: what a time, application, resource or tenant of that name means. */
void tscope_members_put_meaning(struct tscope_layout *layout, const struct tscope_json *json, const struct tscope_value *value,
                                const struct tscope_members_view *view);
/** All members of an object, a line each, values aligned. */
void tscope_members_list(struct tscope_layout *layout, const struct tscope_json *json, const struct tscope_value *object,
                         const struct tscope_members_view *view);

/** The name of a well-known application, resource or tenant in parentheses, if a string is its id; a space before it. */
void tscope_members_put_known_name(struct tscope_layout *layout, const struct tscope_json *json, const struct tscope_value *value);

#endif
