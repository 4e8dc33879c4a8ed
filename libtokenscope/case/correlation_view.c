/* SPDX-License-Identifier: Apache-2.0 */
#include "case/correlation_view.h"

#include "core/time.h"

bool
tscope_view_describe(struct tscope_correlation_view *view, const struct tscope_event *event, struct tscope_record_place *ret_place)
{
    const struct tscope_store_value value = tscope_store_integer(event->number);
    bool has_row = false;

    if (event->flags & TSCOPE_RECORD_TOKEN || view->status != TSCOPE_OK)
        return false;
    view->status = tscope_statement_bind(view->describe, &value, 1, view->err);
    if (view->status == TSCOPE_OK)
        view->status = tscope_statement_step(view->describe, &has_row, view->err);
    if (view->status != TSCOPE_OK || !has_row)
        return false;
    ret_place->path = tscope_statement_bytes(view->describe, 0);
    ret_place->line = tscope_statement_integer(view->describe, 1);
    ret_place->detail = tscope_statement_bytes(view->describe, 2);
    ret_place->client = tscope_statement_bytes(view->describe, 3);
    ret_place->sha256 = tscope_statement_bytes(view->describe, 4);
    ret_place->key = tscope_statement_bytes(view->describe, 5);
    return true;
}

static void
add_mailbox(struct tscope_suspect_facts *facts, uint32_t mailbox)
{
    for (size_t i = 0; i < facts->mailboxes_len; i++) {
        if (facts->mailboxes[i] == mailbox)
            return;
    }
    if (facts->mailboxes_len == TSCOPE_COUNT(facts->mailboxes))
        facts->more_mailboxes = true;
    else
        facts->mailboxes[facts->mailboxes_len++] = mailbox;
}

/* What the suspect token itself did. */
static void
count_event(struct tscope_suspect_facts *facts, const struct tscope_event *event)
{
    if (!(event->flags & TSCOPE_RECORD_USE))
        return;
    facts->by_id++;
    if (event->mailbox)
        add_mailbox(facts, event->mailbox);
    facts->graph_calls += event->category == TSCOPE_CATEGORY_GRAPH;
    if (event->flags & TSCOPE_RECORD_MAIL) {
        facts->mail_records++;
        if (event->flags & TSCOPE_RECORD_SYNC)
            facts->synced++;
        else
            facts->items += event->count;
    }
    if (event->time == TSCOPE_TIME_NONE)
        return;
    if (facts->first == TSCOPE_TIME_NONE || event->time < facts->first)
        facts->first = event->time;
    if (facts->last == TSCOPE_TIME_NONE || event->time > facts->last)
        facts->last = event->time;
}

bool
tscope_suspect_read(struct tscope_correlation_view *view, const struct tscope_join *join, bool with_timeline,
                    struct tscope_suspect_facts *ret_facts)
{
    const tscope_correlation *correlation = view->correlation;
    struct tscope_suspect_facts facts = {.join = join, .first = TSCOPE_TIME_NONE, .last = TSCOPE_TIME_NONE};

    tscope_correlation_judge(correlation, join, &facts.result);
    facts.use = &correlation->ledger->events[correlation->order[join->first]];
    for (uint32_t i = 0; i < join->len; i++) {
        const struct tscope_event *event = &correlation->ledger->events[correlation->order[join->first + i]];

        if (facts.by_id == 0 && event->flags & (TSCOPE_RECORD_USE | TSCOPE_RECORD_TOKEN))
            facts.use = event;
        count_event(&facts, event);
    }
    if (with_timeline && view->status == TSCOPE_OK)
        view->status = tscope_correlation_timeline(correlation, join, &facts.events, &facts.events_len, view->err);
    *ret_facts = facts;
    return view->status == TSCOPE_OK;
}

void
tscope_suspect_clear(struct tscope_suspect_facts *facts)
{
    tscope_free(facts->events);
}
