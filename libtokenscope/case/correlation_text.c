/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/application.h"
#include "case/correlation_view.h"
#include "core/text.h"
#include "core/time.h"

#define SUSPECTS_SHOWN 25
#define EVENTS_SHOWN 20 /* of a timeline */
#define LEADS_SHOWN 20  /* of a kind */
#define TOKENS_SHOWN 50

static const tscope_ledger *
ledger_of(const struct tscope_correlation_view *view)
{
    return view->correlation->ledger;
}

static void
append_word(struct tscope_buffer *buffer, const struct tscope_correlation_view *view, const char *before, uint32_t word)
{
    if (!word)
        return;
    tscope_buffer_append_text(buffer, before);
    tscope_text_escape(buffer, tscope_ledger_word(ledger_of(view), word), 80);
}

static void
append_app(struct tscope_buffer *buffer, const struct tscope_correlation_view *view, const char *before, uint32_t app)
{
    const struct tscope_application_facts *facts = tscope_application_facts_find(tscope_ledger_word(ledger_of(view), app));

    append_word(buffer, view, before, app);
    if (facts)
        tscope_buffer_append_format(buffer, " (%s)", facts->name);
}

static void
append_time(struct tscope_buffer *buffer, int64_t time)
{
    char text[TSCOPE_TIME_TEXT_MAX];

    tscope_time_format(time, text);
    tscope_buffer_append_text(buffer, text);
}

static void
append_id(struct tscope_buffer *buffer, const struct tscope_event *event)
{
    char text[TSCOPE_TOKEN_ID_TEXT];

    if (!event->has_uti) {
        tscope_buffer_append_text(buffer, "a record without a token id");
        return;
    }
    tscope_token_id_text(event->uti, text);
    tscope_buffer_append_format(buffer, "token id %s", text);
}

static void
append_counts(struct tscope_buffer *buffer, const char *what, const struct tscope_join_counts *counts)
{
    uint64_t all = 0;

    for (size_t i = 0; i < 4; i++)
        all += counts->verdicts[i];
    tscope_buffer_append_format(buffer, "%s: %llu\n", what, (unsigned long long)all);
    if (all == 0)
        return;
    tscope_buffer_append_format(buffer, "  %10llu  contradiction\n  %10llu  unmatched in proven coverage\n  %10llu  joined\n",
                                (unsigned long long)counts->verdicts[TSCOPE_JOIN_CONTRADICTION],
                                (unsigned long long)counts->verdicts[TSCOPE_JOIN_UNMATCHED],
                                (unsigned long long)counts->verdicts[TSCOPE_JOIN_JOINED]);
    for (int reason = 1; reason < TSCOPE_JOIN_REASONS; reason++) {
        if (counts->reasons[reason])
            tscope_buffer_append_format(buffer, "  %10llu  not joinable: %s\n", (unsigned long long)counts->reasons[reason],
                                        tscope_join_reason_text((enum tscope_join_reason)reason));
    }
}

/* Which categories are missing, over all that could not be joined for it. */
static void
append_missing(struct tscope_buffer *buffer, const tscope_correlation *correlation)
{
    unsigned missing = 0;
    const char *between = "\nWhat is missing for more: ";

    for (size_t i = 0; i < correlation->joins_len; i++) {
        if (correlation->joins[i].reason == TSCOPE_JOIN_REASON_CATEGORY)
            missing |= correlation->joins[i].missing;
    }
    for (unsigned category = 1; category < 8; category++) {
        if (!(missing & 1u << category))
            continue;
        tscope_buffer_append_format(buffer, "%s%s", between, tscope_log_category_text((enum tscope_log_category)category));
        between = ", ";
    }
    if (missing)
        tscope_buffer_append_byte(buffer, '\n');
}

/* Items, folders, a URI: as the import kept them. */
static void
append_detail(struct tscope_buffer *buffer, struct tscope_span detail)
{
    if (!detail.data || detail.len <= 2)
        return;
    tscope_buffer_append_text(buffer, "\n          ");
    tscope_text_escape(buffer, detail, 160);
}

static void
append_event(struct tscope_buffer *buffer, struct tscope_correlation_view *view, const struct tscope_event *event, const char *by)
{
    struct tscope_record_place place;
    bool has_place = tscope_view_describe(view, event, &place);

    tscope_buffer_append_text(buffer, "      ");
    append_time(buffer, event->time);
    append_word(buffer, view, "  ", event->operation);
    if (event->flags & TSCOPE_RECORD_MAIL && event->flags & TSCOPE_RECORD_SYNC)
        tscope_buffer_append_text(buffer, " (a folder synced)");
    else if (event->flags & TSCOPE_RECORD_MAIL)
        tscope_buffer_append_format(buffer, " (%u item%s)", event->count, event->count == 1 ? "" : "s");
    append_word(buffer, view, "  mailbox ", event->mailbox);
    if (!event->mailbox)
        append_word(buffer, view, "  user ", event->user);
    append_word(buffer, view, "  from ", event->address);
    if (by)
        tscope_buffer_append_format(buffer, "  [%s]", by);
    if (has_place) {
        append_detail(buffer, place.detail);
        tscope_buffer_append_text(buffer, "\n          ");
        tscope_text_escape(buffer, place.path, 120);
        tscope_buffer_append_format(buffer, " line %lld", (long long)place.line);
    }
    tscope_buffer_append_byte(buffer, '\n');
}

