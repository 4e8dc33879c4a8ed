/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_CORE_JSON_H
#define TSCOPE_CORE_JSON_H

#include <endian.h>

#include <tokenscope/status.h>

#include "core/arena.h"
#include "core/buffer.h"

/**
 * @file A one-pass index over JSON text (RFC 8259): where every value stands, in order, nothing copied, nothing lost.
 *
 * Evidence is read with it, so it keeps what other readers hide: both of two equal names, numbers as written, the
 * bytes of every value. It reads past what can be read past (comments, a trailing comma, NaN, bad UTF-8) and lists each
 * such flaw with its place; at what cannot be read it stops and keeps what came before.
 */

enum tscope_json_type {
    TSCOPE_JSON_NULL,
    TSCOPE_JSON_FALSE,
    TSCOPE_JSON_TRUE,
    TSCOPE_JSON_NUMBER,
    TSCOPE_JSON_STRING,
    TSCOPE_JSON_ARRAY,
    TSCOPE_JSON_OBJECT,
};

enum {
    TSCOPE_VALUE_ESCAPED = 1,      /* the string holds a backslash: its bytes are not its text */
    TSCOPE_VALUE_NAME_ESCAPED = 2, /* the member's name does */
    TSCOPE_VALUE_DUPLICATE = 4,    /* an earlier member of the same object has this name */
    TSCOPE_VALUE_OPEN = 8,         /* reading stopped inside this value, or the text ended at this number: there may have been more */
    TSCOPE_VALUE_KNOWN = 16,       /* the member's name is one that whoever reads this kind of object knows; set by them */
};

/** One value. Children of a container follow it directly; next leads over them to its sibling. */
struct tscope_value {
    uint32_t start, len;     /* bytes in text; a string with its quotes, a container with its brackets */
    uint32_t name, name_len; /* the member's name with its quotes; name_len 0: not a member */
    uint32_t name_hash;      /* tscope_hash32 of the name, unescaped; 0: not a member */
    uint32_t next;           /* index of the next sibling; 0: the last one */
    uint32_t count;          /* children */
    uint8_t type;            /* enum tscope_json_type */
    uint8_t flags;
    uint16_t depth; /* 0 for the root */
};

/* X(NAME, "id", grade, "words"). Grades: FATAL reading stopped; EXTENSION not JSON, read past; TEXT the bytes are at fault;
 * NOTE valid JSON that readers treat differently. */
#define TSCOPE_FOREACH_JSON_FLAW(X)                                              \
    X(SYNTAX, "syntax", FATAL, "not JSON")                                       \
    X(TRUNCATED, "truncated", FATAL, "the text ends inside a value")             \
    X(EMPTY, "empty", FATAL, "no value")                                         \
    X(TOO_DEEP, "too-deep", FATAL, "nested deeper than the limit")               \
    X(TOO_MANY, "too-many", FATAL, "more values than the limit")                 \
    X(UTF16, "utf-16", FATAL, "UTF-16 text")                                     \
    X(COMMENT, "comment", EXTENSION, "a comment")                                \
    X(NAN, "nan", EXTENSION, "NaN or Infinity")                                  \
    X(COMMA, "comma", EXTENSION, "a comma with no value behind it")              \
    X(TRAILING, "trailing", EXTENSION, "bytes behind the value")                 \
    X(CONTROL, "control", EXTENSION, "a control character inside a string")      \
    X(BOM, "bom", TEXT, "a byte order mark")                                     \
    X(BAD_UTF8, "bad-utf8", TEXT, "bytes that are not UTF-8")                    \
    X(SURROGATE, "surrogate", TEXT, "half of a surrogate pair")                  \
    X(DUPLICATE, "duplicate", NOTE, "a name that stands twice in one object")    \
    X(BIG_NUMBER, "big-number", NOTE, "a number that readers round differently") \
    X(NUL, "nul", NOTE, "\\u0000 in a name or string")

enum tscope_json_flaw_kind {
#define TSCOPE_JSON_FLAW_ENUM(name, id, grade, words) TSCOPE_JSON_FLAW_##name,
    TSCOPE_FOREACH_JSON_FLAW(TSCOPE_JSON_FLAW_ENUM)
#undef TSCOPE_JSON_FLAW_ENUM
};

