/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/inflate.h"

#include <limits.h>

#include <zlib.h>

#include "core/error.h"

#define RAW_WINDOW (-15) /* no zlib or gzip header */
#define OVER_MAX 1000    /* an answer that zlib does not give */

static voidpf
take_memory(voidpf opaque, uInt count, uInt size)
{
    (void)opaque;
    return tscope_alloc_zeroed(count, size);
}

static void
give_memory(voidpf opaque, voidpf memory)
{
    (void)opaque;
    tscope_free(memory);
}

/* Until the stream ends, breaks or runs dry, or more than max bytes would come out. */
static int
run(z_stream *stream, size_t max, struct tscope_buffer *out)
{
    uint8_t chunk[4096];
    size_t room = max, made;
    int answer;

    do {
        stream->next_out = chunk;
        stream->avail_out = sizeof(chunk);
        answer = inflate(stream, Z_NO_FLUSH);
        made = sizeof(chunk) - stream->avail_out;
        tscope_buffer_append(out, chunk, made < room ? made : room);
        if (made > room)
            return OVER_MAX;
        room -= made;
    } while (answer == Z_OK && !out->failed);
    return answer;
}

static enum tscope_status
judge(int answer, bool is_at_end, enum tscope_inflate_result *ret_result, struct tscope_error *err)
{
    switch (answer) {
    case Z_STREAM_END:
        *ret_result = is_at_end ? TSCOPE_INFLATE_DONE : TSCOPE_INFLATE_TRAILING;
        return TSCOPE_OK;
    case Z_BUF_ERROR: /* nothing to read any more */
        *ret_result = TSCOPE_INFLATE_TRUNCATED;
        return TSCOPE_OK;
    case OVER_MAX:
        *ret_result = TSCOPE_INFLATE_TOO_LARGE;
        return TSCOPE_OK;
    case Z_MEM_ERROR:
        return tscope_error_no_memory(err);
    default: /* Z_DATA_ERROR, Z_NEED_DICT */
        *ret_result = TSCOPE_INFLATE_BROKEN;
        return TSCOPE_OK;
    }
}

enum tscope_status
tscope_inflate(struct tscope_span data, size_t max, struct tscope_buffer *out, enum tscope_inflate_result *ret_result,
               struct tscope_error *err)
{
    uint8_t nothing = 0;
    z_stream stream = {.zalloc = take_memory, .zfree = give_memory};
    int answer = inflateInit2(&stream, RAW_WINDOW);

    if (answer == Z_MEM_ERROR)
        return tscope_error_no_memory(err);
    if (answer != Z_OK)
        return tscope_error_set(err, TSCOPE_ERR_CRYPTO, TSCOPE_OFFSET_NONE, "zlib does not start");
    /* zlib takes it as not const and does not write it; what is over UINT_MAX has been refused as a token long before */
    stream.next_in = data.len ? (Bytef *)(uintptr_t)data.data : &nothing;
    stream.avail_in = data.len > UINT_MAX ? UINT_MAX : (uInt)data.len;
    answer = run(&stream, max, out);
    inflateEnd(&stream);
    if (out->failed)
        return tscope_error_no_memory(err);
    return judge(answer, stream.avail_in == 0, ret_result, err);
}
