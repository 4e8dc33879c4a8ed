/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TOOLS_VERBS_H
#define TOOLS_VERBS_H

#include <stdbool.h>

#include "status.h"

/** @file The verbs of the command line: one file cmd_<verb>.c and one row in main.c each. */

struct verb {
    const char *name;
    const char *arguments; /* for the first line of its help */
    const char *summary;   /* for the list of verbs */
    const char *help;      /* options, examples, exit statuses */
    enum exit_status (*run)(int argc, char **argv);
    bool confines; /* calls confine_files() itself, once its options say where it may write, and before it reads anything */
};

extern const struct verb verb_inspect;
extern const struct verb verb_decode;
extern const struct verb verb_verify;
extern const struct verb verb_decrypt;
extern const struct verb verb_keys;
extern const struct verb verb_test;
extern const struct verb verb_stream;
extern const struct verb verb_checks;

#endif
