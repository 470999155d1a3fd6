// The Lambda's job in plain C, over the same libraries: hiredis and libcurl, and jansson for the JSON. One invocation after the other.
//
//     AWS_LAMBDA_RUNTIME_API, BEDROCK_SESSIONS_REDIS_URL (redis://127.0.0.1:PORT) and the event as Lambda has it
//
// It reads the session's wallet from `peer:<session id>` and answers as the adapter does. It does what is needed and nothing else: no checks of owners,
// versions, ends or seals, no deadline, no second attempt. Where the wallet is not in Redis it fails.
#define _GNU_SOURCE
#include <curl/curl.h>
#include <hiredis/hiredis.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct text {
    char bytes[65536];
    size_t length;
};

static char request_id[128];

static void fail(const char *what) {
    fprintf(stderr, "lambda-peer: %s\n", what);
    exit(1);
}

static size_t keep(char *data, size_t size, size_t count, void *owner) {
    struct text *text = owner;
    if (text->length + size * count >= sizeof text->bytes) return 0;
    memcpy(text->bytes + text->length, data, size * count);
    text->length += size * count;
    return size * count;
}

static size_t header(char *data, size_t size, size_t count, void *owner) {
    (void)owner;
    static const char name[] = "lambda-runtime-aws-request-id:";
    if (size * count > sizeof name && strncasecmp(data, name, sizeof name - 1) == 0)
        snprintf(request_id, sizeof request_id, "%.*s", (int)(strcspn(data + sizeof name, "\r\n")), data + sizeof name);
    return size * count;
}

static redisContext *connect_redis(void) {
    const char *url = getenv("BEDROCK_SESSIONS_REDIS_URL");
    const char *port = url ? strrchr(url, ':') : NULL;
    redisContext *redis = port ? redisConnect("127.0.0.1", atoi(port + 1)) : NULL;
    if (!redis || redis->err) fail("no Redis");
    return redis;
}

// The same envelope as the adapter's answer of an OpenAPI action group.
static char *answer(const char *event, size_t length, redisContext *redis) {
    json_t *in = json_loadb(event, length, 0, NULL);
    const char *session = json_string_value(json_object_get(in, "sessionId"));
    if (!session) fail("no session");
    redisReply *reply = redisCommand(redis, "GET peer:%s", session);
    if (!reply || reply->type != REDIS_REPLY_STRING) fail("no wallet");
    json_t *body = json_pack("{s:s, s:s}", "status", "known", "wallet_address", reply->str);
    char *text = json_dumps(body, JSON_COMPACT);
    json_t *out = json_pack("{s:s, s:{s:O, s:O, s:O, s:i, s:{s:{s:s}}}, s:O, s:O}", "messageVersion", "1.0", "response", "actionGroup",
        json_object_get(in, "actionGroup"), "apiPath", json_object_get(in, "apiPath"), "httpMethod", json_object_get(in, "httpMethod"),
        "httpStatusCode", 200, "responseBody", "application/json", "body", text, "sessionAttributes", json_object_get(in, "sessionAttributes"),
        "promptSessionAttributes", json_object_get(in, "promptSessionAttributes"));
    if (!out) fail("no answer");
    char *whole = json_dumps(out, JSON_COMPACT);
    json_decref(out);
    json_decref(body);
    json_decref(in);
    free(text);
    freeReplyObject(reply);
    return whole;
}

int main(void) {
    const char *api = getenv("AWS_LAMBDA_RUNTIME_API");
    if (!api) fail("no runtime API");
    curl_global_init(CURL_GLOBAL_DEFAULT);
    redisContext *redis = connect_redis();
    CURL *easy = curl_easy_init();
    struct curl_slist *headers = curl_slist_append(curl_slist_append(NULL, "Content-Type: application/json"), "Expect:");
    static struct text text;
    char url[512];
    for (;;) {
        snprintf(url, sizeof url, "http://%s/2018-06-01/runtime/invocation/next", api);
        text.length = 0;
        curl_easy_setopt(easy, CURLOPT_URL, url);
        curl_easy_setopt(easy, CURLOPT_HTTPGET, 1L);
        curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
        curl_easy_setopt(easy, CURLOPT_PROXY, "");
        curl_easy_setopt(easy, CURLOPT_HTTPHEADER, NULL);
        curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, keep);
        curl_easy_setopt(easy, CURLOPT_WRITEDATA, &text);
        curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, header);
        if (curl_easy_perform(easy) != CURLE_OK) return 0;
        char *body = answer(text.bytes, text.length, redis);
        snprintf(url, sizeof url, "http://%s/2018-06-01/runtime/invocation/%s/response", api, request_id);
        text.length = 0;
        curl_easy_setopt(easy, CURLOPT_URL, url);
        curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
        curl_easy_setopt(easy, CURLOPT_POSTFIELDS, body);
        if (curl_easy_perform(easy) != CURLE_OK) fail("no answer sent");
        free(body);
    }
}
