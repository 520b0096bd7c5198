import type { Situation } from "./terraformOutputSituation";

/** Whose call it was that failed. */
export type OutputStage =
  | "provider"
  | "backend"
  | "remote-state"
  | "refresh"
  | "resource"
  | "assume-role"
  | "sso"
  | "init"
  | "other";

export interface StageEvidence {
  readonly code: string;
  /** Without white space. */
  readonly text: string;
  readonly heading: string;
  readonly situation: Situation;
  readonly address: string | undefined;
}

const assumesRole =
  /operationerrorSTS:AssumeRole|CannotassumeIAMRole|(?:IAMRole\(arn|[Tt]herole"arn)[^\n]*cannotbeassumed(?!by)|AssumeRoleWith(?:WebIdentity|SAML)|WebIdentityErr|callingtheAssumeRole|SharedConfigAssumeRoleError|[Cc]ouldnotassumerole|[Nn]otauthorizedtoperform:?sts:AssumeRole/;
const roleCodes: ReadonlySet<string> = new Set([
  "RoleArnNotSet",
  "InvalidIdentityToken",
  "WebIdentityTokenFile",
  "CannotAssumeRole",
  "IDPCommunicationError",
  "IDPRejectedClaim",
]);

const ssoCode = /^(?:SSO|InvalidGrantException|InvalidClientException|LoginSession)/;
const asksSso = /operationerrorSSO|GetRoleCredentials|SSOOIDC|awsssologin/;

const ofBackend =
  /S3[Bb]ackend|backend"?s3|settings\/backends\/s3|backend-s3|language\/backend\/s3|tfstate|Failedtogetexistingworkspaces|[Ff]ailedtouploadstate|[Ff]ailedtosavestate|Errorsavingstate|Errorloadingstate|[Ee]rrorrefreshingstate:(?!\d+error)|requestedbucketfrom|statelock|lockinfo|Errorlockingstate|inspectingstates|persiststate|in(?:terraform|backend(?:"s3")?):|inS3bucket|S3bucket"|[Rr]emotestate(?:S3)?bucket|[Ee]rrorfindingAWScredentials|[Bb]ackendconfiguration|operationerrorS3:(?:HeadBucket|HeadObject|ListObjects|GetObject|PutObject|CreateMultipartUpload)|s3state|host ?id:|HostID:|thebackend/;
const ofProvider =
  /provider\["[^"\n]*\/(?:hashicorp\/aws|opentofu\/aws|hashicorp\/awscc)"\]|provider\.aws|TerraformAWSProvider|providers\/hashicorp\/aws\n?|AWSProvider|inprovider"|configuringTerraform/;
/** Words of the old providers for what they were doing to a resource. */
const ofResource =
  /(?:[Ee]rror)?(?:creating|reading|updating|deleting|launching|describing|retrieving|fetching|listing|putting|getting|attaching|detaching|waitingfor)(?:the)?(?:IAM|EC2|S3|KMS|ECS|EKS|RDS|SSM|SNS|SQS|VPC|ECR|ELB|Lambda|CloudWatch|DynamoDB|Route|Secrets|source|Role|Instance|availability|AvailabilityZones|Bucket|AMI)/;
const ofCli =
  /Anerroroccurred\(|failedtosignrequest|Aclienterror|botocore|awscli|Unabletolocatecredentials|Couldnotconnecttotheendpoint|Infiniteloopincredential|source_profile"[^"]*"(?:referenced|must)|config(?:uration)?profile\(|ErrorloadingSSO|Errorwhenretrieving|Partialcredentialsfoundin|Tokenhasexpiredandrefresh|SSLvalidationfailed|Youmustspecifyaregion|[Cc]redentialscouldnotbeloaded|musthavecredentials|Unabletoparseconfigfile/;

/** Where an error happened, by what it says and by what was printed before it. */
export function stageIn(evidence: StageEvidence): { readonly stage: OutputStage; readonly isGuessed: boolean } {
  const told = stageTold(evidence);
  if (told) return { stage: told, isGuessed: false };
  const guess = stageOfSituation(evidence);
  return { stage: guess ?? "provider", isGuessed: guess === undefined };
}

function stageTold({ code, text, heading, situation, address }: StageEvidence): OutputStage | undefined {
  if (address?.includes("terraform_remote_state") || /data"terraform_remote_state"/.test(text)) return "remote-state";
  const isResource = address !== undefined && !address.includes("provider");
  if (roleCodes.has(code) || (assumesRole.test(text) && !code.startsWith("SharedConfigProfile"))) return "assume-role";
  if (ssoCode.test(code) && code !== "SSOProviderInvalidToken") return "sso";
  if (/^(?:Forbidden|Unauthorized)Exception$/.test(code) && asksSso.test(text)) return "sso";
  if (isResource) return "resource";
  if (ofBackend.test(text)) return "backend";
  const isOfChain = code.startsWith("NoValid") || code.startsWith("NoCredential") || code === "NoIMDSRole";
  if (/Errorrefreshingstate:\d+error/.test(heading + text) && !isOfChain) return "refresh";
  if (ofProvider.test(text) && situation.phase !== "backend") return "provider";
  if (/provider\["|provider\.aws|inprovider"|TerraformAWSProvider/.test(text)) return "provider";
  if (ofCli.test(text)) return "other";
  if (ofResource.test(text)) return "resource";
  return undefined;
}

function stageOfSituation({ code, text, situation }: StageEvidence): OutputStage | undefined {
  const isConfiguring = /GetCallerIdentity|validatingprovider|accountID|credential|sharedconfig|STS/i.test(text + code);
  if (situation.remoteState !== undefined && isConfiguring) return "remote-state";
  if (code === "SSOProviderInvalidToken" && situation.phase === "unknown") return "sso";
  switch (situation.phase) {
    case "backend":
      return "backend";
    case "modules":
      return "init";
    case "plan":
      // A provider's error says which provider; that of a remote state says nothing.
      return isConfiguring && /STS|GetCallerIdentity/.test(text) ? "remote-state" : undefined;
    default:
      return undefined;
  }
}
