/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <tokenscope/sweep.h>
#include <tokenscope/tokenscope.h>

#include "case_file.h"
#include "case_judge.h"
#include "case_verbs.h"
#include "confine.h"
#include "examiner.h"
#include "jobs.h"
#include "memory.h"
#include "message.h"
#include "output.h"
#include "scan_find.h"
#include "scan_progress.h"
#include "verbs.h"
#include "walk.h"
#include "wanted_keys.h"

enum { FORMAT_TEXT, FORMAT_JSONL };
static const char *const formats[] = {"text", "jsonl", NULL};

#define VERDICT_WORD(name, id, words) id,
static const char *const fail_on_words[] = {TSCOPE_FOREACH_VERDICT(VERDICT_WORD) "never", NULL};
#undef VERDICT_WORD
enum { FAIL_ON_VALID = TSCOPE_VERDICT_VALID, FAIL_ON_NEVER };
#define VERDICTS (TSCOPE_VERDICT_VALID + 1)

struct scan {
    struct examiner examiner;
    struct option_list operands;
    const char *case_path, *find_private_of;
    tscope_keyring *private_of;
    int format, fail_on;
    long jobs;
    bool aligned, deep, reveal, no_tokens, no_keys;

    unsigned threads;
    tscope_case *into;
    struct stat own; /* the case file */
    tscope_sweep *sweep;
    struct walk walk;
    struct status_tally tally;
    const char *range;
    bool is_part;
    uint64_t begin, end; /* of each file, with is_part */
    bool has_failed;     /* nothing more can be done */
    size_t verdicts[VERDICTS], unjudged, keys, leaked;
};

/* ---- interruption */

static tscope_sweep *volatile running;
static volatile sig_atomic_t interrupted;

static void
interrupt(int signal_number)
{
    interrupted = signal_number;
    if (running)
        tscope_sweep_cancel(running);
}

static void
watch_signals(void)
{
    const struct sigaction action = {.sa_handler = interrupt, .sa_flags = SA_RESTART | (int)SA_RESETHAND}; /* a second one ends at once */

    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGHUP, &action, NULL);
}

/* ---- finds */

static enum exit_status
status_of_verdict(const struct scan *scan, enum tscope_verdict verdict, bool is_uncertain)
{
    if (scan->fail_on != FAIL_ON_NEVER && (int)verdict <= scan->fail_on)
        return EXIT_STATUS_BAD;
    if (verdict == TSCOPE_VERDICT_UNVERIFIED || (verdict > TSCOPE_VERDICT_INVALID && is_uncertain))
        return EXIT_STATUS_UNDECIDED;
    return EXIT_STATUS_OK;
}

static void
count_find(struct scan *scan, const struct tscope_sweep_find *find)
{
    if (find->kind == TSCOPE_FIND_KEY) {
        scan->keys++;
        scan->leaked += find->is_published_key;
        if (find->is_published_key)
            status_note(&scan->tally, EXIT_STATUS_BAD);
        return;
    }
    if (find->answer->status != TSCOPE_OK) {
        scan->unjudged++;
        status_note(&scan->tally, status_of(find->answer->status));
        return;
    }
    scan->verdicts[find->answer->verdict]++;
    status_note(&scan->tally, status_of_verdict(scan, find->answer->verdict, find->answer->is_uncertain));
}

static bool
take_find(void *user, const struct tscope_sweep_find *find)
{
    struct scan *scan = user;

    count_find(scan, find);
    scan_progress_pause();
    if (scan->format == FORMAT_JSONL)
        scan_find_json(find);
    else
        scan_find_text(find);
    return output_flush();
}

static void
tell(void *user, const char *path, const char *message)
{
    (void)user;
    scan_progress_pause();
    message_print("%s: %s", path, message);
}

static void
fail(struct scan *scan, const struct tscope_error *err)
{
    scan_progress_pause();
    scan->has_failed = true;
    status_note(&scan->tally, message_error(NULL, err));
}

static bool
take_file(void *user, const char *path, int descriptor)
{
    struct scan *scan = user;
    struct tscope_error err = {0};

    if ((scan->is_part ? tscope_sweep_add_range(scan->sweep, path, descriptor, scan->begin, scan->end, &err)
                       : tscope_sweep_add(scan->sweep, path, descriptor, &err)) == TSCOPE_OK)
        return !interrupted;
    if (err.status != TSCOPE_ERR_STATE)
        fail(scan, &err);
    return false;
}

/* ---- the end */

static void
print_bytes(uint64_t bytes)
{
    static const char *const units[] = {"bytes", "KiB", "MiB", "GiB", "TiB"};
    double shown = (double)bytes;
    size_t unit = 0;

    for (; shown >= 1024 && unit + 1 < sizeof(units) / sizeof(units[0]); unit++)
        shown /= 1024;
    fprintf(stderr, unit ? "%.1f %s" : "%.0f %s", shown, units[unit]);
}

