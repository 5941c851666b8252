"""What graphql-core does, case by case, over a schema that has a field for each."""
