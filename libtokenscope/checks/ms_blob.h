/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_CHECKS_MS_BLOB_H
#define TSCOPE_CHECKS_MS_BLOB_H

#include "checks/findings.h"

/** @file GUIDs as Microsoft writes them in bytes, and the block at the head of rh claims and refresh tokens. Not documented by it. */

#define TSCOPE_MS_GUID_TEXT 37

/** 16 bytes in the byte order of .NET, the first three fields little-endian, as lower-case text with a NUL. */
void tscope_ms_guid_text(const uint8_t bytes[16], char text[TSCOPE_MS_GUID_TEXT]);
/** True for a GUID of version 4 and the variant of RFC 9562, in the byte order of .NET. */
bool tscope_ms_guid_is_random(const uint8_t bytes[16]);

struct tscope_ms_blob {
    uint8_t format; /* 1: app is the resource; 0, 2: app is the client */
    char tenant[TSCOPE_MS_GUID_TEXT], app[TSCOPE_MS_GUID_TEXT];
};

/** Reads "0.BLOCK." or "1.BLOCK." and whatever follows; false when that is not its shape. */
bool tscope_ms_blob_read(struct tscope_span text, struct tscope_ms_blob *ret_blob);
/** Reads that of a refresh token, or of the one in a cookie; false for any other token, and when it cannot be read. */
bool tscope_ms_blob_of(const struct tscope_token *token, struct tscope_arena *arena, struct tscope_ms_blob *ret_blob);

#endif
