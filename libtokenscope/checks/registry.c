/* SPDX-License-Identifier: Apache-2.0 */
#include "checks/registry.h"

const struct tscope_check_family *const tscope_check_families[TSCOPE_CHECK_FAMILIES_LEN] = {
#define CHECK_FAMILY(name) &tscope_checks_##name,
    TSCOPE_FOREACH_CHECK_FAMILY(CHECK_FAMILY)
#undef CHECK_FAMILY
};

void
tscope_checks_plan(struct tscope_check_plan *ret_plan)
{
    uint16_t rows = 0, common = 0;

    for (size_t f = 0; f < TSCOPE_CHECK_FAMILIES_LEN; f++) {
        const struct tscope_check_family *family = tscope_check_families[f];

        for (size_t i = 0; i < family->checks_len; i++) {
            const struct tscope_check *check = &family->checks[i];

            if (!check->run)
                continue;
            ret_plan->rows[rows++] = check;
            if (!check->only)
                ret_plan->common[common++] = check;
        }
        ret_plan->rows_end[f] = rows;
        ret_plan->common_end[f] = common;
    }
}

const struct tscope_check *
tscope_check_find(const char *id)
{
    for (size_t f = 0; f < TSCOPE_CHECK_FAMILIES_LEN; f++) {
        for (size_t i = 0; i < tscope_check_families[f]->checks_len; i++) {
            if (strcmp(tscope_check_families[f]->checks[i].id, id) == 0)
                return &tscope_check_families[f]->checks[i];
        }
    }
    return NULL;
}
