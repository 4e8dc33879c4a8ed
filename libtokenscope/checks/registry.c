/* SPDX-License-Identifier: Apache-2.0 */
#include "checks/registry.h"

/* By hand: a new family is one line. The order is that of the findings in a report. */
const struct tscope_check_family *const tscope_check_families[] = {
    &tscope_checks_ms,     &tscope_checks_key,    &tscope_checks_alg, &tscope_checks_sig, &tscope_checks_hdr,
    &tscope_checks_fmt,    &tscope_checks_clm,    &tscope_checks_sd,  &tscope_checks_jwe, &tscope_checks_ms_claims,
    &tscope_checks_keyset, &tscope_checks_corpus, &tscope_checks_log,
};
const size_t tscope_check_families_len = TSCOPE_COUNT(tscope_check_families);

const struct tscope_check *
tscope_check_find(const char *id)
{
    for (size_t f = 0; f < tscope_check_families_len; f++) {
        for (size_t i = 0; i < tscope_check_families[f]->checks_len; i++) {
            if (strcmp(tscope_check_families[f]->checks[i].id, id) == 0)
                return &tscope_check_families[f]->checks[i];
        }
    }
    return NULL;
}
