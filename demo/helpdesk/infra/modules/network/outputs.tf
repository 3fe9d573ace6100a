output "vpc_id" {
  value = aws_vpc.this.id
}

output "cidr_block" {
  value = aws_vpc.this.cidr_block
}

output "private_subnets" {
  value = [for subnet in aws_subnet.private : subnet.id]
}
