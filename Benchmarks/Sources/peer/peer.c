#define _GNU_SOURCE
#include "peer.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/resource.h>
#include <time.h>

void fail(const char *what) {
    fprintf(stderr, "%s: %s\n", program_invocation_short_name, what);
    exit(1);
}

double seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

double cpu_seconds(void) {
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) + (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

char *read_request(const char *path, struct curl_slist **headers) {
    static char request[16384];
    FILE *file = fopen(path, "r");
    if (!file || fread(request, 1, sizeof request - 1, file) == 0) fail("the request cannot be read");
    fclose(file);
    char *end = strstr(request, "\r\n\r\n");
    if (!end) fail("the request has no end");
    *end = 0;
    int accepts = 0;
    char *rest = NULL;
    strtok_r(request, "\r\n", &rest);
    for (char *line; (line = strtok_r(NULL, "\r\n", &rest));) {
        if (strncasecmp(line, "content-length:", 15) == 0) continue;
        if (strncasecmp(line, "accept:", 7) == 0) accepts = 1;
        *headers = curl_slist_append(*headers, line);
    }
    if (!accepts) *headers = curl_slist_append(*headers, "Accept:");
    return end + 4;
}

CURL *request_handle(const char *url, struct curl_slist *headers, char *body, curl_write_callback keep, void *owner) {
    CURL *easy = curl_easy_init();
    if (!easy) fail("libcurl gives no handle");
    curl_easy_setopt(easy, CURLOPT_URL, url);
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, body);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, keep);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, owner);
    return easy;
}
