/* SPDX-License-Identifier: Apache-2.0 */
#include "checks/findings.h"

#include <stdarg.h>
#include <stdio.h>

#include "checks/kid_text.h"
#include "checks/registry.h"
#include "checks/silence.h"
#include "keys/key_judge.h"
#include "token/secrets.h"

#define EXCERPT_MAX 80

/* What an examiner may see of a part: never the bytes of a signature or a key. */
static bool
may_be_shown(enum tscope_part_id part)
{
    return part == TSCOPE_PART_HEADER || part == TSCOPE_PART_UNPROTECTED || part == TSCOPE_PART_PAYLOAD;
}

static struct tscope_span
cut(struct tscope_span bytes)
{
    return (struct tscope_span){bytes.data, bytes.len < EXCERPT_MAX ? bytes.len : EXCERPT_MAX};
}

/* data NULL: a token stands in it, or a private key. */
static struct tscope_span
shown(struct tscope_span bytes)
{
    struct tscope_buffer veiled = {0};
    bool secret = tscope_secret_veil_token(bytes, &veiled);

    tscope_buffer_clear(&veiled);
    return secret ? (struct tscope_span){NULL, 0} : cut(bytes);
}

static const struct tscope_part *
part_of(const tscope_subject *subject, enum tscope_part_id part)
{
    const struct tscope_token *token = subject->token;

    switch (part) {
    case TSCOPE_PART_HEADER:
        return subject->signature ? &subject->signature->protected_part : NULL;
    case TSCOPE_PART_PAYLOAD:
        return &token->payload;
    case TSCOPE_PART_SIGNATURE:
    case TSCOPE_PART_KEY:
        return subject->signature ? &subject->signature->signature : NULL;
    case TSCOPE_PART_IV:
        return &token->iv;
    case TSCOPE_PART_CIPHERTEXT:
        return &token->ciphertext;
    case TSCOPE_PART_TAG:
        return &token->tag;
    case TSCOPE_PART_AAD:
        return &token->aad;
    case TSCOPE_PART_NONE:
    case TSCOPE_PART_TOKEN:
    case TSCOPE_PART_UNPROTECTED:
    case TSCOPE_PART_DISCLOSURE:
        return NULL;
    }
    return NULL;
}

static struct tscope_span
pointer_of(const tscope_subject *subject, const struct tscope_json *json, const struct tscope_value *value)
{
    struct tscope_buffer pointer = {.arena = subject->arena};

    tscope_json_pointer(json, value, &pointer);
    return tscope_buffer_keep(&pointer);
}

struct tscope_evidence
tscope_evidence_member(const tscope_subject *subject, struct tscope_member member)
{
    struct tscope_evidence evidence = {.part = TSCOPE_PART_NONE};

    if (!member.value)
        return evidence;
    if (member.part == TSCOPE_PART_UNPROTECTED) { /* it stands in the JSON serialisation itself */
        struct tscope_span raw = tscope_json_raw(member.json, member.value);

        evidence.part = member.part;
        tscope_token_place(subject->token, raw, &evidence.raw_offset, &evidence.raw_len);
        evidence.excerpt = cut(raw);
    } else {
        evidence = tscope_evidence_bytes(subject, member.part, member.value->start, member.value->len);
    }
    evidence.pointer = pointer_of(subject, member.json, member.value);
    if (evidence.excerpt.data && tscope_secret_is(member.json, member.value))
        evidence.excerpt = (struct tscope_span){NULL, 0};
    return evidence;
}

struct tscope_evidence
tscope_evidence_header(const tscope_subject *subject, enum tscope_header header)
{
    return tscope_evidence_member(subject, tscope_subject_header(subject, header));
}

struct tscope_evidence
tscope_evidence_claim(const tscope_subject *subject, enum tscope_claim claim)
{
    return tscope_evidence_member(subject, tscope_subject_claim(subject, claim));
}

struct tscope_evidence
tscope_evidence_part(const tscope_subject *subject, enum tscope_part_id id)
{
    struct tscope_evidence evidence = {.part = id};
    const struct tscope_part *part = part_of(subject, id);

    if (part) {
        evidence.raw_offset = part->offset;
        evidence.raw_len = part->len;
    } else {
        evidence.raw_len = subject->token->text.len;
    }
    return evidence;
}

