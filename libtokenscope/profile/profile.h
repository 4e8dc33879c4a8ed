/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_PROFILE_PROFILE_H
#define TSCOPE_PROFILE_PROFILE_H

#include <stdatomic.h>

#include <tokenscope/profile.h>

#include "core/tenant.h"
#include "keys/keyring.h"

/**
 * @file Issuers as data, and who may sign for whom. Tables are made at build time from libtokenscope/data/profiles/ by
 * scripts/generate-profile-table, and read from files of the same format (docs/profiles.md) at run time.
 */

/** Which keys stand in the sets that serve an issuer: a family within a cloud. */
struct tscope_profile_pool {
    struct tscope_span family;
    enum tscope_cloud cloud;
};

/** Whose the keys are that sign for the issuers of one pattern. */
enum tscope_profile_keys {
    TSCOPE_PROFILE_KEYS_SHARED,  /* one set serves them all */
    TSCOPE_PROFILE_KEYS_OWN,     /* each issuer has its own, and no other publishes them */
    TSCOPE_PROFILE_KEYS_ALIASED, /* each has its own, but may be renamed, copied, or known by several names */
    TSCOPE_PROFILE_KEYS_UNKNOWN, /* the form of the issuer is known, and whose keys sign for it is not */
};

/** How the kids of a family are written; length 0: nobody says. */
struct tscope_profile_kid {
    uint8_t alphabet; /* enum tscope_kid_alphabet */
    uint8_t len_min, len_max;
};

/** The narrowest first: a text is of each alphabet that holds all its letters. */
enum tscope_kid_alphabet {
    TSCOPE_KID_DECIMAL,
    TSCOPE_KID_HEX,       /* lower case */
    TSCOPE_KID_HEX_UPPER, /* upper case */
    TSCOPE_KID_GUID,      /* hexadecimal and '-' */
    TSCOPE_KID_ALNUM,
    TSCOPE_KID_BASE64URL,
    TSCOPE_KID_BASE64, /* with '+', '/' and '=' */
    TSCOPE_KID_ANY,
};

/**
 * One form of an issuer. Of one host the first matching row counts, so rows for one tenant stand before their template.
 * {tenantid} and {host} stand for who has the keys, {region}, {policy} and {any} for the rest.
 */
struct tscope_profile_issuer {
    struct tscope_span pattern; /* the "iss" of its tokens */
    struct tscope_span family;  /* who signs for it */
    enum tscope_cloud cloud;
    bool cloud_shared;                       /* tokens of other clouds carry this issuer too: nothing follows from a key of another cloud */
    unsigned version;                        /* 1, 2: of Microsoft's identity platform; 0: another's, or not said */
    bool production;                         /* false: a test environment */
    const struct tscope_profile_pool *pools; /* what the sets serving it hold */
    size_t pools_len;
    enum tscope_profile_keys keys;
    struct tscope_span tenant;    /* of a pattern that names one tenant alone; data NULL: as matched */
    struct tscope_span jwks;      /* where its key set is, a pattern; data NULL: not said */
    struct tscope_span discovery; /* where its metadata is, a pattern; data NULL: not said */
    bool secrets;                 /* some of its tokens are signed with a shared secret */
    int64_t life_min, life_max;   /* seconds between iat and exp that are usual; 0: not said */
    struct tscope_profile_kid kid;
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
};

/** The profiles shipped with the library: what is known of Microsoft first. */
extern const struct tscope_profile_table *const tscope_profile_tables[];
extern const size_t tscope_profile_tables_len;

/** Seconds for which a token of an unknown issuer is good at the most, where only its end is told. */
#define TSCOPE_PROFILE_LIFE_MAX 101400

/** A row by the end of its host: "okta.com". Ordered by it, rows of one end as they stand in their tables. */
struct tscope_profile_place {
    struct tscope_span end;     /* the last two labels of the host */
    struct tscope_span pattern; /* what of the row is looked for */
    size_t tenant_at;           /* tscope_profile_tenant_at() of it */
    size_t order;
    const struct tscope_profile_issuer *row;
};

struct tscope_profile_index {
    struct tscope_profile_place *places;
    struct tscope_profile_place *anywhere; /* rows that hosts of any name may have */
    size_t places_len, anywhere_len;
};

/** A host that others like to be taken for. */
struct tscope_profile_host {
    struct tscope_span origin, host; /* "https://sts.windows.net", "sts.windows.net" */
    uint64_t pairs;                  /* which pairs of letters it holds, hashed: another text can hold it only with all of them */
    bool is_short;                   /* two labels: names of others end and begin like it */
    const struct tscope_profile_issuer *row;
};

