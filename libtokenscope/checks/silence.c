/* SPDX-License-Identifier: Apache-2.0 */
#include "checks/silence.h"

#include "checks/holder.h"
#include "core/text.h"

#define DETAIL_MAX 1023 /* bytes */

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

static void
append_time(struct tscope_buffer *words, int64_t time)
{
    char text[TSCOPE_TIME_TEXT_MAX];

    tscope_time_format(time, text);
    tscope_buffer_append_text(words, text);
}

void
tscope_silence_append(const struct tscope_silence *silence, struct tscope_buffer *words)
{
    const struct tscope_history_endpoint *endpoint = &silence->history->endpoints[silence->extent.endpoint];
    size_t start = words->len;

    tscope_buffer_append_text(words, "history of ");
    tscope_text_escape(words, endpoint->url.data ? endpoint->url : endpoint->id, TSCOPE_WORDS_TEXT_MAX);
    tscope_buffer_append_text(words, " covers ");
    append_time(words, silence->extent.from);
    tscope_buffer_append_text(words, " to ");
    append_time(words, silence->extent.to);
    tscope_buffer_append_text(words, ", in ");
    tscope_words_append_history(words, silence->history);
    tscope_buffer_append_text(words, gap_words(&silence->extent, silence->at));
    append_time(words, silence->at);
    tscope_buffer_append_text(words, end_words(&silence->extent, silence->at));
    if (words->len - start > DETAIL_MAX)
        words->len = start + DETAIL_MAX;
}

const char *
tscope_inconclusive_detail(const struct tscope_inconclusive *unknown, struct tscope_arena *scratch)
{
    struct tscope_buffer words = {.arena = scratch};

    if (!unknown->silence)
        return unknown->detail;
    tscope_silence_append(unknown->silence, &words);
    return tscope_buffer_steal(&words, NULL);
}
