"""AutoDeepFM's search step in PyTorch: `authors`, `strong` (`autocast`: its MLP in bfloat16), or the `mlp` alone.

`triples` is AutoFM of order 3, gathered; `field_aware` is AutoFFM.
"""
import itertools

import common
import numpy as np
import torch
import torch.nn.functional as F

options = common.OPTIONS
rows = common.Rows(options["rows"])
weights = common.Weights(options["weights"], options["d"]) if "weights" in options else None
ids, labels = torch.from_numpy(rows.ids), torch.from_numpy(rows.labels)
m, d, batch_size = rows.fields, options["d"], rows.batch_size


def combinations(order):
    return torch.tensor(list(itertools.combinations(range(m), order))).T


def make_mlp():
    layers = []
    for i, kernel in enumerate(weights.kernels):
        layer = torch.nn.Linear(*kernel.shape)
        with torch.no_grad():
            layer.weight.copy_(torch.from_numpy(kernel).T)
            layer.bias.zero_()
        layers += [layer] if i == len(weights.kernels) - 1 else [layer, torch.nn.ReLU()]
    return torch.nn.Sequential(*layers)


class Gate:
    """sum_p alpha_p BN(x_p), and gRDA on alpha."""

    def __init__(self, alpha):
        self.alpha = alpha.clone().requires_grad_()
        self.dual = alpha.clone()
        self.mean, self.variance, self.steps = torch.zeros(len(alpha)), torch.ones(len(alpha)), 0

    def __call__(self, x):
        x = F.batch_norm(x, self.mean, self.variance, training=True, momentum=1 - common.MOMENTUM, eps=common.EPSILON)
        return torch.mv(x, self.alpha).unsqueeze(1)

    @torch.no_grad()
    def update(self):
        self.steps += 1
        self.dual -= self.alpha.grad
        self.alpha.copy_(F.softshrink(self.dual, common.C * self.steps ** common.MU))
        self.alpha.grad = None


def descend(logit, label, adam, others):
    """One step of Adam and of all that updates itself; gives the loss before it."""
    loss = F.binary_cross_entropy_with_logits(logit, label)
    adam.zero_grad(set_to_none=True)
    loss.backward()
    adam.step()
    for each in others:
        each.update()
    return loss.item()


def authors():
    """As published: embeddings with dense gradients, fields gathered to [B, P, d], dense Adam."""
    return gathered(make_mlp(), [2])


def triples():
    return gathered(None, [2, 3])


def gathered(mlp, orders):
    embedding = torch.nn.Embedding.from_pretrained(torch.from_numpy(weights.table), freeze=False)
    linear = torch.nn.Embedding(rows.vocabulary, 1)
    torch.nn.init.zeros_(linear.weight)
    bias = torch.zeros(1, requires_grad=True)
    places = [combinations(order) for order in orders]
    gates = [Gate(torch.from_numpy(weights.alpha) if len(p) == 2 else torch.full((p.shape[1],), 0.6)) for p in places]
    dense = [] if mlp is None else list(mlp.parameters())
    adam = torch.optim.Adam([embedding.weight, linear.weight, bias, *dense], lr=1e-3, eps=1e-7)

    def step(index):
        b = index % rows.batches
        e = embedding(ids[b])
        logit = linear(ids[b]).sum(1) + bias
        for place, gate in zip(places, gates):
            product = e[:, place[0]] * e[:, place[1]]
            if len(place) == 3:
                product = product * e[:, place[2]]
            logit = logit + gate(product.sum(2))
        if mlp is not None:
            logit = logit + mlp(e.flatten(1))
        return descend(logit, labels[b], adam, gates)

    return step


class PairProducts(torch.autograd.Function):
    """All <e_i, e_j> out of the Gram matrix, and one more matrix product as gradient: [B, m, d] -> [B, P]."""

    left, right = combinations(2)
    flat = left * m + right
    symmetric = torch.full((m, m), len(flat))
    symmetric[left, right] = symmetric[right, left] = torch.arange(len(flat))
    symmetric = symmetric.flatten()

    @staticmethod
    def forward(context, e):
        context.save_for_backward(e)
        return torch.bmm(e, e.transpose(1, 2)).view(len(e), m * m).index_select(1, PairProducts.flat)

    @staticmethod
    def backward(context, dx):
        e, = context.saved_tensors
        gram = F.pad(dx, (0, 1)).index_select(1, PairProducts.symmetric).view(len(e), m, m)
        return torch.bmm(gram, e)


