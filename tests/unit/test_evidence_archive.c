/* SPDX-License-Identifier: Apache-2.0 */
#include "archive_building.h"
#include "evidence_testing.h"

#include <stdio.h>

#include "core/base64url.h"
#include "evidence/levels.h"

#define TEXT "{\"time\":\"2024-06-15T10:00:00Z\",\"t\":\"@1\"}\n{\"time\":\"2024-06-15T10:00:01Z\",\"t\":\"@2\"}\n"

static void
append_beginning(struct tscope_buffer *out, const struct tscope_buffer *bytes)
{
    for (size_t i = 0; i < bytes->len && i < 8; i++)
        tscope_buffer_append_byte(out, bytes->data[i] < ' ' || bytes->data[i] > '~' ? '.' : bytes->data[i]);
}

/* All streams and warnings as one text: "path|format|size|text;" and "!id path;". */
static struct tscope_buffer
list_streams(const void *data, size_t len, const struct tscope_evidence_options *options, size_t step)
{
    struct memory_source memory = {data, len, 0};
    tscope_evidence *evidence = open_with(&memory, options);
    tscope_evidence_stream *stream;
    struct tscope_buffer out = {0};
    size_t number = 0;

    while ((stream = next_stream(evidence))) {
        struct tscope_buffer all = read_all(stream, step);

        ck_assert_uint_eq(tscope_evidence_stream_number(stream), number++);
        if (tscope_evidence_stream_is_seekable(stream))
            ck_assert_uint_eq(tscope_evidence_stream_size(stream), all.len);
        if (number > 1) {
            tscope_buffer_append_format(&out, "%s|%s|%zu|", tscope_evidence_stream_path(stream),
                                        tscope_evidence_format_id(tscope_evidence_stream_format(stream)), all.len);
            if (!tscope_evidence_stream_is_archive(stream))
                append_beginning(&out, &all);
            tscope_buffer_append_text(&out, ";");
        }
        tscope_buffer_clear(&all);
        tscope_evidence_stream_free(stream);
    }
    for (size_t i = 0; i < tscope_evidence_warnings(evidence); i++)
        tscope_buffer_append_format(&out, "!%s %s;", tscope_evidence_warning(evidence, i)->id,
                                    tscope_evidence_warning(evidence, i)->member);
    tscope_evidence_free(evidence);
    tscope_buffer_append_byte(&out, '\0');
    return out;
}

static void
check_streams(const struct tscope_buffer *bytes, const char *expected)
{
    struct tscope_buffer list = list_streams(bytes->data, bytes->len, NULL, 4096);

    ck_assert_str_eq((const char *)list.data, expected);
    tscope_buffer_clear(&list);
}

START_TEST(gzip_is_read_in_all_its_members)
{
    static const size_t steps[] = {1, 7, 4096, 200000};
    struct tscope_buffer bytes = {0}, list;

    gzip_into(&bytes, "first ", 6);
    gzip_into(&bytes, "second", 6);
    gzip_into(&bytes, "", 0);
    for (size_t i = 0; i < TSCOPE_COUNT(steps); i++) {
        list = list_streams(bytes.data, bytes.len, NULL, steps[i]);
        ck_assert_str_eq((const char *)list.data, "(gunzip)|text|12|first se;");
        tscope_buffer_clear(&list);
    }
    put32(&bytes, 0); /* padding is no damage */
    put32(&bytes, 0);
    check_streams(&bytes, "(gunzip)|text|12|first se;");
    tscope_buffer_append_text(&bytes, "tail");
    check_streams(&bytes, "(gunzip)|text|12|first se;");
    bytes.len -= 12;
    tscope_buffer_append_text(&bytes, "tail");
    check_streams(&bytes, "(gunzip)|text|12|first se;!gzip-trailing (gunzip);");
    tscope_buffer_clear(&bytes);
}
END_TEST

