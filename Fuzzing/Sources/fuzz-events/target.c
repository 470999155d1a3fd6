#include <stddef.h>
#include <stdint.h>

void fuzz_events(const uint8_t *bytes, size_t count);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count) {
    fuzz_events(bytes, count);
    return 0;
}
