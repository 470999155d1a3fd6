// A program that is linked on glibc 2.35 or newer and starts on 2.34, the one of Amazon Linux 2023.
//
// The Swift runtime's overlay of the C library mentions hypotf, which has a new version since glibc 2.35 (it does not set errno any more); a mention is
// enough for the dynamic linker to refuse the program on 2.34. This one takes its place, with the version that every glibc has. Nothing here calls it.
#include <features.h>

#include "glibc_floor.h"

#ifdef __GLIBC__
#if defined(__x86_64__)
__asm__(".symver floor_hypotf, hypotf@GLIBC_2.2.5");
#elif defined(__aarch64__)
__asm__(".symver floor_hypotf, hypotf@GLIBC_2.17");
#else
#error "Lambda has x86_64 and arm64"
#endif
float floor_hypotf(float x, float y);

float hypotf(float x, float y) { return floor_hypotf(x, y); }
#endif