struct tscope_evidence
tscope_evidence_bytes(const tscope_subject *subject, enum tscope_part_id id, size_t offset, size_t len)
{
    struct tscope_evidence evidence = {.part = id, .has_decoded = true, .decoded_offset = offset, .decoded_len = len};
    const struct tscope_part *part = part_of(subject, id);

    if (!part)
        return (struct tscope_evidence){.part = id};
    tscope_part_place(subject->token, part, offset, len, &evidence.raw_offset, &evidence.raw_len);
    if (may_be_shown(id) && offset <= part->decoded.len && len <= part->decoded.len - offset)
        evidence.excerpt = shown(tscope_span_of(part->decoded.data + offset, len));
    return evidence;
}

struct tscope_evidence
tscope_evidence_text(const tscope_subject *subject, enum tscope_part_id part, size_t offset, size_t len)
{
    struct tscope_evidence evidence = {.part = part, .raw_offset = offset, .raw_len = len};
    struct tscope_span text = subject->token->text;

    if (may_be_shown(part) && offset <= text.len && len <= text.len - offset)
        evidence.excerpt = shown(tscope_span_of(text.data + offset, len));
    return evidence;
}

static const char *format_detail(struct tscope_arena *arena, const char *format, va_list arguments) __attribute__((format(printf, 2, 0)));

static const char *
format_detail(struct tscope_arena *arena, const char *format, va_list arguments)
{
    char text[1024];
    struct tscope_span kept;

    vsnprintf(text, sizeof(text), format, arguments);
    kept = tscope_arena_copy(arena, tscope_span_text(text));
    return (const char *)kept.data;
}

static enum tscope_status
add_finding(tscope_findings *findings, struct tscope_finding finding, const struct tscope_evidence *evidence, size_t evidence_len)
{
    struct tscope_evidence *kept = tscope_arena_zeroed(findings->arena, evidence_len, sizeof(*kept));

    if (!finding.detail || !kept)
        return TSCOPE_ERR_NO_MEMORY;
    for (size_t i = 0; i < evidence_len; i++) {
        if (evidence[i].part != TSCOPE_PART_NONE)
            kept[finding.evidence_len++] = evidence[i];
    }
    finding.evidence = kept;
    if (findings->found_len < TSCOPE_FINDINGS_MAX)
        findings->found[findings->found_len++] = finding;
    return TSCOPE_OK;
}

enum tscope_status
tscope_findings_add(tscope_findings *findings, const struct tscope_check *check, struct tscope_evidence evidence, const char *format, ...)
{
    struct tscope_finding finding = {.check = check, .severity = check->severity, .proves = check->proves};
    va_list arguments;

    va_start(arguments, format);
    finding.detail = format_detail(findings->arena, format, arguments);
    va_end(arguments);
    return add_finding(findings, finding, &evidence, 1);
}

enum tscope_status
tscope_findings_add_graded(tscope_findings *findings, const struct tscope_check *check, enum tscope_severity severity,
                           enum tscope_proves proves, const struct tscope_evidence *evidence, size_t evidence_len, const char *format, ...)
{
    struct tscope_finding finding = {.check = check};
    va_list arguments;

    /* a row's entry states the highest grade: a function that gives more is wrong, and must not be believed */
    finding.severity = severity < check->severity ? severity : check->severity;
    finding.proves = proves < check->proves ? proves : check->proves;
    va_start(arguments, format);
    finding.detail = format_detail(findings->arena, format, arguments);
    va_end(arguments);
    return add_finding(findings, finding, evidence, evidence_len);
}

static enum tscope_status
add_unknown(tscope_findings *findings, const struct tscope_inconclusive *unknown)
{
    if (findings->unknown_len < TSCOPE_FINDINGS_MAX)
        findings->unknown[findings->unknown_len++] = *unknown;
    return TSCOPE_OK;
}

enum tscope_status
tscope_findings_unknown(tscope_findings *findings, const struct tscope_check *check, enum tscope_reason reason,
                        enum tscope_could_change could_change, const char *format, ...)
{
    struct tscope_inconclusive unknown = {.check = check, .reason = reason, .could_change = could_change};
    va_list arguments;

    va_start(arguments, format);
    unknown.detail = format_detail(findings->arena, format, arguments);
    va_end(arguments);
    return unknown.detail ? add_unknown(findings, &unknown) : TSCOPE_ERR_NO_MEMORY;
}

