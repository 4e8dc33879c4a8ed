/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/application.h"

#include "core/text.h"

#define GUID_CHARS 36

static int
compare(const uint8_t id[GUID_CHARS], const char *listed)
{
    for (size_t i = 0; i < GUID_CHARS; i++) {
        uint8_t byte = id[i] >= 'A' && id[i] <= 'Z' ? (uint8_t)(id[i] + 32) : id[i];

        if (byte != (uint8_t)listed[i])
            return byte < (uint8_t)listed[i] ? -1 : 1;
    }
    return 0;
}

const struct tscope_application_facts *
tscope_application_facts_find(struct tscope_span id)
{
    size_t low = 0, high = tscope_application_facts_len;

    if (id.len != GUID_CHARS)
        return NULL;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = compare(id.data, tscope_application_facts[middle].id);

        if (order == 0)
            return &tscope_application_facts[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}
