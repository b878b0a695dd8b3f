#!/usr/bin/env python3
"""Fills the disk under a service, and looks whether it refuses, loses nothing and recovers.

    cargo build --release -p platewright-cli --features highs
    python3 benches/service/disk_full.py target/release/platewright [--megabytes 40]

needs the right to mount. The service runs on a small file system in memory. Orders are placed until
it is full: they must be refused with 503 and E9325, and reads must go on. Then a file that took some
of the room is removed, and orders must be taken again. In the end every acknowledged order is there,
after a kill too, and SQLite finds its file whole. Exits with 1 otherwise.
"""
import argparse
import collections
import pathlib
import subprocess
import sys
import tempfile

from running import Service


def placed(service, name, most, until):
    """Places orders, at most some, until one is answered as wanted: ids, answers."""
    key, ids, answers = service.keys["operator"], [], collections.Counter()
    body = service.body
    for count in range(most):
        order = dict(body, reference=f"{name}-{count}", lines=[dict(body["lines"][0], quantity=50)])
        status, said = service.ask("POST", "/v1/orders", order, key, once=f"{name}-{count}")
        answers[(status, said.get("code", ""))] += 1
        if status == 201:
            ids.append(said["id"])
        if status in until:
            break
    return ids, answers


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("tool")
    parser.add_argument("--megabytes", type=int, default=40)
    args = parser.parse_args()
    folder = tempfile.TemporaryDirectory()
    disk = pathlib.Path(folder.name)
    size = f"size={args.megabytes}m"
    if subprocess.run(["mount", "-t", "tmpfs", "-o", size, "tmpfs", str(disk)]).returncode:
        sys.exit("a file system cannot be mounted here")
    service, wrong = Service(args.tool, disk / "data"), []
    try:
        service.start_demo()
        service.body = service.order()
        ballast = disk / "ballast"
        ballast.write_bytes(bytes(8 << 20))
        ids, answers = placed(service, "fill", 100_000, {500, 503})
        print(f"until it is full: {dict(answers)}")
        more, full = placed(service, "full", 20, set())
        print(f"while it is full: {dict(full)}")
        if set(answers + full) - {(201, ""), (503, "E9325")} or (503, "E9325") not in full:
            wrong.append("something else than 201, and 503 with E9325")
        status, _ = service.ask("GET", f"/v1/orders/{ids[0]}", key=service.keys["operator"])
        wrong += [] if status == 200 else [f"a full disk: reading is answered by {status}"]
        ballast.unlink()
        after, again = placed(service, "after", 20, set())
        print(f"after room was made: {dict(again)}")
        wrong += [] if len(after) == 20 else ["it does not take orders again"]
        service.kill()
        service.start()
        db = service.records()
        known = {row[0] for row in db.execute("SELECT id FROM orders")}
        acknowledged = ids + more + after
        lost = [order for order in acknowledged if order not in known]
        wrong += [f"{order} is lost" for order in lost]
        whole = db.execute("PRAGMA integrity_check").fetchone()[0]
        wrong += [] if whole == "ok" else [whole]
        db.close()
        print(f"acknowledged {len(acknowledged)}, lost {len(lost)}, integrity {whole}")
    finally:
        if service.process:
            service.kill()
        subprocess.run(["umount", str(disk)], check=True)
    print(*wrong, sep="\n")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
