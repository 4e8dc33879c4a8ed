/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TOKENSCOPE_EVIDENCE_H
#define TOKENSCOPE_EVIDENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <tokenscope/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @file Captured files (of libtokenscope-case): the streams of bytes inside them, and what stands around a place of a stream.
 *
 * Find first, context after: streams are searched as bytes, with no regard to their form, so that nothing is missed because a file is
 * broken. Where something was found, tscope_evidence_locate() says what that place is: a field of a record and the record's time, a
 * header of a request, an address of a process. Nothing here knows what a token is.
 */

/**
 * Where the bytes of a piece of evidence come from. The functions may be called from several threads at once. Fixed for the soname.
 */
struct tscope_evidence_source {
    uint64_t size; /**< bytes */
    /**
     * Reads at an offset: as many bytes as there are, up to len. Fewer than len are read at the end alone, none behind it.
     * Anything but TSCOPE_OK ends what is being done, and is its answer.
     */
    enum tscope_status (*read)(void *user, uint64_t offset, uint8_t *buffer, size_t len, size_t *ret_len, struct tscope_error *err);
    void *user;
    void *reserved[4];
};

/**
 * A source over an open file or block device. The descriptor stays the caller's, and is to stay open; its position is not used.
 *
 * @return TSCOPE_OK, TSCOPE_ERR_IO, or TSCOPE_ERR_ARGUMENT for what has no size (a pipe)
 */
TSCOPE_MUST_USE enum tscope_status tscope_evidence_source_file(int descriptor, struct tscope_evidence_source *ret_source,
                                                               struct tscope_error *err);

/** What bytes are, told by themselves and never by a name. X(NAME, "id", "words") */
#define TSCOPE_FOREACH_EVIDENCE_FORMAT(X)                                            \
    X(RAW, "raw", "bytes of no known form")                                          \
    X(TEXT, "text", "text")                                                          \
    X(HAR, "har", "HTTP archive")                                                    \
    X(JSON, "json", "JSON")                                                          \
    X(JSONL, "jsonl", "JSON lines")                                                  \
    X(CSV, "csv", "table of comma-separated values")                                 \
    X(LOG, "log", "log of lines")                                                    \
    X(ZEEK, "zeek", "Zeek log")                                                      \
    X(W3C, "w3c", "W3C extended log")                                                \
    X(BURP, "burp", "items of Burp")                                                 \
    X(MITMPROXY, "mitmproxy", "flows of mitmproxy")                                  \
    X(GZIP, "gzip", "gzip")                                                          \
    X(ZIP, "zip", "ZIP archive")                                                     \
    X(ZSTD, "zstd", "zstd, which is not decompressed")                               \
    X(XZ, "xz", "xz, which is not decompressed")                                     \
    X(BZIP2, "bzip2", "bzip2, which is not decompressed")                            \
    X(SEVEN_ZIP, "7z", "7z archive, which is not decompressed")                      \
    X(CABINET, "cab", "cabinet, which is not decompressed")                          \
    X(MINIDUMP, "minidump", "Windows minidump")                                      \
    X(KERNEL_DUMP, "kernel-dump", "Windows kernel dump")                             \
    X(KERNEL_BITMAP, "kernel-bitmap-dump", "Windows kernel dump with a page bitmap") \
    X(ELF_CORE, "elf-core", "ELF core dump")                                         \
    X(LIME, "lime", "LiME memory image")                                             \
    X(HIBERFIL, "hiberfil", "Windows hibernation file")                              \
    X(HPROF, "hprof", "Java heap dump")

enum tscope_evidence_format {
#define TSCOPE_EVIDENCE_FORMAT_ENUM(name, id, words) TSCOPE_EVIDENCE_##name,
    TSCOPE_FOREACH_EVIDENCE_FORMAT(TSCOPE_EVIDENCE_FORMAT_ENUM)
#undef TSCOPE_EVIDENCE_FORMAT_ENUM
};

/** "har"… Static. */
const char *tscope_evidence_format_id(enum tscope_evidence_format format);
/** The format in words. Static. */
const char *tscope_evidence_format_text(enum tscope_evidence_format format);

