/* SPDX-License-Identifier: Apache-2.0 */
#include "core/error.h"
#include "crypto/cjose.h"
#include "inspect/inspection.h"

/* The compact form of one signature, in whatever serialisation it came, with its payload in it. */
static bool
join(const struct tscope_token *token, const struct tscope_judged_signature *judged, struct tscope_buffer *compact)
{
    struct tscope_span payload = token->detached ? judged->resolution.detached_form : token->payload.form;
    const struct tscope_span parts[] = {judged->signature->protected_part.form, payload, judged->signature->signature.form};

    for (size_t i = 0; i < TSCOPE_COUNT(parts); i++) {
        if (i)
            tscope_buffer_append_byte(compact, '.');
        if (parts[i].len)
            tscope_buffer_append(compact, parts[i].data, parts[i].len);
    }
    return !compact->failed;
}

/* Asked about the key that verified, or failing that the one that was named and did not. */
static enum tscope_status
ask(const struct tscope_token *token, const struct tscope_judged_signature *judged, enum tscope_cross_check *ret_answer,
    struct tscope_error *err)
{
    const struct tscope_resolution *resolution = &judged->resolution;
    bool verified = resolution->status == TSCOPE_STATUS_VERIFIED && resolution->input == TSCOPE_INPUT_AS_SENT && !resolution->is_der;
    const tscope_key *key = verified ? resolution->key : resolution->status == TSCOPE_STATUS_FAILED ? resolution->named : NULL;
    struct tscope_buffer compact = {0};
    enum tscope_cjose_result result = TSCOPE_CJOSE_SILENT;
    enum tscope_status status = TSCOPE_OK;

    *ret_answer = TSCOPE_CROSS_CHECK_SILENT;
    if (!key || !resolution->alg || !judged->signature || judged->signature->unprotected)
        return TSCOPE_OK;
    if (!join(token, judged, &compact))
        status = tscope_error_no_memory(err);
    else
        status = tscope_cjose_verify(&key->numbers, resolution->alg, tscope_span_of(compact.data, compact.len), &result, err);
    tscope_buffer_clear(&compact);
    if (status == TSCOPE_OK && result != TSCOPE_CJOSE_SILENT)
        *ret_answer = (result == TSCOPE_CJOSE_YES) == verified ? TSCOPE_CROSS_CHECK_AGREES : TSCOPE_CROSS_CHECK_DISAGREES;
    return status;
}

enum tscope_status
tscope_report_cross_check(const tscope_report *report, enum tscope_cross_check *ret_answer, struct tscope_error *err)
{
    enum tscope_cross_check worst = TSCOPE_CROSS_CHECK_SILENT;

    for (size_t i = 0; i < report->root.signatures_len; i++) {
        enum tscope_cross_check answer;
        enum tscope_status status = ask(report->root.token, &report->root.signatures[i], &answer, err);

        if (status != TSCOPE_OK)
            return status;
        if (answer > worst)
            worst = answer;
    }
    *ret_answer = worst;
    return TSCOPE_OK;
}
