/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "confine.h"
#include "keys.h"
#include "memory.h"
#include "message.h"
#include "verbs.h"

static const char *const formats[] = {"text", "json", "svg", NULL};
static const char *const colours[] = {"auto", "always", "never", NULL};
static const char *const states[] = {"published", "unknown", "retired", "early", "any", NULL};

/* What can be done with keys. */
static const struct action {
    const char *name;
    size_t operands_min, operands_max;
    const char *operands; /* in words, when their number is wrong */
    const char *options;  /* that it takes, each with a space before and behind it */
    bool loads;           /* all sources, into keys->keyring */
    enum exit_status (*run)(const struct keys *keys);
} actions[] = {
    {"diff", 2, 2, "diff takes two key sets or key histories", " format color ", false, keys_diff},
    {"lint", 0, SIZE_MAX, "", " keys history published from no-embedded format color ", false, keys_lint},
    {"list", 0, 0, "list takes options only, such as --keys FILE",
     " keys history no-embedded family endpoint issuer at state format color ", true, keys_list},
    {"match", 0, SIZE_MAX, "", " keys history no-embedded lines format color ", true, keys_match},
    {"recover", 0, SIZE_MAX, "", " keys history no-embedded lines attempts format color ", true, keys_recover},
    {"show", 1, 1, "show takes one kid, thumbprint or modulus", " keys history no-embedded format color ", true, keys_show},
    {"snapshot", 0, SIZE_MAX, "", " into from-git ca-file allow-private at endpoint issuer family format color ", false, keys_snapshot},
    {"timeline", 0, SIZE_MAX, "", " keys history no-embedded family endpoint issuer since until format color ", true, keys_timeline},
};
#define ACTIONS_LEN (sizeof(actions) / sizeof(actions[0]))

static enum exit_status
refuse_action(const char *name)
{
    const char *names[ACTIONS_LEN + 1] = {0}, *nearest;
    AUTO(heap_text) *known = memory_copy("");

    for (size_t i = 0; i < ACTIONS_LEN; i++) {
        char *longer = memory_print("%s%s%s", known, i == 0 ? "" : i + 1 < ACTIONS_LEN ? ", " : " and ", actions[i].name);

        names[i] = actions[i].name;
        free(known);
        known = longer;
    }
    if (!name)
        return message_usage("keys", "what to do with the keys? there are %s", known);
    nearest = message_nearest(name, names);
    if (nearest)
        return message_usage("keys", "cannot '%.40s' keys; did you mean '%s'?", name, nearest);
    return message_usage("keys", "cannot '%.40s' keys; there are %s", name, known);
}

/* The first operand says what is to be done, the others with what. */
static enum exit_status
take_action(struct keys *keys, const struct action **ret_action)
{
    const char *name = keys->operands.words_len ? keys->operands.words[0] : NULL;
    size_t i = 0;

    while (name && i < ACTIONS_LEN && strcmp(actions[i].name, name) != 0)
        i++;
    if (!name || i == ACTIONS_LEN)
        return refuse_action(name);
    keys->operands.words_len--;
    memmove(keys->operands.words, keys->operands.words + 1, keys->operands.words_len * sizeof(*keys->operands.words));
    if (keys->operands.words_len < actions[i].operands_min || keys->operands.words_len > actions[i].operands_max)
        return message_usage("keys", "%s", actions[i].operands);
    *ret_action = &actions[i];
    return EXIT_STATUS_OK;
}

/* An option that would change nothing is refused: whoever wrote it expects that it does. */
static enum exit_status
check_options(const struct action *action, int argc, char **argv)
{
    for (int i = 0; i < argc && strcmp(argv[i], "--") != 0; i++) {
        size_t len = strcspn(argv[i], "=");
        AUTO(heap_text) *word = strncmp(argv[i], "--", 2) == 0 ? memory_print(" %.*s ", (int)len - 2, argv[i] + 2) : NULL;

        if (word && !strstr(action->options, word))
            return message_usage("keys", "%s takes no %.*s", action->name, (int)len, argv[i]);
    }
    return EXIT_STATUS_OK;
}