static void
print_part(const char *separator, uint64_t count, const char *one, const char *more)
{
    if (count > 0)
        fprintf(stderr, "%s%" PRIu64 " %s", separator, count, count == 1 ? one : more);
}

static void
print_summary(const struct scan *scan)
{
    struct tscope_sweep_counts counts;
    size_t printed = 0;

    tscope_sweep_count(scan->sweep, &counts);
    fprintf(stderr, "tokenscope: read %" PRIu64 " file%s, ", counts.files, counts.files == 1 ? "" : "s");
    print_bytes(counts.bytes_read - counts.bytes_known);
    print_part("; ", counts.skipped, "is known from the case", "are known from the case");
    print_part("; ", counts.unreadable, "not read to its end", "not read to their end");
    print_part("; ", counts.partly, "only partly read", "only partly read");
    print_part("; passed over: ", scan->walk.skips.links, "link", "links");
    print_part(scan->walk.skips.links ? ", " : "; passed over: ", scan->walk.skips.special, "that is no file", "that are no files");
    fprintf(stderr, "\ntokenscope: found %" PRIu64 " token%s, %" PRIu64 " key%s", counts.tokens, counts.tokens == 1 ? "" : "s", counts.keys,
            counts.keys == 1 ? "" : "s");
    for (int i = 0; i < VERDICTS; i++) {
        if (scan->verdicts[i] > 0)
            fprintf(stderr, "%s%zu %s", printed++ ? ", " : "; ", scan->verdicts[i], tscope_verdict_id((enum tscope_verdict)i));
    }
    if (scan->unjudged > 0)
        fprintf(stderr, "%s%zu not judged", printed ? ", " : "; ", scan->unjudged);
    fputc('\n', stderr);
    if (scan->leaked > 0)
        fprintf(stderr, "tokenscope: %zu private key%s of published signing keys: whoever holds one can sign as the issuer\n", scan->leaked,
                scan->leaked == 1 ? "" : "s");
}

static void
note_files(struct scan *scan)
{
    struct tscope_sweep_counts counts;

    tscope_sweep_count(scan->sweep, &counts);
    if (counts.unreadable > 0)
        status_note(&scan->tally, EXIT_STATUS_IO);
    if (counts.partly > 0)
        status_note(&scan->tally, EXIT_STATUS_UNDECIDED);
}

/* ---- the scan */

static uint64_t
measure(const struct scan *scan)
{
    uint64_t bytes = 0;

    for (size_t i = 0; i < scan->operands.words_len; i++)
        bytes += walk_measure(scan->operands.words[i]);
    return bytes;
}

static void
sweep_operands(struct scan *scan)
{
    struct tscope_error err = {0};
    bool goes_on = true;

    scan->walk.take = take_file;
    scan->walk.user = scan;
    scan->walk.tally = &scan->tally;
    for (size_t i = 0; i < scan->operands.words_len && goes_on; i++)
        goes_on = walk_operand(&scan->walk, scan->operands.words[i]);
    if (tscope_sweep_finish(scan->sweep, &err) != TSCOPE_OK && goes_on)
        fail(scan, &err);
}

static enum exit_status
open_sweep(struct scan *scan)
{
    const struct tscope_sweep_options options = {
        .size = sizeof(options),
        .into = scan->into,
        .judge = scan->examiner.inspector,
        .known = scan->examiner.keyring,
        .private_of = scan->private_of,
        .scan = (scan->no_tokens ? 0 : TSCOPE_SCAN_TOKENS) | (scan->no_keys ? 0 : TSCOPE_SCAN_KEYS) | (scan->deep ? TSCOPE_SCAN_DEEP : 0) |
                (scan->aligned ? TSCOPE_SCAN_ALIGNED : 0),
        .threads = scan->threads,
        .moment = scan->examiner.moment,
        .reveal = scan->reveal,
        .rows = scan->format == FORMAT_JSONL,
        .deliver = take_find,
        .tell = tell,
        .user = scan,
    };
    struct tscope_error err = {0};

    return tscope_sweep_new(&options, &scan->sweep, &err) == TSCOPE_OK ? EXIT_STATUS_OK : message_error(NULL, &err);
}

static enum exit_status
scan_all(struct scan *scan)
{
    enum exit_status status = open_sweep(scan);

    if (status != EXIT_STATUS_OK)
        return status;
    running = scan->sweep;
    watch_signals();
    scan_progress_begin(scan->sweep, scan_progress_is_shown() ? measure(scan) : 0);
    sweep_operands(scan);
    scan_progress_end();
    running = NULL;
    fflush(stdout);
    note_files(scan);
    print_summary(scan);
    return status_worst(&scan->tally);
}

