"""The examples that reach beyond their lab, which only root may: other machines, the host's own interface, containers that run already."""

import json
import signal
import socket
import subprocess

import harness
import hosts
import lxc
import outside
import steps


class HostExamples(steps.StepsTest):
    def test_example_two_hosts(self):
        machines = {name: hosts.Host(name) for name in "ab"}
        for one in machines.values():
            self.addCleanup(one.end)
        machines["a"].join("eth0", ["198.18.0.1/24"], machines["b"], "eth0", ["198.18.0.2/24"])
        words = (harness.EXAMPLES / "two-hosts", "--set", "A=198.18.0.1", "--set", "B=198.18.0.2", "--machine")
        for name, one in machines.items():
            done = self.call(*one.hopyard("up", *words, name))
            self.assertEqual(done.status, 0, str(done))
        for name, node, address in (("a", "pc1", "10.1.0.12"), ("b", "pc2", "10.1.0.1"), ("b", "pc3", "10.1.0.1")):
            ping = machines[name].hopyard("exec", node, "--", "ping", "-c", "1", "-W", "2", address)
            self.assertTrue(harness.wait_until(lambda: self.call(*ping).status == 0), f"{node} does not reach {address}")

    def test_example_physical_bridge(self):
        world = outside.Outside("lan0", "192.168.10.1", "fd00:10::1")
        self.addCleanup(world.end)
        outside.run("ip", "route", "add", "default", "via", "192.168.10.1")
        before = outside.state_of_host()
        talk = self.connection_with(world)
        talk.sendall(b"before")
        self.assertEqual(talk.recv(20), b"before")
        self.assertIn("the host has no interface eth1", self.up(harness.EXAMPLES / "physical-bridge", status=1).err)
        self.up(harness.EXAMPLES / "physical-bridge", "--set", "INTERFACE=lan0")
        talk.sendall(b"and after")
        self.assertEqual(talk.recv(20), b"and after", "the host's connections stay")
        nodes = {"blue": "192.168.10.21", "pc1": "192.168.10.22", "pc2": "192.168.10.23"}
        for node, address in nodes.items():
            self.assert_reaches(node, "192.168.10.1")  # the machine on the physical network
            self.assert_reaches(node, "192.168.10.2")  # the host
            world.run("ping", "-n", "-c", "1", "-W", "5", address)
            # What is done wrong by hand: lo is left down, or an address has no network.
            self.assert_reaches(node, address)
            links = self.hopyard("exec", node, "--", "ip", "-j", "-4", "address").json()
            self.assertEqual({link["ifname"]: [(a["local"], a["prefixlen"]) for a in link["addr_info"]] for link in links},
                             {"lo": [("127.0.0.1", 8)], "eth0": [(address, 24)]})
            self.assertTrue(all("UP" in link["flags"] for link in links))
        self.assert_reaches("pc1", "192.168.10.23")
        self.assert_ports_have_no_address()
        self.hopyard("down")
        self.assertTrue(harness.wait_until(lambda: outside.state_of_host() == before))
        talk.sendall(b"in the end")
        self.assertEqual(talk.recv(20), b"in the end")
        done = self.hopyard("test", harness.EXAMPLES / "physical-bridge/lab.hop.yaml", "--set", "INTERFACE=lan0")
        self.assertEqual(done.out.count("\nok "), 3, str(done))

    def assert_ports_have_no_address(self):
        """No port of a bridge of the host has one, and the bridge of the physical interface has its address and default route."""
        links = {link["ifname"]: link for link in json.loads(outside.run("ip", "-j", "address"))}
        ports = [link for link in links.values() if "master" in link]
        self.assertGreaterEqual(len(ports), 2)
        self.assertEqual([link["ifname"] for link in ports if any(a["family"] == "inet" for a in link["addr_info"])], [])
        bridge = links[links["lan0"]["master"]]
        self.assertEqual([(a["local"], a["prefixlen"]) for a in bridge["addr_info"] if a["family"] == "inet"], [("192.168.10.2", 24)])
        self.assertIn(f"default via 192.168.10.1 dev {bridge['ifname']}", outside.run("ip", "route"))

    def connection_with(self, world):
        """A connection of the host with a machine outside, which says everything back."""
        code = ("import socket; server = socket.create_server(('192.168.10.1', 7)); print('listens', flush=True)\n"
                "talk = server.accept()[0]\nwhile more := talk.recv(99): talk.sendall(more)")
        other = subprocess.Popen(world.command("python3", "-c", code), stdout=subprocess.PIPE, text=True)
        self.addCleanup(self.end, other)
        self.assertEqual(other.stdout.readline(), "listens\n")
        talk = socket.create_connection(("192.168.10.1", 7), 60)
        self.addCleanup(talk.close)
        return talk

    def test_example_containers_as_routers(self):
        self.containers = lxc.Containers(self.folder)
        self.addCleanup(self.containers.end)
        for name in ("h1", "h2", "h3", "h4", "R1", "R2", "R3"):
            self.containers.start(name)
        before = self.networks_of_containers()
        self.follow("containers-as-routers/containers")
        self.assertEqual(self.networks_of_containers(), before)
        self.break_off("containers-as-routers/containers", "h2 reaches h3", signal.SIGINT)
        self.assertTrue(harness.wait_until(lambda: self.networks_of_containers() == before), "not as they were before")
        done = self.hopyard("test", harness.EXAMPLES / "containers-as-routers/lab.hop.yaml")
        self.assertEqual(done.out.count("\nok "), 4, str(done))
        self.hopyard("up", harness.EXAMPLES / "containers-as-routers/lab.hop.yaml")
        hosts = {"h1": "192.168.1.", "h2": "192.168.1.", "h3": "192.168.2.", "h4": "192.168.3."}
        for host, start in hosts.items():
            inside = self.containers.attach(host, "ip", "-o", "address", "show", "dev", "eth0")
            self.assertIn(f"inet {start}", inside)
            hosts[host] = inside.split("inet ")[1].split("/")[0]
        for host in hosts:
            for address in hosts.values():
                self.containers.attach(host, "ping", "-c", "1", "-W", "5", address)
        self.assertEqual(self.call("nsenter", "-t", self.containers.pid("R1"), "-n", "sysctl", "-n", "net.ipv4.ip_forward").out.strip(), "1")
        # Each router sees its own routes: the others' networks, by the ring.
        self.assertIn("192.168.3.0/24 via", self.containers.attach("R1", "ip", "route"))

        # Which process lives where: the lab's names are for that, too.
        self.hopyard("expose", "containers-as-routers")
        first = self.containers.pid("h4")
        self.assertEqual(self.hopyard("netns", "identify", first).out, "containers-as-routers-h4\n")
        self.assertIn(str(first), self.hopyard("netns", "pids", "containers-as-routers-h4").out.split())

    def networks_of_containers(self):
        inside = [["nsenter", "-t", self.containers.pid(name), "-n"] for name in self.containers.names]
        words = ("ip -j address", "ip -j route show table all", "ip -j -6 route show table all", "sysctl net.ipv4.ip_forward net.ipv6.conf.all.forwarding")
        return [self.call(*each, *word.split()).out for each in inside for word in words]


if __name__ == "__main__":
    harness.main()
