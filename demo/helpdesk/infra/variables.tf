variable "region" {
  type    = string
  default = "eu-central-1"
}

variable "environment" {
  description = "dev, staging or prod"
  type        = string

  validation {
    condition     = contains(["dev", "staging", "prod"], var.environment)
    error_message = "One of dev, staging, prod."
  }
}

variable "office_cidr" {
  type    = string
  default = "203.0.113.0/24"
}

variable "gpu_ami" {
  description = "Deep learning AMI, pinned by the platform team"
  type        = string
}

variable "metadata_tokens" {
  description = "Set to required once the old exporter is gone"
  type        = string
  default     = "optional"
}

variable "search_nodes" {
  type    = number
  default = 2
}
