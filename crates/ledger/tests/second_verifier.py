"""Second verifier of receipts, written from docs/ledger-format.md. Standard library alone; plain, slow, for comparison.

Usage: second_verifier.py RECEIPT FILE KEYS; exits 0 if the receipt holds, 1 if not.
"""
import base64
import datetime
import hashlib
import json
import sys

# GB/T 32918.5: the SM2 curve.
P = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFF
A = P - 3
B = 0x28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93
N = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
G = (0x32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7,
     0xBC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0)
# RFC 8032: edwards25519.
Q = 2**255 - 19
D = -121665 * pow(121666, -1, Q) % Q
ORDER = 2**252 + 27742317777372353535851937790883648493


def require(holds, what):
    if not holds:
        raise ValueError(what)


def b32(number):
    return number.to_bytes(32, "big")


def unbase64(text):
    data = base64.b64decode(text, validate=True)
    require(base64.b64encode(data).decode() == text, "base64 in another form")
    return data


def sm3(data):
    return hashlib.new("sm3", data).digest()


def sha256(data):
    return hashlib.sha256(data).digest()


def sm2_add(p, q):
    if p is None or q is None:
        return p or q
    if p[0] == q[0]:
        if (p[1] + q[1]) % P == 0:
            return None
        slope = (3 * p[0] * p[0] + A) * pow(2 * p[1], -1, P)
    else:
        slope = (q[1] - p[1]) * pow(q[0] - p[0], -1, P)
    x = (slope * slope - p[0] - q[0]) % P
    return x, (slope * (p[0] - x) - p[1]) % P


def times(number, point, add, zero):
    total = zero
    while number:
        if number & 1:
            total = add(total, point)
        point = add(point, point)
        number >>= 1
    return total


def sm2_verify(key, message, signature):
    identity, point = key[1:1 + key[0]] or b"1234567812345678", key[1 + key[0]:]
    require(len(point) == 65 and point[0] == 4 and len(signature) == 64, "SM2 lengths")
    x, y = int.from_bytes(point[1:33], "big"), int.from_bytes(point[33:], "big")
    require(x < P and y < P and (y * y - x * x * x - A * x - B) % P == 0, "not on the curve")
    z = sm3((8 * len(identity)).to_bytes(2, "big") + identity + b32(A) + b32(B) + b32(G[0]) + b32(G[1]) + point[1:])
    e = int.from_bytes(sm3(z + message), "big")
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    t = (r + s) % N
    require(0 < r < N and 0 < s < N and t, "SM2 range")
    sum_ = sm2_add(times(s, G, sm2_add, None), times(t, (x, y), sm2_add, None))
    require(sum_ is not None and (e + sum_[0]) % N == r, "SM2 signature")


def ed_add(p, q):
    a, b, c = p[0] * q[1], q[0] * p[1], D * p[0] * q[0] * p[1] * q[1]
    return (a + b) * pow(1 + c, -1, Q) % Q, (p[1] * q[1] + p[0] * q[0]) * pow(1 - c, -1, Q) % Q


