/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include <tokenscope/corpus.h>

#include "checks/corpus.h"
#include "core/error.h"
#include "core/json_writer.h"
#include "crypto/ecdsa.h"
#include "inspect/inspection.h"
#include "inspect/jwe_header.h"
#include "inspect/region.h"

/*
 * A token leaves facts: "of this group I am that member", both as digests. Two different members of one group are a finding. What
 * group and member are is each row's own affair: a key with half a signature, and the other half, for instance.
 */

#define FINDINGS_MAX 100 /* kept of a row */
#define TOKENS_MAX 16    /* kept of a finding */
#define FACTS_MAX 4      /* of one token */
#define SHORT_ID 8       /* bytes; below, ids repeat without anybody's doing */

struct place {
    uint8_t sha256[TSCOPE_SHA256_LEN];
    const char *path; /* NULL: not said */
    uint64_t offset;
};

/* What of the token says it. */
struct proof {
    enum tscope_part_id part;
    const char *pointer; /* NULL: all of the part */
    size_t raw_offset, raw_len;
    struct tscope_region region;
};

struct fact {
    enum tscope_corpus_row row;
    enum tscope_severity severity;
    uint8_t group[TSCOPE_SHA256_LEN], member[TSCOPE_SHA256_LEN];
    const struct place *place;
    const char *detail; /* static */
    struct proof proof;
};

struct finding {
    const struct fact *first; /* the others stand behind it */
    size_t facts;
};

struct tscope_corpus {
    struct tscope_arena arena; /* places and paths */
    size_t tokens_max, tokens, left_out, findings_left_out;
    const char *path; /* the last one, in the arena */
    struct fact *facts;
    size_t facts_len, facts_capacity;
    struct finding *findings;
    size_t findings_len;
    bool finished;
};

TSCOPE_DEFINE_AUTO(tscope_corpus)

enum tscope_status
tscope_corpus_new(size_t tokens_max, tscope_corpus **ret_corpus, struct tscope_error *err)
{
    TSCOPE_AUTO(tscope_corpus) *corpus = tscope_alloc_zeroed(1, sizeof(*corpus));

    if (!corpus)
        return tscope_error_no_memory(err);
    corpus->tokens_max = tokens_max ? tokens_max : TSCOPE_CORPUS_TOKENS_DEFAULT;
    *ret_corpus = TSCOPE_STEAL(corpus);
    return TSCOPE_OK;
}

void
tscope_corpus_free(tscope_corpus *corpus)
{
    if (!corpus)
        return;
    tscope_arena_clear(&corpus->arena);
    tscope_free(corpus->facts);
    tscope_free(corpus->findings);
    tscope_free(corpus);
}

/* What one token has to say, before any of it is kept. */
struct gathering {
    tscope_crypto *crypto;
    const tscope_report *report;
    uint64_t first_line;
    struct fact facts[FACTS_MAX];
    size_t facts_len;
    bool failed;
};

/* Over the parts with their lengths, so that no two lists of parts are alike. */
static bool
digest(tscope_crypto *crypto, const struct tscope_span *parts, size_t parts_len, uint8_t out[TSCOPE_SHA256_LEN])
{
    struct tscope_span spans[16];
    uint64_t lengths[8];

    for (size_t i = 0; i < parts_len && i < TSCOPE_COUNT(lengths); i++) {
        lengths[i] = parts[i].len;
        spans[2 * i] = tscope_span_of(&lengths[i], sizeof(lengths[i]));
        spans[2 * i + 1] = parts[i];
    }
    return tscope_crypto_digest(crypto, TSCOPE_DIGEST_SHA256, spans, 2 * parts_len, out, NULL) == TSCOPE_OK;
}

static struct proof
proof_of(const struct gathering *gathering, const struct tscope_evidence *evidence, const char *pointer)
{
    return (struct proof){
        .part = evidence->part,
        .pointer = pointer,
        .raw_offset = evidence->raw_offset,
        .raw_len = evidence->raw_len,
        .region = tscope_region_of(gathering->report, gathering->first_line, evidence),
    };
}

