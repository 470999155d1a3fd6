// What the C programs beside which we are measured have in common.
#ifndef PEER_H
#define PEER_H

#include <curl/curl.h>

// Says what went wrong on stderr, after the program's name, and ends the program with 1.
_Noreturn void fail(const char *what);

// The monotonic clock, and the CPU that this process has used; both in seconds.
double seconds(void);
double cpu_seconds(void);

// Appends to `headers` all header fields of the request in the file at `path` (instant-table has written it) but those that libcurl writes itself;
// returns the request's body, which lives as long as the program.
char *read_request(const char *path, struct curl_slist **headers);

// A handle that posts that request to `url`; what is received goes to `keep` with `owner`.
CURL *request_handle(const char *url, struct curl_slist *headers, char *body, curl_write_callback keep, void *owner);

#endif
