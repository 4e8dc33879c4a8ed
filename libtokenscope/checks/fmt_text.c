/* SPDX-License-Identifier: Apache-2.0 */
#include "checks/fmt_runs.h"

#include "core/text.h"

/* The checks that ask how the token is written: its parts, their base64url, the JSON inside. */

#define FLAW_EVIDENCE_MAX TSCOPE_JSON_FLAWS_MAX

/* Whoever shortens a token for a log writes an ellipsis, wherever that falls. */
static bool
ends_in_ellipsis(const tscope_subject *subject)
{
    struct tscope_span rest = subject->signature->signature.form;

    return subject->signature->presence == TSCOPE_SIGNATURE_MASKED &&
           (tscope_text_starts_with(rest, TSCOPE_SPAN("..")) || tscope_text_starts_with(rest, TSCOPE_SPAN("\xe2\x80\xa6")));
}

/* The signature is not there, and what stands in front of it may have lost its end with it. */
static bool
ends_early(const tscope_subject *subject)
{
    return subject->signature->presence == TSCOPE_SIGNATURE_ABSENT || ends_in_ellipsis(subject);
}

/* A cut or a mask leaves odd bytes at its edge: they are its trace, and SIG-MISSING speaks of it. */
static bool
is_trace_of_cut(const tscope_subject *subject, const struct tscope_damage *damage)
{
    const struct tscope_part *payload = &subject->token->payload;
    size_t end = subject->token->text.len;

    if (subject->resolution->payload_masked && damage->part == TSCOPE_PART_PAYLOAD)
        return true;
    if (!subject->signature || subject->resolution->status != TSCOPE_STATUS_MISSING)
        return false;
    if (subject->signature->presence == TSCOPE_SIGNATURE_MASKED && damage->part == TSCOPE_PART_SIGNATURE)
        return true;
    if (ends_in_ellipsis(subject))
        end = payload->offset + payload->len;
    return damage->offset + damage->len >= end && (damage->kind == TSCOPE_DAMAGE_LENGTH || damage->kind == TSCOPE_DAMAGE_SPARE_BITS);
}

/* Load balancers of AWS pad their parts and sign the padding: the form is odd, but it is the issuer's own. */
static bool
is_padded_by_issuer(const tscope_subject *subject)
{
    const struct tscope_token *token = subject->token;

    if (subject->resolution->status != TSCOPE_STATUS_VERIFIED || subject->resolution->input != TSCOPE_INPUT_AS_SENT ||
        token->damage_total > token->damage_len)
        return false;
    for (uint32_t i = 0; i < token->damage_len; i++) {
        if (token->damage[i].kind != TSCOPE_DAMAGE_PADDING)
            return false;
    }
    return true;
}

/* What leaves a signature's bytes as they are, or adds to them, is a second form of one token: whoever holds it can make more. */
static bool
is_twin_of_signature(const struct tscope_damage *damage)
{
    return damage->part == TSCOPE_PART_SIGNATURE && damage->kind != TSCOPE_DAMAGE_FOLDING && damage->kind != TSCOPE_DAMAGE_PERCENT &&
           damage->kind != TSCOPE_DAMAGE_INVISIBLE && damage->kind != TSCOPE_DAMAGE_ALPHABET;
}