enum tscope_json_grade { TSCOPE_JSON_FATAL, TSCOPE_JSON_EXTENSION, TSCOPE_JSON_TEXT, TSCOPE_JSON_NOTE };

struct tscope_json_flaw {
    enum tscope_json_flaw_kind kind;
    uint32_t offset, len; /* bytes in text */
    uint32_t value;       /* index of the value it belongs to (for DUPLICATE the later one) */
};

#define TSCOPE_JSON_FLAWS_MAX 32
#define TSCOPE_JSON_INPUT_MAX (64u << 20)
#define TSCOPE_JSON_COMPACT_DEPTH_MAX 48 /* containers in each other, in what is called compact */

struct tscope_json_limits {
    uint32_t depth_max; /* a root value has depth 0; an array inside it 1 */
    uint32_t values_max;
};

#define TSCOPE_JSON_LIMITS_TOKEN ((struct tscope_json_limits){64, 100000})
#define TSCOPE_JSON_LIMITS_FILE ((struct tscope_json_limits){64, 8000000})

struct tscope_json {
    const uint8_t *text; /* borrowed: lives at least as long as this */
    size_t text_len;
    struct tscope_value *values; /* values[0] is the root */
    uint32_t values_len;
    struct tscope_json_flaw *flaws; /* the first TSCOPE_JSON_FLAWS_MAX, by place; NULL when there is none */
    uint32_t flaws_len;             /* stored */
    uint32_t flaws_total;           /* seen */
    bool readable;                  /* a root value was read to its end (perhaps past flaws that are not fatal) */
    bool strict;                    /* RFC 8259 in full: no flaw but notes */
    bool lower_case;                /* no member's name holds a capital letter or an escape */
    bool compact;                   /* no flaw, no white space, printable ASCII, no escapes, not deep: written again it is the same */
};

/** True when the grade of a flaw kind is this one. */
enum tscope_json_grade tscope_json_flaw_grade(enum tscope_json_flaw_kind kind);
const char *tscope_json_flaw_id(enum tscope_json_flaw_kind kind);
const char *tscope_json_flaw_text(enum tscope_json_flaw_kind kind);

/**
 * Indexes text. Malformed text is no failure: json says what could be read.
 *
 * @param arena  holds the index; grown in place while it is the arena's latest allocation
 * @return TSCOPE_OK, TSCOPE_ERR_NO_MEMORY, TSCOPE_ERR_TOO_LARGE (over TSCOPE_JSON_INPUT_MAX)
 */
TSCOPE_MUST_USE enum tscope_status tscope_json_read(struct tscope_json *json, struct tscope_arena *arena, const uint8_t *text,
                                                    size_t text_len, struct tscope_json_limits limits, struct tscope_error *err);

/** The root, or NULL when not even its first byte could be read. */
static inline const struct tscope_value *
tscope_json_root(const struct tscope_json *json)
{
    return json->values_len ? json->values : NULL;
}

/** First child of an array or object, NULL when it has none. */
static inline const struct tscope_value *
tscope_json_first(const struct tscope_json *json, const struct tscope_value *container)
{
    (void)json;
    return container && container->count ? container + 1 : NULL;
}

/** The next sibling, NULL behind the last. */
static inline const struct tscope_value *
tscope_json_next(const struct tscope_json *json, const struct tscope_value *value)
{
    return value->next ? &json->values[value->next] : NULL;
}

/** The first member of that name of an object; NULL when there is none or it is no object (value may be NULL). */
const struct tscope_value *tscope_json_member(const struct tscope_json *json, const struct tscope_value *object, const char *name);
/** True when the member's name, unescaped, is this one. */
bool tscope_json_name_is(const struct tscope_json *json, const struct tscope_value *value, const char *name);
/** The name between its quotes, as written. */
static inline struct tscope_span
tscope_json_name(const struct tscope_json *json, const struct tscope_value *value)
{
    return value->name_len < 2 ? (struct tscope_span){NULL, 0} : tscope_span_of(json->text + value->name + 1, value->name_len - 2);
}

