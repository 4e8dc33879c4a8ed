/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_RENDER_KEY_LINES_H
#define TSCOPE_RENDER_KEY_LINES_H

#include "keys/keyring.h"
#include "render/layout.h"

/** @file Phrases about keys that reports and keys show share; each in an open paragraph. */

#define TSCOPE_KEY_TEXT_MAX 256 /* bytes shown of a kid, an issuer, a subject, a name of a file */

/** "US government cloud"; NULL for the public one and for none. */
const char *tscope_key_lines_cloud(enum tscope_cloud cloud);
/** "its own issuer", "the endpoint listing it": what a family is known by; NULL when it is not. */
const char *tscope_key_lines_family_from(enum tscope_family_from from);

/** "CN=Live ID STS Signing Public Key, 2016-04-05 to 2021-04-04" */
void tscope_key_lines_put_certificate(struct tscope_layout *layout, const struct tscope_certificate *certificate);
/** "2024-07-01 to 2024-08-14 by entra-common-v2 and 3 more" of a key that a history holds. */
void tscope_key_lines_put_published(struct tscope_layout *layout, const tscope_key *recorded);
/** "Storm-0558: misuse known from 2023-05-15, withdrawn 2023-07-05" */
void tscope_key_lines_put_notice_story(struct tscope_layout *layout, const struct tscope_history_notice *notice);
/** The same with "compromised: " or the like before it. */
void tscope_key_lines_put_notice(struct tscope_layout *layout, const struct tscope_history_notice *notice);

#endif