struct tscope_profile {
    atomic_uint references;
    struct tscope_arena arena;
    const struct tscope_profile_table **tables; /* read ones first */
    struct tscope_profile_index issuers, sets;  /* by "iss", and by where key sets are */
    struct tscope_profile_host *hosts;
    size_t tables_len, hosts_len;
    const char *id;
};

TSCOPE_DEFINE_AUTO(tscope_profile)

/** What the placeholders of a pattern stood for; data NULL: not there. Views into the text. */
struct tscope_profile_match {
    struct tscope_span tenant, host;
};

/** What an "iss" names. */
struct tscope_issuer {
    const struct tscope_profile_issuer *row; /* NULL: the profile does not know it */
    struct tscope_span family;               /* data NULL: unknown, or nobody says whose keys sign */
    enum tscope_cloud cloud;
    struct tscope_span tenant; /* the tenant segment, a view into iss, or as its row says; data NULL: none */
    struct tscope_span host;   /* of a row for any host; data NULL: none */
    struct tscope_span text;   /* iss */
    bool archived;             /* no profile knows it, and a history has sets that were taken as its own, of no stated family */
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
    TSCOPE_RIGHT_TENANT,  /* the right family, but another tenant's key: each has its own */
    TSCOPE_RIGHT_DOUBTED, /* the same by the sets at hand, which do not show that the two are not one under two names */
    TSCOPE_RIGHT_UNKNOWN, /* family of key or issuer is not known */
};

/** The row for an issuer, and what its placeholders stand for there; NULL: none. */
const struct tscope_profile_issuer *tscope_profile_find_row(const tscope_profile *profile, struct tscope_span iss,
                                                            struct tscope_profile_match *ret_match);

/** The same by the address of a key set. */
const struct tscope_profile_issuer *tscope_profile_find_set(const tscope_profile *profile, struct tscope_span url,
                                                            struct tscope_profile_match *ret_match);

/**
 * Finds what an issuer text names: the profile's rows by its host, then those for any host, then the endpoints of the
 * histories (exact text or {tenantid} template).
 */
struct tscope_issuer tscope_profile_issuer_of(const tscope_profile *profile, const tscope_keyring *keyring, struct tscope_span iss);

#define TSCOPE_ISSUER_REMEMBERED_MAX 256 /* bytes of its text; a longer one is looked up each time */

#define TSCOPE_ISSUERS_REMEMBERED 16 /* a power of two */

/** Issuers that were looked up lately, each at the place of its hash: most tokens name one of them again. All zero: none yet. */
struct tscope_issuer_memory {
    struct tscope_remembered_issuer {
        uint8_t text[TSCOPE_ISSUER_REMEMBERED_MAX];
        struct tscope_issuer issuer; /* its views of the issuer's text are into this one */
    } places[TSCOPE_ISSUERS_REMEMBERED];
};

/** tscope_profile_issuer_of() by way of a memory, which is of this profile and keyring alone. */
struct tscope_issuer tscope_profile_issuer_again(struct tscope_issuer_memory *memory, const tscope_profile *profile,
                                                 const tscope_keyring *keyring, struct tscope_span iss);

/**
 * False for a pattern that text surely does not match: told by eight bytes of the host and the last one. Most patterns are turned down so
 * for most tokens, so it is asked without a call.
 */
static inline bool
tscope_profile_pattern_may_match(struct tscope_span pattern, struct tscope_span text)
{
    const size_t host = sizeof("https://") - 1, end = 2 * host;
    uint8_t last;

    if (pattern.len < end || text.len < end)
        return true;
    last = pattern.data[pattern.len - 1];
    return (last == text.data[text.len - 1] || last == '}') &&
           (memcmp(pattern.data + host, text.data + host, end - host) == 0 || memchr(pattern.data, '{', end));
}

/** True when text is what the pattern stands for; *ret_tenant gets the {tenantid} segment. A template equals itself. Exact case. */
bool tscope_profile_pattern_matches(struct tscope_span pattern, struct tscope_span text, struct tscope_span *ret_tenant);

/** The same with all placeholders of profiles. Of a host each stands for one label, {host} for a whole one. */
bool tscope_profile_row_matches(struct tscope_span pattern, struct tscope_span text, struct tscope_profile_match *ret_match);

