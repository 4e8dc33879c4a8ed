/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_RENDER_ENTITLEMENT_WORDS_H
#define TSCOPE_RENDER_ENTITLEMENT_WORDS_H

#include "inspect/inspection.h"
#include "render/layout.h"

/** @file Whether the key that verified was entitled to sign then, in words. */

/** "yes: complete key sets on both sides of then list it", "no: …"; in an open paragraph. The signature is verified. */
void tscope_entitlement_put(struct tscope_layout *layout, const struct tscope_judged_signature *judged);

#endif