/** The value's bytes as written. */
static inline struct tscope_span
tscope_json_raw(const struct tscope_json *json, const struct tscope_value *value)
{
    return tscope_span_of(json->text + value->start, value->len);
}

/** What tscope_json_string() asks where something is escaped. */
struct tscope_span tscope_json_unescaped(const struct tscope_json *json, const struct tscope_value *value, struct tscope_arena *arena);

/**
 * A string's text: a view where nothing is escaped, else unescaped into the arena (lone surrogates become U+FFFD).
 * data is NULL when value is NULL, no string, or memory ran out.
 */
static inline struct tscope_span
tscope_json_string(const struct tscope_json *json, const struct tscope_value *value, struct tscope_arena *arena)
{
    if (!value || value->type != TSCOPE_JSON_STRING)
        return (struct tscope_span){NULL, 0};
    if (value->flags & (TSCOPE_VALUE_ESCAPED | TSCOPE_VALUE_OPEN))
        return tscope_json_unescaped(json, value, arena);
    return tscope_span_of(json->text + value->start + 1, value->len - 2);
}

/** True when value is a string of exactly this text. */
bool tscope_json_string_is(const struct tscope_json *json, const struct tscope_value *value, const char *text);
/** Exact integers only ("1", "-5", also "1.0" and "1e3" when whole); false otherwise, outside int64, or when it may be cut. */
bool tscope_json_integer(const struct tscope_json *json, const struct tscope_value *value, int64_t *ret_integer);
/** Any number, rounded to a double in any locale; false for what is no number or may be cut. */
bool tscope_json_number(const struct tscope_json *json, const struct tscope_value *value, double *ret_number);
/** Appends the RFC 6901 pointer of a value of this index, "" for the root. Of equal names the pointer is the same. */
void tscope_json_pointer(const struct tscope_json *json, const struct tscope_value *value, struct tscope_buffer *buffer);
/** The value an RFC 6901 pointer names ("" is the root), first of equal names; NULL when there is none. */
const struct tscope_value *tscope_json_at(const struct tscope_json *json, const char *pointer);

/** Appends what the inside of a JSON string (no quotes) says; lone surrogates and broken escapes become U+FFFD. */
void tscope_json_unescape(struct tscope_span inside, struct tscope_buffer *buffer);

/** The hash of member names and look-up tables, the same on every machine; not keyed, so callers bound what a collision costs. */
uint32_t tscope_hash32(const void *data, size_t len);

#define TSCOPE_HASH_BLOCK 16u
#define TSCOPE_HASH_ODD UINT64_C(0x9e3779b97f4a7c15)

/** The first len bytes, at most eight, as a number, the first one lowest; eight can be read. */
static inline uint64_t
tscope_low_bytes(const void *bytes, size_t len)
{
    uint64_t word;

    memcpy(&word, bytes, sizeof(word));
    return len ? le64toh(word) << 8 * (8 - len) >> 8 * (8 - len) : 0;
}

static inline uint64_t
tscope_hash_begin(size_t len)
{
    return len * TSCOPE_HASH_ODD;
}

static inline uint64_t
tscope_hash_word(uint64_t hash, uint64_t word)
{
    hash = (hash ^ word) * TSCOPE_HASH_ODD;
    return hash ^ hash >> 32;
}

static inline uint32_t
tscope_hash_end(uint64_t hash, uint64_t tail)
{
    return (uint32_t)(tscope_hash_word(hash, tail) * TSCOPE_HASH_ODD >> 32);
}

/** tscope_hash32() of at most TSCOPE_HASH_BLOCK bytes, where as many can be read: most names are short. */
static inline uint32_t
tscope_hash_of_block(const uint8_t *bytes, size_t len)
{
    const uint64_t begin = tscope_hash_begin(len);

    return len <= 8 ? tscope_hash_end(begin, tscope_low_bytes(bytes, len))
                    : tscope_hash_end(tscope_hash_word(begin, tscope_low_bytes(bytes, 8)), tscope_low_bytes(bytes + 8, len - 8));
}

#endif
