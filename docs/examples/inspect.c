/* SPDX-License-Identifier: Apache-2.0 */
/* Reads one token from standard input and prints its report as JSON, as `tokenscope inspect --format json` does.
 *
 *     cc inspect.c $(pkg-config --cflags --libs tokenscope) -o inspect && ./inspect < token.txt
 */
#include <stdio.h>
#include <time.h>

#include <tokenscope/tokenscope.h>

/* The keys shipped with the library, with who listed them when. */
static enum tscope_status
make_keyring(tscope_keyring **keyring, struct tscope_error *err)
{
    enum tscope_status status = tscope_keyring_new(keyring, err);

    if (status == TSCOPE_OK)
        status = tscope_keyring_add_embedded(*keyring, err);
    return status == TSCOPE_OK ? tscope_keyring_freeze(*keyring, err) : status;
}

int
main(void)
{
    static unsigned char token[TSCOPE_INPUT_MAX];
    size_t token_len = fread(token, 1, sizeof(token), stdin);
    struct tscope_moment moment = {.seen = TSCOPE_TIME_UNKNOWN, .now = time(NULL)};
    struct tscope_error err = {0};
    tscope_keyring *keyring = NULL;
    tscope_profile *profile = NULL;
    tscope_inspector *inspector = NULL;
    tscope_report *report = NULL;
    char *json = NULL;
    enum tscope_status status = make_keyring(&keyring, &err);

    if (status == TSCOPE_OK)
        status = tscope_profile_new(NULL, &profile, &err);
    if (status == TSCOPE_OK)
        status = tscope_inspector_new(keyring, profile, NULL, NULL, &inspector, &err);
    if (status == TSCOPE_OK)
        status = tscope_inspect(inspector, token, token_len, &moment, &report, &err);
    if (status == TSCOPE_OK)
        status = tscope_report_json(report, TSCOPE_REPORT_PRETTY, &json, NULL, &err);
    if (status == TSCOPE_OK)
        puts(json);
    else
        fprintf(stderr, "inspect: %s (%s)\n", err.message, tscope_status_name(status));

    tscope_string_free(json);
    tscope_report_free(report);
    tscope_inspector_free(inspector);
    tscope_profile_free(profile);
    tscope_keyring_free(keyring);
    return status == TSCOPE_OK ? 0 : 1;
}
