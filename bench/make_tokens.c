/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/pem.h>

#include "bench.h"
#include "tokens.h"

/**
 * @file Writes tokens for other processes: ALG COUNT FOLDER. The folder gets tokens (a line each), alg, keys.json (a set of twelve), and
 * key.pem and key.jwk, the one key of them all. "ALG COUNT FOLDER -": the tokens go to standard output.
 */

static FILE *
create(const char *folder, const char *name)
{
    char path[4096];
    FILE *file;

    snprintf(path, sizeof(path), "%s/%s", folder, name);
    file = fopen(path, "w");
    if (!file)
        bench_fail("cannot write into the folder");
    return file;
}

static void
finish(FILE *file)
{
    if (ferror(file) || fclose(file) != 0)
        bench_fail("cannot write into the folder");
}

static void
write_keys(const struct bench_tokens *set, const char *folder)
{
    FILE *file = create(folder, "keys.json");
    const char *last = NULL;

    fwrite(set->jwks, 1, set->jwks_len, file);
    finish(file);
    for (const char *at = set->jwks; (at = strstr(at, "{\"kty\"")); at++)
        last = at;
    file = create(folder, "key.jwk");
    fwrite(last, 1, set->jwks_len - (size_t)(last - set->jwks) - strlen("]}"), file);
    finish(file);
    file = create(folder, "key.pem");
    if (PEM_write_PUBKEY(file, set->key) != 1)
        bench_fail("libcrypto does not write the key");
    finish(file);
    file = create(folder, "alg");
    fprintf(file, "%s\n", set->alg);
    finish(file);
}

int
main(int argc, char **argv)
{
    struct bench_tokens set;
    size_t count = argc >= 4 ? strtoul(argv[2], NULL, 10) : 0;
    FILE *file;

    if (count == 0 || argc > 5)
        bench_fail("usage: bench_make_tokens ALG COUNT FOLDER [-]");
    bench_tokens_make(argv[1], 1, &set);
    write_keys(&set, argv[3]);
    file = argc == 5 ? stdout : create(argv[3], "tokens");
    for (size_t i = 0; i < count; i++) {
        struct bench_token token;

        bench_token_more(&set, i, &token);
        fwrite(token.text, 1, token.len, file);
        fputc('\n', file);
        bench_token_clear(&token);
    }
    finish(file);
    bench_tokens_clear(&set);
    return 0;
}
