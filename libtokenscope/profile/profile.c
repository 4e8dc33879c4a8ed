/* SPDX-License-Identifier: Apache-2.0 */
#include "profile/profile.h"

#include "core/alloc.h"
#include "core/error.h"
#include "core/text.h"
#include "profile/applications.h"

enum tscope_status
tscope_profile_new(const char *name, tscope_profile **ret_profile, struct tscope_error *err)
{
    struct tscope_arena arena = {0};
    enum tscope_status status;
    size_t first = 0, count = tscope_profile_tables_len;

    if (name) {
        while (first < tscope_profile_tables_len && !tscope_span_is(tscope_profile_tables[first]->name, name))
            first++;
        if (first == tscope_profile_tables_len)
            return tscope_error_set(err, TSCOPE_ERR_NOT_FOUND, TSCOPE_OFFSET_NONE, "no profile of that name is shipped");
        count = 1;
    }
    status = tscope_profile_build(&arena, NULL, &tscope_profile_tables[first], count, ret_profile, err);
    tscope_arena_clear(&arena);
    return status;
}

tscope_profile *
tscope_profile_ref(tscope_profile *profile)
{
    atomic_fetch_add_explicit(&profile->references, 1, memory_order_relaxed);
    return profile;
}

void
tscope_profile_free(tscope_profile *profile)
{
    if (!profile || atomic_fetch_sub_explicit(&profile->references, 1, memory_order_acq_rel) != 1)
        return;
    tscope_arena_clear(&profile->arena);
    tscope_free(profile);
}

const char *
tscope_profile_id(const tscope_profile *profile)
{
    return profile->id;
}

const char *
tscope_profile_name(size_t number)
{
    return number < tscope_profile_tables_len ? (const char *)tscope_profile_tables[number]->name.data : NULL;
}

const char *
tscope_application_name(const char *id)
{
    const struct tscope_application *application = tscope_application_find(tscope_span_text(id));

    return application ? application->name : NULL;
}

bool
tscope_profile_is_first_party(struct tscope_span audience)
{
    const struct tscope_application *application;

    if (!audience.data)
        return false;
    application = tscope_application_find(audience);
    return application && application->first_party && application->kind != TSCOPE_APPLICATION_TENANT;
}

struct tscope_span
tscope_profile_family_words(const tscope_profile *profile, struct tscope_span family)
{
    for (size_t t = 0; t < profile->tables_len; t++) {
        for (size_t i = 0; i < profile->tables[t]->families_len; i++) {
            if (tscope_span_equal(profile->tables[t]->families[i].name, family))
                return profile->tables[t]->families[i].words;
        }
    }
    return family;
}
