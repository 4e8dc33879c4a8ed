/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_TOKEN_TOKEN_H
#define TSCOPE_TOKEN_TOKEN_H

#include <tokenscope/token.h>

#include "core/alloc.h"
#include "core/base64url.h"
#include "core/json.h"
#include "token/names.h"

/**
 * @file A token taken apart. Three views of its bytes:
 *   input  as found, with transport and perhaps UTF-16 around it
 *   text   what is left when transport and encoding are taken off: "raw" places in reports count here
 *   form   text with damage read through; the same memory as text when there is none. Parts are views of it.
 */

/* X(NAME, "id") */
#define TSCOPE_FOREACH_TRANSPORT(X) \
    X(WHITESPACE, "white-space")    \
    X(BOM, "bom")                   \
    X(QUOTES, "quotes")             \
    X(HEADER, "header-field")       \
    X(BEARER, "bearer")             \
    X(COOKIE, "cookie")             \
    X(PARAMETER, "parameter")       \
    X(RESPONSE, "token-response")

enum tscope_transport {
#define TSCOPE_TRANSPORT_ENUM(name, id) TSCOPE_TRANSPORT_##name,
    TSCOPE_FOREACH_TRANSPORT(TSCOPE_TRANSPORT_ENUM)
#undef TSCOPE_TRANSPORT_ENUM
        TSCOPE_TRANSPORT_COUNT
};

enum tscope_encoding { TSCOPE_ENCODING_ASCII, TSCOPE_ENCODING_UTF16LE, TSCOPE_ENCODING_UTF16BE };

/* X(NAME, "id", "words"): the first five change form against text; the others are base64url flaws inside a part. */
#define TSCOPE_FOREACH_DAMAGE(X)                                         \
    X(WHITESPACE, "white-space", "white space inside the token")         \
    X(FOLDING, "folding", "line folding inside the token")               \
    X(PERCENT, "percent-encoding", "percent-encoding inside the token")  \
    X(INVISIBLE, "invisible", "an invisible character inside the token") \
    X(PADDING, "padding", "'=' padding")                                 \
    X(ALPHABET, "alphabet", "'+' or '/' of the standard alphabet")       \
    X(FOREIGN, "foreign", "a byte outside the base64url alphabet")       \
    X(SPARE_BITS, "spare-bits", "spare bits that are not zero")          \
    X(LENGTH, "length", "a length that no bytes encode to")

enum tscope_damage_kind {
#define TSCOPE_DAMAGE_ENUM(name, id, words) TSCOPE_DAMAGE_##name,
    TSCOPE_FOREACH_DAMAGE(TSCOPE_DAMAGE_ENUM)
#undef TSCOPE_DAMAGE_ENUM
};

struct tscope_damage {
    enum tscope_damage_kind kind;
    uint32_t part;                /* enum tscope_part_id it lies in */
    size_t offset, len;           /* in text */
    size_t form_offset, form_len; /* what stands for it in form */
};

#define TSCOPE_DAMAGE_MAX 64       /* stored; more are counted */
#define TSCOPE_SIGNATURES_MAX 16   /* signatures or recipients looked at; more are counted and said */
#define TSCOPE_NESTING_MAX 4       /* tokens inside tokens */
#define TSCOPE_NESTED_MAX 8        /* nested tokens of one token */
#define TSCOPE_DISCLOSURES_MAX 256 /* of an SD-JWT; more are counted */

enum tscope_part_id {
    TSCOPE_PART_NONE,
    TSCOPE_PART_TOKEN, /* the text as a whole */
    TSCOPE_PART_HEADER,
    TSCOPE_PART_UNPROTECTED,
    TSCOPE_PART_PAYLOAD,
    TSCOPE_PART_SIGNATURE,
    TSCOPE_PART_KEY, /* JWE encrypted_key */
    TSCOPE_PART_IV,
    TSCOPE_PART_CIPHERTEXT,
    TSCOPE_PART_TAG,
    TSCOPE_PART_AAD,
    TSCOPE_PART_DISCLOSURE,
};

/** "token", "header", "payload", "signature"… as evidence names it. */
const char *tscope_part_id_name(enum tscope_part_id id);

/** One base64url segment, or one string member of a JSON serialisation. form.data NULL: absent. */
struct tscope_part {
    struct tscope_span form;    /* its characters in form (a JSON string unescaped lives elsewhere in the arena) */
    size_t offset, len;         /* its characters in text */
    struct tscope_span decoded; /* its bytes; for b64:false payloads the characters themselves */
    bool clean;                 /* strict base64url: no damage, no flaw */
};

/** What is there where a signature should be. */
enum tscope_signature_presence {
    TSCOPE_SIGNATURE_PRESENT,
    TSCOPE_SIGNATURE_EMPTY,  /* a dot with nothing behind it */
    TSCOPE_SIGNATURE_ABSENT, /* two parts only */
    TSCOPE_SIGNATURE_MASKED, /* "redacted", "***", one character repeated, an ellipsis */
    TSCOPE_SIGNATURE_CUT,    /* shorter than any signature of its algorithm */
};