/* Of a gzip that is cut off, all that can be had is had. */
START_TEST(every_prefix_of_gzip_is_read)
{
    char text[3000];
    struct tscope_buffer bytes = {0};
    size_t most = 0;

    for (size_t i = 0; i < sizeof(text); i++)
        text[i] = (char)('a' + (i * i / 7) % 26);
    gzip_into(&bytes, text, sizeof(text));
    for (size_t len = 4; len < bytes.len; len++) {
        struct memory_source memory = {bytes.data, len, 0};
        tscope_evidence *evidence = open_with(&memory, NULL);
        tscope_evidence_stream *stream = stream_at(evidence, 1);
        struct tscope_buffer all = read_all(stream, 100);

        ck_assert_uint_ge(all.len, most);
        ck_assert_mem_eq(text, all.data ? (char *)all.data : text, all.len);
        most = all.len;
        ck_assert_uint_eq(tscope_evidence_warnings(evidence), 1);
        ck_assert_str_eq(tscope_evidence_warning(evidence, 0)->id, "truncated");
        tscope_buffer_clear(&all);
        tscope_evidence_stream_free(stream);
        tscope_evidence_free(evidence);
    }
    ck_assert_uint_eq(most, sizeof(text));
    bytes.data[40] ^= 0xff;
    bytes.data[41] ^= 0xff;
    {
        struct tscope_buffer list = list_streams(bytes.data, bytes.len, NULL, 512);

        ck_assert_ptr_nonnull(strstr((char *)list.data, "!broken (gunzip);"));
        tscope_buffer_clear(&list);
    }
    tscope_buffer_clear(&bytes);
}
END_TEST

static void
build_usual(struct zip_building *zip, unsigned flags, bool is_64)
{
    zip_add(zip, "logs/", "", 0, ZIP_STORED, 0, false);
    zip_add(zip, "logs/a.jsonl", TEXT, sizeof(TEXT) - 1, ZIP_DEFLATED, flags, is_64);
    zip_add(zip, "logs/b.txt", "plain text", 10, ZIP_STORED, 0, is_64);
    zip_add(zip, "empty", "", 0, ZIP_DEFLATED, flags, false);
}

#define USUAL "logs/a.jsonl|jsonl|82|{\"time\":;logs/b.txt|text|10|plain te;empty|raw|0|;"

START_TEST(members_of_zip_are_streams)
{
    for (int kind = 0; kind < 8; kind++) {
        struct zip_building zip = {0};

        if (kind & 4) /* as in an archive that extracts itself */
            tscope_buffer_append_text(&zip.bytes, "PK\x03\x04");
        build_usual(&zip, kind & 1 ? ZIP_FLAG_DESCRIPTOR : 0, kind & 2);
        zip_end(&zip, kind & 2, kind & 1 ? "a comment" : "");
        check_streams(&zip.bytes, USUAL);
        tscope_buffer_clear(&zip.bytes);
    }
}
END_TEST

#define RUN_OF_48 "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJyb2JpbiJ9.MTIzND"

/* A token in a name is cut; what only begins like one, and is no longer than a name may be, is not, nor is a digest. */
START_TEST(token_in_the_name_of_a_member_is_cut)
{
    static const char digest[] = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
    struct zip_building zip = {0};
    char name[256];

    ck_assert_uint_eq(strlen(RUN_OF_48), 48);
    zip_add(&zip, "a/" RUN_OF_48, "x", 1, ZIP_STORED, 0, false);
    zip_add(&zip, "b/" RUN_OF_48 "U", "x", 1, ZIP_STORED, 0, false);
    zip_add(&zip, "c/callback " RUN_OF_48 "U.txt/d", "x", 1, ZIP_STORED, 0, false);
    snprintf(name, sizeof(name), "blobs/%s", digest);
    zip_add(&zip, name, "x", 1, ZIP_STORED, 0, false);
    zip_end(&zip, false, "");
    snprintf(name, sizeof(name),
             "a/" RUN_OF_48 "|text|1|x;b/eyJhbGci\xe2\x80\xa6|text|1|x;c/callback eyJhbGci\xe2\x80\xa6/d|text|1|x;blobs/%s|text|1|x;",
             digest);
    check_streams(&zip.bytes, name);
    tscope_buffer_clear(&zip.bytes);
}
END_TEST

