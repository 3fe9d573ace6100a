# Two machines outside of the cluster: the Ray head for experiments, and one from the template below
# when the queue of the nightly embeddings gets too long.
resource "aws_instance" "ray_head" {
  ami                    = var.gpu_ami
  instance_type          = "g5.2xlarge"
  subnet_id              = module.network.private_subnets[0]
  vpc_security_group_ids = [aws_security_group.ray.id]
  iam_instance_profile   = aws_iam_instance_profile.gpu.name

  metadata_options {
    http_endpoint               = "enabled"
    http_put_response_hop_limit = 2 # containers read it as well
  }

  root_block_device {
    volume_size = 200
    encrypted   = true
  }

  user_data = <<-EOT
    #!/bin/bash
    set -eu
    pip install "ray[default]==2.40.0"
    ray start --head --dashboard-host=0.0.0.0 --port=6379
    echo "http_tokens = none" > /etc/motd
  EOT
}

resource "aws_launch_template" "embeddings" {
  name_prefix   = "${local.name}-embeddings-"
  image_id      = var.gpu_ami
  instance_type = "g5.xlarge"

  metadata_options {
    http_endpoint = "enabled"
    http_tokens   = var.metadata_tokens
  }

  instance_market_options {
    market_type = "spot"
  }

  iam_instance_profile {
    name = aws_iam_instance_profile.gpu.name
  }
}

resource "aws_security_group" "ray" {
  name        = "${local.name}-ray"
  description = "Ray head"
  vpc_id      = module.network.vpc_id

  ingress {
    description = "ssh from the office"
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = [var.office_cidr]
  }

  ingress {
    description      = "dashboard"
    from_port        = 8265
    to_port          = 8265
    protocol         = "tcp"
    cidr_blocks      = ["0.0.0.0/0"]
    ipv6_cidr_blocks = ["::/0"]
  }

  egress {
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_vpc_security_group_ingress_rule" "ollama" {
  security_group_id = aws_security_group.ray.id
  description       = "small models for the team"
  from_port         = 11434
  to_port           = 11434
  ip_protocol       = "tcp"
  cidr_ipv4         = "0.0.0.0/0"
}

resource "aws_iam_instance_profile" "gpu" {
  name = "${local.name}-gpu"
  role = aws_iam_role.gpu.name
}

resource "aws_iam_role" "gpu" {
  name               = "${local.name}-gpu"
  assume_role_policy = data.aws_iam_policy_document.ec2.json
}

data "aws_iam_policy_document" "ec2" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["ec2.amazonaws.com"]
    }
  }
}
