/* SPDX-License-Identifier: Apache-2.0 */
#include <tokenscope/decrypt.h>
#include <tokenscope/token.h>

#include "core/base64url.h"
#include "jwe_testing.h"

#include <zlib.h>

/* Whole tokens, as files and command lines bring them. The secret is RFC 7516 appendix A.3's. */

#define SECRET_K "GawgguFyGrWKav7AX4VKUg"
#define SECRET "{\"kty\":\"oct\",\"kid\":\"a\",\"k\":\"" SECRET_K "\""
#define TEXT "Live long and prosper."

static struct recipient_key secret;

static void
append_part(struct tscope_buffer *text, struct tscope_span bytes)
{
    tscope_base64url_encode(text, bytes.data, bytes.len);
}

static const char *
finish(struct tscope_buffer *text)
{
    tscope_buffer_append_byte(text, 0);
    ck_assert(!text->failed);
    return (const char *)text->data;
}

/* How a token is written: the three headers, and what else differs from plain. */
struct form {
    const char *protected, *shared, *own; /* JSON; NULL: none. shared and own make it a JSON serialisation */
    bool is_general, is_flattened;
    const char *aad; /* text */
    struct tscope_span plaintext;
};

/* Under A128KW and A128CBC-HS256, whatever the headers say. */
static void
make_message_of(struct message *message, const struct form *form)
{
    static const struct tscope_span text = {(const uint8_t *)TEXT, sizeof(TEXT) - 1};
    struct tscope_buffer aad = {0};
    struct tscope_span cek, plaintext = form->plaintext.data ? form->plaintext : text;

    *message = (struct message){.recipient = {.alg = jwe_alg_of("A128KW"), .enc = jwe_enc_of("A128CBC-HS256")},
                                .content = {.enc = jwe_enc_of("A128CBC-HS256"), .aad_len = 2}};
    if (form->protected)
        append_part(&aad, tscope_span_text(form->protected));
    message->aad[0] = exact_span(aad.data ? aad.data : (const uint8_t *)"", aad.len);
    tscope_buffer_reset(&aad);
    if (form->aad) {
        tscope_buffer_append_byte(&aad, '.');
        append_part(&aad, tscope_span_text(form->aad));
    }
    message->aad[1] = exact_span(aad.data ? aad.data : (const uint8_t *)"", aad.len);
    tscope_buffer_clear(&aad);
    message->plaintext = exact_span(plaintext.data, plaintext.len);
    cek = seal_key(message, &secret);
    seal_content(message, cek);
    free_span(cek);
}

static void
append_member(struct tscope_buffer *text, const char *name, struct tscope_span bytes)
{
    tscope_buffer_append_format(text, ",\"%s\":\"", name);
    append_part(text, bytes);
    tscope_buffer_append_byte(text, '"');
}

static void
write_json(struct tscope_buffer *text, const struct message *message, const struct form *form)
{
    tscope_buffer_append_text(text, "{\"x\":0");
    if (form->protected)
        append_member(text, "protected", tscope_span_text(form->protected));
    if (form->shared)
        tscope_buffer_append_format(text, ",\"unprotected\":%s", form->shared);
    if (form->is_general)
        tscope_buffer_append_text(text, ",\"recipients\":[{\"header\":{\"alg\":\"RSA-OAEP\"},\"encrypted_key\":\"AA\"},{\"x\":0");
    if (form->own)
        tscope_buffer_append_format(text, ",\"header\":%s", form->own);
    append_member(text, "encrypted_key", message->recipient.encrypted_key);
    if (form->is_general)
        tscope_buffer_append_text(text, "}]");
    if (form->aad)
        append_member(text, "aad", tscope_span_text(form->aad));
    append_member(text, "iv", message->content.iv);
    append_member(text, "ciphertext", message->content.ciphertext);
    append_member(text, "tag", message->content.tag);
    tscope_buffer_append_byte(text, '}');
}