/* Offsets count from the archive's first byte, and a stub may stand in front of it. */
START_TEST(bytes_in_front_of_an_archive_are_counted)
{
    struct zip_building zip = {0};
    struct tscope_buffer bytes = {0};

    tscope_buffer_append_text(&bytes, "PK\x07\x08"); /* the mark of an archive in several parts */
    build_usual(&zip, 0, _i);
    zip_end(&zip, _i, "");
    tscope_buffer_append(&bytes, zip.bytes.data, zip.bytes.len);
    check_streams(&bytes, USUAL);
    tscope_buffer_clear(&bytes);
    tscope_buffer_clear(&zip.bytes);
}
END_TEST

START_TEST(archive_without_directory_is_walked_through)
{
    struct zip_building zip = {0};
    struct tscope_buffer list;

    build_usual(&zip, _i & 1 ? ZIP_FLAG_DESCRIPTOR : 0, _i & 2);
    list = list_streams(zip.bytes.data, zip.bytes.len, NULL, 64);
    ck_assert_str_eq((char *)list.data, USUAL "!zip-directory ;");
    tscope_buffer_clear(&list);
    zip_end(&zip, false, "");
    zip.bytes.data[zip.bytes.len - 22 - 46 - 5] ^= 1; /* the last entry's mark */
    list = list_streams(zip.bytes.data, zip.bytes.len, NULL, 64);
    ck_assert_str_eq((char *)list.data, USUAL "!zip-directory ;");
    tscope_buffer_clear(&list);
    tscope_buffer_clear(&zip.bytes);
}
END_TEST

START_TEST(every_prefix_of_zip_is_read)
{
    struct zip_building zip = {0};

    build_usual(&zip, _i & 1 ? ZIP_FLAG_DESCRIPTOR : 0, _i & 2);
    zip_end(&zip, _i & 2, "");
    for (size_t len = 4; len < zip.bytes.len; len++) {
        uint8_t *exact = malloc(len);
        struct tscope_buffer list;

        memcpy(exact, zip.bytes.data, len);
        list = list_streams(exact, len, NULL, 64);
        ck_assert_ptr_nonnull(strstr((char *)list.data, "!"));
        tscope_buffer_clear(&list);
        free(exact);
    }
    tscope_buffer_clear(&zip.bytes);
}
END_TEST

START_TEST(changed_bytes_of_zip_are_read)
{
    struct zip_building zip = {0};
    uint32_t seed = 7;

    build_usual(&zip, _i & 1 ? ZIP_FLAG_DESCRIPTOR : 0, _i & 2);
    zip_end(&zip, _i & 2, "");
    for (int round = 0; round < 2000; round++) {
        uint8_t *copy = malloc(zip.bytes.len);
        struct tscope_buffer list;

        memcpy(copy, zip.bytes.data, zip.bytes.len);
        for (int i = 0; i < 6; i++) {
            seed = seed * 1664525 + 1013904223;
            copy[4 + (seed >> 8) % (zip.bytes.len - 4)] = (uint8_t)(seed & 4 ? 0xff : seed >> 4);
        }
        list = list_streams(copy, zip.bytes.len, NULL, 64);
        tscope_buffer_clear(&list);
        free(copy);
    }
    tscope_buffer_clear(&zip.bytes);
}
END_TEST

START_TEST(members_that_cannot_be_read_are_warned_of)
{
    struct zip_building zip = {0};

    zip_add(&zip, "secret", "0123456789ab", 12, ZIP_STORED, ZIP_FLAG_ENCRYPTED, false);
    zip_add(&zip, "other", "xxxx", 4, 9, 0, false);
    zip_add(&zip, "odd\x1b[0m", "xxxx", 4, 77, 0, false);
    zip_add(&zip, "gone", "xxxx", 4, ZIP_STORED, 0, false);
    zip_add(&zip, "good", "text", 4, ZIP_STORED, 0, false);
    zip_add(&zip, "within", "text", 4, ZIP_STORED, 0, false);
    memset(zip.bytes.data + zip.members[3].local, 0, 4);
    zip.members[5].local = zip.members[4].local; /* the same bytes again, as bombs have them */
    zip_end(&zip, false, "");
    check_streams(&zip.bytes, "good|text|4|text;!encrypted secret;!method other;!method odd\\x1b[0m;!broken gone;!overlap within;");
    tscope_buffer_clear(&zip.bytes);
}
END_TEST

