#!/usr/bin/env python3
"""Sends a service what its OpenAPI document allows and what it forbids, with schemathesis.

    python3 tests/outside/service_fuzz.py target/release/platewright [--examples 5]
        [--document FILE] [--seed 1]

needs `schemathesis` (PyPI) in this Python. The service is one of the demo night in a folder of its
own; requests have the operator's key. All checks are on, with the statuses of schemathesis.toml: no
answer may be 500 or more, each must be as the document says, and what the document forbids must be
refused. The document is that of the service unless another is given. Left out are the stream of
events, whose schema is that of the data in an event, and the import, whose rows schemathesis cannot
write. Exits with 1 if anything is otherwise.
"""
import argparse
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent.parent / "benches" / "service"))
from running import Service  # noqa: E402


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("tool")
    parser.add_argument("--examples", type=int, default=5)
    parser.add_argument("--document")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        service = Service(args.tool, pathlib.Path(folder) / "data")
        try:
            service.start_demo()
            url = f"http://127.0.0.1:{service.port}"
            command = [pathlib.Path(sys.executable).with_name("schemathesis"),
                       "--config-file", HERE / "schemathesis.toml", "run",
                       args.document or f"{url}/openapi.json", "--url", url,
                       "--header", f"Authorization: Bearer {service.keys['operator']}",
                       "--max-examples", str(args.examples),
                       "--seed", str(args.seed), "--no-color", "--warnings", "off",
                       "--exclude-path", "/v1/events",
                       "--exclude-path", "/v1/orders/import"]
            done = subprocess.run(list(map(str, command)), cwd=folder)
        finally:
            service.kill()
    sys.exit(done.returncode)


if __name__ == "__main__":
    main()