/* A token in new memory of the buffer. */
static const char *
make_token(struct tscope_buffer *text, const struct form *form)
{
    struct message message;

    make_message_of(&message, form);
    if (form->is_general || form->is_flattened || form->shared || form->own) {
        write_json(text, &message, form);
    } else {
        const struct tscope_span parts[] = {message.recipient.encrypted_key, message.content.iv, message.content.ciphertext,
                                            message.content.tag};

        append_part(text, tscope_span_text(form->protected));
        for (size_t i = 0; i < TSCOPE_COUNT(parts); i++) {
            tscope_buffer_append_byte(text, '.');
            append_part(text, parts[i]);
        }
    }
    clear_message(&message);
    return finish(text);
}

static tscope_keyring *
keyring_of(const char *text)
{
    tscope_keyring *keyring = NULL;

    ck_assert_int_eq(tscope_keyring_new(&keyring, NULL), TSCOPE_OK);
    if (text)
        ck_assert_int_eq(tscope_keyring_add(keyring, (const uint8_t *)text, strlen(text), "keys", NULL, NULL, NULL), TSCOPE_OK);
    ck_assert_int_eq(tscope_keyring_freeze(keyring, NULL), TSCOPE_OK);
    return keyring;
}

/* Decrypts under keys, and holds the call to its word; the reason may be looked at. */
static enum tscope_decryption_status
decrypt_with(const char *keys, const char *token, const struct tscope_decrypt_options *options, const char *plaintext,
             const char **ret_reason)
{
    tscope_keyring *keyring = keyring_of(keys);
    struct tscope_decryption_answer answer = {0};
    struct tscope_span exact = exact_span(token, strlen(token));
    char *out = NULL;
    size_t len = 1;

    ck_assert_int_eq(tscope_decrypt(keyring, exact.data, exact.len, options, &out, &len, &answer, NULL), TSCOPE_OK);
    if (answer.status == TSCOPE_DECRYPTION_DECRYPTED) {
        ck_assert_ptr_null(answer.reason);
        ck_assert_uint_eq(len, strlen(plaintext));
        ck_assert_str_eq(out, plaintext);
    } else {
        ck_assert_ptr_null(out);
        ck_assert_uint_eq(len, 0);
        ck_assert_ptr_nonnull(answer.reason);
        ck_assert_ptr_null(answer.key);
    }
    if (ret_reason)
        *ret_reason = answer.reason;
    tscope_string_free(out);
    free_span(exact);
    tscope_keyring_free(keyring);
    return answer.status;
}

#define COMPACT_FORMS 4 /* of these, the first */

static const struct form good_forms[] = {
    {.protected = "{\"alg\":\"A128KW\",\"enc\":\"A128CBC-HS256\"}"},
    {.protected = "{\"alg\":\"A128KW\",\"enc\":\"A128CBC-HS256\",\"kid\":\"a\"}"},
    {.protected = "{\"alg\":\"A128KW\",\"enc\":\"A128CBC-HS256\",\"kid\":\"another\"}"},
    {.protected = "{\"alg\":\"A128KW\",\"enc\":\"A128CBC-HS256\",\"unknown\":[1,{}]}"},
    {.protected = "{\"alg\":\"A128KW\",\"enc\":\"A128CBC-HS256\"}", .is_flattened = true},
    {.protected = "{\"alg\":\"A128KW\",\"enc\":\"A128CBC-HS256\"}", .is_flattened = true, .aad = "[\"more\"]"},
    {.protected = "{\"enc\":\"A128CBC-HS256\"}", .shared = "{\"alg\":\"A128KW\"}"},
    {.protected = "{\"enc\":\"A128CBC-HS256\"}", .own = "{\"alg\":\"A128KW\",\"kid\":\"a\"}"},
    {.shared = "{\"alg\":\"A128KW\",\"enc\":\"A128CBC-HS256\"}"},
    {.shared = "{\"enc\":\"A128CBC-HS256\"}", .own = "{\"alg\":\"A128KW\"}", .aad = "x"},
    {.protected = "{\"enc\":\"A128CBC-HS256\"}", .own = "{\"alg\":\"A128KW\"}", .is_general = true},
    {.shared = "{\"enc\":\"A128CBC-HS256\"}", .own = "{\"alg\":\"A128KW\"}", .is_general = true, .aad = "x"},
};

