# What must not be reported. Nothing in this folder is.

# An emulator on this machine takes any key.
provider "aws" {
  alias      = "local"
  region     = "us-east-1"
  access_key = "test"
  secret_key = "test"

  endpoints {
    s3  = "http://localhost:4566"
    sts = "http://localhost:4566"
  }
}

# No keys in the file: they come from the environment or the shared files.
provider "aws" {
  region = "eu-west-1"

  assume_role {
    role_arn = "arn:aws:iam::111122223333:role/deploy"
  }
}

# Another service that speaks S3 has keys and regions of its own.
terraform {
  backend "s3" {
    bucket                      = "example-terraform-state"
    key                         = "network/terraform.tfstate"
    region                      = "auto"
    endpoints                   = { s3 = "https://example.r2.cloudflarestorage.com" }
    skip_credentials_validation = true
    skip_region_validation      = true
    skip_requesting_account_id  = true
  }
}
