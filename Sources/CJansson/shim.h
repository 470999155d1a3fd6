#pragma once
#include <jansson.h>

// jansson has an enum and a function of the same name, which Swift cannot tell apart.
static inline int bs_json_error_code(const json_error_t *error) { return (int)json_error_code(error); }
