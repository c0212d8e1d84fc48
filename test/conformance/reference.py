"""Computes what run_zoo.ts computed, in float64 from the models' equations in docs/models.md: python reference.py FOLDER.

Reads FOLDER/zoo.json, a list of models with their weights, rows, predictions and the weights after one step of SGD, and checks
the exports FOLDER/*.onnx. Writes FOLDER/reference.json: the largest difference of each model's predictions and of its step.
The gradient is taken by central differences, so nothing of the library's closed forms is in it.
"""
import itertools
import json
import pathlib
import sys

import numpy as np
import onnx

EPSILON = 1e-3  # Of the interactions' normalisation.
STEP = 1e-6  # Of the central differences.


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def relu(x):
    return np.maximum(x, 0)


class Rows:
    """The ids [B, W] of a batch, by field."""

    def __init__(self, fields, ids):
        self.fields, self.columns, at = fields, {}, 0
        for field in fields:
            width = field.get("width", 1)
            self.columns[field["name"]] = ids[:, at:at + width]
            at += width

    def embed(self, table, left_out=()):
        """Embeddings {field: [B, d]} out of a table without some fields, and each field's first row of it."""
        result, starts, start = {}, {}, 0
        for field in self.fields:
            name = field["name"]
            if name in left_out:
                continue
            result[name] = self.combine(field, lambda ids: table[start + ids])
            starts[name] = start
            start += field["size"]
        return result, starts

    def combine(self, field, vectors):
        """The mean or sum of a field's present values' vectors: [B, d]."""
        ids = self.columns[field["name"]]
        return (vectors(np.maximum(ids, 0)) * self.shares(field)[:, :, None]).sum(1)

    def shares(self, field):
        """What each column of a field counts, [B, width]: 0 where it is padding."""
        present = (self.columns[field["name"]] >= 0).astype(np.float64)
        mean = "width" in field and field.get("combiner", "mean") == "mean"
        return present / np.maximum(present.sum(1, keepdims=True), 1) if mean else present


