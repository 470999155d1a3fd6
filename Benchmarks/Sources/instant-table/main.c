// A table that answers at once: HTTP/1.1 with keep-alive on one thread, the same answer for every GetItem and for every other request that of an UpdateItem.
//
//     instant-table [DUMP [FIELDS BYTES]]     prints its port; writes the first request that it gets to the file DUMP, if that is not empty
//
// Its one session has a wallet's address, or as many fields with texts of as many bytes.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

// Half of what a socket's buffer takes at once.
#define LARGEST (200 << 10)
#define WALLET "\"wallet_address\":{\"S\":\"0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed\"}"

struct connection {
    int descriptor;
    size_t length;
    char bytes[1 << 20];
};

// What a request is answered with, and the same with the head of this second.
struct answer {
    char *body, *text;
    size_t length;
    uint32_t crc;
    time_t written;
};

static struct answer item, attributes;
static const char *dump_path;

static void fail(const char *what) {
    perror(what);
    exit(1);
}

static uint32_t crc32_of(const char *text) {
    uint32_t crc = ~0u;
    for (; *text; text++) {
        crc ^= (unsigned char)*text;
        for (int bit = 0; bit < 8; bit++) crc = crc >> 1 ^ (crc & 1 ? 0xEDB88320u : 0);
    }
    return ~crc;
}

// `member`: what the service calls the item in its answer. `fields` is 0 for a wallet's address.
static void make_answer(struct answer *answer, const char *member, size_t fields, size_t bytes) {
    size_t room = 1024 + fields * (bytes + 64);
    FILE *body = (answer->body = malloc(room)) ? fmemopen(answer->body, room, "w") : NULL;
    if (!body || !(answer->text = malloc(room + 512))) fail("malloc");
    fprintf(body, "{\"%s\":{\"session_id\":{\"S\":\"3f1c2a50-8f0e-4a4e-9d7a-5f6f1c3b7e21\"},\"data\":{\"M\":{", member);
    if (fields == 0) fputs(WALLET, body);
    for (size_t field = 0; field < fields; field++) {
        fprintf(body, "%s\"field_%zu\":{\"S\":\"", field ? "," : "", field);
        for (size_t byte = 0; byte < bytes; byte++) fputc('x', body);
        fputs("\"}", body);
    }
    fputs("}},\"expiration\":{\"N\":\"4102444800\"},\"version\":{\"N\":\"1763800000001\"},"
          "\"write_id\":{\"S\":\"0b9f2c7d51e84a6c93d0a7e418f5b26c\"},\"created_at\":{\"N\":\"1763800000000\"},"
          "\"updated_at\":{\"N\":\"1763800000000\"}}}",
        body);
    if (fclose(body) != 0) fail("fclose");
    answer->crc = crc32_of(answer->body);
}

// Clients correct their clocks by the date, so it has to be true; once a second is often enough.
static void freshen(struct answer *answer) {
    time_t now = time(NULL);
    if (now == answer->written) return;
    answer->written = now;
    char date[64];
    struct tm parts;
    strftime(date, sizeof date, "%a, %d %b %Y %H:%M:%S GMT", gmtime_r(&now, &parts));
    answer->length = (size_t)sprintf(answer->text,
        "HTTP/1.1 200 OK\r\nServer: Server\r\nDate: %s\r\nContent-Type: application/x-amz-json-1.0\r\nContent-Length: %zu\r\n"
        "Connection: keep-alive\r\nx-amzn-RequestId: T1KQHF5ALJ4S02FO3QJ2VVQBDNVV4KQNSO5AEMVJF66Q9ASUAAJG\r\nx-amz-crc32: %u\r\n\r\n%s",
        date, strlen(answer->body), answer->crc, answer->body);
}

static struct answer *answer_to(const char *request, size_t length) {
    // The target of the request; nothing else in its fields looks like it.
    struct answer *answer = memmem(request, length < 1024 ? length : 1024, ".UpdateItem\r\n", 13) ? &attributes : &item;
    freshen(answer);
    return answer;
}

// The length of the first whole request among the bytes; 0 while something is missing.
static size_t request_length(const struct connection *connection) {
    const char *end = memmem(connection->bytes, connection->length, "\r\n\r\n", 4);
    if (!end) return 0;
    size_t head = (size_t)(end - connection->bytes) + 4, body = 0;
    for (const char *line = connection->bytes; line < end; line = (const char *)memchr(line, '\n', (size_t)(end + 2 - line)) + 1)
        if (strncasecmp(line, "content-length:", 15) == 0) body = strtoul(line + 15, NULL, 10);
    return head + body <= connection->length ? head + body : 0;
}

static void dump(const char *bytes, size_t length) {
    if (!dump_path) return;
    FILE *file = fopen(dump_path, "w");
    if (!file || fwrite(bytes, 1, length, file) != length || fclose(file) != 0) fail(dump_path);
    dump_path = NULL;
}

// Answers what is complete; 0 when the connection is to be closed.
static int serve(struct connection *connection) {
    ssize_t count = read(connection->descriptor, connection->bytes + connection->length, sizeof connection->bytes - connection->length);
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) return 1;
    if (count <= 0) return 0;
    connection->length += (size_t)count;
    size_t length;
    while ((length = request_length(connection)) > 0) {
        dump(connection->bytes, length);
        const struct answer *answer = answer_to(connection->bytes, length);
        connection->length -= length;
        memmove(connection->bytes, connection->bytes + length, connection->length);
        // Shorter than the socket's buffer, and at most one answer is under way on a connection.
        if (write(connection->descriptor, answer->text, answer->length) != (ssize_t)answer->length) return 0;
    }
    return connection->length < sizeof connection->bytes;
}

static int listen_anywhere(void) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (listener < 0 || bind(listener, (struct sockaddr *)&address, size) != 0 || listen(listener, 512) != 0) fail("listen");
    if (getsockname(listener, (struct sockaddr *)&address, &size) != 0) fail("getsockname");
    printf("%d\n", ntohs(address.sin_port));
    fflush(stdout);
    return listener;
}

int main(int count, char **arguments) {
    if (count > 1 && *arguments[1]) dump_path = arguments[1];
    size_t fields = count > 3 ? strtoul(arguments[2], NULL, 10) : 0, bytes = count > 3 ? strtoul(arguments[3], NULL, 10) : 0;
    if (fields * bytes > LARGEST) fail("too large an item");
    make_answer(&item, "Item", fields, bytes);
    make_answer(&attributes, "Attributes", fields, bytes);
    int listener = listen_anywhere(), poll = epoll_create1(EPOLL_CLOEXEC);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL}, ready[128];
    if (poll < 0 || epoll_ctl(poll, EPOLL_CTL_ADD, listener, &event) != 0) fail("epoll");
    for (;;) {
        int events = epoll_wait(poll, ready, 128, -1);
        for (int index = 0; index < events; index++) {
            struct connection *connection = ready[index].data.ptr;
            if (!connection) {
                int descriptor = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC), on = 1, buffer = 2 * LARGEST;
                if (descriptor < 0) continue;
                setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
                setsockopt(descriptor, SOL_SOCKET, SO_SNDBUF, &buffer, sizeof buffer);
                struct connection *fresh = calloc(1, sizeof *fresh);
                if (!fresh) fail("calloc");
                fresh->descriptor = descriptor;
                event = (struct epoll_event){.events = EPOLLIN, .data.ptr = fresh};
                if (epoll_ctl(poll, EPOLL_CTL_ADD, descriptor, &event) != 0) fail("epoll_ctl");
            } else if (!serve(connection)) {
                close(connection->descriptor);
                free(connection);
            }
        }
    }
}
