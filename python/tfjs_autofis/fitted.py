"""Fitted schemas: a schema with its vocabularies and edges, as in schema.json."""

from pathlib import Path

from .bundle import bundle_cure
from .js_json import js_json, read_json, sha256
from .schema import DATES, check, check_edges, check_schema, has_vocabulary, invalid

MISSING, UNSEEN, FIRST = 0, 1, 2


def fitted_field(rule, training, values=None, edges=None):
    """A fitted field from what was counted, as in schema.json."""
    field = {"name": rule["name"]}
    if has_vocabulary(rule):
        return {
            **field,
            "size": FIRST + len(values),
            "missingId": MISSING,
            "unseenId": UNSEEN,
            "values": values,
            "training": training,
        }
    if rule["type"] == "numeric":
        edges = rule["edges"] if rule.get("bucketing") == "edges" else edges
        return {**field, "size": len(edges) + 2, "missingId": MISSING, "edges": edges, "training": training}
    size = rule["buckets"] if rule["type"] == "hashed" else DATES["sizes"][rule["part"]]
    return {**field, "size": 1 + size, "missingId": MISSING, "training": training}


def field_specs(fitted):
    """The fields as FieldEmbedding takes them."""
    specs = []
    for rule, field in zip(fitted["schema"]["fields"], fitted["fields"]):
        spec = {"name": field["name"], "size": field["size"]}
        if rule["type"] == "multiValued":
            spec.update(width=rule["width"], combiner=rule.get("combiner", "mean"))
        elif rule["type"] == "numeric" and not has_vocabulary(rule):
            spec["ordered"] = True
        specs.append(spec)
    return specs


def read_fitted(source, where):
    """The fitted schema of a dict, a schema.json, or a folder with one: a bundle, or shards.

    If a bundle.json or manifest.json is beside it, its hash must be the one given there.
    """
    if isinstance(source, dict):
        return check_fitted(source, where)
    path = Path(source)
    if path.is_dir():
        path /= "schema.json"
    if not path.is_file():
        absent = f"{source} has no schema.json." if Path(source).is_dir() else "There is no such file."
        raise invalid(
            where,
            "schema",
            "be a bundle, a folder of shards, a schema.json or its content",
            str(source),
            bundle_cure(source, "schema.json", absent),
        )
    fitted = check_fitted(read_json(path, where), f"{where}: {path}")
    for name in ("bundle.json", "manifest.json"):
        beside = path.with_name(name)
        if beside.is_file():
            expected, found = read_json(beside, where).get("schemaHash"), schema_hash(fitted)
            if expected not in (None, found):
                raise ValueError(
                    f"{where}: {path} has the hash {found}, but {name} was made with {expected}. "
                    "Copy the whole folder again."
                )
    return fitted


def check_fitted(fitted, where):
    """Check that the fitted schema's fields are those of its rules, and return it; raise a ValueError otherwise."""
    valid = isinstance(fitted, dict) and fitted.get("version") == 1 and isinstance(fitted.get("fields"), list)
    check(valid, where, "schema", "be a fitted schema {version: 1, schema, rows, fields}", fitted)
    if "schema" not in fitted:
        raise ValueError(
            f"{where}: the schema has no vocabularies yet. "
            "Fit it: python -m tfjs_autofis prepare, or fitSchema in Node."
        )
    rules = check_schema(fitted["schema"], where)["fields"]
    names = [field.get("name") for field in fitted["fields"]]
    in_order = names == [rule["name"] for rule in rules]
    check(in_order, where, "fields", "be those of the schema, in their order", names)
    for i, (rule, field) in enumerate(zip(rules, fitted["fields"])):
        at = f"fields[{i}]"
        if has_vocabulary(rule):
            values = field.get("values")
            are_texts = isinstance(values, list) and all(isinstance(each, str) for each in values)
            if not are_texts or len(set(values)) < len(values):
                raise ValueError(f"{where}: `{at}.values` must be different strings. Write the file again.")
        elif rule["type"] == "numeric" and field.get("edges") != []:
            check_edges(where, f"{at}.edges", field.get("edges"))
        size = fitted_field(rule, None, field.get("values"), field.get("edges"))["size"]
        valid = field.get("size") == size
        check(valid, where, f"{at}.size", f"be {size}, by the rule and the values of the field", field.get("size"))
    return fitted


def schema_hash(fitted):
    """The hash that identifies the schema in files made with it."""
    return sha256(js_json(fitted, ordered=True))
