/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_PROFILE_PROFILE_H
#define TSCOPE_PROFILE_PROFILE_H

#include <stdatomic.h>

#include <tokenscope/profile.h>

#include "keys/keyring.h"

/**
 * @file Issuers as data, and who may sign for whom. Tables are made at build time from libtokenscope/data/profiles/ by
 * scripts/generate-profile-table.
 */

#define TSCOPE_CONSUMER_TENANT "9188040d-6c67-4c5b-b112-36a304b66dad"

/** Which keys stand in the sets that serve an issuer: a family within a cloud. */
struct tscope_profile_pool {
    struct tscope_span family;
    enum tscope_cloud cloud;
};

/** One form of an issuer. The first matching row counts, so rows for one tenant stand before their template. */
struct tscope_profile_issuer {
    struct tscope_span pattern; /* the "iss" of its tokens; "{tenantid}" stands for one path segment */
    struct tscope_span family;  /* who signs for it */
    enum tscope_cloud cloud;
    bool cloud_shared;                       /* tokens of other clouds carry this issuer too: nothing follows from a key of another cloud */
    unsigned version;                        /* 1, 2; 0: not said */
    bool production;                         /* false: a test environment */
    const struct tscope_profile_pool *pools; /* what the sets serving it hold */
    size_t pools_len;
};

struct tscope_profile_family {
    struct tscope_span name;  /* "msa-consumer" */
    struct tscope_span words; /* "Microsoft account (consumer)" */
};

/** A certificate subject that hints at a family: never more than a hint. */
struct tscope_profile_subject {
    struct tscope_span subject; /* exactly as tscope_certificate.subject */
    struct tscope_span family;
    enum tscope_cloud cloud;
};

struct tscope_profile_instance {
    struct tscope_span name; /* cloud_instance_name of a key */
    enum tscope_cloud cloud;
};

struct tscope_profile_table {
    struct tscope_span name;
    unsigned version;
    const struct tscope_profile_issuer *issuers;
    const struct tscope_profile_family *families;
    const struct tscope_profile_subject *subjects;
    const struct tscope_profile_instance *instances;
    size_t issuers_len, families_len, subjects_len, instances_len;
    int64_t life_max, life_min; /* seconds between iat and exp that are usual */
};

extern const struct tscope_profile_table tscope_profile_entra;

struct tscope_profile {
    atomic_uint references;
    const struct tscope_profile_table *table;
    char id[48];
};

/** What an "iss" names. */
struct tscope_issuer {
    const struct tscope_profile_issuer *row; /* NULL: the profile does not know it */
    struct tscope_span family;               /* data NULL: unknown */
    enum tscope_cloud cloud;
    struct tscope_span tenant; /* the tenant segment, a view into iss; data NULL: none */
};

/** Whose key it is, by all that the keyring knows of its material. */
struct tscope_standing {
    struct tscope_span family; /* data NULL: unknown */
    enum tscope_cloud cloud;
    enum tscope_family_from from;
    struct tscope_span issuer;                    /* the key's own issuer member, or its set's; data NULL: none */
    bool given;                                   /* one of its forms was given by the caller */
    const struct tscope_key *recorded;            /* the form a history holds, the one with a notice first; NULL: none */
    const struct tscope_history_notice *notice;   /* NULL: none */
    const struct tscope_certificate *certificate; /* NULL: none */
};

enum tscope_right {
    TSCOPE_RIGHT_YES,     /* the family of the issuer, in its cloud */
    TSCOPE_RIGHT_ASKED,   /* given by the caller, and nothing says it is another's */
    TSCOPE_RIGHT_FAMILY,  /* another family's key */
    TSCOPE_RIGHT_CLOUD,   /* the right family in another cloud, and the issuer is bound to one */
    TSCOPE_RIGHT_TEST,    /* a test environment's key for a production issuer */
    TSCOPE_RIGHT_UNKNOWN, /* family of key or issuer is not known */
};

/** Finds what an issuer text names: the profile's rows, then the endpoints of the histories (exact text or {tenantid} template). */
struct tscope_issuer tscope_profile_issuer_of(const tscope_profile *profile, const tscope_keyring *keyring, struct tscope_span iss);

/** True when text is what the pattern stands for; *ret_tenant gets the {tenantid} segment. A template equals itself. Exact case. */
bool tscope_profile_pattern_matches(struct tscope_span pattern, struct tscope_span text, struct tscope_span *ret_tenant);

/** Why an unknown "iss" looks like a known one without being it; NULL when it does not: a static clause ("its host only begins like …"). */
const char *tscope_profile_near_miss(const tscope_profile *profile, struct tscope_span iss, const struct tscope_profile_issuer **ret_row);

/** Forms of one key that are heard of its standing, besides those that histories hold. */
#define TSCOPE_STANDING_FORMS_MAX 128

struct tscope_standing tscope_profile_standing(const tscope_profile *profile, const tscope_keyring *keyring, const tscope_key *key);

/** True when the sets that serve the issuer hold keys like this: then a kid may name it. */
bool tscope_profile_serves(const tscope_profile *profile, const struct tscope_issuer *issuer, const struct tscope_standing *standing,
                           const tscope_key *key);

enum tscope_right tscope_profile_right(const tscope_profile *profile, const struct tscope_issuer *issuer, struct tscope_span iss,
                                       const struct tscope_standing *standing);

/** A family in words; the name itself when the profile has none. */
struct tscope_span tscope_profile_family_words(const tscope_profile *profile, struct tscope_span family);

/** True for an audience that is a listed resource of the provider itself: an id or URI, with or without trailing slash. */
bool tscope_profile_is_first_party(struct tscope_span audience);

#endif
