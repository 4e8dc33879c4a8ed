/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/gmp_load.h"

static const char *const names[] = {TSCOPE_GMP_FUNCTIONS(TSCOPE_OPTIONAL_NAME)};

void *
tscope_gmp_load(struct tscope_gmp *ret_gmp)
{
    return tscope_optional_open("libgmp.so.10", names, sizeof(names) / sizeof(*names), ret_gmp);
}