/* Files can be written in the folder of the case alone, and nowhere without one. */
static void
confine(const struct scan *scan)
{
    if (scan->case_path)
        case_file_confine(scan->case_path);
    else
        confine_files(-1);
}

static enum exit_status
open_case(struct scan *scan)
{
    const char *slash;
    enum exit_status status;

    if (!scan->case_path)
        return EXIT_STATUS_OK;
    status = case_file_write(scan->case_path, true, &scan->into);
    if (status != EXIT_STATUS_OK)
        return status;
    slash = strrchr(scan->case_path, '/');
    if (stat(scan->case_path, &scan->own) == 0) {
        scan->walk.own = &scan->own;
        scan->walk.own_name = slash ? slash + 1 : scan->case_path;
    }
    return EXIT_STATUS_OK;
}

static bool
is_interrupted(void *user)
{
    (void)user;
    return interrupted;
}

/* What was found is judged also when a file could not be read, but not when the case cannot be written. */
static bool
status_is_judged(enum exit_status status)
{
    return status != EXIT_STATUS_USAGE && status != EXIT_STATUS_INTERNAL;
}

static enum exit_status
judge_case(struct scan *scan, bool has_now)
{
    const struct case_judge judge = {
        .examiner = &scan->examiner,
        .has_now = has_now,
        .threads = scan->threads,
        .is_cancelled = is_interrupted,
    };

    if (scan->has_failed)
        return status_worst(&scan->tally);
    status_note(&scan->tally, case_judge(scan->into, &judge));
    if (!interrupted)
        status_note(&scan->tally, case_sum_up(scan->into, scan->fail_on, scan->fail_on == FAIL_ON_NEVER));
    return status_worst(&scan->tally);
}

/* As if it had not been caught, so that whoever started the program sees what ended it. */
static void
end_by_signal(const struct scan *scan)
{
    message_print("interrupted%s", scan->case_path ? ": the same command goes on where this one was" : "");
    fflush(stdout);
    signal(interrupted, SIG_DFL);
    raise(interrupted);
}

/* BEGIN-END, bytes; END is the first that is not in it. */
static enum exit_status
read_range(struct scan *scan)
{
    char *behind = NULL;
    bool is_number = scan->range[0] >= '0' && scan->range[0] <= '9';

    errno = 0;
    scan->begin = is_number ? strtoull(scan->range, &behind, 10) : 0;
    is_number = is_number && errno == 0 && *behind == '-' && behind[1] >= '0' && behind[1] <= '9';
    scan->end = is_number ? strtoull(behind + 1, &behind, 10) : 0;
    if (!is_number || errno != 0 || *behind != '\0' || scan->begin >= scan->end)
        return message_usage("scan", "--range '%.40s' is no BEGIN-END in bytes", scan->range);
    if (scan->case_path)
        return message_usage("scan", "--range goes without --case: a case is about whole files");
    scan->is_part = true;
    return EXIT_STATUS_OK;
}

static enum exit_status
check_operands(struct scan *scan)
{
    if (scan->operands.words_len == 0)
        return message_usage("scan", "no file or folder is named ('-' is standard input)");
    if (scan->no_tokens && scan->no_keys)
        return message_usage("scan", "--no-tokens and --no-keys leave nothing to look for");
    if (scan->fail_on == FAIL_ON_VALID)
        return message_usage("scan", "--fail-on 'valid' is not one of: forged, invalid, suspicious, unverified, never");
    return scan->range ? read_range(scan) : EXIT_STATUS_OK;
}

