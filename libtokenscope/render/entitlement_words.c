/* SPDX-License-Identifier: Apache-2.0 */
#include "render/entitlement_words.h"

#include "render/words.h"

static void
put_date(struct tscope_layout *layout, const char *before, int64_t time)
{
    char words[TSCOPE_WORDS_MAX];

    tscope_words_date(time, words);
    tscope_layout_format(layout, TSCOPE_STYLE_PLAIN, "%s%s", before, words);
}

/* An answer names its endpoint by its place in the history it came from: the one that gives the same answer again. */
static const struct tscope_history_endpoint *
endpoint_of(const tscope_subject *subject, const struct tscope_resolution *resolution, int64_t at)
{
    const struct tscope_presence_answer *answer = &resolution->at_then;
    uint32_t start = tscope_keyring_number(subject->keyring, resolution->key), number = start;

    if (answer->endpoint == TSCOPE_HISTORY_NONE)
        return NULL;
    do {
        const tscope_key *form = tscope_keyring_key(subject->keyring, number);

        number = form->next_same;
        if (!form->history || answer->endpoint >= form->history->endpoints_len)
            continue;
        struct tscope_presence_answer again = tscope_history_presence(form->history, form->history_key, at);

        if (again.presence == answer->presence && again.endpoint == answer->endpoint && again.before == answer->before &&
            again.after == answer->after)
            return &form->history->endpoints[answer->endpoint];
    } while (number != start);
    return NULL;
}

static void
put_endpoint(struct tscope_layout *layout, const struct tscope_judged_signature *judged)
{
    const struct tscope_history_endpoint *endpoint = endpoint_of(&judged->subject, &judged->resolution, judged->subject.then);

    if (!endpoint)
        return;
    tscope_layout_value(layout, TSCOPE_STYLE_PLAIN, endpoint->id, 64);
    tscope_layout_text(layout, TSCOPE_STYLE_PLAIN, ", ");
}

static void
put_contradiction(struct tscope_layout *layout, const struct tscope_judged_signature *judged)
{
    const struct tscope_resolution *resolution = &judged->resolution;
    const struct tscope_certificate *certificate = resolution->standing.certificate;
    const tscope_subject *subject = &judged->subject;

    tscope_layout_text(layout, TSCOPE_STYLE_ALARM, "no");
    if (resolution->right == TSCOPE_RIGHT_FAMILY) {
        tscope_layout_text(layout, TSCOPE_STYLE_PLAIN, ": tokens of this issuer are signed with ");
        tscope_layout_span(layout, TSCOPE_STYLE_PLAIN, tscope_profile_family_words(subject->profile, subject->issuer.family));
        tscope_layout_text(layout, TSCOPE_STYLE_PLAIN, " keys");
    } else if (resolution->right == TSCOPE_RIGHT_TENANT) {
        tscope_layout_text(layout, TSCOPE_STYLE_PLAIN, ": it is published for ");
        tscope_layout_value(layout, TSCOPE_STYLE_PLAIN, resolution->published_for, 120);
        tscope_layout_text(layout, TSCOPE_STYLE_PLAIN, ", and each such issuer has keys of its own");
    } else if (resolution->right == TSCOPE_RIGHT_TEST) {
        tscope_layout_text(layout, TSCOPE_STYLE_PLAIN, ": it is a key of a test environment, and the issuer is not");
    } else if (resolution->at_then.presence == TSCOPE_PRESENCE_EARLY) {
        tscope_layout_text(layout, TSCOPE_STYLE_PLAIN, ": a complete key set does not list it yet (");
        put_endpoint(layout, judged);
        put_date(layout, "", resolution->at_then.before);
        tscope_layout_text(layout, TSCOPE_STYLE_PLAIN, ")");
    } else if (resolution->at_then.presence == TSCOPE_PRESENCE_RETIRED) {
        tscope_layout_text(layout, TSCOPE_STYLE_PLAIN, ": complete key sets no longer list it (");
        put_endpoint(layout, judged);
        put_date(layout, "from ", resolution->at_then.after);
        tscope_layout_text(layout, TSCOPE_STYLE_PLAIN, ")");
    } else if (certificate) {
        put_date(layout, ": its certificate was in force from ", certificate->not_before);
        put_date(layout, " to ", certificate->not_after);
        put_date(layout, ", and the token says ", subject->then);
    }
}

void
tscope_entitlement_put(struct tscope_layout *layout, const struct tscope_judged_signature *judged)
{
    const struct tscope_resolution *resolution = &judged->resolution;

    switch (resolution->entitlement) {
    case TSCOPE_ENTITLEMENT_ARCHIVED:
        tscope_layout_text(layout, TSCOPE_STYLE_GOOD, "yes");
        tscope_layout_text(layout, TSCOPE_STYLE_PLAIN, ": complete key sets on both sides list it (");
        put_endpoint(layout, judged);
        put_date(layout, "", resolution->at_then.before);
        put_date(layout, " and ", resolution->at_then.after);
        tscope_layout_text(layout, TSCOPE_STYLE_PLAIN, ")");
        break;
    case TSCOPE_ENTITLEMENT_CONSISTENT:
        tscope_layout_text(layout, TSCOPE_STYLE_GOOD, "as far as is known");
        tscope_layout_text(layout, TSCOPE_STYLE_PLAIN,
                           resolution->standing.certificate
                               ? ": its certificate was in force; no complete key sets of that time are archived"
                               : ": it was seen before and after; no complete key sets of that time are archived");
        break;
    case TSCOPE_ENTITLEMENT_ASSERTED:
        tscope_layout_text(layout, TSCOPE_STYLE_CALM, "on your word");
        tscope_layout_text(layout, TSCOPE_STYLE_PLAIN, ": the key was given, and no history says whose it is or when it was listed");
        break;
    case TSCOPE_ENTITLEMENT_CONTRADICTED:
        put_contradiction(layout, judged);
        break;
    case TSCOPE_ENTITLEMENT_UNKNOWN:
        tscope_layout_text(layout, TSCOPE_STYLE_CALM, "not known");
        if (resolution->right == TSCOPE_RIGHT_DOUBTED)
            tscope_layout_text(layout, TSCOPE_STYLE_PLAIN,
                               ": the key is published for another issuer, which may be this one under another name");
        else if (resolution->right == TSCOPE_RIGHT_UNKNOWN)
            tscope_layout_text(layout, TSCOPE_STYLE_PLAIN, ": who signs for this issuer is not known");
        else if (judged->subject.then == TSCOPE_TIME_NONE)
            tscope_layout_text(layout, TSCOPE_STYLE_PLAIN, ": the token does not say when it was made");
        else
            tscope_layout_text(layout, TSCOPE_STYLE_PLAIN, ": no history speaks for that time");
        break;
    }
}
