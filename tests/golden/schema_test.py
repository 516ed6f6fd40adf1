#!/usr/bin/python3
"""Holds parser, schema, examples and reference together.

Every example and every ```yaml block of docs/language.md is valid by schema/hopyard.schema.json and is read without a word. Every
file of tests/golden/errors that the schema can see a mistake in is refused by the parser too (it is in that folder).
"""

import argparse
import pathlib
import re
import subprocess
import sys
import tempfile

import json

import jsonschema
import yaml


class Loader(yaml.SafeLoader):
    """YAML 1.2's core schema, as editors have it: base 60 and yes/no are text."""


Loader.yaml_implicit_resolvers = {}
for tag, pattern, first in (
    ("bool", r"true|false", "tf"),
    ("null", r"~|null|", ["~", "n", ""]),
    ("int", r"[-+]?[0-9]+", "-+0123456789"),
    ("float", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", "-+.0123456789"),
    ("merge", r"<<", "<"),
):
    Loader.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(f"^(?:{pattern})$"), list(first))
Loader.add_constructor("tag:yaml.org,2002:int", lambda loader, node: int(loader.construct_scalar(node)))


def failures_of_schema(validator, text):
    found = []
    for error in validator.iter_errors(yaml.load(text, Loader)):
        found.append(f"{'/'.join(str(part) for part in error.absolute_path)}: {error.message[:300]}")
    return found


def labs_of_reference(path):
    blocks = re.findall(r"^```yaml\n(.*?)^```", path.read_text(encoding="utf-8"), re.M | re.S)
    return [(f"{path.name}, block {number}", block) for number, block in enumerate(blocks, 1)]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--source", type=pathlib.Path, required=True)
    parser.add_argument("--read-lab", required=True)
    arguments = parser.parse_args()
    schema = json.loads((arguments.source / "schema/hopyard.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)

    problems = []

    def check(name, path, text):
        problems.extend(f"{name}: schema: {one}" for one in failures_of_schema(validator, text))
        run = subprocess.run([arguments.read_lab, str(path)], capture_output=True, text=True, check=False)
        if run.returncode != 0 or run.stdout or run.stderr:
            problems.append(f"{name}: {run.stdout}{run.stderr}")

    examples = sorted((arguments.source / "examples").rglob("*.yaml"))
    if len(examples) < 7:
        problems.append(f"only {len(examples)} examples")
    for path in examples:
        check(path.relative_to(arguments.source), path, path.read_text(encoding="utf-8"))

    pages = ("language", "routing-daemons", "frr", "bird", "dhcp-nat", "dns", "links", "switches", "vm")
    blocks = [block for page in pages for block in labs_of_reference(arguments.source / f"docs/{page}.md")]
    if len(blocks) < 10:
        problems.append(f"only {len(blocks)} labs in docs/language.md")
    with tempfile.TemporaryDirectory() as folder:
        for name, text in blocks:
            path = pathlib.Path(folder) / "block.yaml"
            path.write_text(text, encoding="utf-8")
            for wanted in re.findall(r"\bfile: ([\w.-]+)", text):  # what stands beside the lab file
                (pathlib.Path(folder) / wanted).touch()
            check(name, path, text)

    # The schema sees the plain mistakes itself: an editor shows them while they are typed.
    for text in ("nodez: {}", "links: [{a -- b: {dealy: 5ms}}]", "nodes: {a: {kind: [router]}}", "links: [{a -- b: {delay: 20}}]",
                 "nodes: {a: {dhcp: 1}}", "links: [a--b]", "links: [{a -- b: {cost: 0}}]", "networks: {lan: 10.0.0.0}"):
        if not failures_of_schema(validator, text):
            problems.append(f"the schema accepts {text}")

    for problem in problems:
        print(problem)
    print(f"{len(examples)} examples, {len(blocks)} labs of the reference, {len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
