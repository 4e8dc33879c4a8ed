/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include <tokenscope/lint.h>

#include "core/alloc.h"
#include "core/arena.h"
#include "core/json.h"
#include "keys/key_judge.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Every key of a frozen ring can be asked everything, and what it is found by finds it. */
static void
use(const tscope_keyring *keyring, const tscope_key *key)
{
    uint32_t number = tscope_keyring_number(keyring, key), walked = number, cursor = 0;
    const tscope_key *found = NULL;
    tscope_pkey *pkey = NULL;
    tscope_private *private = NULL;
    struct tscope_key_judgement judgement;
    enum tscope_key_flaw flaw;
    char *json;
    size_t len, round = 0;

    assert(tscope_keyring_pkey(keyring, key, &pkey, &flaw, NULL) == TSCOPE_OK);
    assert((pkey == NULL) == (flaw != TSCOPE_KEY_FLAW_NONE));
    assert((pkey == NULL) == (tscope_key_unusable(key) != NULL));
    assert(!pkey || tscope_key_thumbprint(key));
    assert(tscope_keyring_private(keyring, key, &private, &flaw, NULL) == TSCOPE_OK);
    assert((private == NULL) == (flaw != TSCOPE_KEY_FLAW_NONE));
    assert(!private || (pkey && key->has_private));
    (void)tscope_keyring_certificate(keyring, key);
    while (key->kid.data && found != key)
        assert((found = tscope_keyring_next_by_kid(keyring, key->kid, &cursor)));
    do {
        walked = tscope_keyring_key(keyring, walked)->next_same;
        assert(++round <= tscope_keyring_count(keyring));
    } while (walked != number);
    assert(!key->kid.data || key->kid.data[key->kid.len] == '\0');
    assert(tscope_keyring_judge(keyring, key, &judgement, NULL) == TSCOPE_OK);
    assert(tscope_key_json(keyring, key, TSCOPE_KEY_JSON_FULL, &json, &len, NULL) == TSCOPE_OK);
    assert(strlen(json) == len);
    tscope_free(json);
}

/* Whatever stands in a set, its metadata included, has an answer. */
static void
lint_all(const tscope_keyring *keyring)
{
    struct tscope_lint_view finding;
    tscope_lint *lint = NULL;
    char *json;
    size_t len;

    assert(tscope_lint_new(keyring, 0, &lint, NULL) == TSCOPE_OK);
    for (size_t i = 0; tscope_lint_finding(lint, i, &finding); i++)
        assert(finding.source && finding.detail[0]);
    assert(tscope_lint_json(lint, false, &json, &len, NULL) == TSCOPE_OK);
    tscope_free(json);
    tscope_lint_free(lint);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    TSCOPE_AUTO(tscope_keyring) *keyring = NULL;
    struct tscope_keys_added added = {0};
    struct tscope_error err = {0};
    enum tscope_status status;

    assert(tscope_keyring_new(&keyring, NULL) == TSCOPE_OK);
    status = tscope_keyring_add(keyring, data, size, "fuzz", NULL, &added, &err);
    assert(status == TSCOPE_OK || status == TSCOPE_ERR_DATA);
    assert(status == TSCOPE_OK || (err.message[0] && err.offset <= size));
    assert(tscope_keyring_freeze(keyring, NULL) == TSCOPE_OK);
    assert(tscope_keyring_count(keyring) == added.keys && added.unusable <= added.keys);
    for (size_t i = 0; i < added.keys && i < 64; i++)
        use(keyring, tscope_keyring_key(keyring, i));
    lint_all(keyring);
    return 0;
}
