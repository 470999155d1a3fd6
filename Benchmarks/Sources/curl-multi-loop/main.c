// The limit for signed requests at the same time: libcurl's multi interface on libuv, with the bytes of a real request and its fixed signature.
//
//     curl-multi-loop REQUEST URL TASKS SECONDS|COUNTx     prints requests a second and microseconds of CPU a request
//
// REQUEST is a file that instant-table has written. TASKS handles are in flight at a time; each starts over when it has its answer. COUNTx (1000x): that
// many requests and no warm-up.
#define _GNU_SOURCE
#include "peer.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

struct transfer {
    CURL *easy;
    size_t length;
    char received[16384];
};

struct watcher {
    uv_poll_t poll;
    curl_socket_t socket;
};

static CURLM *multi;
static uv_loop_t *loop;
static uv_timer_t timer;
static long requests, limit;
static double duration, start_time, start_cpu, end_time;
static int is_over;

static size_t keep(char *bytes, size_t size, size_t count, void *owner) {
    struct transfer *transfer = owner;
    size_t length = size * count;
    if (transfer->length + length > sizeof transfer->received) return 0;
    memcpy(transfer->received + transfer->length, bytes, length);
    transfer->length += length;
    return length;
}

// Counts an answer; false when it was the last one.
static int count_answer(void) {
    requests++;
    if (requests == 0) start_time = seconds(), start_cpu = cpu_seconds();
    if (requests < 0) return 1;
    end_time = seconds();
    is_over = limit ? requests >= limit : end_time - start_time >= duration;
    return !is_over;
}

static void collect(void) {
    int left;
    for (CURLMsg *message; (message = curl_multi_info_read(multi, &left));) {
        if (message->msg != CURLMSG_DONE) continue;
        struct transfer *transfer;
        long status = 0;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &transfer);
        curl_easy_getinfo(message->easy_handle, CURLINFO_RESPONSE_CODE, &status);
        if (message->data.result != CURLE_OK) fail("a request failed");
        if (status != 200 || !memmem(transfer->received, transfer->length, "wallet_address", 14)) fail("an answer is not the item");
        curl_multi_remove_handle(multi, transfer->easy);
        transfer->length = 0;
        if (is_over || !count_answer()) {
            uv_stop(loop);
        } else {
            curl_multi_add_handle(multi, transfer->easy);
        }
    }
}

static void timer_fired(uv_timer_t *handle) {
    (void)handle;
    int running;
    curl_multi_socket_action(multi, CURL_SOCKET_TIMEOUT, 0, &running);
    collect();
}

static int set_timer(CURLM *handle, long milliseconds, void *unused) {
    (void)handle, (void)unused;
    if (milliseconds < 0) {
        uv_timer_stop(&timer);
    } else {
        uv_timer_start(&timer, timer_fired, (uint64_t)milliseconds, 0);
    }
    return 0;
}

static void ready(uv_poll_t *poll, int status, int events) {
    struct watcher *watcher = poll->data;
    int running, flags = status < 0 ? CURL_CSELECT_ERR : 0;
    if (events & UV_READABLE) flags |= CURL_CSELECT_IN;
    if (events & UV_WRITABLE) flags |= CURL_CSELECT_OUT;
    curl_multi_socket_action(multi, watcher->socket, flags, &running);
    collect();
}

static void release(uv_handle_t *handle) { free(handle->data); }

static int set_socket(CURL *easy, curl_socket_t socket, int what, void *unused, void *known) {
    (void)easy, (void)unused;
    struct watcher *watcher = known;
    if (what == CURL_POLL_REMOVE) {
        if (watcher) uv_poll_stop(&watcher->poll), uv_close((uv_handle_t *)&watcher->poll, release);
        curl_multi_assign(multi, socket, NULL);
        return 0;
    }
    if (!watcher) {
        watcher = calloc(1, sizeof *watcher);
        if (!watcher || uv_poll_init_socket(loop, &watcher->poll, socket) != 0) fail("a socket cannot be watched");
        watcher->socket = socket;
        watcher->poll.data = watcher;
        curl_multi_assign(multi, socket, watcher);
    }
    uv_poll_start(&watcher->poll, (what & CURL_POLL_IN ? UV_READABLE : 0) | (what & CURL_POLL_OUT ? UV_WRITABLE : 0), ready);
    return 0;
}

int main(int count, char **arguments) {
    if (count != 5) fail("usage: curl-multi-loop REQUEST URL TASKS SECONDS|COUNTx");
    struct curl_slist *headers = NULL;
    char *body = read_request(arguments[1], &headers);
    int tasks = atoi(arguments[3]);
    duration = strtod(arguments[4], NULL);
    limit = strchr(arguments[4], 'x') ? (long)duration : 0;
    requests = limit ? 0 : -1000;
    curl_global_init(CURL_GLOBAL_DEFAULT);
    loop = uv_default_loop();
    multi = curl_multi_init();
    struct transfer *transfers = calloc((size_t)tasks, sizeof *transfers);
    if (tasks < 1 || !multi || !transfers) fail("no memory");
    uv_timer_init(loop, &timer);
    curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, set_socket);
    curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, set_timer);
    curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, (long)tasks);
    for (int index = 0; index < tasks; index++) {
        CURL *easy = transfers[index].easy = request_handle(arguments[2], headers, body, keep, &transfers[index]);
        curl_easy_setopt(easy, CURLOPT_PRIVATE, &transfers[index]);
        curl_multi_add_handle(multi, easy);
    }
    start_time = seconds(), start_cpu = cpu_seconds();
    uv_run(loop, UV_RUN_DEFAULT);
    printf("%.0f %.3f\n", (double)requests / (end_time - start_time), (cpu_seconds() - start_cpu) * 1e6 / (double)requests);
    return 0;
}
