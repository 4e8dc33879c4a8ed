/* SPDX-License-Identifier: Apache-2.0 */
#include "token/compact.h"

#include "core/alloc.h"
#include "core/error.h"
#include "core/text.h"
#include "token/capture.h"
#include "token/damage.h"
#include "token/part.h"
#include "token/segments.h"
#include "token/shape.h"
#include "token/signature_presence.h"

/* What stands in text for a run of form that a dot, a tilde or the end follows: all of it up to there, what was taken out too. */
static void
place_segment(const struct tscope_token *token, struct tscope_part *part)
{
    size_t start = (size_t)(part->form.data - token->form.data), end = start + part->form.len;

    part->offset = start;
    part->len = part->form.len;
    if (!token->form_places)
        return;
    part->offset = 0;
    if (start > 0) {
        size_t dot = token->form_places[start - 1], len = tscope_damage_escape_len(token->text, dot);

        part->offset = dot + (len ? len : 1);
    }
    part->len = (end < token->form.len ? token->form_places[end] : token->text.len) - part->offset;
}

/* decoded: the bytes, when they are known; data NULL: they are not. */
static enum tscope_status
fill_part(struct tscope_token *token, enum tscope_part_id id, const struct tscope_segment *segment, struct tscope_part *part,
          struct tscope_error *err)
{
    part->form = segment->form;
    place_segment(token, part);
    if (token->damage_total > 0)
        tscope_damage_assign(token, id, part->offset, part->len);
    if (segment->decoded.data) {
        part->decoded = segment->decoded;
        part->clean = part->len == part->form.len;
        return TSCOPE_OK;
    }
    return tscope_part_decode(token, part, id, err);
}

static bool
is_text(const struct tscope_value *value)
{
    return value && value->type == TSCOPE_JSON_STRING;
}

/* True for an algorithm that manages keys (RFC 7518 section 4.1); those that sign begin otherwise. */
static bool
names_key_management(const struct tscope_token_signature *signature)
{
    static const char *const beginnings[] = {"RSA", "dir", "ECDH", "PBES2", "A1", "A2"};
    const struct tscope_value *alg = signature->slots[TSCOPE_HEADER_ALG];
    struct tscope_span text;

    if (!is_text(alg))
        return false;
    text = tscope_json_raw(&signature->header, alg);
    for (size_t i = 0; i < TSCOPE_COUNT(beginnings); i++) {
        if (tscope_text_starts_with(tscope_span_of(text.data + 1, text.len - 1), tscope_span_text(beginnings[i])))
            return true;
    }
    return false;
}

/* Five parts are an encrypted token unless the header is that of a signed one; a cut one shows it by its header alone. */
static bool
is_jwe(const struct tscope_token_signature *signature, uint32_t total)
{
    bool has_enc = is_text(signature->slots[TSCOPE_HEADER_ENC]);

    if (total == 5)
        return has_enc || names_key_management(signature) || !signature->slots[TSCOPE_HEADER_ALG];
    return has_enc && names_key_management(signature);
}

static enum tscope_status
fill_jwe(struct tscope_token *token, const struct tscope_segments *segments, struct tscope_error *err)
{
    struct {
        enum tscope_part_id id;
        struct tscope_part *part;
    } parts[] = {
        {TSCOPE_PART_KEY, &token->signatures[0].signature},
        {TSCOPE_PART_IV, &token->iv},
        {TSCOPE_PART_CIPHERTEXT, &token->ciphertext},
        {TSCOPE_PART_TAG, &token->tag},
    };

    token->serialization = TSCOPE_SERIALIZATION_JWE_COMPACT;
    for (uint32_t i = 1; i < segments->len; i++) {
        enum tscope_status status = fill_part(token, parts[i - 1].id, &segments->at[i], parts[i - 1].part, err);

        if (status != TSCOPE_OK)
            return status;
    }
    return TSCOPE_OK;
}

