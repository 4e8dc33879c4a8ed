/* SPDX-License-Identifier: Apache-2.0 */
#include "inspect/inspection.h"

#include "core/error.h"
#include "inspect/opinion.h"
#include "inspect/prepare.h"
#include "keys/ring.h"
#include "token/capture.h"
#include "token/nested.h"

#define INPUT_MAX_LIMIT (32u << 20) /* places are 32 bits wide, and UTF-16 grows */
#define TRIALS_DEFAULT 512
#define LEEWAY_DEFAULT 300
/* what a report keeps for the next token: enough for almost all, so that a hostile giant does not stay */
#define ARENA_KEEP (256u << 10)

static size_t
limit_or(size_t given, size_t otherwise)
{
    return given ? given : otherwise;
}

static void
set_limits(tscope_inspector *inspector, const struct tscope_limits *given)
{
    struct tscope_limits limits = {0};

    if (given)
        memcpy(&limits, given, given->size < sizeof(limits) ? given->size : sizeof(limits));
    inspector->input_max = limit_or(limits.input_max, TSCOPE_INPUT_MAX);
    if (inspector->input_max > INPUT_MAX_LIMIT)
        inspector->input_max = INPUT_MAX_LIMIT;
    inspector->trials_max =
        (uint32_t)(limits.signature_trials > UINT32_MAX ? UINT32_MAX : limit_or(limits.signature_trials, TRIALS_DEFAULT));
    if (limits.leeway == TSCOPE_LEEWAY_NONE)
        inspector->leeway = 0;
    else
        inspector->leeway = limits.leeway > INT32_MAX ? INT32_MAX : (int64_t)limit_or(limits.leeway, LEEWAY_DEFAULT);
}

static char *
copy_text(const char *text)
{
    size_t len = text ? strlen(text) + 1 : 0;
    char *copy = len ? tscope_alloc(len) : NULL;

    if (copy)
        memcpy(copy, text, len);
    return copy;
}

static enum tscope_status
set_policy(tscope_inspector *inspector, const struct tscope_policy *policy, struct tscope_error *err)
{
    const char *texts[3] = {policy->issuer, policy->audience, policy->tenant};
    struct tscope_span *spans[3] = {&inspector->policy.issuer, &inspector->policy.audience, &inspector->policy.tenant};
    size_t total = 0;
    char *write;

    inspector->policy.require_mfa = policy->flags & TSCOPE_POLICY_REQUIRE_MFA;
    for (size_t i = 0; i < TSCOPE_COUNT(texts); i++)
        total += texts[i] ? strlen(texts[i]) + 1 : 0;
    inspector->policy_text = write = tscope_alloc(total);
    if (!write)
        return tscope_error_no_memory(err);
    for (size_t i = 0; i < TSCOPE_COUNT(texts); i++) {
        size_t len = texts[i] ? strlen(texts[i]) : 0;

        if (!texts[i])
            continue;
        memcpy(write, texts[i], len + 1);
        *spans[i] = tscope_span_of(write, len);
        write += len + 1;
    }
    return TSCOPE_OK;
}

enum tscope_status
tscope_inspector_new(tscope_keyring *keyring, tscope_profile *profile, const struct tscope_limits *limits,
                     const struct tscope_policy *policy, tscope_inspector **ret_inspector, struct tscope_error *err)
{
    TSCOPE_AUTO(tscope_inspector) *inspector = NULL;
    enum tscope_status status;

    if (!keyring || !profile)
        return tscope_error_set(err, TSCOPE_ERR_ARGUMENT, TSCOPE_OFFSET_NONE, "an inspector needs a keyring and a profile");
    if (!keyring->frozen)
        return tscope_error_set(err, TSCOPE_ERR_STATE, TSCOPE_OFFSET_NONE, "the keyring is not frozen yet");
    inspector = tscope_alloc_zeroed(1, sizeof(*inspector));
    if (!inspector)
        return tscope_error_no_memory(err);
    inspector->keyring = keyring;
    inspector->profile = profile;
    inspector->exposed_from = TSCOPE_TIME_NONE;
    tscope_checks_plan(&inspector->plan);
    set_limits(inspector, limits);
    if (policy) {
        status = set_policy(inspector, policy, err);
        if (status != TSCOPE_OK)
            return status;
    }
    *ret_inspector = TSCOPE_STEAL(inspector);
    return TSCOPE_OK;
}

