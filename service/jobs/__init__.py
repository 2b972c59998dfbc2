"""Sweeps and other long questions as jobs: they outlive whoever asks, the service and the machine.

records    a job, a part of its answer, and what can go wrong
jobs       the face of all this: submit, look, cancel, remove, retain, start, stop
"""
