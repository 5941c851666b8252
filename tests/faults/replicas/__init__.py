"""Real replicas, which lag behind and fail."""