static enum tscope_status
find_damage(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings, bool of_signature)
{
    const struct tscope_token *token = subject->token;
    struct tscope_evidence evidence[TSCOPE_DAMAGE_MAX];
    enum tscope_severity severity = TSCOPE_SEVERITY_MEDIUM;
    enum tscope_proves proves = TSCOPE_PROVES_ANOMALY;
    const char *words = NULL, *meaning = "";
    size_t evidence_len = 0, total = token->damage_total;

    for (uint32_t i = 0; i < token->damage_len; i++) {
        const struct tscope_damage *damage = &token->damage[i];

        if (is_twin_of_signature(damage) != of_signature || is_trace_of_cut(subject, damage)) {
            total--;
            continue;
        }
        if (!words)
            words = tscope_damage_text(damage->kind);
        evidence[evidence_len++] = tscope_evidence_text(subject, (enum tscope_part_id)damage->part, damage->offset, damage->len);
    }
    if (evidence_len == 0 || token->serialization == TSCOPE_SERIALIZATION_OPAQUE)
        return TSCOPE_OK;
    if (is_padded_by_issuer(subject)) {
        severity = TSCOPE_SEVERITY_INFO;
        proves = TSCOPE_PROVES_NOTE;
        meaning = "; the issuer signed it so";
    } else if (subject->resolution->status == TSCOPE_STATUS_VERIFIED) {
        severity = TSCOPE_SEVERITY_LOW;
        meaning = "; read past it, the signature verifies";
    }
    if (total == 1)
        return tscope_findings_add_graded(findings, check, severity, proves, evidence, evidence_len, "%s%s", words, meaning);
    return tscope_findings_add_graded(findings, check, severity, proves, evidence, evidence_len,
                                      "%zu places are not base64url as it must be, the first of them %s%s%s", total, words,
                                      total > evidence_len ? "; not all are listed" : "", meaning);
}

enum tscope_status
tscope_fmt_run_base64(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings)
{
    return subject->token->damage_len > 0 ? find_damage(check, subject, findings, false) : TSCOPE_OK;
}

enum tscope_status
tscope_fmt_run_signature(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings)
{
    if (subject->token->damage_len == 0 || !tscope_subject_is_jws(subject))
        return TSCOPE_OK;
    return find_damage(check, subject, findings, true);
}

static bool
is_compact(enum tscope_serialization serialization)
{
    return serialization == TSCOPE_SERIALIZATION_JWS_COMPACT || serialization == TSCOPE_SERIALIZATION_JWE_COMPACT ||
           serialization == TSCOPE_SERIALIZATION_SD_JWT;
}

/* Two parts and fewer are a token whose end is lost, or an unsecured one: other rows speak of both. */
enum tscope_status
tscope_fmt_run_segments(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings)
{
    uint32_t segments = subject->token->segments, due = tscope_subject_is_jwe(subject) ? 5 : 3;
    struct tscope_evidence evidence = tscope_evidence_part(subject, TSCOPE_PART_TOKEN);

    if (!subject->signature || !is_compact(subject->token->serialization) || segments == due)
        return TSCOPE_OK;
    if (due == 5 && segments < due)
        return tscope_findings_add_graded(findings, check, TSCOPE_SEVERITY_INFO, TSCOPE_PROVES_NOTE, &evidence, 1,
                                          "the header is that of an encrypted token, and %u of its five parts are here: its end is lost",
                                          segments);
    if (segments <= 2)
        return TSCOPE_OK;
    return tscope_findings_add(findings, check, evidence, "the token has %u parts, and by its header it should have %u", segments, due);
}

/* One JSON text of the token, and what is known of how it came here. */
struct json_part {
    const struct tscope_json *json;
    enum tscope_part_id part; /* UNPROTECTED: the JSON form itself */
    const char *words;
    bool cut;     /* the token ends inside it */
    bool damaged; /* bytes of it are lost or replaced, so that what cannot be read may be the damage's doing */
};

/* Percent-encoding, folding and padding are read through without loss; these two are not. */
static bool
has_lost_bytes(const tscope_subject *subject, enum tscope_part_id part)
{
    for (uint32_t i = 0; i < subject->token->damage_len; i++) {
        const struct tscope_damage *damage = &subject->token->damage[i];

        if (damage->part == (uint32_t)part && (damage->kind == TSCOPE_DAMAGE_FOREIGN || damage->kind == TSCOPE_DAMAGE_LENGTH))
            return true;
    }
    return false;
}

/* A header that says JWT over an object that cannot be read, or over UTF-16: claims, even if none could be found. */
static bool
is_broken_jwt(const tscope_subject *subject)
{
    const struct tscope_json *claims = &subject->token->claims;
    const struct tscope_value *root = tscope_json_root(claims);
    struct tscope_span typ = tscope_subject_text(subject, tscope_subject_header(subject, TSCOPE_HEADER_TYP));

    if (!typ.data || !tscope_text_ends_with_fold(typ, TSCOPE_SPAN("jwt")))
        return false;
    return root ? root->type == TSCOPE_JSON_OBJECT : claims->flaws_len > 0 && claims->flaws[0].kind == TSCOPE_JSON_FLAW_UTF16;
}

