/* SPDX-License-Identifier: Apache-2.0 */
#include "password.h"

#include <stdlib.h>
#include <string.h>

#include "input.h"
#include "message.h"

#define PASSWORD_MAX 4096

/* A file that an editor made ends with a line end that is not part of the password. */
enum exit_status
password_load(const char *path, struct password *password)
{
    enum exit_status status = input_load(path, PASSWORD_MAX, &password->bytes, &password->len);

    if (status != EXIT_STATUS_OK)
        return status;
    if (password->len && password->bytes[password->len - 1] == '\n')
        password->len--;
    if (password->len && password->bytes[password->len - 1] == '\r')
        password->len--;
    if (password->len)
        return EXIT_STATUS_OK;
    message_print("%s: holds no password", path);
    return EXIT_STATUS_DATA;
}

void
password_clear(struct password *password)
{
    if (password->bytes)
        explicit_bzero(password->bytes, password->len);
    free(password->bytes);
    *password = (struct password){0};
}
