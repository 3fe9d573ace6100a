# The data team looks at tickets here. Stopped at night by a schedule in the console.
resource "aws_sagemaker_notebook_instance" "research" {
  name                  = "${local.name}-research"
  role_arn              = aws_iam_role.notebook.arn
  instance_type         = "ml.t3.xlarge"
  volume_size           = 100 # the embeddings do not fit in less
  lifecycle_config_name = aws_sagemaker_notebook_instance_lifecycle_configuration.research.name
  subnet_id             = module.network.private_subnets[0]
  security_groups       = [aws_security_group.research.id]

  tags = {
    data = "tickets"
  }
}

resource "aws_sagemaker_notebook_instance_lifecycle_configuration" "research" {
  name     = "${local.name}-research"
  on_start = base64encode("#!/bin/sh\nrm -rf /home/ec2-user/SageMaker/.Trash-1000\n")
}

resource "aws_iam_role" "notebook" {
  name = "${local.name}-notebook"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Action    = "sts:AssumeRole"
      Effect    = "Allow"
      Principal = { Service = "sagemaker.amazonaws.com" }
    }]
  })
}

resource "aws_security_group" "research" {
  name   = "${local.name}-research"
  vpc_id = module.network.vpc_id

  egress {
    from_port   = 443
    to_port     = 443
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
}