/* It begins like an object, but cannot be read, and holds no claim that is known: nothing says that it should be claims. */
static bool
is_mere_message(const tscope_subject *subject)
{
    const struct tscope_token *token = subject->token;

    if (token->claims.readable || token->kind != TSCOPE_KIND_JWT)
        return false;
    for (size_t i = 0; i < TSCOPE_CLAIM_COUNT; i++) {
        if (token->slots[i])
            return false;
    }
    return true;
}

/* The JSON texts to look at; a payload only where it is to be a claims set, since a signed message may be anything. */
static size_t
list_parts(const tscope_subject *subject, struct json_part parts[3])
{
    const struct tscope_token *token = subject->token;
    const struct tscope_token_signature *signature = subject->signature;
    bool cut = ends_early(subject);
    size_t len = 0;

    if (signature->protected_part.form.data)
        parts[len++] = (struct json_part){&signature->header, TSCOPE_PART_HEADER, "the header", cut && token->segments == 1,
                                          has_lost_bytes(subject, TSCOPE_PART_HEADER) || tscope_subject_lost_front(subject)};
    if (tscope_subject_is_jws(subject) && !token->detached && token->payload.form.data && !subject->resolution->payload_masked &&
        (is_broken_jwt(subject) || (tscope_subject_carries_claims(subject) && !is_mere_message(subject))))
        parts[len++] =
            (struct json_part){&token->claims, TSCOPE_PART_PAYLOAD, "the payload", cut, has_lost_bytes(subject, TSCOPE_PART_PAYLOAD)};
    if (token->container.text)
        parts[len++] = (struct json_part){&token->container, TSCOPE_PART_UNPROTECTED, "the JSON form", cut, false};
    return len;
}

/* Almost every token ends here. */
static bool
has_flaws(const tscope_subject *subject)
{
    const struct tscope_token *token = subject->token;

    return subject->signature && subject->signature->header.flaws_total + token->claims.flaws_total + token->container.flaws_total > 0;
}

static struct tscope_evidence
evidence_of_flaw(const tscope_subject *subject, const struct json_part *part, const struct tscope_json_flaw *flaw)
{
    struct tscope_evidence evidence = {.part = TSCOPE_PART_UNPROTECTED};

    if (part->part != TSCOPE_PART_UNPROTECTED)
        return tscope_evidence_bytes(subject, part->part, flaw->offset, flaw->len);
    tscope_token_place(subject->token, tscope_span_of(part->json->text + flaw->offset, flaw->len), &evidence.raw_offset, &evidence.raw_len);
    return evidence;
}

/* True when the flaw is what is left of a text that the token ends in. */
static bool
is_end_of_cut(const struct json_part *part, const struct tscope_json_flaw *flaw)
{
    return part->cut && (flaw->kind == TSCOPE_JSON_FLAW_TRUNCATED || flaw->kind == TSCOPE_JSON_FLAW_EMPTY ||
                         (size_t)flaw->offset + flaw->len >= part->json->text_len);
}

/* What one row found in all parts. */
struct flaw_finding {
    struct tscope_evidence evidence[FLAW_EVIDENCE_MAX];
    size_t evidence_len;
    size_t total;
    const char *words, *where; /* of the first */
    bool sound;                /* one lies in bytes that are as they were sent */
    bool lost_front;           /* the header begins like none */
};

static void
add_flaw(const tscope_subject *subject, const struct json_part *part, const struct tscope_json_flaw *flaw, struct flaw_finding *found)
{
    if (found->total++ == 0) {
        found->words = tscope_json_flaw_text(flaw->kind);
        found->where = part->words;
    }
    found->sound |= !part->damaged;
    if (found->evidence_len < FLAW_EVIDENCE_MAX)
        found->evidence[found->evidence_len++] = evidence_of_flaw(subject, part, flaw);
}

