-- How the counters stood at the end of each minute of the last day: what the page's plots are drawn from. A minute in
-- which nothing ran has no row.
CREATE TABLE activity (
    minute INTEGER PRIMARY KEY,      -- since 1970, UTC
    profiles_read INTEGER NOT NULL,  -- this and the next three: as in totals
    messages_sent INTEGER NOT NULL,
    traits_compared INTEGER NOT NULL,
    traits_sent INTEGER NOT NULL,
    queued INTEGER NOT NULL          -- messages that waited or were on their way
) STRICT;
