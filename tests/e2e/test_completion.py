"""What the Tab key offers in bash, zsh and fish: verbs, options, labs and nodes."""

import os
import re
import unittest

import harness
import terminal

LAB = "{lab: orchard, nodes: {gateway: {kind: router}, printer: {}}, links: [gateway -- printer, 'pc[1..3] -- gateway']}"


class Completion:
    """The same questions to each shell."""

    def setUp(self):
        super().setUp()
        self.up(LAB)
        (self.folder / "orchard.hop.yaml").write_text(LAB)

    def offered(self, line):
        """The words that the shell offers for this line."""
        raise NotImplementedError

    def test_verbs(self):
        self.assertIn("exec", self.offered("hopyard e"))
        self.assertTrue({"show", "shell", "set"} <= self.offered("hopyard s"))

    def test_options(self):
        self.assertIn("--foreground", self.offered("hopyard up --f"))

    def test_labs(self):
        self.assertIn("orchard", self.offered("hopyard down o"))

    def test_nodes(self):
        self.assertIn("gateway", self.offered("hopyard exec g"))
        self.assertTrue({"pc1", "pc2", "pc3"} <= self.offered("hopyard shell p"))
        self.assertIn("printer", self.offered("hopyard exec gateway p"))

    def test_lab_files(self):
        self.assertIn("orchard.hop.yaml", self.offered("hopyard up orch"))


def environment():
    return os.environ | {"PATH": os.path.dirname(os.path.abspath(harness.BINARY)) + ":" + os.environ["PATH"], "TERM": "dumb"}


class Bash(Completion, harness.LabTest):
    SCRIPT = """
. /usr/share/bash-completion/bash_completion
. <(hopyard completion bash)
line=$1
read -ra COMP_WORDS <<< "$line"
COMP_CWORD=$((${#COMP_WORDS[@]} - 1)) COMP_LINE=$line COMP_POINT=${#line} COMP_TYPE=63
for name in $(complete -p hopyard | sed 's/.*-F \\([^ ]*\\).*/\\1/'); do $name hopyard "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"; done
printf '%s\\n' "${COMPREPLY[@]}"
"""

    def offered(self, line):
        done = self.call("bash", "--norc", "-c", self.SCRIPT, "bash", line, env=environment())
        self.assertEqual(done.status, 0, str(done))
        return {word.strip() for word in done.out.splitlines()}


class Fish(Completion, harness.LabTest):
    def offered(self, line):
        done = self.call("fish", "--no-config", "-c", f"hopyard completion fish | source; complete -C '{line}'",
                         env=environment() | {"HOME": str(self.folder)})
        self.assertEqual(done.status, 0, str(done))
        return {word.split("\t")[0].strip() for word in done.out.splitlines()}


class Zsh(Completion, harness.LabTest):
    """zsh completes only at a prompt, so it gets one, with all that it offers listed at once."""

    SETUP = ("PS1='READY> '; autoload -U compinit; compinit -u -D; source <(hopyard completion zsh); "
             "zstyle ':completion:*' verbose no; setopt no_list_packed list_rows_first; LISTMAX=1000; bindkey '^I' list-choices\r")

    def offered(self, line):
        shown = terminal.Terminal(["zsh", "-f", "-i"], cwd=self.folder, columns=400,
                                  env=environment() | {"HOME": str(self.folder), "TERM": "xterm"})
        try:
            shown.expect("# |% ")
            shown.type(self.SETUP)
            shown.expect("READY> ")
            shown.expect("READY> ")
            shown.type(line + "\t\x15echo over$((1+1))\r")
            shown.expect("over2")
            text = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b[=>]", " ", shown.screen)
        finally:
            shown.close()
        return set(text.split())


if __name__ == "__main__":
    harness.main()