static struct proof
proof_by_part(const struct gathering *gathering, const tscope_subject *subject, enum tscope_part_id part)
{
    const struct tscope_evidence evidence = tscope_evidence_part(subject, part);

    return proof_of(gathering, &evidence, NULL);
}

static void
state(struct gathering *gathering, enum tscope_corpus_row row, enum tscope_severity severity, const struct tscope_span *group,
      size_t group_len, struct tscope_span member, struct proof proof, const char *detail)
{
    struct fact *fact = &gathering->facts[gathering->facts_len];

    if (gathering->facts_len == FACTS_MAX)
        return;
    *fact = (struct fact){.row = row, .severity = severity, .detail = detail, .proof = proof};
    if (digest(gathering->crypto, group, group_len, fact->group) && digest(gathering->crypto, &member, 1, fact->member))
        gathering->facts_len++;
    else
        gathering->failed = true;
}

/* Sanitizers put one character in place of all of a text. */
static bool
is_one_byte_repeated(struct tscope_span bytes)
{
    return bytes.len < 2 || memcmp(bytes.data, bytes.data + 1, bytes.len - 1) == 0;
}

/* r is half the signature, and so is R of EdDSA (RFC 8032 section 5.1.6): with the same one the secret number was the same. */
static void
state_half(struct gathering *gathering, const struct tscope_judged_signature *judged, struct tscope_span half, struct tscope_span rest)
{
    const struct tscope_resolution *resolution = &judged->resolution;
    const tscope_subject *subject = &judged->subject;
    struct tscope_span kid = tscope_subject_text(subject, tscope_subject_header(subject, TSCOPE_HEADER_KID));
    struct proof proof;

    if (is_one_byte_repeated(half))
        return;
    proof = proof_by_part(gathering, subject, TSCOPE_PART_SIGNATURE);
    if (resolution->status == TSCOPE_STATUS_VERIFIED && resolution->key) {
        const struct tscope_span group[] = {TSCOPE_SPAN("key"), tscope_span_text(tscope_key_thumbprint(resolution->key)), half};

        state(gathering, TSCOPE_CORPUS_NONCE_REUSE, TSCOPE_SEVERITY_CRITICAL, group, TSCOPE_COUNT(group), rest, proof,
              "signatures over different messages verify under one key and were made with the same secret number: whoever has these "
              "tokens can compute the private key");
    } else if (resolution->status == TSCOPE_STATUS_UNVERIFIED && kid.len > 0 && subject->iss.len > 0) {
        const struct tscope_span group[] = {TSCOPE_SPAN("kid"), subject->iss, kid, half};

        state(gathering, TSCOPE_CORPUS_NONCE_REUSE, TSCOPE_SEVERITY_MEDIUM, group, TSCOPE_COUNT(group), rest, proof,
              "signatures over different messages begin alike, and name one issuer and one kid; the key is not at hand, so nobody can say "
              "that they were made with it");
    }
}

static void
state_ecdsa(struct gathering *gathering, const struct tscope_token *token, const struct tscope_judged_signature *judged)
{
    enum tscope_curve curve = judged->resolution.alg->curve;
    struct tscope_span signature = judged->signature->signature.decoded;
    struct tscope_span r = tscope_span_of(signature.data, signature.len / 2);
    uint8_t low[66];
    struct tscope_span rest = tscope_span_of(low, r.len);
    const struct tscope_span twins[] = {judged->signature->protected_part.form, token->payload.form, r, rest};
    bool was_high;

    if (r.len != tscope_curve_width(curve) || !tscope_ecdsa_low_s(curve, signature.data + r.len, low, &was_high))
        return;
    state_half(gathering, judged, r, rest);
    state(gathering, TSCOPE_CORPUS_HIGH_S, TSCOPE_SEVERITY_LOW, twins, TSCOPE_COUNT(twins),
          was_high ? TSCOPE_SPAN("high") : TSCOPE_SPAN("low"), proof_by_part(gathering, &judged->subject, TSCOPE_PART_SIGNATURE),
          "the same message with the same signature in both of its forms, s and n - s: one is an altered copy of the other");
}

