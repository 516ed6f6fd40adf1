"""Network cards in a lab (by: move), in the guest of tests/vm/run alone: the host of these labs is the guest itself, whose
first namespace is where the kernel returns hardware to. Behind eth0 is a namespace that has eth1.
"""

import os
import pathlib
import re
import signal
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "e2e"))
import harness
import outside

LAB = """lab: moved
nodes:
  lan: {kind: external, interface: eth0, by: move}
  gw: {kind: router}
links:
  - gw:wan -- lan: {mtu: 1400}
  - pc -- gw
"""


class Hardware(harness.LabTest):
    @classmethod
    def setUpClass(cls):
        outside.run("modprobe", "virtio_net")
        harness.wait_until(lambda: os.path.exists("/sys/class/net/eth1"))
        cls.beyond = subprocess.Popen(["unshare", "--net", "sleep", "infinity"])
        harness.wait_until(lambda: os.readlink(f"/proc/{cls.beyond.pid}/ns/net") != os.readlink("/proc/self/ns/net"))
        outside.run("ip", "link", "set", "eth1", "netns", str(cls.beyond.pid))
        for words in ("link set eth1 up", "address add 203.0.113.1/24 dev eth1", "address add 2001:db8::1/64 dev eth1 nodad"):
            cls.there("ip", *words.split())
        for words in ("link set eth0 up", "link set eth0 alias backbone", "link property add dev eth0 altname uplink0",
                      "address add 203.0.113.2/24 dev eth0", "address add 203.0.113.77/24 dev eth0 label eth0:7",
                      "address add 2001:db8::2/64 dev eth0 nodad", "route add default via 203.0.113.1 metric 50 proto dhcp",
                      "route add 198.18.0.0/24 via 203.0.113.1 table 77", "-6 route add default via 2001:db8::1"):
            outside.run("ip", *words.split())
        outside.run("sysctl", "-w", "net.ipv4.conf.eth0.rp_filter=2", "net.ipv6.conf.eth0.hop_limit=77", "net.ipv4.neigh.eth0.gc_stale_time=33")
        harness.wait_until(lambda: "tentative" not in outside.run("ip", "address", "show", "dev", "eth0"))

    @classmethod
    def tearDownClass(cls):
        cls.beyond.kill()
        cls.beyond.wait()
        outside.run("modprobe", "--remove", "virtio_net")

    @classmethod
    def there(cls, *words):
        return outside.run("nsenter", "--target", str(cls.beyond.pid), "--net", *words)

    def setUp(self):
        super().setUp()
        self.was = self.host()
        self.assertIn('"ifname":"eth0"', self.was)

    def host(self):
        return outside.state_of_host()

    def assert_put_back(self):
        harness.wait_until(lambda: self.host() == self.was)
        self.assertEqual(self.host(), self.was)
        self.assertEqual(self.call("ping", "-c", "1", "-W", "30", "203.0.113.1").status, 0)
        self.assertEqual(self.call("ping", "-c", "1", "-W", "30", "2001:db8::1").status, 0)

    def test_a_router_has_the_card(self):
        self.up(LAB)
        self.assertNotIn("eth0", os.listdir("/sys/class/net"))
        link = self.run_in("gw", "ip", "-d", "link", "show", "dev", "wan")
        self.assertIn("52:54:00:00:00:01", link)
        self.assertIn("mtu 1400", link)
        self.hopyard("exec", "gw", "--", "ip", "address", "add", "203.0.113.9/24", "dev", "wan")
        self.hopyard("exec", "gw", "--", "ip", "-6", "address", "add", "2001:db8::9/64", "dev", "wan")
        self.assert_reaches("gw", "203.0.113.1")
        self.assert_reaches("gw", "2001:db8::1")
        self.assertIn("wan", self.hopyard("show", "gw").out)
        self.hopyard("fail", "gw -- lan")
        self.assert_does_not_reach("gw", "203.0.113.1")
        self.hopyard("heal", "gw -- lan")
        self.assert_reaches("gw", "203.0.113.1")
        self.hopyard("down")
        self.assert_put_back()

    def test_a_network_has_the_card(self):
        self.up("""lab: moved
nodes:
  lan: {kind: external, interface: eth0, by: move}
  pc[1..2]: {}
  sw: {kind: switch}
links:
  - pc1 -- sw
  - pc2 -- sw
  - lan -- sw
""")
        for number in (1, 2):
            self.hopyard("exec", f"pc{number}", "--", "ip", "address", "add", f"203.0.113.2{number}/24", "dev", "eth0")
            self.assert_reaches(f"pc{number}", "203.0.113.1")
        self.hopyard("down")
        self.assert_put_back()

    def test_put_back_whatever_ended_the_lab(self):
        lab = self.lab(LAB)
        self.up(lab)
        os.kill(self.show()["keeper_pid"], signal.SIGKILL)
        self.assertTrue(harness.wait_until(lambda: self.running() == []))
        self.assert_put_back()
        for _ in range(20 if os.environ.get("HOPYARD_TEST_LONG") else 2):
            started = self.start("up", lab)
            harness.time.sleep(harness.random.uniform(0, 3))
            for pid in harness.processes_of_labs():
                harness.kill(pid)
            started.kill()
            started.communicate()
            harness.wait_until(lambda: not harness.processes_of_hopyard())
            self.hopyard("down", "--all")
            self.assert_put_back()

    def test_not_confirmed(self):
        self.up(LAB.replace("by: move", "by: move, confirm: 1s"))
        self.assertTrue(harness.wait_until(lambda: self.running() == [], 30))
        self.assert_put_back()

    def test_what_carries_others_stays(self):
        outside.run("ip", "link", "add", "link", "eth0", "name", "eth0.7", "type", "vlan", "id", "7")
        refused = self.up(LAB, status=1)
        self.assertIn("eth0.7 stands on it", refused.err)
        outside.run("ip", "link", "delete", "eth0.7")
        self.assert_put_back()


if __name__ == "__main__":
    harness.main(network=False)
