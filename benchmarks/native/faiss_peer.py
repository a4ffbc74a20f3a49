"""Python's faiss, over the same protocol as the other peers. Threads are set by OMP_NUM_THREADS and OPENBLAS_NUM_THREADS before it starts."""

import time

import faiss
import numpy
from peer import serve

state = {}


def floats(path, dimensions):
    return numpy.fromfile(path, dtype=numpy.float32).reshape(-1, int(dimensions))


def tune(value):
    """nprobe of an IVF index, efSearch of an HNSW one; 0 leaves it."""
    if int(value) == 0:
        return
    index = faiss.downcast_index(state["index"])
    if hasattr(index, "nprobe"):
        index.nprobe = int(value)
    elif hasattr(index, "hnsw"):
        index.hnsw.efSearch = int(value)


def version():
    return {"faiss": faiss.__version__, "numpy": numpy.__version__, "threads": faiss.omp_get_max_threads()}


def base(path, dimensions):
    state["base"] = floats(path, dimensions)
    return {"rows": len(state["base"])}


def queries(path, dimensions):
    state["queries"] = floats(path, dimensions)
    return {"rows": len(state["queries"])}


def build(factory):
    rows = state["base"]
    index = faiss.index_factory(rows.shape[1], factory)
    began = time.perf_counter()
    if not index.is_trained:
        index.train(rows)
    if isinstance(index, faiss.IndexIDMap):
        index.add_with_ids(rows, numpy.arange(len(rows)))
    else:
        index.add(rows)
    ms = 1000 * (time.perf_counter() - began)
    state["index"] = index
    return {"ms": ms}


def add(factory):
    """The time to add the base to a new index that needs no training."""
    rows = state["base"]
    index = faiss.index_factory(rows.shape[1], factory)
    began = time.perf_counter()
    index.add(rows)
    return {"ms": 1000 * (time.perf_counter() - began)}


def save(path):
    faiss.write_index(state["index"], path)
    return {}


def load(path):
    state["index"] = faiss.read_index(path)
    return {"count": state["index"].ntotal}


def one(tuning, start, count, k):
    tune(tuning)
    index, rows, k = state["index"], state["queries"], int(k)
    began = time.perf_counter()
    for i in range(int(start), int(start) + int(count)):
        index.search(rows[i : i + 1], k)
    return {"ms": 1000 * (time.perf_counter() - began)}


def batch(tuning, start, count, k):
    tune(tuning)
    rows = state["queries"][int(start) : int(start) + int(count)]
    began = time.perf_counter()
    state["index"].search(rows, int(k))
    return {"ms": 1000 * (time.perf_counter() - began)}


def find(tuning, start, count, k, output):
    tune(tuning)
    _, ids = state["index"].search(state["queries"][int(start) : int(start) + int(count)], int(k))
    ids.astype(numpy.int32).tofile(output)
    return {}


serve(version, base, queries, build, add, save, load, one, batch, find)
