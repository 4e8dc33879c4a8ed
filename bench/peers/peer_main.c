/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "peer.h"

/**
 * @file A peer's process: FOLDER. Says "ready signature full" (or the one of them that it does) or "not-here REASON", and then answers each
 * line "signature COUNT" or "full COUNT" with "ok" once that many tokens are done, or with "wrong" when an outcome was not what it must be.
 */

static char *
read_file(const char *folder, const char *name)
{
    char path[4096], *text;
    FILE *file;
    long size;

    snprintf(path, sizeof(path), "%s/%s", folder, name);
    file = fopen(path, "r");
    if (!file || fseek(file, 0, SEEK_END) != 0 || (size = ftell(file)) < 0 || fseek(file, 0, SEEK_SET) != 0 ||
        !(text = malloc((size_t)size + 1)) || fread(text, 1, (size_t)size, file) != (size_t)size) {
        fprintf(stderr, "peer: cannot read %s\n", path);
        exit(70);
    }
    text[size] = '\0';
    fclose(file);
    return text;
}

static void
read_data(const char *folder, struct peer_data *data)
{
    char *line, *rest = read_file(folder, "tokens"), *alg = read_file(folder, "alg");

    alg[strcspn(alg, "\n")] = '\0';
    data->alg = alg;
    data->pem = read_file(folder, "key.pem");
    data->jwk = read_file(folder, "key.jwk");
    data->jwks = read_file(folder, "keys.json");
    while ((line = strsep(&rest, "\n")) && *line) {
        if (data->len % 1024 == 0) {
            data->tokens = realloc(data->tokens, (data->len + 1024) * sizeof(*data->tokens));
            data->token_lens = realloc(data->token_lens, (data->len + 1024) * sizeof(*data->token_lens));
            if (!data->tokens || !data->token_lens)
                exit(70);
        }
        data->tokens[data->len] = line;
        data->token_lens[data->len++] = strlen(line);
    }
}

int
main(int argc, char **argv)
{
    static struct peer_data data;
    const char *reason;
    char line[64];
    size_t number = 0;

    if (argc != 2)
        return 64;
    read_data(argv[1], &data);
    reason = peer_open(&data);
    if (reason)
        printf("not-here %s\n", reason);
    else
        printf("ready%s%s\n", peer_signature ? " signature" : "", peer_full ? " full" : "");
    fflush(stdout);
    while (!reason && fgets(line, sizeof(line), stdin)) {
        bool (*run)(size_t) = strncmp(line, "full", 4) == 0 ? peer_full : peer_signature;
        size_t count = strtoul(strchr(line, ' ') ? strchr(line, ' ') : "", NULL, 10);
        bool ok = run != NULL;

        for (; ok && count > 0; count--, number++)
            ok = run(number % data.len);
        puts(ok ? "ok" : "wrong");
        fflush(stdout);
    }
    return 0;
}
