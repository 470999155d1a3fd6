// The GETs of `bench get` in plain C over hiredis, on one connection with some commands always on their way, as in a pipeline:
//
//     hiredis-loop HOST PORT DEPTH SECONDS|COUNTx
//
// prints operations a second and microseconds of CPU an operation. It reads the thousand keys of `bench`, and copies each value, as a caller who keeps it
// has to.
#include <hiredis/hiredis.h>
#include <string.h>

#include "peer.h"
#include <stdio.h>
#include <stdlib.h>

static redisContext *context;
static size_t asked;

static void ask(void) {
    char key[64];
    int length = snprintf(key, sizeof key, "bs1:bench:3f1c2a50-8f0e-4a4e-9d7a-5f6f1%zu", 1000000 + asked++ % 1000);
    const char *arguments[] = {"GET", key};
    const size_t lengths[] = {3, (size_t)length};
    if (redisAppendCommandArgv(context, 2, arguments, lengths) != REDIS_OK) fail(context->errstr);
}

static void hear(void) {
    redisReply *reply = NULL;
    if (redisGetReply(context, (void **)&reply) != REDIS_OK) fail(context->errstr);
    if (reply->type != REDIS_REPLY_STRING) fail("a key is missing: run `bench get` first");
    char *copy = malloc(reply->len);
    if (!copy) fail("malloc");
    memcpy(copy, reply->str, reply->len);
    free(copy);
    freeReplyObject(reply);
}

// As many as came together are answered and asked for again together, as a loop with as many callers does.
static size_t round_of(int depth) {
    for (int index = 0; index < depth; index++) ask();
    for (int index = 0; index < depth; index++) hear();
    return (size_t)depth;
}

int main(int count, char **arguments) {
    if (count != 5) fail("usage: hiredis-loop HOST PORT DEPTH SECONDS|COUNTx");
    int depth = atoi(arguments[3]), counted = strchr(arguments[4], 'x') != NULL;
    double amount = atof(arguments[4]);
    context = redisConnect(arguments[1], atoi(arguments[2]));
    if (!context || context->err || depth <= 0 || amount <= 0) fail("no connection, or no amount");
    redisEnableKeepAlive(context);
    if (!counted) for (double end = seconds() + 0.3; seconds() < end;) round_of(depth);
    double wall = seconds(), cpu = cpu_seconds();
    size_t done = 0;
    while (counted ? (double)done < amount : seconds() - wall < amount) done += round_of(depth);
    wall = seconds() - wall, cpu = cpu_seconds() - cpu;
    printf("%.0f %.3f\n", (double)done / wall, cpu * 1e6 / (double)done);
    redisFree(context);
}
