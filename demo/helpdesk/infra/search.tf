# Vectors of the solved tickets. The manuals are in Qdrant, see deploy/.
resource "aws_opensearch_domain" "vectors" {
  domain_name    = "${local.name}-vectors"
  engine_version = "OpenSearch_2.17"

  cluster_config {
    instance_type          = "r7g.large.search"
    instance_count         = var.search_nodes
    zone_awareness_enabled = var.search_nodes > 1
  }

  ebs_options {
    ebs_enabled = true
    volume_type = "gp3"
    volume_size = 80
  }

  encrypt_at_rest {
    enabled = true
  }

  vpc_options {
    subnet_ids         = slice(module.network.private_subnets, 0, var.search_nodes)
    security_group_ids = [aws_security_group.search.id]
  }

  advanced_options = {
    "rest.action.multi.allow_explicit_index" = "true"
    "knn.algo_param.index_thread_qty"        = "2" /* 4 made the nodes swap */
  }
}

resource "aws_security_group" "search" {
  name   = "${local.name}-search"
  vpc_id = module.network.vpc_id

  ingress {
    from_port   = 443
    to_port     = 443
    protocol    = "tcp"
    cidr_blocks = [module.network.cidr_block]
  }
}
