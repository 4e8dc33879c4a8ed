/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TOKENSCOPE_SCAN_H
#define TOKENSCOPE_SCAN_H

#include <stdbool.h>

#include <tokenscope/keys.h>
#include <tokenscope/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @file Tokens and key material in any bytes: dumps of memory, logs, captures, databases. Whatever the file is, and however broken:
 * nothing of its structure is looked at. The bytes come in windows of any size, of which the finds do not depend.
 */

/** Characters of the longest token that is found, however many bytes these are written in. */
#define TSCOPE_SCAN_TOKEN_MAX (64u << 10)

/**
 * Bytes in front of a place of which the finds there depend. Who scans the range [a, b) of a stream begins at a less this many bytes (or at
 * its first byte), keeps the finds whose offset lies in [a, b), and goes on behind b until the last of these came: not more
 * than this many bytes either.
 */
#define TSCOPE_SCAN_LEAD (512u << 10)

/** Bytes that one call leaves at most, to be presented again. A buffer for windows is larger than this. */
#define TSCOPE_SCAN_TAIL_MAX (512u << 10)

enum tscope_find_kind {
    TSCOPE_FIND_TOKEN = 1,
    TSCOPE_FIND_KEY = 2,
};

/** How what was found is written. Of several at once the outermost: JSON escapes in UTF-16 are UTF16LE. X(NAME, "id") */
#define TSCOPE_FOREACH_FIND_ENCODING(X) \
    X(ASCII, "ascii")                   \
    X(UTF16LE, "utf-16le")              \
    X(UTF16BE, "utf-16be")              \
    X(PERCENT, "percent")               \
    X(JSON, "json")                     \
    X(HTML, "html")                     \
    X(BASE64, "base64")                 \
    X(FOLDED, "folded")

enum tscope_find_encoding {
#define TSCOPE_FIND_ENCODING_ENUM(name, id) TSCOPE_FIND_ENCODING_##name,
    TSCOPE_FOREACH_FIND_ENCODING(TSCOPE_FIND_ENCODING_ENUM)
#undef TSCOPE_FIND_ENCODING_ENUM
};

/** "ascii", "utf-16le"… Static. */
const char *tscope_find_encoding_name(enum tscope_find_encoding encoding);

/** A key that was found. A view: it is gone when the function that takes the find returns. */
typedef struct tscope_found_key tscope_found_key;

/** What was found. A view: all of it is gone when the function that takes it returns. Fixed for the soname. */
struct tscope_find {
    enum tscope_find_kind kind;
    enum tscope_find_encoding encoding;
    uint64_t offset, length; /**< bytes of the stream, as they are written there */
    const uint8_t *bytes;    /**< tokens: the text, decoded, as tscope_inspect() takes it; keys: NULL */
    size_t bytes_len;
    const tscope_found_key *key; /**< keys only */
    void *reserved[4];           /**< NULL */
};

/** Takes one find. It may not call the scanner that it came from. */
typedef void tscope_scanner_deliver(void *user, const struct tscope_find *find);

enum {
    TSCOPE_SCAN_TOKENS = 1,
    TSCOPE_SCAN_KEYS = 2,
    TSCOPE_SCAN_DEEP = 4,    /**< also what takes minutes a gigabyte */
    TSCOPE_SCAN_ALIGNED = 8, /**< raw numbers only where allocators put them, and everywhere around copies of a modulus: far quicker */
};

/** How a scanner works. Set size to sizeof(struct tscope_scanner_options); a zero is the default. */
struct tscope_scanner_options {
    size_t size;
    unsigned flags;                   /**< TSCOPE_SCAN_…; 0: tokens and keys */
    const tscope_keyring *known;      /**< frozen: public keys that found private ones are matched to; borrowed; NULL: none */
    const tscope_keyring *private_of; /**< frozen: RSA keys (and, with DEEP, EC keys) whose private halves are searched as raw numbers;
                                           borrowed; NULL: none */
    tscope_scanner_deliver *deliver;  /**< needed */
    void *user;                       /**< handed to deliver */
};

/** Scans one stream, and then another. Belongs to one thread; needs less than four megabytes. */
typedef struct tscope_scanner tscope_scanner;

