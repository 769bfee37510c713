"""Checks visits' files as docs/formats.md, "Visit file", says, written from that page and from nothing else.

Arguments: the station's verifier key, then files. Writes one JSON line a file: what the visit says, or null if it is false.
"""
import hashlib
import json
import pathlib
import sys

sys.dont_write_bytecode = True
sys.path += [str(pathlib.Path(__file__).parent), str(pathlib.Path(__file__).parent.parent / "vectors")]
from replay_draws import draw  # noqa: E402
from verify import Key, consistency_roots, ed25519, open_by_history, open_note, root_from_nodes, sha256, unbase64  # noqa: E402


def hex_digest(text):
    return hashlib.sha256(text.encode()).hexdigest()


def check_acts(events, visit, leaves):
    keys, inspector, own, covered = {}, None, set(), []
    for event in events:
        kind, data = event["type"], event["data"]
        if kind == "visit.opened":
            inspector = data["inspector"]
            assert sha256(bytes.fromhex(inspector["publicKey"])).hex()[:32] == inspector["actor"], "inspector's id"
            own = {inspector["actor"]}
            for key in [inspector, *([data["visitKey"]] if data.get("visitKey") else [])]:
                keys[key["actor"]] = key["publicKey"]
                own.add(key["actor"])
        act = data.get("act")
        for each in act["signatures"] if act else []:
            message = b"shidao-act/v1\n" + act["statement"].encode()
            assert ed25519(bytes.fromhex(keys[each["actor"]]), message, bytes.fromhex(each["signature"])), "act"
        if kind == "actor.enrolled":
            keys[data["actor"]] = data["publicKey"]
        if data.get("visit") is None or kind == "visit.refused":
            continue
        assert data["visit"] == visit, "another visit"
        signers = {each["actor"] for each in act["signatures"]}
        needed = {inspector["actor"]} if kind in ("visit.opened", "visit.closed") else own
        assert signers & needed, "the inspector's signature"
        said, recorded = json.loads(act["statement"]), {**data, "origin": event["origin"]}
        if kind == "visit.drawn":
            recorded["plan"] = hex_digest(data["plan"])
            recorded["order"] = hex_digest("".join(person + "\n" for person in data["order"]))
        if kind == "visit.closed" and "covers" in data:
            lines = "".join("%d\t%s\n" % (index, leaf.hex()) for index, leaf in covered)
            assert data["covers"] == {"events": len(covered), "sha256": hex_digest(lines)}, "covers"
        covered.append((event["index"], leaves[event["index"]]))
        del recorded["act"]
        assert all(said.get(name) == value for name, value in recorded.items()), "statement"


def check_draws(events):
    order = []
    for event in events:
        if event["type"] != "visit.drawn":
            continue
        data = event["data"]
        committed = next(e for e in events if e["type"] == "draw.committed" and e["data"]["draw"] == data["draw"])
        assert committed["index"] < event["index"] and hex_digest(data["plan"]) == committed["data"]["commitment"], "commitment"
        portraits, enrolled = {}, set()
        for e in events[: events.index(committed)]:
            if e["type"] == "portrait.enrolled":
                enrolled.add(e["data"]["person"])
            if e["type"] == "roster.changed" and e["data"]["class"] == data["class"]:
                portraits.update({one["person"]: one["portrait"] for one in e["data"]["added"]})
                for person in e["data"]["removed"]:
                    portraits.pop(person, None)
        brought = lambda person: portraits[person] in ("chip", "official") and person not in enrolled
        seats = sorted((brought(person), person) for person in portraits)
        lines = ["%s\t%s\n" % (person, "other" if other else "on-site") for other, person in seats]
        assert hex_digest("".join(lines)) == committed["data"]["roster"], "roster"
        plan = json.loads(data["plan"])
        weights = {each["name"]: each["weight"] for each in plan["strata"]}
        candidates = [[person, weights["other" if other else "on-site"]] for other, person in seats]
        order = draw(bytes.fromhex(plan["seed"]), bytes.fromhex(data["nonce"]), data["k"], candidates)
        assert order == data["order"], "order"
    return order


def check_growth(first, first_root, second, second_root, proof):
    proof = list(map(unbase64, proof))
    assert consistency_roots(first, second, proof, first_root) == (first_root, second_root) and not proof, "growth"


def check(data, station):
    document = json.loads(data)
    text = json.dumps(document, ensure_ascii=False, indent=1, separators=(",", ": ")) + "\n"
    assert data.decode() == text.replace(": []", ": []") and document["format"] == "shidao-visit/v1", "text"
    bodies = [event.encode() for event in document["events"]]
    events = [json.loads(body) for body in bodies]
    assert events[0]["type"] == "station.key" and Key(events[0]["data"]["vkey"]).public == station.public, "station"
    size, root = open_by_history(document["closing"].encode(), events, station)
    leaves = {event["index"]: sha256(b"\0" + body) for event, body in zip(events, bodies)}
    nodes = list(map(unbase64, document["nodes"]))
    assert len(leaves) == len(events) and sorted(leaves) == list(leaves) and max(leaves) < size, "places"
    assert root_from_nodes(leaves, 0, size, nodes) == root and not nodes, "root"
    check_acts(events, document["visit"], leaves)
    opened = next(event for event in events if event["type"] == "visit.opened")
    begun, begun_root = open_by_history(document["opening"].encode(), events, station)
    assert begun == opened["index"] + 1, "opening"
    check_growth(begun, begun_root, size, root, document["during"])
    since = opened["data"]["since"]
    assert (document["since"] is not None) == (since is not None and since["finding"] == "consistent"), "since"
    if document["since"] is not None:
        check_growth(since["size"], bytes.fromhex(since["root"]), size, root, document["since"])
    listed = [event["data"] for event in events if event["type"] == "inspectors.listed"]
    for each in listed:
        text, names = open_note(each["note"].encode(), [Key(each["authority"])])
        assert names and hex_digest(each["note"]) == each["sha256"] == opened["data"]["list"], "list"
        assert ("key " + opened["data"]["inspector"]["publicKey"]) in text.decode(), "listed"
    closed = [event for event in events if event["type"] == "visit.closed"]
    assert not closed or closed[0]["index"] == size - 1, "closing"
    counts = [event["data"]["count"] for event in events if event["type"] == "visit.headcount"]
    return {"size": size, "root": root.hex(), "order": check_draws(events), "headcount": counts[-1] if counts else None}


def answer(path, station):
    try:
        return check(pathlib.Path(path).read_bytes(), station)
    except (AssertionError, ValueError, KeyError, IndexError, StopIteration) as problem:
        print(path, problem, file=sys.stderr)
        return None


if __name__ == "__main__":
    for path in sys.argv[2:]:
        print(json.dumps(answer(path, Key(sys.argv[1]))))
