#!/usr/bin/python3
"""Every link of the pages leads to a file and a heading that are there, and every page of docs/ is found from the README."""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


def prose(path):
    """The text of a page without its blocks of code, in which brackets mean something else."""
    text = re.sub(r"^```.*?^```", "", path.read_text(encoding="utf-8"), flags=re.M | re.S)
    return re.sub(r"`[^`\n]*`", "", "\n".join(line for line in text.splitlines() if not line.startswith("    ")))


def anchors(path):
    """What the headings of a page are called in a link, as GitHub and others make it of them."""
    headings = re.findall(r"^#+ +(.*)$", re.sub(r"^```.*?^```", "", path.read_text(encoding="utf-8"), flags=re.M | re.S), re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def links(path):
    """(target as written, the page or file, the heading or nothing) of each link that stays in the project."""
    for target in LINK.findall(prose(path)):
        if not re.match(r"[a-z]+:", target):
            name, _, heading = target.partition("#")
            yield target, (path.parent / name).resolve() if name else path, heading


def main():
    pages = [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")]
    problems, count = [], 0
    for page in pages:
        for target, path, heading in links(page):
            count += 1
            if not path.exists():
                problems.append(f"{page.relative_to(ROOT)}: nothing is at {target}")
            elif heading and heading not in anchors(path):
                problems.append(f"{page.relative_to(ROOT)}: no heading for {target}")
    reached, waiting = set(), [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        if page not in reached and page.suffix == ".md" and page.exists():
            reached.add(page)
            waiting += [path for _, path, _ in links(page)]
    problems += [f"{page.relative_to(ROOT)}: no page leads there" for page in pages if page not in reached]
    if count < 30:
        problems.append(f"only {count} links were found")
    print("\n".join(problems) or f"{len(pages)} pages, {count} links")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
