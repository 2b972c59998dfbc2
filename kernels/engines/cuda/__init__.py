"""Plans on CUDA devices through cupy: the same trace as the other engines, written as CUDA C++, the
same bits.
"""
