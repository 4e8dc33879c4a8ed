/* SPDX-License-Identifier: Apache-2.0 */
#include "counter.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>

static atomic_ulong read_locks, write_locks, mutexes, allocations;

/* glibc keeps these for whoever stands in front of its allocator */
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *memory, size_t size);

void *
malloc(size_t size)
{
    allocations++;
    return __libc_malloc(size);
}

void *
calloc(size_t count, size_t size)
{
    allocations++;
    return __libc_calloc(count, size);
}

void *
realloc(void *memory, size_t size)
{
    allocations++;
    return __libc_realloc(memory, size);
}

typedef int lock_call(void *lock);

/* The C library's own function of that name, looked up once. */
static lock_call *
behind(_Atomic(lock_call *) *known, const char *name)
{
    lock_call *call = *known;

    if (!call) {
        *(void **)&call = dlsym(RTLD_NEXT, name);
        *known = call;
    }
    return call;
}

int
pthread_rwlock_rdlock(pthread_rwlock_t *lock)
{
    static _Atomic(lock_call *) known;

    read_locks++;
    return behind(&known, "pthread_rwlock_rdlock")(lock);
}

int
pthread_rwlock_wrlock(pthread_rwlock_t *lock)
{
    static _Atomic(lock_call *) known;

    write_locks++;
    return behind(&known, "pthread_rwlock_wrlock")(lock);
}

int
pthread_mutex_lock(pthread_mutex_t *lock)
{
    static _Atomic(lock_call *) known;

    mutexes++;
    return behind(&known, "pthread_mutex_lock")(lock);
}

void
bench_counter_read(struct bench_counts *ret_counts)
{
    *ret_counts = (struct bench_counts){read_locks, write_locks, mutexes, allocations};
}
