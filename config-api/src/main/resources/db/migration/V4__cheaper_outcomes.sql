-- Every row that the recorder writes pays for every index. One serves as the key and as the list of
-- a tenant; the name of a tenant tells an event nothing that its id does not.
alter table deliveries drop constraint deliveries_pkey;
alter table deliveries add primary key (tenant, created_at, id);
drop index deliveries_tenant_created_at_id_idx;
create index on deliveries (event_id);
drop index deliveries_tenant_event_id_idx;

-- Headers as they stand in a message, a line each, as workers report them: nothing to be parsed.
create function header_lines(headers jsonb) returns text language sql immutable
return (
  select coalesce(string_agg((header ->> 'key') || ': ' || (header ->> 'value'), e'\n' order by place), '')
  from jsonb_array_elements(headers) with ordinality as listed (header, place)
);
alter table attempts
  alter column request_headers type text using header_lines(request_headers),
  alter column response_headers type text using header_lines(response_headers);
drop function header_lines(jsonb);
