/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TOOLS_LIBCRYPTO_H
#define TOOLS_LIBCRYPTO_H

/** @file What this process needs not of libcrypto. A library must not decide that for the program around it: this is the program. */

/**
 * Keeps libcrypto from a configuration file, from the texts of its errors and from its tables of all algorithms by old names, none of
 * which the library asks for. That is a third of the time in which one token is verified. To be called before a keyring is made.
 */
void libcrypto_start(void);

#endif
