/* SPDX-License-Identifier: Apache-2.0 */
#include "confine.h"

#include <stdint.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifdef HAVE_LANDLOCK
#include <linux/landlock.h>
#endif

#if defined(__SANITIZE_ADDRESS__)
#define IS_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define IS_SANITIZED 1
#endif
#endif
#ifndef IS_SANITIZED
#define IS_SANITIZED 0
#endif

void
confine_memory(void)
{
    static const struct rlimit none = {0, 0};

    setrlimit(RLIMIT_CORE, &none);
    /* the leak detector of AddressSanitizer looks into the process as a debugger would */
    if (!IS_SANITIZED)
        prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

#ifdef HAVE_LANDLOCK

/* Numbers of the kernel's interface, written out so that a build on an older system confines a newer one as well. */
#define RIGHT_REFER (UINT64_C(1) << 13)    /* since ABI 2 */
#define RIGHT_TRUNCATE (UINT64_C(1) << 14) /* since ABI 3 */
#define NET_BIND UINT64_C(1)               /* since ABI 4 */
#define NET_CONNECT UINT64_C(2)

static const uint64_t always_refused = LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR |
                                       LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_DIR |
                                       LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_SOCK | LANDLOCK_ACCESS_FS_MAKE_FIFO |
                                       LANDLOCK_ACCESS_FS_MAKE_BLOCK | LANDLOCK_ACCESS_FS_MAKE_SYM;

/* handled: the rights that are refused elsewhere, of which alone some can be given back. */
static void
allow(int ruleset, int folder, uint64_t handled)
{
    const struct landlock_path_beneath_attr rule = {
        .allowed_access =
            handled & (LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_FILE | RIGHT_TRUNCATE),
        .parent_fd = folder,
    };

    syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
}

static void
confine(int folder, uint64_t net)
{
    struct {
        uint64_t files, net;
    } refused = {always_refused, 0};
    size_t refused_len = sizeof(refused.files);
    long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
    int ruleset;

    if (abi < 1)
        return;
    if (abi >= 2)
        refused.files |= RIGHT_REFER;
    if (abi >= 3)
        refused.files |= RIGHT_TRUNCATE;
    if (abi >= 4) {
        refused.net = net;
        refused_len = sizeof(refused);
    }
    ruleset = (int)syscall(SYS_landlock_create_ruleset, &refused, refused_len, 0);
    if (ruleset < 0)
        return;
    if (folder >= 0)
        allow(ruleset, folder, refused.files);
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0)
        syscall(SYS_landlock_restrict_self, ruleset, 0);
    close(ruleset);
}

#else

#define NET_BIND UINT64_C(0)
#define NET_CONNECT UINT64_C(0)

static void
confine(int folder, uint64_t net)
{
    (void)folder;
    (void)net;
}

#endif

void
confine_files(int folder)
{
    confine(folder, NET_BIND | NET_CONNECT);
}

void
confine_fetcher(void)
{
    confine(-1, NET_BIND);
}
