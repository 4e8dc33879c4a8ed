/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TOOLS_KEYS_TOKENS_H
#define TOOLS_KEYS_TOKENS_H

#include <jansson.h>

#include "keys.h"

/** @file What the actions share that are about the keys of tokens: "keys recover" and "keys match". */

/** Called for each token with its report, which is used again for the next. name is for messages. */
typedef enum exit_status (*keys_token_visit)(void *user, const char *name, const tscope_report *report);

/**
 * Inspects each token of the operands (files, arguments, standard input; any number in each) with a keyring, all of whose keys are tried.
 *
 * @param action  "keys match", for a hint when there is no operand
 * @param tally   gets the status of each
 */
enum exit_status keys_visit_tokens(const struct keys *keys, const char *action, tscope_keyring *keyring, keys_token_visit visit, void *user,
                                   struct status_tally *tally);

/** All keys at hand of a thumbprint, as "keys show --format json" has them. */
json_t *keys_known_json(const tscope_keyring *keyring, const char *thumbprint);
/** A line for each of them: kid, family, dates, source. */
void keys_known_print(const tscope_keyring *keyring, const char *thumbprint);

/** Text that a token holds as JSON: what is not UTF-8 is escaped; NULL gives NULL. */
json_t *keys_token_text(const char *text);

#endif
