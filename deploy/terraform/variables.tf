variable "environment" {
  description = "Part of the table's name; prod protects the table from being deleted."
  type        = string
  default     = "dev"

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,15}$", var.environment))
    error_message = "The environment is 1 to 16 of a-z 0-9 and -, beginning with a letter: dev, staging, prod."
  }
}

variable "key_arn" {
  description = "A customer-managed KMS key that encrypts the table; without it the account's AWS-managed key does."
  type        = string
  default     = null
}

variable "user_index" {
  description = "An index on user_id, for `sessions --user` and `forget --user`. With it DynamoDB refuses an empty user_id."
  type        = bool
  default     = false
}

variable "allow_index" {
  description = "dynamodb:Query on the index (needs user_index): which sessions a user has."
  type        = bool
  default     = false
}

variable "allow_batch" {
  description = "dynamodb:BatchGetItem: many misses at once become one request."
  type        = bool
  default     = false
}

variable "allow_audit" {
  description = "dynamodb:Scan: audits that walk the whole table."
  type        = bool
  default     = false
}

variable "allow_purge" {
  description = "dynamodb:DeleteItem: removing a user's data before its time to live does."
  type        = bool
  default     = false
}
