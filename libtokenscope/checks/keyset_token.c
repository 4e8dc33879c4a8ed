/* SPDX-License-Identifier: Apache-2.0 */
#include "checks/holder.h"
#include "checks/keyset.h"
#include "keys/key_judge.h"

/* What is wrong with the key that verifies a token, or with the one it names: rows of keyset.c, asked of a token. They prove an anomaly
 * at most, and of a key that is merely named, as a kid is only text, a medium one. */

/* The key to judge; NULL: none, or nothing is wrong with it. */
static const tscope_key *
key_of(const tscope_subject *subject)
{
    const tscope_key *key = subject->resolution->key ? subject->resolution->key : subject->resolution->named;

    return key && !tscope_keyring_is_sound(subject->keyring, key) ? key : NULL;
}

static const char *
words_of(const tscope_subject *subject, const tscope_key *key, const struct tscope_key_judgement *judgement,
         enum tscope_key_fault_kind kind)
{
    switch (kind) {
    case TSCOPE_FAULT_KID_REUSE:
        return "another set of the same issuer has another key under its kid";
    case TSCOPE_FAULT_KID_DUP:
        return "another key of its set has the same kid";
    case TSCOPE_FAULT_MAT_REUSE:
        return "it stands under another kid or use too";
    case TSCOPE_FAULT_RSA_SMALL:
        return tscope_words(subject, "its modulus has %zu bits", tscope_key_bits(key));
    case TSCOPE_FAULT_RSA_EXP:
        return "its exponent is unusual";
    case TSCOPE_FAULT_RSA_WEAK:
        if (judgement->weakness == TSCOPE_RSA_WEAKNESS_NONE)
            return "its modulus shares a prime with that of another key given";
        if (judgement->weakness == TSCOPE_RSA_WEAKNESS_FACTOR)
            return tscope_words(subject, "%s: %u", tscope_rsa_weakness_text(judgement->weakness), judgement->factor);
        return tscope_rsa_weakness_text(judgement->weakness);
    case TSCOPE_FAULT_EC_POINT:
        return "it is no good point of its curve";
    case TSCOPE_FAULT_B64:
        return "its numbers are not written as they must be";
    case TSCOPE_FAULT_PRIVATE:
    case TSCOPE_FAULT_SYM:
    case TSCOPE_FAULT_SAMPLE:
    case TSCOPE_FAULT_MIXUP:
    case TSCOPE_FAULT_UNUSABLE:
    case TSCOPE_FAULT_COUNT:
        break;
    }
    return "";
}

enum tscope_status
tscope_keyset_run_token(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings)
{
    enum tscope_key_fault_kind kind = (enum tscope_key_fault_kind)(check - tscope_checks_keyset.checks);
    const tscope_key *key = key_of(subject);
    struct tscope_key_judgement judgement;
    struct tscope_evidence evidence;
    enum tscope_severity severity = check->severity;
    enum tscope_proves proves = check->proves > TSCOPE_PROVES_ANOMALY ? TSCOPE_PROVES_ANOMALY : check->proves;
    enum tscope_status status;

    if (!key)
        return TSCOPE_OK;
    status = tscope_keyring_judge(subject->keyring, key, &judgement, NULL);
    if (status != TSCOPE_OK || !judgement.found[kind])
        return status;
    if ((judgement.weights[kind] != TSCOPE_FAULT_FULL || !subject->resolution->key) && severity > TSCOPE_SEVERITY_MEDIUM)
        severity = TSCOPE_SEVERITY_MEDIUM;
    evidence = tscope_evidence_header(subject, TSCOPE_HEADER_KID);
    return tscope_findings_add_graded(findings, check, severity, proves, &evidence, 1, "the key that %s: %s",
                                      subject->resolution->key ? "verifies the token" : "the token names",
                                      words_of(subject, key, &judgement, kind));
}
