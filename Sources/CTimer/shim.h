#pragma once
// Timers with a descriptor (Linux), which the Glibc module leaves out.
#include <sys/timerfd.h>