/* The characters themselves, up to the last dot (RFC 7797 section 5.2 forbids dots in it, and this is how one shows). */
static void
fill_unencoded_payload(struct tscope_token *token, const struct tscope_segments *segments)
{
    struct tscope_part *payload = &token->payload;

    payload->form = segments->at[1].form;
    if (segments->total > 3)
        payload->form.len = (size_t)(segments->last - payload->form.data);
    place_segment(token, payload);
    payload->decoded = payload->form;
    payload->clean = true;
}

static enum tscope_status
fill_payload(struct tscope_token *token, const struct tscope_segments *segments, struct tscope_error *err)
{
    struct tscope_token_signature *signature = &token->signatures[0];
    enum tscope_status status = TSCOPE_OK;

    if (segments->total < 2)
        return TSCOPE_OK;
    if (signature->b64_false)
        fill_unencoded_payload(token, segments);
    else
        status = fill_part(token, TSCOPE_PART_PAYLOAD, &segments->at[1], &token->payload, err);
    return status;
}

static enum tscope_status
fill_jws(struct tscope_token *token, const struct tscope_segments *segments, struct tscope_error *err)
{
    struct tscope_token_signature *signature = &token->signatures[0];
    enum tscope_status status = fill_payload(token, segments, err);
    struct tscope_segment third = segments->at[2];

    token->serialization = TSCOPE_SERIALIZATION_JWS_COMPACT;
    if (status != TSCOPE_OK)
        return status;
    if (signature->b64_false && segments->total > 3)
        third = (struct tscope_segment){{segments->last + 1, (size_t)(segments->end - segments->last - 1)}, {NULL, 0}};
    if (segments->total > 2)
        status = fill_part(token, TSCOPE_PART_SIGNATURE, &third, &signature->signature, err);
    if (status != TSCOPE_OK)
        return status;
    signature->presence = tscope_signature_presence_of(signature);
    token->detached = segments->total > 2 && token->payload.form.len == 0 && signature->signature.form.len > 0;
    return token->detached || !token->payload.form.data ? TSCOPE_OK : tscope_part_read_claims(token, err);
}

/*
 * Whoever shortens a token for a log writes an ellipsis, and its dots are no separators: the token goes up to it. Behind the
 * dot of a signature it is the signature's mask, and a rest behind it is that of the signature. The header of a JWE may be
 * followed by three dots of its own, and a hundred are no ellipsis.
 */
static enum tscope_status
end_at_ellipsis(struct tscope_token *token, struct tscope_segments *segments, struct tscope_span form, struct tscope_error *err)
{
    size_t at = tscope_text_find(form, TSCOPE_SPAN("...")), dots = 3;
    struct tscope_segment *third = &segments->at[2];
    enum tscope_status status;

    if (at == SIZE_MAX || at == 0 || (segments->total == 5 && is_jwe(&token->signatures[0], 5)))
        return TSCOPE_OK;
    while (at + dots < form.len && form.data[at + dots] == '.')
        dots++;
    if (dots > 4)
        return TSCOPE_OK;
    at += dots - 3; /* of four the first is a separator */
    status = tscope_segments_split(segments, token->arena, tscope_span_of(form.data, at), err);
    if (status != TSCOPE_OK || segments->total != 3)
        return status;
    third->form.len = (size_t)(form.data + form.len - third->form.data);
    third->decoded.data = NULL;
    return TSCOPE_OK;
}

