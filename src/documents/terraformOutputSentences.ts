/** What is said in a sentence, the innermost reason first. */
export type Phrase = readonly [code: string, pattern: RegExp];

/** Comes before any code of AWS: the text goes on with the output of another program. */
export const outermost: readonly Phrase[] = [
  [
    "CredentialProcess",
    /processprovidererror|incredential_process|ProcessProvider(?:Execution|Parse|Version|Required|Expir)\w*|retrievingcredentialsfromcustom-process|credential_process(?:timedout|returned)/,
  ],
  ["LoginSessionExpired", /operationerrorSignin:|loginsessionmustberenewed/i],
];

/** Where neither AWS nor anybody in its name has answered. */
export const sentences: readonly Phrase[] = [
  [
    "SSOTokenCacheMissing",
    /failedtoreadcachedSSOtokenfile|(?:SSOsessionhasexpiredorisinvalid:open|sso[/\\]cache[/\\][0-9a-f]{40}\.json).{0,40}?(?:nosuchfile|cannotfindthe(?:file|path))|ErrorloadingSSOToken(?!:TheSSOaccesstokenhaseither)|ErrorwhenretrievingtokenfromSSO:Tokenfor.{1,200}doesnotexist|UnabletoloadSSOtoken/i,
  ],
  [
    "SSOTokenExpired",
    /cachedSSOtokenisexpired|SSOsession(?:token)?hasexpired|SSOsessionassociatedwiththisprofilehasexpired|Tokenhasexpiredandrefreshfailed|SSOaccesstokenhaseitherexpired|TokenforSSO.{0,80}expired|CachedSSOloginisexpired/i,
  ],
  [
    "LoginSessionExpired",
    /Yoursessionhasexpired\.?Pleasereauthenticate|loginsession(?:token)?(?:hasexpired|isexpired)/i,
  ],
  [
    "SSOSessionMissing",
    /failedtofindSSOsessionsection|sso-sessionthatdoesnotexist|Thespecifiedsso-sessiondoesnotexist/i,
  ],
  [
    "SSOMissingConfig",
    /configuredtouseSSObutismissing|missingrequiredconfiguration:?sso_|MissingthefollowingrequiredSSOconfig/i,
  ],
  ["SSOGetRoleCredentials", /(?:operationerror)?SSO:GetRoleCredentials/],
  ["MFAUnsupported", /AssumeRoleTokenProvider(?:session)?option(?:is)?notset|AssumeRoleTokenProviderNotSet/],
  [
    "SharedConfigProfile",
    /failedtogetsharedconfigprofile|failedtogetprofile,|config(?:uration)?profile\(.{0,200}?\)couldnotbefound|source_?profile"[^"]*"referencedintheprofile"[^"]*"doesnotexist|Profile\S{1,80}couldnotbefound|ProfileNotFound/i,
  ],
  [
    "SharedConfigAssumeRole",
    /failedtoloadassumerole|sourceprofilehasnosharedcredentials|Thesource_?profile"[^"]*"musthave(?:valid)?credentials|Infiniteloopincredentialconfig/i,
  ],
  ["PartialCredentials", /[Pp]artialcredentialsfound/],
  ["StaticCredentialsEmpty", /staticcredentialsareempty|EmptyStaticCreds/],
  [
    "LoadingConfiguration",
    /credential_sourcevaluesmustbe|wasspecifiedasthecredential_source|[Uu]nsupportedcredential_?source|onlyonecredentialtypemaybespecified|credentialtype\w+requiresrole_arn|failedtoload\w+fromsharedconfig|sso_\w+.{0,40}mustmatch|isinconsistentbetweenprofileandsso-session/,
  ],
  [
    "ConfigParse",
    /Unabletoparseconfigfile|failedtoparse(?:shared)?(?:config|credentials)|SharedConfigLoadError|readall:read\S+:isadirectory|ConfigParseError/,
  ],
  ["RoleArnNotSet", /roleARNisnotset/],
  [
    "WebIdentityTokenFile",
    /failedtoretrievejwt|unabletoreadfileat|failedfetchingWebIdentitytoken|failedtoreadWebIdentityToken/i,
  ],
  ["InvalidHeader", /invalidheaderfieldvalue|Invalidheadervalue|ERR_INVALID_CHAR/],
  ["InvalidEndpointHost", /invalidendpointhost/],
  [
    "AccountNotAllowed",
    /AWSaccountID(?:isnot|not)allowed|AccountIDnotallowed|ForbiddenaccountID|accountID.{0,40}(?:isforbidden|notintheallowed)|InvalidaccountID/i,
  ],
  [
    "MissingRegion",
    /Missingregionvalue|couldnotfindregionconfiguration|"region":requiredfieldisnotset|Youmustspecifyaregion|InvalidAWSRegion:(?:\n|$|with|on)|invalidAWSRegion:(?:\n|$|with|on)|Missingrequiredargument(?![\s\S]{0,600},in(?:module|resource|data"(?!terraform_remote_state)|variable|output))[\s\S]{0,300}"region"|[Ff]ailedtoresolveserviceendpoint.{0,80}missingregion|InvalidConfiguration:MissingRegion|anAWSregionisrequired/,
  ],
  [
    "InvalidRegion",
    /InvalidAWSRegion|invalidAWSRegion|Invalidregionvalue|[Nn]otavalidregion|isnotavalidAWSregion|Providedregion_name.{1,80}doesn'tmatch/,
  ],
  [
    "VariablesNotAllowed",
    /Variablesnotallowed[\s\S]*in(?:terraform|backend)|Invalidbackendconfiguration[\s\S]*(?:interpolation|[Vv]ariables)|terraform\.backend:configurationcannotcontaininterpolations/,
  ],
  [
    "UnsupportedArgument",
    /Unsupportedargument(?![\s\S]{0,600},in(?:module|resource|data"(?!terraform_remote_state)|variable|output))[\s\S]*(?:argumentnamed|nsupportedargument;)"(?:session_token|aws_\w+|access_key\w*|secret_\w+|token|profile|role_arn|assume_\w+|shared_c\w+|external_id|session_name|sts_\w+|iam_endpoint|endpoint\w*|dynamodb_endpoint|skip_\w+|region|s3_\w+|force_path_style|use_\w+|insecure|max_retries|allowed_account_ids|forbidden_account_ids|profil\w*|security_token)"/,
  ],
  [
    "UnsupportedBlock",
    /Unsupportedblocktype(?![\s\S]{0,600},in(?:module|resource|data"(?!terraform_remote_state)|variable|output))[\s\S]*Blocksoftype"(?:assume_\w+|endpoints?|default_tags|ignore_tags)"/,
  ],
  ["InvalidBackendArgument", /Invalidbackendconfigurationargument/],
  [
    "InvalidCombination",
    /InvalidAttributeCombination|MissingAttributeConfiguration|[Oo]nlyoneof.{0,80}(?:web_identity_token|shared_c|access_key|profile)|[Ee]xactlyoneof.{0,80}web_identity/,
  ],
  ["MissingAssumeRoleBlock", /Mustusetheassume_roleblock/],
  [
    "NoIMDSRole",
    /noEC2IMDSrolefound|noEC2instancerolefound|EC2RoleRequestError|EC2MetadataError|Ec2InstanceMetadata:?Nocredentials|requesttoEC2IMDSfailed/,
  ],
];

/** What keeps an answer away; only of a host of AWS's. */
export const network: readonly Phrase[] = [
  ["x509", /x509:|CERTIFICATE_VERIFY_FAILED|SSLvalidationfailed|self[- ]?signedcertificate/],
  ["ProxyConnect", /proxyconnect|Failedtoconnecttoproxy|ProxyAuthenticationRequired/],
  ["NoSuchHost", /nosuchhost|Temporaryfailureinnameresolution|servermisbehaving|ENOTFOUND/],
  [
    "RequestSendFailed",
    /StatusCode:0,|request ?sendfailed|sendrequestfailed|RequestError:|CouldnotconnecttotheendpointURL|Connect(?:ion)?timeoutonendpointURL|Readtimeoutonendpoint/,
  ],
];
export const awsHost =
  /\b(?:sts|s3|iam|ec2|dynamodb|kms|sso|oidc|signin|ssm)(?:-fips)?[.-][\w.-]{0,100}(?:amazonaws|api\.aws)|operationerror(?:STS|S3|IAM|SSO|SSOOIDC|DynamoDB|EC2|KMS)|GetCallerIdentity|EC2IMDS|AssumeRole/;

/** What is true as long as nothing tells more. */
export const carriers: readonly Phrase[] = [
  ["NoCredentialProviders", /NoCredentialProviders/],
  [
    "NoValidCredentialSources",
    /novalidcredentialsources?|Unabletolocatecredentials|[Cc]redentialscouldnotbeloaded|CouldnotloadcredentialsfromanyproviderS?|ErrorfindingAWScredentials|NoCredentialsError|Missingcredentialsinconfig|[Nn]ocredentialsfound|UnabletofindAWScredentials|unabletodiscoverAWSAccessKey/i,
  ],
  ["CannotAssumeRole", /CannotassumeIAMRole|(?:IAMRole\(arn:|[Tt]herole"arn:)[^\n]*?cannotbeassumed(?!by)/],
  ["NoAccountID", /AWSaccountIDnotpreviouslyfound|[Ff]ailedgettingaccount(?:ID|information)|NoaccountIDfound/],
  ["LoadingConfiguration", /(?:^|:)loadingconfiguration:/],
  ["BucketNotVisible", /RemotestateS3bucket\S+doesnotexistoryoudon'thavepermissions/],
];

/** What AWS says, where the code was lost on the way. */
export const messages: readonly Phrase[] = [
  [
    "ExpiredToken",
    /securitytokenincludedintherequestisexpired|providedtokenhasexpired|refreshedcredentialsarestillexpired/i,
  ],
  ["InvalidClientTokenId", /securitytokenincludedintherequestisinvalid/i],
  ["SignatureDoesNotMatch", /requestsignaturewecalculateddoesnotmatch|Signature(?:expired|notyetcurrent):/i],
  ["InvalidAccessKeyId", /AWSAccessKeyIdyouprovideddoesnotexist/i],
  ["AuthFailure", /AWSwasnotabletovalidatetheprovidedaccesscredentials/i],
  ["IncompleteSignature", /exactly5slash-delimitedelements|notavalidkey=valuepair/i],
  ["InvalidIdentityToken", /NoOpenIDConnectproviderfound|Couldn'tretrieveverificationkey|Incorrecttokenaudience/i],
  ["InvalidToken", /providedtokenismalformed/i],
  [
    "AccessDenied",
    /[Nn]otauthorizedtoperform:?sts:|isnotauthorizedtoperform:|MultiFactorAuthenticationfailed|Rolesmaynotbeassumedbyrootaccounts/,
  ],
  ["RegionDisabledException", /STSisnotactivatedinthisregion/i],
  ["BucketRegionError", /requestedbucketfrom"[^"]*",actuallocation"/],
];
