/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/optional.h"

#include <dlfcn.h>
#include <string.h>

#define NAMES_MAX 32

void *
tscope_optional_open(const char *library, const char *const *names, size_t names_len, void *functions)
{
    void *handle = names_len <= NAMES_MAX ? dlopen(library, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE) : NULL;
    void *found[NAMES_MAX];

    if (!handle)
        return NULL;
    for (size_t i = 0; i < names_len; i++) {
        found[i] = dlsym(handle, names[i]);
        if (!found[i]) {
            dlclose(handle);
            return NULL;
        }
    }
    memcpy(functions, found, names_len * sizeof(*found)); /* C has no other way from data to a function; POSIX has them alike */
    return handle;
}

void
tscope_optional_close(void *library)
{
    if (library)
        dlclose(library);
}
