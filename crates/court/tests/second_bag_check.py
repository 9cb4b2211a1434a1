"""Checks a BagIt package with nothing but the standard library: RFC 8493 read anew, so that a mistake of the packer is not
repeated by its own checker; then the roots of its volumes as its README says, against those that were logged at the closing.
Exit status 0 only if all of it holds. SM3 needs a Python whose OpenSSL has it."""

import hashlib
import json
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


def root(items):
    text = b"xiezhi volume 1\n"
    for number, item in enumerate(items, 1):
        title = item["title"].encode()
        text += f"{number} {item['pages']} {item['sha256']} {len(title)}\n".encode() + title + b"\n"
    return hashlib.new("sm3", text).hexdigest()


def volumes(data):
    """The roots logged at the closing, found again from the files themselves; how many volumes."""
    with open(os.path.join(data, "items.json"), encoding="utf-8") as file:
        listed = json.load(file)
    logged = {}
    for name in os.listdir(os.path.join(data, "receipts")):
        if name.startswith(("V1-", "V2-")):
            with open(os.path.join(data, "receipts", name), encoding="utf-8") as file:
                facts = json.loads(file.read().split("\n")[1])["facts"]
            logged[facts["卷"]] = (facts["根摘要"], int(facts["件数"]))
    if set(logged) != {volume["name"] for volume in listed["volumes"]}:
        fail(f"volumes: {sorted(logged)} are logged")
    for volume in listed["volumes"]:
        folder = os.path.join(data, volume["folder"])
        files = {int(name[:3]): name for name in os.listdir(folder) if not name.startswith(("000-", "999-"))}
        for placed in volume["items"]:
            if digest("sha256", os.path.join(folder, files.pop(placed["number"]))) != placed["item"]["sha256"]:
                fail(f"{volume['name']}: item {placed['number']} is another file")
        if files:
            fail(f"{volume['name']}: {files} are not listed")
        items = [placed["item"] for placed in volume["items"]]
        then = [item for item in items if not item["later"]]
        if (root(then), len(then)) != logged[volume["name"]] or root(items) != volume["root"]:
            fail(f"{volume['name']}: not the root that was logged at the closing")
    return len(listed["volumes"])


def main():
    root_of_bag = sys.argv[1]
    with open(os.path.join(root_of_bag, "bagit.txt"), encoding="utf-8") as file:
        if file.read() != "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n":
            fail("bagit.txt")
    payload, tags = set(), set()
    for folder, _, files in os.walk(root_of_bag):
        for name in files:
            path = os.path.relpath(os.path.join(folder, name), root_of_bag).replace(os.sep, "/")
            (payload if path.startswith("data/") else tags).add(path)
    algorithms = ["sha256"] + (["sm3"] if "sm3" in hashlib.algorithms_available else [])
    if "sm3" not in algorithms:
        print("SKIPPED: this Python has no SM3; manifest-sm3.txt was not checked")
    for algorithm in algorithms:
        for name, expected in [
            (f"manifest-{algorithm}.txt", payload),
            (f"tagmanifest-{algorithm}.txt", {tag for tag in tags if not tag.startswith("tagmanifest-")}),
        ]:
            entries = manifest(root_of_bag, name)
            if set(entries) != expected:
                fail(f"{name}: {sorted(set(entries) ^ expected)}")
            for path, value in entries.items():
                if digest(algorithm, os.path.join(root_of_bag, path)) != value:
                    fail(f"{name}: {path} changed")
    size = sum(os.path.getsize(os.path.join(root_of_bag, path)) for path in payload)
    with open(os.path.join(root_of_bag, "bag-info.txt"), encoding="utf-8") as file:
        info = dict(line.rstrip("\n").split(": ", 1) for line in file)
    if info["Payload-Oxum"] != f"{size}.{len(payload)}":
        fail("Payload-Oxum")
    found = "roots SKIPPED"
    if "sm3" in algorithms:
        found = f"{volumes(os.path.join(root_of_bag, 'data'))} volumes with their logged roots"
    print(f"valid: {len(payload)} files, {size} bytes, {', '.join(algorithms)}, {found}")


main()
