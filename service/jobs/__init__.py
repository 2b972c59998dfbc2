"""Sweeps and other long questions as jobs: they outlive whoever asks, the service and the machine.

records    a job, a part of its answer, and what can go wrong
data       the folder in which jobs are, and their limits
specs      a question as bytes, and in shards
folders    where the parts of an answer are kept; objects: on an object store
shards     a shard computed and kept, wherever that is; ahead: while the one before is kept
executors  what computes shards on this machine; dask: on several; devices: what each has
runs       the shards of a job on their way
store      the table of jobs
driver     the one thread that drives them
jobs       the face of all this: submit, look, cancel, remove, retain, start, stop
results    the answer of a job that is done
"""