START_TEST(token_in_any_form_is_decrypted)
{
    struct tscope_buffer text = {0};
    const char *token = make_token(&text, &good_forms[_i]);

    ck_assert_int_eq(decrypt_with(SECRET "}", token, NULL, TEXT, NULL), TSCOPE_DECRYPTION_DECRYPTED);
    ck_assert_int_eq(decrypt_with(NULL, token, NULL, NULL, NULL), TSCOPE_DECRYPTION_UNAVAILABLE);
    tscope_buffer_clear(&text);
}
END_TEST

START_TEST(transport_is_taken_off_and_damage_is_refused)
{
    static const struct {
        const char *before, *behind;
        enum tscope_decryption_status status;
    } rows[] = {
        {"  ", "\n", TSCOPE_DECRYPTION_DECRYPTED},
        {"Authorization: Bearer ", "", TSCOPE_DECRYPTION_DECRYPTED},
        {"", "=", TSCOPE_DECRYPTION_FAILED},
        {"", "==", TSCOPE_DECRYPTION_FAILED},
    };
    struct tscope_buffer text = {0};
    const char *token = make_token(&text, &good_forms[0]);
    char wrapped[1024];

    for (size_t i = 0; i < TSCOPE_COUNT(rows); i++) {
        snprintf(wrapped, sizeof(wrapped), "%s%s%s", rows[i].before, token, rows[i].behind);
        ck_assert_int_eq(decrypt_with(SECRET "}", wrapped, NULL, TEXT, NULL), rows[i].status);
    }
    for (const char *dot = strchr(token, '.'); dot; dot = strchr(dot + 1, '.')) { /* folded at each part */
        snprintf(wrapped, sizeof(wrapped), "%.*s\n %s", (int)(dot - token + 3), token, dot + 3);
        ck_assert_int_ne(decrypt_with(SECRET "}", wrapped, NULL, TEXT, NULL), TSCOPE_DECRYPTION_DECRYPTED);
    }
    tscope_buffer_clear(&text);
}
END_TEST

