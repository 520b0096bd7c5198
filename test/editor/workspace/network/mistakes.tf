provider "aws" {
  alias         = "east"
  region        = "us-esat-1"
  access_key    = "<AKIAI44QH8DHBEXAMPLE>"
  secret_key    = var.secret_key
  session_token = var.session_token
}