def ed_point(data):
    number = int.from_bytes(data, "little")
    y, sign = number & (2**255 - 1), number >> 255
    require(y < Q, "not canonical")
    square = (y * y - 1) * pow(D * y * y + 1, -1, Q) % Q
    x = pow(square, (Q + 3) // 8, Q)
    if (x * x - square) % Q:
        x = x * pow(2, (Q - 1) // 4, Q) % Q
    require((x * x - square) % Q == 0 and not (x == 0 and sign), "not on the curve")
    return (x if x & 1 == sign else Q - x), y


def ed_verify(key, message, signature):
    require(len(key) == 32 and len(signature) == 64, "Ed25519 lengths")
    s = int.from_bytes(signature[32:], "little")
    require(s < ORDER, "Ed25519 range")
    public, r = ed_point(key), ed_point(signature[:32])
    require(all(times(8, point, ed_add, (0, 1)) != (0, 1) for point in (public, r)), "small order")
    h = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % ORDER
    base = ed_point((4 * pow(5, -1, Q) % Q).to_bytes(32, "little"))
    left = times(s, base, ed_add, (0, 1))
    require(left == ed_add(r, times(h, public, ed_add, (0, 1))), "Ed25519 signature")


TYPES = {b"\x01": ("intl", "note", ed_verify), b"\x04": ("intl", "cosign", ed_verify),
         b"\xffsm2-sm3/note/v1\0": ("sm", "note", sm2_verify), b"\xffsm2-sm3/cosign/v1\0": ("sm", "cosign", sm2_verify)}


def read_keys(path):
    keys = {}
    for line in open(path, encoding="utf-8"):
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        role, key = line.split()
        name, number, encoded = key.split("+", 2)
        data = unbase64(encoded)
        require(sha256(name.encode() + b"\n" + data)[:4].hex() == number, "key id")
        kind = next(kind for kind in TYPES if data.startswith(kind))
        suite, use, verify = TYPES[kind]
        require(use == ("cosign" if role == "witness" else "note"), "use of a key")
        keys[name, number] = role, suite, verify, data[len(kind):]
    return keys


def signers(text, lines, keys):
    """Every line verified; yields (role, suite, name)."""
    for line in lines:
        dash, name, encoded = line.split(" ")
        data = unbase64(encoded)
        require(dash == "—" and (name, data[:4].hex()) in keys, f"unknown key {name}")
        role, suite, verify, key = keys[name, data[:4].hex()]
        message, signature = text.encode(), data[4:]
        if role == "witness":
            time = int.from_bytes(signature[:8], "big")
            message, signature = f"cosignature/v1\ntime {time}\n".encode() + message, signature[8:]
        verify(key, message, signature)
        yield role, suite, name


def canonical(text):
    value = json.loads(text)
    require(json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False) == text, "not canonical")
    return value


def verify(text, file, keys):
    first, signatures, second, head, cosignatures = text.split("\n\n")
    title, content_text = first.split("\n")
    require(title == "xiezhi-receipt/v1" and cosignatures.endswith("\n"), "form")
    content = canonical(content_text)
    by_portal = content["kind"] in ("filing_receipt", "submission", "evidence_deposit")
    for role, _, _ in signers(first + "\n", signatures.split("\n"), keys):
        require(role == "court" or (role == "portal" and by_portal), f"{role} may not sign")
    part = f"{first}\n\n{signatures}\n".encode()

    salt, record_line, header, index, *path = second.split("\n")
    require(salt.startswith("salt ") and record_line.startswith("record ") and index.startswith("index "), "fields")
    suite = {"xiezhi/tlog-proof-sm3@v1": "sm", "c2sp.org/tlog-proof@v1": "intl"}[header]
    digest = {"sm": sm3, "intl": sha256}[suite]
    record_text = record_line[len("record "):]
    record = canonical(record_text)
    require(record["commitment"] == digest(unbase64(salt[5:]) + part).hex(), "commitment")
    require(all(record[name] == content[name] for name in ("kind", "court", "at")), "record of something else")

    origin, size, root, *extensions = head.split("\n")
    node, last = int(index[6:]), int(size) - 1
    require(0 <= node <= last, "index")
    hash_ = digest(b"\0" + record_text.encode())
    for sibling in map(unbase64, path):
        require(last > 0, "proof too long")
        if node & 1 or node == last:
            hash_ = digest(b"\1" + sibling + hash_)
            while node and not node & 1:
                node, last = node >> 1, last >> 1
        else:
            hash_ = digest(b"\1" + hash_ + sibling)
        node, last = node >> 1, last >> 1
    require(last == 0 and hash_ == unbase64(root), "inclusion")

    log_signed = False
    for role, key_suite, name in signers(head + "\n", cosignatures[:-1].split("\n"), keys):
        require(role in ("log", "witness"), f"{role} signed a checkpoint")
        if role == "log":
            require(key_suite == suite and name == origin.split("/epoch/")[0], "another log's key")
            log_signed = True
    require(log_signed, "no log signed")
    for line in extensions:
        if line.startswith("time "):
            at, logged = (datetime.datetime.fromisoformat(text) for text in (content["at"], line[5:]))
            require((at - logged).total_seconds() <= 300, "dated after it was logged")

    digests = len(file), sha256(file).hex(), sm3(file).hex()
    require(any((f["bytes"], f["sha256"], f.get("sm3", digests[2])) == digests for f in content["files"]), "another file")


def main():
    receipt, file, keys = sys.argv[1:]
    try:
        text = open(receipt, encoding="utf-8", newline="").read()
        verify(text, open(file, "rb").read(), read_keys(keys))
    except (ValueError, KeyError, StopIteration) as error:
        print(f"does not hold: {error!r}")
        sys.exit(1)
    print("holds")


main()
