/* SPDX-License-Identifier: Apache-2.0 */
#include "checks/holder.h"

#include <stdarg.h>
#include <stdio.h>

#include "core/text.h"

/* Whose a key is and how that is known, as an examiner may read it: with file, digest and dates. */

#define WORDS_MAX 600

static const char *
keep(const tscope_subject *subject, struct tscope_span text)
{
    struct tscope_span kept = tscope_arena_copy(subject->arena, text);

    return kept.data ? (const char *)kept.data : "";
}

const char *
tscope_words(const tscope_subject *subject, const char *format, ...)
{
    char text[WORDS_MAX + 1];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    return keep(subject, tscope_span_text(text));
}

const char *
tscope_words_of(const tscope_subject *subject, struct tscope_span text)
{
    struct tscope_buffer buffer = {.arena = subject->arena};
    const char *words;

    tscope_text_escape(&buffer, text, TSCOPE_WORDS_TEXT_MAX);
    words = tscope_buffer_steal(&buffer, NULL);
    return words ? words : "";
}

const char *
tscope_words_of_iss(const tscope_subject *subject)
{
    return subject->iss.data ? tscope_words(subject, "'%s'", tscope_words_of(subject, subject->iss)) : "that is no text";
}

void
tscope_words_append_history(struct tscope_buffer *words, const struct tscope_history *history)
{
    size_t start = words->len;

    tscope_buffer_append_text(words, "the history ");
    tscope_text_quote(words, history->name, TSCOPE_SUBJECT_QUOTED_MAX);
    tscope_buffer_append_text(words, " (SHA-256 ");
    tscope_text_escape(words, history->sha256, TSCOPE_WORDS_TEXT_MAX);
    tscope_buffer_append_byte(words, ')');
    if (words->len - start > WORDS_MAX)
        words->len = start + WORDS_MAX;
}

const char *
tscope_words_of_history(const tscope_subject *subject, const struct tscope_history *history)
{
    struct tscope_buffer buffer = {.arena = subject->arena};
    const char *words;

    tscope_words_append_history(&buffer, history);
    words = tscope_buffer_steal(&buffer, NULL);
    return words ? words : "";
}

const char *
tscope_words_of_issuer(const tscope_subject *subject)
{
    if (!subject->issuer.family.data)
        return "an issuer nobody here knows";
    return tscope_words_of(subject, tscope_profile_family_words(subject->profile, subject->issuer.family));
}

static const char *
name_of(const tscope_subject *subject, const tscope_key *key)
{
    return tscope_subject_quote(subject, key->kid.data ? key->kid : tscope_span_text(key->thumbprint_text));
}

const char *
tscope_holder_words(const tscope_subject *subject)
{
    const struct tscope_standing *standing = &subject->resolution->standing;
    const char *name = name_of(subject, subject->resolution->key);

    if (!standing->family.data)
        return tscope_words(subject, "the key %s", name);
    return tscope_words(subject, "the key %s of %s", name,
                        tscope_words_of(subject, tscope_profile_family_words(subject->profile, standing->family)));
}

static const char *
how_known(const tscope_subject *subject)
{
    const struct tscope_standing *standing = &subject->resolution->standing;

    switch (standing->from) {
    case TSCOPE_FAMILY_FROM_ISSUER:
        return tscope_words(subject, "known by its own issuer member, %s",
                            standing->issuer.data ? tscope_words(subject, "'%s'", tscope_words_of(subject, standing->issuer))
                                                  : "as published");
    case TSCOPE_FAMILY_FROM_NOTICE:
        return "known by a notice that names it";
    case TSCOPE_FAMILY_FROM_ENDPOINT:
        return "known by a key set that serves no other family";
    case TSCOPE_FAMILY_FROM_SUBJECT:
        return tscope_words(subject, "known by the subject of its certificate alone, %s",
                            standing->certificate ? tscope_subject_quote(subject, standing->certificate->subject) : "as recorded");
    case TSCOPE_FAMILY_FROM_CALLER:
        return "known by the word of whoever filed it alone";
    case TSCOPE_FAMILY_FROM_NOTHING:
        break;
    }
    return "of unknown family";
}

/* Where the history saw it: the archived endpoint that had it last, else a dated sighting. */
static const char *
where_seen(const tscope_subject *subject, const tscope_key *recorded)
{
    const struct tscope_history *history = recorded->history;
    struct tscope_publication publications[16], *latest = NULL;
    size_t count = tscope_history_publications(history, recorded->history_key, publications, TSCOPE_COUNT(publications));
    struct tscope_life life;

    for (size_t i = 0; i < count && i < TSCOPE_COUNT(publications); i++) {
        if (!latest || publications[i].last > latest->last)
            latest = &publications[i];
    }
    if (latest)
        return tscope_words(subject, ", listed by %s from %s to %s",
                            tscope_words_of(subject, history->endpoints[latest->endpoint].url.data
                                                         ? history->endpoints[latest->endpoint].url
                                                         : history->endpoints[latest->endpoint].id),
                            tscope_subject_time(subject, latest->first), tscope_subject_time(subject, latest->last));
    life = tscope_history_life(history, recorded->history_key, subject->then);
    if (life.first == TSCOPE_TIME_NONE)
        return "";
    return tscope_words(subject, ", first seen %s", tscope_subject_time(subject, life.first));
}

const char *
tscope_holder_grounds(const tscope_subject *subject)
{
    const struct tscope_standing *standing = &subject->resolution->standing;
    const tscope_key *key = subject->resolution->key;

    if (!standing->recorded)
        return tscope_words(subject, "%s, in the keys given, %s", how_known(subject), tscope_subject_quote(subject, key->source));
    return tscope_words(subject, "%s, in %s%s", how_known(subject), tscope_words_of_history(subject, standing->recorded->history),
                        where_seen(subject, standing->recorded));
}
