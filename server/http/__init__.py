"""What stands between the network and an operation: GraphQL over HTTP, and what guards it."""
