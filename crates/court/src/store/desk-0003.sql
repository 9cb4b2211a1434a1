DELETE FROM unopened WHERE EXISTS (SELECT 1 FROM cases WHERE cases.court = unopened.court AND cases.id = unopened.case_id AND cases.stage = 'archived');
CREATE INDEX deliveries_by_case ON deliveries (court, case_id);
