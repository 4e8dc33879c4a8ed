/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_SCAN_KEY_ANCHORS_H
#define TSCOPE_SCAN_KEY_ANCHORS_H

/**
 * @file Three bytes at which a closer look for key material is worth it, and where the key may lie around them: what the classifier is
 * built from. Each was chosen to be rare in text, code and zeros; the look (scan/key_probe.h) tells the few that are meant.
 */

/** Bytes before an anchor at which its key may begin, and bytes behind the anchor's first at which it must have ended. */
#define TSCOPE_KEY_BEFORE_MAX 16384u
#define TSCOPE_KEY_BEHIND_MAX 32768u

/* X(NAME, byte, byte, byte). The order of rows says nothing. In UTF-16 of either order the middle byte is the zero between two letters. */
#define TSCOPE_FOREACH_KEY_ANCHOR(X)                                                                           \
    X(DER_VERSION_0, 0x02, 0x01, 0x00) /* INTEGER 0: PrivateKeyInfo, RSAPrivateKey */                          \
    X(DER_VERSION_1, 0x02, 0x01, 0x01) /* INTEGER 1: ECPrivateKey, OneAsymmetricKey */                         \
    X(DER_VERSION_3, 0x02, 0x01, 0x03) /* INTEGER 3: PFX */                                                    \
    X(DER_ENCRYPTED, 0x01, 0x05, 0x0d) /* the end of id-PBES2: EncryptedPrivateKeyInfo */                      \
    X(OPENSSH, 'y', '-', 'v')          /* openssh-key-v1 */                                                    \
    X(RSA_PRIVATE, 'S', 'A', '2')      /* RSA2: CAPI, CNG */                                                   \
    X(RSA_FULL, 'S', 'A', '3')         /* RSA3: CNG */                                                         \
    X(EC_SIGN, 'E', 'C', 'S')          /* ECS2, ECS4, ECS6: CNG */                                             \
    X(EC_AGREE, 'E', 'C', 'K')         /* ECK2, ECK4, ECK6, ECKV: CNG */                                       \
    X(EC_GENERIC, 'C', 'D', 'V')       /* ECDV: CNG, a curve named elsewhere */                                \
    X(DPAPI, 0xd0, 0x8c, 0x9d)         /* the provider's GUID */                                               \
    X(PEM, '-', 'B', 'E')              /* -----BEGIN */                                                        \
    X(PEM_WIDE, '-', 0, 'B')           /* the same in UTF-16 */                                                \
    X(JWK, 'k', 't', 'y')              /* "kty", anywhere in its object */                                     \
    X(JWK_WIDE, 'k', 0, 't')           /* */                                                                   \
    X(XML, 'S', 'A', 'K')              /* RSAKeyValue */                                                       \
    X(XML_WIDE, 'S', 0, 'A')           /* */                                                                   \
    X(BASE64_LONG, 'I', 'B', 'A')      /* 30 82 hh hh 02 01 0v as base64: MII..?IBA */                         \
    X(BASE64_LONG_WIDE, 'I', 0, 'B')   /* */                                                                   \
    X(BASE64_MEDIUM, 'A', 'g', 'E')    /* 30 81 hh 02 01 0v: MI??AgE */                                        \
    X(BASE64_MEDIUM_WIDE, 'A', 0, 'g') /* */                                                                   \
    X(BASE64_SHORT, 'C', 'A', 'Q')     /* 30 hh 02 01 0v: M??CAQ */                                            \
    X(BASE64_SHORT_WIDE, 'C', 0, 'A')  /* */                                                                   \
    X(BASE64_ENCRYPTED, 'B', 'Q', '0') /* MII..BgkqhkiG9w0BBQ0 */                                              \
    X(BASE64_OPENSSH, 'b', '3', 'B')   /* b3BlbnNzaC1rZXktdjE */                                               \
    X(BASE64_DPAPI, 'n', 'd', '8')     /* AQAAANCMnd8BFdERjHoAwE */                                            \
    X(BASE64_PEM_0, 'Q', 'k', 'V')     /* BEGIN as base64, by where in its three bytes the B falls: QkVHSU4 */ \
    X(BASE64_PEM_1, 'R', '0', 'l')     /* LUJFR0lO */                                                          \
    X(BASE64_PEM_2, 'R', 'U', 'd')     /* LS1CRUdJTi */                                                        \
    X(BASE64_JWK_0, 'a', '3', 'R')     /* kty": a3R5I */                                                       \
    X(BASE64_JWK_1, 't', '0', 'e')     /* "kty": Imt0eS */                                                     \
    X(BASE64_JWK_2, 'J', 'r', 'd')     /* ?"kty": Jrd Hki */

enum tscope_key_anchor {
#define TSCOPE_KEY_ANCHOR_ENUM(name, first, second, third) TSCOPE_KEY_ANCHOR_##name,
    TSCOPE_FOREACH_KEY_ANCHOR(TSCOPE_KEY_ANCHOR_ENUM)
#undef TSCOPE_KEY_ANCHOR_ENUM
};

#endif
