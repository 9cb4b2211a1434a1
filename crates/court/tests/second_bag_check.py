"""Checks a BagIt package with nothing but the standard library: RFC 8493 read anew, so that a mistake of the packer is not
repeated by its own checker. Exit status 0 only if the package is complete and valid. SM3 needs a Python whose OpenSSL has it."""

import hashlib
import os
import sys


def fail(words):
    print(words)
    sys.exit(1)


def digest(name, path):
    with open(path, "rb") as file:
        return hashlib.new(name, file.read()).hexdigest()


def manifest(root, name):
    entries = {}
    with open(os.path.join(root, name), encoding="utf-8", newline="\n") as file:
        for line in file:
            value, path = line.rstrip("\n").split(None, 1)
            path = path.replace("%0A", "\n").replace("%0D", "\r").replace("%25", "%")
            if path.startswith("/") or ".." in path.split("/") or path in entries:
                fail(f"{name}: bad path {path}")
            entries[path] = value
    return entries


def main():
    root = sys.argv[1]
    with open(os.path.join(root, "bagit.txt"), encoding="utf-8") as file:
        if file.read() != "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n":
            fail("bagit.txt")
    payload, tags = set(), set()
    for folder, _, files in os.walk(root):
        for name in files:
            path = os.path.relpath(os.path.join(folder, name), root).replace(os.sep, "/")
            (payload if path.startswith("data/") else tags).add(path)
    algorithms = ["sha256"] + (["sm3"] if "sm3" in hashlib.algorithms_available else [])
    if "sm3" not in algorithms:
        print("SKIPPED: this Python has no SM3; manifest-sm3.txt was not checked")
    for algorithm in algorithms:
        for name, expected in [
            (f"manifest-{algorithm}.txt", payload),
            (f"tagmanifest-{algorithm}.txt", {tag for tag in tags if not tag.startswith("tagmanifest-")}),
        ]:
            entries = manifest(root, name)
            if set(entries) != expected:
                fail(f"{name}: {sorted(set(entries) ^ expected)}")
            for path, value in entries.items():
                if digest(algorithm, os.path.join(root, path)) != value:
                    fail(f"{name}: {path} changed")
    size = sum(os.path.getsize(os.path.join(root, path)) for path in payload)
    with open(os.path.join(root, "bag-info.txt"), encoding="utf-8") as file:
        info = dict(line.rstrip("\n").split(": ", 1) for line in file)
    if info["Payload-Oxum"] != f"{size}.{len(payload)}":
        fail("Payload-Oxum")
    print(f"valid: {len(payload)} files, {size} bytes, {', '.join(algorithms)}")


main()
