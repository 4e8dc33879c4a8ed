/* SPDX-License-Identifier: Apache-2.0 */
#include <tokenscope/tokenscope.h>

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif
#ifdef HAVE_HYPERSCAN
#include <hs/hs.h>
#endif

#include "bench.h"
#include "dump.h"

/** @file Scanning what a process left in memory, against merely adding up its bytes, and against Hyperscan that looks for literals. */

#define PIECE ((size_t)4 << 20)
#define MIB_DEFAULT 256

struct scan {
    const struct bench_dump *dump;
    tscope_scanner *scanner;
    size_t finds;
};

static const uint8_t *
piece_of(const struct bench_dump *dump, size_t number)
{
    return dump->bytes + number % (dump->len / PIECE) * PIECE;
}

static volatile uint64_t sink;

#if defined(__x86_64__)
__attribute__((target("avx2"))) static uint64_t
sum_32(const uint8_t *bytes, size_t len)
{
    __m256i a = _mm256_setzero_si256(), b = a, c = a, d = a;

    for (size_t i = 0; i < len; i += 128) {
        const __m256i *at = (const __m256i *)(const void *)(bytes + i);

        a = _mm256_add_epi64(a, _mm256_loadu_si256(at));
        b = _mm256_add_epi64(b, _mm256_loadu_si256(at + 1));
        c = _mm256_add_epi64(c, _mm256_loadu_si256(at + 2));
        d = _mm256_add_epi64(d, _mm256_loadu_si256(at + 3));
    }
    a = _mm256_add_epi64(_mm256_add_epi64(a, b), _mm256_add_epi64(c, d));
    return (uint64_t)_mm256_extract_epi64(a, 0) ^ (uint64_t)_mm256_extract_epi64(a, 2);
}
#endif

static bool
sum(void *state, size_t number)
{
    const struct scan *scan = state;
    const uint8_t *bytes = piece_of(scan->dump, number);
    uint64_t total = 0;

#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2")) {
        sink = sum_32(bytes, PIECE);
        return true;
    }
#endif
    for (size_t i = 0; i < PIECE; i += sizeof(total)) {
        uint64_t word;

        memcpy(&word, bytes + i, sizeof(word));
        total += word;
    }
    sink = total;
    return true;
}

static void
count(void *user, const struct tscope_find *find)
{
    struct scan *scan = user;

    scan->finds += find->kind == TSCOPE_FIND_TOKEN;
}

static bool
scan_piece(void *state, size_t number)
{
    struct scan *scan = state;
    size_t used;

    tscope_scanner_begin(scan->scanner, 0);
    return tscope_scanner_scan(scan->scanner, piece_of(scan->dump, number), PIECE, true, &used, NULL) == TSCOPE_OK;
}

static void
open_scan(struct scan *scan, const struct bench_dump *dump, unsigned flags)
{
    struct tscope_scanner_options options = {.size = sizeof(options), .flags = flags, .deliver = count, .user = scan};

    *scan = (struct scan){.dump = dump};
    if (tscope_scanner_new(&options, &scan->scanner, NULL) != TSCOPE_OK)
        bench_fail("no scanner");
}

/* ---- two threads, a half of sixteen pieces each */

#define PIECES_A_TURN 16

struct half {
    struct scan *scan;
    size_t first;
    bool ok;
};

static void *
scan_half(void *user)
{
    struct half *half = user;

    half->ok = true;
    for (size_t i = 0; i < PIECES_A_TURN / 2; i++)
        half->ok &= scan_piece(half->scan, half->first + i);
    return NULL;
}

static bool
scan_by_two(void *state, size_t number)
{
    struct scan *scans = state;
    struct half halves[2] = {{&scans[0], number * PIECES_A_TURN, false}, {&scans[1], number * PIECES_A_TURN + PIECES_A_TURN / 2, false}};
    pthread_t thread;

    if (pthread_create(&thread, NULL, scan_half, &halves[1]) != 0)
        return false;
    scan_half(&halves[0]);
    pthread_join(thread, NULL);
    return halves[0].ok && halves[1].ok;
}

static bool
scan_by_one(void *state, size_t number)
{
    struct half both[2] = {{state, number * PIECES_A_TURN, false}, {state, number * PIECES_A_TURN + PIECES_A_TURN / 2, false}};

    scan_half(&both[0]);
    scan_half(&both[1]);
    return both[0].ok && both[1].ok;
}

/* ---- Hyperscan: where the literals stand; nothing is looked at there */

#ifdef HAVE_HYPERSCAN
struct literals {
    const struct bench_dump *dump;
    hs_database_t *database;
    hs_scratch_t *scratch;
    size_t count;
};

static int
count_literal(unsigned id, unsigned long long from, unsigned long long to, unsigned flags, void *user)
{
    struct literals *literals = user;

    (void)id;
    (void)from;
    (void)to;
    (void)flags;
    literals->count++;
    return 0;
}

static bool
find_literals(void *state, size_t number)
{
    struct literals *literals = state;

    return hs_scan(literals->database, (const char *)piece_of(literals->dump, number), PIECE, 0, literals->scratch, count_literal,
                   literals) == HS_SUCCESS;
}

