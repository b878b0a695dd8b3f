#!/usr/bin/env python3
"""Times the start of a service whose records hold a million units.

    cargo build --release -p platewright-cli --features highs
    python3 benches/service/restart.py target/release/platewright [--units 1000000] [--data DIR]

The demo night is loaded, then orders of 100 units, copied from one of it, are written into the
database by SQL: order, line, units and events, shaped as the service writes them. Then the service
is started three times, each after a kill, and the time until /readyz is told; so are the first
answers to requests for one order and for its units. Exits with 1 if a start takes more than 2 s.
"""
import argparse
import pathlib
import sqlite3
import sys
import tempfile
import time
import uuid

from running import Service, load_average

PER_ORDER = 100


def copied(row, **changed):
    """Values of a row, some of them changed."""
    return [changed.get(name, row[name]) for name in row.keys()]


def fill(file, units):
    """Writes orders of 100 units until there are as many; the id of one in the middle."""
    db = sqlite3.connect(file)
    db.row_factory = sqlite3.Row
    db.execute("PRAGMA synchronous = OFF")
    first = {table: db.execute(f"SELECT * FROM {table} ORDER BY 1 LIMIT 1").fetchone()
             for table in ("orders", "events")}
    line = db.execute("SELECT * FROM order_lines WHERE order_id = ? AND number = 0",
                      [first["orders"]["id"]]).fetchone()
    put = {table: f"INSERT INTO {table} VALUES ({', '.join('?' * width)})"
           for table, width in (("orders", 11), ("order_lines", 7), ("units", 7), ("events", 10))}
    ids = [str(uuid.uuid4()) for _ in range(units // PER_ORDER)]
    said = f'{{"lines":[{{"line":0,"quantity":{PER_ORDER}}}]}}'
    for order in ids:
        db.execute(put["orders"], copied(first["orders"], id=order))
        db.execute(put["order_lines"], copied(line, order_id=order, quantity=PER_ORDER,
                                              next_copy=PER_ORDER))
        db.executemany(put["units"], ((str(uuid.uuid4()), order, 0, copy, None, "waiting", 1)
                                      for copy in range(PER_ORDER)))
        db.execute(put["events"], copied(first["events"], seq=None, order_id=order, subject=order,
                                         body=said))
    db.commit()
    db.close()
    return ids[len(ids) // 2]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("tool")
    parser.add_argument("--units", type=int, default=1_000_000)
    parser.add_argument("--data", help="a folder that is not there yet")
    args = parser.parse_args()
    folder = tempfile.TemporaryDirectory()
    service = Service(args.tool, args.data or pathlib.Path(folder.name) / "data")
    service.start_demo()
    service.stop()
    file = service.data / "records.sqlite"
    order = fill(file, args.units)
    print(f"{args.units} units, {file.stat().st_size / 1e6:.0f} MB, load average {load_average()}")
    worst = 0.0
    for _ in range(3):
        took = service.start()
        worst = max(worst, took)
        parts = []
        for path in (f"/v1/orders/{order}", f"/v1/orders/{order}/parts"):
            begun = time.perf_counter()
            status, _ = service.ask("GET", path, key=service.keys["operator"])
            parts.append(f"{status} in {1000 * (time.perf_counter() - begun):.1f} ms")
        service.kill()
        print(f"ready after {1000 * took:.0f} ms; an order: {parts[0]}, its units: {parts[1]}")
    sys.exit(1 if worst > 2 else 0)


if __name__ == "__main__":
    main()
