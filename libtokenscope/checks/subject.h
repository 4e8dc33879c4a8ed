/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_CHECKS_SUBJECT_H
#define TSCOPE_CHECKS_SUBJECT_H

#include <tokenscope/report.h>

#include "crypto/rsa_lax.h"
#include "profile/profile.h"
#include "token/kind.h"
#include "token/token.h"

/** @file What checks read: the token, what was found out about its signature, and the clocks. Filled by inspect/, const for checks. */

/* X(NAME, "id") */
#define TSCOPE_FOREACH_FOUND_BY(X) \
    X(NOTHING, "nothing")          \
    X(KID, "kid")                  \
    X(X5T, "x5t")                  \
    X(TRIAL, "trial")              \
    X(SECRET, "secret")            \
    X(EMBEDDED, "embedded")

enum tscope_found_by {
#define TSCOPE_FOUND_BY_ENUM(name, id) TSCOPE_FOUND_BY_##name,
    TSCOPE_FOREACH_FOUND_BY(TSCOPE_FOUND_BY_ENUM)
#undef TSCOPE_FOUND_BY_ENUM
};

enum tscope_signing_input { TSCOPE_INPUT_AS_SENT, TSCOPE_INPUT_NONCE_HASHED, TSCOPE_INPUT_REPAIRED };

/* X(NAME, "id") */
#define TSCOPE_FOREACH_ENTITLEMENT(X) \
    X(UNKNOWN, "unknown")             \
    X(ARCHIVED, "archived")           \
    X(CONSISTENT, "consistent")       \
    X(ASSERTED, "asserted")           \
    X(CONTRADICTED, "contradicted")

enum tscope_entitlement {
#define TSCOPE_ENTITLEMENT_ENUM(name, id) TSCOPE_ENTITLEMENT_##name,
    TSCOPE_FOREACH_ENTITLEMENT(TSCOPE_ENTITLEMENT_ENUM)
#undef TSCOPE_ENTITLEMENT_ENUM
};

/** Which secret an HMAC was made with that nobody gave as a key. */
enum tscope_secret_kind {
    TSCOPE_SECRET_NONE,
    TSCOPE_SECRET_EMPTY,      /* no byte at all */
    TSCOPE_SECRET_GIVEN,      /* out of the caller's list */
    TSCOPE_SECRET_PUBLISHED,  /* out of documentation: the library's list */
    TSCOPE_SECRET_PUBLIC_KEY, /* the bytes of a public key in one of its forms */
};

/** What was found out about the secret of an HMAC. */
struct tscope_secret_found {
    enum tscope_secret_kind kind;
    const char *what, *how;   /* PUBLIC_KEY: the form of the key, and how it is written down; static */
    const char *source;       /* GIVEN: its file; PUBLISHED: who publishes it */
    uint64_t line;            /* GIVEN: where in that file */
    const tscope_key *public; /* PUBLIC_KEY: whose bytes */
    bool is_short;            /* shorter than RFC 7518 section 3.2 requires */
    bool is_sample;           /* the payload is that of a documented sample too */
    bool in_kid;              /* GIVEN, PUBLISHED: the secret stands in the token's kid */
    uint32_t trials;          /* secrets tried, in all */
    bool cut;                 /* the limit left forms of public keys untried */
};

enum tscope_embedded_from { TSCOPE_EMBEDDED_NOTHING, TSCOPE_EMBEDDED_JWK, TSCOPE_EMBEDDED_X5C };

/** The key that the token itself carries: "jwk", else the first certificate of "x5c". */
struct tscope_embedded_key {
    enum tscope_embedded_from from;
    bool verifies;                  /* the signature holds under it, and no key at hand verifies it */
    bool fails;                     /* it could be judged by it, and does not hold */
    bool has_private;               /* private or secret members stand beside it */
    enum tscope_key_flaw flaw;      /* why it is unusable */
    char thumbprint[44];            /* RFC 7638, SHA-256, base64url; "": none */
    struct tscope_span certificate; /* DER; data NULL: none that can be read */
    uint8_t sha1[20], sha256[32];   /* of certificate */
};

