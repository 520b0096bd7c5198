/** Where `terraform init` keeps the settings of the backend, those of `-backend-config` included. */
export function isInitCache(path: string): boolean {
  return /(?:^|\/)\.terraform\/terraform\.tfstate$/.test(path);
}
