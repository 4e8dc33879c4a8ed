/* SPDX-License-Identifier: Apache-2.0 */
#include "inspect/inspection.h"

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
    return resolution->right == TSCOPE_RIGHT_UNKNOWN ? TSCOPE_VERDICT_UNVERIFIED : TSCOPE_VERDICT_VALID;
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

void
tscope_verdict_decide(struct tscope_inspection *inspection)
{
    const struct tscope_findings *findings = &inspection->deciding->findings;

    inspection->verdict = verdict_of_signature(&inspection->deciding->resolution);
    for (size_t i = 0; i < findings->found_len; i++) {
        enum tscope_verdict verdict = verdict_of(&findings->found[i]);

        if (verdict != TSCOPE_VERDICT_VALID && verdict < inspection->verdict)
            inspection->verdict = verdict;
        inspection->counts[findings->found[i].severity]++;
    }
    list_reasons(inspection, findings);
    /* the wrapper of an actor token is unsigned by design: what it carries was signed, and decides */
    if (inspection->token->kind == TSCOPE_KIND_S2S_ACTOR && inspection->token->nested_len > 0 &&
        inspection->nested[0].verdict < inspection->verdict) {
        inspection->verdict = inspection->nested[0].verdict;
        inspection->reasons_len = inspection->also_len = 0;
        memcpy(inspection->reasons, inspection->nested[0].reasons, sizeof(inspection->reasons));
        inspection->reasons_len = inspection->nested[0].reasons_len;
    }
}