/* The text of a policy as it was given: each ends in a NUL. */
static const char *
policy_word(struct tscope_span word)
{
    return (const char *)word.data;
}

enum tscope_status
tscope_inspector_copy(const tscope_inspector *inspector, tscope_inspector **ret_copy, struct tscope_error *err)
{
    const struct tscope_policy policy = {
        .issuer = policy_word(inspector->policy.issuer),
        .audience = policy_word(inspector->policy.audience),
        .tenant = policy_word(inspector->policy.tenant),
        .flags = inspector->policy.require_mfa ? TSCOPE_POLICY_REQUIRE_MFA : 0,
    };
    TSCOPE_AUTO(tscope_inspector) *copy = NULL;
    enum tscope_status status = tscope_inspector_new(inspector->keyring, inspector->profile, NULL, &policy, &copy, err);

    if (status == TSCOPE_OK && inspector->exposed_kid)
        status = tscope_inspector_set_exposed(copy, inspector->exposed_kid, inspector->exposed_from, err);
    if (status != TSCOPE_OK)
        return status;
    copy->input_max = inspector->input_max;
    copy->trials_max = inspector->trials_max;
    copy->leeway = inspector->leeway;
    copy->payload = inspector->payload;
    copy->password = inspector->password;
    *ret_copy = TSCOPE_STEAL(copy);
    return TSCOPE_OK;
}

void
tscope_inspector_free(tscope_inspector *inspector)
{
    if (!inspector)
        return;
    tscope_verifier_free(inspector->verifier);
    tscope_free(inspector->policy_text);
    tscope_free(inspector->source_path);
    tscope_free(inspector->exposed_kid);
    tscope_free(inspector);
}

void
tscope_inspector_set_payload(tscope_inspector *inspector, const uint8_t *payload, size_t payload_len)
{
    inspector->payload = tscope_span_of(payload, payload_len);
}

void
tscope_inspector_set_password(tscope_inspector *inspector, const uint8_t *password, size_t password_len)
{
    inspector->password = tscope_span_of(password, password_len);
}

enum tscope_status
tscope_inspector_set_source(tscope_inspector *inspector, const char *path, uint64_t offset, struct tscope_error *err)
{
    char *copy;

    inspector->source_offset = offset;
    if (path && inspector->source_path && strcmp(path, inspector->source_path) == 0)
        return TSCOPE_OK; /* token after token of one file */
    copy = copy_text(path);
    if (path && !copy)
        return tscope_error_no_memory(err);
    tscope_free(inspector->source_path);
    inspector->source_path = copy;
    return TSCOPE_OK;
}

enum tscope_status
tscope_inspector_set_exposed(tscope_inspector *inspector, const char *kid, int64_t exposed_from, struct tscope_error *err)
{
    char *copy = copy_text(kid);

    if (!copy)
        return kid ? tscope_error_no_memory(err) : tscope_error_set(err, TSCOPE_ERR_ARGUMENT, TSCOPE_OFFSET_NONE, "no kid is given");
    tscope_free(inspector->exposed_kid);
    inspector->exposed_kid = copy;
    inspector->exposed_from = exposed_from;
    return TSCOPE_OK;
}

/* The gravest facts first; of equal ones the order of the catalogue. */
static void
sort_findings(struct tscope_findings *findings)
{
    for (size_t i = 1; i < findings->found_len; i++) {
        struct tscope_finding finding = findings->found[i];
        size_t k = i;

        for (; k > 0 && findings->found[k - 1].severity < finding.severity; k--)
            findings->found[k] = findings->found[k - 1];
        findings->found[k] = finding;
    }
}

/* What a token stands in. */
struct enclosure {
    struct tscope_arena *arena;
    unsigned depth;
    const tscope_key *opened_by;                /* decrypted the token around it; NULL: none */
    bool is_holder_proof;                       /* the token stands there as the proof of its holder */
    const struct tscope_decryption *decryption; /* of the token itself; NULL: not encrypted */
    uint64_t *spent;                            /* on decryption, by all of one inspection */
};

static struct tscope_opened
opened_of(const struct tscope_decryption *decryption)
{
    if (!decryption)
        return (struct tscope_opened){0};
    return (struct tscope_opened){
        .is_open = decryption->status == TSCOPE_DECRYPTION_DECRYPTED,
        .inflates_too_far = decryption->inflates_too_far,
        .packed_len = decryption->packed_len,
        .plain_len = decryption->plaintext.len,
    };
}

