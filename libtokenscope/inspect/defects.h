/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_INSPECT_DEFECTS_H
#define TSCOPE_INSPECT_DEFECTS_H

#include "inspect/inspection.h"

/**
 * @file Why a correct validator refuses a token, one bit a reason. Drawn from the findings and the resolution once the checks
 * have run; what nobody has a bit for is OTHER, so that no opinion is formed on it.
 */

/* Of the signature. */
#define TSCOPE_DEFECT_KEY_OF_SET UINT64_C(0x1)           /* another issuer's key verifies, and the sets that serve the issuer list it */
#define TSCOPE_DEFECT_KEY_ELSEWHERE UINT64_C(0x2)        /* another issuer's key verifies, which stands in no such set */
#define TSCOPE_DEFECT_KEY_GONE UINT64_C(0x4)             /* its key had been withdrawn */
#define TSCOPE_DEFECT_KEY_USE UINT64_C(0x8)              /* its key is published for something else */
#define TSCOPE_DEFECT_KEY_NAME UINT64_C(0x200000000)     /* another key of the issuer verifies than the named one */
#define TSCOPE_DEFECT_KEY_PUBLIC UINT64_C(0x10000000000) /* everybody can sign with the key that verifies */
#define TSCOPE_DEFECT_FAILED UINT64_C(0x10)              /* no key verifies, and the one that is meant was tried */
#define TSCOPE_DEFECT_NONE UINT64_C(0x20)                /* unsecured */
#define TSCOPE_DEFECT_NONE_CASE UINT64_C(0x40)           /* unsecured, in disguise */
#define TSCOPE_DEFECT_NO_SIGNATURE UINT64_C(0x80)        /* empty under an algorithm that signs */
#define TSCOPE_DEFECT_PUBLIC_SECRET UINT64_C(0x100)      /* HMAC with the bytes of a public key */
#define TSCOPE_DEFECT_EMPTY_SECRET UINT64_C(0x200)       /* HMAC with no byte */
#define TSCOPE_DEFECT_KNOWN_SECRET UINT64_C(0x400)       /* HMAC with what others know */
#define TSCOPE_DEFECT_EMBEDDED UINT64_C(0x800)           /* verifies under the key that it carries alone */
#define TSCOPE_DEFECT_PSYCHIC UINT64_C(0x1000)           /* r or s out of range */
#define TSCOPE_DEFECT_DER UINT64_C(0x2000)               /* ECDSA in DER */
#define TSCOPE_DEFECT_ALG_FAMILY UINT64_C(0x4000)        /* an algorithm that the issuer has no key for */
#define TSCOPE_DEFECT_ALG_UNPROTECTED UINT64_C(0x8000)
#define TSCOPE_DEFECT_ALG_OTHER UINT64_C(0x10000) /* any other fault of algorithm or key */
#define TSCOPE_DEFECT_UNTRIED UINT64_C(0x20000)   /* no reason to refuse: whether the signature holds for the issuer is not known */
/* Of the header and the form. */
#define TSCOPE_DEFECT_CRIT UINT64_C(0x40000)
#define TSCOPE_DEFECT_ZIP UINT64_C(0x80000)
#define TSCOPE_DEFECT_REPEATED UINT64_C(0x100000) /* a member twice */
#define TSCOPE_DEFECT_STRAY UINT64_C(0x200000)    /* padding, white space, foreign letters inside */
#define TSCOPE_DEFECT_PARTS UINT64_C(0x400000)    /* too many of them */
#define TSCOPE_DEFECT_JSON UINT64_C(0x800000)     /* no strict JSON, or no proper text */
#define TSCOPE_DEFECT_TWO_READINGS UINT64_C(0x1000000)
#define TSCOPE_DEFECT_RSA_PADDING UINT64_C(0x2000000000) /* the block holds the digest, and is not padded as it must be */
#define TSCOPE_DEFECT_SALT UINT64_C(0x4000000000)        /* PSS with another salt length */
#define TSCOPE_DEFECT_SEVERAL UINT64_C(0x8000000000)     /* another signature over the same payload holds */
/* Of what is encrypted. */
#define TSCOPE_DEFECT_SEALED_CLAIMS UINT64_C(0x800000000) /* claims that nobody signed, where the issuer signs */
#define TSCOPE_DEFECT_ZERO_KEY UINT64_C(0x1000000000)     /* the content key is nothing but zeros */
/* Of the claims. */
#define TSCOPE_DEFECT_ISSUER UINT64_C(0x2000000)
#define TSCOPE_DEFECT_TENANT UINT64_C(0x4000000) /* not the one asked for */
#define TSCOPE_DEFECT_TID UINT64_C(0x8000000)    /* tid and iss disagree */
#define TSCOPE_DEFECT_AUDIENCE UINT64_C(0x10000000)
#define TSCOPE_DEFECT_EXPIRED UINT64_C(0x20000000)
#define TSCOPE_DEFECT_EARLY UINT64_C(0x40000000)
/* Of an actor token inside its wrapper. */
#define TSCOPE_DEFECT_ACTOR UINT64_C(0x80000000)
#define TSCOPE_DEFECT_ACTOR_TENANT UINT64_C(0x100000000)
#define TSCOPE_DEFECT_OTHER UINT64_C(0x400000000)

/** What a finding shows that has this grade or a higher one. */
struct tscope_defect_row {
    const char *id;
    enum tscope_severity severity;
    enum tscope_proves proves;
    uint64_t defect; /* 0: the resolution says it better */
};

extern const struct tscope_defect_row tscope_defect_rows[];
extern const size_t tscope_defect_rows_len;

/** All of an inspection that has its verdict; 0 when a correct validator has no reason to refuse it. */
uint64_t tscope_defects_of(const struct tscope_inspection *inspection);

#endif
