/* SPDX-License-Identifier: Apache-2.0 */
#include "case/case.h"

#include "core/error.h"

enum tscope_status
tscope_case_open(const char *path, unsigned flags, tscope_case **ret_case, struct tscope_error *err)
{
    TSCOPE_AUTO(tscope_case) *opened = tscope_alloc_zeroed(1, sizeof(*opened));
    enum tscope_status status;

    if (!opened)
        return tscope_error_no_memory(err);
    status = tscope_store_open(
        path, (flags & TSCOPE_CASE_WRITE ? TSCOPE_STORE_WRITE : 0) | (flags & TSCOPE_CASE_CREATE ? TSCOPE_STORE_CREATE : 0), &opened->store,
        err);
    if (status != TSCOPE_OK)
        return status;
    *ret_case = TSCOPE_STEAL(opened);
    return TSCOPE_OK;
}

enum tscope_status
tscope_case_close(tscope_case *opened, struct tscope_error *err)
{
    enum tscope_status status;

    if (!opened)
        return TSCOPE_OK;
    status = tscope_store_close(opened->store, err);
    tscope_free(opened);
    return status;
}

void
tscope_case_free(tscope_case *opened)
{
    (void)tscope_case_close(opened, NULL);
}