/** @return TSCOPE_OK, TSCOPE_ERR_ARGUMENT (no deliver, unknown flags), TSCOPE_ERR_NO_MEMORY */
TSCOPE_MUST_USE enum tscope_status tscope_scanner_new(const struct tscope_scanner_options *options, tscope_scanner **ret_scanner,
                                                      struct tscope_error *err);
/** What was found and not yet delivered is dropped. NULL is allowed. */
void tscope_scanner_free(tscope_scanner *scanner);

/**
 * Looks through the next bytes of a stream. What begins in them and could go on behind them is left: ret_used says how many are done
 * with; the caller presents the rest again in front of what follows. Finds come in the order of their offsets, each once.
 *
 * @param bytes     not changed; may be NULL when len is 0
 * @param is_last   the stream ends here: all bytes are used, and the scanner waits for tscope_scanner_begin()
 * @param ret_used  at least len less TSCOPE_SCAN_TAIL_MAX
 * @return TSCOPE_OK, TSCOPE_ERR_ARGUMENT (fewer bytes than the last call left), TSCOPE_ERR_STATE (the stream had ended),
 *         TSCOPE_ERR_NO_MEMORY (the stream has to be begun again)
 */
TSCOPE_MUST_USE enum tscope_status tscope_scanner_scan(tscope_scanner *scanner, const uint8_t *bytes, size_t len, bool is_last,
                                                       size_t *ret_used, struct tscope_error *err);

/**
 * True when something that begins like a key was not read to its end since tscope_scanner_begin(), because the 64 KiB around it hold too
 * much that comes to nothing: keys in them may not have been found.
 *
 * @param ret_offset  of the first such 64 KiB, in the stream; may be NULL
 */
TSCOPE_MUST_USE bool tscope_scanner_left_out(const tscope_scanner *scanner, uint64_t *ret_offset);

/** Begins anew at an offset of a stream: finds are reported with offsets from there. What was not yet delivered is dropped. */
void tscope_scanner_begin(tscope_scanner *scanner, uint64_t offset);

/**
 * What is known of a key that was found. Strings are static or live as long as the key; NULL where nothing is known. No private value is
 * among them.
 */
const char *tscope_found_key_form(const tscope_found_key *key);       /**< "pem", "pkcs1", "pkcs8", "pkcs8-encrypted", "sec1", "openssh",
                                                                             "pfx", "jwk", "capi", "cng", "xml", "dpapi", "raw-number" */
const char *tscope_found_key_component(const tscope_found_key *key);  /**< "private key", "secret", "protected data"; of raw numbers "p",
                                                                             "q", "d", "n" */
const char *tscope_found_key_layout(const tscope_found_key *key);     /**< "der", "json", "le"…; of PEM what is inside */
const char *tscope_found_key_kty(const tscope_found_key *key);        /**< "RSA", "EC", "OKP", "oct" */
const char *tscope_found_key_curve(const tscope_found_key *key);      /**< "P-256"… */
const char *tscope_found_key_thumbprint(const tscope_found_key *key); /**< of the public half: RFC 7638, SHA-256, base64url */
size_t tscope_found_key_bits(const tscope_found_key *key);

/**
 * How sure it is: "proven" (its numbers belong together, or to a published key), "read" (whole, but its form holds nothing to prove it
 * by: a secret, or a private number without its public half), "recognised" (encrypted: it cannot be read), "published" (a number of a
 * public key, told because what is sought may be near).
 */
const char *tscope_found_key_state(const tscope_found_key *key);

/** The keys of the scanner's keyrings that have the same public half: at most keys_max are written. @return how many there are */
size_t tscope_found_key_matches(const tscope_found_key *key, const tscope_key **keys, size_t keys_max);

/**
 * Writes the private key itself, for whoever asked for it: "jwk" or "pem" (PKCS #8).
 *
 * @param ret_text  NUL-terminated, the caller's to wipe and to release with tscope_string_free()
 * @return TSCOPE_OK, TSCOPE_ERR_ARGUMENT (another format), TSCOPE_ERR_UNSUPPORTED (it cannot be read, or has no such form),
 *         TSCOPE_ERR_NO_MEMORY, TSCOPE_ERR_CRYPTO
 */
TSCOPE_MUST_USE enum tscope_status tscope_found_key_reveal(const tscope_found_key *key, const char *format, char **ret_text,
                                                           size_t *ret_len, struct tscope_error *err);

#ifdef __cplusplus
}
#endif

#endif
