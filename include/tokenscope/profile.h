/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TOKENSCOPE_PROFILE_H
#define TOKENSCOPE_PROFILE_H

#include <tokenscope/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/** @file What is known of issuers: families, clouds, lifetimes, audiences, and who may sign for whom. */

/** A set of issuer rules. Immutable, shareable, reference-counted. */
typedef struct tscope_profile tscope_profile;

/**
 * A profile shipped with the library.
 *
 * @param name         "entra"; NULL for the default, which is the same
 * @param ret_profile  the caller's to release with tscope_profile_free()
 * @return TSCOPE_OK, TSCOPE_ERR_NOT_FOUND or TSCOPE_ERR_NO_MEMORY
 */
TSCOPE_MUST_USE enum tscope_status tscope_profile_new(const char *name, tscope_profile **ret_profile, struct tscope_error *err);
tscope_profile *tscope_profile_ref(tscope_profile *profile);
void tscope_profile_free(tscope_profile *profile); /**< gives a reference back; NULL is allowed */

/** "entra@1". Lives as long as the profile. */
const char *tscope_profile_id(const tscope_profile *profile);

/** The name of a well-known application, resource or tenant by its id or URI; NULL when it is none. Static. */
const char *tscope_application_name(const char *id);

#ifdef __cplusplus
}
#endif

#endif