static void
state_signature(struct gathering *gathering, const struct tscope_token *token, const struct tscope_judged_signature *judged)
{
    const struct tscope_alg *alg = judged->resolution.alg;
    struct tscope_span signature;

    if (!alg || !judged->signature || !tscope_subject_is_jws(&judged->subject) || judged->resolution.is_der ||
        (judged->resolution.status != TSCOPE_STATUS_VERIFIED && judged->resolution.status != TSCOPE_STATUS_UNVERIFIED))
        return;
    signature = judged->signature->signature.decoded;
    if (!signature.data || signature.len < 64 || signature.len % 2 || (alg->signature_len && signature.len != alg->signature_len))
        return;
    if (alg->family == TSCOPE_ALG_ECDSA)
        state_ecdsa(gathering, token, judged);
    else if (alg->family == TSCOPE_ALG_EDDSA)
        state_half(gathering, judged, tscope_span_of(signature.data, signature.len / 2),
                   tscope_span_of(signature.data + signature.len / 2, signature.len / 2));
}

static bool
is_masked_id(struct tscope_span id)
{
    size_t telling = 0;

    for (size_t i = 0; i < id.len; i++)
        telling += id.data[i] != '0' && id.data[i] != '-';
    return telling == 0 || is_one_byte_repeated(id) || memchr(id.data, '*', id.len) || tscope_span_is(id, "redacted") ||
           tscope_span_is(id, "REDACTED") || tscope_span_is(id, "[REDACTED]");
}

/* A credential keeps the id that its claims have when it is issued anew (VC-JWT section 6.3.1). */
static bool
is_credential(const struct tscope_token *token)
{
    return tscope_json_member(&token->claims, token->claims_root, "vc") || tscope_json_member(&token->claims, token->claims_root, "vp");
}

static void
state_id(struct gathering *gathering, const struct tscope_token *token, const struct tscope_judged_signature *judged,
         enum tscope_claim claim)
{
    const tscope_subject *subject = &judged->subject;
    struct tscope_member audience = tscope_subject_claim(subject, TSCOPE_CLAIM_AUD);
    struct tscope_span id = tscope_subject_text(subject, tscope_subject_claim(subject, claim));
    struct tscope_span aud = audience.value ? tscope_json_raw(audience.json, audience.value) : TSCOPE_SPAN("");
    const struct tscope_span group[] = {tscope_span_text(tscope_claim_name(claim)), id, subject->iss,
                                        tscope_span_text(tscope_token_kind_id(token->kind)), aud};

    if (id.len == 0 || is_masked_id(id))
        return;

    const struct tscope_evidence evidence = tscope_evidence_claim(subject, claim);

    state(gathering, TSCOPE_CORPUS_ID_TWICE,
          claim == TSCOPE_CLAIM_JTI && id.len >= SHORT_ID ? TSCOPE_SEVERITY_HIGH : TSCOPE_SEVERITY_MEDIUM, group, TSCOPE_COUNT(group),
          token->payload.decoded, proof_of(gathering, &evidence, claim == TSCOPE_CLAIM_JTI ? "/jti" : "/uti"),
          claim == TSCOPE_CLAIM_JTI ? "verified tokens of one issuer, kind and audience have the same jti and different claims"
                                    : "verified tokens of one issuer, kind and audience have the same uti and different claims");
}