class Model:
    """A model's equations on weights w, a dictionary of arrays."""

    def __init__(self, case):
        self.name, self.options, self.rows = case["model"], case["options"], Rows(case["fields"], np.array(case["ids"]))
        self.training = False

    def embeddings(self, w, layer="embedding"):
        """E [B, m, d]; zeros for fields that are in none of the chosen pairs, which have no rows in the table."""
        fields = self.rows.fields
        read = {fields[f]["name"] for f in np.ravel(self.options.get("interactions", range(len(fields))))}
        table = w[f"{layer}/embeddings"]
        found, _ = self.rows.embed(table, [field["name"] for field in fields if field["name"] not in read])
        zeros = np.zeros((len(next(iter(found.values()))), table.shape[1]))
        return np.stack([found.get(field["name"], zeros) for field in fields], 1)

    def linear(self, w):
        weights, _ = self.rows.embed(w["linear/kernel"])
        return sum(weights.values())[:, 0] + w["linear/bias"][0]

    def mlp(self, w, x):
        layer = 1
        while f"hidden_{layer}/kernel" in w:
            x = relu(x @ w[f"hidden_{layer}/kernel"] + w[f"hidden_{layer}/bias"])
            layer += 1
        return (x @ w["mlp_output/kernel"] + w["mlp_output/bias"])[:, 0]

    def products(self, w):
        """The products of the model's orders, [B, P]; with gates where the model has them."""
        order, parts = self.options.get("order", 2), []
        for each in (2, 3) if order == "both" else (order,):
            own = each == 3 and self.options.get("thirdOrderTable", False)
            e = self.embeddings(w, "third_order_embedding" if own else "embedding")
            x = np.stack([np.prod(e[:, list(fields)], 1).sum(1) for fields in self.interactions(each)], 1)
            parts.append(self.gated(w, "pairs" if each == 2 else "triples", x))
        return np.concatenate(parts, 1)

    def interactions(self, order=2):
        return self.options.get("interactions") or list(itertools.combinations(range(len(self.rows.fields)), order))

    def gated(self, w, gate, x):
        """Products normalised and times alpha in a model with gates, else as they are."""
        if not self.name.startswith("auto"):
            return x
        mean = x.mean(0) if self.training else w[f"{gate}/moving_mean"]
        variance = x.var(0) if self.training else w[f"{gate}/moving_variance"]
        return w[f"{gate}/alpha"] * (x - mean) / np.sqrt(variance + EPSILON)

    def pairs(self, w):
        """e_i, e_j and e_i * e_j of all pairs: [B, P, d] each."""
        e = self.embeddings(w)
        i, j = np.array(list(itertools.combinations(range(e.shape[1]), 2))).T
        return e[:, i], e[:, j], e[:, i] * e[:, j]

    def flat(self, w):
        e = self.embeddings(w)
        return e.reshape(len(e), -1)

    def logit(self, w):
        equation = getattr(self, self.name.lower(), None)
        if equation is None:
            raise NotImplementedError(f"reference.py has no equation for {self.name}")
        return equation(w) + self.crosses(w)

    def crosses(self, w):
        """Weights of memorised combinations of the values of two or three fields, by a dictionary of their ids."""
        spec = self.options.get("crosses")
        if spec is None:
            return 0
        owners = np.repeat(np.arange(len(spec["counts"])), spec["counts"])
        words, total = np.reshape(spec["dictionary"], (len(owners), -1)), 0
        for k, p in enumerate(owners):
            there = w["crosses/kernel"][k, 0]
            for f, word in zip(spec["interactions"][p], words[k]):
                field = self.rows.fields[f]
                # A row that has a value in two columns has the combination twice.
                there = there * (self.rows.shares(field) * (self.rows.columns[field["name"]] == word)).sum(1)
            total = total + there
        return total

    def lr(self, w):
        return self.linear(w)

    def fm(self, w):
        return self.linear(w) + self.products(w).sum(1)

    autofm = fm

    def fwfm(self, w):
        return self.linear(w) + self.products(w) @ w["pairs/alpha"]

    def ffm(self, w):
        """A value of a field in n pairs owns n consecutive rows of the table, one for each of its pairs in order."""
        table, pairs, vectors, start = w["embedding/embeddings"], [tuple(pair) for pair in self.interactions()], {}, 0
        for f, field in enumerate(self.rows.fields):
            own = [pair for pair in pairs if f in pair]
            for k, pair in enumerate(own):
                vectors[f, pair] = self.rows.combine(field, lambda ids: table[start + ids * len(own) + k])
            start += field["size"] * len(own)
        x = np.stack([(vectors[pair[0], pair] * vectors[pair[1], pair]).sum(1) for pair in pairs], 1)
        return self.linear(w) + self.gated(w, "pairs", x).sum(1)

    autoffm = ffm

    def afm(self, w):
        x = self.pairs(w)[2]
        scores = relu(x @ w["attention/kernel"] + w["attention/bias"]) @ w["attention/projection"].reshape(-1)
        weights = np.exp(scores) / np.exp(scores).sum(1, keepdims=True)
        return self.linear(w) + ((weights[:, :, None] * x).sum(1) @ w["attention_output/kernel"])[:, 0]

    def nfm(self, w):
        return self.linear(w) + self.mlp(w, self.pairs(w)[2].sum(1))

    def widedeep(self, w):
        return self.linear(w) + self.mlp(w, self.flat(w))

    def deepfm(self, w):
        return self.fm(w) + self.mlp(w, self.flat(w))

    autodeepfm = deepfm

    def ipnn(self, w):
        return self.mlp(w, np.concatenate([self.flat(w), self.products(w)], 1))

    autoipnn = ipnn

    def opnn(self, w):
        total = self.embeddings(w).sum(1)
        outer = (total[:, :, None] * total[:, None, :]).reshape(len(total), -1)
        return self.mlp(w, np.concatenate([self.flat(w), outer], 1))

    def pin(self, w):
        left, right, product = self.pairs(w)
        each = [np.einsum("bpd,pdh->bph", x, w[f"pair_networks/{name}"]) for name, x in (("left", left), ("right", right), ("product", product))]
        hidden = relu(sum(each) + w["pair_networks/hidden_bias"][:, 0])
        outputs = relu(np.einsum("bph,phs->bps", hidden, w["pair_networks/kernel"]) + w["pair_networks/bias"][:, 0])
        return self.mlp(w, outputs.reshape(len(outputs), -1))

    def dcnv2(self, w):
        first = x = self.flat(w)
        for layer in range(1, self.options.get("crossLayers", 3) + 1):
            low = w.get(f"cross_{layer}_low/kernel")
            read = x if low is None else x @ low
            x = first * (read @ w[f"cross_{layer}/kernel"] + w[f"cross_{layer}/bias"]) + x
        return (x @ w["cross_output/kernel"])[:, 0] + self.mlp(w, first)

    def xdeepfm(self, w):
        e = self.embeddings(w)
        x, sums, m = e, [], e.shape[1]
        for layer in range(1, len(self.options["cinUnits"]) + 1):
            kernel = w[f"cin/kernel{layer}"].reshape(x.shape[1], m, -1)
            x = np.einsum("bid,bjd,ijh->bhd", x, e, kernel)
            sums.append(x.sum(2))
        cin = np.concatenate(sums, 1) @ w["cin_output/kernel"]
        return self.linear(w) + cin[:, 0] + self.mlp(w, self.flat(w))

    def autoint(self, w):
        e, units = self.embeddings(w), self.options["attentionUnits"]
        for layer in range(1, self.options["attentionLayers"] + 1):
            q, k, v, residual = (e @ w[f"attention_{layer}/{name}"] for name in ("query", "key", "value", "residual"))
            heads = []
            for start in range(0, q.shape[2], units):
                part = slice(start, start + units)
                scores = np.exp(np.einsum("biu,bju->bij", q[:, :, part], k[:, :, part]))
                heads.append(scores / scores.sum(2, keepdims=True) @ v[:, :, part])
            e = relu(np.concatenate(heads, 2) + residual)
        logit = (e.reshape(len(e), -1) @ w["attention_output/kernel"])[:, 0]
        return logit + (self.mlp(w, self.flat(w)) if "mlp_output/kernel" in w else w["attention_output/bias"][0])

    def finalmlp(self, w):
        e, streams = self.embeddings(w), []
        names = [field["name"] for field in self.rows.fields]
        for part, chosen in zip(("left", "right"), self.options.get("gateFields", ((), ()))):
            gate = {name: w[f"{part}_gate/{name}"] for name in ("hidden_kernel", "hidden_bias", "kernel", "bias")}
            read = np.concatenate([e[:, names.index(name)] for name in chosen], 1) if chosen else w[f"{part}_gate/vector"]
            logits = relu(read @ gate["hidden_kernel"] + gate["hidden_bias"]) @ gate["kernel"] + gate["bias"]
            x, layer = self.flat(w) * 2 * sigmoid(logits), 1
            while f"{part}_hidden_{layer}/kernel" in w:
                x = relu(x @ w[f"{part}_hidden_{layer}/kernel"] + w[f"{part}_hidden_{layer}/bias"])
                layer += 1
            streams.append(x)
        heads = len(w["fusion/kernel"])
        left, right = (x.reshape(len(x), heads, -1) for x in streams)
        forms = np.einsum("bhp,hpq,bhq->b", left, w["fusion/kernel"], right)
        return w["fusion/bias"][0] + (streams[0] @ w["fusion/left"] + streams[1] @ w["fusion/right"])[:, 0] + forms

    def din(self, w):
        behaviour, candidate = self.options["behaviour"], self.options["candidate"]
        others, starts = self.rows.embed(w["embedding/embeddings"], [behaviour])
        ids, c = self.rows.columns[behaviour], others[candidate][:, None, :]
        v = w["embedding/embeddings"][starts[candidate] + np.maximum(ids, 0)]
        features = np.concatenate([v, np.broadcast_to(c, v.shape), v - c, v * c], 2)
        scores = relu(features @ w["embedding/kernel"] + w["embedding/bias"]) @ w["embedding/projection"] + w["embedding/shift"]
        interest = (scores * (ids >= 0)[:, :, None] * v).sum(1)
        parts = [interest if field["name"] == behaviour else others[field["name"]] for field in self.rows.fields]
        return self.mlp(w, np.concatenate(parts, 1))


