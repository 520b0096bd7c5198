# Nothing in this file is secret: the secret keys stand in variables.tf and in terraform.tfvars.
# They are found there, each with a link back to the block that uses it.

provider "aws" {
  region     = var.region
  access_key = var.access_key
  secret_key = local.deploy_secret
}

provider "aws" {
  alias      = "audit"
  region     = var.region
  access_key = var.access_key
  secret_key = var.audit_secret
}

locals {
  deploy_secret = var.secret_key
}
