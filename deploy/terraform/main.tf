# The same table and policy as deploy/bedrock_sessions_dynamodb.yaml, for those who deploy with Terraform.
#
#     terraform init && terraform apply -var environment=prod

terraform {
  required_version = ">= 1.5"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.0"
    }
  }
}

data "aws_region" "here" {}
data "aws_partition" "here" {}

resource "aws_dynamodb_table" "sessions" {
  name                        = "NFTBedrockSessions-${var.environment}"
  billing_mode                = "PAY_PER_REQUEST"
  deletion_protection_enabled = var.environment == "prod"
  hash_key                    = "session_id"

  attribute {
    name = "session_id"
    type = "S"
  }

  dynamic "attribute" {
    for_each = var.user_index ? ["user_id"] : []
    content {
      name = attribute.value
      type = "S"
    }
  }

  dynamic "global_secondary_index" {
    for_each = var.user_index ? ["user_id-index"] : []
    content {
      name            = global_secondary_index.value
      hash_key        = "user_id"
      projection_type = "KEYS_ONLY"
    }
  }

  ttl {
    attribute_name = "expiration"
    enabled        = true
  }

  point_in_time_recovery {
    enabled = true
  }

  # Without a key of the customer's the account's AWS-managed one encrypts.
  server_side_encryption {
    enabled     = true
    kms_key_arn = var.key_arn
  }

  tags = {
    application = "bedrock-sessions"
    environment = var.environment
  }
}

locals {
  table = aws_dynamodb_table.sessions.arn
  optional = {
    Index = { allowed = var.allow_index, action = "dynamodb:Query", resource = "${local.table}/index/user_id-index" }
    Batch = { allowed = var.allow_batch, action = "dynamodb:BatchGetItem", resource = local.table }
    Audit = { allowed = var.allow_audit, action = "dynamodb:Scan", resource = local.table }
    Purge = { allowed = var.allow_purge, action = "dynamodb:DeleteItem", resource = local.table }
  }
}

data "aws_iam_policy_document" "access" {
  statement {
    sid       = "Sessions"
    actions   = ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"]
    resources = [local.table]
  }

  dynamic "statement" {
    for_each = { for name, right in local.optional : name => right if right.allowed }
    content {
      sid       = statement.key
      actions   = [statement.value.action]
      resources = [statement.value.resource]
    }
  }

  dynamic "statement" {
    for_each = var.key_arn == null ? [] : [var.key_arn]
    content {
      sid       = "Key"
      actions   = ["kms:CreateGrant", "kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"]
      resources = [statement.value]
      condition {
        test     = "StringEquals"
        variable = "kms:ViaService"
        values   = ["dynamodb.${data.aws_region.here.name}.${data.aws_partition.here.dns_suffix}"]
      }
    }
  }
}

resource "aws_iam_policy" "access" {
  description = "Reads and writes sessions in ${aws_dynamodb_table.sessions.name}, and nothing else."
  policy      = data.aws_iam_policy_document.access.json
}
