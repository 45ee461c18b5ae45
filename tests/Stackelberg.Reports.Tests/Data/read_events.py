"""Reads TensorBoard event files and prints what a reader that purges would show, as JSON in
which the values of curves are texts, since JSON has no NaN. Python's standard library alone: nothing of the program under test.

Usage: read_events.py FOLDER. Files are read in the order of their names, as TensorBoard does.
"""
import json
import os
import struct
import sys


def crc32c(data):
    """CRC-32C, bit by bit."""
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


def masked(data):
    crc = crc32c(data)
    return (((crc >> 15) | (crc << 17)) + 0xA282EAD8) & 0xFFFFFFFF


def records(path):
    """The records of a file; a torn one at its end is left out, as readers do."""
    data = open(path, "rb").read()
    at = 0
    while at < len(data):
        header = data[at:at + 12]
        if len(header) < 12:
            return
        (length, check) = struct.unpack("<QI", header)
        assert check == masked(header[:8]), f"{path}: checksum of the length at {at}"
        if at + 16 + length > len(data):
            return
        body = data[at + 12:at + 12 + length]
        (check,) = struct.unpack("<I", data[at + 12 + length:at + 16 + length])
        assert check == masked(body), f"{path}: checksum of the data at {at}"
        yield body
        at += 16 + length


def varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value, at


def fields(data):
    """The fields of a message as lists by number: integers, or bytes for all other wire types."""
    found = {}
    at = 0
    while at < len(data):
        key, at = varint(data, at)
        kind = key & 7
        if kind == 0:
            value, at = varint(data, at)
        else:
            size = {1: 8, 5: 4}.get(kind)
            if size is None:
                assert kind == 2, f"wire type {kind}"
                size, at = varint(data, at)
            value, at = data[at:at + size], at + size
            assert len(value) == size
        found.setdefault(key >> 3, []).append(value)
    return found


def one(message, field, default=b""):
    return message.get(field, [default])[0]


def double(data):
    return struct.unpack("<d", data)[0]


def value_of(data):
    """google.protobuf.Value"""
    value = fields(data)
    if 2 in value:
        return double(value[2][0])
    if 4 in value:
        return bool(value[4][0])
    return value[3][0].decode()


def hyper_parameters(content):
    start = fields(one(fields(content), 3))
    pairs = [fields(pair) for pair in start.get(1, [])]
    return {one(p, 1).decode(): value_of(one(p, 2)) for p in pairs}


def read(folder):
    shown = {"files": [], "starts": [], "scalars": {}, "texts": {}, "hparams": None, "status": None, "tags": [], "wall_times": []}
    for name in sorted(os.listdir(folder)):
        shown["files"].append(name)
        for number, record in enumerate(records(os.path.join(folder, name))):
            event = fields(record)
            step = one(event, 2, 0)
            shown["wall_times"].append(double(one(event, 1)))
            if number == 0:
                assert one(event, 3) == b"brain.Event:2", name
            if 7 in event:
                if one(fields(one(event, 7)), 1, 0) == 1:
                    shown["starts"].append(step)
                    for curve in shown["scalars"].values():
                        curve[:] = [point for point in curve if point[0] < step]
            for entry in fields(one(event, 5)).get(1, []) if 5 in event else []:
                value = fields(entry)
                tag = one(value, 1).decode()
                if tag not in shown["tags"]:
                    shown["tags"].append(tag)
                if 2 in value:
                    shown["scalars"].setdefault(tag, []).append([step, repr(struct.unpack("<f", value[2][0])[0])])
                    continue
                plugin = fields(one(fields(one(value, 9)), 1))
                content = one(plugin, 2)
                if tag == "_hparams_/session_start_info":
                    # TensorBoard keeps the metadata it has seen first
                    shown["hparams"] = shown["hparams"] or hyper_parameters(content)
                elif tag == "_hparams_/session_end_info":
                    shown["status"] = one(fields(one(fields(content), 4)), 1, 0)
                elif one(plugin, 1) == b"text":
                    shown["texts"][tag] = one(fields(one(value, 8)), 8).decode()
    return shown


if __name__ == "__main__":
    print(json.dumps(read(sys.argv[1])))