START_TEST(archives_in_archives_are_read)
{
    struct zip_building inner = {0}, outer = {0};
    struct tscope_buffer gzipped = {0}, twice = {0};

    gzip_into(&gzipped, TEXT, sizeof(TEXT) - 1);
    zip_add(&inner, "x.gz", gzipped.data, gzipped.len, ZIP_STORED, 0, false);
    zip_add(&inner, "y", "why", 3, ZIP_DEFLATED, 0, false);
    zip_end(&inner, false, "");
    zip_add(&outer, "stored.zip", inner.bytes.data, inner.bytes.len, ZIP_STORED, 0, false);
    zip_add(&outer, "packed.zip", inner.bytes.data, inner.bytes.len, ZIP_DEFLATED, 0, false);
    zip_add(&outer, "z", "end", 3, ZIP_STORED, 0, false);
    zip_end(&outer, false, "");
    {
        struct tscope_buffer list = list_streams(outer.bytes.data, outer.bytes.len, NULL, 64);
        const char *at = (char *)list.data;

        at = strstr(at, "stored.zip|zip|");
        ck_assert_ptr_nonnull(at);
        at = strstr(at, "stored.zip!/x.gz!/(gunzip)|jsonl|82|{\"time\":;stored.zip!/y|text|3|why;packed.zip|zip|");
        ck_assert_ptr_nonnull(at);
        at = strstr(at, "packed.zip!/x.gz!/(gunzip)|jsonl|82|{\"time\":;packed.zip!/y|text|3|why;z|text|3|end;");
        ck_assert_ptr_nonnull(at);
        ck_assert_ptr_null(strchr(at, '!') ? strstr(at, ";!") : NULL);
        tscope_buffer_clear(&list);
    }
    gzip_into(&twice, outer.bytes.data, outer.bytes.len);
    {
        struct tscope_buffer list = list_streams(twice.data, twice.len, NULL, 64);

        ck_assert_ptr_nonnull(strstr((char *)list.data, "(gunzip)!/stored.zip!/x.gz!/(gunzip)|jsonl|82|{\"time\":;"));
        ck_assert_ptr_null(strstr((char *)list.data, ";!"));
        tscope_buffer_clear(&list);
    }
    tscope_buffer_clear(&twice);
    tscope_buffer_clear(&gzipped);
    tscope_buffer_clear(&inner.bytes);
    tscope_buffer_clear(&outer.bytes);
}
END_TEST

/* A body that was captured as it came, in base64 with every way to break its lines; what looks like one and is none is only bytes. */
START_TEST(gzip_in_base64_is_read)
{
    struct tscope_buffer gzipped = {0}, base64 = {0}, text = {0};
    size_t first;

    gzip_into(&gzipped, TEXT, sizeof(TEXT) - 1);
    tscope_base64_encode(&base64, gzipped.data, gzipped.len);
    tscope_buffer_append_text(&text, "{\"log\":{\"entries\":[{\"response\":{\"content\":{\"encoding\":\"base64\",");
    while (text.len + 8 < (size_t)_i)
        tscope_buffer_append_text(&text, " ");
    tscope_buffer_append_text(&text, "\"text\":\"");
    first = text.len;
    for (size_t i = 0; i < base64.len; i++) {
        if (i == 40)
            tscope_buffer_append_text(&text, "\\n");
        if (base64.data[i] == '/')
            tscope_buffer_append_byte(&text, '\\');
        tscope_buffer_append_byte(&text, base64.data[i]);
    }
    tscope_buffer_append_text(&text, "\"}}},{\"a\":\"xH4sIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\",\"b\":\"H4sIAAAAA\"}]}}");
    {
        struct tscope_buffer list = list_streams(text.data, text.len, NULL, 64);
        char expected[200];

        snprintf(expected, sizeof(expected), "(base64 at %zu)|gzip|%zu|;(base64 at %zu)!/(gunzip)|jsonl|82|{\"time\":;", first, gzipped.len,
                 first);
        ck_assert_str_eq((char *)list.data, expected);
        tscope_buffer_clear(&list);
    }
    tscope_buffer_clear(&text);
    tscope_buffer_clear(&base64);
    tscope_buffer_clear(&gzipped);
}
END_TEST

