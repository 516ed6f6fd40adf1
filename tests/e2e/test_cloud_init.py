"""The disk of cloud-init that a virtual machine is given: what a guest reads there, and what cloud-init itself makes of it."""

import base64
import json
import os
import sys

import yaml

import guest
import harness
from harness import PATIENCE


class CloudInit(guest.GuestTest):
    def seed(self, node):
        """What the guest reads on the disk of cloud-init, by the names of the files."""
        talk = self.console(node)
        self.type(talk, "mkdir -p /seed; mount -o ro LABEL=cidata /seed && echo mount''ed", "mounted")
        files = {}
        for name in ("meta-data", "user-data", "network-config"):
            shown = self.type(talk, f"echo be''gin; base64 /seed/{name}; echo e''nd", "end\r\n")
            files[name] = base64.b64decode(shown.split("begin")[1].rsplit("end", 1)[0]).decode()
        self.type(talk, "echo x >/dev/vda || echo re''fused; ls /seed | wc -l", "refused\r\n3\r\n")
        self.leave(talk)
        return files

    def converted(self, network_config, renderer):
        """What cloud-init itself makes of a network-config, on a guest of Debian."""
        (self.folder / "network-config").write_text(network_config)
        cards = json.loads(network_config)["ethernets"]
        macs = [word for name, card in cards.items() for word in ("-m", f"{name},{card['match']['macaddress']}")]
        out = self.folder / renderer
        done = self.call("cloud-init", "devel", "net-convert", "-p", "network-config", "-k", "yaml", "-d", out, "-D", "debian",
                         "-O", renderer, *macs)
        self.assertEqual(done.status, 0, str(done))
        return "\n".join(file.read_text() for file in sorted(out.rglob("*")) if file.is_file())

    def networkd(self, files, mac):
        """The routes of a card with that MAC, once systemd-networkd has configured it by those files."""
        script = f"""
            mount -t tmpfs tmpfs /run && mount -t sysfs -o ro sysfs /sys
            ip link add eth0 type veth peer name wire && ip link set eth0 address {mac} && ip link set wire up && ip link set lo up
            mkdir -p /run/systemd/network && chown -R systemd-network /run/systemd && cp {files}/*.network /run/systemd/network/
            /lib/systemd/systemd-networkd 2>/run/said &
            for try in $(seq {int(200 * PATIENCE)}); do
              ip -6 route | grep -q ^default && ip -4 route | grep -q ^default && break
              sleep 0.1
            done
            ip -4 route; ip -6 route; cat /run/said >&2; kill $!; wait
        """
        return self.call("unshare", "--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "sh", "-c", script).out

    def test_cloud_init_is_told_what_the_lab_knows(self):
        line = guest.LINE + " address.eth0=10.9.0.20/24 address.eth1=10.9.1.20/24"
        self.up(f"""
            lab: seeded
            networks: {{lan: [10.9.0.0/24, 'fd00:9::/64']}}
            nodes:
              r1: {{kind: router, dns: {{domain: lab.example}}, addresses: {{lan: [10.9.0.1/24, 'fd00:9::1/64']}}}}
              vm1:
                kind: vm
                hostname: first
                addresses: {{lan: [10.9.0.20/24, 'fd00:9::20/64'], eth1: 10.9.1.20/24}}
                vm: {self.vm(append=line, **{"cloud-init": "{}"})}
            links:
              - r1 -- lan
              - vm1 -- lan
              - vm1 -- pc: {{mtu: 1400}}
        """)
        files = self.seed("vm1")
        self.assertEqual(json.loads(files["meta-data"]), {"instance-id": "seeded-vm1", "local-hostname": "first"})
        (self.folder / "user-data").write_text(files["user-data"])
        self.assertIn("Valid cloud-config", self.call("cloud-init", "schema", "--config-file", "user-data").out)
        cards = json.loads(files["network-config"])["ethernets"]
        self.assertEqual(list(cards), ["eth0", "eth1"])
        talk = self.console("vm1")
        self.type(talk, "echo; cat /sys/class/net/eth0/address", cards["eth0"]["match"]["macaddress"])
        self.leave(talk)
        networkd = self.converted(files["network-config"], "networkd")
        for words in ("Address=10.9.0.20/24", "Address=fd00:9::20/64", "Gateway=10.9.0.1", "Gateway=fd00:9::1", "DNS=10.9.0.1 fd00:9::1",
                      "Domains=lab.example", "Address=10.9.1.20/24", "MTUBytes=1400", "Name=eth1"):
            self.assertIn(words, networkd)
        ifupdown = self.converted(files["network-config"], "eni")
        for words in ("address 10.9.0.20/24", "gateway 10.9.0.1", "gateway fd00:9::1", "mtu 1400"):
            self.assertIn(words, ifupdown)

    def test_cloud_init_finds_a_gateway_that_is_in_no_subnet_of_its_own(self):
        line = guest.LINE + " address.eth0=10.9.0.20/32"
        self.up(f"""
            lab: outside
            nodes:
              r1: {{kind: router, addresses: {{eth0: [172.31.1.1/32, 'fd00:31::1/128']}},
                    routes: [{{to: 10.9.0.20/32, dev: eth0}}, {{to: 'fd00:9::20/128', dev: eth0}}]}}
              vm1:
                kind: vm
                addresses: {{eth0: [10.9.0.20/32, 'fd00:9::20/128']}}
                routes:
                  - {{to: default, via: 172.31.1.1}}
                  - {{to: 198.51.100.0/24, via: 172.31.1.1, metric: 50}}
                  - {{to: 172.31.1.1/32, dev: eth0}}
                  - {{to: '::/0', via: 'fd00:31::1'}}
                  - {{to: 'fd00:31::1/128', dev: eth0}}
                vm: {self.vm(append=line, **{"cloud-init": "{}"})}
            links: [r1 -- vm1]
        """)
        config = self.seed("vm1")["network-config"]
        card = json.loads(config)["ethernets"]["eth0"]
        self.assertEqual((card["gateway4"], card["gateway6"]), ("172.31.1.1", "fd00:31::1"))
        self.assertEqual(card["routes"], [
            {"to": "172.31.1.1/32", "via": "0.0.0.0", "scope": "link"}, {"to": "fd00:31::1/128", "via": "::", "scope": "link"},
            {"to": "198.51.100.0/24", "via": "172.31.1.1", "on-link": True, "metric": 50}])
        # What systemd-networkd itself makes of it: on-link routes to the gateways, and all others by them.
        self.converted(config, "networkd")
        routes = self.networkd(self.folder / "networkd/etc/systemd/network", card["match"]["macaddress"])
        for wanted in (r"default via 172\.31\.1\.1 dev eth0", r"172\.31\.1\.1 dev eth0 proto static scope link",
                       r"198\.51\.100\.0/24 via 172\.31\.1\.1 dev eth0", r"default via fd00:31::1 dev eth0"):
            self.assertRegex(routes, f"(?m)^{wanted}")
        # ifupdown's own default routes are on-link, wherever the gateway is.
        ifupdown = self.converted(config, "eni")
        for words in ("address 10.9.0.20/32", "gateway 172.31.1.1", "address fd00:9::20/128", "gateway fd00:31::1"):
            self.assertIn(words, ifupdown)

    def test_cloud_init_is_told_what_the_file_says(self):
        (self.folder / "meta.yaml").write_text("instance-id: of mine\n")
        self.up(f"""
            lab: told
            variables: {{WHO: world}}
            networks: {{lan: 10.9.0.0/24}}
            nodes:
              r1: {{kind: router, dhcp: {{serve: lan}}, addresses: {{lan: 10.9.0.1/24}}}}
              vm1:
                kind: vm
                dhcp: true
                vm:
                  <<: {self.vm()}
                  cloud-init:
                    user-data:
                      hostname: "007"
                      timezone: Etc/UTC
                      package_update: no
                      runcmd: ['echo hello, ${{WHO}}: #1', [sh, -c, "true"]]
                      write_files: [{{path: /etc/motd, content: "one\\ntwo\\n", permissions: '0600'}}]
                    meta-data: meta.yaml
                    network-config: |
                      # nothing
                      {{"version": 2, "ethernets": {{}}}}
              vm2: {{kind: vm, dhcp: true, vm: {self.vm(**{"cloud-init": "{user-data: '#!/bin/sh'}"})}}}
            links: [r1 -- lan, vm1 -- lan, vm2 -- lan]
        """)
        files = self.seed("vm1")
        self.assertTrue(files["user-data"].startswith("#cloud-config\n"), files["user-data"])
        self.assertEqual(yaml.safe_load(files["user-data"]), {
            "hostname": "007", "timezone": "Etc/UTC", "package_update": False,
            "runcmd": ["echo hello, world: #1", ["sh", "-c", "true"]],
            "write_files": [{"path": "/etc/motd", "content": "one\ntwo\n", "permissions": "0600"}]})
        (self.folder / "user-data").write_text(files["user-data"])
        self.assertIn("Valid cloud-config", self.call("cloud-init", "schema", "--config-file", "user-data").out)
        self.assertEqual(files["meta-data"], "instance-id: of mine\n")
        self.assertEqual(files["network-config"], '# nothing\n{"version": 2, "ethernets": {}}\n')
        files = self.seed("vm2")
        self.assertEqual(files["user-data"], "#!/bin/sh")
        card = json.loads(files["network-config"])["ethernets"]["eth0"]
        self.assertEqual((card["dhcp4"], "addresses" in card), (True, False))
        self.assertIn("DHCP=ipv4", self.converted(files["network-config"], "networkd"))


if __name__ == "__main__":
    if harness.WORLD not in os.environ:
        guest.prepare()
    sys.dont_write_bytecode = True
    harness.main()
