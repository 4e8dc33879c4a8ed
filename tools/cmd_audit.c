/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "audit.h"
#include "case_verbs.h"
#include "message.h"
#include "verbs.h"

static const struct {
    const char *word;
    enum exit_status (*run)(int argc, char **argv);
} words[] = {
    {"import", audit_import},
    {"coverage", audit_coverage},
    {"correlate", audit_correlate},
};
#define WORDS_LEN (sizeof(words) / sizeof(words[0]))

static enum exit_status
run_audit(int argc, char **argv)
{
    const char *names[WORDS_LEN + 1] = {0}, *nearest;

    if (argc == 0)
        return message_usage("audit", "import, coverage or correlate?");
    for (size_t i = 0; i < WORDS_LEN; i++) {
        if (strcmp(argv[0], words[i].word) == 0)
            return words[i].run(argc - 1, argv + 1);
        names[i] = words[i].word;
    }
    nearest = message_nearest(argv[0], names);
    if (nearest)
        return message_usage("audit", "nothing called '%.40s'; did you mean '%s'?", argv[0], nearest);
    return message_usage("audit", "nothing called '%.40s'", argv[0]);
}

const struct verb verb_audit = {
    .name = "audit",
    .arguments = "import|coverage|correlate --case CASE [option|file]...",
    .summary = AUDIT_SUMMARY,
    .help = "  import FILE... --case CASE    logs into a case: unified audit, sign-ins, Graph\n"
            "                                activity, CloudTrail, Okta, Google; CSV, JSON,\n"
            "                                gzip, UTF-16; told apart by what stands in them\n"
            "    --category NAME             of sign-ins that do not say theirs: interactive,\n"
            "                                non-interactive, service-principal,\n"
            "                                managed-identity\n"
            "  coverage --case CASE          from when to when each log reaches, gaps, signs\n"
            "                                of cut exports, throttled mailboxes, retention\n"
            "    --format text|json|svg\n"
            "  correlate --case CASE [TOKEN|FILE|-]...\n"
            "                                which token ids were issued, which were not, and\n"
            "                                which cannot be what they say\n"
            "    --complete NAME             this log is complete, though it may have no row\n"
            "    --tenant ID                 whose sign-ins those are that name no tenant\n"
            "    --format text|json  --all   whole timelines, all leads\n"
            "  --now TIME                    what retention is reckoned from\n"
            "\n"
            "A log alone never says that a token was forged: docs/audit.md tells what each\n"
            "answer means.\n"
            "\n"
            "Examples:\n"
            "  tokenscope audit import ual.csv signins.json.gz --case a.case\n"
            "  tokenscope audit coverage --case a.case --format svg > coverage.svg\n"
            "  tokenscope audit correlate --case a.case < token.txt\n"
            "\n"
            "Exit status:\n"
            "  0   done; correlate: everything joins; coverage: nothing is missing\n"
            "  1   correlate: a contradiction, a token id without a sign-in where all\n"
            "      sign-ins are, or a token that was judged bad and whose id is used\n"
            "  2   import: rows were left out; coverage: something is missing; correlate:\n"
            "      nothing bad, and not everything could be joined\n"
            "  64  usage    65  no log that is known, or no case file    66  not found\n"
            "  70  internal error    74  input or output failed\n",
    .run = run_audit,
    .confines = true,
};
