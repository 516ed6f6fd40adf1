"""Labs with the same node names, addresses and interface names, at the same time on one machine."""

import harness

LAB = """
networks: {lan: 10.0.0.0/24}
nodes:
  server: {addresses: {lan: .1/24}, env: {WHO: "${WHO}"}, files: {/etc/who: "${WHO}\\n"}}
  client: {addresses: {lan: .2/24}}
links: [server -- lan, client -- lan]
"""
SERVE = "import socket; s = socket.create_server(('10.0.0.1', 7)); print('ready', flush=True); c, _ = s.accept(); c.sendall(b'{0}')"
ASK = "import socket; print(socket.create_connection(('10.0.0.1', 7)).recv(99).decode())"


class SideBySide(harness.LabTest):
    def setUp(self):
        super().setUp()
        path = self.lab(LAB)
        self.names = ["one", "two", "three"]
        for name in self.names:
            self.hopyard("up", path, "--name", name, "--set", f"WHO={name}")

    def test_all_run(self):
        self.assertEqual(self.running(), sorted(self.names))

    def test_each_client_gets_its_own_server(self):
        servers = []
        for name in self.names:
            server = self.start("exec", f"{name}/server", "--", "/usr/bin/python3", "-c", SERVE.format(name))
            self.assertEqual(server.stdout.readline(), "ready\n")
            servers.append(server)
        for name in self.names:
            self.assertEqual(self.hopyard("exec", f"{name}/client", "--", "/usr/bin/python3", "-c", ASK).out, name + "\n")
        for server in servers:
            server.communicate(timeout=20 * harness.PATIENCE)

    def test_files_and_environment_are_each_labs_own(self):
        for name in self.names:
            self.assertEqual(self.hopyard("exec", f"{name}/server", "--", "cat", "/etc/who").out, name + "\n")
            self.assertEqual(self.hopyard("exec", f"{name}/server", "--", "sh", "-c", "echo $WHO").out, name + "\n")

    def test_a_change_in_one_is_not_seen_in_another(self):
        self.hopyard("exec", "one/server", "--", "ip", "address", "flush", "dev", "eth0")
        self.assert_does_not_reach("client", "10.0.0.1", lab="one")
        self.assert_reaches("client", "10.0.0.1", lab="two")

    def test_taking_one_down_leaves_the_others(self):
        self.assert_reaches("client", "10.0.0.1", lab="three")
        self.hopyard("down", "two")
        self.assertEqual(self.running(), ["one", "three"])
        for name in ("one", "three"):
            self.assert_reaches("client", "10.0.0.1", lab=name)

    def test_many_are_brought_up_at_the_same_time(self):
        path = self.lab(LAB)
        several = [self.start("up", path, "--name", f"lab{i}", "--set", f"WHO={i}") for i in range(8)]
        for one in several:
            out, err = one.communicate(timeout=60 * harness.PATIENCE)
            self.assertEqual(one.returncode, 0, out + err)
        self.assertEqual(len(self.running()), len(self.names) + 8)
        down = [self.start("down", f"lab{i}") for i in range(8)]
        for one in down:
            out, err = one.communicate(timeout=60 * harness.PATIENCE)
            self.assertEqual(one.returncode, 0, out + err)
        self.assertEqual(self.running(), sorted(self.names))


if __name__ == "__main__":
    harness.main()
