"""SciPy's STFT as librosa makes it: frames of the padded signal in blocks of 256 KB, times the window, rfft, stored as complex64. Over the protocol of the
other peers."""

import time

import numpy
import scipy
import scipy.fft
import scipy.signal
from peer import serve

BLOCK_BYTES = 2**18
state = {}


def version():
    return {"scipy": scipy.__version__, "numpy": numpy.__version__}


def samples(path):
    state["samples"] = numpy.fromfile(path, dtype=numpy.float32)
    return {"samples": len(state["samples"])}


def spectrum_of(n_fft, hop, real):
    window = scipy.signal.get_window("hann", n_fft).astype(real).reshape(-1, 1)
    padded = numpy.pad(state["samples"], n_fft // 2)
    frames = numpy.lib.stride_tricks.sliding_window_view(padded, n_fft)[::hop].T
    out = numpy.empty((1 + n_fft // 2, frames.shape[1]), dtype=numpy.complex64, order="F")
    columns = max(1, BLOCK_BYTES // (out.shape[0] * out.itemsize))
    for begin in range(0, out.shape[1], columns):
        end = min(begin + columns, out.shape[1])
        out[:, begin:end] = scipy.fft.rfft(window * frames[:, begin:end], axis=0)
    return out


def stft(n_fft, hop, precision):
    real = numpy.float64 if precision == "f64" else numpy.float32
    began = time.perf_counter()
    spectrum_of(int(n_fft), int(hop), real)
    return {"ms": 1000 * (time.perf_counter() - began)}


def write(n_fft, hop, precision, path):
    real = numpy.float64 if precision == "f64" else numpy.float32
    spectrum_of(int(n_fft), int(hop), real).T.tofile(path)
    return {}


serve(version, samples, stft, write)
