-- What is searched for is mostly what went wrong, which is rare: these cost most rows nothing.
create index deliveries_by_state on deliveries (tenant, state, created_at desc, id desc)
  where state <> 'delivered';
create index deliveries_by_status on deliveries (tenant, last_http_status, created_at desc, id desc)
  where last_http_status >= 300;
-- What a receiver has missed, in the order in which that was recorded.
create index deliveries_missed on deliveries (tenant, destination_id, outcome_offset)
  where state in ('failed', 'cancelled');
-- How many of a replay have not been tried.
create index deliveries_untried on deliveries (tenant, destination_id, run)
  where state = 'pending' and run > 0;
-- The one that every row pays for. There are few types, so new rows come to few places in it.
create index deliveries_by_type on deliveries (tenant, event_type, created_at desc, id desc);
