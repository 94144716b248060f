"""The pages of accounts: one module per noun, each view five moves."""
