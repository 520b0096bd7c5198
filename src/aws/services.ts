/**
 * Names under which `endpoints` of the AWS provider knows a service, the first one ours, and how the types of its
 * resources and data sources begin behind `aws_`. Only services whose types are unmistakable.
 * https://registry.terraform.io/providers/hashicorp/aws/latest/docs/guides/custom-service-endpoints
 */
const services: readonly { readonly names: readonly string[]; readonly types: RegExp }[] = [
  { names: ["acm"], types: /^acm_certificate/ },
  { names: ["apigateway"], types: /^api_gateway_/ },
  { names: ["apigatewayv2"], types: /^apigatewayv2_/ },
  { names: ["appsync"], types: /^appsync_/ },
  { names: ["athena"], types: /^athena_/ },
  { names: ["batch"], types: /^batch_/ },
  { names: ["cloudformation"], types: /^cloudformation_stack/ },
  { names: ["cloudfront"], types: /^cloudfront_/ },
  { names: ["cloudtrail"], types: /^cloudtrail$/ },
  { names: ["cloudwatch"], types: /^cloudwatch_(?:metric_alarm|composite_alarm|dashboard|metric_stream)$/ },
  { names: ["codebuild"], types: /^codebuild_/ },
  { names: ["codecommit"], types: /^codecommit_/ },
  { names: ["codepipeline"], types: /^codepipeline/ },
  { names: ["cognitoidentity"], types: /^cognito_identity_pool/ },
  { names: ["cognitoidp", "cognitoidentityprovider"], types: /^cognito_(?:user|resource_server|identity_provider)/ },
  { names: ["dynamodb"], types: /^dynamodb_/ },
  {
    names: ["ec2"],
    types:
      /^(?:instances?|vpcs?|subnets?|security_groups?|internet_gateway|nat_gateways?|route|route_tables?|route_table_association|eips?|ami|key_pair|ebs_volumes?|launch_template|network_interfaces?|network_acls?|availability_zones?|vpc_endpoint|vpc_security_group_(?:in|e)gress_rule|security_group_rules?|default_(?:vpc|subnet|security_group))$/,
  },
  { names: ["ecr"], types: /^ecr_(?!public)/ },
  { names: ["ecs"], types: /^ecs_/ },
  { names: ["efs"], types: /^efs_/ },
  { names: ["eks"], types: /^eks_/ },
  { names: ["elasticache"], types: /^elasticache_/ },
  { names: ["elasticbeanstalk", "beanstalk"], types: /^elastic_beanstalk_/ },
  { names: ["elbv2", "elb"], types: /^(?:lb|alb)(?:_|$)/ },
  {
    names: ["events", "eventbridge", "cloudwatchevents"],
    types: /^cloudwatch_event_/,
  },
  { names: ["firehose"], types: /^kinesis_firehose_/ },
  { names: ["glue"], types: /^glue_/ },
  { names: ["iam"], types: /^iam_(?!policy_document$|session_context$)/ },
  { names: ["kinesis"], types: /^kinesis_stream/ },
  { names: ["kms"], types: /^kms_(?!secrets?$)/ },
  { names: ["lambda"], types: /^lambda_(?!invocation$)/ },
  { names: ["logs", "cloudwatchlogs", "cloudwatchlog"], types: /^cloudwatch_log_/ },
  { names: ["rds"], types: /^(?:rds_|db_(?:instance|subnet_group|parameter_group|snapshot|option_group))/ },
  { names: ["redshift"], types: /^redshift_(?!serverless|data)/ },
  { names: ["route53"], types: /^route53_(?:zone|record|health_check)/ },
  { names: ["s3"], types: /^s3_(?:bucket|object)/ },
  { names: ["scheduler"], types: /^scheduler_/ },
  { names: ["secretsmanager"], types: /^secretsmanager_/ },
  { names: ["ses"], types: /^ses_/ },
  { names: ["sfn", "stepfunctions"], types: /^sfn_/ },
  { names: ["sns"], types: /^sns_/ },
  { names: ["sqs"], types: /^sqs_/ },
  { names: ["ssm"], types: /^ssm_(?:parameter|document|maintenance_window|association|activation)/ },
  { names: ["sts"], types: /^caller_identity$/ },
];

const byName = new Map(services.flatMap(({ names }) => names.map((name) => [name, names[0] ?? name] as const)));

/** One name for a service that `endpoints` knows by several. */
export const serviceNamed = (name: string): string => byName.get(name) ?? name;

/** The service that a resource or data source of this type calls; undefined where that is not certain. */
export function serviceOfType(type: string): string | undefined {
  const bare = type.startsWith("aws_") ? type.slice("aws_".length) : "";
  return services.find(({ types }) => types.test(bare))?.names[0];
}