enum tscope_status
tscope_findings_unknown_words(tscope_findings *findings, const struct tscope_check *check, enum tscope_reason reason,
                              enum tscope_could_change could_change, const char *words)
{
    const struct tscope_inconclusive unknown = {.check = check, .reason = reason, .could_change = could_change, .detail = words};

    return add_unknown(findings, &unknown);
}

enum tscope_status
tscope_findings_unknown_silence(tscope_findings *findings, const struct tscope_check *check, enum tscope_reason reason,
                                enum tscope_could_change could_change, const struct tscope_silence *silence)
{
    struct tscope_silence *kept = tscope_arena_alloc(findings->arena, sizeof(*kept));
    const struct tscope_inconclusive unknown = {.check = check, .reason = reason, .could_change = could_change, .silence = kept};

    if (!kept)
        return TSCOPE_ERR_NO_MEMORY;
    *kept = *silence;
    return add_unknown(findings, &unknown);
}

static bool
is_found(const tscope_findings *findings, const char *id)
{
    for (size_t i = 0; i < findings->found_len; i++) {
        if (strcmp(findings->found[i].check->id, id) == 0)
            return true;
    }
    return false;
}

/* True when a finding specialises this row, directly or over another row. */
static bool
is_covered(const tscope_findings *findings, const char *id)
{
    for (size_t i = 0; i < findings->found_len; i++) {
        const struct tscope_check *check = findings->found[i].check;

        for (int steps = 0; check && check->specialises && steps < 4; steps++) {
            if (strcmp(check->specialises, id) == 0)
                return true;
            check = tscope_check_find(check->specialises);
        }
    }
    return false;
}

/* One fact, one id: what a more specific finding covers goes, found or unknown. */
static void
drop_general(tscope_findings *findings)
{
    struct tscope_finding *found = findings->found;
    size_t kept = 0;
    bool covered[TSCOPE_FINDINGS_MAX] = {false};

    for (size_t i = 0; i < findings->found_len; i++)
        covered[i] = is_covered(findings, found[i].check->id);
    for (size_t i = 0; i < findings->unknown_len; i++) {
        const char *id = findings->unknown[i].check->id;

        if (!is_found(findings, id) && !is_covered(findings, id))
            findings->unknown[kept++] = findings->unknown[i];
    }
    findings->unknown_len = kept;
    kept = 0;
    for (size_t i = 0; i < findings->found_len; i++) {
        if (!covered[i])
            found[kept++] = found[i];
    }
    findings->found_len = kept;
}

/* What is found because something is absent has no place of its own: the token as a whole is its evidence. */
static bool
add_missing_evidence(const tscope_subject *subject, tscope_findings *findings)
{
    for (size_t i = 0; i < findings->found_len; i++) {
        struct tscope_evidence *whole;

        if (findings->found[i].evidence_len > 0)
            continue;
        whole = tscope_arena_alloc(findings->arena, sizeof(*whole));
        if (!whole)
            return false;
        *whole = tscope_evidence_part(subject, TSCOPE_PART_TOKEN);
        findings->found[i].evidence = whole;
        findings->found[i].evidence_len = 1;
    }
    return true;
}

static bool
has_rare_header(const tscope_subject *subject)
{
    static const enum tscope_header rare[] = {TSCOPE_HEADER_CRIT, TSCOPE_HEADER_B64, TSCOPE_HEADER_ZIP, TSCOPE_HEADER_JKU,
                                              TSCOPE_HEADER_X5U,  TSCOPE_HEADER_JWK, TSCOPE_HEADER_X5C};

    for (size_t i = 0; i < TSCOPE_COUNT(rare); i++) {
        if (subject->signature->slots[rare[i]] || subject->unprotected[rare[i]])
            return true;
    }
    return false;
}

/* Reading failed for want of memory: the rows say so. */
static bool
has_odd_kid(const tscope_subject *subject)
{
    struct tscope_kid kid;

    return !tscope_kid_read(subject, &kid) || kid.text.data || (kid.member.value && kid.member.value->type != TSCOPE_JSON_STRING);
}

static bool
has_odd_alg(const tscope_subject *subject)
{
    const struct tscope_alg *alg = subject->resolution->alg;

    return !alg || alg->family == TSCOPE_ALG_NONE || tscope_subject_is_jwe(subject);
}

static bool
has_faulty_key(const tscope_subject *subject)
{
    const tscope_key *key = subject->resolution->key ? subject->resolution->key : subject->resolution->named;

    return key && !tscope_keyring_is_sound(subject->keyring, key);
}

