/* SPDX-License-Identifier: Apache-2.0 */
#include "status.h"

void
status_note(struct status_tally *tally, enum exit_status status)
{
    tally->counts[status]++;
}

enum exit_status
status_worst(const struct status_tally *tally)
{
    static const enum exit_status order[] = {
        EXIT_STATUS_INTERNAL,  EXIT_STATUS_IO,          EXIT_STATUS_BAD,       EXIT_STATUS_DATA,
        EXIT_STATUS_NOT_FOUND, EXIT_STATUS_UNAVAILABLE, EXIT_STATUS_UNDECIDED,
    };

    for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
        if (tally->counts[order[i]] > 0)
            return order[i];
    }
    return EXIT_STATUS_OK;
}

enum exit_status
status_of(enum tscope_status status)
{
    switch (status) {
    case TSCOPE_OK:
        return EXIT_STATUS_OK;
    case TSCOPE_ERR_TOO_LARGE:
    case TSCOPE_ERR_DATA:
        return EXIT_STATUS_DATA;
    case TSCOPE_ERR_NOT_FOUND:
        return EXIT_STATUS_NOT_FOUND;
    case TSCOPE_ERR_IO:
        return EXIT_STATUS_IO;
    case TSCOPE_ERR_UNSUPPORTED:
        return EXIT_STATUS_UNAVAILABLE;
    case TSCOPE_ERR_NO_MEMORY:
    case TSCOPE_ERR_ARGUMENT:
    case TSCOPE_ERR_STATE:
    case TSCOPE_ERR_CRYPTO:
        return EXIT_STATUS_INTERNAL;
    }
    return EXIT_STATUS_INTERNAL;
}
