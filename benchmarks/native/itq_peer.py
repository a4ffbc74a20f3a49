"""ITQ's iterations in NumPy, over the same protocol as the other peers. Threads are set by OPENBLAS_NUM_THREADS before it starts."""

import contextlib
import io
import time

import numpy
from peer import serve

ONE = numpy.float32(1)
state = {}


def version():
    shown = io.StringIO()
    with contextlib.redirect_stdout(shown):
        numpy.show_config()
    return {"numpy": numpy.__version__, "config": shown.getvalue(), "blas": loaded_blas()}


def loaded_blas():
    """Debian's NumPy is linked with whatever the system's libblas is: the configuration does not say which."""
    with open("/proc/self/maps", encoding="utf8") as maps:
        return " ".join(sorted({line.split("/", 1)[1].strip() for line in maps if "blas" in line and "/" in line}))


def base(path, dimensions):
    state["base"] = numpy.fromfile(path, dtype=numpy.float32).reshape(-1, int(dimensions))
    return {"rows": len(state["base"])}


def project(bits):
    """Mean, covariance in double precision, its eigenvectors, and the projected data in float32."""
    rows = state["base"]
    began = time.perf_counter()
    mean = rows.mean(axis=0, dtype=numpy.float64)
    centred = rows - mean
    _, vectors = numpy.linalg.eigh(centred.T @ centred)
    state["v"] = numpy.ascontiguousarray((centred @ vectors[:, ::-1][:, : int(bits)]).astype(numpy.float32))
    return {"ms": 1000 * (time.perf_counter() - began)}


def rotation_of(correlation):
    left, _, right = numpy.linalg.svd(correlation)
    return (left @ right).T


def iterate(path, bits, iterations):
    """As one writes it: signs by where, a product, a small SVD."""
    v = state["v"]
    rotation = first_rotation(path, bits)
    began = time.perf_counter()
    for _ in range(int(iterations)):
        signs = numpy.where(v @ rotation >= 0, ONE, -ONE)
        rotation = rotation_of(signs.T @ v)
    return finish(began, rotation)


def iterate_in_place(path, bits, iterations):
    """The fastest way that we found: one buffer, written in place."""
    v = state["v"]
    rotation = first_rotation(path, bits)
    z = numpy.empty_like(v)
    began = time.perf_counter()
    for _ in range(int(iterations)):
        numpy.matmul(v, rotation, out=z)
        numpy.copysign(ONE, z, out=z)
        rotation = rotation_of(z.T @ v)
    return finish(began, rotation)


def first_rotation(path, bits):
    start = numpy.fromfile(path, dtype=numpy.float64).reshape(int(bits), int(bits))
    left, _, right = numpy.linalg.svd(start)
    return (left @ right).astype(numpy.float32)


def finish(began, rotation):
    ms = 1000 * (time.perf_counter() - began)
    z = state["v"] @ rotation
    loss = numpy.square(numpy.where(z >= 0, ONE, -ONE) - z).sum(dtype=numpy.float64)
    return {"ms": ms, "loss": float(loss)}


serve(version, base, project, iterate, iterate_in_place)
