#include <stddef.h>
#include <stdint.h>

void fuzz_connection(const uint8_t *bytes, size_t count);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count) {
    fuzz_connection(bytes, count);
    return 0;
}
