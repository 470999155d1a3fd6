#include <stddef.h>
#include <stdint.h>

void fuzz_replies(const uint8_t *bytes, size_t count);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count) {
    fuzz_replies(bytes, count);
    return 0;
}
