"""What clients can change: one file per topic, named as where the topic is read.

A resolver tells the good story only: who asks, one transaction, the payload. The
domain's errors pass through it, and become members of the result union.
"""
