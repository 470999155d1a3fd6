#pragma once
#include <stdint.h>

/// Allocations of this process so far; 0 without the library `counting-malloc`.
uint64_t marks_allocations(void);

/// Whether the library `counting-malloc` is loaded.
int marks_counts_allocations(void);

/// From here on instructions count, under callgrind; elsewhere it does nothing. What came before goes to a file of its own, named `before`.
void marks_begin(void);

/// What was counted since the last mark goes to callgrind's next file, under this name.
void marks_end(const char *name);