/** Bounds on what compressed evidence may cost. All zero but size: the defaults. */
struct tscope_evidence_options {
    size_t size; /**< sizeof(struct tscope_evidence_options) */
    uint64_t
        inflated_max; /**< bytes that all compressed streams together may give; 0: 16 GiB, or a hundred times the source if that is more */
    uint64_t ratio_max;  /**< a stream is left that gave over so many times the bytes it is made from; 0: 200 */
    uint64_t ratio_from; /**< and more than so many bytes; 0: 1 GiB */
    unsigned depth_max;  /**< archives within archives; 0: 4 */
};

/** A piece of evidence. Belongs to one thread; what is said below of streams of other threads is the exception. */
typedef struct tscope_evidence tscope_evidence;
/** One run of bytes of it. */
typedef struct tscope_evidence_stream tscope_evidence_stream;

/**
 * Looks at what a source holds. Nothing that is wrong with the bytes is a failure.
 *
 * @param source   copied; what its user points to is to live as long as the evidence
 * @param options  NULL: the defaults
 * @return TSCOPE_OK, TSCOPE_ERR_NO_MEMORY, TSCOPE_ERR_ARGUMENT, or what the source's read answered
 */
TSCOPE_MUST_USE enum tscope_status tscope_evidence_open(const struct tscope_evidence_source *source,
                                                        const struct tscope_evidence_options *options, tscope_evidence **ret_evidence,
                                                        struct tscope_error *err);
/** Streams of it are freed before. NULL is allowed. */
void tscope_evidence_free(tscope_evidence *evidence);
enum tscope_evidence_format tscope_evidence_format(const tscope_evidence *evidence);

/** What was not read, or is not there. Fixed for the soname. */
struct tscope_evidence_warning {
    const char *id;     /**< "encrypted", "memory-absent"…: stable. Static */
    const char *text;   /**< one clause, no full stop */
    const char *member; /**< the path of the stream that it is about; "": the source itself */
    void *reserved[2];
};

/** How many there are so far: more may come while streams are taken and read. */
size_t tscope_evidence_warnings(const tscope_evidence *evidence);
/** NULL past the end. Lives as long as the evidence. */
const struct tscope_evidence_warning *tscope_evidence_warning(const tscope_evidence *evidence, size_t number);

/**
 * The next stream, always in the same order: the source itself, as it is; then what is inside it, and in that.
 *
 * @param ret_stream  the caller's to release with tscope_evidence_stream_free(); NULL: there are no more
 * @return TSCOPE_OK, TSCOPE_ERR_NO_MEMORY, or what the source's read answered
 */
TSCOPE_MUST_USE enum tscope_status tscope_evidence_next(tscope_evidence *evidence, tscope_evidence_stream **ret_stream,
                                                        struct tscope_error *err);
void tscope_evidence_stream_free(tscope_evidence_stream *stream); /**< NULL is allowed */

/** From 0 on, in the order of tscope_evidence_next(): of the same bytes always the same. */
size_t tscope_evidence_stream_number(const tscope_evidence_stream *stream);
/** "" for the source itself, "logs/x.json" of an archive, "(gunzip)"; of archives within archives with "!/" between. Printable. */
const char *tscope_evidence_stream_path(const tscope_evidence_stream *stream);
enum tscope_evidence_format tscope_evidence_stream_format(const tscope_evidence_stream *stream);
/** Bytes; UINT64_MAX: known at the end alone. Archives lie about it: what can be read counts. */
uint64_t tscope_evidence_stream_size(const tscope_evidence_stream *stream);
/** True when what is inside may come as streams of its own: of an archive, or a text that holds some. */
bool tscope_evidence_stream_is_archive(const tscope_evidence_stream *stream);
/** True when tscope_evidence_stream_read_at() works. */
bool tscope_evidence_stream_is_seekable(const tscope_evidence_stream *stream);

/**
 * Reads on from where the last call ended. A stream that breaks (a truncated gzip) ends there, with a warning.
 *
 * @param ret_len  fewer than len at the end alone
 * @return TSCOPE_OK, TSCOPE_ERR_NO_MEMORY, or what the source's read answered
 */
