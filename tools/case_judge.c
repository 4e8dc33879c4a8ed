/* SPDX-License-Identifier: Apache-2.0 */
#include "case_judge.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include <tokenscope/hash.h>
#include <tokenscope/tokenscope.h>

#include "input.h"
#include "memory.h"
#include "message.h"
#include "progress.h"

/* ---- what tokens are judged with, as a text that is the same when the judgement must be */

static json_t *
digest_json(tscope_hasher *hasher)
{
    uint8_t digest[TSCOPE_HASH_LEN];
    char text[2 * TSCOPE_HASH_LEN + 1];

    if (tscope_hasher_finish(hasher, digest, NULL) != TSCOPE_OK)
        return json_null();
    for (size_t i = 0; i < sizeof(digest); i++)
        snprintf(text + 2 * i, 3, "%02x", digest[i]);
    return json_string(text);
}

static void
hash_text(tscope_hasher *hasher, const char *text)
{
    if (text && tscope_hasher_add(hasher, (const uint8_t *)text, strlen(text), NULL) != TSCOPE_OK)
        return;
    (void)!tscope_hasher_add(hasher, (const uint8_t *)"", 1, NULL);
}

/* Keys by what they are, not by the files they came in: that a file was moved changes nothing. */
static json_t *
keys_json(const tscope_keyring *keyring, tscope_hasher *hasher)
{
    size_t given = 0;

    for (size_t i = 0; i < tscope_keyring_count(keyring); i++) {
        const tscope_key *key = tscope_keyring_key(keyring, i);
        const char *source = tscope_key_source(key);

        if (source && strcmp(source, "embedded") == 0)
            continue;
        hash_text(hasher, tscope_key_thumbprint(key));
        hash_text(hasher, tscope_key_kid(key));
        hash_text(hasher, tscope_key_family(key));
        given++;
    }
    return given ? json_pack("{s:I, s:o}", "count", (json_int_t)given, "sha256", digest_json(hasher)) : json_null();
}

static json_t *
files_json(const struct option_list *paths, tscope_hasher *hasher)
{
    json_t *list = json_array();

    for (size_t i = 0; i < paths->words_len; i++) {
        AUTO(heap_text) *bytes = NULL;
        size_t bytes_len = 0;

        if (input_load(paths->words[i], EXAMINER_FILE_MAX, &bytes, &bytes_len) == EXIT_STATUS_OK &&
            tscope_hasher_add(hasher, (const uint8_t *)bytes, bytes_len, NULL) == TSCOPE_OK)
            json_array_append_new(list, digest_json(hasher));
    }
    return list;
}

static json_t *
profile_json(const char *name, tscope_hasher *hasher)
{
    const char *words[] = {name};
    const struct option_list paths = {words, 1};
    json_t *digests;

    if (!name || examiner_profile_is_shipped(name))
        return json_string(name ? name : "shipped");
    digests = files_json(&paths, hasher);
    return digests;
}

static json_t *
time_json(int64_t time)
{
    return time == TSCOPE_TIME_UNKNOWN ? json_null() : json_integer(time);
}

static char *
make_settings(const struct case_judge *judge)
{
    const struct examiner *examiner = judge->examiner;
    tscope_hasher *hasher = NULL;
    AUTO(json_t) *settings = NULL;
    char *text;

    if (tscope_hasher_new(NULL, &hasher, NULL) != TSCOPE_OK)
        return NULL;
    settings = json_pack("{s:s, s:o, s:o, s:o, s:o, s:o, s:I, s:o, s:o, s:s*, s:s*, s:s*, s:s*, s:b, s:I}", "tool", tscope_version(),
                         "history", examiner->sources.no_embedded ? json_null() : json_string(tscope_history_digest()), "histories",
                         files_json(&examiner->sources.histories, hasher), "secrets", files_json(&examiner->sources.secrets, hasher),
                         "keys", keys_json(examiner->keyring, hasher), "profile", profile_json(examiner->profile_name, hasher), "leeway",
                         (json_int_t)(examiner->leeway < 0 ? 300 : examiner->leeway), "seen", time_json(examiner->moment.seen), "now",
                         judge->has_now ? time_json(examiner->moment.now) : json_null(), "issuer", examiner->policy.issuer, "audience",
                         examiner->policy.audience, "tenant", examiner->policy.tenant, "key_exposed_from", examiner->exposed, "require_mfa",
                         examiner->require_mfa, "trials", (json_int_t)(examiner->trials < 0 ? 512 : examiner->trials));
    tscope_hasher_free(hasher);
    text = settings ? json_dumps(settings, JSON_COMPACT) : NULL;
    return text;
}