/* What the verifier digested of the token's beginning: the report says the digest of all of it. */
static void
take_begun_digest(const tscope_inspector *inspector, struct tscope_inspection *inspection)
{
    if (inspector->verifier && inspection->digest_at == 0)
        inspection->digest_at = tscope_verifier_begun(inspector->verifier, inspection->token->text, &inspection->digest_begun);
}

static enum tscope_status
resolve_signature(tscope_inspector *inspector, const struct tscope_moment *moment, const struct tscope_token *token,
                  const struct tscope_token_signature *signature, const struct enclosure *enclosure, struct tscope_judged_signature *judged,
                  struct tscope_error *err)
{
    struct tscope_arena *arena = enclosure->arena;
    enum tscope_status status;

    judged->signature = signature;
    judged->findings.arena = arena;
    judged->findings.found_len = judged->findings.unknown_len = 0;
    tscope_subject_prepare(&judged->subject, inspector, moment, token, signature, arena);
    judged->subject.opened_by = enclosure->opened_by;
    judged->subject.is_holder_proof = enclosure->is_holder_proof;
    judged->subject.opened = opened_of(enclosure->decryption);
    if (inspector->verifier)
        tscope_verifier_forget(inspector->verifier); /* an earlier token may have stood in the same memory */
    status = tscope_resolve(inspector, &judged->subject, &judged->resolution, err);
    judged->subject.resolution = &judged->resolution;
    return status;
}

static void
count_company(struct tscope_company *company, const struct tscope_resolution *resolution)
{
    company->signatures++;
    company->verified += resolution->status == TSCOPE_STATUS_VERIFIED;
    company->failed += resolution->status == TSCOPE_STATUS_FAILED;
}

static enum tscope_status
check_signature(const struct tscope_check_plan *plan, struct tscope_judged_signature *judged, const struct tscope_company *company,
                struct tscope_error *err)
{
    enum tscope_status status;

    judged->subject.company = *company;
    tscope_entitle(&judged->subject, &judged->resolution);
    status = tscope_checks_run(plan, &judged->subject, &judged->findings);
    if (status != TSCOPE_OK)
        return tscope_error_no_memory(err);
    sort_findings(&judged->findings);
    return TSCOPE_OK;
}

/* What it carries is then judged like anything else inside. depth is bounded, as each one may hold the next. */
static enum tscope_status
unseal_token(const tscope_inspector *inspector, struct tscope_token *token, const struct enclosure *enclosure,
             struct tscope_inspection *inspection, struct tscope_error *err)
{
    const struct tscope_decrypter decrypter = {.keyring = inspector->keyring, .password = inspector->password, .spent = enclosure->spent};
    struct tscope_decryption *decryption;

    if (!tscope_is_sealed(token) || enclosure->depth >= TSCOPE_NESTING_MAX)
        return TSCOPE_OK;
    decryption = tscope_arena_zeroed(enclosure->arena, 1, sizeof(*decryption));
    if (!decryption)
        return tscope_error_no_memory(err);
    inspection->decryption = decryption;
    return tscope_unseal(&decrypter, token, inspector->input_max, enclosure->arena, decryption, err);
}

static enum tscope_status
inspect_token(tscope_inspector *inspector, const struct tscope_moment *moment, struct tscope_token *token, struct enclosure enclosure,
              struct tscope_inspection *inspection, struct tscope_error *err)
{
    size_t count = token->signatures_len ? token->signatures_len : 1;
    struct tscope_company company = {0};
    enum tscope_status status = unseal_token(inspector, token, &enclosure, inspection, err);

