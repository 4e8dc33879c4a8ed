/* SPDX-License-Identifier: Apache-2.0 */
#include "render/verdict_words.h"

#include "render/token_lines.h"

/* The check that set the verdict, in words for people who know no check. */
static const struct {
    const char *id, *words;
} clauses[] = {
    {"MS-MSA-ON-ENT", "Signed with a Microsoft account (consumer) key, which may not sign for this enterprise tenant"},
    {"MS-ENT-ON-MSA", "Signed with an enterprise key, which may not sign for Microsoft accounts"},
    {"MS-STORM0558", "Signed with the consumer key that the actor Storm-0558 had acquired"},
    {"MS-CLOUD", "Signed with a key of another cloud than its issuer's"},
    {"MS-TID-ISS", "Its tenant and its issuer contradict each other"},
    {"KEY-WRONG-ISS", "Signed with a key that belongs to another issuer than the one it names"},
    {"KEY-COMPROMISED", "Signed with a key that is known to have been in other hands"},
    {"KEY-SAMPLE", "Signed with a key that anybody can sign with: its private half is published"},
    {"KEY-TEST", "Signed with the key of a test environment, which may not sign for this issuer"},
    {"KEY-RETIRED", "Signed with a key that its issuer had already withdrawn"},
    {"KEY-EARLY", "Dated before its signing key was published"},
    {"KEY-CERT-EXP", "Signed with a key whose certificate was not in force"},
    {"KEY-STALE-USE", "Used when its signing key had long been withdrawn"},
    {"KEY-UNKNOWN", "Names a signing key that its issuer did not list, although complete lists are at hand"},
    {"ALG-NONE", "Not signed at all: anybody can write such a token"},
    {"ALG-NONE-CASE", "Not signed, under a disguise meant for careless software"},
    {"ALG-EMPTY-SIG", "Its signature is empty: anybody can write such a token"},
    {"ALG-FAMILY", "Says that it is signed in a way that goes with no key of its issuer"},
    {"SIG-BAD", "The signature does not fit: it was changed after signing, or written under a borrowed key name"},
    {"SIG-LEN", "The signature cannot be right: no such key makes one of this length"},
    {"SIG-PSYCHIC", "The signature is a trick that fits any message: nobody signed it"},
    {"SIG-OTHERKEY", "Another key signed it than the one it names"},
    {"HDR-CRIT", "Demands extensions that cannot be honoured"},
    {"HDR-DUP", "Says something twice under one name, so that readers may disagree"},
    {"CLM-ISS", "Its issuer or tenant is not the one that was asked for"},
    {"CLM-ISS-PART", "Its issuer only looks like a known one"},
    {"CLM-AUD", "It is meant for somebody else than was asked for"},
};

const char *
tscope_verdict_clause(size_t number, const char **ret_id)
{
    if (number >= TSCOPE_COUNT(clauses))
        return NULL;
    *ret_id = clauses[number].id;
    return clauses[number].words;
}

enum tscope_style
tscope_verdict_style(enum tscope_verdict verdict)
{
    switch (verdict) {
    case TSCOPE_VERDICT_FORGED:
    case TSCOPE_VERDICT_INVALID:
        return TSCOPE_STYLE_ALARM;
    case TSCOPE_VERDICT_SUSPICIOUS:
        return TSCOPE_STYLE_WARN;
    case TSCOPE_VERDICT_UNVERIFIED:
        return TSCOPE_STYLE_CALM;
    case TSCOPE_VERDICT_VALID:
        return TSCOPE_STYLE_GOOD;
    }
    return TSCOPE_STYLE_PLAIN;
}

const char *
tscope_verdict_word(enum tscope_verdict verdict)
{
    switch (verdict) {
    case TSCOPE_VERDICT_FORGED:
        return "FORGED";
    case TSCOPE_VERDICT_INVALID:
        return "INVALID";
    case TSCOPE_VERDICT_SUSPICIOUS:
        return "SUSPICIOUS";
    case TSCOPE_VERDICT_UNVERIFIED:
        return "UNVERIFIED";
    case TSCOPE_VERDICT_VALID:
        return "VALID";
    }
    return "?";
}

static const char *
title_among(const struct tscope_findings *findings, const char *id)
{
    for (size_t i = 0; i < findings->found_len; i++) {
        if (strcmp(findings->found[i].check->id, id) == 0)
            return findings->found[i].check->title;
    }
    return NULL;
}

/* The wrapper of an actor token has its reasons from the token inside. */
static const char *
title_of(const struct tscope_inspection *inspection, const char *id)
{
    const char *title = title_among(&inspection->deciding->findings, id);

    for (size_t i = 0; !title && i < inspection->token->nested_len; i++)
        title = title_among(&inspection->nested[i].deciding->findings, id);
    return title;
}