/** Where {tenantid} stands in a pattern that has it for a segment of its path, and no other placeholder; SIZE_MAX: it is no such one. */
size_t tscope_profile_tenant_at(struct tscope_span pattern);
/** tscope_profile_row_matches() of a place's pattern: most are of that kind. */
bool tscope_profile_place_matches(const struct tscope_profile_place *place, struct tscope_span text,
                                  struct tscope_profile_match *ret_match);

/** The last two labels of the host in an issuer, "okta.com"; of one without scheme up to its first slash. A view. */
struct tscope_span tscope_profile_host_end(struct tscope_span issuer);
/** "https://sts.windows.net", up to the first '/', '?' or '#' behind "://"; data NULL: there is no scheme. */
struct tscope_span tscope_profile_origin(struct tscope_span url);
/** An origin without its scheme. */
struct tscope_span tscope_profile_host(struct tscope_span origin);
/** The pairs of letters in a text, hashed, in any case. */
uint64_t tscope_profile_pairs(struct tscope_span text);

/** True when the pattern can be asked for: its placeholders are known, at most four, and text stands between them. */
bool tscope_profile_pattern_is_sound(struct tscope_span pattern);

/** True when the address is one of those at which the row's provider says that its keys are. */
bool tscope_profile_publishes_at(const struct tscope_profile_issuer *row, struct tscope_span url);

/** True when it is the very set of that issuer, which is one of the row's: what placeholders stand for is the same in both. */
bool tscope_profile_set_is_of(const struct tscope_profile_issuer *row, struct tscope_span iss, struct tscope_span url);

/** Why an unknown "iss" looks like a known one without being it; NULL when it does not: a static clause ("its host only begins like …"). */
const char *tscope_profile_near_miss(const tscope_profile *profile, struct tscope_span iss, const struct tscope_profile_issuer **ret_row);

/** Forms of one key that are heard of its standing, besides those that histories hold. */
#define TSCOPE_STANDING_FORMS_MAX 128

struct tscope_standing tscope_profile_standing(const tscope_profile *profile, const tscope_keyring *keyring, const tscope_key *key);

/** True when the sets that serve the issuer hold keys like this: then a kid may name it. */
bool tscope_profile_serves(const tscope_profile *profile, const struct tscope_issuer *issuer, const struct tscope_standing *standing,
                           const tscope_key *key);

/** True when a set of a history that was taken as the issuer's own, and holds one family at most, lists this form of a key. */
bool tscope_profile_is_listed_for(const struct tscope_issuer *issuer, const tscope_key *form);

/** Whose right the family gives the key, whatever tenant the issuer is. */
enum tscope_right tscope_profile_right(const tscope_profile *profile, const struct tscope_issuer *issuer, struct tscope_span iss,
                                       const struct tscope_standing *standing);

/**
 * Where every issuer of a family has keys of its own: what the sets at hand say of this one at that time. Right is what the
 * family gave it. *ret_other gets the issuer whose key it is, where that is not the one asked for.
 */
enum tscope_right tscope_profile_right_of_tenant(const tscope_profile *profile, const tscope_keyring *keyring,
                                                 const struct tscope_issuer *issuer, const tscope_key *key, int64_t then,
                                                 enum tscope_right right, struct tscope_span *ret_other);

/** True when some set at hand says that this form of a key is the token's own issuer's. */
bool tscope_profile_is_of_tenant(const tscope_profile *profile, const struct tscope_issuer *issuer, const tscope_key *form);

/** True when the kid is written as the row's provider writes them, or nobody says how. */
bool tscope_profile_kid_fits(struct tscope_profile_kid shape, struct tscope_span kid);
/** The narrowest shape of a text; length 0 when it is longer than 255 bytes. */
struct tscope_profile_kid tscope_profile_kid_shape(struct tscope_span kid);

/** What an owned profile is made of: shipped tables and, ahead of them, one that was read (NULL: none). Steals the arena on success. */
TSCOPE_MUST_USE enum tscope_status tscope_profile_build(struct tscope_arena *arena, const struct tscope_profile_table *read,
                                                        const struct tscope_profile_table *const *shipped, size_t shipped_len,
                                                        tscope_profile **ret_profile, struct tscope_error *err);

/** A family in words; the name itself when the profile has none. */
struct tscope_span tscope_profile_family_words(const tscope_profile *profile, struct tscope_span family);

/** True for an audience that is a listed resource of the provider itself: an id or URI, with or without trailing slash. */
bool tscope_profile_is_first_party(struct tscope_span audience);

#endif
