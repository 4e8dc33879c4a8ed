/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_EVIDENCE_ZIP_H
#define TSCOPE_EVIDENCE_ZIP_H

#include "evidence/reader.h"

/**
 * @file The members of a ZIP archive (PKWARE's APPNOTE 6.3), by its central directory, or, where that is missing or broken, by the header
 * before each member.
 */

#define TSCOPE_ZIP_MEMBERS_MAX 1000000

typedef struct tscope_zip tscope_zip;

/**
 * Reads the directory. That there is none, or a broken one, is no failure but a warning of the evidence.
 *
 * @param piece  seekable; to outlive the archive
 */
TSCOPE_MUST_USE enum tscope_status tscope_zip_new(tscope_piece *piece, tscope_zip **ret_zip, struct tscope_error *err);
void tscope_zip_free(tscope_zip *zip);
TSCOPE_DEFINE_AUTO(tscope_zip)

/**
 * The next member that can be read, in the order in which they stand in the file. What cannot be read is a warning.
 *
 * @param ret_member  the caller's; NULL: there are no more
 */
TSCOPE_MUST_USE enum tscope_status tscope_zip_next(tscope_zip *zip, tscope_piece **ret_member, struct tscope_error *err);

#endif
