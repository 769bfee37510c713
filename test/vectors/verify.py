"""A second verifier of what a station hands out, written from docs/formats.md and the standards that it names.

It shares no code with the product and needs nothing but Python 3.9: Ed25519 (RFC 8032), SM2 and SM3 (GB/T 32918,
GB/T 32905) and the Merkle proofs (RFC 6962, RFC 9162) are written out below. It is slow and clear on purpose.

    python3 test/vectors/verify.py [FOLDER]      prints {"<file>": true | false, …}
"""

import base64
import functools
import hashlib
import json
import pathlib
import re
import sys
import zipfile
import zlib

# --- Ed25519, RFC 8032 §5.1.7 -------------------------------------------------------------------------------------

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P


def ed_add(p, q):
    (x1, y1), (x2, y2) = p, q
    k = D * x1 * x2 * y1 * y2 % P
    x = (x1 * y2 + x2 * y1) * pow(1 + k, P - 2, P)
    y = (y1 * y2 + x1 * x2) * pow(1 - k, P - 2, P)
    return x % P, y % P


def ed_multiply(n, p):
    result = (0, 1)
    while n:
        if n & 1:
            result = ed_add(result, p)
        p, n = ed_add(p, p), n >> 1
    return result


def ed_point(data):
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    return (P - x if x & 1 != sign else x), y


ED_BASE = ed_point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


@functools.lru_cache(None)
def ed25519(public_key, message, signature):
    if len(signature) != 64:
        return False
    a, r, s = ed_point(public_key), ed_point(signature[:32]), int.from_bytes(signature[32:], "little")
    if a is None or r is None or s >= L:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + public_key + message).digest(), "little") % L
    return ed_multiply(s, ED_BASE) == ed_add(r, ed_multiply(h, a))


# --- SM3, GB/T 32905, and SM2, GB/T 32918.2 §7 --------------------------------------------------------------------


@functools.lru_cache(None)
def sm3(message):
    mask = 0xFFFFFFFF

    def rotate(x, n):
        n %= 32
        return ((x << n) | (x >> (32 - n))) & mask

    v = [0x7380166F, 0x4914B2B9, 0x172442D7, 0xDA8A0600, 0xA96F30BC, 0x163138AA, 0xE38DEE4D, 0xB0FB0E4E]
    data = message + b"\x80" + bytes(-(len(message) + 9) % 64) + (8 * len(message)).to_bytes(8, "big")
    for start in range(0, len(data), 64):
        w = [int.from_bytes(data[start + 4 * i : start + 4 * i + 4], "big") for i in range(16)]
        for j in range(16, 68):
            x = w[j - 16] ^ w[j - 9] ^ rotate(w[j - 3], 15)
            w.append(x ^ rotate(x, 15) ^ rotate(x, 23) ^ rotate(w[j - 13], 7) ^ w[j - 6])
        a, b, c, d, e, f, g, h = v
        for j in range(64):
            t = 0x79CC4519 if j < 16 else 0x7A879D8A
            ss1 = rotate((rotate(a, 12) + e + rotate(t, j)) & mask, 7)
            ff = a ^ b ^ c if j < 16 else (a & b) | (a & c) | (b & c)
            gg = e ^ f ^ g if j < 16 else (e & f) | (~e & mask & g)
            tt1 = (ff + d + (ss1 ^ rotate(a, 12)) + (w[j] ^ w[j + 4])) & mask
            tt2 = (gg + h + ss1 + w[j]) & mask
            a, b, c, d = tt1, a, rotate(b, 9), c
            e, f, g, h = tt2 ^ rotate(tt2, 9) ^ rotate(tt2, 17), e, rotate(f, 19), g
        v = [x ^ y for x, y in zip(v, [a, b, c, d, e, f, g, h])]
    return b"".join(x.to_bytes(4, "big") for x in v)


SM2_P = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFF
SM2_N = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
SM2_A = SM2_P - 3
SM2_B = 0x28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93
SM2_G = (
    0x32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7,
    0xBC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0,
)


