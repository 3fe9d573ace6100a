"""Rules over Terraform, one file each."""
