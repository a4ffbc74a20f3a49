"""One query at a time by brute force in NumPy: a matrix-vector product with norms that were made before, and a partial sort."""

import time

import numpy
from peer import serve

state = {}


def version():
    config = numpy.__config__
    blas = getattr(config, "blas_ilp64_opt_info", None) or getattr(config, "blas_opt_info", {})
    return {"numpy": numpy.__version__, "blas": str(blas.get("libraries", "")) if isinstance(blas, dict) else ""}


def base(path, dimensions):
    rows = numpy.fromfile(path, dtype=numpy.float32).reshape(-1, int(dimensions))
    state["base"] = rows
    state["norms"] = numpy.einsum("ij,ij->i", rows, rows)
    return {"rows": len(rows)}


def queries(path, dimensions):
    state["queries"] = numpy.fromfile(path, dtype=numpy.float32).reshape(-1, int(dimensions))
    return {"rows": len(state["queries"])}


def nearest(query, k):
    squared = state["norms"] - 2 * (state["base"] @ query)
    closest = numpy.argpartition(squared, k)[:k]
    closest = closest[numpy.argsort(squared[closest])]
    return closest, numpy.sqrt(numpy.maximum(squared[closest] + query @ query, 0))


def one(first, count, k):
    """The time of `count` queries, one after the other."""
    first, count, k = int(first), int(count), int(k)
    rows = state["queries"][first : first + count]
    began = time.perf_counter()
    for query in rows:
        nearest(query, k)
    return {"ms": 1000 * (time.perf_counter() - began)}


serve(version, base, queries, one)
