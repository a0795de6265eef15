#!/usr/bin/python3
"""faiss on the vectors that `Laion.Stream.Benchmarks index make` wrote: IVF with 8-bit scalars, one thread, CPU time of the thread.

    /usr/bin/python3 perf/faiss-beside.py FOLDER [lists]

Debian: python3-faiss, python3-numpy. Its build is generic (no AVX2): a faster build of faiss may need half or a quarter of the time.
"""
import json
import pathlib
import sys
import time

import faiss
import numpy

folder = pathlib.Path(sys.argv[1])
lists = int(sys.argv[2]) if len(sys.argv) > 2 else 1024
faiss.omp_set_num_threads(1)


def load(path):
    return numpy.load(path).astype(numpy.float32)


rows = numpy.concatenate([load(path) for path in sorted((folder / "img_emb").glob("*.npy"))])
queries = {kind: load(folder / f"queries-{kind}.npy") for kind in ("in", "ood")}
truth = {kind: json.loads((folder / f"truth-{kind}.json").read_text()) for kind in queries}
print(f"faiss {faiss.__version__} ({faiss.get_compile_options().strip()}), {len(rows)} rows", flush=True)

index = faiss.index_factory(rows.shape[1], f"IVF{lists},SQ8", faiss.METRIC_INNER_PRODUCT)
index.cp.niter = 6
start = time.thread_time()
index.train(rows[numpy.random.default_rng(1).choice(len(rows), min(len(rows), 24 * lists), replace=False)])
trained = time.thread_time()
index.add(rows)
added = time.thread_time()
print(f"build: train {trained - start:.0f} s + add {added - trained:.0f} s = {(added - start) * 1000 / len(rows):.3f} ms of CPU a vector", flush=True)

for probes in (8, 16, 32, 64):
    index.nprobe = probes
    for kind, asked in queries.items():
        for k in (10, 100):
            index.search(asked[:10], k)
            start = time.thread_time()
            found = [index.search(query[None, :], k)[1][0] for query in asked]
            cpu = (time.thread_time() - start) * 1000 / len(asked)
            recall = numpy.mean([len(set(one.tolist()) & set(right[:k])) / k for one, right in zip(found, truth[kind])])
            print(f"nprobe {probes} {kind}: recall@{k} {recall:.4f}, {cpu:.2f} ms of CPU a query", flush=True)
