/* SPDX-License-Identifier: Apache-2.0 */
#include "token/token.h"

/* Ids and words come out of lists that enums are made of; a number that is in none of them is "?". */
static const char *
word_at(const char *const *words, size_t words_len, size_t number)
{
    return number < words_len && words[number] ? words[number] : "?";
}

const char *
tscope_part_id_name(enum tscope_part_id id)
{
    static const char *const names[] = {
        [TSCOPE_PART_NONE] = "none",
        [TSCOPE_PART_TOKEN] = "token",
        [TSCOPE_PART_HEADER] = "header",
        [TSCOPE_PART_UNPROTECTED] = "unprotected",
        [TSCOPE_PART_PAYLOAD] = "payload",
        [TSCOPE_PART_SIGNATURE] = "signature",
        [TSCOPE_PART_KEY] = "encrypted_key",
        [TSCOPE_PART_IV] = "iv",
        [TSCOPE_PART_CIPHERTEXT] = "ciphertext",
        [TSCOPE_PART_TAG] = "tag",
        [TSCOPE_PART_AAD] = "aad",
        [TSCOPE_PART_DISCLOSURE] = "disclosure",
    };

    return word_at(names, TSCOPE_COUNT(names), id);
}

const char *
tscope_transport_id(enum tscope_transport transport)
{
    static const char *const ids[] = {
#define TRANSPORT_ID(name, id) [TSCOPE_TRANSPORT_##name] = id,
        TSCOPE_FOREACH_TRANSPORT(TRANSPORT_ID)
#undef TRANSPORT_ID
    };

    return word_at(ids, TSCOPE_COUNT(ids), transport);
}

const char *
tscope_damage_id(enum tscope_damage_kind kind)
{
    static const char *const ids[] = {
#define DAMAGE_ID(name, id, words) [TSCOPE_DAMAGE_##name] = id,
        TSCOPE_FOREACH_DAMAGE(DAMAGE_ID)
#undef DAMAGE_ID
    };

    return word_at(ids, TSCOPE_COUNT(ids), kind);
}

const char *
tscope_damage_text(enum tscope_damage_kind kind)
{
    static const char *const texts[] = {
#define DAMAGE_TEXT(name, id, words) [TSCOPE_DAMAGE_##name] = words,
        TSCOPE_FOREACH_DAMAGE(DAMAGE_TEXT)
#undef DAMAGE_TEXT
    };

    return word_at(texts, TSCOPE_COUNT(texts), kind);
}

const char *
tscope_serialization_id(enum tscope_serialization serialization)
{
    static const char *const ids[] = {
#define SERIALIZATION_ID(name, id) [TSCOPE_SERIALIZATION_##name] = id,
        TSCOPE_FOREACH_SERIALIZATION(SERIALIZATION_ID)
#undef SERIALIZATION_ID
    };

    return word_at(ids, TSCOPE_COUNT(ids), serialization);
}

const char *
tscope_token_kind_id(enum tscope_token_kind kind)
{
    static const char *const ids[] = {
#define KIND_ID(name, id, words) [TSCOPE_KIND_##name] = id,
        TSCOPE_FOREACH_TOKEN_KIND(KIND_ID)
#undef KIND_ID
    };

    return word_at(ids, TSCOPE_COUNT(ids), kind);
}

const char *
tscope_token_kind_text(enum tscope_token_kind kind)
{
    static const char *const texts[] = {
#define KIND_TEXT(name, id, words) [TSCOPE_KIND_##name] = words,
        TSCOPE_FOREACH_TOKEN_KIND(KIND_TEXT)
#undef KIND_TEXT
    };

    return word_at(texts, TSCOPE_COUNT(texts), kind);
}