static unsigned
rarities_of_signature(const struct tscope_resolution *resolution)
{
    unsigned rarities = resolution->status != TSCOPE_STATUS_VERIFIED ? TSCOPE_ONLY_UNVERIFIED : 0;

    if (resolution->secret.kind != TSCOPE_SECRET_NONE || resolution->secret.cut)
        rarities |= TSCOPE_ONLY_SECRET;
    if (resolution->is_der || resolution->input != TSCOPE_INPUT_AS_SENT)
        rarities |= TSCOPE_ONLY_ODD_SIGNATURE;
    if (resolution->found_by == TSCOPE_FOUND_BY_TRIAL)
        rarities |= TSCOPE_ONLY_BY_TRIAL;
    return rarities;
}

unsigned
tscope_checks_rarities(const tscope_subject *subject)
{
    const struct tscope_token *token = subject->token;
    const struct tscope_checks_policy *policy = &subject->policy;
    unsigned rarities = 0;

    if (subject->signature) {
        const struct tscope_token_signature *signature = subject->signature;

        rarities |= has_rare_header(subject) ? TSCOPE_ONLY_RARE_HEADER : 0;
        rarities |= has_odd_kid(subject) ? TSCOPE_ONLY_ODD_KID : 0;
        rarities |= has_odd_alg(subject) ? TSCOPE_ONLY_ODD_ALG : 0;
        rarities |= has_faulty_key(subject) ? TSCOPE_ONLY_FAULTY_KEY : 0;
        rarities |= signature->header.flaws_total || signature->unprotected ? TSCOPE_ONLY_FLAWS : 0;
    }
    rarities |= token->claims.flaws_total || token->container.flaws_total ? TSCOPE_ONLY_FLAWS : 0;
    rarities |= token->damage_len ? TSCOPE_ONLY_DAMAGE : 0;
    if (token->serialization != TSCOPE_SERIALIZATION_JWS_COMPACT || token->segments != 3 || token->words_before || token->words_behind ||
        subject->company.signatures > 1)
        rarities |= TSCOPE_ONLY_ODD_FORM;
    if (policy->issuer.data || policy->audience.data || policy->tenant.data || policy->require_mfa)
        rarities |= TSCOPE_ONLY_POLICY;
    return rarities | rarities_of_signature(subject->resolution);
}

/* ends: of each family, in the order of the rows. is_all: there are rows that are not asked of each token. */
static inline enum tscope_status
run_rows(const struct tscope_check *const *rows, const uint16_t *ends, bool is_all, unsigned rarities, const tscope_subject *subject,
         tscope_findings *findings)
{
    size_t at = 0;

    for (size_t f = 0; f < TSCOPE_CHECK_FAMILIES_LEN; f++) {
        const size_t end = ends[f];

        if (at == end)
            continue;
        if (tscope_check_families[f]->applies && !tscope_check_families[f]->applies(subject))
            at = end;
        for (; at < end; at++) {
            enum tscope_status status;

            if (is_all && rows[at]->only && !(rows[at]->only & rarities))
                continue;
            status = rows[at]->run(rows[at], subject, findings);
            if (status != TSCOPE_OK)
                return status;
        }
    }
    return TSCOPE_OK;
}

enum tscope_status
tscope_checks_run(const struct tscope_check_plan *plan, const tscope_subject *subject, tscope_findings *findings)
{
    const unsigned rarities = tscope_checks_rarities(subject);
    enum tscope_status status;

    findings->naming = NULL;
    findings->binding = NULL;
    status = rarities ? run_rows(plan->rows, plan->rows_end, true, rarities, subject, findings)
                      : run_rows(plan->common, plan->common_end, false, 0, subject, findings);
    if (status != TSCOPE_OK)
        return status;
    if (!add_missing_evidence(subject, findings))
        return TSCOPE_ERR_NO_MEMORY;
    if (findings->found_len > 0)
        drop_general(findings);
    return TSCOPE_OK;
}

const char *
tscope_reason_code(enum tscope_reason reason)
{
    static const char *const codes[] = {
#define REASON_CODE(name, code) [TSCOPE_REASON_##name] = code,
        TSCOPE_FOREACH_REASON(REASON_CODE)
#undef REASON_CODE
    };

    return codes[reason];
}

const char *
tscope_could_change_id(enum tscope_could_change could_change)
{
    static const char *const ids[] = {"nothing", "strength", "verdict"};

    return ids[could_change];
}
