"""Draws samples as docs/formats.md, "Sample", says, written from that page and from nothing else.

Reads one shidao-sample/v1 document a line, without its "sample", and writes the sample of each as JSON, or null where
there is none.
"""
import hashlib
import json
import sys


def words(domain, seed, nonce):
    key = hashlib.sha256(domain.encode() + b"\n" + seed + nonce).digest()
    i = 0
    while True:
        yield int.from_bytes(hashlib.sha256(key + i.to_bytes(8, "big")).digest()[:4], "big")
        i += 1


def below(bound, source):
    bits = (bound - 1).bit_length()
    if bits == 0:
        return 0
    while True:
        number = next(source) >> (32 - bits)
        if number < bound:
            return number


def may(inspector, institution):
    if institution["id"] in inspector["conflicts"]:
        return False
    return not institution["area"] or not inspector["areas"] or institution["area"] in inspector["areas"]


def possible(drawn, inspectors, picked, visits):
    """Whether everybody can still be paired: a maximum flow, found breadth first."""
    needs = [2 - len(mine) for mine in picked]
    left = {i["id"]: visits - sum(i["id"] in mine for mine in picked) for i in inspectors}
    capacity = {}
    def edge(a, b, c):
        capacity.setdefault(a, {})[b] = c
        capacity.setdefault(b, {}).setdefault(a, 0)
    for at, institution in enumerate(drawn):
        edge("source", ("institution", at), needs[at])
        for inspector in inspectors:
            if may(inspector, institution) and inspector["id"] not in picked[at]:
                edge(("institution", at), ("inspector", inspector["id"]), 1)
    for inspector in inspectors:
        edge(("inspector", inspector["id"]), "sink", left[inspector["id"]])
    flow = 0
    while True:
        before = {"source": None}
        queue = ["source"]
        while queue and "sink" not in before:
            here = queue.pop(0)
            for there, room in capacity[here].items():
                if room > 0 and there not in before:
                    before[there] = here
                    queue.append(there)
        if "sink" not in before:
            return flow == sum(needs)
        here = "sink"
        while before[here] is not None:
            capacity[before[here]][here] -= 1
            capacity[here][before[here]] += 1
            here = before[here]
        flow += 1


def lines_digest(rows):
    return hashlib.sha256("".join("\t".join(row) + "\n" for row in rows).encode()).hexdigest()


def sample(document):
    plan = json.loads(document["plan"])
    institutions, inspectors = document["institutions"], document["inspectors"]
    assert hashlib.sha256(document["plan"].encode()).hexdigest() == document["commitment"]
    rows = [[i["id"], i["name"], str(i["weight"]), i["area"]] for i in institutions]
    assert plan["institutions"] == lines_digest(rows)
    rows = [[i["id"], i["name"], ";".join(i["areas"]), ";".join(i["conflicts"])] for i in inspectors]
    assert plan["inspectors"] == lines_digest(rows)
    seed, nonce = bytes.fromhex(plan["seed"]), bytes.fromhex(document["nonce"])
    source = words("shidao-sample-institutions/v1", seed, nonce)
    left, drawn = list(institutions), []
    for _ in range(plan["count"]):
        number = below(sum(i["weight"] for i in left), source)
        for place, institution in enumerate(left):
            if number < institution["weight"]:
                drawn.append(institution)
                del left[place]
                break
            number -= institution["weight"]
    picked = [[] for _ in drawn]
    visits = plan["perInspector"]
    if not possible(drawn, inspectors, picked, visits):
        return None
    source = words("shidao-sample-inspectors/v1", seed, nonce)
    for at, institution in enumerate(drawn):
        for _ in range(2):
            used = lambda i: sum(i["id"] in mine for mine in picked)
            listed = [i["id"] for i in inspectors if may(i, institution) and used(i) < visits and i["id"] not in picked[at]]
            while True:
                one = listed.pop(below(len(listed), source))
                picked[at].append(one)
                if possible(drawn, inspectors, picked, visits):
                    break
                picked[at].pop()
    return [{"institution": i["id"], "inspectors": mine} for i, mine in zip(drawn, picked)]


for line in sys.stdin:
    print(json.dumps(sample(json.loads(line))))
