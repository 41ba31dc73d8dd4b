-- By far most deliveries are accepted at their first attempt. That one has no row of its own: it stands here.
alter table deliveries
  add column started_at timestamptz,
  add column duration_ms bigint,
  add column http_status integer,
  add column request_headers text,
  add column response_headers text,
  add column response_excerpt text;

-- What is read. With the rights of whoever asks, so the walls between tenants stand here as well.
create view every_attempt with (security_invoker = true) as
select created_at, delivery_id, event_id, run, number, tenant, started_at, duration_ms, outcome, reason,
  http_status, request_headers, response_headers, response_excerpt, next_attempt_at
from attempts
union all
select created_at, id, event_id, 0, 1, tenant, started_at, duration_ms, 'accepted', 'http_2xx',
  http_status, request_headers, response_headers, response_excerpt, null
from deliveries where started_at is not null;
grant select on every_attempt to postrider_api, postrider_system;

-- An index is read backwards as well as forwards, but it grows best where new rows come last. A destination's id is
-- unique without its tenant.
drop index deliveries_by_type;
create index deliveries_by_type on deliveries (tenant, event_type, created_at, id);
drop index deliveries_tenant_destination_id_created_at_id_idx;
create index deliveries_by_destination on deliveries (destination_id, created_at, id);
