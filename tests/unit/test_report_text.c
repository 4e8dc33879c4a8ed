/* SPDX-License-Identifier: Apache-2.0 */
#include <tokenscope/inspect.h>

#include <dirent.h>
#include <stdio.h>

#include "core/json.h"
#include "core/time.h"
#include "report_reading.h"

#define VECTORS TSCOPE_SOURCE_ROOT "/vectors"
#define PATH_SIZE 512

/* A vector with what its token is judged by. */
struct example {
    struct tscope_arena arena;
    struct tscope_json json;
    uint8_t *file;
    tscope_keyring *keyring;
    tscope_profile *profile;
    tscope_inspector *inspector;
    struct tscope_span token;
    struct tscope_moment moment;
};

static uint8_t *
read_file(const char *path, size_t *ret_len)
{
    FILE *file = fopen(path, "rb");
    uint8_t *bytes;

    ck_assert_msg(file != NULL, "cannot open %s", path);
    fseek(file, 0, SEEK_END);
    *ret_len = (size_t)ftell(file);
    rewind(file);
    bytes = malloc(*ret_len + 1);
    ck_assert_ptr_nonnull(bytes);
    ck_assert_uint_eq(fread(bytes, 1, *ret_len, file), *ret_len);
    fclose(file);
    return bytes;
}

static struct tscope_span
member_text(struct example *example, const char *name)
{
    const struct tscope_value *root = tscope_json_root(&example->json);

    return tscope_json_string(&example->json, tscope_json_member(&example->json, root, name), &example->arena);
}

static int64_t
member_time(struct example *example, const char *name)
{
    struct tscope_span text = member_text(example, name);
    int64_t time = TSCOPE_TIME_NONE;

    if (text.data)
        ck_assert(tscope_time_parse(text, &time));
    return time;
}

static void
join_path(char path[PATH_SIZE], const char *folder, struct tscope_span name)
{
    size_t folder_len = strlen(folder);

    ck_assert_uint_lt(folder_len + 1 + name.len, PATH_SIZE);
    memcpy(path, folder, folder_len);
    path[folder_len] = '/';
    memcpy(path + folder_len + 1, name.data, name.len);
    path[folder_len + 1 + name.len] = '\0';
}

static void
add_keys(struct example *example, const char *folder)
{
    const struct tscope_value *root = tscope_json_root(&example->json);
    const struct tscope_value *keys = tscope_json_member(&example->json, root, "keys");
    struct tscope_span history = member_text(example, "history"), keys_file = member_text(example, "keys_file");
    char path[PATH_SIZE];

    if (keys) {
        struct tscope_span raw = tscope_json_raw(&example->json, keys);

        ck_assert_int_eq(tscope_keyring_add(example->keyring, raw.data, raw.len, "keys.json", NULL, NULL, NULL), TSCOPE_OK);
    }
    if (keys_file.data) {
        join_path(path, folder, keys_file);
        ck_assert_int_eq(tscope_keyring_add_path(example->keyring, path, NULL, NULL), TSCOPE_OK);
    }
    if (history.data) {
        size_t len;
        uint8_t *bytes;

        join_path(path, folder, history);
        bytes = read_file(path, &len);
        ck_assert_int_eq(tscope_keyring_add_history(example->keyring, bytes, len, "history.json", NULL), TSCOPE_OK);
        free(bytes);
    } else {
        ck_assert_int_eq(tscope_keyring_add_embedded(example->keyring, NULL), TSCOPE_OK);
    }
}

static void
read_vector(struct example *example, const char *path)
{
    size_t len;

    example->file = read_file(path, &len);
    ck_assert_int_eq(tscope_json_read(&example->json, &example->arena, example->file, len, TSCOPE_JSON_LIMITS_FILE, NULL), TSCOPE_OK);
}

/* name: "honest/entra-access-v2.json". False for a vector of several tokens. */
static bool
open_example(struct example *example, const char *name)
{
    char path[PATH_SIZE], folder[PATH_SIZE];

    memset(example, 0, sizeof(*example));
    join_path(path, VECTORS, tscope_span_text(name));
    snprintf(folder, sizeof(folder), "%s", path);
    *strrchr(folder, '/') = '\0';
    read_vector(example, path);
    example->token = member_text(example, "token");
    example->moment = (struct tscope_moment){.seen = member_time(example, "seen"), .now = member_time(example, "now")};
    ck_assert_int_eq(tscope_keyring_new(&example->keyring, NULL), TSCOPE_OK);
    add_keys(example, folder);
    ck_assert_int_eq(tscope_keyring_freeze(example->keyring, NULL), TSCOPE_OK);
    ck_assert_int_eq(tscope_profile_new(NULL, &example->profile, NULL), TSCOPE_OK);
    ck_assert_int_eq(tscope_inspector_new(example->keyring, example->profile, NULL, NULL, &example->inspector, NULL), TSCOPE_OK);
    return example->token.data != NULL;
}