static const struct {
    struct form form;
    const char *reason; /* words of it */
} bad_headers[] = {
    {{.protected = "{\"enc\":\"A128CBC-HS256\"}"}, "\"alg\""},
    {{.protected = "{\"alg\":\"A128KW\"}", .is_flattened = true}, "\"enc\""},
    {{.protected = "{\"alg\":\"a128kw\",\"enc\":\"A128CBC-HS256\"}"}, "\"alg\""},
    {{.protected = "{\"alg\":\"RS256\",\"enc\":\"A128CBC-HS256\"}"}, "\"alg\""},
    {{.protected = "{\"alg\":[\"A128KW\"],\"enc\":\"A128CBC-HS256\"}"}, "\"alg\""},
    {{.protected = "{\"alg\":\"A128KW\",\"enc\":\"A128CBC\"}"}, "\"enc\""},
    {{.protected = "{\"alg\":\"A128KW\",\"enc\":null}"}, "\"enc\""},
    {{.protected = "{\"alg\":\"A128KW\",\"enc\":\"A128CBC-HS256\",\"crit\":[\"exp\"],\"exp\":1}"}, "\"crit\""},
    {{.protected = "{\"alg\":\"A128KW\",\"enc\":\"A128CBC-HS256\",\"crit\":[]}"}, "\"crit\""},
    {{.protected = "{\"alg\":\"A128KW\",\"enc\":\"A128CBC-HS256\"}", .shared = "{\"crit\":[\"x\"]}"}, "\"crit\""},
    {{.protected = "{\"alg\":\"A128KW\",\"enc\":\"A128CBC-HS256\",\"zip\":\"GZ\"}"}, "\"zip\""},
    {{.protected = "{\"alg\":\"A128KW\",\"enc\":\"A128CBC-HS256\",\"zip\":true}"}, "\"zip\""},
    {{.protected = "{\"alg\":\"A128KW\",\"enc\":\"A128CBC-HS256\"}", .own = "{\"zip\":\"DEF\"}"}, "\"zip\""},
    {{.protected = "{\"alg\":\"A128KW\",\"enc\":\"A128CBC-HS256\",\"alg\":\"A128KW\"}"}, "twice"},
    {{.protected = "{\"alg\":\"A128KW\",\"enc\":\"A128CBC-HS256\",\"\\u0061lg\":\"dir\"}"}, "twice"},
    {{.protected = "{\"alg\":\"A128KW\",\"enc\":\"A128CBC-HS256\"}", .shared = "{\"kid\":\"a\",\"kid\":\"b\"}"}, "twice"},
    {{.protected = "{\"alg\":\"A128KW\",\"enc\":\"A128CBC-HS256\"}", .own = "{\"alg\":\"A128KW\"}"}, "two of its headers"},
    {{.protected = "{\"alg\":\"A128KW\",\"enc\":\"A128CBC-HS256\"}", .shared = "{\"kid\":\"a\"}", .own = "{\"kid\":\"a\"}"},
     "two of its headers"},
    {{.protected = "{\"alg\":\"A128GCMKW\",\"enc\":\"A128CBC-HS256\",\"iv\":\"*\",\"tag\":\"AA\"}"}, "\"iv\""},
    {{.protected = "{\"alg\":\"A128GCMKW\",\"enc\":\"A128CBC-HS256\",\"iv\":7,\"tag\":\"AA\"}"}, "\"iv\""},
    {{.protected = "{\"alg\":\"A128GCMKW\",\"enc\":\"A128CBC-HS256\"}"}, "length"},
    {{.protected = "{\"alg\":\"PBES2-HS256+A128KW\",\"enc\":\"A128CBC-HS256\",\"p2s\":\"AAAA\"}"}, "\"p2c\""},
    {{.protected = "{\"alg\":\"PBES2-HS256+A128KW\",\"enc\":\"A128CBC-HS256\",\"p2s\":\"AAAA\",\"p2c\":\"1000\"}"}, "\"p2c\""},
    {{.protected = "{\"alg\":\"PBES2-HS256+A128KW\",\"enc\":\"A128CBC-HS256\",\"p2s\":\"AAAA\",\"p2c\":0}"}, "\"p2c\""},
    {{.protected = "{\"alg\":\"PBES2-HS256+A128KW\",\"enc\":\"A128CBC-HS256\",\"p2s\":\"AAAA\",\"p2c\":-1}"}, "\"p2c\""},
    {{.protected = "{\"alg\":\"PBES2-HS256+A128KW\",\"enc\":\"A128CBC-HS256\",\"p2s\":\"AAAA\",\"p2c\":1.5}"}, "\"p2c\""},
    {{.protected = "{\"alg\":\"PBES2-HS256+A128KW\",\"enc\":\"A128CBC-HS256\",\"p2s\":\"AAAA\",\"p2c\":2147483648}"}, "rounds"},
    {{.protected = "{\"alg\":\"PBES2-HS256+A128KW\",\"enc\":\"A128CBC-HS256\",\"p2s\":\"AAAA\",\"p2c\":1e30}"}, "\"p2c\""},
    {{.protected = "{\"alg\":\"PBES2-HS256+A128KW\",\"enc\":\"A128CBC-HS256\",\"p2c\":1000}"}, "\"p2s\""},
    {{.protected = "{\"alg\":\"ECDH-ES+A128KW\",\"enc\":\"A128CBC-HS256\"}"}, "\"epk\""},
    {{.protected = "{\"alg\":\"ECDH-ES+A128KW\",\"enc\":\"A128CBC-HS256\",\"epk\":\"x\"}"}, "\"epk\""},
    {{.protected = "{\"alg\":\"ECDH-ES+A128KW\",\"enc\":\"A128CBC-HS256\",\"epk\":{\"kty\":\"EC\"}}"}, "\"epk\""},
    {{.protected = "{\"alg\":\"ECDH-ES+A128KW\",\"enc\":\"A128CBC-HS256\",\"epk\":{\"kty\":\"OKP\",\"crv\":\"X25519\",\"x\":\"AA\"}}"},
     "\"epk\""},
};

