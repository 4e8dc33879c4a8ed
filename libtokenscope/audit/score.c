/* SPDX-License-Identifier: Apache-2.0 */
#include <tokenscope/score.h>

#include "audit/join.h"
#include "audit/read_row.h"
#include "audit/token_record.h"
#include "core/error.h"
#include "core/json_writer.h"
#include "core/text.h"
#include "core/time.h"

#define ARENA_KEEP (256u << 10)
#define OTHERS_MIN 20

struct tscope_scorer {
    struct tscope_arena arena; /* of the line at hand */
    struct tscope_buffer answer;
};

/* What a line holds. */
struct group {
    tscope_scorer *scorer;
    struct tscope_json json;
    tscope_ledger *ledger;
    bool no_memory;
    size_t unread[2];                   /* rows of sign_ins and audit that are of no log that is known */
    size_t rows[2];                     /* that are */
    struct tscope_span sha256, verdict; /* of the token's row */
    const struct tscope_event *first;   /* whose id the group is about; NULL: none has one */
    uint32_t *events;                   /* of that id */
    size_t events_len, session_sign_ins;
    bool is_complete; /* what the engine states of the coverage */
    int64_t others, others_joined;
};

enum tscope_status
tscope_scorer_new(tscope_scorer **ret_scorer, struct tscope_error *err)
{
    *ret_scorer = tscope_alloc_zeroed(1, sizeof(**ret_scorer));
    return *ret_scorer ? TSCOPE_OK : tscope_error_no_memory(err);
}

void
tscope_scorer_free(tscope_scorer *scorer)
{
    if (!scorer)
        return;
    tscope_arena_clear(&scorer->arena);
    tscope_buffer_clear(&scorer->answer);
    tscope_free(scorer);
}

static struct tscope_row
root_of(struct group *group)
{
    return (struct tscope_row){&group->json, tscope_json_root(&group->json), &group->scorer->arena, &group->no_memory};
}

/* A row of "stream --normalize", or the token itself. */
static enum tscope_status
read_token(struct group *group, struct tscope_error *err)
{
    struct tscope_row root = root_of(group);
    const struct tscope_value *value = tscope_json_member(&group->json, root.object, "token");
    struct tscope_record record;
    bool is_token = true;
    enum tscope_status status = TSCOPE_OK;

    if (!value || value->type == TSCOPE_JSON_NULL)
        return TSCOPE_OK;
    if (value->type == TSCOPE_JSON_OBJECT) {
        struct tscope_row row = {&group->json, value, &group->scorer->arena, &group->no_memory};

        tscope_token_record_claims(&group->json, value, &group->scorer->arena, &record);
        group->sha256 = tscope_row_text(&row, "sha256");
        group->verdict = tscope_row_text(&row, "verdict");
    } else if (value->type == TSCOPE_JSON_STRING) {
        status = tscope_token_record(tscope_json_string(&group->json, value, &group->scorer->arena), &group->scorer->arena, &record,
                                     &is_token, err);
    } else {
        return tscope_error_set(err, TSCOPE_ERR_DATA, value->start, "'token' is neither a token nor a row of one");
    }
    if (status == TSCOPE_OK && is_token)
        status = tscope_ledger_add_record(group->ledger, &record, 0, 0, err);
    return status;
}

/* Rows as their logs write them, or as text of JSON. */
static enum tscope_status
read_rows(struct group *group, const char *name, size_t list, struct tscope_error *err)
{
    struct tscope_row root = root_of(group), rows = tscope_row_open_list(&root, name), row = {0};
    const struct tscope_value *value = tscope_row_value(&root, name);
    enum tscope_status status = TSCOPE_OK;

    if (value && (!rows.object || rows.object->type != TSCOPE_JSON_ARRAY))
        return tscope_error_set(err, TSCOPE_ERR_DATA, value->start, "'%s' is no list of rows", name);
    while (status == TSCOPE_OK && tscope_row_next(&rows, &row)) {
        struct tscope_record record = {.time = TSCOPE_TIME_NONE, .iat = TSCOPE_TIME_NONE, .count = 1};
        struct tscope_row inner;

        record.format = tscope_row_recognize(&row, &inner);
        if (record.format == TSCOPE_LOG_NONE) {
            group->unread[list]++;
            continue;
        }
        group->rows[list]++;
        tscope_row_read(&inner, &record);
        if (record.category == TSCOPE_CATEGORY_NONE)
            record.category = TSCOPE_CATEGORY_INTERACTIVE;
        status = tscope_ledger_add_record(group->ledger, &record, 0, 0, err);
    }
    return status;
}

static enum tscope_status
read_coverage(struct group *group, struct tscope_error *err)
{
    struct tscope_row root = root_of(group), coverage = tscope_row_open(&root, "coverage");
    const struct tscope_value *value = tscope_row_value(&root, "coverage");

    if (value && !coverage.object)
        return tscope_error_set(err, TSCOPE_ERR_DATA, value->start, "'coverage' is no object");
    group->is_complete = tscope_row_true(&coverage, "complete");
    group->others = tscope_row_integer(&coverage, "others", 0);
    group->others_joined = tscope_row_integer(&coverage, "others_joined", 0);
    return TSCOPE_OK;
}