/* What was copied out of the middle of a token: a claims set says who issued it, and no header lacks an algorithm. */
static bool
is_claims_alone(const struct tscope_token_signature *signature, const struct tscope_segments *segments)
{
    static const enum tscope_header of_header[] = {TSCOPE_HEADER_ALG, TSCOPE_HEADER_ENC, TSCOPE_HEADER_TYP, TSCOPE_HEADER_KID,
                                                   TSCOPE_HEADER_X5T};
    static const enum tscope_claim of_claims[] = {TSCOPE_CLAIM_ISS, TSCOPE_CLAIM_SUB, TSCOPE_CLAIM_AUD, TSCOPE_CLAIM_EXP};
    const struct tscope_value *claims[TSCOPE_CLAIM_COUNT];
    bool has_claim = false;

    if (segments->total > 1)
        return false;
    tscope_claim_slots(&signature->header, tscope_json_root(&signature->header), claims);
    for (size_t i = 0; i < TSCOPE_COUNT(of_claims); i++)
        has_claim |= claims[of_claims[i]] != NULL;
    for (size_t i = 0; i < TSCOPE_COUNT(of_header); i++)
        has_claim &= signature->slots[of_header[i]] == NULL;
    return has_claim;
}

static enum tscope_status
turn_into_claims(struct tscope_token *token, struct tscope_error *err)
{
    token->serialization = TSCOPE_SERIALIZATION_JWS_COMPACT;
    token->payload = token->signatures[0].protected_part;
    token->signatures_len = token->signatures_total = 0;
    for (uint32_t i = 0; i < token->damage_len; i++)
        token->damage[i].part = TSCOPE_PART_PAYLOAD;
    return tscope_part_read_claims(token, err);
}

static enum tscope_status
fill_token(struct tscope_token *token, struct tscope_segments *segments, struct tscope_span form, struct tscope_error *err)
{
    struct tscope_token_signature *signature = tscope_arena_zeroed(token->arena, 1, sizeof(*signature));
    enum tscope_status status;

    if (!signature)
        return tscope_error_no_memory(err);
    token->signatures = signature;
    token->signatures_len = token->signatures_total = 1;
    status = fill_part(token, TSCOPE_PART_HEADER, &segments->at[0], &signature->protected_part, err);
    if (status == TSCOPE_OK)
        status = tscope_part_read_header(token, signature, err);
    if (status == TSCOPE_OK && segments->total > 3)
        status = end_at_ellipsis(token, segments, form, err);
    if (status != TSCOPE_OK)
        return status;
    token->segments = segments->total;
    if (is_claims_alone(signature, segments))
        return turn_into_claims(token, err);
    return is_jwe(signature, segments->total) ? fill_jwe(token, segments, err) : fill_jws(token, segments, err);
}

/* SD-JWT: what is between the tildes behind the signed part, the last of which a holder's proof may follow. */
static enum tscope_status
fill_disclosures(struct tscope_token *token, size_t start, struct tscope_error *err)
{
    const uint8_t *at = token->form.data + start, *end = token->form.data + token->form.len, *tilde;

    token->serialization = TSCOPE_SERIALIZATION_SD_JWT;
    token->disclosures = tscope_arena_zeroed(token->arena, TSCOPE_DISCLOSURES_MAX, sizeof(*token->disclosures));
    if (!token->disclosures)
        return tscope_error_no_memory(err);
    for (; at <= end; at = tilde + 1) {
        struct tscope_segment segment;
        enum tscope_status status;

        tilde = memchr(at, '~', (size_t)(end - at));
        if (!tilde) /* the holder's proof, or nothing */
            tilde = end;
        segment = (struct tscope_segment){{at, (size_t)(tilde - at)}, {NULL, 0}};
        if (tilde == end && (segment.form.len == 0 || memchr(at, '.', segment.form.len))) {
            if (segment.form.len > 0)
                token->holder_proof = segment.form;
            return TSCOPE_OK;
        }
        token->disclosures_total++;
        if (token->disclosures_len == TSCOPE_DISCLOSURES_MAX)
            continue;
        status = fill_part(token, TSCOPE_PART_DISCLOSURE, &segment, &token->disclosures[token->disclosures_len++], err);
        if (status != TSCOPE_OK)
            return status;
    }
    return TSCOPE_OK;
}

/* What is not to be repaired: the payload of a header in front of it that says it is not encoded. */
static enum tscope_status
find_content(struct tscope_token *token, const struct tscope_segments *segments, struct tscope_damage_limits *limits,
             struct tscope_error *err)
{
    struct tscope_token_signature signature = {.protected_part = {.decoded = segments->at[0].decoded}};
    enum tscope_status status;

