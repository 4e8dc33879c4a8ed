/* SPDX-License-Identifier: Apache-2.0 */
#include "case/correlation_view.h"
#include "core/text.h"
#include "core/time.h"

static const tscope_ledger *
ledger_of(const struct tscope_correlation_view *view)
{
    return view->correlation->ledger;
}

/* Members that have nothing to say are left out. */
static void
write_word(struct tscope_json_writer *writer, const struct tscope_correlation_view *view, const char *name, uint32_t word)
{
    if (word)
        tscope_json_write_named_string(writer, name, tscope_ledger_word(ledger_of(view), word));
}

static void
write_id(struct tscope_json_writer *writer, const struct tscope_event *event)
{
    char text[TSCOPE_TOKEN_ID_TEXT], guid[TSCOPE_GUID_TEXT];

    if (!event->has_uti)
        return;
    tscope_token_id_text(event->uti, text);
    tscope_token_id_guid_text(event->uti, guid);
    tscope_json_write_named_text(writer, "uti", text);
    tscope_json_write_named_text(writer, "uti_guid", guid);
}

static void
write_counts(struct tscope_json_writer *writer, const char *name, const struct tscope_join_counts *counts)
{
    tscope_json_write_name(writer, name);
    tscope_json_write_object(writer);
    for (int verdict = 0; verdict < 4; verdict++)
        tscope_json_write_named_integer(writer, tscope_join_verdict_text((enum tscope_join_verdict)verdict),
                                        (int64_t)counts->verdicts[verdict]);
    tscope_json_write_name(writer, "reasons");
    tscope_json_write_object(writer);
    for (int reason = 1; reason < TSCOPE_JOIN_REASONS; reason++) {
        if (counts->reasons[reason])
            tscope_json_write_named_integer(writer, tscope_join_reason_id((enum tscope_join_reason)reason),
                                            (int64_t)counts->reasons[reason]);
    }
    tscope_json_write_object_end(writer);
    tscope_json_write_object_end(writer);
}

static void
write_place(struct tscope_json_writer *writer, const struct tscope_record_place *place)
{
    tscope_json_write_name(writer, "record");
    tscope_json_write_object(writer);
    tscope_json_write_named_string(writer, "file", place->path);
    tscope_json_write_named_integer(writer, "line", place->line);
    tscope_json_write_name(writer, "sha256");
    tscope_json_write_hex(writer, place->sha256.data, place->sha256.len);
    tscope_json_write_object_end(writer);
}

/* detail was written by the import; a case from strangers may hold anything there, so that it is read again. */
static void
write_detail(struct tscope_json_writer *writer, struct tscope_span detail)
{
    struct tscope_arena arena = {0};
    struct tscope_json json;

    if (detail.data && tscope_json_read(&json, &arena, detail.data, detail.len, TSCOPE_JSON_LIMITS_TOKEN, NULL) == TSCOPE_OK &&
        json.readable) {
        tscope_json_write_name(writer, "detail");
        tscope_json_write_value(writer, &json, tscope_json_root(&json));
    }
    tscope_arena_clear(&arena);
}

static void
write_event(struct tscope_json_writer *writer, struct tscope_correlation_view *view, const struct tscope_event *event, const char *by)
{
    struct tscope_record_place place;

    tscope_json_write_object(writer);
    tscope_json_write_named_time(writer, "time", event->time);
    if (by)
        tscope_json_write_named_text(writer, "by", by);
    if (event->category)
        tscope_json_write_named_text(writer, "category", tscope_log_category_id((enum tscope_log_category)event->category));
    write_word(writer, view, "operation", event->operation);
    write_id(writer, event);
    write_word(writer, view, "user", event->user);
    write_word(writer, view, "oid", event->oid);
    write_word(writer, view, "app", tscope_join_client(ledger_of(view), event));
    write_word(writer, view, "address", event->address);
    write_word(writer, view, "session", event->session);
    write_word(writer, view, "mailbox", event->mailbox);
    if (event->iat != TSCOPE_TIME_NONE)
        tscope_json_write_named_time(writer, "iat", event->iat);
    if (event->flags & TSCOPE_RECORD_MAIL) {
        tscope_json_write_named_text(writer, "access", event->flags & TSCOPE_RECORD_SYNC ? "sync" : "bind");
        tscope_json_write_named_integer(writer, "count", event->count);
    }
    if (event->flags & TSCOPE_RECORD_THROTTLED)
        tscope_json_write_named_bool(writer, "throttled", true);
    if (tscope_view_describe(view, event, &place)) {
        write_detail(writer, place.detail);
        write_place(writer, &place);
    }
    tscope_json_write_object_end(writer);
}

