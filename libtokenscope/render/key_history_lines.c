/* SPDX-License-Identifier: Apache-2.0 */
#include "render/key_history_lines.h"

#include "core/alloc.h"
#include "core/text.h"
#include "render/key_lines.h"
#include "render/words.h"

#define SIGHTINGS_MAX 8 /* shown; the rest is counted */
#define FORMS_MAX 8
#define SECONDS_A_DAY 86400
#define KIND_COLUMN (TSCOPE_LAYOUT_LABEL + 12)
#define SOURCE_COLUMN (KIND_COLUMN + 9)

static void
put_date(struct tscope_layout *layout, const char *before, int64_t time)
{
    char words[TSCOPE_WORDS_MAX];

    tscope_words_date(time, words);
    tscope_layout_format(layout, TSCOPE_STYLE_PLAIN, "%s%s", before, words);
}

/* Only inside these periods does it mean anything that a key was not seen. */
static void
write_coverage(struct tscope_layout *layout, const struct tscope_history *history, uint32_t endpoint)
{
    bool any = false;

    for (uint32_t i = 0; i < history->coverage_len; i++) {
        const struct tscope_history_coverage *coverage = &history->coverage[i];
        char from[TSCOPE_WORDS_MAX], to[TSCOPE_WORDS_MAX];

        if (coverage->endpoint != endpoint)
            continue;
        if (!any)
            tscope_layout_begin(layout, TSCOPE_LAYOUT_LABEL + 2, TSCOPE_LAYOUT_LABEL + 2);
        tscope_words_date(coverage->from, from);
        tscope_words_date(coverage->to, to);
        tscope_layout_format(layout, TSCOPE_STYLE_QUIET, "%s%s to %s", any ? ", " : "complete sets are archived from ", from, to);
        any = true;
    }
    tscope_layout_end(layout);
}

static void
write_publication(struct tscope_layout *layout, const struct tscope_history *history, const struct tscope_publication *publication)
{
    tscope_layout_begin(layout, TSCOPE_LAYOUT_LABEL, TSCOPE_LAYOUT_LABEL + 2);
    tscope_layout_value(layout, TSCOPE_STYLE_PLAIN, history->endpoints[publication->endpoint].id, TSCOPE_KEY_TEXT_MAX);
    if (publication->first == publication->last) {
        put_date(layout, " on ", publication->first);
    } else {
        put_date(layout, " from ", publication->first);
        put_date(layout, " to ", publication->last);
    }
    if (publication->absent != TSCOPE_TIME_NONE && publication->absent / SECONDS_A_DAY == publication->last / SECONDS_A_DAY)
        tscope_layout_text(layout, TSCOPE_STYLE_PLAIN, ", gone later that day");
    else if (publication->absent != TSCOPE_TIME_NONE)
        put_date(layout, ", gone on ", publication->absent);
    tscope_layout_end(layout);
    write_coverage(layout, history, publication->endpoint);
}

static enum tscope_status
write_published(struct tscope_layout *layout, const tscope_key *form, struct tscope_error *err)
{
    const struct tscope_history *history = form->history;
    size_t count = tscope_history_publications(history, form->history_key, NULL, 0);
    struct tscope_publication *publications = tscope_alloc_zeroed(count, sizeof(*publications));

    if (!publications)
        return tscope_error_no_memory(err);
    tscope_history_publications(history, form->history_key, publications, count);
    if (count > 0)
        tscope_layout_heading(layout, "Listed");
    for (size_t i = 0; i < count; i++)
        write_publication(layout, history, &publications[i]);
    tscope_free(publications);
    return TSCOPE_OK;
}

/* Where there is room, a table; else a list. */
static void
write_sighting(struct tscope_layout *layout, const struct tscope_history *history, const struct tscope_history_sighting *sighting)
{
    static const char *const kinds[] = {"archive", "sample", "cited"};
    bool roomy = layout->width >= 2 * SOURCE_COLUMN;
    char words[TSCOPE_WORDS_MAX] = "undated";

    if (sighting->at != TSCOPE_TIME_NONE)
        tscope_words_date(sighting->at, words);
    tscope_layout_begin(layout, TSCOPE_LAYOUT_LABEL, roomy ? SOURCE_COLUMN : TSCOPE_LAYOUT_LABEL + 2);
    tscope_layout_text(layout, TSCOPE_STYLE_PLAIN, words);
    if (roomy)
        tscope_layout_tab(layout, KIND_COLUMN);
    tscope_layout_format(layout, TSCOPE_STYLE_PLAIN, "%s%s ", roomy ? "" : ", ", kinds[sighting->kind]);
    if (roomy)
        tscope_layout_tab(layout, SOURCE_COLUMN);
    if (sighting->endpoint != TSCOPE_HISTORY_NONE) {
        tscope_layout_value(layout, TSCOPE_STYLE_PLAIN, history->endpoints[sighting->endpoint].id, TSCOPE_KEY_TEXT_MAX);
        tscope_layout_text(layout, TSCOPE_STYLE_QUIET, ": ");
    }
    tscope_layout_span(layout, TSCOPE_STYLE_QUIET, sighting->source);
    tscope_layout_end(layout);
}

