#!/usr/bin/env python3
"""Measures POST /v1/orders/import: order lines per second, with what the service needs to answer.

    platewright serve --data import-data --demo         # prints keys; in another terminal:
    benches/service/import.py http://127.0.0.1:8080 KEY_OF_BUYER [--lines 100000] [--per-order 10]

A cube is uploaded, then ordered; one line has one copy. Standard library only.
"""

import argparse
import datetime
import json
import struct
import time
import urllib.request
import uuid

FACES = [(0, 2, 1), (1, 2, 3), (4, 5, 6), (5, 7, 6), (0, 1, 4), (1, 5, 4),
         (2, 6, 3), (3, 6, 7), (0, 4, 2), (2, 4, 6), (1, 3, 5), (3, 7, 5)]


def cube(size):
    """A cube as binary STL."""
    corner = [(k & 1, k >> 1 & 1, k >> 2 & 1) for k in range(8)]
    triangles = b"".join(
        struct.pack("<12fH", 0, 0, 0, *(size * x for k in face for x in corner[k]), 0)
        for face in FACES)
    return bytes(80) + struct.pack("<I", len(FACES)) + triangles


def call(args, method, path, body=None, headers=None):
    """Sends a request; the JSON of its answer."""
    request = urllib.request.Request(args.url + path, data=body, method=method)
    request.add_header("Authorization", f"Bearer {args.key}")
    for name, value in (headers or {}).items():
        request.add_header(name, value)
    with urllib.request.urlopen(request, timeout=600) as answer:
        return json.load(answer)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("url")
    parser.add_argument("key")
    parser.add_argument("--lines", type=int, default=100_000)
    parser.add_argument("--per-order", type=int, default=10)
    args = parser.parse_args()

    uploaded = call(args, "POST", "/v1/models?name=cube.stl&unit=mm", cube(20.0),
                    {"Prefer": "wait=30"})
    assert uploaded["versions"][0]["check"] == "pass", uploaded
    processes = call(args, "GET", "/v1/catalogue/processes")["items"]
    process = next(p["body"] for p in processes if p["body"]["nesting"] == "volume")
    centres = call(args, "GET", "/v1/catalogue/centres")["items"]
    due = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=30)
    line = {"model": uploaded["id"], "quantity": 1, "material": process["materials"][0],
            "process": process["id"]}
    order = {"reference": "bulk", "region": centres[0]["body"]["freight"][0]["region"],
             "due_at": due.strftime("%Y-%m-%dT%H:%M:%SZ"), "lines": [line] * args.per_order}
    rows = args.lines // args.per_order
    body = (json.dumps(order) + "\n").encode() * rows

    begun = time.monotonic()
    told = call(args, "POST", "/v1/orders/import", body,
                {"Content-Type": "application/x-ndjson", "Idempotency-Key": str(uuid.uuid4())})
    seconds = time.monotonic() - begun
    assert told["accepted"] == rows, told["refused"][:3]
    print(json.dumps({"orders": rows, "lines": rows * args.per_order, "body_bytes": len(body),
                      "seconds": round(seconds, 2),
                      "lines_per_second": round(rows * args.per_order / seconds)}))


if __name__ == "__main__":
    main()