START_TEST(header_that_cannot_be_followed_is_refused_with_its_reason)
{
    struct tscope_buffer text = {0};
    const char *reason;

    ck_assert_int_eq(decrypt_with(SECRET "}", make_token(&text, &bad_headers[_i].form), NULL, NULL, &reason), TSCOPE_DECRYPTION_FAILED);
    ck_assert_msg(strstr(reason, bad_headers[_i].reason) != NULL, "%s", reason);
    tscope_buffer_clear(&text);
}
END_TEST

/* RFC 7517 sections 4.2 to 4.4. */
static const struct {
    const char *members;
    enum tscope_decryption_status status;
} key_rows[] = {
    {"", TSCOPE_DECRYPTION_DECRYPTED},
    {",\"use\":\"enc\"", TSCOPE_DECRYPTION_DECRYPTED},
    {",\"use\":\"sig\"", TSCOPE_DECRYPTION_FAILED},
    {",\"alg\":\"A128KW\"", TSCOPE_DECRYPTION_DECRYPTED},
    {",\"alg\":\"A256KW\"", TSCOPE_DECRYPTION_FAILED},
    {",\"alg\":\"HS256\"", TSCOPE_DECRYPTION_FAILED},
    {",\"key_ops\":[\"unwrapKey\"]", TSCOPE_DECRYPTION_DECRYPTED},
    {",\"key_ops\":[\"wrapKey\",\"unwrapKey\"]", TSCOPE_DECRYPTION_DECRYPTED},
    {",\"key_ops\":[\"sign\",\"verify\"]", TSCOPE_DECRYPTION_FAILED},
    {",\"key_ops\":[\"wrapKey\"]", TSCOPE_DECRYPTION_FAILED},
};

START_TEST(key_serves_for_what_it_says_it_is_for)
{
    struct tscope_buffer text = {0};
    char keys[256];

    snprintf(keys, sizeof(keys), "%s%s}", SECRET, key_rows[_i].members);
    ck_assert_int_eq(decrypt_with(keys, make_token(&text, &good_forms[0]), NULL, TEXT, NULL), key_rows[_i].status);
    tscope_buffer_clear(&text);
}
END_TEST

START_TEST(key_that_fits_not_is_not_at_hand)
{
    static const char *const keys[] = {
        "{\"keys\":[]}",
        "{\"kty\":\"oct\",\"k\":\"AAAA\"}",
        "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4\","
        "\"y\":\"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM\",\"d\":\"870MB6gfuTJ4HtUnUvYMyJpr5eUZNP4Bk43bVdj3eAE\"}",
        "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4\","
        "\"y\":\"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM\"}",
    };
    struct tscope_buffer text = {0};
    const char *token = make_token(&text, &good_forms[1]);

    for (size_t i = 0; i < TSCOPE_COUNT(keys); i++)
        ck_assert_int_eq(decrypt_with(keys[i], token, NULL, NULL, NULL), TSCOPE_DECRYPTION_UNAVAILABLE);
    ck_assert_int_eq(decrypt_with("{\"kty\":\"oct\",\"k\":\"AAAAAAAAAAAAAAAAAAAAAA\"}", token, NULL, NULL, NULL), TSCOPE_DECRYPTION_FAILED);
    tscope_buffer_clear(&text);
}
END_TEST

