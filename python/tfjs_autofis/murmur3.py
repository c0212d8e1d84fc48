"""MurmurHash3 by operators: of Python's ints, and of tensors of uint32, or of int64 in its lower half."""

LOW = 0xFFFFFFFF


def scrambled(block):
    """A block of four bytes, by which the state is changed (xor)."""
    return _rotated(block * 0xCC9E2D51 & LOW, 15) * 0x1B873593 & LOW


def mixed(state):
    """The state after a block that has changed it."""
    return _rotated(state, 13) * 5 + 0xE6546B64 & LOW


def fmix32(state):
    """Mix 32-bit integers as MurmurHash3 does at its end."""
    for shift, factor in ((16, 0x85EBCA6B), (13, 0xC2B2AE35)):
        state = (state ^ state // 2**shift) * factor & LOW
    return state ^ state // 2**16


def _rotated(x, bits):
    return (x * 2**bits & LOW) + x // 2 ** (32 - bits)