static bool
is_of_id(const struct tscope_event *event, const struct tscope_event *use)
{
    return event == use || (event->has_uti && use->has_uti && memcmp(event->uti, use->uti, sizeof(event->uti)) == 0);
}

static void
append_timeline(struct tscope_buffer *buffer, struct tscope_correlation_view *view, const struct tscope_suspect_facts *facts)
{
    size_t shown = view->all ? facts->events_len : EVENTS_SHOWN;

    tscope_buffer_append_text(buffer, "    everything that this id and its session did:\n");
    for (size_t i = 0; i < facts->events_len && i < shown; i++) {
        const struct tscope_event *event = &ledger_of(view)->events[facts->events[i]];

        append_event(buffer, view, event, is_of_id(event, facts->use) ? "this id" : "same session");
    }
    if (facts->events_len > shown)
        tscope_buffer_append_format(buffer, "      and %zu more (--all)\n", facts->events_len - shown);
}

static void
append_reasons(struct tscope_buffer *buffer, const struct tscope_suspect_facts *facts)
{
    if (facts->join->is_bad)
        tscope_buffer_append_text(buffer, "    the token itself was judged forged, invalid or suspicious: see Tokens\n");
    if (facts->join->verdict == TSCOPE_JOIN_UNMATCHED) {
        tscope_buffer_append_format(buffer,
                                    "    no sign-in has this id, in logs of all four categories; of %llu other tokens of this kind of"
                                    " application issued within a week %llu have theirs\n",
                                    (unsigned long long)facts->join->others, (unsigned long long)facts->join->others_joined);
        return;
    }
    for (unsigned bit = 0; bit < 8; bit++) {
        if (facts->result.contradictions & 1u << bit)
            tscope_buffer_append_format(buffer, "    %s\n", tscope_contradiction_text(1u << bit));
    }
}

static void
append_suspect(struct tscope_buffer *buffer, struct tscope_correlation_view *view, const struct tscope_join *join)
{
    struct tscope_suspect_facts facts;

    if (!tscope_suspect_read(view, join, true, &facts))
        return;
    tscope_buffer_append_format(buffer, "\n  %s: ", tscope_join_verdict_text((enum tscope_join_verdict)join->verdict));
    append_id(buffer, facts.use);
    tscope_buffer_append_byte(buffer, '\n');
    append_reasons(buffer, &facts);
    append_word(buffer, view, "    user ", facts.use->user);
    append_app(buffer, view, "    application ", tscope_join_client(ledger_of(view), facts.use));
    tscope_buffer_append_text(buffer, "\n    issued, as it says, ");
    append_time(buffer, facts.result.iat);
    tscope_buffer_append_text(buffer, "; used ");
    append_time(buffer, facts.first);
    tscope_buffer_append_text(buffer, " to ");
    append_time(buffer, facts.last);
    tscope_buffer_append_format(buffer,
                                "\n    %zu records: %llu items of mail, %llu folders synced, %llu Graph calls; mailboxes:", facts.by_id,
                                (unsigned long long)facts.items, (unsigned long long)facts.synced, (unsigned long long)facts.graph_calls);
    for (size_t i = 0; i < facts.mailboxes_len; i++)
        append_word(buffer, view, " ", facts.mailboxes[i]);
    tscope_buffer_append_text(buffer, facts.more_mailboxes ? " and more\n" : facts.mailboxes_len ? "\n" : " none\n");
    if (facts.result.issue && facts.join->verdict == TSCOPE_JOIN_CONTRADICTION) {
        tscope_buffer_append_text(buffer, "    its sign-in:\n");
        append_event(buffer, view, facts.result.issue, NULL);
    }
    append_timeline(buffer, view, &facts);
    tscope_suspect_clear(&facts);
}

