/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_AUDIT_TOKEN_ID_H
#define TSCOPE_AUDIT_TOKEN_ID_H

#include "core/buffer.h"

/**
 * @file A token's id as logs write it. One GUID stands in three forms: 22 characters of base64url over its 16 bytes (.NET byte order: the
 * claim uti, audit records, Graph activity, newer sign-in logs), 48 characters of base64 over its text (older sign-in logs), and the text
 * itself (id of a sign-in). All are brought to the 16 bytes. Case is never folded before decoding: in base64 it is data.
 */

#define TSCOPE_TOKEN_ID_BYTES 16
#define TSCOPE_TOKEN_ID_TEXT 23 /* base64url and a NUL */
#define TSCOPE_GUID_TEXT 37

enum tscope_token_id_form {
    TSCOPE_TOKEN_ID_NONE,        /* nothing is there */
    TSCOPE_TOKEN_ID_BYTES_READ,  /* one of the three forms */
    TSCOPE_TOKEN_ID_PLACEHOLDER, /* zeros, one character again and again: whoever exported it has put that there */
    TSCOPE_TOKEN_ID_OTHER,       /* something else, which can be compared as text only */
};

/** Reads any of the forms; id is written for TSCOPE_TOKEN_ID_BYTES_READ alone. */
enum tscope_token_id_form tscope_token_id_read(struct tscope_span text, uint8_t id[TSCOPE_TOKEN_ID_BYTES]);

/** 8-4-4-4-12 digits in either case, braces allowed, to the bytes of .NET; false for anything else. */
bool tscope_token_id_from_guid(struct tscope_span text, uint8_t id[TSCOPE_TOKEN_ID_BYTES]);

/** As tokens write it. */
void tscope_token_id_text(const uint8_t id[TSCOPE_TOKEN_ID_BYTES], char text[TSCOPE_TOKEN_ID_TEXT]);
/** As sign-in logs write it, in lower case. */
void tscope_token_id_guid_text(const uint8_t id[TSCOPE_TOKEN_ID_BYTES], char text[TSCOPE_GUID_TEXT]);

/** A GUID that names nothing: all its digits equal. True for what is no GUID only when it is empty. */
bool tscope_guid_is_placeholder(struct tscope_span text);

#endif
