/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TOOLS_VERBS_H
#define TOOLS_VERBS_H

#include <stdbool.h>

#include "status.h"

/** @file The verbs of the command line: one file cmd_<verb>.c and one row in the table of its program each. */

struct verb {
    const char *name;
    const char *arguments; /* for the first line of its help */
    const char *summary;   /* for the list of verbs */
    const char *help;      /* options, examples, exit statuses */
    enum exit_status (*run)(int argc, char **argv);
    bool needs_no_crypto; /* makes no keyring: libcrypto sleeps on */
    bool confines;        /* calls confine_files() itself, once its options say where it may write, and before it reads anything */
    const char *program;  /* which has the verb, and is run in place of this one; NULL: this one has it */
};

/** What the program has or knows of, in the order of a first reading; ends with NULL. In tokenscope.c and tokenscope-case.c. */
extern const struct verb *const program_verbs[];

extern const struct verb verb_inspect;
extern const struct verb verb_decode;
extern const struct verb verb_verify;
extern const struct verb verb_decrypt;
extern const struct verb verb_keys;
extern const struct verb verb_test;
extern const struct verb verb_stream;
extern const struct verb verb_checks;

/* of tokenscope-case */
extern const struct verb verb_scan;
extern const struct verb verb_case;
extern const struct verb verb_audit;

#endif
