# The backend and the provider sign in separately, and here each has mistakes of its own.
# Backend: an availability zone where a region belongs, and the credentials file's word for the token.
# Provider: a region with two letters swapped, and a profile that no file has.

terraform {
  backend "s3" {
    bucket = "example-terraform-state"
    key    = "network/terraform.tfstate"

    region = "eu-central-1a"
    #         ^^^^^^^^^^^^^ unknown-region

    access_key    = "ASIAIOSFODNN7EXAMPLE"
    secret_key    = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
    session_token = "AQoEXAMPLEH4aoAH0gNCAPyJxz4BlCFFxWNE1OPTgk5TthT"
  # ^^^^^^^^^^^^^ wrong-argument-name
  }
}

provider "aws" {
  region = "eu-cetnral-1"
  #         ^^^^^^^^^^^^ unknown-region
  profile = "no-such-profile"
  #          ^^^^^^^^^^^^^^^ profile-not-found
}
