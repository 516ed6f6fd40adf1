"""What it takes to be an ordinary user: the same lab, made by root and by a user in turn."""
import pathlib
import shutil
import statistics
import sys

sys.dont_write_bytecode = True
sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "tests" / "e2e"))
import ordinary  # noqa: E402  pylint: disable=wrong-import-position


def measure(timed, hopyard, chain, calm, nodes, rounds):
    """Seconds up and down by who makes the lab, of each round. The user is made here, in a mount namespace with an
    empty /run."""
    ordinary.make(with_ids=True)
    home = pathlib.Path(ordinary.HOME)  # the checkout may lie where the user does not come
    lab, program = home / chain.name, home / "hopyard"
    shutil.copyfile(chain, lab)
    shutil.copy(hopyard, program)
    user = {"user": ordinary.NUMBER, "group": ordinary.NUMBER, "extra_groups": [], "cwd": ordinary.HOME,
            "env": {"PATH": "/usr/bin:/bin", "HOME": ordinary.HOME, "XDG_RUNTIME_DIR": ordinary.RUNTIME}}
    ways = {"root": {"cwd": ordinary.HOME}, "an ordinary user": user}
    found = {who: [] for who in ways}
    for number in range(-1, rounds):
        for who in list(ways)[::1 if number % 2 else -1]:  # neither is always the first
            calm.wait(nodes)
            up, _ = timed([program, "up", lab], **ways[who])
            down, _ = timed([program, "down", "chain"], **ways[who])
            if number >= 0:  # the first round does not count: memory that is touched for the first time is slower
                found[who].append((up, down))
                print(f"  {nodes} nodes, round {number + 1}, {who}: {up:.3f} s, down {down:.4f} s", file=sys.stderr)
    return found


def ratio(found, which):
    """The median, over the rounds, of the user's time by root's; which: 0 for up, 1 for down."""
    root, user = found.values()
    return statistics.median(one[which] / other[which] for one, other in zip(user, root))


def lines(found, nodes, row):
    text = [f"### {nodes:,} nodes, by whom they are made", "", row("", "up, s", "least, s", "of root's", "down, s", "of root's", "rounds"),
            row("---", "---:", "---:", "---:", "---:", "---:", "---:")]
    for who, runs in found.items():
        ups, downs = zip(*runs)
        ratios = ("1.00", "1.00") if who == "root" else (f"{ratio(found, 0):.2f}", f"{ratio(found, 1):.2f}")
        text.append(row(who, f"{statistics.median(ups):.3f}", f"{min(ups):.3f}", ratios[0], f"{statistics.median(downs):.4f}", ratios[1],
                        str(len(runs))))
    return [*text, ""]
