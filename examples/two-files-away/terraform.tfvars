# Terraform reads this file by itself. What it gives to var.audit_secret ends up in provider aws.audit.
audit_secret = "CANARYHf6pWkLUyifDLkDmWJ6UuVTAIjvFu7WICP"
#               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ hardcoded-secret