/** What became of all the signatures of the token, when there are several. */
struct tscope_company {
    uint32_t signatures, verified, failed;
};

/** What became of an encrypted token that was tried with the keys at hand. */
struct tscope_opened {
    bool is_open;                 /* its plaintext is at hand */
    bool inflates_too_far;        /* the key is right, and the content unpacks past the bound */
    size_t packed_len, plain_len; /* bytes, before and after unpacking */
};

enum tscope_then_from { TSCOPE_THEN_UNKNOWN, TSCOPE_THEN_IAT, TSCOPE_THEN_NBF, TSCOPE_THEN_EXP };

/** What was found out about one signature. */
struct tscope_resolution {
    enum tscope_signature_status status;
    const struct tscope_alg *alg; /* NULL: none that is registered for signatures */
    enum tscope_signing_input input;
    bool is_der; /* an ECDSA signature in DER, tried as what it means */
    enum tscope_found_by found_by;
    const tscope_key *key;            /* that verified; NULL: none */
    struct tscope_standing standing;  /* of key */
    enum tscope_right right;          /* of key for the token's issuer */
    struct tscope_span published_for; /* TENANT, DOUBTED: the other issuer whose set holds key */
    enum tscope_entitlement entitlement;
    struct tscope_presence_answer at_then, at_seen; /* of key, when a history holds it */

    const tscope_key *named; /* the first key the token names (kid, x5t) in scope of its issuer, or of those given; NULL: none */
    struct tscope_standing named_standing; /* of named */
    uint32_t named_count;                  /* keys named */
    uint32_t named_failed;                 /* of them, tried in full: do not verify */
    uint32_t named_length;                 /* of them, not tried: the signature has not their exact length */
    uint32_t named_unfit;                  /* of them, not tried: key type or curve does not fit the algorithm */
    uint32_t named_unusable;               /* of them, refused by the gate */
    enum tscope_key_flaw unusable_flaw;    /* of the first such */
    bool names_known_elsewhere;            /* its kid stands on a key outside that scope */
    uint32_t trials;                       /* keys tried in all */
    bool trials_cut;                       /* the limit left keys untried */
    uint32_t given_tried;                  /* keys given by the caller and tried in full, without success */
    struct tscope_secret_found secret;     /* looked for when no key verified an HMAC */
    struct tscope_embedded_key embedded;   /* never sets status or key: a token does not vouch for itself */
    struct tscope_rsa_lax lax;             /* FAILED: what a careless check would make of it under named */
    bool no_input;                         /* the payload is detached and not at hand: nothing could be tried */
    bool payload_masked;                   /* a mask stands in the payload: that the signature does not hold says nothing */
    struct tscope_span detached_form;      /* base64url of the detached payload that was given; data NULL: none, or not encoded */
};

struct tscope_checks_policy {
    struct tscope_span issuer, audience, tenant; /* data NULL: not asked */
    bool require_mfa;
};

/** Times from here on (the year 10000) count something shorter than seconds: no time can be read from them. */
#define TSCOPE_SECONDS_END INT64_C(253402300800)

typedef struct tscope_subject tscope_subject;

