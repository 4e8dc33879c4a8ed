/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include <tokenscope/tokenscope.h>

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Made for this: a secret for each width, and a key of each kind that agrees. */
static const char keys[] =
    "{\"keys\":[{\"kty\":\"oct\",\"k\":\"GawgguFyGrWKav7AX4VKUg\"},"
    "{\"kty\":\"oct\",\"k\":\"AgICAgICAgICAgICAgICAgICAgICAgIC\"},"
    "{\"kty\":\"oct\",\"kid\":\"a\",\"k\":\"AwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAw\"},"
    "{\"kty\":\"OKP\",\"crv\":\"X25519\",\"x\":\"I0DsQtuyXzpUmCAgzcMrHE6_-J0l7J_jRzDXrJ_ayzw\",\"d\":\"AEFWE-_73THXRX12IIIDLOW-VPg4a-"
    "ymLwZU7kgKS2U\"},"
    "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"weNJy2HscCSM6AEDTDg04biOvhFhyyWvOHQfeF_PxMQ\","
    "\"y\":\"e8lnCO-AlStT-NJVX-crhB7QRYhiix03illJOVAOyck\",\"d\":\"VEmDZpDXXK8p8N0Cndsxs924q6nS1RXFASRl6BfUqdw\"}]}";

static tscope_keyring *keyring;

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc, (void)argv;
    assert(tscope_keyring_new(&keyring, NULL) == TSCOPE_OK);
    assert(tscope_keyring_add(keyring, (const uint8_t *)keys, strlen(keys), "fuzz", NULL, NULL, NULL) == TSCOPE_OK);
    assert(tscope_keyring_freeze(keyring, NULL) == TSCOPE_OK);
    return 0;
}

/* Whatever it is, it is answered; a plaintext comes with "decrypted" alone, and any other answer has a reason. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct tscope_decrypt_options options = {
        .size = sizeof(options), .password = (const uint8_t *)"password", .password_len = 8, .rounds_max = 10000};
    struct tscope_decryption_answer answer = {0};
    struct tscope_error err = {0};
    char *plaintext = NULL;
    size_t len = 0;
    enum tscope_status status = tscope_decrypt(keyring, data, size, &options, &plaintext, &len, &answer, &err);

    assert(status == TSCOPE_OK || status == TSCOPE_ERR_DATA || status == TSCOPE_ERR_TOO_LARGE);
    if (status != TSCOPE_OK) {
        assert(!plaintext && err.message[0]);
        return 0;
    }
    assert((plaintext != NULL) == (answer.status == TSCOPE_DECRYPTION_DECRYPTED));
    assert((answer.reason != NULL) == (answer.status != TSCOPE_DECRYPTION_DECRYPTED));
    assert(plaintext ? plaintext[len] == '\0' && len <= 1u << 20 : len == 0 && !answer.key);
    tscope_string_free(plaintext);
    return 0;
}
