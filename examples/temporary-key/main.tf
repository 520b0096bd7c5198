# Two of the three values that STS hands out were copied; the session token was not.
# Terraform stops with "InvalidClientTokenId: The security token included in the request is invalid".
# The quick fix on the marked key writes the missing line.

provider "aws" {
  region     = "eu-west-1"
  access_key = "ASIAIOSFODNN7EXAMPLE"
  #             ^^^^^^^^^^^^^^^^^^^^ temporary-key-without-token
  secret_key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
}

# Here the token comes from outside, so nothing is missing.
provider "aws" {
  alias      = "complete"
  region     = "eu-west-1"
  access_key = var.access_key
  secret_key = var.secret_key
  token      = var.session_token
}

variable "access_key" {
  type = string
}

variable "secret_key" {
  type      = string
  sensitive = true
}

variable "session_token" {
  type      = string
  sensitive = true
}
