/** Names that begin with a service whose keys look like those of AWS and are not. */
export const otherServiceName =
  /(?:^|[._$])(?:R2|B2|DO|SPACES|MINIO|WASABI|CLOUDFLARE|CF|SCALEWAY|SCW|HETZNER|STORJ|TIGRIS|LINODE|OVH|YANDEX|YC|CEPH|GARAGE|DIGITALOCEAN|BACKBLAZE|BUNNY|IDRIVE|VULTR|GCS|HMAC|SUPABASE|SCCACHE)(?:_|$)/i;

/** Words of a script that say: these calls go to something that is not AWS. */
export const otherServiceWords =
  /--endpoint-url|endpoint_url|endpoint-url|r2\.cloudflarestorage|digitaloceanspaces|backblazeb2|wasabisys|\bmc alias|minio|\bceph|scaleway|storj|tigris|linode|hetzner|yandex/i;

/** Words that say: AWS is played by a program of this machine. */
export const emulatorWords =
  /localstack|\bmoto_server\b|http:\/\/(?:localhost|127\.0\.0\.1):(?:4566|5000|8000|9000)\b/i;
