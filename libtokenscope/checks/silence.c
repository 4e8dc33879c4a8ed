/* SPDX-License-Identifier: Apache-2.0 */
#include "checks/silence.h"

#include "checks/holder.h"

static const char *
url_of(const tscope_subject *subject, const struct tscope_history *history, uint32_t endpoint)
{
    const struct tscope_history_endpoint *row = &history->endpoints[endpoint];

    return tscope_words_of(subject, row->url.data ? row->url : row->id);
}

enum tscope_status
tscope_silence_say(tscope_findings *findings, const struct tscope_check *check, const tscope_subject *subject,
                   const struct tscope_history *history, const struct tscope_extent *extent, int64_t at, const char *nobody)
{
    const char *from, *to, *url, *when;

    if (!history || extent->endpoint == TSCOPE_HISTORY_NONE)
        return tscope_findings_unknown(findings, check, TSCOPE_REASON_NOT_COVERED, TSCOPE_CHANGES_STRENGTH, "%s", nobody);
    from = tscope_subject_time(subject, extent->from);
    to = tscope_subject_time(subject, extent->to);
    url = url_of(subject, history, extent->endpoint);
    when = tscope_subject_time(subject, at);
    if (at > extent->last)
        return tscope_findings_unknown(findings, check, TSCOPE_REASON_HISTORY_ENDS, TSCOPE_CHANGES_STRENGTH,
                                       "history of %s covers %s to %s, in %s: it ends before %s", url, from, to,
                                       tscope_words_of_history(subject, history), when);
    if (at >= extent->from && at <= extent->to)
        return tscope_findings_unknown(findings, check, TSCOPE_REASON_HISTORY_GAP, TSCOPE_CHANGES_STRENGTH,
                                       "history of %s covers %s to %s, in %s, but its sets around %s stand too far apart, or do not agree",
                                       url, from, to, tscope_words_of_history(subject, history), when);
    return tscope_findings_unknown(findings, check, TSCOPE_REASON_HISTORY_GAP, TSCOPE_CHANGES_STRENGTH,
                                   "history of %s covers %s to %s, in %s, but not %s", url, from, to,
                                   tscope_words_of_history(subject, history), when);
}