static void
state_claims(struct gathering *gathering, const struct tscope_token *token, const struct tscope_judged_signature *judged)
{
    if (judged->resolution.status != TSCOPE_STATUS_VERIFIED || judged->subject.iss.len == 0 || !token->claims_root ||
        !token->payload.decoded.data || !tscope_subject_is_jwt(&judged->subject) || is_credential(token))
        return;
    state_id(gathering, token, judged, TSCOPE_CLAIM_JTI);
    state_id(gathering, token, judged, TSCOPE_CLAIM_UTI);
}

/*
 * The content encryption key is named by what it was wrapped to, by what it was agreed over with apu and apv (RFC 7518 section 4.6.2),
 * or is the recipient's own (dir).
 */
static void
state_iv(struct gathering *gathering, const struct tscope_inspection *inspection)
{
    const struct tscope_token *token = inspection->token;
    const tscope_subject *subject = &inspection->deciding->subject;
    const struct tscope_jwe_alg *alg = tscope_jwe_alg_find(tscope_subject_text(subject, tscope_subject_header(subject, TSCOPE_HEADER_ALG)));
    const struct tscope_jwe_enc *enc = tscope_jwe_enc_find(tscope_subject_text(subject, tscope_subject_header(subject, TSCOPE_HEADER_ENC)));
    struct tscope_member epk = tscope_subject_header(subject, TSCOPE_HEADER_EPK);
    struct tscope_span kid = tscope_subject_text(subject, tscope_subject_header(subject, TSCOPE_HEADER_KID));
    const tscope_key *key = inspection->decryption ? inspection->decryption->key : NULL;
    struct tscope_span wrapped = token->signatures_len == 1 ? token->signatures[0].signature.decoded : tscope_span_of(NULL, 0);
    struct tscope_span named[2] = {wrapped, TSCOPE_SPAN("")};
    bool is_certain = true;

    if (!alg || !enc || token->signatures_len != 1 || token->iv.decoded.len != enc->iv_len || !token->ciphertext.decoded.data ||
        !token->tag.decoded.data)
        return;
    if (alg->family == TSCOPE_JWE_DIR) {
        is_certain = key != NULL;
        named[0] = key ? tscope_span_text(tscope_key_thumbprint(key)) : kid;
    } else if (alg->family == TSCOPE_JWE_ECDH && wrapped.len == 0) {
        is_certain = key != NULL;
        named[0] = key ? tscope_span_text(tscope_key_thumbprint(key)) : kid;
        named[1] = epk.value ? tscope_json_raw(epk.json, epk.value) : TSCOPE_SPAN("");
    }
    if (named[0].len == 0)
        return;

    const struct tscope_span group[] = {tscope_span_text(is_certain ? "key" : "kid"),
                                        tscope_span_text(alg->name),
                                        tscope_span_text(enc->name),
                                        named[0],
                                        named[1],
                                        tscope_subject_text(subject, tscope_subject_header(subject, TSCOPE_HEADER_APU)),
                                        tscope_subject_text(subject, tscope_subject_header(subject, TSCOPE_HEADER_APV)),
                                        token->iv.decoded};
    bool is_gcm = enc->digest == TSCOPE_DIGEST_NONE;

    state(gathering, TSCOPE_CORPUS_IV_REUSE, is_gcm && is_certain ? TSCOPE_SEVERITY_HIGH : TSCOPE_SEVERITY_MEDIUM, group,
          TSCOPE_COUNT(group), token->ciphertext.decoded, proof_by_part(gathering, subject, TSCOPE_PART_IV),
          !is_certain
              ? "different content with the same initialization vector under one kid; the key is not at hand, so nobody can say that "
                "it was one"
          : is_gcm ? "different content was encrypted with the same key and the same initialization vector, which GCM does not survive"
                   : "different content was encrypted with the same key and the same initialization vector: equal beginnings show");
}

