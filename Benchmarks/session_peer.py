#!/usr/bin/env python3
"""Sessions as they are usually kept in Python: redis-py in front of boto3, JSON in the cache.

    session_peer.py read|write REDIS-URL TABLE-URL THREADS SECONDS

prints operations a second and microseconds of CPU an operation. A read is a GET, the JSON and a look at the end; a write an UpdateItem that answers with
the item, and a SET of its JSON. Nobody is told that a write is coming, no answer's checksum and no version is compared. Threads share the two clients.
"""
import json
import resource
import sys
import threading
import time

import boto3
import redis
from botocore.config import Config

kind, redis_url, table_url, threads, seconds = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]), float(sys.argv[5])
cache = redis.Redis.from_url(redis_url, decode_responses=True)
table = boto3.client(
    "dynamodb", endpoint_url=table_url, region_name="eu-central-1", aws_access_key_id="BENCHACCESSKEY000000",
    aws_secret_access_key="a key of the length that a real one has.", config=Config(max_pool_connections=threads),
)
WALLET = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"
KEYS = [f"peer:3f1c2a50-8f0e-4a4e-9d7a-5f6f1{1000000 + number}" for number in range(1000)]


def kept(item):
    return json.dumps({name: list(value.values())[0] for name, value in item.items()})


def read(number):
    session = json.loads(cache.get(KEYS[number % 1000]))
    if int(session["expiration"]) <= time.time():
        raise SystemExit("error: a session has ended")
    return session["data"]["wallet_address"]["S"]


def write(number):
    key, now = KEYS[number % 1000], time.time()
    answer = table.update_item(
        TableName="bench", Key={"session_id": {"S": key[5:]}}, ReturnValues="ALL_NEW",
        UpdateExpression="SET #d.#w = :w, #u = :u, #e = :e ADD #v :one", ConditionExpression="attribute_not_exists(#e) OR #e > :now",
        ExpressionAttributeNames={"#d": "data", "#w": "wallet_address", "#u": "updated_at", "#e": "expiration", "#v": "version"},
        ExpressionAttributeValues={
            ":w": {"S": WALLET}, ":u": {"N": str(int(now * 1000))}, ":e": {"N": str(int(now) + 86400)}, ":one": {"N": "1"},
            ":now": {"N": str(int(now))},
        },
    )
    cache.set(key, kept(answer["Attributes"]), ex=86400)


def run(length):
    counts = [0] * threads
    end = time.monotonic() + length

    def work(place):
        operation, number = (read if kind == "read" else write), place * 37
        while time.monotonic() < end:
            operation(number + counts[place])
            counts[place] += 1

    workers = [threading.Thread(target=work, args=(place,)) for place in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return sum(counts)


def cpu():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


item = table.get_item(TableName="bench", Key={"session_id": {"S": KEYS[0][5:]}}, ConsistentRead=True)["Item"]
for key in KEYS:
    cache.set(key, kept(item), ex=86400)
run(0.3)
wall, used = time.monotonic(), cpu()
count = run(seconds)
wall, used = time.monotonic() - wall, cpu() - used
print(f"{count / wall:.0f} {used * 1e6 / count:.3f}")
