/* SPDX-License-Identifier: Apache-2.0 */
#include "profile/profile.h"

#include <stdio.h>

#include "core/alloc.h"
#include "core/error.h"
#include "core/text.h"
#include "profile/applications.h"

static const struct tscope_profile_table *const tables[] = {&tscope_profile_entra};

enum tscope_status
tscope_profile_new(const char *name, tscope_profile **ret_profile, struct tscope_error *err)
{
    const struct tscope_profile_table *table = NULL;
    tscope_profile *profile;

    for (size_t i = 0; i < TSCOPE_COUNT(tables) && !table; i++) {
        if (!name || tscope_span_is(tables[i]->name, name))
            table = tables[i];
    }
    if (!table)
        return tscope_error_set(err, TSCOPE_ERR_NOT_FOUND, TSCOPE_OFFSET_NONE, "no profile of that name is shipped");
    profile = tscope_alloc_zeroed(1, sizeof(*profile));
    if (!profile)
        return tscope_error_no_memory(err);
    atomic_init(&profile->references, 1);
    profile->table = table;
    snprintf(profile->id, sizeof(profile->id), "%.*s@%u", (int)table->name.len, (const char *)table->name.data, table->version);
    *ret_profile = profile;
    return TSCOPE_OK;
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
    if (profile && atomic_fetch_sub_explicit(&profile->references, 1, memory_order_acq_rel) == 1)
        tscope_free(profile);
}

const char *
tscope_profile_id(const tscope_profile *profile)
{
    return profile->id;
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
    for (size_t i = 0; i < profile->table->families_len; i++) {
        if (tscope_span_equal(profile->table->families[i].name, family))
            return profile->table->families[i].words;
    }
    return family;
}