static enum exit_status
run_scan(int argc, char **argv)
{
    struct scan scan = {.examiner = EXAMINER_DEFAULT, .fail_on = TSCOPE_VERDICT_SUSPICIOUS};
    const struct option table[] = {
        EXAMINER_OPTIONS(scan.examiner),
        {"no-embedded", OPTION_FLAG, &scan.examiner.sources.no_embedded, NULL},
        {"key-exposed-from", OPTION_TEXT, &scan.examiner.exposed, NULL},
        {"trials", OPTION_NUMBER, &scan.examiner.trials, NULL},
        {"case", OPTION_TEXT, &scan.case_path, NULL},
        {"format", OPTION_CHOICE, &scan.format, formats},
        {"fail-on", OPTION_CHOICE, &scan.fail_on, fail_on_words},
        {"find-private-of", OPTION_TEXT, &scan.find_private_of, NULL},
        {"range", OPTION_TEXT, &scan.range, NULL},
        {"jobs", OPTION_NUMBER, &scan.jobs, NULL},
        {"aligned", OPTION_FLAG, &scan.aligned, NULL},
        {"deep", OPTION_FLAG, &scan.deep, NULL},
        {"reveal", OPTION_FLAG, &scan.reveal, NULL},
        {"no-tokens", OPTION_FLAG, &scan.no_tokens, NULL},
        {"no-keys", OPTION_FLAG, &scan.no_keys, NULL},
        {0},
    };
    enum exit_status status = options_parse("scan", argc, argv, table, &scan.operands);
    bool has_now;

    if (status == EXIT_STATUS_OK)
        status = check_operands(&scan);
    if (status == EXIT_STATUS_OK)
        status = jobs_count("scan", scan.jobs, &scan.threads);
    if (scan.find_private_of && access(scan.find_private_of, F_OK) == 0) /* what belongs to them is to be known as theirs */
        option_list_add(&scan.examiner.sources.keys, scan.find_private_of);
    has_now = scan.examiner.moment.now != TSCOPE_TIME_UNKNOWN;
    if (status == EXIT_STATUS_OK) {
        confine(&scan);
        status = examiner_open(&scan.examiner, "scan");
    }
    if (status == EXIT_STATUS_OK && scan.find_private_of)
        status = wanted_keys_load(scan.find_private_of, scan.deep, scan.examiner.keyring, &scan.private_of);
    if (status == EXIT_STATUS_OK)
        status = open_case(&scan); /* no case is made of a command that cannot be carried out */
    if (status == EXIT_STATUS_OK)
        status = scan_all(&scan);
    if (scan.sweep && scan.into && status_is_judged(status) && !interrupted)
        status = judge_case(&scan, has_now);
    tscope_sweep_free(scan.sweep);
    if (scan.into)
        status = case_file_close(scan.into, status);
    if (interrupted)
        end_by_signal(&scan);
    tscope_keyring_free(scan.private_of);
    examiner_close(&scan.examiner);
    option_list_clear(&scan.operands);
    return status;
}

const struct verb verb_scan = {
    .name = "scan",
    .arguments = "[option]... PATH...",
    .summary = SCAN_SUMMARY,
    .help = "Files, and all files of folders, are searched as bytes, whatever they are:\n"
            "dumps, logs, HTTP archives, ZIP and gzip; '-' is standard input.\n"
            "\n"
            "Keys and clocks:\n"
            "  --keys FILE|DIR  --history FILE  --secrets FILE  --no-embedded\n"
            "  --key-exposed-from KID=TIME  --profile NAME|FILE\n"
            "  --seen TIME               for finds without a time of their own\n"
            "  --now TIME  --leeway S\n"
            "  --trials N                keys that are tried for a signature whose key is\n"
            "                            not found by its name (512); fewer are quicker\n"
            "What is looked for:\n"
            "  --no-tokens, --no-keys    not these\n"
            "  --find-private-of FILE|KID\n"
            "                            the private numbers of these RSA keys (a key set, or\n"
            "                            a kid of those at hand) at every byte, in the orders\n"
            "                            that programs keep them in: slow\n"
            "  --aligned                 these only where allocators put them: quick\n"
            "  --deep                    also what takes minutes a gigabyte\n"
            "  --range BEGIN-END         what begins in these bytes of each file alone, for\n"
            "                            machines that share one: docs/scan.md\n"
            "  --jobs N                  threads that read (one a processor)\n"
            "Output:\n"
            "  --case FILE               keep all in a case file, not on the screen; made\n"
            "                            when it is not there. The same command again goes on\n"
            "                            where it was interrupted, and takes new files in\n"
            "  --format text|jsonl       for people; an object a find\n"
            "  --fail-on VERDICT         exit with 1 at forged, invalid, suspicious,\n"
            "                            unverified or worse; or never (suspicious)\n"
            "  --reveal                  signatures whole, private keys as JWK\n"
            "\n"
            "Examples:\n"
            "  tokenscope scan capture.har\n"
            "  tokenscope scan --format jsonl /evidence > finds.jsonl\n"
            "  tokenscope scan --case a.case --keys jwks.json /evidence\n"
            "  zcat memory.gz | tokenscope scan -\n"
            "\n"
            "Exit status:\n"
            "  0   nothing at or above --fail-on\n"
            "  1   a verdict at or above it, or a private key of a published signing key\n"
            "  2   nothing bad, but a verdict is unverified or could have been graver, or\n"
            "      something in a file was not read: encrypted, cut off, nested too deep\n"
            "  64  usage    65  unusable keys    66  not found    69  not supported\n"
            "  70  internal error    74  a file could not be read, or output failed\n"
            "Of several the first of 70, 74, 1, 65, 66, 69, 2, 0 that occurred.\n",
    .run = run_scan,
    .confines = true,
};
