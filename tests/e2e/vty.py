"""A session by telnet at the port of one of FRR's daemons in a node, typed as an operator types it."""

import terminal


class Vty:
    """Logged in with the password that generated configurations have, at the prompt of who may only look."""

    def __init__(self, test, node, port):
        self.prompt = f"{node}> "
        self.terminal = terminal.Terminal(test.command("exec", node, "--", "telnet", "127.0.0.1", port), cwd=test.folder)
        test.addCleanup(self.terminal.close)
        self.terminal.expect("User Access Verification")
        self.terminal.expect("Password: ")
        self.terminal.type("not-this\r")
        self.terminal.expect("Password: ")
        self.terminal.type("zebra\r")
        self.terminal.expect(self.prompt)
        self.ask("terminal length 0")

    def ask(self, line):
        """Types a line; returns what is shown until the next prompt."""
        begin = self.terminal.searched
        self.terminal.type(line + "\r")
        self.terminal.expect(f"(?m)^{self.prompt}")
        return self.terminal.screen[begin:self.terminal.searched].replace("\r", "")

    def enable(self):
        """Whoever has logged in may also set: there is no second password."""
        self.prompt = self.prompt.replace("> ", "# ")
        self.ask("enable")

    def leave(self):
        self.terminal.type("exit\r")
        self.terminal.expect("Connection closed by foreign host")
        self.terminal.finish()
