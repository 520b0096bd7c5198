terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 6.0"
    }
  }
}

provider "aws" {
  region     = "eu-west-1"
  access_key = "ASIAIOSFODNN7EXAMPLE"
  secret_key = var.secret_key
}

variable "secret_key" {
  type      = string
  sensitive = true
}
