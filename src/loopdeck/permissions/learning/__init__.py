"""What recorded calls say about rules: evidence, and suggestions."""
