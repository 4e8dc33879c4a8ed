/* SPDX-License-Identifier: Apache-2.0 */
#include "token/names.h"

#include "core/alloc.h"
#include "core/json_escape.h"

/*
 * A known name is found by its tscope_hash32, in tables written out so that nothing is built at run time: it stands at the
 * first free place from its hash on (places wrap; 0 is free, else 1 + the known name). The hash is not keyed, so the name
 * itself is compared too, and a crafted one costs no more than the longest run of taken places. tests/unit/test_names.c
 * proves that each name is found, and says where one belongs that is not.
 */
static const uint8_t header_places[64] = {
    [3] = 1 + TSCOPE_HEADER_CTY,      [5] = 1 + TSCOPE_HEADER_URL,   [8] = 1 + TSCOPE_HEADER_X5U,       [9] = 1 + TSCOPE_HEADER_X5T,
    [10] = 1 + TSCOPE_HEADER_EPK,     [11] = 1 + TSCOPE_HEADER_CRIT, [13] = 1 + TSCOPE_HEADER_APV,      [15] = 1 + TSCOPE_HEADER_TAG,
    [16] = 1 + TSCOPE_HEADER_APU,     [24] = 1 + TSCOPE_HEADER_X5C,  [27] = 1 + TSCOPE_HEADER_KID,      [28] = 1 + TSCOPE_HEADER_ALG,
    [34] = 1 + TSCOPE_HEADER_KDF_VER, [35] = 1 + TSCOPE_HEADER_P2S,  [41] = 1 + TSCOPE_HEADER_B64,      [42] = 1 + TSCOPE_HEADER_NONCE,
    [49] = 1 + TSCOPE_HEADER_P2C,     [52] = 1 + TSCOPE_HEADER_TYP,  [53] = 1 + TSCOPE_HEADER_X5T_S256, [55] = 1 + TSCOPE_HEADER_ZIP,
    [59] = 1 + TSCOPE_HEADER_JKU,     [60] = 1 + TSCOPE_HEADER_JWK,  [61] = 1 + TSCOPE_HEADER_IV,       [62] = 1 + TSCOPE_HEADER_CTX,
    [63] = 1 + TSCOPE_HEADER_ENC,
};
static const uint8_t claim_places[256] = {
    [0] = 1 + TSCOPE_CLAIM_IAT,
    [3] = 1 + TSCOPE_CLAIM_UPN,
    [4] = 1 + TSCOPE_CLAIM_HTU,
    [10] = 1 + TSCOPE_CLAIM_AUTHMETHOD,
    [11] = 1 + TSCOPE_CLAIM_NAMEID,
    [16] = 1 + TSCOPE_CLAIM_HTM,
    [30] = 1 + TSCOPE_CLAIM_AIO,
    [35] = 1 + TSCOPE_CLAIM_AUD,
    [54] = 1 + TSCOPE_CLAIM_AMR,
    [55] = 1 + TSCOPE_CLAIM_CNF,
    [56] = 1 + TSCOPE_CLAIM_SERVICEURL,
    [59] = 1 + TSCOPE_CLAIM_NII,
    [61] = 1 + TSCOPE_CLAIM_IS_PRIMARY,
    [70] = 1 + TSCOPE_CLAIM_RH,
    [76] = 1 + TSCOPE_CLAIM_NAME,
    [89] = 1 + TSCOPE_CLAIM_EXP,
    [91] = 1 + TSCOPE_CLAIM_APPIDACR,
    [99] = 1 + TSCOPE_CLAIM_ROLES,
    [112] = 1 + TSCOPE_CLAIM_AT_HASH,
    [113] = 1 + TSCOPE_CLAIM_SID,
    [114] = 1 + TSCOPE_CLAIM_APP_DISPLAYNAME,
    [116] = 1 + TSCOPE_CLAIM_AUTH_TIME,
    [121] = 1 + TSCOPE_CLAIM_VER,
    [130] = 1 + TSCOPE_CLAIM_XMS_MIRID,
    [136] = 1 + TSCOPE_CLAIM_UNIQUE_NAME,
    [140] = 1 + TSCOPE_CLAIM_NBF,
    [145] = 1 + TSCOPE_CLAIM_ACTORTOKEN,
    [146] = 1 + TSCOPE_CLAIM_CLIENT_ID,
    [149] = 1 + TSCOPE_CLAIM_IPADDR,
    [150] = 1 + TSCOPE_CLAIM_C_HASH,
    [151] = 1 + TSCOPE_CLAIM_SD,
    [152] = 1 + TSCOPE_CLAIM_JTI,
    [159] = 1 + TSCOPE_CLAIM_ISS,
    [161] = 1 + TSCOPE_CLAIM_XMS_CC,
    [167] = 1 + TSCOPE_CLAIM_APPTYPE,
    [170] = 1 + TSCOPE_CLAIM_NONCE,
    [172] = 1 + TSCOPE_CLAIM_REFRESH_TOKEN,
    [173] = 1 + TSCOPE_CLAIM_S_HASH,
    [174] = 1 + TSCOPE_CLAIM_AZP,
    [176] = 1 + TSCOPE_CLAIM_SUB,
    [181] = 1 + TSCOPE_CLAIM_SCOPE,
    [193] = 1 + TSCOPE_CLAIM_SCP,
    [206] = 1 + TSCOPE_CLAIM_IDP,
    [208] = 1 + TSCOPE_CLAIM_EMAIL,
    [209] = 1 + TSCOPE_CLAIM_ACR,
    [214] = 1 + TSCOPE_CLAIM_TID,
    [224] = 1 + TSCOPE_CLAIM_PREFERRED_USERNAME,
    [230] = 1 + TSCOPE_CLAIM_UTI,
    [233] = 1 + TSCOPE_CLAIM_TFP,
    [235] = 1 + TSCOPE_CLAIM_WIDS,
    [236] = 1 + TSCOPE_CLAIM_IDTYP,
    [240] = 1 + TSCOPE_CLAIM_APPID,
    [241] = 1 + TSCOPE_CLAIM_SD_ALG,
    [242] = 1 + TSCOPE_CLAIM_ATH,
    [243] = 1 + TSCOPE_CLAIM_AZPACR,
    [244] = 1 + TSCOPE_CLAIM_ACT,
    [245] = 1 + TSCOPE_CLAIM_EVENTS,
    [246] = 1 + TSCOPE_CLAIM_REQUEST_NONCE,
    [253] = 1 + TSCOPE_CLAIM_OID,
};

