// Posts one body again and again over some connections of HTTP/1.1, at a rate that does not wait for the server: a request is due at its instant, and its
// latency counts from there, however late it could be sent because all connections were busy (no coordinated omission).
//
//     http-pace PORT PATH BODY CONNECTIONS RATE SECONDS     BODY is a file
//
// prints requests a second, the median, the 99 of 100 and the largest latency in ms. An answer that is not 200 is a failure. The first second does not count.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

struct connection {
    int descriptor;
    double due; // of the request under way
    size_t length;
    char bytes[65536];
};

static char request[70000];
static size_t request_length;
static double *latencies;
static size_t counted, room;

static void fail(const char *what) {
    fprintf(stderr, "http-pace: %s%s%s\n", what, errno ? ": " : "", errno ? strerror(errno) : "");
    exit(1);
}

static double seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void make_request(const char *path, const char *file) {
    static char body[65536];
    FILE *stream = fopen(file, "r");
    if (!stream) fail(file);
    size_t length = fread(body, 1, sizeof body - 1, stream);
    fclose(stream);
    request_length = (size_t)snprintf(request, sizeof request,
        "POST %s HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s", path, length, body);
}

static int connected(int port) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;
    if (descriptor < 0 || connect(descriptor, (struct sockaddr *)&address, sizeof address) != 0) fail("connect");
    setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return descriptor;
}

// Whether the whole answer is there. Every answer has a Content-Length.
static int is_complete(struct connection *connection) {
    ssize_t count = recv(connection->descriptor, connection->bytes + connection->length, sizeof connection->bytes - 1 - connection->length, MSG_DONTWAIT);
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) return 0;
    if (count <= 0) fail("the server closed a connection");
    connection->length += (size_t)count;
    connection->bytes[connection->length] = 0;
    const char *end = strstr(connection->bytes, "\r\n\r\n");
    if (!end) return 0;
    errno = 0;
    if (strncmp(connection->bytes, "HTTP/1.1 200", 12) != 0) fail("an answer is not 200");
    const char *field = strcasestr(connection->bytes, "\r\ncontent-length:");
    if (!field || field > end) fail("an answer has no Content-Length");
    return connection->length >= (size_t)(end + 4 - connection->bytes) + strtoul(field + 17, NULL, 10);
}

static int by_size(const void *left, const void *right) {
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

int main(int count, char **arguments) {
    if (count != 7) fail("usage: http-pace PORT PATH BODY CONNECTIONS RATE SECONDS");
    make_request(arguments[2], arguments[3]);
    int connections = atoi(arguments[4]), idle = 0, poll = epoll_create1(EPOLL_CLOEXEC);
    double rate = atof(arguments[5]), length = atof(arguments[6]) + 1;
    struct connection **waiting = calloc((size_t)connections, sizeof *waiting);
    room = (size_t)(rate * length) + 1;
    latencies = calloc(room, sizeof *latencies);
    if (connections <= 0 || rate <= 0 || poll < 0 || !waiting || !latencies) fail("give numbers above 0");
    for (; idle < connections; idle++) {
        struct connection *fresh = calloc(1, sizeof *fresh);
        if (!fresh) fail("calloc");
        fresh->descriptor = connected(atoi(arguments[1]));
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = fresh};
        if (epoll_ctl(poll, EPOLL_CTL_ADD, fresh->descriptor, &event) != 0) fail("epoll_ctl");
        waiting[idle] = fresh;
    }
    double start = seconds();
    for (size_t sent = 0, answered = 0; answered < room - 1;) {
        double now = seconds();
        while (idle > 0 && sent < room - 1 && start + (double)sent / rate <= now) {
            struct connection *connection = waiting[--idle];
            connection->due = start + (double)sent++ / rate;
            connection->length = 0;
            if (send(connection->descriptor, request, request_length, MSG_NOSIGNAL) != (ssize_t)request_length) fail("send");
        }
        double next = sent < room - 1 && idle > 0 ? start + (double)sent / rate - seconds() : 0.1;
        struct epoll_event ready[64];
        struct timespec patience = {.tv_nsec = next < 0 ? 0 : (long)((next < 0.1 ? next : 0.1) * 1e9)};
        int events = epoll_pwait2(poll, ready, 64, &patience, NULL);
        if (events < 0 && errno != EINTR) fail("epoll_pwait2");
        for (int index = 0; index < events; index++) {
            struct connection *connection = ready[index].data.ptr;
            if (!is_complete(connection)) continue;
            answered++;
            if (connection->due >= start + 1) latencies[counted++] = (seconds() - connection->due) * 1e3;
            waiting[idle++] = connection;
        }
        if (seconds() > start + 3 * length) fail("the server does not keep up");
    }
    if (counted == 0) fail("nothing was counted");
    qsort(latencies, counted, sizeof *latencies, by_size);
    printf("%.0f %.3f %.3f %.3f\n", (double)(room - 1) / (seconds() - start), latencies[counted / 2], latencies[counted * 99 / 100], latencies[counted - 1]);
}
