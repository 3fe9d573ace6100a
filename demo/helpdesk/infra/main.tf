locals {
  name = "helpdesk-${var.environment}"

  tags = {
    service     = "helpdesk"
    environment = var.environment
    team        = "support-tools"
  }
}

module "network" {
  source = "./modules/network"

  name       = local.name
  cidr_block = "10.40.0.0/16"
}

resource "aws_s3_bucket" "models" {
  bucket = "${local.name}-models"
}

resource "aws_s3_bucket_public_access_block" "models" {
  bucket                  = aws_s3_bucket.models.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}
