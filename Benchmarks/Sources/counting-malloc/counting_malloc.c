// Counts how often a process asks for memory: a library for LD_PRELOAD. glibc's own functions do the work, so nothing else changes. What is counted is
// read with `counting_malloc_count`, before and after whatever is of interest; see ../marks.
#define _GNU_SOURCE
#include "counting_malloc.h"

#include <errno.h>
#include <stdatomic.h>
#include <stddef.h>

// glibc's names for what it replaces below; exported since 2.2.5.
extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);

static _Atomic uint64_t count;

static void one(void) { atomic_fetch_add_explicit(&count, 1, memory_order_relaxed); }

uint64_t counting_malloc_count(void) { return atomic_load_explicit(&count, memory_order_relaxed); }

void *malloc(size_t size) {
    one();
    return __libc_malloc(size);
}

void *calloc(size_t number, size_t size) {
    one();
    return __libc_calloc(number, size);
}

// Growing in place costs a call all the same.
void *realloc(void *memory, size_t size) {
    one();
    return __libc_realloc(memory, size);
}

void *memalign(size_t alignment, size_t size) {
    one();
    return __libc_memalign(alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
    one();
    return __libc_memalign(alignment, size);
}

int posix_memalign(void **memory, size_t alignment, size_t size) {
    if (alignment % sizeof(void *) != 0 || (alignment & (alignment - 1)) != 0 || alignment == 0) return EINVAL;
    one();
    void *made = __libc_memalign(alignment, size);
    if (!made) return ENOMEM;
    *memory = made;
    return 0;
}
