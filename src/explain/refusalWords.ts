import { evidentFlaw, maskKeyId } from "../aws/accessKey";
import { explainCode, type Meaning } from "../aws/errors";
import { regionInfo } from "../aws/regions";
import type { Chain } from "../model/chain";
import type { Keys, Observation, Probe } from "../model/credentials";

/** What a refusal means here: by the keys that were sent and, where it was asked, by the home region's answer. */
export function refusalInWords(code: string, { region, atHome }: Observation, { winner }: Chain): Meaning {
  const general = explainCode(code);
  if (code !== "InvalidClientTokenId") return general;
  const own = winner?.keys && fromKeys(winner.keys);
  if (own) return joined(own, general);
  // What is fetched has a token always.
  const hasToken = !winner?.keys || winner.keys.sessionToken !== undefined;
  const probed = atHome && fromProbe(hasToken, region, atHome);
  if (probed) return probed;
  return regionInfo(region)?.optIn ? joined(perhapsDisabled(region), general) : general;
}

const joined = (first: Meaning, second: Meaning): Meaning => ({
  meaning: `${first.meaning} ${second.meaning}`,
  next: [...first.next, ...second.next],
});

function fromKeys(keys: Keys): Meaning | undefined {
  switch (evidentFlaw(keys)) {
    case "no-token":
      return {
        meaning: "The key is temporary and no session token goes with it.",
        next: ["Add the session token that came with the key."],
      };
    case "needless-token":
      return {
        meaning: "The key is a long-term one and a session token is sent with it.",
        next: ["Remove the session token."],
      };
    case "example":
      return {
        meaning: `${maskKeyId(keys.accessKeyId)} is an example key from AWS's documentation.`,
        next: ["Put in your own key, or a profile."],
      };
    case undefined:
      return undefined;
  }
}

const perhapsDisabled = (region: string): Meaning => ({
  meaning: `${region} has to be enabled for an account; a region that is not answers as if the key did not exist.`,
  next: [`Check that ${region} is enabled for this account.`],
});

/** What the second answer makes of the first; undefined where it says nothing about the key either. */
function fromProbe(hasToken: boolean, region: string, atHome: Probe): Meaning | undefined {
  const { answer } = atHome;
  if (answer.status === "valid") return knownAtHome(hasToken, region, atHome, answer.identity.account);
  if (answer.status === "unknown") return undefined;
  if (answer.code === "InvalidClientTokenId") return knownNowhere(hasToken, atHome.region);
  const { meaning, next } = explainCode(answer.code);
  return {
    meaning: `${region} does not know the key. ${atHome.region} does, and refuses it for another reason: ${answer.code}. ${meaning}`,
    next: [...next, ...(regionInfo(region)?.optIn ? [`Then check that ${region} is enabled for the account.`] : [])],
  };
}

function knownAtHome(
  hasToken: boolean,
  region: string,
  { region: home, isTokenRegional }: Probe,
  account: string,
): Meaning {
  const elsewhere = `Or have Terraform ask STS where the keys are known: sts_region = "${home}".`;
  if (!regionInfo(region)?.optIn) {
    return {
      meaning: `The same keys are good in ${home}, as account ${account}; ${region} does not know them, or not yet.`,
      next: ["Ask again in a minute: a key that was just made may need a little longer to be known everywhere."],
    };
  }
  if (isTokenRegional) {
    return {
      meaning: `The same keys are good in ${home}, as account ${account}. Their session token was issued by STS's global endpoint, and ${region} does not take such tokens.`,
      next: [
        "Get the temporary keys from a regional endpoint of STS (AWS_STS_REGIONAL_ENDPOINTS=regional where the tool is an old one).",
        "Or have an administrator let the global endpoint issue tokens that are valid in all regions: IAM, account settings.",
        elsewhere,
      ],
    };
  }
  const whose = hasToken ? `account ${account}, whose keys these are` : `account ${account}`;
  return {
    meaning: `The same keys are good in ${home}, so they are not the cause: ${region} is not enabled for ${whose}.`,
    next: [
      `Have an administrator enable ${region} for account ${account}; that can take some minutes to some hours.`,
      elsewhere,
    ],
  };
}

/** In no region of the partition: the key itself, or its partition. */
function knownNowhere(hasToken: boolean, home: string): Meaning {
  const meaning = hasToken
    ? `${home} does not know these keys either, so the region is not the cause: the session token belongs to another key, was altered, or its session was ended.`
    : `${home} does not know this access key id either, so the region is not the cause: the key was deleted or deactivated, is misspelt, or belongs to another partition.`;
  const next = hasToken
    ? ["Get new temporary keys and replace all three values together: key id, secret key and session token."]
    : [
        "Check in IAM that the key still exists and is active, and compare the key id character by character.",
        "Check that the key belongs to the region's partition: keys of AWS, GovCloud and China do not work in each other.",
        "A key made a few seconds ago may need a little longer to be known everywhere.",
      ];
  return { meaning: `${meaning} The secret key is not the cause: AWS had not looked at the signature yet.`, next };
}
