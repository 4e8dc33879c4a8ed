/* SPDX-License-Identifier: Apache-2.0 */
#include "inspect/inspection.h"

#include "token/nested.h"

/* One finding proves at most this verdict by itself. */
static enum tscope_verdict
verdict_of(const struct tscope_finding *finding)
{
    if (finding->proves == TSCOPE_PROVES_FORGERY)
        return TSCOPE_VERDICT_FORGED;
    if (finding->proves == TSCOPE_PROVES_INVALID)
        return TSCOPE_VERDICT_INVALID;
    return finding->severity >= TSCOPE_SEVERITY_HIGH ? TSCOPE_VERDICT_SUSPICIOUS : TSCOPE_VERDICT_VALID;
}

/* What is left when no finding speaks: does the signature show the named issuer's work? */
static enum tscope_verdict
verdict_of_signature(const struct tscope_resolution *resolution)
{
    if (resolution->status != TSCOPE_STATUS_VERIFIED)
        return TSCOPE_VERDICT_UNVERIFIED;
    if (resolution->right == TSCOPE_RIGHT_UNKNOWN || resolution->right == TSCOPE_RIGHT_FAMILY)
        return TSCOPE_VERDICT_UNVERIFIED; /* of another family: findings say how bad that is, and a sample may be none */
    return TSCOPE_VERDICT_VALID;
}

static void
list_reasons(struct tscope_inspection *inspection, const struct tscope_findings *findings)
{
    for (size_t i = 0; i < findings->found_len; i++) {
        const struct tscope_finding *finding = &findings->found[i];
        enum tscope_verdict verdict = verdict_of(finding);

        if (verdict != TSCOPE_VERDICT_VALID && verdict == inspection->verdict)
            inspection->reasons[inspection->reasons_len++] = finding->check->id;
        else if (finding->severity >= TSCOPE_SEVERITY_HIGH)
            inspection->also[inspection->also_len++] = finding->check->id;
    }
}

/* One signature by itself. */
static enum tscope_verdict
verdict_of_judged(const struct tscope_judged_signature *judged)
{
    enum tscope_verdict gravest = verdict_of_signature(&judged->resolution);

    for (size_t i = 0; i < judged->findings.found_len; i++) {
        enum tscope_verdict verdict = verdict_of(&judged->findings.found[i]);

        if (verdict != TSCOPE_VERDICT_VALID && verdict < gravest)
            gravest = verdict;
    }
    return gravest;
}

/* How much a signature has to say beside others: none of them may hide a bad one, and a good one outweighs what nobody can judge. */
static int
weight_of(enum tscope_verdict verdict)
{
    switch (verdict) {
    case TSCOPE_VERDICT_FORGED:
        return 4;
    case TSCOPE_VERDICT_INVALID:
        return 3;
    case TSCOPE_VERDICT_SUSPICIOUS:
        return 2;
    case TSCOPE_VERDICT_VALID:
        return 1;
    case TSCOPE_VERDICT_UNVERIFIED:
        return 0;
    }
    return 0;
}

static void
choose_deciding(struct tscope_inspection *inspection)
{
    inspection->deciding = &inspection->signatures[0];
    inspection->verdict = verdict_of_judged(inspection->deciding);
    for (size_t i = 1; i < inspection->signatures_len; i++) {
        enum tscope_verdict verdict = verdict_of_judged(&inspection->signatures[i]);

        if (weight_of(verdict) > weight_of(inspection->verdict)) {
            inspection->deciding = &inspection->signatures[i];
            inspection->verdict = verdict;
        }
    }
}

/* The wrapper of an actor token is unsigned by design: what it carries was signed, and decides. */
static void
hear_actor(struct tscope_inspection *inspection)
{
    const struct tscope_token *token = inspection->token;

    for (size_t i = 0; token->kind == TSCOPE_KIND_S2S_ACTOR && i < token->nested_len; i++) {
        const struct tscope_inspection *actor = &inspection->nested[i];

        if (token->nested[i].value != token->slots[TSCOPE_CLAIM_ACTORTOKEN] || actor->verdict >= inspection->verdict)
            continue;
        for (size_t r = 0; r < inspection->reasons_len && inspection->also_len < TSCOPE_REASONS_MAX; r++)
            inspection->also[inspection->also_len++] = inspection->reasons[r];
        inspection->verdict = actor->verdict;
        memcpy(inspection->reasons, actor->reasons, sizeof(inspection->reasons));
        inspection->reasons_len = actor->reasons_len;
    }
}

const struct tscope_inspection *
tscope_inspection_content(const struct tscope_inspection *inspection)
{
    uint32_t content = tscope_nested_content(inspection->token);

    return content != UINT32_MAX ? &inspection->nested[content] : NULL;
}

/*
 * RFC 7519 section 7.2: the token inside is validated like the one around it. An encrypted token says nothing of its own, so that what
 * it carries decides, unless something graver is wrong with the wrapping; a signed one is as good as the worse of the two.
 */
static bool
content_decides(const struct tscope_inspection *inspection, const struct tscope_inspection *content)
{
    return content->verdict < inspection->verdict || (inspection->decryption && inspection->verdict == TSCOPE_VERDICT_UNVERIFIED);
}

static void
hear_content(struct tscope_inspection *inspection)
{
    const struct tscope_inspection *content = tscope_inspection_content(inspection);

    if (inspection->verdict == TSCOPE_VERDICT_VALID && tscope_nested_is_unread(inspection->token))
        inspection->verdict = TSCOPE_VERDICT_UNVERIFIED;
    if (!content || !content_decides(inspection, content))
        return;
    for (size_t i = 0; i < inspection->reasons_len && inspection->also_len < TSCOPE_REASONS_MAX; i++)
        inspection->also[inspection->also_len++] = inspection->reasons[i];
    inspection->verdict = content->verdict;
    memcpy(inspection->reasons, content->reasons, sizeof(inspection->reasons));
    inspection->reasons_len = content->reasons_len;
}

void
tscope_verdict_decide(struct tscope_inspection *inspection)
{
    const struct tscope_findings *findings;

    choose_deciding(inspection);
    findings = &inspection->deciding->findings;
    for (size_t i = 0; i < findings->found_len; i++)
        inspection->counts[findings->found[i].severity]++;
    list_reasons(inspection, findings);
    hear_actor(inspection);
    hear_content(inspection);
}
