/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <string.h>

#include <tokenscope/score.h>

#include "core/alloc.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A line is answered or refused, with one line, the same each time. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    tscope_scorer *scorer = NULL;
    char *first = NULL;
    size_t first_len = 0;

    if (tscope_scorer_new(&scorer, NULL) != TSCOPE_OK)
        return 0;
    for (int run = 0; run < 2; run++) {
        const char *json, *id;
        size_t len, id_len;
        enum tscope_status status = tscope_score_line(scorer, data, size, &json, &len, &id, &id_len, NULL);

        assert(status == TSCOPE_OK || (status == TSCOPE_ERR_DATA && !first));
        if (status != TSCOPE_OK)
            continue;
        if (first)
            assert(len == first_len && memcmp(json, first, len) == 0);
        else
            first = memcpy(tscope_alloc(len), json, len);
        first_len = len;
    }
    tscope_free(first);
    tscope_scorer_free(scorer);
    return 0;
}
