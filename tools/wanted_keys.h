/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TOOLS_WANTED_KEYS_H
#define TOOLS_WANTED_KEYS_H

#include <stdbool.h>

#include <tokenscope/keys.h>

#include "status.h"

/**
 * @file "--find-private-of FILE|KID": the published keys whose private halves are looked for.
 *
 * @param wanted  a file of keys, else the kid or thumbprint of keys of the keyring
 * @param deep    EC keys count as well as RSA keys
 * @return EXIT_STATUS_OK; else after a message EXIT_STATUS_NOT_FOUND, EXIT_STATUS_DATA (none of these among them), or as of the file
 */
enum exit_status wanted_keys_load(const char *wanted, bool deep, const tscope_keyring *keyring, tscope_keyring **ret_wanted);

#endif
