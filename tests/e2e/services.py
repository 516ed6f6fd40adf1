"""What tests of services have in common: a node with some, and a look at them."""

import json
import signal

import harness

LISTEN = """
import signal, socket, sys
s = socket.create_server(("::" if len(sys.argv) > 2 else "", int(sys.argv[1])),
                         family=socket.AF_INET6 if len(sys.argv) > 2 else socket.AF_INET)
print("listening", flush=True)
signal.pause()
"""
# Says the signals that it gets, and goes on.
DEAF = """
import os, signal, time
for number in (signal.SIGTERM, signal.SIGINT):
    signal.signal(number, lambda number, _: os.write(1, b"got %d\\n" % number))  # print may be at it already
print("deaf", flush=True)
while True: time.sleep(1000)
"""


class ServicesTest(harness.LabTest):
    def node(self, services, name="lab", more="", **options):
        """A lab of node s with these services, as lines of YAML."""
        lines = "\n".join("      " + line for line in services.strip("\n").splitlines())
        files = f"""
    files:
      /opt/listen: {json.dumps(LISTEN)}
      /opt/deaf: {json.dumps(DEAF)}
"""
        return self.up(f"lab: {name}\nnodes:\n  s:{files}{more}    services:\n{lines}\nlinks: [s -- m]\n", *options.pop("words", ()),
                       **options)

    def services(self, node="s"):
        return {one["service"]: one for one in self.show(node)["services"]}

    def await_service(self, name, **wanted):
        """Waits until the service is as wanted."""
        now = None

        def there():
            nonlocal now
            now = self.services()[name]
            return all(now[key] == value for key, value in wanted.items())

        self.assertTrue(harness.wait_until(there), f"{name} should be {wanted}, and is {now}")
        return now

    def lines(self, *words):
        return [one["line"] for one in self.hopyard("logs", "s", *words, "--json").json()["lines"]]

    def kill(self, name, number=signal.SIGKILL):
        self.run_in("s", "kill", f"-{int(number)}", self.services()[name]["pid"])
