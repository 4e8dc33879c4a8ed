/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_CHECKS_HOLDER_H
#define TSCOPE_CHECKS_HOLDER_H

#include "checks/findings.h"

/** @file Whose key verified a token, whether that is the issuer it names, and what the answer rests on, in words for a detail. */

#define TSCOPE_FAMILY_CONSUMER "msa-consumer"
#define TSCOPE_FAMILY_ENTERPRISE "entra-enterprise"

/** True when a key verified the token. */
bool tscope_holder_is_known(const tscope_subject *subject);
/** True when that key is of this family, however that is known. */
bool tscope_holder_is_family(const tscope_subject *subject, const char *family);
/** True when its family is known by more than a certificate's subject or somebody's word: enough to call a token forged. */
bool tscope_holder_is_proven(const tscope_subject *subject);
/** True when tid names a tenant that is not the one of Microsoft accounts. */
bool tscope_holder_names_enterprise(const tscope_subject *subject);
/** True when a key of Microsoft accounts verified a token of an enterprise tenant or issuer. */
bool tscope_holder_is_consumer_on_enterprise(const tscope_subject *subject);
/**
 * True when the key is one of another tenant alone: the sets of that tenant listed it at a time at which a complete set
 * that all tenants share lacked it, and no shared set ever listed it.
 */
bool tscope_holder_is_of_other_tenant(const tscope_subject *subject);
/** True when the key belongs to somebody else than the issuer that the token names, or is a test environment's. */
bool tscope_holder_is_foreign(const tscope_subject *subject);

/** Text in the arena for a detail; cut to 600 bytes. "" when memory runs out. */
const char *tscope_words(const tscope_subject *subject, const char *format, ...) __attribute__((cold, format(printf, 2, 3)));
#define TSCOPE_WORDS_TEXT_MAX 160 /* bytes of text */

/** Text that a history or a profile holds, escaped and cut to TSCOPE_WORDS_TEXT_MAX. */
const char *tscope_words_of(const tscope_subject *subject, struct tscope_span text);
/** The issuer that the token names, quoted and long enough for a tenant in it. */
const char *tscope_words_of_iss(const tscope_subject *subject);
/** "the key 'KID' of Microsoft account (consumer)". */
const char *tscope_holder_words(const tscope_subject *subject);
/** "known by its own issuer member, '…', in the history 'embedded' (SHA-256 …), listed by … from … to …". */
const char *tscope_holder_grounds(const tscope_subject *subject);
/** Appends "the history 'embedded' (SHA-256 …)". */
void tscope_words_append_history(struct tscope_buffer *words, const struct tscope_history *history);
/** The same in the arena. */
const char *tscope_words_of_history(const tscope_subject *subject, const struct tscope_history *history);
/** Who signs for the token's issuer: a family in words, else "an issuer nobody here knows". */
const char *tscope_words_of_issuer(const tscope_subject *subject);

#endif