START_TEST(depth_of_archives_is_bounded)
{
    struct tscope_buffer bytes = {0}, list;
    struct tscope_evidence_options options = {.size = sizeof(options), .depth_max = 2};

    tscope_buffer_append_text(&bytes, "inside");
    for (int i = 0; i < _i; i++) {
        struct tscope_buffer more = {0};

        gzip_into(&more, bytes.data, bytes.len);
        tscope_buffer_clear(&bytes);
        bytes = more;
    }
    list = list_streams(bytes.data, bytes.len, &options, 64);
    ck_assert_int_eq(strstr((char *)list.data, "inside") != NULL, _i <= 2);
    ck_assert_int_eq(strstr((char *)list.data, "!depth") != NULL, _i > 2);
    tscope_buffer_clear(&list);
    tscope_buffer_clear(&bytes);
}
END_TEST

/* Zeros: a thousand times smaller, and left at the bound. */
START_TEST(bombs_are_left)
{
    size_t len = 4 << 20;
    uint8_t *zeros = calloc(1, len);
    struct tscope_buffer bytes = {0}, list;
    struct tscope_evidence_options ratio = {.size = sizeof(ratio), .ratio_from = 1 << 20},
                                   total = {.size = sizeof(total), .inflated_max = 1 << 20},
                                   both = {.size = sizeof(both), .ratio_max = 100000};

    gzip_into(&bytes, zeros, len);
    list = list_streams(bytes.data, bytes.len, &ratio, 1000);
    ck_assert_ptr_nonnull(strstr((char *)list.data, "!ratio (gunzip);"));
    ck_assert_ptr_null(strstr((char *)list.data, "|4194304|"));
    tscope_buffer_clear(&list);
    list = list_streams(bytes.data, bytes.len, &total, 1000);
    ck_assert_ptr_nonnull(strstr((char *)list.data, "!inflated-max (gunzip);"));
    tscope_buffer_clear(&list);
    list = list_streams(bytes.data, bytes.len, &both, 1000);
    ck_assert_str_eq((char *)list.data, "(gunzip)|raw|4194304|........;");
    tscope_buffer_clear(&list);
    tscope_buffer_clear(&bytes);
    free(zeros);
}
END_TEST

START_TEST(total_is_bounded_at_its_limit)
{
    static const size_t lens[] = {99999, 100000, 100001};
    struct tscope_evidence_options options = {.size = sizeof(options), .inflated_max = 100000};
    size_t len = lens[_i];
    uint8_t *data = malloc(len);
    struct tscope_buffer bytes = {0}, list;

    for (size_t i = 0; i < len; i++)
        data[i] = (uint8_t)(i * i / 13);
    gzip_into(&bytes, data, len);
    list = list_streams(bytes.data, bytes.len, &options, 4096);
    ck_assert_int_eq(strstr((char *)list.data, "!inflated-max") != NULL, len > 100000);
    tscope_buffer_clear(&list);
    tscope_buffer_clear(&bytes);
    free(data);
}
END_TEST