static const struct place *
keep_place(tscope_corpus *corpus, const tscope_report *report)
{
    struct place *place = tscope_arena_alloc(&corpus->arena, sizeof(*place));

    if (!place || !tscope_inspection_digest(&report->root, place->sha256))
        return NULL;
    if (report->source_path && (!corpus->path || strcmp(corpus->path, report->source_path) != 0)) {
        struct tscope_span path = tscope_span_of(report->source_path, strlen(report->source_path) + 1);

        path = tscope_arena_copy(&corpus->arena, path);
        if (!path.data)
            return NULL;
        corpus->path = (const char *)path.data;
    }
    place->path = report->source_path ? corpus->path : NULL;
    place->offset = tscope_report_offset(report);
    return place;
}

static enum tscope_status
keep(tscope_corpus *corpus, const tscope_report *report, const struct gathering *gathering, struct tscope_error *err)
{
    const struct place *place;

    if (corpus->facts_len + gathering->facts_len > corpus->facts_capacity) {
        size_t capacity = corpus->facts_capacity ? corpus->facts_capacity * 2 : 64;
        struct fact *grown = capacity < SIZE_MAX / sizeof(*grown) ? tscope_realloc(corpus->facts, capacity * sizeof(*grown)) : NULL;

        if (!grown)
            return tscope_error_no_memory(err);
        corpus->facts = grown;
        corpus->facts_capacity = capacity;
    }
    place = keep_place(corpus, report);
    if (!place)
        return tscope_error_no_memory(err);
    for (size_t i = 0; i < gathering->facts_len; i++) {
        corpus->facts[corpus->facts_len] = gathering->facts[i];
        corpus->facts[corpus->facts_len++].place = place;
    }
    return TSCOPE_OK;
}

enum tscope_status
tscope_corpus_add(tscope_corpus *corpus, const tscope_report *report, uint64_t first_line, struct tscope_error *err)
{
    const struct tscope_inspection *inspection = &report->root;
    struct gathering gathering = {
        .crypto = tscope_keyring_crypto(report->keyring), .report = report, .first_line = first_line ? first_line : 1};
    enum tscope_status status = TSCOPE_OK;

    if (corpus->finished)
        return tscope_error_set(err, TSCOPE_ERR_STATE, TSCOPE_OFFSET_NONE, "the corpus is finished");
    if (corpus->tokens - corpus->left_out >= corpus->tokens_max) {
        corpus->tokens++;
        corpus->left_out++;
        return TSCOPE_OK;
    }
    if (tscope_is_sealed(inspection->token)) {
        state_iv(&gathering, inspection);
    } else {
        state_signature(&gathering, inspection->token, inspection->deciding);
        state_claims(&gathering, inspection->token, inspection->deciding);
    }
    if (gathering.failed)
        return tscope_error_no_memory(err);
    if (gathering.facts_len > 0)
        status = keep(corpus, report, &gathering, err);
    if (status == TSCOPE_OK)
        corpus->tokens++;
    return status;
}

static int
compare_groups(const struct fact *a, const struct fact *b)
{
    if (a->row != b->row)
        return a->row < b->row ? -1 : 1;
    if (a->severity != b->severity)
        return a->severity > b->severity ? -1 : 1;
    return memcmp(a->group, b->group, sizeof(a->group));
}

static int
compare_facts(const void *left, const void *right)
{
    const struct fact *a = left, *b = right;
    int order = compare_groups(a, b);

    if (order == 0)
        order = memcmp(a->place->sha256, b->place->sha256, sizeof(a->place->sha256));
    if (order == 0)
        order = strcmp(a->place->path ? a->place->path : "", b->place->path ? b->place->path : "");
    if (order == 0)
        order = (a->place->offset > b->place->offset) - (a->place->offset < b->place->offset);
    return order;
}

/* How many facts behind this one are of its group; ret_differ: whether they have two members at least. */
static size_t
group_at(const tscope_corpus *corpus, size_t at, bool *ret_differ)
{
    size_t end = at + 1;

    *ret_differ = false;
    for (; end < corpus->facts_len && compare_groups(&corpus->facts[at], &corpus->facts[end]) == 0; end++)
        *ret_differ |= memcmp(corpus->facts[at].member, corpus->facts[end].member, sizeof(corpus->facts[at].member)) != 0;
    return end - at;
}

