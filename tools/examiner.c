/* SPDX-License-Identifier: Apache-2.0 */
#include "examiner.h"

#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "input.h"
#include "memory.h"
#include "message.h"

void
key_sources_clear(struct key_sources *sources)
{
    option_list_clear(&sources->keys);
    option_list_clear(&sources->histories);
    option_list_clear(&sources->secrets);
}

static enum exit_status
add_keys(tscope_keyring *keyring, const char *path)
{
    struct tscope_keys_added added = {0};
    struct tscope_error err = {.offset = TSCOPE_OFFSET_NONE};

    if (tscope_keyring_add_path(keyring, path, &added, &err) != TSCOPE_OK)
        return message_error(path, &err);
    if (added.keys == 0)
        message_print("%s: holds no keys", path);
    return EXIT_STATUS_OK;
}

static enum exit_status
add_keys_of(tscope_keyring *keyring, const char *path, const char *issuer)
{
    struct tscope_error err = {.offset = TSCOPE_OFFSET_NONE};
    char *bytes = NULL;
    size_t bytes_len = 0;
    enum exit_status status = input_load(path, EXAMINER_FILE_MAX, &bytes, &bytes_len);

    if (status == EXIT_STATUS_OK && tscope_keyring_add(keyring, (const uint8_t *)bytes, bytes_len, path, issuer, NULL, &err) != TSCOPE_OK)
        status = message_error(path, &err);
    free(bytes);
    return status;
}

static enum exit_status
add_history(tscope_keyring *keyring, const char *path)
{
    struct tscope_error err = {0};
    AUTO(heap_text) *bytes = NULL;
    size_t bytes_len = 0;
    enum exit_status status = input_load(path, EXAMINER_FILE_MAX, &bytes, &bytes_len);

    if (status != EXIT_STATUS_OK)
        return status;
    if (tscope_keyring_add_history(keyring, (const uint8_t *)bytes, bytes_len, path, &err) != TSCOPE_OK)
        return message_error(path, &err);
    return EXIT_STATUS_OK;
}

static enum exit_status
add_secrets(tscope_keyring *keyring, const char *path)
{
    struct tscope_error err = {0};
    char *bytes = NULL;
    size_t bytes_len = 0;
    enum exit_status status = input_load(path, EXAMINER_FILE_MAX, &bytes, &bytes_len);

    if (status == EXIT_STATUS_OK && tscope_keyring_add_secrets(keyring, (const uint8_t *)bytes, bytes_len, path, &err) != TSCOPE_OK)
        status = message_error(path, &err);
    free(bytes);
    return status;
}

enum exit_status
key_sources_load(const struct key_sources *sources, tscope_keyring **ret_keyring)
{
    AUTO(tscope_keyring) *keyring = NULL;
    struct tscope_error err = {0};
    enum exit_status status = EXIT_STATUS_OK;

    if (tscope_keyring_new(&keyring, &err) != TSCOPE_OK)
        return message_error(NULL, &err);
    if (!sources->no_embedded && tscope_keyring_add_embedded(keyring, &err) != TSCOPE_OK)
        return message_error(NULL, &err);
    for (size_t i = 0; i < sources->histories.words_len && status == EXIT_STATUS_OK; i++)
        status = add_history(keyring, sources->histories.words[i]);
    for (size_t i = 0; i < sources->keys.words_len && status == EXIT_STATUS_OK; i++)
        status =
            sources->issuer ? add_keys_of(keyring, sources->keys.words[i], sources->issuer) : add_keys(keyring, sources->keys.words[i]);
    for (size_t i = 0; i < sources->secrets.words_len && status == EXIT_STATUS_OK; i++)
        status = add_secrets(keyring, sources->secrets.words[i]);
    if (status != EXIT_STATUS_OK)
        return status;
    if (tscope_keyring_freeze(keyring, &err) != TSCOPE_OK)
        return message_error(NULL, &err);
    *ret_keyring = keyring;
    keyring = NULL;
    return EXIT_STATUS_OK;
}

struct tscope_limits
examiner_limits(long leeway)
{
    return (struct tscope_limits){
        .size = sizeof(struct tscope_limits),
        .leeway = leeway < 0    ? 0
                  : leeway == 0 ? TSCOPE_LEEWAY_NONE
                                : (size_t)leeway,
    };
}

bool
examiner_profile_is_shipped(const char *name)
{
    const char *shipped;

    for (size_t i = 0; (shipped = tscope_profile_name(i)); i++) {
        if (strcmp(shipped, name) == 0)
            return true;
    }
    return false;
}

