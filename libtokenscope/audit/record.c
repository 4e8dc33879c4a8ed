/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/record.h"

const char *
tscope_log_format_id(enum tscope_log_format format)
{
    switch (format) {
#define CASE(name, number, id, words) \
    case TSCOPE_LOG_##name:           \
        return id;
        TSCOPE_FOREACH_LOG_FORMAT(CASE)
#undef CASE
    case TSCOPE_LOG_NONE:
    case TSCOPE_LOG_FORMATS:
        break;
    }
    return "?";
}

const char *
tscope_log_format_text(enum tscope_log_format format)
{
    switch (format) {
#define CASE(name, number, id, words) \
    case TSCOPE_LOG_##name:           \
        return words;
        TSCOPE_FOREACH_LOG_FORMAT(CASE)
#undef CASE
    case TSCOPE_LOG_NONE:
    case TSCOPE_LOG_FORMATS:
        break;
    }
    return "?";
}

const char *
tscope_log_category_id(enum tscope_log_category category)
{
    switch (category) {
#define CASE(name, number, id, words) \
    case TSCOPE_CATEGORY_##name:      \
        return id;
        TSCOPE_FOREACH_LOG_CATEGORY(CASE)
#undef CASE
    case TSCOPE_CATEGORY_NONE:
    case TSCOPE_CATEGORIES:
        break;
    }
    return "?";
}

const char *
tscope_log_category_text(enum tscope_log_category category)
{
    switch (category) {
#define CASE(name, number, id, words) \
    case TSCOPE_CATEGORY_##name:      \
        return words;
        TSCOPE_FOREACH_LOG_CATEGORY(CASE)
#undef CASE
    case TSCOPE_CATEGORY_NONE:
    case TSCOPE_CATEGORIES:
        break;
    }
    return "?";
}

bool
tscope_log_category_is_needed(enum tscope_log_category category)
{
    return category >= TSCOPE_CATEGORY_INTERACTIVE && category <= TSCOPE_CATEGORY_MANAGED_IDENTITY;
}

bool
tscope_log_category_is_sign_in(enum tscope_log_category category)
{
    return category >= TSCOPE_CATEGORY_INTERACTIVE && category <= TSCOPE_CATEGORY_SERVICE;
}
