/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_SCAN_KEY_FORMS_H
#define TSCOPE_SCAN_KEY_FORMS_H

#include "scan/key_probe.h"
#include "scan/key_text.h"

/** @file What the readers of key forms share. */

#define TSCOPE_KEY_BYTES_MAX 24576u /* of one key as DER or a blob, and of text inside base64 */

/** How much work may come to nothing in TSCOPE_KEY_EFFORT_BLOCK bytes of a stream, in characters that are read: docs/scan.md says why. */
#define TSCOPE_KEY_EFFORT_BLOCK (64u << 10)
#define TSCOPE_KEY_EFFORT_MAX (32u * TSCOPE_KEY_EFFORT_BLOCK)
#define TSCOPE_KEY_EFFORT_JSON 4096u /* of reading an object */

struct tscope_key_effort {
    uint64_t block; /* 1 + its number; 0: none yet */
    uint32_t left;
    bool has_failed; /* something was proven to be no key */
    /* JWK: 1 + the place in the stream in front of which no brace is open, by the width of characters */
    uint64_t unopened[2];
};

struct tscope_key_finder {
    struct tscope_key_prover prover;
    struct tscope_arena arena; /* indexes of JSON */
    struct tscope_key_text text, inner;
    uint8_t bytes[TSCOPE_KEY_BYTES_MAX], numbers[TSCOPE_KEY_BYTES_MAX];
    size_t bytes_used, numbers_used; /* to be wiped */
    struct tscope_key_effort effort;
    uint64_t proofs;    /* that took some work */
    uint64_t exhausted; /* 1 + the first block in which the work did not suffice; 0: none */
};

/** One question, and the answer in the making. */
struct tscope_key_look {
    tscope_key_finder *finder;
    const struct tscope_window *window;
    struct tscope_key_place *place;
    size_t stride; /* bytes of a character */
};

/** Counts work that is about to be done. False: it is too much, and there may be more of it than anything that is sought needs. */
bool tscope_key_spend(const struct tscope_key_look *look, size_t work);
/**
 * Reads the text around a place of the window, up to TSCOPE_KEY_BEHIND_MAX bytes behind it: little at first, as most is no key, and four
 * times as much whenever the reader says MORE of text that is_cut or is_cut_front.
 *
 * @param back  so many bytes in front of it at most
 * @param read  is told which character of the text stands at begin
 */
typedef enum tscope_probe tscope_key_text_reader(const struct tscope_key_look *look, struct tscope_key_text *text, size_t at,
                                                 const void *context);
enum tscope_probe tscope_key_read_on(const struct tscope_key_look *look, size_t begin, size_t back, tscope_key_text_reader *read,
                                     const void *context);

/** Proves a candidate that goes from begin to end and fills the place: FOUND, NOTHING or NO_MEMORY. */
enum tscope_probe tscope_key_take(const struct tscope_key_look *look, const struct tscope_key_candidate *candidate, size_t begin,
                                  size_t end, enum tscope_find_encoding encoding);
/**
 * The same for what stands in text, from the place of its first character to the one behind its last: of UTF-16 the order of its bytes
 * is found out.
 */
enum tscope_probe tscope_key_take_text(const struct tscope_key_look *look, const struct tscope_key_candidate *candidate,
                                       const struct tscope_key_text *text, size_t begin, size_t end, enum tscope_find_encoding encoding);

/** Bytes of a DER element with its header, or of what claims to be one; 0: it is none. More than is there is no fault here. */
size_t tscope_key_der_len(struct tscope_span bytes);
/** True when these first bytes may be those of DER that tscope_key_read_bytes() reads. */
bool tscope_key_der_may_begin(struct tscope_span start);
/** Reads a private key, or what is closed around one, that these bytes are, in DER or in OpenSSH's form. False: none. */
bool tscope_key_read_bytes(struct tscope_span bytes, struct tscope_key_candidate *ret_candidate);
bool tscope_key_read_openssh(struct tscope_span bytes, struct tscope_key_candidate *ret_candidate, size_t *ret_len);

enum tscope_probe tscope_key_probe_der(const struct tscope_key_look *look, size_t at, enum tscope_key_anchor anchor);
enum tscope_probe tscope_key_probe_openssh(const struct tscope_key_look *look, size_t at);
enum tscope_probe tscope_key_probe_rsa_blob(const struct tscope_key_look *look, size_t at);
enum tscope_probe tscope_key_probe_ec_blob(const struct tscope_key_look *look, size_t at);
enum tscope_probe tscope_key_probe_dpapi(const struct tscope_key_look *look, size_t at);
/** Length of a DPAPI blob at the beginning of bytes; 0: none. */
size_t tscope_key_dpapi_len(struct tscope_span bytes);

enum tscope_probe tscope_key_probe_pem(const struct tscope_key_look *look, size_t at);
enum tscope_probe tscope_key_probe_jwk(const struct tscope_key_look *look, size_t at);
enum tscope_probe tscope_key_probe_xml(const struct tscope_key_look *look, size_t at);
enum tscope_probe tscope_key_probe_base64(const struct tscope_key_look *look, size_t at, enum tscope_key_anchor anchor);
enum tscope_probe tscope_key_probe_base64_pem(const struct tscope_key_look *look, size_t at, enum tscope_key_anchor anchor);
enum tscope_probe tscope_key_probe_base64_jwk(const struct tscope_key_look *look, size_t at, enum tscope_key_anchor anchor);

/** Reads a PEM block whose first dash is text[at]; encoding: what the text was out of, or ASCII. */
enum tscope_probe tscope_key_read_pem(const struct tscope_key_look *look, const struct tscope_key_text *text, size_t at,
                                      enum tscope_find_encoding encoding);
/** Reads a JWK of whose "kty" the k is text[at]. */
enum tscope_probe tscope_key_read_jwk(const struct tscope_key_look *look, const struct tscope_key_text *text, size_t at,
                                      enum tscope_find_encoding encoding);

#endif