static void
close_example(struct example *example)
{
    tscope_inspector_free(example->inspector);
    tscope_profile_free(example->profile);
    tscope_keyring_free(example->keyring);
    tscope_arena_clear(&example->arena);
    free(example->file);
}

static tscope_report *
inspect(const struct example *example, struct tscope_span token)
{
    tscope_report *report = NULL;

    ck_assert_int_eq(tscope_inspect(example->inspector, token.data, token.len, &example->moment, &report, NULL), TSCOPE_OK);
    return report;
}

static char *
text_of(const tscope_report *report, struct tscope_text_options options)
{
    char *text = NULL;
    size_t len = 0;

    ck_assert_int_eq(tscope_report_text(report, &options, &text, &len, NULL), TSCOPE_OK);
    ck_assert_uint_eq(len, strlen(text));
    return text;
}

/* What stands behind the last dot of a compact serialisation: long enough to be found by no accident. */
static struct tscope_span
signature_of(struct tscope_span token)
{
    size_t at = token.len;

    while (at > 0 && token.data[at - 1] != '.')
        at--;
    return at > 0 && token.len - at >= 40 ? tscope_span_of(token.data + at, token.len - at) : TSCOPE_SPAN("");
}

static void
check_text(const struct example *example, struct tscope_span token, const char *name)
{
    static const unsigned widths[] = {40, 64, 80, 120};
    struct tscope_span signature = signature_of(token);
    tscope_report *report = NULL;

    if (tscope_inspect(example->inspector, token.data, token.len, &example->moment, &report, NULL) == TSCOPE_ERR_DATA)
        return;
    ck_assert_msg(report != NULL, "%s: no report", name);
    for (size_t i = 0; i < 2 * TSCOPE_COUNT(widths); i++) {
        unsigned width = widths[i / 2];
        bool verbose = i % 2;
        char *text = text_of(report, (struct tscope_text_options){.width = width, .verbose = verbose});

        ck_assert_safe_lines(text, width, name);
        if (signature.len > 0 && holds_across_lines(text, signature))
            ck_abort_msg("%s: the signature is shown", name);
        ck_assert_ptr_null(strstr(text, "Microsoft did not issue"));
        tscope_string_free(text);
    }
    tscope_report_free(report);
}

static void
check_vector(const struct example *example, const char *name)
{
    struct example vector = {0};
    char path[PATH_SIZE];
    struct tscope_span token;

    join_path(path, VECTORS, tscope_span_text(name));
    read_vector(&vector, path);
    token = member_text(&vector, "token");
    if (token.data)
        check_text(example, token, name);
    tscope_arena_clear(&vector.arena);
    free(vector.file);
}

/* Over the whole corpus, whatever one set of keys says of it: lines fit, nothing unsafe comes out, and no signature. */
START_TEST(every_vector_is_shown_safely)
{
    static const char *const families[] = {"alg", "clm", "damage", "fmt", "hdr", "honest", "key", "ms", "sig"};
    struct example example;
    size_t shown = 0;

    ck_assert(open_example(&example, "ms/msa-key-on-enterprise-v1.json"));
    for (size_t i = 0; i < TSCOPE_COUNT(families); i++) {
        char path[PATH_SIZE];
        DIR *folder;
        struct dirent *entry;

        join_path(path, VECTORS, tscope_span_text(families[i]));
        folder = opendir(path);
        ck_assert_msg(folder != NULL, "no folder %s", path);
        while ((entry = readdir(folder))) {
            if (!strstr(entry->d_name, ".json"))
                continue;
            join_path(path, families[i], tscope_span_text(entry->d_name));
            check_vector(&example, path);
            shown++;
        }
        closedir(folder);
    }
    ck_assert_uint_gt(shown, 300);
    close_example(&example);
}
END_TEST