class LazyRows:
    """Embeddings and linear weights side by side with their Adam moments; a step touches the batch's rows only."""

    def __init__(self, table):
        width = table.shape[1] + 1
        # w, m, v of a row lie together, so that a row costs one random access to memory.
        self.packed = torch.zeros(rows.vocabulary, 3, width)
        self.packed[:, 0, :-1] = torch.from_numpy(table)
        self.slot = torch.empty(rows.vocabulary, dtype=torch.int64)
        self.steps = 0

    def look_up(self, features):
        flat = features.flatten()
        order = torch.arange(len(flat))
        self.slot[flat] = order
        representative = self.slot[flat]
        first = representative == order
        self.unique = flat[first]
        inverse = (first.cumsum(0) - 1)[representative]
        self.state = self.packed.index_select(0, self.unique)
        self.values = self.state[:, 0].clone().requires_grad_()
        return F.embedding(inverse.view_as(features), self.values)

    @torch.no_grad()
    def update(self, rate=1e-3, beta1=0.9, beta2=0.999, epsilon=1e-7):
        self.steps += 1
        gradient = self.values.grad
        value, mean, square = self.state.unbind(1)
        mean.lerp_(gradient, 1 - beta1)
        square.mul_(beta2).addcmul_(gradient, gradient, value=1 - beta2)
        correction = (1 - beta2 ** self.steps) ** 0.5
        value.addcdiv_(mean, square.sqrt().div_(correction).add_(epsilon), value=-rate / (1 - beta1 ** self.steps))
        self.packed.index_copy_(0, self.unique, self.state)


def autocast():
    return strong(mixed=True)


def strong(mixed=False):
    """The fastest that plain PyTorch allows: Gram matrix, rows updated in place, fused Adam for the rest."""
    table, mlp = LazyRows(weights.table), make_mlp()
    bias = torch.zeros(1, requires_grad=True)
    gate = Gate(torch.from_numpy(weights.alpha))
    adam = torch.optim.Adam([bias, *mlp.parameters()], lr=1e-3, eps=1e-7, fused=True)

    def step(index):
        b = index % rows.batches
        e, linear = table.look_up(ids[b]).split((d, 1), 2)
        e = e.contiguous()
        with torch.autocast("cpu", torch.bfloat16, enabled=mixed):
            deep = mlp(e.flatten(1))
        logit = linear.sum(1) + bias + gate(PairProducts.apply(e)) + deep.float()
        return descend(logit, labels[b], adam, [table, gate])

    return step


class FieldAwareProducts(torch.autograd.Function):
    """<v_{i, f_j}, v_{j, f_i}> of vectors v_{i, f_j} at [i, j], by the transpose: [B, m, m, d] -> [B, P]."""

    @staticmethod
    def forward(context, e):
        context.save_for_backward(e)
        products = (e * e.transpose(1, 2)).sum(3)
        return products.view(len(e), m * m).index_select(1, PairProducts.flat)

    @staticmethod
    def backward(context, dx):
        e, = context.saved_tensors
        gradient = F.pad(dx, (0, 1)).index_select(1, PairProducts.symmetric)
        return gradient.view(len(e), m, m, 1) * e.transpose(1, 2)


def field_aware():
    """AutoFFM: all vectors of a value side by side in one row, none for its own field; rows updated in place."""
    others = common.scattered(rows.vocabulary * (m - 1) * d, 0, 0.02).reshape(rows.vocabulary, m - 1, d)
    vectors = np.zeros((rows.vocabulary, m, d), np.float32)
    fields = np.repeat(np.arange(m), rows.sizes)
    vectors[np.arange(m) != fields[:, None]] = others.reshape(-1, d)
    table = LazyRows(vectors.reshape(-1, m * d))
    bias = torch.zeros(1, requires_grad=True)
    gate = Gate(torch.from_numpy(common.scattered(m * (m - 1) // 2, 0.6, 0.001)))
    adam = torch.optim.Adam([bias], lr=1e-3, eps=1e-7)

    def step(index):
        b = index % rows.batches
        e, linear = table.look_up(ids[b]).split((m * d, 1), 2)
        logit = linear.sum(1) + bias + gate(FieldAwareProducts.apply(e.view(batch_size, m, m, d)))
        return descend(logit, labels[b], adam, [table, gate])

    return step


def mlp():
    """Forward and backward alone, to the input too."""
    model = make_mlp()
    x = torch.from_numpy(weights.table.reshape(-1)[:batch_size * m * d].reshape(batch_size, m * d)).clone().requires_grad_()

    def step(_):
        model.zero_grad(set_to_none=True)
        x.grad = None
        loss = F.binary_cross_entropy_with_logits(model(x), labels[0])
        loss.backward()
        return loss.item()

    return step


def main():
    limit = options.get("limitGB")
    if limit:
        import resource
        resource.setrlimit(resource.RLIMIT_DATA, (int(limit * 2 ** 30),) * 2)
    peers = {"authors": authors, "strong": strong, "autocast": autocast, "mlp": mlp, "triples": triples,
             "field_aware": field_aware}
    run = peers[options["peer"]]()

    def guarded(index):
        try:
            return run(index)
        except (RuntimeError, MemoryError) as error:
            if "memory" not in str(error).lower() and not isinstance(error, MemoryError):
                raise
            common.say({"failure": f"out of memory (limit {limit} GB)"})
            raise SystemExit(0)

    common.serve(guarded, {"torch": torch.__version__, "threads": str(torch.get_num_threads())})


main()
