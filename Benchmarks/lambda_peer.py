#!/usr/bin/env python3
"""The Lambda's job as it is usually written: boto3 and redis-py, under a runtime loop of its own.

It reads the session's wallet from `peer:<session id>` in Redis, from the table where Redis has none, and answers as the adapter does. No checks of owners,
versions, ends or seals. Clients are made before the first event, as AWS recommends.
"""
import json
import os
import urllib.request

import boto3
import redis
from botocore.config import Config

API = f"http://{os.environ['AWS_LAMBDA_RUNTIME_API']}/2018-06-01/runtime/invocation"
cache = redis.Redis.from_url(os.environ["BEDROCK_SESSIONS_REDIS_URL"], decode_responses=True)
table = boto3.client(
    "dynamodb", endpoint_url=os.environ.get("AWS_ENDPOINT_URL_DYNAMODB"), config=Config(retries={"max_attempts": 2}, connect_timeout=3)
)
opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def wallet(session):
    known = cache.get(f"peer:{session}")
    if known is None:
        item = table.get_item(
            TableName=os.environ["BEDROCK_SESSIONS_TABLE"], Key={"session_id": {"S": session}}, ConsistentRead=True
        ).get("Item", {})
        known = item.get("data", {}).get("M", {}).get("wallet_address", {}).get("S")
        if known:
            cache.set(f"peer:{session}", known, ex=60)
    return known


def answer(event):
    known = wallet(event["sessionId"])
    body = {"status": "known", "wallet_address": known} if known else {"status": "needed"}
    return {
        "messageVersion": "1.0",
        "response": {
            "actionGroup": event["actionGroup"],
            "apiPath": event["apiPath"],
            "httpMethod": event["httpMethod"],
            "httpStatusCode": 200 if known else 404,
            "responseBody": {"application/json": {"body": json.dumps(body)}},
        },
        "sessionAttributes": event.get("sessionAttributes", {}),
        "promptSessionAttributes": event.get("promptSessionAttributes", {}),
    }


while True:
    with opener.open(f"{API}/next") as response:
        request_id = response.headers["Lambda-Runtime-Aws-Request-Id"]
        event = json.load(response)
    data = json.dumps(answer(event)).encode()
    opener.open(urllib.request.Request(f"{API}/{request_id}/response", data, {"Content-Type": "application/json"})).close()