static enum exit_status
run_keys(int argc, char **argv)
{
    struct keys keys = {.at = TSCOPE_TIME_UNKNOWN,
                        .since = TSCOPE_TIME_UNKNOWN,
                        .until = TSCOPE_TIME_UNKNOWN,
                        .attempts = TSCOPE_RECOVERY_ATTEMPTS_DEFAULT};
    const struct option table[] = {
        KEY_SOURCES_OPTIONS(keys.sources),
        {"no-embedded", OPTION_FLAG, &keys.sources.no_embedded, NULL},
        {"lines", OPTION_FLAG, &keys.by_lines, NULL},
        {"attempts", OPTION_NUMBER, &keys.attempts, NULL},
        {"published", OPTION_FLAG, &keys.is_published, NULL},
        {"family", OPTION_TEXT, &keys.family, NULL},
        {"endpoint", OPTION_TEXT, &keys.endpoint, NULL},
        {"issuer", OPTION_TEXT, &keys.issuer, NULL},
        {"at", OPTION_TIME, &keys.at, NULL},
        {"since", OPTION_TIME, &keys.since, NULL},
        {"until", OPTION_TIME, &keys.until, NULL},
        {"state", OPTION_CHOICE, &keys.state, states},
        {"into", OPTION_TEXT, &keys.into, NULL},
        {"from-git", OPTION_TEXT, &keys.from_git, NULL},
        {"ca-file", OPTION_TEXT, &keys.ca_file, NULL},
        {"allow-private", OPTION_FLAG, &keys.allow_private, NULL},
        {"from", OPTION_TEXT, &keys.from, NULL},
        {"format", OPTION_CHOICE, &keys.format, formats},
        {"color", OPTION_CHOICE, &keys.colour, colours},
        {0},
    };
    const struct action *action = NULL;
    enum exit_status status = options_parse("keys", argc, argv, table, &keys.operands);

    if (status == EXIT_STATUS_OK)
        status = take_action(&keys, &action);
    if (status == EXIT_STATUS_OK)
        status = check_options(action, argc, argv);
    if (status == EXIT_STATUS_OK && action->run == keys_list && keys.state != 0 && keys.at == TSCOPE_TIME_UNKNOWN)
        status = message_usage("keys", "--state asks what is known of a time: give --at");
    if (status == EXIT_STATUS_OK && keys.format == KEYS_FORMAT_SVG && action->run != keys_timeline)
        status = message_usage("keys", "--format svg is for timeline");
    if (status == EXIT_STATUS_OK && action->run != keys_snapshot)
        confine_files(-1);
    if (status == EXIT_STATUS_OK && action->loads)
        status = key_sources_load(&keys.sources, &keys.keyring);
    if (status == EXIT_STATUS_OK && action->loads)
        keys_match_issuer(&keys);
    if (status == EXIT_STATUS_OK)
        status = action->run(&keys);
    tscope_keyring_free(keys.keyring);
    key_sources_clear(&keys.sources);
    option_list_clear(&keys.operands);
    return status;
}

