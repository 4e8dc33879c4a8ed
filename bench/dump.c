/* SPDX-License-Identifier: Apache-2.0 */
#include "dump.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"

#define PIECE_MIN 4096
#define BETWEEN_TOKENS 100000

static uint64_t
next_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

static const char *const words[] = {
    "GET /api/v1/users ",
    "status=200 ",
    "session ",
    "timeout waiting for ",
    "Authorization failed: key ",
    "java.lang.IllegalStateException ",
    "\"requestId\":\"eyJub3QiOiJhIGp3dCJ9\" ",
    "C:\\Windows\\System32\\",
    "the quick brown fox ",
    "2026-01-01T00:00:00Z INFO ",
    "user@example.com ",
    "----------- ",
    "0x7ffdeadbeef ",
};
#define FALSE_START 6

static void
fill_words(uint8_t *bytes, size_t len, unsigned width, bool dense, uint64_t *state)
{
    size_t at = 0;

    memset(bytes, 0, len);
    while (at < len) {
        unsigned number = (unsigned)(next_random(state) % (sizeof(words) / sizeof(words[0])));

        if (number == FALSE_START && !dense && next_random(state) % 32)
            number = 0;
        for (const char *word = words[number]; *word && at < len; word++, at += width)
            bytes[at] = (uint8_t)*word;
        if (at < len && next_random(state) % 8 == 0) {
            bytes[at] = '\n';
            at += width;
        }
    }
}

static void
fill_random(uint8_t *bytes, size_t len, uint64_t *state)
{
    for (size_t i = 0; i + sizeof(uint64_t) <= len; i += sizeof(uint64_t)) {
        uint64_t number = next_random(state);

        memcpy(bytes + i, &number, sizeof(number));
    }
}

/* A token of 1.4 KB, whose numbers differ. */
static size_t
write_token(char *text, uint64_t *state)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    static const char header[] = "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6IjEyMzQ1Njc4OTBhYmNkZWZnaCJ9.eyJhdWQiOiJhcGk6Ly9iZW5jaCIs";
    size_t len = sizeof(header) - 1;

    memcpy(text, header, len);
    for (unsigned i = 0; i < 1000; i++)
        text[len++] = letters[next_random(state) % 64];
    text[len++] = '.';
    for (unsigned i = 0; i < 342; i++)
        text[len++] = letters[next_random(state) % 64];
    return len;
}

static size_t
plant(struct bench_dump *dump, size_t at, uint64_t *state)
{
    char text[2048];
    size_t len = write_token(text, state);
    unsigned width = next_random(state) % 10 < 7 ? 1 : 2;

    memset(dump->bytes + at, 0, len * width + 4);
    for (size_t i = 0; i < len; i++)
        dump->bytes[at + 2 + i * width] = (uint8_t)text[i];
    dump->tokens++;
    return at + len * width + 4;
}

void
bench_dump_make(size_t len, int dense, struct bench_dump *ret_dump)
{
    uint64_t state = 0x9e3779b97f4a7c15u;
    size_t at = 0, next = BETWEEN_TOKENS / 2;

    *ret_dump = (struct bench_dump){.bytes = bench_alloc(len), .len = len};
    while (at < len) {
        size_t piece = (size_t)PIECE_MIN << next_random(&state) % 9, kind = next_random(&state) % 100;

        if (piece > len - at)
            piece = len - at;
        if (kind < 30)
            fill_random(ret_dump->bytes + at, piece, &state);
        else if (kind < 55)
            memset(ret_dump->bytes + at, 0, piece);
        else
            fill_words(ret_dump->bytes + at, piece, kind < 75 ? 2 : 1, dense, &state);
        at += piece;
        while (next + 8192 < at)
            next = plant(ret_dump, next, &state) + BETWEEN_TOKENS + next_random(&state) % 15000;
    }
}

void
bench_dump_clear(struct bench_dump *dump)
{
    free(dump->bytes);
}
