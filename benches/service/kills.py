#!/usr/bin/env python3
"""Kills a service at random moments while orders come in, and looks for what was lost.

    cargo build --release -p platewright-cli --features highs
    python3 benches/service/kills.py target/release/platewright [--kills 200]
        [--seconds-between 0.3] [--threads 8] [--data DIR]

Threads place orders, each with its own Idempotency-Key and reference, send some of them a second
time, and cancel some. SIGKILL comes at random moments; the service is started again at once, and
whatever was sent without an answer is sent again with its key. After each restart: every order that
was acknowledged is there with all its units, every acknowledged cancellation holds, no request with
a key was done twice, no unit is in two live builds, and SQLite finds its file whole. Exits with 1 if
anything is amiss.
"""
import argparse
import collections
import pathlib
import random
import statistics
import sys
import tempfile
import threading
import time

from running import Service, load_average


class Load:
    """What was sent and what was acknowledged."""

    def __init__(self, service, threads):
        self.service, self.go, self.ended = service, threading.Event(), False
        self.lock, self.wrong = threading.Lock(), []
        self.orders = {}  # reference: (id, quantity)
        self.cancelled = set()
        self.answers = collections.Counter()
        self.body = service.order()
        self.threads = [threading.Thread(target=self.run, args=(n,)) for n in range(threads)]
        for thread in self.threads:
            thread.start()

    def run(self, number):
        chance, count, connection = random.Random(number), 0, None
        while not self.ended:
            count += 1
            quantity = chance.randint(1, 4)
            line = dict(self.body["lines"][0], quantity=quantity)
            name = f"load-{number}-{count}"
            body = dict(self.body, reference=name, lines=[line])
            connection, order = self.place(connection, name, body)
            if order is None:
                continue
            with self.lock:
                self.orders[name] = (order, quantity)
            if chance.random() < 0.1:
                connection, again = self.place(connection, name, body)
                if again not in (order, None):
                    self.wrong.append(f"{name} was done twice: {order} and {again}")
            if chance.random() < 0.2:
                connection = self.cancel(connection, order)

    def sent(self, connection, *request):
        """An answer; after a kill, that to the same request sent again."""
        while True:
            self.go.wait()
            if self.ended:
                return connection, 0, None
            try:
                connection = connection or self.service.connect(5)
                status, answer = self.service.ask(
                    *request[:2], *request[2:4], once=request[4], connection=connection)
                with self.lock:
                    self.answers[status] += 1
                return connection, status, answer
            except OSError:
                connection.close()
                connection = None
                with self.lock:
                    self.answers["none"] += 1
                time.sleep(0.01)

    def place(self, connection, name, body):
        key = self.service.keys["operator"]
        connection, status, answer = self.sent(connection, "POST", "/v1/orders", body, key, name)
        if status != 201:
            if status not in (0, 503):
                self.wrong.append(f"{name} was answered by {status}: {answer}")
            return connection, None
        return connection, answer["id"]

    def cancel(self, connection, order):
        key = self.service.keys["operator"]
        path = f"/v1/orders/{order}/cancel"
        connection, status, _ = self.sent(connection, "POST", path, None, key, None)
        if status == 200:
            with self.lock:
                self.cancelled.add(order)
        return connection

    def end(self):
        self.ended = True
        self.go.set()
        for thread in self.threads:
            thread.join()


def amiss(service, load):
    """What the records have lost or have too much, in words."""
    with load.lock:
        orders, cancelled = dict(load.orders), set(load.cancelled)
    db = service.records()
    ids = {row[0]: row[1:] for row in db.execute("SELECT id, reference, state FROM orders")}
    units = dict(db.execute("SELECT order_id, count(*) FROM units GROUP BY order_id"))
    found = []
    for name, (order, quantity) in orders.items():
        if order not in ids:
            found.append(f"order {order} ({name}) is lost")
        elif units.get(order) != quantity:
            found.append(f"order {order} has {units.get(order)} units, not {quantity}")
    found += [f"{order} is not cancelled" for order in cancelled
              if ids.get(order, ("", ""))[1] != "cancelled"]
    names = collections.Counter(name for name, _ in ids.values() if name.startswith("load-"))
    found += [f"{name} was done {times} times" for name, times in names.items() if times > 1]
    twice = ("SELECT unit, count(*) FROM build_units WHERE live = 1 GROUP BY unit "
             "HAVING count(*) > 1")
    found += [f"unit {row[0]} is in {row[1]} live builds" for row in db.execute(twice)]
    whole = db.execute("PRAGMA integrity_check").fetchone()[0]
    found += [] if whole == "ok" else [f"integrity_check: {whole}"]
    found += [str(row) for row in db.execute("PRAGMA foreign_key_check")]
    db.close()
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("tool")
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seconds-between", type=float, default=0.3)
    parser.add_argument("--threads", type=int, default=8)
    parser.add_argument("--data", help="a folder that is not there yet")
    args = parser.parse_args()
    folder = tempfile.TemporaryDirectory()
    service = Service(args.tool, args.data or pathlib.Path(folder.name) / "data")
    service.start_demo()
    load, restarts, found = Load(service, args.threads), [], []
    for kill in range(1, args.kills + 1):
        load.go.set()
        time.sleep(random.uniform(0.0, 2 * args.seconds_between))
        service.kill()
        load.go.clear()
        restarts.append(service.start())
        found = amiss(service, load) + load.wrong
        if kill % 20 == 0:
            print(f"{kill} kills, {len(load.orders)} acknowledged, load {load_average()}",
                  flush=True)
        if found:
            break
    load.go.set()
    time.sleep(1)
    load.end()
    found = found or amiss(service, load) + load.wrong
    service.kill()
    print(f"kills {len(restarts)}, acknowledged orders {len(load.orders)}, "
          f"cancellations {len(load.cancelled)}, answers {dict(load.answers)}")
    print(f"restart: median {1000 * statistics.median(restarts):.0f} ms, "
          f"worst {1000 * max(restarts):.0f} ms; load average {load_average()}")
    print(f"amiss: {len(found)}", *found[:20], sep="\n")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