static bool
is_text_flaw(enum tscope_json_flaw_kind kind)
{
    return kind == TSCOPE_JSON_FLAW_UTF16 || tscope_json_flaw_grade(kind) == TSCOPE_JSON_TEXT;
}

static bool
is_syntax_flaw(enum tscope_json_flaw_kind kind)
{
    enum tscope_json_grade grade = tscope_json_flaw_grade(kind);

    return kind != TSCOPE_JSON_FLAW_UTF16 && (grade == TSCOPE_JSON_FATAL || grade == TSCOPE_JSON_EXTENSION);
}

static bool
is_big_number(enum tscope_json_flaw_kind kind)
{
    return kind == TSCOPE_JSON_FLAW_BIG_NUMBER;
}

static void
find_flaws(const tscope_subject *subject, bool (*counts)(enum tscope_json_flaw_kind kind), struct flaw_finding *found)
{
    struct json_part parts[3];
    size_t parts_len = list_parts(subject, parts);

    *found = (struct flaw_finding){.total = 0, .lost_front = tscope_subject_lost_front(subject)};
    for (size_t p = 0; p < parts_len; p++) {
        for (uint32_t i = 0; i < parts[p].json->flaws_len; i++) {
            const struct tscope_json_flaw *flaw = &parts[p].json->flaws[i];

            if (counts(flaw->kind) && !is_end_of_cut(&parts[p], flaw))
                add_flaw(subject, &parts[p], flaw, found);
        }
    }
}

static enum tscope_status
add_flaws(const struct tscope_check *check, tscope_findings *findings, const struct flaw_finding *found)
{
    enum tscope_proves proves = found->sound ? check->proves : TSCOPE_PROVES_ANOMALY;
    const char *doubt = found->sound        ? ""
                        : found->lost_front ? "; letters in front of the token may have been cut off"
                                            : "; the damage to its base64url may have done it";

    if (found->total == 1)
        return tscope_findings_add_graded(findings, check, check->severity, proves, found->evidence, found->evidence_len, "%s: %s%s",
                                          found->where, found->words, doubt);
    return tscope_findings_add_graded(findings, check, check->severity, proves, found->evidence, found->evidence_len,
                                      "%s: %s, and %zu flaws more%s", found->where, found->words, found->total - 1, doubt);
}

/* Only the first flaws of a text are listed; that it is not strict JSON is known all the same. */
static const char *
unlisted_flaw(const tscope_subject *subject)
{
    struct json_part parts[3];
    size_t parts_len = list_parts(subject, parts);

    for (size_t p = 0; p < parts_len; p++) {
        const struct tscope_json *json = parts[p].json;

        if (!json->strict && json->flaws_total > json->flaws_len && !parts[p].damaged && !parts[p].cut)
            return parts[p].words;
    }
    return NULL;
}

enum tscope_status
tscope_fmt_run_json(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings)
{
    struct flaw_finding found, big, text;
    const char *unlisted;

    if (!has_flaws(subject))
        return TSCOPE_OK;
    find_flaws(subject, is_syntax_flaw, &found);
    if (found.total > 0)
        return add_flaws(check, findings, &found);
    find_flaws(subject, is_text_flaw, &text);
    unlisted = text.total == 0 ? unlisted_flaw(subject) : NULL;
    if (unlisted)
        return tscope_findings_add(findings, check, tscope_evidence_part(subject, TSCOPE_PART_TOKEN),
                                   "%s has more oddities than are listed, and is not JSON in full", unlisted);
    find_flaws(subject, is_big_number, &big);
    if (big.total == 0)
        return TSCOPE_OK;
    return tscope_findings_add_graded(findings, check, TSCOPE_SEVERITY_INFO, TSCOPE_PROVES_NOTE, big.evidence, big.evidence_len, "%s: %s",
                                      big.where, big.words);
}

enum tscope_status
tscope_fmt_run_utf8(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings)
{
    struct flaw_finding found;

    if (!has_flaws(subject))
        return TSCOPE_OK;
    find_flaws(subject, is_text_flaw, &found);
    return found.total > 0 ? add_flaws(check, findings, &found) : TSCOPE_OK;
}