    if (status != TSCOPE_OK)
        return status;
    inspection->token = token;
    enclosure.decryption = inspection->decryption;
    /* several kilobytes each, which judging fills as far as they are read */
    inspection->signatures = tscope_arena_alloc(enclosure.arena, count * sizeof(*inspection->signatures));
    inspection->nested = tscope_arena_zeroed(enclosure.arena, token->nested_len, sizeof(*inspection->nested));
    if (!inspection->signatures || !inspection->nested)
        return tscope_error_no_memory(err);
    for (size_t i = 0; i < count && status == TSCOPE_OK; i++) {
        const struct tscope_token_signature *signature = token->signatures_len ? &token->signatures[i] : NULL;

        status = resolve_signature(inspector, moment, token, signature, &enclosure, &inspection->signatures[i], err);
        if (status == TSCOPE_OK)
            count_company(&company, &inspection->signatures[i].resolution);
        take_begun_digest(inspector, inspection);
        inspection->signatures_len = i + 1;
    }
    for (size_t i = 0; i < count && status == TSCOPE_OK; i++)
        status = check_signature(&inspector->plan, &inspection->signatures[i], &company, err);
    /* at most TSCOPE_NESTING_MAX levels were parsed, in each of as many that were decrypted */
    enclosure.depth++;
    enclosure.decryption = NULL;
    enclosure.opened_by = inspection->decryption && inspection->decryption->key ? inspection->decryption->key : enclosure.opened_by;
    for (uint32_t i = 0; i < token->nested_len && status == TSCOPE_OK; i++) {
        enclosure.is_holder_proof = tscope_nested_proof(token) == i;
        status = inspect_token(inspector, moment, token->nested[i].token, enclosure, &inspection->nested[i], err);
    }
    if (status != TSCOPE_OK)
        return status;
    tscope_verdict_decide(inspection);
    return tscope_opinion_form(inspection) == TSCOPE_OK ? TSCOPE_OK : tscope_error_no_memory(err);
}

/* Takes an earlier report for reuse, or a new one; holds what the report's views point into. */
static tscope_report *
take_report(tscope_inspector *inspector, tscope_report *earlier)
{
    tscope_report *report = earlier ? earlier : tscope_alloc_zeroed(1, sizeof(*report));

    if (!report)
        return NULL;
    tscope_arena_reset(&report->arena, ARENA_KEEP);
    if (report->keyring != inspector->keyring) {
        tscope_keyring_free(report->keyring);
        report->keyring = tscope_keyring_ref(inspector->keyring);
    }
    if (report->profile != inspector->profile) {
        tscope_profile_free(report->profile);
        report->profile = tscope_profile_ref(inspector->profile);
    }
    memset(&report->root, 0, offsetof(struct tscope_inspection, reasons));
    report->source_path = NULL;
    report->seen_from = NULL;
    return report;
}

static enum tscope_status
fill_report(tscope_inspector *inspector, struct tscope_span input, const struct tscope_capture *capture, const struct tscope_moment *moment,
            tscope_report *report, struct tscope_error *err)
{
    struct tscope_token *token = tscope_arena_zeroed(&report->arena, 1, sizeof(*token));
    uint64_t spent = 0;
    enum tscope_status status;

    if (!token)
        return tscope_error_no_memory(err);
    status = tscope_capture_read(token, &report->arena, input, capture, inspector->input_max, &inspector->headers, err);
    if (status != TSCOPE_OK)
        return status;
    report->source_offset = inspector->source_offset;
    if (inspector->source_path)
        report->source_path = (const char *)tscope_arena_copy(&report->arena, tscope_span_text(inspector->source_path)).data;
    if (moment->seen != TSCOPE_TIME_NONE)
        report->seen_from =
            (const char *)tscope_arena_copy(&report->arena, tscope_span_text(moment->seen_from ? moment->seen_from : "given")).data;
    return inspect_token(inspector, moment, token, (struct enclosure){.arena = &report->arena, .spent = &spent}, &report->root, err);
}

enum tscope_status
tscope_inspect_capture(tscope_inspector *inspector, const uint8_t *bytes, size_t bytes_len, const struct tscope_capture *capture,
                       const struct tscope_moment *moment, tscope_report **report, struct tscope_error *err)
{
    tscope_report *taken = take_report(inspector, *report);
    enum tscope_status status;

    if (!taken)
        return tscope_error_no_memory(err);
    status = fill_report(inspector, tscope_span_of(bytes, bytes_len), capture, moment, taken, err);
    if (status != TSCOPE_OK && !*report) {
        tscope_report_free(taken);
        return status;
    }
    *report = taken;
    return status;
}

enum tscope_status
tscope_inspect(tscope_inspector *inspector, const uint8_t *bytes, size_t bytes_len, const struct tscope_moment *moment,
               tscope_report **report, struct tscope_error *err)
{
    return tscope_inspect_capture(inspector, bytes, bytes_len, NULL, moment, report, err);
}
