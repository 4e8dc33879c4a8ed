/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_CHECKS_KID_TEXT_H
#define TSCOPE_CHECKS_KID_TEXT_H

#include "checks/findings.h"

/**
 * @file A kid, or another text that something is looked up by, which somebody may have written to do harm: read as a careless
 * program would, and looked through for words.
 */

struct tscope_kid {
    struct tscope_member member;
    struct tscope_span text; /* percent-encoding undone; data NULL: there is none, or none that could do harm */
};

/** What in a text a database, a file system or a shell would act on; static, NULL: nothing. */
const char *tscope_kid_path_shape(struct tscope_span text);
/** strict: in running text, where quotes and words of SQL stand side by side, only what no sentence holds counts. */
const char *tscope_kid_sql_shape(struct tscope_span text, bool strict);
const char *tscope_kid_command_shape(struct tscope_span text, bool *ret_placeholder);

/** Letters, digits, "-" and "_" of ASCII alone, as almost all kids: whatever does harm needs other characters. */
bool tscope_kid_is_plain_name(struct tscope_span text);
/** True for a text without any mark that harm is done with, nor "--" or "../". */
bool tscope_kid_is_harmless(struct tscope_span text);

/** Reads the kid of the header. False when memory runs out. */
bool tscope_kid_read(const tscope_subject *subject, struct tscope_kid *kid);
/** Adds what shape the kid has: "the kid '…' holds SHAPE". A note when that is the listed name of the key that verifies the token. */
enum tscope_status tscope_kid_add_shape(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings,
                                        const struct tscope_kid *kid, enum tscope_severity severity, const char *shape);

/** By byte. */
enum {
    TSCOPE_LETTER_WORD = 1,  /* of a word: letters, digits, "_", and whatever is not ASCII */
    TSCOPE_LETTER_PLAIN = 2, /* of a plain name: letters, digits, "_" and "-" of ASCII */
    TSCOPE_LETTER_QUIET = 4, /* "@", ":", "/", " ", "+" and ",": addresses, names and scopes hold them */
};
extern const uint8_t tscope_kid_letters[256];

static inline bool
tscope_kid_is_word_letter(uint8_t letter)
{
    return tscope_kid_letters[letter] & TSCOPE_LETTER_WORD;
}

/** What stands from a place on; empty when that is the end. */
struct tscope_span tscope_kid_behind(struct tscope_span text, size_t at);
/** Without white space and closing brackets in front. */
struct tscope_span tscope_kid_without_space(struct tscope_span text);
/** Length of the word of the list that text begins with, as a whole word in any case; 0: none. Lists end in NULL. */
size_t tscope_kid_begins_with_word(struct tscope_span text, const char *const *words);
bool tscope_kid_begins_with_any(struct tscope_span text, const char *const *prefixes);

#endif
