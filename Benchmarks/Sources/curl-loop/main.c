// The limit for a signed request through libcurl: one handle, one request after the other, the bytes of a real request with its fixed signature.
//
//     curl-loop REQUEST URL SECONDS|COUNTx [parse]     prints requests a second and microseconds of CPU a request
//
// COUNTx (1000x): that many requests and no warm-up. REQUEST is a file that instant-table has written. With "parse", jansson reads each answer: what any
// client has to do with it.
#define _GNU_SOURCE
#include "peer.h"

#include <curl/curl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char received[16384];
static size_t received_length;

static size_t keep(char *bytes, size_t size, size_t count, void *unused) {
    (void)unused;
    size_t length = size * count;
    if (received_length + length > sizeof received) return 0;
    memcpy(received + received_length, bytes, length);
    received_length += length;
    return length;
}

static void parse(void) {
    json_t *root = json_loadb(received, received_length, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, NULL);
    if (!json_object_get(root, "Item")) fail("an answer has no item");
    json_decref(root);
}

int main(int count, char **arguments) {
    if (count < 4 || count > 5) fail("usage: curl-loop REQUEST URL SECONDS|COUNTx [parse]");
    struct curl_slist *headers = NULL;
    char *body = read_request(arguments[1], &headers);
    double duration = strtod(arguments[3], NULL);
    long limit = strchr(arguments[3], 'x') ? (long)duration : 0;
    curl_global_init(CURL_GLOBAL_DEFAULT);
    CURL *easy = request_handle(arguments[2], headers, body, keep, NULL);

    long requests = limit ? 0 : -200;
    double start = 0, cpu = 0, now = 0;
    for (;; requests++) {
        if (requests == 0) start = seconds(), cpu = cpu_seconds();
        if (requests >= 0) {
            now = seconds();
            if (limit ? requests == limit : now - start >= duration) break;
        }
        received_length = 0;
        long status = 0;
        if (curl_easy_perform(easy) != CURLE_OK) fail("a request failed");
        curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
        if (status != 200 || !memmem(received, received_length, "wallet_address", 14)) fail("an answer is not the item");
        if (count == 5) parse();
    }
    printf("%.0f %.3f\n", (double)requests / (now - start), (cpu_seconds() - cpu) * 1e6 / (double)requests);
    curl_easy_cleanup(easy);
    curl_slist_free_all(headers);
    return 0;
}
