/** Where programs keep keys and passwords: a file of these is nobody's web identity token. */
const places =
  /(?:^|\/)\.(?:ssh|gnupg|docker|kube|azure|config\/gcloud|aws\/(?:credentials|config|sso|cli|login)|netrc|git-credentials|npmrc|pypirc|pgpass|\w+_history)(?:\/|$)|(?:^|\/)id_(?:rsa|dsa|ecdsa|ed25519)$|^\/etc\/(?:passwd|shadow|ssh|ssl\/private)(?:\/|$)|^\/proc\//;

export const isPrivateFile = (path: string): boolean => places.test(path);