START_TEST(altered_byte_is_refused)
{
    struct tscope_buffer text = {0};

    make_token(&text, &good_forms[_i]);
    for (size_t i = 0; i < text.len - 1; i++) {
        tscope_keyring *keyring = keyring_of(SECRET "}");
        uint8_t kept = text.data[i];
        struct tscope_decryption_answer answer;
        char *out;
        size_t len;

        text.data[i] ^= 1;
        if (tscope_decrypt(keyring, text.data, text.len - 1, NULL, &out, &len, &answer, NULL) == TSCOPE_OK) {
            ck_assert_msg(answer.status != TSCOPE_DECRYPTION_DECRYPTED, "byte %zu", i);
            tscope_string_free(out);
        }
        text.data[i] = kept;
        tscope_keyring_free(keyring);
    }
    tscope_buffer_clear(&text);
}
END_TEST

static struct tscope_span
deflated(size_t len)
{
    z_stream stream = {0};
    uint8_t *text = calloc(1, len + 1), out[4096];
    struct tscope_span span;

    memset(text, 'z', len);
    ck_assert_int_eq(deflateInit2(&stream, 9, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY), Z_OK);
    stream.next_in = text;
    stream.avail_in = (uInt)len;
    stream.next_out = out;
    stream.avail_out = sizeof(out);
    ck_assert_int_eq(deflate(&stream, Z_FINISH), Z_STREAM_END);
    span = exact_span(out, stream.total_out);
    deflateEnd(&stream);
    free(text);
    return span;
}

START_TEST(deflated_plaintext_is_inflated_to_a_bound)
{
    static const size_t lens[] = {0, 1, 5000, 256 * 1024, 256 * 1024 + 1, 1000000};
    struct form form = {.protected = "{\"alg\":\"A128KW\",\"enc\":\"A128CBC-HS256\",\"zip\":\"DEF\"}"};

    for (size_t i = 0; i < TSCOPE_COUNT(lens); i++) {
        struct tscope_buffer text = {0};
        char *plaintext = calloc(1, lens[i] + 1);
        const char *reason;
        bool fits = lens[i] <= 256 * 1024;

        memset(plaintext, 'z', lens[i]);
        form.plaintext = deflated(lens[i]);
        ck_assert_int_eq(decrypt_with(SECRET "}", make_token(&text, &form), NULL, plaintext, &reason),
                         fits ? TSCOPE_DECRYPTION_DECRYPTED : TSCOPE_DECRYPTION_FAILED);
        ck_assert(fits || strstr(reason, "256 KiB"));
        free_span(form.plaintext);
        free(plaintext);
        tscope_buffer_clear(&text);
    }
}
END_TEST

START_TEST(plaintext_that_is_not_deflated_is_refused)
{
    const struct form form = {.protected = "{\"alg\":\"A128KW\",\"enc\":\"A128CBC-HS256\",\"zip\":\"DEF\"}",
                              .plaintext = TSCOPE_SPAN("\x07{}")};
    struct tscope_buffer text = {0};
    const char *reason;

    ck_assert_int_eq(decrypt_with(SECRET "}", make_token(&text, &form), NULL, NULL, &reason), TSCOPE_DECRYPTION_FAILED);
    ck_assert_ptr_nonnull(strstr(reason, "not deflated"));
    tscope_buffer_clear(&text);
}
END_TEST

