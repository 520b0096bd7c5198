# The key id and the secret key stand in each other's place.
# The value given as key id travels readable with every request, so this sends the secret.
# AWS answers "IncompleteSignature", and its message repeats what it was sent.

provider "aws" {
  region     = "us-east-1"
  access_key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
  #             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ swapped-id-and-secret
  secret_key = "AKIAIOSFODNN7EXAMPLE"
}
