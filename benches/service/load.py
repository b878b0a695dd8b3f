#!/usr/bin/env python3
"""Measures what a service answers in a second at 64 connections, with wrk on the same machine.

    cargo build --release -p platewright-cli --features highs
    python3 benches/service/load.py target/release/platewright [--seconds 10] [--repeat 3]
        [--data DIR]

needs `wrk` (Debian package). Reads are GET /v1/orders/{id}; writes are POST /v1/orders of one unit,
each with an Idempotency-Key of its own and on the disk before it is answered. Beside the writes it
tells how often the disk of the same folder takes 4 KiB with fdatasync in a second, right before.
Client, service and whatever else runs share the cores: mind the load average.
"""
import argparse
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

from running import Service, load_average

CONNECTIONS = 64


def wrk(service, path, seconds, *options, **environment):
    """Requests a second, the 99th percentile in ms, and what went wrong."""
    command = ["wrk", "-t2", f"-c{CONNECTIONS}", f"-d{seconds}s", "--latency", *options,
               f"http://127.0.0.1:{service.port}{path}"]
    said = subprocess.run(command, check=True, capture_output=True, text=True,
                          env={**os.environ, **environment}).stdout
    number, unit = re.search(r"99%\s+([\d.]+)(us|ms|s)", said).groups()
    late = float(number) * {"us": 0.001, "ms": 1.0, "s": 1000.0}[unit]
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", said).group(1))
    wrong = re.findall(r"(Non-2xx.*|Socket errors.*)", said)
    return rate, late, wrong


def syncs(folder, seconds=2.0):
    """How often the disk takes 4 KiB with fdatasync in a second."""
    with tempfile.TemporaryFile(dir=folder) as file:
        handle, block, count, begun = file.fileno(), bytes(4096), 0, time.perf_counter()
        while time.perf_counter() - begun < seconds:
            os.pwrite(handle, block, 4096 * (count % 1024))
            os.fdatasync(handle)
            count += 1
        return count / (time.perf_counter() - begun)


def cpu_seconds(service):
    """CPU seconds of the service so far."""
    fields = pathlib.Path(f"/proc/{service.process.pid}/stat").read_text().rsplit(")")[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def row(service, what, measure, beside=""):
    begun, before = time.perf_counter(), cpu_seconds(service)
    rate, late, wrong = measure()
    used = (cpu_seconds(service) - before) / (time.perf_counter() - begun)
    print(f"| {what} | {rate:,.0f} | {late:.1f} ms | {1e6 * used / rate:.0f} µs | {beside} "
          f"| {load_average()} | {'; '.join(wrong) or 'none'} |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("tool")
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--data", help="a folder that is not there yet")
    args = parser.parse_args()
    if shutil.which("wrk") is None:
        sys.exit("wrk is not there: install the package wrk")
    folder = tempfile.TemporaryDirectory()
    service = Service(args.tool, args.data or pathlib.Path(folder.name) / "data")
    service.start_demo()
    key, body = service.keys["operator"], service.order()
    order = service.ask("POST", "/v1/orders", body, key, once="first")[1]["id"]
    script = str(pathlib.Path(__file__).with_name("orders.lua"))
    print("| what | a second | p99 | CPU of the service, each | fdatasync a second "
          "| load average | errors |\n|---|---|---|---|---|---|---|")
    for number in range(args.repeat):
        row(service, "an order is read", lambda: wrk(
            service, f"/v1/orders/{order}", args.seconds, "-H", f"Authorization: Bearer {key}"))
        beside = f"{syncs(service.data):,.0f}"
        row(service, "an order is placed", lambda: wrk(
            service, "/v1/orders", args.seconds, "-s", script,
            BODY=json.dumps(body), KEY=key, RUN=f"run-{number}"), beside)
    service.kill()


if __name__ == "__main__":
    main()
