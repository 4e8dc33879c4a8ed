/* SPDX-License-Identifier: Apache-2.0 */
#include <tokenscope/inspect.h>
#include <tokenscope/version.h>

#include "checks/registry.h"
#include "crypto/cjose.h"
#include "crypto/recover.h"
#include "inspect/opinion.h"

static void
view(const struct tscope_check_family *family, const struct tscope_check *check, struct tscope_check_view *ret_check)
{
    static const char *const subjects[] = {"token", "keyset", "corpus", "log"};
    static const char *const needs[] = {
        "token",         "token keys",         "token history",         "token keys history",
        "token profile", "token keys profile", "token history profile", "token keys history profile",
    };
    static const char *const needs_together[] = {"tokens", "tokens keys"};
    bool is_together = check->needs & TSCOPE_NEEDS_CORPUS;

    *ret_check = (struct tscope_check_view){
        .id = check->id,
        .title = check->title,
        .family = family->name,
        .severity = check->severity,
        .proves = check->proves,
        .subject = subjects[check->on],
        .needs = is_together ? needs_together[check->needs % TSCOPE_COUNT(needs_together)] : needs[check->needs % TSCOPE_COUNT(needs)],
        .specialises = check->specialises,
        .references = check->references,
        .meaning = check->meaning,
        .false_alarm = check->false_alarm,
    };
}

size_t
tscope_checks_count(void)
{
    size_t count = 0;

    for (size_t f = 0; f < TSCOPE_CHECK_FAMILIES_LEN; f++)
        count += tscope_check_families[f]->checks_len;
    return count;
}

bool
tscope_checks_at(size_t number, struct tscope_check_view *ret_check)
{
    for (size_t f = 0; f < TSCOPE_CHECK_FAMILIES_LEN; f++) {
        const struct tscope_check_family *family = tscope_check_families[f];

        if (number < family->checks_len) {
            view(family, &family->checks[number], ret_check);
            return true;
        }
        number -= family->checks_len;
    }
    return false;
}

bool
tscope_checks_find(const char *id, struct tscope_check_view *ret_check)
{
    for (size_t i = 0; tscope_checks_at(i, ret_check); i++) {
        if (strcmp(ret_check->id, id) == 0)
            return true;
    }
    return false;
}

size_t
tscope_opinions_count(void)
{
    return tscope_lax_rows_len;
}

bool
tscope_opinions_at(size_t number, struct tscope_opinion_view *ret_opinion)
{
    const struct tscope_lax *lax = &tscope_lax_rows[number < tscope_lax_rows_len ? number : 0];

    if (number >= tscope_lax_rows_len)
        return false;
    *ret_opinion = (struct tscope_opinion_view){.id = lax->id, .sentence = lax->sentence, .references = lax->references};
    return true;
}

const char *
tscope_verdict_id(enum tscope_verdict verdict)
{
    static const char *const ids[] = {
#define VERDICT_ID(name, id, words) [TSCOPE_VERDICT_##name] = id,
        TSCOPE_FOREACH_VERDICT(VERDICT_ID)
#undef VERDICT_ID
    };

    return (size_t)verdict < TSCOPE_COUNT(ids) ? ids[verdict] : "?";
}

const char *
tscope_verdict_text(enum tscope_verdict verdict)
{
    static const char *const texts[] = {
#define VERDICT_TEXT(name, id, words) [TSCOPE_VERDICT_##name] = words,
        TSCOPE_FOREACH_VERDICT(VERDICT_TEXT)
#undef VERDICT_TEXT
    };

    return (size_t)verdict < TSCOPE_COUNT(texts) ? texts[verdict] : "?";
}

const char *
tscope_severity_id(enum tscope_severity severity)
{
    static const char *const ids[] = {"info", "low", "medium", "high", "critical"};

    return (size_t)severity < TSCOPE_COUNT(ids) ? ids[severity] : "?";
}

const char *
tscope_proves_id(enum tscope_proves proves)
{
    static const char *const ids[] = {"note", "anomaly", "invalid", "forgery"};

    return (size_t)proves < TSCOPE_COUNT(ids) ? ids[proves] : "?";
}

const char *
tscope_signature_status_id(enum tscope_signature_status status)
{
    static const char *const ids[] = {
#define SIGNATURE_STATUS_ID(name, id) [TSCOPE_STATUS_##name] = id,
        TSCOPE_FOREACH_SIGNATURE_STATUS(SIGNATURE_STATUS_ID)
#undef SIGNATURE_STATUS_ID
    };

    return (size_t)status < TSCOPE_COUNT(ids) ? ids[status] : "?";
}

const char *
tscope_version(void)
{
    return TSCOPE_VERSION;
}

const char *
tscope_features(void)
{
    static const char *const features[] = {
        "jws jwe sd-jwt key-history entra",
        "jws jwe sd-jwt key-history entra cjose",
        "jws jwe sd-jwt key-history entra gmp",
        "jws jwe sd-jwt key-history entra cjose gmp",
    };

    return features[(tscope_cjose_is_built() ? 1 : 0) + (tscope_recover_rsa_is_built() ? 2 : 0)];
}
