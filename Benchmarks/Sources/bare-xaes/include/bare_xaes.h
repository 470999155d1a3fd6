#pragma once
#include <stddef.h>
#include <stdint.h>

// Opening one message with XAES-256-GCM: the OpenSSL calls that it takes, with contexts that are kept, and nothing else.
typedef struct bare_xaes bare_xaes;

// NULL when OpenSSL fails.
bare_xaes *bare_xaes_new(const uint8_t key[32]);

// 1 when the message is authentic. `text` is decrypted into `room`.
int bare_xaes_open(
    bare_xaes *xaes, const uint8_t nonce[24], const uint8_t *additional, size_t additional_count, const uint8_t *text, size_t text_count,
    const uint8_t tag[16], uint8_t *room);
