variable "region" {
  type    = string
  default = "eu-west-1"
}

variable "access_key" {
  type = string
}

# A default is a value in the repository like any other: provider aws takes it by way of local.deploy_secret.
variable "secret_key" {
  type      = string
  sensitive = true
  default   = "CANARYodJFCrnl2edlBDdz1C5Jau2RJtBRnlWmTS"
  #            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ hardcoded-secret
}

variable "audit_secret" {
  type      = string
  sensitive = true
}