static void
write_contradictions(struct tscope_json_writer *writer, struct tscope_correlation_view *view, const struct tscope_join_result *result)
{
    tscope_json_write_name(writer, "contradictions");
    tscope_json_write_array(writer);
    for (unsigned bit = 0; bit < 8; bit++) {
        if (!(result->contradictions & 1u << bit))
            continue;
        tscope_json_write_object(writer);
        tscope_json_write_named_text(writer, "id", tscope_contradiction_id(1u << bit));
        tscope_json_write_named_text(writer, "finding", "MS-UTI-CTX");
        tscope_json_write_named_text(writer, "text", tscope_contradiction_text(1u << bit));
        tscope_json_write_name(writer, "use");
        write_event(writer, view, result->against[bit], NULL);
        tscope_json_write_object_end(writer);
    }
    tscope_json_write_array_end(writer);
}

static bool
is_of_id(const struct tscope_event *event, const struct tscope_event *use)
{
    return event == use || (event->has_uti && use->has_uti && memcmp(event->uti, use->uti, sizeof(event->uti)) == 0);
}

static void
write_timeline(struct tscope_json_writer *writer, struct tscope_correlation_view *view, const struct tscope_suspect_facts *facts)
{
    tscope_json_write_name(writer, "timeline");
    tscope_json_write_array(writer);
    for (size_t i = 0; i < facts->events_len; i++) {
        const struct tscope_event *event = &ledger_of(view)->events[facts->events[i]];

        write_event(writer, view, event, is_of_id(event, facts->use) ? "id" : "session");
    }
    tscope_json_write_array_end(writer);
}

static void
write_did(struct tscope_json_writer *writer, const struct tscope_correlation_view *view, const struct tscope_suspect_facts *facts)
{
    tscope_json_write_name(writer, "did");
    tscope_json_write_object(writer);
    tscope_json_write_named_time(writer, "first", facts->first);
    tscope_json_write_named_time(writer, "last", facts->last);
    tscope_json_write_named_integer(writer, "records", (int64_t)facts->by_id);
    tscope_json_write_named_integer(writer, "items", (int64_t)facts->items);
    tscope_json_write_named_integer(writer, "folders_synced", (int64_t)facts->synced);
    tscope_json_write_named_integer(writer, "graph_calls", (int64_t)facts->graph_calls);
    tscope_json_write_name(writer, "mailboxes");
    tscope_json_write_array(writer);
    for (size_t i = 0; i < facts->mailboxes_len; i++)
        tscope_json_write_string(writer, tscope_ledger_word(ledger_of(view), facts->mailboxes[i]));
    tscope_json_write_array_end(writer);
    tscope_json_write_object_end(writer);
}

static void
write_suspect(struct tscope_json_writer *writer, struct tscope_correlation_view *view, const struct tscope_join *join, bool with_timeline)
{
    struct tscope_suspect_facts facts;

    if (!tscope_suspect_read(view, join, with_timeline, &facts))
        return;
    tscope_json_write_object(writer);
    tscope_json_write_named_text(writer, "verdict", tscope_join_verdict_text((enum tscope_join_verdict)join->verdict));
    if (join->is_bad)
        tscope_json_write_named_bool(writer, "token_is_bad", true);
    write_id(writer, facts.use);
    write_word(writer, view, "user", facts.use->user);
    write_word(writer, view, "oid", facts.use->oid);
    write_word(writer, view, "tenant", facts.use->token_tenant ? facts.use->token_tenant : facts.use->tenant);
    write_word(writer, view, "app", tscope_join_client(ledger_of(view), facts.use));
    write_word(writer, view, "session", facts.use->session);
    if (facts.result.iat != TSCOPE_TIME_NONE)
        tscope_json_write_named_time(writer, "iat", facts.result.iat);
    if (join->verdict == TSCOPE_JOIN_UNMATCHED) {
        tscope_json_write_named_text(writer, "finding", "MS-UTI-NOISSUE");
        tscope_json_write_named_integer(writer, "others", (int64_t)join->others);
        tscope_json_write_named_integer(writer, "others_joined", (int64_t)join->others_joined);
    } else if (join->verdict == TSCOPE_JOIN_CONTRADICTION) {
        write_contradictions(writer, view, &facts.result);
    }
    if (facts.result.issue) {
        tscope_json_write_name(writer, "issue");
        write_event(writer, view, facts.result.issue, NULL);
    }
    write_did(writer, view, &facts);
    if (with_timeline)
        write_timeline(writer, view, &facts);
    tscope_json_write_object_end(writer);
    tscope_suspect_clear(&facts);
}