static bool
is_earlier(const struct tscope_history_sighting *a, const struct tscope_history_sighting *b)
{
    return a->at < b->at || (a->at == b->at && a < b);
}

/* By time, which histories do not keep them in: the earliest behind the one shown last. */
static const struct tscope_history_sighting *
next_sighting(const struct tscope_history_sighting *sightings, size_t count, const struct tscope_history_sighting *last)
{
    const struct tscope_history_sighting *next = NULL;

    for (size_t i = 0; i < count; i++) {
        if ((!last || is_earlier(last, &sightings[i])) && (!next || is_earlier(&sightings[i], next)))
            next = &sightings[i];
    }
    return next;
}

static void
write_sightings(struct tscope_layout *layout, const tscope_key *form)
{
    const struct tscope_history_key *row = &form->history->keys[form->history_key];
    const struct tscope_history_sighting *sighting = NULL;
    uint32_t shown = row->sightings_len < SIGHTINGS_MAX ? row->sightings_len : SIGHTINGS_MAX;

    if (shown == 0)
        return;
    tscope_layout_heading(layout, "Seen");
    for (uint32_t i = 0; i < shown; i++) {
        sighting = next_sighting(form->history->sightings + row->sightings, row->sightings_len, sighting);
        write_sighting(layout, form->history, sighting);
    }
    if (row->sightings_len <= shown)
        return;
    tscope_layout_begin(layout, TSCOPE_LAYOUT_LABEL, TSCOPE_LAYOUT_LABEL);
    tscope_layout_format(layout, TSCOPE_STYLE_QUIET, "and %u more times", row->sightings_len - shown);
    tscope_layout_end(layout);
}

/* Where it can be read up what the headline says. */
static void
write_notices(struct tscope_layout *layout, const struct tscope_history *history, uint32_t key)
{
    bool any = false;

    for (uint32_t i = 0; i < history->notices_len; i++) {
        if (history->notices[i].key != key || tscope_text_find(history->notices[i].reference, TSCOPE_SPAN("://")) == SIZE_MAX)
            continue;
        if (!any)
            tscope_layout_heading(layout, "Notices");
        any = true;
        tscope_layout_begin(layout, TSCOPE_LAYOUT_LABEL, TSCOPE_LAYOUT_LABEL + 2);
        tscope_layout_format(layout, TSCOPE_STYLE_PLAIN, "%s: ", tscope_notice_status_name(history->notices[i].status));
        tscope_layout_span(layout, TSCOPE_STYLE_QUIET, history->notices[i].reference);
        tscope_layout_end(layout);
    }
}

static enum tscope_status
write_history(struct tscope_layout *layout, const tscope_key *form, struct tscope_error *err)
{
    enum tscope_status status;

    write_notices(layout, form->history, form->history_key);
    status = write_published(layout, form, err);
    write_sightings(layout, form);
    return status;
}

static void
write_form(struct tscope_layout *layout, const tscope_key *form)
{
    tscope_layout_blank(layout);
    tscope_layout_begin(layout, 0, TSCOPE_LAYOUT_LABEL);
    tscope_layout_text(layout, TSCOPE_STYLE_STRONG, "The same key in another form");
    if (!form->history) {
        tscope_layout_text(layout, TSCOPE_STYLE_PLAIN, ", from ");
        tscope_layout_value(layout, TSCOPE_STYLE_PLAIN, form->source, TSCOPE_KEY_TEXT_MAX);
    }
    if (form->kid.data) {
        tscope_layout_text(layout, TSCOPE_STYLE_PLAIN, ", kid ");
        tscope_layout_value(layout, TSCOPE_STYLE_PLAIN, form->kid, TSCOPE_KEY_TEXT_MAX);
    }
    if (form->issuer.data) {
        tscope_layout_text(layout, TSCOPE_STYLE_PLAIN, ", issuer ");
        tscope_layout_value(layout, TSCOPE_STYLE_PLAIN, form->issuer, TSCOPE_KEY_TEXT_MAX);
    }
    tscope_layout_end(layout);
}

enum tscope_status
tscope_key_history_lines(struct tscope_layout *layout, const tscope_keyring *keyring, const tscope_key *key, struct tscope_error *err)
{
    enum tscope_status status = key->history ? write_history(layout, key, err) : TSCOPE_OK;
    uint32_t start = tscope_keyring_number(keyring, key), number = key->next_same;

    for (size_t shown = 0; number != start && shown < FORMS_MAX && status == TSCOPE_OK; shown++) {
        const tscope_key *form = tscope_keyring_key(keyring, number);

        write_form(layout, form);
        if (form->history)
            status = write_history(layout, form, err);
        number = form->next_same;
    }
    return status;
}