def training_loss(model, w, labels):
    model.training = True
    p = sigmoid(model.logit(w))
    model.training = False
    return -np.mean(labels * np.log(p) + (1 - labels) * np.log(1 - p))


def gradient(model, w, name, labels):
    values, result = w[name].reshape(-1), np.zeros(w[name].size)
    for i, value in enumerate(values):
        losses = []
        for moved in (value + STEP, value - STEP):
            values[i] = moved
            losses.append(training_loss(model, w, labels))
        values[i] = value
        result[i] = (losses[0] - losses[1]) / (2 * STEP)
    return result


def apart(found, expected):
    """The largest |found - expected| / (1 + |expected|)."""
    found, expected = np.ravel(found), np.ravel(expected)
    return float(np.max(np.abs(found - expected) / (1 + np.abs(expected)))) if found.shape == expected.shape else float("inf")


def compare(case):
    model, labels = Model(case), np.array(case["labels"])
    w = {name: np.array(weight["values"]).reshape(weight["shape"]) for name, weight in case["weights"].items()}
    predictions = apart(case["predictions"], sigmoid(model.logit(w)))
    steps = [apart(after, w[name].reshape(-1) - case["rate"] * gradient(model, w, name, labels)) for name, after in case["after"].items()]
    return {"title": case["title"], "predictions": predictions, "step": max(steps)}


def main():
    folder = pathlib.Path(sys.argv[1])
    exports = sorted(folder.glob("*.onnx"))
    for file in exports:
        onnx.checker.check_model(str(file), full_check=True)
    models = [compare(case) for case in json.loads((folder / "zoo.json").read_text())]
    (folder / "reference.json").write_text(json.dumps({"models": models, "exports": len(exports)}))


if __name__ == "__main__":
    main()
