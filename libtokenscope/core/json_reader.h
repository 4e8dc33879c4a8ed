/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_CORE_JSON_READER_H
#define TSCOPE_CORE_JSON_READER_H

#include "core/json.h"
#include "core/plain.h"

/** @file What the files of the JSON reader share. */

#define TSCOPE_JSON_DEPTH_CAPACITY 256

struct tscope_json_open {
    uint32_t index; /* of its value */
    uint32_t last;  /* index of its latest child; 0: none */
};

struct tscope_json_reader {
    struct tscope_json *json;
    struct tscope_arena *arena;
    const uint8_t *text;
    uint32_t len, at;
    uint32_t capacity; /* of json->values */
    struct tscope_json_limits limits;
    uint32_t depth; /* containers open */
    uint8_t state;  /* what stood in front of the cursor inside the innermost one */
    uint32_t comma; /* where it stood, if a comma did */
    bool stopped;   /* a fatal flaw was noted, or memory ran out */
    bool no_memory;
    bool capital; /* a name held a capital letter, or an escape: the text is not tscope_json.lower_case */
    bool uneven;  /* white space, or what is not plain in a string, was met: the text is not tscope_json.compact */
    struct tscope_json_open open[TSCOPE_JSON_DEPTH_CAPACITY]; /* last, and never cleared as a whole: reading starts cheap */
};

/** Lists a flaw; a fatal one stops the reader. */
void tscope_json_reader_note(struct tscope_json_reader *reader, enum tscope_json_flaw_kind kind, size_t offset, size_t len, uint32_t value);
/** Notes that nothing can be read at offset: TRUNCATED at the end of the text, else SYNTAX. */
void tscope_json_reader_stop(struct tscope_json_reader *reader, size_t offset);
void tscope_json_reader_fail(struct tscope_json_reader *reader);
/** The value that what belongs to no value of its own is listed for. */
static inline uint32_t
tscope_json_reader_container(const struct tscope_json_reader *reader)
{
    return reader->depth ? reader->open[reader->depth - 1].index : 0;
}

/** Marks and lists the repeated names of an object. */
void tscope_json_reader_check_names(struct tscope_json_reader *reader, uint32_t object);
/** Brings the flaws into the order of the text. */
void tscope_json_reader_sort_flaws(struct tscope_json_reader *reader);

/**
 * Past a string, cursor on its opening quote; stopped, it leaves the cursor at the fault. value is the index of the
 * value that it is or names. True when it holds a backslash.
 */
bool tscope_json_reader_any_string(struct tscope_json_reader *reader, uint32_t value);

/** The same without a call for a short one, plain as most are. */
static inline bool
tscope_json_reader_string(struct tscope_json_reader *reader, uint32_t value)
{
    uint32_t at = reader->at + 1;

    if (reader->len - at >= TSCOPE_PLAIN_BLOCK) {
        at += tscope_plain_of_block(reader->text + at);
        if (at - reader->at <= TSCOPE_PLAIN_BLOCK && reader->text[at] == '"') {
            reader->at = at + 1;
            return false;
        }
    }
    return tscope_json_reader_any_string(reader, value);
}

/** Past a number (RFC 8259 section 6); stopped, it leaves the cursor at the fault. True when readers round it differently. */
bool tscope_json_reader_number(struct tscope_json_reader *reader);

#endif
