/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TOOLS_BESIDE_H
#define TOOLS_BESIDE_H

#include "status.h"

/** @file The programs that belong together lie in one folder. */

/** Where this program lies, with another name, in memory that the caller frees; NULL when that cannot be told. */
char *beside_path(const char *name);

/**
 * Another program of ours goes on in place of this one: the one beside it, else the one in the folder that it was built for. Returns
 * only when there is none: EXIT_STATUS_UNAVAILABLE after a message.
 *
 * @param argv  for the other program, its name first
 */
enum exit_status beside_become(const char *name, char **argv);

#endif