static void
append_lead(struct tscope_buffer *buffer, struct tscope_correlation_view *view, const struct tscope_lead *lead)
{
    const struct tscope_event *event = &ledger_of(view)->events[lead->event], *other = &ledger_of(view)->events[lead->other];
    struct tscope_address address;
    const struct tscope_incident_address *incident = NULL;

    if (lead->kind == TSCOPE_LEAD_INCIDENT_ADDRESS && tscope_address_read(tscope_ledger_word(ledger_of(view), event->address), &address))
        incident = tscope_address_incident(&address, event->time);
    tscope_buffer_append_text(buffer, "    ");
    append_id(buffer, event);
    if (lead->kind == TSCOPE_LEAD_RARE_APP)
        append_app(buffer, view, ", application ", tscope_join_client(ledger_of(view), event));
    if (incident)
        tscope_buffer_append_format(buffer, ", %s (%s)", incident->incident, incident->role);
    if (lead->events > 1)
        tscope_buffer_append_format(buffer, ", %u records, the first:", lead->events);
    tscope_buffer_append_byte(buffer, '\n');
    append_event(buffer, view, event, NULL);
    if (lead->kind == TSCOPE_LEAD_DERIVED && !lead->is_direct)
        append_event(buffer, view, other, "suspect, same session");
    if (lead->kind == TSCOPE_LEAD_REPLAY)
        append_event(buffer, view, other, "the other network");
}

static void
append_leads(struct tscope_buffer *buffer, struct tscope_correlation_view *view)
{
    const tscope_correlation *correlation = view->correlation;

    for (int kind = 0; kind <= TSCOPE_LEAD_DERIVED; kind++) {
        size_t shown = 0, all = 0;

        for (size_t i = 0; i < correlation->leads_len; i++) {
            if ((int)correlation->leads[i].kind != kind)
                continue;
            if (all++ == 0)
                tscope_buffer_append_format(buffer, "\nLead, %s: %s\n", tscope_lead_id((enum tscope_lead_kind)kind),
                                            tscope_lead_text((enum tscope_lead_kind)kind));
            if (view->all || shown < LEADS_SHOWN) {
                append_lead(buffer, view, &correlation->leads[i]);
                shown++;
            }
        }
        if (all > shown)
            tscope_buffer_append_format(buffer, "    and %zu more (--all)\n", all - shown);
    }
    if (correlation->leads_left_out)
        tscope_buffer_append_format(buffer, "\n%llu further leads are not listed.\n", (unsigned long long)correlation->leads_left_out);
}

static void
append_token(struct tscope_buffer *buffer, struct tscope_correlation_view *view, const struct tscope_joined_token *token)
{
    const struct tscope_event *event = token->event != UINT32_MAX ? &ledger_of(view)->events[token->event] : NULL;
    const struct tscope_join *join = event && event->has_uti ? tscope_correlation_find(view->correlation, event->uti) : NULL;

    tscope_buffer_append_text(buffer, "  ");
    tscope_text_escape(buffer, tscope_span_text(token->name ? token->name : token->sha256), 120);
    if (token->verdict)
        tscope_buffer_append_format(buffer, " (%s)", token->verdict);
    if (!join) {
        tscope_buffer_append_format(buffer, ": not joinable: %s\n",
                                    event ? "the token has no id in a known form" : "no token that can be read");
        return;
    }
    tscope_buffer_append_format(buffer, ": %s", tscope_join_verdict_text((enum tscope_join_verdict)join->verdict));
    if (join->verdict == TSCOPE_JOIN_NOT_JOINABLE)
        tscope_buffer_append_format(buffer, ": %s", tscope_join_reason_text((enum tscope_join_reason)join->reason));
    tscope_buffer_append_format(buffer, join->len == 2 ? "; %u record has its id\n" : "; %u records have its id\n", join->len - 1);
}

void
tscope_correlation_text(struct tscope_correlation_view *view, struct tscope_buffer *buffer)
{
    const tscope_correlation *correlation = view->correlation;
    size_t shown = view->all ? correlation->suspects_len : SUSPECTS_SHOWN;

    append_counts(buffer, "Records of use", &correlation->uses);
    append_counts(buffer, "MailItemsAccessed among them", &correlation->mail);
    append_counts(buffer, "Token ids", &correlation->tokens);
    append_missing(buffer, correlation);
    if (correlation->suspects_len)
        tscope_buffer_append_text(buffer, "\nSuspicious: what a log says never proves that a token was forged\n");
    for (size_t i = 0; i < correlation->suspects_len && i < shown && view->status == TSCOPE_OK; i++)
        append_suspect(buffer, view, &correlation->joins[correlation->suspects[i]]);
    if (correlation->suspects_len > shown)
        tscope_buffer_append_format(buffer, "\n  and %zu more (--all)\n", correlation->suspects_len - shown);
    append_leads(buffer, view);
    if (view->tokens_len)
        tscope_buffer_append_text(buffer, "\nTokens\n");
    for (size_t i = 0; i < view->tokens_len && (view->all || i < TOKENS_SHOWN); i++)
        append_token(buffer, view, &view->tokens[i]);
    if (view->tokens_len > TOKENS_SHOWN && !view->all)
        tscope_buffer_append_format(buffer, "  and %zu more (--all)\n", view->tokens_len - TOKENS_SHOWN);
}
