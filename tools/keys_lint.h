/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TOOLS_KEYS_LINT_H
#define TOOLS_KEYS_LINT_H

#include <tokenscope/tokenscope.h>

#include "status.h"

/** @file "keys lint": what is wrong with the keys given, one line each. */

/** Prints what is found; EXIT_STATUS_BAD when a key is not usable or a finding is high or critical. */
enum exit_status keys_lint(const tscope_keyring *keyring, bool is_published, bool as_json);

#endif
