#pragma once
#include <stdint.h>

/// How often memory was asked for since the process started, by all threads.
uint64_t counting_malloc_count(void);
