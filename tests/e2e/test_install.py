"""What `make install` puts where."""

import os
import pathlib
import subprocess

import harness

BUILD = pathlib.Path(os.environ["HOPYARD"]).parent
PROFILE = "etc/apparmor.d/hopyard"


class Install(harness.LabTest):
    def installed(self, prefix, apparmor=""):
        """The files, below a folder that takes the place of the machine's root. apparmor: the version that the machine has the rules of."""
        to = self.folder / "root"
        for name in ("upper", "work", "root"):
            (self.folder / name).mkdir(exist_ok=True)
        words = f"""mount -t overlay -o lowerdir=/etc,upperdir={self.folder}/upper,workdir={self.folder}/work overlay /etc
rm -rf /etc/apparmor.d
[ -z "{apparmor}" ] || {{ mkdir -p /etc/apparmor.d/abi; touch /etc/apparmor.d/abi/{apparmor}; }}
exec cmake --install {BUILD} --prefix {prefix}"""
        done = subprocess.run(["unshare", "--mount", "sh", "-ec", words], env=os.environ | {"DESTDIR": str(to)}, capture_output=True,
                              text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        files = {str(file.relative_to(to)) for file in to.rglob("*") if file.is_file()}
        subprocess.run(["rm", "-rf", to, self.folder / "upper", self.folder / "work"], check=True)
        return files

    def test_the_program_its_manual_and_what_completes_its_words(self):
        files = self.installed("/opt/hopyard")
        for name in ("bin/hopyard", "share/man/man1/hopyard.1", "share/bash-completion/completions/hopyard", "share/zsh/site-functions/_hopyard",
                     "share/fish/vendor_completions.d/hopyard.fish", "share/hopyard/hopyard.schema.json"):
            self.assertIn("opt/hopyard/" + name, files)
        self.assertEqual([name for name in files if not name.startswith("opt/hopyard/")], [])

    def test_a_profile_where_apparmor_can_read_it_and_finds_the_program(self):
        self.assertIn(PROFILE, self.installed("/usr/local", apparmor="4.0"))
        self.assertIn(PROFILE, self.installed("/usr", apparmor="4.0"))
        self.assertNotIn(PROFILE, self.installed("/usr/local", apparmor="3.0"))
        self.assertNotIn(PROFILE, self.installed("/usr/local"))
        self.assertNotIn(PROFILE, self.installed("/opt/hopyard", apparmor="4.0"))


if __name__ == "__main__":
    harness.main()
