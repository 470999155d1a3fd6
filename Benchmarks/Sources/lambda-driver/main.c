// Stands in for AWS Lambda: starts a bootstrap, gives it events one after the other, and takes the time from before the start of the process until the
// first answer is here.
//
//     lambda-driver BOOTSTRAP EVENT EXPECTED [INVOCATIONS]
//
// prints the milliseconds to the first answer, the process's peak memory until then in KB, the microseconds of its processor time for each further
// invocation, its memory (not the peak) after the last in KB, and the milliseconds of its processor time until the first answer. The process gets this one's environment. An answer without the text EXPECTED is a failure.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;
static pid_t child;
static long invocations = 1, answered;
static double first_answer, start_time, warm_start, first_used;
static long first_peak;

static void fail(const char *what) {
    fprintf(stderr, "lambda-driver: %s\n", what);
    if (child > 0) kill(child, SIGKILL);
    exit(1);
}

// A bootstrap that says nothing must not keep the benchmark waiting.
static void give_up(int signal) {
    (void)signal;
    static const char text[] = "lambda-driver: no answer in time\n";
    kill(child, SIGKILL);
    if (write(STDERR_FILENO, text, sizeof text - 1) < 0) _exit(2);
    _exit(1);
}

static double milliseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static int listen_anywhere(void) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (listener < 0 || bind(listener, (struct sockaddr *)&address, size) != 0 || listen(listener, 16) != 0) fail("cannot listen");
    if (getsockname(listener, (struct sockaddr *)&address, &size) != 0) fail("no address");
    char place[32];
    snprintf(place, sizeof place, "127.0.0.1:%d", ntohs(address.sin_port));
    setenv("AWS_LAMBDA_RUNTIME_API", place, 1);
    return listener;
}

static size_t read_file(const char *path, char *bytes, size_t size) {
    FILE *file = fopen(path, "r");
    if (!file) fail("the event cannot be read");
    size_t length = fread(bytes, 1, size, file);
    fclose(file);
    return length;
}

// Reads one whole request; 0 at the end of the connection.
static int read_request(int descriptor, char *bytes, size_t size) {
    size_t length = 0;
    while (length < size - 1) {
        ssize_t count = read(descriptor, bytes + length, size - 1 - length);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return 0;
        length += (size_t)count;
        bytes[length] = 0;
        char *end = strstr(bytes, "\r\n\r\n");
        if (!end) continue;
        char *field = strcasestr(bytes, "\r\ncontent-length:");
        size_t body = field && field < end ? strtoul(field + 17, NULL, 10) : 0;
        if (length >= (size_t)(end + 4 - bytes) + body) return 1;
    }
    fail("a request is too large");
    return 0;
}

static void send_event(int descriptor, const char *event, size_t length) {
    char answer[16384 + 512];
    // No two invocations have an id in common.
    static unsigned number;
    number++;
    int size = snprintf(answer, sizeof answer,
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nLambda-Runtime-Aws-Request-Id: %08x-e9f4-11e8-9739-2dfe598c3fcd\r\n"
        "Lambda-Runtime-Deadline-Ms: %lld\r\n"
        "Lambda-Runtime-Invoked-Function-Arn: arn:aws:lambda:eu-central-1:123456789012:function:bedrock-sessions\r\n"
        "Lambda-Runtime-Trace-Id: Root=1-%08x-ad49b0e87f6ef6c87fc2e700;Parent=53995c3f42cd8ad8;Sampled=1\r\nContent-Length: %zu\r\n\r\n%.*s",
        number, ((long long)time(NULL) + 30) * 1000, number, length, (int)length, event);
    if (write(descriptor, answer, (size_t)size) != size) fail("the event cannot be sent");
}

// A line of /proc/PID/status, in KB.
static long memory(const char *name) {
    char path[64], line[256];
    snprintf(path, sizeof path, "/proc/%d/status", child);
    FILE *file = fopen(path, "r");
    if (!file) fail("no status");
    long value = 0;
    while (fgets(line, sizeof line, file))
        if (strncmp(line, name, strlen(name)) == 0) value = strtol(line + strlen(name) + 1, NULL, 10);
    fclose(file);
    return value;
}

// The processor time of the process so far, in seconds.
static double processor_time(void) {
    clockid_t clock;
    struct timespec used;
    if (clock_getcpuclockid(child, &clock) != 0 || clock_gettime(clock, &used) != 0) fail("no clock");
    return (double)used.tv_sec + (double)used.tv_nsec / 1e9;
}

static void finish(void) {
    double each = answered > 1 ? (processor_time() - warm_start) * 1e6 / (double)(answered - 1) : 0;
    printf("%.2f %ld %.2f %ld %.2f\n", first_answer, first_peak, each, memory("VmRSS"), first_used * 1e3);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    exit(0);
}

static void serve(int descriptor, const char *event, size_t length, const char *expected) {
    static char bytes[65536];
    static const char accepted[] = "HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n";
    while (read_request(descriptor, bytes, sizeof bytes)) {
        if (strncmp(bytes, "GET ", 4) == 0) {
            send_event(descriptor, event, length);
            continue;
        }
        double end = milliseconds();
        if (!strstr(bytes, "/response ") || !strstr(bytes, expected)) {
            fprintf(stderr, "%s\n", bytes);
            fail("this is not the answer that was expected");
        }
        if (answered++ == 0) {
            first_answer = end - start_time;
            first_peak = memory("VmHWM");
            first_used = warm_start = processor_time();
        }
        if (answered == invocations) finish();
        if (write(descriptor, accepted, sizeof accepted - 1) != sizeof accepted - 1) fail("an answer cannot be accepted");
    }
}

int main(int count, char **arguments) {
    if (count != 4 && count != 5) fail("usage: lambda-driver BOOTSTRAP EVENT EXPECTED [INVOCATIONS]");
    if (count == 5) invocations = strtol(arguments[4], NULL, 10);
    if (invocations < 1) fail("INVOCATIONS is at least 1");
    static char event[16384];
    size_t length = read_file(arguments[2], event, sizeof event);
    int listener = listen_anywhere();
    signal(SIGALRM, give_up);
    alarm(20 + (unsigned)(invocations / 500));
    start_time = milliseconds();
    // What it logs, metrics among it, is written as in Lambda and read by nobody here.
    posix_spawn_file_actions_t streams;
    posix_spawn_file_actions_init(&streams);
    posix_spawn_file_actions_addopen(&streams, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&streams, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    if (posix_spawn(&child, arguments[1], &streams, NULL, (char *[]){arguments[1], NULL}, environ) != 0) fail("the bootstrap cannot be started");
    for (;;) {
        int descriptor = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
        if (descriptor < 0) fail("accept");
        serve(descriptor, event, length, arguments[3]);
        close(descriptor);
    }
}
