/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_AUDIT_DECODER_H
#define TSCOPE_AUDIT_DECODER_H

#include <tokenscope/status.h>

#include "core/alloc.h"
#include "core/span.h"

/**
 * @file A file's bytes as UTF-8, a piece at a time: gzip taken off (any number of members), UTF-16 of either order with or without its
 * mark, the mark of UTF-8. Memory is the same for files of any size.
 */

/** Bytes that a gzip file may become. */
#define TSCOPE_DECODED_MAX (UINT64_C(1) << 38)

typedef struct tscope_decoder tscope_decoder;

/** Takes a piece of the text; anything but TSCOPE_OK ends the decoding. */
typedef enum tscope_status (*tscope_decoder_sink)(void *user, const uint8_t *text, size_t len, struct tscope_error *err);

/** What was found around the text. */
struct tscope_decoder_facts {
    bool gzip;
    bool utf16;
    bool mark;     /* a byte order mark */
    bool cut;      /* gzip that ends before its end, or half a UTF-16 unit */
    bool broken;   /* gzip that is none from some byte on: what came before was decoded */
    uint64_t text; /* bytes of UTF-8 so far */
};

TSCOPE_MUST_USE enum tscope_status tscope_decoder_new(tscope_decoder_sink sink, void *user, tscope_decoder **ret_decoder,
                                                      struct tscope_error *err);
void tscope_decoder_free(tscope_decoder *decoder);
TSCOPE_DEFINE_AUTO(tscope_decoder)

/** @return TSCOPE_OK, TSCOPE_ERR_NO_MEMORY, TSCOPE_ERR_TOO_LARGE (over TSCOPE_DECODED_MAX), or what the sink said */
TSCOPE_MUST_USE enum tscope_status tscope_decoder_feed(tscope_decoder *decoder, const uint8_t *bytes, size_t len, struct tscope_error *err);
/** At the end of the file. */
TSCOPE_MUST_USE enum tscope_status tscope_decoder_end(tscope_decoder *decoder, struct tscope_error *err);

const struct tscope_decoder_facts *tscope_decoder_facts(const tscope_decoder *decoder);

#endif
