"""What an operation may ask: the limits and rules that a document meets before it runs."""
