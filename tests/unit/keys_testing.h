/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TEST_KEYS_TESTING_H
#define TEST_KEYS_TESTING_H

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/alloc.h"
#include "keys/keyring.h"

/** @file What the tests of this room share: input in memory of its exact size, so that a read past its end is seen. */

static inline uint8_t *
exact_copy(const void *bytes, size_t len)
{
    uint8_t *copy = malloc(len);

    ck_assert(copy || len == 0);
    if (len)
        memcpy(copy, bytes, len);
    return copy;
}

static inline enum tscope_status
try_add(tscope_keyring *keyring, const void *bytes, size_t len, struct tscope_keys_added *added, struct tscope_error *err)
{
    uint8_t *copy = exact_copy(bytes, len);
    enum tscope_status status = tscope_keyring_add(keyring, copy, len, "sample", NULL, added, err);

    free(copy);
    return status;
}

static inline tscope_keyring *
new_keyring(void)
{
    tscope_keyring *keyring = NULL;

    ck_assert_int_eq(tscope_keyring_new(&keyring, NULL), TSCOPE_OK);
    return keyring;
}

static inline void
freeze(tscope_keyring *keyring)
{
    ck_assert_int_eq(tscope_keyring_freeze(keyring, NULL), TSCOPE_OK);
}

/** A frozen keyring of one text that must hold this many keys. */
static inline tscope_keyring *
keyring_of(const char *text, size_t keys)
{
    tscope_keyring *keyring = new_keyring();
    struct tscope_error err = {0};
    struct tscope_keys_added added = {0};

    ck_assert_msg(try_add(keyring, text, strlen(text), &added, &err) == TSCOPE_OK, "%s", err.message);
    ck_assert_uint_eq(added.keys, keys);
    freeze(keyring);
    ck_assert_uint_eq(tscope_keyring_count(keyring), keys);
    return keyring;
}

static inline int
run_suite(Suite *suite)
{
    SRunner *runner = srunner_create(suite);
    int failed;

    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

#endif
