"""What is measured: our suites, a user's folder, published modules."""
