"""What nodes ask of a value, in the order of schema.py, which tells what words follow each."""


struct Operation:
    """The first word of a node."""

    comptime NEVER = 0
    comptime ANYTHING = 1
    comptime KIND = 2
    comptime OBJECT = 3
    comptime ARRAY = 4
    comptime EACH = 5
    comptime TEXT = 6
    comptime MATCH = 7
    comptime AMONG = 8
    comptime WHOLE = 9
    comptime NUMBER = 10
    comptime RANGE = 11
    comptime ALL = 12
    comptime ANY = 13
    comptime ONE = 14
    comptime NOT = 15
    comptime COUNT = 16
    comptime KEYS = 17
    comptime SIZE = 18
    comptime NEEDS = 19
    comptime WITHIN = 20
    comptime ONCE = 21
    comptime ORDERED = 22
    comptime AGREES = 23
    comptime ASK = 24
