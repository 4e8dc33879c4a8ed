/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/cjose_load.h"

static const char *const names[] = {TSCOPE_CJOSE_FUNCTIONS(TSCOPE_OPTIONAL_NAME)};

void *
tscope_cjose_load(struct tscope_cjose *ret_cjose)
{
    return tscope_optional_open("libcjose.so.0", names, sizeof(names) / sizeof(*names), ret_cjose);
}