def sm2_add(p, q):
    if p is None or q is None:
        return p or q
    (x1, y1), (x2, y2) = p, q
    if x1 == x2 and (y1 + y2) % SM2_P == 0:
        return None
    if p == q:
        slope = (3 * x1 * x1 + SM2_A) * pow(2 * y1, -1, SM2_P)
    else:
        slope = (y2 - y1) * pow(x2 - x1, -1, SM2_P)
    x = (slope * slope - x1 - x2) % SM2_P
    return x, (slope * (x1 - x) - y1) % SM2_P


def sm2_multiply(n, p):
    result = None
    while n:
        if n & 1:
            result = sm2_add(result, p)
        p, n = sm2_add(p, p), n >> 1
    return result


@functools.lru_cache(None)
def sm2(public_key, message, signature):
    x, y = (int.from_bytes(part, "big") for part in (public_key[:32], public_key[32:]))
    r, s = (int.from_bytes(part, "big") for part in (signature[:32], signature[32:]))
    on_curve = (y * y - x**3 - SM2_A * x - SM2_B) % SM2_P == 0
    if len(signature) != 64 or not on_curve or not (0 < r < SM2_N and 0 < s < SM2_N) or (r + s) % SM2_N == 0:
        return False
    user = b"1234567812345678"
    curve = b"".join(n.to_bytes(32, "big") for n in (SM2_A, SM2_B, *SM2_G))
    z = sm3((8 * len(user)).to_bytes(2, "big") + user + curve + public_key)
    point = sm2_add(sm2_multiply(s, SM2_G), sm2_multiply((r + s) % SM2_N, (x, y)))
    return point is not None and (int.from_bytes(sm3(z + message), "big") + point[0]) % SM2_N == r


# --- notes, c2sp.org/signed-note, tlog-checkpoint, tlog-cosignature ------------------------------------------------


class Key:
    def __init__(self, vkey):
        self.name, key_id, encoded = vkey.split("+", 2)
        self.id = bytes.fromhex(key_id)
        data = base64.b64decode(encoded, validate=True)
        assert hashlib.sha256(self.name.encode() + b"\n" + data).digest()[:4] == self.id, "key id"
        self.type = data[0]
        prefix = b"\xffsm2-sm3" if self.type == 0xFF else data[:1]
        assert data.startswith(prefix), "key type"
        self.public = data[len(prefix) :]

    def verify(self, text, signature):
        if self.type == 0x01:
            return ed25519(self.public, text, signature)
        if self.type == 0x04:
            time = int.from_bytes(signature[:8], "big")
            return ed25519(self.public, b"cosignature/v1\ntime %d\n" % time + text, signature[8:])
        return self.type == 0xFF and sm2(self.public, text, signature)


def open_note(note, keys):
    """The text, and the names of the keys that signed it. A false signature of a known key refuses everything."""
    text, _, lines = note.rpartition(b"\n\n")
    text += b"\n"
    names = set()
    for line in lines.decode().splitlines():
        dash, name, encoded = line.split(" ")
        data = base64.b64decode(encoded, validate=True)
        for key in keys:
            if dash == "\u2014" and (key.name, key.id) == (name, data[:4]):
                assert key.verify(text, data[4:]), "signature of " + name
                names.add(name)
    return text, names


def open_checkpoint(note, key):
    text, names = open_note(note, [key])
    origin, size, root = text.decode().splitlines()[:3]
    assert origin == key.name and key.name in names, "signed by its own origin"
    return int(size), base64.b64decode(root, validate=True)


# --- trees, RFC 6962 §2.1 -----------------------------------------------------------------------------------------


def sha256(data):
    return hashlib.sha256(data).digest()


def split(size):
    return 1 << (size - 1).bit_length() - 1


def tree_root(bodies, digest=sha256):
    if len(bodies) == 1:
        return digest(b"\0" + bodies[0])
    k = split(len(bodies))
    return digest(b"\1" + tree_root(bodies[:k], digest) + tree_root(bodies[k:], digest))


def root_from_path(index, size, leaf, path):
    """RFC 6962 §2.1.1, read backwards."""
    if size == 1:
        assert not path, "path too long"
        return leaf
    k, (*path, last) = split(size), path
    if index < k:
        return sha256(b"\1" + root_from_path(index, k, leaf, path) + last)
    return sha256(b"\1" + last + root_from_path(index - k, size - k, leaf, path))


