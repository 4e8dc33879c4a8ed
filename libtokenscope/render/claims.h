/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_RENDER_CLAIMS_H
#define TSCOPE_RENDER_CLAIMS_H

#include "inspect/inspection.h"
#include "render/members.h"

/** @file The claims that an examiner looks for first: who, with which application, where, to what, when. */

/** A line each; nothing when the payload is no object. seen_from: where seen is from; NULL when it is not known. */
void tscope_claims_lines(struct tscope_layout *layout, const tscope_subject *subject, const char *seen_from,
                         const struct tscope_members_view *view);

#endif
