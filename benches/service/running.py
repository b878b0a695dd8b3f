"""A service of the demo night as a child process, for the scripts of this folder."""
import http.client
import json
import os
import pathlib
import socket
import sqlite3
import subprocess
import sys
import time


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Service:
    """Starts, asks, kills and reads the records of a service in a data folder."""

    def __init__(self, tool, data):
        self.tool, self.data = tool, pathlib.Path(data)
        self.port, self.process, self.keys = free_port(), None, {}

    def start(self, *options):
        """Starts it, and tells the seconds until /readyz first says that it is ready."""
        command = [self.tool, "serve", "--data", str(self.data),
                   "--listen", f"127.0.0.1:{self.port}", *options]
        log = open(self.data.with_suffix(".log"), "ab")
        begun = time.perf_counter()
        self.process = subprocess.Popen(command, stdout=log, stderr=log)
        log.close()
        while time.perf_counter() - begun < 300:
            try:
                if self.ask("GET", "/readyz")[0] == 200:
                    return time.perf_counter() - begun
            except OSError:
                pass
            if self.process.poll() is not None:
                sys.exit(f"the service ended with {self.process.returncode}, see {log.name}")
            time.sleep(0.002)
        sys.exit("the service is not ready after 300 s")

    def start_demo(self):
        """Starts it with the demo night, and reads the keys of all roles."""
        self.data.parent.mkdir(parents=True, exist_ok=True)
        took = self.start("--demo")
        for line in self.data.with_suffix(".log").read_text().splitlines():
            if line.startswith("key of "):
                name, key = line.removeprefix("key of ").split(": ")
                self.keys[name] = key
        return took

    def connect(self, timeout=30):
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)

    def ask(self, method, path, body=None, key=None, once=None, connection=None):
        """Status and JSON (or text) of an answer; OSError if there is none that is whole."""
        headers = {}
        if key:
            headers["Authorization"] = f"Bearer {key}"
        if once:
            headers["Idempotency-Key"] = once
        if body is not None:
            headers["Content-Type"], body = "application/json", json.dumps(body)
        used = connection or self.connect()
        try:
            used.request(method, path, body, headers)
            answer = used.getresponse()
            text = answer.read().decode()
        except http.client.HTTPException as broken:
            used.close()
            raise OSError(str(broken)) from broken
        if connection is None:
            used.close()
        kind = answer.headers.get("content-type", "")
        return answer.status, json.loads(text) if "json" in kind else text

    def order(self, quantity=1):
        """The body of an order of some copies, which the service takes."""
        key = self.keys["operator"]
        for placed in self.ask("GET", "/v1/orders?limit=100", key=key)[1]["items"]:
            request = placed["request"]
            due = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 30 * 86_400))
            line = dict(request["lines"][0], quantity=quantity)
            body = {"region": request["region"], "due_at": due, "lines": [line]}
            if self.ask("POST", "/v1/quotes", body, key, once=os.urandom(8).hex())[0] == 201:
                return body
        sys.exit("the demo night has no order that can be placed again")

    def kill(self):
        self.process.kill()
        self.process.wait()

    def stop(self):
        self.process.terminate()
        self.process.wait(30)

    def records(self):
        """The records, to be read."""
        return sqlite3.connect(f"file:{self.data}/records.sqlite?mode=ro", uri=True)


def load_average():
    return f"{os.getloadavg()[0]:.1f}"
