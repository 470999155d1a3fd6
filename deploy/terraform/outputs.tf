output "table_name" {
  description = "For BEDROCK_SESSIONS_TABLE"
  value       = aws_dynamodb_table.sessions.name
}

output "table_arn" {
  value = aws_dynamodb_table.sessions.arn
}

output "policy_arn" {
  description = "To be attached to the role of the Lambda, or of whatever else uses the table"
  value       = aws_iam_policy.access.arn
}