/* Contexts of what is inside: read again for it, also in the middle of streams that follow. */
START_TEST(places_in_members_are_told)
{
    struct zip_building zip = {0};
    struct tscope_buffer gzipped = {0};
    struct memory_source memory;
    tscope_evidence *evidence;
    tscope_evidence_stream *stream, *later;
    struct contexts contexts = {0};
    uint64_t offsets[8];
    size_t count = find_marks((const uint8_t *)TEXT, sizeof(TEXT) - 1, 1, 0, offsets, 8);

    gzip_into(&gzipped, TEXT, sizeof(TEXT) - 1);
    zip_add(&zip, "a.gz", gzipped.data, gzipped.len, _i ? ZIP_DEFLATED : ZIP_STORED, 0, false);
    zip_add(&zip, "b", "b", 1, ZIP_STORED, 0, false);
    zip_end(&zip, false, "");
    memory = (struct memory_source){zip.bytes.data, zip.bytes.len, 0};
    evidence = open_with(&memory, NULL);
    stream = stream_at(evidence, 2);
    ck_assert_str_eq(tscope_evidence_stream_path(stream), "a.gz!/(gunzip)");
    later = next_stream(evidence);
    ck_assert_ptr_null(next_stream(evidence));
    ck_assert_int_eq(tscope_evidence_locate(evidence, stream, offsets, count, keep_context, &contexts, NULL), TSCOPE_OK);
    ck_assert_uint_eq(contexts.len, 2);
    ck_assert_str_eq(contexts.json[1], "{\"format\":\"jsonl\",\"line\":2,\"record\":2,\"field\":\"/t\",\"time\":\"2024-06-15T10:00:01Z\","
                                       "\"time_text\":\"2024-06-15T10:00:01Z\",\"time_field\":\"time\"}");
    clear_contexts(&contexts);
    tscope_evidence_stream_free(later);
    tscope_evidence_stream_free(stream);
    tscope_evidence_free(evidence);
    tscope_buffer_clear(&gzipped);
    tscope_buffer_clear(&zip.bytes);
}
END_TEST

/* What a body holds was seen when its entry was. */
START_TEST(places_in_base64_have_their_entry)
{
    static const char body[] = "{\"id_token\":\"@1\"}";
    struct tscope_buffer gzipped = {0}, text = {0};
    struct memory_source memory;
    tscope_evidence *evidence;
    tscope_evidence_stream *stream;
    struct contexts contexts = {0};
    uint64_t offset = 13;

    gzip_into(&gzipped, body, sizeof(body) - 1);
    tscope_buffer_append_text(&text,
                              "{\"log\":{\"entries\":[{\"request\":{\"url\":\"https://a.example/\",\"method\":\"GET\"},\"response\":{"
                              "\"content\":{\"encoding\":\"base64\",\"text\":\"");
    tscope_base64_encode(&text, gzipped.data, gzipped.len);
    tscope_buffer_append_text(&text, "\"}},\"startedDateTime\":\"2024-06-15T10:00:00Z\"}]}}");
    memory = (struct memory_source){text.data, text.len, 0};
    evidence = open_with(&memory, NULL);
    stream = stream_at(evidence, 0);
    ck_assert(tscope_evidence_stream_is_archive(stream));
    tscope_evidence_stream_free(stream);
    tscope_evidence_stream_free(next_stream(evidence));
    stream = next_stream(evidence);
    ck_assert_int_eq(tscope_evidence_locate(evidence, stream, &offset, 1, keep_context, &contexts, NULL), TSCOPE_OK);
    ck_assert_uint_eq(contexts.len, 1);
    ck_assert_str_eq(contexts.json[0],
                     "{\"format\":\"json\",\"line\":1,\"field\":\"/id_token\",\"time\":\"2024-06-15T10:00:00Z\",\"time_text\":"
                     "\"2024-06-15T10:00:00Z\",\"time_field\":\"startedDateTime\",\"url\":\"https://a.example/\",\"method\":\"GET\","
                     "\"where\":\"response body (base64)\"}");
    clear_contexts(&contexts);
    tscope_evidence_stream_free(stream);
    tscope_evidence_free(evidence);
    tscope_buffer_clear(&text);
    tscope_buffer_clear(&gzipped);
}
END_TEST

START_TEST(other_compression_is_named)
{
    static const struct {
        const char *bytes;
        size_t len;
        const char *expected;
    } others[] = {
        {"\x28\xb5\x2f\xfd----", 8, "!not-decompressed ;"},
        {"\xfd\x37zXZ\0--", 8, "!not-decompressed ;"},
        {"BZh9\x31\x41\x59\x26\x53\x59", 10, "!not-decompressed ;"},
        {"7z\xbc\xaf\x27\x1c----", 10, "!not-decompressed ;"},
        {"MSCF\0\0\0\0----", 12, "!not-decompressed ;"},
        {"BZhello, said the file", 22, ""},
    };
    struct tscope_buffer list = list_streams(others[_i].bytes, others[_i].len, NULL, 64);

    ck_assert_str_eq((char *)list.data, others[_i].expected);
    tscope_buffer_clear(&list);
}
END_TEST

