/* SPDX-License-Identifier: Apache-2.0 */
#include <tokenscope/evidence.h>

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/error.h"

static enum tscope_status
fail(uint64_t offset, const char *what, struct tscope_error *err)
{
    char reason[128];
    const char *text = strerror_r(errno, reason, sizeof(reason));

    return tscope_error_set(err, TSCOPE_ERR_IO, offset, "%s: %s", what, text);
}

/* A descriptor is small enough for a pointer, so that a source needs no memory of its own. */
static enum tscope_status
read_file(void *user, uint64_t offset, uint8_t *buffer, size_t len, size_t *ret_len, struct tscope_error *err)
{
    size_t done = 0;

    while (done < len && offset + done <= INT64_MAX) {
        ssize_t got = pread((int)(intptr_t)user, buffer + done, len - done, (off_t)(offset + done));

        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return fail(offset + done, "cannot read", err);
        if (got == 0)
            break;
        done += (size_t)got;
    }
    *ret_len = done;
    return TSCOPE_OK;
}

enum tscope_status
tscope_evidence_source_file(int descriptor, struct tscope_evidence_source *ret_source, struct tscope_error *err)
{
    struct stat about;
    off_t size;

    if (fstat(descriptor, &about) != 0)
        return fail(TSCOPE_OFFSET_NONE, "cannot look at the file", err);
    if (!S_ISREG(about.st_mode) && !S_ISBLK(about.st_mode))
        return tscope_error_set(err, TSCOPE_ERR_ARGUMENT, TSCOPE_OFFSET_NONE, "neither a file nor a block device");
    size = about.st_size;
    if (S_ISBLK(about.st_mode)) /* whose size stat does not tell; the position is put back where it was */
    {
        off_t position = lseek(descriptor, 0, SEEK_CUR);

        size = lseek(descriptor, 0, SEEK_END);
        if (position < 0 || size < 0 || lseek(descriptor, position, SEEK_SET) < 0)
            return fail(TSCOPE_OFFSET_NONE, "cannot tell the size of the device", err);
    }
    *ret_source = (struct tscope_evidence_source){.size = (uint64_t)size, .read = read_file, .user = (void *)(intptr_t)descriptor};
    return TSCOPE_OK;
}
