/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TOKENSCOPE_VERSION_H
#define TOKENSCOPE_VERSION_H

#ifdef __cplusplus
extern "C" {
#endif

/** The version these headers belong to. */
#define TSCOPE_VERSION_MAJOR 0
#define TSCOPE_VERSION_MINOR 1
#define TSCOPE_VERSION_PATCH 0
#define TSCOPE_VERSION "0.1.0"

/** The version of the library that runs. Static. */
const char *tscope_version(void);

/** What this build can do where it runs (cjose and GMP are opened, when they are installed): one word a feature, spaces between. Static. */
const char *tscope_features(void);

#ifdef __cplusplus
}
#endif

#endif
