/* SPDX-License-Identifier: Apache-2.0 */
#include "render/key_lines.h"

#include "core/alloc.h"
#include "core/text.h"
#include "render/words.h"

#define PUBLICATIONS_MAX 64

const char *
tscope_key_lines_cloud(enum tscope_cloud cloud)
{
    switch (cloud) {
    case TSCOPE_CLOUD_US_GOV:
        return "US government cloud";
    case TSCOPE_CLOUD_CHINA:
        return "cloud in China";
    case TSCOPE_CLOUD_PRE_PRODUCTION:
        return "pre-production";
    case TSCOPE_CLOUD_UNKNOWN:
    case TSCOPE_CLOUD_PUBLIC:
        break;
    }
    return NULL;
}

const char *
tscope_key_lines_family_from(enum tscope_family_from from)
{
    switch (from) {
    case TSCOPE_FAMILY_FROM_ISSUER:
        return "its own issuer";
    case TSCOPE_FAMILY_FROM_ENDPOINT:
        return "the endpoint listing it";
    case TSCOPE_FAMILY_FROM_NOTICE:
        return "a notice about it";
    case TSCOPE_FAMILY_FROM_SUBJECT:
        return "its certificate alone";
    case TSCOPE_FAMILY_FROM_CALLER:
        return "whoever gave the key";
    case TSCOPE_FAMILY_FROM_NOTHING:
        break;
    }
    return NULL;
}

static void
put_date(struct tscope_layout *layout, const char *before, int64_t time)
{
    char words[TSCOPE_WORDS_MAX];

    tscope_words_date(time, words);
    tscope_layout_text(layout, TSCOPE_STYLE_PLAIN, before);
    tscope_layout_text(layout, TSCOPE_STYLE_PLAIN, words);
}

void
tscope_key_lines_put_certificate(struct tscope_layout *layout, const struct tscope_certificate *certificate)
{
    tscope_layout_value(layout, TSCOPE_STYLE_PLAIN, certificate->subject, TSCOPE_KEY_TEXT_MAX);
    put_date(layout, ", ", certificate->not_before);
    put_date(layout, " to ", certificate->not_after);
}

/* The endpoint that listed it longest, and the whole time over all of them. */
static void
put_listing(struct tscope_layout *layout, const struct tscope_history *history, const struct tscope_publication *publications, size_t count)
{
    const struct tscope_publication *longest = &publications[0];
    int64_t first = longest->first, last = longest->last;

    for (size_t i = 1; i < count; i++) {
        first = publications[i].first < first ? publications[i].first : first;
        last = publications[i].last > last ? publications[i].last : last;
        if (publications[i].last - publications[i].first > longest->last - longest->first)
            longest = &publications[i];
    }
    if (first == last) {
        put_date(layout, "", first);
        tscope_layout_text(layout, TSCOPE_STYLE_PLAIN, " by ");
    } else {
        put_date(layout, "", first);
        put_date(layout, " to ", last);
        tscope_layout_text(layout, TSCOPE_STYLE_PLAIN, " by ");
    }
    tscope_layout_value(layout, TSCOPE_STYLE_PLAIN, history->endpoints[longest->endpoint].id, TSCOPE_KEY_TEXT_MAX);
    if (count > 1)
        tscope_layout_format(layout, TSCOPE_STYLE_PLAIN, " and %zu more", count - 1);
}

void
tscope_key_lines_put_published(struct tscope_layout *layout, const tscope_key *recorded)
{
    struct tscope_publication publications[PUBLICATIONS_MAX];
    size_t count = tscope_history_publications(recorded->history, recorded->history_key, publications, PUBLICATIONS_MAX);
    uint32_t sightings = recorded->history->keys[recorded->history_key].sightings_len;

    if (count > 0)
        put_listing(layout, recorded->history, publications, count < PUBLICATIONS_MAX ? count : PUBLICATIONS_MAX);
    else if (sightings > 0)
        tscope_layout_format(layout, TSCOPE_STYLE_PLAIN, "in no archived key set; seen %u time%s elsewhere", sightings,
                             tscope_words_plural(sightings));
    else
        tscope_layout_text(layout, TSCOPE_STYLE_PLAIN, "in no archived key set");
}

static const char *
notice_words(enum tscope_notice_status status)
{
    switch (status) {
    case TSCOPE_NOTICE_COMPROMISED:
        return "compromised";
    case TSCOPE_NOTICE_SAMPLE:
        return "a sample out of documentation";
    case TSCOPE_NOTICE_TEST:
        return "a test key";
    case TSCOPE_NOTICE_WITHDRAWN:
        return "withdrawn";
    }
    return "?";
}

/* "Storm-0558: https://…" is Storm-0558 for those who know, and the address for those who look it up. */
static struct tscope_span
short_reference(struct tscope_span reference)
{
    size_t end = tscope_text_find(reference, TSCOPE_SPAN(": http"));

    return end == SIZE_MAX || end == 0 ? reference : tscope_span_of(reference.data, end);
}

static void
put_event(struct tscope_layout *layout, const char **separator, const char *words, int64_t time)
{
    if (time == TSCOPE_TIME_NONE)
        return;
    tscope_layout_text(layout, TSCOPE_STYLE_PLAIN, *separator);
    put_date(layout, words, time);
    *separator = ", ";
}

void
tscope_key_lines_put_notice_story(struct tscope_layout *layout, const struct tscope_history_notice *notice)
{
    const char *separator = ": ";

    tscope_layout_span(layout, TSCOPE_STYLE_PLAIN, short_reference(notice->reference));
    put_event(layout, &separator, "exposed from ", notice->exposed_from);
    put_event(layout, &separator, "misuse known from ", notice->abuse_first_known);
    put_event(layout, &separator, "withdrawn ", notice->withdrawn_at);
    if (notice->status == TSCOPE_NOTICE_COMPROMISED && notice->exposed_from == TSCOPE_TIME_NONE)
        tscope_layout_text(layout, TSCOPE_STYLE_PLAIN, "; since when it was exposed is not known");
}

void
tscope_key_lines_put_notice(struct tscope_layout *layout, const struct tscope_history_notice *notice)
{
    tscope_layout_text(layout, notice->status == TSCOPE_NOTICE_COMPROMISED ? TSCOPE_STYLE_ALARM : TSCOPE_STYLE_WARN,
                       notice_words(notice->status));
    tscope_layout_text(layout, TSCOPE_STYLE_PLAIN, ": ");
    tscope_key_lines_put_notice_story(layout, notice);
}