enum exit_status
examiner_profile_load(const char *name, const char *folder, tscope_profile **ret_profile)
{
    AUTO(heap_text) *path = NULL;
    AUTO(heap_text) *bytes = NULL;
    struct tscope_error err = {0};
    struct stat file;
    size_t len = 0;
    enum exit_status status;

    if (!name || examiner_profile_is_shipped(name))
        return tscope_profile_new(name, ret_profile, &err) == TSCOPE_OK ? EXIT_STATUS_OK : message_error("--profile", &err);
    path = memory_print("%s%s", name[0] == '/' ? "" : folder, name);
    if (stat(path, &file) != 0) {
        message_print("no profile and no file '%s'; \"tokenscope inspect --help\" names the profiles", name);
        return EXIT_STATUS_NOT_FOUND;
    }
    status = input_load(path, TSCOPE_PROFILE_INPUT_MAX, &bytes, &len);
    if (status != EXIT_STATUS_OK)
        return status;
    if (tscope_profile_read((const uint8_t *)bytes, len, path, ret_profile, &err) != TSCOPE_OK)
        return message_error(NULL, &err);
    return EXIT_STATUS_OK;
}

/* KID=TIME: a kid may hold "=" (padded base64), a time does not. */
static enum exit_status
set_exposed(struct examiner *examiner, const char *verb)
{
    const char *equals = strrchr(examiner->exposed, '=');
    AUTO(heap_text) *kid = equals ? memory_print("%.*s", (int)(equals - examiner->exposed), examiner->exposed) : NULL;
    struct tscope_error err = {0};
    int64_t time;

    if (!equals || equals == examiner->exposed || !options_read_time(equals + 1, &time))
        return message_usage(verb, "--key-exposed-from takes KID=TIME, such as 1LTMzakihiRla_8z2BEJVXeWMqo=2023-05-15");
    if (tscope_inspector_set_exposed(examiner->inspector, kid, time, &err) != TSCOPE_OK)
        return message_error(NULL, &err);
    return EXIT_STATUS_OK;
}

static enum exit_status
load_payload(struct examiner *examiner)
{
    size_t payload_len = 0;
    enum exit_status status = input_load(examiner->payload_path, EXAMINER_FILE_MAX, &examiner->payload, &payload_len);

    if (status == EXIT_STATUS_OK)
        tscope_inspector_set_payload(examiner->inspector, (const uint8_t *)examiner->payload, payload_len);
    return status;
}

static enum exit_status
load_password(struct examiner *examiner)
{
    enum exit_status status = password_load(examiner->password_path, &examiner->password);

    if (status == EXIT_STATUS_OK)
        tscope_inspector_set_password(examiner->inspector, (const uint8_t *)examiner->password.bytes, examiner->password.len);
    return status;
}

enum exit_status
examiner_open(struct examiner *examiner, const char *verb)
{
    struct tscope_limits limits = examiner_limits(examiner->leeway);
    struct tscope_error err = {0};
    enum exit_status status = examiner_profile_load(examiner->profile_name, "", &examiner->profile);

    if (examiner->trials == 0)
        return message_usage(verb, "--trials takes a number from 1 on");
    if (examiner->trials > 0)
        limits.signature_trials = (size_t)examiner->trials;
    if (examiner->moment.now == TSCOPE_TIME_UNKNOWN)
        examiner->moment.now = time(NULL);
    if (status == EXIT_STATUS_OK)
        status = key_sources_load(&examiner->sources, &examiner->keyring);
    if (status != EXIT_STATUS_OK)
        return status;
    if (examiner->require_mfa)
        examiner->policy.flags |= TSCOPE_POLICY_REQUIRE_MFA;
    if (tscope_inspector_new(examiner->keyring, examiner->profile, &limits, &examiner->policy, &examiner->inspector, &err) != TSCOPE_OK)
        return message_error(NULL, &err);
    if (examiner->exposed)
        status = set_exposed(examiner, verb);
    if (status == EXIT_STATUS_OK && examiner->payload_path)
        status = load_payload(examiner);
    if (status == EXIT_STATUS_OK && examiner->password_path)
        status = load_password(examiner);
    return status;
}

void
examiner_close(struct examiner *examiner)
{
    tscope_report_free(examiner->report);
    tscope_inspector_free(examiner->inspector);
    tscope_profile_free(examiner->profile);
    tscope_keyring_free(examiner->keyring);
    key_sources_clear(&examiner->sources);
    free(examiner->payload);
    password_clear(&examiner->password);
}

enum exit_status
examiner_judge(struct examiner *examiner, const char *name, const char *path, const struct input_piece *piece,
               const struct tscope_capture *capture)
{
    struct tscope_error err = {0};

    if (tscope_inspector_set_source(examiner->inspector, path, piece->offset, &err) != TSCOPE_OK ||
        tscope_inspect_capture(examiner->inspector, (const uint8_t *)piece->bytes, piece->bytes_len, capture, &examiner->moment,
                               &examiner->report, &err) != TSCOPE_OK)
        return message_error(name, &err);
    return EXIT_STATUS_OK;
}
