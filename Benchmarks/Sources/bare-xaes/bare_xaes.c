#include "bare_xaes.h"

#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

struct bare_xaes {
    EVP_CIPHER_CTX *aes, *gcm;
    uint8_t subkey[16];
};

bare_xaes *bare_xaes_new(const uint8_t key[32]) {
    bare_xaes *xaes = calloc(1, sizeof *xaes);
    EVP_CIPHER *aes = EVP_CIPHER_fetch(NULL, "AES-256-ECB", NULL), *gcm = EVP_CIPHER_fetch(NULL, "AES-256-GCM", NULL);
    if (xaes == NULL || aes == NULL || gcm == NULL) return NULL;
    xaes->aes = EVP_CIPHER_CTX_new();
    xaes->gcm = EVP_CIPHER_CTX_new();
    uint8_t block[16] = {0};
    int count = 0;
    if (EVP_EncryptInit_ex2(xaes->aes, aes, key, NULL, NULL) != 1 || EVP_CIPHER_CTX_set_padding(xaes->aes, 0) != 1
        || EVP_EncryptUpdate(xaes->aes, block, &count, block, 16) != 1
        || EVP_DecryptInit_ex2(xaes->gcm, gcm, NULL, NULL, NULL) != 1)
        return NULL;
    for (int i = 0; i < 16; i++) xaes->subkey[i] = (uint8_t)(block[i] << 1 | (i < 15 ? block[i + 1] >> 7 : 0));
    if (block[0] & 0x80) xaes->subkey[15] ^= 0x87;
    return xaes;
}

int bare_xaes_open(
    bare_xaes *xaes, const uint8_t nonce[24], const uint8_t *additional, size_t additional_count, const uint8_t *text, size_t text_count,
    const uint8_t tag[16], uint8_t *room) {
    uint8_t key[32] = {0, 1, 'X', 0};
    key[17] = 2;
    key[18] = 'X';
    memcpy(key + 4, nonce, 12);
    memcpy(key + 20, nonce, 12);
    for (int i = 0; i < 32; i++) key[i] ^= xaes->subkey[i % 16];
    int count = 0;
    return EVP_EncryptUpdate(xaes->aes, key, &count, key, 32) == 1 && EVP_DecryptInit_ex2(xaes->gcm, NULL, key, nonce + 12, NULL) == 1
        && EVP_DecryptUpdate(xaes->gcm, NULL, &count, additional, (int)additional_count) == 1
        && EVP_DecryptUpdate(xaes->gcm, room, &count, text, (int)text_count) == 1
        && EVP_CIPHER_CTX_ctrl(xaes->gcm, EVP_CTRL_AEAD_SET_TAG, 16, (void *)tag) == 1
        && EVP_DecryptFinal_ex(xaes->gcm, room + text_count, &count) == 1;
}