static void
open_literals(struct literals *literals, const struct bench_dump *dump)
{
    static const char *const patterns[] = {
        "eyJ", "e\\x00y\\x00J\\x00", "-----BEGIN ", "\\x30\\x82..\\x02\\x01\\x00", "\\x30\\x81.\\x02\\x01\\x00", "RSA2", "RSA3", "ECS2",
        "ECS4"};
    unsigned flags[sizeof(patterns) / sizeof(patterns[0])];
    hs_compile_error_t *error;

    for (size_t i = 0; i < sizeof(patterns) / sizeof(patterns[0]); i++)
        flags[i] = HS_FLAG_DOTALL;
    *literals = (struct literals){.dump = dump};
    if (hs_compile_multi(patterns, flags, NULL, sizeof(patterns) / sizeof(patterns[0]), HS_MODE_BLOCK, NULL, &literals->database, &error) !=
            HS_SUCCESS ||
        hs_alloc_scratch(literals->database, &literals->scratch) != HS_SUCCESS)
        bench_fail("Hyperscan does not take the literals");
}

static void
compare_with_hyperscan(const struct bench_options *options, const struct bench_dump *dump, struct scan *all)
{
    struct literals literals;

    open_literals(&literals, dump);
    const struct bench_variant variants[] = {
        {"Hyperscan, nine literals", find_literals, &literals, (double)PIECE / 1e6, BENCH_RATE, 0},
        {"tokens and keys, all encodings", scan_piece, all, (double)PIECE / 1e6, BENCH_RATE, 1.0},
    };
    bench_compare(options, "scan MB", variants, sizeof(variants) / sizeof(variants[0]));
    hs_free_scratch(literals.scratch);
    hs_free_database(literals.database);
}
#else
static void
compare_with_hyperscan(const struct bench_options *options, const struct bench_dump *dump, struct scan *all)
{
    (void)options;
    (void)dump;
    (void)all;
    printf("%-8s %-44s %10s\n", "scan MB", "Hyperscan, nine literals", "not here");
}
#endif

/* --mib N before the common options. */
static size_t
read_size(int *argc, char **argv)
{
    size_t mib = MIB_DEFAULT;

    for (int i = 1; i + 1 < *argc; i++) {
        if (strcmp(argv[i], "--mib") == 0) {
            mib = strtoul(argv[i + 1], NULL, 10);
            memmove(&argv[i], &argv[i + 2], (size_t)(*argc - i - 1) * sizeof(*argv));
            *argc -= 2;
            break;
        }
    }
    return mib < 64 ? 64 : mib;
}

/* --write FILE: the dump itself, for programs that read files. */
static const char *
read_path(int *argc, char **argv)
{
    const char *path = NULL;

    for (int i = 1; i + 1 < *argc; i++) {
        if (strcmp(argv[i], "--write") == 0) {
            path = argv[i + 1];
            memmove(&argv[i], &argv[i + 2], (size_t)(*argc - i - 1) * sizeof(*argv));
            *argc -= 2;
            break;
        }
    }
    return path;
}

static int
write_dump(const struct bench_dump *dump, const char *path)
{
    FILE *file = fopen(path, "wb");

    if (!file || fwrite(dump->bytes, 1, dump->len, file) != dump->len || fclose(file) != 0)
        bench_fail("the dump cannot be written");
    printf("%zu tokens\n", dump->tokens);
    return 0;
}

int
main(int argc, char **argv)
{
    size_t len = read_size(&argc, argv) << 20;
    const char *path = read_path(&argc, argv);
    struct bench_options options;
    struct bench_dump dump, dense;
    struct scan all, second, tokens, starts, pair[2];

    bench_options_read(argc, argv, &options);
    bench_dump_make(len, 0, &dump);
    if (path)
        return write_dump(&dump, path);
    bench_dump_make(len, 1, &dense);
    open_scan(&all, &dump, TSCOPE_SCAN_TOKENS | TSCOPE_SCAN_KEYS);
    open_scan(&second, &dump, TSCOPE_SCAN_TOKENS | TSCOPE_SCAN_KEYS);
    open_scan(&tokens, &dump, TSCOPE_SCAN_TOKENS);
    open_scan(&starts, &dense, TSCOPE_SCAN_TOKENS | TSCOPE_SCAN_KEYS);
    pair[0] = all;
    pair[1] = second;
    const double units = (double)PIECE / 1e6;
    const struct bench_variant against_sum[] = {
        {"bytes added up", sum, &all, units, BENCH_RATE, 0},
        {"tokens and keys, all encodings", scan_piece, &all, units, BENCH_RATE, 0.40},
        {"tokens alone", scan_piece, &tokens, units, BENCH_RATE, 0},
        {"the first, one word in 13 a false start", scan_piece, &starts, units, BENCH_RATE, 0},
    };
    const struct bench_variant by_threads[] = {
        {"tokens and keys, one thread", scan_by_one, &second, units * PIECES_A_TURN, BENCH_RATE, 0},
        {"two threads", scan_by_two, pair, units * PIECES_A_TURN, BENCH_RATE, 1.7},
    };

    options.by_process = true; /* one thread: what others do on the machine does not count */
    bench_compare(&options, "scan MB", against_sum, sizeof(against_sum) / sizeof(against_sum[0]));
    compare_with_hyperscan(&options, &dump, &all);
    options.by_process = false;
    bench_compare(&options, "scan MB", by_threads, sizeof(by_threads) / sizeof(by_threads[0]));
    tscope_scanner_free(all.scanner);
    tscope_scanner_free(second.scanner);
    tscope_scanner_free(tokens.scanner);
    tscope_scanner_free(starts.scanner);
    bench_dump_clear(&dump);
    bench_dump_clear(&dense);
    return 0;
}