/** A JWS signature or a JWE recipient with the header that is its own. */
struct tscope_token_signature {
    struct tscope_part protected_part;
    struct tscope_json header;                             /* of protected_part.decoded; readable false when it is no JSON */
    const struct tscope_value *unprotected;                /* in token->container; NULL: none */
    const struct tscope_value *slots[TSCOPE_HEADER_COUNT]; /* protected header members by known name, first of equal ones */
    struct tscope_part signature;                          /* JWE: the encrypted_key */
    enum tscope_signature_presence presence;
    bool b64_false; /* RFC 7797, said by the protected header with crit */
};

struct tscope_header_memory;

struct tscope_token {
    struct tscope_arena own_arena;
    struct tscope_arena *arena; /* own_arena, or a report's */
    struct tscope_span input, text, form;
    const struct tscope_capture *capture; /* input is that piece of what was given; NULL: all of it */
    size_t words_before, words_behind;    /* bytes of other text around a whole token, which are no part of text */
    size_t source_offset, source_len;     /* where text stands in what was given, in its bytes */
    enum tscope_encoding encoding;
    bool transport[TSCOPE_TRANSPORT_COUNT];
    const uint32_t *form_places;  /* where each byte of form begins in text; NULL when they are the same memory */
    struct tscope_damage *damage; /* by offset */
    uint32_t damage_len, damage_total;
    enum tscope_serialization serialization;
    enum tscope_token_kind kind;
    uint32_t segments;            /* of a compact form, SD-JWT parts not counted */
    struct tscope_json container; /* JSON serialisations: the object; else values NULL */
    struct tscope_token_signature *signatures;
    uint32_t signatures_len, signatures_total;
    struct tscope_part payload;                           /* JWS; decoded is the payload */
    bool detached;                                        /* empty payload with a signature (RFC 7515 appendix F) */
    struct tscope_json claims;                            /* of payload.decoded when that is JSON; readable says so */
    const struct tscope_value *claims_root;               /* NULL unless the payload is a JSON object */
    const struct tscope_value *slots[TSCOPE_CLAIM_COUNT]; /* members by known name, first of equal ones */
    struct tscope_part iv, ciphertext, tag, aad;          /* JWE */
    struct tscope_part *disclosures;                      /* SD-JWT */
    uint32_t disclosures_len, disclosures_total;
    struct tscope_span holder_proof; /* the KB-JWT that is shown with them, in form or the arena; len 0: no text; data NULL: none */
    bool shown_elsewhere;            /* a header of a JSON form that is not the first one has such members, too */
    struct tscope_token_nested *nested;
    uint32_t nested_len, nested_total;
    struct tscope_span with_access, with_code; /* what came with it in one response or request; data NULL: not known */
    bool with_store;                           /* they stand in what a client keeps, where one may be newer than the other */
    uint32_t depth;                            /* 0: not nested */
    struct tscope_header_memory *headers;      /* of whoever reads many; NULL: none */
};

/** A token inside: the payload itself (cty JWT), or a string claim such as actortoken. */
struct tscope_token_nested {
    const struct tscope_value *value; /* the claim in the outer token; NULL: its payload */
    struct tscope_token *token;       /* in the outer token's arena */
};

TSCOPE_DEFINE_AUTO(tscope_token)

/**
 * The same as tscope_token_parse into memory of the caller's: token is overwritten and everything lives in arena.
 */
TSCOPE_MUST_USE enum tscope_status tscope_token_read(struct tscope_token *token, struct tscope_arena *arena, struct tscope_span input,
                                                     size_t input_max, struct tscope_error *err);

/**
 * The same for one member of a token response: its number, from 1 on, among those that are tokens; 0 as tscope_token_read().
 *
 * @param headers  what is kept of headers from token to token (token/header_memory.h); NULL: nothing
 */
TSCOPE_MUST_USE enum tscope_status tscope_token_read_member(struct tscope_token *token, struct tscope_arena *arena,
                                                            struct tscope_span input, unsigned member, size_t input_max,
                                                            struct tscope_header_memory *headers, struct tscope_error *err);

/** True of an SD-JWT in any form: the compact one (RFC 9901 section 4), or JSON whose unprotected header has its members (section 8). */
static inline bool
tscope_token_is_sd_jwt(const struct tscope_token *token)
{
    return token->serialization == TSCOPE_SERIALIZATION_SD_JWT || token->disclosures_total > 0 || token->holder_proof.data;
}

/** Where a run of form's bytes stands in text; a run that is not inside form gives 0, 0. */
void tscope_token_place(const struct tscope_token *token, struct tscope_span form_run, size_t *ret_offset, size_t *ret_len);
/** Where decoded bytes [offset, offset + len) of a part stand in text: the characters that encode them. */
void tscope_part_place(const struct tscope_token *token, const struct tscope_part *part, size_t offset, size_t len, size_t *ret_offset,
                       size_t *ret_len);

const char *tscope_transport_id(enum tscope_transport transport);
const char *tscope_damage_id(enum tscope_damage_kind kind);
const char *tscope_damage_text(enum tscope_damage_kind kind);

/** Writes token members shared by the decode and the report JSON: "kind", "serialization", "header", "claims"… into an open object. */
struct tscope_json_writer;
void tscope_token_write_members(const struct tscope_token *token, struct tscope_json_writer *writer, bool reveal);
/** Writes the members of "source": offset, length, encoding, transport. */
void tscope_token_write_source(const struct tscope_token *token, struct tscope_json_writer *writer);

#endif