/* The token's id, else that of the first use. Rows that came by the session are of other tokens. */
static enum tscope_status
choose_id(struct group *group, struct tscope_error *err)
{
    const tscope_ledger *ledger = group->ledger;

    group->events = tscope_arena_alloc(&group->scorer->arena, (ledger->events_len + 1) * sizeof(*group->events));
    if (!group->events)
        return tscope_error_no_memory(err);
    for (size_t i = 0; i < ledger->events_len && !group->first; i++) {
        if (ledger->events[i].has_uti && ledger->events[i].flags & (TSCOPE_RECORD_USE | TSCOPE_RECORD_TOKEN))
            group->first = &ledger->events[i];
    }
    for (size_t i = 0; i < ledger->events_len; i++) {
        const struct tscope_event *event = &ledger->events[i];

        if (group->first ? event->has_uti && memcmp(event->uti, group->first->uti, sizeof(event->uti)) == 0
                         : event->flags & (TSCOPE_RECORD_USE | TSCOPE_RECORD_TOKEN))
            group->events[group->events_len++] = (uint32_t)i;
        else if (tscope_log_category_is_sign_in((enum tscope_log_category)event->category))
            group->session_sign_ins++;
    }
    return TSCOPE_OK;
}

static const struct tscope_event *
find_alias(const struct group *group)
{
    for (size_t i = 0; group->first && i < group->ledger->aliases_len; i++) {
        if (memcmp(group->ledger->aliases[i].uti, group->first->uti, TSCOPE_TOKEN_ID_BYTES) == 0)
            return &group->ledger->events[group->ledger->aliases[i].event];
    }
    return NULL;
}

static enum tscope_join_reason
reason_without_id(const struct group *group)
{
    for (size_t i = 0; i < group->events_len; i++) {
        unsigned flags = group->ledger->events[group->events[i]].flags;

        if (flags & TSCOPE_RECORD_PLACEHOLDER)
            return TSCOPE_JOIN_REASON_PLACEHOLDER;
        if (flags & TSCOPE_RECORD_ODD_ID)
            return TSCOPE_JOIN_REASON_ODD_ID;
    }
    return TSCOPE_JOIN_REASON_NO_ID;
}

/* The tenant that the token says it is of; a word, 0: nothing says. */
static uint32_t
tenant_of(const struct group *group)
{
    uint32_t tenant = 0;

    for (size_t i = 0; i < group->events_len; i++) {
        const struct tscope_event *event = &group->ledger->events[group->events[i]];

        if (event->token_tenant)
            return event->token_tenant;
        tenant = tenant ? tenant : event->tenant;
    }
    return tenant;
}

/* Why not, though the engine states that it has all sign-ins: they are of its own tenant, and one that joined may be unreadable here. */
static enum tscope_join_reason
reason_in_coverage(const struct group *group)
{
    struct tscope_span tenant = tscope_ledger_word(group->ledger, tenant_of(group));

    if (!tenant.data || !tscope_text_is_guid(tenant, NULL))
        return TSCOPE_JOIN_REASON_NO_TENANT;
    if (tscope_span_is(tenant, TSCOPE_CONSUMER_TENANT))
        return TSCOPE_JOIN_REASON_OTHER_TENANT;
    if (group->unread[0])
        return TSCOPE_JOIN_REASON_CUT;
    if (group->others < OTHERS_MIN)
        return TSCOPE_JOIN_REASON_FEW;
    if (group->others_joined > group->others || group->others_joined * 100 < group->others * INT64_C(95))
        return TSCOPE_JOIN_REASON_RATE;
    return TSCOPE_JOIN_REASON_NONE;
}

/* Which sign-ins there are, only the engine knows: what it states of them is its word. */
static void
judge(const struct group *group, struct tscope_join_result *result)
{
    const struct tscope_join_group joined = {group->events, group->events_len, find_alias(group)};

    tscope_join_judge(group->ledger, &joined, NULL, NULL, result);
    if (result->verdict != TSCOPE_JOIN_NOT_JOINABLE)
        return;
    if (!group->first)
        result->reason = reason_without_id(group);
    else if (result->guest)
        result->reason = TSCOPE_JOIN_REASON_GUEST;
    else if (result->partner)
        result->reason = TSCOPE_JOIN_REASON_PARTNER;
    else if (result->reason == TSCOPE_JOIN_REASON_NOT_ASKED && group->is_complete) {
        result->reason = reason_in_coverage(group);
        if (result->reason == TSCOPE_JOIN_REASON_NONE)
            result->verdict = TSCOPE_JOIN_UNMATCHED;
    }
}

static void
write_text(struct tscope_json_writer *writer, const char *name, struct tscope_span text)
{
    tscope_json_write_name(writer, name);
    if (text.data)
        tscope_json_write_string(writer, text);
    else
        tscope_json_write_null(writer);
}

