/* SPDX-License-Identifier: Apache-2.0 */
#include <stddef.h>

#include "verbs.h"

/* "tokenscope" becomes this program for these verbs: nobody types its name. */
const struct verb *const program_verbs[] = {&verb_scan, &verb_audit, &verb_case, NULL};
