/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_TESTS_TOKEN_INVARIANTS_H
#define TSCOPE_TESTS_TOKEN_INVARIANTS_H

#include "token/token.h"

/** @file What holds of every token that was read, whatever it was read from. */

#define TSCOPE_HOLDS(condition, what) \
    if (!(condition))                 \
        return what;

static inline bool
is_run_of(size_t whole, size_t offset, size_t len)
{
    return offset <= whole && len <= whole - offset;
}

/* Every byte of memory is read, so that a sanitizer sees one that is not there. */
static inline unsigned
touch(struct tscope_span bytes)
{
    unsigned sum = 0;

    for (size_t i = 0; i < bytes.len; i++)
        sum += bytes.data[i];
    return sum;
}

static inline const char *
part_broken(const struct tscope_token *token, const struct tscope_part *part)
{
    size_t offset, len, last = 0, step;

    if (!part->form.data) {
        TSCOPE_HOLDS(!part->decoded.data && part->len == 0, "an absent part has nothing");
        return NULL;
    }
    (void)touch(part->form);
    (void)touch(part->decoded);
    TSCOPE_HOLDS(part->decoded.data, "a part that is there is decoded");
    TSCOPE_HOLDS(is_run_of(token->text.len, part->offset, part->len), "a part stands in the text");
    TSCOPE_HOLDS(part->form.len <= part->len, "form is never longer than the text it stands for");
    TSCOPE_HOLDS(!part->clean || token->form_places || part->form.len == part->len || token->container.text, "a clean part is as sent");
    step = part->decoded.len / 50 + 1;
    for (size_t at = 0; at < part->decoded.len; at += step) {
        tscope_part_place(token, part, at, 1, &offset, &len);
        TSCOPE_HOLDS(len > 0 && is_run_of(part->len, offset - part->offset, len), "a decoded byte stands in its part");
        TSCOPE_HOLDS(offset >= last, "places do not go backwards");
        last = offset;
    }
    tscope_part_place(token, part, 0, part->decoded.len + 7, &offset, &len);
    TSCOPE_HOLDS(is_run_of(part->len, offset - part->offset, len), "a run beyond the end is cut");
    tscope_part_place(token, part, part->decoded.len + 7, 7, &offset, &len);
    TSCOPE_HOLDS(len == 0 && is_run_of(part->len, offset - part->offset, len), "behind the end there is nothing");
    return NULL;
}

static inline const char *
damage_broken(const struct tscope_token *token)
{
    size_t last = 0;

    TSCOPE_HOLDS(token->damage_len <= TSCOPE_DAMAGE_MAX && token->damage_len <= token->damage_total, "damage is bounded");
    TSCOPE_HOLDS(token->damage_len == TSCOPE_DAMAGE_MAX || token->damage_len == token->damage_total, "damage is kept while there is room");
    for (uint32_t i = 0; i < token->damage_len; i++) {
        const struct tscope_damage *damage = &token->damage[i];

        TSCOPE_HOLDS(damage->offset >= last, "damage is sorted");
        TSCOPE_HOLDS(damage->len > 0 && is_run_of(token->text.len, damage->offset, damage->len), "damage stands in the text");
        TSCOPE_HOLDS(is_run_of(token->form.len, damage->form_offset, damage->form_len), "what stands for damage stands in form");
        TSCOPE_HOLDS(damage->part <= TSCOPE_PART_DISCLOSURE && damage->part != TSCOPE_PART_NONE, "damage lies in a part");
        last = damage->offset;
    }
    return NULL;
}

static inline const char *
form_broken(const struct tscope_token *token)
{
    size_t offset, len, step = token->form.len / 200 + 1, last = 0;

    TSCOPE_HOLDS(token->text.data && token->text.len > 0 && token->form.data, "there is text");
    (void)touch(token->text);
    (void)touch(token->form);
    TSCOPE_HOLDS((token->form.data == token->text.data) == !token->form_places, "form has places exactly when it differs");
    TSCOPE_HOLDS(token->form.len <= token->text.len, "form is never longer than text");
    for (size_t at = 0; at < token->form.len; at += step) {
        tscope_token_place(token, tscope_span_of(token->form.data + at, 1), &offset, &len);
        TSCOPE_HOLDS(len > 0 && is_run_of(token->text.len, offset, len) && offset >= last, "a byte of form stands in the text");
        TSCOPE_HOLDS(token->text.data[offset] == token->form.data[at] || token->text.data[offset] == '%', "and it is the same one");
        last = offset;
    }
    tscope_token_place(token, TSCOPE_SPAN("elsewhere"), &offset, &len);
    TSCOPE_HOLDS(offset == 0 && len == 0, "what is not in form has no place");
    return NULL;
}

static inline const char *
signatures_broken(const struct tscope_token *token)
{
    const char *broken = NULL;

    TSCOPE_HOLDS(token->signatures_len <= TSCOPE_SIGNATURES_MAX && token->signatures_len <= token->signatures_total,
                 "signatures are bounded");
    for (uint32_t i = 0; i < token->signatures_len && !broken; i++) {
        const struct tscope_token_signature *signature = &token->signatures[i];

        broken = part_broken(token, &signature->protected_part);
        if (!broken)
            broken = part_broken(token, &signature->signature);
        TSCOPE_HOLDS(!signature->unprotected || token->container.values, "an unprotected header stands in a JSON form");
        for (int name = 0; name < TSCOPE_HEADER_COUNT; name++) {
            const struct tscope_value *value = signature->slots[name];

            TSCOPE_HOLDS(!value || (value > signature->header.values && value < signature->header.values + signature->header.values_len),
                         "a slot is a value of its index");
        }
    }
    return broken;
}

/* What does not hold; NULL: all is well. */
static inline const char *
token_broken(const struct tscope_token *token)
{
    const struct tscope_part *parts[] = {&token->payload, &token->iv, &token->ciphertext, &token->tag, &token->aad};
    const char *broken = form_broken(token);
    size_t base = token->capture ? token->capture->offset : 0;

    TSCOPE_HOLDS(token->source_offset >= base && is_run_of(token->input.len, token->source_offset - base, token->source_len) &&
                     token->source_len > 0,
                 "the source is in the input");
    TSCOPE_HOLDS(token->depth <= TSCOPE_NESTING_MAX, "nesting is bounded");
    TSCOPE_HOLDS(token->nested_len <= TSCOPE_NESTED_MAX && token->nested_len <= token->nested_total, "nested tokens are bounded");
    TSCOPE_HOLDS(token->disclosures_len <= TSCOPE_DISCLOSURES_MAX && token->disclosures_len <= token->disclosures_total,
                 "so are disclosures");
    TSCOPE_HOLDS(!token->claims_root || token->claims_root == tscope_json_root(&token->claims), "claims are the root of their index");
    if (!broken)
        broken = damage_broken(token);
    if (!broken)
        broken = signatures_broken(token);
    for (size_t i = 0; i < TSCOPE_COUNT(parts) && !broken; i++)
        broken = part_broken(token, parts[i]);
    for (uint32_t i = 0; i < token->disclosures_len && !broken; i++)
        broken = part_broken(token, &token->disclosures[i]);
    for (uint32_t i = 0; i < token->nested_len && !broken; i++) { /* as deep as tokens are read */
        TSCOPE_HOLDS(token->nested[i].token->depth == token->depth + 1, "a nested token is one deeper");
        broken = token_broken(token->nested[i].token);
    }
    return broken;
}

#undef TSCOPE_HOLDS

#endif