static void
write_id(struct tscope_json_writer *writer, const struct group *group)
{
    char text[TSCOPE_TOKEN_ID_TEXT], guid[TSCOPE_GUID_TEXT];

    if (group->first) {
        tscope_token_id_text(group->first->uti, text);
        tscope_token_id_guid_text(group->first->uti, guid);
    }
    write_text(writer, "uti", tscope_span_text(group->first ? text : NULL));
    write_text(writer, "uti_guid", tscope_span_text(group->first ? guid : NULL));
}

static void
write_answer(const struct group *group, const struct tscope_join_result *result)
{
    const struct tscope_value *id = tscope_json_member(&group->json, tscope_json_root(&group->json), "id");
    struct tscope_json_writer writer;

    tscope_json_writer_init(&writer, &group->scorer->answer, false);
    tscope_json_write_object(&writer);
    tscope_json_write_name(&writer, "id");
    if (id)
        tscope_json_write_raw(&writer, tscope_json_raw(&group->json, id));
    else
        tscope_json_write_null(&writer);
    write_text(&writer, "sha256", group->sha256);
    write_text(&writer, "verdict", group->verdict);
    write_id(&writer, group);
    tscope_json_write_named_text(&writer, "join", tscope_join_verdict_text(result->verdict));
    tscope_json_write_name(&writer, "reason");
    if (result->verdict == TSCOPE_JOIN_NOT_JOINABLE)
        tscope_json_write_text(&writer, tscope_join_reason_id(result->reason));
    else
        tscope_json_write_null(&writer);
    tscope_json_write_name(&writer, "contradictions");
    tscope_json_write_array(&writer);
    for (unsigned bit = 0; bit < 8; bit++) {
        if (result->contradictions & 1u << bit)
            tscope_json_write_text(&writer, tscope_contradiction_id(1u << bit));
    }
    tscope_json_write_array_end(&writer);
    tscope_json_write_named_bool(&writer, "suspicious", result->verdict >= TSCOPE_JOIN_UNMATCHED);
    tscope_json_write_named_integer(&writer, "sign_ins", (int64_t)group->rows[0]);
    tscope_json_write_named_integer(&writer, "session_sign_ins", (int64_t)group->session_sign_ins);
    tscope_json_write_named_integer(&writer, "audit", (int64_t)group->rows[1]);
    tscope_json_write_named_integer(&writer, "unread", (int64_t)(group->unread[0] + group->unread[1]));
    tscope_json_write_object_end(&writer);
}

static enum tscope_status
score(struct group *group, struct tscope_error *err)
{
    struct tscope_join_result result;
    enum tscope_status status = read_token(group, err);

    if (status == TSCOPE_OK)
        status = read_rows(group, "sign_ins", 0, err);
    if (status == TSCOPE_OK)
        status = read_rows(group, "audit", 1, err);
    if (status == TSCOPE_OK)
        status = read_coverage(group, err);
    if (status == TSCOPE_OK)
        status = choose_id(group, err);
    if (status == TSCOPE_OK && group->no_memory)
        status = tscope_error_no_memory(err);
    if (status != TSCOPE_OK)
        return status;
    judge(group, &result);
    write_answer(group, &result);
    return group->scorer->answer.failed ? tscope_error_no_memory(err) : TSCOPE_OK;
}

static bool
is_json(const struct tscope_json *json)
{
    return json->readable && json->strict && tscope_json_root(json)->type == TSCOPE_JSON_OBJECT;
}

enum tscope_status
tscope_score_line(tscope_scorer *scorer, const uint8_t *line, size_t line_len, const char **ret_json, size_t *ret_len, const char **ret_id,
                  size_t *ret_id_len, struct tscope_error *err)
{
    struct group group = {.scorer = scorer};
    const struct tscope_value *id;
    enum tscope_status status;

    *ret_id = NULL;
    *ret_id_len = 0;
    tscope_arena_reset(&scorer->arena, ARENA_KEEP);
    if (scorer->answer.failed)
        tscope_buffer_clear(&scorer->answer);
    tscope_buffer_reset(&scorer->answer);
    status = tscope_json_read(&group.json, &scorer->arena, line, line_len, TSCOPE_JSON_LIMITS_TOKEN, err);
    if (status != TSCOPE_OK)
        return status;
    if (!is_json(&group.json))
        return tscope_error_set(err, TSCOPE_ERR_DATA, TSCOPE_OFFSET_NONE, "the line is no JSON object");
    id = tscope_json_member(&group.json, tscope_json_root(&group.json), "id");
    if (id) {
        *ret_id = (const char *)tscope_json_raw(&group.json, id).data;
        *ret_id_len = id->len;
    }
    status = tscope_ledger_new(&group.ledger, err);
    if (status == TSCOPE_OK)
        status = score(&group, err);
    tscope_ledger_free(group.ledger);
    if (status != TSCOPE_OK)
        return status;
    *ret_json = (const char *)scorer->answer.data;
    *ret_len = scorer->answer.len;
    return TSCOPE_OK;
}
