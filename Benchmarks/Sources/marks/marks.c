#define _GNU_SOURCE
#include "marks.h"

#include <dlfcn.h>
#include <stddef.h>

// Debian's valgrind brings it. Without it nothing counts instructions anyway.
#if __has_include(<valgrind/callgrind.h>)
#include <valgrind/callgrind.h>
#endif

static uint64_t (*counter(void))(void) {
    // Not a weak symbol: a linker may settle those of an executable for good.
    static uint64_t (*found)(void);
    static int searched;
    if (!searched) *(void **)&found = dlsym(RTLD_DEFAULT, "counting_malloc_count");
    searched = 1;
    return found;
}

int marks_counts_allocations(void) { return counter() != NULL; }

uint64_t marks_allocations(void) { return counter() ? counter()() : 0; }

// What was counted before goes to a file that nobody reads: zeroing the counts leaves those of calls that have not returned.
void marks_begin(void) { marks_end("before"); }

void marks_end(const char *name) {
#ifdef CALLGRIND_DUMP_STATS_AT
    CALLGRIND_DUMP_STATS_AT(name);
#else
    (void)name;
#endif
}
