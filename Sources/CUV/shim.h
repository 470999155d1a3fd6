#pragma once
#include <pthread.h>
#include <uv.h>

// A GNU extension that the system module does not show; at most 15 characters and a NUL.
extern int pthread_setname_np(pthread_t thread, const char *name);
