/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_RENDER_SIGNER_H
#define TSCOPE_RENDER_SIGNER_H

#include "inspect/inspection.h"
#include "render/members.h"

/** @file Who signed, and whether that key was entitled to then. */

/** Lines "Signed by" and "Entitled" of a signature. */
void tscope_signer_lines(struct tscope_layout *layout, const struct tscope_judged_signature *judged, bool verbose,
                         const struct tscope_members_view *view);
/** The same in one clause, in an open paragraph: for one signature of several, and for tokens inside. */
void tscope_signer_put_short(struct tscope_layout *layout, const struct tscope_judged_signature *judged);

#endif