def root_from_nodes(leaves, start, end, nodes):
    """docs/formats.md, "Event proof": subtrees without a shown leaf come from the list, left to right."""
    inside = {index: leaf for index, leaf in leaves.items() if start <= index < end}
    if not inside:
        return nodes.pop(0)
    if end - start == 1:
        return inside[start]
    middle = start + split(end - start)
    left = root_from_nodes(inside, start, middle, nodes)
    return sha256(b"\1" + left + root_from_nodes(inside, middle, end, nodes))


def consistency_roots(first, second, proof, known, whole=True):
    """RFC 6962 §2.1.2, read backwards: the roots of the first and of the second tree that the proof gives."""
    if first == second:
        root = known if whole else proof.pop()
        return root, root
    k = split(second)
    last = proof.pop()
    if first <= k:
        old, new = consistency_roots(first, k, proof, known, whole)
        return old, sha256(b"\1" + new + last)
    old, new = consistency_roots(first - k, second - k, proof, known, False)
    return sha256(b"\1" + last + old), sha256(b"\1" + last + new)


# --- files --------------------------------------------------------------------------------------------------------


def unbase64(text):
    return base64.b64decode(text, validate=True)


def check_tlog_proof(data, keys):
    head, _, note = data.partition(b"\n\n")
    magic, extra, index, *path = head.decode().splitlines()
    assert magic == "c2sp.org/tlog-proof@v1" and extra.startswith("extra ") and index.startswith("index ")
    index, body = int(index[6:]), unbase64(extra[6:])
    size, root = open_checkpoint(note, keys["station"])
    assert index < size and root_from_path(index, size, sha256(b"\0" + body), list(map(unbase64, path))) == root


SUPPORTING = {"station.key", "station.rekeyed", "actor.enrolled", "class.opened", "session.closed", "receipt"}


def read_event_proof(data):
    """docs/formats.md, "Event proof": the head, the events' bytes and the nodes."""
    magic = b"shidao-proof/v1\n"
    assert data.startswith(magic)
    start = len(magic) + 4
    end = start + int.from_bytes(data[len(magic) : start], "big")
    inflate, values, known = zlib.decompressobj(-15), data[end:], []
    text = inflate.decompress(data[start:end]).decode()

    def value(place):
        nonlocal values
        if place[1] is not None:
            return known[int(place[1])]
        size = {"\1": 16, "\2": 32, "\3": 64}[place[0]]
        assert len(values) >= size, "values"
        known.append(values[:size].hex())
        values = values[size:]
        return known[-1]

    head, *bodies = re.sub("[\1\2\3]|\4(0|[1-9][0-9]*);", value, text).split("\n")
    assert bodies.pop() == ""
    head = json.loads(head)
    assert len(values) == 32 * head["nodes"], "nodes"
    return head, [body.encode() for body in bodies], [values[i : i + 32] for i in range(0, len(values), 32)]


def check_event_proof(data, keys):
    proof, bodies, nodes = read_event_proof(data)
    events = [json.loads(body) for body in bodies]
    size, root = open_by_history(proof["checkpoint"].encode(), events, keys["station"])
    leaves = {event["index"]: sha256(b"\0" + body) for event, body in zip(events, bodies)}
    assert len(leaves) == len(events) and max(leaves) < size
    assert root_from_nodes(leaves, 0, size, nodes) == root and not nodes, "root"
    assert events[0]["type"] == "station.key" and Key(events[0]["data"]["vkey"]).public == keys["station"].public
    about, shown = proof["about"], 0
    for event in events:
        if about["kind"] == "event":
            is_about = event["index"] == about["index"]
        else:
            is_about = event["data"].get("person") == about["person"]
        shown += is_about
        assert is_about or event["type"] in SUPPORTING, "about somebody else"
    assert shown > 0
    check_acts(events)


