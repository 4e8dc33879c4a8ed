/* SPDX-License-Identifier: Apache-2.0 */
#include "core/error.h"
#include "crypto/jwe.h"
#include "inspect/decrypt.h"

static const struct {
    const char *id, *words;
} rows[] = {
#define DECRYPTION_ROW(name, id, words) [TSCOPE_DECRYPTION_##name] = {id, words},
    TSCOPE_FOREACH_DECRYPTION(DECRYPTION_ROW)
#undef DECRYPTION_ROW
};

const char *
tscope_decryption_status_id(enum tscope_decryption_status status)
{
    return rows[status].id;
}

const char *
tscope_decryption_status_text(enum tscope_decryption_status status)
{
    return rows[status].words;
}

static bool
is_jwe(const struct tscope_token *token)
{
    return token->serialization == TSCOPE_SERIALIZATION_JWE_COMPACT || token->serialization == TSCOPE_SERIALIZATION_JWE_FLATTENED ||
           token->serialization == TSCOPE_SERIALIZATION_JWE_GENERAL;
}

static struct tscope_decrypter
decrypter_of(const tscope_keyring *keyring, const struct tscope_decrypt_options *given)
{
    struct tscope_decrypt_options options = {0};

    if (given)
        memcpy(&options, given, given->size < sizeof(options) ? given->size : sizeof(options));
    return (struct tscope_decrypter){.keyring = keyring,
                                     .password = tscope_span_of(options.password, options.password ? options.password_len : 0),
                                     .rounds_max = options.rounds_max,
                                     .strict = true};
}

static enum tscope_status
hand_out(const struct tscope_decryption *decryption, char **ret_plaintext, size_t *ret_len, struct tscope_error *err)
{
    char *copy;

    if (decryption->status != TSCOPE_DECRYPTION_DECRYPTED)
        return TSCOPE_OK;
    copy = tscope_alloc(decryption->plaintext.len + 1);
    if (!copy)
        return tscope_error_no_memory(err);
    memcpy(copy, decryption->plaintext.data, decryption->plaintext.len);
    copy[decryption->plaintext.len] = '\0';
    *ret_plaintext = copy;
    *ret_len = decryption->plaintext.len;
    return TSCOPE_OK;
}

enum tscope_status
tscope_decrypt(const tscope_keyring *keyring, const uint8_t *bytes, size_t bytes_len, const struct tscope_decrypt_options *options,
               char **ret_plaintext, size_t *ret_len, struct tscope_decryption_answer *ret_answer, struct tscope_error *err)
{
    struct tscope_decrypter decrypter = decrypter_of(keyring, options);
    TSCOPE_AUTO(tscope_token) *token = NULL;
    struct tscope_arena arena = {0};
    struct tscope_decryption decryption;
    enum tscope_status status = tscope_token_parse(bytes, bytes_len, &token, err);

    *ret_plaintext = NULL;
    *ret_len = 0;
    if (status == TSCOPE_OK && !is_jwe(token))
        status = tscope_error_set(err, TSCOPE_ERR_DATA, TSCOPE_OFFSET_NONE, "not an encrypted token");
    if (status == TSCOPE_OK)
        status = tscope_decrypt_token(&decrypter, token, &arena, &decryption, err);
    if (status == TSCOPE_OK)
        status = hand_out(&decryption, ret_plaintext, ret_len, err);
    if (status == TSCOPE_OK)
        *ret_answer = (struct tscope_decryption_answer){.status = decryption.status,
                                                        .reason = decryption.reason,
                                                        .alg = decryption.alg ? decryption.alg->name : NULL,
                                                        .enc = decryption.enc ? decryption.enc->name : NULL,
                                                        .key = decryption.key};
    tscope_arena_clear(&arena);
    return status;
}