static const struct {
    const char *vector, *beginning;
} firsts[] = {
    {"ms/msa-key-on-enterprise-v1.json",
     "FORGED       Signed with a Microsoft account (consumer) key, which may not sign for this enterprise tenant."},
    {"key/key-retired-found.json", "SUSPICIOUS   Signed with a key that its issuer had already withdrawn."},
    {"honest/in-house-hs256-unknown.json", "UNVERIFIED   No key at hand can judge its signature: who made it cannot be told."},
    {"honest/entra-access-v2.json", "VALID        Signed with a key of the issuer it names, and nothing contradicts its use then."},
    {"honest/jwe.json", "UNVERIFIED   It is encrypted: only its recipient can read it."},
};

START_TEST(first_line_is_the_verdict_in_words)
{
    struct example example;
    tscope_report *report;
    char *text;

    ck_assert(open_example(&example, firsts[_i].vector));
    report = inspect(&example, example.token);
    text = text_of(report, (struct tscope_text_options){.width = 200});
    ck_assert_msg(strncmp(text, firsts[_i].beginning, strlen(firsts[_i].beginning)) == 0, "%s", text);
    tscope_string_free(text);
    tscope_report_free(report);
    close_example(&example);
}
END_TEST

START_TEST(signer_right_and_evidence_stand_in_ten_lines)
{
    static const char *const lines[] = {"\n  Token      ",   "\n  Signed by  ", "\n  cert       ",
                                        "\n  Entitled   no", "\nFindings ",     "\n  critical   MS-MSA-ON-ENT"};
    struct example example;
    tscope_report *report;
    char *text;

    ck_assert(open_example(&example, "ms/msa-key-on-enterprise-v1.json"));
    report = inspect(&example, example.token);
    text = text_of(report, (struct tscope_text_options){.width = 120});
    for (size_t i = 0, newlines = 0; i < TSCOPE_COUNT(lines); i++, newlines = 0) {
        const char *found = strstr(text, lines[i]);

        ck_assert_msg(found != NULL, "no line '%s' in: %s", lines[i], text);
        for (const char *c = text; c < found; c++)
            newlines += *c == '\n';
        ck_assert_uint_le(newlines, 12);
    }
    ck_assert_ptr_nonnull(strstr(text, "\n             header /kid, bytes 92-130: \"vc7S1zGOrnznANyZzisz85GIVK4\"\n"));
    tscope_string_free(text);
    tscope_report_free(report);
    close_example(&example);
}
END_TEST

START_TEST(signature_is_whole_when_revealed)
{
    struct example example;
    tscope_report *report;
    char *text;

    ck_assert(open_example(&example, "honest/entra-access-v2.json"));
    report = inspect(&example, example.token);
    text = text_of(report, (struct tscope_text_options){.reveal = true});
    ck_assert(holds_across_lines(text, signature_of(example.token)));
    ck_assert_safe_lines(text, 80, "revealed");
    tscope_string_free(text);
    tscope_report_free(report);
    close_example(&example);
}
END_TEST

START_TEST(times_are_relative_only_to_a_clock)
{
    for (int known = 0; known <= 1; known++) {
        struct example example;
        tscope_report *report;
        char *text;

        ck_assert(open_example(&example, "honest/entra-access-v2.json"));
        example.moment.now = known ? INT64_C(1780272000) + 86400 : TSCOPE_TIME_NONE;
        report = inspect(&example, example.token);
        text = text_of(report, (struct tscope_text_options){0});
        ck_assert_int_eq(strstr(text, "2026-06-01 00:00:00 UTC, 1 d ago\n") != NULL, known);
        ck_assert_int_eq(strstr(text, " ago") != NULL, known);
        ck_assert_ptr_nonnull(strstr(text, "issued     2026-06-01 00:00:00 UTC"));
        tscope_string_free(text);
        tscope_report_free(report);
        close_example(&example);
    }
}
END_TEST

/* Whoever reads the claims that matter is told which others there are. */
START_TEST(claims_without_a_line_are_named)
{
    struct example example;
    tscope_report *report;
    char *text;

    ck_assert(open_example(&example, "ms/msa-key-on-enterprise-v1.json"));
    report = inspect(&example, example.token);
    text = text_of(report, (struct tscope_text_options){0});
    ck_assert_ptr_nonnull(strstr(text, "\n  others     acr, name, rh, sub, unique_name, ver\n"));
    tscope_string_free(text);
    tscope_report_free(report);
    close_example(&example);
}
END_TEST