/* Behind a name there are zeros, so that it is compared eight bytes at a time. */
struct known_name {
    uint8_t len;
    char text[23];
};

static const struct known_name header_names[] = {
#define HEADER_NAME(name, member) [TSCOPE_HEADER_##name] = {sizeof(member) - 1, member},
    TSCOPE_FOREACH_HEADER(HEADER_NAME)
#undef HEADER_NAME
};

static const struct known_name claim_names[] = {
#define CLAIM_NAME(name, member) [TSCOPE_CLAIM_##name] = {sizeof(member) - 1, member},
    TSCOPE_FOREACH_CLAIM(CLAIM_NAME)
#undef CLAIM_NAME
};

struct known_names {
    const uint8_t *places;
    uint32_t places_mask;
    const struct known_name *names;
    size_t names_len;
};

static const struct known_names known_headers = {header_places, TSCOPE_COUNT(header_places) - 1, header_names, TSCOPE_HEADER_COUNT};
static const struct known_names known_claims = {claim_places, TSCOPE_COUNT(claim_places) - 1, claim_names, TSCOPE_CLAIM_COUNT};

/* What is asked of each member of each token: most names that are known have no more than eight bytes, and memcmp() is a call. */
static inline bool
is_name(const struct tscope_json *json, const struct tscope_value *member, const struct known_name *known)
{
    const uint8_t *name = json->text + member->name + 1;

    if (member->flags & TSCOPE_VALUE_NAME_ESCAPED)
        return tscope_json_inside_is(tscope_json_name(json, member), true, tscope_span_of(known->text, known->len));
    if (member->name_len != known->len + 2u)
        return false;
    if (known->len <= 8 && json->text_len - member->name > 8)
        return tscope_low_bytes(name, known->len) == tscope_low_bytes(known->text, 8);
    return memcmp(name, known->text, known->len) == 0;
}

static inline void
note_member(const struct known_names *known, const struct tscope_json *json, const struct tscope_value *member,
            const struct tscope_value **slots)
{
    uint32_t place = member->name_hash & known->places_mask;

    for (; known->places[place]; place = (place + 1) & known->places_mask) {
        size_t name = known->places[place] - 1u;

        if (!is_name(json, member, &known->names[name]))
            continue;
        if (!slots[name])
            slots[name] = member;
        json->values[member - json->values].flags |= TSCOPE_VALUE_KNOWN;
        return;
    }
}

static inline void
fill_slots(const struct known_names *known, const struct tscope_json *json, const struct tscope_value *object,
           const struct tscope_value **slots)
{
    const struct tscope_value *member;

    memset(slots, 0, known->names_len * sizeof(*slots));
    if (!object || object->type != TSCOPE_JSON_OBJECT)
        return;
    for (member = tscope_json_first(json, object); member; member = tscope_json_next(json, member)) {
        if (member->name_len)
            note_member(known, json, member, slots);
    }
}

const char *
tscope_header_name(enum tscope_header header)
{
    return (size_t)header < TSCOPE_HEADER_COUNT ? header_names[header].text : "?";
}

const char *
tscope_claim_name(enum tscope_claim claim)
{
    return (size_t)claim < TSCOPE_CLAIM_COUNT ? claim_names[claim].text : "?";
}

void
tscope_header_slots(const struct tscope_json *json, const struct tscope_value *object, const struct tscope_value **slots)
{
    fill_slots(&known_headers, json, object, slots);
}

void
tscope_claim_slots(const struct tscope_json *json, const struct tscope_value *object, const struct tscope_value **slots)
{
    fill_slots(&known_claims, json, object, slots);
}
