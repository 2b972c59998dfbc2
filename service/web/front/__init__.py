"""What operators see of each request, and what they may hold it to: metrics, log, rates, origins of
web pages, traces.
"""