/* "token is unsecured" begins a sentence here. */
static void
put_title(struct tscope_layout *layout, const char *title)
{
    char first = title[0];

    if (first >= 'a' && first <= 'z')
        first = (char)(first - 'a' + 'A');
    tscope_layout_format(layout, TSCOPE_STYLE_STRONG, "%c%s", first, title[0] ? title + 1 : "");
}

static void
put_reason(struct tscope_layout *layout, const struct tscope_inspection *inspection)
{
    const char *id = inspection->reasons[0], *title = title_of(inspection, id);

    for (size_t i = 0; i < TSCOPE_COUNT(clauses); i++) {
        if (strcmp(clauses[i].id, id) == 0) {
            tscope_layout_text(layout, TSCOPE_STYLE_STRONG, clauses[i].words);
            return;
        }
    }
    put_title(layout, title ? title : id);
}

/* A missing key is no evidence of forgery, and who reads no further has to know. */
static const char *
unverified_words(const struct tscope_inspection *inspection, bool *ret_harmless)
{
    *ret_harmless = false;
    if (inspection->token->serialization == TSCOPE_SERIALIZATION_OPAQUE)
        return "Only its issuer can read it: nothing in it can be verified here.";
    if (inspection->decryption && inspection->decryption->status == TSCOPE_DECRYPTION_DECRYPTED)
        return inspection->token->nested_len ? "It was decrypted, and no key at hand can judge the token inside."
                                             : "It is encrypted and not signed: who made it cannot be told.";
    if (tscope_token_lines_is_jwe(inspection->token))
        return "It is encrypted: only its recipient can read it.";
    switch (inspection->deciding->resolution.status) {
    case TSCOPE_STATUS_NONE:
        return "A wrapper that is not signed by itself: the token inside decides, and could not be judged.";
    case TSCOPE_STATUS_VERIFIED:
        return "The signature verifies, but who may sign for the issuer it names is not known.";
    case TSCOPE_STATUS_MISSING:
        *ret_harmless = true;
        return "The signature is not in the evidence: who made it cannot be told.";
    case TSCOPE_STATUS_FAILED:
    case TSCOPE_STATUS_UNVERIFIED:
        break;
    }
    *ret_harmless = inspection->counts[TSCOPE_SEVERITY_MEDIUM] == 0;
    if (inspection->deciding->resolution.payload_masked)
        return "The claims are masked in the evidence: whether the signature holds cannot be told.";
    return "No key at hand can judge its signature: who made it cannot be told.";
}

static void
put_unverified(struct tscope_layout *layout, const struct tscope_inspection *inspection)
{
    bool harmless;

    tscope_layout_text(layout, TSCOPE_STYLE_STRONG, unverified_words(inspection, &harmless));
    if (harmless)
        tscope_layout_text(layout, TSCOPE_STYLE_PLAIN, " That is no sign of forgery.");
}

/* It speaks of the maker, not of the bearer. */
static void
put_valid(struct tscope_layout *layout, const struct tscope_inspection *inspection)
{
    const struct tscope_resolution *resolution = &inspection->deciding->resolution;
    const char *words = "Signed with a key of the issuer it names, and nothing contradicts its use then.";

    if (inspection->decryption)
        words = "It was decrypted, and the token inside is signed with a key of the issuer it names.";
    else if (resolution->status != TSCOPE_STATUS_VERIFIED)
        words = "A wrapper that is not signed by itself, around a token that is valid.";
    else if (resolution->entitlement == TSCOPE_ENTITLEMENT_ASSERTED)
        words = "Signed with a key that you gave, and nothing contradicts its use then.";
    tscope_layout_text(layout, TSCOPE_STYLE_STRONG, words);
    tscope_layout_text(layout, TSCOPE_STYLE_PLAIN, " Who used it is another question: a stolen token is valid too.");
}

/* The verdict's own words are a clause in lower case. */
static void
put_meaning(struct tscope_layout *layout, enum tscope_verdict verdict)
{
    const char *words = tscope_verdict_text(verdict);

    tscope_layout_format(layout, TSCOPE_STYLE_PLAIN, ". %c%s.", words[0] - 'a' + 'A', words + 1);
}

void
tscope_verdict_put_sentences(struct tscope_layout *layout, const struct tscope_inspection *inspection)
{
    if (inspection->reasons_len > 0) {
        put_reason(layout, inspection);
        put_meaning(layout, inspection->verdict);
        return;
    }
    if (inspection->verdict == TSCOPE_VERDICT_VALID)
        put_valid(layout, inspection);
    else
        put_unverified(layout, inspection);
}