struct tscope_subject {
    const struct tscope_token *token;
    const struct tscope_token_signature *signature;              /* the deciding one; NULL: opaque token */
    const struct tscope_resolution *resolution;                  /* of it */
    const struct tscope_value *unprotected[TSCOPE_HEADER_COUNT]; /* unprotected header members (JSON serialisations) */
    const tscope_keyring *keyring;
    const tscope_profile *profile;
    struct tscope_checks_policy policy;
    struct tscope_span exposed_kid; /* the examiner's word on a compromised key; data NULL: none */
    int64_t exposed_from;
    int64_t now, seen, leeway; /* TSCOPE_TIME_NONE where not known; leeway in seconds */
    struct tscope_opened opened;
    struct tscope_company company;
    const tscope_key *opened_by; /* decrypted what it stood in, and is not meant to verify it; NULL: none */
    bool is_holder_proof;        /* of the SD-JWT around it, whose "cnf" has its key: no other is meant, and SD-BINDING judges it */
    bool captured;               /* it was found in a capture (HAR, log), where sanitizers work */
    struct tscope_span iss, tid; /* text of the claims; data NULL: absent or no string */
    struct tscope_issuer issuer;
    enum tscope_issuer_shape issuer_shape; /* of iss, whether the profile knows it or not */
    bool issuer_is_consumer;               /* its tenant is that of Microsoft accounts */
    int64_t iat, nbf, exp;                 /* TSCOPE_TIME_NONE: absent or no usable number */
    int64_t then;
    enum tscope_then_from then_from;
    struct tscope_arena *arena;
};

/** A member with the index it belongs to; value NULL: absent. */
struct tscope_member {
    const struct tscope_json *json;
    const struct tscope_value *value;
    enum tscope_part_id part;
};

/** A header member: of the protected header, else of the unprotected one. */
static inline struct tscope_member
tscope_subject_header(const tscope_subject *subject, enum tscope_header header)
{
    if (!subject->signature)
        return (struct tscope_member){NULL, NULL, TSCOPE_PART_HEADER};
    if (subject->signature->slots[header])
        return (struct tscope_member){&subject->signature->header, subject->signature->slots[header], TSCOPE_PART_HEADER};
    if (subject->unprotected[header])
        return (struct tscope_member){&subject->token->container, subject->unprotected[header], TSCOPE_PART_UNPROTECTED};
    return (struct tscope_member){NULL, NULL, TSCOPE_PART_HEADER};
}

/** A claim of a payload that is a JSON object. */
static inline struct tscope_member
tscope_subject_claim(const tscope_subject *subject, enum tscope_claim claim)
{
    return (struct tscope_member){&subject->token->claims, subject->token->slots[claim], TSCOPE_PART_PAYLOAD};
}

/** The text of a string member; data NULL when it is absent or no string. */
static inline struct tscope_span
tscope_subject_text(const tscope_subject *subject, struct tscope_member member)
{
    return tscope_json_string(member.json, member.value, subject->arena);
}

#define TSCOPE_SUBJECT_QUOTED_MAX 64

/** Text for a detail: escaped, single-quoted, cut to TSCOPE_SUBJECT_QUOTED_MAX bytes; NUL-terminated in the arena ("''" when memory runs
 * out). */
const char *tscope_subject_quote(const tscope_subject *subject, struct tscope_span text);
/** A time for a detail, RFC 3339. In the arena. */
const char *tscope_subject_time(const tscope_subject *subject, int64_t time);
/** True when the token is a JWT: an object of claims, of a kind that carries the registered ones. */
bool tscope_subject_is_jwt(const tscope_subject *subject);
/** True for a signature to judge: a JWS in any serialisation, and no encrypted token of which the end is lost. */
bool tscope_subject_is_jws(const tscope_subject *subject);
/** True for an encrypted token, also one of which the end is lost. */
bool tscope_subject_is_jwe(const tscope_subject *subject);
/** True when the payload is to be a claims set (RFC 7519 section 3): any JWT, whatever it is for, but no plain signed message. */
bool tscope_subject_carries_claims(const tscope_subject *subject);
/** True when a signing algorithm is named, nothing stands where its signature should be, and no sanitizer can have taken it. */
bool tscope_subject_lacks_signature(const tscope_subject *subject);
/** True when the header of a compact token begins like none, so that letters in front of it may have been cut off. */
bool tscope_subject_lost_front(const tscope_subject *subject);
/** True when tid, or the tenant in iss, is the consumer tenant. */
bool tscope_subject_is_consumer(const tscope_subject *subject);

const char *tscope_found_by_id(enum tscope_found_by found_by);
const char *tscope_entitlement_id(enum tscope_entitlement entitlement);

#endif
