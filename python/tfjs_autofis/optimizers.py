"""The optimizers: GRDA, LazyAdam and Partitioned."""

from .grda import GRDA
from .lazy_adam import LazyAdam
from .partitioned import Partitioned

__all__ = ["GRDA", "LazyAdam", "Partitioned"]