    if (segments->total < 3 || !signature.protected_part.decoded.data ||
        tscope_text_find(signature.protected_part.decoded, TSCOPE_SPAN("b64")) == SIZE_MAX)
        return TSCOPE_OK;
    status = tscope_part_read_header(token, &signature, err);
    if (status == TSCOPE_OK && signature.b64_false) {
        limits->start = segments->at[0].form.len + 1;
        limits->end = (size_t)(segments->last - token->text.data);
    }
    return status;
}

/* The part of form that is a JWS or JWE: in an SD-JWT the first tilde ends it. */
static struct tscope_span
signed_form(const struct tscope_token *token)
{
    struct tscope_span form = token->form;
    const uint8_t *tilde = memchr(form.data, '~', form.len);

    if (tilde && memchr(form.data, '.', (size_t)(tilde - form.data)))
        form.len = (size_t)(tilde - form.data);
    return form;
}

/* Words in front of a token: what is read without the spaces between them is no header. */
static bool
is_prose(const struct tscope_token *token, const struct tscope_segments *segments)
{
    const struct tscope_segment *first = &segments->at[0];

    if (token->damage_len == 0 || tscope_shape_begins_header(first->form))
        return false;
    for (uint32_t i = 0; i < token->damage_len && token->damage[i].form_offset <= first->form.len; i++) {
        if (token->damage[i].kind == TSCOPE_DAMAGE_WHITESPACE || token->damage[i].kind == TSCOPE_DAMAGE_FOLDING)
            return true;
    }
    return false;
}

/* Words around a whole token are none of it: read past like damage they would be taken for the end of its signature. */
static bool
leave_words(struct tscope_token *token)
{
    struct tscope_span whole = tscope_capture_whole(token->text);

    if (!whole.data)
        return false;
    token->words_before = (size_t)(whole.data - token->text.data);
    token->words_behind = token->text.len - token->words_before - whole.len;
    token->text = whole;
    return true;
}

/* The full stop of a sentence: behind a signature it makes a part that is none, and empty. */
static bool
leave_full_stop(struct tscope_token *token, const struct tscope_segments *segments)
{
    if (segments->total != 4 || segments->at[3].form.len > 0 || segments->at[2].form.len == 0 ||
        !tscope_shape_begins_header(segments->at[0].form))
        return false;
    token->words_behind++;
    token->text.len--;
    return true;
}

enum tscope_status
tscope_compact_read(struct tscope_token *token, bool *ret_is_token, struct tscope_error *err)
{
    struct tscope_segments segments;
    struct tscope_damage_limits limits = {.start = 0};
    struct tscope_span form = token->form = token->text;
    enum tscope_status status = tscope_segments_split(&segments, token->arena, form, err);

    if (status == TSCOPE_OK && (leave_full_stop(token, &segments) || (!segments.strict && leave_words(token)))) {
        form = token->form = token->text;
        status = tscope_segments_split(&segments, token->arena, form, err);
    }
    if (status == TSCOPE_OK && !segments.strict) {
        status = find_content(token, &segments, &limits, err);
        if (status == TSCOPE_OK && tscope_damage_is_suspected(token->text))
            status = tscope_damage_repair(token, limits, err);
        form = signed_form(token);
        if (status == TSCOPE_OK)
            status = tscope_segments_split(&segments, token->arena, form, err);
    }
    if (status != TSCOPE_OK)
        return status;
    *ret_is_token = tscope_segments_are_token(&segments) && !is_prose(token, &segments);
    if (!*ret_is_token) {
        tscope_damage_forget(token);
        return TSCOPE_OK;
    }
    status = fill_token(token, &segments, form, err);
    if (status == TSCOPE_OK && form.len < token->form.len)
        status = fill_disclosures(token, form.len + 1, err);
    return status;
}
