"""Fitting a field from counted values, by the rules of the TypeScript package."""

import numpy as np

from .fitted import fitted_field
from .schema import RULES, has_vocabulary

_BINS = RULES["bins"]


def fit_field(connection, rule, counts, rows):
    """A fitted field.

    `counts` is a relation of values and how many training rows have each: word (a text), items (texts) or x (a number),
    all NULL for missing values, and n. There are `rows` training rows.
    """
    if rule["type"] == "multiValued":
        return _fit_items(connection, rule, counts, rows)
    merged = f"(SELECT word, x, sum(n)::BIGINT AS n FROM {counts} GROUP BY word, x)"
    missing = connection.execute(
        f"SELECT coalesce(sum(n), 0)::BIGINT FROM {merged} WHERE word IS NULL AND x IS NULL"
    ).fetchone()[0]
    training = {"missing": missing / rows, "unseen": 0}
    if has_vocabulary(rule):
        found = connection.execute(
            f"SELECT word, n FROM {merged} WHERE word IS NOT NULL {_ranked(rule, 'word')}"
        ).fetchnumpy()
        training["unseen"] = (rows - missing - int(found["n"].sum())) / rows
        return fitted_field(rule, training, values=list(map(str, found["word"])))
    if rule["type"] == "numeric" and rule.get("bucketing") != "edges":
        found = connection.execute(f"SELECT x, n FROM {merged} WHERE x IS NOT NULL ORDER BY x").fetchnumpy()
        return fitted_field(rule, training, edges=_edges(rule, found["x"].astype(float), found["n"].astype(np.int64)))
    return fitted_field(rule, training)


def _ranked(rule, word):
    """SQL of the values that get ids: by falling count, equal counts by their UTF-8 bytes, without rare values."""
    limit = f" LIMIT {rule['maxSize'] - 2}" if "maxSize" in rule else ""
    return f"AND n >= {rule.get('minCount', 1)} ORDER BY n DESC, {word}{limit}"


def _fit_items(connection, rule, counts, rows):
    """Fit the vocabulary of list items, each counted once per row."""
    connection.execute(f"CREATE OR REPLACE TEMP TABLE lists AS SELECT coalesce(items, []) AS items, n FROM {counts}")
    counted = "(SELECT item, sum(n)::BIGINT AS n FROM (SELECT unnest(items) AS item, n FROM lists) GROUP BY item)"
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE items AS SELECT item, n FROM {counted} WHERE true {_ranked(rule, 'item')}"
    )
    found = connection.execute("SELECT item FROM items ORDER BY n DESC, item").fetchnumpy()["item"]
    missing = connection.execute("SELECT coalesce(sum(n), 0)::BIGINT FROM lists WHERE len(items) = 0").fetchone()[0]
    places = "SELECT rowid AS place, unnest(items) AS item FROM lists"
    unknown = f"SELECT DISTINCT place FROM ({places}) ANTI JOIN items USING (item)"
    unseen = connection.execute(f"SELECT coalesce(sum(n), 0)::BIGINT FROM lists WHERE rowid IN ({unknown})").fetchone()[
        0
    ]
    return fitted_field(rule, {"missing": missing / rows, "unseen": unseen / rows}, values=list(map(str, found)))


def _edges(rule, x, n):
    count = int(n.sum())
    if rule.get("bucketing") == "quantiles":
        return _quantiles(x, n, count, rule["buckets"])
    bins = min(_BINS["most"], max(_BINS["least"], count // _BINS["rows"]))
    return _spikes(x, n, count, rule.get("buckets") or bins)


def _quantiles(x, n, count, buckets):
    """Edges of equal shares of sorted values, each once: edge i is the value at position ceil(i count / buckets)."""
    if count == 0:
        return []
    begun = np.minimum(buckets - 1, (np.cumsum(n) - 1) * buckets // count)
    return _plain(x[1:][np.diff(begun) > 0])


def _spikes(x, n, count, buckets):
    """Edges of bins: a value with at least count / buckets rows has its own bin, the others share the rest equally."""
    spike = n * buckets >= count
    others = np.where(spike, 0, n)
    left = count - int(n[spike].sum())
    shares = np.full(len(x), -1.0)
    if left > 0:
        before = np.cumsum(others) - others
        shares = np.where(spike, -1, np.floor((before + n / 2) * ((buckets - int(spike.sum())) / left)))
    new = spike[1:] | (shares[1:] != shares[:-1])
    low, high = x[:-1][new], x[1:][new]
    middle = low / 2 + high / 2
    return _plain(np.where(middle > low, middle, high))


def _plain(edges):
    """Convert to numbers of JSON; -0 becomes 0."""
    return [float(edge) + 0.0 for edge in edges]