const struct verb verb_keys = {
    .name = "keys",
    .arguments = "ACTION [TEXT|FILE]... [option]...",
    .summary = "list, show or compare the keys at hand, or judge those of a file",
    .help = "  list                      a line a key: the key history that is built in, and\n"
            "                            what is added. DATES: life of its certificate, else\n"
            "                            first and last time seen published. Marks: ! there\n"
            "                            is a notice on it, x it is not usable\n"
            "  list --at TIME            the keys that are known to have been published then,\n"
            "                            and the dates of the complete sets that show it\n"
            "  show TEXT                 all that is known of the keys with this kid,\n"
            "                            thumbprint (SHA-1 of the certificate, or RFC 7638;\n"
            "                            hexadecimal or base64url), or begin of the modulus\n"
            "                            (16 hexadecimal digits or more, or a JWK's \"n\")\n"
            "  timeline [TEXT]...        a row a key: when it was published, life of its\n"
            "                            certificate, notices on it; of all keys, or those\n"
            "                            that the texts find as with show\n"
            "  diff A B                  what differs between two key sets, folders or key\n"
            "                            histories: kids that name other keys than before,\n"
            "                            keys under another kid, added, removed, altered\n"
            "  match [TOKEN|FILE|-]...   which key at hand verifies each token, of whatever\n"
            "                            family and date, and whatever the token says\n"
            "  recover [TOKEN|FILE|-]... which tokens share a signer, and its public key, out\n"
            "                            of two RSA or ECDSA signatures that nobody knows\n"
            "  snapshot URL|FILE... --into HISTORY\n"
            "                            adds complete sets to a history of your own: of a\n"
            "                            key set or OpenID Connect metadata over https, of\n"
            "                            files, or of all commits of a repository\n"
            "  lint FILE|DIR...          what is wrong with the keys in these files:\n"
            "                            weak, malformed, private, two of one kid; of key\n"
            "                            histories, rows that contradict each other\n"
            "\n"
            "  --keys FILE|DIR           more keys; repeatable\n"
            "  --history FILE            a key history of your own; repeatable\n"
            "  --no-embedded             without the key history that is built in\n"
            "  --published               lint: anybody can read the files, so that a private\n"
            "                            key or a secret in them is critical\n"
            "  --from URL                lint: where metadata in the files was fetched: its\n"
            "                            issuer is held against it\n"
            "  --family FAMILY           list, timeline: of this family only, such as\n"
            "                            msa-consumer\n"
            "  --endpoint ID|URL         list, timeline: that this endpoint has listed; with\n"
            "                            --at, what its sets alone say; snapshot: whose\n"
            "                            set a file is, or the id of a new endpoint\n"
            "  --issuer ISSUER           list, timeline: that sign for this issuer\n"
            "  --at TIME                 list: what is known of this time; snapshot: when the\n"
            "                            files were taken\n"
            "  --from-git DIR            snapshot: the file is a path in this repository\n"
            "  --ca-file FILE            snapshot: who may certify servers, in PEM\n"
            "  --allow-private           snapshot: also from addresses of a private network\n"
            "                            or of this machine\n"
            "  --state published|unknown|retired|early|any\n"
            "                            list --at: keys of which this is known then\n"
            "  --since TIME, --until TIME  timeline: what is shown\n"
            "  --lines                   match, recover: each line is a token\n"
            "  --attempts N              recover: how often half a minute is spent on two RSA\n"
            "                            tokens (8); small exponents are found without\n"
            "  --format text|json        for people; for programs; timeline has svg, too\n"
            "  --color auto|always|never\n"
            "\n"
            "Examples:\n"
            "  tokenscope keys show 1LTMzakihiRla_8z2BEJVXeWMqo\n"
            "  tokenscope keys list --family msa-consumer\n"
            "  tokenscope keys list --at 2024-07-15 --endpoint entra-common-v2\n"
            "  tokenscope keys timeline --family msa-consumer --format svg > keys.svg\n"
            "  tokenscope keys diff yesterday.json today.json\n"
            "  tokenscope keys snapshot --into my.json https://id.example/keys\n"
            "  tokenscope keys lint --published jwks.json\n"
            "  tokenscope keys match < token.txt\n"
            "  tokenscope keys recover --lines tokens.txt\n"
            "\n"
            "Exit status:\n"
            "  0   shown; diff: the same; match, recover: each signature has its key\n"
            "  1   diff: they differ; snapshot: a kid names another key than before;\n"
            "      lint: a key is not usable, a finding is high or critical, or a history\n"
            "      has an error\n"
            "  2   match, recover: a signature has none\n"
            "  64  usage    65  unusable input    66  no such file or key\n"
            "  69  recover: this build has no GMP; snapshot: nothing usable was answered\n"
            "  70  internal error    74  input or output failed\n",
    .run = run_keys,
    .confines = true,
};