/* With 100 rounds; the password is tried before the keys. */
START_TEST(password_decrypts)
{
    static const char header[] = "{\"alg\":\"PBES2-HS256+A128KW\",\"enc\":\"A128GCM\",\"p2s\":\"c2FsdA\",\"p2c\":100}";
    struct recipient_key password = {.numbers = {.open = {.type = TSCOPE_KEY_OCT, .k = exact_span("pass word", 9)}}};
    struct message message = {.recipient = {.alg = jwe_alg_of("PBES2-HS256+A128KW"), .enc = jwe_enc_of("A128GCM"), .p2c = 100},
                              .content = {.enc = jwe_enc_of("A128GCM"), .aad_len = 1}};
    struct tscope_decrypt_options options = {.size = sizeof(options), .password = (const uint8_t *)"pass word", .password_len = 9};
    struct tscope_buffer text = {0};
    struct tscope_span cek;

    message.recipient.p2s = exact_span("salt", 4);
    append_part(&text, tscope_span_text(header));
    message.aad[0] = exact_span(text.data, text.len);
    message.aad[1] = exact_span("", 0);
    message.plaintext = exact_span(TEXT, strlen(TEXT));
    cek = seal_key(&message, &password);
    seal_content(&message, cek);
    for (size_t i = 0; i < 4; i++) {
        const struct tscope_span *const parts[] = {&message.recipient.encrypted_key, &message.content.iv, &message.content.ciphertext,
                                                   &message.content.tag};

        tscope_buffer_append_byte(&text, '.');
        append_part(&text, *parts[i]);
    }
    finish(&text);
    ck_assert_int_eq(decrypt_with(NULL, (char *)text.data, &options, TEXT, NULL), TSCOPE_DECRYPTION_DECRYPTED);
    ck_assert_int_eq(decrypt_with("{\"kty\":\"oct\",\"k\":\"cGFzcyB3b3Jk\"}", (char *)text.data, NULL, TEXT, NULL),
                     TSCOPE_DECRYPTION_DECRYPTED);
    options.rounds_max = 99;
    ck_assert_int_eq(decrypt_with(NULL, (char *)text.data, &options, NULL, NULL), TSCOPE_DECRYPTION_FAILED);
    options.size = offsetof(struct tscope_decrypt_options, rounds_max); /* of a caller who knows no bound */
    ck_assert_int_eq(decrypt_with(NULL, (char *)text.data, &options, TEXT, NULL), TSCOPE_DECRYPTION_DECRYPTED);
    options.password_len = 8;
    ck_assert_int_eq(decrypt_with(NULL, (char *)text.data, &options, NULL, NULL), TSCOPE_DECRYPTION_FAILED);
    free_span(cek);
    clear_message(&message);
    clear_key(&password);
    tscope_buffer_clear(&text);
}
END_TEST

/* What all of a set's keys may cost together is bounded, and then nothing is claimed. */
START_TEST(more_keys_than_may_be_tried_leave_it_open)
{
    struct tscope_buffer text = {0}, keys = {0};
    const char *token = make_token(&text, &good_forms[0]), *reason;

    tscope_buffer_append_text(&keys, "{\"keys\":[");
    for (int i = 0; i < 7000; i++)
        tscope_buffer_append_format(&keys, "{\"kty\":\"oct\",\"k\":\"AAAAAAAAAAAAAAAAAAA%c%cg\"},", 'A' + i % 26, 'A' + i / 26 % 26);
    tscope_buffer_append_text(&keys, SECRET "}]}");
    ck_assert_int_eq(decrypt_with(finish(&keys), token, NULL, TEXT, &reason), TSCOPE_DECRYPTION_UNAVAILABLE);
    ck_assert_ptr_nonnull(strstr(reason, "more keys"));
    tscope_buffer_clear(&text);
    token = make_token(&text, &good_forms[1]); /* named, it is found before all others */
    ck_assert_int_eq(decrypt_with((char *)keys.data, token, NULL, TEXT, NULL), TSCOPE_DECRYPTION_DECRYPTED);
    tscope_buffer_clear(&text);
    tscope_buffer_clear(&keys);
}
END_TEST

