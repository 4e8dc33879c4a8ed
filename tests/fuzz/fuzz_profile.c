/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>

#include "profile/profile.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A row that is read is found again by the text of its pattern, unless an earlier one of its host takes it. */
static void
check_rows(const tscope_profile *profile)
{
    const struct tscope_profile_table *table = profile->tables[0];

    for (size_t i = 0; i < table->issuers_len; i++) {
        const struct tscope_profile_issuer *row = &table->issuers[i], *near;
        struct tscope_profile_match match;

        assert(tscope_profile_pattern_is_sound(row->pattern));
        assert(row->pools_len > 0);
        assert(tscope_profile_find_row(profile, row->pattern, &match));
        tscope_profile_near_miss(profile, row->pattern, &near);
        tscope_profile_publishes_at(row, row->pattern);
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct tscope_error err = {0};
    tscope_profile *profile = NULL;

    if (tscope_profile_read(data, size, "fuzz", &profile, &err) != TSCOPE_OK)
        return 0;
    check_rows(profile);
    tscope_profile_free(profile);
    return 0;
}