/* ---- judging */

struct progress {
    const struct case_judge *judge;
    const struct tscope_case_judged *judged;
};

static bool
show_progress(void *user)
{
    const struct progress *progress = user;

    progress_show("judging: %" PRIu64 " of %" PRIu64 " tokens, ", progress->judged->done, progress->judged->tokens);
    return progress->judge->is_cancelled && progress->judge->is_cancelled(progress->judge->user);
}

enum exit_status
case_judge(tscope_case *opened, const struct case_judge *judge)
{
    AUTO(heap_text) *settings = make_settings(judge);
    struct tscope_case_judged judged = {0};
    struct progress progress = {judge, &judged};
    const struct tscope_case_judging judging = {
        .settings = settings,
        .moment = judge->examiner->moment,
        .threads = judge->threads,
        .is_cancelled = show_progress,
        .user = &progress,
    };
    struct tscope_error err = {0};
    enum tscope_status status;

    if (!settings) {
        message_print("out of memory");
        return EXIT_STATUS_INTERNAL;
    }
    status = tscope_case_judge(opened, judge->examiner->inspector, &judging, &judged, &err);
    progress_end();
    if (status != TSCOPE_OK)
        return message_error(NULL, &err);
    if (judged.others > 0)
        message_print("%" PRIu64 " tokens had been judged with other keys or settings, and were judged again", judged.others);
    if (judged.altered == 0)
        return EXIT_STATUS_OK;
    message_print("WARNING: %" PRIu64 " %s in the case %s not the SHA-256 that the case keeps %s under: somebody altered it; not judged",
                  judged.altered, judged.altered == 1 ? "token" : "tokens", judged.altered == 1 ? "has" : "have",
                  judged.altered == 1 ? "it" : "them");
    return EXIT_STATUS_DATA;
}

/* ---- the sum */

static void
print_part(bool *is_first, uint64_t count, const char *one, const char *more)
{
    if (count == 0)
        return;
    fprintf(stderr, "%s%" PRIu64 " %s", *is_first ? "" : ", ", count, count == 1 ? one : more);
    *is_first = false;
}

enum exit_status
case_sum_up(tscope_case *opened, int fail_on, bool fails_never)
{
    struct tscope_case_counts counts;
    struct status_tally tally = {0};
    struct tscope_error err = {0};
    bool is_first = true;

    if (tscope_case_count(opened, &counts, &err) != TSCOPE_OK)
        return message_error(NULL, &err);
    fputs("tokenscope: in the case: ", stderr);
    print_part(&is_first, counts.files, "file", "files");
    print_part(&is_first, counts.files_failed, "not read to its end", "not read to their end");
    print_part(&is_first, counts.files_open, "begun", "begun");
    print_part(&is_first, counts.tokens, "token", "tokens");
    print_part(&is_first, counts.places, "place of one", "places of them");
    print_part(&is_first, counts.keys, "place of a key", "places of keys");
    fputs(is_first ? "nothing\n" : "\n", stderr);
    is_first = true;
    for (int i = 0; i <= TSCOPE_VERDICT_VALID; i++) {
        const char *id = tscope_verdict_id((enum tscope_verdict)i);

        if (is_first && counts.verdicts[i] > 0)
            fputs("tokenscope: ", stderr);
        print_part(&is_first, counts.verdicts[i], id, id);
        if (counts.verdicts[i] > 0 && !fails_never && i <= fail_on)
            status_note(&tally, EXIT_STATUS_BAD);
    }
    print_part(&is_first, counts.unjudged, "not judged", "not judged");
    if (!is_first)
        fputc('\n', stderr);
    if (counts.keys_published > 0) {
        fprintf(stderr,
                "tokenscope: private keys of published signing keys at %" PRIu64 " place%s: whoever holds one can sign as the issuer\n",
                counts.keys_published, counts.keys_published == 1 ? "" : "s");
        status_note(&tally, EXIT_STATUS_BAD);
    }
    if (counts.verdicts[TSCOPE_VERDICT_UNVERIFIED] > 0 || counts.uncertain > 0 || counts.unjudged > 0)
        status_note(&tally, EXIT_STATUS_UNDECIDED);
    return status_worst(&tally);
}