START_TEST(same_report_gives_the_same_bytes)
{
    struct example example;
    tscope_report *report;
    char *first, *second;

    ck_assert(open_example(&example, "ms/msa-key-on-enterprise-v1.json"));
    report = inspect(&example, example.token);
    first = text_of(report, (struct tscope_text_options){.colour = true, .verbose = true});
    second = text_of(report, (struct tscope_text_options){.colour = true, .verbose = true});
    ck_assert_str_eq(first, second);
    ck_assert_ptr_nonnull(strchr(first, '\033'));
    tscope_string_free(first);
    tscope_string_free(second);
    tscope_report_free(report);
    close_example(&example);
}
END_TEST

/* base64url of a header and of claims that try to be the report. */
static const char *const hostile[] = {
    /* {"alg":"RS256","kid":"\u001b[2J\u202eevil"} {"iss":"\u001b]0;x\u0007","sub":"\nVALID  "} */
    ("eyJhbGciOiJSUzI1NiIsImtpZCI6Ilx1MDAxYlsySlx1MjAyZWV2aWwifQ."
     "eyJpc3MiOiJcdTAwMWJdMDt4XHUwMDA3Iiwic3ViIjoiXG5WQUxJRCAgIn0.AAAA"),
    /* {"alg":"none"} {"\u001b[31m":"\u2066","aud":["a\nb","\u200b"]} */
    "eyJhbGciOiJub25lIn0.eyJcdTAwMWJbMzFtIjoiXHUyMDY2IiwiYXVkIjpbImFcbmIiLCJcdTIwMGIiXX0.",
    "\x1b[31m.\x1b[32m.\x1b[33m",
    "....",
    "a",
    "\xff\xfe\xfd.\xe2\x80\xae.x",
};

START_TEST(hostile_tokens_move_no_cursor)
{
    struct example example;
    tscope_report *report = NULL;

    ck_assert(open_example(&example, "honest/entra-access-v2.json"));
    if (tscope_inspect(example.inspector, (const uint8_t *)hostile[_i], strlen(hostile[_i]), &example.moment, &report, NULL) == TSCOPE_OK) {
        for (int verbose = 0; verbose <= 1; verbose++) {
            char *text = text_of(report, (struct tscope_text_options){.verbose = verbose});

            ck_assert_safe_lines(text, 80, hostile[_i]);
            ck_assert_ptr_null(strstr(text, "\nVALID"));
            tscope_string_free(text);
        }
    }
    tscope_report_free(report);
    close_example(&example);
}
END_TEST

/* The first allocation fails, the second, the third… until the text is whole. */
START_TEST(failed_allocation_is_reported)
{
    struct tscope_text_options options = {.verbose = true, .colour = true};
    struct example example;
    tscope_report *report;

    ck_assert(open_example(&example, "ms/msa-key-on-enterprise-v1.json"));
    report = inspect(&example, example.token);
    for (unsigned long n = 1;; n++) {
        enum tscope_status status;
        char *text = NULL;

        tscope_alloc_fail_from(n);
        status = tscope_report_text(report, &options, &text, NULL, NULL);
        tscope_alloc_fail_from(0);
        if (status == TSCOPE_OK) {
            ck_assert_uint_gt(n, 8);
            tscope_string_free(text);
            break;
        }
        ck_assert_int_eq(status, TSCOPE_ERR_NO_MEMORY);
        ck_assert_ptr_null(text);
        ck_assert_uint_lt(n, 10000);
    }
    tscope_report_free(report);
    close_example(&example);
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("report_text");
    TCase *tcase = tcase_create("report_text");
    SRunner *runner = srunner_create(suite);
    int failed;

    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, every_vector_is_shown_safely);
    tcase_add_loop_test(tcase, first_line_is_the_verdict_in_words, 0, TSCOPE_COUNT(firsts));
    tcase_add_test(tcase, signer_right_and_evidence_stand_in_ten_lines);
    tcase_add_test(tcase, signature_is_whole_when_revealed);
    tcase_add_test(tcase, times_are_relative_only_to_a_clock);
    tcase_add_test(tcase, claims_without_a_line_are_named);
    tcase_add_test(tcase, same_report_gives_the_same_bytes);
    tcase_add_loop_test(tcase, hostile_tokens_move_no_cursor, 0, TSCOPE_COUNT(hostile));
    tcase_add_test(tcase, failed_allocation_is_reported);
    suite_add_tcase(suite, tcase);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
