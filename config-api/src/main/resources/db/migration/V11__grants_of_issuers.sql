-- What issuers have granted to destinations. Whoever changes a token gives the row the next version
-- and asks for the one that he has read; whoever goes out for a token has the lease, and holds no
-- transaction meanwhile.
create table oauth_grants (
  tenant text not null references tenants,
  destination_id uuid not null,
  version bigint not null,
  -- One more whenever what was granted has become void.
  epoch bigint not null,
  status text not null
    check (status in ('not_authorized', 'pending', 'authorized', 'expired', 'denied', 'error')),
  status_reason text,
  status_at timestamptz not null,
  -- Sealed; the access token at the place at which the worker opens it.
  access_token text,
  refresh_token text,
  granted_at timestamptz,
  expires_at timestamptz,
  -- When it is to be renewed; null where there is nothing to be done but by people.
  refresh_at timestamptz,
  -- In a row, since it was last renewed.
  failures integer not null default 0,
  lease_owner text,
  lease_until timestamptz,
  -- Whether somebody who took the lease over has given it back to whom it was taken from.
  handed_back boolean not null default false,
  -- The key that we prove ourselves with where there is no client secret: sealed, and its public half.
  client_key text,
  client_jwk jsonb,
  primary key (tenant, destination_id),
  foreign key (tenant, destination_id) references destinations on delete cascade
);
create index on oauth_grants (refresh_at) where refresh_at is not null;
create index on oauth_grants (destination_id);

-- Who was sent to an issuer and has not come back. A state is used once, by being deleted.
create table oauth_states (
  -- SHA-256 of the state, which nobody can use who reads this.
  hash bytea primary key,
  tenant text not null references tenants,
  destination_id uuid not null,
  epoch bigint not null,
  caller text not null,
  -- SHA-256 of the portal's session; null when it was begun over REST.
  session_hash bytea,
  -- Sealed: the PKCE verifier.
  verifier text not null,
  expires_at timestamptz not null,
  foreign key (tenant, destination_id) references destinations on delete cascade
);
create index on oauth_states (tenant, destination_id);
create index on oauth_states (expires_at);

grant select, insert, update, delete on oauth_grants to postrider_api;
grant select, insert, delete on oauth_states to postrider_api;

-- What is due is found for all tenants, and renewed in a transaction of the tenant: the system sees
-- no token. It takes a state in, which alone says whose it is.
grant select (tenant, destination_id, version, status, granted_at, refresh_at, failures, lease_until,
    client_jwk),
  update (refresh_at)
  on oauth_grants to postrider_system;
grant select, delete on oauth_states to postrider_system;

do $$
declare
  name text;
begin
  foreach name in array array['oauth_grants', 'oauth_states'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format(
      'create policy own on %I to postrider_api
         using (tenant = (select nullif(current_setting(''app.tenant'', true), '''')))
         with check (tenant = (select nullif(current_setting(''app.tenant'', true), '''')))',
      name);
    execute format(
      'create policy system on %I to postrider_system using (true) with check (true)', name);
  end loop;
end
$$;