TSCOPE_MUST_USE enum tscope_status tscope_evidence_stream_read(tscope_evidence_stream *stream, uint8_t *buffer, size_t len, size_t *ret_len,
                                                               struct tscope_error *err);
/**
 * Reads at an offset of a seekable stream; where tscope_evidence_stream_read() stands is not changed. Any number of threads may
 * call this for one stream, while no other function is called for it.
 *
 * @return as above, or TSCOPE_ERR_UNSUPPORTED when the stream is not seekable
 */
TSCOPE_MUST_USE enum tscope_status tscope_evidence_stream_read_at(const tscope_evidence_stream *stream, uint64_t offset, uint8_t *buffer,
                                                                  size_t len, size_t *ret_len, struct tscope_error *err);

/** Which addresses a dump's places have. */
enum tscope_address_space { TSCOPE_ADDRESS_NONE, TSCOPE_ADDRESS_VIRTUAL, TSCOPE_ADDRESS_PHYSICAL };

/** The time is not known: the value of tscope_context.time then. */
#define TSCOPE_CONTEXT_NO_TIME INT64_MIN

/**
 * What stands around a place. Texts are UTF-8, NULL when there is nothing to say, and gone when the function that takes it returns.
 * They show no values: URLs come without those of queries and fragments, and long runs in names and paths are cut.
 * Fixed for the soname.
 */
struct tscope_context {
    enum tscope_evidence_format format;
    uint64_t offset;         /**< the place, as it was asked for */
    uint64_t line;           /**< of a text, from 1 on; 0: not a text, or a line is no help (one line is all) */
    uint64_t record;         /**< which record, HAR entry or row, from 1 on; 0: not in one */
    const char *field;       /**< JSON pointer (RFC 6901) from the root of the file, or of the line; column or field name */
    int64_t time;            /**< *seen*: seconds since the epoch, UTC; TSCOPE_CONTEXT_NO_TIME */
    const char *time_text;   /**< as written */
    const char *time_field;  /**< the name of the field it is from */
    const char *time_unsure; /**< why time is not known although there is a text */
    const char *url;
    const char *method;
    unsigned http_status;   /**< 0: not known */
    const char *where;      /**< "request header", "response body"… */
    const char *where_name; /**< of the header, cookie, query or form field */
    enum tscope_address_space space;
    uint64_t address;       /**< with space alone */
    const char *module;     /**< or mapping, that the address is in */
    uint64_t module_offset; /**< bytes behind its beginning */
    void *reserved[4];
};

/** @param number  which of the offsets */
typedef void tscope_evidence_deliver(void *user, size_t number, const struct tscope_context *context);

/**
 * Says what stands around places of a stream: reads it again as far as is needed, in bounded memory, from where the latest call
 * ended when the places are further on in the same stream, else from its beginning. Each offset is delivered once, in order, an offset
 * behind the end with nothing but itself.
 *
 * @param offsets  ascending; equal ones are allowed
 * @return TSCOPE_OK, TSCOPE_ERR_ARGUMENT (not ascending), TSCOPE_ERR_NO_MEMORY, or what the source's read answered: then the last
 *         ones were not delivered
 */
TSCOPE_MUST_USE enum tscope_status tscope_evidence_locate(tscope_evidence *evidence, const tscope_evidence_stream *stream,
                                                          const uint64_t offsets[], size_t count, tscope_evidence_deliver *deliver,
                                                          void *user, struct tscope_error *err);

/**
 * A context as a JSON object, members in a fixed order, what is not known left out.
 *
 * @param ret_json  NUL-terminated, the caller's to release with tscope_string_free(); ret_len may be NULL
 * @return TSCOPE_OK or TSCOPE_ERR_NO_MEMORY
 */
TSCOPE_MUST_USE enum tscope_status tscope_context_json(const struct tscope_context *context, char **ret_json, size_t *ret_len,
                                                       struct tscope_error *err);

#ifdef __cplusplus
}
#endif

#endif
