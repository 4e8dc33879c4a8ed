/* SPDX-License-Identifier: Apache-2.0 */
#include "checks/silence.h"

#include <stdio.h>

#include "checks/holder.h"

#define DETAIL_MAX 1024

static const char *
url_of(const tscope_subject *subject, const struct tscope_history *history, uint32_t endpoint)
{
    const struct tscope_history_endpoint *row = &history->endpoints[endpoint];

    return tscope_words_of(subject, row->url.data ? row->url : row->id);
}

static bool
is_after_end(const struct tscope_extent *extent, int64_t at)
{
    return at > extent->last;
}

enum tscope_status
tscope_silence_say(tscope_findings *findings, const struct tscope_check *check, const struct tscope_history *history,
                   const struct tscope_extent *extent, int64_t at, const char *nobody)
{
    const struct tscope_silence silence = {.history = history, .extent = *extent, .at = at};

    if (!history || extent->endpoint == TSCOPE_HISTORY_NONE)
        return tscope_findings_unknown_words(findings, check, TSCOPE_REASON_NOT_COVERED, TSCOPE_CHANGES_STRENGTH, nobody);
    return tscope_findings_unknown_silence(findings, check,
                                           is_after_end(extent, at) ? TSCOPE_REASON_HISTORY_ENDS : TSCOPE_REASON_HISTORY_GAP,
                                           TSCOPE_CHANGES_STRENGTH, &silence);
}

/* What stands around the time that nobody can speak of. */
static const char *
gap_words(const struct tscope_extent *extent, int64_t at)
{
    if (is_after_end(extent, at))
        return ": it ends before ";
    return at >= extent->from && at <= extent->to ? ", but its sets around " : ", but not ";
}

static const char *
end_words(const struct tscope_extent *extent, int64_t at)
{
    return !is_after_end(extent, at) && at >= extent->from && at <= extent->to ? " stand too far apart, or do not agree" : "";
}

const char *
tscope_inconclusive_detail(const struct tscope_inconclusive *unknown, struct tscope_arena *scratch)
{
    const tscope_subject words = {.arena = scratch}; /* all that words are made with */
    const struct tscope_silence *silence = unknown->silence;
    char text[DETAIL_MAX];
    const char *from, *to, *url, *when, *name;

    if (!silence)
        return unknown->detail;
    from = tscope_subject_time(&words, silence->extent.from);
    to = tscope_subject_time(&words, silence->extent.to);
    url = url_of(&words, silence->history, silence->extent.endpoint);
    when = tscope_subject_time(&words, silence->at);
    name = tscope_words_of_history(&words, silence->history);
    snprintf(text, sizeof(text), "history of %s covers %s to %s, in %s%s%s%s", url, from, to, name,
             gap_words(&silence->extent, silence->at), when, end_words(&silence->extent, silence->at));
    return (const char *)tscope_arena_copy(scratch, tscope_span_text(text)).data;
}
