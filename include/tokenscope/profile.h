/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TOKENSCOPE_PROFILE_H
#define TOKENSCOPE_PROFILE_H

#include <tokenscope/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/** @file What is known of issuers: families, clouds, lifetimes, audiences, and who may sign for whom. */

/** A set of issuer rules, of one provider or of many. Immutable, shareable, reference-counted. */
typedef struct tscope_profile tscope_profile;

/** Bytes of the largest profile file that is read. */
#define TSCOPE_PROFILE_INPUT_MAX (1u << 20)

/**
 * A profile shipped with the library.
 *
 * @param name         of one provider, such as "entra" or "okta" (docs/profiles.md lists them); NULL for all of them together
 * @param ret_profile  the caller's to release with tscope_profile_free()
 * @return TSCOPE_OK, TSCOPE_ERR_NOT_FOUND or TSCOPE_ERR_NO_MEMORY
 */
TSCOPE_MUST_USE enum tscope_status tscope_profile_new(const char *name, tscope_profile **ret_profile, struct tscope_error *err);

/**
 * A profile from a file ("tokenscope-profile/1", docs/profiles.md) together with all that are shipped: its issuers count first.
 *
 * @param name         where the bytes come from, for messages; may be NULL
 * @param ret_profile  the caller's to release with tscope_profile_free()
 * @return TSCOPE_OK, TSCOPE_ERR_DATA (what and where), TSCOPE_ERR_TOO_LARGE or TSCOPE_ERR_NO_MEMORY
 */
TSCOPE_MUST_USE enum tscope_status tscope_profile_read(const uint8_t *bytes, size_t bytes_len, const char *name,
                                                       tscope_profile **ret_profile, struct tscope_error *err);

/** The names of the profiles that are shipped, by number; NULL behind the last. Static. */
const char *tscope_profile_name(size_t number);

tscope_profile *tscope_profile_ref(tscope_profile *profile);
void tscope_profile_free(tscope_profile *profile); /**< gives a reference back; NULL is allowed */

/** "entra@1" for one, "shipped@0.1.0" for all of that release, "mine@3+shipped@0.1.0" for a file of one's own. Lives as long as the
 * profile. */
const char *tscope_profile_id(const tscope_profile *profile);

/** The name of a well-known application, resource or tenant by its id or URI; NULL when it is none. Static. */
const char *tscope_application_name(const char *id);

#ifdef __cplusplus
}
#endif

#endif