def key_history(events, key):
    """docs/formats.md, "Change of keys": the key of each size, as (first size, key). The first is known."""
    history = [(0, key)]
    for event in events:
        if event["type"] != "station.rekeyed":
            continue
        note = event["data"]["note"].encode()
        said = json.loads(note.split(b"\n")[1])
        old, new = Key(said["old"]), Key(said["next"])
        assert old.public == history[-1][1].public and said["size"] == event["index"], "change of keys"
        assert new.name == old.name == said["origin"] and said["next"] == event["data"]["vkey"], "next key"
        text = note.rpartition(b"\n\n")[0] + b"\n"
        for each in (old, new):
            assert open_note(note, [each]) == (text, {each.name}), "signed by both"
        history.append((event["index"] + 1, new))
    return history


def key_of_size(size, events, key):
    return [each for first, each in key_history(events, key) if first <= size][-1]


def open_by_history(note, events, key):
    return open_checkpoint(note, key_of_size(int(note.split(b"\n")[1]), events, key))


def check_acts(events):
    enrolled = {}
    for event in events:
        act = event["data"].get("act")
        for each in act["signatures"] if act else []:
            message = b"shidao-act/v1\n" + act["statement"].encode()
            assert ed25519(bytes.fromhex(enrolled[each["actor"]]), message, bytes.fromhex(each["signature"])), "act"
        if event["type"] == "actor.enrolled":
            enrolled[event["data"]["actor"]] = event["data"]["publicKey"]


def check_bundle(path, keys):
    with zipfile.ZipFile(path) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(files["manifest.json"])
    paths = [entry["path"] for entry in manifest["files"]]
    assert list(files) == ["manifest.json", "manifest.note", *paths], "entries, in the order of the index"
    for entry in manifest["files"]:
        data = files[entry["path"]]
        assert (len(data), sha256(data).hex()) == (entry["bytes"], entry["sha256"]), entry["path"]
    bodies = files["events.ndjson"].split(b"\n")
    assert bodies.pop() == b""
    events = [json.loads(body) for body in bodies]
    size, root = open_by_history(files["checkpoint.note"], events, keys["station"])
    assert [json.loads(body)["index"] for body in bodies] == list(range(size)), "events"
    assert tree_root(bodies) == root, "root"
    key = key_of_size(size, events, keys["station"])
    text, names = open_note(files["manifest.note"], [key])
    index = sha256(files["manifest.json"]).hex()
    assert names == {key.name}, "index signature"
    assert text.decode() == f"shidao-bundle/v2\n{manifest['origin']}\n{size}\n{index}\n", "index"
    check_documents(events, manifest["class"], files)
    check_acts(events)
    if "checkpoint-gm.note" in files:
        check_second_tree(files["checkpoint-gm.note"], events, bodies, keys["gm"])
    if "policy.txt" in files:
        assert files["policy.txt"].decode() == named_policy(events), "policy"


BY_HAND = """doubtful.resolved attendance.corrected leave.granted makeup.scheduled paper.entered roster.changed card.missing
identity.resolved class.opened class.stage class.facts person.facts certificate.imported online.imported""".split()


def check_documents(events, course, files):
    """That no act by hand and no receipt is left out of its index: what needs no engine to be counted again."""
    own = [each for each in events if each["data"].get("class") == course]
    people = {seat["person"] for each in own if each["type"] == "roster.changed" for seat in each["data"]["added"]}
    history = [each for each in events if each["type"] == "history.imported"]
    own += [each for each in history if people & {fact["person"] for fact in each["data"]["people"]}]
    acts = sorted(each["index"] for each in own if each["type"] in [*BY_HAND, "history.imported"])
    assert [act["leaf"] for act in json.loads(files["corrections.json"])["acts"]] == acts, "corrections"
    receipts = [{"leaf": each["index"], **each["data"]} for each in events if each["type"] == "receipt"]
    assert json.loads(files["receipts.json"])["receipts"] == receipts, "receipts"
    assert files.get("receipt.note", b"").decode() == (receipts[-1]["note"] if receipts else ""), "receipt"


