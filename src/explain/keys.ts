import { accountOfKeyId, maskKeyId } from "../aws/accessKey";

/** A key id as a surface may show it. */
export const shownKey = maskKeyId;

/** The account a key id belongs to, as far as it tells; undefined when it does not. */
export const accountOf = accountOfKeyId;
