#pragma once
#include <zlib.h>

// deflateInit2 is a macro.
static inline int shim_deflate_init(z_stream *stream, int level) {
    // A negative window: bare deflate, as a zip holds it.
    return deflateInit2(stream, level, Z_DEFLATED, -15, 9, Z_DEFAULT_STRATEGY);
}