enum tscope_status
tscope_corpus_finish(tscope_corpus *corpus, struct tscope_error *err)
{
    size_t of_row = 0;

    if (corpus->finished)
        return tscope_error_set(err, TSCOPE_ERR_STATE, TSCOPE_OFFSET_NONE, "the corpus is finished");
    corpus->findings = tscope_alloc_zeroed(FINDINGS_MAX * tscope_checks_corpus.checks_len, sizeof(*corpus->findings));
    if (!corpus->findings)
        return tscope_error_no_memory(err);
    if (corpus->facts_len > 1)
        qsort(corpus->facts, corpus->facts_len, sizeof(*corpus->facts), compare_facts);
    for (size_t at = 0, len; at < corpus->facts_len; at += len) {
        bool differ;

        if (at > 0 && corpus->facts[at].row != corpus->facts[at - 1].row)
            of_row = 0;
        len = group_at(corpus, at, &differ);
        if (differ && of_row++ < FINDINGS_MAX)
            corpus->findings[corpus->findings_len++] = (struct finding){&corpus->facts[at], len};
        else
            corpus->findings_left_out += differ;
    }
    corpus->finished = true;
    return TSCOPE_OK;
}

size_t
tscope_corpus_tokens(const tscope_corpus *corpus)
{
    return corpus->tokens;
}

size_t
tscope_corpus_left_out(const tscope_corpus *corpus, size_t *ret_findings)
{
    if (ret_findings)
        *ret_findings = corpus->findings_left_out;
    return corpus->left_out;
}

size_t
tscope_corpus_findings(const tscope_corpus *corpus)
{
    return corpus->findings_len;
}

/* Of the tokens shown two at least differ: where the first sixteen are alike, the last stands for those that are not. */
static const struct fact *
fact_of(const struct finding *finding, size_t number)
{
    size_t other = TOKENS_MAX - 1;

    if (number + 1 < TOKENS_MAX || finding->facts <= TOKENS_MAX)
        return &finding->first[number];
    while (other + 1 < finding->facts && memcmp(finding->first[other].member, finding->first->member, TSCOPE_SHA256_LEN) == 0)
        other++;
    return &finding->first[other];
}

bool
tscope_corpus_finding(const tscope_corpus *corpus, size_t number, struct tscope_corpus_view *ret_finding)
{
    const struct finding *finding;
    const struct tscope_check *check;

    if (number >= corpus->findings_len)
        return false;
    finding = &corpus->findings[number];
    check = &tscope_checks_corpus.checks[finding->first->row];
    *ret_finding = (struct tscope_corpus_view){
        .id = check->id,
        .severity = finding->first->severity,
        .proves = check->proves,
        .title = check->title,
        .detail = finding->first->detail,
        .tokens = finding->facts < TOKENS_MAX ? finding->facts : TOKENS_MAX,
        .left_out = finding->facts < TOKENS_MAX ? 0 : finding->facts - TOKENS_MAX,
    };
    return true;
}