static void
write_leads(struct tscope_json_writer *writer, struct tscope_correlation_view *view)
{
    const tscope_correlation *correlation = view->correlation;

    tscope_json_write_name(writer, "leads");
    tscope_json_write_array(writer);
    for (size_t i = 0; i < correlation->leads_len; i++) {
        const struct tscope_lead *lead = &correlation->leads[i];
        const struct tscope_event *event = &correlation->ledger->events[lead->event];

        tscope_json_write_object(writer);
        tscope_json_write_named_text(writer, "id", tscope_lead_id(lead->kind));
        tscope_json_write_named_text(writer, "text", tscope_lead_text(lead->kind));
        if (lead->kind == TSCOPE_LEAD_REPLAY || lead->kind == TSCOPE_LEAD_RARE_APP)
            tscope_json_write_named_text(writer, "finding", lead->kind == TSCOPE_LEAD_REPLAY ? "CLM-REPLAY" : "MS-APP-RARE");
        tscope_json_write_named_integer(writer, "records", lead->events);
        if (lead->kind == TSCOPE_LEAD_DERIVED)
            tscope_json_write_named_text(writer, "by", lead->is_direct ? "record" : "session");
        tscope_json_write_name(writer, "record");
        write_event(writer, view, event, NULL);
        if (lead->kind == TSCOPE_LEAD_DERIVED || lead->kind == TSCOPE_LEAD_REPLAY) {
            tscope_json_write_name(writer, lead->kind == TSCOPE_LEAD_DERIVED ? "suspect" : "other");
            write_event(writer, view, &correlation->ledger->events[lead->other], NULL);
        }
        tscope_json_write_object_end(writer);
    }
    tscope_json_write_array_end(writer);
    tscope_json_write_named_integer(writer, "leads_left_out", (int64_t)correlation->leads_left_out);
}

static void
write_missing(struct tscope_json_writer *writer, const struct tscope_join *join)
{
    if (!join->missing)
        return;
    tscope_json_write_name(writer, "categories");
    tscope_json_write_array(writer);
    for (unsigned category = 1; category < 8; category++) {
        if (join->missing & 1u << category)
            tscope_json_write_text(writer, tscope_log_category_id((enum tscope_log_category)category));
    }
    tscope_json_write_array_end(writer);
}

static void
write_tokens(struct tscope_json_writer *writer, struct tscope_correlation_view *view)
{
    tscope_json_write_name(writer, "tokens");
    tscope_json_write_array(writer);
    for (size_t i = 0; i < view->tokens_len; i++) {
        const struct tscope_joined_token *token = &view->tokens[i];
        const struct tscope_event *event = token->event != UINT32_MAX ? &ledger_of(view)->events[token->event] : NULL;
        const struct tscope_join *join = event && event->has_uti ? tscope_correlation_find(view->correlation, event->uti) : NULL;

        tscope_json_write_object(writer);
        if (token->name)
            tscope_json_write_named_text(writer, "name", token->name);
        if (token->sha256[0])
            tscope_json_write_named_text(writer, "sha256", token->sha256);
        if (token->verdict)
            tscope_json_write_named_text(writer, "token_verdict", token->verdict);
        if (event)
            write_id(writer, event);
        tscope_json_write_named_text(writer, "join",
                                     tscope_join_verdict_text(join ? (enum tscope_join_verdict)join->verdict : TSCOPE_JOIN_NOT_JOINABLE));
        if (!join)
            tscope_json_write_named_text(writer, "reason", tscope_join_reason_id(TSCOPE_JOIN_REASON_NO_ID));
        else if (join->verdict == TSCOPE_JOIN_NOT_JOINABLE)
            tscope_json_write_named_text(writer, "reason", tscope_join_reason_id((enum tscope_join_reason)join->reason));
        if (join)
            write_missing(writer, join);
        tscope_json_write_named_integer(writer, "records", join ? (int64_t)join->len - 1 : 0);
        tscope_json_write_object_end(writer);
    }
    tscope_json_write_array_end(writer);
}

void
tscope_correlation_json(struct tscope_correlation_view *view, struct tscope_buffer *buffer)
{
    const tscope_correlation *correlation = view->correlation;
    struct tscope_json_writer writer;

    tscope_json_writer_init(&writer, buffer, true);
    tscope_json_write_object(&writer);
    tscope_json_write_named_text(&writer, "schema", "tokenscope.correlation/1");
    write_counts(&writer, "records", &correlation->uses);
    write_counts(&writer, "mail_items_accessed", &correlation->mail);
    write_counts(&writer, "token_ids", &correlation->tokens);
    tscope_json_write_name(&writer, "suspects");
    tscope_json_write_array(&writer);
    for (size_t i = 0; i < correlation->suspects_len && view->status == TSCOPE_OK; i++)
        write_suspect(&writer, view, &correlation->joins[correlation->suspects[i]], i < TSCOPE_TIMELINES_MAX);
    tscope_json_write_array_end(&writer);
    write_leads(&writer, view);
    write_tokens(&writer, view);
    tscope_json_write_object_end(&writer);
    tscope_buffer_append_byte(buffer, '\n');
}