def check_second_tree(note, events, bodies, known):
    """docs/formats.md, "Second tree": its key is what the newest `station.suite` says; changes are signed by both keys."""
    key = None
    for event in events:
        if event["type"] != "station.suite":
            continue
        index, data = event["index"], event["data"]
        if "rotation" in data:
            change = data["rotation"]["note"].encode()
            said = json.loads(change.split(b"\n")[1])
            old, new = Key(said["old"]), Key(said["next"])
            assert old.public == key.public and said["next"] == data["vkey"], "change of keys"
            assert said["size"] == index and said["root"] == tree_root(bodies[:index], sm3).hex(), "place of the change"
            assert new.name == old.name == said["origin"] == event["origin"] + "/gm", "names"
            for each in (old, new):
                assert open_note(change, [each])[1] == {each.name}, "signed by both"
            key = new
        else:
            key = None if data["vkey"] is None else Key(data["vkey"])
            assert key is None or key.public == known.public, "known"
    size, root = open_checkpoint(note, key)
    assert size == len(bodies) and tree_root(bodies, sm3) == root, "second tree"


def named_policy(events):
    """docs/formats.md, "Bundle": the keys that the records name."""
    logs, witnesses = {}, {}
    for event in events:
        data = event["data"]
        if event["type"] in ("station.key", "station.rekeyed", "station.suite") and data["vkey"] is not None:
            logs[data["vkey"]] = True
        if event["type"] == "station.enrolled" and Key(data["collector"]).type == 4:
            witnesses[data["collector"]] = True
    names = ["w%d" % number for number in range(1, len(witnesses) + 1)]
    lines = ["log " + vkey for vkey in logs]
    lines += ["witness %s %s" % (name, vkey) for name, vkey in zip(names, witnesses)]
    lines += ["group enrolled any " + " ".join(names)] if len(names) > 1 else []
    lines += ["quorum " + ("enrolled" if len(names) > 1 else names[0] if names else "none")]
    return "\n".join(lines) + "\n"


CERTIFICATE = (
    "shidao-hours-certificate/v1 tree class title person name number days lessons credited-ms proven pack simulated"
).split()


def check(path, kind, keys, bodies):
    data = path.read_bytes()
    if kind == "checkpoint":
        size, root = open_checkpoint(data, keys["station"])
        assert tree_root(bodies[:size]) == root
    elif kind == "gm-checkpoint":
        size, root = open_checkpoint(data, keys["gm"])
        assert tree_root(bodies[:size], sm3) == root
    elif kind == "receipt":
        _, names = open_note(data, [keys["station"], *keys["witnesses"]])
        assert names == {key.name for key in [keys["station"], *keys["witnesses"]]}, "quorum"
    elif kind == "consistency":
        claim = json.loads(data)
        first, second = unbase64(claim["firstRoot"]), unbase64(claim["secondRoot"])
        proof = list(map(unbase64, claim["proof"]))
        assert consistency_roots(claim["first"], claim["second"], proof, first) == (first, second) and not proof
    elif kind == "tlog-proof":
        check_tlog_proof(data, keys)
    elif kind == "event-proof":
        check_event_proof(data, keys)
    elif kind == "certificate":
        text, names = open_note(data, [keys["station"]])
        assert names and [line.split(" ")[0] for line in text.decode().splitlines()] == CERTIFICATE, "certificate"
    elif kind == "bundle":
        check_bundle(path, keys)
    elif kind == "visit":
        sys.dont_write_bytecode = True
        sys.path.append(str(pathlib.Path(__file__).parent.parent / "inspect"))
        from verify_visit import check as check_visit

        check_visit(data, keys["station"])
    else:
        raise SystemExit("unknown kind " + kind)


def is_valid(*what):
    try:
        check(*what)
        return True
    except (AssertionError, ValueError, KeyError, IndexError, zlib.error):
        return False


def main(folder):
    index = json.loads((folder / "index.json").read_text())
    given = index["keys"]
    keys = {"station": Key(given["station"]), "gm": Key(given["gm"]), "witnesses": list(map(Key, given["witnesses"]))}
    with zipfile.ZipFile(folder / "class.zip") as archive:
        bodies = archive.read("events.ndjson").split(b"\n")[:-1]
    answers = {file["name"]: is_valid(folder / file["name"], file["kind"], keys, bodies) for file in index["files"]}
    print(json.dumps(answers, indent=1))


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else pathlib.Path(__file__).parent / "files")
