"""Draws people as docs/formats.md, "Draw", says, written from that page and from nothing else.

Reads one JSON object a line, {"seed", "nonce", "k", "candidates": [[person, weight], ...]}, and writes the order of each
as one JSON array a line.
"""
import hashlib
import json
import sys


def words(seed, nonce):
    key = hashlib.sha256(b"shidao-draw/v1\n" + seed + nonce).digest()
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


def draw(seed, nonce, k, candidates):
    source = words(seed, nonce)
    order = []
    for _ in range(k):
        number = below(sum(weight for _, weight in candidates), source)
        for place, (person, weight) in enumerate(candidates):
            if number < weight:
                order.append(person)
                del candidates[place]
                break
            number -= weight
    return order


if __name__ == "__main__":
    for line in sys.stdin:
        one = json.loads(line)
        order = draw(bytes.fromhex(one["seed"]), bytes.fromhex(one["nonce"]), one["k"], one["candidates"])
        print(json.dumps(order))
