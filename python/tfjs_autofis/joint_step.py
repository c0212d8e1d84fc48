"""What layers know of a training step of several workers."""

from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, NamedTuple


class JointStep(NamedTuple):
    """A step in which each replica has its rows of a joint batch; its numbers are integer tensors."""

    draw: Any
    """What random numbers follow from; another one in each step."""
    first: Any
    """The place of the replica's first row in the joint batch."""
    rows: Any
    """Rows of the joint batch."""
    moments: Any = None
    """Where layers get the JointMoments of the joint batch from; None where they compute them."""


_STEP = ContextVar("joint step", default=None)


def joint_step():
    """The step that the model is called in, or None outside of `train`."""
    return _STEP.get()


@contextmanager
def in_joint_step(step):
    """Call a model in a step."""
    token = _STEP.set(step)
    try:
        yield
    finally:
        _STEP.reset(token)