bool
tscope_corpus_token(const tscope_corpus *corpus, size_t finding, size_t number, struct tscope_corpus_token_view *ret_token)
{
    static const char digits[] = "0123456789abcdef";
    const struct fact *fact;
    const struct place *place;

    if (finding >= corpus->findings_len || number >= corpus->findings[finding].facts || number >= TOKENS_MAX)
        return false;
    fact = fact_of(&corpus->findings[finding], number);
    place = fact->place;
    *ret_token = (struct tscope_corpus_token_view){
        .path = place->path,
        .offset = place->offset,
        .part = tscope_part_id_name(fact->proof.part),
        .pointer = fact->proof.pointer,
        .raw_offset = fact->proof.raw_offset,
        .raw_len = fact->proof.raw_len,
        .byte_offset = fact->proof.region.byte_offset,
        .byte_len = fact->proof.region.byte_len,
        .line = fact->proof.region.line,
        .column = fact->proof.region.column,
        .end_line = fact->proof.region.end_line,
        .end_column = fact->proof.region.end_column,
    };
    for (size_t i = 0; i < sizeof(place->sha256); i++) {
        ret_token->sha256[2 * i] = digits[place->sha256[i] >> 4];
        ret_token->sha256[2 * i + 1] = digits[place->sha256[i] & 15];
    }
    return true;
}

static void
write_tokens(struct tscope_json_writer *writer, const tscope_corpus *corpus, size_t number)
{
    struct tscope_corpus_token_view token;

    tscope_json_write_name(writer, "tokens");
    tscope_json_write_array(writer);
    for (size_t i = 0; tscope_corpus_token(corpus, number, i, &token); i++) {
        tscope_json_write_object(writer);
        tscope_json_write_named_text(writer, "sha256", token.sha256);
        if (token.path)
            tscope_json_write_named_text(writer, "path", token.path);
        tscope_json_write_named_integer(writer, "offset", (int64_t)token.offset);
        tscope_json_write_name(writer, "evidence");
        tscope_json_write_object(writer);
        tscope_json_write_named_text(writer, "part", token.part);
        if (token.pointer)
            tscope_json_write_named_text(writer, "pointer", token.pointer);
        tscope_json_write_name(writer, "raw");
        tscope_json_write_array(writer);
        tscope_json_write_integer(writer, (int64_t)token.raw_offset);
        tscope_json_write_integer(writer, (int64_t)token.raw_len);
        tscope_json_write_array_end(writer);
        tscope_json_write_object_end(writer);
        tscope_json_write_object_end(writer);
    }
    tscope_json_write_array_end(writer);
}

enum tscope_status
tscope_corpus_json(const tscope_corpus *corpus, bool pretty, char **ret_json, size_t *ret_len, struct tscope_error *err)
{
    struct tscope_buffer buffer = {0};
    struct tscope_json_writer writer;
    struct tscope_corpus_view finding;
    char *json;

    tscope_json_writer_init(&writer, &buffer, pretty);
    tscope_json_write_object(&writer);
    tscope_json_write_named_text(&writer, "schema", "tokenscope.corpus/1");
    tscope_json_write_named_integer(&writer, "tokens", (int64_t)corpus->tokens);
    tscope_json_write_named_integer(&writer, "tokens_left_out", (int64_t)corpus->left_out);
    tscope_json_write_name(&writer, "findings");
    tscope_json_write_array(&writer);
    for (size_t i = 0; tscope_corpus_finding(corpus, i, &finding); i++) {
        tscope_json_write_object(&writer);
        tscope_json_write_named_text(&writer, "id", finding.id);
        tscope_json_write_named_text(&writer, "severity", tscope_severity_id(finding.severity));
        tscope_json_write_named_text(&writer, "proves", tscope_proves_id(finding.proves));
        tscope_json_write_named_text(&writer, "title", finding.title);
        tscope_json_write_named_text(&writer, "detail", finding.detail);
        write_tokens(&writer, corpus, i);
        tscope_json_write_named_integer(&writer, "more_tokens", (int64_t)finding.left_out);
        tscope_json_write_object_end(&writer);
    }
    tscope_json_write_array_end(&writer);
    tscope_json_write_named_integer(&writer, "findings_left_out", (int64_t)corpus->findings_left_out);
    tscope_json_write_object_end(&writer);
    json = tscope_buffer_steal(&buffer, ret_len);
    tscope_buffer_clear(&buffer);
    if (!json)
        return tscope_error_no_memory(err);
    *ret_json = json;
    return TSCOPE_OK;
}
