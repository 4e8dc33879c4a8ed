/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_SCAN_KEY_PROBE_H
#define TSCOPE_SCAN_KEY_PROBE_H

#include "scan/found_key.h"
#include "scan/key_anchors.h"
#include "scan/window.h"

/**
 * @file Whether key material stands at an anchor: PEM, DER, OpenSSH, JWK, blobs of CAPI, CNG and DPAPI, XML, base64 of them. What is there
 * is read and proven by its own numbers (docs/scan.md says what "proven" means) before it is called a key.
 */

/** Room to read in, and who proves. For one thread. */
typedef struct tscope_key_finder tscope_key_finder;

/** @param known  frozen: public keys that found private ones are matched to; borrowed; NULL: none */
TSCOPE_MUST_USE enum tscope_status tscope_key_finder_new(const tscope_keyring *known, tscope_key_finder **ret_finder,
                                                         struct tscope_error *err);
void tscope_key_finder_free(tscope_key_finder *finder);
TSCOPE_DEFINE_AUTO(tscope_key_finder)
/** A stream is begun anew. */
void tscope_key_finder_begin(tscope_key_finder *finder);
/** As tscope_scanner_left_out(). */
bool tscope_key_finder_left_out(const tscope_key_finder *finder, uint64_t *ret_offset);
const struct tscope_key_prover *tscope_key_finder_prover(const tscope_key_finder *finder);

/** What was found, in bytes of the window. */
struct tscope_key_place {
    tscope_found_key *key; /* the caller's */
    size_t begin, end;     /* the anchor lies inside */
    enum tscope_find_encoding encoding;
};

/**
 * Looks whether a key of the anchor's form stands there. What lies inside a key that was found is a part of it: who walks the anchors in
 * order passes over those before its end.
 *
 * @return NO_MEMORY also when libcrypto fails: the work could not be done
 */
TSCOPE_MUST_USE enum tscope_probe tscope_key_probe(tscope_key_finder *finder, const struct tscope_window *window, size_t at,
                                                   enum tscope_key_anchor anchor, struct tscope_key_place *ret_place);

#endif