START_TEST(what_is_not_encrypted_is_no_answer)
{
    static const char *const texts[] = {
        "", "x", "eyJhbGciOiJIUzI1NiJ9.e30.AAAA", "eyJhbGciOiJIUzI1NiJ9..AAAA", "{}", "{\"payload\":\"e30\",\"signatures\":[]}"};
    tscope_keyring *keyring = keyring_of(SECRET "}");

    for (size_t i = 0; i < TSCOPE_COUNT(texts); i++) {
        struct tscope_decryption_answer answer;
        struct tscope_error err = {0};
        char *out;
        size_t len;

        ck_assert_int_eq(tscope_decrypt(keyring, (const uint8_t *)texts[i], strlen(texts[i]), NULL, &out, &len, &answer, &err),
                         TSCOPE_ERR_DATA);
        ck_assert_int_eq(err.status, TSCOPE_ERR_DATA);
        ck_assert_ptr_null(out);
    }
    tscope_keyring_free(keyring);
}
END_TEST

START_TEST(memory_failure_is_no_answer)
{
    tscope_keyring *keyring = keyring_of(SECRET "}");
    struct tscope_buffer text = {0};
    enum tscope_status status = TSCOPE_ERR_NO_MEMORY;

    make_token(&text, &good_forms[_i]);
    for (unsigned long n = 1; status != TSCOPE_OK; n++) {
        struct tscope_decryption_answer answer;
        char *out;
        size_t len;

        ck_assert_uint_lt(n, 200);
        tscope_alloc_fail_from(n);
        status = tscope_decrypt(keyring, text.data, text.len - 1, NULL, &out, &len, &answer, NULL);
        tscope_alloc_fail_from(0);
        ck_assert(status == TSCOPE_OK || status == TSCOPE_ERR_NO_MEMORY);
        ck_assert((out != NULL) == (status == TSCOPE_OK));
        if (status == TSCOPE_OK)
            ck_assert_int_eq(answer.status, TSCOPE_DECRYPTION_DECRYPTED);
        tscope_string_free(out);
    }
    tscope_buffer_clear(&text);
    tscope_keyring_free(keyring);
}
END_TEST

static void
open_shared(void)
{
    uint8_t bytes[32];
    size_t len;

    ck_assert(tscope_base64url_decode((const uint8_t *)SECRET_K, strlen(SECRET_K), bytes, &len));
    secret.numbers.open = (struct tscope_key_numbers){.type = TSCOPE_KEY_OCT, .k = exact_span(bytes, len)};
}

static void
close_shared(void)
{
    clear_key(&secret);
}

static Suite *
make_suite(void)
{
    Suite *suite = suite_create("decrypt");
    TCase *tcase = tcase_create("decrypt");

    tcase_add_unchecked_fixture(tcase, open_shared, close_shared);
    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, token_in_any_form_is_decrypted, 0, (int)TSCOPE_COUNT(good_forms));
    tcase_add_test(tcase, transport_is_taken_off_and_damage_is_refused);
    tcase_add_loop_test(tcase, header_that_cannot_be_followed_is_refused_with_its_reason, 0, (int)TSCOPE_COUNT(bad_headers));
    tcase_add_loop_test(tcase, key_serves_for_what_it_says_it_is_for, 0, (int)TSCOPE_COUNT(key_rows));
    tcase_add_test(tcase, key_that_fits_not_is_not_at_hand);
    tcase_add_loop_test(tcase, altered_byte_is_refused, 0, COMPACT_FORMS);
    tcase_add_test(tcase, deflated_plaintext_is_inflated_to_a_bound);
    tcase_add_test(tcase, plaintext_that_is_not_deflated_is_refused);
    tcase_add_test(tcase, password_decrypts);
    tcase_add_test(tcase, more_keys_than_may_be_tried_leave_it_open);
    tcase_add_test(tcase, what_is_not_encrypted_is_no_answer);
    tcase_add_loop_test(tcase, memory_failure_is_no_answer, 0, (int)TSCOPE_COUNT(good_forms));
    suite_add_tcase(suite, tcase);
    return suite;
}

int
main(void)
{
    SRunner *runner = srunner_create(make_suite());
    int failed;

    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
