/* SPDX-License-Identifier: Apache-2.0 */
#include "keys_samples.h"
#include "keys_testing.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define OCT(kid) "{\"kty\":\"oct\",\"k\":\"AyM1\",\"kid\":\"" kid "\"}"

static char folder[] = "tokenscope-keys-XXXXXX";
static char path[256];

static const char *
at(const char *name)
{
    snprintf(path, sizeof(path), "%s/%s", folder, name);
    return path;
}

static void
put(const char *name, const char *text)
{
    FILE *file = fopen(at(name), "wb");

    ck_assert_ptr_nonnull(file);
    ck_assert_uint_eq(fwrite(text, 1, strlen(text), file), strlen(text));
    ck_assert_int_eq(fclose(file), 0);
}

static void
set_up(void)
{
    strcpy(folder, "tokenscope-keys-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
}

static void
tear_down(void)
{
    static const char *const names[] = {"a.json", "b.json", "c.pem", "d.txt", "e.link", "f.fifo", "z.json"};

    for (size_t i = 0; i < TSCOPE_COUNT(names); i++)
        unlink(at(names[i]));
    rmdir(at("sub"));
    rmdir(folder);
}

START_TEST(file_is_read)
{
    tscope_keyring *keyring = new_keyring();
    struct tscope_keys_added added = {0};

    put("a.json", OCT("k"));
    ck_assert_int_eq(tscope_keyring_add_path(keyring, at("a.json"), &added, NULL), TSCOPE_OK);
    ck_assert_uint_eq(added.keys, 1);
    ck_assert_uint_eq(added.files, 1);
    freeze(keyring);
    ck_assert_str_eq(tscope_key_source(tscope_keyring_key(keyring, 0)), path);
    tscope_keyring_free(keyring);
}
END_TEST

START_TEST(missing_and_odd_files_are_told_apart)
{
    tscope_keyring *keyring = new_keyring();
    struct tscope_error err = {0};

    ck_assert_int_eq(tscope_keyring_add_path(keyring, at("a.json"), NULL, &err), TSCOPE_ERR_NOT_FOUND);
    ck_assert_ptr_nonnull(strstr(err.message, "a.json"));
    put("d.txt", "<html>");
    ck_assert_int_eq(tscope_keyring_add_path(keyring, at("d.txt"), NULL, NULL), TSCOPE_ERR_DATA);
    ck_assert_int_eq(tscope_keyring_add_path(keyring, at("d.txt/x"), NULL, NULL), TSCOPE_ERR_NOT_FOUND);
    ck_assert_int_eq(tscope_keyring_add_path(keyring, "/dev/null", NULL, NULL), TSCOPE_ERR_DATA);
    ck_assert_int_eq(tscope_keyring_add_path(keyring, "/dev/zero", NULL, NULL), TSCOPE_ERR_TOO_LARGE);
    ck_assert_int_eq(tscope_keyring_add_path(keyring, folder, NULL, NULL), TSCOPE_ERR_DATA);
    ck_assert_uint_eq(tscope_keyring_count(keyring), 0);
    tscope_keyring_free(keyring);
}
END_TEST

START_TEST(sparse_file_over_the_limit_is_refused_unread)
{
    tscope_keyring *keyring = new_keyring();

    put("a.json", "");
    ck_assert_int_eq(truncate(at("a.json"), (off_t)1 << 40), 0);
    ck_assert_int_eq(tscope_keyring_add_path(keyring, path, NULL, NULL), TSCOPE_ERR_TOO_LARGE);
    tscope_keyring_free(keyring);
}
END_TEST

START_TEST(folder_is_read_in_order_of_names)
{
    tscope_keyring *keyring = new_keyring();
    struct tscope_keys_added added = {0};

    put("b.json", "{\"keys\":[" OCT("2") "," OCT("3") ",{}]}");
    put("a.json", OCT("1"));
    put("c.pem", SAMPLE_EC_SPKI);
    put("d.txt", "words");
    ck_assert_int_eq(symlink("a.json", at("e.link")), 0);
    ck_assert_int_eq(mkfifo(at("f.fifo"), 0600), 0);
    ck_assert_int_eq(mkdir(at("sub"), 0700), 0);
    ck_assert_int_eq(tscope_keyring_add_path(keyring, folder, &added, NULL), TSCOPE_OK);
    ck_assert_uint_eq(added.keys, 5);
    ck_assert_uint_eq(added.unusable, 1);
    ck_assert_uint_eq(added.files, 4);
    ck_assert_uint_eq(added.skipped, 1);
    freeze(keyring);
    ck_assert_str_eq(tscope_key_kid(tscope_keyring_key(keyring, 0)), "1");
    ck_assert_str_eq(tscope_key_kid(tscope_keyring_key(keyring, 1)), "2");
    ck_assert_str_eq(tscope_key_source(tscope_keyring_key(keyring, 4)), at("c.pem"));
    tscope_keyring_free(keyring);
}
END_TEST

START_TEST(one_metadata_document_says_whose_keys_these_are)
{
    static const char metadata[] = "{\"issuer\":\"https://i\",\"jwks_uri\":\"https://i/keys\"}";
    tscope_keyring *keyring = new_keyring();
    struct tscope_keys_added added = {0};
    bool two = _i == 1;

    put("a.json", OCT("1"));
    put("b.json", "{\"issuer\":\"https://own\",\"keys\":[" OCT("2") "]}");
    put("z.json", metadata);
    if (two)
        put("d.txt", metadata);
    ck_assert_int_eq(tscope_keyring_add_path(keyring, folder, &added, NULL), TSCOPE_OK);
    ck_assert_uint_eq(added.skipped, 0);
    freeze(keyring);
    ck_assert(tscope_span_equal(tscope_keyring_key(keyring, 0)->set_issuer, tscope_span_text(two ? NULL : "https://i")));
    ck_assert(tscope_span_is(tscope_keyring_key(keyring, 1)->set_issuer, "https://own"));
    tscope_keyring_free(keyring);
}
END_TEST

START_TEST(fifo_is_waited_for)
{
    tscope_keyring *keyring = new_keyring();
    struct tscope_keys_added added = {0};
    pid_t writer;

    ck_assert_int_eq(mkfifo(at("f.fifo"), 0600), 0);
    writer = fork();
    if (writer == 0) {
        int fd = open(path, O_WRONLY);

        for (const char *byte = OCT("k"); *byte; byte++) {
            usleep(*byte == 'k' ? 100000 : 0);
            if (write(fd, byte, 1) != 1)
                _exit(1);
        }
        _exit(0);
    }
    ck_assert_int_eq(tscope_keyring_add_path(keyring, path, &added, NULL), TSCOPE_OK);
    ck_assert_uint_eq(added.keys, 1);
    waitpid(writer, NULL, 0);
    tscope_keyring_free(keyring);
}
END_TEST

START_TEST(fifo_without_writer_is_given_up)
{
    tscope_keyring *keyring = new_keyring();
    struct tscope_error err = {0};

    ck_assert_int_eq(mkfifo(at("f.fifo"), 0600), 0);
    ck_assert_int_eq(tscope_keyring_add_path(keyring, path, NULL, &err), TSCOPE_ERR_IO);
    ck_assert_ptr_nonnull(strstr(err.message, "nothing writes to this FIFO"));
    tscope_keyring_free(keyring);
}
END_TEST

START_TEST(failed_allocation_is_reported)
{
    enum tscope_status status = TSCOPE_ERR_NO_MEMORY;

    put("a.json", OCT("1"));
    put("d.txt", "words");
    put("z.json", "{\"issuer\":\"https://i\",\"jwks_uri\":\"https://i/keys\"}");
    for (unsigned long n = 1; status != TSCOPE_OK; n++) {
        tscope_keyring *keyring = new_keyring();

        ck_assert_uint_lt(n, 10000);
        tscope_alloc_fail_from(n);
        status = tscope_keyring_add_path(keyring, folder, NULL, NULL);
        tscope_alloc_fail_from(0);
        ck_assert(status == TSCOPE_OK || status == TSCOPE_ERR_NO_MEMORY);
        ck_assert_uint_eq(tscope_keyring_count(keyring), status == TSCOPE_OK);
        tscope_keyring_free(keyring);
    }
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("path");
    TCase *tests = tcase_create("path");

    tcase_set_timeout(tests, 30);
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, file_is_read);
    tcase_add_test(tests, missing_and_odd_files_are_told_apart);
    tcase_add_test(tests, sparse_file_over_the_limit_is_refused_unread);
    tcase_add_test(tests, folder_is_read_in_order_of_names);
    tcase_add_loop_test(tests, one_metadata_document_says_whose_keys_these_are, 0, 2);
    tcase_add_test(tests, fifo_is_waited_for);
    tcase_add_test(tests, fifo_without_writer_is_given_up);
    tcase_add_test(tests, failed_allocation_is_reported);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