static enum tscope_status
walk(struct memory_source *memory)
{
    TSCOPE_AUTO(tscope_evidence) *evidence = NULL;
    struct tscope_evidence_source source = source_of(memory);
    tscope_evidence_stream *stream = NULL;
    enum tscope_status status = tscope_evidence_open(&source, NULL, &evidence, NULL);

    while (status == TSCOPE_OK) {
        uint8_t buffer[64];
        size_t got = 1;

        status = tscope_evidence_next(evidence, &stream, NULL);
        if (status != TSCOPE_OK || !stream)
            break;
        while (status == TSCOPE_OK && got)
            status = tscope_evidence_stream_read(stream, buffer, sizeof(buffer), &got, NULL);
        tscope_evidence_stream_free(TSCOPE_STEAL(stream));
    }
    return status;
}

START_TEST(failures_are_told)
{
    struct zip_building inner = {0}, zip = {0};
    struct memory_source memory;
    enum tscope_status status = TSCOPE_ERR_NO_MEMORY;
    unsigned long n;

    build_usual(&inner, 0, false);
    zip_end(&inner, false, "");
    zip_add(&zip, "in.zip", inner.bytes.data, inner.bytes.len, ZIP_DEFLATED, 0, false);
    zip_add(&zip, "secret", "x", 1, ZIP_STORED, ZIP_FLAG_ENCRYPTED, false);
    if (_i)
        zip_end(&zip, false, "");
    memory = (struct memory_source){zip.bytes.data, zip.bytes.len, 0};
    for (n = 1; status != TSCOPE_OK; n++) {
        ck_assert_uint_lt(n, 1000);
        tscope_alloc_fail_from(n);
        status = walk(&memory);
        tscope_alloc_fail_from(0);
        ck_assert(status == TSCOPE_OK || status == TSCOPE_ERR_NO_MEMORY);
    }
    ck_assert_uint_gt(n, 30);
    for (size_t at = 1; at < zip.bytes.len; at += 11) {
        memory.fail_behind = at;
        ck_assert_int_eq(walk(&memory), TSCOPE_ERR_IO);
    }
    tscope_buffer_clear(&inner.bytes);
    tscope_buffer_clear(&zip.bytes);
}
END_TEST

static Suite *
make_suite(void)
{
    Suite *suite = suite_create("evidence_archive");
    TCase *tcase = tcase_create("evidence_archive");

    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, gzip_is_read_in_all_its_members);
    tcase_add_test(tcase, every_prefix_of_gzip_is_read);
    tcase_add_test(tcase, members_of_zip_are_streams);
    tcase_add_test(tcase, token_in_the_name_of_a_member_is_cut);
    tcase_add_loop_test(tcase, bytes_in_front_of_an_archive_are_counted, 0, 2);
    tcase_add_loop_test(tcase, archive_without_directory_is_walked_through, 0, 4);
    tcase_add_loop_test(tcase, every_prefix_of_zip_is_read, 0, 4);
    tcase_add_loop_test(tcase, changed_bytes_of_zip_are_read, 0, 4);
    tcase_add_test(tcase, members_that_cannot_be_read_are_warned_of);
    tcase_add_test(tcase, archives_in_archives_are_read);
    tcase_add_loop_test(tcase, gzip_in_base64_is_read, 65536 - 130, 65536 + 10);
    tcase_add_loop_test(tcase, depth_of_archives_is_bounded, 1, 6);
    tcase_add_test(tcase, bombs_are_left);
    tcase_add_loop_test(tcase, total_is_bounded_at_its_limit, 0, 3);
    tcase_add_loop_test(tcase, places_in_members_are_told, 0, 2);
    tcase_add_test(tcase, places_in_base64_have_their_entry);
    tcase_add_loop_test(tcase, other_compression_is_named, 0, 6);
    tcase_add_loop_test(tcase, failures_are_told, 0, 2);
    suite_add_tcase(suite, tcase);
    return suite;
}

int
main(void)
{
    SRunner *runner = srunner_create(make_suite());
    int failed;

    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
