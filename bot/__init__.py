"""The program: what reaches a repository, and what people see of it."""
